//! Which display goes where, by what an X server tells.

use super::*;
use crate::kiosk::edid::{Edid, Panel};
use crate::kiosk::outputs::Output;
use crate::kiosk::randr::{Heard, Lit};
use crate::kiosk::screens::by_server;
use crate::kiosk::spot::Spot;
use crate::layout::wall::{Display, MonitorMatch};

fn lit(name: &str, x: i32, serial: &str) -> Lit {
    let edid =
        Edid { make: "DEL".into(), model: "P24".into(), serial: Some(serial.into()), ..Edid::default() };
    let panel = Panel { connector: name.into(), edid: Some(edid), sha256: None };
    let output = Output {
        name: name.into(),
        position: (x, 0),
        extent: (1080, 1920),
        pixels: (1920, 1080),
        turned: Rotation::R90,
    };
    Lit { output, refresh_mhz: Some(60_000), panel: Some(panel), plugged: true }
}

/// Each found by what stands in its `match`.
fn wall(displays: &[(&str, MonitorMatch)]) -> Wall {
    let display = |(name, entry): &(&str, MonitorMatch)| Display {
        name: (*name).into(),
        rect: crate::geometry::Rect::new(0.0, 0.0, 270.0, 480.0),
        pixels: (1080, 1920),
        rotate: Rotation::R0,
        matches: vec![entry.clone()],
        if_missing: Default::default(),
        adopted: None,
    };
    let demo = crate::layout::solve(&crate::layout::demo_file(&crate::registry()), &[]);
    Wall { displays: displays.iter().map(display).collect(), ..demo }
}

fn at(connector: &str) -> MonitorMatch {
    MonitorMatch { connector: Some(connector.into()), ..MonitorMatch::default() }
}

fn made_by(serial: &str) -> MonitorMatch {
    MonitorMatch { serial: Some(serial.into()), ..MonitorMatch::default() }
}

#[test]
fn the_monitors_of_an_x_server_are_as_it_says() {
    let screens = by_server(Heard { lit: vec![lit("X-1", 1080, "A"), lit("X-2", 0, "B")], dark: vec![] });
    let ids: Vec<String> = screens.monitors.iter().filter_map(|m| m.edid.as_ref()).map(|e| e.id()).collect();
    assert_eq!(ids, ["DEL-P24-A", "DEL-P24-B"]);
    assert_eq!(screens.monitors[0].shown_pixels(), (1080, 1920));
    assert_eq!(monitors::in_order(&screens.monitors), [1, 0]);
    let Some(Spot::Frame { position, size, .. }) = screens.spot("X-1") else { panic!("no place") };
    assert_eq!((*position, *size), ((1080, 0), (1080, 1920)));
    assert!(screens.period().is_some_and(|period| period.as_micros() == 16_666));
}

#[test]
fn what_an_x_server_shows_otherwise_than_it_looks_is_told() {
    let mut heard = Heard { lit: vec![lit("X-1", 0, "A"), lit("X-2", 600, "B")], dark: vec!["X-3".into()] };
    heard.lit[1].plugged = false;
    let both = wall(&[("a", at("X-1")), ("b", at("X-2"))]);
    let screens = by_server(heard.clone());
    let told = places(&both, &screens).remarks.join("\n");
    assert!(told.contains("still driving `X-2`"), "{told}");
    assert!(told.contains("`X-1` and `X-2` show the same part of the desktop"), "{told}");
    assert!(!told.contains("X-3"), "nobody misses it: {told}");
    let third = wall(&[("a", at("X-1")), ("c", at("X-3"))]);
    let told = places(&third, &screens).remarks;
    assert!(told.len() == 1 && told[0].contains("xrandr --output X-3 --auto"), "{told:?}");
    heard.lit[1].plugged = true;
    assert!(!by_server(heard).are_as(&screens), "a cable is a change");
}

#[test]
fn a_display_in_doubt_stays_where_it_is() {
    let screens = by_server(Heard { lit: vec![lit("X-1", 0, "A"), lit("X-2", 1080, "A")], dark: vec![] });
    let unsure = wall(&[("a", made_by("A"))]);
    let mut places = places(&unsure, &screens);
    assert!(places.all.is_empty() && places.doubts.len() == 1);
    let signs: Vec<&str> = places.signs.iter().map(|sign| sign.monitor.as_str()).collect();
    assert_eq!(signs, ["X-1", "X-2"]);
    assert!(places.signs[0].words.contains("Display `a` matches `X-1` and `X-2`."), "{:?}", places.signs[0]);
    let here = Place { display: 4, monitor: Some("X-2".into()), turn: Rotation::R0 };
    places.leave(&Place { monitor: Some("X-9".into()), ..here.clone() }, Some(0), &screens);
    assert!(places.all.is_empty(), "its monitor is gone");
    places.leave(&here, Some(0), &screens);
    places.leave(&Place { monitor: Some("X-1".into()), ..here.clone() }, Some(0), &screens);
    assert_eq!(places.all, [Place { display: 0, ..here }]);
    assert_eq!(places.signs.len(), 1, "one monitor is still in doubt");
}
