//! Streams over HTTP: newline-delimited JSON and server-sent events.

use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::feed::kinds::ReplayTable;
use fishbowl::feed::kinds::{NdjsonTable, SseTable};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::FieldMap;
use fishbowl::mention::Op;
use fishbowl::mention::source::Health;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::client::{Client, LIMIT, NDJSON, SSE, chunk, down, event, feed, line, ndjson, sse, uids};
use crate::server::{Act, Server};

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
    let mut client = Client::start(&[feed(ndjson(server.url()))]);
    client.until(|seen| uids(seen).contains(&"c".to_owned())).await;
    assert_eq!(client.uids(), ["a", "\u{fffd}", "b", "c"]);
    assert_eq!(client.garbage(), 2);
    let text = client.seen.iter().flat_map(|b| &b.mentions).next().and_then(|m| m.text.clone());
    assert_eq!(text.as_deref(), Some("電池 #a"));
    assert!(matches!(&client.reasons()[..], [why] if why.starts_with("the connection broke")));
}

#[tokio::test]
async fn ndjson_keeps_a_last_line_that_has_no_end() {
    let body = format!("{}{}", line("a"), line("b").trim_end());
    let server = Server::start(vec![vec![Act::Head(NDJSON), chunk(body), Act::End]]).await;
    let mut client = Client::start(&[feed(ndjson(server.url()))]);
    client.until(|seen| seen.last().is_some_and(|b| down(b).is_some())).await;
    assert_eq!((client.uids(), client.garbage()), (vec!["a".into(), "b".into()], 0));
    assert_eq!(client.reasons()[0], "the server ended the stream; reconnecting");
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
    let mut client = Client::start(&[feed(sse(server.url()))]);
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
    let mut client = Client::start(&[feed(sse(server.url()))]);
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
    let mut client = Client::start(&[feed(sse(server.url()))]);
    client.until(|seen| !uids(seen).is_empty()).await;
    assert_eq!(
        client.reasons(),
        [
            "the server answers 500: server error",
            "the server sends text/html, which is not a stream; check the URL",
            "the server answers 404: check the URL",
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
    let mut feed = feed(ndjson(server.url()));
    feed.stale_after = Duration::from_secs(10);
    let mut client = Client::start(&[feed]);
    client.until(|seen| uids(seen).contains(&"b".to_owned())).await;
    assert!(client.reasons()[0].starts_with("silent for 10s"), "{:?}", client.reasons());
    timeout(LIMIT, server.hung_up.recv()).await.expect("the silent connection is closed");
}

#[tokio::test]
async fn a_token_is_sent_and_never_told() {
    let refusal = Act::Raw(b"HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n".into());
    let server = Server::start(vec![vec![refusal]]).await;
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), "s3cret\n").expect("it is writable");
    let spec = SseTable { url: server.url(), token_file: Some(file.path().into()), ..SseTable::default() };
    let mut client = Client::start(&[feed(FeedSpec::from(spec))]);
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
    let mut spec = SseTable { url: server.url(), ..SseTable::default() };
    spec.headers.insert("x-api-key".into(), "s3cret".into());
    let mut client = Client::start(&[feed(FeedSpec::from(spec))]);
    client.until(|seen| seen.iter().filter_map(down).any(|why| why.contains("another server"))).await;
    assert!(client.reasons().iter().all(|why| !why.contains("s3cret")), "{:?}", client.reasons());
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn a_server_leads_nobody_further_in_than_it_lies() {
    let moved = |to: &str| vec![Act::Raw(format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\n\r\n").into())];
    for to in ["http://169.254.169.254/latest/meta-data/", "http://[::ffff:a9fe:a9fe]/", "http://2852039166/"]
    {
        let server = Server::start(vec![moved(to)]).await;
        let mut client = Client::start(&[feed(sse(server.url()))]);
        client.until(|seen| seen.iter().filter_map(down).any(|why| why.contains("not followed"))).await;
    }
    // Within this machine it is the layout that leads.
    let other = Server::start(vec![vec![Act::Head(SSE), chunk(event("1")), Act::Hold]]).await;
    let server = Server::start(vec![moved(&other.at("/s").replace("127.0.0.1", "localhost"))]).await;
    let mut client = Client::start(&[feed(sse(server.url()))]);
    client.until(|seen| !uids(seen).is_empty()).await;
}

#[tokio::test]
async fn a_record_without_an_end_is_told_although_bytes_come() {
    for (head, begins, drop) in
        [(NDJSON, "{\"uid\":\"", "x"), (SSE, "data: {\n", "data: 1\n: life\n"), (NDJSON, "", "x")]
    {
        let drops = std::iter::repeat_n([chunk(drop), Act::Rest(20)], 500).flatten();
        let script =
            [Act::Head(head), chunk(line("a")), chunk(begins.to_owned() + drop)].into_iter().chain(drops);
        let server = Server::start(vec![script.collect()]).await;
        let mut feed = feed(if head == SSE { sse(server.url()) } else { ndjson(server.url()) });
        feed.stale_after = Duration::from_secs(15);
        let mut client = Client::start(&[feed]);
        client.until(|seen| seen.iter().any(|b| down(b).is_some())).await;
        assert_eq!(client.reasons()[0], "a record has been incomplete for 15s; reconnecting");
    }
}

#[tokio::test]
async fn a_line_that_grows_too_long_is_counted_before_it_ends() {
    let script = vec![Act::Head(NDJSON), chunk(vec![b'x'; 2_000_000]), Act::Hold];
    let server = Server::start(vec![script]).await;
    let mut client = Client::start(&[feed(ndjson(server.url()))]);
    client.until(|seen| seen.last().is_some_and(|batch| batch.state.garbage == 1)).await;
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
    let spec = NdjsonTable { url: server.url(), map: Some(map), ..NdjsonTable::default() };
    let mut client = Client::start(&[feed(FeedSpec::from(spec))]);
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
        feed(sse(url)),
        feed(sse("not an address".into())),
        feed(FeedSpec::from(ReplayTable {
            file: "/no/such.jsonl".into(),
            speed: 1.0,
            repeat: true,
            from: None,
            to: None,
        })),
        feed(ndjson(good.url())),
    ];
    let mut client = Client::start(&feeds);
    client
        .until(|seen| {
            !uids(seen).is_empty() && (0..3).all(|i| seen.iter().any(|b| b.feed == i && down(b).is_some()))
        })
        .await;
    let why = |feed| client.seen.iter().filter(|b| b.feed == feed).find_map(down).unwrap_or_default();
    assert!(why(0).starts_with("cannot reach 127.0.0.1: "), "{}", why(0));
    assert!(why(1).starts_with("this is not a URL"), "{}", why(1));
    assert!(why(2).starts_with("cannot read /no/such.jsonl"), "{}", why(2));
}

#[tokio::test]
async fn stopping_the_feeds_hangs_up() {
    let mut server = Server::start(vec![vec![Act::Head(NDJSON), chunk(line("a")), Act::Hold]]).await;
    let mut client = Client::start(&[feed(ndjson(server.url()))]);
    client.until(|seen| !uids(seen).is_empty()).await;
    drop(client);
    timeout(LIMIT, server.hung_up.recv()).await.expect("the connection is closed");
}
