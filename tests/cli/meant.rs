//! What people type and hand over that is not quite right, and what is said about it.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use super::{Desk, SMALL, command, fishbowl};

/// What `check` says of this file, as records.
fn records(path: &str) -> Vec<Value> {
    let said = fishbowl(&["check", path, "--format", "json"]);
    serde_json::from_str(&said.out).unwrap_or_else(|e| panic!("{e}: {}", said.out))
}

#[test]
fn a_layout_without_a_command_hints_at_run() {
    let desk = Desk::new();
    let wall = desk.path("wall.toml");
    for args in [&[wall.as_str()][..], &["--windowed", &wall], &["missing.toml", "--headless"]] {
        let said = fishbowl(args);
        assert!(said.status == 2 && said.out.is_empty(), "{args:?}: {} {}", said.status, said.out);
        assert!(said.err.contains(&format!("`fishbowl run {}`", args.join(" "))), "{}", said.err);
    }
    let said = fishbowl(&["wall.journal"]);
    assert!(said.status == 2 && said.err.contains("fishbowl replay wall.journal"), "{}", said.err);
    let folder = desk.path("");
    let said = fishbowl(&[&folder]);
    assert!(said.status == 2 && said.err.contains("fishbowl check"), "{}", said.err);
}

#[test]
fn check_takes_standard_input_and_folders() {
    let desk = Desk::new();
    let feed = |text: &str| {
        let mut command = command();
        command.args(["check", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        child.stdin.take().expect("it is piped").write_all(text.as_bytes()).expect("it reads");
        let done = child.wait_with_output().expect("it ends");
        (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned())
    };
    assert_eq!(feed(SMALL), (Some(0), "<stdin>: ok\n".into()));
    let (status, told) = feed(&SMALL.replace("\"counter\"", "\"conuter\""));
    assert!(status == Some(1) && told.contains("<stdin>:25:8"), "{told}");

    desk.put("walls/b.toml", SMALL);
    desk.put("walls/a.TOML", SMALL);
    desk.put("walls/notes.txt", "nothing");
    let said = fishbowl(&["check", &desk.path("walls")]);
    let lines: Vec<&str> = said.out.lines().collect();
    assert!(said.status == 0 && lines.len() == 3, "{}", said.out);
    assert!(lines[0].ends_with("a.TOML: ok") && lines[1].ends_with("b.toml: ok"), "{}", said.out);
    assert_eq!(lines[2], "2 files, 0 errors, 0 warnings");
    std::fs::create_dir(desk.path("none")).expect("a folder");
    let said = fishbowl(&["check", &desk.path("none")]);
    assert!(said.status == 1 && said.out.contains("no layouts (*.toml)"), "{}", said.out);
}

#[test]
fn what_is_no_toml_at_all_is_one_error() {
    let desk = Desk::new();
    let said = desk.render("a", &[]);
    assert_eq!(said.status, 0, "{}", said.err);
    let picture = desk.bytes("a/wide.png");
    let noise: Vec<u8> = (0..4_000_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let ini = "[wall]\nname=The wall\nviewer=far\nsize=large\ncolour=blue\nplace=lobby\nfloor=two\n";
    for (name, bytes, word) in [
        ("picture.toml", &picture[..], "PNG"),
        ("noise.toml", &noise, "binary"),
        ("zeros.toml", &[0; 64], "binary"),
        ("empty.toml", b"", "empty"),
        ("blank.toml", b"\n  \n# nothing yet\n", "empty"),
        ("wall.json", b"{\n  \"wall\": {\"name\": \"x\"},\n  \"scene\": []\n}\n", "JSON"),
        ("list.json", b"[\n  {\"wall\": 1},\n  {\"wall\": 2}\n]\n", "JSON"),
        ("wall.yaml", b"wall:\n  name: x\n  viewer_m: 3\nscenes:\n  - main\n  - other\n", "YAML"),
        ("page.html", b"<!doctype html>\n<p class=\"x\">\nHi\n</p>\n", "HTML"),
        ("letter.txt", b"Dear all,\nhere is the wall.\nIt hangs.\n", "not TOML"),
        ("wall.ini", ini.as_bytes(), "string"),
        ("utf16.toml", b"\xff\xfe[\0w\0a\0l\0l\0]\0\n\0", "UTF-16"),
        ("latin1.toml", b"[wall]\nname = \"Gr\xf6\xdfe\"\n", "UTF-8"),
    ] {
        let path = desk.put_bytes(name, bytes);
        let told = records(&path);
        assert_eq!(told.len(), 1, "{name}: {told:#?}");
        let words = told[0].to_string();
        assert!(told[0]["severity"] == "error" && words.contains(word), "{name}: {words}");
        let said = fishbowl(&["check", &path]);
        assert!(said.status == 1 && said.out.lines().count() < 16, "{name}: {}", said.out);
    }
    let marked = desk.put("marked.toml", &format!("\u{feff}{SMALL}"));
    assert_eq!(records(&marked), Vec::<Value>::new(), "a byte-order mark is none of TOML's business");
}

#[test]
fn a_text_without_an_end_is_told_where_it_began() {
    let desk = Desk::new();
    let many =
        SMALL.replace("picture = \"total feel | list\"", "picture = \"\"\"\ntotal feel | list\n\"\"\"");
    let many = many.replace("picture = \"time | time\"", "picture = \"\"\"\ntime | time\n\"\"\"");
    assert_eq!(records(&desk.put("sound.toml", &many)), Vec::<Value>::new());
    let ends: Vec<usize> = many.match_indices("\n\"\"\"\n").map(|(at, _)| at).collect();
    for end in ends {
        let begins = many[..end].rfind("\"\"\"").expect("it is opened");
        let line = many[..begins].lines().count();
        let told = records(&desk.put("open.toml", &format!("{}{}", &many[..end], &many[end + 4..])));
        assert_eq!(told.len(), 1, "{told:#?}");
        assert_eq!(told[0]["line"], line, "{told:#?}");
        assert!(told[0]["message"].as_str().is_some_and(|m| m.contains("is never closed")), "{told:#?}");
    }
}

#[test]
fn operators_in_small_letters_are_warned_of() {
    let desk = Desk::new();
    let topics = "[topic.a]\nquery = 'aurora or \"aurora phone\" not borealis'\n[topic.b]\nquery = 'rock \"and\" roll'\n";
    let wall = desk.put("wall.toml", &format!("{SMALL}{topics}"));
    let told = records(&wall);
    let told: Vec<&Value> = told.iter().filter(|r| r["code"] == "lower-case-operator").collect();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0]["severity"] == "warning" && told[0]["message"].to_string().contains("`or`"), "{told:#?}");
    assert!(told[0]["help"].to_string().contains("`OR`"), "{told:#?}");
    let said = fishbowl(&["topics", &wall, "--try", "aurora"]);
    assert!(said.status == 0 && said.err.contains("`or` is a word here"), "{}", said.err);
    assert!(!said.err.contains("unseen-topic"), "{}", said.err);
}

#[test]
fn a_layout_without_displays_says_which_it_takes() {
    let desk = Desk::new();
    let (_, scenes) = SMALL.split_once("[feed.demo]").expect("it has a feed");
    let wall = desk.put("bare.toml", &format!("[wall]\nviewer_m = 0.7\n[feed.demo]{scenes}"));
    let told = "2 displays of 508 × 286 mm with 1920 × 1080 pixels, read from 0.7 m";
    let said = fishbowl(&["check", &wall]);
    assert!(said.status == 0 && said.out.contains(told), "{}", said.out);
    let said = fishbowl(&["render", &wall, "--out", &desk.path("a"), "--at", "1s"]);
    assert!(said.status == 0 && said.err.contains(told), "{}", said.err);
    let said = fishbowl(&["run", &wall, "--headless", "--mirror", "off", "--for", "1s"]);
    assert!(said.status == 0 && said.err.contains(told), "{}", said.err);
    let said = fishbowl(&["check", &desk.path("wall.toml")]);
    assert!(!said.out.contains("names no displays"), "{}", said.out);
}
