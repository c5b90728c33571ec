//! `fishbowl setup`: from answers on plain lines to a layout that `check` accepts, or to nothing at all.

use std::io::{Seek as _, Write as _};
use std::path::Path;

use super::{Desk, Said, command, fishbowl, said};

/// Runs it in the folder of `desk` with these lines typed.
fn setup(desk: &Desk, args: &[&str], typed: &str) -> Said {
    // A file, because both ends of a pipe may wait for each other.
    let mut lines = tempfile::tempfile().expect("a file");
    lines.write_all(typed.as_bytes()).and_then(|()| lines.rewind()).expect("it can be written");
    let mut command = command();
    command.arg("setup").args(args).current_dir(desk.0.path()).env("TZ", "Europe/Berlin").stdin(lines);
    said(&mut command)
}

/// An empty folder.
fn empty() -> Desk {
    Desk(tempfile::tempdir().expect("a folder"))
}

fn read(desk: &Desk, name: &str) -> String {
    String::from_utf8(desk.bytes(name)).expect("it is text")
}

/// What someone types in front of three televisions in a row, the second of which is `monitor` 1.
const THREE: [&str; 12] =
    ["3", "1920x1080", "none", "55in", "yes", "3x1", "2 1 3", "8.5", "4", "Lobby", "staff", "Europe/Berlin"];

#[test]
fn answers_become_a_layout_that_check_accepts_and_render_draws() {
    let desk = empty();
    let typed = THREE.join("\n") + "\ndemo\n";
    let said = setup(&desk, &["--elsewhere"], &typed);
    assert!(said.status == 0 && said.err.is_empty(), "{} {}", said.out, said.err);
    assert!(
        said.out.contains("Wrote wall.toml") && said.out.contains("fishbowl check: no problems"),
        "{}",
        said.out
    );
    let text = read(&desk, "wall.toml");
    for part in [
        "name = \"Lobby\"\n",
        "viewer_m = 4\n",
        "zone = \"Europe/Berlin\"",
        "[display.left]\nmatch = [{ order = 2 }]\nsize_mm = [1217.6, 684.9]\nat_mm = [0, 0]\npixels = [1920, 1080]\n",
        "[display.middle]\nmatch = [{ order = 1 }]\nsize_mm = [1217.6, 684.9]\nat_mm = [1226.1, 0]\n",
        "[feed.demo]",
        "| ",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.lines().filter(|line| line.starts_with('#')).count() > 8, "its comments teach: {text}");
    let checked = fishbowl(&["check", &desk.path("wall.toml")]);
    assert!(checked.status == 0 && checked.out.ends_with("wall.toml: ok\n"), "{}", checked.out);
    let drawn = fishbowl(&["render", &desk.path("wall.toml"), "--out", &desk.path("out"), "--at", "3s"]);
    assert_eq!(drawn.status, 0, "{}", drawn.err);
    assert!(desk.bytes("out/middle.png").len() > 1_000);
}

#[test]
fn enter_takes_what_is_in_brackets() {
    let desk = empty();
    let said = setup(&desk, &["--elsewhere", "--out", "a b.toml"], "\n\n\n43in\n\n\n\n\n\n");
    assert_eq!(said.status, 0, "{} {}", said.out, said.err);
    for default in ["[1]", "[1920x1080]", "[none]", "[1.3]", "[Wall]", "[staff]", "[Europe/Berlin]", "[demo]"]
    {
        assert!(said.out.contains(default), "{default}: {}", said.out);
    }
    assert_eq!(fishbowl(&["check", &desk.path("a b.toml")]).status, 0);
}

#[test]
fn wrong_answers_are_explained_and_asked_again_and_back_goes_back() {
    let desk = empty();
    let typed = "?\nmany\n0\n1\n1920\n\nback\n?\n1080x1920\n2\nnone\nbig\n1000x1000\n600x1066.7\n60\n1.5\n\npress\n\
                 back\nback\n\nThe \"Lobby\"\npublic\nMars/Base\n\ntwitter\nrss\nnews\nhttps://example.org/feed\n(aurora\naurora\n";
    let said = setup(&desk, &["--elsewhere"], typed);
    assert_eq!(said.status, 0, "{} {}", said.out, said.err);
    for part in [
        "television or LED processor",
        "`many` is not a whole number from 1 to 64",
        "Type width and height, such as 1920x1080",
        "native resolution",
        "is not a list of numbers from 1 to 1",
        "or the diagonal, such as 43in",
        "1000 × 1000 mm does not fit 1080 × 1920 pixels: 1000 mm wide would be 1777.8 mm high",
        "too small to read from 60 m",
        "`press` is not an audience",
        "there is no time zone `Mars/Base`",
        "`twitter` is not one of demo",
        "`news` is not a feed URL",
        "This is not a query (character ",
    ] {
        assert!(said.out.contains(part), "{part}: {}", said.out);
    }
    let text = read(&desk, "wall.toml");
    for part in [
        "name = \"The \\\"Lobby\\\"\"",
        "audience = \"public\"",
        "approve = \"all\"",
        "https://example.org/feed",
        "query = \"aurora\"",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(fishbowl(&["check", &desk.path("wall.toml")]).status, 0);
}

#[test]
fn an_input_that_ends_leaves_nothing_behind() {
    for answers in 0..THREE.len() {
        let desk = empty();
        let typed: String = THREE[..answers].iter().map(|line| format!("{line}\n")).collect();
        let said = setup(&desk, &["--elsewhere"], &typed);
        assert_eq!(said.status, 2, "after {answers} answers: {}", said.out);
        assert!(said.err.contains("nothing was written"), "{}", said.err);
        assert_eq!(desk.0.path().read_dir().expect("it is there").count(), 0, "after {answers} answers");
    }
}

#[test]
fn a_file_that_is_there_is_replaced_only_on_request() {
    let desk = empty();
    desk.put("wall.toml", "mine");
    desk.put("wall-2.toml", "mine, too");
    let rest = "1\n\n\n43in\n\n\n\n\n\n";
    let said = setup(&desk, &["--elsewhere"], &format!("wall-2.toml\nnowhere/x.toml\n\n{rest}"));
    assert_eq!(said.status, 0, "{} {}", said.out, said.err);
    assert!(
        said.out.contains("wall-2.toml exists, too") && said.out.contains("does not exist"),
        "{}",
        said.out
    );
    assert_eq!((read(&desk, "wall.toml"), read(&desk, "wall-2.toml")), ("mine".into(), "mine, too".into()));
    assert!(read(&desk, "wall-3.toml").contains("[display.main]"));
    let said = setup(&desk, &["--elsewhere"], &format!("replace\n{rest}"));
    assert_eq!(said.status, 0, "{}", said.err);
    assert!(read(&desk, "wall.toml").contains("[display.main]"));
    assert_eq!(desk.0.path().read_dir().expect("it is there").count(), 3, "nothing else is left");
    let said = setup(&desk, &["--elsewhere", "--out", "nowhere/x.toml"], rest);
    assert!(said.status == 1 && said.err.contains("the folder nowhere does not exist"), "{}", said.err);
    assert!(!Path::new(&desk.path("nowhere")).exists());
}

#[test]
fn whatever_comes_in_it_does_not_break() {
    let bytes: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let desk = empty();
    let said = setup(&desk, &["--elsewhere"], &String::from_utf8_lossy(&bytes));
    assert_eq!(said.status, 2, "{}", said.err);
    let said = setup(&desk, &["--elsewhere"], &"9".repeat(100_000));
    assert_eq!(said.status, 2, "{}", said.err);
    let many = format!("64\n\n\n43in\n\n8x8\n{}", "\n".repeat(10));
    let said = setup(&desk, &["--elsewhere"], &many);
    assert_eq!(said.status, 0, "{} {}", said.out, said.err);
}
