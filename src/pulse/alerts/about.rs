//! What an alert is about: the words, places and authors that are heard far more often since it
//! began than in the rest of the hour before.

use super::report::{About, Part};
use crate::pulse::fold::places::Places;
use crate::pulse::lists::ranking::{Entry, Ranking, Span};
use crate::pulse::lists::spelling;
use crate::pulse::people::People;

/// Words, places and authors that are named.
const MOST: [usize; 3] = [6, 3, 3];
/// Uses below which nothing is named.
const LEAST: u32 = 3;
/// It is used at least so many times as often as before.
const LIFT: f32 = 1.5;

/// What a stream counts by name, as far as it does.
#[derive(Clone, Copy, Debug)]
pub struct Lists<'a> {
    pub terms: Option<&'a Ranking>,
    pub voices: Option<&'a Ranking>,
    pub places: Option<&'a Places>,
    /// Whose names are not told.
    pub people: Option<&'a People>,
}

impl Lists<'_> {
    /// What is heard since the second `since` of an hour that ends at `now`.
    pub fn about(&self, since: i64, now: i64) -> About {
        let ranked = |list: Option<&Ranking>, form: &dyn Fn(&Entry) -> String| {
            let Some(list) = list else { return Vec::new() };
            let (begin, uses) = list.since(since);
            let uses = uses.into_iter().map(|(entry, count)| (form(entry), count, entry.count(Span::Hour)));
            parts(uses, (now - begin).max(1), 3_600)
        };
        let places = || {
            let Some(places) = self.places else { return Vec::new() };
            let (begin, uses) = places.since(since);
            let uses = uses.into_iter().map(|(name, count, all)| (name.to_string(), count, all));
            parts(uses, (now - begin).max(1), places.length())
        };
        let mut about = About {
            terms: ranked(self.terms, &|entry| self.term(entry)),
            places: places(),
            authors: ranked(self.voices, &name),
        };
        about.terms.truncate(MOST[0]);
        about.places.truncate(MOST[1]);
        about.authors.truncate(MOST[2]);
        about
    }

    /// How a term is written; empty where it names somebody.
    fn term(&self, entry: &Entry) -> String {
        let text = spelling(entry);
        let hides = |people: &People| people.hides(entry.kind, &text, entry.count(Span::Hour));
        if self.people.is_some_and(hides) { String::new() } else { text.to_string() }
    }
}

/// Somebody's name, unless all that they said was taken back.
fn name(entry: &Entry) -> String {
    if entry.own(Span::Hour) > 0 { entry.form().to_owned() } else { String::new() }
}

/// The most telling of names with their uses since `ago` seconds and in all `length` seconds: by
/// how many more there are than the rest of the time lets one expect.
fn parts(uses: impl Iterator<Item = (String, u32, u32)>, ago: i64, length: i64) -> Vec<Part> {
    let before = (length - ago).max(ago) as f32;
    let mut all: Vec<(f32, Part)> = uses
        .filter(|(name, count, _)| *count >= LEAST && !name.is_empty())
        .map(|(name, count, all)| {
            let usual = (all.saturating_sub(count) as f32 + 1.0) * ago as f32 / before;
            let part = Part { name: name.into(), count, lift: (count as f32 / usual * 10.0).round() / 10.0 };
            (count as f32 - usual, part)
        })
        .filter(|(_, part)| part.lift >= LIFT)
        .collect();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.name.cmp(&b.1.name)));
    all.into_iter().map(|(_, part)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::lists::ranking::Use;

    #[test]
    fn what_is_new_stands_before_what_is_always_said() {
        let mut terms = Ranking::new(7_200, None);
        let mut used = |name, form, at| {
            terms.used(Use { name, form, at, mood: None, own: true });
        };
        for minute in 60..120_i64 {
            (0..5).for_each(|_| used(1, "phone", minute * 60));
        }
        (0..40).for_each(|_| used(2, "Fire", 7_195));
        (0..2).for_each(|_| used(3, "rare", 7_195));
        let lists = Lists { terms: Some(&terms), voices: None, places: None, people: None };
        let about = lists.about(7_000, 7_200);
        assert_eq!(about.terms.len(), 1, "{about:?}");
        assert_eq!((&*about.terms[0].name, about.terms[0].count), ("Fire", 40));
        assert!(about.terms[0].lift > 20.0 && about.places.is_empty());
    }
}
