//! Doors are lenient: a bad character costs that character, a bad record itself, and bodies that come
//! packed or marked are read.

use std::io::Write as _;

use fishbowl::feed::kinds::RssTable;
use fishbowl::feed::kinds::{Framing, JsonTable, NdjsonTable, SseTable, WebSocketTable};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::FieldMap;
use fishbowl::mention::source::{Batch, Health};

use crate::client::{Client, NDJSON, SSE, chunk, feed, uids};
use crate::server::{Act, Request, Server, answer, json};
use crate::socket::{Say, Sockets};

/// A text that was cut within an emoji, as JavaScript writes it.
const HALF: &str = r#"{"id":2,"body":"loved it \ud83d","at":1783175886}"#;

fn records() -> [String; 3] {
    let fine = |id: u8, text: &str| format!(r#"{{"id":{id},"body":"{text}","at":1783175886}}"#);
    [fine(1, "fine"), HALF.into(), fine(3, "fine too")]
}

fn map() -> Option<FieldMap> {
    Some(FieldMap {
        id: "$.id".into(),
        text: Some("$.body".into()),
        ts: Some("$.at".into()),
        ..FieldMap::default()
    })
}

fn polled(url: String) -> FeedSpec {
    FeedSpec::from(JsonTable { url, map: map(), ..JsonTable::default() })
}

fn texts(seen: &[Batch]) -> Vec<String> {
    let mentions = seen.iter().flat_map(|batch| &batch.mentions);
    mentions.filter_map(|mention| mention.text.as_deref().map(str::to_owned)).collect()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(body).expect("a vector takes all");
    packed.finish().expect("a vector takes all")
}

/// An answer with any bytes as its body.
fn bytes(headers: &str, body: &[u8]) -> Vec<Act> {
    let head =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
    vec![Act::Raw([head.as_bytes(), body].concat())]
}

async fn all_three(spec: FeedSpec) {
    let mut client = Client::start(&[feed(spec)]);
    client.until(|seen| uids(seen).len() >= 3).await;
    assert_eq!(texts(&client.seen), ["fine", "loved it \u{fffd}", "fine too"]);
    assert_eq!((client.garbage(), client.reasons()), (0, Vec::new()));
}

#[tokio::test]
async fn half_an_emoji_costs_itself_on_every_wire() {
    let page = format!("[{}]", records().join(","));
    let lines = records().join("\n") + "\n";
    let events = records().map(|record| format!("data: {record}\n\n")).concat();
    let whole = records().concat();
    let server = Server::answering(move |request, _| match request.line.as_str() {
        "GET /page" => json(&page),
        "GET /lines" => vec![Act::Head(NDJSON), chunk(lines.as_str()), Act::Hold],
        "GET /whole" => vec![Act::Head(NDJSON), chunk(whole.as_str()), Act::Hold],
        _ => vec![Act::Head(SSE), chunk(events.as_str()), Act::Hold],
    })
    .await;
    all_three(polled(server.at("/page"))).await;
    let lines = |path: &str, framing| NdjsonTable {
        url: server.at(path),
        map: map(),
        framing,
        ..NdjsonTable::default()
    };
    all_three(FeedSpec::from(lines("/lines", Framing::Lines))).await;
    all_three(FeedSpec::from(lines("/whole", Framing::Concatenated))).await;
    let events = SseTable { url: server.at("/events"), map: map(), ..SseTable::default() };
    all_three(FeedSpec::from(events)).await;
    let says = records().into_iter().map(Say::Text).chain([Say::Hold]).collect();
    let sockets = Sockets::start(vec![says]).await;
    let socket = WebSocketTable { url: sockets.at("/"), map: map(), ..WebSocketTable::default() };
    all_three(FeedSpec::from(socket)).await;
    let agent = concat!("user-agent: fishbowl/", env!("CARGO_PKG_VERSION"), "\n");
    assert!(sockets.heads()[0].contains(agent), "{:?}", sockets.heads());
}

#[tokio::test]
async fn packed_and_marked_bodies_are_read_and_asked_for() {
    let page = format!("[{}]", records().join(","));
    let rss = "<rss version=\"2.0\"><channel><title>P</title><item><guid>http://a/1</guid><title>fine</title></item></channel></rss>";
    let server = Server::answering(move |request, _| match request.line.as_str() {
        "GET /gzip" => {
            bytes("content-type: application/json\r\ncontent-encoding: gzip\r\n", &gzip(page.as_bytes()))
        }
        "GET /file" => bytes("content-type: application/gzip\r\n", &gzip(page.as_bytes())),
        "GET /twice" => {
            bytes("content-encoding: gzip\r\ncontent-encoding: gzip\r\n", &gzip(&gzip(page.as_bytes())))
        }
        "GET /lies" => bytes("content-encoding: gzip\r\n", page.as_bytes()),
        "GET /mark" => bytes("content-type: application/json\r\n", format!("\u{feff}{page}").as_bytes()),
        "GET /rss" => bytes("content-encoding: x-gzip\r\n", &gzip(rss.as_bytes())),
        _ => answer("404 Not Found", &[], ""),
    })
    .await;
    for path in ["/gzip", "/file", "/twice", "/lies", "/mark"] {
        all_three(polled(server.at(path))).await;
    }
    let rss = RssTable { url: Some(server.at("/rss")), ..RssTable::default() };
    let mut client = Client::start(&[feed(FeedSpec::from(rss))]);
    client.until(|seen| texts(seen) == ["fine"]).await;
    assert!(server.requests().iter().all(|head| head.contains("accept-encoding: gzip\r\n")));
}

#[tokio::test]
async fn a_packed_stream_is_heard_as_it_comes() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    let pieces = records().map(|record| {
        packed.write_all(format!("{record}\n").as_bytes()).expect("a vector takes all");
        packed.flush().expect("a vector takes all");
        Act::Chunk(std::mem::take(packed.get_mut()))
    });
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\ncontent-encoding: gzip\r\n";
    let script: Vec<Act> = [Act::Head(head)].into_iter().chain(pieces).chain([Act::Hold]).collect();
    let server = Server::start(vec![script]).await;
    let lines = NdjsonTable { url: server.at("/"), map: map(), ..NdjsonTable::default() };
    all_three(FeedSpec::from(lines)).await;
    assert!(server.requests()[0].contains("accept-encoding: identity\r\n"));
}

#[tokio::test]
async fn a_record_that_is_beyond_help_costs_itself() {
    let server = Server::answering(|_: &Request, _| {
        json(r#"[{"id":1,"body":"fine"},{"id":2,"body":"a 5" screen"},{"id":3,"body":"fine too","n":1e999}]"#)
    })
    .await;
    let mut client = Client::start(&[feed(polled(server.at("/page")))]);
    client.until(|seen| uids(seen).len() >= 2 && server.requests().len() > 3).await;
    assert_eq!(texts(&client.seen), ["fine", "fine too"]);
    let state = &client.seen.last().expect("there is one").state;
    assert!(state.garbage > 0 && state.health == Health::Live && state.trouble.is_none(), "{state:?}");
}

#[tokio::test]
async fn a_feed_of_which_nothing_can_be_read_says_so() {
    let lines = "oops\nNaN\n{\"no\":\"id\"}\n";
    let good = b"{\"id\":1,\"body\":\"at last\",\"at\":1783175886}\n".to_vec();
    let server = Server::start(vec![
        vec![Act::Head(NDJSON), chunk(lines), Act::End],
        vec![Act::Head(NDJSON), Act::Crumbs(good), Act::Hold],
    ])
    .await;
    let spec = NdjsonTable { url: server.at("/"), map: map(), ..NdjsonTable::default() };
    let mut client = Client::start(&[feed(FeedSpec::from(spec))]);
    client.until(|seen| texts(seen) == ["at last"]).await;
    let told = client.seen.iter().find_map(|batch| batch.state.trouble.clone()).expect("it was told");
    assert!(told.deaf && told.why.starts_with("everything is rejected: "), "{told:?}");
    let last = &client.seen.last().expect("there is one").state;
    assert!(last.trouble.is_none() && last.garbage == 3, "{last:?}");
}
