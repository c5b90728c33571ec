//! The place in a profile: a short line that may be a city, a city and its country, a country in any
//! of sixty languages, a state, a flag, or a joke.

use std::ops::Range;

use super::common::{AFTER, AND, BEFORE, NOWHERE};
use super::names::{Found, Holder, Margin, all_of, common, of_flags, one_of};
use super::table::{Gazetteer, Named};
use super::words::{Case, Gap, Key, Word, added, read};
use super::{Hit, Precision, distance_km};
use crate::mention::reading;

/// Lines with more words are prose, not places.
const MAX_WORDS: usize = 14;
/// Most parts of a line.
const MAX_PARTS: usize = 6;
/// A city that nothing else speaks for weighs at least so much.
const LEAST: i16 = 90;
/// A line that names such a city and a country elsewhere is a joke.
const FAMOUS: i16 = 140;
/// A city so far from the one that is named beside it may lie in its province, km.
const NEAR_KM: f32 = 100.0;

impl Gazetteer {
    /// The place that a profile's line means.
    pub fn of_profile(&self, line: &str) -> Option<Hit> {
        let line = &*reading(line);
        let (words, flags) = read(line);
        let mut key = Key::default();
        if words.len() > MAX_WORDS || NOWHERE.has(key.of(line, &words)) {
            return None;
        }
        let mut parts = self.all_parts(line, &words, &mut key)?;
        parts.truncate(MAX_PARTS);
        let flag = of_flags(self, &flags);
        if flags.len() > 1 && flag.is_none() {
            return None;
        }
        let named = self.resolve(&parts, flag.as_ref());
        match (named, flag) {
            (Verdict::One(hit), Some(flag)) => all_of(self, &[hit, flag]),
            (Verdict::One(hit), None) => Some(hit),
            (Verdict::Nothing, flag) => flag,
            (Verdict::Many, _) => None,
        }
    }

    /// What each part of a line may mean; `None` where nobody knows which of several places is meant.
    fn all_parts(&self, line: &str, words: &[Word], key: &mut Key) -> Option<Vec<Found>> {
        let (mut parts, mut done) = (Vec::new(), 0);
        for part in split(line, words) {
            if part.start < done {
                continue;
            }
            let count = added(line, words, part.end).unwrap_or(0);
            let (head, tail) = (&words[part.clone()], &words[part.end..part.end + count]);
            match self.beside(line, head, tail, key) {
                Beside::Unknown => return None,
                Beside::Name(found) => parts.push(found),
                Beside::Nothing => self.parts(line, head, key, &mut parts),
                Beside::Another => {
                    self.parts(line, head, key, &mut parts);
                    continue;
                }
            }
            done = part.end + count;
        }
        Some(parts)
    }

    /// What stands in brackets or behind a slash beside a part.
    fn beside(&self, line: &str, head: &[Word], tail: &[Word], key: &mut Key) -> Beside {
        let (Some(first), head) = (tail.first(), trimmed(line, head, key, self)) else {
            return Beside::Another;
        };
        if let Some(found) = self.joined(line, head, tail, key) {
            return Beside::Name(found);
        }
        let hash = key.of(line, tail);
        if line[..first.range.start].ends_with('/') {
            return Beside::Another;
        }
        if NOWHERE.has(hash) {
            return Beside::Nothing;
        }
        let around = |word: &Word, key: &mut Key| {
            let hash = key.of_word(&line[word.range.clone()]);
            BEFORE.has(hash) || AFTER.has(hash)
        };
        let is_name = first.case == Case::Capital && !tail.iter().any(|word| around(word, key));
        let is_one_of_many = Found::of(self, key.of(line, head)).cities.len() > 1;
        if is_name && is_one_of_many && !self.knows(hash) { Beside::Unknown } else { Beside::Another }
    }

    /// What a name is with the words behind it that tell it from others: `Halle (Saale)`.
    pub(super) fn joined(&self, text: &str, head: &[Word], tail: &[Word], key: &mut Key) -> Option<Found> {
        let mut hashes = ["", "am", "an der", "im", "upon", "sur"]
            .into_iter()
            .map(|link| key.of_parts(text, head, link, tail));
        hashes.find(|hash| self.knows(*hash)).map(|hash| Found::of(self, hash))
    }

    /// What the words of a part may mean: as one name, else without the words around it, else as a
    /// name and what holds it (`Austin TX`), else both sides of an `and`.
    fn parts(&self, line: &str, words: &[Word], key: &mut Key, parts: &mut Vec<Found>) {
        let words = trimmed(line, words, key, self);
        if words.is_empty() || NOWHERE.has(key.of(line, words)) {
            return;
        }
        let found = self.name_of(line, words, key);
        if !found.is_empty() {
            return parts.push(found);
        }
        for at in (1..words.len()).rev() {
            let head = self.name_of(line, &words[..at], key);
            let mut tail = self.name_of(line, &words[at..], key);
            tail.holders.retain(|holder| !holder.code || words[at].case == Case::Shout);
            tail.cities.clear();
            if !head.is_empty() && !tail.is_empty() {
                parts.extend([head, tail]);
                return;
            }
        }
        if let Some(at) = (1..words.len()).find(|at| AND.has(key.of(line, &words[*at..=*at]))) {
            self.parts(line, &words[..at], key, parts);
            self.parts(line, &words[at + 1..], key, parts);
        }
    }

    fn name_of(&self, line: &str, words: &[Word], key: &mut Key) -> Found {
        let mut found = Found::of(self, key.of(line, words));
        found.loud = words.iter().all(|word| word.case == Case::Shout);
        // `LA` is a code, and `L.A.` written short.
        if let ([word], true, true) = (words, found.loud, found.cities.is_empty())
            && let Some((first, second)) = line[word.range.clone()].split_at_checked(1)
            && second.len() == 1
        {
            found.cities = Found::of(self, super::words::key(&format!("{first} {second}"))).cities;
        }
        found
    }

    fn resolve(&self, parts: &[Found], flag: Option<&Hit>) -> Verdict {
        let qualified: Vec<Hit> = (0..parts.len()).filter_map(|i| self.qualified(parts, i, flag)).collect();
        if !qualified.is_empty() {
            return self.all(qualified);
        }
        match parts {
            [] => Verdict::Nothing,
            [one] => self.lone(one),
            _ => self.several(parts),
        }
    }

    /// The city that the part `i` means by what the other parts or the flag say.
    fn qualified(&self, parts: &[Found], i: usize, flag: Option<&Hit>) -> Option<Hit> {
        let mut cities = parts[i].cities.clone();
        let mut agreed = false;
        for (j, other) in parts.iter().enumerate() {
            let found = Found { cities: cities.clone(), ..Found::default() };
            let held = found.held(self, &other.holders);
            if i != j && !held.is_empty() {
                (cities, agreed) = (held, true);
            }
        }
        if let Some(flag) = flag {
            let is_there = |city: &u16| self.country(Named::City(*city)) == flag.country;
            let there: Vec<_> = cities.iter().filter(|(city, _)| is_there(city)).copied().collect();
            (cities, agreed) = if there.is_empty() { (cities, agreed) } else { (there, true) };
        }
        if agreed { one_of(self, &cities, Margin::AGREED) } else { None }
    }

    /// A line of one part.
    fn lone(&self, found: &Found) -> Verdict {
        let only_code = found.cities.is_empty() && found.holders.iter().all(|holder| holder.code);
        let hit = if only_code && found.loud { common(self, &found.holders) } else { self.plain(found) };
        hit.map_or(Verdict::Many, Verdict::One)
    }

    /// A part by itself; small cities are not believed.
    fn plain(&self, found: &Found) -> Option<Hit> {
        let weak = found.holders.iter().all(|holder| holder.code) && found.best() < LEAST;
        if weak { None } else { found.alone(self, Margin::CLEAR) }
    }

    /// Several parts none of which holds another's city.
    fn several(&self, parts: &[Found]) -> Verdict {
        let told = |part: &&Found| part.loud || part.holders.iter().any(|holder| !holder.code);
        let told = parts.iter().filter(told);
        let holders: Vec<Holder> = told.flat_map(|part| part.holders.iter().copied()).collect();
        let mut hits: Vec<Hit> = parts.iter().filter_map(|part| self.plain(part)).collect();
        let held = common(self, &holders);
        if let Some(held) = held {
            let joke = parts.iter().any(|part| {
                let elsewhere = self.plain(part).is_some_and(|hit| hit.country != held.country);
                elsewhere && part.best() >= FAMOUS
            });
            return if joke { Verdict::Many } else { Verdict::One(held) };
        }
        if let [hit] = &hits[..]
            && let Some(near) = parts.iter().find_map(|part| self.near(part, hit))
        {
            return Verdict::One(near);
        }
        if hits.len() == parts.len() || hits.len() == 1 {
            return self.all(std::mem::take(&mut hits));
        }
        if hits.is_empty() { Verdict::Nothing } else { Verdict::Many }
    }

    /// The city of an ambiguous name that lies around another city, whose name is often that of the
    /// province too: `León (Guanajuato)`.
    fn near(&self, part: &Found, other: &Hit) -> Option<Hit> {
        let point = other.point.filter(|_| self.plain(part).is_none())?;
        let is_near = |(city, _): &&(u16, i16)| {
            let same = self.country(Named::City(*city)) == other.country;
            same && distance_km(self.point(*city), point) <= NEAR_KM
        };
        one_of(self, &part.cities.iter().filter(is_near).copied().collect::<Vec<_>>(), Margin::AGREED)
    }

    /// What all places have in common.
    fn all(&self, hits: Vec<Hit>) -> Verdict {
        if hits.is_empty() {
            return Verdict::Nothing;
        }
        all_of(self, &hits).map_or(Verdict::Many, Verdict::One)
    }
}

/// What stands in brackets beside a name.
#[derive(Debug)]
enum Beside {
    /// What tells it from others of its name.
    Name(Found),
    /// Another part of the line, or no brackets.
    Another,
    /// Nothing about a place.
    Nothing,
    /// A name that nobody knows beside one that several places have.
    Unknown,
}

/// What a line comes to.
#[derive(Debug)]
enum Verdict {
    One(Hit),
    /// It names no place.
    Nothing,
    /// It names more than one, or one of several.
    Many,
}

/// The words between commas and other signs.
fn split(line: &str, words: &[Word]) -> Vec<Range<usize>> {
    let mut parts = Vec::new();
    let mut start = 0;
    for i in 1..=words.len() {
        if i == words.len() || !joins(line, words, i) {
            parts.push(start..i);
            start = i;
        }
    }
    parts
}

/// Whether the word at `i` may belong to one name with the word before it.
pub(super) fn joins(text: &str, words: &[Word], i: usize) -> bool {
    let before = &words[i - 1].range;
    match words[i].gap {
        Gap::Joined => true,
        // `St. Louis`, `D.C.`; a sentence ends after longer words.
        Gap::Stop => text[before.clone()].chars().count() <= 2,
        _ => false,
    }
}

/// Without `based in` before the name and `area` behind it.
fn trimmed<'w>(line: &str, words: &'w [Word], key: &mut Key, own: &Gazetteer) -> &'w [Word] {
    let mut rest = words;
    while rest.len() > 1 && !own.knows(key.of(line, rest)) {
        if BEFORE.has(key.of(line, &rest[..1])) {
            rest = &rest[1..];
        } else if AFTER.has(key.of(line, &rest[rest.len() - 1..])) {
            rest = &rest[..rest.len() - 1];
        } else {
            break;
        }
    }
    rest
}

impl Precision {
    /// Whether there is a point to show.
    pub fn is_point(self) -> bool {
        matches!(self, Self::Point | Self::City)
    }
}
