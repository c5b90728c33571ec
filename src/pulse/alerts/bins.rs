//! Mentions by the minute as the detectors judge them: those that came in time. A mention counts in
//! its own minute when it arrived before the minute was over for as long as the layout waits; what
//! comes later is counted as late and judged nowhere. So the count of a minute depends on times
//! that every mention carries, and on nothing else.

/// Minutes kept: a day, and those that are still open.
const LENGTH: usize = 1_440 + 32;
/// How long after the wait a minute is judged, seconds: what arrived in time may still lie in a
/// queue.
const SLACK: i64 = 5;

/// The counts of all streams.
#[derive(Debug)]
pub struct Bins {
    streams: Vec<Vec<u32>>,
    /// The latest minute that was heard of.
    head: i64,
    /// Seconds.
    wait: i64,
    /// Of each stream.
    late: Vec<u64>,
}

impl Bins {
    /// Empty, for so many streams, at the second `now`.
    pub fn new(streams: usize, wait: i64, now: i64) -> Self {
        Self {
            streams: vec![vec![0; LENGTH]; streams],
            head: now.div_euclid(60),
            wait,
            late: vec![0; streams],
        }
    }

    /// Counts a mention of the second `at` that arrived at the second `received`.
    pub fn heard(&mut self, at: i64, received: i64, topics: &[u16]) {
        let minute = at.div_euclid(60);
        let streams = || std::iter::once(0).chain(topics.iter().map(|t| 1 + usize::from(*t)));
        if received >= self.closes(minute) {
            streams().for_each(|stream| self.late.get_mut(stream).into_iter().for_each(|late| *late += 1));
            return;
        }
        self.reach(minute);
        if minute <= self.head - LENGTH as i64 {
            return;
        }
        let slot = slot(minute);
        for stream in streams() {
            if let Some(bins) = self.streams.get_mut(stream) {
                bins[slot] += 1;
            }
        }
    }

    fn reach(&mut self, minute: i64) {
        let steps = (minute - self.head).clamp(0, LENGTH as i64);
        for step in minute - steps + 1..=minute {
            self.streams.iter_mut().for_each(|bins| bins[slot(step)] = 0);
        }
        self.head = self.head.max(minute);
    }

    /// The second from which on nothing counts in a minute.
    fn closes(&self, minute: i64) -> i64 {
        (minute + 1) * 60 + self.wait
    }

    /// The second in which a minute is judged.
    pub fn judged_at(&self, minute: i64) -> i64 {
        self.closes(minute) + SLACK
    }

    /// The latest minute that can be judged at the second `now`.
    pub fn ripe(&self, now: i64) -> i64 {
        (now - self.wait - SLACK).div_euclid(60) - 1
    }

    /// The oldest minute that is known at the minute `now`.
    pub fn oldest(now: i64) -> i64 {
        now - 1_440
    }

    /// Mentions of a stream in a minute.
    pub fn count(&self, stream: usize, minute: i64) -> u32 {
        let known = minute <= self.head && minute > self.head - LENGTH as i64;
        self.streams.get(stream).filter(|_| known).map_or(0, |bins| bins[slot(minute)])
    }

    /// Mentions of a stream that came too late for their minute, since the start.
    pub fn late(&self, stream: usize) -> u64 {
        self.late.get(stream).copied().unwrap_or(0)
    }

    /// The clock was set back to the second `now`.
    pub fn rewind(&mut self, now: i64) {
        let minute = now.div_euclid(60);
        for step in (minute + 1..=self.head).take(LENGTH) {
            self.streams.iter_mut().for_each(|bins| bins[slot(step)] = 0);
        }
        self.head = self.head.min(minute);
    }
}

fn slot(minute: i64) -> usize {
    minute.rem_euclid(LENGTH as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_came_in_time_counts_whenever_it_is_told() {
        let mut bins = Bins::new(2, 15, 6_000);
        bins.heard(6_000, 6_000, &[0]);
        bins.heard(6_059, 6_074, &[]);
        bins.heard(6_059, 6_075, &[0]);
        bins.heard(6_060, 6_060, &[0, 7]);
        assert_eq!((bins.count(0, 100), bins.count(1, 100), bins.count(0, 101)), (2, 1, 1));
        assert_eq!((bins.late(0), bins.late(1)), (1, 1));
        assert_eq!((bins.ripe(6_079), bins.ripe(6_080)), (99, 100));
        bins.heard(6_000 + 86_400, 6_000 + 86_400, &[]);
        assert_eq!(bins.count(0, 100), 2, "a day is kept");
        bins.heard(6_000 + 96_000, 6_000 + 96_000, &[]);
        assert_eq!((bins.count(0, 100), bins.count(0, 1_540)), (0, 1));
        bins.rewind(6_000 + 90_000);
        assert_eq!(bins.count(0, 1_700), 0);
    }
}
