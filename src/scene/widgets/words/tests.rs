use proptest::prelude::*;

use super::*;
use crate::geometry::Rect;
use crate::scene::list::Item;
use crate::scene::widgets::fixture::{self, Stage};

fn ink(list: &List) -> Vec<Rect> {
    let rects = list.items.iter().filter_map(|item| match item {
        // Without ascenders and descenders: what must not touch.
        Item::Text { shaped, at, .. } => {
            let high = shaped.setting.size * CAP_HEIGHT;
            Some(Rect::new(at.x, at.y - high, shaped.size.w, high))
        }
        _ => None,
    });
    rects.collect()
}

#[test]
fn forty_words_are_set_like_a_page() {
    let mut stage = Stage::new(560.0, 400.0);
    stage.wall.viewer_m = 2.5;
    let mut widget = Words::new(&WordsTable::default(), &stage.wall);
    let list = stage.still(&mut widget);
    assert_eq!(ink(&list).len(), 40);
    insta::assert_snapshot!(list);
}

#[test]
fn only_hashtags_when_asked() {
    let mut stage = Stage::new(560.0, 400.0);
    let spec = WordsTable { of: Terms::Hashtags, ..WordsTable::default() };
    let mut widget = Words::new(&spec, &stage.wall);
    let list = stage.still(&mut widget);
    assert_eq!(ink(&list).len(), 4);
    let told = list.to_string();
    assert!(told.lines().filter(|l| l.starts_with("text")).all(|l| l.contains("\"#")), "{list}");
}

#[test]
fn equally_used_words_are_equally_large() {
    let mut stage = Stage::new(560.0, 400.0);
    let terms = stage.snapshot.all.ranked.hour.terms.iter().take(9).map(|t| Term { count: 1, ..t.clone() });
    stage.snapshot.all.ranked.hour.terms = terms.collect();
    let mut widget = Words::new(&WordsTable::default(), &stage.wall);
    let list = stage.still(&mut widget);
    let sizes = list.items.iter().filter_map(|i| match i {
        Item::Text { shaped, .. } => Some(shaped.setting.size.to_bits()),
        _ => None,
    });
    assert_eq!(sizes.collect::<std::collections::BTreeSet<_>>().len(), 1);
}

#[test]
fn a_count_that_changes_a_little_moves_nothing() {
    let mut stage = Stage::new(560.0, 400.0);
    let mut widget = Words::new(&WordsTable::default(), &stage.wall);
    let key = stage.key(&mut widget);
    let terms = stage.snapshot.all.ranked.hour.terms.iter().map(|t| Term { count: t.count + 1, ..t.clone() });
    stage.snapshot.all.ranked.hour.terms = terms.collect();
    assert_eq!(stage.key(&mut widget), key);
}

#[test]
fn without_words_it_says_so() {
    let mut stage = Stage::new(560.0, 400.0);
    stage.snapshot.all = Default::default();
    let mut widget = Words::new(&WordsTable::default(), &stage.wall);
    assert!(stage.still(&mut widget).to_string().contains("no words yet"));
}

#[test]
fn it_is_legible_in_every_tile() {
    fixture::assert_legible_at_every_size(|wall| Box::new(Words::new(&WordsTable::default(), wall)), None);
}

#[test]
fn only_what_changed_is_painted_again() {
    fixture::assert_key_tells(|wall| Box::new(Words::new(&WordsTable::default(), wall)), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn words_neither_touch_nor_leave(counts in proptest::collection::vec(1u32..5_000, 44), w in 150f32..900.0, h in 80f32..600.0) {
        let mut stage = Stage::new(w, h);
        let mut terms: Vec<Term> = stage.snapshot.all.ranked.hour.terms.iter().zip(counts)
            .map(|(t, count)| Term { count, ..t.clone() }).collect();
        terms.sort_by_key(|t| std::cmp::Reverse(t.count));
        stage.snapshot.all.ranked.hour.terms = terms.into();
        let mut widget = Words::new(&WordsTable::default(), &stage.wall);
        let words = ink(&stage.still(&mut widget));
        for (i, a) in words.iter().enumerate() {
            prop_assert!(a.x >= 99.5 && a.right() <= 100.5 + w && a.y >= 49.5 && a.bottom() <= 50.5 + h, "{a:?}");
            prop_assert!(words[i + 1..].iter().all(|b| a.intersection(b).is_none()), "{a:?}");
        }
    }
}
