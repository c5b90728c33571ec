//! What a layout file may have wrong although it can be read: every rule of `fishbowl check`.

mod alerts;
mod care;
mod contrast;
mod displays;
mod feed;
mod feeds;
mod legible;
mod remote;
mod scenes;
mod spans;
mod tile;
mod tiles;
mod topics;

use std::ops::Range;

use crate::layout::hang;
use crate::layout::legibility::Scale;
use crate::layout::monitors::Monitor;
use crate::layout::picture::Fault;
use crate::layout::problem::{Problem, nearest};
use crate::layout::schema::{LayoutFile, SceneTable};
use crate::layout::solve;
use crate::layout::wall::Display;

pub use feed::FeedCheck;
pub use tile::TileCheck;

/// Says whether a text is right; else the byte where it is wrong, and why.
type TextCheck<'a> = &'a dyn Fn(&str) -> Result<(), (usize, String)>;

/// Most tables of each section.
pub const MAX_TABLES: [(&str, usize); 5] =
    [("display", 64), ("feed", 32), ("topic", 1_024), ("alert", 256), ("scene", 64)];
/// Most tiles of one scene.
pub const MAX_TILES: usize = 256;

/// All that is wrong in `file` on a machine with these monitors; with none nothing is said about
/// monitors. About tables that could not be read, and what hangs on them, nothing is said twice.
pub fn check(file: &LayoutFile, monitors: &[Monitor]) -> Vec<Problem> {
    let excess = too_many(file);
    if !excess.is_empty() {
        return excess;
    }
    let displays = hang::displays(file, monitors, solve::panels(file));
    let viewer_m = file.wall.viewer_m.unwrap_or_else(|| hang::usual_viewer_m(&displays));
    let mut cx =
        Cx { file, monitors, scale: Scale::new(viewer_m), displays: &displays, problems: Vec::new() };
    let rules = [
        displays::check,
        topics::check,
        alerts::check,
        feeds::check,
        contrast::check,
        contrast::brand,
        scenes::check,
        care::check,
        remote::check,
    ];
    rules.iter().for_each(|rule| rule(&mut cx));
    // A tile that several scenes share has its faults once.
    let mut told: Vec<(&str, Range<usize>, String)> = Vec::new();
    cx.problems.retain(|problem| {
        let this = (problem.code, problem.span.clone(), problem.message.clone());
        let is_new = !told.contains(&this);
        told.push(this);
        is_new
    });
    cx.problems
}

/// Sections with more tables than a wall may have; nothing else is asked of such a file.
fn too_many(file: &LayoutFile) -> Vec<Problem> {
    let places = &file.places;
    let section = |(name, most): &(&str, usize)| {
        let extra = places.children(&[name]).get(*most).map(|first| places.key(&[name, first]));
        let message = format!("a wall can have at most {most} {name}s");
        extra.map(|span| Problem::error("too-many", span, message).label("one too many"))
    };
    let scene = |name: &str| {
        let path = ["scene", name, "tile"];
        let extra =
            places.children(&path).get(MAX_TILES).map(|tile| places.key(&[path[0], path[1], path[2], tile]));
        let message = format!("a scene can have at most {MAX_TILES} tiles");
        extra.map(|span| Problem::error("too-many", span, message).label("one too many"))
    };
    MAX_TABLES.iter().filter_map(section).chain(file.scene.names().filter_map(scene)).collect()
}

/// What the rules look at, and what they have found.
struct Cx<'a> {
    file: &'a LayoutFile,
    monitors: &'a [Monitor],
    scale: Scale,
    displays: &'a [Display],
    problems: Vec<Problem>,
}

impl<'a> Cx<'a> {
    fn say(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    fn key(&self, path: &[&str]) -> Range<usize> {
        self.file.places.key(path)
    }

    fn value(&self, path: &[&str]) -> Range<usize> {
        self.file.places.value(path)
    }

    /// True when every table of a section could be read.
    fn is_whole(&self, section: &str) -> bool {
        let read = match section {
            "display" => self.file.display.len(),
            "feed" => self.file.feed.len(),
            "topic" => self.file.topic.len(),
            "alert" => self.file.alert.len(),
            _ => self.file.scene.len(),
        };
        self.file.places.children(&[section]).len() == read
    }

    /// True when the file has such a section, misspelt perhaps.
    fn means(&self, section: &str) -> bool {
        self.file.places.children(&[]).iter().any(|name| nearest(name, [section]).is_some())
    }

    /// True when every display could be read, has a place, and lies on no other.
    fn hangs(&self) -> bool {
        let finite = |d: &Display| [d.rect.x, d.rect.y, d.rect.w, d.rect.h].iter().all(|v| v.is_finite());
        let sound = self.displays.iter().all(finite) && displays::overlapping(self.displays).is_empty();
        self.is_whole("display") && sound
    }

    /// True when the layout names its displays.
    fn names_displays(&self) -> bool {
        !self.file.places.children(&["display"]).is_empty()
    }

    /// Names of all topics, those that could not be read included.
    fn topics(&self) -> Vec<&'a str> {
        self.file.places.children(&["topic"])
    }

    /// Reports a text in the file that `is_right` refuses.
    fn ask(&mut self, code: &'static str, is_right: TextCheck<'_>, path: &[&str], text: &str, help: &str) {
        if let Err((at, why)) = is_right(text) {
            let end = text[at.min(text.len())..].chars().next().map_or(at, |c| at + c.len_utf8());
            let span = self.file.places.inside(path, text, at..end);
            self.say(Problem::error(code, span, why).label("here").help(help));
        }
    }

    /// Tells a fault of the picture at `path`.
    fn fault(&mut self, path: &[&str], text: &str, fault: Fault) {
        let whole = |at: &Range<usize>| *at == (0..0);
        let place = |at: &Range<usize>| match whole(at) {
            true => self.file.places.key(path),
            false => self.file.places.inside(path, text, at.clone()),
        };
        let mut problem = Problem::error(fault.code, place(&fault.at), fault.message).label(fault.label);
        for (at, label) in &fault.related {
            problem = problem.and(place(at), label);
        }
        let problem = if fault.help.is_empty() { problem } else { problem.help(fault.help) };
        self.say(problem);
    }
}

/// One scene while it is checked.
#[derive(Clone, Copy)]
struct Scene<'a> {
    name: &'a str,
    table: &'a SceneTable,
}

impl<'a> Scene<'a> {
    fn path(&self, rest: &[&'a str]) -> Vec<&'a str> {
        ["scene", self.name].iter().chain(rest).copied().collect()
    }
}
