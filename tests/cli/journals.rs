//! Two layouts of one file name, and their journals.

use std::collections::BTreeSet;

use super::{Desk, SMALL, command, said};

/// A wall that listens to something that happens now, though nobody answers there.
fn live() -> String {
    let feed = "kind = \"ndjson\"\nurl = \"http://127.0.0.1:9/\"";
    let (before, rest) = SMALL.split_once("kind = \"demo\"").expect("it has a demo feed");
    let (_, after) = rest.split_once("history = \"1m\"").expect("it has a history");
    format!("{before}{feed}{after}")
}

#[test]
fn two_layouts_of_one_name_do_not_share_a_journal() {
    let desk = Desk::new();
    let [east, west] = ["east", "west"].map(|folder| desk.put(&format!("{folder}/lobby.toml"), &live()));
    let run = |layout: &str| {
        let mut command = command();
        command.env("XDG_STATE_HOME", desk.path("state"));
        let said = said(command.args(["run", layout, "--headless", "--mirror", "off", "--for", "1s"]));
        assert_eq!(said.status, 0, "{}", said.err);
        said.err
    };
    let journals = || {
        let folder = std::fs::read_dir(desk.path("state/fishbowl")).expect("it was made");
        let names = folder.map(|e| e.expect("listed").file_name().into_string().expect("UTF-8"));
        names.filter(|name| name.ends_with(".journal")).collect::<BTreeSet<_>>()
    };
    let told = run(&east);
    assert!(told.contains("lobby.journal") && !told.contains("of the same name"), "{told}");
    assert_eq!(journals(), BTreeSet::from(["lobby.journal".to_owned()]));
    let told = run(&west);
    assert!(told.contains(&east) && told.contains("of the same name"), "{told}");
    let both = journals();
    assert_eq!(both.len(), 2, "{both:?}");
    for layout in [&east, &west] {
        run(layout);
    }
    assert_eq!(journals(), both, "each goes on with its own");
}
