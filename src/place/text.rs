//! A place that a text names. Careful: a name must be that of a large city or a country, stand by
//! itself with a capital or after a word such as `in`, and be no ordinary word; two places in two
//! countries are none.

use super::common::{IN, LINKS, NOT_A_PLACE, PARTICLES, PEOPLE, WORDS};
use super::names::{Found, Holder, Margin, both, of_flags, one_of};
use super::profile::joins;
use super::table::Gazetteer;
use super::words::{Case, Gap, Key, Word, read};
use super::{Hit, Precision};
use crate::mention::Lang;
use crate::query::tokens::{Script, script};

/// Most words of a name.
const MAX_NAME: usize = 4;
/// Most characters of a name in Chinese characters.
const MAX_HAN: usize = 4;
/// Most places of one text that are looked at.
const MAX_HITS: usize = 8;
/// Least score of a city that stands by itself (about Boston) …
const BARE: i16 = 150;
/// … that begins a sentence, or whose name has no capitals …
const FIRST: i16 = 156;
/// … and after a word such as `in` (a town of 40,000 that ten languages have a name for).
const AFTER_IN: i16 = 112;

/// How sure it is that a name is meant as a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sure {
    /// It stands by itself.
    Bare,
    /// After a word such as `in`.
    After,
    /// Beside its country or state.
    Held,
}

/// A text that is being looked through.
struct Look<'a> {
    own: &'a Gazetteer,
    text: &'a str,
    words: &'a [Word],
    lang: Option<Lang>,
    key: Key,
    hits: Vec<(Sure, Hit)>,
}

impl Gazetteer {
    /// The place that a text names.
    pub fn in_text(&self, text: &str, lang: Option<Lang>) -> Option<Hit> {
        let (words, flags) = read(text);
        let mut look = Look { own: self, text, words: &words, lang, key: Key::default(), hits: Vec::new() };
        if !is_shouted(&words) {
            look.through();
        }
        let named = one(self, look.hits);
        match (named, flags.is_empty()) {
            (named, true) => named?,
            (None, false) => of_flags(self, &flags),
            (Some(named), false) => both(self, named?, of_flags(self, &flags)?),
        }
    }
}

/// What the surest hits come to; the inner `None` says that they disagree.
fn one(own: &Gazetteer, hits: Vec<(Sure, Hit)>) -> Option<Option<Hit>> {
    let most = hits.iter().map(|(sure, _)| *sure).max()?;
    let mut surest = hits.into_iter().filter(|(sure, _)| *sure == most).map(|(_, hit)| hit);
    let first = surest.next()?;
    Some(surest.try_fold(first, |a, b| both(own, a, b)))
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
        if let Some((hit, more)) = self.held(&found, end) {
            self.hits.push((Sure::Held, hit));
            return length + more;
        }
        let ordinary = WORDS.has(hash);
        if ordinary || self.goes_on(end) {
            return length;
        }
        let after = self.is_after_in(i);
        let named = self.follows_capital(i) || (length == 1 && PEOPLE.has(hash));
        let sure = if after { Sure::After } else { Sure::Bare };
        if (after || !named)
            && let Some(hit) = self.meant(&found, i, sure)
        {
            self.hits.push((sure, hit));
        }
        length
    }

    /// The place of a name with its country or state behind it, and how many words those are.
    fn held(&mut self, found: &Found, end: usize) -> Option<(Hit, usize)> {
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
                return Some((hit, length));
            }
        }
        None
    }

    /// Whether a longer name goes on behind it: `Paris Hilton`, `New York Times`. German writes
    /// every noun with a capital.
    fn goes_on(&self, end: usize) -> bool {
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
        let named = found.holders.iter().any(|holder| !holder.code);
        let known = if hit.precision == Precision::City { found.best() >= least } else { named };
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
        self.hits.extend(hit.map(|hit| (Sure::Bare, hit)));
        is_one
    }
}
