//! When something is due that is done now and then.

use std::time::Duration;

use crate::clock::Time;

/// True once in every `period`.
pub fn is_turn(last: &mut Option<i64>, now: Time, period: Duration, offset: Duration) -> bool {
    let turn = (now + offset).0.div_euclid(period.as_nanos() as i64);
    last.replace(turn) != Some(turn)
}
