//! The command line of the real binary: what it says, what it writes, and with what it ends.

#[path = "cli/alerts.rs"]
mod alerts;
#[path = "cli/background.rs"]
mod background;
#[path = "cli/bench.rs"]
mod bench;
#[cfg(unix)]
#[path = "cli/certificate.rs"]
mod certificate;
#[cfg(unix)]
#[path = "cli/doctor.rs"]
mod doctor;
#[path = "cli/emoji.rs"]
mod emoji;
#[path = "cli/install.rs"]
mod install;
#[path = "cli/journals.rs"]
mod journals;
#[path = "cli/machines.rs"]
mod machines;
#[path = "cli/meant.rs"]
mod meant;
#[path = "cli/render.rs"]
mod render;
#[path = "cli/report.rs"]
mod report;
mod rig;
#[path = "cli/schedule.rs"]
mod schedule;
#[path = "cli/schema.rs"]
mod schema;
#[path = "cli/setup.rs"]
mod setup;
#[path = "cli/terminal.rs"]
mod terminal;
#[path = "cli/topics.rs"]
mod topics;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use rig::{FISHBOWL, repository};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Two small displays, the second upright, with a gap between them.
const SMALL: &str = r#"
[wall]
name = "Small"
viewer_m = 2.0

[display.wide]
size_mm = [640, 360]
pixels = [640, 360]

[display.tall]
size_mm = [360, 640]
at_mm = [680, 0]
pixels = [360, 640]
rotate = 90

[feed.demo]
kind = "demo"
rate_per_s = 30.0
history = "1m"

[scene.main]
picture = "total feel | list"

[scene.main.tile.total]
kind = "counter"

[scene.main.tile.feel]
kind = "sentiment"

[scene.main.tile.list]
kind = "mentions"
count = 4

[scene.other]
picture = "time | time"

[scene.other.tile.time]
kind = "ticker"
"#;

/// Folder of one test, with [`SMALL`] in it.
struct Desk(TempDir);

/// What a command said and with what it ended.
struct Said {
    status: i32,
    out: String,
    err: String,
}

fn fishbowl(args: &[&str]) -> Said {
    let mut command = command();
    said(command.args(args))
}

/// A command that sees neither screens nor the habits of the person who runs the tests.
fn command() -> Command {
    let mut command = Command::new(FISHBOWL);
    for name in ["WAYLAND_DISPLAY", "DISPLAY", "COLUMNS", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8").env("TERM", "xterm").stdin(Stdio::null());
    command
}

fn said(command: &mut Command) -> Said {
    let Output { status, stdout, stderr } = command.output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("it speaks UTF-8");
    let status = status.code().expect("it ends by itself");
    assert!(status != 101, "it panicked: {}", text(stderr.clone()));
    Said { status, out: text(stdout), err: text(stderr) }
}

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().expect("a folder"));
        desk.put("wall.toml", SMALL);
        desk
    }

    fn put(&self, name: &str, text: &str) -> String {
        self.put_bytes(name, text.as_bytes())
    }

    fn put_bytes(&self, name: &str, bytes: &[u8]) -> String {
        let path = self.0.path().join(name);
        std::fs::create_dir_all(path.parent().expect("it has one")).expect("the folder can be made");
        std::fs::write(&path, bytes).expect("the file can be written");
        path.display().to_string()
    }

    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }

    /// Renders [`SMALL`] three seconds into its life, into the folder `out`.
    fn render(&self, out: &str, more: &[&str]) -> Said {
        let (wall, out) = (self.path("wall.toml"), self.path(out));
        fishbowl(&[&["render", &wall, "--out", &out, "--at", "3s"], more].concat())
    }

    fn bytes(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.0.path().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }
}

fn shipped() -> Vec<PathBuf> {
    let folder = repository("layouts").read_dir().expect("there is a folder of layouts");
    let mut paths: Vec<_> = folder.map(|entry| entry.expect("it can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    paths.sort();
    assert!(paths.len() >= 4, "{paths:?}");
    paths
}

fn toml_as_json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("it can be read");
    let table: toml::Table = text.parse().unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::to_value(table).expect("TOML fits into JSON")
}

#[test]
fn the_log_can_be_json() {
    let desk = Desk::new();
    let out = desk.path("out");
    let json = fishbowl(&["render", &desk.path("wall.toml"), "--out", &out, "--log", "json"]);
    assert_eq!(json.status, 0, "{}", json.err);
    // What a driver's own libraries print, such as Wayland's about a variable that is not set, is not the log's.
    let drivers = "error: XDG_RUNTIME_DIR is invalid or not set in the environment.";
    let lines: Vec<Value> = json
        .err
        .lines()
        .filter(|line| *line != drivers)
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
        .collect();
    let adapter = lines.iter().find(|line| line["message"] == "graphics device").expect("it is told");
    assert!(adapter["adapter"].is_string() && adapter["level"] == "INFO", "{adapter}");
    assert!(adapter["timestamp"].is_string());
    assert_eq!(fishbowl(&["check", "--log", "xml", "x.toml"]).status, 2);
}

#[test]
fn help_teaches() {
    let top = fishbowl(&["--help"]);
    assert_eq!(top.status, 0);
    for (command, words) in [
        (
            "run",
            vec!["[LAYOUT]", "--windowed", "--headless", "--mirror <ADDR|off>", "127.0.0.1:8460", "--for"],
        ),
        ("check", vec!["<LAYOUT>...", "--format", "text, json", "Exit status"]),
        (
            "render",
            vec!["<LAYOUT>", "--out <DIR>", "--scene", "--at", "[default: 30s]", "--seed", "wall.png"],
        ),
        (
            "bench",
            vec![
                "[LAYOUT]",
                "--seconds",
                "[default: 20]",
                "--warmup",
                "--idle-budget",
                "--json",
                "--headless",
            ],
        ),
        ("displays", vec!["[LAYOUT]", "--identify", "--for"]),
        ("topics", vec!["<LAYOUT>", "--try <TEXT|->", "--lang", "--followers", "--json", "docs/topics.md"]),
        ("setup", vec!["--out <FILE>", "[default: wall.toml]", "--elsewhere", "back", "Exit status"]),
        ("schema", vec!["JSON Schema"]),
    ] {
        let example = format!("\n  fishbowl {command} ");
        assert!(top.out.contains(&example), "the help shows no example of `{command}`");
        let help = fishbowl(&[command, "--help"]);
        assert_eq!(help.status, 0);
        for word in words {
            assert!(help.out.contains(word), "`{command} --help` does not say {word}: {}", help.out);
        }
    }
}

#[test]
fn wrong_usage_ends_with_2_and_says_what_is_right() {
    for (args, word) in [
        (&["check"][..], "<LAYOUT>..."),
        (&["chek"], "check"),
        (&["render", "a.toml"], "--out"),
        (&["render", "a.toml", "--out", "b", "--at", "soon"], "30s"),
        (&["run", "--windowed", "--headless"], "cannot be used with"),
        (&["check", "a.toml", "--format", "xml"], "text, json"),
        (&["displays", "--for", "2s"], "--identify"),
        (&[], "Usage"),
    ] {
        let said = fishbowl(args);
        assert!(said.status == 2 && said.err.contains(word), "{args:?}: {} {}", said.status, said.err);
    }
}

#[test]
fn every_shipped_layout_is_good() {
    let paths: Vec<String> = shipped().iter().map(|path| path.display().to_string()).collect();
    let args: Vec<&str> = std::iter::once("check").chain(paths.iter().map(String::as_str)).collect();
    let said = fishbowl(&args);
    assert_eq!(said.status, 0, "{}", said.out);
    assert!(said.out.contains(&format!("{} files, 0 errors, 0 warnings", paths.len())), "{}", said.out);
}

#[test]
fn check_tells_all_problems_of_all_files() {
    let desk = Desk::new();
    let good = desk.path("wall.toml");
    // Without lists and tickers, whose rows show the colour of any topic.
    let silent = SMALL.replace("\"mentions\"\ncount = 4", "\"clock\"").replace("\"ticker\"", "\"heatmap\"");
    let idle = "[topic.idle]\nquery = \"idle\"\n[scene.main]";
    let warned = desk.put("warned.toml", &silent.replace("[scene.main]", idle));
    let wrong = desk.put(
        "wrong.toml",
        &SMALL.replace("\"counter\"", "\"conuter\"").replace("rotate = 90", "rotate = 45"),
    );
    let missing = desk.path("missing.toml");
    assert_eq!(fishbowl(&["check", &good]).status, 0);
    let said = fishbowl(&["check", &warned]);
    assert!(said.status == 0 && said.out.contains("idle"), "{} {}", said.status, said.out);
    let said = fishbowl(&["check", &good, &wrong, &missing, &warned]);
    assert_eq!(said.status, 1);
    for words in
        ["wall.toml: ok", "wrong.toml:14", "wrong.toml:25", "`counter`", "missing.toml", "4 files, 3 errors"]
    {
        assert!(said.out.contains(words), "not told: {words}\n{}", said.out);
    }
}

#[test]
fn check_speaks_json_to_tools() {
    let desk = Desk::new();
    let wrong = desk.put("wrong.toml", &SMALL.replace("\"counter\"", "\"conuter\""));
    let said = fishbowl(&["check", &desk.path("wall.toml"), &wrong, "--format", "json"]);
    assert_eq!(said.status, 1);
    let records: Value = serde_json::from_str(&said.out).expect("it is JSON");
    let record = &records[0];
    assert_eq!(records.as_array().map(Vec::len), Some(1), "{records:#}");
    assert_eq!(record["file"], wrong);
    assert_eq!((&record["line"], &record["column"]), (&json!(25), &json!(8)));
    assert_eq!((&record["severity"], &record["code"]), (&json!("error"), &json!("unknown-kind")));
    assert!(record["message"].as_str().is_some_and(|m| m.contains("conuter")));
    assert!(record["help"].as_str().is_some_and(|h| h.contains("counter")));
    let good = fishbowl(&["check", &desk.path("wall.toml"), "--format", "json"]);
    assert_eq!((good.status, good.out.trim()), (0, "[]"));
}

#[test]
fn check_knows_queries_and_json_paths() {
    let desk = Desk::new();
    let feed = "[topic.a]\nquery = '\"open'\n[feed.f]\nkind = \"ndjson\"\nurl = \"http://localhost/\"\n\
                map = { id = \"$.id\", text = \"$.text[\" }\n";
    let path = desk.put("wrong.toml", &format!("{SMALL}{feed}"));
    let said = fishbowl(&["check", &path]);
    assert_eq!(said.status, 1);
    assert!(said.out.contains("not a JSONPath") && said.out.contains("'\"open'"), "{}", said.out);
}

#[test]
fn the_schema_takes_what_ships_and_no_more() {
    let said = fishbowl(&["schema"]);
    assert_eq!(said.status, 0);
    let schema: Value = serde_json::from_str(&said.out).expect("it is JSON");
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    for path in shipped() {
        let layout = toml_as_json(&path);
        assert_eq!(schema::faults(&schema, &layout), [""; 0], "{}", path.display());
        for (pointer, wrong) in [
            ("/wall/viewer_m", json!("far")),
            ("/wall/viewr_m", json!(3)),
            ("/scene/overview/show_for", json!(true)),
            ("/feed/demo/kind", json!("demon")),
            ("/feed/demo/rate", json!(1)),
            ("/topic/aurora", json!({})),
        ] {
            let mut layout = layout.clone();
            let (table, key) = pointer.rsplit_once('/').expect("it has a slash");
            let Some(table) = layout.pointer_mut(table) else { continue };
            table[key] = wrong;
            assert!(!schema::faults(&schema, &layout).is_empty(), "{pointer} is taken in {}", path.display());
        }
    }
}

#[test]
fn displays_needs_screens_and_says_so() {
    let said = fishbowl(&["displays"]);
    assert!(said.status == 1 && said.err.contains("WAYLAND_DISPLAY"), "{} {}", said.status, said.err);
}

#[test]
fn without_a_display_server_the_wall_goes_on_headless_and_says_so() {
    let desk = Desk::new();
    let said = fishbowl(&["run", &desk.path("wall.toml"), "--mirror", "127.0.0.1:0", "--for", "1s"]);
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(said.err.contains("headless") && said.err.contains("no display server"), "{}", said.err);
    assert!(said.err.contains("mirror: http://127.0.0.1:"), "{}", said.err);
}

#[test]
fn a_mirror_that_cannot_be_had_does_not_stop_the_wall() {
    let desk = Desk::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let addr = taken.local_addr().expect("it is bound").to_string();
    let wall = desk.path("wall.toml");
    let said = fishbowl(&["run", &wall, "--headless", "--mirror", &addr, "--for", "1s"]);
    assert!(said.status == 0 && said.err.contains("in use by another program"), "{}", said.err);
    let said = fishbowl(&["run", &wall, "--headless", "--mirror", "somewhere", "--for", "1s"]);
    assert!(said.status == 1 && said.err.contains("127.0.0.1:8460"), "{}", said.err);
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let script = format!("'{FISHBOWL}' schema | head -c 1; exit \"${{PIPESTATUS[0]}}\"");
    for _ in 0..3 {
        let ended = Command::new("bash").args(["-c", &script]).output().expect("bash runs");
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success() && said.is_empty(), "{:?}: {said}", ended.status);
    }
    let wall = format!("'{FISHBOWL}' run --headless --mirror 127.0.0.1:0 --for 1s");
    let script = format!("{wall} 2>&1 | true; exit \"${{PIPESTATUS[0]}}\"");
    let ended = Command::new("bash").args(["-c", &script]).status().expect("bash runs");
    assert!(ended.success(), "a wall whose log has gone away ends with {ended:?}");
}
