//! `fishbowl alerts`: what a wall was alarmed by, from the journal that it wrote.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::journal::{Plan, Settings};
use fishbowl::layout;
use fishbowl::mention::Mention;
use fishbowl::mention::source::{Batch, FeedState, Health, Nature};
use fishbowl::pulse::alerts::AlertCommand;
use fishbowl::pulse::{Digester, Pulse};
use fishbowl::registry;
use serde_json::Value;

use super::{Desk, SMALL, Said, fishbowl};

const ALERTS: &str = r#"
[topic.fire]
query = "burns"
[bursts]
on = false
[alert.many]
label = "Too many fires"
topic = "fire"
when = "mentions > 2 over 1m"
severity = "alarm"
"#;
/// 2026-11-22 14:00 in Greenwich.
const START: Time = Time::from_secs(1_795_356_000);

fn later(secs: i64) -> Time {
    Time::from_secs(START.as_secs() + secs)
}

/// Has a pulse and a journal hear three complaints within a minute, twice: the first alert was
/// taken on by Jo and is over, the second stands.
fn alarmed(desk: &Desk) -> String {
    let text = SMALL.to_owned() + ALERTS;
    let loaded = layout::load_text(&text, Path::new("wall.toml"), &[], &registry());
    let wall = loaded.wall(&[]).unwrap_or_else(|| panic!("{}", loaded.report.draw(100, false)));
    let path = desk.path("wall.journal");
    let digester = Digester::new(&wall).expect("a right wall");
    let settings = Settings { path: (&path).into(), keep: Duration::from_secs(86_400), max_bytes: 1 << 30 };
    let digest = Arc::new(move |mention: &Mention| digester.of(mention));
    let clock = Clock::simulated(START);
    let mut journal = Plan { settings, clock: clock.clone(), digest }.open().expect("it can be opened");
    let mut pulse = Pulse::new(&wall, START).expect("a right wall");
    for secs in 0..1_000 {
        let now = later(secs);
        clock.set(now);
        let complains = secs % 600 < 30 && secs % 10 == 5;
        let said = Mention::new(&"demo".into(), &secs.to_string(), now, now).with_text("it burns");
        let mentions = if complains { vec![said] } else { Vec::new() };
        let state = FeedState { health: Health::Live, ..FeedState::new("demo", Nature::Live, Duration::MAX) };
        let mut batches = [Batch { mentions, ..Batch::of(0, state) }];
        journal.keep(&mut batches).expect("it can be kept");
        batches.into_iter().for_each(|batch| pulse.fold(batch));
        let told = pulse.publish(now);
        if let (50, Some(told)) = (secs, told) {
            let id = told.alerts[0].id;
            pulse.command(&AlertCommand::Acknowledge { id, by: "Jo".into() }, now);
        }
        journal.note(&pulse.notes()).expect("they can be kept");
        if secs == 640 {
            return path;
        }
    }
    unreachable!("the second alert stands by then")
}

fn alerts(args: &[&str]) -> Said {
    fishbowl(&[&["alerts"], args].concat())
}

#[test]
fn what_alarmed_a_wall_is_listed_from_its_journal() {
    let desk = Desk::new();
    let journal = alarmed(&desk);
    let said = alerts(&[&journal]);
    assert_eq!((said.status, &*said.err), (0, ""));
    let lines: Vec<&str> = said.out.lines().collect();
    let [first, second, count] = lines[..] else { panic!("{}", said.out) };
    let told = "alarm    Too many fires: mentions > 2 over 1m";
    assert!(first.ends_with(&format!("1 min  {told} (acknowledged by Jo)")), "{first}");
    assert!(second.ends_with(&format!("stands  {told}")), "{second}");
    assert_eq!(count, "2 alerts");

    let since = ["--since", "2026-11-22T14:05:00Z"];
    let said = alerts(&[&[journal.as_str()][..], &since].concat());
    assert!(said.out.contains("stands") && said.out.ends_with("\n1 alert\n"), "{}", said.out);
    let said = alerts(&[&journal, "--json"]);
    let all: Value = serde_json::from_str(&said.out).expect("one array");
    let standing: Vec<_> = all.as_array().expect("it is").iter().map(|alert| &alert["standing"]).collect();
    assert_eq!(standing, ["cleared", "raised"]);
    assert_eq!(all[0]["acknowledged"]["by"], "Jo");
    assert_eq!(all[0]["raised"], "2026-11-22T14:00:25Z");
    assert_eq!(alerts(&[&journal, "--since", "soon"]).status, 1);
}

#[test]
fn a_file_that_is_no_journal_and_one_that_is_not_there_are_told_and_left_alone() {
    let desk = Desk::new();
    let foreign = desk.put("words.txt", "it burns, and this is no journal of anybody's");
    let said = alerts(&[&foreign]);
    assert_eq!((said.status, &*said.out), (1, ""));
    assert!(said.err.contains("is not a Fishbowl journal"), "{}", said.err);
    assert_eq!(desk.bytes("words.txt").len(), 45);
    let said = alerts(&[&desk.path("none.journal")]);
    assert_eq!((said.status, &*said.out), (1, ""));
    assert!(said.err.contains("no such journal"), "{}", said.err);
    assert!(!Path::new(&desk.path("none.journal")).exists());
}
