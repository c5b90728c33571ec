//! News feeds: what is asked, what is handed over, and what failures do.

use std::time::Duration;

use fishbowl::feed::kinds::RssTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::Op;
use fishbowl::mention::source::{Batch, Health};
use tokio::time::timeout;

use crate::client::{Client, down, feed, uids};
use crate::nginx::Nginx;
use crate::server::{Act, Request, Server, answer};

const XML: &str = "content-type: application/rss+xml";

fn rss(urls: &[String]) -> Feed {
    let table = RssTable { urls: urls.to_vec(), every: Lasting::from_secs(60), ..RssTable::default() };
    feed(FeedSpec::from(table))
}

fn item(id: &str, title: &str) -> String {
    format!(
        "<item><guid>tag:a.example,2026:{id}</guid><title>{title}</title><pubDate>Sat, 04 Jul 2026 14:38:06 GMT</pubDate></item>"
    )
}

fn channel(items: &str) -> String {
    format!("<rss version=\"2.0\"><channel><title>Acme Daily</title>{items}</channel></rss>")
}

fn document(items: &str) -> Vec<Act> {
    answer("200 OK", &[XML, "etag: \"v1\""], &channel(items))
}

/// What each mention says.
fn texts(client: &Client) -> Vec<String> {
    let mentions = client.seen.iter().flat_map(|batch| &batch.mentions);
    mentions.filter_map(|m| m.text.as_deref().map(str::to_owned)).collect()
}

/// What is wrong with the feed although it is connected.
fn told(seen: &[Batch]) -> Option<String> {
    seen.last()?.state.trouble.as_ref().map(|trouble| trouble.why.to_string())
}

fn asks_again(request: &Request) -> bool {
    request.head.contains("if-none-match: \"v1\"")
}

#[tokio::test]
async fn a_changed_entry_is_an_edit_and_an_unchanged_feed_costs_nothing() {
    let server = Server::answering(|request, before| match before {
        0 => document(&(item("1", "A &amp;amp; B") + &item("2", "Two"))),
        1 if asks_again(request) => answer("304 Not Modified", &[], ""),
        2 => answer("200 OK", &[XML], &channel(&(item("1", "A and B") + &item("3", "Three")))),
        _ => vec![Act::Hold],
    })
    .await;
    let mut client = Client::start(&[rss(&[server.at("/feed")])]);
    client.until(|seen| uids(seen).contains(&"feed:tag:a.example,2026:3".to_owned())).await;
    assert_eq!(
        client.uids(),
        [
            "feed:tag:a.example,2026:1",
            "feed:tag:a.example,2026:2",
            "feed:tag:a.example,2026:1",
            "feed:tag:a.example,2026:3"
        ]
    );
    assert_eq!(texts(&client), ["A & B", "Two", "A and B", "Three"]);
    let versions: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).map(|m| m.version).collect();
    assert!(versions[2] > versions[0], "the edit is later: {versions:?}");
    let mention = client.seen.iter().flat_map(|b| &b.mentions).next().expect("there is one");
    assert_eq!(mention.ts.as_secs(), 1_783_175_886);
    assert_eq!(mention.author.as_ref().and_then(|a| a.name.as_deref()), Some("Acme Daily"));
}

#[tokio::test]
async fn a_restart_asks_with_the_old_validators_at_the_new_address() {
    let server = Server::answering(|request, _| match request.line.as_str() {
        "GET /old" => answer("301 Moved Permanently", &["location: /new"], ""),
        "GET /new" if asks_again(request) => answer("304 Not Modified", &[], ""),
        _ => document(&item("1", "One")),
    })
    .await;
    let mut client = Client::start(&[rss(&[server.at("/old")])]);
    client.until(|seen| seen.iter().any(|batch| batch.cursor.is_some())).await;
    let cursor = client.cursor().expect("it was marked");
    drop(client);
    let before = server.calls().len();
    let mut client = Client::after(rss(&[server.at("/old")]), &cursor);
    client.until(|seen| seen.iter().any(|b| b.state.health == Health::Live)).await;
    let asked = &server.calls()[before];
    assert!(asked.line == "GET /new" && asks_again(asked), "{asked:?}");
    assert!(client.uids().is_empty(), "nothing has changed");
}

#[tokio::test]
async fn an_address_that_is_gone_is_given_up() {
    let server = Server::answering(|_, _| answer("410 Gone", &[], "")).await;
    let mut client = Client::start(&[rss(&[server.at("/feed?key=s3cret")])]);
    client.until(|seen| seen.iter().any(|b| down(b).is_some())).await;
    let reasons = client.reasons();
    assert!(reasons[0].contains("/feed is gone for good (410); remove it"), "{reasons:?}");
    assert!(!reasons[0].contains("s3cret"));
    let more = timeout(Duration::from_millis(300), client.batches.recv()).await;
    assert!(more.is_err(), "it is not asked again");
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn one_address_that_fails_does_not_hold_up_the_others() {
    let server = Server::answering(|request, before| match request.line.as_str() {
        "GET /good" => answer("200 OK", &[XML], &channel(&item(&before.to_string(), "Good"))),
        "GET /gone" => answer("410 Gone", &[], ""),
        "GET /cut" => vec![Act::Head("HTTP/1.1 200 OK\r\n"), Act::Chunk(b"<rss><channel>".into())],
        _ => answer("503 Service Unavailable", &["retry-after: 1"], ""),
    })
    .await;
    let urls = ["/busy", "/gone", "/cut", "/good"].map(|path| server.at(path));
    let mut client = Client::start(&[rss(&urls)]);
    client.until(|seen| uids(seen).len() >= 4).await;
    assert_eq!(client.reasons(), [""; 0]);
    client.until(|seen| told(seen).is_some_and(|why| why.starts_with("3 of 4 URLs fail: "))).await;
    let why = told(&client.seen).expect("it is told");
    assert!(why.contains("/busy: the server answers") && why.contains("/gone is gone for good"), "{why}");
    assert!(client.seen.iter().any(|batch| batch.state.next_try.is_some()), "when it is tried again is told");
    assert!(client.seen.iter().any(|b| b.state.health == Health::Live));
    let asked = |path: &str| server.calls().iter().filter(|call| call.line.ends_with(path)).count();
    assert_eq!(asked("/gone"), 1, "it is given up");
    assert!(asked("/busy") >= 1 && asked("/good") >= 4);
}

#[tokio::test]
async fn a_feed_in_utf_16_is_read_whatever_http_says() {
    let xml = channel(&item("1", "電池 🔋"));
    let wide: Vec<u8> = [0xfeff].into_iter().chain(xml.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let scripts = vec![
        vec![
            Act::Head("HTTP/1.1 200 OK\r\ncontent-type: text/xml; charset=utf-8\r\n"),
            Act::Chunk(wide),
            Act::End,
        ],
        vec![Act::Hold],
    ];
    let server = Server::start(scripts).await;
    let mut client = Client::start(&[rss(&[server.at("/")])]);
    client.until(|seen| !uids(seen).is_empty()).await;
    assert_eq!(texts(&client), ["電池 🔋"]);
}

#[tokio::test]
async fn every_fault_is_told_in_words_and_overcome() {
    let long = "x".repeat(17 << 20);
    let scripts = vec![
        answer("429 Too Many Requests", &["retry-after: Wed, 21 Oct 2015 07:28:00 GMT"], ""),
        answer("500 Oops", &[], ""),
        answer("401 Unauthorized", &[], ""),
        answer("200 OK", &["content-type: text/html"], "<!DOCTYPE html><html><body>Sign in</body></html>"),
        answer("200 OK", &[XML], "<rss version='2.0'><channel><item><title>cut"),
        answer("200 OK", &[XML], ""),
        answer(
            "200 OK",
            &["content-type: application/json"],
            "{\"version\":\"https://jsonfeed.org/version/1.1\"}",
        ),
        answer("200 OK", &[XML], &long),
        vec![Act::Reset],
        document(&item("1", "One")),
        vec![Act::Hold],
    ];
    let server = Server::start(scripts).await;
    let mut client = Client::start(&[rss(&[server.at("/feed?key=s3cret")])]);
    client.until(|seen| !uids(seen).is_empty()).await;
    let reasons = client.reasons();
    let told = [
        "answers 429: too many requests",
        "answers 500: server error",
        "answers 401: check the token",
        "it is a web page",
        "it is not XML",
        "it is not RSS, Atom or JSON Feed",
        "it is not JSON Feed",
        "the response is longer than 16 MiB",
        "cannot reach",
    ];
    assert_eq!(reasons.len(), told.len(), "{reasons:#?}");
    for (reason, told) in reasons.iter().zip(told) {
        assert!(reason.contains(told) && !reason.contains("s3cret"), "{reason} is not: {told}");
    }
    let throttled = client.seen.iter().any(|b| matches!(b.state.health, Health::Throttled { .. }));
    let refused = client.seen.iter().any(|b| matches!(b.state.health, Health::Refused { .. }));
    assert!(throttled && refused);
}

#[tokio::test]
async fn json_feed_and_retractions_of_atom_are_read() {
    let json = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"J\",\"language\":\"de\",\"items\":[{\"id\":\"7\",\
        \"url\":\"https://a.example/7\",\"content_html\":\"<p>Hello <b>wall</b></p>\",\
        \"date_published\":\"2026-07-04T14:38:06Z\"}]}";
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:at=\"http://purl.org/atompub/tombstones/1.0\">\
        <at:deleted-entry ref=\"tag:a.example,2026:gone\" when=\"2026-07-04T14:38:06Z\"/></feed>";
    let scripts = vec![answer("200 OK", &[], json), answer("200 OK", &[], atom), vec![Act::Hold]];
    let server = Server::start(scripts).await;
    let mut client = Client::start(&[rss(&[server.at("/")])]);
    client.until(|seen| uids(seen).len() == 2).await;
    let mentions: Vec<_> = client.seen.iter().flat_map(|batch| &batch.mentions).collect();
    assert_eq!((mentions[0].text.as_deref(), mentions[0].lang.as_deref()), (Some("Hello wall"), Some("de")));
    assert_eq!(mentions[0].url.as_deref(), Some("https://a.example/7"));
    assert_eq!((&*mentions[1].uid, mentions[1].op), ("feed:tag:a.example,2026:gone", Op::Delete));
}

/// Serves one file, and logs what is asked.
fn nginx_with(document: &str) -> Nginx {
    let http = "access_log {}/access.log; types { application/rss+xml xml; }";
    let nginx = Nginx::start(None, http, "root {};");
    rewrite(&nginx, document);
    nginx
}

fn rewrite(nginx: &Nginx, document: &str) {
    std::fs::write(nginx.folder.path().join("feed.xml"), document).expect("it is writable");
}

#[tokio::test]
async fn nginx_answers_304_until_the_file_changes() {
    let nginx = nginx_with(&channel(&item("1", "One")));
    let mut client = Client::start(&[rss(&[format!("http://127.0.0.1:{}/feed.xml", nginx.port)])]);
    let watch = async {
        while !nginx.read("access.log").contains("\" 304 ") {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = watch => {}
        () = client.until(|_| false) => {}
    }
    rewrite(&nginx, &channel(&(item("1", "One") + &item("2", "Two"))));
    client.until(|seen| uids(seen).contains(&"feed:tag:a.example,2026:2".to_owned())).await;
    assert_eq!(client.uids(), ["feed:tag:a.example,2026:1", "feed:tag:a.example,2026:2"]);
}

#[tokio::test]
async fn one_broken_entry_is_no_trouble_and_nothing_but_broken_ones_is() {
    let server = Server::answering(|_, before| {
        let good = if before < 6 { r#"{"id":"1","title":"One"},"# } else { "" };
        let items = format!("[{good}{{\"id\":\"2\",\"title\":\"x\",\"tags\":[5]}}]");
        let body =
            format!("{{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"A\",\"items\":{items}}}");
        answer("200 OK", &["content-type: application/feed+json"], &body)
    })
    .await;
    let mut client = Client::start(&[rss(&[server.at("/feed")])]);
    client.until(|seen| told(seen).is_some()).await;
    assert!(told(&client.seen).is_some_and(|why| why.contains("an entry that cannot be read")));
    assert!(client.garbage() >= 7, "{}", client.garbage());
}
