//! How a display's picture stands on its monitor: turned once, by the window system or by
//! Fishbowl, and in how many pixels.

use crate::geometry::Rotation;
use crate::layout::display::Display;
use crate::layout::monitors::{Assignment, Monitor};

/// Part by which a picture may be stretched to fill a monitor; where it is more, it keeps its
/// shape and bars stay beside it.
pub const STRETCH: f32 = 0.02;

/// How the display's picture is turned when it is drawn, so that it stands upright: by the
/// layout's `rotate`, unless the window system has turned the monitor already.
pub fn turn(display: &Display, monitor: &Monitor) -> Rotation {
    let rotate = display.rotate;
    match monitor.turned {
        Some(Rotation::R0) => rotate,
        Some(Rotation::R180) if rotate == Rotation::R90 => Rotation::R270,
        Some(Rotation::R180) if rotate == Rotation::R270 => Rotation::R90,
        Some(_) => Rotation::R0,
        None if rotate.is_sideways() && stands_as_it_hangs(display, monitor) => Rotation::R0,
        None => rotate,
    }
}

/// True when the monitor's shape is the display's own, and turned it would be another.
fn stands_as_it_hangs(display: &Display, monitor: &Monitor) -> bool {
    let (w, h) = monitor.shown_pixels();
    let off = |w: u32, h: u32| ((w.max(1) as f32 / h.max(1) as f32) / (display.rect.w / display.rect.h)).ln();
    off(w, h).abs() < off(h, w).abs()
}

/// The monitor's pixels as they stand on the wall.
pub fn hung_pixels(display: &Display, monitor: &Monitor) -> (u32, u32) {
    let (w, h) = monitor.shown_pixels();
    let (w, h) = (w.max(1), h.max(1));
    if turn(display, monitor).is_sideways() { (h, w) } else { (w, h) }
}

/// What of displays and their monitors does not agree, in words.
pub fn remarks(displays: &[Display], monitors: &[Monitor], assignment: &Assignment) -> Vec<String> {
    let pairs = displays.iter().zip(&assignment.monitors);
    let pairs = pairs.filter_map(|(display, monitor)| Some((display, &monitors[(*monitor)?])));
    pairs
        .flat_map(|(display, monitor)| [turned_twice(display, monitor), another_mode(display, monitor)])
        .flatten()
        .collect()
}

fn turned_twice(display: &Display, monitor: &Monitor) -> Option<String> {
    let turn = turn(display, monitor);
    (turn != display.rotate).then(|| {
        let (name, plug, rotate) = (&display.name, &monitor.name, display.rotate.degrees());
        let drawn = match turn {
            Rotation::R0 => "is not rotated again".into(),
            turn => format!("is rotated by {}° only", turn.degrees()),
        };
        format!(
            "monitor `{plug}` is already rotated by the window system, so display `{name}` (`rotate = {rotate}`) {drawn}"
        )
    })
}

fn another_mode(display: &Display, monitor: &Monitor) -> Option<String> {
    let (is, says) = (hung_pixels(display, monitor), display.pixels);
    (is != says).then(|| {
        let (name, plug) = (&display.name, &monitor.name);
        let does = match stretch(says, is) {
            stretch if (stretch - 1.0).abs() > STRETCH => {
                "the picture keeps its proportions, with bars at the sides"
            }
            _ => "the picture is scaled",
        };
        format!(
            "monitor `{plug}` shows {} × {} pixels and display `{name}` has {} × {}: {does}",
            is.0, is.1, says.0, says.1
        )
    })
}

/// How much wider than high a picture of `size` becomes when it fills a monitor of `onto` pixels.
pub fn stretch(size: (u32, u32), onto: (u32, u32)) -> f32 {
    let shape = |(w, h): (u32, u32)| w.max(1) as f32 / h.max(1) as f32;
    shape(onto) / shape(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rect;
    use Rotation::{R0, R90, R180, R270};

    fn display(rotate: Rotation, (w, h): (f32, f32), pixels: (u32, u32)) -> Display {
        Display {
            name: "d".into(),
            rect: Rect::new(0.0, 0.0, w, h),
            pixels,
            rotate,
            matches: vec![],
            if_missing: Default::default(),
            adopted: None,
        }
    }

    fn tall(rotate: Rotation) -> Display {
        display(rotate, (529.0, 941.0), (1080, 1920))
    }

    fn wide(rotate: Rotation) -> Display {
        display(rotate, (941.0, 529.0), (1920, 1080))
    }

    fn monitor(turned: Option<Rotation>) -> Monitor {
        Monitor { name: "DP-1".into(), pixels: (1920, 1080), turned, ..Default::default() }
    }

    fn told(display: Display, monitor: &Monitor) -> Vec<String> {
        let assignment = Assignment { monitors: vec![Some(0)], ..Default::default() };
        remarks(&[display], std::slice::from_ref(monitor), &assignment)
    }

    #[test]
    fn a_monitor_is_turned_once() {
        for rotate in [R90, R270] {
            for turned in [R90, R270] {
                assert_eq!(turn(&tall(rotate), &monitor(Some(turned))), R0);
            }
            assert_eq!(turn(&tall(rotate), &monitor(Some(R0))), rotate);
        }
        assert_eq!(turn(&wide(R180), &monitor(Some(R180))), R0);
        assert_eq!(turn(&tall(R90), &monitor(Some(R180))), R270);
        assert_eq!(turn(&wide(R0), &monitor(Some(R180))), R0);
        for turned in [R90, R180, R270] {
            assert_eq!(turn(&tall(R0), &monitor(Some(turned))), R0);
        }
    }

    #[test]
    fn where_nobody_tells_the_shape_does() {
        let mut shown = monitor(None);
        assert_eq!(turn(&tall(R90), &shown), R90);
        shown.pixels = (1080, 1920);
        assert_eq!(turn(&tall(R90), &shown), R0);
        assert_eq!(turn(&wide(R180), &shown), R180);
        shown.pixels = (1000, 1000);
        assert_eq!(turn(&display(R90, (500.0, 500.0), (1000, 1000)), &shown), R90);
    }

    #[test]
    fn pixels_are_counted_as_they_hang() {
        for (rotate, turned) in [(R90, R0), (R90, R90), (R0, R270), (R270, R180)] {
            let monitor = monitor(Some(turned));
            assert_eq!(hung_pixels(&tall(rotate), &monitor), (1080, 1920), "{rotate:?} {turned:?}");
        }
        assert_eq!(hung_pixels(&wide(R0), &monitor(Some(R180))), (1920, 1080));
    }

    #[test]
    fn what_does_not_agree_is_told() {
        assert!(told(wide(R0), &monitor(Some(R0))).is_empty());
        assert!(told(tall(R0), &monitor(Some(R90))).is_empty());
        assert_eq!(
            told(tall(R90), &monitor(Some(R90))),
            [
                "monitor `DP-1` is already rotated by the window system, so display `d` (`rotate = 90`) is not \
              rotated again"
            ]
        );
        assert_eq!(
            told(wide(R0), &monitor(Some(R90))),
            ["monitor `DP-1` shows 1080 × 1920 pixels and display `d` has 1920 × 1080: the picture keeps \
                its proportions, with bars at the sides"]
        );
        assert_eq!(
            told(display(R0, (941.0, 529.0), (3840, 2160)), &monitor(Some(R0))),
            [
                "monitor `DP-1` shows 1920 × 1080 pixels and display `d` has 3840 × 2160: the picture is scaled"
            ]
        );
    }
}
