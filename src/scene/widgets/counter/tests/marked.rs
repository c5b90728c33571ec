//! Goals, limits, and groups of counters.

use super::*;

fn words(list: &List) -> Vec<String> {
    let all =
        digits(list).into_iter().map(|(text, ..)| text.replace(crate::scene::widgets::figures::THIN, " "));
    all.filter(|text| text.chars().count() > 1).collect()
}

#[test]
fn a_goal_and_a_limit_are_told_in_words_and_the_number_changes_colour_beyond_a_limit() {
    let told = |spec: CounterTable| {
        let mut stage = Stage::new(500.0, 300.0);
        told(&mut stage, &[745_123], Duration::from_secs(1));
        let list = stage.both(&mut Counter::new(&spec, &stage.wall));
        let alarmed = list
            .items
            .iter()
            .any(|item| matches!(item, Item::Text { color, .. } if *color == stage.theme.alarm));
        (words(&list), alarmed)
    };
    let plain = counter(Metric::Mentions);
    let goal = |n| told(CounterTable { goal: Some(n), ..plain.clone() });
    assert_eq!(goal(1_000_000.0), (vec!["74 % of 1 000 000".into()], false));
    assert_eq!(goal(745_123.0), (vec!["goal reached".into()], false));
    let over = told(CounterTable { warn_above: Some(745_000.0), ..plain.clone() });
    assert_eq!(over, (vec!["over 745 000".into()], true));
    let within = told(CounterTable { warn_above: Some(746_000.0), ..plain.clone() });
    assert_eq!(within, (vec!["limit 746 000".into()], false));
}

#[test]
fn what_nobody_knows_reaches_no_mark() {
    let mut stage = Stage::new(500.0, 300.0);
    stage.snapshot.all = Default::default();
    let spec = CounterTable { goal: Some(1.0), warn_below: Some(500.0), ..counter(Metric::Mentions) };
    let mut widget = Counter::new(&spec, &stage.wall);
    let list = stage.both(&mut widget);
    assert_eq!(words(&list), ["goal 1"]);
    let colored = |item: &Item| matches!(item, Item::Rect { color, .. } if *color == stage.theme.accent);
    assert!(!list.items.iter().any(colored), "{list}");
}

#[test]
fn counters_of_a_group_have_digits_of_one_size() {
    let topics = ["aurora", "borealis", "support"].map(str::to_owned).to_vec();
    let spec = CounterTable { topics, ..counter(Metric::Mentions) };
    for (w, h) in crate::scene::widgets::fill::SIZES {
        let mut stage = Stage::new(w, h);
        let list = stage.both(&mut spec.group(&stage.wall));
        let sizes = list.items.iter().filter_map(|item| match item {
            Item::Text { shaped, .. } if shaped.setting.text.chars().all(|c| c.is_ascii_digit()) => {
                Some((shaped.setting.size * 100.0).round() as u32)
            }
            _ => None,
        });
        let sizes: std::collections::BTreeSet<u32> = sizes.collect();
        assert_eq!(sizes.len(), 1, "{w} × {h}: {list}");
        let named = words(&list).iter().filter(|word| topics_named(word)).count();
        assert!(named == 3 || (named > 0 && h < 200.0), "{w} × {h}: {named} of 3: {list}");
    }
    fixture::assert_legible_at_every_size(|wall| Box::new(spec.group(wall)), None);
}

fn topics_named(word: &str) -> bool {
    ["Aurora", "Borealis", "Support"].contains(&word)
}
