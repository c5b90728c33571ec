//! Who or what was named most in the last hour and the last day: counts in twelve buckets of five
//! minutes and, where a day is wanted, 96 of fifteen. The running bucket is one of them, so that
//! the hour is 55 to 60 minutes long and the day 23 h 45 min to 24 h.
//!
//! A bucket counts exactly up to its limit of different names. When it is full its rarer half is
//! let go, and the most that any of those had is added to what may be missing from a count: so
//! every count lies between what stands there and that much more, and whoever was used more often
//! than that is in the list (the bound of lossy counting: Manku and Motwani, VLDB 2002). No chance
//! is in it: the same uses in the same order give the same counts.

mod entry;
mod ring;

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use entry::Uses;
pub use entry::{Entry, Span};
use ring::Ring;

/// Most names in a bucket of the hour; what a table of 4,096 places holds.
pub const LIMIT: usize = 3_584;

/// One use of a name.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    pub name: u64,
    /// How it is spelled; empty when that is not to be known.
    pub form: &'a str,
    /// Second since 1970.
    pub at: i64,
    pub mood: Option<f32>,
    /// False for what is only counted: a term of a copied text, somebody whose name is gone.
    pub own: bool,
}

/// Counts by name.
#[derive(Debug)]
pub struct Ranking {
    hour: Ring,
    day: Option<Ring>,
    total: FxHashMap<u64, Entry>,
}

impl Ranking {
    /// Empty, at `now` seconds since 1970. With `day` names in a bucket of the day it also knows
    /// the day.
    pub fn new(now: i64, day: Option<usize>) -> Self {
        Self {
            hour: Ring::new(Span::Hour, now, LIMIT),
            day: day.map(|limit| Ring::new(Span::Day, now, limit)),
            total: FxHashMap::default(),
        }
    }

    fn rings(&mut self) -> impl Iterator<Item = &mut Ring> {
        std::iter::once(&mut self.hour).chain(&mut self.day)
    }

    /// Lets go of what is older than the windows at `now`; true when something was.
    pub fn advance(&mut self, now: i64) -> bool {
        let Self { hour, day, total } = self;
        let moved = hour.advance(now, total);
        if let Some(day) = day {
            day.advance(now, total);
        }
        if moved {
            total.values_mut().for_each(Entry::age);
        }
        moved
    }

    /// Counts one use.
    pub fn used(&mut self, one: Use<'_>) -> Option<&mut Entry> {
        let uses = Uses::of(one.mood, one.own);
        let Self { hour, day, total } = self;
        let mut counted = hour.add(one.name, one.at, uses, total);
        if let Some(day) = day {
            counted |= day.add(one.name, one.at, uses, total);
        }
        let entry = total.get_mut(&one.name).filter(|_| counted)?;
        entry.heard(one.form, one.at);
        Some(entry)
    }

    /// A mention whose names count as own was said at the second `at`.
    pub fn said(&mut self, at: i64) {
        self.rings().for_each(|ring| ring.change(at, |mentions| mentions.saturating_add(1)));
    }

    /// The same is taken back.
    pub fn unsaid(&mut self, at: i64) {
        self.rings().for_each(|ring| ring.change(at, |mentions| mentions.saturating_sub(1)));
    }

    /// Takes back one use, as far as it is still counted.
    pub fn unused(&mut self, name: u64, at: i64, mood: Option<f32>, own: bool) {
        self.take(name, at, Uses::of(mood, own));
    }

    /// Lets go of the name in one use, which stays counted.
    pub fn unnamed(&mut self, name: u64, at: i64) {
        self.take(name, at, Uses::own());
    }

    fn take(&mut self, name: u64, at: i64, uses: Uses) {
        let Self { hour, day, total } = self;
        for ring in std::iter::once(hour).chain(day) {
            ring.take(name, at, uses, total);
        }
    }

    /// So many uses of a name may be missing from its count.
    pub fn missed(&self, span: Span) -> u32 {
        self.ring(span).map_or(0, Ring::missed)
    }

    fn ring(&self, span: Span) -> Option<&Ring> {
        match span {
            Span::Hour => Some(&self.hour),
            Span::Day => self.day.as_ref(),
        }
    }

    pub fn entry(&self, name: u64) -> Option<&Entry> {
        self.total.get(&name)
    }

    /// Own uses in the newest `buckets` of the hour by name, and the mentions that they are from.
    pub fn lately(&self, buckets: i64) -> (FxHashMap<u64, u32>, u32) {
        self.hour.lately(buckets)
    }

    /// Every name that was used since the second `since`, to the bucket of the hour in which it lies,
    /// with its uses; and the second with which that bucket began.
    pub fn since(&self, since: i64) -> (i64, Vec<(&Entry, u32)>) {
        let (begin, names) = self.hour.since(since);
        let named = |(name, count)| Some((self.total.get(&name)?, count));
        (begin, names.into_iter().filter_map(named).collect())
    }

    /// Mentions of the day whose names count as own.
    pub fn mentions(&self) -> u32 {
        self.day.as_ref().map_or(0, Ring::mentions)
    }

    /// How many entries `rank` ranks.
    pub fn count<R>(&self, rank: impl Fn(&Entry) -> Option<R>) -> usize {
        self.total.values().filter(|entry| rank(entry).is_some()).count()
    }

    /// The names whose entries `rank` ranks, highest rank first, at most `most`; equals stand by
    /// their spelling.
    pub fn top<R: Ord + Copy>(&self, most: usize, rank: impl Fn(&Entry) -> Option<R>) -> Vec<&Entry> {
        self.named_top(most, rank).into_iter().map(|(_, entry)| entry).collect()
    }

    /// The same with their names.
    pub fn named_top<R: Ord + Copy>(
        &self,
        most: usize,
        rank: impl Fn(&Entry) -> Option<R>,
    ) -> Vec<(u64, &Entry)> {
        let ranked =
            self.total.iter().filter_map(|(name, entry)| Some((Reverse(rank(entry)?), *name, entry)));
        let mut all: Vec<(Reverse<R>, u64, &Entry)> = ranked.collect();
        if all.len() > most {
            all.select_nth_unstable_by_key(most, |(rank, name, _)| (*rank, *name));
            all.truncate(most);
        }
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| a.2.form().cmp(b.2.form())));
        all.into_iter().map(|(_, name, entry)| (name, entry)).collect()
    }

    /// The uses of a name in each whole hour of the last day, oldest first; empty where no day is known.
    pub fn by_hour(&self, name: u64) -> Vec<u32> {
        self.day.as_ref().map_or_else(Vec::new, |day| day.by_hour(name))
    }
}

#[cfg(test)]
mod tests;
