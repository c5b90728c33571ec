//! What the fuzz targets do with their bytes, and what must then hold. `tests/corpus.rs` plays
//! every file of `corpus/` through the same functions.

use std::path::Path;
use std::sync::Arc;

use fishbowl::clock::Time;
use fishbowl::feed::decode::canonical;
use fishbowl::feed::fuzzing;
use fishbowl::journal::probe as stored;
use fishbowl::layout;
use fishbowl::layout::alert::rule::Rule;
use fishbowl::layout::feed::path;
use fishbowl::mention::{Lang, MAX_AHEAD_NS, MAX_TAGS, MAX_TEXT_BYTES, Mention, reading};
use fishbowl::query::tokens::Tokens;
use fishbowl::query::{Matcher, Query, Scratch, Subject};
use fishbowl::registry;

pub type Target = fn(&[u8]);

/// Every target; each has a file in `fuzz_targets/` and a folder in `corpus/`.
pub const TARGETS: [(&str, Target); 13] = [
    ("feed", feed),
    ("mention", mention),
    ("unzip", unzip),
    ("sse", sse),
    ("ndjson", ndjson),
    ("layout", layout),
    ("query", query),
    ("concat", concat),
    ("signature", signature),
    ("html", html),
    ("map", map),
    ("kept", kept),
    ("rule", rule),
];

const NOW: Time = Time::from_secs(1_800_000_000);

fn source() -> Arc<str> {
    "fuzz".into()
}

/// No decoder hands over what the wall cannot bear.
fn within_bounds(mention: &Mention) {
    assert!(!mention.uid.is_empty() && mention.uid.len() <= 4_096);
    assert!(mention.ts.0 <= mention.received.0.saturating_add(MAX_AHEAD_NS));
    assert!(mention.text.as_ref().is_none_or(|text| !text.is_empty() && text.len() <= MAX_TEXT_BYTES));
    assert!(mention.tags.len() <= MAX_TAGS && mention.emotions.len() <= MAX_TAGS);
    assert!(mention.geo.as_ref().is_none_or(|geo| geo.lat.abs() <= 90.0 && geo.lon.abs() <= 180.0));
    assert!(mention.sentiment.is_none_or(|mood| (-1.0..=1.0).contains(&mood.score)));
    assert!(mention.url.as_ref().is_none_or(|url| url.starts_with("http")));
}

/// The first line names a kind of feed, the rest is a message of its service.
pub fn feed(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let Ok(kind) = std::str::from_utf8(&bytes[..end]) else { return };
    let message = bytes.get(end + 1..).unwrap_or_default();
    let Some(decoded) = fuzzing::decoded(kind, message, &source(), NOW) else { return };
    decoded.mentions.iter().for_each(within_bounds);
    for sample in decoded.samples {
        assert!(sample.value.is_finite() && (0..7_000_000_000).contains(&sample.ts.as_secs()));
        assert!(!sample.series.is_empty() && sample.series.len() <= 1_024);
    }
}

/// A mention as the journal stores it: what is read is written, and read again as the same.
pub fn kept(bytes: &[u8]) {
    let Some(once) = stored::rewritten(bytes) else { return };
    assert_eq!(stored::rewritten(&once), Some(once));
}

/// A record without a map: what is read is written and read again as the same.
pub fn mention(bytes: &[u8]) {
    fuzzing::recorded(bytes, &source()).iter().for_each(within_bounds);
    let Some(mention) = fuzzing::record(bytes, &source(), NOW) else { return };
    within_bounds(&mention);
    let again = fuzzing::record(canonical::write(&mention).as_bytes(), &source(), NOW);
    assert_eq!(again.as_ref(), Some(&mention));
}

pub fn unzip(bytes: &[u8]) {
    assert!(fuzzing::unzip(bytes).is_none_or(|length| length <= 1 << 20));
}

/// It makes no difference how a stream is cut.
pub fn sse(bytes: &[u8]) {
    let whole = fuzzing::events(bytes, bytes.len());
    assert!((1..=7).all(|chunk| fuzzing::events(bytes, chunk) == whole));
}

pub fn ndjson(bytes: &[u8]) {
    let whole = fuzzing::lines(bytes, bytes.len());
    assert!((1..=7).all(|chunk| fuzzing::lines(bytes, chunk) == whole));
}

/// Whatever is wrong with a layout is told, and the rest becomes a wall.
pub fn layout(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let loaded = layout::load_text(text, Path::new("fuzz.toml"), &[], &registry());
    for problem in &loaded.report.problems {
        assert!(text.get(problem.span.clone()).is_some(), "{problem:?} points beside the text");
    }
    drop(loaded.wall(&[]));
}

/// The first line is a text, each other line a query. Many queries at once find what each finds by
/// itself, and each can say in words why.
pub fn query(bytes: &[u8]) {
    let Ok(all) = std::str::from_utf8(bytes) else { return };
    let mut lines = all.lines();
    let text = lines.next().unwrap_or_default();
    let read = reading(text);
    let queries: Vec<Query> = [text].into_iter().chain(lines).filter_map(understood).collect();
    let (mut tokens, mut scratch, mut found) = (Tokens::default(), Scratch::default(), Vec::new());
    let mention =
        Subject { handle: Some("Jo@x"), followers: Some(10), lang: Some(Lang::EN), ..Subject::of(&read) };
    Matcher::new(&queries).find(&mention, &mut tokens, &mut scratch, &mut found);
    tokens.read(&read, true);
    let each = (0..).zip(&queries).filter(|(_, query)| query.matches(&mention, &tokens));
    assert_eq!(found, each.map(|(i, _)| i).collect::<Vec<u16>>());
    for query in &queries {
        assert!(!query.in_words().is_empty());
        query.why(&mention, &tokens);
    }
}

/// A query, or an error that points into it.
fn understood(text: &str) -> Option<Query> {
    let query = Query::parse(text);
    match query {
        Ok(query) => Some(query),
        Err((at, _)) => {
            assert!(text.get(at..).is_some(), "{at} is within no character of {text:?}");
            None
        }
    }
}

pub fn concat(bytes: &[u8]) {
    let whole = fuzzing::texts(bytes, bytes.len());
    assert!((1..=7).all(|chunk| fuzzing::texts(bytes, chunk) == whole));
}

/// The first byte chooses the profile, the first line is the header, the rest the body. Nobody can
/// sign with a secret that is told nowhere.
pub fn signature(bytes: &[u8]) {
    let Some((profile, rest)) = bytes.split_first() else { return };
    let end = rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
    let Ok(header) = std::str::from_utf8(&rest[..end]) else { return };
    let body = rest.get(end + 1..).unwrap_or_default();
    let secret = format!("{:?} of no file", (NOW, bytes.len()));
    assert!(!fuzzing::signed(*profile, &secret, header, body, NOW));
}

/// A few bytes of HTML do not become a flood of text.
pub fn html(bytes: &[u8]) {
    let Ok(html) = std::str::from_utf8(bytes) else { return };
    assert!(fuzzing::plain(html).len() <= 4_096 + 512 * html.len().min(64 * 1_024));
}

/// A rule of an alert reads the same once more, or its error points into it.
pub fn rule(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match Rule::parse(text) {
        Ok(rule) => {
            assert_eq!(Rule::parse(&rule.text).as_ref(), Ok(&rule));
            assert!(rule.lasting.as_secs() <= 3_600);
        }
        Err((at, why)) => {
            assert!(text.get(at..).is_some(), "{at} is within no character of {text:?}");
            assert!(!why.is_empty());
        }
    }
}

/// The first line is a JSONPath, the rest a record.
pub fn map(bytes: &[u8]) {
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let Ok(text) = std::str::from_utf8(&bytes[..end]) else { return };
    if let Err((at, _)) = path::parse(text) {
        assert!(at <= text.len());
    } else if text.matches("..").count() <= 2 {
        // The path is the layout's own: one that asks for everything of everything is only slow.
        let record = bytes.get(end + 1..).unwrap_or_default();
        fuzzing::mapped(text, record, &source(), NOW).iter().for_each(within_bounds);
    }
}
