//! `fishbowl topics`: the topics in words, and why a text belongs to them.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::{Desk, FISHBOWL, SMALL, fishbowl};

const TOPICS: &str = r##"
[topic.aurora]
query = '"aurora phone" OR #auroraphone NOT borealis'
[topic.loud]
query = "aurora lang:ja followers>10k is:reply"
[topic.battery]
query = "(battery OR 電池) NEAR/3 (hot OR 熱い)"
"##;

/// A wall with these topics, and the command on it.
fn topics(args: &[&str]) -> (i32, String, String) {
    let desk = Desk::new();
    let wall = desk.put("wall.toml", &(SMALL.to_owned() + TOPICS));
    let said = fishbowl(&[&["topics", &wall], args].concat());
    (said.status, said.out, said.err)
}

#[test]
fn topics_are_told_in_words() {
    let (status, out, _) = topics(&[]);
    assert_eq!(status, 0);
    let aurora = "aurora\n  \"aurora phone\" OR #auroraphone NOT borealis\n  \
        the phrase “aurora phone” or (the hashtag #auroraphone, but not the word “borealis”)\n";
    assert!(out.contains(aurora), "{out}");
    let (_, out, _) = topics(&["--topic", "loud", "--json"]);
    let record: Value = serde_json::from_str(&out).expect("one object");
    assert_eq!((record["topic"].as_str(), out.lines().count()), (Some("loud"), 1));
}

#[test]
fn a_text_is_tried_and_every_topic_says_why() {
    let (status, out, _) = topics(&["--try", "A new Aurora Phone #auroraphone", "--lang", "ja", "--reply"]);
    assert_eq!(status, 0);
    for line in [
        "yes  aurora",
        "\"aurora phone\"  found: Aurora Phone",
        "#auroraphone  found: auroraphone",
        "no   loud",
        "followers>10k  missing: by an author with followers > 10000",
        "no   battery",
        "missing: (the word “battery” or “電池” anywhere) within 3 words of",
        "1 of 3 topics match",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
    let told =
        ["--try", "aurora", "--lang", "ja", "--followers", "20000", "--with", "is:reply", "--topic", "loud"];
    let (_, out, _) = topics(&told);
    assert!(out.contains("yes  loud") && out.contains("followers>10k  found: 20000 followers"), "{out}");
}

#[test]
fn texts_are_read_line_by_line() {
    let desk = Desk::new();
    let wall = desk.put("wall.toml", &(SMALL.to_owned() + TOPICS));
    let mut command = Command::new(FISHBOWL);
    command.args(["topics", &wall, "--try", "-", "--json"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    stdin.write_all("電池が熱い\n\nnothing\n".as_bytes()).expect("it reads");
    drop(stdin);
    let out = child.wait_with_output().expect("it ends").stdout;
    let out = String::from_utf8(out).expect("it speaks UTF-8");
    let matches: Vec<Value> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("an object")["matches"].clone())
        .collect();
    assert_eq!(matches, [serde_json::json!(["battery"]), serde_json::json!([]), serde_json::json!([])]);
}

#[test]
fn what_cannot_be_tried_is_told() {
    for (args, word) in [
        (&["--topic", "x"][..], "no topic `x`"),
        (&["--try", "a", "--lang", "japanese"], "--lang ja"),
        (&["--try", "a", "--country", "USA"], "--country US"),
        (&["--try", "a", "--with", "is:retweet"], "did you mean `is:repost`?"),
        (&["--try", "a", "--with", "followers>1"], "their own options"),
    ] {
        let (status, _, err) = topics(args);
        assert!(status == 1 && err.contains(word), "{args:?}: {status} {err}");
    }
    let (status, _, err) = topics(&["--lang", "ja"]);
    assert!(status == 2 && err.contains("--try"), "{err}");
}
