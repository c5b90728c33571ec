//! `fishbowl check` and `fishbowl schema`.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::layout::problem::{Problem, Report, Severity};
use crate::layout::{self, LayoutFile, Loaded};

use super::failure::Failure;
use super::kinds::registry;
use super::output;
use super::terminal::Terminal;

/// How problems are printed.
#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// What a layout from standard input is called.
const STDIN: &str = "<stdin>";

/// Reports the problems of all files; fails when any has an error.
pub fn check(paths: &[PathBuf], format: Format) -> Result<ExitCode, Failure> {
    let mut records = Vec::new();
    let (mut files, mut errors, mut warnings) = (0, 0, 0);
    for loaded in paths.iter().flat_map(|path| all_at(path)) {
        let report = &loaded.report;
        files += 1;
        errors += report.count(Severity::Error);
        warnings += report.count(Severity::Warning);
        match format {
            Format::Text => output::print_raw(in_words(&loaded))?,
            Format::Json => {
                records.extend(report.records().iter().filter_map(|r| serde_json::to_value(r).ok()))
            }
        }
    }
    if matches!(format, Format::Json) {
        output::print_raw(format_args!("{:#}\n", serde_json::Value::Array(records)))?;
    } else if files > 1 {
        let (errors, warnings) =
            (output::plural(errors as u64, "error"), output::plural(warnings as u64, "warning"));
        output::print(format_args!("{files} files, {errors}, {warnings}\n"))?;
    }
    Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn in_words(loaded: &Loaded) -> String {
    let (terminal, report) = (Terminal::out(), &loaded.report);
    let assumed = layout::assumed(&loaded.file).filter(|_| !report.has_errors());
    let assumed = assumed.map(|assumed| format!("it defines no displays, so it was checked for {assumed}"));
    let words = match (report.problems.is_empty(), assumed) {
        (true, None) => format!("{}: ok\n", report.file),
        (true, Some(assumed)) => format!("{}: ok; {assumed}\n", report.file),
        (false, None) => String::new(),
        (false, Some(assumed)) => format!("{}: {assumed}\n", report.file),
    };
    terminal.report(report) + &terminal.fit(&words)
}

/// The layouts that a path of the command line means: a file, all of a folder, or what comes in.
fn all_at(path: &Path) -> Vec<Loaded> {
    if path == Path::new("-") {
        return vec![from_stdin()];
    }
    if !path.is_dir() {
        return vec![load(path)];
    }
    match layouts_in(path) {
        Ok(found) if found.is_empty() => vec![unusable(path, "this folder contains no layouts (*.toml)")],
        Ok(found) => found.iter().map(|path| load(path)).collect(),
        Err(error) => vec![unusable(path, &format!("cannot read the folder: {error}"))],
    }
}

fn layouts_in(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = folder.read_dir()?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    paths.retain(|path| path.extension().is_some_and(|e| e.eq_ignore_ascii_case("toml")) && path.is_file());
    paths.sort();
    Ok(paths)
}

fn from_stdin() -> Loaded {
    match layout::capped(io::stdin().lock()) {
        Ok(bytes) => layout::load_bytes(bytes, Path::new(STDIN), &[], registry()),
        Err(error) => unusable(Path::new(STDIN), &format!("cannot read the layout: {error}")),
    }
}

fn unusable(path: &Path, why: &str) -> Loaded {
    let problems = vec![Problem::error("unreadable", 0..0, why)];
    let report = Report { file: path.display().to_string(), problems, ..Report::default() };
    Loaded { file: LayoutFile::default(), report }
}

/// What the rest of the house knows about the parts of a layout.
fn load(path: &Path) -> Loaded {
    if !is_handed_over(path) {
        return layout::load(path, &[], registry());
    }
    match std::fs::File::open(path).and_then(layout::capped) {
        Ok(bytes) => layout::load_bytes(bytes, path, &[], registry()),
        Err(error) => unusable(path, &format!("cannot read the layout: {error}")),
    }
}

/// True for what a shell hands over, as in `fishbowl check <(make-layout)`: a pipe that ends, to be
/// read once.
pub fn is_handed_over(path: &Path) -> bool {
    ["/dev/fd", "/dev/stdin", "/proc/self/fd"].iter().any(|place| path.starts_with(place))
}

/// Reads and checks a layout file.
pub fn read(path: &Path) -> Result<(LayoutFile, Report), Report> {
    sound(load(path))
}

/// [`read`] for bytes of the file that are already here.
pub fn read_bytes(bytes: Vec<u8>, path: &Path) -> Result<(LayoutFile, Report), Report> {
    sound(layout::load_bytes(bytes, path, &[], registry()))
}

fn sound(loaded: Loaded) -> Result<(LayoutFile, Report), Report> {
    if loaded.report.has_errors() { Err(loaded.report) } else { Ok((loaded.file, loaded.report)) }
}

/// Prints the JSON Schema of the layout file.
pub fn schema() -> Result<(), Failure> {
    output::print_raw(serde_json::to_string_pretty(&layout::json_schema(registry()))? + "\n")
}
