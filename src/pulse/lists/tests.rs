use super::*;

fn facts<'a>(author: u64, name: &'a str, followers: Option<u64>, reach: Option<Reach>) -> Facts<'a> {
    Facts {
        at: Time::from_secs(10),
        live: true,
        mood: None,
        mood_origin: None,
        followers,
        place: None,
        lang: None,
        emotions: &[],
        feed: None,
        author: Some((author, name)),
        handle: None,
        reach,
        terms: &[],
        whole: true,
        thinned: false,
        copy: false,
    }
}

fn drawn(all: &[Facts<'_>]) -> Ranked {
    let wanted = Wanted { authors: true, ..Wanted::default() };
    let mut lists = Lists::new(wanted, 10, 100, 0);
    all.iter().for_each(|facts| lists.count(facts));
    let mut ranked = Ranked::default();
    lists.draw(Time::from_secs(10), &Gaps::default(), None, &mut ranked, &mut AsOf::default());
    ranked
}

#[test]
fn unlike_reaches_are_neither_added_up_nor_compared() {
    let seen = |value| Some(Reach { value, kind: ReachKind::Impressions });
    let ranked = drawn(&[
        facts(1, "few", Some(10), seen(9_000_000)),
        facts(2, "many", Some(700), None),
        facts(3, "seen", None, seen(5_000_000)),
        facts(3, "seen", None, seen(4_000_000)),
        facts(2, "many", Some(800), None),
    ]);
    let told: Vec<_> = ranked.hour.reach.iter().map(|v| (&*v.name, v.reach.map(|r| r.value))).collect();
    assert_eq!(told, [("many", Some(800)), ("few", Some(10))]);
    let told: Vec<_> = ranked.hour.authors.iter().map(|v| (&*v.name, v.mentions)).collect();
    assert_eq!(told, [("many", 2), ("seen", 2), ("few", 1)]);
}

#[test]
fn who_is_not_to_be_named_is_counted_and_not_listed() {
    let ranked =
        drawn(&[facts(1, "", Some(10), None), facts(2, "two", None, None), facts(2, "", None, None)]);
    let told: Vec<_> = ranked.hour.authors.iter().map(|v| (&*v.name, v.mentions)).collect();
    assert_eq!(told, [("two", 2)]);
    assert!(ranked.hour.reach.is_empty());
}

#[test]
fn what_the_day_may_hold_is_shared_by_the_topics_and_fits_a_table() {
    assert_eq!([0, 1, 3, 4, 50, 1_000].map(|n| day_limit(0, n)), [3_584, 3_584, 3_584, 1_792, 1_792, 1_792]);
    assert_eq!((day_limit(1, 0), day_limit(1, 1), day_limit(3, 4)), (1_792, 1_792, 1_792));
    assert_eq!((day_limit(1, 8), day_limit(1, 50), day_limit(1, 1_000)), (896, 112, 112));
}
