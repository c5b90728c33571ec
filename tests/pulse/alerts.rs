//! Alerts from outside: mentions in, alerts out, over restarts, too.

use std::sync::Arc;

use fishbowl::clock::Time;
use fishbowl::layout::alert::rule::Rule;
use fishbowl::layout::alert::{AlertSpec, AlertsSpec, Duty, Severity, Trigger};
use fishbowl::layout::wall::Wall;
use fishbowl::mention::source::Note;
use fishbowl::mention::{Mention, UNDATED};
use fishbowl::pulse::alerts::{AlertCommand, alert_in};
use fishbowl::pulse::snapshot::{Alert, Cause, Snapshot};
use fishbowl::pulse::{Kept, Pulse};

use crate::make::{self, START, at, by, live, meant, said, secs};

const TOPICS: &[(&str, &str)] = &[("fire", "fire"), ("calm", "calm")];

fn wall(alerts: Vec<AlertSpec>) -> Wall {
    let spec = AlertsSpec { bursts: true, wait: secs(15.0), alerts, ..AlertsSpec::default() };
    Wall { alerts: spec, ..make::wall(TOPICS) }
}

fn rule(name: &str, topic: &str, when: &str) -> AlertSpec {
    AlertSpec {
        name: name.into(),
        label: name.into(),
        topic: Some(topic.into()),
        raised_by: Trigger::Rule(Rule::parse(when).expect(when)),
        duty: Duty { severity: Severity::Alarm, owner: Some("desk".into()), action: None },
        clear_below: 80,
    }
}

fn minute(n: i64) -> Time {
    // The start lies twenty seconds before a minute begins.
    Time::from_secs(START.as_secs().div_euclid(60) * 60 + n * 60)
}

/// What is said in minute `n`: four of each topic; of the fire ten times as many while it burns.
fn said_in(n: i64, burning: bool) -> Vec<Mention> {
    let fires = if burning { 40 } else { 4 };
    let one = |i: i64| {
        let (id, moment) = ((n * 1_000 + i) as u64, minute(n) + secs(i as f64 * 60.0 / 50.0));
        let text = match (i < fires, burning) {
            (true, true) => "fire in the charger hall",
            (true, false) => "a fire in the stove",
            (false, _) => "calm weather",
        };
        let mention = Mention { source: "demo".into(), ..said(id, moment, moment, text) };
        let mention = by(at(mention, 52.5, 13.4, Some("Berlin")), id % 97, None);
        meant(mention, if i < fires { -0.8 } else { 0.5 })
    };
    (0..fires + 4).map(one).collect()
}

fn burns(n: i64) -> bool {
    (90..105).contains(&n)
}

/// Tells minutes to a pulse second by second, and everything that is kept meanwhile.
struct Run {
    pulse: Pulse,
    last: Arc<Snapshot>,
    notes: Vec<Note>,
    kept: Vec<Kept>,
}

impl Run {
    fn new(wall: &Wall, start: Time) -> Self {
        let pulse = Pulse::new(wall, start).expect("a right wall");
        Self { pulse, last: Arc::default(), notes: Vec::new(), kept: Vec::new() }
    }

    fn minutes(&mut self, range: std::ops::Range<i64>) -> &mut Self {
        for n in range {
            let mentions = said_in(n, burns(n));
            let kept = mentions.iter().cloned();
            self.kept.extend(kept.map(|mention| Kept { mention, digest: None, counted: true, set_by: 0 }));
            for (i, mention) in mentions.into_iter().enumerate() {
                let now = mention.received;
                self.pulse.fold(live(vec![mention]));
                if i % 11 == 0 {
                    self.publish(now);
                }
            }
            self.publish(minute(n + 1) - secs(0.5));
        }
        self
    }

    fn publish(&mut self, now: Time) {
        if let Some(new) = self.pulse.publish(now) {
            self.last = new;
        }
        // As the journal keeps them: the last of a key.
        for note in self.pulse.notes() {
            self.notes.retain(|old| (old.kind, old.key) != (note.kind, note.key));
            self.notes.push(note);
        }
    }

    fn again(&self, wall: &Wall, now: Time) -> Self {
        let mut run = Self::new(wall, now);
        run.pulse.recall_notes(self.notes.clone());
        run.pulse.begin_recall();
        for piece in self.kept.chunks(701) {
            run.pulse.recall(piece.to_vec());
        }
        run.pulse.recalled();
        run.notes = self.notes.clone();
        run.kept = self.kept.clone();
        run
    }

    fn bursts(&self) -> Vec<&Alert> {
        self.last.alerts.iter().filter(|alert| alert.cause == Cause::Burst).collect()
    }
}

#[test]
fn an_archive_raises_no_alert_at_its_first_fetch() {
    let wall = wall(vec![rule("many", "fire", "mentions > 100 over 1h")]);
    let mut run = Run::new(&wall, minute(0));
    run.minutes(0..2);
    let at = |hours: i64| minute(2) - secs(3_600.0) * u32::try_from(hours).expect("a few");
    let told =
        |(id, ts): (u64, Time)| Mention { source: "demo".into(), ..said(id, ts, minute(2), "fire of old") };
    let undated = (500_000..500_300).map(|id| (id, UNDATED));
    let old = (600_000..600_300).map(|id| (id, at(2 + (id % 20) as i64)));
    run.pulse.fold(live(undated.chain(old).map(told).collect()));
    run.minutes(2..4);
    assert_eq!(run.last.alerts.len(), 0, "{:?}", run.last.alerts);
}

#[test]
fn a_burst_is_told_with_what_it_is_about_and_is_over_with_it() {
    let mut run = Run::new(&wall(Vec::new()), minute(0));
    run.minutes(0..90);
    assert_eq!(run.last.alerts.len(), 0);
    assert!(run.last.watches.iter().all(|watch| watch.learning == Some(0)), "{:?}", run.last.watches);
    assert!((3.5..4.6).contains(&run.last.watches[1].usual), "{:?}", run.last.watches);
    run.minutes(90..97);
    let bursts = run.bursts();
    let fire = bursts.iter().find(|alert| alert.topic == Some(0)).expect("it burns");
    assert_eq!((&*fire.label, fire.since, fire.standing()), ("fire", minute(90), "raised"));
    assert!((6.0..11.0).contains(&fire.strength()), "{}", fire.strength());
    assert!(bursts.iter().all(|alert| alert.topic != Some(1)));
    let about = fire.about.as_ref().expect("its words are counted");
    assert!(about.terms.iter().any(|part| &*part.name == "charger"), "{about:?}");
    assert!(about.terms.iter().all(|part| &*part.name != "stove"));
    assert_eq!(about.places.first().map(|part| &*part.name), Some("Berlin"));
    run.minutes(97..115);
    let fire = run.bursts()[0];
    assert!(fire.cleared.is_some_and(|at| at > minute(104) && at < minute(112)), "{fire:?}");
    assert_eq!(fire.about, None, "words that may be taken back go with the alert");
}

#[test]
fn late_mentions_count_where_they_were_said_or_not_at_all() {
    let mut run = Run::new(&wall(Vec::new()), minute(0));
    run.minutes(0..80);
    let late: Vec<Mention> =
        (0..400).map(|i| said(900_000 + i, minute(70), minute(80), "fire of an hour ago")).collect();
    run.pulse.fold(live(late));
    run.minutes(80..88);
    assert_eq!(run.last.alerts.len(), 0);
}

#[test]
fn a_restart_at_any_minute_comes_to_the_same_alerts() {
    let wall = wall(Vec::new());
    let mut whole = Run::new(&wall, minute(0));
    whole.minutes(0..112);
    let bare = |alert: &Alert| Alert { about: None, ..alert.clone() };
    let expected: Vec<Alert> = whole.last.alerts.iter().map(bare).collect();
    assert_eq!(expected.len(), 2, "of the fire, and of everything: {expected:?}");
    for cut in [62, 89, 91, 93, 99, 106, 110] {
        let mut first = Run::new(&wall, minute(0));
        first.minutes(0..cut);
        let mut second = first.again(&wall, minute(cut));
        second.minutes(cut..112);
        let found: Vec<Alert> = second.last.alerts.iter().map(bare).collect();
        assert_eq!(found, expected, "cut at {cut}");
        assert_eq!(second.last.watches, whole.last.watches, "cut at {cut}");
    }
}

#[test]
fn what_was_acknowledged_stays_so_and_notes_hold_no_words_of_people() {
    let wall = wall(vec![rule("hot", "fire", "mentions > 100 over 10m")]);
    let mut run = Run::new(&wall, minute(0));
    run.minutes(0..96);
    let hot = run.last.alerts.iter().find(|alert| alert.cause == Cause::Rule).expect("it is hot");
    assert_eq!((hot.severity, hot.owner.as_deref()), (Severity::Alarm, Some("desk")));
    let id = hot.id;
    run.pulse.command(&AlertCommand::Acknowledge { id, by: "Jo".into() }, minute(96));
    run.publish(minute(96));
    let again = {
        let mut again = run.again(&wall, minute(96));
        again.minutes(96..98);
        again
    };
    let hot = again.last.alerts.iter().find(|alert| alert.id == id).expect("it stands");
    assert_eq!((hot.standing(), &*hot.acknowledged.as_ref().expect("is").by), ("acknowledged", "Jo"));
    assert!(run.notes.iter().any(|note| alert_in(note).is_some_and(|alert| alert.id == id)));
    for note in &run.notes {
        let body = String::from_utf8_lossy(&note.body);
        for word in ["charger", "Berlin", "author"] {
            assert!(!body.contains(word), "{word} in {body}");
        }
    }
    let mut gone = Run::new(&self::wall(Vec::new()), minute(96));
    gone.pulse.recall_notes(run.notes.clone());
    gone.publish(minute(96) + secs(1.0));
    let hot = gone.last.alerts.iter().find(|alert| alert.id == id).expect("it is remembered");
    assert_eq!(hot.standing(), "cleared", "the layout no longer has it");
}

#[test]
fn a_rule_that_must_hold_for_a_while_goes_on_counting_after_a_restart() {
    let mut wall = wall(vec![rule("long", "fire", "rate > 20/min for 10m")]);
    wall.alerts.bursts = false;
    let mut first = Run::new(&wall, minute(0));
    first.minutes(85..96);
    assert!(first.last.alerts.is_empty(), "it holds for five minutes");
    let mut again = first.again(&wall, minute(96));
    again.minutes(96..103);
    let long = again.last.alerts.first().expect("twelve minutes in all");
    assert!(long.since < minute(92) && long.raised < minute(102), "{long:?}");
}

#[test]
fn a_rule_is_over_only_well_below_its_threshold() {
    let mut wall =
        wall(vec![rule("many", "calm", "mentions >= 4 over 1m"), rule("loud", "fire", "rate > 20/min")]);
    wall.alerts.bursts = false;
    let mut run = Run::new(&wall, minute(0));
    run.minutes(85..97);
    let stands = |run: &Run, name: &str| run.last.alerts.iter().any(|a| &*a.name == name && a.is_live());
    assert!(stands(&run, "loud"));
    assert!(run.last.watches.iter().all(|watch| watch.learning.is_none()), "nobody asked for bursts");
    run.minutes(97..108);
    assert!(!stands(&run, "loud"));
}
