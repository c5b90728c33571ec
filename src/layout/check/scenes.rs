//! Rules about scenes: the picture, its words, and how long a scene stays.

use std::time::Duration;

use super::context::{Cx, Scene};
use super::{spans, tiles};
use crate::geometry::Rect;
use crate::layout::display::Display;
use crate::layout::event;
use crate::layout::kind::ALERTED;
use crate::layout::picture::{self, Picture};
use crate::layout::place;
use crate::layout::problem::{Problem, nearest};
use crate::layout::schema::{SceneTable, TileTable};
use crate::layout::solve;

/// Words a minute that people read from a distance.
const READING_PER_MINUTE: f32 = 190.0;
/// A scene stays at least and at most so long.
const SHORTEST: Duration = Duration::from_secs(3);
const LONGEST: Duration = Duration::from_secs(86_400);

pub fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    if file.places.children(&["scene"]).is_empty() && !cx.found.means("scene") {
        let problem = Problem::error("no-scene", 0..0, "the wall has no scenes");
        cx.say(
            problem
                .label("no `[scene.…]` in this file")
                .help("Add `[scene.overview]` with a `picture` of the wall."),
        );
    }
    for name in &file.unshared {
        let span = file.places.key(&["scene", "common", "tile", name]);
        let problem =
            Problem::warning("unused-tile", span, format!("no scene shows the common tile `{name}`"));
        cx.say(
            problem
                .label("not shown")
                .help("Write its name into the picture of a scene, or remove the tile."),
        );
    }
    let takes_turns = |(_, table): (&str, &SceneTable)| table.head.on_alert.is_none();
    if let Some((name, _)) = file.scene.iter().next().filter(|_| !file.scene.iter().any(takes_turns)) {
        let span = cx.key(&["scene", name, "on_alert"]);
        let problem = Problem::error("no-turns", span, "every scene waits for an alert");
        cx.say(problem.label("not shown without one").help("Remove `on_alert` from at least one scene."));
    }
    for (name, table) in file.scene.iter() {
        let scene = Scene { name, table };
        let follows = |topic: &&String| *topic == ALERTED && table.head.on_alert.is_some();
        if let Some(topic) = table.head.topic.as_ref().filter(|topic| !follows(topic)) {
            cx.found.known_topic(topic, &scene.path(&["topic"]));
        }
        let span = cx.value(&scene.path(&["window"]));
        event::missing(table.head.window, file.event.is_some(), span).into_iter().for_each(|p| cx.say(p));
        match wrong_kind_of_picture(cx, scene) {
            Some(problem) => cx.say(problem),
            None => drawn(cx, scene),
        }
        dwell(cx, scene);
        tiles::options(cx, scene);
    }
}

/// Checks what the pictures of a scene show.
fn drawn(cx: &mut Cx<'_>, scene: Scene<'_>) {
    let before = cx.found.problems.len();
    let words = match scene.table.head.picture.as_deref() {
        Some(text) => one_picture(cx, scene, text),
        None => spans::pictures(cx, scene),
    };
    let told = |code: &str| cx.found.problems[before..].iter().any(|p| p.code == code);
    let sound = !told("picture-word") && !told("empty-picture");
    tables(cx, scene, &words, sound);
}

/// A scene has one picture, or one for each display that the layout names.
fn wrong_kind_of_picture(cx: &Cx<'_>, scene: Scene<'_>) -> Option<Problem> {
    let head = &scene.table.head;
    let several = !head.pictures.is_empty() || !head.span.is_empty();
    match (&head.picture, several) {
        (Some(_), false) => None,
        (None, true) if cx.names_displays() => None,
        (None, true) => Some(no_names(cx, scene)),
        (Some(_), true) => Some(both(cx, scene)),
        (None, false) => {
            let message = format!("the scene `{}` has no picture", scene.name);
            let problem = Problem::error("no-picture", cx.key(&scene.path(&[])), message).label("here");
            Some(problem.help("Draw the wall with words: `picture = \"\"\"` … `\"\"\"`."))
        }
    }
}

fn no_names(cx: &Cx<'_>, scene: Scene<'_>) -> Problem {
    let span = cx.key(&scene.path(&["pictures"]));
    let message = "`pictures` needs displays with names";
    let help = "Define them in `[display.…]`, or use a single `picture`, which fits any machine.";
    Problem::error("no-display", span, message).label("here").help(help)
}

fn both(cx: &Cx<'_>, scene: Scene<'_>) -> Problem {
    let other = if scene.table.head.pictures.is_empty() { "span" } else { "pictures" };
    let message = "a scene has either one picture or one per display";
    Problem::error("two-pictures", cx.key(&scene.path(&["picture"])), message)
        .label("one for the whole wall")
        .and(cx.key(&scene.path(&[other])), "and one per display")
        .help("Keep `picture` if the displays are arranged in rows; otherwise keep `pictures` and `span`.")
}

/// Checks the picture of a wall whose displays hang in rows; its words.
fn one_picture(cx: &mut Cx<'_>, scene: Scene<'_>, text: &str) -> Vec<(String, std::ops::Range<usize>)> {
    let path = scene.path(&["picture"]);
    let (picture, faults) = picture::parse(text);
    let sound = faults.is_empty();
    faults.into_iter().for_each(|fault| cx.found.fault(&path, text, fault));
    if sound && cx.hangs() {
        let mut faults = Vec::new();
        match cx.names_displays() {
            true => drop(place::on_grid(&picture, cx.displays, &mut faults)),
            false => drop(place::on_grid(&picture, &as_drawn(&picture), &mut faults)),
        }
        let fits = faults.is_empty();
        faults.into_iter().for_each(|fault| cx.found.fault(&path, text, fault));
        if fits {
            tiles::places(cx, scene);
        }
    }
    let place = |(word, at): (&str, _)| (word.to_owned(), cx.file.places.inside(&path, text, at));
    picture.words().into_iter().map(place).collect()
}

/// Equal displays that hang just as the picture shows them.
fn as_drawn(picture: &Picture) -> Vec<Display> {
    let display = |(x, y): (usize, usize)| Display {
        name: format!("{x}-{y}"),
        rect: Rect::new(x as f32 * 100.0, y as f32 * 100.0, 100.0, 100.0),
        pixels: (100, 100),
        rotate: Default::default(),
        matches: Vec::new(),
        if_missing: Default::default(),
        adopted: None,
    };
    let bands = picture.bands.iter().enumerate();
    bands.flat_map(|(y, band)| (0..band.panels.len()).map(move |x| (x, y))).map(display).collect()
}

/// Every word needs a table, and every table should be somewhere in a picture that is `sound`.
fn tables(cx: &mut Cx<'_>, scene: Scene<'_>, words: &[(String, std::ops::Range<usize>)], sound: bool) {
    let all = cx.file.places.children(&scene.path(&["tile"]));
    let unused: Vec<&str> = all.iter().copied().filter(|t| words.iter().all(|(w, _)| w != t)).collect();
    for (word, at) in words.iter().filter(|(w, _)| !all.contains(&w.as_str())) {
        let header = format!("[scene.{}.tile.{word}]", scene.name);
        let problem = Problem::error("no-tile", at.clone(), format!("the tile `{word}` is not defined"));
        cx.say(match nearest(word, unused.iter().copied()) {
            Some(near) => problem
                .label(format!("did you mean `{near}`?"))
                .help(format!("A tile is defined in `{header}`.")),
            None => problem.label("not defined").help(format!("Add `{header}` with a `kind`.")),
        });
    }
    for tile in unused.into_iter().filter(|_| sound) {
        let problem = Problem::warning(
            "unused-tile",
            cx.key(&scene.path(&["tile", tile])),
            format!("the tile `{tile}` is not in the picture"),
        );
        cx.say(
            problem
                .label("not shown")
                .help(format!("Write `{tile}` into the picture of `{}`, or remove the tile.", scene.name)),
        );
    }
}

fn dwell(cx: &mut Cx<'_>, scene: Scene<'_>) {
    let stays = scene.table.head.show_for.unwrap_or(solve::SHOW_FOR).0;
    let span = cx.value(&scene.path(&["show_for"]));
    if !(SHORTEST..=LONGEST).contains(&stays) {
        let message = format!("`show_for` must be between {} s and 24 h", SHORTEST.as_secs());
        cx.say(Problem::error("show-for", span, message).label("here"));
        return;
    }
    let words: usize = words_to_read(scene.table);
    let needed = Duration::from_secs_f32(words as f32 / READING_PER_MINUTE * 60.0);
    if cx.file.scene.len() > 1 && stays < needed {
        let message = format!("`{}` is not shown long enough to read", scene.name);
        let problem = Problem::warning("too-short", span, message).label(format!("{} s", stays.as_secs()));
        cx.say(problem.help(format!(
            "About {words} words take {:.0} s at {READING_PER_MINUTE} words per minute: show it longer, or show less.",
            needed.as_secs_f32().ceil()
        )));
    }
}

/// Words that somebody reads who looks at a scene for the first time. A ticker runs on from scene
/// to scene and does not count.
fn words_to_read(scene: &SceneTable) -> usize {
    let count = |text: &str| text.split_whitespace().count();
    let title = scene.head.title.as_deref().map_or(0, count);
    title
        + scene.tile.iter().map(|(_, tile)| heading_words(tile) + tile.widget.words_to_read()).sum::<usize>()
}

fn heading_words(tile: &TileTable) -> usize {
    tile.title.as_deref().map_or(2, |t| t.split_whitespace().count())
}
