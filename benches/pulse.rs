//! What a mention costs in the pulse on one core, from decoded mention to folded windows with all
//! that is learnt of it: with 10 and with 1,000 topics, for the demo feed's thirteen languages and
//! for English alone. Then what a snapshot costs after a burst, and what memory a day takes.
//!
//! `cargo bench --bench pulse`; with `-- --day` instead the 24 simulated hours at 200 a second with
//! 50 topics, and six more to see that it stays flat: some minutes.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use fishbowl::clock::Time;
use fishbowl::feed::kinds::Demo;
use fishbowl::feed::kinds::DemoTable;
use fishbowl::kiosk::usage::resident_mb;
use fishbowl::layout;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Wall;
use fishbowl::mention::Mention;
use fishbowl::mention::source::{Batch, FeedState, Health, Nature};
use fishbowl::pulse::{PUBLISH_EVERY, Pulse};
use fishbowl::registry;

const START: Time = Time::from_secs(1_781_618_700);
/// Mentions a second of simulated time.
const RATE: u32 = 200;
/// Mentions of one run.
const MENTIONS: usize = 200_000;
/// Best of so many runs, so that another process's work does not count.
const ROUNDS: usize = 3;
const MOST_TOPICS: usize = 1_000;
const BURST: usize = 2_000;
const BATCH: usize = 64;

fn main() {
    if std::env::args().any(|arg| arg == "--day") {
        return day();
    }
    let all = said(MENTIONS, |_| true);
    let english = said(MENTIONS, |mention| mention.lang.as_deref().is_some_and(|lang| lang == "en"));
    let bytes = |of: &[Mention]| of.iter().filter_map(|m| m.text.as_ref()).map(|t| t.len()).sum::<usize>();
    println!("{:<10} {:>6} {:>6} {:>12} {:>10}", "texts", "bytes", "topics", "mentions/s", "µs each");
    for (name, mentions) in [("mixed", &all), ("english", &english)] {
        for topics in [10, MOST_TOPICS] {
            let seconds = (0..ROUNDS).map(|_| fold(mentions, topics)).fold(f64::INFINITY, f64::min);
            let rate = mentions.len() as f64 / seconds;
            let each = bytes(mentions) / mentions.len();
            println!("{name:<10} {each:>6} {topics:>6} {rate:>12.0} {:>10.2}", 1e6 / rate);
        }
    }
    for topics in [10, 50, MOST_TOPICS] {
        burst(&all, topics);
    }
}

/// What the demo feed says at [`RATE`] from [`START`] on, without its mood: it is for the pulse to
/// learn.
fn said(count: usize, wanted: impl Fn(&Mention) -> bool) -> Vec<Mention> {
    let mut demo = demo(RATE as f32);
    let mut now = START;
    let mut said = Vec::with_capacity(count);
    while said.len() < count {
        now = now + Duration::from_millis(100);
        let bare = demo.until(now).into_iter().filter(&wanted).map(|mut mention| {
            mention.sentiment = None;
            mention
        });
        said.extend(bare);
    }
    said.truncate(count);
    said
}

fn demo(rate_per_s: f32) -> Demo {
    let spec = DemoTable { rate_per_s, seed: 1, history: Lasting::from_secs(0), rhythm: false, care: None };
    Demo::new(&"demo".into(), &spec, START)
}

/// A wall of the usual tiles for everything and for the first topics; each topic a query of a few
/// words, phrases, tags and alternatives.
fn wall(topics: usize) -> Wall {
    let mut text = String::from(
        "[wall]\nviewer_m = 5.0\n[display.a]\nsize_mm = [1210, 680]\npixels = [1920, 1080]\n[feed.demo]\nkind = \"demo\"\n",
    );
    let known = [
        "\"aurora phone\" OR #auroraphone",
        "battery OR #aurorabattery",
        "camera OR #auroracamera",
        "support OR store OR #auroracare",
        "borealis OR #borealis",
    ];
    for i in 0..topics {
        let query = match known.get(i) {
            Some(query) => (*query).to_owned(),
            None => {
                format!("(brand{i} OR #brand{i} OR \"model {i} pro\" OR prefix{i}*) NOT (spam OR @brand{i})")
            }
        };
        writeln!(text, "[topic.t{i}]\nquery = '{query}'").expect("a string takes it");
    }
    text += "[scene.a]\npicture = \"\"\"\nmap map words list\nmap map t0w t0l\nnews news news news\n\"\"\"\n";
    for (tile, keys) in [
        ("map", "kind = \"heatmap\""),
        ("words", "kind = \"words\""),
        ("list", "kind = \"mentions\""),
        ("t0w", "kind = \"words\"\ntopic = \"t0\""),
        ("t0l", "kind = \"mentions\"\ntopic = \"t0\""),
        ("news", "kind = \"ticker\""),
    ] {
        writeln!(text, "[scene.a.tile.{tile}]\n{keys}").expect("a string takes it");
    }
    let (file, problems) = layout::read::read(&text.into(), Path::new("bench.toml"), &registry());
    assert!(problems.is_empty(), "{problems:?}");
    layout::solve(&file, &[])
}

fn pulse(topics: usize) -> Pulse {
    Pulse::new(&wall(topics), START).expect("a right wall")
}

fn batch(mentions: Vec<Mention>) -> Batch {
    let state = FeedState {
        health: Health::Live,
        ..FeedState::new("demo", Nature::Simulated, Duration::from_secs(60))
    };
    Batch { mentions, ..Batch::of(0, state) }
}

/// Seconds to fold all mentions; copies and batches are made before.
fn fold(mentions: &[Mention], topics: usize) -> f64 {
    let mut pulse = pulse(topics);
    let batches: Vec<Batch> = mentions.chunks(BATCH).map(|some| batch(some.to_vec())).collect();
    let begun = Instant::now();
    batches.into_iter().for_each(|batch| pulse.fold(batch));
    let spent = begun.elapsed().as_secs_f64();
    black_box(pulse.publish(START));
    spent
}

/// What a snapshot costs after [`BURST`] mentions that came at once.
fn burst(mentions: &[Mention], topics: usize) {
    let mut pulse = pulse(topics);
    let mut costs = Vec::new();
    for some in mentions.chunks(BURST) {
        let now = some.last().map_or(START, |last| last.received);
        pulse.fold(batch(some.to_vec()));
        let begun = Instant::now();
        black_box(pulse.publish(now));
        costs.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    costs.sort_by(f64::total_cmp);
    let at = |part: f64| costs[((costs.len() - 1) as f64 * part) as usize];
    println!(
        "snapshot after {BURST} mentions, {topics} topics: median {:.3} ms, p99 {:.3} ms, worst {:.3} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    );
}

/// Simulated hours, and what memory they take.
fn day() {
    let mut demo = demo(RATE as f32);
    let before = resident_mb().unwrap_or_default();
    let mut pulse = pulse(50);
    println!("50 topics, {RATE} mentions a second; {before:.1} MiB before");
    let (mut now, mut most) = (START, 0.0_f64);
    let mut spent = Duration::ZERO;
    for hour in 1..=30 {
        let mut count = 0;
        for _ in 0..3_600 {
            now = now + Duration::from_secs(1);
            loop {
                let some = demo.until(now);
                let last = some.len() < fishbowl::mention::source::MAX_BATCH;
                count += some.len();
                let begun = Instant::now();
                pulse.fold(batch(some));
                spent += begun.elapsed();
                if last {
                    break;
                }
            }
            black_box(pulse.publish(now + PUBLISH_EVERY));
        }
        most = most.max(resident_mb().unwrap_or_default());
        println!(
            "hour {hour:>2}: {:.1} MiB, {count} mentions, {:.2} µs each so far",
            resident_mb().unwrap_or_default() - before,
            spent.as_secs_f64() * 1e6 / (f64::from(hour) * 3_600.0 * f64::from(RATE))
        );
    }
    println!("at most {most:.1} MiB resident, of the whole process");
}
