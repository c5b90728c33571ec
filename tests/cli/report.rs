//! `fishbowl report`: what helps is in it; no secret and nothing that people wrote is, wherever it comes from.

#![cfg(unix)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::doctor::private;
use super::rig::headless::{Headless, Mirror, SOON};
use super::rig::within;
use super::{Desk, SMALL, command, said};

/// Parts of secrets, and of what people wrote, that must not be anywhere.
const NEVER: [&str; 5] = ["s3cret", "hush", "Zoe", "zoe", "battery exploded"];

/// A layout that has them in every place that takes text; with `leaks` also secrets, which `check` does not accept.
fn layout(listen: &str, leaks: bool) -> String {
    let (user, query, headers) = match leaks {
        true => (
            "zoe:s3cretUser@",
            "?token=s3cretQuery",
            "headers = { X-Key = \"s3cretHeader\", Accept = \"s3cretAccept\" }",
        ),
        false => ("", "", "headers = { Accept = \"text/Zoe\" }"),
    };
    let small = SMALL
        .replace("name = \"Small\"", "name = \"Zoe's wall\"\nvisitor = \"Zoe\"\nzone = \"Europe/Berlin\"");
    let small =
        small.replace("[scene.main]\n", "[scene.main]\ntitle = \"Why has Zoe's battery exploded?\"\n");
    format!(
        r#"# Zoe wrote: the battery exploded
{small}
[scene.note]
picture = "note | ."
tile.note = {{ kind = "text", text = "Zoe: the battery exploded" }}
[feed.ours]
kind = "sse"
url = "http://{user}127.0.0.1:1/s3cretPath{query}"
token_env = "OUR_TOKEN"
{headers}
map = {{ id = "$.zoe", text = "$.zoe" }}
[feed.more]
kind = "sse"
url = "http://127.0.0.1:1/Zoe"
token_file = "more.token"
[topic.ours]
query = '"battery exploded" OR from:zoe'
label = "Zoe"
[care]
handles = ["@zoe"]
owner = "Zoe"
[alert.a]
topic = "ours"
when = "mentions > 5"
owner = "Zoe"
action = "Call Zoe"
[gate]
block = '"battery exploded"'
approve = "all"
[remote]
listen = "{listen}"
[remote.person.zoe]
role = "presenter"
token_env = "ZOE_TOKEN"
[event]
name = "Zoe's day"
start = "2026-06-16 09:00"
"#
    )
}

/// What a wall answers, with people's words in every text.
fn wall() -> TcpListener {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let accepting = listener.try_clone().expect("it can be shared");
    std::thread::spawn(move || {
        for mut stream in accepting.incoming().flatten() {
            let mut asked = [0; 1_024];
            let read = stream.read(&mut asked).unwrap_or(0);
            let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
            let body = match asked.split_whitespace().nth(1) {
                Some("/wall.json") => {
                    r#"{"name":"Zoe","title":"Zoe","scene":"main","bounds_mm":[0,0,1,1],"fps":60,
                    "displays":[{"name":"wide","fps":60,"present":true,"more":"Zoe"}],
                    "feeds":[{"name":"ours","health":"down","words":"down: Zoe's battery exploded","restarts":7}],
                    "problems":["feed `ours`: Zoe's battery exploded"],"topics":{"zoe":{"1h":3}},
                    "alerts":[{"topic":"Zoe"}],"recording":"on","recording_words":"Zoe","health":{"ok":false,"words":"Zoe"}}"#
                }
                Some("/metrics") => {
                    "fishbowl_healthy 1\nfishbowl_feed_up{feed=\"ours\"} 0\nfishbowl_mentions{topic=\"zoe\"} 3\n"
                }
                _ => "display Zoe is not being shown: battery exploded",
            };
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        }
    });
    listener
}

/// A journal of systemd with what people wrote in it.
const LOG: &str = r#"2026-11-30T04:00:00.1Z  WARN feed is down feed=ours fault=Refused why="the server answers 401: check the token; Zoe's battery exploded"
2026-11-30T04:00:01Z ERROR not recording; the wall continues in memory: no space left to write /home/zoe/hush
Zoe: the battery exploded
{"timestamp":"2026-11-30T04:00:02Z","level":"INFO","message":"banner","by":"zoe","about":"battery exploded"}
2026-11-30T04:00:03Z DEBUG rejected why="Zoe"
2026-11-30T04:00:04Z  WARN https://a.example/?token=s3cretLog is gone
sign-in code for one phone: hush hush"#;

fn lines(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

/// Reports on a machine that has them everywhere else, too; looks for them, and gives the report.
fn report(leaks: bool) -> Value {
    let desk = Desk::new();
    let listener = wall();
    let listen = listener.local_addr().expect("an address").to_string();
    let path = desk.put("home/zoe/wall.toml", &layout(&listen, leaks));
    private(&desk.put("home/zoe/more.token", "hush-hush-in-a-file\n"), 0o600);
    std::fs::create_dir(desk.path("bin")).expect("a folder");
    private(&desk.put("bin/journalctl", &format!("#!/bin/sh\ncat <<'EOF'\n{LOG}\nEOF\n")), 0o755);
    private(
        &desk.put("bin/systemctl", "#!/bin/sh\necho LoadState=bad-setting\necho ActiveState=Zoe\n"),
        0o755,
    );
    let mut command = command();
    command.arg("report").arg(&path).current_dir(&desk.0);
    command.env("PATH", format!("{}:/usr/bin:/bin", desk.path("bin"))).env("HOME", desk.path("home/zoe"));
    command.env("OUR_TOKEN", "hush-in-the-environment").env("XDG_CURRENT_DESKTOP", "Zoe's own desktop");
    let told = said(command.env_remove("XDG_STATE_HOME"));
    assert!(told.status == 0 && told.out.contains("Nothing was sent"), "{} {}", told.out, told.err);
    let name = told.out.lines().find_map(|line| line.strip_prefix("Wrote ")).expect("it says where");
    let name = name.split(". It contains").next().expect("its name");
    let bytes = String::from_utf8(desk.bytes(name)).expect("it is text");
    for never in NEVER {
        let line = bytes.lines().find(|line| line.contains(never));
        assert!(line.is_none() && !told.out.contains(never), "`{never}` is in it: {line:?} {}", told.out);
    }
    let mode = std::fs::metadata(desk.path(name)).expect("it is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    serde_json::from_str(&bytes).expect("it is JSON")
}

#[test]
fn neither_secrets_nor_peoples_words_get_in() {
    let leaky = report(true);
    assert!(leaky["problems"].as_array().is_some_and(|problems| !problems.is_empty()), "{leaky:#}");
    assert_eq!(leaky["layout"]["feed"]["ours"]["url"], "http://127.0.0.1:1/…");
    let report = report(false);
    let problems = report["problems"].as_array().expect("a list");
    assert!(problems.iter().all(|problem| problem["severity"] == "warning"), "{problems:?}");
    assert_eq!(report["fishbowl"], env!("CARGO_PKG_VERSION"));
    assert!(report["system"]["kernel"].is_string() && report["system"]["desktop"].is_null(), "{report:#}");
    assert_eq!(report["layout"]["feed"]["ours"]["url"], "http://127.0.0.1:1/…");
    assert_eq!(report["layout"]["display"]["tall"]["rotate"], 90);
    assert_eq!(report["layout"]["scene"]["main"]["picture"], "total feel | list");
    assert_eq!(report["layout"]["remote"]["person"]["person-1"]["role"], "presenter");
    assert!(report["findings"].as_array().is_some_and(|found| found.len() > 10), "{report:#}");
    let secrets = report["findings"].as_array().into_iter().flatten().find(|one| one["check"] == "secrets");
    assert!(
        secrets.is_some_and(|one| one["words"].to_string().contains("ZOE_TOKEN is not set")),
        "{report:#}"
    );
    assert_eq!(
        (&report["running"]["health"], &report["running"]["wall"]["feeds"][0]["restarts"]),
        (&200.into(), &7.into())
    );
    assert_eq!(
        lines(&report["running"]["metrics"]),
        ["fishbowl_healthy 1", "fishbowl_feed_up{feed=\"ours\"} 0"]
    );
    assert_eq!(
        lines(&report["log"]),
        [
            "2026-11-30T04:00:00.1Z WARN feed is down … (check the token, the server answers 401)",
            "2026-11-30T04:00:01Z ERROR not recording; the wall continues in memory: … (no space left)",
            "2026-11-30T04:00:02Z INFO banner",
            "2026-11-30T04:00:04Z WARN …",
        ]
    );
}

#[test]
fn a_running_wall_and_a_broken_layout_are_reported() {
    let mut wall = Headless::of(&format!("{SMALL}[remote]\nlisten = \"127.0.0.1:0\"\n"));
    wall.wait_for("it draws", |wall| wall["health"]["ok"] == true);
    let listen = wall.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let desk = Desk::new();
    let good = desk.put("good.toml", &format!("{SMALL}[remote]\nlisten = \"{listen}\"\n"));
    let report = |layout: &str, out: &str| {
        let told = said(command().args(["report", layout, "--out", &desk.path(out)]));
        assert_eq!(told.status, 0, "{}", told.err);
        serde_json::from_slice::<Value>(&desk.bytes(out)).expect("it is JSON")
    };
    let found = report(&good, "good.json");
    let running = &found["running"];
    assert!(running["wall"]["ok"] == true && running["wall"]["displays"][1]["name"] == "tall", "{running:#}");
    assert!(lines(&running["metrics"]).contains(&"fishbowl_healthy 1"), "{running:#}");

    let broken = desk.put("broken.toml", "[wall]\nviewer_m = \"Zoe\"\n");
    let found = report(&broken, "broken.json");
    let mut problems = found["problems"].as_array().expect("a list").iter();
    assert!(problems.any(|problem| problem["line"] == 2 && problem["severity"] == "error"), "{found:#}");
    assert!(!found.to_string().contains("Zoe"), "{found:#}");
    let found = report(&desk.put("nonsense.toml", "[[[ Zoe"), "nonsense.json");
    assert!(found["layout"].is_null() && !found.to_string().contains("Zoe"), "{found:#}");
    let again = said(command().args(["report", &good, "--out", &desk.path("good.json")]));
    assert!(again.status == 1 && again.err.contains("cannot write"), "{}", again.err);
}

#[test]
fn a_wall_that_encrypts_is_asked_by_its_certificate_and_no_other_is() {
    let sealed = |listen: &str| format!("{SMALL}[remote]\nlisten = \"{listen}\"\ntls = true\n");
    let wall = Headless::of(&sealed("127.0.0.1:0"));
    let listen = wall.url().trim_start_matches("http://https://").trim_end_matches('/').to_owned();
    let plain = Mirror::at(&listen);
    within(SOON, "it draws", || (plain.get("/health").0 == 200).then_some(()));
    let desk = Desk::new();
    let layout = desk.put("wall.toml", &sealed(&listen));
    let running = |state: &str, out: &str| {
        let mut command = command();
        command.args(["report", &layout, "--out", &desk.path(out)]).env("XDG_STATE_HOME", state);
        let told = said(&mut command);
        assert_eq!(told.status, 0, "{}", told.err);
        serde_json::from_slice::<Value>(&desk.bytes(out)).expect("it is JSON")["running"].clone()
    };
    let state = wall.home.path().join(".local/state").display().to_string();
    let found = running(&state, "known.json");
    assert!(found["health"] == 200 && found["wall"]["displays"][1]["name"] == "tall", "{found:#}");
    assert!(lines(&found["metrics"]).contains(&"fishbowl_healthy 1"), "{found:#}");
    // Nobody else is taken for it, and without its certificate nothing is asked.
    let other = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("a certificate");
    std::fs::create_dir_all(desk.path("other/fishbowl")).expect("a folder");
    desk.put("other/fishbowl/remote.pem", &other.cert.pem());
    let found = running(&desk.path("other"), "other.json");
    assert!(found["unknown"].to_string().contains("no wall answers at"), "{found:#}");
    let found = running(&desk.path("none"), "none.json");
    assert!(found["unknown"].to_string().contains("[remote] tls: "), "{found:#}");
    assert!(found["unknown"].to_string().contains("remote.pem cannot be read"), "{found:#}");
}
