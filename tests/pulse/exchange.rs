//! A snapshot goes to another machine and comes out as it was.

use fishbowl::feed::kinds::DemoTable;
use fishbowl::layout::value::Lasting;
use fishbowl::mention::source::{Batch, Sample};
use fishbowl::pulse::Pulse;
use fishbowl::pulse::snapshot::Snapshot;

use crate::make::{START, live, mention, pulse, secs, state, wall};

const TOPICS: &[(&str, &str)] = &[("aurora", "aurora"), ("camera", "camera"), ("rival", "borealis")];

/// What a demo feed of five seconds makes of a wall.
fn told() -> Snapshot {
    let mut pulse = pulse(TOPICS);
    let spec =
        DemoTable { rate_per_s: 60.0, seed: 5, history: Lasting::from_secs(0), rhythm: true, care: None };
    let mut demo = fishbowl::feed::kinds::Demo::new(&"demo".into(), &spec, START - secs(30.0));
    pulse.fold(live(demo.until(START)));
    let sample = Sample { series: "demo/zone=eu".into(), ts: START, value: 0.1 + 0.2 };
    pulse.fold(Batch { samples: vec![sample], ..Batch::of(0, state()) });
    let first = pulse.publish(START).expect("news");
    pulse.fold(live(vec![mention(1, START + secs(2.0), "the camera of the aurora")]));
    let second = pulse.publish(START + secs(3.0)).expect("news");
    assert!(second.version > first.version && second.recent.len() > 1);
    Snapshot::clone(&second)
}

#[test]
fn it_comes_out_as_it_was() {
    let (snapshot, wall) = (told(), wall(TOPICS));
    let json = snapshot.to_json(&wall).expect("it can be written");
    let back = Snapshot::from_json(&json, &wall).expect("it can be read");
    assert!(
        !back.all.latest.is_empty() && !back.all.places.is_empty() && !back.all.ranked.hour.terms.is_empty()
    );
    assert!(back.all.as_of.counts.is_some() && back.all.as_of.hour.is_some());
    assert!(back == snapshot, "something changed on the way");
}

#[test]
fn topics_go_by_their_names() {
    let snapshot = told();
    let json = snapshot.to_json(&wall(TOPICS)).expect("it can be written");
    let other = wall(&[("rival", "b"), ("new", "c"), ("camera", "d")]);
    let back = Snapshot::from_json(&json, &other).expect("it can be read");
    assert_eq!(back.topics[0].counts, snapshot.topics[2].counts);
    assert_eq!(back.topics[1], Default::default());
    assert_eq!(back.topics[2].ranked.hour.terms, snapshot.topics[1].ranked.hour.terms);
    let last = back.recent.last().expect("there are counts");
    assert_eq!(last.topics[2], snapshot.topics[1].counts);
    let named = |at: &u16| other.topics[usize::from(*at)].name.as_str();
    let camera = back.all.latest.iter().find(|one| one.mention.uid.ends_with(":1")).expect("it is shown");
    assert_eq!(camera.topics.iter().map(named).collect::<Vec<_>>(), ["camera"]);
}

#[test]
fn what_is_none_is_refused_in_words() {
    let wall = wall(TOPICS);
    let why = |json: &str| Snapshot::from_json(json, &wall).expect_err(json).to_string();
    assert!(why("[1, 2").contains("not a Fishbowl snapshot"));
    assert!(why("{\"a\": 1}").contains("not a Fishbowl snapshot"));
    assert!(why("{\"fishbowl_snapshot\": 99}").contains("format 99"));
    assert!(
        why("{\"fishbowl_snapshot\": 1}").contains("format 1"),
        "it told an estimate as if it were exact"
    );
    assert!(why("{\"fishbowl_snapshot\": 3, \"topics\": []}").contains("snapshot"));
    let empty = Pulse::new(&wall, START).map(|mut p| p.publish(START)).expect("a right wall").expect("news");
    let json = empty.to_json(&wall).expect("it can be written");
    assert_eq!(Snapshot::from_json(&json, &wall).expect("it can be read"), *empty);
}
