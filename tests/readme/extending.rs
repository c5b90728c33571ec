//! What docs/extending.md teaches is what the examples do, and they work.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use fishbowl::clock::Clock;
use fishbowl::{feed, layout};

#[path = "../../examples/own_widget.rs"]
#[allow(dead_code, reason = "the test calls the command line itself")]
mod own_widget;

#[path = "../../examples/own_feed.rs"]
#[allow(dead_code, reason = "the test calls the command line itself")]
mod own_feed;

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
        .map(|entry| entry.expect("it can be listed").path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).expect("it is text"))
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

#[test]
fn a_feed_from_outside_the_crate_is_checked_and_heard() {
    let path = repository("examples/own_feed.toml");
    let loaded = layout::load(&path, &[], &own_feed::registry());
    assert!(loaded.report.problems.is_empty(), "{}", loaded.report.draw(100, false));
    let folder = tempfile::tempdir().expect("a folder");
    let book = folder.path().join("guestbook.txt");
    fs::write(&book, "First\nSec").expect("it can be written");
    let text = read("examples/own_feed.toml");
    let loaded = layout::load_text(&text, &folder.path().join("wall.toml"), &[], &own_feed::registry());
    let wall = loaded.wall(&[]).expect("a layout without errors");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let texts = runtime.block_on(async {
        let (out, mut batches) = tokio::sync::mpsc::channel(feed::QUEUE);
        let _feeds =
            feed::spawn(&wall.feeds, &Default::default(), Clock::system(), out, &runtime.handle().clone());
        let (mut texts, mut is_written) = (Vec::new(), false);
        let hear = async {
            while texts.len() < 3 {
                let batch = batches.recv().await.expect("the feed goes on");
                texts.extend(batch.mentions.into_iter().filter_map(|mention| mention.text));
                if texts.len() == 1 && !std::mem::replace(&mut is_written, true) {
                    let mut file = fs::OpenOptions::new().append(true).open(&book).expect("it is there");
                    write!(file, "ond\n\nThird\n").expect("it can be written");
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), hear).await.expect("three lines");
        texts
    });
    assert_eq!(texts.iter().map(|text| &**text).collect::<Vec<_>>(), ["First", "Second", "Third"]);
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
