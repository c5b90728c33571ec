//! People above what can be remembered by name, over long windows, through restarts, and how old the
//! parts of a snapshot are.

use std::collections::{BTreeMap, HashSet};

use fishbowl::clock::Time;
use fishbowl::layout::window::Window;
use fishbowl::mention::Mention;
use fishbowl::mention::source::{Note, NoteKind};
use fishbowl::pulse::snapshot::{Exactness, Snapshot, Tally};
use fishbowl::pulse::{Kept, Pulse};

use crate::make::{START, at, by, live, mention, pulse, said, secs, wall};

const TOPICS: &[(&str, &str)] = &[("aurora", "aurora")];

/// What people say in so many hours: 150 in an hour, 600 in every eighth, a hundred of them new.
fn crowd(hours: u64) -> Vec<Vec<Mention>> {
    let one = |(hour, i): (u64, u64)| {
        let now = START + secs(hour as f64 * 3_600.0 + i as f64 * 6.0);
        let text = if i % 8 == 0 { "aurora" } else { "else" };
        let said = Mention { source: "demo".into(), ..said(hour * 1_000 + i, now, now, text) };
        by(said, hour * 100 + i, None)
    };
    let of =
        |hour: u64| (0..if hour.is_multiple_of(8) { 600 } else { 150 }).map(|i| one((hour, i))).collect();
    (0..hours).map(of).collect()
}

/// Different people who spoke from `first` on, of everything and of the topic.
fn due(told: &[Mention], first: Time) -> [usize; 2] {
    let people = |topic: bool| {
        let inside = told.iter().filter(|m| m.ts >= first && (!topic || m.text.as_deref() == Some("aurora")));
        inside.filter_map(|m| m.author.as_ref().map(|a| &a.id)).collect::<HashSet<_>>().len()
    };
    [people(false), people(true)]
}

fn tallies(snapshot: &Snapshot, window: Window) -> [Tally; 2] {
    [&snapshot.all, &snapshot.topics[0]].map(|stream| *stream.counts.over(window))
}

fn hours(n: f64) -> std::time::Duration {
    secs(n * 3_600.0)
}

#[test]
fn a_week_of_many_people_is_estimated_and_says_so_and_comes_back_after_a_restart() {
    let heard = crowd(180);
    let mut pulse = pulse(TOPICS);
    pulse.publish(START);
    let mut notes = BTreeMap::<(NoteKind, (i64, i64)), Note>::new();
    for hour in &heard {
        pulse.fold(live(hour.iter().rev().cloned().collect()));
        pulse.publish(hour[hour.len() - 1].ts);
        notes.extend(pulse.notes().into_iter().map(|note| ((note.kind, note.key), note)));
    }
    let (told, now) = (heard.concat(), START + hours(180.0));
    let before = pulse.publish(now).expect("time passed");
    let running = Time::from_secs(now.as_secs().div_euclid(3_600) * 3_600);
    for (window, first) in [(Window::D7, running - hours(167.0)), (Window::Event, START + secs(480.0))] {
        for (tally, due) in tallies(&before, window).iter().zip(due(&told, first)) {
            let count = tally.authors.expect("it is asked for");
            assert!(count.abs_diff(due as u64) as f64 <= due as f64 * 0.05, "{window:?}: {count} for {due}");
            assert_eq!(tally.authors_are, Exactness::About);
        }
    }
    let day = due(&told, now - hours(24.0) + secs(60.0)).map(|due| (Some(due as u64), Exactness::Exact));
    assert_eq!(tallies(&before, Window::H24).map(|t| (t.authors, t.authors_are)), day);
    assert!(notes.values().all(|note| note.body.len() <= 4_200), "a note is small");

    let restart = |notes: Vec<Note>| {
        let mut pulse = Pulse::new(&wall(TOPICS), now).expect("a right wall");
        pulse.recall_notes(notes);
        let from = pulse.recall_from(now);
        pulse.begin_recall();
        let kept = |m: &Mention| Kept { mention: m.clone(), digest: None, counted: true, set_by: 0 };
        pulse.recall(told.iter().filter(|m| m.ts > from).map(kept).collect());
        pulse.recalled();
        pulse.publish(now).expect("the first")
    };
    let whole = restart(notes.values().cloned().collect());
    for window in Window::ALL {
        assert_eq!(tallies(&whole, window), tallies(&before, window), "{window:?}");
    }
    let broken = notes.values().map(|note| match note.kind {
        NoteKind::People => Note { body: note.body.iter().map(|byte| byte ^ 0x55).collect(), ..note.clone() },
        _ => note.clone(),
    });
    let floor = restart(broken.collect());
    let [all, topic] = tallies(&floor, Window::D7);
    assert_eq!([all.authors_are, topic.authors_are], [Exactness::AtLeast; 2], "only the last day is known");
    assert_eq!(all.mentions, before.all.counts.over(Window::D7).mentions);
    assert!(all.authors < before.all.counts.over(Window::D7).authors);
}

#[test]
fn every_part_says_how_old_it_is() {
    let mut pulse = pulse(TOPICS);
    let mut step = |id: u64, now: f64| {
        let text = format!("aurora word{id}");
        pulse.fold(live(vec![by(at(mention(id, START + secs(now), &text), 48.0, 2.0, None), id, None)]));
        pulse.publish(START + secs(now)).expect("a mention").all.as_of
    };
    let (a, b) = (step(1, 0.1), step(2, 0.2));
    let moment = |secs_: f64| Some(START + secs(secs_));
    assert_eq!([a.counts, a.series, a.minutes, a.places, a.hour, a.latest], [moment(0.1); 6]);
    assert_eq!((a.day, b.day), (None, None), "no tile wants a day");
    assert_eq!((b.counts, b.latest), (moment(0.2), moment(0.2)));
    assert_eq!([b.series, b.minutes, b.places, b.hour], [moment(0.1); 4], "it is not their turn");
    let c = step(3, 6.0);
    assert_eq!([c.counts, c.series, c.places, c.hour], [moment(6.0); 4]);
    assert_eq!(c.minutes, moment(0.1));
    assert_eq!(step(4, 61.0).minutes, moment(61.0));
    // A list to which nothing came is as new as the moment.
    let quiet = pulse.publish(START + secs(70.0)).expect("time passed").all.as_of;
    assert_eq!(quiet.hour, moment(70.0));
    assert!(pulse.publish(START + secs(70.01)).is_none(), "age alone is no news");
}

#[test]
fn words_that_were_left_out_make_a_list_a_floor() {
    let mut pulse = pulse(&[]);
    let speak = |from: u64| live((from..from + 64).map(|id| mention(id, START, "so many words")).collect());
    pulse.fold(speak(0));
    let whole = pulse.publish(START).expect("news");
    assert_eq!(whole.all.ranked.hour.terms_are(), Exactness::Exact);
    pulse.press(true);
    pulse.fold(speak(100));
    let thinned = pulse.publish(START + secs(6.0)).expect("news");
    assert_eq!(thinned.all.ranked.hour.terms_are(), Exactness::AtLeast);
    assert_eq!(thinned.all.ranked.hour.authors_are(), Exactness::Exact);
    pulse.press(false);
    pulse.fold(live(vec![mention(900, START + hours(1.1), "later")]));
    let later = pulse.publish(START + hours(1.2)).expect("news");
    assert_eq!(later.all.ranked.hour.terms_are(), Exactness::Exact);
}
