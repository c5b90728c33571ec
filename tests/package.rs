//! The Debian package and the portable folder: what they are made of is there, their units are sound, and what their
//! scripts do to a machine. Building and installing the package takes cargo-deb and a Debian root, so that is tried by
//! hand.
#![cfg(unix)]

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

const FISHBOWL: &str = env!("CARGO_BIN_EXE_fishbowl");

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// `[package.metadata.deb]`.
fn metadata() -> toml::Table {
    let text = std::fs::read_to_string(repository("Cargo.toml")).expect("it is there");
    let manifest: toml::Table = text.parse().expect("TOML");
    manifest["package"]["metadata"]["deb"].as_table().expect("a table").clone()
}

#[test]
fn what_the_package_is_made_of_is_there() {
    let metadata = metadata();
    let assets = metadata["assets"].as_array().expect("a list");
    let sources = assets.iter().filter_map(|asset| asset[0].as_str());
    // The others are built: the program, and what scripts/install makes of it.
    let own: Vec<&str> = sources.filter(|source| !source.starts_with("target/")).collect();
    assert!(own.len() >= 5, "{own:?}");
    for source in own {
        let path = repository(source.strip_suffix("/*.toml").unwrap_or(source));
        assert!(path.exists(), "{source}");
    }
    let scripts = repository(metadata["maintainer-scripts"].as_str().expect("a folder"));
    for unit in metadata["systemd-units"].as_array().expect("a list") {
        let name = unit["unit-name"].as_str().expect("a name");
        assert!(scripts.join(format!("{name}.service")).is_file(), "{name}");
    }
}

#[test]
fn its_scripts_can_be_read_by_a_shell() {
    for script in
        ["assets/package/postinst", "assets/package/postrm", "assets/portable/start.sh", "scripts/portable"]
    {
        let shell = if script.starts_with("scripts/") { "bash" } else { "sh" };
        let read = Command::new(shell).arg("-n").arg(repository(script)).output().expect("a shell");
        assert!(read.status.success(), "{script}: {}", String::from_utf8_lossy(&read.stderr));
    }
}

#[test]
fn its_units_are_exposed_to_little() {
    for unit in ["fishbowl", "fishbowl-compositor", "fishbowl-hold"] {
        let path = repository(&format!("assets/package/{unit}.service"));
        let analysed = Command::new("systemd-analyze")
            .args(["security", "--offline=true", "--threshold=25", "--no-pager"])
            .arg(&path)
            .output();
        let Ok(analysed) = analysed else {
            eprintln!("left out: there is no systemd-analyze here");
            return;
        };
        let said = String::from_utf8_lossy(&analysed.stdout);
        let told = said.lines().last().unwrap_or_default();
        assert!(analysed.status.success(), "exposure of 2.5 at most: {told}");
    }
}

fn read(path: &str) -> String {
    std::fs::read_to_string(repository(path)).expect("it is text")
}

/// Runs one of the package's scripts for a system below `root`.
fn script(name: &str, args: &[&str], root: &Path) {
    let mut sh = Command::new("sh");
    sh.arg(repository("assets/package").join(name)).args(args).env("DPKG_ROOT", root);
    assert!(sh.status().expect("sh runs").success(), "{name} {args:?}");
}

#[test]
fn an_upgrade_changes_no_file_of_the_machine_and_a_purge_leaves_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |path: &str| folder.path().join(path);
    for path in ["etc/fishbowl", "usr/share/fishbowl/layouts", "var/lib/fishbowl"] {
        std::fs::create_dir_all(at(path)).expect("a folder");
    }
    for (from, to) in
        [("layouts/demo.toml", "layouts/demo.toml"), ("assets/package/secrets.env", "secrets.env")]
    {
        std::fs::copy(repository(from), at("usr/share/fishbowl").join(to)).expect("a copy");
    }
    script("postinst", &["configure", ""], folder.path());
    let layout = std::fs::read_to_string(at("etc/fishbowl/wall.toml")).expect("it is text");
    assert_eq!(layout, read("layouts/demo.toml"));
    let secrets = at("etc/fishbowl/secrets.env").metadata().expect("it is there");
    assert_eq!(secrets.permissions().mode() & 0o777, 0o600);
    std::fs::write(at("etc/fishbowl/wall.toml"), "ours").expect("a file");
    std::fs::remove_file(at("etc/fishbowl/secrets.env")).expect("it was there");
    script("postinst", &["configure", "0.1.0-1"], folder.path());
    script("postrm", &["upgrade", "0.1.1-1"], folder.path());
    script("postrm", &["remove"], folder.path());
    assert_eq!(std::fs::read_to_string(at("etc/fishbowl/wall.toml")).expect("it is text"), "ours");
    assert!(!at("etc/fishbowl/secrets.env").exists(), "it was removed on purpose");
    script("postrm", &["purge"], folder.path());
    assert!(!at("etc/fishbowl").exists() && !at("var/lib/fishbowl").exists());
}

#[test]
fn a_portable_folder_shows_its_wall_and_leaves_nothing_elsewhere() {
    let (folder, home) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let at = |path: &str| folder.path().join(path);
    // As on a stick with FAT: no file can be run where it is.
    std::fs::copy(FISHBOWL, at("fishbowl")).expect("a copy");
    std::fs::set_permissions(at("fishbowl"), std::fs::Permissions::from_mode(0o644))
        .expect("its mode changes");
    std::fs::copy(repository("assets/portable/start.sh"), at("start.sh")).expect("a copy");
    std::fs::copy(repository("layouts/demo.toml"), at("wall.toml")).expect("a copy");
    let start = |args: &[&str]| {
        let mut sh = Command::new("sh");
        sh.arg(at("start.sh")).args(args).env("HOME", home.path()).env("TMPDIR", home.path());
        sh.env_remove("WAYLAND_DISPLAY").env_remove("DISPLAY").env_remove("XDG_STATE_HOME");
        sh.output().expect("sh runs")
    };
    let refused = start(&[]);
    assert!(!refused.status.success() && String::from_utf8_lossy(&refused.stderr).contains("no desktop"));
    let shown = start(&["--headless", "--mirror", "off", "--for", "1s"]);
    assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
    assert!(at("state/fishbowl").is_dir(), "the last good layout is in the folder");
    assert_eq!(
        home.path().read_dir().expect("it can be listed").count(),
        0,
        "nothing is left on the machine"
    );
}
