//! Hacker News: a fake of its Firebase API.

use std::sync::{Arc, Mutex};

use fishbowl::feed::kinds::HackerNewsTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::Health;
use fishbowl::mention::{Mention, Op};

use crate::client::{Client, feed, uids};
use crate::server::{Act, Server, answer, json};

fn hacker_news(server: &Server, backfill: u32) -> Feed {
    let url = Some(server.at("/v0"));
    let table = HackerNewsTable { url, every: Lasting::from_secs(5), backfill, ..HackerNewsTable::default() };
    feed(FeedSpec::from(table))
}

fn story(id: u64, title: &str, score: u64) -> String {
    format!(
        "{{\"id\":{id},\"type\":\"story\",\"by\":\"ana\",\"time\":1783175886,\"title\":\"{title}\",\"score\":{score}}}"
    )
}

/// What the fake holds; tests change it while it runs.
#[derive(Default)]
struct Held {
    newest: u64,
    changed: Vec<u64>,
    /// Items that are not as [`story`] makes them.
    items: Vec<(u64, String)>,
}

async fn fake(held: Arc<Mutex<Held>>) -> Server {
    Server::answering(move |request, _| {
        let held = held.lock().expect("no test panics with the lock");
        match request.line.trim_start_matches("GET /v0/").trim_end_matches(".json") {
            "maxitem" => json(&held.newest.to_string()),
            "updates" => json(&format!("{{\"items\":{:?},\"profiles\":[\"ana\"]}}", held.changed)),
            item => {
                let id = item.trim_start_matches("item/").parse().expect("an item");
                let odd = held.items.iter().find(|(odd, _)| *odd == id);
                json(&odd.map_or_else(|| story(id, &format!("Story {id}"), 1), |(_, item)| item.clone()))
            }
        }
    })
    .await
}

fn mentions(client: &Client) -> Vec<&Mention> {
    client.seen.iter().flat_map(|batch| &batch.mentions).collect()
}

fn change(held: &Mutex<Held>, change: impl FnOnce(&mut Held)) {
    change(&mut held.lock().expect("no test panics with the lock"));
}

#[tokio::test]
async fn items_come_in_order_and_changes_after_them() {
    let held = Arc::new(Mutex::new(Held { newest: 103, ..Held::default() }));
    let server = fake(held.clone()).await;
    let mut client = Client::start(&[hacker_news(&server, 3)]);
    client.until(|seen| uids(seen).len() == 3).await;
    assert_eq!(client.uids(), ["hackernews:101", "hackernews:102", "hackernews:103"]);
    change(&held, |held| {
        held.changed = vec![101, 102, 103, 7];
        held.items = vec![
            (101, story(101, "Story 101", 50)),
            (102, story(102, "Better words", 1)),
            (103, "{\"id\":103,\"type\":\"story\",\"deleted\":true}".into()),
        ];
    });
    client.until(|seen| uids(seen).len() == 6).await;
    let news: Vec<_> = mentions(&client)[3..].iter().map(|m| (&*m.uid, m.op, m.text.as_deref())).collect();
    assert_eq!(
        news,
        [
            ("hackernews:101", Op::Metrics, None),
            ("hackernews:102", Op::Upsert, Some("Better words")),
            ("hackernews:103", Op::Delete, None),
        ]
    );
    assert_eq!(mentions(&client)[3].metrics.as_ref().and_then(|m| m.likes), Some(50));
    assert!(mentions(&client)[4].version > mentions(&client)[1].version);
    assert!(!server.calls().iter().any(|call| call.line.contains("item/7.")), "what was before is not ours");
}

#[tokio::test]
async fn an_item_that_is_not_there_yet_is_waited_for() {
    let held =
        Arc::new(Mutex::new(Held { newest: 102, items: vec![(101, "null".into())], ..Held::default() }));
    let server = fake(held.clone()).await;
    let mut client = Client::start(&[hacker_news(&server, 2)]);
    let waited = |seen: &[_]| uids(seen).contains(&"hackernews:102".to_owned());
    client.until(|seen| waited(seen) && seen.iter().any(|b| b.cursor.is_some())).await;
    assert_eq!(client.cursor().as_deref(), Some("101-100"), "a restart would ask for it again");
    change(&held, |held| held.items.clear());
    client.until(|seen| seen.iter().any(|b| b.cursor.as_deref() == Some("101-102"))).await;
    assert_eq!(client.uids(), ["hackernews:102", "hackernews:101"]);
}

#[tokio::test]
async fn a_restart_goes_on_after_the_last_item_and_a_long_gap_is_bounded() {
    let server = fake(Arc::new(Mutex::new(Held { newest: 1_000, ..Held::default() }))).await;
    let mut client = Client::after(hacker_news(&server, 500), "1-997");
    client.until(|seen| uids(seen).len() == 3).await;
    assert_eq!(client.uids(), ["hackernews:998", "hackernews:999", "hackernews:1000"]);
    let mut client = Client::after(hacker_news(&server, 200), "1-10");
    client.until(|seen| seen.iter().any(|b| b.cursor.as_deref() == Some("1-1000"))).await;
    assert_eq!((client.uids().len(), client.uids()[0].as_str()), (200, "hackernews:801"));
    assert!(client.seen.iter().any(|b| b.state.health == Health::CatchingUp));
    assert_eq!(client.seen.last().map(|b| &b.state.health), Some(&Health::Live));
}

#[tokio::test]
async fn faults_lose_nothing_and_double_nothing() {
    let faults: [fn() -> Vec<Act>; 5] = [
        || answer("503 Service Unavailable", &[], ""),
        || answer("200 OK", &["content-type: text/html"], "<html>Sorry</html>"),
        || vec![Act::Head("HTTP/1.1 200 OK\r\n"), Act::Chunk(b"{\"id\":".into())],
        || vec![Act::Reset],
        || answer("429 Too Many Requests", &["retry-after: 0"], ""),
    ];
    let server =
        Server::answering(move |request, before| match request.line.trim_start_matches("GET /v0/") {
            // Every seventeenth answer is a fault, each kind in its turn.
            _ if before % 17 == 16 => faults[before / 17 % faults.len()](),
            "maxitem.json" => json("100"),
            "updates.json" => json("{\"items\":[]}"),
            item => match item.trim_start_matches("item/").trim_end_matches(".json").parse() {
                Ok(id) => json(&story(id, "A", 1)),
                // A connection that the client gave up because another one failed.
                Err(_) => Vec::new(),
            },
        })
        .await;
    let mut client = Client::start(&[hacker_news(&server, 100)]);
    client.until(|seen| uids(seen).contains(&"hackernews:100".to_owned())).await;
    let mut uids: Vec<u64> =
        client.uids().iter().filter_map(|uid| uid.strip_prefix("hackernews:")?.parse().ok()).collect();
    uids.sort_unstable();
    assert_eq!(uids, (1..=100).collect::<Vec<_>>());
    assert_eq!(client.garbage(), 0);
}
