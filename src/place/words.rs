//! A text as the gazetteer reads it: words with their case and what stands between them, flags, and
//! the hash by which a name is found. Cheaper than `query::tokens`, which folds every word; here
//! most words are only passed by.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use super::table::LOW_BITS;
use crate::mention::{Country, reading};
use crate::query::tokens::{address_length, fold};

/// Most words read of one text; the rest is not looked at.
pub const MAX_WORDS: usize = 256;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// Begins with a capital.
    Capital,
    /// All its letters are capitals, at least two.
    Shout,
    Small,
    /// A script without cases.
    Uncased,
    /// Digits and marks.
    None,
}

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gap {
    /// The text begins.
    Start,
    /// Spaces, a hyphen or an apostrophe.
    Joined,
    /// A full stop, with or without a space.
    Stop,
    Comma,
    /// What ends a sentence or a clause, or a symbol.
    Break,
}

/// One word: where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Word {
    pub range: Range<usize>,
    pub case: Case,
    pub gap: Gap,
    /// A hashtag.
    pub tag: bool,
}

/// The words of `text`, in its read form, without addresses and handles, and the countries whose flags stand in it.
pub fn read(text: &str) -> (Vec<Word>, Vec<Country>) {
    let mut scan = Scan { text, words: Vec::with_capacity(32), flags: Vec::new(), gap: Gap::Start };
    let mut at = 0;
    while at < text.len() && scan.words.len() < MAX_WORDS {
        at = scan.step(at);
    }
    (scan.words, scan.flags)
}

struct Scan<'a> {
    text: &'a str,
    words: Vec<Word>,
    flags: Vec<Country>,
    gap: Gap,
}

impl Scan<'_> {
    /// Reads what begins at `at` and says where it ends.
    fn step(&mut self, at: usize) -> usize {
        let Some(c) = self.text[at..].chars().next() else { return self.text.len() };
        if is_name(c) {
            return self.word(at);
        }
        if let Some((flag, end)) = flag(self.text, at) {
            self.flags.extend(flag);
            self.gap = self.gap.after(Gap::Break);
            return end;
        }
        if c == '@' {
            self.gap = Gap::Break;
            let rest = self.text[at + c.len_utf8()..].find(char::is_whitespace);
            return rest.map_or(self.text.len(), |rest| at + c.len_utf8() + rest);
        }
        self.gap = self.gap.after(match c {
            ' ' | '-' | '\'' => Gap::Joined,
            '.' => Gap::Stop,
            ',' | '،' | '、' | '(' => Gap::Comma,
            _ => Gap::Break,
        });
        at + c.len_utf8()
    }

    fn word(&mut self, at: usize) -> usize {
        let rest = &self.text[at..];
        if is_address(rest) {
            self.gap = Gap::Break;
            return at + address_length(rest);
        }
        let end = at + rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let tag = self.text[..at].ends_with('#');
        let case = case(&self.text[at..end]);
        self.words.push(Word { range: at..end, case, gap: self.gap, tag });
        self.gap = Gap::Joined;
        end
    }
}

impl Gap {
    /// The gap when more stands in it.
    fn after(self, more: Self) -> Self {
        match (self, more) {
            (Self::Start, _) | (Self::Break, _) => self,
            (_, Self::Joined) => self,
            (Self::Joined, more) => more,
            (same, more) if same == more => same,
            _ => Self::Break,
        }
    }
}

/// Two regional indicators at `at`: the country, if the letters are some, and where they end.
fn flag(text: &str, at: usize) -> Option<(Option<Country>, usize)> {
    let letter =
        |c: char| Some(b'A' + u8::try_from(u32::from(c).checked_sub(0x1_f1e6)?).ok().filter(|i| *i < 26)?);
    let mut chars = text[at..].chars();
    let (first, second) = (letter(chars.next()?)?, chars.next().and_then(letter));
    let end = if second.is_some() { 8 } else { 4 };
    Some((second.and_then(|second| Country::from_bytes([first, second])), at + end))
}

fn is_address(rest: &str) -> bool {
    let begins = |what: &str| rest.get(..what.len()).is_some_and(|head| head.eq_ignore_ascii_case(what));
    begins("https://") || begins("http://") || begins("www.")
}

fn is_name(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric() || c == '_',
        _ => c.is_alphanumeric() || matches!(c, '\u{200c}' | '\u{200d}') || is_combining_mark(c),
    }
}

fn case(word: &str) -> Case {
    let Some(first) = word.chars().find(|c| c.is_alphabetic()) else { return Case::None };
    if first.is_lowercase() {
        return Case::Small;
    }
    if !first.is_uppercase() {
        return Case::Uncased;
    }
    let mut letters = word.chars().filter(|c| c.is_alphabetic()).skip(1).peekable();
    let several = letters.peek().is_some();
    if several && letters.all(char::is_uppercase) { Case::Shout } else { Case::Capital }
}

/// The hash of a name: its words folded, one space between two. As in `assets/places/bake.py`.
#[derive(Debug, Default)]
pub struct Key {
    folded: String,
}

impl Key {
    /// Of words of `text`.
    pub fn of(&mut self, text: &str, words: &[Word]) -> u64 {
        self.folded.clear();
        for word in words {
            self.push(&text[word.range.clone()]);
        }
        self.hash()
    }

    /// Of words of `text` with some words between them: of `Frankfurt (Main)` with `am`.
    pub fn of_parts(&mut self, text: &str, head: &[Word], between: &str, tail: &[Word]) -> u64 {
        self.folded.clear();
        let own = |word: &Word| &text[word.range.clone()];
        for word in head.iter().map(own).chain(between.split_whitespace()).chain(tail.iter().map(own)) {
            self.push(word);
        }
        self.hash()
    }

    /// Of one word.
    pub fn of_word(&mut self, word: &str) -> u64 {
        self.folded.clear();
        self.push(word);
        self.hash()
    }

    fn push(&mut self, word: &str) {
        let before = self.folded.len();
        if before > 0 {
            self.folded.push(' ');
        }
        let start = self.folded.len();
        fold(word, &mut self.folded);
        if self.folded.len() == start {
            self.folded.truncate(before);
        }
    }

    /// FNV-1a, stirred by MurmurHash3's finalizer, without its low bits.
    fn hash(&self) -> u64 {
        let step = |h: u64, byte: u8| (h ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
        let mut h = self.folded.bytes().fold(0xcbf2_9ce4_8422_2325, step);
        h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        h = (h ^ (h >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        (h ^ (h >> 33)) >> LOW_BITS << LOW_BITS
    }
}

/// The hash of a whole name.
pub fn key(name: &str) -> u64 {
    let name = reading(name);
    Key::default().of(&name, &read(&name).0)
}

/// What stands between the word before `i` and the word at `i`, or the end.
pub fn gap_before<'a>(text: &'a str, words: &[Word], i: usize) -> &'a str {
    let end = words.get(i).map_or(text.len(), |word| word.range.start);
    text.get(words[i - 1].range.end..end).unwrap_or_default()
}

/// How many words stand in brackets at `i`, or behind a slash: `Frankfurt (Oder)`, `Frankfurt/Oder`.
pub fn added(text: &str, words: &[Word], i: usize) -> Option<usize> {
    const MOST: usize = 3;
    match gap_before(text, words, i).trim() {
        "/" if i < words.len() => Some(1),
        "(" => (1..=MOST.min(words.len() - i))
            .find(|n| gap_before(text, words, i + n).trim_start_matches('.').starts_with(')')),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_told_apart_by_case_and_by_what_stands_between_them() {
        let text = "In St. Louis, MO! #Berlin @joe@x.org http://a.b/C東京 é";
        let (words, _) = read(text);
        let got: Vec<_> = words.iter().map(|w| (&text[w.range.clone()], w.case, w.gap)).collect();
        let expected = [
            ("In", Case::Capital, Gap::Start),
            ("St", Case::Capital, Gap::Joined),
            ("Louis", Case::Capital, Gap::Stop),
            ("MO", Case::Shout, Gap::Comma),
            ("Berlin", Case::Capital, Gap::Break),
            ("é", Case::Small, Gap::Break),
        ];
        assert_eq!(got, expected);
        assert!(words[4].tag);
    }

    #[test]
    fn flags_are_countries() {
        let flags = |text| read(text).1.iter().map(|c| c.to_string()).collect::<Vec<_>>();
        assert_eq!(flags("🇩🇪🇫🇷 x \u{1f1e6}"), ["DE", "FR"]);
        assert_eq!(flags("🏴󠁧󠁢󠁳󠁣󠁴󠁿"), [""; 0]);
    }

    #[test]
    fn equal_names_have_equal_keys() {
        assert_eq!(key("SÃO  PAULO"), key("São-Paulo"));
        assert_eq!(key("L’Aquila"), key("l'aquila"));
        assert_eq!(key("IĞDIR"), key("Iğdır"));
        assert_eq!(key("کرمان"), key("كرمان"));
        assert_ne!(key("Paris"), key("Pari"));
    }
}
