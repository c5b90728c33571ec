//! Server-sent events, the cases of web-platform-tests about answers, redirects and resuming
//! (`docs/feeds/event-streams.md` has the table), and what is kept over a restart.

use fishbowl::mention::source::Health;
use tokio::time::timeout;

use crate::client::{Client, LIMIT, SSE, chunk, down, event, feed, sse, uids};
use crate::server::{Act, Server, answer};

fn has(uid: &str) -> impl Fn(&[fishbowl::mention::source::Batch]) -> bool {
    let uid = uid.to_owned();
    move |seen| uids(seen).contains(&uid)
}

#[tokio::test]
async fn only_event_streams_are_taken() {
    for (mime, taken) in [
        ("text/event-stream", true),
        ("text/event-stream;", true),
        ("Text/Event-Stream; charset=latin1", true),
        ("x bogus", false),
        ("text/x-bogus", false),
        ("application/json", false),
    ] {
        let body = event("1");
        let script = answer("200 OK", &[&format!("content-type: {mime}")], &body);
        let server = Server::answering(move |_, _| script.clone()).await;
        let mut client = Client::start(&[feed(sse(server.url()))]);
        if taken {
            client.until(has("1")).await;
        } else {
            client
                .until(|seen| seen.iter().filter_map(down).any(|why| why.contains("which is not a stream")))
                .await;
            assert!(client.uids().is_empty(), "{mime}");
        }
        assert!(server.requests()[0].contains("accept: text/event-stream\r\n"));
    }
}

#[tokio::test]
async fn statuses_other_than_200_are_no_streams() {
    for status in [205, 210, 299, 404, 410, 503] {
        let head = format!(
            "HTTP/1.1 {status} Whatever\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
        );
        let script = vec![Act::Raw((head + &event("1")).into())];
        let server = Server::answering(move |_, _| script.clone()).await;
        let mut client = Client::start(&[feed(sse(server.url()))]);
        client.until(|seen| seen.iter().any(|batch| down(batch).is_some())).await;
        assert!(client.reasons()[0].contains(&status.to_string()), "{:?}", client.reasons());
        assert!(client.uids().is_empty());
    }
}

#[tokio::test]
async fn redirects_are_followed() {
    for status in [301, 302, 303, 307, 308] {
        let moved = format!("HTTP/1.1 {status} Moved\r\nlocation: /there\r\nconnection: close\r\n\r\n");
        let server = Server::answering(move |request, _| match request.line.as_str() {
            "GET /there" => vec![Act::Head(SSE), chunk(event("1")), Act::Hold],
            _ => vec![Act::Raw(moved.clone().into())],
        })
        .await;
        let mut client = Client::start(&[feed(sse(server.url()))]);
        client.until(has("1")).await;
    }
}

#[tokio::test]
async fn a_circle_of_redirects_ends() {
    let moved = answer("302 Found", &["location: /again"], "");
    let server = Server::answering(move |_, _| moved.clone()).await;
    let mut client = Client::start(&[feed(sse(server.url()))]);
    client.until(|seen| seen.iter().any(|batch| down(batch).is_some())).await;
    assert_eq!(client.reasons()[0], "too many redirects");
    assert!(server.requests().len() <= 12);
}

#[tokio::test]
async fn an_id_beyond_ascii_is_sent_back_as_utf8_and_an_empty_one_takes_it_back() {
    let first = vec![Act::Head(SSE), chunk("id: …\ndata: {\"uid\":\"1\"}\n\n"), Act::End];
    let second = vec![Act::Head(SSE), chunk("id\ndata: {\"uid\":\"2\"}\n\n"), Act::End];
    let third = vec![Act::Head(SSE), chunk("data: {\"uid\":\"3\"}\n\n"), Act::Hold];
    let server = Server::start(vec![first, second, third]).await;
    let mut client = Client::start(&[feed(sse(server.url()))]);
    client.until(has("3")).await;
    assert!(server.requests()[1].contains("last-event-id: …\r\n"), "{}", server.requests()[1]);
    assert!(!server.requests()[2].contains("last-event-id"));
    assert_eq!(client.uids(), ["1", "2", "3"]);
}

#[tokio::test]
async fn after_a_restart_it_goes_on_after_what_was_kept() {
    let stream = |id: &str| vec![Act::Head(SSE), chunk(event(id)), Act::Hold];
    let server = Server::start(vec![stream("41"), stream("42")]).await;
    let mut client = Client::start(&[feed(sse(server.url()))]);
    client.until(|seen| seen.iter().any(|batch| batch.cursor.is_some())).await;
    let cursor = client.cursor().expect("it was just seen");
    drop(client);
    let mut client = Client::after(feed(sse(server.url())), &cursor);
    client.until(has("42")).await;
    assert!(server.requests()[1].contains("last-event-id: 41\r\n"), "{}", server.requests()[1]);
}

#[tokio::test]
async fn a_cursor_goes_out_with_what_lies_before_it_and_never_sooner() {
    let many: String = (1..=3_000).map(|id| event(&id.to_string())).collect();
    let server = Server::start(vec![vec![Act::Head(SSE), chunk(many), Act::Hold]]).await;
    let mut client = Client::start(&[feed(sse(server.url()))]);
    client.until(|seen| seen.iter().any(|b| b.cursor.as_deref().is_some_and(|c| c.ends_with(" 3000")))).await;
    let mut handed_over = 0;
    for batch in &client.seen {
        handed_over += batch.mentions.len();
        let kept = batch.cursor.as_deref().and_then(|c| c.rsplit(' ').next()?.parse().ok());
        assert!(kept.unwrap_or(0) <= handed_over, "{kept:?} is kept of {handed_over}");
    }
    assert_eq!(handed_over, 3_000);
}

#[tokio::test]
async fn the_cursor_of_another_address_is_none() {
    let server = Server::start(vec![vec![Act::Head(SSE), chunk(event("1")), Act::Hold]]).await;
    let mut client = Client::after(feed(sse(server.url())), "0badcafe 41");
    client.until(has("1")).await;
    assert!(!server.requests()[0].contains("last-event-id"));
}

#[tokio::test]
async fn a_204_after_events_ends_the_feed() {
    let gone = Act::Raw(b"HTTP/1.1 204 No Content\r\n\r\n".into());
    let server =
        Server::start(vec![vec![Act::Head(SSE), chunk(event("1")), Act::End], vec![gone], vec![Act::Hold]])
            .await;
    let mut client = Client::start(&[feed(sse(server.url()))]);
    client.until(|seen| seen.iter().any(|batch| batch.state.health == Health::Ended)).await;
    assert!(timeout(LIMIT, client.batches.recv()).await.expect("the task has ended").is_none());
    assert_eq!(client.seen.last().map(|batch| batch.state.restarts), Some(1));
}
