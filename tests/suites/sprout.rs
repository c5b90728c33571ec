use fishbowl::clock::{Clock, Time};
use fishbowl::feed::QUEUE;
use fishbowl::feed::kinds::SproutTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::Batch;
use fishbowl::mention::{Network, ReachKind, UNDATED};
use serde_json::{Value, json};

use crate::client::{Client, uids};
use crate::server::{Act, Request, Server, answer, json as ok};
use crate::{Token, is_throttled, minutes, service, states};

const NOW: Time = Time::from_secs(1_796_336_400);

fn message(id: &str, ago: i64, likes: u64) -> Value {
    let at = jiff::Timestamp::from_second(NOW.as_secs() - ago).expect("a moment").to_string();
    json!({"guid": id, "created_time": at, "network": "REDDIT", "text": format!("battery {id}"),
           "from": {"name": "Ana"}, "metrics": {"likes": likes}})
}

fn page(messages: &[Value], current: usize, total: usize) -> Vec<Act> {
    ok(&json!({"data": messages, "paging": {"current_page": current, "total_pages": total}}).to_string())
}

fn feed(server: &Server, token: &Token, topics: &[&str]) -> Feed {
    service(FeedSpec::from(SproutTable {
        url: Some(server.at("")),
        token_file: token.file(),
        customer: Some(2068),
        topics: topics.iter().map(|topic| (*topic).into()).collect(),
        ..SproutTable::default()
    }))
}

fn start(feed: Feed) -> (Client, Clock) {
    let clock = Clock::simulated(NOW);
    (Client::with_clock(&[feed], QUEUE, clock.clone()), clock)
}

fn asked(request: &Request) -> Value {
    serde_json::from_slice(&request.body).expect("the body is JSON")
}

#[tokio::test]
async fn topics_are_walked_page_by_page_and_each_keeps_its_place() {
    let token = Token::new("s3cret-topics");
    let server = Server::answering(|request: &Request, n| {
        let second = asked(request)["page"] == 2;
        match (request.line.contains("/topics/t-1/"), second) {
            (true, false) if n < 3 => page(&[message("a", 90, 0)], 1, 2),
            (true, true) => page(&[message("b", 60, 0)], 2, 2),
            (true, false) => page(&[message("a", 90, 0), message("b", 60, 7)], 1, 1),
            (false, _) => page(&[message("c", 30, 0)], 1, 1),
        }
    })
    .await;
    let (mut client, _) = start(feed(&server, &token, &["t-1", "t-2"]));
    client.until(|seen| uids(seen).len() >= 4).await;
    assert_eq!(
        client.uids(),
        ["sprout:a", "sprout:b", "sprout:c", "sprout:b"],
        "only what changed comes again"
    );
    let calls = server.calls();
    assert_eq!(calls[0].line, "POST /v1/2068/listening/topics/t-1/messages");
    assert!(calls[0].head.contains("authorization: bearer s3cret-topics\r\n"));
    let body = asked(&calls[0]);
    assert_eq!(
        (&body["limit"], &body["sort"], &body["timezone"]),
        (&100.into(), &json!(["created_time:asc"]), &"UTC".into())
    );
    // One hour of history and a quarter of overlap; the networks that Sprout hands over.
    assert_eq!(body["filters"][0], "created_time.in(2026-12-03T21:05:00..2026-12-03T22:21:00)");
    assert!(
        body["filters"][1]
            .as_str()
            .is_some_and(|f| f.starts_with("network.eq(BLUESKY,") && !f.contains("TWITTER"))
    );
    assert_eq!(asked(&calls[1])["page"], 2);
    let marks: Value = serde_json::from_str(&client.cursor().expect("it is marked")).expect("it is JSON");
    let at = |ago| json!((NOW.as_secs() - ago) * 1_000_000);
    assert_eq!(marks, json!({"t-1": at(60), "t-2": at(30)}));
}

#[tokio::test]
async fn a_whole_message_becomes_a_mention() {
    let token = Token::new("s3cret-whole-message");
    let whole: Value = serde_json::from_str(include_str!("sprout/message.json")).expect("it is JSON");
    let review = json!({"guid": "r", "network": "WWW", "content_category": "REVIEWS", "perma_link": "https://r.example/1"});
    let server = Server::answering(move |_, _| {
        page(&[whole.clone(), review.clone(), json!({"text": "no guid"})], 1, 1)
    })
    .await;
    let (mut client, _) = start(feed(&server, &token, &["t-1"]));
    client.until(|seen| uids(seen).len() >= 2).await;
    let all: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).collect();
    assert_eq!(all[0].network, Network::Bluesky);
    assert!(all[0].sentiment.is_some_and(|s| s.score > 0.5));
    assert_eq!(
        all[0].reach.map(|r| (r.value, r.kind)),
        Some((2_400, ReachKind::Followers)),
        "0 impressions are unknown"
    );
    let author = all[0].author.as_ref().expect("it has one");
    assert_eq!((author.handle.as_deref(), author.followers), (Some("ana.example"), Some(2_400)));
    assert_eq!((all[1].kind, all[1].ts), (fishbowl::mention::Kind::Review, UNDATED));
    assert_eq!(client.garbage(), 2, "one without an id, one without a time");
}

#[tokio::test]
async fn more_than_ten_thousand_are_asked_for_in_windows() {
    let token = Token::new("s3cret-windows");
    // Sprout cuts a window off at 100 pages of 100; the last message tells where to go on.
    let server = Server::answering(|request: &Request, _| {
        let body = asked(request);
        let number = body["page"].as_i64().expect("a number");
        match body["filters"][0].as_str().expect("a text").contains("21:05:00..") {
            true if number == 100 => {
                let last: Vec<_> = (0..100).map(|i| message(&format!("last-{i}"), 2_900 - i, 0)).collect();
                page(&last, 100, 100)
            }
            true => page(&[message(&format!("first-{number}"), 3_000 - number, 0)], number as usize, 100),
            false => page(&[message("second", 60, 0)], 1, 1),
        }
    })
    .await;
    let (mut client, clock) = start(feed(&server, &token, &["t-1"]));
    // 60 calls a minute: the wall waits for the next minute as often as it must.
    client
        .until(|seen: &[Batch]| {
            if is_throttled(seen) {
                clock.set(clock.now() + minutes(1));
            }
            uids(seen).contains(&"sprout:second".to_owned())
        })
        .await;
    assert_eq!(client.uids().len(), 99 + 100 + 1);
    let calls = server.calls();
    assert_eq!(calls.iter().filter(|call| asked(call)["page"] == 100).count(), 1);
    let window = asked(&calls[100]);
    assert_eq!(window["page"], 1);
    assert!(
        window["filters"][0].as_str().is_some_and(|f| f.starts_with("created_time.in(2026-12-03T21:33:19..")),
        "{window}"
    );
    assert!(states(&client.seen).contains(&"throttled") && states(&client.seen).contains(&"catching up"));
}

#[tokio::test]
async fn refusals_of_every_kind_are_told_and_overcome() {
    let token = Token::new("s3cret-sprout");
    let server = Server::answering(|_, n| match n {
        0 => answer("401 Unauthorized", &[], r#"{"error":"token s3cret-sprout has expired"}"#),
        1 => answer("403 Forbidden", &[], ""),
        2 => answer("429 Too Many Requests", &[], ""),
        3 => answer("202 Ready", &[], ""),
        4 => answer("504 Gateway Timeout", &[], ""),
        5 => ok(r#"{"data": {}}"#),
        6 => vec![Act::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"da".into())],
        7 => vec![Act::Reset],
        8 => page(&[message("a", 60, 0)], 1, 2),
        9 => answer("400 Bad Request", &[], r#"{"error":"page is greater than total_pages"}"#),
        _ => page(&[message("b", 30, 0)], 1, 1),
    })
    .await;
    let (mut client, _) = start(feed(&server, &token, &["t-1"]));
    client.until(|seen| uids(seen).len() >= 2).await;
    let reasons = client.reasons();
    assert!(reasons.iter().all(|why| !why.contains("s3cret")), "{reasons:?}");
    for what in ["401", "403", "429", "not ready", "504", "no `data`", "connection broke"] {
        assert!(
            reasons
                .iter()
                .any(|why| why.contains(what) || (what == "not ready" && why.contains("no response ready"))),
            "{what}: {reasons:?}"
        );
    }
    assert_eq!(&states(&client.seen)[..2], ["refused", "throttled"]);
    assert_eq!(client.garbage(), 0, "a list that became shorter is no fault");
}
