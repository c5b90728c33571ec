//! Rules about the colours, typeface, logo and background that a layout brings.

use std::ops::Range;

use super::context::Cx;
use crate::bitmap::Bitmap;
use crate::color::{APART, Clash, Rgba, Scrim, State, Theme};
use crate::layout::background::Background;
use crate::layout::problem::Problem;
use crate::layout::{solve, theme};

/// Below this nobody sees it from a distance.
const LEAST: f32 = 3.0;
/// Where less than this part of a background can show, it says so.
const FAINT: f32 = 0.08;
/// Pairs of colours that are told, the nearest first.
const MOST_CLASHES: usize = 6;

pub fn check(cx: &mut Cx<'_>) {
    let theme = theme::solve(&cx.file.theme);
    for (State { key, topic, color }, comfort) in theme.legible() {
        let index = topic.map(|i| i.to_string());
        let name = topic.map_or(key.to_owned(), |i| format!("topic colour {}", i + 1));
        let path: Vec<&str> = [key].into_iter().chain(index.as_deref()).collect();
        judge(cx, &path, &name, color, &theme, comfort);
    }
    map(cx, &theme);
    apart(cx, &theme);
}

/// Judges a colour on the ground when the layout has set one of the two.
fn judge(cx: &mut Cx<'_>, key: &[&str], name: &str, colour: Rgba, theme: &Theme, comfort: f32) {
    let path: Vec<&str> = ["theme"].iter().chain(key).copied().collect();
    let own = cx.file.places.has(&path);
    let ratio = colour.contrast(theme.ground);
    if !(own || cx.file.places.has(&["theme", "ground"])) || ratio >= comfort {
        return;
    }
    let span = if own { cx.value(&path) } else { cx.value(&["theme", "ground"]) };
    let message = format!("`{name}` has a contrast of {ratio:.1}:1 against the ground");
    let problem = match ratio < LEAST {
        true => Problem::error("contrast", span, message).label(format!("needs at least {LEAST}:1")),
        false => Problem::warning("contrast", span, message).label(format!("{comfort}:1 is easy to read")),
    };
    let way = if theme.ground.luminance() < 0.18 { "lighter" } else { "darker" };
    cx.say(problem.help(format!("Make `{name}` {way}, or change `ground`.")));
}

/// What must stand out on the map, where the layout has set one of the two.
fn map(cx: &mut Cx<'_>, theme: &Theme) {
    let (coast, cold) = (("coast", theme.coast), ("heat", theme.heat[0]));
    let (ground, land) = (("ground", theme.ground), ("land", theme.land));
    for ((name, colour), (on, under)) in [(coast, ground), (coast, land), (cold, land)] {
        let set = [name, on].into_iter().find(|key| cx.file.places.has(&["theme", key]));
        let ratio = colour.contrast(under);
        let Some(key) = set.filter(|_| ratio < LEAST) else { continue };
        let what = if name == "heat" { "the first colour of `heat`".into() } else { format!("`{name}`") };
        let message = format!("{what} has a contrast of {ratio:.1}:1 against `{on}`");
        let problem = Problem::warning("contrast", cx.value(&["theme", key]), message);
        cx.say(
            problem.label(format!("{LEAST}:1 can be seen from afar")).help(format!("Change it, or `{on}`.")),
        );
    }
}

/// Colours that mean different things and that some people confuse, where the layout has set one.
fn apart(cx: &mut Cx<'_>, theme: &Theme) {
    let mut clashes = theme.clashes();
    clashes.retain(|clash| place(cx, &clash.one).or(place(cx, &clash.other)).is_some());
    let more = clashes.len().saturating_sub(MOST_CLASHES);
    for (i, clash) in clashes.into_iter().take(MOST_CLASHES).enumerate() {
        let more = if i + 1 == MOST_CLASHES { more } else { 0 };
        let problem = alike(cx, &clash, more);
        cx.say(problem);
    }
}

fn alike(cx: &Cx<'_>, clash: &Clash, more: usize) -> Problem {
    let Clash { one, other, vision, difference } = clash;
    let (at, of) = match (place(cx, one), place(cx, other)) {
        (Some(first), Some(second)) => (second, Some(first)),
        (first, second) => (second.or(first).unwrap_or_default(), None),
    };
    let message = format!("{} and {} look alike under {}", one.name(), other.name(), vision.words());
    let label = format!("ΔE₀₀ is {difference:.1}; at least {APART} is needed");
    let problem = Problem::warning("colours-alike", at, message).label(label);
    let problem = of.into_iter().fold(problem, |problem, at| problem.and(at, one.name()));
    let rest = if more == 0 { String::new() } else { format!(" {more} more pairs look alike.") };
    problem.help(format!("Make one of them lighter or darker.{rest}"))
}

/// Where the layout sets a state's colour, if it does.
fn place(cx: &Cx<'_>, state: &State) -> Option<Range<usize>> {
    let index = state.topic.map(|i| i.to_string());
    let path: Vec<&str> = ["theme", state.key].into_iter().chain(index.as_deref()).collect();
    cx.file.places.has(&path).then(|| cx.value(&path))
}

/// Judges the typeface, the logo and the visitor of the house.
pub fn brand(cx: &mut Cx<'_>) {
    if let Err((i, why)) = solve::typeface(cx.file) {
        let name = cx.file.theme.fonts.get(i).map(|font| font.display().to_string()).unwrap_or_default();
        let span = cx.value(&["theme", "fonts", &i.to_string()]);
        let problem = Problem::warning("no-font", span, format!("the font {name} {why}"));
        cx.say(problem.label("the wall uses Inter instead").help(
            "Name TrueType or OpenType files of one family (.ttf, .otf); paths are relative to the layout file.",
        ));
    }
    if let Some(logo) = &cx.file.theme.logo
        && let Err(why) = Bitmap::read(&cx.file.dir.join(logo))
    {
        let message = format!("the logo {} {why}", logo.display());
        let problem = Problem::warning("no-image", cx.value(&["theme", "logo"]), message);
        let help = "Name a PNG or JPEG file; its path is relative to the layout file.";
        cx.say(problem.label("the band has no logo").help(help));
    }
    background(cx);
    no_band(cx);
}

/// A background that cannot be used, or of which nobody would see much.
fn background(cx: &mut Cx<'_>) {
    let Some(name) = cx.file.theme.background.as_ref().map(|file| file.display().to_string()) else { return };
    let Some(read) = Background::read(cx.file, cx.displays) else { return };
    let span = cx.value(&["theme", "background"]);
    let background = match read {
        Ok(background) => background,
        Err(why) => {
            let problem = Problem::warning("no-image", span, format!("the background {name} {why}"));
            let help = "Name a PNG or JPEG file of at most 16 MB; its path is relative to the layout file.";
            return cx.say(problem.label("the wall has a plain background").help(help));
        }
    };
    let Scrim { share, limit } = theme::solve(&cx.file.theme).scrim(&background.palette());
    let Some(limit) = limit.filter(|_| share < FAINT) else { return };
    let percent = (share * 100.0).floor();
    let message = format!("only {percent} % of the background {name} can show behind the text");
    cx.say(Problem::warning("faint-background", span, message).label(limit.reason()).help(limit.way()));
}

/// A logo or visitor that no band shows.
fn no_band(cx: &mut Cx<'_>) {
    let keys = [["theme", "logo"], ["wall", "visitor"]];
    let Some(key) = keys.iter().find(|key| cx.file.places.has(*key)) else { return };
    if solve::band(cx.file, cx.displays).is_some() {
        return;
    }
    let message = format!("the wall has no band for `{}`", key[1]);
    let problem = Problem::warning("no-band", cx.value(key), message).label("shown nowhere");
    cx.say(problem.help("Write `[wall] band = true`, or give the tiles of the top row more room."));
}
