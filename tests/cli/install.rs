//! `make install`: fishbowl on the path, its pages and its completions; and away again.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use super::{FISHBOWL, repository};

/// Runs `scripts/install` with a prefix and a folder before it.
fn install(prefix: &str, destdir: &str, what: &str) -> (bool, String) {
    let mut command = Command::new(repository("scripts/install"));
    command.arg(what).env("PREFIX", prefix).env("DESTDIR", destdir).env("LC_ALL", "C.UTF-8");
    let done = command.output().expect("bash runs");
    (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
}

fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in next.read_dir().expect("it can be listed") {
            let path = entry.expect("it can be listed").path();
            match path.is_dir() {
                true => folders.push(path),
                false => drop(found.insert(path.strip_prefix(folder).expect("inside").display().to_string())),
            }
        }
    }
    found
}

#[test]
fn a_person_installs_it_and_removes_it() {
    let home = tempfile::tempdir().expect("a folder");
    let prefix = home.path().display().to_string();
    std::fs::create_dir(home.path().join("bin")).expect("a folder");
    std::fs::write(home.path().join("bin/other"), "").expect("a file");
    let (done, words) = install(&prefix, "", FISHBOWL);
    assert!(done && words.contains("is not in PATH yet"), "{words}");
    let there = files(home.path());
    for name in [
        "bin/fishbowl",
        "share/man/man1/fishbowl.1",
        "share/man/man1/fishbowl-run.1",
        "share/man/man1/fishbowl-check.1",
        "share/bash-completion/completions/fishbowl",
        "share/zsh/site-functions/_fishbowl",
        "share/fish/vendor_completions.d/fishbowl.fish",
        "share/systemd/user/fishbowl.service",
    ] {
        assert!(there.contains(name), "{name}: {there:?}");
    }
    let version = Command::new(home.path().join("bin/fishbowl")).arg("--version").output().expect("it runs");
    assert!(version.status.success());
    let read = |name: &str| std::fs::read_to_string(home.path().join(name)).expect("it is text");
    let page = read("share/man/man1/fishbowl-run.1");
    assert!(page.contains("windowed") && page.contains(".SH"), "{page}");
    let bash = home.path().join("share/bash-completion/completions/fishbowl");
    assert!(Command::new("bash").arg("-n").arg(bash).status().expect("bash runs").success());
    for name in there.iter().filter(|name| name.starts_with("share/")) {
        assert!(!read(name).contains("generate"), "{name} tells of what is hidden");
    }
    let unit = read("share/systemd/user/fishbowl.service");
    assert!(unit.contains(&format!("ExecStart={prefix}/bin/fishbowl run %E/fishbowl/wall.toml\n")), "{unit}");
    understood(&home.path().join("share/systemd/user/fishbowl.service"), home.path());
    let (done, words) = install(&prefix, "", "--remove");
    assert!(done, "{words}");
    assert_eq!(files(home.path()), BTreeSet::from(["bin/other".to_owned()]));
}

/// systemd has nothing to say against a unit, where there is systemd.
fn understood(unit: &Path, runtime: &Path) {
    let mut verify = Command::new("systemd-analyze");
    let said = verify.args(["--user", "verify"]).arg(unit).env("XDG_RUNTIME_DIR", runtime).output();
    let Ok(said) = said else { return };
    let words = String::from_utf8_lossy(&said.stderr).into_owned();
    // Its manual is not where `man` looks for it, and containers have no manager to ask.
    let about = |line: &&str| line.contains("fishbowl.service") && !line.contains("Command 'man ");
    let wrong: Vec<&str> = words.lines().filter(about).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_package_is_made_below_another_root() {
    let root = tempfile::tempdir().expect("a folder");
    let (done, words) = install("/usr/local", &root.path().display().to_string(), FISHBOWL);
    assert!(done && !words.contains("PATH"), "{words}");
    assert!(files(root.path()).contains("usr/local/bin/fishbowl"));
    let (done, words) = install("usr", "", FISHBOWL);
    assert!(!done && words.contains("PREFIX"), "{words}");
}
