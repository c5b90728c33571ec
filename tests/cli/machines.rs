//! More machines that lack something, for `fishbowl doctor`: each fault is named, with what to do about it.

#![cfg(target_os = "linux")]

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::os::unix::fs::DirBuilderExt as _;
use std::process::Command;

use serde_json::Value;

use super::doctor::{doctor, free, live, of, private, stands};
use super::rig::clock::{self, Turned};
use super::rig::headless::Headless;
use super::rig::process::Home;
use super::rig::{FISHBOWL, left_out};
use super::{Desk, SMALL};

/// A layout with a feed at this address, and a mirror at a port that is free.
fn fed(url: &str) -> String {
    format!("{}[remote]\nlisten = \"{}\"\n", live("").replace("http://127.0.0.1:1/none", url), free())
}

/// What `doctor` says on a machine whose `program` prints this.
fn with_program(program: &str, prints: &str) -> Value {
    let desk = Desk::new();
    let bin = desk.path("bin");
    std::fs::create_dir(&bin).expect("a folder");
    private(&desk.put(&format!("bin/{program}"), &format!("#!/bin/sh\ncat <<'EOF'\n{prints}\nEOF\n")), 0o755);
    doctor(&desk, &fed("http://127.0.0.1:1/"), &[("PATH", &format!("{bin}:/usr/bin:/bin"))], &[]).0
}

/// What a shell script prints after `exec "$0" doctor …`, run with `unshare` or limits before it.
fn in_shell(home: &Home, script: &str, layout: &str) -> Value {
    let mut command = home.command("sh");
    let layout = home.write("wall.toml", layout);
    command.args(["-c", script]).arg(home.take(FISHBOWL.as_ref())).arg(layout);
    let done = command.env("XDG_STATE_HOME", home.path().join("state")).output().expect("sh runs");
    serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|e| panic!("{e}: {}", String::from_utf8_lossy(&done.stderr)))
}

/// A server that answers everything with this.
fn answering(at: IpAddr, answer: String) -> SocketAddr {
    let listener = TcpListener::bind((at, 0)).expect("a port");
    let addr = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A client may go away at any time.
            let _ = stream.read(&mut [0; 4_096]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    addr
}

const LOCAL: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

#[test]
fn a_service_that_does_not_start_or_watch_the_wall() {
    for (unit, state, words, remedy) in [
        ("LoadState=not-found", "warning", "no unit `fishbowl`", "make install"),
        (
            "LoadState=loaded\nUnitFileState=disabled\nWatchdogUSec=30s",
            "warning",
            "not enabled",
            "systemctl --user enable",
        ),
        (
            "LoadState=loaded\nUnitFileState=enabled\nWatchdogUSec=0",
            "warning",
            "no watchdog",
            "WatchdogSec=30",
        ),
        (
            "LoadState=loaded\nUnitFileState=enabled\nWatchdogUSec=30s\nNRestarts=99",
            "warning",
            "99 times",
            "journalctl",
        ),
        ("LoadState=bad-setting", "fault", "`bad-setting`", "status fishbowl"),
        (
            "LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nWatchdogUSec=30s",
            "ok",
            "enabled, active",
            "",
        ),
        ("", "unknown", "cannot be asked", ""),
    ] {
        stands(&with_program("systemctl", unit), "service", state, words, remedy);
    }
}

#[test]
fn a_clock_that_was_never_set() {
    if left_out(clock::LEAVE_OUT) {
        return;
    }
    let home = Home::new();
    let clock = Turned::by(&home, -56 * 365 * 86_400);
    let layout = home.write("wall.toml", &fed("http://127.0.0.1:1/"));
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    let done = clock.worn_by(command.arg("doctor").arg(layout).arg("--json")).output().expect("it runs");
    let found = serde_json::from_slice(&done.stdout).expect("it is JSON");
    stands(&found, "clock", "fault", "the wall waits until it is right", "set-ntp true");
}

#[test]
fn a_clock_that_is_behind_the_journal() {
    if left_out(clock::LEAVE_OUT) {
        return;
    }
    let said = "id: 1\ndata: {\"uid\":\"a:1\",\"text\":\"something\"}\n\n";
    let events = format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{said}");
    let layout = fed(&format!("http://{}/", answering(LOCAL, events)));
    let mut wall = Headless::of(&layout);
    wall.wait_for("it has recorded something", |wall| wall["journal"]["kept"] == 1);
    assert!(wall.fishbowl.terminate().success());
    let doctor = |seconds: i64| -> Value {
        let clock = Turned::by(&wall.home, seconds);
        let mut command = wall.home.command(wall.home.take(FISHBOWL.as_ref()));
        command.arg("doctor").arg(&wall.layout).arg("--json");
        serde_json::from_slice(&clock.worn_by(&mut command).output().expect("it runs").stdout).expect("JSON")
    };
    let behind = |found: &Value| {
        let all = found.as_array().expect("a list").clone();
        all.into_iter().find(|one| one["words"].to_string().contains("but the journal was last written at"))
    };
    let found = behind(&doctor(-86_400)).expect("it is told");
    assert!(found["check"] == "clock" && found["state"] == "fault", "{found}");
    assert!(found["words"].to_string().contains("this machine's clock says"), "{found}");
    assert!(found["remedy"].to_string().contains("set-ntp true"), "{found}");
    assert_eq!(behind(&doctor(0)), None);
}

#[test]
fn a_feed_whose_certificate_has_expired() {
    let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    (params.not_before, params.not_after) =
        (rcgen::date_time_ymd(2019, 1, 1), rcgen::date_time_ymd(2020, 1, 1));
    let key = rcgen::KeyPair::generate().expect("a key");
    let cert = params.self_signed(&key).expect("a certificate");
    let (sealed, desk) = (tls_server(&cert, &key), Desk::new());
    let roots = desk.put("roots.pem", &cert.pem());
    let layout = fed(&format!("https://localhost:{}/", sealed.port()));
    let (found, is_well) = doctor(&desk, &layout, &[("SSL_CERT_FILE", &roots)], &["--feeds"]);
    assert!(!is_well);
    stands(&found, "feed", "fault", "expired", "renew its certificate");
}

/// A server that shows this certificate and says nothing else.
fn tls_server(cert: &rcgen::Certificate, key: &rcgen::KeyPair) -> SocketAddr {
    use rustls::pki_types::PrivateKeyDer;
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.expect("versions that are known").with_no_client_auth();
    let config =
        std::sync::Arc::new(config.with_single_cert(vec![cert.der().clone()], key).expect("they fit"));
    let listener = TcpListener::bind((LOCAL, 0)).expect("a port");
    let addr = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(config.clone()).expect("it can begin");
            // The client hangs up as soon as it has seen the certificate.
            let _ = rustls::StreamOwned::new(connection, stream).read(&mut [0; 4_096]);
        }
    });
    addr
}

#[test]
fn a_disk_that_is_full_or_too_small() {
    let desk = Desk::new();
    let large = fed("http://127.0.0.1:1/") + "[journal]\nmax_mb = 10000000\n";
    let (found, is_well) = doctor(&desk, &large, &[], &[]);
    assert!(is_well, "{found}");
    stands(&found, "disk", "warning", "the journal may grow to 10000000 MiB", "max_mb");
    if !Command::new("unshare").args(["-rm", "true"]).status().is_ok_and(|status| status.success()) {
        return println!("left out: this machine does not let tests mount a small disk");
    }
    let script = "mkdir -p state/fishbowl && exec unshare -rm sh -c \
                  'mount -t tmpfs -o size=1m none state/fishbowl && exec \"$0\" doctor \"$1\" --json' \"$0\" \"$1\"";
    let found = in_shell(&Home::new(), script, &fed("http://127.0.0.1:1/"));
    stands(&found, "disk", "fault", "MiB are free in", "Make room");
}

#[test]
fn a_journal_that_is_damaged_of_someone_else_or_in_use() {
    let desk = Desk::new();
    desk.put("state/fishbowl/wall.journal", &"this is not a journal ".repeat(1_000));
    let (found, is_well) = doctor(&desk, &fed("http://127.0.0.1:1/"), &[], &[]);
    assert!(!is_well);
    stands(&found, "journal", "fault", "not a Fishbowl journal", "not recording");

    // Of another user: the tests' own, where the program is run as `nobody`; else one that no one can write.
    let home = Home::new();
    let mut folder = std::fs::DirBuilder::new();
    folder.mode(0o500).create(home.path().join("state")).expect("a folder");
    let found = in_shell(&home, "exec \"$0\" doctor \"$1\" --json", &fed("http://127.0.0.1:1/"));
    stands(&found, "journal", "fault", "no permission to write", "Let this user write in");

    let layout = live("[remote]\nlisten = \"127.0.0.1:0\"\n[journal]\nfile = \"held.journal\"\n");
    let mut wall = Headless::of(&layout);
    wall.wait_for("it records", |wall| wall["recording"] == "on");
    let port = wall.url().trim_start_matches("http://").trim_end_matches('/').to_owned();
    let found =
        in_shell(&wall.home, "exec \"$0\" doctor \"$1\" --json", &layout.replace("127.0.0.1:0", &port));
    stands(&found, "journal", "ok", "is being written by a running wall", "");
    stands(&found, "mirror", "ok", "a running wall answers", "");
}

#[test]
fn secrets_that_others_can_read_and_a_layout_that_is_not_there() {
    let desk = Desk::new();
    let person = "[remote.person.jo]\nrole = \"presenter\"\ntoken_file = \"jo.token\"\n";
    private(&desk.put("jo.token", "0123456789abcdef"), 0o644);
    let (found, _) = doctor(&desk, &(fed("http://127.0.0.1:1/") + person), &[], &[]);
    stands(&found, "secrets", "warning", "other users of this machine can read", "chmod 600");
    let missing = desk.path("missing.toml");
    let mut command = super::command();
    let done = command.args(["doctor", &missing, "--json"]).output().expect("it runs");
    let found = serde_json::from_slice(&done.stdout).expect("it is JSON");
    stands(&found, "layout", "fault", "cannot read the layout", "fishbowl check");
    assert!(!done.status.success());
}

#[test]
fn a_compositor_that_cannot_be_reached() {
    let desk = Desk::new();
    for (folder, words) in [
        ("", "XDG_RUNTIME_DIR is not set"),
        ("/nowhere", "cannot reach the compositor at /nowhere/wayland-7"),
    ] {
        let env = [("WAYLAND_DISPLAY", "wayland-7"), ("XDG_RUNTIME_DIR", folder)];
        let mut command = super::command();
        let done = command.args(["doctor", "--json"]).envs(env).output().expect("it runs");
        let found = serde_json::from_slice(&done.stdout).expect("it is JSON");
        stands(&found, "window system", "fault", words, "session that owns the screens");
        stands(&found, "monitors", "fault", "", "Check that the window system runs");
    }
    assert_eq!(of(&doctor(&desk, SMALL, &[], &[]).0, "window system")["state"], "warning");
}

#[test]
fn a_process_that_may_open_few_files() {
    let found = in_shell(
        &Home::new(),
        "ulimit -n 128; exec \"$0\" doctor \"$1\" --json",
        &fed("http://127.0.0.1:1/"),
    );
    stands(&found, "open files", "warning", "128 files and connections", "LimitNOFILE=");
    for check in ["memory", "processor", "temperature"] {
        let state = of(&found, check)["state"].as_str().expect("a state");
        assert!(["ok", "warning", "unknown"].contains(&state), "{check}: {state}");
    }
}

#[test]
fn feeds_that_refuse_fail_or_lead_astray() {
    let head = |status: &str, more: &str| {
        format!("HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\nConnection: close\r\n\r\n")
    };
    let at = |answer: String| format!("http://{}/", answering(LOCAL, answer));
    let encrypted = Headless::of(&format!("{SMALL}[remote]\ntls = true\n"));
    let sealed = encrypted.url().trim_start_matches("http://").to_owned();
    assert!(sealed.starts_with("https://"), "{sealed}");
    let mut feeds = vec![
        (at(head("401 Unauthorized", "")), "is refused: the server answers 401", "Check the token"),
        (at(head("503 Service Unavailable", "")), "is down: the server answers 503", "Check the address"),
        ("http://no-such-host.invalid/".into(), "is down: ", "resolvectl status"),
        ("http://127.0.0.1:1/".into(), "is down: ", "nothing listens there"),
        (sealed, "ertificate", "ca-certificates"),
    ];
    // An address of this machine that is not the loopback, from which a redirect must not lead there.
    let outside = UdpSocket::bind("0.0.0.0:0")
        .and_then(|socket| socket.connect("192.0.2.1:9").and_then(|()| socket.local_addr()));
    if let Some(ip) =
        outside.ok().map(|addr| addr.ip()).filter(|ip| !ip.is_loopback() && !ip.is_unspecified())
    {
        let leads = answering(ip, head("302 Found", "Location: http://127.0.0.1:1/inside\r\n"));
        feeds.push((
            format!("http://{leads}/"),
            "redirects from outside to this machine",
            "Name the address",
        ));
    }
    let desk = Desk::new();
    let tables = feeds
        .iter()
        .enumerate()
        .map(|(n, (url, ..))| format!("[feed.f{n}]\nkind = \"ndjson\"\nurl = \"{url}\"\n"));
    let layout = fed("http://127.0.0.1:1/") + &tables.collect::<String>();
    let (found, is_well) = doctor(&desk, &layout, &[], &["--feeds"]);
    assert!(!is_well);
    for (n, (url, words, remedy)) in feeds.iter().enumerate() {
        let all = found.as_array().expect("a list").iter();
        let one = all
            .clone()
            .find(|one| one["words"].as_str().is_some_and(|words| words.starts_with(&format!("`f{n}`"))));
        let one = one.unwrap_or_else(|| panic!("nothing on {url}: {found}"));
        let has = |key: &str, part: &str| one[key].as_str().unwrap_or_default().contains(part);
        assert!(one["state"] == "fault" && has("words", words) && has("remedy", remedy), "{url}: {one}");
    }
}
