//! Clocks that are wrong or are set, and the real wall under them: nothing is emptied, and what is shown
//! is right again as soon as the clock is.

#[allow(dead_code)]
#[path = "kill/numbers.rs"]
mod numbers;
mod rig;

use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use numbers::Numbers;
use rig::clock::{LEAVE_OUT, LEAVE_OUT_UPTIME, Turned, up_for};
use rig::headless::{self, Headless, Mirror};
use rig::process::Home;
use serde_json::Value;

const MENTIONS: u64 = 3_000;
const DAY: i64 = 86_400;
/// Feeds give way to all else on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

fn layout(server: &Numbers) -> String {
    format!(
        "[wall]\nname = \"Leaps\"\nviewer_m = 2.0\nmotion = \"still\"\n\n[display.only]\nsize_mm = [640, 360]\n\
         pixels = [640, 360]\n\n[feed.numbers]\nkind = \"sse\"\nurl = \"{}\"\n\n[topic.third]\nquery = \"third\"\n\n\
         [scene.main]\npicture = \"total third\"\n\n[scene.main.tile.total]\nkind = \"counter\"\nwindow = \"24h\"\n\n\
         [scene.main.tile.third]\nkind = \"counter\"\ntopic = \"third\"\nwindow = \"24h\"\n",
        server.url()
    )
}

fn since_1970() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("this machine's clock is right");
    i64::try_from(since.as_secs()).expect("it is not so late")
}

/// Everything and the topic in the last day; `None` is unknown.
fn counts(wall: &Value) -> [Option<u64>; 2] {
    [&wall["mentions"], &wall["topics"]["third"]].map(|counts| counts["24h"].as_u64())
}

fn is_right(wall: &Value) -> bool {
    counts(wall) == [Some(MENTIONS), Some(MENTIONS / 3)] && wall["catching_up"] == false
}

/// Waits until the wall says of itself what it should.
fn wait(wall: &mut Headless, what: &str, is_so: impl Fn(&Value) -> bool) -> Value {
    rig::within(PATIENCE, what, || {
        wall.fishbowl.must_live();
        Some(wall.wall()).filter(&is_so)
    })
}

fn words(wall: &Value) -> String {
    wall["feeds"][0]["words"].as_str().unwrap_or_default().to_owned()
}

/// Mentions that can be read in the journal.
fn kept(home: &Home) -> usize {
    let path: PathBuf = home.path().join(".local/state/fishbowl/wall.journal");
    let history = fishbowl::journal::History::open(
        &path,
        fishbowl::clock::Time(i64::MIN),
        fishbowl::journal::Seq(i64::MAX),
    );
    history.expect("it can be read").map(|chunk| chunk.expect("it can be read").len()).sum()
}

fn left_out() -> bool {
    rig::left_out(LEAVE_OUT)
}

#[test]
fn a_wall_that_starts_in_1970_waits_for_the_time_and_heals_by_itself() {
    if left_out() {
        return;
    }
    let server = Numbers::start(MENTIONS);
    let (mut wall, clock) = Headless::under_clock(&layout(&server), -since_1970() + 60);
    let told = wait(&mut wall, "it waits for the time", |wall| words(wall).contains("waiting for the time"));
    assert_eq!(counts(&told), [None, None], "nothing is known, and nothing is nought");
    assert!(told["problems"].to_string().contains("1970"), "{}", told["problems"]);
    clock.turn(0);
    wait(&mut wall, "all is counted once the time has come", is_right);
    assert!(wall.fishbowl.terminate().success());
    assert_eq!(kept(&wall.home), MENTIONS as usize);
}

#[test]
fn a_clock_that_is_set_while_the_wall_runs_empties_nothing() {
    if left_out() {
        return;
    }
    let server = Numbers::start(MENTIONS);
    let (mut wall, clock) = Headless::under_clock(&layout(&server), 0);
    wait(&mut wall, "all is counted", is_right);
    for (told, by) in (1..).zip([40 * DAY, 0, -40 * DAY, 0, -3_600, 3_600, 10, 0]) {
        clock.turn(by);
        rig::within(PATIENCE, "the leap is told", || {
            (wall.fishbowl.said().matches("reading the past again").count() >= told).then_some(())
        });
        // What was counted a moment ago is still what was counted a moment ago.
        wait(&mut wall, &format!("all is counted {by} s off"), is_right);
        wait(&mut wall, "it is recorded", |wall| wall["recording"] == "on");
    }
    assert!(wall.fishbowl.terminate().success());
    assert_eq!(kept(&wall.home), MENTIONS as usize);
}

#[test]
fn a_wall_that_starts_weeks_ahead_keeps_its_journal() {
    if left_out() {
        return;
    }
    let server = Numbers::start(MENTIONS);
    let home = Home::new();
    let layout = home.write("wall.toml", &layout(&server));
    let clock = Turned::by(&home, 0);
    let start = |name| home.start(name, clock.worn_by(&mut headless::command(&home, &layout)));
    let right = |wall: &mut rig::process::Running, what: &str| {
        let mirror = Mirror::of(wall);
        rig::within(PATIENCE, what, || is_right(&mirror.wall()).then_some(()));
    };
    let mut first = start("first");
    right(&mut first, "all is counted");
    assert!(first.terminate().success());
    clock.turn(40 * DAY);
    let mut second = start("second");
    let mirror = Mirror::of(&mut second);
    rig::within(PATIENCE, "the wall says what is wrong", || {
        let problems = mirror.wall()["problems"].to_string();
        problems.contains("ahead of the journal's").then_some(())
    });
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!(kept(&home), MENTIONS as usize, "nothing is deleted by it");
    clock.turn(0);
    rig::within(PATIENCE, "all is right again", || is_right(&mirror.wall()).then_some(()));
    assert!(second.terminate().success());
}

#[test]
#[cfg(target_os = "linux")]
fn a_machine_that_has_been_up_for_weeks_and_months_keeps_its_wall() {
    if rig::left_out(LEAVE_OUT_UPTIME) {
        return;
    }
    const BEFORE: Duration = Duration::from_secs(15);
    let server = Numbers::start(MENTIONS);
    // When milliseconds no longer fit into 31 and into 32 bits; and long after.
    let moments = [
        Duration::from_millis(1 << 31),
        Duration::from_millis(1 << 32),
        400 * Duration::from_secs(DAY as u64),
    ];
    let walls = moments.map(|moment| {
        let home = Home::new();
        let layout = home.write("wall.toml", &layout(&server).replace("motion = \"still\"", ""));
        let mut command = up_for(&home, moment - BEFORE);
        command.arg(home.take(rig::FISHBOWL.as_ref())).arg("run").arg(&layout);
        command.args(["--headless", "--mirror", "127.0.0.1:0"]);
        let mut wall = home.start("fishbowl", &mut command);
        (Mirror::of(&mut wall), wall, home)
    });
    let began = std::time::Instant::now();
    for (mirror, ..) in &walls {
        rig::within(PATIENCE, "all is counted", || is_right(&mirror.wall()).then_some(()));
    }
    std::thread::sleep((BEFORE + Duration::from_secs(2)).saturating_sub(began.elapsed()));
    for (mirror, mut wall, _home) in walls {
        wall.must_live();
        let (status, _, said) = mirror.get("/health");
        assert_eq!(status, 200, "{}", String::from_utf8_lossy(&said));
        rig::within(PATIENCE, "feeds and clocks go on", || {
            let told = mirror.wall();
            (is_right(&told) && told["problems"] == serde_json::json!([]) && words(&told).contains("live"))
                .then_some(())
        });
        assert!(wall.terminate().success());
    }
}
