//! Which monitor is which display: a ranked list of ways to recognise it, and never a guess.

use std::collections::VecDeque;
use std::ops::Range;

use crate::geometry::Rotation;
use crate::layout::problem::listed;
use crate::layout::wall::{Display, MonitorMatch};

/// A monitor as the machine sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Monitor {
    /// The plug, for example `DP-1`.
    pub name: String,
    /// Pixels of its present mode, as the panel itself counts them (not turned).
    pub pixels: (u32, u32),
    /// Width and height of the lit area, where the monitor tells.
    pub size_mm: Option<(f32, f32)>,
    /// Place on the desktop, in the desktop's own units: on Wayland before each monitor's scale,
    /// on X11 pixels.
    pub position: (i32, i32),
    /// Width and height there; zero where nobody tells, and then its pixels count.
    pub extent: (u32, u32),
    /// How the window system turns what is drawn for it; `None` where it does not tell.
    pub turned: Option<Rotation>,
    pub edid: Option<Edid>,
}

impl Monitor {
    /// Pixels as the window system shows them, after it turned them.
    pub fn shown_pixels(&self) -> (u32, u32) {
        let (w, h) = self.pixels;
        if self.turned.is_some_and(Rotation::is_sideways) { (h, w) } else { (w, h) }
    }

    /// Its height on the desktop.
    fn tall(&self) -> u32 {
        if self.extent.1 > 0 { self.extent.1 } else { self.shown_pixels().1 }
    }
}

/// What a monitor says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edid {
    /// Three letters, for example `DEL`.
    pub make: String,
    pub model: String,
    pub serial: String,
    /// SHA-256 of the whole EDID in lower-case hexadecimal.
    pub sha256: Option<String>,
}

impl Edid {
    /// `MAKE-MODEL-SERIAL`.
    pub fn id(&self) -> String {
        format!("{}-{}-{}", self.make, self.model, self.serial)
    }
}

/// Which display each monitor is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// For each display the index of its monitor.
    pub monitors: Vec<Option<usize>>,
    /// Displays without a monitor.
    pub missing: Vec<usize>,
    /// Monitors without a display.
    pub spare: Vec<usize>,
}

/// Why displays and monitors cannot be told apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ambiguous {
    /// A display fits several monitors; monitors by name.
    #[error("display `{display}` fits {}", listed(.monitors.iter().map(String::as_str)))]
    Monitors { display: String, monitors: Vec<String> },
    /// A display goes by the order of monitors of which several stand at one place.
    #[error(
        "display `{display}` goes by the order of the monitors, and {} stand at the same place of the desktop",
        listed(.monitors.iter().map(String::as_str))
    )]
    Place { display: String, monitors: Vec<String> },
    /// Several displays fit the same monitor.
    #[error("monitor `{monitor}` fits the displays {}", listed(.displays.iter().map(String::as_str)))]
    Displays { monitor: String, displays: Vec<String> },
}

/// Indices of the monitors in reading order: rows from the top, each from the left.
pub fn in_order(monitors: &[Monitor]) -> Vec<usize> {
    places(monitors).concat()
}

/// The places of the desktop in reading order, each with its monitors: more than one where nothing
/// tells which comes first.
fn places(monitors: &[Monitor]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..monitors.len()).collect();
    let (left, top) = (|i: &usize| monitors[*i].position.0, |i: &usize| monitors[*i].position.1);
    order.sort_by_key(|i| (top(i), left(i)));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for i in order {
        match rows.last_mut().filter(|row| beside(&monitors[row[0]], &monitors[i])) {
            Some(row) => row.push(i),
            None => rows.push(vec![i]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by_key(left));
    let at_one_place = |a: &usize, b: &usize| left(a) == left(b);
    rows.iter().flat_map(|row| row.chunk_by(at_one_place).map(<[usize]>::to_vec)).collect()
}

/// True when the lower one begins above the other's middle.
fn beside(upper: &Monitor, lower: &Monitor) -> bool {
    let down = i64::from(lower.position.1) - i64::from(upper.position.1);
    down * 2 < i64::from(upper.tall())
}

/// For each place the numbers that `order` may give to its monitors.
fn numbers(places: &[Vec<usize>]) -> Vec<(Range<usize>, &[usize])> {
    let mut next = 1;
    let number = |place: &Vec<usize>| {
        let first = next;
        next += place.len();
        first..next
    };
    let ranges: Vec<Range<usize>> = places.iter().map(number).collect();
    ranges.into_iter().zip(places.iter().map(Vec::as_slice)).collect()
}

/// Finds the monitor of each display: the first entry of its `match` list that fits exactly one
/// monitor wins; displays without a list then take the monitors that are left, in order.
///
/// # Errors
/// All displays that fit several monitors, and all monitors that fit several displays.
pub fn assign(displays: &[Display], monitors: &[Monitor]) -> Result<Assignment, Vec<Ambiguous>> {
    let places = places(monitors);
    let numbered = numbers(&places);
    let mut errors = Vec::new();
    let mut found: Vec<Option<usize>> = vec![None; displays.len()];
    for (display, found) in displays.iter().zip(&mut found) {
        match recognise(display, monitors, &numbered) {
            Ok(monitor) => *found = monitor,
            Err(ambiguous) => errors.push(ambiguous),
        }
    }
    errors.extend(doubly_taken(displays, monitors, &found));
    let left = |place: &Vec<usize>| place.iter().copied().filter(|i| !found.contains(&Some(*i))).collect();
    let mut free: VecDeque<Vec<usize>> =
        places.iter().map(left).filter(|p: &Vec<usize>| !p.is_empty()).collect();
    for (display, found) in displays.iter().zip(&mut found).filter(|(d, _)| d.matches.is_empty()) {
        match free.front().map(Vec::as_slice) {
            None => {}
            Some([one]) => {
                *found = Some(*one);
                free.pop_front();
            }
            Some(several) => errors.push(unsure(display, several, monitors, true)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    let missing = (0..displays.len()).filter(|i| found[*i].is_none()).collect();
    Ok(Assignment { monitors: found, missing, spare: free.into_iter().flatten().collect() })
}

/// The monitor that a display's `match` list means; an error when nothing tells several apart.
fn recognise(
    display: &Display,
    monitors: &[Monitor],
    numbered: &[(Range<usize>, &[usize])],
) -> Result<Option<usize>, Ambiguous> {
    let mut several = None;
    for entry in &display.matches {
        let at = |(numbers, place): &(Range<usize>, &[usize])| {
            let fitting = place.iter().copied().filter(|i| fits(entry, &monitors[*i], numbers));
            fitting.collect::<Vec<_>>()
        };
        let fitting: Vec<usize> = numbered.iter().flat_map(at).collect();
        match fitting[..] {
            [] => {}
            [one] => return Ok(Some(one)),
            _ if several.is_none() => several = Some((fitting, entry.order.is_some())),
            _ => {}
        }
    }
    match several {
        Some((fitting, by_order)) => Err(unsure(display, &fitting, monitors, by_order)),
        None => Ok(None),
    }
}

fn unsure(display: &Display, fitting: &[usize], monitors: &[Monitor], by_order: bool) -> Ambiguous {
    let display = display.name.clone();
    let monitors = fitting.iter().map(|i| monitors[*i].name.clone()).collect();
    match by_order {
        true => Ambiguous::Place { display, monitors },
        false => Ambiguous::Monitors { display, monitors },
    }
}

fn fits(entry: &MonitorMatch, monitor: &Monitor, numbers: &Range<usize>) -> bool {
    let same = |wanted: &Option<String>, is: Option<&str>| match (wanted, is) {
        (None, _) => true,
        (Some(wanted), Some(is)) => wanted.trim().eq_ignore_ascii_case(is.trim()),
        (Some(_), None) => false,
    };
    let edid = monitor.edid.as_ref();
    let id = edid.map(Edid::id);
    let whole = same(&entry.edid, id.as_deref()) || same(&entry.edid, edid.and_then(|e| e.sha256.as_deref()));
    *entry != MonitorMatch::default()
        && whole
        && same(&entry.make, edid.map(|e| e.make.as_str()))
        && same(&entry.model, edid.map(|e| e.model.as_str()))
        && same(&entry.serial, edid.map(|e| e.serial.as_str()))
        && same(&entry.connector, Some(&monitor.name))
        && entry.order.is_none_or(|o| numbers.contains(&o))
}

fn doubly_taken(displays: &[Display], monitors: &[Monitor], found: &[Option<usize>]) -> Vec<Ambiguous> {
    let taken = |monitor: usize| {
        let displays = displays.iter().zip(found).filter(move |(_, f)| **f == Some(monitor));
        displays.map(|(d, _)| d.name.clone()).collect::<Vec<_>>()
    };
    let doubles = monitors.iter().enumerate().map(|(i, m)| (m, taken(i))).filter(|(_, d)| d.len() > 1);
    doubles.map(|(m, displays)| Ambiguous::Displays { monitor: m.name.clone(), displays }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn monitor(name: &str, x: i32, serial: &str) -> Monitor {
        let edid = Edid { make: "DEL".into(), model: "U4323QE".into(), serial: serial.into(), sha256: None };
        Monitor {
            name: name.into(),
            pixels: (1920, 1080),
            position: (x, 0),
            edid: Some(edid),
            ..Default::default()
        }
    }

    fn display(name: &str, matches: Vec<MonitorMatch>) -> Display {
        let rect = crate::geometry::Rect::new(0.0, 0.0, 1.0, 1.0);
        Display { name: name.into(), rect, pixels: (1, 1), rotate: Default::default(), matches }
    }

    fn connector(name: &str) -> MonitorMatch {
        MonitorMatch { connector: Some(name.into()), ..Default::default() }
    }

    fn order(order: usize) -> MonitorMatch {
        MonitorMatch { order: Some(order), ..Default::default() }
    }

    fn edid(id: &str) -> MonitorMatch {
        MonitorMatch { edid: Some(id.into()), ..Default::default() }
    }

    #[test]
    fn a_whole_batch_with_one_serial_is_told_apart_by_its_plugs() {
        let monitors = [monitor("DP-1", 0, "U4P"), monitor("DP-2", 1920, "U4P")];
        let same = edid("DEL-U4323QE-U4P");
        let told = [
            display("left", vec![same.clone(), connector("DP-2")]),
            display("right", vec![same.clone(), connector("DP-1")]),
        ];
        assert_eq!(assign(&told, &monitors).unwrap().monitors, [Some(1), Some(0)]);
        let guess = assign(&[display("left", vec![same])], &monitors).unwrap_err();
        assert_eq!(guess[0].to_string(), "display `left` fits `DP-1` and `DP-2`");
    }

    #[test]
    fn one_monitor_is_never_two_displays() {
        let monitors = [monitor("DP-1", 0, "1")];
        let displays = [display("a", vec![connector("DP-1")]), display("b", vec![edid("DEL-U4323QE-1")])];
        let errors = assign(&displays, &monitors).unwrap_err();
        assert_eq!(errors[0].to_string(), "monitor `DP-1` fits the displays `a` and `b`");
    }

    #[test]
    fn what_is_left_over_is_listed() {
        let monitors = [monitor("DP-2", 1920, "2"), monitor("DP-1", 0, "1"), monitor("DP-3", 3840, "3")];
        let displays = [display("a", vec![]), display("b", vec![connector("DP-9")])];
        let assignment = assign(&displays, &monitors).unwrap();
        assert_eq!(assignment.monitors, [Some(1), None]);
        assert_eq!((assignment.missing, assignment.spare), (vec![1], vec![0, 2]));
    }

    #[test]
    fn monitors_are_counted_in_reading_order() {
        let mut four =
            [monitor("d", 1920, ""), monitor("b", 1920, ""), monitor("a", 0, ""), monitor("c", 0, "")];
        four[0].position.1 = 1_080;
        four[3].position.1 = 1_120;
        four[2].position.1 = 40;
        assert_eq!(in_order(&four), [2, 1, 3, 0]);
    }

    /// Four monitors as `fishbowl displays` was seen to mistake them: three of scale 2, one of 1.
    #[test]
    fn monitors_of_mixed_scales_are_counted_where_they_are() {
        let mut four =
            [monitor("d", 5760, ""), monitor("b", 1920, ""), monitor("c", 3840, ""), monitor("a", 0, "")];
        for (i, monitor) in four.iter_mut().enumerate() {
            monitor.extent = (1920, 1080);
            monitor.pixels = if i == 0 { (1920, 1080) } else { (3840, 2160) };
        }
        assert_eq!(in_order(&four), [3, 1, 2, 0]);
        let displays = [display("one", vec![]), display("two", vec![]), display("four", vec![order(4)])];
        assert_eq!(assign(&displays, &four).unwrap().monitors, [Some(3), Some(1), Some(0)]);
        // Rows are as high as the desktop says, not as the panels count.
        four[1].position = (0, 1080);
        assert_eq!(in_order(&four), [3, 2, 0, 1]);
    }

    #[test]
    fn monitors_at_one_place_are_not_counted() {
        let same = [monitor("DP-1", 0, "1"), monitor("DP-2", 0, "2"), monitor("DP-3", 1920, "3")];
        let told = |displays: &[Display]| assign(displays, &same).map_err(|e| e[0].to_string());
        let words = "display `a` goes by the order of the monitors, and `DP-1` and `DP-2` stand at the same \
                     place of the desktop";
        for first in [vec![order(1)], vec![order(2)], vec![]] {
            assert_eq!(told(&[display("a", first)]), Err(words.into()));
        }
        let third = [display("c", vec![order(3)])];
        assert_eq!(told(&third).unwrap().monitors, [Some(2)]);
        // What the plug decides needs no order, and leaves one monitor for the other display.
        let apart = [display("b", vec![order(1), connector("DP-2")]), display("a", vec![])];
        assert_eq!(told(&apart).unwrap().monitors, [Some(1), Some(0)]);
    }

    #[test]
    fn an_empty_entry_fits_nothing() {
        let monitors = [monitor("DP-1", 0, "1")];
        let assignment = assign(&[display("a", vec![MonitorMatch::default()])], &monitors).unwrap();
        assert_eq!(assignment.missing, [0]);
    }
}
