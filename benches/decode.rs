//! What it costs to read mentions on one core: the bare parse of the JSON into a tree, the decode
//! into mentions, and the decode with the journal behind it, of the same bytes in the same run.
//!
//! `cargo bench --bench decode`: a table of rates, and the memory after 1 and 10 million mentions.
//! The journal is written to the folder for temporary files, or to `JOURNAL_BENCH_DIR`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fishbowl::clock::{Clock, Time};
use fishbowl::feed::decode::canonical;
use fishbowl::feed::fuzzing;
use fishbowl::journal::{Journal, Settings};
use fishbowl::kiosk::usage::resident_mb;
use fishbowl::mention::Mention;
use fishbowl::mention::source::{Batch, FeedState, MAX_BATCH, Nature};
use serde_json::{Value, json};

/// Different records of each shape; enough that no cache holds them.
const RECORDS: usize = 50_000;
/// Best of so many rounds, so that another process's work does not count.
const ROUNDS: usize = 5;
/// Mentions that go into the journal, and batches of one transaction.
const KEPT: usize = 400_000;
const BATCHES: usize = 8;
const FLAT: [usize; 2] = [1_000_000, 10_000_000];
const NOW: Time = Time::from_secs(1_790_000_100);

const WORDS: [&str; 24] = [
    "the", "new", "phone", "is", "battery", "camera", "honestly", "aurora", "shop", "queue", "today",
    "never", "again", "love", "screen", "price", "with", "update", "broke", "and", "everyone", "waiting",
    "for", "support",
];
const OTHERS: [&str; 8] = ["電池が", "すごい", "größer", "déjà", "спасибо", "🔋", "ありがとう", "señal"];

type Decode = fn(&[u8], &Arc<str>) -> Option<Mention>;

fn main() {
    let source: Arc<str> = "public".into();
    let frames: Vec<_> = (0..RECORDS).map(|at| frame(at).to_string()).collect();
    let decode: Decode = |json, source| fuzzing::frame(json, false, source, NOW);
    let lines: Vec<_> = frames
        .iter()
        .map(|frame| canonical::write(&decode(frame.as_bytes(), &source).expect("a frame is a post")))
        .collect();
    let line = |at| {
        canonical::write(
            &fuzzing::frame(frame(at).to_string().as_bytes(), false, &"public".into(), NOW)
                .expect("it is a post"),
        )
    };
    let shapes: [(&str, &[String], Decode); 2] = [
        ("Jetstream frames", &frames, decode),
        ("canonical NDJSON", &lines, |json, source| fuzzing::record(json, source, NOW)),
    ];
    println!("{:<17} {:>6} {:<12} {:>8} {:>12} {:>8}", "", "bytes", "", "MB/s", "mentions/s", "of bare");
    for (name, records, decode) in shapes {
        let bytes: usize = records.iter().map(String::len).sum();
        let bare = best(|| records.iter().for_each(|json| drop(black_box(tree(json)))));
        let read = best(|| records.iter().for_each(|json| drop(black_box(decode(json.as_bytes(), &source)))));
        say(name, bytes, "bare parse", bare, bare);
        say(name, bytes, "decode", read, bare);
        let make: fn(usize) -> String =
            if name.starts_with("Jet") { |at| frame(at).to_string() } else { line };
        let kept = kept(make, decode, &source) * RECORDS as f64 / KEPT as f64;
        say(name, bytes, "+ journal", kept, bare);
    }
    flat(&frames, decode, &source);
}

fn tree(json: &str) -> Value {
    serde_json::from_slice(json.as_bytes()).expect("it is JSON")
}

/// Seconds of the quickest round.
fn best(mut round: impl FnMut()) -> f64 {
    let mut once = || {
        let begun = Instant::now();
        round();
        begun.elapsed().as_secs_f64()
    };
    (0..ROUNDS).map(|_| once()).fold(f64::INFINITY, f64::min)
}

fn say(name: &str, bytes: usize, what: &str, seconds: f64, bare: f64) {
    println!(
        "{name:<17} {:>6} {what:<12} {:>8.0} {:>12.0} {:>7.2}×",
        bytes / RECORDS,
        bytes as f64 / seconds / 1e6,
        RECORDS as f64 / seconds,
        bare / seconds
    );
}

/// Seconds to decode [`KEPT`] records, each one another, and to keep them on disk.
fn kept(make: fn(usize) -> String, decode: Decode, source: &Arc<str>) -> f64 {
    let place = std::env::var_os("JOURNAL_BENCH_DIR").map_or_else(std::env::temp_dir, Into::into);
    let folder = tempfile::tempdir_in(place).expect("a temporary folder");
    let path = folder.path().join("bench.journal");
    let settings = Settings { path, keep: Duration::from_secs(30 * 86_400), max_bytes: 1 << 40 };
    let clock = Clock::simulated(NOW);
    let mut journal = Journal::open(&settings, clock, Arc::new(|_| Vec::new())).expect("it opens");
    let (mut done, mut spent) = (0, Duration::ZERO);
    while done < KEPT {
        let batch = |at: usize| (0..MAX_BATCH).map(|i| make(done + at * MAX_BATCH + i)).collect();
        let records: Vec<Vec<String>> = (0..BATCHES).map(batch).collect();
        done += BATCHES * MAX_BATCH;
        let begun = Instant::now();
        let state = || FeedState::new(source, Nature::Live, Duration::from_secs(60));
        let read = |records: &Vec<String>| Batch {
            mentions: records.iter().filter_map(|json| decode(json.as_bytes(), source)).collect(),
            cursor: Some(done.to_string().into()),
            ..Batch::of(0, state())
        };
        let mut batches: Vec<_> = records.iter().map(read).collect();
        let _ = journal.keep(&mut batches).expect("it keeps");
        spent += begun.elapsed();
    }
    spent.as_secs_f64() * KEPT as f64 / done as f64
}

/// Reads ten million mentions and tells the memory on the way.
fn flat(records: &[String], decode: Decode, source: &Arc<str>) {
    let mut done = 0;
    for goal in FLAT {
        for json in records.iter().cycle().take(goal - done) {
            black_box(decode(json.as_bytes(), source));
        }
        done = goal;
        println!("after {done:>10} mentions: {:.1} MiB resident", resident_mb().unwrap_or_default());
    }
}

/// A post as Jetstream sends it: a third are answers, a fifth have a picture, a fifth a link.
fn frame(at: usize) -> Value {
    let did = |of: usize| format!("did:plc:{:024x}", of.wrapping_mul(0x9e37_79b9_7f4a_7c15) & 0xff_ffff_ffff);
    let cid = format!("bafyrei{:052x}", at.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut record = json!({
        "$type": "app.bsky.feed.post", "createdAt": "2026-09-21T14:55:07.240Z",
        "langs": ["en"], "text": text(at)
    });
    let fields = record.as_object_mut().expect("it is an object");
    let subject =
        json!({"cid": cid, "uri": format!("at://{}/app.bsky.feed.post/3kaaaa{:07}", did(at / 3), at / 3)});
    if at.is_multiple_of(3) {
        fields.insert("reply".into(), json!({"parent": subject, "root": subject}));
    }
    match at % 5 {
        0 => drop(fields.insert("embed".into(), picture(&cid))),
        1 => drop(fields.insert("facets".into(), link(at))),
        _ => {}
    }
    let rev = format!("3mptb{:08}", at % 100_000_000).replace(['0', '1', '8', '9'], "z");
    json!({
        "did": did(at), "time_us": 1_790_000_000_000_000_u64 + at as u64, "kind": "commit",
        "commit": {"rev": rev, "operation": "create", "collection": "app.bsky.feed.post",
                   "rkey": format!("3kaaaa{at:07}"), "record": record, "cid": cid}
    })
}

fn picture(cid: &str) -> Value {
    let image = json!({"$type": "blob", "ref": {"$link": cid}, "mimeType": "image/jpeg", "size": 402_112});
    let size = json!({"height": 1_500, "width": 2_000});
    json!({"$type": "app.bsky.embed.images", "images": [{"alt": "a phone on a table", "aspectRatio": size, "image": image}]})
}

fn link(at: usize) -> Value {
    let feature =
        json!({"$type": "app.bsky.richtext.facet#link", "uri": format!("https://example.org/{at}")});
    json!([{"$type": "app.bsky.richtext.facet", "features": [feature], "index": {"byteStart": 0, "byteEnd": 12}}])
}

/// 20 to 250 bytes; a quarter is not ASCII.
fn text(at: usize) -> String {
    let mut seed = at.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let length = 20 + next(230);
    let mut text = String::new();
    while text.len() < length {
        text += if at.is_multiple_of(4) && next(3) == 0 { OTHERS[next(8)] } else { WORDS[next(24)] };
        text.push(' ');
    }
    text.truncate(text.trim_end().len());
    text
}
