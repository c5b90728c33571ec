//! Webhooks as the services call them, over real sockets.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fishbowl::feed::kinds::{Profile, WebhookTable};
use fishbowl::layout::wall::FieldMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::caller::{feed, free, get, hook, mac, mention, post, secret, signed};
use crate::wall::{Disk, LIMIT, Wall};

#[tokio::test]
async fn what_is_signed_is_kept_and_what_is_not_is_refused() {
    let (key, old, at) = (secret("s3cret\n"), secret("older"), free());
    let hook =
        WebhookTable { old_secret_file: Some(old.path().into()), ..hook("shop", at, Profile::Github, &key) };
    let mut wall = Wall::start(&[feed("shop", hook)]);
    wall.live(1).await;
    let answer = post(at, "/hooks/shop", &signed("s3cret", &mention("a")), &mention("a")).await;
    assert_eq!((answer.status, &*answer.body), (200, r#"{"kept":1,"refused":0}"#));
    let answer = post(at, "/hooks/shop", &signed("older", &mention("b")), &mention("b")).await;
    assert_eq!(answer.status, 200, "both secrets hold while one is exchanged");
    for headers in ["", &signed("s3cret", b"another body"), &signed("wrong", &mention("c"))] {
        assert_eq!(post(at, "/hooks/shop", headers, &mention("c")).await.status, 401);
    }
    assert_eq!(get(at, "/hooks/shop").await.status, 405);
    assert_eq!(get(at, "/hooks").await.status, 404);
    assert_eq!(post(at, "/hooks/shop/more", &signed("s3cret", b"{}"), b"{}").await.status, 404);
    let heard = wall.until(|heard| heard.state(0).is_some_and(|s| s.garbage == 3)).await;
    assert_eq!(heard.uids, ["a", "b"]);
}

#[tokio::test]
async fn the_caller_is_told_when_it_is_on_disk_and_not_before() {
    let (key, at) = (secret("s3cret"), free());
    let mut wall = Wall::start(&[feed("shop", hook("shop", at, Profile::Github, &key))]);
    wall.live(1).await;
    wall.disk.send_replace(Disk::Works);
    let body = mention("a");
    let call = tokio::spawn(async move { post(at, "/hooks/shop", &signed("s3cret", &body), &body).await });
    wall.until(|heard| heard.uids == ["a"]).await;
    assert!(!call.is_finished(), "it is not safe yet");
    wall.disk.send_replace(Disk::Fails);
    let answer = call.await.expect("it is answered");
    assert_eq!(answer.status, 503);
    assert!(answer.head.contains("retry-after: 10"), "{answer:?}");
    wall.disk.send_replace(Disk::Keeps);
    let answer = post(at, "/hooks/shop", &signed("s3cret", &mention("a")), &mention("a")).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn a_delivery_that_comes_again_is_not_read_again_once_it_is_safe() {
    let (key, at) = (secret("s3cret"), free());
    let mut wall = Wall::start(&[feed("shop", hook("shop", at, Profile::Github, &key))]);
    wall.live(1).await;
    let headers = format!("{}X-GitHub-Delivery: 72d3162e\r\n", signed("s3cret", &mention("a")));
    wall.disk.send_replace(Disk::Fails);
    assert_eq!(post(at, "/hooks/shop", &headers, &mention("a")).await.status, 503);
    wall.disk.send_replace(Disk::Keeps);
    for _ in 0..3 {
        assert_eq!(post(at, "/hooks/shop", &headers, &mention("a")).await.status, 200);
    }
    let last = signed("s3cret", &mention("b"));
    assert_eq!(post(at, "/hooks/shop", &last, &mention("b")).await.status, 200);
    let heard = wall.until(|heard| heard.uids.contains(&"b".to_owned())).await;
    assert_eq!(heard.uids, ["a", "a", "b"], "the first time it was not safe");
}

#[tokio::test]
async fn x_asks_first_and_signs_in_base64() {
    let (key, at) = (secret("consumer"), free());
    let map = FieldMap { id: "$.id_str".into(), text: Some("$.text".into()), ..FieldMap::default() };
    let hook = WebhookTable {
        items: Some("$.tweet_create_events".into()),
        map: Some(map),
        ..hook("x", at, Profile::X, &key)
    };
    let mut wall = Wall::start(&[feed("x", hook)]);
    wall.live(1).await;
    let answer = get(at, "/hooks/x?crc_token=a%2Bb&nonce=1").await;
    let token = BASE64.encode(mac("consumer", b"a+b"));
    assert_eq!(answer.body, format!(r#"{{"response_token":"sha256={token}"}}"#));
    assert_eq!(get(at, "/hooks/x").await.status, 400);
    let body = br#"{"for_user_id":"1","tweet_create_events":[{"id_str":"7","text":"hi"},{"id_str":"8"}]}"#;
    let header = format!("x-twitter-webhooks-signature: sha256={}\r\n", BASE64.encode(mac("consumer", body)));
    assert_eq!(post(at, "/hooks/x", &header, body).await.status, 200);
    let other = br#"{"for_user_id":"1","favorite_events":[{}]}"#;
    let header =
        format!("x-twitter-webhooks-signature: sha256={}\r\n", BASE64.encode(mac("consumer", other)));
    assert_eq!(post(at, "/hooks/x", &header, other).await.status, 200, "other events are none of ours");
    let heard = wall.until(|heard| heard.uids.len() == 2).await;
    assert_eq!(heard.uids, ["x:7", "x:8"]);
    assert_eq!(heard.state(0).map(|s| s.garbage), Some(0));
}

#[tokio::test]
async fn feeds_share_an_address_and_let_go_of_it() {
    let (key, at) = (secret("s3cret"), free());
    let feeds = ["one", "two"].map(|name| feed(name, hook(name, at, Profile::Token, &key)));
    let mut wall = Wall::start(&feeds);
    wall.live(2).await;
    let bearer = "Authorization: Bearer s3cret\r\n";
    assert_eq!(post(at, "/hooks/one", bearer, &mention("a")).await.status, 200);
    assert_eq!(post(at, "/hooks/two/s3cret", "", &mention("b")).await.status, 200);
    assert_eq!(post(at, "/hooks/two/s3cre", "", &mention("c")).await.status, 401);
    assert_eq!(post(at, "/hooks/three", bearer, &mention("c")).await.status, 404);
    wall.until(|heard| heard.uids == ["a", "b"]).await;

    // A wall that takes over a changed layout starts its feeds while the old ones are just ending.
    drop(wall.feeds.take());
    let mut next = Wall::start(&feeds[1..]);
    next.live(1).await;
    assert_eq!(post(at, "/hooks/two", bearer, &mention("d")).await.status, 200);
    next.until(|heard| heard.uids == ["d"]).await;
    drop(next);
    let rebound = async {
        while TcpListener::bind(at).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(LIMIT, rebound).await.expect("the port is free again");
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_secret_that_is_not_there_are_told() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("the loopback has a free port");
    let at = taken.local_addr().expect("it is bound");
    let key = secret("s3cret");
    let mut blind = hook("blind", free(), Profile::Github, &key);
    blind.secret_file = Some("/no/such/secret".into());
    let mut wall =
        Wall::start(&[feed("shop", hook("shop", at, Profile::Github, &key)), feed("blind", blind)]);
    let heard = wall.until(|heard| heard.why(0).is_some() && heard.why(1).is_some()).await;
    let why = heard.why(0).expect("it is down");
    assert_eq!(
        why,
        format!("cannot listen on {at}: another program has the port; end it, or set another `listen`")
    );
    let why = heard.why(1).expect("it is refused");
    assert!(why.contains("/no/such/secret"), "{why}");
    drop(taken);
    wall.live(1).await;
}

#[tokio::test]
async fn bodies_that_cannot_be_read_are_told_and_counted() {
    let (key, at) = (secret("s3cret"), free());
    let mut wall = Wall::start(&[feed("shop", hook("shop", at, Profile::Github, &key))]);
    wall.live(1).await;
    let send =
        |body: &'static [u8]| async move { post(at, "/hooks/shop", &signed("s3cret", body), body).await };
    assert_eq!(send(b"").await.status, 400);
    assert_eq!(send(b"<feed/>").await.status, 400);
    assert_eq!(send(br#"{"zen":"Keep it logically awesome."}"#).await.status, 422);
    let answer = send(b"{\"uid\":\"a\"}\n{\"uid\":5.5}\n{\"uid\":\"b\"}\n").await;
    assert_eq!((answer.status, &*answer.body), (200, r#"{"kept":2,"refused":1}"#));
    let heard = wall.until(|heard| heard.state(0).is_some_and(|s| s.garbage == 4)).await;
    assert_eq!(heard.uids, ["a", "b"]);
}

#[tokio::test]
async fn what_is_too_large_is_refused_and_what_is_chunked_is_taken() {
    let (key, at) = (secret("s3cret"), free());
    let mut wall = Wall::start(&[feed("shop", hook("shop", at, Profile::Github, &key))]);
    wall.live(1).await;
    let many: Vec<String> = (0..10_000).map(|i| format!("{{\"uid\":\"{i}\"}}")).collect();
    let body = many.join("\n");
    let mut stream = TcpStream::connect(at).await.expect("the wall listens");
    let head = format!(
        "POST /hooks/shop HTTP/1.1\r\nhost: wall\r\ntransfer-encoding: chunked\r\n{}\r\n",
        signed("s3cret", body.as_bytes())
    );
    stream.write_all(head.as_bytes()).await.expect("the wall reads");
    for part in body.as_bytes().chunks(50_000) {
        let chunk = [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat();
        stream.write_all(&chunk).await.expect("the wall reads");
    }
    stream.write_all(b"0\r\n\r\n").await.expect("the wall reads");
    let mut status = [0; 12];
    timeout(LIMIT, stream.read_exact(&mut status)).await.expect("in time").expect("it is answered");
    assert_eq!(&status, b"HTTP/1.1 200");
    let heard = wall.until(|heard| heard.uids.len() == 10_000).await;
    assert!(heard.uids.iter().enumerate().all(|(i, uid)| *uid == i.to_string()));
    let large = vec![b' '; (8 << 20) + 1];
    assert_eq!(post(at, "/hooks/shop", &signed("s3cret", &large), &large).await.status, 413);
    let long = format!("x: {}\r\n", "y".repeat(20_000));
    assert_eq!(post(at, "/hooks/shop", &long, b"{}").await.status, 431);
}
