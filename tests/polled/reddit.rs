//! Reddit: a fake of its token server and its listings. All of the texts are made up.

use std::io::Write as _;
use std::sync::{Arc, Mutex};

use fishbowl::feed::kinds::RedditTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::Op;
use fishbowl::mention::source::Health;
use tempfile::NamedTempFile;

use crate::client::{Client, down, feed, uids};
use crate::server::{Act, Request, Server, answer, json};

const TOKEN: &str =
    "{\"access_token\":\"t0ken-1\",\"token_type\":\"bearer\",\"expires_in\":86400,\"scope\":\"*\"}";

/// A feed with its secrets in a file.
fn reddit(server: &Server, comments: bool) -> (Feed, NamedTempFile) {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(b"s3cret").expect("it is writable");
    let table = RedditTable {
        url: Some(server.at("")),
        token_url: Some(server.at("/token")),
        contact: "acme_wall".into(),
        client_id_file: Some(file.path().into()),
        client_secret_file: Some(file.path().into()),
        subreddits: vec!["acme".into(), "phones".into()],
        comments,
        every: Lasting::from_secs(5),
        ..RedditTable::default()
    };
    (feed(FeedSpec::from(table)), file)
}

fn post(name: &str, words: &str, score: u32) -> String {
    format!(
        "{{\"kind\":\"t3\",\"data\":{{\"name\":\"{name}\",\"title\":\"{words}\",\"selftext\":\"\",\"author\":\"ana\",\
         \"created_utc\":1783175886.0,\"edited\":false,\"score\":{score},\"permalink\":\"/r/acme/{name}/\"}}}}"
    )
}

fn comment(name: &str) -> String {
    format!(
        "{{\"kind\":\"t1\",\"data\":{{\"name\":\"{name}\",\"body\":\"Yes\",\"link_id\":\"t3_1\",\"created_utc\":1783175886.0}}}}"
    )
}

fn listing(things: &[String], after: Option<&str>) -> Vec<Act> {
    let after = after.map_or("null".into(), |after| format!("\"{after}\""));
    json(&format!(
        "{{\"kind\":\"Listing\",\"data\":{{\"after\":{after},\"children\":[{}]}}}}",
        things.join(",")
    ))
}

fn path(request: &Request) -> &str {
    request.line.split([' ', '?']).nth(1).unwrap_or_default()
}

#[tokio::test]
async fn posts_and_comments_come_oldest_first_with_a_proper_name() {
    let server = Server::answering(|request, _| match path(request) {
        "/token" => json(TOKEN),
        "/r/acme+phones/new" => listing(&[post("t3_b", "Two", 1), post("t3_a", "One", 1)], None),
        "/r/acme+phones/comments" => listing(&[comment("t1_a")], None),
        _ => listing(&[], None),
    })
    .await;
    let (feed, _file) = reddit(&server, true);
    let mut client = Client::start(&[feed]);
    client.until(|seen| uids(seen).len() == 3).await;
    assert_eq!(client.uids(), ["reddit:t3_a", "reddit:t3_b", "reddit:t1_a"]);
    let calls = server.calls();
    assert!(calls[0].head.contains("authorization: basic "), "{:?}", calls[0]);
    assert_eq!(calls[0].body, b"grant_type=client_credentials");
    assert!(
        calls.iter().all(|call| call.head.contains(":fishbowl:v") && call.head.contains("(by /u/acme_wall)"))
    );
    assert!(calls[1].head.contains("authorization: bearer t0ken-1"));
    assert_eq!((calls[1].query("limit"), calls[1].query("raw_json")), (Some("100"), Some("1")));
}

#[tokio::test]
async fn a_gap_is_walked_down_to_an_anchor_though_the_newest_was_removed() {
    let server = Server::answering(|request, _| match (path(request), request.query("after")) {
        ("/token", _) => json(TOKEN),
        ("/r/acme+phones/new", None) => listing(&[post("t3_9", "9", 1), post("t3_8", "8", 1)], Some("t3_8")),
        ("/r/acme+phones/new", Some("t3_8")) => {
            listing(&[post("t3_7", "7", 1), post("t3_4", "4", 1), post("t3_2", "2", 1)], Some("t3_2"))
        }
        ("/api/info", _) => listing(&[], None),
        _ => answer("500 Oops", &[], ""),
    })
    .await;
    let (feed, _file) = reddit(&server, false);
    // t3_5, the newest that was known, is gone.
    let mut client = Client::after(feed, "{\"new\":[\"t3_5\",\"t3_4\",\"t3_3\"]}");
    client.until(|seen| seen.iter().any(|batch| batch.cursor.is_some())).await;
    assert_eq!(client.uids(), ["reddit:t3_7", "reddit:t3_8", "reddit:t3_9"]);
    assert_eq!(client.cursor().as_deref(), Some("{\"new\":[\"t3_9\",\"t3_8\",\"t3_7\"]}"));
}

#[tokio::test]
async fn what_was_handed_over_is_looked_at_again() {
    let again = Arc::new(Mutex::new(String::new()));
    let asked = again.clone();
    let server = Server::answering(move |request, _| match path(request) {
        "/token" => json(TOKEN),
        "/r/acme+phones/new" => listing(&[post("t3_b", "Two", 1), post("t3_a", "One", 1)], None),
        _ => {
            *asked.lock().expect("no test panics with the lock") =
                request.query("id").unwrap_or_default().into();
            let removed = post("t3_b", "Two", 1).replace("\"selftext\":\"\"", "\"selftext\":\"[removed]\"");
            listing(&[post("t3_a", "One", 25), removed], None)
        }
    })
    .await;
    let (feed, _file) = reddit(&server, false);
    let mut client = Client::start(&[feed]);
    client.until(|seen| uids(seen).len() >= 4).await;
    assert_eq!(*again.lock().expect("no test panics with the lock"), "t3_a%2Ct3_b");
    let mentions: Vec<_> = client.seen.iter().flat_map(|batch| &batch.mentions).collect();
    assert_eq!((&*mentions[2].uid, mentions[2].op), ("reddit:t3_a", Op::Metrics));
    assert_eq!(mentions[2].metrics.as_ref().and_then(|m| m.likes), Some(25));
    assert_eq!((&*mentions[3].uid, mentions[3].op), ("reddit:t3_b", Op::Delete));
}

#[tokio::test]
async fn a_token_that_ended_is_renewed_at_once() {
    let server = Server::answering(|request, before| match (path(request), before) {
        ("/token", _) => json(TOKEN),
        ("/r/acme+phones/new", 1) => answer("401 Unauthorized", &[], ""),
        ("/r/acme+phones/new", _) => listing(&[post("t3_a", "One", 1)], None),
        _ => listing(&[], None),
    })
    .await;
    let (feed, _file) = reddit(&server, false);
    let mut client = Client::start(&[feed]);
    client.until(|seen| uids(seen).len() == 1).await;
    assert_eq!(client.reasons(), [""; 0]);
    assert_eq!(server.calls().iter().filter(|call| path(call) == "/token").count(), 2);
}

#[tokio::test]
async fn every_refusal_is_told_without_a_secret() {
    let scripts = vec![
        answer("401 Unauthorized", &[], "{\"message\": \"Unauthorized\", \"error\": 401}"),
        json("{\"error\": \"unsupported_grant_type\"}"),
        json(TOKEN),
        answer("429 Too Many Requests", &["x-ratelimit-remaining: 0.0", "x-ratelimit-reset: 30"], ""),
        answer("403 Forbidden", &[], "{\"reason\": \"private\"}"),
        answer("200 OK", &["content-type: text/html"], "<html>"),
        json("{\"data\":{\"children\":5}}"),
        answer("502 Bad Gateway", &[], ""),
        listing(&[post("t3_a", "One", 1)], None),
        vec![Act::Hold],
    ];
    let server = Server::start(scripts).await;
    let (feed, _file) = reddit(&server, false);
    let mut client = Client::start(&[feed]);
    client.until(|seen| !uids(seen).is_empty()).await;
    let reasons = client.reasons();
    let told = [
        "Reddit rejects the app's id and secret (401)",
        "Reddit rejects the app's id and secret: unsupported_grant_type",
        "the server answers 429: too many requests",
        "Reddit answers 403 for /r/acme+phones/new: private, banned or misspelt",
        "the server sends text/html, not JSON",
        "Reddit sent JSON that is not a listing",
        "the server answers 502: server error",
    ];
    assert_eq!(reasons, told);
    assert!(
        !format!("{:?}", client.seen).contains("s3cret") && !format!("{:?}", client.seen).contains("t0ken")
    );
    let until = client.seen.iter().find_map(|batch| match batch.state.health {
        Health::Throttled { until, .. } => down(batch).map(|_| until),
        _ => None,
    });
    assert!(until.is_some());
}

#[tokio::test]
async fn the_last_call_of_a_limit_is_followed_by_a_rest() {
    let server = Server::answering(|request, _| match path(request) {
        "/token" => json(TOKEN),
        "/r/acme+phones/new" => {
            let body = "{\"data\":{\"after\":null,\"children\":[]}}";
            answer("200 OK", &["x-ratelimit-remaining: 0.0", "x-ratelimit-reset: 60"], body)
        }
        _ => vec![Act::Hold],
    })
    .await;
    let (feed, _file) = reddit(&server, false);
    let mut client = Client::start(&[feed]);
    client.until(|_| server.calls().len() >= 4).await;
    assert_eq!(client.reasons(), [""; 0]);
}
