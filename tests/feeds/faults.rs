//! What a network and a server do wrong, played to the streams: each is told, overcome, and loses
//! nothing that was whole.

use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::feed::QUEUE;
use fishbowl::feed::kinds::{Framing, NdjsonTable, Resume};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::mention::source::{Batch, Health};

use crate::client::{Client, NDJSON, SSE, chunk, down, event, feed, line, ndjson, sse, uids};
use crate::server::{Act, Server, answer};

fn has(uid: &str) -> impl Fn(&[Batch]) -> bool {
    let uid = uid.to_owned();
    move |seen| uids(seen).contains(&uid)
}

fn garbage(client: &Client) -> Option<u64> {
    client.seen.last().map(|batch| batch.state.garbage)
}

#[tokio::test]
async fn a_reset_loses_nothing_that_was_whole() {
    let first = vec![Act::Head(NDJSON), chunk(line("a")), chunk("{\"uid\":\"cu"), Act::Reset];
    let second = vec![Act::Head(NDJSON), chunk(line("b")), Act::Hold];
    let server = Server::start(vec![first, second]).await;
    let mut client = Client::start(&[feed(ndjson(server.url()))]);
    client.until(has("b")).await;
    // The reset may overtake the last bytes, as it does in a network.
    assert!(matches!(&client.uids()[..], [a, b] if a == "a" && b == "b") || client.uids() == ["b"]);
    assert!(client.reasons()[0].starts_with("the connection broke"), "{:?}", client.reasons());
    assert_eq!(garbage(&client), Some(0));
}

#[tokio::test]
async fn a_half_open_connection_is_left() {
    let server =
        Server::start(vec![vec![Act::Hold], vec![Act::Head(SSE), chunk(event("1")), Act::Hold]]).await;
    let mut client = Client::start(&[feed(sse(server.url()))]);
    client.until(has("1")).await;
    let why = &client.reasons()[0];
    assert!(why.starts_with("127.0.0.1 did not answer within") && !why.contains("s3cret"), "{why}");
}

#[tokio::test]
async fn a_stream_of_nothing_but_white_space_lives() {
    let mut script = vec![Act::Head(NDJSON)];
    script.extend(vec![chunk("\r\n"); 5]);
    script.extend([chunk(line("a")), Act::Hold]);
    let server = Server::start(vec![script]).await;
    let mut client = Client::start(&[feed(ndjson(server.url()))]);
    client.until(has("a")).await;
    assert!(client.reasons().is_empty() && garbage(&client) == Some(0));
}

#[tokio::test]
async fn errors_in_the_stream_duplicates_and_disorder_pass_through_in_their_order() {
    let body = [
        &line("b"),
        "{\"errors\":[{\"title\":\"operational-disconnect\"}]}\n",
        &line("a"),
        &line("b"),
        "null\n[]\n\"text\"\n7\n",
        &line("c"),
    ];
    let server =
        Server::start(vec![vec![Act::Head(NDJSON), Act::Crumbs(body.concat().into()), Act::Hold]]).await;
    let mut client = Client::start(&[feed(ndjson(server.url()))]);
    client.until(has("c")).await;
    // Which of two equal ones counts is the journal's to say.
    assert_eq!(client.uids(), ["b", "a", "b", "c"]);
    assert_eq!(garbage(&client), Some(5));
}

#[tokio::test]
async fn utf16_and_broken_utf8_cost_at_most_their_characters() {
    let utf16: Vec<u8> = line("x").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let body = [&b"\xff\xfe"[..], &utf16, b"\n", b"{\"uid\":\"\xc3\x28\"}\n", line("a").as_bytes()].concat();
    let server = Server::start(vec![vec![Act::Head(NDJSON), chunk(body), Act::Hold]]).await;
    let mut client = Client::start(&[feed(ndjson(server.url()))]);
    client.until(has("a")).await;
    assert_eq!(client.uids(), ["x", "\u{fffd}(", "a"]);
}

#[tokio::test]
async fn concatenated_objects_are_told_apart_over_a_socket() {
    let body = "{\n \"uid\": \"a\",\n \"text\": \"}{\\\"\"\n}{\"uid\":\"b\"}\n\n {\"uid\":\"c\"}";
    let server = Server::start(vec![vec![Act::Head(NDJSON), Act::Crumbs(body.into()), Act::Hold]]).await;
    let table = NdjsonTable { url: server.url(), framing: Framing::Concatenated, ..NdjsonTable::default() };
    let mut client = Client::start(&[feed(FeedSpec::from(table))]);
    client.until(has("c")).await;
    assert_eq!((client.uids(), garbage(&client)), (vec!["a".into(), "b".into(), "c".into()], Some(0)));
}

#[tokio::test]
async fn a_json_stream_goes_on_after_the_last_whole_record_also_after_a_restart() {
    let numbered = |id: u32| format!("{{\"uid\":\"n{id}\",\"id\":{id}}}\n");
    let stream = |text: String| vec![Act::Head(NDJSON), chunk(text), Act::End];
    let scripts = vec![
        stream(numbered(1) + &numbered(2)),
        stream(numbered(3) + "{\"uid\":\"n4\",\"id\":4"),
        vec![Act::Head(NDJSON), chunk(numbered(4)), Act::Hold],
        vec![Act::Head(NDJSON), chunk(numbered(5)), Act::Hold],
    ];
    let server = Server::start(scripts).await;
    let table = || {
        let resume = Some(Resume { field: "$.id".into(), parameter: "since".into() });
        feed(FeedSpec::from(NdjsonTable { url: server.at("/s?x=1"), resume, ..NdjsonTable::default() }))
    };
    let mut client = Client::start(&[table()]);
    client
        .until(|seen| {
            uids(seen).contains(&"n4".to_owned()) && seen.last().is_some_and(|b| b.cursor.is_some())
        })
        .await;
    let cursor = client.cursor().expect("it was just seen");
    assert_eq!(client.uids(), ["n1", "n2", "n3", "n4"]);
    drop(client);
    let mut client = Client::after(table(), &cursor);
    client.until(has("n5")).await;
    let lines: Vec<_> = server.calls().into_iter().map(|request| request.line).collect();
    assert_eq!(lines, ["GET /s?x=1", "GET /s?x=1&since=2", "GET /s?x=1&since=3", "GET /s?x=1&since=4"]);
}

/// The waits that a feed tells while a server only ever gives this answer.
async fn waits(status: &str, headers: &[&str], count: usize) -> Vec<Duration> {
    let start = Time::from_secs(1_800_000_000);
    let script = answer(status, headers, "");
    let server = Server::answering(move |_, _| script.clone()).await;
    let clock = Clock::simulated(start);
    let mut client = Client::with_clock(&[feed(ndjson(server.url()))], QUEUE, clock);
    let until = |batch: &Batch| match &batch.state.health {
        Health::Throttled { until, .. } => Some(until.since(start)),
        _ => None,
    };
    client.until(|seen| seen.iter().filter_map(until).count() >= count).await;
    client.seen.iter().filter_map(until).collect()
}

#[tokio::test]
async fn the_waits_of_a_throttled_feed_double_from_a_minute() {
    let waits = waits("429 Too Many Requests", &[], 3).await;
    for (wait, rung) in waits.iter().zip([60.0, 120.0, 240.0]) {
        assert!((rung..rung * 1.11).contains(&wait.as_secs_f64()), "{waits:?}");
    }
}

#[tokio::test]
async fn a_throttled_feed_waits_as_long_as_the_server_says() {
    for header in
        ["retry-after: 90", "x-ratelimit-reset: 2027-01-15T08:01:30Z", "x-rate-limit-reset: 1800000090"]
    {
        let waits = waits("429 Too Many Requests", &[header], 2).await;
        assert!(waits.iter().all(|wait| (90.0..99.1).contains(&wait.as_secs_f64())), "{header}: {waits:?}");
    }
}

#[tokio::test]
async fn a_clock_that_jumps_neither_stops_nor_hurries_a_feed() {
    let cut = |uid: &str| vec![Act::Head(NDJSON), chunk(line(uid)), Act::End];
    let server =
        Server::start(vec![cut("a"), cut("b"), vec![Act::Head(NDJSON), chunk(line("c")), Act::Hold]]).await;
    let start = Time::from_secs(1_800_000_000);
    let clock = Clock::simulated(start);
    let mut client = Client::with_clock(&[feed(ndjson(server.url()))], QUEUE, clock.clone());
    client.until(has("a")).await;
    clock.set(start - Duration::from_secs(86_400));
    client.until(has("b")).await;
    clock.set(start + Duration::from_secs(86_400));
    client.until(has("c")).await;
    assert_eq!(client.uids(), ["a", "b", "c"]);
    assert!(client.seen.iter().filter_map(|batch| batch.state.lag).all(|lag| lag < Duration::from_secs(1)));
    assert!(client.seen.iter().filter_map(down).all(|why| why.starts_with("the server ended the stream")));
}
