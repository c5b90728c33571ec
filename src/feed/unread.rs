//! Records that are turned away: told once for each reason, then counted, and when nothing else
//! comes they are what is wrong with the feed.

use crate::clock::Time;
use crate::mention::source::Trouble;

/// Reasons that are told apart; any further one is only counted.
const MAX_REASONS: usize = 16;
/// So many in a row, after others that were read, mean that something is wrong with the source: twice
/// as many as ever came between two that were read (heartbeats, records of other kinds), within bounds.
const A_RUN: std::ops::RangeInclusive<u64> = 3..=1_000;

/// What was turned away by one feed.
#[derive(Debug, Default)]
pub(super) struct Unread {
    /// How often for each reason since the start.
    reasons: Vec<(Box<str>, u64)>,
    /// How many since the last that was read, and when the first of them came.
    run: Option<(u64, Time)>,
    /// Something was read since the start.
    any_read: bool,
    /// Length of the longest run between two that were read.
    longest: u64,
}

impl Unread {
    /// Counts one. True when that is to be told: for the first of its reason, the tenth, the
    /// hundredth and so on; with how many it has been.
    pub fn note(&mut self, why: &str, now: Time) -> Option<u64> {
        let (many, _) = self.run.get_or_insert((0, now));
        *many += 1;
        let known = self.reasons.iter().position(|(reason, _)| **reason == *why);
        let at = match known {
            Some(at) => at,
            None if self.reasons.len() == MAX_REASONS => return None,
            None => {
                self.reasons.push((why.into(), 0));
                self.reasons.len() - 1
            }
        };
        let (_, count) = &mut self.reasons[at];
        *count += 1;
        is_round(*count).then_some(*count)
    }

    /// Something was read.
    pub fn end(&mut self) {
        let run = self.run.take().filter(|_| self.any_read).map_or(0, |(many, _)| many);
        (self.any_read, self.longest) = (true, self.longest.max(run));
    }

    /// What is wrong with the feed, if nothing that comes can be read, the last for this reason.
    pub fn trouble(&self, why: &str) -> Option<Trouble> {
        let usual = self.longest.saturating_mul(2).clamp(*A_RUN.start(), *A_RUN.end());
        let (many, since) = self.run.filter(|(many, _)| !self.any_read || *many >= usual)?;
        let row = if many > 1 { format!(" ({many} in a row)") } else { String::new() };
        Some(Trouble { since, why: format!("everything is rejected: {why}{row}").into(), deaf: true })
    }
}

/// 1, 10, 100, …
fn is_round(count: u64) -> bool {
    let mut rest = count;
    while rest.is_multiple_of(10) && rest > 0 {
        rest /= 10;
    }
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    #[test]
    fn each_reason_is_told_once_and_then_in_tens() {
        let mut unread = Unread::default();
        let told: Vec<u64> = (0..150).filter_map(|_| unread.note("not JSON", NOW)).collect();
        assert_eq!(told, [1, 10, 100]);
        assert_eq!(unread.note("no uid", NOW), Some(1));
        let many = (0..100).filter_map(|n| unread.note(&n.to_string(), NOW)).count();
        assert_eq!(many, MAX_REASONS - 2);
    }

    #[test]
    fn what_alone_comes_is_the_feeds_trouble_until_something_is_read() {
        let mut unread = Unread::default();
        unread.note("it is not signed", NOW);
        let why = |unread: &Unread| unread.trouble("it is not signed").map(|trouble| trouble.why.to_string());
        assert_eq!(why(&unread).as_deref(), Some("everything is rejected: it is not signed"));
        unread.end();
        assert_eq!(why(&unread), None);
        unread.note("a", NOW);
        unread.note("a", NOW);
        assert_eq!(why(&unread), None, "two among many are none of the feed's");
        unread.note("a", NOW);
        assert!(why(&unread).is_some_and(|why| why.ends_with("(3 in a row)")));
    }

    #[test]
    fn records_that_always_come_between_others_are_no_trouble() {
        let mut unread = Unread::default();
        unread.end();
        let mut heartbeats = |many: u64| {
            (0..many).for_each(|_| assert_ne!(unread.note("no id", NOW), Some(0)));
            let is_trouble = unread.trouble("no id").is_some();
            unread.end();
            is_trouble
        };
        assert!(heartbeats(7), "nobody knows yet that this is usual");
        assert!(!heartbeats(7) && !heartbeats(9) && !heartbeats(7));
        assert!(heartbeats(30));
    }
}
