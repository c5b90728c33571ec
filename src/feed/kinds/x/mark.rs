//! What an X feed keeps over restarts: how far it has come, and how many posts the day has cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::feed::error::{FailureKind, FeedError};

/// Milliseconds from 1970 to the beginning of X's time, 2010-11-04T01:42:54.657Z.
const X_EPOCH_MS: i64 = 1_288_834_974_657;
/// Bits of an id below its milliseconds.
const ID_SHIFT: u32 = 22;
/// The first id that was made of a time.
const FIRST_ID: u64 = 29_700_859_247;
const DAY_S: i64 = 86_400;

/// The cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Mark {
    /// The greatest id that was had; 0 for none.
    pub newest: u64,
    /// The day (since 1970, UTC) that `read` belongs to.
    day: i64,
    /// Posts read on that day.
    read: u64,
}

impl Mark {
    /// The mark of a cursor; what is none begins anew.
    pub fn read(cursor: &str) -> Self {
        serde_json::from_str(cursor).unwrap_or_default()
    }

    pub fn written(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Counts posts that were read, each of which costs.
    pub fn count(&mut self, posts: u64, now: Time) {
        self.turn(now);
        self.read = self.read.saturating_add(posts);
    }

    /// Whether half of the day's `budget` is used up: a gap must not take the other half, too.
    pub fn is_half_spent(&self, budget: u64) -> bool {
        self.read >= budget / 2
    }

    fn turn(&mut self, now: Time) {
        let today = now.as_secs().div_euclid(DAY_S);
        if self.day != today {
            (self.day, self.read) = (today, 0);
        }
    }

    /// Fails when the day's `budget` is used up. What is said until midnight is not had later,
    /// because that would use up the next day's.
    pub fn afford(&mut self, budget: u64, now: Time) -> Result<(), FeedError> {
        self.turn(now);
        if self.read < budget {
            return Ok(());
        }
        self.newest = 0;
        let left = DAY_S - now.as_secs().rem_euclid(DAY_S);
        let why = format!(
            "the {budget} posts of today (`max_posts_per_day`) are used up; resuming at 00:00 UTC, in {} h {} min",
            left / 3_600,
            left % 3_600 / 60
        );
        Err(FeedError::of(FailureKind::Throttled, why).after(Some(Duration::from_secs(left.unsigned_abs()))))
    }
}

/// When the post with this id was made.
pub(super) fn made_at(id: u64) -> Time {
    let ms = i64::try_from(id >> ID_SHIFT).unwrap_or_default() + X_EPOCH_MS;
    Time::from_micros(ms.saturating_mul(1_000))
}

/// When a post was made, by its id; ids of before November 2010 tell nothing.
pub(super) fn told_by(id: &str) -> Option<Time> {
    id.parse().ok().filter(|id| *id >= FIRST_ID).map(made_at)
}

/// The id that a post made `before` that one would have.
pub(super) fn earlier(id: u64, before: Duration) -> u64 {
    id.saturating_sub(u64::try_from(before.as_millis()).unwrap_or(u64::MAX) << ID_SHIFT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Time = Time::from_secs(1_800_014_400);

    #[test]
    fn ids_tell_their_time() {
        // 2021-01-06T18:40:40Z, as X's documentation shows this post.
        assert_eq!(made_at(1_346_889_436_626_259_968).as_secs(), 1_609_958_440);
        let id = 1_346_889_436_626_259_968;
        assert_eq!(made_at(id).since(made_at(earlier(id, Duration::from_secs(30)))), Duration::from_secs(30));
        assert_eq!(earlier(5, Duration::from_secs(30)), 0);
    }

    #[test]
    fn a_budget_is_used_up_until_midnight_and_over_restarts() {
        let mut mark = Mark { newest: 7, ..Mark::default() };
        mark.count(49, NOON);
        assert!(!mark.is_half_spent(100));
        mark.count(50, NOON);
        assert!(mark.is_half_spent(100) && mark.afford(100, NOON).is_ok());
        mark.count(1, NOON);
        let mut mark = Mark::read(&mark.written());
        let Err(FeedError::Failed { fault, why, wait }) = mark.afford(100, NOON) else {
            panic!("it is used up")
        };
        assert_eq!((fault, wait), (FailureKind::Throttled, Some(Duration::from_secs(12 * 3_600))));
        assert!(why.contains("100 posts") && why.contains("in 12 h 0 min"), "{why}");
        assert_eq!(mark.newest, 0, "the night is not read at the next day's cost");
        assert!(mark.afford(100, NOON + Duration::from_secs(43_200)).is_ok());
    }

    #[test]
    fn what_is_no_cursor_begins_anew() {
        for nonsense in ["", "12", "null", "{\"newest\":-1}", "{\"newest\":\"x\"}"] {
            assert_eq!(Mark::read(nonsense), Mark::default(), "{nonsense}");
        }
    }
}
