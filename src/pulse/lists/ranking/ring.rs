//! The buckets of one window of a ranking, and how they stay small.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::entry::{Entry, Span, Uses, take_away};

/// Length of a bucket of the hour and of the day, seconds, and how many there are.
const GRAINS: [(i64, usize); 2] = [(300, 12), (900, 96)];

#[derive(Debug)]
pub struct Ring {
    span: Span,
    step: i64,
    buckets: Vec<Bucket>,
    /// The running bucket.
    head: i64,
    limit: usize,
}

#[derive(Debug, Default)]
struct Bucket {
    names: FxHashMap<u64, Uses>,
    /// Mentions whose names count as own.
    mentions: u32,
    /// So many uses of a name may be missing.
    missed: u32,
}

impl Ring {
    pub fn new(span: Span, now: i64, limit: usize) -> Self {
        let (step, buckets) = GRAINS[span as usize];
        let buckets = std::iter::repeat_with(Bucket::default).take(buckets).collect();
        Self { span, step, buckets, head: now.div_euclid(step), limit }
    }

    fn slot(&self, step: i64) -> usize {
        step.rem_euclid(self.buckets.len() as i64) as usize
    }

    /// The bucket of a second, if it still is one.
    fn bucket(&self, at: i64) -> Option<usize> {
        let step = at.div_euclid(self.step);
        (step <= self.head && step > self.head - self.buckets.len() as i64).then(|| self.slot(step))
    }

    /// Moves on to the second `now`; true when buckets went.
    pub fn advance(&mut self, now: i64, total: &mut FxHashMap<u64, Entry>) -> bool {
        let to = now.div_euclid(self.step);
        let steps = (to - self.head).clamp(0, self.buckets.len() as i64);
        if steps > 0 {
            self.close(self.slot(self.head), total);
        }
        self.head = self.head.max(to);
        for step in 0..steps {
            let slot = self.slot(self.head - step);
            let gone = std::mem::take(&mut self.buckets[slot]);
            gone.names.into_iter().for_each(|(name, uses)| take_away(total, self.span, name, uses));
        }
        steps > 0
    }

    /// Changes the mentions of the bucket of a second.
    pub fn change(&mut self, at: i64, change: impl Fn(u32) -> u32) {
        if let Some(slot) = self.bucket(at) {
            self.buckets[slot].mentions = change(self.buckets[slot].mentions);
        }
    }

    /// Counts a use, if its bucket still is one.
    pub fn add(&mut self, name: u64, at: i64, uses: Uses, total: &mut FxHashMap<u64, Entry>) -> bool {
        let Some(slot) = self.bucket(at) else { return false };
        if self.buckets[slot].names.len() >= self.limit && !self.buckets[slot].names.contains_key(&name) {
            self.thin(slot, self.limit / 2, total);
        }
        self.buckets[slot].names.entry(name).or_default().add(uses);
        total.entry(name).or_default().sums[self.span as usize].add(uses);
        true
    }

    /// Takes back what is still counted.
    pub fn take(&mut self, name: u64, at: i64, uses: Uses, total: &mut FxHashMap<u64, Entry>) {
        let Some(slot) = self.bucket(at) else { return };
        let Some(held) = self.buckets[slot].names.get_mut(&name).filter(|held| held.has(uses)) else {
            return;
        };
        held.take(uses);
        let gone = held.count == 0;
        take_away(total, self.span, name, uses);
        if gone {
            self.buckets[slot].names.remove(&name);
        }
    }

    /// A bucket that was full is done: of its last, rare names few are kept.
    fn close(&mut self, slot: usize, total: &mut FxHashMap<u64, Entry>) {
        if self.buckets[slot].missed > 0 {
            self.thin(slot, self.limit / 4, total);
        }
        self.buckets[slot].names.shrink_to_fit();
    }

    /// Lets go of all but about the `most` most used names of a bucket.
    fn thin(&mut self, slot: usize, most: usize, total: &mut FxHashMap<u64, Entry>) {
        let bucket = &mut self.buckets[slot];
        let mut counts: Vec<u32> = bucket.names.values().map(|uses| uses.count).collect();
        if counts.len() <= most {
            return;
        }
        let (_, &mut least, _) = counts.select_nth_unstable_by_key(most, |count| Reverse(*count));
        bucket.missed = bucket.missed.saturating_add(least);
        bucket.names.retain(|name, uses| {
            let stays = uses.count > least;
            if !stays {
                take_away(total, self.span, *name, *uses);
            }
            stays
        });
    }

    /// The uses by name since the second `since`, to the bucket in which it lies; and the second
    /// with which that bucket began.
    pub fn since(&self, since: i64) -> (i64, FxHashMap<u64, u32>) {
        let first = since.div_euclid(self.step).clamp(self.head - self.buckets.len() as i64 + 1, self.head);
        let mut names = FxHashMap::<u64, u32>::default();
        for step in first..=self.head {
            let bucket = &self.buckets[self.slot(step)];
            bucket.names.iter().for_each(|(name, uses)| *names.entry(*name).or_default() += uses.count);
        }
        (first * self.step, names)
    }

    /// The uses of a name in each whole hour of the clock that lies in the buckets, oldest first; the
    /// running hour is left out.
    pub fn by_hour(&self, name: u64) -> Vec<u32> {
        let hour = (3_600 / self.step).max(1);
        let end = self.head.div_euclid(hour) * hour;
        let first = (self.head - self.buckets.len() as i64).div_euclid(hour) + 1;
        let uses = |step: i64| self.buckets[self.slot(step)].names.get(&name).map_or(0, |uses| uses.count);
        (first..end / hour).map(|at| (at * hour..(at + 1) * hour).map(uses).sum()).collect()
    }

    /// So many uses of a name may be missing.
    pub fn missed(&self) -> u32 {
        self.buckets.iter().map(|bucket| bucket.missed).sum()
    }

    /// Mentions whose names count as own.
    pub fn mentions(&self) -> u32 {
        self.buckets.iter().map(|bucket| bucket.mentions).sum()
    }

    /// Own uses in the newest `buckets` by name, and the mentions that they are from.
    pub fn lately(&self, buckets: i64) -> (FxHashMap<u64, u32>, u32) {
        let (mut names, mut mentions) = (FxHashMap::<u64, u32>::default(), 0);
        for step in self.head - buckets + 1..=self.head {
            let bucket = &self.buckets[self.slot(step)];
            bucket.names.iter().for_each(|(name, uses)| *names.entry(*name).or_default() += uses.own);
            mentions += bucket.mentions;
        }
        (names, mentions)
    }
}
