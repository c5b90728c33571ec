//! Of which sources, languages and countries a stream is made, over every window.
//!
//! Limits: [`MAX_SOURCES`], [`MAX_LANGUAGES`] and [`MAX_COUNTRIES`], the first that are heard of;
//! what comes beyond counts as "other". What nobody knows counts as unknown. One that is not heard
//! for eight days gives its place up. Memory: 29 KB at most for each.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::layout::window::Window;
use crate::mention::{Country, Lang};
use crate::pulse::fold::windows::Windows;
use crate::pulse::fold::windows::days::Marks;

pub const MAX_SOURCES: usize = 64;
pub const MAX_LANGUAGES: usize = 64;
pub const MAX_COUNTRIES: usize = 256;

const WINDOWS: usize = Window::ALL.len();
const SOURCE: u8 = 0;
const LANGUAGE: u8 = 1;
const COUNTRY: u8 = 2;

/// How a stream divides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Breakdowns {
    /// By feed, as it is called in the layout.
    pub sources: Breakdown,
    /// By language, BCP 47.
    pub languages: Breakdown,
    /// By country, ISO 3166-1 alpha-2.
    pub countries: Breakdown,
}

/// The parts of a stream.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Breakdown {
    /// In the order of their names; those that were heard in the last eight days, or in the event.
    pub parts: Arc<[Portion]>,
    /// Mentions of further ones that have no part of their own.
    pub other: PartCounts,
    /// Mentions of which it is not known.
    pub unknown: PartCounts,
}

impl Breakdown {
    /// Mentions of which it is known, and all.
    pub fn coverage(&self, window: Window) -> (u64, u64) {
        let parts: u64 = self.parts.iter().map(|part| part.counts.over(window)).sum();
        let known = parts + self.other.over(window);
        (known, known + self.unknown.over(window))
    }
}

/// One source, language or country.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portion {
    pub name: Arc<str>,
    pub counts: PartCounts,
}

/// Mentions over each window, in the order of [`Window::ALL`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartCounts(pub [u64; WINDOWS]);

impl PartCounts {
    pub fn over(&self, window: Window) -> u64 {
        self.0[window as usize]
    }
}

/// What a mention is a part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Hash of a feed's name.
    Source(u64),
    Language(Lang),
    Country(Country),
    Other(u8),
    Unknown(u8),
}

impl Key {
    fn by(self) -> u8 {
        match self {
            Self::Source(_) => SOURCE,
            Self::Language(_) => LANGUAGE,
            Self::Country(_) => COUNTRY,
            Self::Other(by) | Self::Unknown(by) => by,
        }
    }

    fn is_part(self) -> bool {
        !matches!(self, Self::Other(_) | Self::Unknown(_))
    }

    /// As a note has it.
    pub fn to_numbers(self) -> (u64, u64) {
        match self {
            Self::Source(hash) => (0, hash),
            Self::Language(lang) => {
                let [a, b, c] = lang.to_bytes();
                (1, u64::from(u32::from_le_bytes([a, b, c, 0])))
            }
            Self::Country(country) => (2, u64::from(u16::from_le_bytes(country.to_bytes()))),
            Self::Other(by) => (3, u64::from(by)),
            Self::Unknown(by) => (4, u64::from(by)),
        }
    }

    /// `None` for numbers that are none.
    pub fn of_numbers(kind: u64, value: u64) -> Option<Self> {
        let by = || u8::try_from(value).ok().filter(|by| *by <= COUNTRY);
        Some(match kind {
            0 => Self::Source(value),
            1 => {
                let [a, b, c, _] = u32::try_from(value).ok()?.to_le_bytes();
                Self::Language(Lang::from_bytes([a, b, c])?)
            }
            2 => Self::Country(Country::from_bytes(u16::try_from(value).ok()?.to_le_bytes())?),
            3 => Self::Other(by()?),
            4 => Self::Unknown(by()?),
            _ => return None,
        })
    }
}

/// The parts of each quarter.
pub type ByQuarter = BTreeMap<i64, Vec<(Key, u64)>>;

/// Feeds by the hash of their names.
pub type Feeds = Arc<[(u64, Arc<str>)]>;

/// The parts of one stream while they are counted.
#[derive(Debug)]
pub struct Parts {
    feeds: Feeds,
    parts: FxHashMap<Key, Windows<u32>>,
    now: i64,
    marks: Marks,
    /// Quarters before this one are final.
    open: i64,
    drawn: Arc<Breakdowns>,
    changed: bool,
}

impl Parts {
    pub fn new(now: i64, marks: Marks, feeds: Feeds) -> Self {
        let drawn = Arc::default();
        Self { feeds, parts: FxHashMap::default(), now, marks, open: i64::MIN, drawn, changed: false }
    }

    pub fn advance(&mut self, now: i64, marks: Marks) {
        (self.now, self.marks) = (now, marks);
        for windows in self.parts.values_mut() {
            windows.advance(now, marks);
            self.changed |= windows.take_changed();
        }
    }

    /// Counts a mention of the second `at`.
    pub fn count(&mut self, at: i64, feed: Option<u16>, lang: Option<Lang>, country: Option<Country>) {
        let feed = feed.and_then(|i| self.feeds.get(usize::from(i))).map(|(hash, _)| Key::Source(*hash));
        let keys = [
            feed.unwrap_or(Key::Unknown(SOURCE)),
            lang.map_or(Key::Unknown(LANGUAGE), Key::Language),
            country.map_or(Key::Unknown(COUNTRY), Key::Country),
        ];
        for key in keys {
            self.windows(key).count(at, &1);
        }
        self.changed = true;
    }

    /// Those of a key, or of "other" when there are too many.
    fn windows(&mut self, key: Key) -> &mut Windows<u32> {
        let most = [MAX_SOURCES, MAX_LANGUAGES, MAX_COUNTRIES][usize::from(key.by())];
        let is_full = || self.parts.keys().filter(|k| k.by() == key.by() && k.is_part()).count() >= most;
        let key = match key.is_part() && !self.parts.contains_key(&key) && is_full() {
            true => Key::Other(key.by()),
            false => key,
        };
        let (now, marks, open) = (self.now, self.marks, self.open);
        self.parts.entry(key).or_insert_with(|| {
            let mut windows = Windows::new(now, marks);
            windows.reopen(open);
            windows
        })
    }

    /// Closes all quarters before `open`; gives what was counted in them.
    pub fn settle(&mut self, open: i64) -> ByQuarter {
        self.open = open;
        let mut closed = ByQuarter::new();
        for (key, windows) in &mut self.parts {
            for (step, count) in windows.settle(open) {
                closed.entry(step).or_default().push((*key, u64::from(count)));
            }
        }
        let before = self.parts.len();
        self.parts.retain(|_, windows| !windows.is_empty());
        self.changed |= self.parts.len() != before;
        closed
    }

    /// What the event counts in quarters that are final.
    pub fn settled_event(&self) -> Vec<(Key, u64)> {
        let sums = self.parts.iter().map(|(key, windows)| (*key, windows.settled_event()));
        sums.filter(|(_, sum)| *sum > 0).collect()
    }

    /// Takes a quarter that was final before a restart.
    pub fn restore(&mut self, step: i64, parts: &[(Key, u64)]) {
        for (key, count) in parts {
            self.windows(*key).restore(step, &u32::try_from(*count).unwrap_or(u32::MAX));
        }
        self.changed = true;
    }

    /// Takes what the event counted in quarters that were final before a restart.
    pub fn restore_event(&mut self, parts: &[(Key, u64)]) {
        for (key, sum) in parts {
            self.windows(*key).restore_event(*sum);
        }
        self.changed = true;
    }

    /// Quarters from `open` on are counted.
    pub fn reopen(&mut self, open: i64) {
        self.open = open;
        self.parts.values_mut().for_each(|windows| windows.reopen(open));
    }

    /// The event's start, of which nothing was noted, is taken from the quarters that are.
    pub fn gather_event(&mut self) {
        self.parts.values_mut().for_each(Windows::gather_event);
    }

    /// The clock was set back.
    pub fn rewind(&mut self, now: i64, marks: Marks) {
        (self.now, self.marks, self.changed) = (now, marks, true);
        self.open = self.open.min(Windows::<u32>::open_at(now));
        self.parts.values_mut().for_each(|windows| windows.rewind(now, marks));
    }

    /// The parts, the same `Arc` while they did not change.
    pub fn draw(&mut self) -> Arc<Breakdowns> {
        if std::mem::take(&mut self.changed) {
            let [sources, languages, countries] = [SOURCE, LANGUAGE, COUNTRY].map(|by| self.breakdown(by));
            self.drawn = Arc::new(Breakdowns { sources, languages, countries });
        }
        self.drawn.clone()
    }

    fn breakdown(&self, by: u8) -> Breakdown {
        let of = |key| self.parts.get(&key).map(|windows| PartCounts(*windows.sums())).unwrap_or_default();
        let mut other = of(Key::Other(by));
        let mut parts = Vec::new();
        for (key, windows) in self.parts.iter().filter(|(key, _)| key.by() == by && key.is_part()) {
            let counts = PartCounts(*windows.sums());
            match self.name(*key) {
                Some(name) => parts.push(Portion { name, counts }),
                // A feed that the wall no longer has.
                None => other.0.iter_mut().zip(counts.0).for_each(|(sum, part)| *sum += part),
            }
        }
        parts.sort_by(|a, b| a.name.cmp(&b.name));
        Breakdown { parts: parts.into(), other, unknown: of(Key::Unknown(by)) }
    }

    fn name(&self, key: Key) -> Option<Arc<str>> {
        match key {
            Key::Source(hash) => {
                self.feeds.iter().find(|(own, _)| *own == hash).map(|(_, name)| name.clone())
            }
            Key::Language(lang) => Some(lang.as_str().into()),
            Key::Country(country) => Some(country.as_str().into()),
            Key::Other(_) | Key::Unknown(_) => None,
        }
    }
}
