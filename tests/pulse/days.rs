//! Midnight, days that are longer and shorter, and clocks that step.

use fishbowl::clock::Time;
use fishbowl::layout::window::Window;
use fishbowl::pulse::Pulse;
use fishbowl::pulse::snapshot::Snapshot;

use crate::make::{START, live, mention, secs, wall};

/// What is counted today at each of `moments` by a wall in `zone` that hears something every ten
/// minutes from `start` on.
fn today(zone: &str, start: &str, moments: &[&str]) -> Vec<u64> {
    let time = |text: &str| {
        let at: jiff::Timestamp = text.parse().expect("a time");
        Time::from_secs(at.as_second())
    };
    let (mut now, mut id) = (time(start), 0);
    let mut wall = wall(&[]);
    wall.zone = Some(zone.into());
    let mut pulse = Pulse::new(&wall, now).expect("a right wall");
    let counted = moments.iter().map(|moment| {
        let end = time(moment);
        while now <= end {
            pulse.fold(live(vec![mention(id, now, "x")]));
            (id, now) = (id + 1, now + secs(600.0));
        }
        let tally = pulse.publish(end).expect("time passed").all.counts.over(Window::Today).to_owned();
        tally.mentions
    });
    counted.collect()
}

#[test]
fn today_begins_at_midnight_and_lasts_as_long_as_the_day() {
    let autumn =
        ["2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:00:00Z"];
    assert_eq!(today("Europe/Berlin", "2026-10-23T22:00:00Z", &autumn), [144, 1, 150, 1]);
    let spring = ["2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"];
    assert_eq!(today("Europe/Berlin", "2026-03-28T12:00:00Z", &spring), [1, 138, 1]);
    let twice = ["2019-02-16T02:00:00Z", "2019-02-17T02:59:59Z", "2019-02-17T03:00:00Z"];
    assert_eq!(today("America/Sao_Paulo", "2019-02-15T12:00:00Z", &twice), [1, 150, 1]);
    let half = ["2026-11-22T18:29:59Z", "2026-11-22T18:30:00Z", "2026-11-22T19:00:00Z"];
    assert_eq!(today("Asia/Kolkata", "2026-11-22T12:30:00Z", &half), [36, 1, 4]);
}

fn mentions(snapshot: &Snapshot) -> Vec<u64> {
    Window::ALL.map(|window| snapshot.all.counts.over(window).mentions).to_vec()
}

#[test]
fn a_clock_that_steps_back_and_forth_counts_what_lies_before_it() {
    // One mention every 20 s for two hours; the event begins 500 s after the start.
    let told = |end: i64| (0..end / 20).map(|i| mention(i as u64, START + secs(i as f64 * 20.0), "x"));
    let at = |secs: i64| Time::from_secs(START.as_secs() + secs);
    let plain = |end: i64, now: i64| {
        let mut pulse = Pulse::new(&wall(&[]), START).expect("a right wall");
        pulse.fold(live(told(end).collect()));
        mentions(&pulse.publish(at(now)).expect("news"))
    };
    let mut pulse = Pulse::new(&wall(&[]), START).expect("a right wall");
    pulse.fold(live(told(7_200).collect()));
    assert_eq!(mentions(&pulse.publish(at(7_200)).expect("news")), plain(7_200, 7_200));
    let back = pulse.publish(at(6_590)).expect("the clock was set");
    assert_eq!(mentions(&back), plain(6_600, 6_590), "what was said later is forgotten");
    let forth = pulse.publish(at(9_000)).expect("time passed");
    assert_eq!(mentions(&forth), plain(6_600, 9_000));
    let far = pulse.publish(at(86_400 * 3)).expect("time passed");
    assert_eq!(mentions(&far), plain(6_600, 86_400 * 3));
}
