//! How much of a burst is only counted. While more comes than can be folded whole, all counts stay
//! exact and only one in [`WHOLE`] mentions gives its words to the lists of what people say.

use std::collections::VecDeque;

/// In a burst one of so many mentions is still folded with its words.
const WHOLE: u64 = 16;
/// The share is told of so many seconds.
const SECONDS: i64 = 60;

/// Counts what was thinned.
#[derive(Debug, Default)]
pub struct Thinning {
    /// More comes than can be folded whole.
    pressed: bool,
    turn: u64,
    total: u64,
    /// Second, mentions, thinned ones; at most [`SECONDS`].
    seconds: VecDeque<(i64, u64, u64)>,
}

impl Thinning {
    pub fn press(&mut self, pressed: bool) {
        self.pressed = pressed;
    }

    /// Whether the next mention, at the second `now`, is only counted; takes note of it.
    pub fn thins(&mut self, now: i64) -> bool {
        let thins = self.pressed && {
            self.turn += 1;
            !self.turn.is_multiple_of(WHOLE)
        };
        if self.seconds.back().is_none_or(|(second, ..)| *second != now) {
            self.seconds.push_back((now, 0, 0));
            self.seconds.retain(|(second, ..)| (now - SECONDS + 1..=now).contains(second));
        }
        if let Some((_, all, thinned)) = self.seconds.back_mut() {
            *all += 1;
            *thinned += u64::from(thins);
        }
        self.total += u64::from(thins);
        thins
    }

    /// Since the start.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Thinned ones of a hundred in the minute before `now`, rounded up to tens.
    pub fn percent(&self, now: i64) -> u8 {
        let recent = self.seconds.iter().filter(|(second, ..)| (now - SECONDS + 1..=now).contains(second));
        let (all, thinned) = recent.fold((0, 0), |sum, (_, all, thinned)| (sum.0 + all, sum.1 + thinned));
        (thinned * 10).div_ceil(all.max(1)) as u8 * 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_that_of_the_last_minute() {
        let mut thinning = Thinning::default();
        (0..1_000).for_each(|_| assert!(!thinning.thins(5)));
        assert_eq!(thinning.percent(5), 0);
        thinning.press(true);
        let whole = (0..1_600).filter(|_| !thinning.thins(6)).count();
        assert_eq!((whole, thinning.total(), thinning.percent(6)), (100, 1_500, 60));
        assert_eq!(thinning.percent(65), 100);
        assert_eq!(thinning.percent(66), 0);
        thinning.press(false);
        (0..500).for_each(|second| assert!(!thinning.thins(100 + second)));
        assert!(thinning.seconds.len() <= SECONDS as usize);
    }
}
