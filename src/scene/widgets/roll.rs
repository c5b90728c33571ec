//! How the digits of a number roll: which column rolls, from what, since when. A pure function of
//! the counts of the last moments.

use std::time::Duration;

use super::figures::{COLUMNS, Figure};
use crate::clock::Time;
use crate::layout::wall::Motion;
use crate::pulse::snapshot::RECENT;
use crate::scene::ease;

/// How long a digit rolls in full motion.
const ROLL: Duration = Duration::from_millis(400);

/// One column of a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    pub shown: char,
    /// The roll that it is in, or was in last.
    pub roll: Option<Roll>,
    /// When it changed last; `None` for longer ago than is remembered.
    pub changed: Option<Time>,
}

/// A digit on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Roll {
    pub from: char,
    pub since: Time,
    /// True when the number grew: digits move upwards.
    pub up: bool,
}

/// How long a digit rolls; zero when nothing may move.
pub const fn length(motion: Motion) -> Duration {
    match motion {
        Motion::Full => ROLL,
        Motion::Calm => ROLL.saturating_mul(2),
        Motion::Still => Duration::ZERO,
    }
}

/// What each column shows after `history` (oldest first; the number's size decides the
/// direction). A column that changes again within `length` is too fast to follow: it cuts. For
/// that the history must reach back twice `length`.
pub fn columns(history: impl Iterator<Item = (Time, f64, Figure)>, length: Duration) -> [Column; COLUMNS] {
    let mut state = [Column::standing(' '); COLUMNS];
    let mut before: Option<(f64, Figure)> = None;
    for (at, size, figure) in history {
        let known = before.filter(|(_, old)| old.tail == figure.tail);
        if known.is_some_and(|(_, old)| old == figure) {
            continue;
        }
        for (past, shown) in state.iter_mut().zip(figure.columns) {
            match (known, before) {
                (Some((old_size, _)), _) => past.change(shown, at, size >= old_size, length),
                (None, Some(_)) => *past = Column::cut(shown, at),
                (None, None) => *past = Column::standing(shown),
            }
        }
        before = Some((size, figure));
    }
    state
}

impl Column {
    /// A column that has not changed.
    pub const fn standing(shown: char) -> Self {
        Self { shown, changed: None, roll: None }
    }

    /// A column that has changed without a roll.
    pub const fn cut(shown: char, at: Time) -> Self {
        Self { shown, changed: Some(at), roll: None }
    }

    fn change(&mut self, shown: char, at: Time, up: bool, length: Duration) {
        if shown == self.shown {
            return;
        }
        let calm = self.changed.is_none_or(|last| at.since(last) >= length);
        let roll = Roll { from: self.shown, since: at, up };
        *self = Self { shown, changed: Some(at), roll: (calm && !length.is_zero()).then_some(roll) };
    }

    /// True when it has not changed for as long as changes are remembered, and so has long done
    /// with rolling.
    pub fn rests(&self, now: Time) -> bool {
        self.changed.is_none_or(|at| at + RECENT <= now)
    }

    /// How far its roll has come, eased, 0 to 1; `None` at rest.
    pub fn progress(&self, now: Time, length: Duration) -> Option<(Roll, f32)> {
        let roll = self.roll?;
        let t = now.progress(roll.since, length);
        (t < 1.0).then(|| (roll, ease::in_out(t)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ms(t: u64) -> Time {
        Time::from_secs(1_000) + Duration::from_millis(t)
    }

    fn after(steps: &[(u64, u64)]) -> [Column; COLUMNS] {
        let history = steps.iter().map(|&(t, n)| (ms(t), n as f64, Figure::exact(n)));
        columns(history, length(Motion::Full))
    }

    #[test]
    fn only_the_digits_that_differ_roll() {
        let c = after(&[(0, 1_234), (1_000, 1_239)]);
        let roll = c[COLUMNS - 1].roll;
        assert_eq!(roll, Some(Roll { from: '4', since: ms(1_000), up: true }));
        assert!(c[..COLUMNS - 1].iter().all(|c| c.roll.is_none()));
    }

    #[test]
    fn nine_rolls_on_to_nought() {
        let c = after(&[(0, 9_999), (1_000, 10_000)]);
        assert_eq!(c[COLUMNS - 1].shown, '0');
        assert_eq!(c[COLUMNS - 1].roll.map(|r| (r.from, r.up)), Some(('9', true)));
        assert_eq!(c[COLUMNS - 6].roll.map(|r| r.from), Some(' '));
        let back = after(&[(0, 10_000), (1_000, 9_999)]);
        assert_eq!(back[COLUMNS - 1].roll.map(|r| (r.from, r.up)), Some(('0', false)));
    }

    #[test]
    fn what_changes_too_fast_is_cut_and_does_not_roll_later() {
        let c = after(&[(0, 1), (1_000, 2), (1_300, 3)]);
        assert_eq!((c[COLUMNS - 1].shown, c[COLUMNS - 1].roll), ('3', None));
        let c = after(&[(0, 1), (1_000, 2), (1_400, 3)]);
        assert!(c[COLUMNS - 1].roll.is_some());
    }

    #[test]
    fn another_unit_is_a_cut() {
        let history = [(0, 999_999), (1_000, 1_000_000)];
        let figures = history.iter().map(|&(t, n)| (ms(t), n as f64, Figure::compact(n)));
        assert!(columns(figures, length(Motion::Full)).iter().all(|c| c.roll.is_none()));
    }

    #[test]
    fn stillness_is_a_cut() {
        let history = [(0, 1), (1_000, 2)].map(|(t, n)| (ms(t), n as f64, Figure::exact(n)));
        let c = columns(history.into_iter(), length(Motion::Still));
        assert_eq!((c[COLUMNS - 1].shown, c[COLUMNS - 1].roll), ('2', None));
    }

    proptest! {
        #[test]
        fn a_roll_is_monotone_and_settles(times in proptest::collection::vec(0u64..900, 2..20)) {
            let c = after(&[(0, 41), (200, 42)])[COLUMNS - 1];
            let mut sorted = times;
            sorted.sort_unstable();
            let way: Vec<f32> =
                sorted.iter().map(|&t| c.progress(ms(t), ROLL).map_or(1.0, |(_, e)| e)).collect();
            prop_assert!(way.windows(2).all(|w| w[0] <= w[1]), "{:?}", way);
            prop_assert_eq!(c.progress(ms(600), ROLL), None);
        }
    }
}
