//! How right the wall's numbers are: writes `docs/accuracy.md`.
//!
//! `make accuracy` fetches the labelled texts first (`scripts/accuracy-data`). Each part is one
//! file: its `table` gives its part of the page, headings from `##` on.

#[path = "accuracy/bursts.rs"]
mod bursts;
#[path = "accuracy/language.rs"]
mod language;
#[path = "accuracy/places.rs"]
mod places;
#[path = "accuracy/sentiment.rs"]
mod sentiment;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

const PAGE: &str = "docs/accuracy.md";
const HEAD: &str = "# How accurate the numbers are

`make accuracy` writes this page. It uses labelled texts from public package registries, the gazetteer
that ships with Fishbowl, and simulated minutes, so the results do not depend on the machine. Weak
figures are listed along with the good ones. What the wall cannot know, it shows as unknown.
";

fn main() -> ExitCode {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = repository.join("target/accuracy");
    let parts = [sentiment::table(&data), language::table(&data), Ok(places::table()), Ok(bursts::table())];
    match page(parts, repository.join(PAGE)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("accuracy: {error}\n`make accuracy` fetches what it needs.");
            ExitCode::FAILURE
        }
    }
}

fn page(parts: [Result<String, String>; 4], path: PathBuf) -> Result<(), String> {
    let mut page = HEAD.to_owned();
    for part in parts {
        let part = part?;
        if !part.trim().is_empty() {
            page = format!("{page}\n{}\n", part.trim_end());
        }
    }
    print!("{page}");
    std::fs::write(&path, page).map_err(|error| format!("{}: {error}", path.display()))
}
