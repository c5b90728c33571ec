//! Equally spaced counts, and which of them are unknown.

use std::ops::Range;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Time;

/// Equally spaced counts that end with the running interval.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Start of the last, still running interval.
    pub end: Time,
    /// Length of an interval.
    pub step: Duration,
    /// Oldest first.
    pub values: Vec<u32>,
    /// Values of which more than a tenth of the time was not heard, as ranges of their places,
    /// ascending: unknown, not zero.
    pub unknown: Vec<(u32, u32)>,
}

impl Series {
    /// The known places of a range, as ranges.
    pub fn known(&self, within: Range<usize>) -> impl Iterator<Item = Range<usize>> {
        let end = within.end.min(self.values.len());
        let first = self.unknown.partition_point(|run| run.1 as usize <= within.start);
        let runs = self.unknown[first..].iter().map(|run| run.0 as usize..run.1 as usize);
        let runs = runs.take_while(move |run| run.start < end).chain(std::iter::once(end..end));
        let known = runs.scan(within.start, |from, run| {
            let start = std::mem::replace(from, run.end.max(*from));
            Some(start..run.start)
        });
        known.filter(|run| run.start < run.end)
    }

    /// Values that are known.
    pub fn known_values(&self) -> impl Iterator<Item = u32> {
        self.known(0..self.values.len()).flat_map(|run| self.values[run].iter().copied())
    }

    /// The highest sum over `width` neighbouring known values; 0 when there are fewer.
    pub fn highest_sum(&self, width: usize) -> u64 {
        let highest = |run: Range<usize>| {
            let values = &self.values[run];
            let first = values.get(..width)?;
            let mut sum: u64 = first.iter().map(|&v| u64::from(v)).sum();
            let mut highest = sum;
            for (old, new) in values.iter().zip(&values[width..]) {
                sum = sum + u64::from(*new) - u64::from(*old);
                highest = highest.max(sum);
            }
            Some(highest)
        };
        self.known(0..self.values.len()).filter_map(highest).max().unwrap_or(0)
    }
}

#[cfg(test)]
#[allow(clippy::single_range_in_vec_init, reason = "a list of ranges may have one")]
mod tests {
    use super::*;

    fn series(values: Vec<u32>, unknown: Vec<(u32, u32)>) -> Series {
        Series { end: Time::from_secs(5), step: Duration::from_secs(1), values, unknown }
    }

    #[test]
    fn the_highest_sum_is_found_anywhere_in_what_is_known() {
        assert_eq!(Series::default().highest_sum(60), 0);
        assert_eq!(series(vec![1, 9, 8, 1, 1], vec![]).highest_sum(2), 17);
        assert_eq!(series(vec![1, 9, 8, 1, 1], vec![(0, 2)]).highest_sum(2), 9);
        assert_eq!(series(vec![1, 9, 8, 1, 1], vec![(2, 3)]).highest_sum(2), 10);
    }

    #[test]
    fn known_places_lie_between_the_unknown_ones() {
        let series = series(vec![0; 10], vec![(0, 2), (4, 5), (8, 10)]);
        assert_eq!(series.known(0..10).collect::<Vec<_>>(), [2..4, 5..8]);
        assert_eq!(series.known(1..3).collect::<Vec<_>>(), [2..3]);
        assert_eq!(series.known(4..5).count(), 0);
        assert_eq!(series.known(5..99).collect::<Vec<_>>(), [5..8]);
    }
}
