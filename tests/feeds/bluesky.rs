//! Bluesky against a fake Jetstream server: nothing is lost and nothing counts twice, whatever
//! happens to the connection and to the wall.

use std::collections::{BTreeMap, BTreeSet};

use fishbowl::feed::kinds::BlueskyTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::Op;
use fishbowl::mention::source::{Batch, Engagement, Health};
use serde_json::{Value, json};

use crate::client::{Client, feed};
use crate::fake_jetstream::{Cut, Fake, Manner};
use crate::server::{Act, Server};

const START: i64 = 1_790_000_000_000_000;

fn did(author: usize) -> String {
    format!("did:plc:author{author}")
}

fn uri(author: usize, rkey: &str) -> String {
    format!("at://{}/app.bsky.feed.post/{rkey}", did(author))
}

fn frame(at: usize, author: usize, commit: Value) -> Value {
    json!({"did": did(author), "time_us": START + 1_000 * at as i64, "cursor": at + 1, "kind": "commit", "commit": commit})
}

fn commit(operation: &str, collection: &str, rkey: String, record: Value) -> Value {
    json!({"operation": operation, "collection": format!("app.bsky.feed.{collection}"), "rkey": rkey, "record": record})
}

/// A hundred things that twenty people do: posts, likes of the post before, answers to it.
fn log() -> Vec<Value> {
    let event = |at: usize| {
        let (author, rkey) = (at % 20, format!("r{at}"));
        let before =
            if at >= 4 { uri((at - at % 4) % 20, &format!("r{}", at - at % 4)) } else { uri(0, "r0") };
        frame(
            at,
            author,
            match at % 4 {
                0 => commit("create", "post", rkey, json!({"text": format!("post {at}"), "langs": ["en"]})),
                1 => commit("create", "like", rkey, json!({"subject": {"uri": before}})),
                2 => commit("create", "repost", rkey, json!({"subject": {"uri": before}})),
                _ => commit(
                    "create",
                    "post",
                    rkey,
                    json!({"text": format!("answer {at}"), "reply": {"parent": {"uri": before}, "root": {"uri": before}}}),
                ),
            },
        )
    };
    (0..100).map(event).collect()
}

/// What a wall knows after these batches.
#[derive(Debug, Default, PartialEq)]
struct Known {
    posts: BTreeSet<String>,
    engaged: BTreeMap<(String, &'static str), i32>,
}

impl Known {
    fn of<'b>(batches: impl IntoIterator<Item = &'b Batch>) -> Self {
        let mut known = Self::default();
        for batch in batches {
            known
                .posts
                .extend(batch.mentions.iter().filter(|m| m.op == Op::Upsert).map(|m| m.uid.to_string()));
            for mention in batch.mentions.iter().filter(|m| m.op == Op::Delete) {
                known.posts.remove(&*mention.uid);
            }
            for engaged in &batch.engaged {
                let what = match engaged.what {
                    Engagement::Likes => "likes",
                    Engagement::Shares => "shares",
                    Engagement::Replies => "replies",
                    Engagement::Quotes => "quotes",
                };
                *known.engaged.entry((engaged.uid.to_string(), what)).or_default() += engaged.by;
            }
        }
        known
    }

    /// What [`log`] holds.
    fn truth() -> Self {
        let post = |at: usize| format!("bluesky:{}", uri(at % 20, &format!("r{at}")));
        let posts = (0..100).filter(|at| matches!(at % 4, 0 | 3)).map(post).collect();
        let engaged = (0..100)
            .step_by(4)
            .flat_map(|at| ["likes", "shares", "replies"].map(|what| ((post(at), what), 1)));
        Self { posts, engaged: engaged.collect() }
    }
}

fn bluesky(url: String) -> Feed {
    feed(FeedSpec::from(BlueskyTable { url: Some(url), ..BlueskyTable::default() }))
}

/// Whether the last event of [`log`] has been handed over.
fn all(seen: &[Batch]) -> bool {
    let ended =
        |batch: &Batch| batch.cursor.as_deref().is_some_and(|cursor| cursor.contains("1790000000099000"));
    seen.iter().any(ended)
}

fn cuts() -> Manner {
    let cuts = [Cut::MidFrame(7), Cut::Close(30), Cut::MidFrame(0), Cut::Close(31), Cut::MidFrame(80)];
    Manner { cuts: cuts.into(), ..Manner::default() }
}

#[tokio::test]
async fn cut_connections_lose_nothing_and_count_nothing_twice() {
    for unnumbered in [false, true] {
        let server = Fake::start(log(), Manner { unnumbered, ..cuts() }).await;
        let mut client = Client::start(&[bluesky(server.first())]);
        client.until(all).await;
        assert_eq!(Known::of(&client.seen), Known::truth(), "unnumbered: {unnumbered}");
        assert_eq!(client.garbage(), 0);
        assert!(server.requests()[0].contains("compress=true") && !server.requests()[0].contains("cursor="));
    }
}

#[tokio::test]
async fn the_second_wire_does_as_well_with_and_without_its_dictionary() {
    for plain in [false, true] {
        let server = Fake::start(log(), Manner { plain, twice: true, ..cuts() }).await;
        let mut client = Client::start(&[bluesky(server.second())]);
        client.until(all).await;
        assert_eq!(Known::of(&client.seen), Known::truth(), "plain: {plain}");
        let requests = server.requests();
        assert!(requests[0].contains("getZstdDictionary"), "{requests:?}");
        assert_eq!(requests[1].contains("zstdDictionary=1612007021"), !plain, "{requests:?}");
    }
}

/// The wall is killed after any batch: what lies after it was never kept.
#[tokio::test]
async fn a_wall_that_is_killed_goes_on_where_its_disk_ends() {
    for (unnumbered, second) in [(false, false), (true, false), (false, true)] {
        let server = Fake::start(log(), Manner { unnumbered, ..cuts() }).await;
        let url = if second { server.second() } else { server.first() };
        let mut client = Client::start(&[bluesky(url.clone())]);
        client.until(all).await;
        let seen = client.seen;
        for kept in 1..seen.len() {
            let kept = &seen[..kept];
            let Some(cursor) = kept.iter().rev().find_map(|batch| batch.cursor.clone()) else { continue };
            let mut again = Client::after(bluesky(url.clone()), &cursor);
            if !all(kept) {
                again.until(all).await;
            }
            assert_eq!(Known::of(kept.iter().chain(&again.seen)), Known::truth(), "after {cursor}");
        }
    }
}

#[tokio::test]
async fn another_server_is_asked_by_time() {
    let server = Fake::start(log(), Manner::default()).await;
    let cursor = format!("elsewhere.example {} 77", START + 50_000);
    let mut client = Client::after(bluesky(server.first()), &cursor);
    client.until(all).await;
    let asked = format!("cursor={}", START + 50_000 - 60_000_000);
    assert!(server.requests()[0].contains(&asked), "{:?}", server.requests());
    let known = Known::of(&client.seen);
    assert_eq!(known.posts, Known::truth().posts, "what may be had twice is told by its uid");
    assert!(known.engaged.len() < 40, "what was counted there is not counted again");
}

#[tokio::test]
async fn a_server_that_counts_anew_is_asked_by_time() {
    let server = Fake::start(log(), Manner::default()).await;
    let cursor = format!("{} {} 90", server.host(), START);
    // Its log has begun anew: whoever asks for number 90 gets what it has, from 1 on.
    let renumbered = log().into_iter().map(|mut frame| {
        frame["cursor"] = json!(frame["cursor"].as_u64().map(|seq| seq % 90));
        frame
    });
    let anew = Fake::start(renumbered.skip(89).collect(), Manner::default()).await;
    let mut client = Client::after(bluesky(anew.first()), &cursor.replace(&server.host(), &anew.host()));
    client.until(all).await;
    assert!(client.seen.iter().any(|batch| batch.cursor.is_some()));
}

#[tokio::test]
async fn a_number_that_is_too_old_is_told_and_overcome() {
    let server = Fake::start(log(), Manner { floor: 50, ..Manner::default() }).await;
    let cursor = format!("{} {} 3", server.host(), START + 2_000);
    let mut client = Client::after(bluesky(server.second()), &cursor);
    client.until(all).await;
    assert!(
        matches!(&client.reasons()[..], [why] if why.contains("no longer has")),
        "{:?}",
        client.reasons()
    );
    let asked = server.requests();
    assert!(
        asked.iter().any(|asked| asked.contains("cursor=3"))
            && asked.iter().any(|asked| asked.contains("cursor=17899")),
        "{asked:?}"
    );
}

#[tokio::test]
async fn the_last_word_of_a_server_is_told() {
    let server = Fake::start(log(), Manner { cuts: [Cut::TooSlow(10)].into(), ..Manner::default() }).await;
    let mut client = Client::start(&[bluesky(server.second())]);
    client.until(all).await;
    assert!(client.reasons()[0].contains("reads too slowly"), "{:?}", client.reasons());
    assert_eq!(Known::of(&client.seen), Known::truth());
}

#[tokio::test]
async fn what_is_taken_back_is_taken_back() {
    let gone = json!({"did": did(0), "time_us": START + 200_000, "cursor": 201, "kind": "account",
                      "account": {"active": false, "did": did(0), "status": "takendown"}});
    let ends = |operation, collection, of: usize| {
        frame(100 + of, of % 20, commit(operation, collection, format!("r{of}"), Value::Null))
    };
    let mut frames = log();
    // The like of r0, the answer to r0, and all of author 0.
    frames.extend([ends("delete", "like", 1), ends("delete", "post", 3), gone]);
    let server = Fake::start(frames, Manner::default()).await;
    let mut client = Client::start(&[bluesky(server.first())]);
    client
        .until(|seen| {
            seen.iter().any(|b| b.mentions.iter().any(|m| m.op == Op::Delete && m.uid.contains("author0/")))
        })
        .await;
    let (known, truth) = (Known::of(&client.seen), Known::truth());
    let first = format!("bluesky:{}", uri(0, "r0"));
    let count = |what| known.engaged.get(&(first.clone(), what)).copied();
    assert_eq!((count("likes"), count("replies"), count("shares")), (Some(0), Some(0), Some(1)));
    assert!(!known.posts.iter().any(|uid| uid.contains("author0/")));
    assert_eq!(
        known.posts.len(),
        truth.posts.len() - 1 - truth.posts.iter().filter(|uid| uid.contains("author0/")).count()
    );
}

#[tokio::test]
async fn only_the_languages_that_were_asked_for_come() {
    let post = |at: usize, langs: Value| {
        frame(at, at, commit("create", "post", format!("r{at}"), json!({"text": "x", "langs": langs})))
    };
    let frames = vec![
        post(1, json!(["de-AT"])),
        post(2, json!(["ja", "de"])),
        post(3, json!(["en"])),
        post(4, json!(null)),
        post(99, json!(["de"])),
    ];
    let server = Fake::start(frames, Manner::default()).await;
    let table = BlueskyTable {
        url: Some(server.first()),
        languages: vec!["de".into()],
        compress: false,
        ..BlueskyTable::default()
    };
    let mut client = Client::start(&[feed(FeedSpec::from(table))]);
    client.until(all).await;
    let rkeys: Vec<_> =
        client.uids().iter().map(|uid| uid.rsplit('/').next().expect("it has one").to_owned()).collect();
    assert_eq!(rkeys, ["r1", "r2", "r4", "r99"]);
}

#[tokio::test]
async fn a_past_that_is_being_had_is_told_as_such() {
    let server = Fake::start(log(), Manner::default()).await;
    let cursor = format!("{} {START} 1", server.host());
    let mut client = Client::after(bluesky(server.first()), &cursor);
    client.until(|seen| seen.last().is_some_and(|batch| batch.state.health == Health::Live)).await;
    assert!(client.seen.iter().any(|batch| batch.state.health == Health::CatchingUp));
    assert!(client.cursor().is_some());
}

#[tokio::test]
async fn authors_get_their_names_when_they_are_asked_for() {
    let profiles = json!({"profiles": [
        {"did": did(0), "handle": "ana.example", "displayName": "Ana", "followersCount": 12, "labels": []},
        {"did": did(3), "handle": "handle.invalid"}, {"did": 5}, null,
    ]});
    let body = profiles.to_string();
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let appview = Server::start(vec![vec![Act::Raw((head + &body).into())]]).await;
    let server = Fake::start(log().into_iter().take(4).collect(), Manner::default()).await;
    let base = appview.url();
    let table = BlueskyTable {
        url: Some(server.first()),
        profiles: true,
        appview: base.split("/stream").next().expect("it has a beginning").into(),
        ..BlueskyTable::default()
    };
    let mut client = Client::start(&[feed(FeedSpec::from(table))]);
    client.until(|seen| seen.iter().flat_map(|b| &b.mentions).any(|m| m.op == Op::Edit)).await;
    let named =
        client.seen.iter().flat_map(|b| &b.mentions).find(|m| m.op == Op::Edit).expect("there is one");
    let author = named.author.as_ref().expect("it has one");
    assert_eq!((author.handle.as_deref(), author.followers), (Some("ana.example"), Some(12)));
    assert!(named.uid.contains("author0/") && named.text.as_deref() == Some("post 0"));
    let asked = &appview.requests()[0];
    assert!(asked.contains("actors=did%3aplc%3aauthor0&actors=did%3aplc%3aauthor3"), "{asked}");
}
