//! The past that a simulation brings along.

use fishbowl::clock::Time;
use fishbowl::feed::kinds::DemoTable;
use fishbowl::layout::wall::{Feed, Wall};
use fishbowl::layout::window::Window;
use fishbowl::mention::source::{Batch, FeedState, Health, Nature};
use fishbowl::pulse::Pulse;
use fishbowl::pulse::snapshot::Span;

use crate::make::{self, START, said, secs};

#[test]
fn what_a_simulation_has_not_played_of_its_past_is_untold() {
    let feed = Feed { name: "demo".into(), stale_after: secs(60.0), spec: DemoTable::default().into() };
    let mut pulse = Pulse::new(&Wall { feeds: vec![feed], ..make::wall(&[]) }, START).expect("a right wall");
    let at = |second: i64| Time::from_secs(START.as_secs() + second);
    let mut plays = |second: i64, health: Health| {
        let state = FeedState { health, ..FeedState::new("demo", Nature::Simulated, secs(60.0)) };
        let mentions = vec![said(second.unsigned_abs(), at(second), at(second), "Lovely")];
        pulse.fold(Batch { mentions, backfill: second < 0, ..Batch::of(0, state) });
        pulse.publish(at(second.max(0))).expect("news")
    };
    plays(-3_600, Health::CatchingUp);
    let told = plays(-1_800, Health::CatchingUp);
    assert!(told.catching_up && told.told_percent == 49, "{}", told.told_percent);
    assert_eq!(
        told.all.spans.over(Window::M5),
        Span { whole: 300, known: 0, age: 0, untold: 300, unread: 0 }
    );
    let hour = told.all.spans.over(Window::H1);
    assert_eq!((hour.known, hour.untold), (1_799, 1_801));
    assert_eq!(told.all.by_minute.unknown.last(), Some(&(1_409, 1_440)), "a line at zero");
    for (second, health) in [(-1, Health::Live), (1, Health::Live)] {
        let told = plays(second, health);
        assert_eq!(
            (told.catching_up, told.told_percent, told.all.spans.over(Window::M5).known),
            (false, 100, 300)
        );
    }
}
