//! JSON over WebSockets, against a real WebSocket server on the loopback.

use fishbowl::feed::kinds::{Resume, WebSocketTable};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::FieldMap;
use fishbowl::mention::source::{Batch, Health};

use crate::client::{Client, down, feed, line, uids};
use crate::socket::{Say, Sockets};

fn table(url: String) -> WebSocketTable {
    WebSocketTable { url, ..WebSocketTable::default() }
}

fn socket(table: WebSocketTable) -> FeedSpec {
    FeedSpec::from(table)
}

fn text(uid: &str) -> Say {
    Say::Text(line(uid))
}

fn has(uid: &str) -> impl Fn(&[Batch]) -> bool {
    let uid = uid.to_owned();
    move |seen| uids(seen).contains(&uid)
}

#[tokio::test]
async fn text_and_binary_frames_become_mentions_and_pings_are_answered() {
    let script = vec![
        text("a"),
        Say::Binary(line("b").into_bytes()),
        Say::Text(format!("{}{}", line("c"), line("d"))),
        Say::Ping,
        Say::Text("welcome".into()),
        Say::Binary(vec![0xff, 0xfe, 0x00]),
        text("e"),
        Say::Hold,
    ];
    let server = Sockets::start(vec![script]).await;
    let mut client = Client::start(&[feed(socket(table(server.at("/feed"))))]);
    client.until(has("e")).await;
    assert_eq!(client.uids(), ["a", "b", "c", "d", "e"]);
    assert_eq!(client.seen.last().map(|batch| batch.state.garbage), Some(2));
    assert_eq!(client.seen.last().map(|batch| &batch.state.health), Some(&Health::Live));
}

#[tokio::test]
async fn it_says_what_the_layout_wants_said_with_the_token_in_it() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), "s3cret\n").expect("it is writable");
    let server = Sockets::start(vec![vec![Say::Listen, Say::Listen, text("a"), Say::Hold]]).await;
    let spec = WebSocketTable {
        subscribe: vec!["{\"auth\":\"{token}\"}".into(), "{\"stream\":\"news\"}".into()],
        token_file: Some(file.path().into()),
        headers: [("x-team".to_owned(), "red".to_owned())].into(),
        ..table(server.at("/feed"))
    };
    let mut client = Client::start(&[feed(socket(spec))]);
    client.until(has("a")).await;
    assert_eq!(server.heard(), ["{\"auth\":\"s3cret\"}", "{\"stream\":\"news\"}"]);
    let head = &server.heads()[0];
    assert!(head.contains("x-team: red\n") && !head.contains("authorization"), "{head}");
}

#[tokio::test]
async fn items_and_a_map_read_foreign_messages() {
    let message = r#"{"type":"batch","posts":[{"no":7,"html":"<p>a &amp; b</p>"},{"no":8,"html":"c"}]}"#;
    let script = vec![Say::Text("{\"type\":\"hello\"}".into()), Say::Text(message.into()), Say::Hold];
    let server = Sockets::start(vec![script]).await;
    let map = FieldMap { id: "$.no".into(), text: Some("$.html".into()), html: true, ..FieldMap::default() };
    let spec = WebSocketTable { items: Some("$.posts[*]".into()), map: Some(map), ..table(server.at("/")) };
    let mut client = Client::start(&[feed(socket(spec))]);
    client.until(has("feed:8")).await;
    let texts: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).map(|m| m.text.clone()).collect();
    assert_eq!(texts[0].as_deref(), Some("a & b"));
    assert_eq!(client.seen.last().map(|batch| batch.state.garbage), Some(0), "a greeting is no garbage");
}

#[tokio::test]
async fn it_goes_on_where_it_broke() {
    let numbered = |id: u32| Say::Text(format!("{{\"uid\":\"n{id}\",\"seq\":{id}}}"));
    let scripts = vec![
        vec![numbered(1), numbered(2), Say::Reset],
        vec![numbered(3), Say::Close(1001, "")],
        vec![Say::Hold],
    ];
    let server = Sockets::start(scripts).await;
    let resume = Some(Resume { field: "$.seq".into(), parameter: "cursor".into() });
    let mut client =
        Client::start(&[feed(socket(WebSocketTable { resume, ..table(server.at("/feed?kind=post")) }))]);
    client.until(has("n3")).await;
    client
        .until(|seen| seen.last().is_some_and(|b| b.state.restarts > 1 && b.state.health == Health::Live))
        .await;
    let lines: Vec<_> =
        server.heads().iter().map(|head| head.lines().next().unwrap_or_default().to_owned()).collect();
    assert_eq!(lines, ["/feed?kind=post", "/feed?kind=post&cursor=2", "/feed?kind=post&cursor=3"]);
}

#[tokio::test]
async fn a_close_is_told_in_words() {
    for (code, told) in [
        (1000, "the server closed the connection (1000): it is done"),
        (1012, "the server closed the connection (1012): it is restarting: bye"),
        (
            1008,
            "the server closed the connection (1008): its policy does not allow this; check the token: bye",
        ),
        (1013, "the server closed the connection (1013): it is overloaded: bye"),
        (4321, "the server closed the connection (4321): for its own reasons: bye"),
    ] {
        let reason = if code == 1000 { "" } else { "bye" };
        let server = Sockets::start(vec![vec![text("a"), Say::Close(code, reason)]]).await;
        let mut client = Client::start(&[feed(socket(table(server.at("/"))))]);
        client.until(|seen| seen.iter().any(|batch| down(batch).is_some())).await;
        assert_eq!(client.reasons()[0], told);
        assert_eq!(client.uids(), ["a"]);
    }
}

#[tokio::test]
async fn a_handshake_that_is_refused_is_told_like_any_answer() {
    let answer = |head: &str| vec![Say::Refuse(format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n"))];
    let scripts = vec![
        answer("401 Unauthorized"),
        answer("429 Too Many Requests\r\nretry-after: 30"),
        answer("503 Busy"),
        vec![text("a"), Say::Hold],
    ];
    let server = Sockets::start(scripts).await;
    let mut client = Client::start(&[feed(socket(table(server.at("/?token=s3cret"))))]);
    client.until(has("a")).await;
    assert_eq!(
        client.reasons(),
        [
            "the server answers 401: check the token",
            "the server answers 429: too many requests",
            "the server answers 503: server error",
        ]
    );
}

#[tokio::test]
async fn a_server_that_freezes_is_left_and_one_that_only_answers_pings_is_not() {
    let scripts = vec![vec![text("a"), Say::Freeze], vec![text("b"), Say::Hold]];
    let server = Sockets::start(scripts).await;
    let mut feed = feed(socket(table(server.at("/"))));
    // 600 ms at the pace of the tests.
    feed.stale_after = std::time::Duration::from_secs(30);
    let mut client = Client::start(&[feed]);
    client.until(has("b")).await;
    assert_eq!(client.reasons(), ["silent for 30s; reconnecting"]);
    let heard = |seen: &[Batch]| seen.last().and_then(|batch| batch.state.heard);
    let before = heard(&client.seen);
    client.until(|seen| heard(seen) > before).await;
    assert_eq!(client.seen.last().map(|batch| &batch.state.health), Some(&Health::Live));
}

#[tokio::test]
async fn a_message_that_is_too_long_is_passed_over() {
    let long = format!("{{\"uid\":\"x\",\"text\":\"{}\"}}", "x".repeat(10_000_000));
    let server = Sockets::start(vec![vec![text("a"), Say::Text(long), text("b"), Say::Hold]]).await;
    let mut client = Client::start(&[feed(socket(table(server.at("/"))))]);
    client.until(has("b")).await;
    assert_eq!(client.uids(), ["a", "b"]);
    assert_eq!(client.seen.last().map(|batch| (batch.state.garbage, batch.state.restarts)), Some((1, 0)));
}

#[tokio::test]
async fn a_wrong_address_is_told() {
    let mut client = Client::start(&[feed(socket(table("https://example.org/?token=s3cret".into())))]);
    client.until(|seen| seen.iter().any(|batch| down(batch).is_some())).await;
    assert_eq!(client.reasons()[0], "the URL starts with https:, not wss: or ws:");
}
