//! Feeds against a real server on the loopback that keeps to a script of faults.

#[path = "feeds/server.rs"]
mod server;

use std::collections::BTreeMap;
use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::feed::{Feeds, Pace, QUEUE, recorded, spawn_with};
use fishbowl::layout::wall::{DemoSpec, Feed, FeedSpec, FieldMap, ReplaySpec, StreamSpec};
use fishbowl::mention::Op;
use fishbowl::mention::source::{Batch, Health, MAX_BATCH, Nature};
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use server::{Act, Server};

/// No test waits longer for anything.
const LIMIT: Duration = Duration::from_secs(20);

const NDJSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n";
const SSE: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n";

/// The client's end of a test.
struct Client {
    batches: mpsc::Receiver<Batch>,
    _feeds: Feeds,
    seen: Vec<Batch>,
}

impl Client {
    fn start(feeds: &[Feed]) -> Self {
        Self::with_queue(feeds, QUEUE)
    }

    fn with_queue(feeds: &[Feed], queue: usize) -> Self {
        Self::with_clock(feeds, queue, Clock::system())
    }

    fn with_clock(feeds: &[Feed], queue: usize, clock: Clock) -> Self {
        let (out, batches) = mpsc::channel(queue);
        let wait = Duration::from_millis(5);
        let pace = Pace { first_wait: wait, longest_wait: wait, ..Pace::default() };
        let feeds = spawn_with(feeds, &Default::default(), clock, out, &Handle::current(), &pace);
        Self { batches, _feeds: feeds, seen: Vec::new() }
    }

    /// Receives until `enough` of what was received, or panics at the time limit.
    async fn until(&mut self, enough: impl Fn(&[Batch]) -> bool) {
        let all = async {
            while !enough(&self.seen) {
                self.seen.push(self.batches.recv().await.expect("the feeds still run"));
            }
        };
        if timeout(LIMIT, all).await.is_err() {
            panic!("not within {LIMIT:?}: {:#?}", self.seen.iter().map(|b| &b.state).collect::<Vec<_>>());
        }
    }

    fn uids(&self) -> Vec<String> {
        uids(&self.seen)
    }

    fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<_> = self.seen.iter().filter_map(down).collect();
        reasons.dedup();
        reasons
    }

    fn garbage(&self) -> u64 {
        self.seen.last().map_or(0, |batch| batch.state.garbage)
    }
}

fn uids(batches: &[Batch]) -> Vec<String> {
    batches.iter().flat_map(|b| &b.mentions).map(|m| m.uid.to_string()).collect()
}

fn newest(batches: &[Batch]) -> Time {
    batches.iter().flat_map(|b| &b.mentions).map(|m| m.ts).max().unwrap_or_default()
}

fn down(batch: &Batch) -> Option<String> {
    match &batch.state.health {
        Health::Down { why, .. } => Some(why.to_string()),
        _ => None,
    }
}

fn stream(url: String) -> StreamSpec {
    StreamSpec { url, headers: BTreeMap::new(), token_env: None, token_file: None, map: None }
}

fn feed(spec: FeedSpec) -> Feed {
    Feed { name: "feed".into(), stale_after: LIMIT, spec }
}

fn line(uid: &str) -> String {
    format!("{{\"uid\":\"{uid}\",\"text\":\"電池 #{uid}\"}}\n")
}

fn event(id: &str) -> String {
    format!("id: {id}\ndata: {}\n", line(id))
}

fn chunk(text: impl Into<Vec<u8>>) -> Act {
    Act::Chunk(text.into())
}

#[tokio::test]
async fn ndjson_survives_chunks_garbage_and_a_cut_in_mid_line() {
    let (a, b) = (line("a"), line("b"));
    let (a1, a2) = a.as_bytes().split_at(a.find("電").expect("it is in the text") + 1);
    let long = [&b"{\"uid\":\""[..], &vec![b'x'; 10_000_000], b"\"}\n"].concat();
    let first = vec![
        Act::Head(NDJSON),
        chunk(b"\xef\xbb\xbf"),
        chunk(a1),
        chunk(a2),
        chunk("\r\n\n"),
        chunk(b"{\"uid\":\"\xff\"}\n{\"uid\":NaN}\n"),
        chunk(long),
        chunk(b.trim_end().as_bytes()),
        chunk("\r\n{\"uid\":\"cut"),
    ];
    let second = vec![Act::Head(NDJSON), chunk(line("c")), Act::Hold];
    let server = Server::start(vec![first, second]).await;
    let mut client = Client::start(&[feed(FeedSpec::Ndjson(stream(server.url())))]);
    client.until(|seen| uids(seen).contains(&"c".to_owned())).await;
    assert_eq!(client.uids(), ["a", "b", "c"]);
    assert_eq!(client.garbage(), 3);
    let text = client.seen.iter().flat_map(|b| &b.mentions).next().and_then(|m| m.text.clone());
    assert_eq!(text.as_deref(), Some("電池 #a"));
    assert!(matches!(&client.reasons()[..], [why] if why.starts_with("the connection broke")));
}

#[tokio::test]
async fn ndjson_keeps_a_last_line_that_has_no_end() {
    let body = format!("{}{}", line("a"), line("b").trim_end());
    let server = Server::start(vec![vec![Act::Head(NDJSON), chunk(body), Act::End]]).await;
    let mut client = Client::start(&[feed(FeedSpec::Ndjson(stream(server.url())))]);
    client.until(|seen| seen.last().is_some_and(|b| down(b).is_some())).await;
    assert_eq!((client.uids(), client.garbage()), (vec!["a".into(), "b".into()], 0));
    assert_eq!(client.reasons()[0], "the server ended the stream; connecting again");
}

#[tokio::test]
async fn sse_goes_on_after_the_last_whole_event() {
    let first = vec![
        Act::Head(SSE),
        chunk("\u{feff}retry: 1\n:hello\n"),
        chunk(event("1").replace('\n', "\r\n")),
        chunk("data: {\"uid\":\ndata: \"2\"}\nid: 2\n\n"),
        chunk(b"data: \xff\xfe not json\n\nevent: delete\ndata: 1\n\n"),
        chunk("id: 3\ndata: {\"uid\":\"3\"}\n"),
    ];
    let second = vec![Act::Head(SSE), chunk(event("3")), Act::Hold];
    let server = Server::start(vec![first, second]).await;
    let mut client = Client::start(&[feed(FeedSpec::Sse(stream(server.url())))]);
    client.until(|seen| uids(seen).contains(&"3".to_owned())).await;
    assert_eq!(client.uids(), ["1", "2", "feed:1", "3"]);
    assert_eq!(client.garbage(), 1);
    let ops: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).map(|m| m.op).collect();
    assert_eq!(ops, [Op::Upsert, Op::Upsert, Op::Delete, Op::Upsert]);
    let requests = server.requests();
    assert!(!requests[0].contains("last-event-id") && requests[0].contains("accept: text/event-stream"));
    assert!(requests[1].contains("last-event-id: 2\r\n"), "{}", requests[1]);
}

#[tokio::test]
async fn a_204_ends_an_sse_feed_for_good() {
    let answer = Act::Raw(b"HTTP/1.1 204 No Content\r\n\r\n".into());
    let server = Server::start(vec![vec![answer], vec![Act::Hold]]).await;
    let mut client = Client::start(&[feed(FeedSpec::Sse(stream(server.url())))]);
    client.until(|seen| seen.iter().any(|b| b.state.health == Health::Ended)).await;
    let last = timeout(LIMIT, client.batches.recv()).await.expect("the task has ended");
    assert!(last.is_none());
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_fault_and_a_wrong_page_are_told_and_overcome() {
    let answer = |head: &str| vec![Act::Raw(format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n").into())];
    let scripts = vec![
        answer("500 Oops"),
        answer("200 OK\r\ncontent-type: text/html"),
        answer("404 Not Found"),
        vec![Act::Head(SSE), chunk(event("1")), Act::Hold],
    ];
    let server = Server::start(scripts).await;
    let mut client = Client::start(&[feed(FeedSpec::Sse(stream(server.url())))]);
    client.until(|seen| !uids(seen).is_empty()).await;
    assert_eq!(
        client.reasons(),
        [
            "the server answers 500: the server has a fault; trying again",
            "the server sends text/html, which is no stream; check the address",
            "the server answers 404: check the address",
        ]
    );
    let since = client.seen.iter().filter_map(|b| match b.state.health {
        Health::Down { since, .. } => Some(since),
        _ => None,
    });
    let since: Vec<Time> = since.collect();
    assert!(since.windows(2).all(|pair| pair[0] == pair[1]), "down since the first failure");
    assert_eq!(client.seen.last().map(|b| &b.state.health), Some(&Health::Live));
}

#[tokio::test]
async fn silence_is_noticed() {
    let silent = vec![Act::Head(NDJSON), chunk(line("a")), Act::Hold];
    let second = vec![Act::Head(NDJSON), chunk(line("b")), Act::Hold];
    let mut server = Server::start(vec![silent, second]).await;
    let mut feed = feed(FeedSpec::Ndjson(stream(server.url())));
    feed.stale_after = Duration::from_millis(150);
    let mut client = Client::start(&[feed]);
    client.until(|seen| uids(seen).contains(&"b".to_owned())).await;
    assert!(client.reasons()[0].starts_with("nothing heard for 150ms"), "{:?}", client.reasons());
    timeout(LIMIT, server.hung_up.recv()).await.expect("the silent connection is closed");
}

#[tokio::test]
async fn a_token_is_sent_and_never_told() {
    let refusal = Act::Raw(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n".into());
    let server = Server::start(vec![vec![refusal]]).await;
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), "s3cret\n").expect("it is writable");
    let spec = StreamSpec { token_file: Some(file.path().into()), ..stream(server.url()) };
    let mut client = Client::start(&[feed(FeedSpec::Sse(spec))]);
    // After the refusal the server is gone, so that both kinds of failure are seen.
    client.until(|seen| seen.iter().filter_map(down).any(|why| why.starts_with("cannot reach"))).await;
    assert!(server.requests()[0].contains("authorization: bearer s3cret\r\n"));
    let reasons = client.reasons();
    assert_eq!(reasons[0], "the server answers 401: check the token");
    assert!(reasons.iter().all(|why| !why.contains("s3cret")), "{reasons:?}");
}

#[tokio::test]
async fn unsafe_redirects_are_refused() {
    let other = Server::start(vec![vec![Act::Head(SSE), chunk(event("1")), Act::Hold]]).await;
    let moved = |to: &str| vec![Act::Raw(format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\n\r\n").into())];
    let server = Server::start(vec![moved("file:///etc/passwd"), moved(&other.url())]).await;
    let mut spec = stream(server.url());
    spec.headers.insert("x-api-key".into(), "s3cret".into());
    let mut client = Client::start(&[feed(FeedSpec::Sse(spec))]);
    client.until(|seen| seen.iter().filter_map(down).any(|why| why.contains("another server"))).await;
    assert!(client.reasons().iter().all(|why| !why.contains("s3cret")), "{:?}", client.reasons());
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn foreign_records_become_mentions() {
    let body = "{\"post\":{\"no\":7,\"body\":\"hi\"},\"mood\":\"negative\"}\n{\"post\":{}}\n";
    let server = Server::start(vec![vec![Act::Head(NDJSON), chunk(body), Act::Hold]]).await;
    let path = |path: &str| Some(path.to_owned());
    let map = FieldMap {
        id: "$.post.no".into(),
        text: path("$.post.body"),
        sentiment: path("$.mood"),
        ..FieldMap::default()
    };
    let spec = StreamSpec { map: Some(map), ..stream(server.url()) };
    let mut client = Client::start(&[feed(FeedSpec::Ndjson(spec))]);
    client.until(|seen| !uids(seen).is_empty()).await;
    let mention = client.seen.iter().flat_map(|b| &b.mentions).next().expect("there is one");
    assert_eq!((&*mention.uid, mention.text.as_deref()), ("feed:7", Some("hi")));
    assert!(mention.sentiment.is_some_and(|s| s.score < 0.0));
    assert_eq!(client.garbage(), 1);
}

#[tokio::test]
async fn one_broken_feed_leaves_the_others_alone() {
    let refused = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", refused.local_addr().expect("it is bound"));
    drop(refused);
    let good = Server::start(vec![vec![Act::Head(NDJSON), chunk(line("a")), Act::Hold]]).await;
    let feeds = [
        feed(FeedSpec::Sse(stream(url))),
        feed(FeedSpec::Sse(stream("not an address".into()))),
        feed(FeedSpec::Replay(ReplaySpec {
            file: "/no/such.jsonl".into(),
            speed: 1.0,
            repeat: true,
            from: None,
            to: None,
        })),
        feed(FeedSpec::Ndjson(stream(good.url()))),
    ];
    let mut client = Client::start(&feeds);
    client
        .until(|seen| {
            !uids(seen).is_empty() && (0..3).all(|i| seen.iter().any(|b| b.feed == i && down(b).is_some()))
        })
        .await;
    let why = |feed| client.seen.iter().filter(|b| b.feed == feed).find_map(down).unwrap_or_default();
    assert!(why(0).starts_with("cannot reach 127.0.0.1: "), "{}", why(0));
    assert!(why(1).starts_with("the address is no URL"), "{}", why(1));
    assert!(why(2).starts_with("cannot read /no/such.jsonl"), "{}", why(2));
}

#[tokio::test]
async fn stopping_the_feeds_hangs_up() {
    let mut server = Server::start(vec![vec![Act::Head(NDJSON), chunk(line("a")), Act::Hold]]).await;
    let mut client = Client::start(&[feed(FeedSpec::Ndjson(stream(server.url())))]);
    client.until(|seen| !uids(seen).is_empty()).await;
    drop(client);
    timeout(LIMIT, server.hung_up.recv()).await.expect("the connection is closed");
}

#[tokio::test]
async fn a_live_demo_brings_its_history_through_a_narrow_queue_and_goes_on() {
    let history = Duration::from_secs(60);
    let spec = DemoSpec { rate_per_s: 200.0, seed: 1, history, rhythm: false };
    let mut client = Client::with_queue(&[feed(FeedSpec::Demo(spec))], 1);
    client.until(|seen| seen.iter().any(|b| !b.backfill && !b.mentions.is_empty())).await;
    assert!(client.seen.iter().all(|b| b.mentions.len() <= MAX_BATCH && b.state.nature == Nature::Simulated));
    let all: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).collect();
    assert!(all.is_sorted_by_key(|m| m.ts));
    assert!((11_000..13_000).contains(&all.len()), "{}", all.len());
    assert_eq!(client.seen.last().map(|b| b.state.received), Some(all.len() as u64));
}

#[tokio::test]
async fn a_clock_that_is_set_neither_floods_nor_silences_a_demo() {
    let start = Time::from_secs(1_800_000_000);
    let spec = DemoSpec { rate_per_s: 10.0, seed: 1, history: Duration::from_secs(3_600), rhythm: false };
    let clock = Clock::simulated(start);
    let mut client = Client::with_clock(&[feed(FeedSpec::Demo(spec))], QUEUE, clock.clone());
    client.until(|seen| newest(seen) > start - Duration::from_secs(5)).await;
    let ahead = start + Duration::from_secs(1_200);
    clock.set(ahead);
    client.until(|seen| newest(seen) > ahead - Duration::from_secs(5)).await;
    let mut uids = client.uids();
    assert!((46_000..50_000).contains(&uids.len()), "{}", uids.len());
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), client.uids().len(), "nothing is told twice");
    let back = start - Duration::from_secs(86_400);
    clock.set(back);
    client.seen.clear();
    client.until(|seen| !seen.is_empty()).await;
    clock.set(back + Duration::from_secs(60));
    client.until(|seen| newest(seen) > back).await;
}

#[tokio::test]
async fn a_recording_plays_the_same_live_and_simulated() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/jetstream.jsonl");
    let feeds = [feed(FeedSpec::Replay(ReplaySpec {
        file: file.into(),
        speed: 100.0,
        repeat: false,
        from: None,
        to: None,
    }))];
    let mut client = Client::start(&feeds);
    client.until(|seen| seen.last().is_some_and(|b| b.state.health == Health::Ended)).await;
    let start = Time::from_secs(1_800_000_000);
    let mut run = recorded(&feeds, start).expect("the file is there");
    let simulated: Vec<_> = run.until(start + Duration::from_secs(60)).collect();
    assert_eq!(client.uids(), uids(&simulated));
    assert_eq!(simulated.last().map(|b| &b.state.health), Some(&Health::Ended));
    assert!(matches!(simulated[0].state.nature, Nature::Replay(moment) if moment.as_secs() == 1_783_175_888));
}
