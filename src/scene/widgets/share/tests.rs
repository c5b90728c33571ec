use super::*;
use crate::pulse::snapshot::PartCounts;
use crate::scene::widgets::fixture::{self, Stage};

#[test]
fn every_topic_has_its_bar_and_together_they_are_a_hundred() {
    let mut stage = Stage::new(560.0, 300.0);
    let mut widget = Share::new(&ShareTable::default(), &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn names_stand_above_their_bars_in_a_narrow_tile() {
    let mut stage = Stage::new(240.0, 360.0);
    let mut widget = Share::new(&ShareTable::default(), &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn topics_without_room_are_told_together() {
    let mut stage = Stage::new(560.0, 190.0);
    let mut widget = Share::new(&ShareTable::default(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    assert!(list.contains("\"Aurora\"") && list.contains("\"2 others\""), "{list}");
    assert!(!list.contains("Borealis"), "{list}");
}

#[test]
fn without_a_mention_nothing_is_claimed() {
    let mut stage = Stage::new(560.0, 300.0);
    stage.snapshot.topics.iter_mut().for_each(|t| *t = Default::default());
    let mut widget = Share::new(&ShareTable::default(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    assert!(list.contains("\"–\"") && !list.contains('%'), "{list}");
}

#[test]
fn a_topic_that_was_taken_away_does_no_harm() {
    let mut stage = Stage::new(560.0, 300.0);
    let spec = ShareTable { topics: vec!["nobody".into()], ..ShareTable::default() };
    let mut widget = Share::new(&spec, &stage.wall);
    stage.still(&mut widget);
}

#[test]
fn it_is_legible_in_every_tile() {
    fixture::assert_legible_at_every_size(|wall| Box::new(Share::new(&ShareTable::default(), wall)), None);
}

#[test]
fn only_what_changed_is_painted_again() {
    fixture::assert_key_tells(|wall| Box::new(Share::new(&ShareTable::default(), wall)), None);
}

/// Everything, divided: English twice as much as Japanese, a fifth unknown.
fn divided(stage: &mut Stage, languages: &[(&str, u64)], unknown: u64) {
    let counts = |n: u64| PartCounts([n; 9]);
    let part = |(name, n): &(&str, u64)| Portion { name: (*name).into(), counts: counts(*n) };
    let languages = Breakdown {
        parts: languages.iter().map(part).collect(),
        unknown: counts(unknown),
        ..Breakdown::default()
    };
    stage.snapshot.all.breakdown = Some(Breakdowns { languages, ..Breakdowns::default() }.into());
}

fn by_language() -> ShareTable {
    ShareTable { by: Parts::Language, ..ShareTable::default() }
}

#[test]
fn a_stream_is_divided_by_what_is_known_of_it_the_largest_first() {
    let mut stage = Stage::new(560.0, 300.0);
    divided(&mut stage, &[("en", 800), ("ja", 400), ("tlh", 0)], 300);
    let mut widget = Share::new(&by_language(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    let (english, japanese) = (list.find("\"English\""), list.find("\"Japanese\""));
    assert!(english.is_some() && english < japanese && !list.contains("tlh"), "{list}");
    assert!(list.contains("67") && list.contains("33"), "{list}");
    let told = stage.caption(&mut widget)[0].replace(THIN, " ");
    assert_eq!(told, "of the 80 % of mentions whose language is known, last hour");
    divided(&mut stage, &[], 300);
    let list = stage.still(&mut widget).to_string();
    assert!(!list.contains('%') && list.contains("language unknown, last hour"), "{list}");
    assert!(stage.caption(&mut widget).is_empty(), "it is not said twice");
}

#[test]
fn more_parts_than_there_is_room_for_are_told_together() {
    let mut stage = Stage::new(560.0, 250.0);
    let many: Vec<(&str, u64)> = ["en", "ja", "de", "fr", "pt", "es", "it", "ko", "ar", "tr", "nl", "pl"]
        .into_iter()
        .zip((1..=12).rev().map(|n| n * 100))
        .collect();
    divided(&mut stage, &many, 0);
    let list = stage.still(&mut Share::new(&by_language(), &stage.wall)).to_string();
    assert!(list.contains("\"English\"") && list.contains(" others\""), "{list}");
    assert!(!list.contains("Polish"), "{list}");
}

#[test]
fn the_parts_are_legible_in_every_tile() {
    fixture::assert_legible_at_every_size(|wall| Box::new(Share::new(&by_language(), wall)), None);
}
