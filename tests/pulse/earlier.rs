//! A journal that an earlier version wrote. `tests/data/journal-0.1.zst` is [`story`] as version 0.1 kept it before
//! its notes were keyed: `EARLIER=PATH cargo test --test pulse earlier` on commit a8237f1.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use fishbowl::clock::Time;
use fishbowl::feed::kinds::SseTable;
use fishbowl::journal::Journal;
use fishbowl::layout::alert::rule::Rule;
use fishbowl::layout::alert::{AlertSpec, AlertsSpec, Duty, Trigger};
use fishbowl::layout::care::CareSpec;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::{Feed, Wall};
use fishbowl::mention::source::{Batch, FeedState, Health, Nature, Note};
use fishbowl::mention::{Author, Kind, Mention, Op};
use fishbowl::pulse::Pulse;
use fishbowl::pulse::snapshot::{Snapshot, Stream};

use crate::make::{self, START, at, meant, said, secs};
use crate::restart::Desk;

const HOURS: u64 = 54;

fn wall() -> Wall {
    let spec = FeedSpec::from(SseTable::default());
    let rule = |name: &str, when: &str| AlertSpec {
        name: name.into(),
        label: name.into(),
        topic: Some("aurora".into()),
        raised_by: Trigger::Rule(Rule::parse(when).expect(when)),
        duty: Duty::default(),
        clear_below: 80,
    };
    let alerts = vec![rule("stands", "authors > 0 over 1h"), rule("holds", "authors > 0 over 15m for 1h")];
    let promise = secs(3_600.0);
    Wall {
        feeds: vec![Feed { name: "demo".into(), stale_after: secs(1e6), spec }],
        alerts: AlertsSpec { bursts: true, wait: secs(15.0), alerts, ..AlertsSpec::default() },
        care: Some(CareSpec {
            handles: vec!["aurora".into()],
            feeds: vec![],
            networks: vec![],
            promise,
            owner: None,
        }),
        ..make::wall(&[("aurora", "aurora")])
    }
}

fn hour(n: f64) -> Time {
    START + secs(n * 3_600.0)
}

/// What is said in the `n`th hour: by six people, in three languages, of three places, well and badly.
fn talk(n: u64) -> Mention {
    let now = hour(n as f64);
    let text = ["aurora shines", "the weather is what it is", "the aurora is awful"][n as usize % 3];
    let mut mention = Mention { source: "demo".into(), ..said(n, now, now, text) };
    let id = Arc::from(format!("author {}", n % 6));
    mention.author =
        Some(Author { id, followers: n.is_multiple_of(2).then_some(n * 10), ..Author::default() });
    mention.lang = ["en", "ja"].get(n as usize % 3).map(|lang| (*lang).into());
    match n % 4 {
        0 => at(mention, 59.91, 10.75, Some("Oslo")),
        1 => meant(mention, -0.8),
        2 => meant(at(mention, 35.68, 139.69, Some("Tokyo")), 0.6),
        _ => mention,
    }
}

fn asks(id: u64, now: Time, who: &str, to: Option<u64>) -> Mention {
    let mut mention = Mention { source: "demo".into(), ..said(id, now, now, "@aurora where is my order?") };
    mention.author = Some(Author { id: who.into(), handle: Some(who.into()), ..Author::default() });
    if let Some(to) = to {
        (mention.kind, mention.parent) = (Kind::Reply, Some(said(to, now, now, "").uid));
    }
    mention
}

/// Two days and a bit: questions, one of which is answered; two hours in which nothing was heard; words that were
/// changed and taken back; an alert that stands and a rule that does not hold for long enough yet.
fn story(desk: &Desk) {
    let (journal, pulse) = &mut desk.begin(START);
    for n in 0..HOURS {
        match n {
            20 => stands(pulse, hour(20.0), Health::Down { since: hour(20.0), why: "no route".into() }),
            21 => {}
            22 => stands(pulse, hour(22.0), Health::Live),
            24 => desk.hear((journal, pulse), hour(24.0), vec![asks(1_000, hour(24.0), "joe", None)]),
            _ => desk.hear((journal, pulse), hour(n as f64), vec![talk(n)]),
        }
    }
    for (n, mention) in [
        (54.1, asks(1_001, hour(54.1), "ann", None)),
        (54.2, asks(1_002, hour(54.2), "aurora", Some(1_001))),
        (54.5, Mention { op: Op::Edit, version: 1, ..talk(51).with_text("aurora is wonderful") }),
        (54.6, Mention { op: Op::Delete, version: 1, ..talk(45) }),
        (54.8, Mention { ts: hour(54.8), ..talk(2_001) }),
    ] {
        let mention = Mention { received: hour(n), ..mention };
        desk.hear((journal, pulse), hour(n), vec![mention]);
    }
}

fn stands(pulse: &mut Pulse, now: Time, health: Health) {
    pulse.publish(now);
    let state = FeedState { health, ..FeedState::new("demo", Nature::Live, secs(1e6)) };
    pulse.fold(Batch::of(0, state));
}

/// What the wall knows that comes back a minute later.
fn told(desk: &Desk) -> String {
    let now = hour(54.8) + secs(60.0);
    let (journal, mut pulse) = desk.begin(now);
    let mut out = kinds(&journal);
    let snapshot = pulse.publish(now).expect("time passed");
    tell(&mut out, "all", &snapshot.all);
    tell(&mut out, "aurora", &snapshot.topics[0]);
    tell_rest(&mut out, &snapshot);
    // The next minute is judged by what the detectors knew.
    let later = pulse.publish(now + secs(120.0)).expect("time passed");
    writeln!(out, "{:?}", later.watches).expect("text");
    out
}

/// How many notes of each kind there are, and of which of its three keys below nought.
fn kinds(journal: &Journal) -> String {
    let (mut kinds, mut after) = (BTreeMap::new(), None);
    loop {
        let (notes, next) = journal.notes(after, 100).expect("they can be read");
        for Note { kind, key, .. } in notes {
            *kinds.entry(format!("{kind:?}/{}/{}", key.0.clamp(-3, 0), key.1.clamp(-3, 0))).or_insert(0) += 1;
        }
        after = next;
        if after.is_none() {
            return format!("{kinds:?}\n");
        }
    }
}

fn tell(out: &mut String, name: &str, stream: &Stream) {
    writeln!(out, "[{name}] known {:?}", stream.spans.0.map(|span| span.known)).expect("text");
    for tally in stream.counts.0 {
        writeln!(out, "{tally:?}").expect("text");
    }
    let said = |series: &[u32]| series.iter().map(u32::to_string).collect::<String>();
    writeln!(out, "{} {:?}", said(&stream.by_quarter.values[520..]), stream.by_quarter.unknown)
        .expect("text");
    writeln!(out, "{:?}", stream.breakdown).expect("text");
    let texts = stream.latest.iter().filter_map(|shown| shown.mention.text.as_deref());
    writeln!(out, "{:?}", texts.collect::<Vec<_>>()).expect("text");
}

fn tell_rest(out: &mut String, snapshot: &Snapshot) {
    for alert in snapshot.alerts.iter() {
        let times =
            [Some(alert.since), Some(alert.raised), alert.cleared].map(|at| at.map(|at| at.since(START)));
        writeln!(out, "{} {:?} {times:?}", alert.label, alert.cause).expect("text");
    }
    let care = snapshot.care.as_ref().expect("somebody is looked after");
    let longest = care.longest.iter().map(|waiting| (waiting.since.since(START), &waiting.mention));
    let longest: Vec<_> = longest.map(|(since, said)| (since, said.as_ref().map(|said| &said.uid))).collect();
    writeln!(out, "{} {} {:?} {longest:?}", care.waiting, care.overdue, care.last_day).expect("text");
}

#[test]
fn an_earlier_journal_tells_what_this_one_tells() {
    let desk = Desk::of(wall());
    story(&desk);
    if let Some(path) = std::env::var_os("EARLIER") {
        std::fs::copy(desk.path(), path).expect("it can be written");
    }
    insta::assert_snapshot!("a_story_told_again", told(&desk));
    let earlier = Desk::of(wall());
    let packed = include_bytes!("../data/journal-0.1.zst");
    let bytes = zstd::stream::decode_all(&packed[..]).expect("it is packed");
    std::fs::write(earlier.path(), bytes).expect("it can be written");
    insta::assert_snapshot!("a_story_told_again", told(&earlier));
}
