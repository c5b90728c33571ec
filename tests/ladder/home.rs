//! A home that is missing, read-only, or someone else's.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use super::numbers::Numbers;
use super::rig::headless::SOON;
use super::rig::process::Home;
use super::rig::within;
use super::{NOWHERE, PATIENCE, command, counted, end_badly, layout, problems, shown, state_file};

/// How a wall finds its home.
type Lives = dyn Fn(&mut Command);

/// A folder in which this home's user can make nothing.
fn closed(home: &Home, name: &str) -> std::path::PathBuf {
    let path = home.path().join(name);
    // Root's, where the wall runs as another; else its own, and read-only.
    fs::create_dir(&path).expect("a folder");
    fs::set_permissions(&path, PermissionsExt::from_mode(0o555)).expect("set");
    path
}

fn lives(home: &Home) -> Vec<(&'static str, Box<Lives>)> {
    let (read_only, others) = (closed(home, "home"), closed(home, "state"));
    let none = |command: &mut Command| {
        command.env_remove("HOME");
    };
    let read_only = move |command: &mut Command| {
        command.env("HOME", &read_only);
    };
    let others = move |command: &mut Command| {
        command.env("XDG_STATE_HOME", &others);
    };
    vec![
        ("no home", Box::new(none) as Box<Lives>),
        ("a home that is read-only", Box::new(read_only)),
        ("a state folder of another", Box::new(others)),
    ]
}

#[test]
fn a_wall_that_cannot_write_its_state_shows_everything_says_so_and_climbs_the_ladder() {
    let server = Numbers::start(700);
    let home = Home::new();
    let path = home.write("wall.toml", &layout(&server.url()));
    for (what, lives) in lives(&home) {
        let start = || {
            let mut command = command(&home, &path);
            lives(&mut command);
            command
        };
        {
            let (mut wall, mirror, scene) = shown(&home, &mut start());
            assert_eq!(scene, "main", "{what}");
            let told = within(PATIENCE, what, || {
                wall.must_live();
                Some(mirror.wall()).filter(|wall| counted(wall) == Some(700))
            });
            assert_eq!(told["recording"], "failed", "{what}");
            assert!(problems(&told).contains("not recording"), "{what}: {}", told["problems"]);
            assert_eq!(mirror.get("/health").0, 200, "{what}: what is drawn is seen");
            assert!(!wall.said().contains("not counted"), "{what}: {}", wall.said());
        }
        (0..4).for_each(|_| end_badly(&home, &mut start()));
        let (mut wall, _, scene) = shown(&home, &mut start());
        assert_eq!(scene, "safe", "{what}");
        assert!(wall.terminate().success());
        assert_eq!(shown(&home, &mut start()).2, "main", "{what}: a good end forgets");
        // Not for the next of them.
        let noted = state_file(&home.path().join("run/fishbowl"), ".starts").expect("it is noted until then");
        fs::remove_file(noted).expect("it is there");
    }
}

#[test]
fn where_nothing_can_be_written_at_all_that_is_said() {
    let home = Home::new();
    let path = home.write("wall.toml", &layout(NOWHERE));
    let mut command = command(&home, &path);
    let nowhere = Path::new("/dev/null/nowhere");
    for name in ["HOME", "XDG_RUNTIME_DIR", "TMPDIR"] {
        command.env(name, nowhere);
    }
    let (mut wall, _, scene) = shown(&home, &mut command);
    assert_eq!(scene, "main");
    let said = within(SOON, "it says so", || Some(wall.said()).filter(|said| said.contains("not counted")));
    assert!(
        said.contains("bad ends of the wall are not counted") && said.contains("/dev/null/nowhere"),
        "{said}"
    );
    assert!(wall.terminate().success());
}
