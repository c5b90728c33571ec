//! The care queue over restarts, through a real journal.

use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::layout::care::CareSpec;
use fishbowl::layout::wall::Wall;
use fishbowl::mention::{Author, Kind, Mention};
use fishbowl::pulse::Pulse;
use fishbowl::pulse::care::CareQueue;

use crate::make::{self, START, said};
use crate::restart::Desk;

fn wall() -> Wall {
    let handles = vec!["aurora".into()];
    let promise = Duration::from_secs(3_600);
    let care = CareSpec { handles, feeds: vec![], networks: vec![], promise, owner: None };
    Wall { care: Some(care), ..make::wall(&[]) }
}

fn hours(n: u64) -> Time {
    START + Duration::from_secs(n * 3_600)
}

/// What somebody says, in reply to the mention with the number `to`.
fn says(id: u64, who: &str, at: Time, text: &str, to: Option<u64>) -> Mention {
    let mut mention = Mention { source: "demo".into(), ..said(id, at, at, text) };
    mention.author = Some(Author { id: who.into(), handle: Some(who.into()), ..Author::default() });
    if let Some(to) = to {
        (mention.kind, mention.parent) = (Kind::Reply, Some(said(to, at, at, "").uid));
    }
    mention
}

fn desk_of(pulse: &mut Pulse, now: Time) -> Arc<CareQueue> {
    let snapshot = pulse.publish(now).expect("time passed");
    snapshot.care.clone().expect("the wall looks after people")
}

#[test]
fn who_asked_before_the_day_that_is_told_again_still_waits_and_can_be_answered() {
    let desk = Desk::of(wall());
    let (mut journal, mut pulse) = desk.begin(START);
    let asked = vec![
        says(1, "joe", START, "@aurora where is my order?", None),
        says(2, "ann", START, "@aurora does it swim?", None),
    ];
    desk.hear((&mut journal, &mut pulse), START, asked);
    // The hours go by, as a wall that runs sees them.
    for hour in 1..=30 {
        let talk = says(100 + hour, "bob", hours(hour), "the weather", None);
        desk.hear((&mut journal, &mut pulse), hours(hour), vec![talk]);
    }
    drop((journal, pulse));

    let now = hours(31);
    let (mut journal, mut pulse) = desk.begin(now);
    let told = desk_of(&mut pulse, now);
    assert_eq!((told.waiting, told.overdue, told.oldest), (2, 2, Some(START)));
    assert!(told.longest.iter().all(|waiting| waiting.mention.is_none()), "a note has no words");

    let answer = says(3, "aurora", hours(32), "On its way", Some(1));
    desk.hear((&mut journal, &mut pulse), hours(32), vec![answer]);
    let told = desk_of(&mut pulse, hours(32) + Duration::from_secs(1));
    assert_eq!((told.waiting, told.last_hour.answers), (1, 1));
    assert_eq!(told.last_hour.p50, Some(Duration::from_secs(32 * 3_600)));
    drop((journal, pulse));

    // The answer is known after another restart, and who still waits is given up after a week.
    let (_, mut pulse) = desk.begin(hours(33));
    let told = desk_of(&mut pulse, hours(33));
    assert_eq!((told.waiting, told.last_day.answers, told.last_day.kept), (1, 1, 0));
    assert_eq!(told.last_day.p90, Some(Duration::from_secs(32 * 3_600)));
    let told = desk_of(&mut pulse, hours(24 * 7));
    assert_eq!(told.waiting, 0);
}

#[test]
fn one_who_asked_within_the_day_comes_back_with_the_words() {
    let desk = Desk::of(wall());
    let (mut journal, mut pulse) = desk.begin(START);
    let asked = says(1, "joe", START, "@aurora where is my order?", None);
    desk.hear((&mut journal, &mut pulse), START, vec![asked]);
    for hour in 1..=14 {
        desk.hear((&mut journal, &mut pulse), hours(hour), Vec::new());
    }
    drop((journal, pulse));
    let (_, mut pulse) = desk.begin(hours(15));
    let told = desk_of(&mut pulse, hours(15));
    assert_eq!(told.waiting, 1, "told by a note and by the day alike, it is one");
    let words = told.longest[0].mention.as_ref().and_then(|mention| mention.text.as_deref());
    assert_eq!(words, Some("@aurora where is my order?"));
}
