//! `fishbowl doctor` on machines that lack something: each fault is named, with what to do about it.

use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::{Desk, SMALL, command};

/// A machine without a window system, on which all that a layout needs is there.
pub fn doctor(desk: &Desk, layout: &str, env: &[(&str, &str)], args: &[&str]) -> (Value, bool) {
    let layout = desk.put("wall.toml", layout);
    let mut command = command();
    command.args(["doctor", &layout, "--json"]).args(args).env("XDG_STATE_HOME", desk.path("state"));
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    let done = command.envs(env.iter().copied()).output().expect("it runs");
    let found = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)));
    (found, done.status.success())
}

pub fn of<'v>(found: &'v Value, check: &str) -> &'v Value {
    let all = found.as_array().expect("a list");
    all.iter().find(|one| one["check"] == check).unwrap_or_else(|| panic!("no {check} in {found}"))
}

/// The check stands so, its words have this, and its remedy that.
pub fn stands(found: &Value, check: &str, state: &str, words: &str, remedy: &str) {
    let one = of(found, check);
    let has = |key: &str, part: &str| one[key].as_str().unwrap_or_default().contains(part);
    assert!(one["state"] == state && has("words", words) && has("remedy", remedy), "{one}");
}

pub fn live(more: &str) -> String {
    let demo = "kind = \"demo\"\nrate_per_s = 30.0\nhistory = \"1m\"\n";
    assert!(SMALL.contains(demo));
    format!("{}{more}", SMALL.replace(demo, "kind = \"sse\"\nurl = \"http://127.0.0.1:1/none\"\n"))
}

/// Gives a file these permissions.
pub fn private(path: &str, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("permissions can be set");
}

/// An address that is free.
pub fn free() -> String {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").to_string()
}

#[test]
fn what_a_machine_lacks_is_named_with_what_to_do() {
    let desk = Desk::new();
    let remote = format!("[remote]\nlisten = \"{}\"\n", free());
    let (well, is_well) = doctor(&desk, &live(&remote), &[], &[]);
    assert!(is_well, "{well}");
    stands(&well, "graphics", "warning", "the processor draws", "driver of the graphics card");
    stands(&well, "window system", "warning", "without windows", "session that owns the screens");
    stands(&well, "layout", "ok", "", "");
    stands(&well, "mirror", "ok", "is free", "");
    stands(&well, "journal", "ok", "can be written", "");
    assert!(of(&well, "disk")["words"].as_str().is_some_and(|words| words.contains("MiB are free")));
    assert!(["ok", "warning"].contains(&of(&well, "fonts")["state"].as_str().expect("a state")));

    let none = [("VK_DRIVER_FILES", "/nowhere"), ("VK_ICD_FILENAMES", "/nowhere")];
    let (found, is_well) = doctor(&desk, &live(&remote), &none, &[]);
    assert!(!is_well);
    stands(&found, "graphics", "fault", "no graphics driver", "mesa-vulkan-drivers");

    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let addr = taken.local_addr().expect("an address");
    let (found, _) = doctor(&desk, &live(&format!("[remote]\nlisten = \"{addr}\"\n")), &[], &[]);
    drop(taken);
    stands(&found, "mirror", "fault", &format!("cannot listen at {addr}"), "[remote] listen");

    let secret = "token_env = \"NO_SUCH_TOKEN\"\n";
    let person = "[remote.person.jo]\nrole = \"presenter\"\ntoken_file = \"jo.token\"\n";
    let with = live(&format!("{remote}{person}")).replace("/none\"", &format!("/none\"\n{secret}"));
    let (found, _) = doctor(&desk, &with, &[], &[]);
    stands(&found, "secrets", "fault", "NO_SUCH_TOKEN is not set", "EnvironmentFile");
    assert!(of(&found, "secrets")["words"].as_str().is_some_and(|words| words.contains("jo.token")));
    private(&desk.put("jo.token", "0123456789abcdef"), 0o600);
    let (found, is_well) = doctor(&desk, &with, &[("NO_SUCH_TOKEN", "x")], &[]);
    assert!(is_well, "{found}");
    stands(&found, "secrets", "ok", "all 2 are there", "");

    let (found, is_well) = doctor(&desk, "[wall]\nviewer_m = \"far\"\n", &[], &[]);
    assert!(!is_well);
    stands(&found, "layout", "fault", "", "fishbowl check");
}

#[test]
fn a_journal_that_cannot_be_written_and_a_clock_that_is_not_set_are_told() {
    let desk = Desk::new();
    let remote = format!("[remote]\nlisten = \"{}\"\n", free());
    // A file stands where the folder should be.
    desk.put("file", "");
    let at = format!("{remote}[journal]\nfile = \"file/wall.journal\"\n");
    let (found, is_well) = doctor(&desk, &live(&at), &[], &[]);
    assert!(!is_well);
    stands(&found, "journal", "fault", "", "Let this user write in");

    // timedatectl as it answers on machines whose clock is set, is not set, and that have none.
    let bin = desk.path("bin");
    std::fs::create_dir(&bin).expect("a folder");
    for (says, state, words) in
        [("no", "warning", "not set from the network"), ("yes", "ok", "set from the network")]
    {
        private(&desk.put("bin/timedatectl", &format!("#!/bin/sh\necho {says}\n")), 0o755);
        let (found, _) = doctor(&desk, &live(&remote), &[("PATH", &format!("{bin}:/usr/bin:/bin"))], &[]);
        if !std::path::Path::new("/run/systemd/timesync/synchronized").exists() {
            stands(&found, "clock", state, words, "");
        }
    }
    let (found, _) = doctor(&desk, &live(&remote), &[("PATH", "/nowhere")], &[]);
    assert!(["unknown", "ok"].contains(&of(&found, "clock")["state"].as_str().expect("a state")));
}

#[test]
fn feeds_that_do_not_answer_are_told() {
    let desk = Desk::new();
    let remote = format!("[remote]\nlisten = \"{}\"\n", free());
    let (found, is_well) = doctor(&desk, &live(&remote), &[], &["--feeds"]);
    assert!(!is_well);
    stands(&found, "feed", "fault", "is down", "Check the address");
}
