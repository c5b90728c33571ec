//! A place that a text names. Careful: a name must be that of a large city or a country, stand by
//! itself with a capital or after a word such as `in`, and be no ordinary word; two places in two
//! countries are none. A name that alone is no place still speaks against another one: `London` may be
//! somebody, but `London and Berlin` is not Berlin.

use std::ops::Range;

use super::common::{IN, LINKS, NOT_A_PLACE, PARTICLES, PEOPLE, WORDS};
use super::names::{Found, Holder, Margin, all_of, of_flags, one_of};
use super::profile::joins;
use super::table::Gazetteer;
use super::words::{Case, Gap, Key, Word, added, gap_before, read};
use super::{Hit, Precision};
use crate::mention::{Country, Lang};
use crate::query::tokens::{Script, script};

/// Most words of a name.
pub(super) const MAX_NAME: usize = 4;
/// Most characters of a name in Chinese characters.
const MAX_HAN: usize = 4;
/// Most places of one text that are looked at.
const MAX_HITS: usize = 8;
/// Least score of a city that stands by itself (about Boston) …
pub(super) const BARE: i16 = 150;
/// … that begins a sentence, or whose name has no capitals …
const FIRST: i16 = 156;
/// … and after a word such as `in` (a town of 40,000 that ten languages have a name for).
pub(super) const AFTER_IN: i16 = 112;
/// From here on a name of people or things speaks against other places (about Milan).
const FAMOUS: i16 = 155;

/// How sure it is that a name is meant as a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sure {
    /// It stands by itself.
    Bare,
    /// After a word such as `in`.
    After,
}

/// A text that is being looked through.
pub(super) struct Look<'a> {
    pub own: &'a Gazetteer,
    pub text: &'a str,
    pub words: &'a [Word],
    pub key: Key,
    lang: Option<Lang>,
    hits: Vec<Hit>,
    /// The words of each hit and its country, where words are told apart by spaces.
    spans: Vec<(Range<usize>, Country)>,
    /// What is no place by itself but speaks against others.
    doubts: Vec<Hit>,
}

impl Gazetteer {
    /// The place that a text in its read form names.
    pub fn in_text(&self, text: &str, lang: Option<Lang>) -> Option<Hit> {
        let (words, flags) = read(text);
        let (hits, spans, doubts) = (Vec::new(), Vec::new(), Vec::new());
        let key = Key::default();
        let mut look = Look { own: self, text, words: &words, key, lang, hits, spans, doubts };
        if !is_shouted(&words) {
            look.through();
        }
        let Look { mut hits, doubts, .. } = look;
        if !flags.is_empty() {
            hits.push(of_flags(self, &flags)?);
        }
        if !hits.is_empty() {
            hits.extend(doubts);
        }
        all_of(self, &hits)
    }
}

/// Whether most words are written in capitals, so that these say nothing.
fn is_shouted(words: &[Word]) -> bool {
    let shouts = words.iter().filter(|w| w.case == Case::Shout).count();
    let cased = words.iter().filter(|w| matches!(w.case, Case::Shout | Case::Small | Case::Capital)).count();
    shouts >= 3 && shouts * 2 > cased
}

impl Look<'_> {
    fn through(&mut self) {
        let mut i = 0;
        while i < self.words.len() && self.hits.len() < MAX_HITS {
            i += match self.words[i].case {
                Case::Capital | Case::Shout => self.name(i),
                Case::Uncased => self.uncased(i),
                Case::Small | Case::None => 1,
            };
        }
        for (span, country) in std::mem::take(&mut self.spans) {
            let beside = [self.joined_behind(span.end, country), self.joined_before(span.start, country)];
            self.doubts.extend(beside.into_iter().flatten());
        }
    }

    fn word(&self, i: usize) -> &str {
        self.words.get(i).map_or("", |word| &self.text[word.range.clone()])
    }

    /// Looks for the longest name that begins at `i`; says how many words are dealt with.
    fn name(&mut self, i: usize) -> usize {
        let most = (1..MAX_NAME)
            .take_while(|n| i + n < self.words.len() && joins(self.text, self.words, i + n))
            .count();
        for length in (1..=most + 1).rev() {
            let words = &self.words[i..i + length];
            if !self.may_be_name(words) {
                continue;
            }
            let hash = self.key.of(self.text, words);
            if self.own.knows(hash) {
                return self.take(i, length, hash);
            }
        }
        1
    }

    /// Its last word has a capital, those between have one or are small words of names.
    fn may_be_name(&mut self, words: &[Word]) -> bool {
        let has_capital = |w: &Word| matches!(w.case, Case::Capital | Case::Shout | Case::Uncased);
        let [_, between @ .., last] = words else { return true };
        let fits =
            |key: &mut Key, w: &Word| has_capital(w) || LINKS.has_word(&self.text[w.range.clone()], key);
        has_capital(last) && between.iter().all(|w| fits(&mut self.key, w))
    }

    /// Judges a name that the gazetteer knows.
    fn take(&mut self, i: usize, length: usize, hash: u64) -> usize {
        let found = Found::of(self.own, hash);
        let end = i + length;
        if let Some((hit, more)) = self.told_apart(i, end, &found).or_else(|| self.held(&found, end)) {
            self.hit(i..end + more, hit);
            return length + more;
        }
        if self.goes_on(end) {
            return length;
        }
        let ordinary = WORDS.has(hash);
        let after = self.is_after_in(i);
        let names_people = length == 1 && PEOPLE.has(hash);
        if ordinary || (names_people && !after) {
            self.doubt(&found, i, ordinary);
        } else if after || !self.follows_capital(i) {
            let hit = self.meant(&found, i, if after { Sure::After } else { Sure::Bare });
            self.hit(i..end, hit);
        }
        length
    }

    fn hit(&mut self, words: Range<usize>, hit: Option<Hit>) {
        self.spans.extend(hit.as_ref().map(|hit| (words, hit.country)));
        self.hits.extend(hit);
    }

    /// What is also an ordinary word or somebody's name: no place, but it may speak against others.
    fn doubt(&mut self, found: &Found, i: usize, ordinary: bool) {
        let famous = found.best() >= FAMOUS && !found.is_named();
        if (famous || found.is_named() && !ordinary) && !self.follows_capital(i) {
            self.doubts.extend(found.alone(self.own, Margin::PLAIN));
        }
    }

    /// The place that words in brackets tell from others of its name, and how many words those are:
    /// `Frankfurt (Oder)`. Without a place where nobody knows which of several is meant.
    fn told_apart(&mut self, i: usize, end: usize, found: &Found) -> Option<(Option<Hit>, usize)> {
        let count = added(self.text, self.words, end)?;
        let (head, tail) = (&self.words[i..end], &self.words[end..end + count]);
        if let Some(found) = self.own.joined(self.text, head, tail, &mut self.key) {
            return Some((found.alone(self.own, Margin::CLEAR), count));
        }
        let is_slash = gap_before(self.text, self.words, end).contains('/');
        let is_unknown = tail[0].case == Case::Capital && !self.own.knows(self.key.of(self.text, tail));
        (is_unknown && !is_slash && found.cities.len() > 1).then_some((None, count))
    }

    /// The place of a name with its country or state behind it, and how many words those are.
    fn held(&mut self, found: &Found, end: usize) -> Option<(Option<Hit>, usize)> {
        let next = self.words.get(end)?;
        let joined = joins(self.text, self.words, end);
        if found.cities.is_empty() || !(joined || next.gap == Gap::Comma) {
            return None;
        }
        for length in (1..=3.min(self.words.len() - end)).rev() {
            let words = &self.words[end..end + length];
            let whole = (1..length).all(|n| joins(self.text, self.words, end + n));
            if !whole || matches!(words[0].case, Case::Small | Case::None) {
                continue;
            }
            let code = words[0].case == Case::Shout;
            let holders = Found::of(self.own, self.key.of(self.text, words)).holders;
            let holders: Vec<Holder> = holders.into_iter().filter(|h| !h.code || code).collect();
            let held = found.held(self.own, &holders);
            if let Some(hit) = one_of(self.own, &held, Margin::AGREED) {
                return Some((Some(hit), length));
            }
        }
        None
    }

    /// Whether a longer name goes on behind it: `Paris Hilton`, `New York Times`. German writes
    /// every noun with a capital.
    pub(super) fn goes_on(&self, end: usize) -> bool {
        let Some(next) = self.words.get(end) else { return false };
        let german = self.lang.is_some_and(|lang| lang.as_str() == "de");
        let capital = matches!(next.case, Case::Capital | Case::Shout);
        let spaced = self.text[..next.range.start].ends_with(' ');
        capital && !next.tag && spaced && next.gap == Gap::Joined && !german
    }

    /// Whether it goes on a name: `Jack London`.
    fn follows_capital(&self, i: usize) -> bool {
        let Some(before) = i.checked_sub(1) else { return false };
        let capital = matches!(self.words[before].case, Case::Capital | Case::Shout);
        // A capital that begins a sentence is not yet a name: `Visit Berlin`.
        capital && !self.words[i].tag && self.words[i].gap == Gap::Joined && !self.begins(before)
    }

    /// Whether the word begins a sentence.
    fn begins(&self, i: usize) -> bool {
        matches!(self.words[i].gap, Gap::Start | Gap::Stop | Gap::Break) && !self.words[i].tag
    }

    fn is_after_in(&mut self, i: usize) -> bool {
        let Some(before) = i.checked_sub(1) else { return false };
        if self.words[i].gap != Gap::Joined || self.words[before].tag {
            return false;
        }
        let word = &self.text[self.words[before].range.clone()];
        let capital = matches!(self.words[before].case, Case::Capital) && word.chars().count() > 1;
        let case = self.words[before].case == Case::Small || capital && self.begins(before);
        case && IN.has_word(word, &mut self.key)
    }

    /// The place that a name means, when it is known well enough.
    fn meant(&self, found: &Found, i: usize, sure: Sure) -> Option<Hit> {
        let (margin, least) = match sure {
            Sure::Bare if self.begins(i) => (Margin::PLAIN, FIRST),
            Sure::Bare => (Margin::PLAIN, BARE),
            _ => (Margin::CLEAR, AFTER_IN),
        };
        let hit = found.alone(self.own, margin)?;
        let known = if hit.precision == Precision::City { found.best() >= least } else { found.is_named() };
        let code = self.words[i].case == Case::Shout && self.word(i).len() < 3;
        (known && !code).then_some(hit)
    }

    /// Chinese, Japanese and Korean, and scripts without cases.
    fn uncased(&mut self, i: usize) -> usize {
        let word = self.word(i).to_owned();
        let first = word.chars().next();
        match first {
            Some('\u{ac00}'..='\u{d7a3}') => self.korean(&word),
            Some(c) if script(c).is_some() => self.runs(&word),
            _ => return self.name(i),
        }
        1
    }

    fn korean(&mut self, word: &str) {
        let stems = PARTICLES.iter().filter_map(|ending| word.strip_suffix(ending));
        for stem in std::iter::once(word).chain(stems).filter(|stem| stem.chars().count() >= 2) {
            if self.exact(stem) {
                return;
            }
        }
    }

    /// Each stretch of one script: Chinese characters by their parts, others as a whole.
    fn runs(&mut self, word: &str) {
        let mut rest = word;
        while let Some(kind) = rest.chars().next().map(script) {
            let end = rest.find(|c| script(c) != kind).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            match kind {
                Some(Script::Han) => self.han(run),
                Some(Script::Katakana | Script::Other) => drop(self.exact(run)),
                _ => {}
            }
            rest = after;
        }
    }

    /// The longest names from the left.
    fn han(&mut self, run: &str) {
        let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
        let mut i = 0;
        while i + 2 < starts.len() && self.hits.len() < MAX_HITS {
            let most = MAX_HAN.min(starts.len() - 1 - i);
            let found = (2..=most).rev().find(|length| {
                let behind = run[starts[i + length]..].chars().next();
                let is_place = behind.is_none_or(|c| !NOT_A_PLACE.contains(&c));
                is_place && self.exact(&run[starts[i]..starts[i + length]])
            });
            i += found.unwrap_or(1);
        }
    }

    /// Takes a name that has no capitals to be known by; says whether there was one.
    fn exact(&mut self, name: &str) -> bool {
        let hash = self.key.of_word(name);
        if !self.own.knows(hash) || WORDS.has(hash) {
            return false;
        }
        let found = Found::of(self.own, hash);
        let hit = found.alone(self.own, Margin::CLEAR);
        let raw = found.cities.first().map_or(0, |(city, _)| i16::from(self.own.weight(*city)));
        let hit = hit.filter(|hit| hit.precision != Precision::City || raw >= FIRST);
        let is_one = hit.is_some();
        self.hits.extend(hit);
        is_one
    }
}
