use std::sync::Arc;
use std::time::Duration;

use super::*;
use crate::clock::Time;
use crate::color::Rgba;
use crate::layout::wall::Audience;
use crate::pulse::snapshot::{About, Acknowledged, Cause, Part, Severity, Snapshot, Watch};
use crate::scene::widgets::fixture::{self, NOW, Stage};

fn ago(minutes: u64) -> Time {
    NOW - Duration::from_secs(minutes * 60)
}

fn part(name: &str, count: u32, lift: f32) -> Part {
    Part { name: name.into(), count, lift }
}

fn burst(id: u64, label: &str, severity: Severity) -> Alert {
    Alert {
        id,
        cause: Cause::Burst,
        name: label.to_lowercase().into(),
        topic: Some(0),
        label: label.into(),
        rule: "".into(),
        severity,
        since: ago(14),
        raised: ago(12),
        acknowledged: None,
        cleared: None,
        observed: 420.0,
        expected: 100.0,
        owner: Some("duty editor".into()),
        action: Some("Call the press office".into()),
        about: Some(About {
            terms: vec![part("overheating", 120, 31.0), part("#fire", 40, 12.4), part("charger", 33, 2.2)],
            places: vec![part("Berlin", 80, 6.0)],
            authors: vec![part("Jo Doe", 12, 12.0)],
        }),
        group: None,
        parts: Arc::default(),
        size: 0,
    }
}

fn cleared(alert: Alert, from: u64, to: u64) -> Alert {
    Alert { since: ago(from), raised: ago(from), cleared: Some(ago(to)), about: None, ..alert }
}

fn stage(alerts: Vec<Alert>) -> Stage {
    let mut stage = Stage::new(900.0, 480.0);
    let watch = Watch { learning: Some(0), usual: 12.0, late: 0 };
    let watches = vec![watch; 4].into();
    stage.snapshot = Snapshot { alerts: alerts.into(), watches, ..stage.snapshot };
    stage
}

fn widget(stage: &Stage) -> Alerts {
    Alerts::new(&AlertsTable::default(), &stage.wall)
}

fn two() -> Vec<Alert> {
    let taken = Acknowledged { at: ago(3), by: "Jo".into() };
    let rule = Alert {
        cause: Cause::Rule,
        rule: "negative_share > 40% over 10m and mentions > 50".into(),
        acknowledged: Some(taken),
        about: None,
        ..burst(2, "Angry about service", Severity::Warning)
    };
    vec![burst(1, "Battery", Severity::Alarm), rule]
}

#[test]
fn what_is_unusual_stands_with_what_it_is_about_and_who_acts() {
    let mut stage = stage(two());
    let mut widget = widget(&stage);
    insta::assert_snapshot!(stage.still(&mut widget));
    assert_eq!(stage.caption(&mut widget), ["2 alerts active"]);
}

#[test]
fn a_quiet_wall_tells_the_last_day() {
    let past = vec![
        cleared(burst(3, "Battery", Severity::Alarm), 95, 80),
        cleared(burst(4, "Camera", Severity::Info), 900, 860),
    ];
    let mut stage = stage(past);
    let mut widget = widget(&stage);
    insta::assert_snapshot!(stage.still(&mut widget));
}

#[test]
fn visitors_see_no_names_and_no_duties() {
    let mut stage = stage(two());
    stage.wall.audience = Audience::Public;
    let mut widget = widget(&stage);
    let drawn = stage.still(&mut widget).to_string();
    for hidden in ["Jo", "editor", "press office"] {
        assert!(!drawn.contains(hidden), "{hidden} in {drawn}");
    }
    assert!(drawn.contains("overheating"));
}

#[test]
fn only_an_alarm_is_red_and_a_group_is_one() {
    let red = |stage: &mut Stage| {
        let mut widget = widget(stage);
        // As the list writes the alarm's colour.
        assert_eq!(stage.wall.theme.alarm, Rgba::hex(0xfa173f));
        stage.still(&mut widget).to_string().contains("#fa173f")
    };
    assert!(red(&mut stage(vec![burst(1, "Battery", Severity::Alarm)])));
    assert!(!red(&mut stage(vec![burst(1, "Battery", Severity::Warning)])));
    assert!(!red(&mut stage(vec![cleared(burst(1, "Battery", Severity::Alarm), 9, 3)])));
    let mut many: Vec<Alert> = (1..8).map(|i| burst(i, &format!("Topic {i}"), Severity::Info)).collect();
    many.iter_mut().for_each(|alert| alert.group = Some(99));
    let parts = ["Topic 1".into(), "Topic 2".into()].into();
    many.push(Alert { cause: Cause::Group, parts, size: 7, ..burst(99, "Many at once", Severity::Info) });
    let mut stage = stage(many);
    let mut widget = widget(&stage);
    let drawn = stage.still(&mut widget).to_string();
    assert!(drawn.contains("Topic 1, Topic 2 and 5 more") && !drawn.contains("\"Topic 1\""), "{drawn}");
}

#[test]
fn learning_is_said() {
    let mut stage = stage(Vec::new());
    stage.snapshot.watches = vec![Watch { learning: Some(43), usual: 0.1, late: 0 }; 4].into();
    let mut widget = widget(&stage);
    let drawn = stage.still(&mut widget).to_string();
    assert!(drawn.contains("Learning what is usual") && drawn.contains("43 more minutes"), "{drawn}");
    stage.area.w = 240.0;
    let drawn = stage.still(&mut widget).to_string();
    assert!(drawn.contains("43 more minutes needed\""), "{drawn}");
    stage.snapshot.watches = [].into();
    let drawn = stage.still(&mut widget).to_string();
    assert!(drawn.contains("Learning"), "no minute was judged yet: {drawn}");
}

#[test]
fn everything_is_legible_at_every_size() {
    for alerts in [two(), Vec::new(), vec![cleared(burst(3, "Battery", Severity::Alarm), 95, 80)]] {
        for (w, h) in [(20.0, 15.0), (180.0, 75.0), (300.0, 120.0), (640.0, 210.0), (1_100.0, 600.0)] {
            let mut stage = stage(alerts.clone());
            stage.area.w = w;
            stage.area.h = h;
            let mut widget = widget(&stage);
            let list = stage.still(&mut widget);
            fixture::assert_legible(&list, stage.area, stage.wall.viewer_m);
        }
    }
}

#[test]
fn a_quiet_title_stays_in_its_place() {
    for (w, h) in [(1_100.0, 90.0), (1_100.0, 60.0), (300.0, 150.0), (560.0, 600.0)] {
        let mut stage = stage(Vec::new());
        (stage.area.w, stage.area.h) = (w, h);
        let mut widget = widget(&stage);
        let list = stage.still(&mut widget);
        let tops = list.items.iter().filter_map(|item| match item {
            crate::scene::list::Item::Text { shaped, at, .. } => {
                Some(at.y - shaped.setting.size * CAP_HEIGHT)
            }
            _ => None,
        });
        let top = tops.fold(f32::MAX, f32::min);
        assert!(top >= stage.area.y - 0.5, "{w} × {h}: {top}\n{list}");
    }
}

#[test]
fn the_key_tells_what_changed() {
    let mut stage = stage(two());
    let mut widget = widget(&stage);
    let before = stage.key(&mut widget);
    stage.now = NOW + Duration::from_secs(20);
    assert_eq!(stage.key(&mut widget), before);
    let mut later = two();
    later[0].observed = 800.0;
    stage.snapshot.alerts = later.into();
    assert_ne!(stage.key(&mut widget), before);
}

#[test]
fn it_fills_its_place() {
    let alerts = [burst(1, "Battery fire", Severity::Alarm), burst(2, "Service", Severity::Warning)];
    for count in [1, 2] {
        crate::scene::widgets::fill::assert_composed(
            |wall| Box::new(Alerts::new(&AlertsTable::default(), wall)),
            |stage| stage.snapshot.alerts = alerts[..count].to_vec().into(),
        );
    }
}
