//! Which terms rise: used more in the last quarter of an hour than their own past lets expect.
//!
//! A term that took a share `K/N` of the mentions of the day before would now, of `n` mentions,
//! be in `e = n·K/N`. Of a term that is in `k` of them, the true lift over `e` is believed to be
//! Gamma(1 + k, 1 + e): a prior worth one expected use at the usual rate shrinks what is rare
//! (DuMouchel, The American Statistician 53, 1999; there the parameters are fitted). What is told is
//! the value that the lift exceeds with 95 % probability, by Wilson and Hilferty's cube root (PNAS
//! 17, 1931): within 1 % from three uses on. So three uses of a new word are a lift of 1.4, thirty
//! are one of 22, and a word that is always there rises when it is said much more often.
//!
//! Shares are compared, not rates: in the morning everything is said more often, and nothing rises
//! by that. Copies of a text count as the one text.

use std::sync::Arc;

use crate::clock::Time;
use crate::pulse::hearing::gaps::Gaps;
use crate::pulse::lists::names::Kinds;
use crate::pulse::lists::ranking::{Entry, Ranking, Span};
use crate::pulse::lists::ranks::Rising;

/// Longest list.
pub const MOST: usize = 40;
/// Fewest uses in the last quarter of an hour.
pub const FEWEST: u32 = 5;
/// Least lift.
pub const LEAST: f32 = 2.0;
/// The past must be known for so long before the last quarter of an hour, seconds.
pub const PAST: i64 = 2_700;
/// Seconds of the time that is compared.
const DAY: i64 = 86_400;
/// Buckets of five minutes that are compared with the past.
const LATELY: i64 = 3;
/// The 95 % quantile of the normal distribution.
const Z: f32 = 1.645;

/// The lift that is exceeded with 95 % probability, for `count` uses where `usual` were expected.
pub fn lift(count: f32, usual: f32) -> f32 {
    let (shape, rate) = (1.0 + count, 1.0 + usual);
    let root = 1.0 - 1.0 / (9.0 * shape) - Z / (3.0 * shape.sqrt());
    shape / rate * root.max(0.0).powi(3)
}

/// Whether there is a past to compare at the second `now`.
pub fn has_past(now: i64, gaps: &Gaps) -> bool {
    gaps.known(now - DAY, now) >= PAST + LATELY * 300
}

/// The terms of `ranking` of the wanted kinds that rise, with `spelled` saying how an entry is
/// written; most lifted first.
pub fn rising(ranking: &Ranking, kinds: Kinds, spelled: impl Fn(&Entry) -> Arc<str>) -> Vec<Rising> {
    let (names, lately) = ranking.lately(LATELY);
    let before = ranking.mentions().saturating_sub(lately);
    if before == 0 {
        return Vec::new();
    }
    let ratio = lately as f32 / before as f32;
    let many = names.into_iter().filter(|(_, count)| *count >= FEWEST);
    let known = many.filter_map(|(name, count)| Some((ranking.entry(name)?, count)));
    let rise = |(entry, count): (&Entry, u32)| {
        let past = entry.own(Span::Day).saturating_sub(count);
        let usual = past as f32 * ratio;
        let lift = lift(count as f32, usual);
        let since = (past == 0).then(|| Time::from_secs(entry.first));
        (lift >= LEAST).then(|| Rising { text: spelled(entry), kind: entry.kind, count, usual, lift, since })
    };
    let mut all: Vec<Rising> = known.filter(|(entry, _)| kinds.has(entry.kind)).filter_map(rise).collect();
    sort(&mut all);
    all
}

/// Most lifted first, at most [`MOST`].
pub fn sort(all: &mut Vec<Rising>) {
    all.sort_by(|a, b| b.lift.total_cmp(&a.lift).then_with(|| a.text.cmp(&b.text)));
    all.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::lists::ranking::Use;
    use crate::pulse::lists::ranks::TermKind;

    fn of(said: &[(u64, &str, u32, u32)]) -> Vec<Rising> {
        let now = 30_000;
        let mut ranking = Ranking::new(now, Some(100));
        for (name, form, before, lately) in said {
            let past = (0..*before).map(|i| 10_000 + i64::from(i) * 7 % 15_000);
            let new = (0..*lately).map(|i| now - 300 + i64::from(i) % 300);
            for at in past.chain(new) {
                let used = ranking.used(Use { name: *name, form, at, mood: None, own: true });
                used.expect("within a day").kind = TermKind::Word;
            }
        }
        (0..2_000).for_each(|i| ranking.said(10_000 + i * 7));
        (0..100).for_each(|i| ranking.said(now - i));
        rising(&ranking, Kinds::of(&[TermKind::Word]), |entry| entry.form().into())
    }

    #[test]
    fn three_uses_of_a_new_word_do_not_win_and_thirty_do() {
        let all =
            of(&[(1, "three", 0, 3), (2, "four", 0, 4), (3, "thirty", 0, 30), (4, "steady", 1_000, 50)]);
        let told: Vec<_> = all.iter().map(|r| (&*r.text, r.count, r.since.is_some())).collect();
        assert_eq!(told, [("thirty", 30, true)]);
        assert!((all[0].lift - 22.0).abs() < 1.0, "{}", all[0].lift);
    }

    #[test]
    fn an_old_word_rises_by_its_own_past() {
        let all = of(&[(1, "common", 1_000, 90), (2, "threefold", 200, 30), (3, "fourfold", 400, 80)]);
        let told: Vec<_> = all.iter().map(|r| (&*r.text, r.count, r.usual, r.since)).collect();
        assert_eq!(told, [("fourfold", 80, 20.0, None), ("threefold", 30, 10.0, None)]);
    }

    #[test]
    fn the_lift_is_what_the_quantile_of_the_gamma_distribution_says() {
        // The exact 5 % quantiles of Gamma(6, 1), Gamma(31, 1.2) and Gamma(301, 101).
        for (count, usual, exact) in [(5.0, 0.0, 2.6130), (30.0, 0.2, 18.7038), (300.0, 100.0, 2.7034)] {
            let told = lift(count, usual);
            assert!((told / exact - 1.0).abs() < 0.01, "{told} {exact}");
        }
        assert!(lift(0.0, 1e9) < 1e-6);
    }

    #[test]
    fn without_an_hour_of_past_nothing_can_be_said() {
        let heard = Gaps::new(0, [(100, 700)].into());
        assert!(!has_past(4_199, &heard) && has_past(4_200, &heard));
    }
}
