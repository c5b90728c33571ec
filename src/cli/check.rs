//! `fishbowl check` and `fishbowl schema`.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use fishbowl::feed;
use fishbowl::layout::problem::{Report, Severity};
use fishbowl::layout::{self, Hooks, LayoutFile};

use super::{Failure, Format, say};

/// Reports the problems of all files; fails when any has an error.
pub fn check(paths: &[PathBuf], format: Format) -> Result<ExitCode, Failure> {
    let mut records = Vec::new();
    let (mut errors, mut warnings) = (0, 0);
    for path in paths {
        let report = match read(path) {
            Ok((_, report)) | Err(report) => report,
        };
        errors += report.count(Severity::Error);
        warnings += report.count(Severity::Warning);
        match format {
            Format::Text => say::answer(in_words(path, &report))?,
            Format::Json => {
                records.extend(report.records().iter().filter_map(|r| serde_json::to_value(r).ok()))
            }
        }
    }
    if matches!(format, Format::Json) {
        say::answer(format_args!("{:#}\n", serde_json::Value::Array(records)))?;
    } else if paths.len() > 1 {
        say::answer(format_args!("{} files, {errors} errors, {warnings} warnings\n", paths.len()))?;
    }
    Ok(if errors > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn in_words(path: &Path, report: &Report) -> String {
    if report.problems.is_empty() {
        format!("{}: good\n", path.display())
    } else {
        report.draw(100, std::io::stdout().is_terminal())
    }
}

/// Reads and checks a layout file with all that the rest of the house knows about its parts.
pub fn read(path: &Path) -> Result<(LayoutFile, Report), Report> {
    let hooks = Hooks { json_path: &feed::map::check_path };
    let loaded = layout::load(path, &[], &hooks);
    if loaded.report.has_errors() { Err(loaded.report) } else { Ok((loaded.file, loaded.report)) }
}

/// Prints the JSON Schema of the layout file.
pub fn schema() -> Result<(), Failure> {
    say::answer(serde_json::to_string_pretty(&layout::json_schema())? + "\n")
}
