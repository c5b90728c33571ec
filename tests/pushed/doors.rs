//! What else comes to a webhook's door: forms, packed bodies, strangers, and calls left half open.

use std::io::Write as _;
use std::net::SocketAddr;

use fishbowl::feed::kinds::{Profile, WebhookTable};
use fishbowl::layout::wall::FieldMap;
use fishbowl::mention::source::Health;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::time::{Duration, timeout};

use crate::caller::{Answer, feed, free, hook, mention, post, secret, signed};
use crate::wall::Wall;

/// A body as GitHub sends it when a webhook is set up without another word.
const FORM: &[u8] = b"payload=%7B%22comment%22%3A%7B%22id%22%3A7%2C%22body%22%3A%22a+%26+b+%C3%A9%22%7D%7D";
const FORMS: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

async fn send(at: SocketAddr, headers: &str, body: &[u8]) -> Answer {
    post(at, "/hooks/shop", &(signed("s3cret", body) + headers), body).await
}

#[tokio::test]
async fn a_form_is_read_by_its_payload_and_known_by_its_raw_body() {
    let (key, at) = (secret("s3cret"), free());
    let map = FieldMap { id: "$.id".into(), text: Some("$.body".into()), ..FieldMap::default() };
    let hook = WebhookTable {
        items: Some("$.comment".into()),
        map: Some(map),
        ..hook("shop", at, Profile::Github, &key)
    };
    let mut wall = Wall::start(&[feed("shop", hook)]);
    wall.live(1).await;
    let answer = send(at, FORMS, FORM).await;
    assert_eq!((answer.status, &*answer.body), (200, r#"{"kept":1,"refused":0}"#));
    assert_eq!(send(at, FORMS, b"other=1").await.status, 400);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(br#"{"comment":{"id":8,"body":"half \ud83d"}}"#).expect("a vector takes all");
    let packed = packed.finish().expect("a vector takes all");
    let answer = send(at, "Content-Encoding: gzip\r\nContent-Type: application/json\r\n", &packed).await;
    assert_eq!((answer.status, &*answer.body), (200, r#"{"kept":1,"refused":0}"#));
    let told = "Content-Type: application/json; charset=iso-8859-1\r\n";
    assert_eq!(send(at, told, b"{\"comment\":{\"id\":\"caf\xe9\",\"body\":\"x\"}}").await.status, 200);
    let heard = wall.until(|heard| heard.uids.len() == 3).await;
    assert_eq!(heard.uids, ["shop:7", "shop:8", "shop:café"]);
}

#[tokio::test]
async fn a_webhook_whose_calls_are_all_turned_away_says_why() {
    let (key, at) = (secret("s3cret"), free());
    let mut wall = Wall::start(&[feed("shop", hook("shop", at, Profile::Github, &key))]);
    wall.live(1).await;
    for _ in 0..2 {
        let wrong = signed("another", &mention("a"));
        assert_eq!(post(at, "/hooks/shop", &wrong, &mention("a")).await.status, 401);
    }
    let why = |why: &str| {
        let why = why.to_owned();
        move |heard: &crate::wall::Heard| {
            let trouble = heard.state(0).and_then(|state| state.trouble.as_ref());
            trouble.is_some_and(|trouble| trouble.deaf && *trouble.why == *why)
        }
    };
    wall.until(why("everything is rejected: the signature is wrong (2 in a row)")).await;
    assert_eq!(send(at, "", &mention("a")).await.status, 200);
    wall.until(|heard| heard.state(0).is_some_and(|state| state.trouble.is_none())).await;
    for _ in 0..3 {
        assert_eq!(send(at, "", b"<feed/>").await.status, 400);
    }
    let heard = wall.until(why("everything is rejected: not JSON (3 in a row)")).await;
    assert_eq!(heard.state(0).map(|state| (state.garbage, &state.health)), Some((5, &Health::Live)));
}

#[tokio::test]
async fn calls_that_are_left_half_open_hold_up_no_others() {
    let (key, at) = (secret("s3cret"), free());
    let mut wall = Wall::start(&[feed("shop", hook("shop", at, Profile::Github, &key))]);
    wall.live(1).await;
    let mut half = Vec::new();
    for nth in 0..400 {
        let mut stream = TcpStream::connect(at).await.expect("the wall listens");
        let said: &[u8] = match nth % 4 {
            0 => b"",
            1 => b"POST /hooks/shop HTTP/1.1\r\nhost: wa",
            2 => b"POST /hooks/shop HTTP/1.1\r\nhost: wall\r\ncontent-length: 1000\r\n\r\n",
            _ => b"POST /hooks/shop HTTP/1.1\r\nhost: wall\r\ncontent-length: 1000\r\n\r\n{\"uid\":",
        };
        // One that gave way has been hung up on.
        let _ = stream.write_all(said).await;
        half.push(stream);
        if nth % 100 == 99 {
            let uid = nth.to_string();
            let answer = timeout(Duration::from_secs(3), send(at, "", &mention(&uid))).await;
            assert_eq!(answer.expect("it is not held up").status, 200);
        }
    }
    // Nor do bodies that are half there, whatever room they take.
    let mut large = Vec::new();
    for _ in 0..12 {
        let mut stream = TcpStream::connect(at).await.expect("the wall listens");
        let head = b"POST /hooks/shop HTTP/1.1\r\nhost: wall\r\ncontent-length: 8000000\r\n\r\n";
        let _ = stream.write_all(head).await;
        let _ = timeout(Duration::from_secs(3), stream.write_all(&vec![b' '; 7_900_000])).await;
        large.push(stream);
    }
    let answer = timeout(Duration::from_secs(5), send(at, "", &mention("last"))).await;
    assert_eq!(answer.expect("it is not held up").status, 200);
    let heard = wall.until(|heard| heard.uids.contains(&"last".to_owned())).await;
    assert_eq!(heard.uids, ["99", "199", "299", "399", "last"]);
}
