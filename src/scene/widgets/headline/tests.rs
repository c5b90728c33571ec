use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::layout::alert::Severity;
use crate::pulse::snapshot::{
    About, Alert, Before, Befores, Cause, FeedState, Health, Nature, Part, Span, Spans, Watch,
};
use crate::scene::widgets::fixture::{self, NOW, Stage};

fn stage(w: f32, h: f32) -> Stage {
    let mut stage = Stage::new(w, h);
    stage.wall.zone = Some("UTC".into());
    stage.wall.viewer_m = 1.5;
    stage.snapshot.feeds = vec![FeedState {
        health: Health::Live,
        heard: Some(NOW),
        received: 1,
        ..FeedState::new("ours", Nature::Live, Duration::from_secs(60))
    }];
    stage
}

fn widget(stage: &Stage) -> Box<dyn Widget> {
    HeadlineTable::default().widget(&stage.wall)
}

/// All that it says, without thin spaces.
fn said(stage: &mut Stage) -> String {
    let mut widget = widget(stage);
    let still = stage.still(&mut *widget);
    let text = |item: &crate::scene::list::Item| match item {
        crate::scene::list::Item::Text { shaped, .. } => Some(shaped.setting.text.to_string()),
        _ => None,
    };
    still.items.iter().filter_map(text).collect::<Vec<_>>().join(" ").replace('\u{202f}', " ")
}

fn alert(severity: Severity) -> Alert {
    let part = |name: &str, count, lift| Part { name: name.into(), count, lift };
    Alert {
        id: 1,
        cause: Cause::Burst,
        name: "aurora".into(),
        topic: Some(0),
        label: "Aurora".into(),
        rule: "".into(),
        severity,
        since: NOW - Duration::from_secs(660),
        raised: NOW - Duration::from_secs(600),
        acknowledged: None,
        cleared: None,
        observed: 2_511.0,
        expected: 41.2,
        owner: None,
        action: None,
        about: Some(About {
            terms: vec![part("fire", 1_204, 300.0)],
            places: vec![part("Berlin", 310, 40.0)],
            authors: vec![],
        }),
        group: None,
        parts: Arc::default(),
        size: 0,
    }
}

#[test]
fn an_alert_is_said_with_its_numbers() {
    let mut stage = stage(1_100.0, 300.0);
    stage.snapshot.alerts = vec![alert(Severity::Alarm)].into();
    assert_eq!(
        said(&mut stage),
        "Aurora: 61 times as many mentions as usual 2 511 mentions since 07:49, usual 41; “fire” 1 204 \
        times, from Berlin 310"
    );
}

#[test]
fn a_quiet_wall_says_who_spoke_and_what_is_usual() {
    let mut stage = stage(1_100.0, 300.0);
    let told = said(&mut stage);
    assert!(told.starts_with("520 000 people posted in the last hour, most often about Aurora"), "{told}");
    stage.snapshot.watches = vec![Watch { learning: Some(0), usual: 12_000.0, late: 0 }; 4].into();
    let told = said(&mut stage);
    assert!(told.starts_with("A usual hour: ") && told.contains("usual about 720 000"), "{told}");
}

#[test]
fn what_grows_against_yesterday_is_said_and_chance_is_not() {
    let mut stage = stage(1_100.0, 300.0);
    let before = |day: u64| {
        Arc::new(Befores(crate::layout::window::Window::ALL.map(|_| Before { day: Some(day), week: None })))
    };
    let even = crate::pulse::snapshot::Series {
        end: NOW,
        step: Duration::from_secs(60),
        values: vec![3_500; 1_440],
        unknown: vec![],
    };
    stage.snapshot.topics[1].by_minute = Arc::new(even);
    stage.snapshot.topics[1].before = before(100_000);
    let told = said(&mut stage);
    assert!(told.starts_with("2.1 times as many mentions of Borealis as at this time yesterday"), "{told}");
    assert!(told.ends_with("210 000 in the last hour, 100 000 yesterday"), "{told}");
    stage.snapshot.topics[1].before = before(200_000);
    assert!(!said(&mut stage).contains("yesterday"));
}

#[test]
fn where_nothing_was_heard_no_count_is_told() {
    let mut stage = stage(1_100.0, 300.0);
    stage.snapshot.all.spans = Arc::new(Spans(
        crate::layout::window::Window::ALL
            .map(|w| Span { whole: w.secs().unwrap_or(43_200), ..Span::default() }),
    ));
    let since = NOW - Duration::from_secs(540);
    stage.snapshot.feeds[0].heard = None;
    stage.snapshot.feeds[0].health = Health::Down { since, why: "no route".into() };
    assert_eq!(said(&mut stage), "Not listening: ours down since 07:51 These numbers are not current");
    let spans = |age| {
        Arc::new(Spans(crate::layout::window::Window::ALL.map(|w| {
            let whole = w.secs().unwrap_or(43_200);
            Span { whole, known: whole.min(age), age: whole.min(age), ..Span::default() }
        })))
    };
    stage.snapshot.feeds[0].heard = Some(NOW);
    stage.snapshot.feeds[0].health = Health::Live;
    stage.snapshot.all.spans = spans(90);
    assert!(said(&mut stage).starts_with("Listening since 07:58 "), "{}", said(&mut stage));
}

#[test]
fn it_is_legible_at_every_size_and_repaints_when_it_says_something_else() {
    let make = |wall: &Wall| HeadlineTable::default().widget(wall);
    fixture::assert_legible_at_every_size(make, None);
    fixture::assert_key_tells(make, Some(1));
}

#[test]
fn its_words_stand_whole_on_one_display_each() {
    use crate::scene::fixture as wall;
    let rect = Rect::new(0.0, 0.0, 3.0 * wall::LIT.0 + 2.0 * wall::BEZEL, 200.0);
    let mut stage = wall::Stage::new(wall::wall(vec![wall::tile(HeadlineTable::default(), rect)]));
    let frame = stage.frame(0);
    let mut displays = Vec::new();
    for item in &frame.tiles[0].still.items {
        let crate::scene::list::Item::Text { shaped, at, .. } = item else { continue };
        let home = (0..3).position(|i| {
            let lit = wall::display(i);
            lit.x <= at.x && at.x + shaped.size.w <= lit.right() + 0.1
        });
        displays.push(home.unwrap_or_else(|| panic!("{item} lies behind a bezel")));
    }
    assert!(!displays.is_empty());
}
