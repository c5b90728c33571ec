//! The Debian package and the portable folder: what they are made of is there, and their units are sound. Building and
//! installing the package takes cargo-deb and a Debian root, so that is tried by hand.

use std::path::{Path, PathBuf};
use std::process::Command;

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
    for unit in ["fishbowl", "fishbowl-compositor"] {
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
