//! What docs/extending.md teaches is what the examples do, and they work.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use fishbowl::layout;

#[path = "../../examples/own_widget.rs"]
#[allow(dead_code, reason = "the test calls the command line itself")]
mod own_widget;

use super::{fences, repository};

const PAGE: &str = "docs/extending.md";

fn read(path: &str) -> String {
    fs::read_to_string(repository(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// The blocks of Rust and TOML on the page that no example contains.
fn invented(page: &str, examples: &[String]) -> Vec<String> {
    let shown = fences(page).into_iter().filter(|fence| ["rust", "toml,own"].contains(&fence.kind.as_str()));
    let invented = shown.filter(|fence| !examples.iter().any(|text| text.contains(&fence.text)));
    invented.map(|fence| format!("line {}:\n{}", fence.line, fence.text)).collect()
}

#[test]
fn its_code_is_that_of_the_examples() {
    let examples = repository("examples").read_dir().expect("there are examples");
    let examples: Vec<_> = examples
        .map(|entry| fs::read_to_string(entry.expect("it can be listed").path()).expect("it is text"))
        .collect();
    let page = read(PAGE);
    assert!(fences(&page).iter().filter(|fence| fence.kind == "rust").count() >= 4, "it shows no code");
    let invented = invented(&page, &examples);
    assert!(invented.is_empty(), "in no example: {}", invented.join("\n"));
    let wrong = page.replace("vec![Need::Places(self.window)]", "vec![]");
    assert_eq!(self::invented(&wrong, &examples).len(), 1);
}

#[test]
fn a_tile_from_outside_the_crate_is_checked_and_drawn() {
    let path = repository("examples/own_widget.toml");
    let loaded = layout::load(&path, &[], &own_widget::registry());
    assert!(loaded.report.problems.is_empty(), "{}", loaded.report.draw(100, false));
    let loaded = layout::load(&path, &[], &fishbowl::registry());
    assert!(loaded.report.has_errors(), "it is known without being registered");
    let schema = layout::json_schema(&own_widget::registry()).to_string();
    assert!(schema.contains("\"top_city\"") && schema.contains("The city with the most mentions."));
    let out = tempfile::tempdir().expect("a folder");
    assert_eq!(render(&path, out.path()), ExitCode::SUCCESS);
    let drawn = image::open(out.path().join("left.png")).expect("a picture").to_rgba8();
    assert!(is_bright_below(&drawn, 0.75), "nothing is drawn where the tiles are");
}

fn render(layout: &Path, out: &Path) -> ExitCode {
    let line =
        ["fishbowl".as_ref(), "render".as_ref(), layout.as_os_str(), "--out".as_ref(), out.as_os_str()];
    fishbowl::cli::run_command(line.map(OsString::from), own_widget::registry())
}

/// True when something as bright as text stands in the picture below this part of its height.
fn is_bright_below(picture: &image::RgbaImage, from: f32) -> bool {
    let from = (picture.height() as f32 * from) as u32;
    picture
        .enumerate_pixels()
        .filter(|(_, y, _)| *y > from)
        .any(|(.., pixel)| pixel.0[..3].iter().all(|&c| c > 180))
}
