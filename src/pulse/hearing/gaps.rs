//! Seconds in which nothing was heard, as a stream sees them: all before it is known, and
//! stretches after.

use std::sync::Arc;

/// From one second to before another.
pub type Gap = (i64, i64);

/// A tenth of a step may be missing before what was counted in it says nothing.
const STEP_PARTS: i64 = 10;
/// Two windows are compared when of neither more than a hundredth is missing.
const WINDOW_PARTS: i64 = 100;

/// See the module. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Gaps {
    /// Nothing is known of the time before this second.
    since: i64,
    /// Ascending, apart from each other.
    deaf: Arc<[Gap]>,
    /// A part of them that is yet to be told.
    untold: Gap,
}

impl Gaps {
    pub fn new(since: i64, deaf: Arc<[Gap]>) -> Self {
        Self { since, deaf, untold: Gap::default() }
    }

    /// The same of which a part is yet to be told.
    pub fn with_untold(self, untold: Gap) -> Self {
        Self { untold, ..self }
    }

    /// The same of what is known from another second on.
    pub fn since(&self, since: i64) -> Self {
        Self { since, ..self.clone() }
    }

    /// What is yet to be told.
    pub fn untold(&self) -> Gap {
        self.untold
    }

    /// All before this second is unknown.
    pub fn known_since(&self) -> i64 {
        self.since
    }

    /// Whether both tell the same, as far as that is seen at a glance.
    pub fn is_same(&self, other: &Self) -> bool {
        self.since == other.since && Arc::ptr_eq(&self.deaf, &other.deaf)
    }

    /// The gaps that touch the time from `from` to before `end`, cut to it.
    pub fn within(&self, from: i64, end: i64) -> impl Iterator<Item = Gap> {
        let start = self.since.clamp(from, end.max(from));
        let first = self.deaf.partition_point(|gap| gap.1 <= start);
        let rest = self.deaf[first..].iter().take_while(move |gap| gap.0 < end);
        let rest = rest.map(move |gap| (gap.0.max(start), gap.1.min(end)));
        std::iter::once((from, start)).chain(rest).filter(|(from, end)| from < end)
    }

    /// Seconds of the time from `from` to before `end` that were heard.
    pub fn known(&self, from: i64, end: i64) -> i64 {
        (end - from).max(0) - self.within(from, end).map(|(from, end)| end - from).sum::<i64>()
    }

    /// The first second of that time that was heard; `end` when none was.
    pub fn first_known(&self, from: i64, end: i64) -> i64 {
        self.within(from, end).fold(from, |first, gap| if gap.0 <= first { gap.1 } else { first })
    }

    /// Whether so much of that time was heard that what was counted in it can be compared.
    pub fn is_whole(&self, from: i64, end: i64) -> bool {
        from >= self.since && (end - from - self.known(from, end)) * WINDOW_PARTS <= end - from
    }

    /// Of `count` steps of `secs` seconds from the step `first` on, those of which too little was
    /// heard, as ranges of places.
    pub fn steps(&self, first: i64, count: i64, secs: i64) -> Vec<(u32, u32)> {
        let (from, end) = (first * secs, (first + count) * secs);
        let mut runs: Vec<(u32, u32)> = Vec::new();
        let mut missed = (0, 0);
        for (a, b) in self.within(from, end) {
            for step in (a - from) / secs..=(b - 1 - from) / secs {
                let start = from + step * secs;
                let here = b.min(start + secs) - a.max(start);
                missed = (step, if missed.0 == step { missed.1 + here } else { here });
                if missed.1 * STEP_PARTS > secs {
                    add(&mut runs, step as u32);
                }
            }
        }
        runs
    }
}

/// Adds a place that is not before the last one.
fn add(runs: &mut Vec<(u32, u32)>, place: u32) {
    match runs.last_mut().filter(|(_, end)| place <= *end) {
        Some(last) => last.1 = last.1.max(place + 1),
        None => runs.push((place, place + 1)),
    }
}

/// What lies in both of two lists.
pub fn both(a: &[Gap], b: &[Gap]) -> Vec<Gap> {
    let (mut i, mut j, mut all) = (0, 0, Vec::new());
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        let (from, end) = (x.0.max(y.0), x.1.min(y.1));
        if from < end {
            all.push((from, end));
        }
        if x.1 <= y.1 { i += 1 } else { j += 1 }
    }
    all
}

/// What lies in either of two lists.
pub fn either(a: &[Gap], b: &[Gap]) -> Vec<Gap> {
    let mut every: Vec<Gap> = a.iter().chain(b).copied().filter(|gap| gap.0 < gap.1).collect();
    every.sort_unstable();
    let mut all: Vec<Gap> = Vec::new();
    for gap in every {
        match all.last_mut().filter(|last| gap.0 <= last.1) {
            Some(last) => last.1 = last.1.max(gap.1),
            None => all.push(gap),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn gaps(since: i64, deaf: &[Gap]) -> Gaps {
        Gaps::new(since, deaf.into())
    }

    #[test]
    fn a_window_knows_what_it_did_not_hear() {
        let gaps = gaps(100, &[(50, 110), (200, 230), (290, i64::MAX)]);
        assert_eq!(gaps.within(0, 300).collect::<Vec<_>>(), [(0, 100), (100, 110), (200, 230), (290, 300)]);
        assert_eq!((gaps.known(0, 300), gaps.known(205, 220), gaps.known(300, 400)), (150, 0, 0));
        assert_eq!((gaps.first_known(0, 300), gaps.first_known(120, 300)), (110, 120));
        assert_eq!((gaps.first_known(205, 220), gaps.first_known(295, 300)), (220, 300));
        assert!(gaps.is_whole(110, 200) && !gaps.is_whole(110, 210) && !gaps.is_whole(90, 200));
        assert!(Gaps::new(0, [(50, 51)].into()).is_whole(0, 100), "a hundredth may be missing");
    }

    #[test]
    fn a_step_is_unknown_when_more_than_a_tenth_of_it_is_missing() {
        let gaps = gaps(6_000, &[(6_065, 6_068), (6_100, 6_104), (6_130, 6_190)]);
        assert_eq!(gaps.steps(98, 6, 60), [(0, 2), (3, 6)]);
        assert_eq!(gaps.steps(6_060, 10, 1), [(5, 8)]);
    }

    fn list() -> impl Strategy<Value = Vec<Gap>> {
        prop::collection::vec((0..60_i64, 1..9_i64), 0..8).prop_map(|all| {
            let all: Vec<Gap> = all.into_iter().map(|(from, length)| (from, from + length)).collect();
            either(&all, &[])
        })
    }

    fn has(list: &[Gap], second: i64) -> bool {
        list.iter().any(|gap| (gap.0..gap.1).contains(&second))
    }

    proptest! {
        #[test]
        fn lists_are_what_their_seconds_say(a in list(), b in list(), since in 0..70_i64) {
            let (both, either) = (both(&a, &b), either(&a, &b));
            prop_assert!(both.windows(2).all(|w| w[0].1 <= w[1].0) && either.windows(2).all(|w| w[0].1 < w[1].0));
            let gaps = Gaps::new(since, either.clone().into());
            let known = |s: &i64| *s >= since && !has(&either, *s);
            prop_assert_eq!(gaps.known(0, 70), (0..70).filter(known).count() as i64);
            prop_assert_eq!(gaps.first_known(0, 70), (0..70).find(known).unwrap_or(70));
            let steps = gaps.steps(0, 10, 7);
            for second in 0..70 {
                prop_assert_eq!(has(&both, second), has(&a, second) && has(&b, second));
                prop_assert_eq!(has(&either, second), has(&a, second) || has(&b, second));
            }
            for step in 0..10 {
                let missing = (step * 7..step * 7 + 7).filter(|s| !known(s)).count();
                let told = steps.iter().any(|(from, end)| (*from..*end).contains(&(step as u32)));
                prop_assert_eq!(told, missing * 10 > 7);
            }
        }
    }
}
