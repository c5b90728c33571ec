//! What is printed fits the reader: its colours, its letters, its columns.

use std::process::Command;

use super::{Desk, FISHBOWL, SMALL, Said, command, fishbowl, said};

/// A wall with an error, a warning and a topic whose query is told in typographic quotes.
fn wrong(desk: &Desk) -> String {
    let wrong = SMALL.replace("\"counter\"", "\"conuter\"");
    desk.put("wrong.toml", &format!("{wrong}\n[topic.idle]\nquery = '\"aurora phone\" or borealis'\n"))
}

fn topics(desk: &Desk) -> String {
    let query = "query = '\"aurora phone\" OR (battery NEAR/5 hot) NOT borealis lang:ja followers>10k'";
    desk.put("topics.toml", &format!("{SMALL}\n[topic.aurora]\n{query}\n"))
}

fn with(variables: &[(&str, &str)], args: &[&str]) -> Said {
    let mut command = command();
    said(command.envs(variables.iter().copied()).args(args))
}

/// What a terminal of 60 columns is shown: `script` makes one.
fn on_a_terminal(variables: &[(&str, &str)], args: &[&str]) -> String {
    let typed: Vec<String> = args.iter().map(|arg| format!("'{arg}'")).collect();
    let typed = format!("stty cols 60; '{FISHBOWL}' {}", typed.join(" "));
    let mut command = Command::new("script");
    command.args(["-qec", &typed, "/dev/null"]).stdin(std::process::Stdio::null());
    for name in ["WAYLAND_DISPLAY", "DISPLAY", "COLUMNS", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C.UTF-8").env("TERM", "xterm").envs(variables.iter().copied());
    let shown = command.output().expect("`script` of util-linux runs");
    String::from_utf8_lossy(&shown.stdout).replace('\r', "")
}

const COMMANDS: [&str; 9] =
    ["run", "replay", "check", "render", "bench", "displays", "topics", "alerts", "schema"];

#[test]
fn colours_are_for_terminals_that_want_them() {
    let desk = Desk::new();
    let (wrong, good) = (wrong(&desk), desk.path("wall.toml"));
    let run = ["run", &good, "--headless", "--mirror", "off", "--for", "1s"];
    for args in [&["check", wrong.as_str()][..], &["run", &wrong], &["check", "--format", "x"], &run] {
        let colours = |variables: &[(&str, &str)]| on_a_terminal(variables, args).contains('\u{1b}');
        assert!(colours(&[]), "{args:?}: none on a terminal");
        for variable in [("NO_COLOR", "1"), ("TERM", "dumb")] {
            // CI has programs colour what is no terminal either.
            let variables = [variable, ("CI", "true")];
            assert!(!colours(&variables), "{args:?}: {}", on_a_terminal(&variables, args));
        }
        let piped = with(&[], args);
        assert!(!(piped.out + &piped.err).contains('\u{1b}'), "{args:?}: some in a pipe");
    }
}

#[test]
fn a_locale_of_ascii_gets_ascii() {
    let desk = Desk::new();
    let (wrong, topics, good) = (wrong(&desk), topics(&desk), desk.path("wall.toml"));
    let bare = desk.put(
        "bare.toml",
        "[feed.demo]\nkind = \"demo\"\n[scene.a]\npicture = \"x\"\ntile.x.kind = \"ticker\"\n",
    );
    let mut lines: Vec<Vec<&str>> = vec![
        vec!["check", &wrong, &good, &bare],
        vec!["run", &wrong],
        vec!["run", &bare, "--headless", "--mirror", "off", "--for", "1s"],
        vec!["topics", &topics],
        vec!["topics", &topics, "--try", "the aurora phone"],
        vec!["render", &good, "--out", &wrong],
        vec!["displays"],
        vec!["alerts", &wrong],
        vec!["--help"],
        vec![&good],
    ];
    lines.extend(COMMANDS.map(|command| vec![command, "--help"]));
    for args in &lines {
        for variables in
            [&[("LC_ALL", "C")][..], &[("LC_ALL", ""), ("LC_CTYPE", "POSIX"), ("LANG", "C.UTF-8")]]
        {
            let said = with(variables, args);
            let told = said.out + &said.err;
            assert!(told.is_ascii() && !told.is_empty(), "{args:?}: {told}");
        }
    }
    let boxes = |variables: &[(&str, &str)]| with(variables, &["check", &wrong]).out;
    assert!(boxes(&[]).contains('╭') && boxes(&[("LC_ALL", "C")]).contains(",-["));
    let japanese = desk.put("japanese.toml", &format!("{SMALL}\n[topic.idle]\nquery = '電池'\n"));
    assert!(with(&[("LC_ALL", "C")], &["topics", &japanese]).out.contains("電池"), "people's words stay");
}

#[test]
fn sixty_columns_are_enough() {
    let desk = Desk::new();
    let (wrong, topics) = (wrong(&desk), topics(&desk));
    let mut lines: Vec<Vec<&str>> = vec![
        vec!["check", &wrong],
        vec!["topics", &topics, "--try", "the aurora phone is hot and its battery is borealis"],
        vec!["topics", &topics],
        vec!["displays"],
        vec!["--help"],
    ];
    lines.extend(COMMANDS.map(|command| vec![command, "--help"]));
    for args in &lines {
        let said = with(&[("COLUMNS", "60")], args);
        for told in [said.out + &said.err, on_a_terminal(&[("NO_COLOR", "1")], args)] {
            // A path cannot be broken.
            let wide = told.lines().find(|line| line.chars().count() > 60 && !line.contains("/wrong.toml"));
            assert_eq!(wide, None, "{args:?}: {told}");
        }
    }
    assert!(
        fishbowl(&["topics", &topics]).out.lines().any(|line| line.len() > 60),
        "a pipe takes long lines"
    );
}
