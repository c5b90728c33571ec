//! A restart with a real journal: the wall that comes back tells what the one tells that went on.

use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::journal::{History, Journal, Plan, Settings};
use fishbowl::layout::wall::Wall;
use fishbowl::layout::window::Window;
use fishbowl::mention::Mention;
use fishbowl::mention::source::{Batch, FeedState, Health, Nature};
use fishbowl::pulse::snapshot::{Snapshot, Stream};
use fishbowl::pulse::{Digester, Kept, Pulse};

use crate::make::{START, at, by, said, secs, wall};

const TOPICS: &[(&str, &str)] = &[("aurora", "aurora"), ("quiet", "nobody")];
const WORDS: [&str; 3] = ["aurora shines", "the weather", "love the aurora"];

/// A wall with its journal.
pub struct Desk {
    pub wall: Wall,
    plan: Plan,
    _folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self::of(wall(TOPICS))
    }

    pub fn of(wall: Wall) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let digester = Digester::new(&wall).expect("a right wall");
        let settings = Settings {
            path: folder.path().join("wall.journal"),
            keep: Duration::from_secs(30 * 86_400),
            max_bytes: 1 << 30,
        };
        let digest = Arc::new(move |mention: &Mention| digester.of(mention));
        Self { wall, plan: Plan { settings, clock: Clock::simulated(START), digest }, _folder: folder }
    }

    /// Where its journal lies.
    pub fn path(&self) -> &std::path::Path {
        &self.plan.settings.path
    }

    /// Opens the journal, and tells a new pulse all that it knows.
    pub fn begin(&self, now: Time) -> (Journal, Pulse) {
        self.begin_and_see(now, |_| ())
    }

    /// The same, and looks at the pulse after each piece.
    fn begin_and_see(&self, now: Time, mut seen: impl FnMut(&mut Pulse)) -> (Journal, Pulse) {
        let journal = self.plan.open().expect("it can be opened");
        let mut pulse = Pulse::new(&self.wall, now).expect("a right wall");
        let mut after = None;
        loop {
            let (notes, next) = journal.notes(after, 7).expect("they can be read");
            pulse.recall_notes(notes);
            after = next;
            if after.is_none() {
                break;
            }
        }
        let from = pulse.recall_from(now);
        pulse.begin_recall();
        let history = History::open(self.path(), from, journal.head()).expect("it can be read");
        for chunk in history.back() {
            let kept = chunk.expect("it can be read");
            let since = kept.first().map(|kept| kept.mention.received);
            let kept = kept.into_iter();
            let kept =
                kept.map(|k| Kept { mention: k.mention, digest: k.digest, counted: k.counted, set_by: 0 });
            pulse.recall(kept.collect());
            since.into_iter().for_each(|since| pulse.told_since(since));
            seen(&mut pulse);
        }
        pulse.recalled();
        (journal, pulse)
    }

    /// Hears something every ten minutes from `from` to `to`, some of it hours late.
    fn listen(&self, (journal, pulse): (&mut Journal, &mut Pulse), from: i64, to: i64) {
        for step in (from..to).step_by(600) {
            let now = START + secs(step as f64);
            self.hear((journal, pulse), now, vec![heard(step, now)]);
        }
    }

    /// Keeps and folds what was said, and publishes and keeps what the pulse notes.
    pub fn hear(&self, (journal, pulse): (&mut Journal, &mut Pulse), now: Time, mentions: Vec<Mention>) {
        self.plan.clock.set(now);
        let mut batches = [Batch { mentions, ..Batch::of(0, state()) }];
        journal.keep(&mut batches).expect("it can be kept");
        let [batch] = batches;
        pulse.fold(batch);
        pulse.publish(now);
        journal.note(&pulse.notes()).expect("they can be kept");
    }
}

fn heard(step: i64, now: Time) -> Mention {
    let turn = (step / 600) as usize;
    let late = [0.0, 30.0, 5_000.0, 80_000.0, 90_000.0][turn % 5];
    let mut mention = said(step as u64, now - secs(late), now, WORDS[turn % 3]);
    mention = by(mention, turn as u64 % 11, Some(turn as u64));
    mention.source = "demo".into();
    mention.lang = ["en", "ja"].get(turn % 4).map(|lang| (*lang).into());
    if turn.is_multiple_of(7) { at(mention, 40.0, -8.0, None) } else { mention }
}

fn state() -> FeedState {
    FeedState { health: Health::Live, ..FeedState::new("demo", Nature::Live, secs(10.0)) }
}

fn told(stream: &Stream) -> String {
    let Stream { counts, spans, before, by_second, by_minute, by_quarter, breakdown, .. } = stream;
    format!("{counts:?}\n{spans:?}\n{before:?}\n{by_second:?}\n{by_minute:?}\n{by_quarter:?}\n{breakdown:?}")
}

fn assert_same(a: &Snapshot, b: &Snapshot) {
    let streams = |s: &Snapshot| std::iter::once(&s.all).chain(&s.topics).map(told).collect::<Vec<_>>();
    for (a, b) in streams(a).iter().zip(&streams(b)) {
        assert_eq!(a, b);
    }
}

const DAY: i64 = 86_400;

#[test]
fn the_wall_that_comes_back_tells_what_the_one_tells_that_went_on() {
    let desk = Desk::new();
    let (mut journal, mut through) = desk.begin(START);
    let mut from = 0;
    // After hours, days, and more than the series remember.
    for to in [5 * 3_600, 2 * DAY + 4_321, 6 * DAY, 10 * DAY + 600] {
        desk.listen((&mut journal, &mut through), from, to);
        from = (to + 599) / 600 * 600;
        let now = START + secs(to as f64 + 90.0);
        drop(journal);
        let (again, mut back) = desk.begin(now);
        journal = again;
        let (a, b) = (through.publish(now).expect("time passed"), back.publish(now).expect("time passed"));
        assert_same(&a, &b);
        assert!(b.all.counts.over(Window::Event).mentions > 0);
    }
}

#[test]
fn what_was_not_closed_before_the_wall_was_off_is_counted_anew() {
    let desk = Desk::new();
    let (mut journal, mut through) = desk.begin(START);
    desk.listen((&mut journal, &mut through), 0, 3 * DAY);
    drop(journal);
    // Off for two days: the wall that went on hears nothing meanwhile.
    let now = START + secs(5.0 * DAY as f64);
    let (_, mut back) = desk.begin(now);
    let (a, b) = (through.publish(now).expect("time passed"), back.publish(now).expect("time passed"));
    assert_same(&a, &b);
    // Off for a fortnight: nothing of before is known, but what the event had counted.
    let now = START + secs(17.0 * DAY as f64);
    let (_, mut back) = desk.begin(now);
    let b = back.publish(now).expect("time passed");
    assert_eq!(b.all.spans.over(Window::D7).known, 1, "it begins anew");
    assert!(b.all.counts.over(Window::Event).mentions > 0);
}

#[test]
fn a_topic_that_is_new_is_unknown_before_what_is_told_again() {
    let mut desk = Desk::new();
    let (mut journal, mut pulse) = desk.begin(START);
    desk.listen((&mut journal, &mut pulse), 0, 4 * DAY);
    drop(journal);
    desk.wall = wall(&[("aurora", "aurora"), ("weather", "weather")]);
    let now = START + secs(4.0 * DAY as f64);
    let (journal, mut back) = desk.begin(now);
    let b = back.publish(now).expect("time passed");
    let [aurora, weather] = [&b.topics[0], &b.topics[1]].map(|topic| topic.spans.over(Window::D7).known);
    assert_eq!(i64::from(aurora), 4 * DAY + 1);
    assert!((DAY..2 * DAY).contains(&i64::from(weather)), "{weather} s are known");
    assert!(b.topics[1].counts.over(Window::H24).mentions > 0);
    let quarters = weather.div_ceil(900);
    assert_eq!(b.topics[1].by_quarter.unknown, [(0, 768 - quarters)]);
    // The topic that is gone is forgotten, and begins anew when it comes back.
    drop((journal, back));
}

#[test]
fn the_last_hour_is_right_before_the_rest_of_the_day_is_told() {
    const MENTIONS: i64 = 40_000;
    let desk = Desk::new();
    let (mut journal, mut through) = desk.begin(START);
    let every = DAY as f64 / MENTIONS as f64;
    let at = |i: i64| START + secs(i as f64 * every);
    for first in (0..MENTIONS).step_by(1_000) {
        let mentions = (first..first + 1_000).map(|i| {
            let mention = said(i as u64, at(i), at(i), WORDS[i as usize % 3]);
            Mention { source: "demo".into(), ..mention }
        });
        desk.hear((&mut journal, &mut through), at(first + 999), mentions.collect());
    }
    drop(journal);
    let now = at(MENTIONS);
    let whole = through.publish(now).expect("time passed");
    let hour = |snapshot: &Snapshot| {
        let span = snapshot.all.spans.over(Window::H1);
        (span.untold == 0).then(|| snapshot.all.counts.over(Window::H1).mentions)
    };
    let mut told = Vec::new();
    let (_, mut back) = desk.begin_and_see(now, |pulse| {
        let snapshot = pulse.publish(now).expect("more is told");
        let day = snapshot.all.spans.over(Window::H24);
        assert!(snapshot.catching_up && (day.untold > 0 || snapshot.told_percent > 88), "{day:?}");
        told.push((hour(&snapshot), snapshot.told_percent));
    });
    assert!(told.len() > 8 && told.is_sorted_by_key(|(_, percent)| *percent), "{told:?}");
    // 1,667 mentions an hour: the first chunk but one has them all.
    assert!(told[1..].iter().all(|(hour_told, _)| *hour_told == hour(&whole)), "{told:?}");
    assert_same(&whole, &back.publish(now).expect("all is told"));
}
