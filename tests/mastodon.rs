//! Mastodon against a scripted server: streams, the past over REST, and what goes wrong.

#[allow(dead_code, reason = "each test takes what it needs")]
#[path = "feeds/client.rs"]
mod client;
#[allow(dead_code, reason = "each test takes what it needs")]
#[path = "feeds/server.rs"]
mod server;
#[allow(dead_code, reason = "each test takes what it needs")]
#[path = "feeds/socket.rs"]
mod socket;

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use fishbowl::feed::kinds::{MastodonTable, Timeline, Transport};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::Op;
use fishbowl::mention::source::{Batch, Health};
use tempfile::NamedTempFile;

use client::{Client, SSE, chunk, down, feed, uids};
use server::{Act, Request, Server, answer, json};
use socket::{Say, Sockets};

const STREAM: &[u8] = include_bytes!("data/mastodon/stream.sse");

fn token() -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(b"s3cret\n").expect("it is writable");
    file
}

fn mastodon(url: String, token: &NamedTempFile) -> MastodonTable {
    MastodonTable { url: Some(url), token_file: Some(token.path().into()), ..MastodonTable::default() }
}

fn listening(table: MastodonTable) -> Feed {
    feed(FeedSpec::from(table))
}

fn status(id: usize) -> String {
    format!(
        r#"{{"id":"{id}","uri":"https://a.example/{id}","created_at":"2026-10-17T18:49:31.853Z","visibility":"public","content":"<p>said {id}</p>","account":{{"acct":"zoe@a.example","followers_count":240}}}}"#
    )
}

fn update(id: usize) -> Act {
    chunk(format!("event: update\ndata: {}\n\n", status(id)))
}

fn uid(id: usize) -> String {
    format!("mastodon:https://a.example/{id}")
}

fn is(request: &Request, path: &str) -> bool {
    request.line.starts_with(&format!("GET {path}"))
}

/// Statuses `ids` after `min_id`, oldest page first and newest status first, as the server has it.
fn timeline(request: &Request, ids: &[usize]) -> Vec<Act> {
    let after: Option<usize> = request.query("min_id").map(|id| id.parse().expect("an id"));
    let mut page: Vec<usize> =
        ids.iter().copied().filter(|id| after.is_none_or(|after| *id > after)).collect();
    match after {
        Some(_) => page.truncate(40),
        None => drop(page.drain(..page.len().saturating_sub(40))),
    }
    page.reverse();
    json(&format!("[{}]", page.into_iter().map(status).collect::<Vec<_>>().join(",")))
}

fn live(seen: &[Batch]) -> bool {
    seen.last().is_some_and(|batch| batch.state.health == Health::Live)
}

fn without_instance() -> Vec<Act> {
    answer("404 Not Found", &[], "")
}

#[tokio::test]
async fn a_recorded_stream_is_heard_with_its_edit_and_its_deletion() {
    let server = Server::answering(|request, _| match () {
        () if is(request, "/api/v1/streaming/user ") || request.line == "GET /api/v1/streaming/user" => {
            vec![Act::Head(SSE), Act::Crumbs(STREAM.to_vec()), Act::Hold]
        }
        () if is(request, "/api/v1/timelines/home") => json("[]"),
        () => without_instance(),
    })
    .await;
    let token = token();
    let table = MastodonTable { streams: vec![Timeline::User], ..mastodon(server.at(""), &token) };
    let mut client = Client::start(&[listening(table)]);
    let gone = |seen: &[Batch]| seen.iter().flat_map(|b| &b.mentions).any(|m| m.op == Op::Delete);
    client.until(|seen| gone(seen) && live(seen)).await;
    let all: Vec<_> = client.seen.iter().flat_map(|batch| &batch.mentions).collect();
    let ops: Vec<Op> = all.iter().map(|mention| mention.op).collect();
    assert_eq!(
        ops,
        [Op::Upsert, Op::Upsert, Op::Delete],
        "the direct message between them is nobody's business"
    );
    assert!(all[1].version > all[0].version && all.iter().all(|mention| mention.uid == all[0].uid));
    assert_eq!(client.garbage(), 0);
    let calls = server.requests();
    assert!(
        calls.iter().filter(|call| !call.contains("/instance")).all(|call| call.contains("bearer s3cret"))
    );
    assert!(!format!("{:?}", client.seen).contains("s3cret"));
}

#[tokio::test]
async fn a_gap_is_filled_page_by_page_and_nothing_comes_twice() {
    // 1 to 3 are heard, 4 to 99 are missed, 100 is heard before the pages come.
    let opened = AtomicUsize::new(0);
    let server = Server::answering(move |request, _| match () {
        () if is(request, "/api/v1/streaming/hashtag?tag=acme") => {
            match opened.fetch_add(1, Ordering::SeqCst) {
                0 => vec![
                    Act::Head(SSE),
                    update(2),
                    update(1),
                    update(3),
                    update(3),
                    chunk("event: update\ndata: {\"id"),
                ],
                _ => vec![Act::Head(SSE), update(100), Act::Hold],
            }
        }
        () if is(request, "/api/v1/timelines/tag/acme") && request.query("min_id").is_some() => {
            timeline(request, &(1..=100).collect::<Vec<_>>())
        }
        () if is(request, "/api/v1/timelines/") => json("[]"),
        () => without_instance(),
    })
    .await;
    let token = token();
    let table = MastodonTable { hashtags: vec!["#Acme".into()], ..mastodon(server.at(""), &token) };
    let mut client = Client::start(&[listening(table.clone())]);
    client.until(|seen| live(seen) && uids(seen).len() >= 100).await;
    let mut all = client.uids();
    all.sort_by_key(|uid| uid.len());
    all.sort_by_key(|uid| uid.rsplit('/').next().and_then(|id| id.parse::<usize>().ok()));
    assert_eq!(all, (1..=100).map(uid).collect::<Vec<_>>());
    assert!(client.seen.iter().any(|batch| batch.state.health == Health::CatchingUp));
    let cursor = client.cursor().expect("it is marked");
    drop(client);
    let before = server.calls().len();
    let mut client = Client::after(listening(table), &cursor);
    client.until(live).await;
    let asked: Vec<_> =
        server.calls()[before..].iter().filter_map(|call| call.query("min_id").map(String::from)).collect();
    assert_eq!(asked[0], "20", "80 statuses behind, for those that come late: {cursor}");
    assert_eq!(client.uids().len(), 80, "the journal knows what comes again");
}

#[tokio::test]
async fn a_status_that_was_deleted_meanwhile_is_not_brought_back() {
    let asked = AtomicUsize::new(0);
    let server = Server::answering(move |request, _| match () {
        () if is(request, "/api/v1/streaming/public") => {
            vec![Act::Head(SSE), chunk("event: delete\ndata: 2\n\n:thump\n"), Act::Hold]
        }
        () if is(request, "/api/v1/timelines/public") => match asked.fetch_add(1, Ordering::SeqCst) {
            0..5 => answer("503 Service Unavailable", &[], ""),
            _ => timeline(request, &[1, 2, 3]),
        },
        () => without_instance(),
    })
    .await;
    let token = token();
    let mut client = Client::start(&[listening(mastodon(server.at(""), &token))]);
    client.until(live).await;
    let standing = |seen: &[Batch], uid: &str| {
        let mut ops = seen.iter().flat_map(|b| &b.mentions).filter(|m| &*m.uid == uid).map(|m| m.op);
        ops.next_back() == Some(Op::Upsert)
    };
    assert!(standing(&client.seen, &uid(1)) && standing(&client.seen, &uid(3)));
    assert!(!standing(&client.seen, &uid(2)));
    assert!(client.reasons().is_empty(), "the stream goes on while REST fails: {:?}", client.reasons());
}

#[tokio::test]
async fn garbage_is_counted_and_silence_and_cuts_are_mended() {
    let opened = AtomicUsize::new(0);
    let server = Server::answering(move |request, _| match () {
        () if is(request, "/api/v1/streaming/public") => match opened.fetch_add(1, Ordering::SeqCst) {
            0 => vec![
                Act::Head(SSE),
                chunk("\u{feff}:)\nevent: update\ndata: {\"id\":}\n\n"),
                chunk(b"event: update\ndata: \xff\n\n".to_vec()),
                chunk("event: update\ndata: {\"id\":\"9\",\"visibility\":\"public\"}\n\n"),
                chunk([&b"event: update\ndata: "[..], &vec![b'x'; 10_000_000], b"\n\n"].concat()),
                chunk("event: notification\ndata: {}\n\nevent: filters_changed\n\n"),
                update(1),
            ],
            1 => vec![Act::Head(SSE), update(2), Act::Hold],
            _ => vec![Act::Head(SSE), update(3), Act::Hold],
        },
        () if is(request, "/api/v1/timelines/public") => timeline(request, &[1, 2]),
        () => without_instance(),
    })
    .await;
    let token = token();
    let mut client = Client::start(&[listening(mastodon(server.at(""), &token))]);
    client.until(|seen| uids(seen).contains(&uid(3))).await;
    assert_eq!(client.uids(), [uid(1), uid(2), uid(3)]);
    assert_eq!(client.garbage(), 4);
    let reasons = client.reasons();
    assert!(reasons.iter().any(|why| why.starts_with("silent for 40s")), "{reasons:?}");
}

#[tokio::test]
async fn a_websocket_is_opened_where_the_instance_says() {
    let message = |stream: &str, id: usize| {
        let payload = serde_json::Value::from(status(id));
        Say::Text(format!(r#"{{"stream":{stream},"event":"update","payload":{payload}}}"#))
    };
    let sockets = Sockets::start(vec![
        vec![
            Say::Listen,
            Say::Listen,
            message(r#"["hashtag","ACME"]"#, 1),
            Say::Ping,
            Say::Text("{".into()),
            message(r#"["public:local"]"#, 2),
            message(r#"["public:local"]"#, 1),
            Say::Text(r#"{"stream":["public:local"],"event":"delete","payload":"2"}"#.into()),
            Say::Close(1001, "deploy"),
        ],
        vec![Say::Listen, Say::Listen, message(r#"["public:local"]"#, 3), Say::Hold],
    ])
    .await;
    let streaming = sockets.at("");
    let server = Server::answering(move |request, _| match () {
        () if is(request, "/api/v2/instance") => json(&format!(
            r#"{{"version":"4.7.3","configuration":{{"urls":{{"streaming":"{streaming}"}}}}}}"#
        )),
        () => json("[]"),
    })
    .await;
    let token = token();
    let table = MastodonTable {
        transport: Transport::WebSocket,
        streams: vec![Timeline::Local],
        hashtags: vec!["acme".into()],
        ..mastodon(server.at("/"), &token)
    };
    let mut client = Client::start(&[listening(table)]);
    client.until(|seen| uids(seen).contains(&uid(3)) && live(seen)).await;
    assert_eq!(client.uids(), [uid(1), uid(2), uid(2), uid(3)], "once, however many streams tell of it");
    let asked = [
        r#"{"stream":"public:local","type":"subscribe"}"#,
        r#"{"stream":"hashtag","tag":"acme","type":"subscribe"}"#,
    ];
    assert_eq!(sockets.heard()[..2], asked);
    assert!(
        sockets
            .heads()
            .iter()
            .all(|head| head.starts_with("/api/v1/streaming\n")
                && head.contains("authorization: Bearer s3cret"))
    );
    assert!(client.reasons().iter().any(|why| why.contains("shutting down")), "{:?}", client.reasons());
    assert_eq!(client.garbage(), 1);
}

#[tokio::test]
async fn who_must_act_is_told_in_words() {
    let refused = Say::Text(r#"{"error":"Unknown stream type","status":400}"#.into());
    let sockets = Sockets::start(vec![vec![Say::Listen, refused, Say::Hold]]).await;
    let http = sockets.at("").replace("ws://", "http://");
    let server = Server::answering(move |request, _| match () {
        () if is(request, "/api/v1/streaming/user") => {
            answer("401 Unauthorized", &[], r#"{"error":"Invalid access token"}"#)
        }
        () if is(request, "/api/v1/streaming/public") => {
            answer("429 Too Many Requests", &["x-ratelimit-reset: 2099-01-01T00:00:00.000000Z"], "")
        }
        () if is(request, "/api/v1/streaming/list") => json("{}"),
        () if is(request, "/api/v1/streaming/hashtag") => {
            answer("403 Forbidden", &[], r#"{"error":"This action is outside the authorized scopes"}"#)
        }
        () if is(request, "/socket/api/v2/instance") => {
            json(&format!(r#"{{"configuration":{{"urls":{{"streaming":"{http}"}}}}}}"#))
        }
        () => without_instance(),
    })
    .await;
    let token = token();
    let user = MastodonTable { streams: vec![Timeline::User], ..mastodon(server.at(""), &token) };
    let public = mastodon(server.at(""), &token);
    let list = MastodonTable { lists: vec!["1".into()], ..mastodon(server.at(""), &token) };
    let socket = MastodonTable { transport: Transport::WebSocket, ..mastodon(server.at("/socket"), &token) };
    let scope = MastodonTable { hashtags: vec!["a".into()], ..mastodon(server.at(""), &token) };
    let gone = MastodonTable { token_file: Some("/no/such/token".into()), ..mastodon(server.at(""), &token) };
    for (table, wanted) in [
        (user, "with the scope `read`"),
        (public, "the server answers 429: too many requests"),
        (list, "the server sends application/json, which is not a stream; check `url`"),
        (socket, "there is no such stream; check `url`, `streams` and `lists` (Unknown stream type)"),
        (scope, "the token lacks a scope; create one with the scope `read`"),
        (gone, "/no/such/token"),
    ] {
        let mut client = Client::start(&[listening(table)]);
        client.until(|seen| seen.iter().any(|batch| down(batch).is_some())).await;
        let reasons = client.reasons();
        assert!(reasons[0].contains(wanted), "{reasons:?}");
        let throttled =
            client.seen.iter().any(|batch| matches!(batch.state.health, Health::Throttled { .. }));
        let refused = client.seen.iter().any(|batch| matches!(batch.state.health, Health::Refused { .. }));
        assert_eq!((throttled, refused), (wanted.contains("429"), !wanted.contains("429")), "{reasons:?}");
    }
}

#[tokio::test]
async fn what_was_taken_back_in_a_gap_is_taken_back() {
    let opened = AtomicUsize::new(0);
    let server = Server::answering(move |request, _| match () {
        () if is(request, "/api/v1/streaming/public") => match opened.fetch_add(1, Ordering::SeqCst) {
            0 => vec![Act::Head(SSE), update(1), update(2), update(3), update(4)],
            _ => vec![Act::Head(SSE), update(6), Act::Hold],
        },
        () if is(request, "/api/v1/timelines/public") && request.query("min_id").is_some() => {
            timeline(request, &[1, 2, 4, 5])
        }
        () if is(request, "/api/v1/timelines/public") => json("[]"),
        () => without_instance(),
    })
    .await;
    let token = token();
    let mut client = Client::start(&[listening(mastodon(server.at(""), &token))]);
    client.until(|seen| live(seen) && uids(seen).contains(&uid(5)) && uids(seen).contains(&uid(6))).await;
    let gone = client.seen.iter().flat_map(|b| &b.mentions).filter(|m| m.op == Op::Delete);
    let gone: Vec<String> = gone.map(|m| m.uid.to_string()).collect();
    assert_eq!(gone, [uid(3)], "the page after the gap has it no more");
}

#[tokio::test]
async fn a_past_that_cannot_be_had_is_told_while_the_stream_is_heard() {
    let server = Server::answering(|request, _| match () {
        () if is(request, "/api/v1/streaming/public") => vec![Act::Head(SSE), update(1), Act::Hold],
        () if is(request, "/api/v1/timelines/public") => {
            answer("403 Forbidden", &[], r#"{"error":"This action is outside the authorized scopes"}"#)
        }
        () => without_instance(),
    })
    .await;
    let token = token();
    let mut client = Client::start(&[listening(mastodon(server.at(""), &token))]);
    client.until(|seen| live(seen) && seen.last().is_some_and(|b| b.state.trouble.is_some())).await;
    let why = client.seen.last().and_then(|b| b.state.trouble.clone()).expect("it is told").why;
    assert!(
        why.starts_with("what was missed of `public` cannot be fetched") && why.contains("lacks a scope"),
        "{why}"
    );
}
