//! Rules about a wall that is no grid: one picture for each display, and named spans.

use std::ops::Range;

use super::context::{Cx, Scene};
use super::tiles;
use crate::layout::picture::{self, Picture};
use crate::layout::place::{self, HANGING_MM, Placed};
use crate::layout::problem::{Problem, listed, nearest};
use crate::layout::schema::SpanTable;
use crate::layout::solve;

/// A word of a display's picture and where it stands in the file.
struct Word {
    display: String,
    word: String,
    at: Range<usize>,
}

/// Checks all pictures of a scene; their words.
pub fn pictures(cx: &mut Cx<'_>, scene: Scene<'_>) -> Vec<(String, Range<usize>)> {
    let mut words: Vec<Word> = Vec::new();
    let before = cx.found.problems.len();
    for (display, text) in &scene.table.head.pictures {
        if known(cx, display, &scene.path(&["pictures", display]), "a picture") {
            picture(cx, scene, display, text, &mut words);
        }
    }
    doubled(cx, scene, &words);
    for (name, span) in &scene.table.head.span {
        self::span(cx, scene, name, span, &words);
    }
    if cx.found.problems.len() == before && cx.hangs() {
        placed(cx, scene, &words);
    }
    let exact = scene.table.head.span.keys().map(|name| (name.clone(), cx.key(&scene.path(&["span", name]))));
    let mut all: Vec<(String, Range<usize>)> =
        words.into_iter().map(|w| (w.word, w.at)).chain(exact).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all.dedup_by(|a, b| a.0 == b.0);
    all
}

fn known(cx: &mut Cx<'_>, display: &str, path: &[&str], what: &str) -> bool {
    let names = cx.file.places.children(&["display"]);
    if names.contains(&display) {
        return true;
    }
    let problem =
        Problem::error("no-display", cx.value(path), format!("{what} for an unknown display `{display}`"));
    cx.say(match nearest(display, names.iter().copied()) {
        Some(near) => problem.label(format!("did you mean `{near}`?")),
        None => problem.label("not known").help(format!("The displays are {}.", listed(names))),
    });
    false
}

fn picture(cx: &mut Cx<'_>, scene: Scene<'_>, display: &str, text: &str, words: &mut Vec<Word>) {
    let path = scene.path(&[]).into_iter().chain(["pictures", display]).collect::<Vec<_>>();
    let (picture, mut faults) = picture::parse(text);
    for (i, (band, panel)) in picture.panels().enumerate() {
        place::pieces(band, (i, panel), (0, crate::geometry::Rect::new(0.0, 0.0, 1.0, 1.0)), &mut faults);
    }
    faults.into_iter().for_each(|fault| cx.found.fault(&path, text, fault));
    if picture.panel_count() > 1 {
        let problem = Problem::error(
            "panel-count",
            cx.key(&path),
            format!("the picture of `{display}` shows {} displays", picture.panel_count()),
        );
        cx.say(
            problem.label("one display").help(
                "In `pictures`, each display has its own picture, without `|` and without rows of `-`.",
            ),
        );
    }
    words.extend(told(cx, &picture, display, text, &path));
}

fn told(cx: &Cx<'_>, picture: &Picture, display: &str, text: &str, path: &[&str]) -> Vec<Word> {
    let word = |(word, at): (&str, Range<usize>)| Word {
        display: display.into(),
        word: word.into(),
        at: cx.file.places.inside(path, text, at),
    };
    picture.words().into_iter().map(word).collect()
}

/// A word that stands on several displays must be named as a span over them.
fn doubled(cx: &mut Cx<'_>, scene: Scene<'_>, words: &[Word]) {
    for (i, word) in words.iter().enumerate() {
        let Some(first) = words[..i].iter().find(|w| w.word == word.word) else { continue };
        let span = scene.table.head.span.get(&word.word);
        if span.is_some_and(|s| s.displays.contains(&word.display) && s.displays.contains(&first.display)) {
            continue;
        }
        let name = &word.word;
        let problem = Problem::error(
            "no-span",
            word.at.clone(),
            format!("`{name}` is on both `{}` and `{}`", first.display, word.display),
        );
        let problem = problem.label("here again").and(first.at.clone(), "here");
        cx.say(problem.help(format!(
            "To make it one tile across both, add `[scene.{}.span.{name}]` with `displays = [\"{}\", \
            \"{}\"]`. Otherwise give them different names.",
            scene.name, first.display, word.display
        )));
    }
}

fn span(cx: &mut Cx<'_>, scene: Scene<'_>, name: &str, span: &SpanTable, words: &[Word]) {
    let path = ["scene", scene.name, "span", name];
    for (i, display) in span.displays.iter().enumerate() {
        let place = [path[0], path[1], path[2], path[3], "displays", &i.to_string()];
        let shown = words.iter().any(|w| w.word == name && w.display == *display);
        if known(cx, display, &place, "a span") && !shown && span.rect_mm.is_none() {
            let problem = Problem::error(
                "no-span",
                cx.value(&place),
                format!("`{name}` is not in the picture of `{display}`"),
            );
            cx.say(problem.label("should span this display").help(format!(
                "Write `{name}` in that picture where the tile belongs, or give the span a `rect_mm`."
            )));
        }
    }
    if span.displays.is_empty() && span.rect_mm.is_none() {
        let problem =
            Problem::error("missing-key", cx.key(&path), format!("the span `{name}` has no position"));
        cx.say(
            problem
                .label("here")
                .help("Give it `displays = [\"left\", \"right\"]` or `rect_mm = [x, y, width, height]`."),
        );
    }
}

/// The solved places: parts line up, spans with a rectangle lie on displays and on nothing else.
fn placed(cx: &mut Cx<'_>, scene: Scene<'_>, words: &[Word]) {
    let mut faults = Vec::new();
    let placed = solve::placed(scene.table, cx.displays, &mut faults);
    for fault in &faults {
        let name = fault.message.split('`').nth(1).unwrap_or_default();
        let at =
            words.iter().rfind(|w| w.word == name).map_or_else(|| cx.key(&scene.path(&[])), |w| w.at.clone());
        let problem = Problem::error(fault.code, at, fault.message.clone()).label(fault.label.clone());
        cx.say(problem.help(
            "Parts on two displays must touch the bezel between them and line up to within \
            5 mm. Or give the span a `rect_mm`.",
        ));
    }
    for tile in &placed {
        exact(cx, scene, tile, &placed);
    }
    dark(cx, scene, &placed);
    if faults.is_empty() {
        tiles::places(cx, scene);
    }
}

fn exact(cx: &mut Cx<'_>, scene: Scene<'_>, tile: &Placed, all: &[Placed]) {
    let span = scene.table.head.span.get(&tile.word).and_then(|s| s.rect_mm);
    if span.is_none() {
        return;
    }
    let path = scene.path(&["span", &tile.word]);
    let value = cx.value(&path.iter().copied().chain(["rect_mm"]).collect::<Vec<_>>());
    if tile.displays.is_empty() || tile.rect.is_empty() {
        let problem =
            Problem::error("off-wall", value.clone(), format!("`{}` is not on any display", tile.word));
        cx.say(
            problem
                .label("left, top, width, height")
                .help("Measured in millimetres from the top left corner of the wall."),
        );
    }
    for other in all.iter().filter(|o| o.word != tile.word) {
        let common = other.rect.intersection(&tile.rect);
        if common.is_some_and(|c| c.w > HANGING_MM && c.h > HANGING_MM) {
            let problem = Problem::error(
                "tile-overlap",
                value.clone(),
                format!("`{}` covers `{}`", tile.word, other.word),
            );
            cx.say(
                problem
                    .label("here")
                    .help(format!("Leave room for it in the pictures: write `{}` or `.` there.", tile.word)),
            );
        }
    }
}

fn dark(cx: &mut Cx<'_>, scene: Scene<'_>, placed: &[Placed]) {
    for (i, display) in cx.displays.iter().enumerate() {
        if placed.iter().all(|p| !p.displays.contains(&i)) {
            let problem = Problem::warning(
                "dark",
                cx.key(&scene.path(&["pictures"])),
                format!("`{}` is empty in the scene `{}`", display.name, scene.name),
            );
            cx.say(
                problem.label("no picture for it").help(format!("Add `{} = \"\"\"…\"\"\"`.", display.name)),
            );
        }
    }
}
