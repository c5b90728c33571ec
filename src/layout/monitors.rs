//! Which monitor is which display: a ranked list of ways to recognise it, and never a guess.

use std::collections::VecDeque;
use std::ops::Range;

use crate::geometry::Rotation;
use crate::layout::display::{Display, MonitorMatch};
use crate::layout::problem::listed;

/// A monitor as the machine sees it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Monitor {
    /// The connector, for example `DP-1`.
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
    /// Displays on a monitor that is not their own, but was given to them.
    pub adopted: Vec<usize>,
}

/// Why displays and monitors cannot be told apart.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Ambiguous {
    /// A display fits several monitors; monitors by name.
    #[error("display `{display}` matches {}", listed(.monitors.iter().map(String::as_str)))]
    Monitors { display: String, monitors: Vec<String> },
    /// A display goes by the order of monitors of which several stand at one place.
    #[error(
        "display `{display}` is matched by the order of the monitors, but {} are at the same place on the desktop",
        listed(.monitors.iter().map(String::as_str))
    )]
    Place { display: String, monitors: Vec<String> },
    /// Several displays fit the same monitor.
    #[error("monitor `{monitor}` matches the displays {}", listed(.displays.iter().map(String::as_str)))]
    Displays { monitor: String, displays: Vec<String> },
    /// A display takes a monitor that is left, and which are left is not certain.
    #[error("display `{display}` takes one of the remaining monitors, and it is uncertain which remain")]
    Left { display: String },
}

impl Ambiguous {
    /// True when this display has no monitor for that.
    pub fn is_about(&self, name: &str) -> bool {
        match self {
            Self::Monitors { display, .. } | Self::Place { display, .. } | Self::Left { display } => {
                display == name
            }
            Self::Displays { displays, .. } => displays.iter().any(|display| display == name),
        }
    }
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
    // Window systems list monitors in any order: at one place the name decides, so that a restart changes nothing.
    let name = |i: &usize| monitors[*i].name.as_str();
    order.sort_by_key(|i| (top(i), left(i), name(i)));
    let mut rows: Vec<Vec<usize>> = Vec::new();
    for i in order {
        match rows.last_mut().filter(|row| beside(&monitors[row[0]], &monitors[i])) {
            Some(row) => row.push(i),
            None => rows.push(vec![i]),
        }
    }
    rows.iter_mut().for_each(|row| row.sort_by_key(|i| (left(i), name(i))));
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

/// What is not certain: why, and the monitors that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    pub why: Ambiguous,
    pub monitors: Vec<usize>,
}

/// Finds the monitor of each display: the first entry of its `match` list that fits exactly one
/// monitor wins; a display for which none does has the monitor that it adopted, unless that is another's; displays
/// without a list then take the monitors that are left, in order.
///
/// # Errors
/// All displays that fit several monitors, and all monitors that fit several displays.
pub fn assign(displays: &[Display], monitors: &[Monitor]) -> Result<Assignment, Vec<Ambiguous>> {
    let (assignment, doubts) = certain(displays, monitors);
    if doubts.is_empty() {
        return Ok(assignment);
    }
    let causes = doubts.into_iter().map(|doubt| doubt.why);
    Err(causes.filter(|why| !matches!(why, Ambiguous::Left { .. })).collect())
}

/// As [`assign`], but what is certain goes its way whatever is not: a display in doubt has no
/// monitor and is not missing, a monitor in doubt is not spare.
pub fn certain(displays: &[Display], monitors: &[Monitor]) -> (Assignment, Vec<Doubt>) {
    let places = places(monitors);
    let numbered = numbers(&places);
    let mut doubts = Vec::new();
    let mut found: Vec<Option<usize>> = vec![None; displays.len()];
    for (display, found) in displays.iter().zip(&mut found) {
        match recognise(display, monitors, &numbered) {
            Ok(monitor) => *found = monitor,
            Err(doubt) => doubts.push(doubt),
        }
    }
    doubts.extend(doubly_taken(displays, monitors, &mut found));
    doubts.iter_mut().for_each(|doubt| doubt.monitors.retain(|m| !found.contains(&Some(*m))));
    let adopted = adopt(displays, monitors, &numbered, &mut found, &mut doubts);
    let doubted = |m: usize, doubts: &[Doubt]| doubts.iter().any(|doubt| doubt.monitors.contains(&m));
    let is_free = |m: usize| !found.contains(&Some(m)) && !doubted(m, &doubts);
    let left = |place: &Vec<usize>| place.iter().copied().filter(|m| is_free(*m)).collect();
    let mut free: VecDeque<Vec<usize>> =
        places.iter().map(left).filter(|p: &Vec<usize>| !p.is_empty()).collect();
    let counted = doubts.is_empty();
    for (display, found) in displays.iter().zip(&mut found).filter(|(d, _)| d.matches.is_empty()) {
        match free.front().map(Vec::as_slice) {
            _ if !counted => doubts.push(unsure_of_the_rest(display, &free)),
            None => {}
            Some([one]) => {
                *found = Some(*one);
                free.pop_front();
            }
            Some(several) => doubts.push(unsure(display, several, monitors, true)),
        }
    }
    let named = |i: usize| doubts.iter().any(|doubt| doubt.why.is_about(&displays[i].name));
    let missing = (0..displays.len()).filter(|i| found[*i].is_none() && !named(*i)).collect();
    let spare = free.into_iter().flatten().filter(|m| !doubted(*m, &doubts)).collect();
    (Assignment { monitors: found, missing, spare, adopted }, doubts)
}

/// Gives displays whose own monitors are not there the ones that they adopted, where nobody else may have them; which
/// displays those are.
fn adopt(
    displays: &[Display],
    monitors: &[Monitor],
    numbered: &[(Range<usize>, &[usize])],
    found: &mut [Option<usize>],
    doubts: &mut Vec<Doubt>,
) -> Vec<usize> {
    let is_free =
        |m: usize| !found.contains(&Some(m)) && doubts.iter().all(|doubt| !doubt.monitors.contains(&m));
    let free: Vec<usize> = (0..monitors.len()).filter(|m| is_free(*m)).collect();
    let named = |i: usize| doubts.iter().any(|doubt| doubt.why.is_about(&displays[i].name));
    let missing: Vec<usize> = (0..displays.len()).filter(|i| found[*i].is_none() && !named(*i)).collect();
    let mut wanted = vec![None; displays.len()];
    for &i in &missing {
        let Some(entry) = &displays[i].adopted else { continue };
        let fitting: Vec<usize> = fitting(entry, monitors, numbered).filter(|m| free.contains(m)).collect();
        match fitting[..] {
            [] => {}
            [one] => wanted[i] = Some(one),
            _ => doubts.push(unsure(&displays[i], &fitting, monitors, false)),
        }
    }
    doubts.extend(doubly_taken(displays, monitors, &mut wanted));
    let given: Vec<usize> = (0..displays.len()).filter(|i| wanted[*i].is_some()).collect();
    given.iter().for_each(|i| found[*i] = wanted[*i]);
    given
}

/// Which monitors are left is not certain while others are in doubt.
fn unsure_of_the_rest(display: &Display, free: &VecDeque<Vec<usize>>) -> Doubt {
    let why = Ambiguous::Left { display: display.name.clone() };
    Doubt { why, monitors: free.iter().flatten().copied().collect() }
}

/// The monitor that a display's `match` list means; an error when nothing tells several apart.
fn recognise(
    display: &Display,
    monitors: &[Monitor],
    numbered: &[(Range<usize>, &[usize])],
) -> Result<Option<usize>, Doubt> {
    let mut several = None;
    for entry in &display.matches {
        let fitting: Vec<usize> = fitting(entry, monitors, numbered).collect();
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

/// The monitors that an entry fits.
fn fitting<'a>(
    entry: &'a MonitorMatch,
    monitors: &'a [Monitor],
    numbered: &'a [(Range<usize>, &'a [usize])],
) -> impl Iterator<Item = usize> + 'a {
    let all = numbered.iter().flat_map(|(numbers, place)| place.iter().map(move |m| (*m, numbers)));
    all.filter(|(m, numbers)| fits(entry, &monitors[*m], numbers)).map(|(m, _)| m)
}

fn unsure(display: &Display, fitting: &[usize], monitors: &[Monitor], by_order: bool) -> Doubt {
    let display = display.name.clone();
    let names = fitting.iter().map(|i| monitors[*i].name.clone()).collect();
    let why = match by_order {
        true => Ambiguous::Place { display, monitors: names },
        false => Ambiguous::Monitors { display, monitors: names },
    };
    Doubt { why, monitors: fitting.to_vec() }
}

/// Whether an entry that counts no monitors fits this one.
pub fn recognises(entry: &MonitorMatch, monitor: &Monitor) -> bool {
    fits(entry, monitor, &(0..0))
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

/// Monitors that several displays have found; none of them has it then.
fn doubly_taken(displays: &[Display], monitors: &[Monitor], found: &mut [Option<usize>]) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    for (m, monitor) in monitors.iter().enumerate() {
        let takers: Vec<usize> = (0..displays.len()).filter(|d| found[*d] == Some(m)).collect();
        if takers.len() > 1 {
            takers.iter().for_each(|d| found[*d] = None);
            let displays = takers.iter().map(|d| displays[*d].name.clone()).collect();
            let why = Ambiguous::Displays { monitor: monitor.name.clone(), displays };
            doubts.push(Doubt { why, monitors: vec![m] });
        }
    }
    doubts
}

#[cfg(test)]
mod tests;
