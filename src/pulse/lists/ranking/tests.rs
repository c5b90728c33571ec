use std::collections::HashMap;

use proptest::prelude::*;

use super::*;

fn one(name: u64, form: &str, at: i64, mood: Option<f32>) -> Use<'_> {
    Use { name, form, at, mood, own: true }
}

fn count(ranking: &Ranking, span: Span, form: &str) -> u32 {
    ranking
        .top(9, |entry| (entry.form() == form).then(|| entry.count(span)))
        .first()
        .map_or(0, |e| e.count(span))
}

#[test]
fn above_the_limit_counts_are_floors_with_a_stated_error_and_what_is_used_often_is_there() {
    let mut ranking = Ranking::new(0, Some(100));
    let uses = 10 * LIMIT as u64;
    for i in 0..uses {
        let at = (i * 3_299 / uses) as i64;
        ranking.advance(at);
        ranking.used(one(1_000_000 + i, "rare", at, None));
        ranking.used(one(1, "often", at, Some(0.5)));
        assert!(ranking.total.len() <= 12 * LIMIT + 96 * 100);
    }
    assert_eq!(ranking.missed(Span::Hour), 0, "fewer names than the limit in each bucket");
    for i in 0..4 * uses {
        ranking.used(one(2_000_000 + i % (uses / 2), "rare", 3_299, None));
        ranking.used(one(1, "often", 3_299, Some(0.5)));
    }
    let truth = 5 * uses as u32;
    for span in [Span::Hour, Span::Day] {
        let told = count(&ranking, span, "often");
        assert!(ranking.missed(span) > 0);
        assert!(told <= truth && told + ranking.missed(span) >= truth, "{told} {}", ranking.missed(span));
    }
    assert_eq!(ranking.top(1, |e| Some(e.count(Span::Hour)))[0].mood(Span::Hour), Some(0.5));
}

#[test]
fn the_windows_pass_and_late_uses_count_in_their_own_time() {
    let mut ranking = Ranking::new(0, Some(100));
    ranking.advance(3_500);
    assert!(ranking.used(one(1, "late", 100, Some(1.0))).is_some());
    assert!(ranking.used(one(1, "late", 3_400, Some(-1.0))).is_some());
    assert!(ranking.used(one(1, "ahead", 4_700, None)).is_none());
    assert!(ranking.used(one(1, "too late", -90_000, None)).is_none());
    assert_eq!((count(&ranking, Span::Hour, "late"), count(&ranking, Span::Day, "late")), (2, 2));
    ranking.advance(3_600);
    assert_eq!((count(&ranking, Span::Hour, "late"), count(&ranking, Span::Day, "late")), (1, 2));
    ranking.advance(86_400 - 300);
    assert_eq!((count(&ranking, Span::Hour, "late"), count(&ranking, Span::Day, "late")), (0, 2));
    ranking.advance(86_400);
    assert_eq!(count(&ranking, Span::Day, "late"), 1);
    ranking.advance(900_000);
    assert_eq!(ranking.total.len(), 0);
}

#[test]
fn what_is_taken_back_leaves_and_what_is_only_unnamed_stays_counted() {
    let mut ranking = Ranking::new(0, Some(100));
    ranking.used(one(1, "word", 10, Some(0.5)));
    ranking.used(one(1, "word", 20, None));
    ranking.unused(1, 10, Some(0.5), true);
    let entry = ranking.entry(1).expect("used once more");
    assert_eq!((entry.count(Span::Day), entry.own(Span::Hour), entry.mood(Span::Hour)), (1, 1, None));
    ranking.unused(1, 20, None, true);
    ranking.unused(1, 20, None, true);
    assert!(ranking.entry(1).is_none(), "nothing is left of it");
    ranking.used(one(2, "Jo", 10, None));
    ranking.unnamed(2, 10);
    let jo = ranking.entry(2).expect("still counted");
    assert_eq!((jo.count(Span::Hour), jo.own(Span::Hour)), (1, 0));
}

#[test]
fn a_capital_that_begins_sentences_is_no_spelling() {
    let mut ranking = Ranking::new(0, None);
    let written = [(1, "Update", 8), (1, "update", 2), (2, "Berlin", 9), (2, "berlin", 2), (3, "GPS", 1)];
    for (name, form, times) in written {
        for _ in 0..times {
            ranking.used(one(name, form, 0, None));
        }
    }
    let top = ranking.top(9, |entry| Some(entry.count(Span::Hour)));
    assert_eq!(top.into_iter().map(Entry::word_form).collect::<Vec<_>>(), ["Berlin", "update", "GPS"]);
}

#[test]
fn a_name_is_spelled_as_most_do() {
    let mut ranking = Ranking::new(0, None);
    let forms = ["a", "B", "c", "d", "E", "E", "B", "B", "E", "E"];
    forms.iter().for_each(|form| {
        ranking.used(one(7, form, 0, None));
    });
    assert_eq!(ranking.entry(7).map(Entry::form), Some("E"));
}

proptest! {
    /// Below the limit every count is that of a recount, whatever comes late, goes and is taken back.
    #[test]
    fn below_the_limit_a_recount_says_the_same(
        steps in prop::collection::vec((0..40_u64, 0..20_000_i64, 0..3_000_i64, prop::bool::weighted(0.2)), 1..300),
    ) {
        let (mut ranking, mut told, mut now) = (Ranking::new(0, Some(1_792)), Vec::new(), 0);
        for (name, late, passed, taken) in steps {
            now += passed;
            ranking.advance(now);
            ranking.used(one(name, "x", now - late, None));
            told.push((name, now - late, now));
            if taken {
                let (name, at, _) = told.swap_remove(told.len() / 2);
                ranking.unused(name, at, None, true);
            }
        }
        for (span, step, buckets) in [(Span::Hour, 300, 12), (Span::Day, 900, 96)] {
            let mut counts = HashMap::<u64, u32>::new();
            for (name, at, _) in &told {
                if at.div_euclid(step) > now.div_euclid(step) - buckets {
                    *counts.entry(*name).or_default() += 1;
                }
            }
            for name in 0..40 {
                let told = ranking.entry(name).map_or(0, |entry| entry.count(span));
                prop_assert_eq!(told, counts.get(&name).copied().unwrap_or(0));
            }
            prop_assert_eq!(ranking.missed(span), 0);
        }
    }
}
