use super::*;
use crate::scene::widgets::fixture::{self, Stage};

#[test]
fn four_parts_make_a_hundred_and_the_unknown_is_hatched() {
    let mut stage = Stage::new(560.0, 260.0);
    let mut widget = Sentiment::new(&SentimentTable::default(), &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn without_a_mention_all_is_unknown() {
    let mut stage = Stage::new(560.0, 260.0);
    stage.snapshot.all = Default::default();
    let mut widget = Sentiment::new(&SentimentTable::default(), &stage.wall);
    let list = stage.still(&mut widget).to_string();
    assert!(!list.contains('%'), "{list}");
    assert_eq!(stage.caption(&mut widget)[1], "no mentions");
    assert!(list.starts_with("stroke"), "{list}");
}

#[test]
fn it_is_legible_in_every_tile() {
    let make =
        |wall: &Wall| -> Box<dyn Widget> { Box::new(Sentiment::new(&SentimentTable::default(), wall)) };
    fixture::assert_legible_at_every_size(make, Some(2));
}

#[test]
fn only_what_changed_is_painted_again() {
    fixture::assert_key_tells(|wall| Box::new(Sentiment::new(&SentimentTable::default(), wall)), None);
}
