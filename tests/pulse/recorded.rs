//! A small recorded feed, folded, and told in words: what a person would look over.

use std::fmt::Write as _;

use fishbowl::layout::window::Window;
use fishbowl::mention::Mention;
use fishbowl::pulse::snapshot::{Snapshot, Stream};

use crate::make::{START, at, by, live, past, pulse, said, secs};

const TOPICS: &[(&str, &str)] = &[
    ("aurora", "\"aurora phone\" OR #auroraphone OR オーロラ OR أورورا OR 오로라"),
    ("camera", "camera OR カメラ OR cámara"),
    ("rival", "boreal* NOT \"northern lights\""),
];

/// Seconds before the start; author and followers; language; place; text.
const PAST: &[(f64, u64, u64, &str, &str, &str)] = &[
    (4_000.0, 1, 120, "en", "Oslo", "Two days with the Aurora phone and I love it"),
    (3_000.0, 2, 9_400, "en", "London", "The camera of the #AuroraPhone is terrible at night :("),
    (1_200.0, 3, 310, "ja", "Tokyo", "新しいオーロラフォンのカメラが綺麗"),
    (600.0, 1, 121, "en", "Oslo", "Battery still at 40%, wow. #AuroraPhone https://pics.example/1"),
    (540.0, 4, 15, "es", "Madrid", "La cámara del Aurora phone es preciosa"),
    (59.0, 5, 88, "ar", "Cairo", "بطارية هاتف أورورا ضعيفة"),
    (20.0, 2, 9_400, "en", "London", "Saw the boreal northern lights, no phone needed"),
];

const LIVE: &[(f64, u64, u64, &str, &str, &str)] = &[
    (0.2, 6, 2_000_000, "en", "London", "Borealis announces a new Camera today"),
    (0.4, 7, 12, "ko", "Seoul", "오로라폰 카메라 정말 좋아요"),
    (0.9, 8, 0, "", "", "@aurora where is the store? #Camera"),
    (1.9, 6, 2_000_000, "en", "London", "Borealis announces a new Camera today"),
    (2.2, 9, 40, "de", "Oslo", "Die Kamera vom Borealis ist nicht schlecht"),
];

fn read(id: usize, row: &(f64, u64, u64, &str, &str, &str), before: bool) -> Mention {
    let (seconds, author, followers, lang, place, text) = *row;
    let when = if before { START - secs(seconds) } else { START + secs(seconds) };
    let mut mention = by(said(id as u64, when, when, text), author, (followers > 0).then_some(followers));
    mention.lang = (!lang.is_empty()).then(|| lang.into());
    let places = [("Oslo", 59.91, 10.75), ("London", 51.51, -0.13), ("Tokyo", 35.68, 139.69)];
    let more = [("Madrid", 40.42, -3.7), ("Cairo", 30.04, 31.24), ("Seoul", 37.57, 126.98)];
    match places.iter().chain(&more).find(|(name, ..)| *name == place) {
        Some((name, lat, lon)) => at(mention, *lat, *lon, Some(name)),
        None => mention,
    }
}

#[test]
fn a_recorded_feed_is_folded() {
    let mut pulse = pulse(TOPICS);
    pulse.fold(past(PAST.iter().enumerate().map(|(i, row)| read(i, row, true)).collect()));
    let mut told = tell(&pulse.publish(START).expect("news"));
    let mut next = LIVE.iter().enumerate().peekable();
    let mut last = None;
    for step in 1..=150_u32 {
        let now = START + secs(0.04) * step;
        let mut due = Vec::new();
        while let Some((i, row)) = next.next_if(|(_, row)| START + secs(row.0) <= now) {
            due.push(read(100 + i, row, false));
        }
        pulse.fold(live(due));
        last = pulse.publish(now).or(last);
    }
    told += &tell(&last.expect("published"));
    insta::assert_snapshot!(told);
}

fn tell(snapshot: &Snapshot) -> String {
    let mut out = String::new();
    let after = snapshot.at.since(START).as_secs_f32();
    writeln!(out, "=== version {} at {after} s, {} folded", snapshot.version, snapshot.folded).expect("text");
    tell_stream(&mut out, "all", &snapshot.all);
    for ((name, _), stream) in TOPICS.iter().zip(&snapshot.topics) {
        tell_stream(&mut out, name, stream);
    }
    out
}

fn tell_stream(out: &mut String, name: &str, stream: &Stream) {
    let mut line = |text: String| writeln!(out, "{text}").expect("writing text");
    line(format!("[{name}]"));
    for window in [Window::M1, Window::M10, Window::H1, Window::H24] {
        let t = stream.counts.over(window);
        let moods = format!("+{} ={} -{} ?{}", t.positive, t.neutral, t.negative, t.unknown);
        let rest =
            format!("{} authors, {} followers, {} located", t.authors.unwrap_or(0), t.followers, t.located);
        line(format!("  {}: {} ({moods}), {rest}", window.words(), t.mentions));
    }
    for place in stream.places.iter() {
        let name = place.name.as_deref().unwrap_or("?");
        let pulse = place.pulsed.map(|p| format!(", pulsed at {:.2} s", p.since(START).as_secs_f32()));
        line(format!("  place {name}: {}, heat {:.3}{}", place.count, place.heat, pulse.unwrap_or_default()));
    }
    for term in stream.ranked.hour.terms.iter().take(6) {
        let mood = term.mood.map_or("?".into(), |m| format!("{m:+.2}"));
        line(format!("  term {}: {}, mood {mood}", term.text, term.count));
    }
    for voice in stream.ranked.hour.authors.iter().take(2) {
        line(format!("  voice {}: {}, followers {:?}", voice.name, voice.mentions, voice.followers));
    }
    for shown in stream.latest.iter() {
        let at = (shown.at.0 - START.0) as f64 / 1e9;
        let text = shown.mention.text.as_deref().unwrap_or("");
        line(format!("  shown {} at {at:+.2} s, topics {:?}: {text}", shown.serial, shown.topics));
    }
}
