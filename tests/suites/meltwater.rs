use std::net::SocketAddr;

use fishbowl::clock::{Clock, Time};
use fishbowl::feed::QUEUE;
use fishbowl::feed::kinds::Listen;
use fishbowl::feed::kinds::MeltwaterTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::Batch;
use fishbowl::mention::{Country, Kind, Network};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use crate::client::{Client, LIMIT, uids};
use crate::server::{Act, Request, Server, answer, json as ok};
use crate::{Token, service, states};

const NOW: Time = Time::from_secs(1_796_336_400);

async fn free_port() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
    listener.local_addr().expect("it is bound")
}

fn pushed(address: SocketAddr, secret: &Token) -> MeltwaterTable {
    MeltwaterTable { listen: Some(Listen(address)), secret_file: secret.file(), ..MeltwaterTable::default() }
}

fn searched(server: &Server, token: &Token) -> MeltwaterTable {
    MeltwaterTable {
        url: Some(server.at("")),
        token_file: token.file(),
        search: Some(7),
        ..MeltwaterTable::default()
    }
}

fn feed(table: MeltwaterTable) -> Feed {
    service(FeedSpec::from(table))
}

fn start(table: MeltwaterTable) -> (Client, Clock) {
    let clock = Clock::simulated(NOW);
    (Client::with_clock(&[feed(table)], QUEUE, clock.clone()), clock)
}

fn document(id: &str) -> Value {
    json!({"id": id, "published_date": "2026-12-03T22:00:00.000Z", "content": {"opening_text": format!("battery {id}")}})
}

fn documents(ids: &[&str]) -> Vec<u8> {
    let documents: Vec<_> = ids.iter().map(|id| document(id)).collect();
    json!({"request": {"company_id": "c", "hook_id": "h"}, "documents": documents}).to_string().into()
}

/// Posts as Meltwater does, as often as it takes to reach the wall; the status of the answer.
fn post(address: SocketAddr, path: &str, body: Vec<u8>) -> JoinHandle<String> {
    send(address, "POST", path, body)
}

fn send(address: SocketAddr, method: &str, path: &str, body: Vec<u8>) -> JoinHandle<String> {
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: wall\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    tokio::spawn(async move {
        loop {
            let Ok(mut stream) = TcpStream::connect(address).await else {
                tokio::task::yield_now().await;
                continue;
            };
            stream.write_all(&[head.as_bytes(), &body].concat()).await.expect("it is connected");
            let mut told = String::new();
            stream.read_to_string(&mut told).await.expect("it answers");
            return told.split_whitespace().nth(1).unwrap_or_default().to_owned();
        }
    })
}

/// Receives until the post is answered; says that what came is safe, or drops it without a word.
async fn receive(client: &mut Client, posted: JoinHandle<String>, safe: bool) -> String {
    let mut posted = posted;
    let all = async {
        loop {
            tokio::select! {
                status = &mut posted => return status.expect("the post was answered"),
                batch = client.batches.recv() => {
                    let mut batch = batch.expect("the feed runs");
                    match batch.receipt.take() {
                        Some(receipt) if safe => receipt.send(()).expect("the feed waits for it"),
                        _ => {}
                    }
                    client.seen.push(batch);
                }
            }
        }
    };
    timeout(LIMIT, all).await.expect("it is answered in time")
}

#[tokio::test]
async fn what_is_pushed_is_answered_when_it_is_safe() {
    let (address, secret) = (free_port().await, Token::new("s3cret-path"));
    let (mut client, _) = start(pushed(address, &secret));
    let path = "/meltwater/s3cret-path";
    let status = receive(&mut client, post(address, path, documents(&["a", "b"])), true).await;
    assert_eq!((status.as_str(), client.uids()), ("200", vec!["meltwater:a".into(), "meltwater:b".into()]));
    let status = receive(&mut client, post(address, path, documents(&["c"])), false).await;
    assert_eq!(status, "503", "the journal did not keep it");
    let status = receive(&mut client, post(address, path, documents(&["c"])), true).await;
    assert_eq!((status.as_str(), client.uids().len()), ("200", 4), "so it is handed over again");
    assert_eq!(receive(&mut client, post(address, path, documents(&[])), true).await, "200");
    assert_eq!(states(&client.seen), ["live"]);
}

#[tokio::test]
async fn who_does_not_know_the_secret_and_what_is_no_document_is_turned_away() {
    let (address, secret) = (free_port().await, Token::new("s3cret-gate"));
    let (mut client, _) = start(pushed(address, &secret));
    let path = "/meltwater/s3cret-gate";
    for (path, body, status) in [
        ("/meltwater/guess", documents(&["a"]), "404"),
        ("/meltwater", documents(&["a"]), "404"),
        ("/elsewhere", documents(&["a"]), "404"),
        (path, b"{\"documents\":".to_vec(), "400"),
        (path, b"[]".to_vec(), "400"),
        (path, b"\xff\xfe".to_vec(), "400"),
    ] {
        assert_eq!(receive(&mut client, post(address, path, body), true).await, status, "{path}");
    }
    assert_eq!(receive(&mut client, send(address, "GET", path, Vec::new()), true).await, "405");
    // A text that was cut within a character, and a document without an id, spoil nothing else.
    let cut = br#"{"documents":[{"id":"x","content":{"title":"cut \ud83d"}},{"content":{}},null]}"#;
    assert_eq!(receive(&mut client, post(address, path, cut.to_vec()), true).await, "200");
    assert_eq!(client.uids(), ["meltwater:x"]);
    // The one that is kept tells no time.
    assert_eq!(client.garbage(), 2 + 3 + 2 + 1);
}

#[tokio::test]
async fn a_whole_document_becomes_a_mention_in_either_template() {
    let (address, secret) = (free_port().await, Token::new("s3cret-templates"));
    let (mut client, _) = start(pushed(address, &secret));
    let whole: Value = serde_json::from_str(include_str!("meltwater/document.json")).expect("it is JSON");
    let flat = json!({"document_url": "https://blog.example/1", "document_title": "Aurora", "source_reach": 900,
        "document_opening_text": "The battery", "source_information_type": "blogs"});
    let body = json!({"documents": [whole, flat]}).to_string();
    receive(&mut client, post(address, "/meltwater/s3cret-templates", body.into()), true).await;
    let all: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).collect();
    let whole = all[0];
    assert_eq!((whole.network, whole.kind), (Network::News, Kind::Article));
    assert_eq!(
        whole.text.as_deref(),
        Some("The Aurora phone lasts for two days — A test of the new battery.")
    );
    assert!(whole.sentiment.is_some_and(|s| s.score > 0.5));
    assert_eq!(whole.country, Country::new("AT"));
    assert_eq!(whole.author.as_ref().and_then(|a| a.handle.as_deref()), Some("ana"));
    assert_eq!(
        whole.tags.iter().map(|t| &**t).collect::<Vec<_>>(),
        ["Aurora", "good news", "aurora", "battery"]
    );
    let metrics = whole.metrics.as_deref().expect("it has some");
    assert_eq!((metrics.likes, metrics.shares, metrics.replies), (Some(4), Some(3), Some(2)));
    assert_eq!((metrics.quotes, metrics.views), (Some(1), Some(1_200)));
    assert_eq!((&*all[1].uid, all[1].network), ("meltwater:https://blog.example/1", Network::Blog));
    assert_eq!(
        (all[1].text.as_deref(), all[1].reach.map(|r| r.value)),
        (Some("Aurora — The battery"), Some(900))
    );
}

#[tokio::test]
async fn the_wall_registers_its_hook_and_searches_for_what_it_missed() {
    let (address, secret, token) = (free_port().await, Token::new("s3cret-hook"), Token::new("s3cret-key"));
    let server = Server::answering(|request: &Request, n| match request.line.as_str() {
        "POST /v3/hooks" if n == 0 => answer("401 Unauthorized", &[], r#"{"message":"s3cret-key"}"#),
        "POST /v3/hooks" => answer("409 Conflict", &[], "{}"),
        "POST /v3/search/7" if n == 2 => answer("503 Unavailable", &["retry-after: 0"], ""),
        "POST /v3/search/7" => ok(&json!({"result": {"documents": [document("missed")]}}).to_string()),
        other => panic!("nobody asks for {other}"),
    })
    .await;
    let public_url = Some("https://wall.example/meltwater/".into());
    let table = MeltwaterTable {
        public_url,
        ..MeltwaterTable {
            listen: Some(Listen(address)),
            secret_file: secret.file(),
            ..searched(&server, &token)
        }
    };
    let hour_ago = (Clock::system().now().as_secs() - 3_600) * 1_000_000;
    let mut client = Client::after(feed(table), &json!({"until": hour_ago}).to_string());
    client.until(|seen: &[Batch]| uids(seen).len() == 1 && states(seen).last() == Some(&"live")).await;
    assert_eq!(states(&client.seen), ["refused", "catching up", "live"]);
    assert_eq!(client.uids(), ["meltwater:missed"]);
    let reasons = client.reasons();
    assert!(
        reasons[0].contains("check the token") && reasons.iter().all(|why| !why.contains("s3cret")),
        "{reasons:?}"
    );
    let calls = server.calls();
    let hook: Value = serde_json::from_slice(&calls[1].body).expect("it is JSON");
    assert_eq!(hook["target_url"], "https://wall.example/meltwater/s3cret-hook");
    assert_eq!((&hook["search_id"], &hook["template"]["name"]), (&json!(7), &json!("api.json")));
    assert!(calls.iter().all(|call| call.head.contains("apikey: s3cret-key\r\n")));
    let search: Value = serde_json::from_slice(&calls[3].body).expect("it is JSON");
    assert_eq!(
        (&search["page"], &search["page_size"], &search["sort_order"]),
        (&json!(1), &json!(100), &json!("asc"))
    );
    assert_eq!((&search["tz"], &search["template"]["name"]), (&json!("UTC"), &json!("api.json")));
}

#[tokio::test]
async fn a_wall_that_cannot_be_called_searches_within_the_days_calls() {
    let token = Token::new("s3cret-search");
    let many: Vec<String> = (0..100).map(|i| format!("m{i}")).collect();
    let server = Server::answering(move |request: &Request, n| {
        let page = serde_json::from_slice::<Value>(&request.body).expect("it is JSON")["page"].clone();
        let day = "ratelimit-day-limit: 50";
        match (n, page.as_u64()) {
            (0, _) => answer(
                "403 Forbidden",
                &[day, "ratelimit-day-remaining: 0", "ratelimit-day-reset: 2026-12-03T22:30:00Z"],
                "",
            ),
            (1, _) => answer(
                "429 Too Many Requests",
                &["retry-after: 2026-12-03T22:21:00.000Z"],
                r#"{"message":"Service Overloaded"}"#,
            ),
            (2, _) => vec![Act::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"resu".into())],
            (3, Some(1)) => {
                ok(&json!({"result": {"documents": many.iter().map(|id| document(id)).collect::<Vec<_>>()}})
                    .to_string())
            }
            (4, Some(2)) => ok(&json!({"result": {"documents": [document("last")]}}).to_string()),
            _ => ok(&json!({"documents": []}).to_string()),
        }
    })
    .await;
    let (mut client, clock) = start(searched(&server, &token));
    client
        .until(|seen: &[Batch]| {
            // The day that is used up ends.
            if seen.len() > 1 {
                clock.set(NOW + std::time::Duration::from_secs(86_400));
            }
            seen.iter().any(|b| b.cursor.is_some())
        })
        .await;
    assert_eq!(client.uids().len(), 101);
    let reasons = client.reasons();
    assert!(reasons[0].contains("its calls for today") && reasons[1].contains("429"), "{reasons:?}");
    assert_eq!(states(&client.seen), ["throttled", "down", "live"]);
}
