use fishbowl::feed::kinds::TalkwalkerTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::{Kind, Mention, Network, ReachKind};
use serde_json::{Value, json};

use crate::client::{Client, uids};
use crate::server::{Act, Server, answer};
use crate::{Token, service, states};

const HEAD: Act = Act::Head("HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n");

fn feed(server: &Server, token: &Token) -> Feed {
    service(FeedSpec::from(TalkwalkerTable {
        url: Some(server.at("/")),
        token_file: token.file(),
        collector: Some("live-1".into()),
        ..TalkwalkerTable::default()
    }))
}

/// As the service lays it out: one text after the other, over many lines.
fn pretty(chunks: &[Value]) -> Vec<u8> {
    chunks
        .iter()
        .map(|chunk| serde_json::to_string_pretty(chunk).expect("it is JSON"))
        .collect::<String>()
        .into()
}

fn result(url: &str, appearance: &str, indexed: i64) -> Value {
    json!({"chunk_type": "CT_RESULT", "chunk_result": {"data": {"data": {
        "url": url, "title": "Aurora", "content": "The battery", "published": 1_790_336_284_000_i64,
        "search_indexed": indexed, "matched": {"appearance": appearance}}}}})
}

fn control(offset: &str) -> Value {
    json!({"chunk_type": "CT_CONTROL", "chunk_control": {"connection_id": "#a#", "resume_offset": offset}})
}

fn trouble(code: &str) -> String {
    json!({"status_code": code, "status_message": "So it is", "request": "GET /api?access_token=s3cret"})
        .to_string()
}

fn mentions(client: &Client) -> Vec<&Mention> {
    client.seen.iter().flat_map(|b| &b.mentions).collect()
}

#[tokio::test]
async fn a_stream_in_crumbs_is_read_and_resumed_from_its_last_offset() {
    let token = Token::new("s3cret-crumbs");
    let first = pretty(&[
        control("earliest"),
        result("https://a.example/1", "NEW", 1_796_336_300_000),
        control("offset-1"),
        result("https://a.example/1", "UPDATED", 1_796_336_400_000),
    ]);
    let server = Server::start(vec![
        vec![HEAD, Act::Crumbs(first), Act::Crumbs(b"{\"chunk_type\": \"CT_RES".into())],
        vec![
            HEAD,
            Act::Chunk(pretty(&[control("offset-1"), result("https://a.example/2", "NEW", 0)])),
            Act::Hold,
        ],
    ])
    .await;
    let mut client = Client::start(&[feed(&server, &token)]);
    client.until(|seen| uids(seen).len() >= 3).await;
    let a = "talkwalker:https://a.example/1";
    assert_eq!(client.uids(), [a, a, "talkwalker:https://a.example/2"]);
    let all = mentions(&client);
    assert!(all[0].version < all[1].version && all[0].text.as_deref() == Some("Aurora — The battery"));
    let calls = server.calls();
    assert!(calls[0].line.starts_with("GET /api/v3/stream/c/live-1/results?"), "{}", calls[0].line);
    assert_eq!(calls[0].query("resume_offset"), Some("earliest"));
    assert_eq!(
        (calls[0].query("end_behaviour"), calls[0].query("access_token")),
        (Some("wait"), Some("s3cret-crumbs"))
    );
    assert_eq!(calls[1].query("resume_offset"), Some("offset-1"));
    assert!(client.reasons().iter().all(|why| !why.contains("s3cret")), "{:?}", client.reasons());
}

#[tokio::test]
async fn a_whole_document_becomes_a_mention() {
    let token = Token::new("s3cret-document");
    let whole: Value = serde_json::from_str(include_str!("talkwalker/document.json")).expect("it is JSON");
    let x = json!({"data": {"external_provider": "twitter", "external_id": "1075", "external_author_id": "27",
        "indexed": 1_796_336_284_000_i64, "sentiment": -5, "lang": "en",
        "source_type": ["SOCIALMEDIA", "SOCIALMEDIA_TWITTER"]}});
    let news = json!({"data": {"url": format!("https://news.example/{}", "x".repeat(1_500)), "sentiment": 9,
        "title": "Aurora", "reach": 900, "source_type": ["ONLINENEWS"],
        "extra_source_attributes": {"world_data": {"latitude": 38.9, "longitude": -77.0, "city": "Washington"}}},
        "highlighted_data": [{"content_snippet": "The <b>battery</b> &amp; more"}]});
    let chunks: Vec<_> = [&whole, &x, &news]
        .map(|data| json!({"chunk_type": "CT_RESULT", "chunk_result": {"data": data}}))
        .into();
    let server = Server::start(vec![vec![HEAD, Act::Chunk(pretty(&chunks)), Act::Hold]]).await;
    let mut client = Client::start(&[feed(&server, &token)]);
    client.until(|seen| uids(seen).len() >= 3).await;
    let all = mentions(&client);
    let (whole, x, news) = (all[0], all[1], all[2]);
    assert_eq!((whole.network, whole.kind), (Network::Reddit, Kind::Comment));
    assert_eq!(whole.parent.as_deref(), Some("talkwalker:https://forum.example/phones/t/17/"));
    assert!(whole.sentiment.is_some_and(|s| (s.score - 0.6).abs() < 1e-6));
    let metrics = whole.metrics.as_deref().expect("it has some");
    assert_eq!(
        (metrics.likes, metrics.shares, metrics.replies, metrics.views),
        (Some(3), Some(7), Some(4), Some(900))
    );
    assert_eq!(whole.geo.as_ref().and_then(|g| g.name.as_deref()), Some("Vienna"));
    assert_eq!(whole.tags.iter().map(|t| &**t).collect::<Vec<_>>(), ["aurora-rule", "battery", "checked"]);
    assert_eq!((&*x.uid, x.network, x.text.as_deref()), ("talkwalker:twitter/1075", Network::X, None));
    assert_eq!(x.author.as_ref().map(|a| &*a.id), Some("27"));
    assert!(x.sentiment.is_some_and(|s| s.score == -1.0));
    // Where a site has its seat is not where it was said.
    assert_eq!((news.geo.as_ref(), news.sentiment), (None, None));
    assert_eq!(news.text.as_deref(), Some("Aurora — The battery & more"));
    assert_eq!(news.reach.map(|r| r.kind), Some(ReachKind::SiteVisitors));
    assert!(news.uid.len() < 100, "a long address is known by its digest: {}", news.uid);
}

#[tokio::test]
async fn a_401_may_mean_too_many_calls_and_a_429_too_many_streams() {
    let token = Token::new("s3cret-401");
    let refuse =
        |status: &str, code: &str| answer(status, &["content-type: application/json"], &trouble(code));
    let server = Server::start(vec![
        refuse("401 Unauthorized", "8"),
        refuse("429 Too Many Requests", "30"),
        refuse("401 Unauthorized", "7"),
        refuse("401 Unauthorized", "9"),
        refuse("500 Oops", "1"),
        answer("401 Unauthorized", &[], "not what was agreed"),
        vec![HEAD, Act::Chunk(pretty(&[result("https://a.example/1", "NEW", 0)])), Act::Hold],
    ])
    .await;
    let mut client = Client::start(&[feed(&server, &token)]);
    client.until(|seen| !uids(seen).is_empty()).await;
    assert_eq!(states(&client.seen), ["throttled", "refused", "down", "refused", "live"]);
    let reasons = client.reasons();
    for (reason, what) in reasons.iter().zip([
        "too many calls",
        "too many streams",
        "token is not valid",
        "no credits",
        "service error",
    ]) {
        assert!(reason.contains(what) && reason.contains("So it is"), "{what}: {reason}");
    }
    assert_eq!(reasons[5], "the server answers 401: check the token");
    assert!(reasons.iter().all(|why| !why.contains("s3cret")), "{reasons:?}");
}

#[tokio::test]
async fn a_wall_that_another_pushed_out_does_not_push_back() {
    let token = Token::new("s3cret-24");
    let pushed = json!({"chunk_type": "CT_ERROR", "chunk_error": {"status_code": "24", "status_message": "newer stream"}});
    let server = Server::start(vec![
        vec![
            HEAD,
            Act::Chunk(pretty(&[result("https://a.example/1", "NEW", 0), control("offset-1"), pushed])),
            Act::Hold,
        ],
        vec![HEAD, Act::Hold],
    ])
    .await;
    let mut client = Client::start(&[feed(&server, &token)]);
    client.until(|seen| states(seen).last() == Some(&"refused")).await;
    assert_eq!(client.uids().len(), 1);
    assert!(client.cursor().is_some_and(|c| c.ends_with(" offset-1")), "what came before is kept");
    assert!(
        client.reasons()[0].contains("another connection is now reading this collector"),
        "{:?}",
        client.reasons()
    );
    let more = tokio::time::timeout(std::time::Duration::from_millis(300), client.batches.recv()).await;
    assert!(more.is_err(), "it is not tried again");
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn a_place_that_is_not_known_any_more_is_left() {
    let token = Token::new("s3cret-lost");
    let lost =
        json!({"status_code": "5", "status_message": "Invalid parameter value", "param": "resume_offset"});
    let server = Server::start(vec![
        vec![HEAD, Act::Chunk(pretty(&[control("offset-1")])), Act::Hold],
        answer("400 Bad Request", &[], &lost.to_string()),
        vec![HEAD, Act::Chunk(pretty(&[control("offset-9")])), Act::Hold],
        vec![HEAD, Act::Hold],
    ])
    .await;
    let mut client = Client::start(&[feed(&server, &token)]);
    client.until(|seen| seen.iter().any(|b| b.cursor.is_some())).await;
    let kept = client.cursor().expect("it was marked");
    drop(client);
    let mut client = Client::after(feed(&server, &token), &kept);
    client.until(|seen| seen.iter().any(|b| b.cursor.is_some())).await;
    let newer = client.cursor().expect("it was marked");
    assert!(newer.ends_with(" offset-9"), "{newer}");
    drop(client);
    // Another collector knows nothing of this one's places.
    let mut other = feed(&server, &token);
    if let Some(table) = other.spec.table::<TalkwalkerTable>() {
        other.spec = TalkwalkerTable { collector: Some("live-2".into()), ..table.clone() }.into();
    }
    let mut client = Client::after(other, &newer);
    client.until(|seen| states(seen).last() == Some(&"live")).await;
    let asked: Vec<_> = server.calls().iter().map(|c| c.query("resume_offset").map(str::to_owned)).collect();
    let expected = ["earliest", "offset-1", "earliest", "earliest"];
    assert_eq!(asked, expected.map(|offset| Some(offset.to_owned())));
}

#[tokio::test]
async fn garbage_between_the_chunks_is_counted_and_passed_over() {
    let token = Token::new("s3cret-garbage");
    let long = [&b"{\"chunk_type\":\"CT_RESULT\",\"x\":\""[..], &vec![b'x'; 10_000_000], b"\"}\n"].concat();
    let nameless =
        json!({"chunk_type": "CT_RESULT", "chunk_result": {"data": {"data": {"title": "no address"}}}});
    let server = Server::start(vec![vec![
        HEAD,
        Act::Chunk(b"\xef\xbb\xbf\r\n".into()),
        Act::Chunk(pretty(&[json!({"chunk_type": "CT_NEW"}), nameless, json!({"chunk_type": "CT_RESULT"})])),
        Act::Chunk(b" oops {\"chunk_type\":\xff} ".into()),
        Act::Chunk(long),
        Act::Chunk(pretty(&[result("https://a.example/1", "NEW", 0)])),
        Act::Hold,
    ]])
    .await;
    let mut client = Client::start(&[feed(&server, &token)]);
    client.until(|seen| !uids(seen).is_empty()).await;
    // The chunk with a broken byte is mended, and says nothing.
    assert_eq!(client.garbage(), 3);
}
