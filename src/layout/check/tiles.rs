//! Rules about single tiles: what they are about, and where they stand.

use std::ops::Range;

use super::context::{Cx, Scene};
use super::legible;
use crate::layout::event;
use crate::layout::kind::{ALERTED, BehindBezel, TileKind};
use crate::layout::problem::{Problem, listed, nearest};
use crate::layout::schema::TileTable;
use crate::layout::solve;
use crate::layout::wall::Tile;
use crate::layout::window::Window;
use crate::mention::series;

/// A seam narrower than this is none: cabinets of an LED wall stand closer, millimetres.
const SEAM_MM: f32 = 1.0;

/// Rules about what the tables of a scene say.
pub fn options(cx: &mut Cx<'_>, scene: Scene<'_>) {
    for (name, tile) in scene.table.tile.iter() {
        let path = ["scene", scene.name, "tile", name];
        // What it has not itself it has from its scene.
        let place = |key| -> Vec<&str> {
            let own = [&path[..], &[key]].concat();
            if cx.file.places.has(&own) { own } else { scene.path(&[key]) }
        };
        let (of_topic, of_window) = (place("topic"), place("window"));
        let follows = |topic: &&str| *topic == ALERTED && scene.table.head.on_alert.is_some();
        if let Some(topic) = tile.widget.topic().filter(|topic| !follows(topic)) {
            cx.found.known_topic(topic, &of_topic);
        }
        legible::text(cx, &path, tile.text_arcmin);
        let span = cx.value(&of_window);
        let has_event = cx.file.places.has(&["event"]);
        cx.found.problems.extend(event::missing(tile.widget.window(), has_event, span));
        if let Some(series) = tile.widget.series() {
            known_series(cx, series, &*tile.widget, path);
        }
        tile.widget.check(&mut cx.tile(path));
    }
}

/// A series belongs to a feed of numbers, and a tile shows it or counts mentions.
fn known_series(cx: &mut Cx<'_>, series: &str, widget: &dyn TileKind, path: [&str; 4]) {
    let place = |key: &'static str| [path[0], path[1], path[2], path[3], key];
    if let Some(key) = widget.counting_key() {
        let problem = Problem::error("two-sources", cx.key(&place(key)), format!("a series has no {key}"));
        let problem = problem.label("for mentions").and(cx.key(&place("series")), "for a number series");
        cx.say(problem.help(format!("Keep `series` or `{key}`.")));
    }
    if matches!(widget.window(), Some(Window::D7 | Window::Event)) {
        let span = cx.value(&place("window"));
        let problem = Problem::error("too-long", span, "number series go back only 24 hours");
        cx.say(problem.label("too long").help("Use `24h`, `today` or less."));
    }
    let span = cx.value(&place("series"));
    numbers_of(cx, series, span);
}

/// A series belongs to a feed of numbers.
pub(super) fn numbers_of(cx: &mut Cx<'_>, series: &str, span: Range<usize>) {
    let file = cx.file;
    let within =
        |name: &str| series.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let feed = file.feed.iter().find(|(name, _)| within(name));
    if feed.is_some_and(|(_, table)| table.kind.brings_numbers()) || (feed.is_none() && !cx.is_whole("feed"))
    {
        if !series::is_readable(series) {
            let problem =
                Problem::error("unknown-series", span, format!("`{series}` is not the name of a series"));
            cx.say(problem.label("cannot be read").help(
                "Write `FEED/label=value,label=value`, or as in PromQL: `'FEED/metric{label=\"value\"}'`.",
            ));
        }
        return;
    }
    let names: Vec<&str> =
        file.feed.iter().filter(|(_, table)| table.kind.brings_numbers()).map(|(name, _)| name).collect();
    let message = match feed {
        Some((name, _)) => format!("the feed `{name}` has mentions, not numbers"),
        None => format!("there is no feed `{}`", series.split('/').next().unwrap_or(series)),
    };
    let problem = Problem::error("unknown-series", span, message);
    cx.say(match nearest(series, names.iter().copied()) {
        Some(near) => problem.label(format!("did you mean \"{near}\"?")),
        None if names.is_empty() => problem.label("not a feed of numbers").help(
            "Define `[feed.NAME]` with `kind = \"prometheus\"`, a `url` and a `query`, then use `series = \"NAME\"`.",
        ),
        None => problem.label("not a feed of numbers").help(format!("The feeds of numbers are {}.", listed(names))),
    });
}

/// Rules about where the tiles of a scene stand on the wall.
pub fn places(cx: &mut Cx<'_>, scene: Scene<'_>) {
    let below = solve::below_band(cx.file, cx.displays);
    let turns = solve::scenes(cx.file, scene.name, scene.table, &below);
    let mut seen: Vec<&str> = Vec::new();
    for tile in turns.iter().flat_map(|turn| &turn.tiles) {
        let Some(table) = scene.table.tile.get(&tile.name) else { continue };
        if seen.contains(&tile.name.as_str()) {
            continue;
        }
        seen.push(&tile.name);
        across_bezels(cx, scene, tile);
        legible::tile(cx, scene, tile, table);
    }
}

fn across_bezels(cx: &mut Cx<'_>, scene: Scene<'_>, tile: &Tile) {
    let TileTable { widget, .. } = match scene.table.tile.get(&tile.name) {
        Some(table) if tile.displays.len() > 1 && has_seam(cx, tile) => table,
        _ => return,
    };
    let span = cx.key(&["scene", scene.name, "tile", &tile.name]);
    let message = format!("`{}` runs across a bezel", tile.name);
    let names = listed(tile.displays.iter().filter_map(|i| cx.displays.get(*i)).map(|d| d.name.as_str()));
    let help = "Only heat maps and tickers can run across a bezel. Keep what must be read on one display.";
    match widget.behind_bezel() {
        BehindBezel::Fine => {}
        BehindBezel::Worse => {
            cx.say(Problem::warning("bezel", span, message).label(format!("on {names}")).help(help));
        }
        BehindBezel::Unreadable => cx.say(
            Problem::error("bezel", span, format!("{message}, and it is text"))
                .label(format!("on {names}"))
                .help(help),
        ),
    }
}

/// True when part of the tile lies behind a bezel.
fn has_seam(cx: &Cx<'_>, tile: &Tile) -> bool {
    let lit: f32 =
        cx.displays.iter().filter_map(|d| d.rect.intersection(&tile.rect)).map(|r| r.w * r.h).sum();
    tile.rect.w * tile.rect.h - lit > SEAM_MM * tile.rect.w.min(tile.rect.h)
}
