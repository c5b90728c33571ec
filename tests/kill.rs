//! The kill test: a server numbers its mentions and sends them at full speed; the wall is killed
//! with SIGKILL again and again; at the end every count is the server's, none lost, none double.
//!
//! As part of `make test` 100,000 mentions and six kills; `make kill` has 1,000,000 and twenty.

#[path = "kill/numbers.rs"]
mod numbers;
mod rig;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use numbers::Numbers;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use rig::headless::{self, Mirror};
use rig::process::Home;
use serde_json::{Value, json};

/// How much is sent and how often the wall is killed.
struct Size {
    mentions: u64,
    kills: u32,
    /// By then all must be counted, after the last start.
    patience: Duration,
}

fn size() -> Size {
    let full = std::env::var_os("FISHBOWL_KILL").is_some_and(|size| size == "full");
    let (mentions, kills, patience) = if full { (1_000_000, 20, 600) } else { (100_000, 6, 120) };
    Size { mentions, kills, patience: Duration::from_secs(patience) }
}

fn layout(server: &Numbers) -> String {
    format!(
        r#"
[wall]
name = "Kill"
viewer_m = 2.0
motion = "still"

[display.only]
size_mm = [640, 360]
pixels = [640, 360]

[feed.numbers]
kind = "sse"
url = "{}"

[topic.third]
query = "third"

[topic.seventh]
query = "seventh NOT nothing"

[scene.main]
picture = "total share"

[scene.main.tile.total]
kind = "counter"

[scene.main.tile.share]
kind = "share"
topics = ["third", "seventh"]
"#,
        server.url()
    )
}

/// Kills the wall at random moments of its life and of the server's numbers.
fn kill_again_and_again(size: &Size, server: &Numbers, home: &Home, layout: &Path) {
    let seed = std::process::id().into();
    let mut dice = Pcg64Mcg::seed_from_u64(seed);
    println!("seed {seed}");
    for kill in 0..size.kills {
        let wall = headless::run(home, layout);
        let started = Instant::now();
        let share = size.mentions / u64::from(size.kills + 1);
        let until = share * u64::from(kill) + dice.random_range(0..share);
        let longest = Duration::from_millis(dice.random_range(200..8_000));
        while server.sent() < until && started.elapsed() < longest {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(dice.random_range(0..50_000)));
        println!("kill {}: {:?} after its start, {} sent", kill + 1, started.elapsed(), server.sent());
        // SIGKILL, and waited for.
        drop(wall);
    }
}

fn counts(wall: &Value) -> [u64; 3] {
    let of = |counts: &Value| counts["24h"].as_u64().unwrap_or(0);
    [of(&wall["mentions"]), of(&wall["topics"]["third"]), of(&wall["topics"]["seventh"])]
}

/// Waits until the wall has heard all there is, and gives what it says of itself then.
fn all_is_told(mirror: &Mirror, size: &Size) -> Value {
    let started = Instant::now();
    loop {
        let wall = mirror.wall();
        let told = counts(&wall)[0] >= size.mentions && wall["catching_up"] == false;
        if told {
            println!("all counted {:?} after the last start", started.elapsed());
            return wall;
        }
        assert!(started.elapsed() < size.patience, "not told within {:?}: {wall:#}", size.patience);
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// How often each mention stands in the journal, by its own export.
fn written(home: &Home, journal: &Path) -> HashMap<String, u32> {
    let mut command: Command = home.command(home.take(rig::FISHBOWL.as_ref()));
    let output = command.arg("replay").arg(journal).args(["--export", "-"]).output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut written = HashMap::new();
    for line in String::from_utf8(output.stdout).expect("it writes UTF-8").lines() {
        let mention: Value = serde_json::from_str(line).expect("it writes JSON");
        *written.entry(mention["uid"].as_str().expect("a uid").to_owned()).or_default() += 1;
    }
    written
}

fn integrity(journal: &Path) -> String {
    let journal = rusqlite::Connection::open(journal).expect("it is a database");
    journal.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it can be checked")
}

#[test]
fn nothing_is_lost_and_nothing_counts_twice_however_often_it_is_killed() {
    let size = size();
    let server = Numbers::start(size.mentions);
    let home = Home::new();
    let layout = home.write("wall.toml", &layout(&server));
    kill_again_and_again(&size, &server, &home, &layout);

    let mut wall = headless::run(&home, &layout);
    let mirror = Mirror::of(&mut wall);
    let told = all_is_told(&mirror, &size);
    assert_eq!(counts(&told), server.counts());
    assert_eq!(told["recording"], "on");
    assert_eq!(told["dropped"], 0);
    let (_, _, metrics) = mirror.get("/metrics");
    let line = format!("fishbowl_mentions{{topic=\"third\",window=\"24h\"}} {}", server.counts()[1]);
    assert!(String::from_utf8_lossy(&metrics).lines().any(|l| l == line), "no {line}");
    let resumed = server.resumed();
    assert!(resumed.iter().any(|id| *id > 0), "it always began anew: {resumed:?}");
    println!("resumed after {resumed:?}");
    assert!(wall.terminate().success());

    let journal: PathBuf = home.path().join(".local/state/fishbowl/wall.journal");
    assert_eq!(integrity(&journal), "ok");
    let written = written(&home, &journal);
    assert_eq!(written.len() as u64, size.mentions);
    assert!((1..=size.mentions).all(|n| written.get(&format!("n:{n}")) == Some(&1)));

    let mut again = headless::run(&home, &layout);
    let told = all_is_told(&Mirror::of(&mut again), &size);
    assert_eq!((counts(&told), &told["folded"]), (server.counts(), &json!(0)), "all of it from the journal");
}
