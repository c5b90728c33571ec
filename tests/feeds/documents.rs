//! Polled JSON: pages, cursors, conditions, limits.

use fishbowl::feed::kinds::{JsonTable, Paging};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::FieldMap;
use fishbowl::mention::source::{Batch, Health};

use crate::client::{Client, down, feed, uids};
use crate::server::{Act, Request, Server, answer, json};

/// Asks once a minute, which is 30 ms in a test; records are `{"id": …, "text": …}` in `items`.
fn table(url: String) -> JsonTable {
    let path = |path: &str| Some(path.to_owned());
    let map = FieldMap { id: "$.id".into(), text: path("$.text"), ..FieldMap::default() };
    JsonTable { url, items: path("$.items[*]"), map: Some(map), ..JsonTable::default() }
}

fn polled(table: JsonTable) -> FeedSpec {
    FeedSpec::from(table)
}

fn items(ids: impl IntoIterator<Item = u32>, rest: &str) -> String {
    let items: Vec<_> = ids.into_iter().map(|id| format!("{{\"id\":{id},\"text\":\"no {id}\"}}")).collect();
    format!("{{\"items\":[{}]{rest}}}", items.join(","))
}

fn has(uid: &str) -> impl Fn(&[Batch]) -> bool {
    let uid = format!("feed:{uid}");
    move |seen| uids(seen).contains(&uid)
}

fn asked(server: &Server) -> Vec<String> {
    server.calls().into_iter().map(|request| request.line).collect()
}

#[tokio::test]
async fn only_what_is_new_or_changed_is_handed_over() {
    let server = Server::answering(|_, nth| match nth {
        0 => json(&items([1, 2], "")),
        1 => json(&items([2, 3], "")),
        _ => json("{\"items\":[{\"id\":3,\"text\":\"edited\"},{\"no\":1}]}"),
    })
    .await;
    let mut client = Client::start(&[feed(polled(table(server.at("/list"))))]);
    client.until(|seen| uids(seen).len() >= 4 && seen.last().is_some_and(|b| b.state.garbage > 1)).await;
    assert_eq!(client.uids(), ["feed:1", "feed:2", "feed:3", "feed:3"]);
    assert_eq!(client.seen.last().map(|batch| &batch.state.health), Some(&Health::Live));
}

#[tokio::test]
async fn what_has_not_changed_is_not_sent_again() {
    let server = Server::answering(|request, _| {
        if request.head.contains("if-none-match: \"v1\"\r\n") {
            answer("304 Not Modified", &["etag: \"v1\""], "")
        } else {
            answer(
                "200 OK",
                &["etag: \"v1\"", "last-modified: Sat, 04 Jul 2026 14:38:06 GMT"],
                &items([1], ""),
            )
        }
    })
    .await;
    let mut client = Client::start(&[feed(polled(table(server.at("/list"))))]);
    client.until(|_| server.requests().len() > 3).await;
    let requests = server.requests();
    assert!(!requests[0].contains("if-none-match"));
    assert!(requests[1..].iter().all(|r| r.contains("if-modified-since: sat, 04 jul 2026 14:38:06 gmt\r\n")));
    assert_eq!(client.uids(), ["feed:1"]);
    assert!(client.reasons().is_empty());
}

#[tokio::test]
async fn links_are_followed_until_a_page_holds_nothing_new() {
    let server = Server::answering(|request, _| match request.query("page") {
        None => json(&items([9, 8], ",\"next\":\"/list?page=2\"")),
        Some("2") => json(&items([7, 6], ",\"next\":\"/list?page=3\"")),
        _ => json(&items([6, 5], ",\"next\":null")),
    })
    .await;
    let paging = Some(Paging::NextLink { path: Some("$.next".into()), keep: false });
    let mut client = Client::start(&[feed(polled(JsonTable { paging, ..table(server.at("/list")) }))]);
    client.until(|_| server.requests().len() > 5).await;
    assert_eq!(client.uids(), ["feed:9", "feed:8", "feed:7", "feed:6", "feed:5"]);
    let again = &asked(&server)[3..6];
    assert!(again.iter().all(|line| line == "GET /list"), "nothing is new, so no page is turned: {again:?}");
}

#[tokio::test]
async fn pages_are_bounded() {
    let server = Server::answering(|request, _| {
        let page: u32 = request.query("p").and_then(|p| p.parse().ok()).unwrap_or(0);
        json(&items([page * 2, page * 2 + 1], ""))
    })
    .await;
    let paging = Some(Paging::Page { parameter: "p".into(), first: 1 });
    let spec = JsonTable { paging, pages: Some(3), ..table(server.at("/list")) };
    let mut client = Client::start(&[feed(polled(spec))]);
    client.until(|_| server.requests().len() > 3).await;
    assert_eq!(asked(&server)[..4], ["GET /list?p=1", "GET /list?p=2", "GET /list?p=3", "GET /list?p=1"]);
}

#[tokio::test]
async fn a_kept_token_leads_on_also_after_a_restart() {
    let choose = |request: &Request, _| match request.query("cursor") {
        None => json(&items([1], ",\"next\":\"a\"")),
        Some("a") => json(&items([2], ",\"next\":\"b\"")),
        _ => json(&items([], ",\"next\":\"b\"")),
    };
    let server = Server::answering(choose).await;
    let paging = Some(Paging::Token { path: "$.next".into(), parameter: "cursor".into(), keep: true });
    let spec = || feed(polled(JsonTable { paging: paging.clone(), ..table(server.at("/list")) }));
    let mut client = Client::start(&[spec()]);
    client.until(|_| server.requests().len() > 4).await;
    client.until(|seen| seen.iter().filter(|b| b.cursor.is_some()).count() > 0).await;
    assert!(asked(&server)[2..].iter().all(|line| line == "GET /list?cursor=b"), "{:?}", asked(&server));
    let (before, cursor) = (asked(&server).len(), client.cursor().expect("it was kept"));
    drop(client);
    let mut client = Client::after(spec(), &cursor);
    client.until(|_| asked(&server).len() > before + 1).await;
    assert_eq!(asked(&server)[before], "GET /list?cursor=b");
}

#[tokio::test]
async fn ids_lead_on_from_the_greatest() {
    let server = Server::answering(|request, _| {
        let since: u32 = request.query("since_id").and_then(|id| id.parse().ok()).unwrap_or(97);
        json(&items((since + 1..=102).rev().take(2), ""))
    })
    .await;
    let paging = Some(Paging::SinceId { path: "$.id".into(), parameter: "since_id".into() });
    let mut client =
        Client::start(&[feed(polled(JsonTable { paging, ..table(server.at("/list?q=a%20b")) }))]);
    client.until(has("102")).await;
    client.until(|_| server.requests().len() > 2).await;
    assert_eq!(asked(&server)[..2], ["GET /list?q=a%20b", "GET /list?q=a+b&since_id=102"]);
}

#[tokio::test]
async fn a_limit_is_heeded_before_and_after_it_is_passed() {
    let far = "x-ratelimit-reset: 1000";
    let server = Server::answering(move |_, nth| match nth {
        0 => answer("200 OK", &["x-ratelimit-remaining: 0", far], &items([1], "")),
        1 => answer("429 Too Many Requests", &["retry-after: 1200"], ""),
        _ => json(&items([2], "")),
    })
    .await;
    let spec = JsonTable { every: Some(Lasting::from_secs(1)), ..table(server.at("/list")) };
    let mut client = Client::start(&[feed(polled(spec))]);
    client.until(has("2")).await;
    let throttled = client.seen.iter().find_map(|batch| match &batch.state.health {
        Health::Throttled { until, why } => Some((*until, why.to_string(), batch.state.heard)),
        _ => None,
    });
    let (until, why, heard) = throttled.expect("it is told");
    assert_eq!(why, "the server answers 429: too many requests");
    let wait = until.since(heard.expect("it was heard before"));
    assert!((1_190..1_400).contains(&wait.as_secs()), "{wait:?}");
}

#[tokio::test]
async fn the_token_goes_where_the_layout_wants_it_and_is_never_told() {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), "s3cret").expect("it is writable");
    let with = |header: Option<&str>, parameter: Option<&str>| {
        let refused = answer("403 Forbidden", &[], "");
        let (header, parameter) = (header.map(str::to_owned), parameter.map(str::to_owned));
        let token_file = Some(file.path().to_path_buf());
        async move {
            let server = Server::answering(move |_, _| refused.clone()).await;
            let spec = JsonTable {
                token_file,
                token_header: header,
                token_parameter: parameter,
                ..table(server.at("/x"))
            };
            let mut client = Client::start(&[feed(polled(spec))]);
            client.until(|seen| seen.iter().any(|b| matches!(b.state.health, Health::Refused { .. }))).await;
            let told = format!("{:?}", client.seen);
            assert!(!told.contains("s3cret"), "{told}");
            server.requests()[0].clone()
        }
    };
    assert!(with(None, None).await.contains("authorization: bearer s3cret\r\n"));
    assert!(with(Some("X-Api-Key"), None).await.contains("x-api-key: s3cret\r\n"));
    let asked = with(None, Some("access_token")).await;
    assert!(asked.starts_with("get /x?access_token=s3cret ") && !asked.contains("authorization"), "{asked}");
}

#[tokio::test]
async fn what_is_no_json_or_too_long_is_told_and_overcome() {
    let server = Server::answering(|_, nth| match nth {
        0 => answer("200 OK", &["content-type: text/html"], "<html>"),
        1 => vec![Act::Head("HTTP/1.1 200 OK\r\n"), Act::Chunk(vec![b' '; 17 << 20]), Act::End],
        2 => vec![Act::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"items\":[".into())],
        _ => json(&items([1], "")),
    })
    .await;
    let mut client = Client::start(&[feed(polled(table(server.at("/list"))))]);
    client.until(has("1")).await;
    let reasons = client.reasons();
    assert_eq!(reasons[..2], ["the server sends text/html, not JSON", "the response is longer than 16 MiB"]);
    assert!(reasons[2].starts_with("the connection broke"), "{reasons:?}");
    assert_eq!(client.seen.last().map(|batch| batch.state.restarts), Some(3));
    assert!(client.seen.iter().filter_map(down).all(|why| !why.contains("/list")));
}

#[tokio::test]
async fn a_next_page_on_another_server_is_refused() {
    let server = Server::answering(|_, _| json(&items([1], ",\"next\":\"http://127.0.0.2:9/\""))).await;
    let paging = Some(Paging::NextLink { path: Some("$.next".into()), keep: false });
    let mut client = Client::start(&[feed(polled(JsonTable { paging, ..table(server.at("/list")) }))]);
    client.until(|seen| seen.iter().any(|batch| down(batch).is_some())).await;
    assert_eq!(client.reasons()[0], "the next page is on another server, or its URL is not valid");
    assert_eq!(client.uids(), ["feed:1"], "what was read before is not lost");
}
