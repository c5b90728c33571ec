use fishbowl::clock::{Clock, Time};
use fishbowl::feed::QUEUE;
use fishbowl::feed::kinds::BrandwatchTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::{Country, Kind, Network, ReachKind};
use serde_json::{Value, json};

use crate::client::{Client, uids};
use crate::server::{Act, Request, Server, answer, json as ok};
use crate::{Token, is_throttled, minutes, service, states};

const NOW: Time = Time::from_secs(1_796_336_400);

/// A mention that was added `ago` seconds before [`NOW`] and changed `version` seconds later.
fn mention(id: &str, ago: i64, version: i64) -> Value {
    mention_at(NOW, id, ago, version)
}

fn mention_at(now: Time, id: &str, ago: i64, version: i64) -> Value {
    let at = |secs: i64| {
        let moment = jiff::Timestamp::from_second(now.as_secs() + secs).expect("a moment");
        moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
    };
    json!({"resourceId": id, "added": at(-ago), "date": at(-ago - 60), "updated": at(-ago + version),
           "url": format!("https://forum.example/{id}"), "pageType": "forum", "snippet": format!("battery {id}")})
}

fn page(mentions: &[Value], next: Option<&str>) -> Vec<Act> {
    let mut page = json!({"results": mentions, "resultsTotal": mentions.len()});
    if let Some(next) = next {
        page["nextCursor"] = next.into();
    }
    ok(&page.to_string())
}

fn feed(server: &Server, token: &Token) -> Feed {
    service(FeedSpec::from(BrandwatchTable {
        url: Some(server.at("")),
        token_file: token.file(),
        project: Some(1998),
        queries: vec![17, 18],
        interval: Lasting::from_secs(20),
        page_size: 2,
        ..BrandwatchTable::default()
    }))
}

fn start(feed: Feed) -> (Client, Clock) {
    let clock = Clock::simulated(NOW);
    (Client::with_clock(&[feed], QUEUE, clock.clone()), clock)
}

#[tokio::test]
async fn each_mention_comes_once_and_again_when_it_changed() {
    let token = Token::new("s3cret-once");
    let server = Server::answering(|_, n| match n {
        0 => page(&[mention("a", 60, 0)], None),
        1 => page(&[mention("b", 30, 0), mention("a", 60, 0)], None),
        _ => page(&[mention("b", 30, 5)], None),
    })
    .await;
    let (mut client, _) = start(feed(&server, &token));
    client.until(|seen| uids(seen).len() >= 3).await;
    assert_eq!(client.uids(), ["brandwatch:a", "brandwatch:b", "brandwatch:b"]);
    let versions: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).map(|m| m.version).collect();
    assert!(versions[1] < versions[2], "the change is the newer");
    let first = &server.calls()[0];
    assert!(
        first.line.starts_with("GET /projects/1998/data/mentions?queryId=17&queryId=18&"),
        "{}",
        first.line
    );
    assert!(first.head.contains("authorization: bearer s3cret-once\r\n"));
    for (name, value) in [("orderBy", "added"), ("orderDirection", "desc"), ("pageSize", "2"), ("page", "0")]
    {
        assert_eq!(first.query(name), Some(value));
    }
    assert_eq!(first.query("endDate"), Some("2026-12-04T22%3A20%3A00.000Z"));
}

#[tokio::test]
async fn a_whole_mention_becomes_one_of_ours() {
    let token = Token::new("s3cret-whole");
    let server = Server::answering(|_, _| {
        let whole: Value = serde_json::from_str(include_str!("brandwatch/mention.json")).expect("it is JSON");
        let mut x = mention("x", 20, 0);
        (x["pageType"], x["snippet"], x["title"]) = ("twitter".into(), Value::Null, Value::Null);
        (x["latitude"], x["longitude"]) = (0.0.into(), 0.0.into());
        x["replyTo"] = "https://forum.example/t/1#17".into();
        page(&[x, whole], None)
    })
    .await;
    let (mut client, _) = start(feed(&server, &token));
    client.until(|seen| uids(seen).len() >= 2).await;
    let all: Vec<_> = client.seen.iter().flat_map(|b| &b.mentions).collect();
    let whole = all[0];
    assert_eq!(whole.text.as_deref(), Some("Two days — The battery of my Aurora phone lasts for two days"));
    let geo = whole.geo.as_ref().expect("it has a place");
    assert_eq!((geo.name.as_deref(), whole.country), (Some("Vienna"), Country::new("AT")));
    assert!(whole.sentiment.is_some_and(|s| s.score > 0.5));
    assert_eq!(whole.reach.map(|r| (r.value, r.kind)), Some((240, ReachKind::Vendor)));
    let metrics = whole.metrics.as_deref().expect("it has some");
    assert_eq!(
        (metrics.likes, metrics.shares, metrics.replies, metrics.views),
        (Some(12), Some(0), Some(3), None)
    );
    let author = whole.author.as_ref().expect("it has one");
    assert_eq!((author.handle.as_deref(), author.name.as_deref()), (Some("forumfan"), Some("Ana Muster")));
    assert_eq!(author.followers, Some(2_400));
    assert_eq!(whole.emotions, [("joy".into(), 0.71)]);
    assert_eq!(whole.tags.iter().map(|t| &**t).collect::<Vec<_>>(), ["Aurora", "Battery", "vip"]);
    // Brandwatch may not hand over what was said on X: it counts without words.
    let x = all[1];
    assert_eq!((x.network, x.kind, x.text.as_deref(), x.geo.as_ref()), (Network::X, Kind::Reply, None, None));
    assert_eq!(x.parent.as_ref(), Some(&whole.uid));
}

#[tokio::test]
async fn a_busy_query_is_walked_back_to_where_the_last_round_began() {
    let token = Token::new("s3cret-busy");
    let now = Clock::system().now();
    // Three pages; the second fails once.
    let server = Server::answering(move |request: &Request, n| {
        match (request.query("cursor"), request.query("page")) {
            (None, Some("0")) => {
                page(&[mention_at(now, "f", 10, 0), mention_at(now, "e", 20, 0)], Some("AQ=AA"))
            }
            (Some("AQ%3DAA"), None) if n == 1 => answer("500 Oops", &[], ""),
            (Some("AQ%3DAA"), None) => {
                page(&[mention_at(now, "d", 30, 0), mention_at(now, "c", 40, 0)], None)
            }
            (None, Some("2")) => page(&[mention_at(now, "b", 50, 0), mention_at(now, "a", 9_999, 0)], None),
            other => panic!("nobody asks for {other:?}"),
        }
    })
    .await;
    let cursor = json!({"added": (now.as_secs() - 60) * 1_000_000, "scope": "1998/[17, 18]/[]"}).to_string();
    let mut client = Client::after(feed(&server, &token), &cursor);
    client.until(|seen| seen.iter().any(|b| b.cursor.is_some())).await;
    assert_eq!(states(&client.seen), ["catching up", "down", "catching up", "live"]);
    let marked = client.seen.iter().position(|b| b.cursor.is_some()).expect("it is there");
    assert_eq!(uids(&client.seen[..=marked]).len(), 6, "all is handed over before the place moves");
    assert!(client.cursor().is_some_and(|c| c.contains(&format!("{}", (now.as_secs() - 10) * 1_000_000))));
    assert_eq!(client.reasons(), ["the server answers 500: server error"]);
}

#[tokio::test]
async fn two_feeds_of_one_client_share_its_thirty_calls() {
    let token = Token::new("s3cret-shared");
    let server = Server::answering(|_, _| page(&[], None)).await;
    let mut second = feed(&server, &token);
    second.name = "second".into();
    let clock = Clock::simulated(NOW);
    let mut client = Client::with_clock(&[feed(&server, &token), second], QUEUE, clock.clone());
    let throttled = |feed| {
        move |b: &fishbowl::mention::source::Batch| b.feed == feed && is_throttled(std::slice::from_ref(b))
    };
    client.until(|seen| seen.iter().any(throttled(0)) && seen.iter().any(throttled(1))).await;
    assert_eq!(server.calls().len(), 30);
    assert!(client.reasons()[0].contains("30 calls in 10 minutes"), "{:?}", client.reasons());
    clock.set(NOW + minutes(10));
    client.until(|seen| states(&seen[seen.len() - 1..]) == ["live"]).await;
    assert!(server.calls().len() > 30);
}

#[tokio::test]
async fn refusals_of_every_kind_are_told_and_overcome() {
    let token = Token::new("s3cret-refused");
    let unauthorized =
        r#"{"error":"unauthorized","error_description":"Invalid access token: s3cret-refused"}"#;
    let server = Server::answering(move |_, n| match n {
        0 => answer("401 Unauthorized", &[], unauthorized),
        1 => answer("403 Forbidden", &[], ""),
        2 => answer("429 Too Many Requests", &["x-rate-limit: 40/10m", "x-rate-limit-used: 40"], ""),
        3 => answer("503 Unavailable", &[], ""),
        4 => answer("200 OK", &["content-type: text/html"], "<html>"),
        5 => ok(r#"{"results": null}"#),
        6 => vec![Act::Raw(b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{\"resul".into())],
        _ => page(&[json!(null), json!([1]), mention("a", 60, 0)], None),
    })
    .await;
    let mut feed = feed(&server, &token);
    if let Some(table) = feed.spec.table::<BrandwatchTable>() {
        feed.spec = BrandwatchTable { page_size: 10, ..table.clone() }.into();
    }
    let (mut client, clock) = start(feed);
    // The 429 says that the client's calls are used up: the wall waits until they are not.
    client
        .until(|seen| {
            seen.last().is_some_and(|b| b.state.health != Default::default()) && {
                clock.set(if is_throttled(seen) { NOW + minutes(11) } else { clock.now() });
                !uids(seen).is_empty()
            }
        })
        .await;
    let reasons = client.reasons();
    assert!(reasons.iter().all(|why| !why.contains("s3cret")), "{reasons:?}");
    let told = ["401", "403", "429", "503", "text/html", "no `results`", "connection broke"];
    for what in told {
        assert!(reasons.iter().any(|why| why.contains(what)), "{what}: {reasons:?}");
    }
    assert_eq!(client.garbage(), 2);
    let states = states(&client.seen);
    assert_eq!((states[0], states[1]), ("refused", "throttled"));
    assert_eq!(states.last(), Some(&"live"));
}

#[tokio::test]
async fn a_clock_that_is_set_back_loses_nothing() {
    let token = Token::new("s3cret-clock");
    let server = Server::answering(|_, n| match n {
        0 => page(&[mention("a", 60, 0)], None),
        _ => page(&[mention("b", 30, 0), mention("a", 60, 0)], None),
    })
    .await;
    let (mut client, clock) = start(feed(&server, &token));
    client.until(|seen| !uids(seen).is_empty()).await;
    clock.set(NOW - minutes(60 * 24 * 30));
    client.until(|seen| uids(seen).len() >= 2).await;
    assert_eq!(client.uids(), ["brandwatch:a", "brandwatch:b"]);
}
