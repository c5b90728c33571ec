//! Terms that come from the same texts, folded into one phrase: one sentence that many repeat must not
//! fill a list word by word.

use std::sync::Arc;

use crate::pulse::snapshot::{Rising, Shown, TermKind};

/// Two terms are used as often as each other when their counts differ by less than this part.
const ALIKE: f32 = 0.2;
/// What nobody used before began together when first uses are so many seconds apart at most.
const TOGETHER: i64 = 90;
/// Words of a phrase at most.
const WORDS: usize = 4;

/// The terms, each with those that rose with it in the same texts as one; order and counts are those of
/// the first. `texts` are some that were read lately.
pub fn folded(rising: Vec<Rising>, texts: &[Shown]) -> Vec<Rising> {
    let mut groups: Vec<Vec<Rising>> = Vec::with_capacity(rising.len());
    for term in rising {
        match groups.iter_mut().find(|group| rose_together(&group[0], &term, texts)) {
            Some(group) => group.push(term),
            None => groups.push(vec![term]),
        }
    }
    groups.into_iter().map(|group| phrase(group, texts)).collect()
}

fn rose_together(a: &Rising, b: &Rising, texts: &[Shown]) -> bool {
    let words = |term: &Rising| matches!(term.kind, TermKind::Word | TermKind::Hashtag);
    let (low, high) = (a.count.min(b.count) as f32, a.count.max(b.count) as f32);
    let began = match (a.since, b.since) {
        (Some(a), Some(b)) => (a.as_secs() - b.as_secs()).abs() <= TOGETHER,
        (None, None) => true,
        _ => false,
    };
    let alike = low >= high * (1.0 - ALIKE);
    words(a)
        && words(b)
        && alike
        && began
        && (have_both(a, b, texts) || (a.since.is_some() && a.count == b.count))
}

/// Whether the texts that have one of the two mostly have both.
fn have_both(a: &Rising, b: &Rising, texts: &[Shown]) -> bool {
    let (mut one, mut both) = (0, 0);
    for text in texts.iter().filter_map(|shown| shown.mention.text.as_deref()) {
        let text = text.to_lowercase();
        match (place(&text, &a.text), place(&text, &b.text)) {
            (Some(_), Some(_)) => both += 1,
            (None, None) => {}
            _ => one += 1,
        }
    }
    both > 0 && both >= one
}

/// Where a term stands in a text in small letters.
fn place(text: &str, term: &str) -> Option<usize> {
    text.find(&term.to_lowercase())
}

/// The words of a group in the order of a text that has most of them.
fn phrase(mut group: Vec<Rising>, texts: &[Shown]) -> Rising {
    let first = group[0].clone();
    if group.len() == 1 {
        return first;
    }
    let texts = texts.iter().filter_map(|shown| shown.mention.text.as_deref()).map(str::to_lowercase);
    let best = texts.max_by_key(|text| group.iter().filter(|term| place(text, &term.text).is_some()).count());
    if let Some(text) = best {
        group.sort_by_key(|term| place(&text, &term.text).unwrap_or(usize::MAX));
    }
    let words: Vec<&str> = group.iter().take(WORDS).map(|term| &*term.text).collect();
    Rising { text: Arc::from(words.join(" ")), kind: first.kind, ..first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::widgets::fixture;

    #[test]
    fn words_of_one_sentence_are_one_phrase() {
        let snapshot = fixture::snapshot();
        let term = |text: &str, count| Rising {
            text: text.into(),
            count,
            since: None,
            ..snapshot.all.ranked.rising[0].clone()
        };
        let rising = vec![term("night", 40), term("delivery", 39), term("pictures", 38), term("best", 41)];
        let told: Vec<String> =
            folded(rising, &snapshot.all.latest).into_iter().map(|one| one.text.to_string()).collect();
        assert_eq!(told, ["best night pictures", "delivery"]);
    }
}
