//! What was not heard is unknown, in every window, and after a restart.

use std::sync::Arc;

use fishbowl::clock::Time;
use fishbowl::feed::kinds::SseTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::{Feed, Wall};
use fishbowl::layout::window::Window;
use fishbowl::mention::Mention;
use fishbowl::mention::source::{Batch, FeedState, Health, Nature, Note, Trouble};
use fishbowl::pulse::snapshot::{Snapshot, Span, Stream};
use fishbowl::pulse::{Kept, Pulse, Unread};

use crate::make::{self, START, said, secs};

const FEEDS: [&str; 2] = ["public", "desk"];

/// A wall that hears one or both of the feeds.
fn wall(feeds: &[&str], topics: &[(&str, &str)]) -> Wall {
    let spec = || FeedSpec::from(SseTable::default());
    let feed = |name: &&str| Feed { name: (*name).into(), stale_after: secs(60.0), spec: spec() };
    Wall { feeds: feeds.iter().map(feed).collect(), ..make::wall(topics) }
}

fn at(second: i64) -> Time {
    Time::from_secs(START.as_secs() + second)
}

struct Run {
    pulse: Pulse,
    last: Arc<Snapshot>,
    notes: Vec<Note>,
}

impl Run {
    fn new(wall: &Wall, second: i64) -> Self {
        let pulse = Pulse::new(wall, at(second)).expect("a right wall");
        Self { pulse, last: Arc::default(), notes: Vec::new() }
    }

    /// A feed stands so from this second on.
    fn stands(&mut self, second: i64, feed: usize, health: Health, told_from: Option<Time>) {
        self.publish(second);
        let state = FeedState { health, told_from, ..FeedState::new(FEEDS[feed], Nature::Live, secs(60.0)) };
        self.pulse.fold(Batch::of(feed, state));
    }

    fn live(&mut self, second: i64, feed: usize) {
        self.stands(second, feed, Health::Live, None);
    }

    fn down(&mut self, second: i64, feed: usize) {
        self.stands(second, feed, Health::Down { since: at(second), why: "no route".into() }, None);
    }

    fn publish(&mut self, second: i64) -> Arc<Snapshot> {
        self.last = self.pulse.publish(at(second)).unwrap_or_else(|| self.last.clone());
        for note in self.pulse.notes() {
            self.notes.retain(|old| (old.kind, old.key) != (note.kind, note.key));
            self.notes.push(note);
        }
        self.notes.retain(|note| !note.body.is_empty());
        self.last.clone()
    }

    /// Begins again with what was noted and what was kept.
    fn again(&self, wall: &Wall, second: i64, kept: Vec<Kept>) -> Self {
        let mut run = Self::new(wall, second);
        run.pulse.recall_notes(self.notes.clone());
        run.pulse.recall_from(at(second));
        run.pulse.begin_recall();
        run.pulse.recall(kept);
        run.pulse.recalled();
        run.notes = self.notes.clone();
        run
    }
}

fn known(stream: &Stream, window: Window) -> u32 {
    stream.spans.over(window).known
}

#[test]
fn a_wall_that_was_refused_from_the_start_knows_nothing() {
    for health in [
        Health::Refused { since: START, why: "no token".into() },
        Health::Down { since: START, why: "no route".into() },
        Health::Throttled { until: at(900), why: "429".into() },
        Health::Connecting,
    ] {
        let mut run = Run::new(&wall(&FEEDS[..1], &[]), 0);
        run.stands(0, 0, health, None);
        let all = run.publish(180).all.clone();
        for window in Window::ALL {
            assert_eq!(known(&all, window), 0, "{window:?}");
        }
        assert_eq!(
            (&all.by_second.unknown[..], &all.by_minute.unknown[..]),
            (&[(0, 3_600)][..], &[(0, 1_440)][..])
        );
    }
}

/// Heard for a minute, then away for three, then back.
fn back(told_from: Option<Time>) -> Run {
    let mut run = Run::new(&wall(&FEEDS[..1], &[]), 0);
    run.live(0, 0);
    run.down(60, 0);
    run.stands(240, 0, Health::Live, told_from);
    run.publish(300);
    run
}

#[test]
fn an_outage_stays_unknown_unless_the_feed_goes_on_where_it_was() {
    let all = back(None).last.all.clone();
    let span = all.spans.over(Window::H1);
    assert_eq!(span, Span { whole: 3_600, known: 61 + 61, age: 301, untold: 0, unread: 0 });
    assert_eq!(all.by_second.unknown, [(0, 3_299), (3_360, 3_539)]);
    assert_eq!(known(&all, Window::M5), 60 + 61);
    for whole in [Time(i64::MIN), at(30)] {
        let all = back(Some(whole)).last.all.clone();
        assert_eq!((known(&all, Window::M5), known(&all, Window::H1)), (300, 301));
    }
    let too_late = back(Some(at(120))).last.all.clone();
    assert_eq!(known(&too_late, Window::M5), 121, "what was said before that is missing");
}

#[test]
fn a_feed_of_which_nothing_can_be_read_was_not_heard_since_the_first_of_it() {
    let mut run = Run::new(&wall(&FEEDS[..1], &[]), 0);
    run.live(0, 0);
    run.publish(200);
    let trouble = Trouble { since: at(140), why: "everything is rejected".into(), deaf: true };
    let unread = FeedState {
        health: Health::Live,
        heard: Some(at(200)),
        trouble: Some(trouble),
        ..FeedState::new(FEEDS[0], Nature::Live, secs(60.0))
    };
    run.pulse.fold(Batch::of(0, unread));
    assert_eq!(known(&run.publish(260).all, Window::M5), 140);
    run.live(260, 0);
    assert_eq!(known(&run.publish(280).all, Window::M5), 140 + 21);
}

#[test]
fn an_outage_ages_with_the_windows_and_hides_the_comparison() {
    let mut run = back(None);
    let day = run.publish(86_400 + 300).all.clone();
    assert_eq!(known(&day, Window::H1), 3_600);
    let hour_of =
        |second| run.pulse.publish(at(second)).expect("time passed").all.before.over(Window::M5).day;
    assert_eq!([86_400 + 360, 86_400 + 600].map(hour_of), [None, Some(0)]);
}

#[test]
fn a_second_is_known_when_one_feed_of_a_stream_heard_it() {
    let topics = [("desk", "source:desk"), ("public", "phone source:public"), ("both", "phone")];
    let mut run = Run::new(&wall(&FEEDS, &topics), 0);
    run.live(0, 0);
    run.down(0, 1);
    let told = run.publish(100);
    assert_eq!(known(&told.all, Window::H1), 101);
    assert_eq!([0, 1, 2].map(|i| known(&told.topics[i], Window::H1)), [0, 101, 101]);
    run.live(100, 1);
    run.down(110, 0);
    let told = run.publish(130);
    assert_eq!(known(&told.all, Window::H1), 131, "one of them listened at each time");
    assert_eq!([0, 1].map(|i| known(&told.topics[i], Window::H1)), [31, 111]);
}

#[test]
fn the_time_in_which_the_wall_was_off_is_unknown_and_so_are_outages_before_it() {
    let wall = wall(&FEEDS[..1], &[]);
    let run = back(None);
    // Off from 300 to 500.
    for (told_from, missing) in [(None, 179 + 199), (Some(Time(i64::MIN)), 179)] {
        let mut again = run.again(&wall, 500, Vec::new());
        again.stands(500, 0, Health::Live, told_from);
        let span = again.publish(600).all.spans.over(Window::H1);
        assert_eq!(
            span,
            Span { whole: 3_600, known: 601 - missing, age: 601, untold: 0, unread: 0 },
            "{told_from:?}"
        );
        // And once more: what was noted stays.
        let mut third = again.again(&wall, 600, Vec::new());
        third.stands(600, 0, Health::Live, Some(Time(i64::MIN)));
        assert_eq!(third.publish(600).all.spans.over(Window::H1).known, 601 - missing);
    }
    // What the journal kept proves that it was heard for longer than was noted.
    let mention = said(1, at(309), at(309), "x");
    let mention = Mention { source: "public".into(), ..mention };
    let kept = Kept { mention, digest: None, counted: true, set_by: 0 };
    let mut again = run.again(&wall, 500, vec![kept]);
    again.live(500, 0);
    assert_eq!(again.publish(600).all.spans.over(Window::H1).known, 601 - 179 - 190);
}

#[test]
fn a_journal_without_such_notes_is_taken_as_heard() {
    let mut run = back(None);
    run.publish(100_000);
    run.notes.retain(|note| note.kind != fishbowl::mention::source::NoteKind::Deaf);
    let mut again = run.again(&wall(&FEEDS[..1], &[]), 100_500, Vec::new());
    again.live(100_500, 0);
    assert_eq!(known(&again.publish(100_500).all, Window::H24), 86_400);
}

#[test]
fn a_feed_that_is_new_in_the_layout_did_not_hear_the_past_and_one_that_is_gone_did() {
    let mut run = Run::new(&wall(&FEEDS[..1], &[]), 0);
    run.live(0, 0);
    run.publish(200_000);
    let mut again = run.again(&wall(&FEEDS, &[("desk", "source:desk")]), 200_100, Vec::new());
    (0..2).for_each(|feed| again.live(200_100, feed));
    let told = again.publish(200_200);
    assert_eq!(known(&told.topics[0], Window::D7), 101);
    assert_eq!(known(&told.all, Window::D7), 200_201 - 99);
    // Only the other one is left: what is not told again is known, the last day is not.
    let mut other = Run::new(&wall(&["desk"], &[]), 200_300);
    other.pulse.recall_notes(run.notes.clone());
    other.pulse.recall_from(at(200_300));
    other.live(200_300, 0);
    let all = other.publish(200_400).all.clone();
    assert!((90_000..120_000).contains(&known(&all, Window::D7)), "{}", known(&all, Window::D7));
    assert_eq!(known(&all, Window::H1), 101);
}

#[test]
fn windows_are_untold_until_the_past_of_them_is_told() {
    let wall = wall(&FEEDS[..1], &[]);
    let mut run = Run::new(&wall, 0);
    run.live(0, 0);
    run.publish(200_000);
    let mut again = Run::new(&wall, 200_000);
    again.pulse.recall_notes(run.notes.clone());
    again.pulse.recall_from(at(200_000));
    again.pulse.begin_recall();
    again.live(200_000, 0);
    let told = again.publish(200_001);
    assert!(told.catching_up && told.told_percent == 0);
    assert_eq!(
        told.all.spans.over(Window::M5),
        Span { whole: 300, known: 1, age: 1, untold: 299, unread: 0 }
    );
    again.pulse.told_since(at(196_000));
    let told = again.publish(200_001);
    assert_eq!(
        told.all.spans.over(Window::H1),
        Span { whole: 3_600, known: 3_600, age: 3_600, untold: 0, unread: 0 }
    );
    assert!(told.all.spans.over(Window::H24).untold > 80_000 && (3..6).contains(&told.told_percent));
    assert!(told.all.by_minute.unknown[0].0 == 0 && told.all.by_minute.unknown[0].1 > 1_300);
    again.pulse.recalled();
    let told = again.publish(200_001);
    assert_eq!((told.told_percent, known(&told.all, Window::H24)), (100, 86_400));
}

#[test]
fn what_a_damaged_journal_cannot_tell_is_unknown_for_as_long_as_a_window_reaches_there() {
    let wall = wall(&FEEDS[..1], &[]);
    let mut run = Run::new(&wall, 0);
    run.live(0, 0);
    run.publish(200_000);
    let mut again = run.again(&wall, 200_000, Vec::new());
    again.stands(200_000, 0, Health::Live, Some(Time(i64::MIN)));
    let unread = Unread { mentions: 7, from: at(199_000), to: at(199_099) };
    again.pulse.cannot_read(&[unread, Unread { mentions: 1, ..unread }]);
    let told = again.publish(200_001);
    assert_eq!(told.unread, 8);
    let lost = |told: &Snapshot| Window::ALL.map(|window| told.all.spans.over(window).unread);
    let of = |window: Window, told: &Snapshot| lost(told)[window as usize];
    assert_eq!((of(Window::M5, &told), of(Window::H1, &told), of(Window::H24, &told)), (0, 100, 100));
    assert_eq!(known(&told.all, Window::H1), 3_500);
    // It stays so after a restart, and in each window until it has passed.
    let mut third = again.again(&wall, 200_100, Vec::new());
    third.stands(200_100, 0, Health::Live, Some(Time(i64::MIN)));
    let told = third.publish(200_100);
    assert_eq!((told.unread, of(Window::H1, &told)), (0, 100));
    assert_eq!(of(Window::H1, &third.publish(204_000)), 0);
}

#[test]
fn what_came_under_a_wrong_clock_counts_where_it_belongs_or_nowhere() {
    let wall = wall(&FEEDS[..1], &[]);
    let by = 40 * 86_400;
    let counted = |received: i64, ts: i64, set_by: i64| {
        let mention = Mention { source: "public".into(), ..said(1, at(ts), at(received), "x") };
        let set_by = set_by * 1_000_000_000;
        let mut again = Run::new(&wall, 200_000);
        again.pulse.recall_from(at(200_000));
        again.pulse.recall(vec![Kept { mention, digest: None, counted: true, set_by }]);
        again.live(200_000, 0);
        again.publish(200_000).all.counts.over(Window::H1).mentions
    };
    assert_eq!(counted(199_000, 199_000, 0), 1);
    assert_eq!(counted(199_000 + by, 199_000, 0), 1, "its own time is past");
    assert_eq!(counted(199_000 + by, 199_000 + by, 0), 0, "nobody knows when it was said");
    assert_eq!(counted(199_000 + by, 199_000 + by, -by), 1, "the clock was set back since");
    assert_eq!(counted(199_000 - by, 199_000 - by, by), 1, "and forward");
    assert_eq!(counted(199_000 + by, 199_000, -by), 1, "its own time was right all along");
}

#[test]
fn sums_of_a_time_to_come_are_those_of_a_wrong_clock() {
    let wall = wall(&FEEDS[..1], &[]);
    let mut ahead = Run::new(&wall, 40 * 86_400);
    ahead.live(40 * 86_400, 0);
    let mention = Mention { source: "public".into(), ..said(1, at(40 * 86_400), at(40 * 86_400), "x") };
    let state = FeedState { health: Health::Live, ..FeedState::new(FEEDS[0], Nature::Live, secs(60.0)) };
    ahead.pulse.fold(Batch { mentions: vec![mention], ..Batch::of(0, state) });
    ahead.publish(42 * 86_400);
    let mut back = ahead.again(&wall, 1_000, Vec::new());
    back.live(1_000, 0);
    let told = back.publish(1_300);
    assert_eq!((told.all.counts.over(Window::D7).mentions, known(&told.all, Window::M5)), (0, 300));
}

#[test]
fn what_was_noted_of_a_time_to_come_is_not_believed_when_it_comes() {
    let (wall, day) = (wall(&FEEDS[..1], &[]), 86_400);
    let mut ahead = Run::new(&wall, 40 * day);
    let mention = Mention { source: "public".into(), ..said(1, at(40 * day), at(40 * day), "x") };
    let state = FeedState { health: Health::Live, ..FeedState::new(FEEDS[0], Nature::Live, secs(60.0)) };
    ahead.pulse.fold(Batch { mentions: vec![mention], ..Batch::of(0, state) });
    ahead.pulse.cannot_read(&[Unread { mentions: 1, from: at(40 * day - 100), to: at(40 * day) }]);
    ahead.down(40 * day + 3_000, 0);
    ahead.publish(40 * day + 3_600);
    // The clock is right for the rest of the time; the wall starts anew on the day of the notes.
    let mut back = ahead.again(&wall, 1_000, Vec::new());
    back.live(1_000, 0);
    back.publish(1_300);
    let mut then = back.again(&wall, 40 * day + 3_450, Vec::new());
    then.live(40 * day + 3_450, 0);
    let told = then.publish(40 * day + 3_550);
    let span = told.all.spans.over(Window::H1);
    assert_eq!((told.all.counts.over(Window::H24).mentions, span.known, span.unread), (0, 101, 0));
}

#[test]
fn a_wall_that_was_killed_as_it_began_and_began_again_in_the_same_second_hears() {
    let wall = wall(&FEEDS[..1], &[]);
    let mention = Mention { source: "public".into(), ..said(1, at(10), at(10), "x") };
    let kept = || vec![Kept { mention: mention.clone(), digest: None, counted: true, set_by: 0 }];
    let mut first = Run::new(&wall, 0);
    first.live(0, 0);
    first.publish(10);
    // What it was told shows that the feed was heard in this very second: it is deaf from the next on.
    let mut killed = first.again(&wall, 10, kept());
    killed.publish(10);
    // This one is connected before all of the past is told.
    let mut at_once = Run::new(&wall, 10);
    at_once.notes = killed.notes.clone();
    at_once.pulse.recall_notes(killed.notes.clone());
    at_once.pulse.recall_from(at(10));
    at_once.pulse.begin_recall();
    at_once.live(10, 0);
    at_once.pulse.recall(kept());
    at_once.pulse.recalled();
    at_once.publish(70);
    let mut later = at_once.again(&wall, 80, kept());
    later.live(80, 0);
    let told = later.publish(200);
    assert_eq!((known(&told.all, Window::M1), known(&told.all, Window::H1)), (60, 201 - 9));
}

#[test]
fn a_stretch_whose_end_was_never_noted_ends_where_the_next_begins() {
    let wall = wall(&FEEDS[..1], &[]);
    let mut run = Run::new(&wall, 0);
    run.live(0, 0);
    run.down(100, 0);
    run.publish(200);
    let open: Vec<Note> = run.notes.clone();
    run.live(300, 0);
    run.down(500, 0);
    run.publish(600);
    // A journal from before this was mended: the first stretch stands there as it was while it lasted.
    for note in &mut run.notes {
        let old = open.iter().find(|old| (old.kind, old.key) == (note.kind, note.key));
        old.filter(|old| old.key.1 >= 0).into_iter().for_each(|old| *note = old.clone());
    }
    let mut again = run.again(&wall, 700, Vec::new());
    again.live(700, 0);
    let told = again.publish(900);
    assert_eq!(known(&told.all, Window::M1), 60);
}
