//! The layout file: read, checked, and solved into a wall in millimetres.

pub mod absent;
pub mod adoption;
pub mod alert;
mod ascii;
pub mod background;
pub mod backlight;
pub mod care;
pub mod check;
pub mod display;
pub mod event;
mod explain;
pub mod feed;
mod findings;
mod foreign;
pub mod gate;
mod hang;
pub mod hours;
mod json;
pub mod kind;
pub mod legibility;
mod limits;
pub mod moment;
pub mod monitors;
pub mod mount;
mod narrow;
pub mod own;
pub mod panel;
pub mod picture;
pub mod place;
pub mod places;
pub mod power;
pub mod problem;
pub mod ranks;
pub mod read;
pub mod remote;
pub mod rundown;
pub mod schema;
pub mod solve;
mod solved;
pub mod sources;
pub mod strip;
mod table;
mod table_schema;
mod theme;
mod topic;
mod turns;
mod unclosed;
pub mod vacancies;
pub mod value;
pub mod veil;
pub mod wall;
pub mod window;

use std::path::Path;
use std::sync::Arc;

pub use ascii::ascii;
pub use hang::{USUAL_DISTANCE, assumed, filling, told_mm};
pub use json::json_schema;
use kind::Registry;
use monitors::Monitor;
use problem::{Problem, Report};
pub use schema::LayoutFile;
pub use solve::{solve, solve_with};
pub use solved::SolvedLayout;

use crate::disk;
use wall::Wall;

/// The layout that runs when nobody gives one.
pub const DEMO: &str = include_str!("../../layouts/demo.toml");

/// A layout file, read.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// What could be read of it; fit to become a wall when the report has no errors.
    pub file: LayoutFile,
    pub report: Report,
}

/// Reads and checks the layout at `path` for a machine with these monitors; with none the
/// rules about monitors are not asked. It may name the kinds of `registry`.
pub fn load(path: &Path, monitors: &[Monitor], registry: &Registry) -> Loaded {
    let bytes = match read_capped(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let problem = Problem::error("unreadable", 0..0, format!("cannot read the layout: {error}"));
            let problem = problem.help("Check the path, and that this user may read the file.");
            return unreadable(path, Arc::default(), problem);
        }
    };
    load_bytes(bytes, path, monitors, registry)
}

/// [`load`] for bytes that are already here; `path` is their name and the place that files in them
/// are relative to.
pub fn load_bytes(bytes: Vec<u8>, path: &Path, monitors: &[Monitor], registry: &Registry) -> Loaded {
    if let Some(problem) = foreign::bytes(&bytes) {
        return unreadable(path, Arc::default(), problem);
    }
    match String::from_utf8(bytes) {
        Ok(text) => load_text(&text, path, monitors, registry),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let shown = String::from_utf8_lossy(error.as_bytes()).into();
            let span = at..at + char::REPLACEMENT_CHARACTER.len_utf8();
            let problem = Problem::error("unreadable", span, "the layout is not UTF-8 text");
            let problem = problem.label("not a valid character").help("Save the file as UTF-8.");
            unreadable(path, shown, problem)
        }
    }
}

fn unreadable(path: &Path, text: Arc<str>, problem: Problem) -> Loaded {
    let report = Report { file: path.display().to_string(), text, problems: vec![problem] };
    Loaded { file: LayoutFile::default(), report }
}

fn read_capped(path: &Path) -> std::io::Result<Vec<u8>> {
    capped(disk::open(path)?)
}

/// At most one byte more than a layout may have.
pub fn capped(from: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    from.take(read::MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// [`load`] for text that is already here; `path` is its name and the place that files in it are
/// relative to.
pub fn load_text(text: &str, path: &Path, monitors: &[Monitor], registry: &Registry) -> Loaded {
    let text: Arc<str> = text.into();
    let (file, problems) = read::read(&text, path, registry);
    let mut report = Report { file: path.display().to_string(), text, problems };
    if report.problems.iter().all(|p| !["syntax", "not-toml", "too-large"].contains(&p.code)) {
        report.problems.extend(check::check(&file, monitors));
    }
    report.sort();
    report.veil();
    Loaded { file, report }
}

/// The layout of [`DEMO`].
pub fn demo_file(registry: &Registry) -> LayoutFile {
    read::read(&DEMO.into(), Path::new("demo.toml"), registry).0
}

impl Loaded {
    /// The wall on these monitors; `None` when the report has errors.
    pub fn wall(&self, monitors: &[Monitor]) -> Option<Wall> {
        (!self.report.has_errors()).then(|| solve(&self.file, monitors))
    }
}
