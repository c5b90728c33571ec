//! Rules about displays and monitors.

use super::context::Cx;
use super::legible;
use crate::layout::display::{Display, MonitorMatch, overlapping};
use crate::layout::legibility::Step;
use crate::layout::monitors::{Ambiguous, Monitor, assign};
use crate::layout::mount::hung_pixels;
use crate::layout::problem::{Problem, listed, nearest};
use crate::layout::schema::DisplayTable;

/// Part by which pixels and millimetres may disagree about the proportion.
const PROPORTION: f32 = 0.01;
/// Pixels in the height of a caption's capitals below which letters fall apart, and below which
/// they suffer.
const LEAST_PIXELS: f32 = 6.0;
const COMFORT_PIXELS: f32 = 9.0;
/// Pixels that all displays may have together: 8 of 8K, 32 of 4K. Each takes four bytes of the
/// graphics memory in every picture that is kept of it: the wall's, the window's two or three, and
/// the one that fades while scenes cross.
const MOST_PIXELS: u64 = 1 << 28;
pub fn check(cx: &mut Cx<'_>) {
    zone(cx);
    legible::text(cx, &["wall"], cx.file.wall.text_arcmin);
    if !cx.names_displays() {
        return;
    }
    viewer(cx);
    for (name, table) in cx.file.display.iter() {
        proportion(cx, name, table);
        turned(cx, name, table);
        matches(cx, name, table);
    }
    together(cx);
    if cx.is_whole("display") {
        overlaps(cx);
        coarse(cx);
        monitors(cx);
    }
}

/// One machine can only draw so much.
fn together(cx: &mut Cx<'_>) {
    let pixels = |d: &Display| u64::from(d.pixels.0) * u64::from(d.pixels.1);
    let all: u64 = cx.displays.iter().map(pixels).sum();
    let Some(largest) = cx.displays.iter().rev().max_by_key(|d| pixels(d)) else { return };
    if all <= MOST_PIXELS {
        return;
    }
    let million = |pixels: u64| pixels.div_ceil(1_000_000);
    let message = format!("the displays have {} million pixels in total", million(all));
    let problem = Problem::error("too-many-pixels", cx.value(&["display", &largest.name, "pixels"]), message)
        .label(format!("`{}` alone has {} million", largest.name, million(pixels(largest))));
    cx.say(problem.help(format!(
        "At most {} million: 32 displays of 3840 × 2160 or 8 of 7680 × 4320. `pixels` can be lower than the \
        monitor's resolution: the picture is then scaled.",
        MOST_PIXELS / 1_000_000
    )));
}

fn zone(cx: &mut Cx<'_>) {
    if let Some(zone) = &cx.file.wall.zone {
        cx.found.known_zone(zone, &["wall", "zone"]);
    }
}

fn viewer(cx: &mut Cx<'_>) {
    let keys = cx.file.places.children(&["wall"]);
    if keys.iter().all(|key| nearest(key, ["viewer_m"]).is_none()) {
        let span = if cx.file.places.has(&["wall"]) { cx.key(&["wall"]) } else { cx.key(&["display"]) };
        let taken = cx.scale.viewer_m;
        let message = "`viewer_m` is missing";
        cx.say(Problem::warning("no-viewer", span, message).label(format!("{taken:.1} m is assumed")).help(
            "Measure the distance to the farthest viewer who must be able to read the wall, and set it as \
            `viewer_m` in `[wall]`.",
        ));
    }
}

fn proportion(cx: &mut Cx<'_>, name: &str, table: &DisplayTable) {
    let ([w, h], Some([across, down])) = (table.size_mm, table.pixels) else { return };
    let off = (across as f32 / down as f32) / (w / h) - 1.0;
    if off.abs() <= PROPORTION || !off.is_finite() {
        return;
    }
    let problem = Problem::error(
        "proportion",
        cx.value(&["display", name, "pixels"]),
        format!(
            "the proportions of `{name}` in pixels and in millimetres differ by {:.0} %",
            off.abs() * 100.0
        ),
    )
    .label(format!("{:.3} times as wide as high", across as f32 / down as f32))
    .and(cx.value(&["display", name, "size_mm"]), format!("{:.3} times as wide as high", w / h));
    let swapped = ((down as f32 / across as f32) / (w / h) - 1.0).abs() <= PROPORTION;
    cx.say(problem.help(match swapped {
        true => "One of them is rotated: give both as the display hangs on the wall, after `rotate`.",
        false => "Measure the lit area without its frame, as it hangs on the wall.",
    }));
}

fn turned(cx: &mut Cx<'_>, name: &str, table: &DisplayTable) {
    let [w, h] = table.size_mm;
    if table.rotate.is_sideways() && w > h {
        let span = cx.value(&["display", name, "size_mm"]);
        let message = format!("`{name}` is rotated by {}° but wider than high", table.rotate.degrees());
        let problem = Problem::warning("turned", span, message).label("measured before it was rotated?");
        let problem = problem.and(cx.value(&["display", name, "rotate"]), "rotated here");
        cx.say(problem.help(format!("As it hangs on the wall, it is probably `size_mm = [{h}, {w}]`.")));
    }
}

fn matches(cx: &mut Cx<'_>, name: &str, table: &DisplayTable) {
    for (i, entry) in table.matches.iter().enumerate() {
        if *entry == MonitorMatch::default() {
            let problem =
                Problem::error("match-empty", entry_place(cx, name, i), "an empty match matches no monitor");
            cx.say(problem.label("empty").help(
                "Say how to recognise it, for example `{ connector = \
                \"DP-1\" }`. `fishbowl displays` lists the connected monitors.",
            ));
        } else if let Some((other, j)) = first_use(cx, entry, name, i) {
            let message = "two displays match the same monitor";
            let problem = Problem::error("match-twice", entry_place(cx, name, i), message)
                .label("the same match again")
                .and(entry_place(cx, &other, j), format!("`{other}` has it first"));
            cx.say(problem.help("Each monitor can be only one display: change one of the two."));
        }
    }
}

fn entry_place(cx: &Cx<'_>, display: &str, i: usize) -> std::ops::Range<usize> {
    cx.value(&["display", display, "match", &i.to_string()])
}

/// The display before `name` with the same entry, when that is all they say.
fn first_use(cx: &Cx<'_>, entry: &MonitorMatch, name: &str, i: usize) -> Option<(String, usize)> {
    let earlier = cx.file.display.iter().take_while(|(other, _)| *other != name);
    let same = |(other, table): (&str, &DisplayTable)| {
        let j = table.matches.iter().position(|e| e == entry)?;
        let told_apart = table.matches.len() > 1 && (i > 0 || cx.file.display.get(name)?.matches.len() > 1);
        (!told_apart).then(|| (other.to_owned(), j))
    };
    earlier.filter_map(same).next()
}

fn overlaps(cx: &mut Cx<'_>) {
    for (a, b, common) in overlapping(cx.displays) {
        cx.say(overlap(cx, a, b, common.w, common.h));
    }
}

fn overlap(cx: &Cx<'_>, a: &Display, b: &Display, w: f32, h: f32) -> Problem {
    let message = format!("`{}` and `{}` overlap by {w:.0} × {h:.0} mm", a.name, b.name);
    let place = |d: &Display| cx.value(&["display", &d.name, "at_mm"]);
    let says = |d: &Display| {
        let r = d.rect;
        format!("{:.0}–{:.0} mm across, {:.0}–{:.0} mm down", r.x, r.right(), r.y, r.bottom())
    };
    Problem::error("overlap", place(b), message).label(says(b)).and(place(a), says(a)).help(
        "`at_mm` is the top left corner of the lit area, measured from the top left corner of the wall.",
    )
}

/// Letters need pixels: the panels of a coarse LED wall may be large and still unreadable.
fn coarse(cx: &mut Cx<'_>) {
    for display in cx.displays {
        let pixels = cx.scale.mm(Step::Label.arcmin()) * display.density();
        if pixels >= COMFORT_PIXELS || !pixels.is_finite() {
            continue;
        }
        let span = cx.value(&["display", &display.name, "pixels"]);
        let message = format!("captions on `{}` are only {pixels:.1} pixels high", display.name);
        let problem = match pixels < LEAST_PIXELS {
            true => Problem::error("too-coarse", span, message),
            false => Problem::warning("too-coarse", span, message),
        };
        let label = format!("a pixel is {:.1} mm wide", 1.0 / display.density());
        cx.say(problem.label(label).help(format!(
            "The pixels are too large for a viewer {} m away: letters need {COMFORT_PIXELS} pixels. Is \
            `viewer_m` really the farthest viewer?",
            cx.scale.viewer_m
        )));
    }
}

fn monitors(cx: &mut Cx<'_>) {
    if cx.monitors.is_empty() {
        return;
    }
    match assign(cx.displays, cx.monitors) {
        Err(ambiguous) => ambiguous.iter().for_each(|a| cx.say(told(cx, a))),
        Ok(assignment) => {
            for i in assignment.missing {
                cx.say(missing(cx, &cx.displays[i]));
            }
            for (display, monitor) in cx.displays.iter().zip(assignment.monitors) {
                if let Some(monitor) = monitor {
                    mode(cx, display, &cx.monitors[monitor]);
                }
            }
        }
    }
}

fn told(cx: &Cx<'_>, ambiguous: &Ambiguous) -> Problem {
    let display = match ambiguous {
        Ambiguous::Monitors { display, .. }
        | Ambiguous::Place { display, .. }
        | Ambiguous::Left { display } => display,
        Ambiguous::Displays { displays, .. } => &displays[displays.len() - 1],
    };
    Problem::error("match-ambiguous", cx.value(&["display", display, "match"]), ambiguous.to_string())
        .label("nothing distinguishes them")
        .help("Add the connector, like `connector = \"DP-1\"`, or the `serial`. `fishbowl displays` prints both.")
}

fn missing(cx: &Cx<'_>, display: &Display) -> Problem {
    let names = listed(cx.monitors.iter().map(|m| m.name.as_str()));
    let message = format!("no monitor of this machine matches `{}`", display.name);
    Problem::warning("match-unknown", cx.value(&["display", &display.name, "match"]), message)
        .label("no match")
        .help(format!("This machine has {names}. `fishbowl displays` prints what each reports about itself."))
}

fn mode(cx: &mut Cx<'_>, display: &Display, monitor: &Monitor) {
    let (is, says) = (hung_pixels(display, monitor), display.pixels);
    if is != says && cx.file.places.has(&["display", &display.name, "pixels"]) {
        let message = format!("monitor `{}` runs {} × {}", monitor.name, is.0, is.1);
        let problem = Problem::warning("mode", cx.value(&["display", &display.name, "pixels"]), message);
        cx.say(
            problem
                .label(format!("here {} × {}", says.0, says.1))
                .help("Set the monitor to its native mode, or remove `pixels` to use the current mode."),
        );
    }
}
