//! Rules about the customer's own typeface, logo and visitor.

use super::Cx;
use crate::bitmap::Bitmap;
use crate::layout::problem::Problem;
use crate::layout::solve;

pub fn check(cx: &mut Cx<'_>) {
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
    no_band(cx);
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
