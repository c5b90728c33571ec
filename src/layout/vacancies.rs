//! Displays whose monitors are gone, and the monitors that could stand in for them.

use crate::layout::adoption::{Adoption, described, recognised};
use crate::layout::display::{Display, MonitorMatch};
use crate::layout::hang::{self, told_mm};
use crate::layout::monitors::{Assignment, Monitor, certain, recognises};
use crate::layout::mount::{hung_pixels, turn};
use crate::layout::schema::LayoutFile;

/// Most that are offered at a time.
const MOST_OFFERS: usize = 64;
/// Part by which two sizes may differ and be the same to the eye.
const SAME: f32 = 0.02;

/// A monitor that no display uses, for a display that has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub display: String,
    /// Where the monitor is plugged in.
    pub connector: String,
    /// How it would be recognised.
    pub monitor: MonitorMatch,
    /// The same for people: see [`described`].
    pub words: String,
    /// How it differs from what the layout says of the display, in words; nothing where it does not.
    pub differs: Vec<String>,
}

/// How the displays that are named in a layout stand with their monitors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Vacancies {
    /// Each monitor without a display for each display without a monitor.
    pub offers: Vec<Offer>,
    /// Displays that are shown on a monitor that they adopted.
    pub filled: Vec<String>,
    /// Displays that find by their own `match` the monitor that they adopted.
    pub settled: Vec<String>,
}

impl Vacancies {
    /// Those of `file` on these monitors, some of which displays have adopted.
    pub fn of(file: &LayoutFile, monitors: &[Monitor], adopted: &[Adoption]) -> Self {
        let displays = hang::displays(file, monitors, adopted);
        let (assignment, _) = certain(&displays, monitors);
        let name = |&i: &usize| displays[i].name.clone();
        // What has no name of its own cannot be asked for.
        let is_named =
            |m: &&usize| monitors.iter().filter(|other| other.name == monitors[**m].name).count() == 1;
        let spare: Vec<usize> = assignment.spare.iter().filter(is_named).copied().collect();
        let pairs =
            spare.iter().flat_map(|m| assignment.missing.iter().map(|i| (&displays[*i], &monitors[*m])));
        let offers = pairs.map(|(display, monitor)| offer(file, display, (monitor, monitors), adopted));
        Self {
            offers: offers.take(MOST_OFFERS).collect(),
            filled: assignment.adopted.iter().map(name).collect(),
            settled: settled(&displays, monitors, &assignment),
        }
    }
}

/// Asks for which of the displays a monitor is to stand in.
pub fn question(offers: &[Offer]) -> String {
    let Some(Offer { display, connector, words, .. }) = offers.first() else { return String::new() };
    let names: Vec<String> = offers.iter().map(|offer| format!("`{}`", offer.display)).collect();
    let missing = match &names[..] {
        [one] => format!("display {one} has no monitor"),
        several => format!("displays {} have no monitors", several.join(" and ")),
    };
    let differs = match offers {
        [Offer { differs, .. }] if !differs.is_empty() => format!(" ({})", differs.join("; ")),
        _ => String::new(),
    };
    format!(
        "{missing}, and this one is not used: {words}. Use it as {}{differs}? Accept on the remote page, or with \
         `/control/adopt?display={display}&monitor={connector}`",
        names.join(" or ")
    )
}

fn offer(
    file: &LayoutFile,
    display: &Display,
    (monitor, monitors): (&Monitor, &[Monitor]),
    adopted: &[Adoption],
) -> Offer {
    let (entry, words) = (recognised(monitor, monitors), described(monitor));
    let mut adopted = adopted.to_vec();
    adopted.retain(|adoption| adoption.display != display.name);
    let (name, monitor_match) = (display.name.clone(), entry.clone());
    adopted.push(Adoption { display: name, monitor: monitor_match, ..Adoption::default() });
    // A display whose pixels nobody wrote down would have the monitor's.
    let would_be = hang::displays(file, monitors, &adopted).into_iter().find(|d| d.name == display.name);
    let differs = differs(would_be.as_ref().unwrap_or(display), monitor);
    Offer { display: display.name.clone(), connector: monitor.name.clone(), monitor: entry, words, differs }
}

/// How a monitor differs from what a layout says of a display.
fn differs(display: &Display, monitor: &Monitor) -> Vec<String> {
    let (shows, wanted) = (hung_pixels(display, monitor), display.pixels);
    let pixels = (shows != wanted)
        .then(|| format!("{} × {} pixels instead of {} × {}", shows.0, shows.1, wanted.0, wanted.1));
    let (w, h) = (display.rect.w, display.rect.h);
    let size = match told_mm(monitor) {
        None => Some(format!("size unknown; the layout says {w:.0} × {h:.0} mm")),
        Some((across, down)) => {
            let sideways = turn(display, monitor).is_sideways();
            let (across, down) = if sideways { (down, across) } else { (across, down) };
            let off = |is: f32, wanted: f32| (is / wanted - 1.0).abs() > SAME;
            (off(across, w) || off(down, h))
                .then(|| format!("{across:.0} × {down:.0} mm instead of {w:.0} × {h:.0}"))
        }
    };
    pixels.into_iter().chain(size).collect()
}

fn settled(displays: &[Display], monitors: &[Monitor], assignment: &Assignment) -> Vec<String> {
    let own = displays.iter().enumerate().filter(|(i, _)| !assignment.adopted.contains(i));
    let finds = own.filter(|(i, display)| {
        let monitor = assignment.monitors[*i].map(|m| &monitors[m]);
        display.adopted.as_ref().zip(monitor).is_some_and(|(entry, monitor)| recognises(entry, monitor))
    });
    finds.map(|(_, display)| display.name.clone()).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::geometry::Rotation;
    use crate::layout::monitors::Edid;
    use crate::layout::read;

    const WALL: &str = r#"
        [display.left]
        size_mm = [940, 530]
        match = [{ edid = "DEL-P24-OLD" }]
        [display.right]
        size_mm = [530, 940]
        pixels = [1080, 1920]
        rotate = 90
        match = [{ edid = "DEL-P24-RIGHT" }]
        "#;

    fn monitor(name: &str, serial: &str, size_mm: Option<(f32, f32)>) -> Monitor {
        let edid = Edid { make: "DEL".into(), model: "P24".into(), serial: serial.into(), sha256: None };
        let (pixels, turned) = ((1920, 1080), Some(Rotation::R0));
        Monitor { name: name.into(), pixels, size_mm, turned, edid: Some(edid), ..Monitor::default() }
    }

    fn vacancies(monitors: &[Monitor], adopted: &[Adoption]) -> Vacancies {
        let (file, problems) = read::read(&WALL.into(), Path::new("wall.toml"), &crate::registry());
        assert!(problems.is_empty(), "{problems:?}");
        Vacancies::of(&file, monitors, adopted)
    }

    fn differs(monitor: Monitor) -> Vec<(String, Vec<String>)> {
        let offers = vacancies(&[monitor], &[]).offers;
        offers.into_iter().map(|offer| (offer.display, offer.differs)).collect()
    }

    #[test]
    fn each_difference_is_told_and_nothing_else() {
        let told = |left: &[&str], right: &[&str]| {
            let own = |differs: &[&str]| differs.iter().map(|&words| words.to_owned()).collect::<Vec<_>>();
            vec![("left".to_owned(), own(left)), ("right".to_owned(), own(right))]
        };
        let same = monitor("DP-1", "NEW", Some((941.0, 529.0)));
        assert_eq!(differs(same.clone()), told(&[], &[]), "turned for the right one");
        let small = Monitor { pixels: (1280, 720), size_mm: Some((470.0, 265.0)), ..same.clone() };
        let size = ["470 × 265 mm instead of 940 × 530", "265 × 470 mm instead of 530 × 940"];
        // The pixels of the left one are those of its monitor, whatever it is.
        assert_eq!(differs(small), told(&size[..1], &["720 × 1280 pixels instead of 1080 × 1920", size[1]]));
        let silent = Monitor { size_mm: None, ..same };
        let unknown =
            ["size unknown; the layout says 940 × 530 mm", "size unknown; the layout says 530 × 940 mm"];
        assert_eq!(differs(silent), told(&unknown[..1], &unknown[1..]));
    }

    #[test]
    fn what_is_offered_is_asked_once_for_each_monitor() {
        let found = [monitor("DP-1", "A", Some((941.0, 529.0))), monitor("DP-2", "B", None)];
        let offers = vacancies(&found, &[]).offers;
        let words: Vec<String> = offers.chunk_by(|a, b| a.connector == b.connector).map(question).collect();
        assert_eq!(words.len(), 2);
        assert!(words[0].starts_with("displays `left` and `right` have no monitors"), "{}", words[0]);
        assert!(
            words[0].contains("DEL P24, serial A, on DP-1. Use it as `left` or `right`?"),
            "{}",
            words[0]
        );
        let twins = [found[0].clone(), Monitor { name: "DP-1".into(), ..found[1].clone() }];
        assert!(vacancies(&twins, &[]).offers.is_empty(), "no one can say which of them is meant");
    }

    #[test]
    fn what_was_accepted_fills_or_is_settled() {
        let adoption = |serial: &str| {
            let edid = Some(format!("DEL-P24-{serial}"));
            let monitor = MonitorMatch { edid, ..MonitorMatch::default() };
            [Adoption { display: "left".into(), monitor, ..Adoption::default() }]
        };
        let new = [monitor("DP-1", "NEW", None), monitor("DP-2", "RIGHT", None)];
        let filled = vacancies(&new, &adoption("NEW"));
        assert_eq!(
            (filled.offers.len(), filled.filled, filled.settled.len()),
            (0, vec!["left".to_owned()], 0)
        );
        let old = [monitor("DP-1", "OLD", None), monitor("DP-2", "RIGHT", None)];
        let settled = vacancies(&old, &adoption("OLD"));
        assert_eq!((settled.filled.len(), settled.settled), (0, vec!["left".to_owned()]));
        assert_eq!(vacancies(&old, &adoption("NEW")), Vacancies::default());
    }
}
