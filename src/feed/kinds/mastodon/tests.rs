//! Recorded statuses and streams become mentions.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::event::{self, Message, Said};
use super::known::Known;
use super::status::{Reader, Status};
use crate::clock::Time;
use crate::feed::framing::sse::{Event, Parser};
use crate::mention::{Kind, Mention, Network, Reach, ReachKind};

const STATUSES: &str = include_str!("../../../../tests/data/mastodon/statuses.jsonl");
const STREAM: &str = include_str!("../../../../tests/data/mastodon/stream.sse");
const MESSAGES: &str = include_str!("../../../../tests/data/mastodon/websocket.jsonl");
/// 2027-01-15.
const NOW: Time = Time::from_secs(1_800_000_000);

fn read(status: &Value, known: &Known, bots: bool) -> Option<Mention> {
    let reader = Reader { source: &"feed".into(), host: "m.example", known, bots };
    match reader.read(status, NOW).expect("no garbage") {
        Status::Heard(_, mention) => Some(*mention),
        Status::Passed => None,
    }
}

fn recorded(id: &str) -> Value {
    let mut all = STATUSES.lines().map(|line| serde_json::from_str::<Value>(line).expect("a recording"));
    all.find(|status| status["id"] == id).expect("it was recorded")
}

fn mention(id: &str) -> Option<Mention> {
    read(&recorded(id), &Known::default(), true)
}

#[test]
fn a_status_is_read_field_by_field() {
    let found = mention("117440825328300232").expect("it is public");
    let uri = "http://localhost:3000/ap/users/117440810673731823/statuses/117440825328300232";
    assert_eq!(&*found.uid, format!("mastodon:{uri}"));
    assert_eq!((found.network, found.kind, found.sensitive), (Network::Mastodon, Kind::Post, false));
    let tag = "fgiztsshwiaqqiztpmmjbtvmescsculuvmgjgopwoeidbcrixp";
    assert_eq!(found.text.as_deref(), Some(format!("Toot number 0! #{tag}").as_str()));
    assert_eq!(found.tags, [tag.into()]);
    assert_eq!(found.lang.as_deref(), Some("ja"));
    assert_eq!((found.ts, found.version), (Time::from_micros(1_792_004_781_011_000), 1_792_004_781_011_000));
    let author = found.author.expect("it has one");
    assert_eq!(author.handle.as_deref(), Some("mastodonpy_test_2@m.example"));
    assert_eq!(&*author.id, "http://localhost:3000/ap/users/117440810673731823");
    assert_eq!(found.reach, author.followers.map(|value| Reach { value, kind: ReachKind::Followers }));
    let counts = found.metrics.expect("they are told");
    assert_eq!(
        (counts.likes, counts.shares, counts.replies, counts.quotes),
        (Some(0), Some(0), Some(0), Some(0))
    );
}

#[test]
fn links_are_those_of_the_text_and_else_the_card() {
    let mut status = recorded("117440825328300232");
    let mut links = |content: &str, card: Value| {
        (status["content"], status["card"]) = (json!(content), card);
        read(&status, &Known::default(), true).expect("it is public").links.join(" ")
    };
    let content = "<p><span class=\"h-card\"><a href=\"https://m.example/@ana\" class=\"u-url mention\">@<span>ana</span></a></span> \
        <a href=\"https://news.example/2026/a-long-address\" target=\"_blank\" rel=\"nofollow noopener\"><span class=\"invisible\">https://\
        </span><span class=\"ellipsis\">news.example/2026/a-lo</span><span class=\"invisible\">ng-address</span></a> \
        <a href=\"https://m.example/tags/acme\" class=\"mention hashtag\" rel=\"tag\">#<span>acme</span></a></p>";
    let card = json!({"url": "https://news.example/card", "title": "A"});
    assert_eq!(links(content, card.clone()), "https://news.example/2026/a-long-address");
    assert_eq!(links("<p>words alone</p>", card), "https://news.example/card");
    assert_eq!(links("<p>words alone</p>", json!(null)), "");
}

#[test]
fn what_was_said_to_few_is_passed_over() {
    assert!(mention("117440813358313816").is_none(), "a direct message");
    assert!(mention("117440831152883659").is_none(), "to followers alone");
    assert!(mention("117440831286600298").is_some(), "unlisted is for everybody");
    let mut status = recorded("117440825328300232");
    status["visibility"] = json!("circle");
    assert!(read(&status, &Known::default(), true).is_none(), "what is not known is not shown");
    let boosted =
        json!({"id": "1", "uri": "https://a/1", "visibility": "public", "reblog": {"visibility": "private"}});
    assert!(read(&boosted, &Known::default(), true).is_none());
}

#[test]
fn relations_lead_to_the_uids_of_others() {
    let repost = mention("117440813902927306").expect("it is public");
    assert_eq!(repost.kind, Kind::Repost);
    assert!(
        repost.parent.as_ref().is_some_and(|uid| !uid.ends_with("/activity") && uid.contains("/statuses/"))
    );
    assert_eq!(repost.text.as_deref(), Some("rootin tooting and shootin"), "it says what it repeats");
    let quote = mention("117440826460199151").expect("it is public");
    assert_eq!((quote.kind, quote.text.as_deref()), (Kind::Quote, Some("yoooooooo")));
    assert!(quote.parent.is_some_and(|uid| uid.ends_with("/117440826455183695")));
    let (answer, mut known) = (recorded("117440817380451450"), Known::default());
    let unknown = read(&answer, &known, true).expect("it is public");
    assert_eq!((unknown.kind, unknown.parent), (Kind::Reply, None));
    known.hear(answer["in_reply_to_id"].as_str().expect("an answer"), &"mastodon:https://a/1".into(), 1);
    let parent = read(&answer, &known, true).and_then(|mention| mention.parent);
    assert_eq!(parent.as_deref(), Some("mastodon:https://a/1"));
}

#[test]
fn warnings_stand_before_the_words_and_an_edit_is_newer() {
    let warned = mention("117440831256055850").expect("it is public");
    assert_eq!((warned.text.as_deref(), warned.sensitive), (Some("Content warning Toot!"), true));
    let edited = mention("117440831413709748").expect("it is public");
    assert!(edited.version > u64::try_from(edited.ts.0 / 1_000).expect("after 1970"));
    let link = mention("117440852049121722").expect("it is public");
    assert_eq!(link.text.as_deref(), Some("http://example.org/"));
    let named = mention("117440824512870213").expect("it is public");
    assert_eq!(named.text.as_deref(), Some("@mastodonpy_test hey how you doing - 0!"));
    let old = mention("100465729653948028").expect("a server of 2018");
    assert_eq!(old.metrics.map(|counts| counts.quotes), Some(None), "what it does not count is not zero");
}

#[test]
fn bots_may_be_left_out() {
    let mut status = recorded("117440825328300232");
    status["account"]["bot"] = json!(true);
    assert!(read(&status, &Known::default(), false).is_none());
    assert!(read(&status, &Known::default(), true).is_some());
}

#[test]
fn a_recorded_stream_tells_of_statuses_an_edit_and_a_deletion() {
    let (mut parser, mut said) = (Parser::new(""), Vec::new());
    for chunk in STREAM.as_bytes().chunks(7) {
        parser.push(chunk, &mut |event| {
            if let Event::Message { kind, data } = event {
                said.push(event::read(kind, data).expect("no garbage"));
            }
        });
    }
    let kinds: Vec<&str> = said.iter().map(kind).collect();
    assert_eq!(kinds, ["new", "other", "new", "other", "edited", "deleted"]);
    let versions = said.iter().filter_map(|said| match said {
        Said::New(status) | Said::Edited(status) => {
            read(status, &Known::default(), true).map(|m| (m.uid, m.version))
        }
        _ => None,
    });
    let versions: Vec<_> = versions.collect();
    assert!(versions.last() > versions.first(), "the edit is newer: {versions:?}");
}

fn kind(said: &Said) -> &'static str {
    match said {
        Said::New(_) => "new",
        Said::Edited(_) => "edited",
        Said::Deleted(_) => "deleted",
        Said::Other => "other",
    }
}

#[test]
fn recorded_messages_of_sockets_are_understood() {
    let understood =
        MESSAGES.lines().map(|line| match event::message(line.as_bytes()).expect("no garbage") {
            Message::Event(_, said) => kind(&said),
            Message::Refused(_) => "refused",
        });
    let understood: Vec<_> = understood.collect();
    let count = |what| understood.iter().filter(|kind| **kind == what).count();
    assert_eq!((count("new"), count("deleted"), count("refused"), count("other")), (5, 2, 1, 2));
}

/// Puts `leaf` in the place of the `at`th value of a document.
fn put(value: &mut Value, at: &mut usize, leaf: &Value) {
    if *at == 0 {
        *value = leaf.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Value::Object(fields) => fields.values_mut().for_each(|field| put(field, at, leaf)),
        Value::Array(items) => items.iter_mut().for_each(|item| put(item, at, leaf)),
        _ => {}
    }
}

proptest! {
    #[test]
    fn no_value_in_any_place_makes_it_panic(
        line in 0_usize..12,
        at in 0_usize..200,
        leaf in prop::sample::select(vec![
            json!(null), json!(-1), json!(1e300), json!(u64::MAX), json!(""), json!("\u{202e}\u{0}<p>"), json!([]),
            json!({}), json!("9".repeat(3_000)), json!("<p class=\"quote-inline\">".repeat(9)), json!(true), json!([{}]),
        ]),
    ) {
        let line = STATUSES.lines().nth(line).expect("there are twelve");
        let mut status: Value = serde_json::from_str(line).expect("a recording");
        put(&mut status, &mut at.clone(), &leaf);
        let reader = Reader { source: &"feed".into(), host: "m.example", known: &Known::default(), bots: true };
        if let Ok(Status::Heard(id, mention)) = reader.read(&status, NOW) {
            prop_assert!(!id.is_empty() && mention.uid.starts_with("mastodon:") && mention.uid.len() < 1_100);
            prop_assert!(matches!(status["visibility"].as_str(), Some("public" | "unlisted")));
            prop_assert!(mention.ts.0 <= NOW.0 + crate::mention::MAX_AHEAD_NS);
        }
    }
}
