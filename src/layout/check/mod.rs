//! What a layout file may have wrong although it can be read: every rule of `fishbowl check`.

mod alerts;
mod care;
mod context;
mod contrast;
mod displays;
mod feeds;
mod gate;
mod hours;
mod legible;
mod power;
mod remote;
mod scenes;
mod spans;
mod tiles;
mod topics;

use std::ops::Range;

use crate::layout::findings::Findings;
use crate::layout::hang;
use crate::layout::legibility::Scale;
use crate::layout::monitors::Monitor;
use crate::layout::problem::Problem;
use crate::layout::schema::LayoutFile;
use context::Cx;

pub use crate::layout::feed::FeedCheck;
pub use crate::layout::kind::TileCheck;

/// Most tables of each section.
pub const MAX_TABLES: [(&str, usize); 8] = [
    ("display", 64),
    ("feed", 32),
    ("topic", 1_024),
    ("alert", 256),
    ("scene", 64),
    ("mode", 32),
    ("schedule", 64),
    ("power", 64),
];
/// Most tiles of one scene.
pub const MAX_TILES: usize = 256;

/// All that is wrong in `file` on a machine with these monitors; with none nothing is said about
/// monitors. About tables that could not be read, and what hangs on them, nothing is said twice.
pub fn check(file: &LayoutFile, monitors: &[Monitor]) -> Vec<Problem> {
    let excess = too_many(file);
    if !excess.is_empty() {
        return excess;
    }
    let displays = hang::displays(file, monitors, &[]);
    let viewer_m = file.wall.viewer_m.unwrap_or_else(|| hang::usual_viewer_m(&displays));
    let found = Findings::new(&file.places);
    let mut cx = Cx { file, monitors, scale: Scale::new(viewer_m), displays: &displays, found };
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
        hours::check,
        power::check,
        gate::check,
    ];
    rules.iter().for_each(|rule| rule(&mut cx));
    // A tile that several scenes share has its faults once.
    let mut told: Vec<(&str, Range<usize>, String)> = Vec::new();
    let mut problems = cx.found.problems;
    problems.retain(|problem| {
        let this = (problem.code, problem.span.clone(), problem.message.clone());
        let is_new = !told.contains(&this);
        told.push(this);
        is_new
    });
    problems
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
