//! What people read is plain English: those patterns of docs/style.md that a machine can find, in messages,
//! help, schema and docs.

use std::fs;
use std::path::Path;
use std::process::Command;

use fishbowl::layout::json_schema;
use fishbowl::registry;
use serde_json::Value;

use super::lexer::{Token, with_literals, without_tests};
use super::{is_test, room_of, rust_files};

/// Rooms whose messages were read by a native speaker.
const ROOMS: [&str; 15] = [
    "bitmap", "cli", "disk", "feed", "gpu", "journal", "kiosk", "layout", "metric", "pulse", "query",
    "remote", "scene", "server", "typeface",
];

/// The page that quotes what not to write.
const STYLE: &str = "style.md";

/// What reads as translated, and what to write.
const PATTERNS: [(&str, &str); 10] = [
    ("` is no ", "`…` is not a …"),
    ("} is no ", "… is not a …"),
    ("` are no ", "`…` are not …"),
    (" is none of ", "is not one of"),
    (" anew", "again, or re-…"),
    ("nobody", "no one, or say it without people"),
    ("somebody", "someone"),
    ("left out: ", "Default: …"),
    ("taken over", "applied"),
    ("connecting again", "reconnecting"),
];

/// What of `text` reads as translated.
fn faults_in(text: &str) -> Vec<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let text = text.replace("is no longer", "").replace("is no more than", "");
    let found = PATTERNS.iter().filter(|(pattern, _)| text.contains(pattern));
    found.map(|(pattern, better)| format!("`{}` in \"{text}\": write {better}", pattern.trim())).collect()
}

/// Whether a literal is for developers: the reason of an `expect`, or of an attribute.
fn is_reason(tokens: &[Token], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or("", |i| tokens[i].text.as_str());
    matches!((before(2), before(1)), ("expect", "(") | ("reason", "="))
}

fn faults_of(name: &str, source: &str) -> Vec<String> {
    let tokens = without_tests(&with_literals(source));
    let literals = tokens.iter().enumerate().filter(|(i, _)| !is_reason(&tokens, *i));
    let literals = literals.filter_map(|(_, token)| Some((token.line, token.text.strip_prefix('"')?)));
    literals
        .flat_map(|(line, text)| faults_in(&text.replace("\\\n", "")).into_iter().map(move |f| (line, f)))
        .map(|(line, fault)| format!("src/{name}:{line}: {fault}"))
        .collect()
}

#[test]
fn messages_are_plain_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut faults = Vec::new();
    for path in rust_files(&root) {
        let name = path.strip_prefix(&root).expect("it was found there").to_string_lossy().into_owned();
        if ROOMS.contains(&room_of(&name).as_str()) && !is_test(&name) {
            faults.extend(faults_of(&name, &fs::read_to_string(&path).expect("source is text")));
        }
    }
    assert!(faults.is_empty(), "see docs/style.md:\n  {}\n", faults.join("\n  "));
}

#[test]
fn the_schema_is_plain_english() {
    fn descriptions(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(entries) => entries.iter().for_each(|(key, value)| match value {
                Value::String(text) if key == "description" => found.extend(faults_in(text)),
                value => descriptions(value, found),
            }),
            Value::Array(values) => values.iter().for_each(|value| descriptions(value, found)),
            _ => {}
        }
    }
    let mut faults = Vec::new();
    descriptions(&json_schema(&registry()), &mut faults);
    assert!(faults.is_empty(), "see docs/style.md:\n  {}\n", faults.join("\n  "));
}

#[test]
fn the_help_is_plain_english() {
    let commands =
        ["", "run", "replay", "check", "render", "bench", "displays", "topics", "alerts", "journal repair"];
    for command in commands {
        let mut fishbowl = Command::new(env!("CARGO_BIN_EXE_fishbowl"));
        let help = fishbowl.args(command.split_whitespace()).arg("--help").output().expect("it runs");
        assert!(help.status.success(), "{command}");
        assert_eq!(
            faults_in(&String::from_utf8_lossy(&help.stdout)),
            [""; 0],
            "{command}: see docs/style.md"
        );
    }
}

#[test]
fn the_docs_are_plain_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_folder = |folder| root.join(folder).read_dir().expect("it can be listed");
    let pages = ["docs", "docs/feeds"].into_iter().flat_map(in_folder).map(|e| e.expect("an entry").path());
    let pages = pages.filter(|path| path.extension().is_some_and(|e| e == "md"));
    let pages = pages.filter(|path| !path.ends_with(STYLE));
    for page in pages.chain([root.join("README.md")]) {
        let text = fs::read_to_string(&page).expect("pages are text");
        let faults: Vec<_> = text.split("\n\n").flat_map(faults_in).collect();
        assert!(faults.is_empty(), "{}: see docs/style.md:\n  {}\n", page.display(), faults.join("\n  "));
    }
}

#[test]
fn what_reads_as_translated_is_found() {
    let found = |source: &str| faults_of("layout/made.rs", source).len();
    assert_eq!(found("fn a() { say(\"`{x}` is no topic\") }"), 1);
    assert_eq!(found("fn a() { say(r#\"starting anew\"#, \"nobody \\\n   knows\") }"), 2);
    assert_eq!(found("fn a() { say(\"`x` is no longer there\"); b.expect(\"nobody asks\") }"), 0);
    assert_eq!(found("// starting anew\n#[cfg(test)]\nmod tests { const A: &str = \"nobody\"; }"), 0);
}
