//! X's API v2 against a scripted server: rules, the filtered stream, recent search, and what goes
//! wrong.

#[allow(dead_code, reason = "each test takes what it needs")]
#[path = "feeds/client.rs"]
mod client;
#[allow(dead_code, reason = "each test takes what it needs")]
#[path = "feeds/server.rs"]
mod server;

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use fishbowl::clock::Clock;
use fishbowl::feed::kinds::{XMode, XTable};
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::{Batch, Health};
use serde_json::{Value, json};
use tempfile::NamedTempFile;

use client::{Client, chunk, down, feed, uids};
use server::{Act, Request, Server, answer};

const LINES: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n";
const ENDS: &str = r#"{"errors":[{"title":"operational-disconnect","disconnect_type":"UpstreamOperationalDisconnect","detail":"This stream has been disconnected upstream for operational reasons."}]}"#;

fn token() -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(b"s3cret\n").expect("it is writable");
    file
}

fn x(url: String, token: &NamedTempFile) -> XTable {
    let topics = vec![("brand".into(), "acme OR \"acme phone\"".into()), ("rival".into(), "borealis".into())];
    XTable { url: Some(url), token_file: Some(token.path().into()), topics, ..XTable::default() }
}

fn listening(table: XTable) -> Feed {
    feed(FeedSpec::from(table))
}

/// The id of a post that was made so long ago.
fn id(seconds_ago: i64) -> u64 {
    let ms = Clock::system().now().0 / 1_000_000 - seconds_ago * 1_000 - 1_288_834_974_657;
    u64::try_from(ms << 22).expect("it is after 2010")
}

fn uid(id: u64) -> String {
    format!("x:{id}")
}

fn post(id: u64) -> Value {
    let id = id.to_string();
    json!({"id": id, "text": "acme", "author_id": "7", "edit_history_tweet_ids": [id]})
}

fn line(id: u64, tag: &str) -> Act {
    let payload = json!({"data": post(id), "includes": {"users": [{"id": "7", "username": "z"}]},
        "matching_rules": [{"id": "5", "tag": tag}]});
    chunk(format!("{payload}\r\n"))
}

fn reply(body: &Value) -> Vec<Act> {
    server::json(&body.to_string())
}

fn page(posts: Vec<Value>, next: Option<&str>) -> Vec<Act> {
    reply(&json!({"data": posts, "meta": {"result_count": posts.len(), "next_token": next}}))
}

fn is(request: &Request, what: &str) -> bool {
    request.line.starts_with(what)
}

fn no_rules(request: &Request) -> Vec<Act> {
    match is(request, "GET /2/tweets/search/stream/rules") {
        true => reply(&json!({"meta": {"result_count": 0}})),
        false => reply(&json!({"data": [], "meta": {"summary": {"created": 1}}})),
    }
}

fn bodies(server: &Server) -> Vec<Value> {
    let posts = server.calls().into_iter().filter(|call| call.line.starts_with("POST"));
    posts.map(|call| serde_json::from_slice(&call.body).expect("it is JSON")).collect()
}

fn live(seen: &[Batch]) -> bool {
    seen.last().is_some_and(|batch| batch.state.health == Health::Live)
}

#[tokio::test]
async fn rules_follow_the_topics_and_the_rules_of_others_stay() {
    let post = id(5);
    let server = Server::answering(move |request, _| match () {
        () if is(request, "GET /2/tweets/search/stream/rules") => reply(&json!({"data": [
            {"id": "1", "value": "old", "tag": "fishbowl:feed:brand"},
            {"id": "2", "value": "borealis -is:retweet", "tag": "fishbowl:feed:rival"},
            {"id": "3", "value": "else", "tag": "somebody"},
        ]})),
        () if is(request, "GET /2/tweets/search/stream?") => {
            vec![Act::Head(LINES), line(post - 1, "somebody"), line(post, "fishbowl:feed:brand"), Act::Hold]
        }
        () => reply(&json!({"meta": {}})),
    })
    .await;
    let token = token();
    let table = XTable { narrow: Some("-is:retweet".into()), ..x(server.at(""), &token) };
    let mut client = Client::start(&[listening(table)]);
    client.until(|seen| !uids(seen).is_empty()).await;
    assert_eq!(client.uids(), [uid(post)], "what only rules of others bring is not ours");
    let brand = json!({"value": "(acme OR \"acme phone\") -is:retweet", "tag": "fishbowl:feed:brand"});
    assert_eq!(bodies(&server), [json!({"delete": {"ids": ["1"]}}), json!({"add": [brand]})]);
    let mention = client.seen.iter().flat_map(|batch| &batch.mentions).next().expect("one");
    assert_eq!(mention.tags, ["brand".into()]);
    assert_eq!(mention.url.as_deref(), Some(format!("https://x.com/z/status/{post}").as_str()));
    assert!(server.requests().iter().all(|head| head.contains("authorization: bearer s3cret")));
    assert!(!format!("{:?}", client.seen).contains("s3cret"));
}

#[tokio::test]
async fn a_post_is_had_whole_and_knows_the_topic_that_x_found_it_for() {
    let (whole, cut) = (id(60), id(5));
    let server = Server::answering(move |request, _| match () {
        () if request.line.contains("/rules") => no_rules(request),
        () if is(request, "GET /2/tweets/search/stream?") => {
            let payload = json!({"data": {"id": cut.to_string(), "text": "RT @ana: The camera is fi…", "author_id": "7",
                    "referenced_tweets": [{"type": "retweeted", "id": whole.to_string()}]},
                "includes": {"users": [{"id": "7", "username": "z", "location": "Hamburg, Germany"}],
                    "tweets": [{"id": whole.to_string(), "text": "The camera is fine, my Acme is not https://t.co/aB3",
                        "entities": {"urls": [{"url": "https://t.co/aB3", "expanded_url": "https://news.example/recall"}]}}]},
                "matching_rules": [{"tag": "fishbowl:feed:rival"}, {"tag": "somebody"}]});
            vec![Act::Head(LINES), chunk(format!("{payload}\r\n")), Act::Hold]
        }
        () => page(vec![], None),
    })
    .await;
    let token = token();
    let mut client = Client::start(&[listening(x(server.at(""), &token))]);
    client.until(|seen| !uids(seen).is_empty()).await;
    let mention = client.seen.iter().flat_map(|batch| &batch.mentions).next().expect("one");
    let text = "RT @ana: The camera is fine, my Acme is not https://news.example/recall";
    assert_eq!(mention.text.as_deref(), Some(text));
    assert_eq!(mention.links, ["https://news.example/recall".into()]);
    assert_eq!(mention.found_for, ["borealis".into()]);
    let author = mention.author.as_ref().expect("it has one");
    assert_eq!(author.place.as_deref(), Some("Hamburg, Germany"));
    let calls = server.calls();
    let asked = calls.iter().find(|call| is(call, "GET /2/tweets/search/stream?")).expect("it was opened");
    let has = |parameter: &str, name: &str| {
        asked.query(parameter).is_some_and(|all| all.replace("%2C", ",").split(',').any(|one| one == name))
    };
    assert!(has("expansions", "referenced_tweets.id") && has("user.fields", "location"), "{}", asked.line);
    assert!(has("tweet.fields", "entities") && has("tweet.fields", "note_tweet"), "{}", asked.line);
}

#[tokio::test]
async fn a_search_for_one_topic_knows_what_it_found() {
    let base = id(100);
    let server = Server::answering(move |_, _| page(vec![post(base)], None)).await;
    let token = token();
    let table = XTable { mode: XMode::Recent, ..x(server.at(""), &token) };
    let one = XTable { topics: table.topics[1..].to_vec(), ..table.clone() };
    for (table, found) in [(table, vec![]), (one, vec!["borealis".into()])] {
        let mut client = Client::start(&[listening(table)]);
        client.until(|seen| !uids(seen).is_empty()).await;
        let mention = client.seen.iter().flat_map(|batch| &batch.mentions).next().expect("one");
        assert_eq!(mention.found_for, found);
    }
}

#[tokio::test]
async fn a_stream_survives_heartbeats_garbage_and_its_end_and_the_gap_is_searched() {
    let base = id(20);
    let opened = AtomicUsize::new(0);
    let server = Server::answering(move |request, _| match () {
        () if request.line.contains("/rules") => no_rules(request),
        () if is(request, "GET /2/tweets/search/stream?") => match opened.fetch_add(1, Ordering::SeqCst) {
            0 => {
                let beside = json!({"data": post(base + 2), "errors": [{"title": "Not Found Error"}],
                    "matching_rules": [{"tag": "fishbowl:feed:brand"}]});
                vec![
                    Act::Head(LINES),
                    chunk("\r\n"),
                    line(base + 1, "fishbowl:feed:brand"),
                    chunk("\r\n\r\n{\"data\":{\"text\":\"no id\"}}\r\n{\"data\r\n"),
                    chunk(b"{\"data\":{\"id\":\"\xff\"}}\r\n".to_vec()),
                    chunk([&b"{\"data\":\""[..], &vec![b'x'; 10_000_000], b"\"}\r\n"].concat()),
                    Act::Crumbs(format!("{beside}\r\n").into_bytes()),
                    line(base, "fishbowl:feed:brand"),
                    chunk(format!("{ENDS}\r\n")),
                    Act::Hold,
                ]
            }
            _ => {
                vec![Act::Head(LINES), line(base + 6, "fishbowl:feed:rival"), chunk("\r\n{\"cut"), Act::Hold]
            }
        },
        () if request.query("next_token") == Some("more") => page(vec![post(base + 3), post(base + 1)], None),
        () => page(vec![post(base + 6), post(base + 5), post(base + 4)], Some("more")),
    })
    .await;
    let token = token();
    let mut client = Client::start(&[listening(x(server.at(""), &token))]);
    let six = move |seen: &[Batch]| (0..7).all(|n| uids(seen).contains(&uid(base + n)));
    client.until(|seen| six(seen) && seen.iter().any(|b| b.cursor.is_some()) && live(seen)).await;
    assert_eq!(client.garbage(), 4);
    let reasons = client.reasons();
    assert!(reasons[0].contains("operational reasons"), "{reasons:?}");
    assert!(client.seen.iter().any(|batch| batch.state.health == Health::CatchingUp));
    let searched: Vec<_> =
        server.calls().into_iter().filter(|call| is(call, "GET /2/tweets/search/recent")).collect();
    let since = base + 2 - (30_000 << 22);
    assert_eq!(
        searched[0].query("since_id"),
        Some(since.to_string().as_str()),
        "with half a minute of overlap"
    );
    assert!(
        searched[0].line.contains("query=%28acme+OR+%22acme+phone%22%29+OR+%28borealis%29"),
        "{}",
        searched[0].line
    );
    let cursor: Value = serde_json::from_str(&client.cursor().expect("it is marked")).expect("it is JSON");
    assert_eq!(cursor["newest"], base + 6);
    assert_eq!(bodies(&server).len(), 1, "the rules are made once");
}

#[tokio::test]
async fn a_rule_that_no_search_takes_costs_the_gap_and_not_the_stream() {
    let newest = id(10);
    let server = Server::answering(move |request, n| match () {
        () if request.line.contains("/rules") => no_rules(request),
        () if is(request, "GET /2/tweets/search/stream?") => {
            vec![Act::Head(LINES), line(newest + n as u64, "fishbowl:feed:rule 1"), chunk("{\"cut")]
        }
        () => answer("500 Internal Server Error", &[], ""),
    })
    .await;
    let token = token();
    let table = XTable { rules: vec!["acme ".repeat(150)], ..x(server.at(""), &token) };
    let mut client = Client::start(&[listening(table)]);
    client.until(|seen| uids(seen).len() > 2).await;
    assert!(client.seen.iter().all(|batch| !matches!(batch.state.health, Health::Refused { .. })));
    assert!(server.calls().iter().all(|call| !call.line.contains("/recent")));
}

#[tokio::test]
async fn a_silent_stream_is_opened_anew_with_backfill_where_the_plan_has_it() {
    let newest = id(10);
    let opened = AtomicUsize::new(0);
    let server = Server::answering(move |request, _| match opened.fetch_add(1, Ordering::SeqCst) {
        _ if !is(request, "GET /2/tweets/search/stream?") => answer("500 Internal Server Error", &[], ""),
        0 => vec![Act::Head(LINES), line(newest, "anybody"), Act::Hold],
        _ => vec![Act::Head(LINES), line(newest, "anybody"), line(newest + 1, "anybody"), Act::Hold],
    })
    .await;
    let token = token();
    let table = XTable { sync_rules: false, backfill_minutes: 5, ..x(server.at(""), &token) };
    let mut client = Client::start(&[listening(table)]);
    client.until(|seen| uids(seen).contains(&uid(newest + 1))).await;
    assert_eq!(client.reasons(), ["silent for 21s; reconnecting"]);
    let asked: Vec<_> =
        server.calls().iter().map(|call| call.query("backfill_minutes").map(String::from)).collect();
    assert_eq!(asked[..2], [None, Some("5".into())]);
    assert!(
        server.calls().iter().all(|call| !call.line.contains("/rules")),
        "the app's rules are left alone"
    );
}

#[tokio::test]
async fn recent_search_goes_on_after_the_newest_and_reads_every_page() {
    let base = id(100);
    let asked = AtomicUsize::new(0);
    let server = Server::answering(move |_, _| match asked.fetch_add(1, Ordering::SeqCst) {
        0 => page(vec![post(base + 4), post(base + 3)], Some("more")),
        1 => answer("503 Service Unavailable", &[], ""),
        2 => page(vec![post(base + 4), post(base + 3)], Some("more")),
        3 => page(vec![post(base + 2), post(base + 1)], None),
        4 => reply(&json!({"meta": {"result_count": 0}})),
        _ => page(vec![post(base + 5)], None),
    })
    .await;
    let token = token();
    let table = XTable { mode: XMode::Recent, ..x(server.at(""), &token) };
    let mut client = Client::start(&[listening(table)]);
    client.until(|seen| uids(seen).contains(&uid(base + 5))).await;
    let (mut all, calls) = (client.uids(), server.calls());
    all.sort();
    all.dedup();
    assert_eq!(all, (1..=5).map(|n| uid(base + n)).collect::<Vec<_>>());
    assert!(calls[0].query("start_time").is_some() && calls[0].query("since_id").is_none());
    assert_eq!(calls[1].query("next_token"), Some("more"));
    assert!(calls[2].query("next_token").is_none(), "after a failure the round begins anew");
    assert_eq!(calls[4].query("since_id"), Some((base + 4).to_string().as_str()));
    assert!(client.reasons()[0].contains("X answers 503"), "{:?}", client.reasons());
}

#[tokio::test]
async fn a_day_has_its_budget_over_restarts_too() {
    let base = id(100);
    let server =
        Server::answering(move |_, _| page((0..10).map(|n| post(base + n)).collect(), Some("more"))).await;
    let token = token();
    let table = XTable { mode: XMode::Recent, max_posts_per_day: 25, ..x(server.at(""), &token) };
    let mut client = Client::start(&[listening(table.clone())]);
    let throttled = |seen: &[Batch]| seen.iter().any(|b| matches!(b.state.health, Health::Throttled { .. }));
    client.until(throttled).await;
    assert_eq!((client.uids().len(), server.calls().len()), (30, 3), "no page more than needed");
    assert!(
        client.reasons()[0].contains("25 posts of today (`max_posts_per_day`)"),
        "{:?}",
        client.reasons()
    );
    let cursor = client.cursor().expect("it is marked");
    drop(client);
    let mut client = Client::after(listening(table), &cursor);
    client.until(throttled).await;
    assert_eq!(server.calls().len(), 3, "a restart reads nothing");
}

#[tokio::test]
async fn who_must_act_is_told_in_words() {
    let enrolled = r#"{"title":"Client Forbidden","reason":"client-not-enrolled","detail":"You must use keys from an App that is attached to a Project."}"#;
    let crowded = r#"{"title":"ConnectionException","connection_issue":"TooManyConnections"}"#;
    let capped = r#"{"title":"UsageCapExceeded","period":"Monthly","detail":"Usage cap exceeded: Monthly product cap"}"#;
    let invalid = r#"{"errors":[{"value":"borealis","details":["no viable alternative"],"title":"UnprocessableEntity"}],"meta":{}}"#;
    for (rules, stream, wanted, refused) in [
        (
            answer("401 Unauthorized", &[], r#"{"title":"Unauthorized"}"#),
            vec![],
            "bearer token of an app",
            true,
        ),
        (answer("403 Forbidden", &[], enrolled), vec![], "project or plan", true),
        (server::json(invalid), vec![], "X rejects the rule of `rival`: no viable alternative", true),
        (server::json("{}"), answer("429 Too Many Requests", &[], crowded), "another wall or program", false),
        (
            server::json("{}"),
            answer("429 Too Many Requests", &[], capped),
            "the plan's cap is reached",
            false,
        ),
        (
            server::json("{}"),
            answer("429 Too Many Requests", &["x-rate-limit-reset: 4102444800"], "{}"),
            "too many requests",
            false,
        ),
    ] {
        let server = Server::answering(move |request, _| match request.line.contains("/rules") {
            true => rules.clone(),
            false => stream.clone(),
        })
        .await;
        let token = token();
        let mut client = Client::start(&[listening(x(server.at(""), &token))]);
        client.until(|seen| seen.iter().any(|batch| down(batch).is_some())).await;
        assert!(client.reasons()[0].contains(wanted), "{:?}", client.reasons());
        let health =
            &client.seen.iter().find(|batch| down(batch).is_some()).expect("it was waited for").state.health;
        assert_eq!(matches!(health, Health::Refused { .. }), refused, "{health:?}");
        assert_eq!(matches!(health, Health::Throttled { .. }), !refused, "{health:?}");
    }
}
