use super::*;
use crate::scene::widgets::fixture::{self, Stage};

#[test]
fn every_topic_has_its_bar_and_together_they_are_a_hundred() {
    let mut stage = Stage::new(560.0, 300.0);
    let mut widget = Share::new(&ShareSpec::default(), &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn names_stand_above_their_bars_in_a_narrow_tile() {
    let mut stage = Stage::new(240.0, 360.0);
    let mut widget = Share::new(&ShareSpec::default(), &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn topics_without_room_are_told_together() {
    let mut stage = Stage::new(560.0, 190.0);
    let mut widget = Share::new(&ShareSpec::default(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    assert!(list.contains("\"Aurora\"") && list.contains("\"2 others\""), "{list}");
    assert!(!list.contains("Borealis"), "{list}");
}

#[test]
fn without_a_mention_nothing_is_claimed() {
    let mut stage = Stage::new(560.0, 300.0);
    stage.snapshot.topics.iter_mut().for_each(|t| *t = Default::default());
    let mut widget = Share::new(&ShareSpec::default(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    assert!(list.contains("\"–\"") && !list.contains('%'), "{list}");
}

#[test]
fn a_topic_that_was_taken_away_does_no_harm() {
    let mut stage = Stage::new(560.0, 300.0);
    let spec = ShareSpec { topics: vec!["nobody".into()], ..ShareSpec::default() };
    let mut widget = Share::new(&spec, &stage.wall);
    stage.still(&mut widget);
}

#[test]
fn it_is_legible_in_every_tile() {
    fixture::assert_legible_at_every_size(|wall| Box::new(Share::new(&ShareSpec::default(), wall)), None);
}

#[test]
fn only_what_changed_is_painted_again() {
    fixture::assert_key_tells(|wall| Box::new(Share::new(&ShareSpec::default(), wall)), None);
}
