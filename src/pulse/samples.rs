//! Plain numbers beside mentions: of each series the last one, and the last day by the minute.
//!
//! Limits: [`MAX_SERIES`] series, the first that are heard of; a series from which nothing came for
//! a day is forgotten.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::Pulse;
use super::snapshot::Readings;
use crate::clock::Time;
use crate::mention::source::Sample;

/// Most series of a wall.
pub const MAX_SERIES: usize = 256;
/// Minutes that are kept.
const MINUTES: usize = 1_440;
/// Seconds of a minute.
const MINUTE: i64 = 60;

/// All series, by their names.
#[derive(Debug, Default)]
pub struct Samples {
    series: BTreeMap<Arc<str>, Kept>,
    drawn: Arc<[Arc<Readings>]>,
    changed: bool,
}

#[derive(Debug)]
struct Kept {
    at: Time,
    value: f64,
    /// Sum and count of each minute, the last last.
    minutes: VecDeque<(f64, u32)>,
    /// `None` when it has changed since.
    drawn: Option<Arc<Readings>>,
}

impl Samples {
    /// Takes a number; one that is not newer than the last of its series is known already.
    pub fn take(&mut self, sample: &Sample) {
        if !sample.value.is_finite() {
            return;
        }
        let full = self.series.len() >= MAX_SERIES;
        let kept = match self.series.entry(sample.series.clone()) {
            Entry::Occupied(kept) if sample.ts <= kept.get().at => return,
            Entry::Occupied(kept) => kept.into_mut(),
            Entry::Vacant(_) if full => return,
            Entry::Vacant(place) => place.insert(Kept::new(sample.ts)),
        };
        kept.take(sample.ts, sample.value);
        self.changed = true;
    }

    /// Whether [`Samples::draw`] would give something else than before.
    pub fn has_changed(&self) -> bool {
        self.changed
    }

    /// All series as of `now`, in the order of their names; those that did not change are the same
    /// as before.
    pub fn draw(&mut self, now: Time) -> Arc<[Arc<Readings>]> {
        let oldest = now.as_secs() - MINUTES as i64 * MINUTE;
        let known = self.series.len();
        self.series.retain(|_, kept| kept.at.as_secs() > oldest);
        if std::mem::take(&mut self.changed) || known != self.series.len() {
            self.drawn = self.series.iter_mut().map(|(name, kept)| kept.draw(name)).collect();
        }
        self.drawn.clone()
    }
}

impl Samples {
    /// When a series had its last number, and that; a feed's name alone finds it where it has only
    /// one.
    pub fn last(&self, name: &str) -> Option<(Time, f64)> {
        let labelled = |own: &str| own.strip_prefix(name).is_some_and(|rest| rest.starts_with('/'));
        let kept = self.series.get(name).or_else(|| {
            let mut near = self.series.iter().filter(|(own, _)| labelled(own)).map(|(_, kept)| kept);
            near.next().filter(|_| near.next().is_none())
        });
        kept.map(|kept| (kept.at, kept.value))
    }
}

impl Pulse {
    /// Takes plain numbers of before the start, the oldest first.
    pub fn recall_numbers(&mut self, samples: &[Sample]) {
        samples.iter().for_each(|sample| self.numbers.take(sample));
    }
}

impl Kept {
    fn new(at: Time) -> Self {
        Self { at, value: 0.0, minutes: VecDeque::from([(0.0, 0)]), drawn: None }
    }

    fn take(&mut self, at: Time, value: f64) {
        let minute = |at: Time| at.as_secs().div_euclid(MINUTE);
        let ahead = minute(at).saturating_sub(minute(self.at)).clamp(0, MINUTES as i64);
        for _ in 0..ahead {
            self.minutes.push_back((0.0, 0));
        }
        let surplus = self.minutes.len().saturating_sub(MINUTES);
        self.minutes.drain(..surplus);
        if let Some((sum, count)) = self.minutes.back_mut() {
            *sum += value;
            *count += 1;
        }
        (self.at, self.value, self.drawn) = (at, value, None);
    }

    fn draw(&mut self, name: &Arc<str>) -> Arc<Readings> {
        let (at, value, minutes) = (self.at, self.value, &self.minutes);
        let mean = |(sum, count): &(f64, u32)| (*count > 0).then(|| sum / f64::from(*count));
        let make = || {
            let by_minute = minutes.iter().map(mean).collect();
            Arc::new(Readings { name: name.clone(), at, value, by_minute })
        };
        self.drawn.get_or_insert_with(make).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn sample(series: &str, secs: i64, value: f64) -> Sample {
        Sample { series: series.into(), ts: Time::from_secs(NOW.as_secs() + secs), value }
    }

    #[test]
    fn the_last_number_and_a_mean_for_each_minute() {
        let mut samples = Samples::default();
        for (secs, value) in [(0, 1.0), (30, 3.0), (60, 5.0), (200, 7.0), (10, 9.0), (200, 9.0)] {
            samples.take(&sample("load", secs, value));
        }
        samples.take(&sample("load", 300, f64::NAN));
        assert!(samples.has_changed());
        let drawn = samples.draw(NOW);
        let load = &drawn[0];
        assert_eq!((&*load.name, load.value, load.at), ("load", 7.0, sample("", 200, 0.0).ts));
        assert_eq!(load.by_minute, [Some(2.0), Some(5.0), None, Some(7.0)]);
        assert!(!samples.has_changed());
    }

    #[test]
    fn what_did_not_change_is_not_made_again() {
        let mut samples = Samples::default();
        samples.take(&sample("b", 0, 1.0));
        samples.take(&sample("a", 0, 1.0));
        let before = samples.draw(NOW);
        samples.take(&sample("b", 1, 1.0));
        let after = samples.draw(NOW);
        assert_eq!(after.iter().map(|r| &*r.name).collect::<Vec<_>>(), ["a", "b"]);
        assert!(Arc::ptr_eq(&before[0], &after[0]) && !Arc::ptr_eq(&before[1], &after[1]));
    }

    #[test]
    fn it_is_bounded_and_forgets_after_a_day() {
        let mut samples = Samples::default();
        for i in 0..MAX_SERIES + 10 {
            samples.take(&sample(&i.to_string(), 0, 1.0));
        }
        assert_eq!(samples.draw(NOW).len(), MAX_SERIES);
        samples.take(&sample("0", i64::from(i32::MAX), 2.0));
        samples.take(&sample("1", 3 * 86_400, 2.0));
        let later = samples.draw(Time::from_secs(NOW.as_secs() + 3 * 86_400));
        assert_eq!(later.len(), 2);
        assert!(later.iter().all(|r| r.by_minute.len() <= MINUTES));
        assert_eq!(later[1].by_minute.iter().flatten().count(), 1);
    }
}
