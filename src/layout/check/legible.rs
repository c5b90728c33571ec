//! Rules about what can be read from the farthest place.

use super::{Cx, Scene};
use crate::layout::legibility::{
    CAP_HEIGHT, COMFORT_ARCMIN, LARGEST_ARCMIN, LINE_HEIGHT, MIN_ARCMIN, Scale, Step, TEXT_ARCMIN,
};
use crate::layout::problem::Problem;
use crate::layout::schema::TileTable;
use crate::layout::wall::Tile;
use crate::layout::widget::{ShareSpec, TextSize, TextSpec, WidgetSpec};

/// Room for a tile's heading, its badge and the gutter around it, arc minutes.
const FRAME: f32 = 74.0;
/// Room between two rows of a list, arc minutes.
const ROW_GAP: f32 = 6.0;
/// From one row of a comparison to the next, in lines of running text.
const SHARE_PITCH: f32 = 1.05;
/// Mean width of a letter, as a part of the type size.
const LETTER: f32 = 0.55;

/// Judges the size of running text that the wall and the tiles of `scene` ask for.
pub fn text(cx: &mut Cx<'_>, path: &[&str], text_arcmin: Option<f32>) {
    let Some(arcmin) = text_arcmin else { return };
    let path: Vec<&str> = path.iter().copied().chain(["text_arcmin"]).collect();
    let (span, distance) = (cx.value(&path), metres(&cx.scale));
    let message = |what: &str| format!("text of {arcmin} arc minutes {what} from {distance} m");
    let mm = |arcmin: f32| format!("{arcmin} arc minutes are {:.1} mm there", cx.scale.mm(arcmin));
    let problem = match arcmin {
        a if a < MIN_ARCMIN => {
            Problem::error("text-size", span, message("cannot be read")).label(mm(MIN_ARCMIN))
        }
        a if a < COMFORT_ARCMIN => {
            Problem::warning("text-size", span, message("is a strain to read")).label(mm(COMFORT_ARCMIN))
        }
        a if a > LARGEST_ARCMIN => {
            Problem::warning("text-size", span, message("is too large to be read at a glance"))
                .label(mm(LARGEST_ARCMIN))
        }
        _ => return,
    };
    cx.say(problem.help(format!("At least {MIN_ARCMIN} arc minutes, better {COMFORT_ARCMIN} to {TEXT_ARCMIN}; it is {TEXT_ARCMIN} when left out.")));
}

/// Judges the size of a tile.
pub fn tile(cx: &mut Cx<'_>, scene: Scene<'_>, tile: &Tile, table: &TileTable) {
    let own = tile.text_arcmin / TEXT_ARCMIN;
    let (w, h) = (cx.scale.arcmin(tile.rect.w) / own, cx.scale.arcmin(tile.rect.h) / own);
    let (least_w, least_h) = least(&table.widget, cx.file.topic.len(), w);
    if w < least_w || h < least_h {
        too_small(cx, scene, tile, least_w * own, least_h * own);
        return;
    }
    match &table.widget {
        WidgetSpec::Mentions(list) => too_many_rows(cx, scene, tile, (list.count, "mentions"), h),
        WidgetSpec::Ranks(list) => too_many_rows(cx, scene, tile, (list.count, "rows"), h),
        WidgetSpec::Share(share) => too_many_topics(cx, scene, tile, share, h),
        _ => {}
    }
}

/// Least width and height of a tile, arc minutes for the farthest viewer: what each widget needs
/// to show anything at the least type size. `width` is the width that there is.
fn least(widget: &WidgetSpec, topics: usize, width: f32) -> (f32, f32) {
    let (label, body, number) = (line(Step::Label), line(Step::Body), line(Step::Number));
    match widget {
        WidgetSpec::Heatmap(_) => (240.0, 120.0),
        WidgetSpec::Ticker(_) => (600.0, body),
        WidgetSpec::Counter(_) => (200.0, number + label),
        WidgetSpec::Trend(_) => (300.0, 160.0),
        WidgetSpec::Share(share) => {
            let rows = if share.topics.is_empty() { topics } else { share.topics.len() };
            (300.0, FRAME + body * SHARE_PITCH * rows.clamp(1, 2) as f32)
        }
        WidgetSpec::Mentions(_) => (450.0, FRAME + 2.0 * body),
        WidgetSpec::Alerts(_) => (420.0, FRAME + 2.0 * body),
        WidgetSpec::Words(_) => (300.0, 160.0),
        WidgetSpec::Ranks(_) => (300.0, FRAME + 2.0 * body),
        WidgetSpec::Sentiment(_) => (300.0, FRAME + label),
        WidgetSpec::Care(_) => (200.0, number + label),
        WidgetSpec::Clock(clock) => (if clock.seconds { 400.0 } else { 260.0 }, number),
        WidgetSpec::Text(text) => words(text, width),
    }
}

/// From one baseline to the next, arc minutes.
fn line(step: Step) -> f32 {
    step.arcmin() / CAP_HEIGHT * LINE_HEIGHT
}

/// Width of the longest word, and height of all words broken into lines of `width`.
fn words(spec: &TextSpec, width: f32) -> (f32, f32) {
    let step = match spec.size {
        TextSize::Body => Step::Body,
        TextSize::Title => Step::Title,
        TextSize::Number => Step::Number,
        TextSize::Hero => Step::Hero,
    };
    let letter = step.arcmin() / CAP_HEIGHT * LETTER;
    let length = |text: &str| text.chars().count() as f32 * letter;
    let longest = spec.text.split_whitespace().map(length).fold(0.0, f32::max);
    let lines: f32 = spec.text.lines().map(|l| (length(l) / width.max(1.0)).ceil()).sum();
    (longest, lines.max(1.0) * line(step))
}

fn too_many_topics(cx: &mut Cx<'_>, scene: Scene<'_>, tile: &Tile, share: &ShareSpec, h: f32) {
    let topics = if share.topics.is_empty() { cx.file.topic.len() } else { share.topics.len() };
    let fit = ((h - FRAME) / (line(Step::Body) * SHARE_PITCH)).floor();
    if fit >= topics as f32 {
        return;
    }
    let least = FRAME + line(Step::Body) * SHARE_PITCH * topics as f32;
    let needed = cx.scale.mm(least * tile.text_arcmin / TEXT_ARCMIN).ceil();
    let span = cx.key(&["scene", scene.name, "tile", &tile.name]);
    let problem = Problem::warning("too-many-rows", span, format!("only {fit:.0} of {topics} topics fit"));
    let label = format!("in {:.0} mm", tile.rect.h);
    // Beyond the edge of sight there is no height that would do.
    let help = match needed > tile.rect.h {
        true => format!("The others are added up in one bar. All of them need {needed} mm."),
        false => "The others are added up in one bar. Name those to compare: `topics = […]`.".into(),
    };
    cx.say(problem.label(label).help(help));
}

fn too_small(cx: &mut Cx<'_>, scene: Scene<'_>, tile: &Tile, least_w: f32, least_h: f32) {
    let (r, scale) = (tile.rect, cx.scale);
    let span = cx.key(&["scene", scene.name, "tile", &tile.name]);
    let message = format!("`{}` is too small to be read from {} m", tile.name, metres(&scale));
    let label = format!("{:.0} × {:.0} mm", r.w, r.h);
    let help = format!(
        "A {} needs at least {:.0} × {:.0} mm there: give it more of the picture, or bring the viewer nearer.",
        tile.widget.kind(),
        scale.mm(least_w).ceil(),
        scale.mm(least_h).ceil(),
    );
    let problem = match cx.names_displays() {
        true => Problem::error("too-small", span, message),
        false => Problem::warning("too-small", span, message),
    };
    cx.say(problem.label(label).help(help));
}

fn metres(scale: &Scale) -> String {
    format!("{:.1}", scale.viewer_m).trim_end_matches(".0").to_owned()
}

fn too_many_rows(cx: &mut Cx<'_>, scene: Scene<'_>, tile: &Tile, (count, what): (u8, &str), h: f32) {
    let fit = ((h - FRAME) / (line(Step::Body) + ROW_GAP)).floor();
    if fit >= f32::from(count) {
        return;
    }
    let path = ["scene", scene.name, "tile", &tile.name, "count"];
    let message = format!("only {fit:.0} of {count} {what} fit");
    let problem = Problem::warning("too-many-rows", cx.value(&path), message);
    cx.say(
        problem
            .label(format!("in {:.0} mm", tile.rect.h))
            .help(format!("Write `count = {fit:.0}`, or give the list more of the picture.")),
    );
}
