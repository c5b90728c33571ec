//! The cases of web-platform-tests `eventsource/format-*` (wpt.fyi/eventsource), in own words:
//! each is served over a socket, once whole and once byte by byte, and read by the real client.
//! `docs/feeds/event-streams.md` holds the same table.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::{Event, Parser};
use crate::clock::Clock;
use crate::feed::adapter::Pace;
use crate::feed::kinds::SseTable;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::Web;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::url;
use crate::layout::feed::FeedSpec;
use crate::layout::wall::Feed;
use crate::mention::source::Batch;

/// A stream, the events that are to come of it (`kind: data`), the last id, and the wait between
/// connections in milliseconds.
struct Case {
    name: &'static str,
    body: String,
    events: &'static [&'static str],
    last_id: &'static str,
    retry: Option<u64>,
}

fn case(name: &'static str, body: impl Into<String>, events: &'static [&'static str]) -> Case {
    Case { name, body: body.into(), events, last_id: "", retry: None }
}

impl Case {
    fn id(self, last_id: &'static str) -> Self {
        Self { last_id, ..self }
    }

    fn retry(self, ms: u64) -> Self {
        Self { retry: Some(ms), ..self }
    }
}

fn cases() -> Vec<Case> {
    let long = "x".repeat(2_048);
    let comments = format!("data:1\r:\0\n:\r\ndata:2\n:{long}\rdata:3\n:data:fail\r:{long}\ndata:4\n\n");
    vec![
        case("format-bom", "\u{feff}data:1\n\n\u{feff}data:2\n\ndata:3\n\n", &["message: 1", "message: 3"]),
        case("format-bom-2", "\u{feff}\u{feff}data:1\n\ndata:2\n\ndata:3\n\n", &["message: 2", "message: 3"]),
        case("format-comments", comments, &["message: 1\n2\n3\n4"]),
        case(
            "format-data-before-final-empty-line",
            "retry:1000\ndata:test1\n\nid:test\ndata:test2",
            &["message: test1"],
        )
        .retry(1_000),
        case(
            "format-field-data",
            "data:\n\ndata\ndata\n\ndata:test\n\n",
            &["message: ", "message: \n", "message: test"],
        ),
        case("format-field-event", "event:test\ndata:x\n\ndata:x\n\n", &["test: x", "message: x"]),
        case("format-field-event-empty", "event: \ndata:data\n\n", &["message: data"]),
        case("format-field-id", "id: …\nretry: 200\ndata: hello\n\n", &["message: hello"]).id("…").retry(200),
        case("format-field-id-2", "id: …\ndata: hello\n\ndata: …\n\n", &["message: hello", "message: …"])
            .id("…"),
        case("format-field-id-3 (persists)", "id: 1\ndata: a\n\ndata: b\n\n", &["message: a", "message: b"])
            .id("1"),
        case(
            "format-field-id-3 (changes)",
            "id: 1\ndata: a\n\nid: 2\ndata: b\n\ndata: c\n\n",
            &["message: a", "message: b", "message: c"],
        )
        .id("2"),
        case(
            "format-field-id-3 (resets)",
            "id: 1\ndata: a\n\nid:\ndata: b\n\ndata: c\n\n",
            &["message: a", "message: b", "message: c"],
        ),
        case("format-field-id-null", "id: \0\0\ndata: hello\n\n", &["message: hello"]),
        case(
            "format-field-parsing",
            "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\rdata:\r\n data:32\ndata:4\n\n",
            &["message: \0\n 2\n1\n3\n\n4"],
        ),
        case("format-field-retry", "retry:02000\ndata:x\n\n", &["message: x"]).retry(2_000),
        case("format-field-retry-bogus", "retry:2000\nretry:1000x\ndata:x\n\n", &["message: x"]).retry(2_000),
        case("format-field-retry-empty", "retry:1000\nretry\ndata:test\n\n", &["message: test"]).retry(1_000),
        case(
            "format-field-unknown",
            "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
            &["message: test\n\ntest"],
        ),
        case("format-leading-space", "data:\ttest\rdata: \ndata:test\n\n", &["message: \ttest\n\ntest"]),
        case("format-newlines", "data:test\r\ndata\ndata:test\r\n\r", &["message: test\n\ntest"]),
        case("format-null-character", "data:\0\n\n\n\n", &["message: \0"]),
        case("format-utf-8", "data:ok…\n\n", &["message: ok…"]),
    ]
}

/// Serves one connection, whole or in chunks of one byte.
async fn serve(listener: &TcpListener, body: &[u8], bytewise: bool) -> std::io::Result<()> {
    let (mut stream, _) = listener.accept().await?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    stream.set_nodelay(true)?;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream;charset=windows-1252\r\n";
    stream.write_all(format!("{head}transfer-encoding: chunked\r\n\r\n").as_bytes()).await?;
    for piece in body.chunks(if bytewise { 1 } else { body.len() }) {
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        stream.write_all(&chunk).await?;
    }
    stream.write_all(b"0\r\n\r\n").await
}

/// What the client makes of it.
async fn read(case: &Case, bytewise: bool) -> (Vec<String>, String, Option<u64>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/", listener.local_addr().expect("it is bound"));
    let (url, pace) = (url::address(&url).expect("an address"), Pace::default());
    let web = Web::new(&url, &pace).expect("a client");
    let (served, response) =
        tokio::join!(serve(&listener, case.body.as_bytes(), bytewise), web.open(HttpRequest::get(&url)));
    served.expect("the client reads");
    let mut response = response.expect("it answers");
    let ((mut sender, _batches), mut parser) = (sender(), Parser::new(""));
    let (mut events, mut retry) = (Vec::new(), None);
    while let Some(bytes) = response.chunk(&mut sender, Duration::from_secs(20)).await.expect("it comes") {
        parser.push(bytes.as_ref(), &mut |event| match event {
            Event::Message { kind, data } => events.push(format!("{kind}: {data}")),
            Event::Retry(wait) => retry = Some(wait.as_millis() as u64),
            Event::Heartbeat | Event::TooLong => {}
        });
    }
    (events, parser.last_id().to_owned(), retry)
}

fn sender() -> (MentionSender, mpsc::Receiver<Batch>) {
    let spec = FeedSpec::from(SseTable::default());
    let feed = Feed { name: "wpt".into(), stale_after: Duration::from_secs(60), spec };
    let (out, batches) = mpsc::channel(64);
    (MentionSender::new(0, &feed, Clock::system(), None, out), batches)
}

#[tokio::test]
async fn every_case_whole_and_byte_by_byte() {
    for case in cases() {
        for bytewise in [false, true] {
            let expected =
                (case.events.iter().map(|e| (*e).to_owned()).collect(), case.last_id.to_owned(), case.retry);
            assert_eq!(read(&case, bytewise).await, expected, "{}, byte by byte: {bytewise}", case.name);
        }
    }
}

#[test]
fn the_page_lists_every_case() {
    let page = include_str!("../../../../docs/feeds/event-streams.md");
    for case in cases() {
        assert!(
            page.contains(&format!("| `{}` |", case.name.split(' ').next().unwrap_or_default())),
            "{}",
            case.name
        );
    }
}
