//! The rules of the house, read from the source: who may know whom, which crate belongs where,
//! how long a file may be.

#[path = "house/architecture.rs"]
mod architecture;
#[path = "house/circles.rs"]
mod circles;
#[path = "house/english.rs"]
mod english;
#[path = "house/lexer.rs"]
mod lexer;
#[path = "house/names.rs"]
mod names;
#[path = "house/rules.rs"]
mod rules;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use circles::Modules;
use lexer::{Token, tokens, without_tests};

/// Who may use whom: exactly these. A room may use itself too.
const MAY_USE: &[(&str, &[&str])] = &[
    ("bitmap", &["disk"]),
    ("clock", &[]),
    ("codec", &[]),
    ("color", &[]),
    ("disk", &[]),
    ("geometry", &[]),
    ("metric", &[]),
    ("segment", &[]),
    ("typeface", &["disk"]),
    ("mention", &["clock"]),
    ("query", &["mention"]),
    ("place", &["query", "mention"]),
    ("layout", &["metric", "query", "mention", "geometry", "color", "clock", "bitmap", "disk", "typeface"]),
    ("text", &["layout", "geometry", "segment", "bitmap", "typeface"]),
    ("pulse", &["place", "query", "layout", "metric", "mention", "segment", "codec", "clock"]),
    ("journal", &["mention", "codec", "clock", "disk"]),
    ("server", &[]),
    ("feed", &["server", "journal", "layout", "mention", "codec", "clock", "disk"]),
    (
        "scene",
        &["place", "pulse", "layout", "text", "metric", "mention", "geometry", "color", "clock", "bitmap"],
    ),
    ("paint", &["scene", "layout", "text", "geometry", "color"]),
    ("gpu", &["paint", "scene", "layout", "text", "geometry", "color", "bitmap"]),
    ("control", &["pulse", "layout", "mention", "clock"]),
    ("power", &["control", "layout", "clock"]),
    ("remote", &["control", "server", "pulse", "layout", "mention", "geometry", "clock", "bitmap", "disk"]),
    (
        "kiosk",
        &[
            "control", "gpu", "scene", "pulse", "layout", "text", "geometry", "color", "codec", "clock",
            "bitmap",
        ],
    ),
    (
        "cli",
        &[
            "kiosk", "remote", "power", "control", "gpu", "scene", "feed", "journal", "pulse", "text",
            "layout", "query", "mention", "color", "codec", "clock", "bitmap",
        ],
    ),
];

/// Crates that only some modules may name. The command line counts as `cli`.
const BELONGS: &[(&str, &[&str])] = &[
    ("wgpu", &["gpu"]),
    ("winit", &["kiosk"]),
    ("smithay_client_toolkit", &["kiosk", "power"]),
    ("md5", &["power"]),
    ("x11rb", &["kiosk"]),
    ("reqwest", &["feed"]),
    ("hyper", &["feed", "server"]),
    ("tokio_tungstenite", &["feed"]),
    ("async_nats", &["feed"]),
    ("rusqlite", &["journal"]),
    ("lyon", &["paint"]),
    ("qrcodegen", &["scene", "cli"]),
    ("icu_segmenter", &["segment"]),
    ("stop_words", &["pulse"]),
    ("axum", &["remote"]),
    ("prometheus_client", &["remote"]),
    ("hdrhistogram", &["kiosk"]),
    ("toml", &["layout", "cli"]),
    ("miette", &["layout", "cli"]),
];

/// Types whose `now` reads the system's time, which is for `clock` alone.
const CLOCKS: &[&str] = &["Instant", "SystemTime", "Timestamp", "Zoned"];

const MAX_LINES: usize = 400;

#[test]
fn the_source_keeps_the_rules() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut faults = Vec::new();
    let mut seen = 0;
    for path in rust_files(&root.join("src")) {
        let source = fs::read_to_string(&path).expect("source is text");
        let name = path.strip_prefix(root.join("src")).expect("it was found there");
        seen += 1;
        faults.extend(faults_of(&name.to_string_lossy(), &source));
    }
    for path in rust_files(&root.join("tests")) {
        let source = fs::read_to_string(&path).expect("source is text");
        faults.extend(too_long(&path.to_string_lossy(), &source));
    }
    assert!(seen > 15, "only {seen} files were found");
    assert!(faults.is_empty(), "the house's rules are broken:\n  {}\n", faults.join("\n  "));
}

/// The files of `src` by their names, each with its tokens but those of tests.
fn sources() -> Vec<(String, Vec<Token>)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let read = |path: PathBuf| {
        let name = path.strip_prefix(&src).expect("it was found there").to_string_lossy().into_owned();
        let source = fs::read_to_string(&path).expect("source is text");
        (!is_test(&name)).then(|| (name, without_tests(&tokens(&source))))
    };
    rust_files(&src).into_iter().filter_map(read).collect()
}

#[test]
fn every_permission_is_used() {
    let mut used = BTreeSet::new();
    for (name, tokens) in sources() {
        for i in 0..tokens.len() {
            used.extend(used_rooms(&tokens, i, &name).into_iter().map(|to| (room_of(&name), to)));
        }
    }
    let pairs = MAY_USE.iter().flat_map(|(room, rooms)| rooms.iter().map(|used| (*room, *used)));
    let idle = pairs.filter(|(room, to)| !used.contains(&(room.to_string(), to.to_string())));
    let idle: Vec<_> = idle.map(|(room, to)| format!("{room} does not use {to}")).collect();
    assert!(idle.is_empty(), "take out of MAY_USE:\n  {}\n", idle.join("\n  "));
}

#[test]
fn files_of_a_room_use_each_other_one_way() {
    let modules = Modules::new(sources());
    let circles = |room| modules.circles(room).into_iter().map(|circle| circle.join(", "));
    let circles: Vec<_> = modules.rooms().into_iter().flat_map(circles).collect();
    assert!(circles.is_empty(), "these use each other in circles:\n  {}\n", circles.join("\n  "));
}

#[test]
fn a_type_name_stands_for_one_thing_in_a_room() {
    let sources = sources();
    let shared = names::shared(sources.iter().map(|(name, tokens)| (name.as_str(), tokens.as_slice())));
    assert!(shared.is_empty(), "name one of each otherwise:\n  {}\n", shared.join("\n  "));
}

/// Every fault of the file `name` (relative to `src`), each as `file:line: what is wrong`.
fn faults_of(name: &str, source: &str) -> Vec<String> {
    let tokens = if is_test(name) { Vec::new() } else { without_tests(&tokens(source)) };
    let room = room_of(name);
    let mut faults: Vec<(usize, String)> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        faults.extend(fault_at(&tokens, i, &room, name).map(|what| (token.line, what)));
    }
    if !is_test(name) && !source.starts_with("//!") {
        faults.push((1, "does not begin with `//!` and its job".into()));
    }
    if name.ends_with("utils.rs") || name.ends_with("helpers.rs") {
        faults.push((1, "is named after nothing".into()));
    }
    let faults = faults.into_iter().map(|(line, what)| format!("src/{name}:{line}: {what}"));
    faults.chain(too_long(&format!("src/{name}"), source)).collect()
}

/// A file that holds nothing but tests, by its name.
fn is_test(name: &str) -> bool {
    name.ends_with("/tests.rs") || name.contains("/tests/")
}

fn too_long(name: &str, source: &str) -> Option<String> {
    let lines = source.lines().count();
    (lines > MAX_LINES).then(|| format!("{name}: {lines} lines, more than {MAX_LINES}"))
}

/// The top module that a file belongs to: `gpu` for `gpu/device.rs`, `cli` for the binary.
fn room_of(name: &str) -> String {
    let first = name.split('/').next().unwrap_or(name).trim_end_matches(".rs");
    if first == "main" { "cli".into() } else { first.into() }
}

fn fault_at(tokens: &[Token], i: usize, room: &str, name: &str) -> Option<String> {
    let word = tokens[i].text.as_str();
    if word == "unwrap" && i > 0 && text(tokens, i - 1) == "." && text(tokens, i + 2) == ")" {
        return Some("unwrap() outside tests".into());
    }
    if matches!(word, "todo" | "unimplemented" | "dbg") && text(tokens, i + 1) == "!" {
        return Some(format!("{word}! is left in"));
    }
    let calls = |method: &str| word == method && i > 0 && text(tokens, i - 1) == ".";
    let asks = text(tokens, i + 1) == "::" && text(tokens, i + 2) == "now";
    let reads = (CLOCKS.contains(&word) && asks) || calls("elapsed");
    if room != "clock" && reads {
        return Some(format!("{word}: only clock reads the system's time"));
    }
    if is_head(tokens, i)
        && let Some((_, rooms)) = BELONGS.iter().find(|(krate, _)| *krate == word)
        && !rooms.contains(&room)
    {
        return Some(format!("{word} is named in {room}; it belongs to {}", rooms.join(" and ")));
    }
    let used = used_rooms(tokens, i, name);
    used.into_iter().find_map(|used| forbidden(room, &used))
}

fn forbidden(room: &str, used: &str) -> Option<String> {
    let known = |name: &str| MAY_USE.iter().find(|(room, _)| *room == name);
    let (_, allowed) = known(room)?;
    known(used)?;
    let fine = used == room || allowed.contains(&used);
    (!fine).then(|| format!("{room} may not know {used}"))
}

fn text(tokens: &[Token], i: usize) -> &str {
    tokens.get(i).map_or("", |token| &token.text)
}

/// True when the word at `i` begins a path.
fn is_head(tokens: &[Token], i: usize) -> bool {
    let (before, rooted) = match i {
        0 => ("", false),
        _ => (text(tokens, i - 1), text(tokens, i - 1) == "::" && (i == 1 || !is_name(text(tokens, i - 2)))),
    };
    (before != "::" || rooted) && (text(tokens, i + 1) == "::" || matches!(before, "use" | "crate"))
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '>') && text != "use"
}

/// The top modules that a path beginning at `i` names: `crate::a`, `crate::{a, b::c}`, or as many
/// `super::` as lead out of the file's own module.
fn used_rooms(tokens: &[Token], i: usize, name: &str) -> Vec<String> {
    if i > 0 && text(tokens, i - 1) == "::" {
        return Vec::new();
    }
    let start = match text(tokens, i) {
        "crate" if text(tokens, i + 1) == "::" => i + 2,
        "super" => {
            let ups = (0..)
                .take_while(|n| text(tokens, i + 2 * n) == "super" && text(tokens, i + 2 * n + 1) == "::")
                .count();
            if ups != depth_of(name) {
                return Vec::new();
            }
            i + 2 * ups
        }
        _ => return Vec::new(),
    };
    if text(tokens, start) == "{" {
        heads_in_group(tokens, start)
    } else {
        vec![text(tokens, start).to_string()]
    }
}

/// How many `super` lead from the file's module to the crate.
fn depth_of(name: &str) -> usize {
    let parts = name.split('/').count();
    if name.ends_with("/mod.rs") { parts - 1 } else { parts }
}

/// The first words of the paths in the group that opens at `open`.
fn heads_in_group(tokens: &[Token], open: usize) -> Vec<String> {
    let (mut depth, mut heads) = (0usize, Vec::new());
    for pair in tokens[open..].windows(2) {
        match pair[0].text.as_str() {
            "{" => depth += 1,
            "}" if depth == 1 => break,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 1 && matches!(pair[0].text.as_str(), "{" | ",") {
            heads.push(pair[1].text.clone());
        }
    }
    heads
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}
