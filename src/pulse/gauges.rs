//! Plain numbers beside mentions: of each series the last one, and the last day by the minute.
//!
//! Limits: [`MAX_SERIES`] series, the first that are heard of; a series from which nothing came for
//! a day is forgotten.
//!
//! Older journals know series by short names alone. What is recalled under such a name goes
//! on in the one series that reads so ([`series::reads_as`]), and nowhere where there are several.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::clock::Time;
use crate::mention::series::{self, Found};
use crate::mention::source::Sample;

/// Most series of a wall.
pub const MAX_SERIES: usize = 256;
/// Minutes that are kept.
const MINUTES: usize = 1_440;
/// Seconds of a minute.
const MINUTE: i64 = 60;

/// What a feed of numbers told of one series.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Readings {
    /// As in [`crate::mention::series`].
    pub name: Arc<str>,
    /// When it had the last value.
    pub at: Time,
    /// Its last value.
    pub value: f64,
    /// Mean of each minute, oldest first, the minute of `at` last; at most a day. `None` is
    /// unknown.
    pub by_minute: Vec<Option<f64>>,
}

/// All series, by their names.
#[derive(Debug, Default)]
pub struct Gauges {
    series: BTreeMap<Arc<str>, Kept>,
    drawn: Arc<[Arc<Readings>]>,
    changed: bool,
    /// Whether it was said that there are too many.
    warned: bool,
}

#[derive(Debug)]
struct Kept {
    at: Time,
    value: f64,
    /// Sum and count of each minute, the last last.
    minutes: VecDeque<(f64, u32)>,
    /// Only the journal told of it so far.
    recalled: bool,
    /// `None` when it has changed since.
    drawn: Option<Arc<Readings>>,
}

impl Gauges {
    /// Takes a number; one that is not newer than the last of its series is known already.
    pub fn take(&mut self, sample: &Sample) {
        if !sample.value.is_finite() {
            return;
        }
        if let Some(kept) = self.take_any(sample) {
            kept.recalled = false;
        }
    }

    /// The same of a number that the journal told; what becomes of it, unless it is known already.
    fn take_any(&mut self, sample: &Sample) -> Option<&mut Kept> {
        let full = self.series.len() >= MAX_SERIES;
        let kept = match self.series.entry(sample.series.clone()) {
            Entry::Occupied(kept) if sample.ts <= kept.get().at => return None,
            Entry::Occupied(kept) => kept.into_mut(),
            Entry::Vacant(_) if full => {
                if !std::mem::replace(&mut self.warned, true) {
                    tracing::warn!(
                        "more than {MAX_SERIES} number series; `{}` and any further ones are ignored",
                        sample.series
                    );
                }
                return None;
            }
            Entry::Vacant(place) => place.insert(Kept::new(sample.ts)),
        };
        kept.take(sample.ts, sample.value);
        self.changed = true;
        Some(kept)
    }

    /// Takes a number that the journal told.
    pub fn recall(&mut self, sample: &Sample) {
        if sample.value.is_finite() {
            self.take_any(sample);
        }
    }

    /// Whether [`Gauges::draw`] would give something else than before.
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
            let heirs = self.heirs();
            let drawn = self.series.iter_mut().map(|(name, kept)| kept.draw(name));
            let drawn: Vec<_> = drawn.filter(|one| !heirs.iter().any(|(old, _)| *old == one.name)).collect();
            let with_past = |one: Arc<Readings>| {
                let old = heirs.iter().find(|(_, new)| new.as_ref() == Some(&one.name));
                old.and_then(|(old, _)| Some(Arc::new(joined(&one, self.series.get(old)?)))).unwrap_or(one)
            };
            self.drawn = drawn.into_iter().map(with_past).collect();
        }
        self.drawn.clone()
    }

    /// Names that only the journal knows and that another series reads as, each with that series if
    /// it is the only one.
    fn heirs(&self) -> Vec<(Arc<str>, Option<Arc<str>>)> {
        let new = |old: &str| {
            let mut new = self.series.keys().filter(|name| series::reads_as(name, old));
            let first = new.next().cloned()?;
            Some(Some(first).filter(|_| new.next().is_none()))
        };
        let old = self.series.iter().filter(|(_, kept)| kept.recalled);
        old.filter_map(|(old, _)| Some((old.clone(), new(old)?))).collect()
    }
}

/// A series with what was known of it under its old name.
fn joined(new: &Readings, old: &Kept) -> Readings {
    let minute = |at: Time| at.as_secs().div_euclid(MINUTE);
    let first = minute(new.at) - new.by_minute.len() as i64 + 1;
    let begin = minute(old.at) - old.minutes.len() as i64 + 1;
    let oldest = begin.max(minute(new.at) - MINUTES as i64 + 1);
    let past =
        (oldest..first).map(|at| usize::try_from(at - begin).ok().and_then(|i| mean(old.minutes.get(i)?)));
    Readings { by_minute: past.chain(new.by_minute.iter().copied()).collect(), ..new.clone() }
}

fn mean((sum, count): &(f64, u32)) -> Option<f64> {
    (*count > 0).then(|| sum / f64::from(*count))
}

impl Gauges {
    /// When a series had its last number, and that; a feed's name alone finds it where it has only
    /// one.
    pub fn last(&self, name: &str) -> Option<(Time, f64)> {
        let find = |recalled: bool| {
            let all = self.series.iter().filter(|(_, kept)| recalled || !kept.recalled);
            series::find(name, all.map(|(own, kept)| (&**own, kept)))
        };
        let found = match find(false) {
            Found::Nothing => find(true),
            found => found,
        };
        match found {
            Found::One(kept) => Some((kept.at, kept.value)),
            _ => None,
        }
    }
}

impl Kept {
    fn new(at: Time) -> Self {
        Self { at, value: 0.0, minutes: VecDeque::from([(0.0, 0)]), recalled: true, drawn: None }
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
        let mut samples = Gauges::default();
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
        let mut samples = Gauges::default();
        samples.take(&sample("b", 0, 1.0));
        samples.take(&sample("a", 0, 1.0));
        let before = samples.draw(NOW);
        samples.take(&sample("b", 1, 1.0));
        let after = samples.draw(NOW);
        assert_eq!(after.iter().map(|r| &*r.name).collect::<Vec<_>>(), ["a", "b"]);
        assert!(Arc::ptr_eq(&before[0], &after[0]) && !Arc::ptr_eq(&before[1], &after[1]));
    }

    #[test]
    fn what_a_journal_knows_by_an_old_name_goes_on_where_it_is_clear_in_which_series() {
        let mut samples = Gauges::default();
        samples.recall(&sample("load/shop=a", 0, 1.0));
        samples.recall(&sample("load/shop=a", 60, 2.0));
        assert_eq!(samples.draw(NOW)[0].by_minute, [Some(1.0), Some(2.0)]);
        assert_eq!(samples.last("load").map(|(_, value)| value), Some(2.0));
        samples.take(&sample("load/web{shop=\"a\"}", 180, 4.0));
        let drawn = samples.draw(NOW);
        assert_eq!(drawn.len(), 1);
        assert_eq!(drawn[0].by_minute, [Some(1.0), Some(2.0), None, Some(4.0)]);
        assert_eq!(samples.last("load/shop=a").map(|(_, value)| value), Some(4.0));
        samples.take(&sample("load/app{shop=\"a\"}", 180, 5.0));
        let drawn = samples.draw(NOW);
        assert_eq!(
            drawn.iter().map(|r| r.by_minute.len()).collect::<Vec<_>>(),
            [1, 1],
            "nobody knows whose it was"
        );
        assert_eq!(samples.last("load/shop=a"), None);
    }

    #[test]
    fn it_is_bounded_and_forgets_after_a_day() {
        let mut samples = Gauges::default();
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
