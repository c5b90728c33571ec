//! Rules about the colours that a layout replaces.

use super::Cx;
use crate::color::{Rgba, Theme};
use crate::layout::problem::Problem;
use crate::layout::solve;

/// Below this nobody sees it from a distance.
const LEAST: f32 = 3.0;
/// Text that matters stands at this or above.
const TEXT: f32 = 7.0;
/// Captions and marks of data stand at this or above, as those of the house's themes do.
const MARK: f32 = 4.5;

pub fn check(cx: &mut Cx<'_>) {
    let theme = solve::theme(&cx.file.theme);
    for (name, colour, comfort) in colours(&theme) {
        judge(cx, &[name], name, colour, &theme, comfort);
    }
    for (i, colour) in theme.topics.iter().enumerate() {
        judge(cx, &["topics", &i.to_string()], &format!("topic colour {}", i + 1), *colour, &theme, MARK);
    }
}

fn colours(theme: &Theme) -> [(&'static str, Rgba, f32); 7] {
    [
        ("ink", theme.ink, TEXT),
        ("soft", theme.soft, TEXT),
        ("quiet", theme.quiet, MARK),
        ("accent", theme.accent, MARK),
        ("positive", theme.positive, MARK),
        ("negative", theme.negative, MARK),
        ("alarm", theme.alarm, MARK),
    ]
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
