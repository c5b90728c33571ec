//! Wikimedia EventStreams against a scripted server.

use std::time::Duration;

use fishbowl::clock::Clock;
use fishbowl::feed::kinds::WikimediaTable;
use fishbowl::feed::{Cursors, QUEUE, spawn_with};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::Health;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::client::{Client, LIMIT, SSE, chunk, feed, hurry, uids};
use crate::server::{Act, Server};

fn edit(number: u32, domain: &str) -> String {
    let id =
        format!("[{{\"topic\":\"eqiad.mediawiki.recentchange\",\"partition\":0,\"timestamp\":{number}}}]");
    format!(
        "event: message\nid: {id}\ndata: {{\"meta\":{{\"id\":\"e{number}\",\"domain\":\"{domain}\",\"dt\":\"2026-11-22T08:00:00Z\"}},\
         \"type\":\"edit\",\"namespace\":0,\"title\":\"Glass\",\"comment\":\"\",\"user\":\"Ana\",\"bot\":false}}\n\n"
    )
}

fn wikimedia(server: &Server) -> WikimediaTable {
    let contact = Some("https://wall.example/about".into());
    WikimediaTable { url: Some(server.url()), contact, ..WikimediaTable::default() }
}

fn service(table: WikimediaTable) -> Feed {
    feed(FeedSpec::from(table))
}

#[tokio::test]
async fn it_goes_on_after_the_last_event_and_says_who_it_is() {
    let first = vec![
        Act::Head(SSE),
        chunk(":ok\n\n"),
        chunk(edit(1, "en.wikipedia.org")),
        chunk(edit(2, "canary")),
        chunk("id: 3\ndata: {\"me"),
    ];
    let second = vec![Act::Head(SSE), chunk(edit(3, "en.wikipedia.org")), Act::Hold];
    let server = Server::start(vec![first, second]).await;
    let mut client = Client::start(&[service(wikimedia(&server))]);
    client.until(|seen| uids(seen).contains(&"wikimedia:e3".to_owned())).await;
    assert_eq!(client.uids(), ["wikimedia:e1", "wikimedia:e3"]);
    let requests = server.requests();
    assert!(
        requests[0].contains("(https://wall.example/about)\r\n") && !requests[0].contains("last-event-id"),
        "{}",
        requests[0]
    );
    assert!(requests[1].contains("\"timestamp\":2}]\r\n"), "{}", requests[1]);
    assert!(client.cursor().is_some_and(|cursor| cursor.contains("\"timestamp\":3")));
}

#[tokio::test]
async fn a_usual_cut_alarms_nobody() {
    let script = |number| vec![Act::Head(SSE), chunk(edit(number, "en.wikipedia.org")), Act::End];
    let server = Server::start(vec![
        script(1),
        script(2),
        vec![Act::Head(SSE), chunk(edit(3, "en.wikipedia.org")), Act::Hold],
    ])
    .await;
    let (out, mut batches) = mpsc::channel(QUEUE);
    let pace = fishbowl::feed::Pace { healthy_after: Duration::ZERO, ..hurry() };
    let feeds = [service(wikimedia(&server))];
    let _feeds = spawn_with(&feeds, &Cursors::default(), Clock::system(), out, &Handle::current(), &pace);
    let mut seen = Vec::new();
    while !uids(&seen).contains(&"wikimedia:e3".to_owned()) {
        let batch = timeout(LIMIT, batches.recv()).await.expect("it comes in time");
        seen.push(batch.expect("the feed runs"));
    }
    assert_eq!(uids(&seen).len(), 3);
    assert!(seen.iter().all(|batch| matches!(batch.state.health, Health::Live | Health::Connecting)));
}

#[tokio::test]
async fn the_first_start_brings_a_past_and_a_restart_its_cursor() {
    let hold = || vec![Act::Head(SSE), chunk(edit(1, "en.wikipedia.org")), Act::Hold];
    let server = Server::start(vec![hold(), hold()]).await;
    let table = WikimediaTable { look_back: Some(Lasting::from_secs(3_600)), ..wikimedia(&server) };
    let mut client = Client::start(&[service(table.clone())]);
    client.until(|seen| !uids(seen).is_empty()).await;
    let cursor = client.cursor().expect("it was marked");
    drop(client);
    let mut client = Client::after(service(table), &cursor);
    client.until(|seen| !uids(seen).is_empty()).await;
    let requests = server.requests();
    assert!(requests[0].contains("since=20"), "{}", requests[0]);
    assert!(requests[1].contains("last-event-id: [{") && !requests[1].contains("since="), "{}", requests[1]);
}

#[tokio::test]
async fn a_forgotten_cursor_and_a_closed_door_are_told() {
    let answer = |head: &str| vec![Act::Raw(format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n").into())];
    let live = vec![Act::Head(SSE), chunk(edit(1, "en.wikipedia.org")), Act::Hold];
    let server = Server::start(vec![answer("400 Bad Request"), answer("403 Forbidden"), live]).await;
    let mut client = Client::after(service(wikimedia(&server)), "[{\"topic\":\"gone\"}]");
    client.until(|seen| !uids(seen).is_empty()).await;
    let reasons = client.reasons();
    assert!(reasons[0].contains("no longer knows") && reasons[1].contains("`contact`"), "{reasons:?}");
    assert!(!server.requests()[1].contains("last-event-id"));
}
