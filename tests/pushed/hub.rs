//! A WebSub hub that does as it is told.

use fishbowl::feed::kinds::{Profile, WebhookTable};
use fishbowl::mention::source::Health;

use crate::caller::{feed, free, get, hex, hook, mac, mention, post, secret};
use crate::server::{Server, answer};
use crate::wall::{Heard, Wall};

const TOPIC: &str = "https://blog.example.org/feed";

fn subscriber(hub: &Server, at: std::net::SocketAddr, key: &tempfile::NamedTempFile) -> WebhookTable {
    WebhookTable {
        hub: Some(hub.at("/hub")),
        topic: Some(TOPIC.into()),
        public_url: Some(format!("http://{at}/hooks/blog")),
        ..hook("blog", at, Profile::Websub, key)
    }
}

#[tokio::test]
async fn a_subscription_is_asked_for_verified_and_what_comes_is_kept() {
    let (key, at) = (secret("s3cret"), free());
    let hub = Server::answering(|_, _| answer("202 Accepted", &[], "")).await;
    let mut wall = Wall::start(&[feed("blog", subscriber(&hub, at, &key))]);
    let asked = hub.calls_after(1).await;
    let form = String::from_utf8(asked[0].body.clone()).expect("a form is text");
    let pairs =
        ["hub.mode=subscribe", "hub.topic=https%3A%2F%2Fblog.example.org%2Ffeed", "hub.secret=s3cret"];
    assert!(pairs.iter().all(|pair| form.contains(pair)), "{form}");
    let callback = format!("hub.callback=http%3A%2F%2F127.0.0.1%3A{}%2Fhooks%2Fblog", at.port());
    assert!(form.contains(&callback) && form.contains("hub.lease_seconds=604800"), "{form}");

    let ask = |topic: &'static str| async move {
        let query = format!("hub.mode=subscribe&hub.topic={topic}&hub.challenge=a1b2&hub.lease_seconds=3600");
        get(at, &format!("/hooks/blog?{query}")).await
    };
    assert_eq!(ask("https://evil.example.org/feed").await.status, 404);
    let answer = ask("https%3A%2F%2Fblog.example.org%2Ffeed").await;
    assert_eq!((answer.status, &*answer.body), (200, "a1b2"));
    wall.live(1).await;

    let signed = |body: &[u8]| format!("X-Hub-Signature: sha256={}\r\n", hex(&mac("s3cret", body)));
    let wrong = post(at, "/hooks/blog", &signed(b"another"), &mention("forged")).await;
    assert_eq!(wrong.status, 200, "a hub learns nothing from what is discarded");
    assert_eq!(post(at, "/hooks/blog", &signed(&mention("a")), &mention("a")).await.status, 200);
    let atom = br#"<feed xmlns="http://www.w3.org/2005/Atom"><title>Blog</title><entry>
        <id>https://blog.example.org/1</id><title>One</title><updated>2026-11-01T10:00:00Z</updated></entry></feed>"#;
    let headers = format!("{}content-type: application/atom+xml\r\n", signed(atom));
    assert_eq!(post(at, "/hooks/blog", &headers, atom).await.status, 200);
    let is_entry = |uid: &String| uid.ends_with("https://blog.example.org/1");
    let told = |heard: &Heard| heard.uids.len() == 2 && heard.uids[0] == "a" && is_entry(&heard.uids[1]);
    let heard = wall.until(|heard| told(heard) && heard.state(0).is_some_and(|s| s.garbage == 1)).await;
    assert_eq!(heard.state(0).map(|s| &s.health), Some(&Health::Live));
}

#[tokio::test]
async fn ids_belong_to_the_topic_that_a_hub_names() {
    let (key, at) = (secret("s3cret"), free());
    let mut wall = Wall::start(&[feed("blog", hook("blog", at, Profile::Websub, &key))]);
    wall.live(1).await;
    let entry = |title: &str, link: &str| {
        format!(
            "<rss version=\"2.0\" xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>{title}</title>{link}\
             <item><guid isPermaLink=\"false\">article:1</guid><title>{title}</title></item></channel></rss>"
        )
    };
    let itself = |name: &str| format!("<atom:link rel=\"self\" href=\"https://{name}.example/feed\"/>");
    let deliveries = [
        (entry("a", ""), "Link: <https://a.example/feed>; rel=\"self\"\r\n"),
        (
            entry("b", ""),
            "Link: <https://hub.example/>; rel=\"hub\", <https://b.example/feed>; rel=\"self\"\r\n",
        ),
        (entry("c", &itself("c")), ""),
        (entry("d", &itself("d")), ""),
        (entry("e", &itself("a")), ""),
    ];
    for (body, link) in &deliveries {
        let signature = hex(&mac("s3cret", body.as_bytes()));
        let headers =
            format!("X-Hub-Signature: sha256={signature}\r\ncontent-type: application/rss+xml\r\n{link}");
        assert_eq!(post(at, "/hooks/blog", &headers, body.as_bytes()).await.status, 200);
    }
    let heard = wall.until(|heard| heard.uids.len() == 5).await;
    let mut uids = heard.uids.clone();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), 4, "the last is the first again: {uids:?}");
}

#[tokio::test]
async fn a_hub_that_will_not_is_told_and_asked_again() {
    let (key, at) = (secret("s3cret"), free());
    let hub = Server::answering(|_, before| match before {
        0 => answer("403 Forbidden", &[], ""),
        _ => answer("202 Accepted", &[], ""),
    })
    .await;
    let mut wall = Wall::start(&[feed("blog", subscriber(&hub, at, &key))]);
    wall.until(|heard| matches!(heard.state(0).map(|s| &s.health), Some(Health::Refused { .. }))).await;
    hub.calls_after(2).await;
    let denied =
        "/hooks/blog?hub.mode=denied&hub.topic=https%3A%2F%2Fblog.example.org%2Ffeed&hub.reason=no+such+feed";
    assert_eq!(get(at, denied).await.status, 200);
    let heard = wall.until(|heard| heard.why(0).is_some_and(|why| why.contains("denied"))).await;
    assert_eq!(heard.why(0).as_deref(), Some("the hub denied the subscription: no such feed"));
}
