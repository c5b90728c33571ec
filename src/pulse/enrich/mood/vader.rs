//! VADER: the rules by which a lexicon of rated words judges a short English text (C.J. Hutto and
//! E. Gilbert, 2014), as in version 3.3.2 of its authors' own `vaderSentiment`, score by score.

use std::borrow::Cow;
use std::ops::Range;

use super::lexicon::{self, Known, PHRASES, Sign, WEAKER_BY, WEAKER_PHRASES};

/// What a word in capitals adds among others that are not.
const CAPITALS: f64 = 0.733;
const NEGATED: f64 = -0.74;
/// How much of a degree adverb is left one, two and three words before.
const FADE: [f64; 3] = [1.0, 0.95, 0.9];
/// About the greatest sum that is to be expected.
const ALPHA: f64 = 15.0;

/// How a text is meant, −1 to 1, to four digits.
pub fn compound(text: &str) -> f64 {
    let text = in_words(text);
    let words = Words::of(&text);
    if words.list.iter().all(|word| word.known.valence.is_none()) {
        return 0.0;
    }
    let mut scores: Vec<f64> = (0..words.list.len()).map(|i| words.score(i)).collect();
    if let Some(but) = words.list.iter().position(|word| word.known.sign == Sign::But) {
        weigh(&mut scores, but);
    }
    let sum: f64 = scores.iter().sum();
    let sum = match emphasis(&text) {
        by if sum > 0.0 => sum + by,
        by if sum < 0.0 => sum - by,
        _ => sum,
    };
    let compound = (sum / (sum * sum + ALPHA).sqrt()).clamp(-1.0, 1.0);
    (compound * 10_000.0).round() / 10_000.0
}

/// The text with every emoji in words.
fn in_words(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || text.chars().all(|c| lexicon::described(c).is_none()) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() * 2);
    let mut apart = true;
    for c in text.chars() {
        let Some(words) = lexicon::described(c) else {
            apart = c == ' ';
            out.push(c);
            continue;
        };
        if !apart {
            out.push(' ');
        }
        apart = false;
        out.push_str(words);
    }
    out.into()
}

/// What exclamation and question marks add.
fn emphasis(text: &str) -> f64 {
    let count = |mark: u8| text.bytes().filter(|b| *b == mark).count();
    let questions = match count(b'?') {
        0 | 1 => 0.0,
        n @ (2 | 3) => n as f64 * 0.18,
        _ => 0.96,
    };
    count(b'!').min(4) as f64 * 0.292 + questions
}

/// What stands before the `but` weighs less than what follows. Of equal scores the original
/// changes the first again and again; so does this.
fn weigh(scores: &mut [f64], but: usize) {
    for i in 0..scores.len() {
        let first = scores.iter().position(|score| *score == scores[i]).unwrap_or(i);
        if first < but {
            scores[first] *= 0.5;
        } else if first > but {
            scores[first] *= 1.5;
        }
    }
}

struct Word {
    known: Known,
    /// In `Words::small`.
    small: Range<usize>,
    capitals: bool,
}

struct Words {
    list: Vec<Word>,
    /// The words in small letters.
    small: String,
    /// Some are written in capitals and some are not.
    mixed: bool,
}

impl Words {
    fn of(text: &str) -> Self {
        let mut words =
            Self { list: Vec::with_capacity(32), small: String::with_capacity(text.len()), mixed: false };
        if text.is_ascii() {
            text.split_ascii_whitespace().for_each(|token| words.push(bare(token)));
        } else {
            text.split_whitespace().for_each(|token| words.push(bare(token)));
        }
        let capitals = words.list.iter().filter(|word| word.capitals).count();
        words.mixed = 0 < capitals && capitals < words.list.len();
        words
    }

    fn push(&mut self, raw: &str) {
        let start = self.small.len();
        if raw.is_ascii() {
            self.small.push_str(raw);
            self.small[start..].make_ascii_lowercase();
        } else {
            self.small.push_str(&raw.to_lowercase());
        }
        let small = start..self.small.len();
        let known = lexicon::known(&self.small[small.clone()]);
        self.list.push(Word { known, small, capitals: in_capitals(raw) });
    }

    fn text(&self, i: usize) -> &str {
        &self.small[self.list[i].small.clone()]
    }

    fn sign(&self, i: usize) -> Sign {
        self.list[i].known.sign
    }

    /// How the word `i` is meant among its neighbours.
    fn score(&self, i: usize) -> f64 {
        let Word { known, capitals, .. } = &self.list[i];
        let of_kind = known.sign == Sign::Kind && i + 1 < self.list.len() && self.sign(i + 1) == Sign::Of;
        let Some(valence) = known.valence.filter(|_| known.boost == 0.0 && !of_kind) else { return 0.0 };
        let mut score = self.after_no(i, valence);
        if *capitals && self.mixed {
            score += if score > 0.0 { CAPITALS } else { -CAPITALS };
        }
        for back in 1..=i.min(3) {
            if self.list[i - back].known.valence.is_some() {
                continue;
            }
            score += self.boost(i - back, score) * FADE[back - 1];
            score = self.negated(score, i, back);
            if back == 3 {
                score = self.in_phrase(score, i);
            }
        }
        self.after_least(score, i)
    }

    /// `no` before a word of the lexicon negates it, and is then nothing by itself.
    fn after_no(&self, i: usize, valence: f64) -> f64 {
        let no = |back: usize| i >= back && self.sign(i - back) == Sign::No;
        if no(1) || no(2) || (no(3) && self.sign(i - 1) == Sign::Or) {
            return valence * NEGATED;
        }
        let before_known = self.list.get(i + 1).is_some_and(|next| next.known.valence.is_some());
        if self.sign(i) == Sign::No && before_known { 0.0 } else { valence }
    }

    /// What a degree adverb before it adds to a word.
    fn boost(&self, i: usize, score: f64) -> f64 {
        let Word { known, capitals, .. } = &self.list[i];
        if known.boost == 0.0 {
            return 0.0;
        }
        let by = if score < 0.0 { -known.boost } else { known.boost };
        match *capitals && self.mixed {
            true if score > 0.0 => by + CAPITALS,
            true => by - CAPITALS,
            false => by,
        }
    }

    fn negates(&self, i: usize) -> bool {
        self.list[i].known.negates || self.text(i).contains("n't")
    }

    /// `never so`, `without doubt` and plain negation, `back` words before the word `i`.
    fn negated(&self, score: f64, i: usize, back: usize) -> f64 {
        let is = |back: usize, sign: Sign| self.sign(i - back) == sign;
        let (stressed, sure) = match back {
            1 => (false, false),
            2 => (is(2, Sign::Never) && is(1, Sign::So), is(2, Sign::Without) && is(1, Sign::Doubt)),
            // As the original has it: `so` or `this` right before counts alone.
            _ => (
                is(3, Sign::Never) && is(2, Sign::So) || is(1, Sign::So),
                is(3, Sign::Without) && (is(2, Sign::Doubt) || is(1, Sign::Doubt)),
            ),
        };
        match () {
            () if stressed => score * 1.25,
            () if !sure && self.negates(i - back) => score * NEGATED,
            () => score,
        }
    }

    /// A phrase around the word `i` overrules it.
    fn in_phrase(&self, score: f64, i: usize) -> f64 {
        let around = i - 3..(i + 3).min(self.list.len());
        if around.clone().all(|i| !matches!(self.sign(i), Sign::Key | Sign::Kind)) {
            return score;
        }
        let stands = |at: usize, length: usize| {
            let of_length = PHRASES.iter().filter(|(words, _)| words.len() == length);
            of_length.filter(|(words, _)| self.reads(at, words)).map(|(_, score)| *score).next()
        };
        let before = [(i - 1, 2), (i - 2, 3), (i - 2, 2), (i - 3, 3), (i - 3, 2)];
        let behind = [(i, 3), (i, 2)];
        let found = |places: &[(usize, usize)]| places.iter().find_map(|(at, length)| stands(*at, *length));
        let score = found(&behind).or_else(|| found(&before)).unwrap_or(score);
        let weaker =
            [i - 3, i - 2].into_iter().filter(|at| WEAKER_PHRASES.iter().any(|w| self.reads(*at, w)));
        score + weaker.count() as f64 * WEAKER_BY
    }

    fn reads(&self, at: usize, words: &[&str]) -> bool {
        at + words.len() <= self.list.len()
            && words.iter().enumerate().all(|(i, word)| self.text(at + i) == *word)
    }

    fn after_least(&self, score: f64, i: usize) -> f64 {
        let least = i > 0 && self.sign(i - 1) == Sign::Least && self.list[i - 1].known.valence.is_none();
        let at_least = i > 1 && self.sign(i - 2) == Sign::At;
        if least && !at_least { score * NEGATED } else { score }
    }
}

/// Without the punctuation around it, unless it is an emoticon: little else would be left.
fn bare(token: &str) -> &str {
    let stripped = token.trim_matches(|c: char| c.is_ascii_punctuation() || matches!(c, '´' | '–' | '—'));
    let is_word = stripped.len() > 2 && (stripped.is_ascii() || stripped.chars().nth(2).is_some());
    if is_word { stripped } else { token }
}

fn in_capitals(raw: &str) -> bool {
    if raw.is_ascii() {
        let (mut large, mut small) = (false, false);
        for b in raw.bytes() {
            large |= b.is_ascii_uppercase();
            small |= b.is_ascii_lowercase();
        }
        return large && !small;
    }
    raw.chars().any(char::is_uppercase) && !raw.chars().any(char::is_lowercase)
}
