use super::*;
use crate::clock::Time;
use crate::layout::wall::{Audience, PeopleNamed};
use crate::mention::Author;
use crate::scene::list::Item;
use crate::scene::widgets::fixture::{self, NOW, Stage};

fn list_of(count: u8) -> MentionsTable {
    MentionsTable { topic: None, count }
}

/// The stage at the moment when the newest mention has been in the list for `age`.
fn arrived(age: Duration) -> (Stage, Mentions) {
    let mut stage = Stage::new(1_100.0, 660.0);
    let mut latest = stage.snapshot.all.latest.to_vec();
    latest[0].at = NOW;
    stage.snapshot.all.latest = latest.into();
    stage.now = NOW + age;
    let widget = Mentions::new(&list_of(6), &stage.wall);
    (stage, widget)
}

fn texts(list: &List) -> Vec<String> {
    let texts = list.items.iter().filter_map(|item| match item {
        Item::Text { shaped, .. } => Some(shaped.setting.text.to_string()),
        _ => None,
    });
    texts.collect()
}

#[test]
fn rows_stand_with_who_where_and_how() {
    let mut stage = Stage::new(560.0, 560.0);
    let mut widget = Mentions::new(&list_of(4), &stage.wall);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn of_twelve_as_many_stand_as_have_room_whole() {
    let mut stage = Stage::new(730.0, 560.0);
    stage.wall.viewer_m = 2.5;
    let mut widget = Mentions::new(&list_of(12), &stage.wall);
    let list = stage.still(&mut widget);
    assert!(texts(&list).iter().filter(|t| t.contains("Mastodon")).count() >= 5, "{list}");
    insta::assert_snapshot!(list);
}

#[test]
fn people_are_named_as_far_as_the_wall_says() {
    let named = |people: PeopleNamed| {
        let mut stage = Stage::new(1_000.0, 560.0);
        stage.wall.people = people;
        let mut latest = stage.snapshot.all.latest.to_vec();
        let mut mention = crate::mention::Mention::clone(&latest[0].mention).with_text("so says @auntie.may");
        let author = Author {
            id: "7".into(),
            name: Some("Ana María Ruiz".into()),
            handle: Some("ruiz".into()),
            ..Author::default()
        };
        mention.author = Some(author);
        latest[0].mention = mention.into();
        stage.snapshot.all.latest = latest.into();
        let list = stage.still(&mut Mentions::new(&list_of(1), &stage.wall));
        let all = texts(&list).join(" / ");
        ["Ana María Ruiz", "@ruiz", "A. R.", "@auntie.may"].map(|part| all.contains(part))
    };
    assert_eq!(named(PeopleNamed::Full), [true, true, false, true]);
    assert_eq!(named(PeopleNamed::Handle), [false, true, false, true]);
    assert_eq!(named(PeopleNamed::Initials), [false, false, true, false]);
    assert_eq!(named(PeopleNamed::Masked), [false; 4]);
}

#[test]
fn visitors_see_no_names() {
    let mut stage = Stage::new(560.0, 560.0);
    (stage.wall.audience, stage.wall.people) = (Audience::Public, PeopleNamed::Masked);
    let mut latest = stage.snapshot.all.latest.to_vec();
    let mention =
        crate::mention::Mention::clone(&latest[0].mention).with_text("tell @auntie.may@example.org about it");
    latest[0].mention = mention.into();
    stage.snapshot.all.latest = latest.into();
    for (count, width) in [(3, 560.0), (12, 1_000.0)] {
        stage.area.w = width;
        let mut widget = Mentions::new(&list_of(count), &stage.wall);
        let list = stage.still(&mut widget);
        assert!(texts(&list).iter().all(|t| !t.contains("person") && !t.contains("@auntie")), "{list}");
        assert!(texts(&list).iter().any(|t| t.contains("Berlin")), "{list}");
        assert!(texts(&list).iter().any(|t| t == "tell @… about it"), "{list}");
    }
}

#[test]
fn a_new_mention_slides_in_and_then_the_list_stands() {
    let (mut stage, mut widget) = arrived(Duration::from_millis(300));
    assert!(stage.still(&mut widget).is_empty());
    let sliding = stage.key(&mut widget);
    let moving = stage.motion(&mut widget);
    assert!(texts(&moving).len() > 6, "{moving}");
    stage.now = NOW + Duration::from_millis(600);
    assert_ne!(stage.key(&mut widget), sliding);
    assert!(stage.motion(&mut widget).is_empty());
    assert!(texts(&stage.still(&mut widget)).len() >= 6);
}

#[test]
fn the_list_never_jumps_while_it_slides() {
    let (mut stage, mut widget) = arrived(Duration::ZERO);
    let mut places = Vec::new();
    for ms in (0..600).step_by(20) {
        stage.now = NOW + Duration::from_millis(ms);
        let list = stage.motion(&mut widget);
        let Some(Item::Text { at, .. }) = list.items.first() else { panic!("nothing moves at {ms}") };
        places.push(at.y);
    }
    let Some(Item::Text { at, .. }) = rested(&mut stage, &mut widget) else { panic!("nothing stands") };
    places.push(at.y);
    assert!(places.windows(2).all(|w| (0.0..48.0).contains(&(w[1] - w[0]))), "{places:?}");
}

fn rested(stage: &mut Stage, widget: &mut Mentions) -> Option<Item> {
    stage.now = NOW + Duration::from_millis(600);
    stage.still(widget).items.into_iter().find(|i| matches!(i, Item::Text { .. }))
}

#[test]
fn what_moves_stays_inside_the_list() {
    let (mut stage, mut widget) = arrived(Duration::from_millis(150));
    let area = stage.area;
    for item in stage.motion(&mut widget).items {
        match item {
            Item::Rect { rect, .. } => {
                assert!(rect.y >= area.y && rect.bottom() <= area.bottom(), "{rect:?}");
            }
            Item::Text { clip, .. } => assert!(clip.is_some_and(|c| c.y >= area.y)),
            _ => {}
        }
    }
}

#[test]
fn right_to_left_stands_at_the_right() {
    let mut stage = Stage::new(1_100.0, 660.0);
    let mut widget = Mentions::new(&list_of(6), &stage.wall);
    let list = stage.still(&mut widget);
    let arabic = list.items.iter().find_map(|item| match item {
        Item::Text { shaped, .. } if shaped.setting.text.contains("الهاتف") => Some(shaped.clone()),
        _ => None,
    });
    let arabic = arabic.expect("an Arabic mention is in the fixture");
    let run = arabic.buffer.layout_runs().next().expect("it has a line");
    assert!(run.rtl);
    let right = run.glyphs.iter().map(|g| g.x + g.w).fold(0.0, f32::max);
    assert!((right - arabic.setting.width.unwrap_or_default()).abs() < 1.0, "{right}");
}

#[test]
fn an_empty_list_says_so() {
    let mut stage = Stage::new(560.0, 560.0);
    stage.snapshot.all = Default::default();
    let mut widget = Mentions::new(&list_of(6), &stage.wall);
    assert_eq!(texts(&stage.both(&mut widget)), ["no mentions yet"]);
}

#[test]
fn a_mention_from_the_future_does_no_harm() {
    let (mut stage, mut widget) = arrived(Duration::ZERO);
    stage.now = Time(i64::MIN);
    stage.key(&mut widget);
    stage.both(&mut widget);
}

#[test]
fn it_is_legible_in_every_tile() {
    for count in [1, 4, 12] {
        let make = |wall: &Wall| -> Box<dyn Widget> { Box::new(Mentions::new(&list_of(count), wall)) };
        fixture::assert_legible_at_every_size(make, None);
    }
}

#[test]
fn only_what_changed_is_painted_again() {
    fixture::assert_key_tells(|wall| Box::new(Mentions::new(&list_of(5), wall)), None);
}

#[test]
fn new_words_and_numbers_are_drawn_and_what_is_taken_back_is_not() {
    let mut stage = Stage::new(1_180.0, 560.0);
    let mut widget = Mentions::new(&list_of(4), &stage.wall);
    let mut key = stage.key(&mut widget);
    let mut change = |change: &dyn Fn(&mut Vec<Shown>)| {
        let mut latest = stage.snapshot.all.latest.to_vec();
        change(&mut latest);
        stage.snapshot.all.latest = latest.into();
        let before = std::mem::replace(&mut key, stage.key(&mut widget));
        assert_ne!(before, key, "the kept picture would stay");
        texts(&stage.still(&mut widget))
    };
    let edited = change(&|latest| {
        latest[0].mention = crate::mention::Mention::clone(&latest[0].mention).with_text("corrected").into();
    });
    assert!(edited.contains(&"corrected".to_string()), "{edited:?}");
    let liked = change(&|latest| {
        let metrics = crate::mention::Metrics { likes: Some(1_240), shares: Some(1), ..Default::default() };
        std::sync::Arc::make_mut(&mut latest[0].mention).metrics = Some(Box::new(metrics));
    });
    assert!(liked.iter().any(|t| t.contains("1.24\u{202f}k likes · 1 share")), "{liked:?}");
    let gone = change(&|latest| drop(latest.remove(0)));
    assert!(!gone.contains(&"corrected".to_string()), "{gone:?}");
}
