//! NATS JetStream against a real server.

use std::collections::BTreeSet;
use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, pull};
use async_nats::jetstream::stream::{Config, Stream};
use async_nats::jetstream::{Context, message::PublishMessage};
use fishbowl::feed::kinds::NatsTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::wall::{Feed, FieldMap};
use fishbowl::mention::source::Health;
use tokio::time::timeout;

use crate::bus::Server;
use crate::wall::{Disk, Heard, LIMIT, Wall, feed};

fn table(server: &Server) -> NatsTable {
    NatsTable {
        servers: vec![server.url()],
        stream: "MENTIONS".into(),
        consumer: "wall".into(),
        subject: Some("mentions.>".into()),
        ..NatsTable::default()
    }
}

fn bus(table: NatsTable) -> Feed {
    feed("bus", FeedSpec::from(table))
}

async fn stream(context: &Context) -> Stream {
    let subjects = vec!["mentions.>".into(), "other.>".into()];
    let config = Config { name: "MENTIONS".into(), subjects, ..Config::default() };
    context.get_or_create_stream(config).await.expect("the server makes streams")
}

async fn publish(context: &Context, subject: &'static str, body: String) {
    let sent = context.publish(subject, body.into()).await.expect("the server listens");
    sent.await.expect("the server keeps it");
}

/// Numbered mentions; the server knows one that is sent twice by its number.
async fn number(context: &Context, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let body = format!("{{\"uid\":\"n:{number}\",\"text\":\"mention {number}\"}}");
        let message = PublishMessage::build().payload(body.into()).message_id(format!("n{number}"));
        let sent = context.send_publish("mentions.numbers", message).await.expect("the server listens");
        sent.await.expect("the server keeps it");
    }
}

fn all(numbers: std::ops::Range<u32>) -> BTreeSet<String> {
    numbers.map(|number| format!("n:{number}")).collect()
}

fn unique(heard: &Heard) -> BTreeSet<String> {
    heard.uids.iter().cloned().collect()
}

/// Waits until the server knows that nothing is left to hand over.
async fn settled(stream: &Stream) {
    let quiet = async {
        loop {
            let info = stream.consumer_info("wall").await.expect("the consumer is there");
            if info.num_ack_pending == 0 && info.num_pending == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LIMIT, quiet).await.expect("everything is acknowledged");
}

/// Waits until the server knows that a wall has hung up; what it hands to one that has not been
/// missed yet comes again after ten seconds.
async fn gone(stream: &Stream) {
    let missed = async {
        while stream.consumer_info("wall").await.is_ok_and(|info| info.num_waiting > 0) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LIMIT, missed).await.expect("the connection ends");
}

#[tokio::test]
async fn a_consumer_is_made_and_every_message_is_kept_once() {
    let server = Server::start(&[]).await;
    let context = server.context(None).await;
    let stream = stream(&context).await;
    number(&context, 0..700).await;
    publish(&context, "other.things", "{\"uid\":\"no\"}".into()).await;
    publish(&context, "mentions.list", "[{\"uid\":\"n:700\"},{\"uid\":\"n:701\"}]".into()).await;
    publish(&context, "mentions.garbage", "<html>".into()).await;
    let mut wall = Wall::start(&[bus(table(&server))]);
    let heard =
        wall.until(|heard| heard.uids.len() == 702 && heard.state(0).is_some_and(|s| s.garbage == 1)).await;
    assert_eq!(unique(&heard), all(0..702));
    settled(&stream).await;
    let info = stream.consumer_info("wall").await.expect("the consumer is there");
    assert_eq!(
        (info.config.durable_name.as_deref(), info.config.ack_policy),
        (Some("wall"), AckPolicy::Explicit)
    );
    wall.until(|heard| heard.state(0).is_some_and(|s| s.health == Health::Live)).await;

    // A wall that comes back goes on where it was.
    drop(wall);
    gone(&stream).await;
    let mut wall = Wall::start(&[bus(table(&server))]);
    number(&context, 702..705).await;
    let heard = wall.until(|heard| heard.uids.len() >= 3).await;
    assert_eq!(unique(&heard), all(702..705));
}

#[tokio::test]
async fn what_is_not_safe_comes_again() {
    let server = Server::start(&[]).await;
    let context = server.context(None).await;
    let stream = stream(&context).await;
    let mut wall = Wall::start(&[bus(table(&server))]);
    wall.disk.send_replace(Disk::Fails);
    wall.live(1).await;
    number(&context, 0..3).await;
    let heard = wall.until(|heard| heard.uids.len() >= 9).await;
    assert_eq!(unique(&heard), all(0..3), "they are asked for again and again");
    wall.disk.send_replace(Disk::Keeps);
    settled(&stream).await;
}

#[tokio::test]
async fn a_server_that_is_killed_and_comes_back_costs_nothing() {
    let mut server = Server::start(&[]).await;
    let context = server.context(None).await;
    let own = stream(&context).await;
    let impatient = pull::Config {
        durable_name: Some("wall".into()),
        filter_subject: "mentions.>".into(),
        ack_wait: Duration::from_millis(500),
        ..pull::Config::default()
    };
    own.create_consumer(impatient).await.expect("the server makes consumers");
    let mut wall = Wall::start(&[bus(table(&server))]);
    wall.live(1).await;
    wall.disk.send_replace(Disk::Works);
    number(&context, 0..400).await;
    wall.until(|heard| !heard.uids.is_empty()).await;
    server.kill();
    wall.disk.send_replace(Disk::Keeps);
    let heard = wall.until(|heard| heard.why(0).is_some()).await;
    let why = heard.why(0).unwrap_or_default();
    assert!(why.contains("NATS") || why.starts_with("cannot connect to nats://127.0.0.1"), "{why}");
    server.run();
    let context = server.context(None).await;
    number(&context, 300..800).await;
    let heard = wall.until(|heard| unique(heard).len() == 800).await;
    assert_eq!(unique(&heard), all(0..800));
    settled(&stream(&context).await).await;
}

#[tokio::test]
async fn a_consumer_that_is_deleted_is_made_anew_where_it_was() {
    let server = Server::start(&[]).await;
    let context = server.context(None).await;
    let stream = stream(&context).await;
    let mut wall = Wall::start(&[bus(table(&server))]);
    wall.live(1).await;
    number(&context, 0..10).await;
    wall.until(|heard| heard.uids.len() == 10).await;
    settled(&stream).await;
    // A server that is writing the consumer's file just then fails to remove it.
    let mut deleted = stream.delete_consumer("wall").await;
    for _ in 0..40 {
        if deleted.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
        deleted = stream.delete_consumer("wall").await;
    }
    deleted.expect("it is there");
    number(&context, 10..15).await;
    let heard = wall.until(|heard| heard.uids.len() >= 15).await;
    assert_eq!(heard.uids.len(), 15, "what was kept does not come again");
    assert_eq!(unique(&heard), all(0..15));
}

#[tokio::test]
async fn what_is_missing_on_the_server_is_told() {
    let server = Server::start(&["--auth", "s3cret"]).await;
    let context = server.context(Some("s3cret")).await;
    let token = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(token.path(), "s3cret").expect("it is writable");
    let good = NatsTable { token_file: Some(token.path().into()), ..table(&server) };
    let mut wall = Wall::start(&[bus(table(&server)), bus(good)]);
    let heard = wall.until(|heard| heard.why(0).is_some() && heard.why(1).is_some()).await;
    let refused = heard.why(0).unwrap_or_default();
    assert!(refused.contains("check the user, the token or the credentials"), "{refused}");
    assert!(matches!(heard.state(0).map(|s| &s.health), Some(Health::Refused { .. })));
    let missing = heard.why(1).unwrap_or_default();
    assert_eq!(missing, "there is no stream `MENTIONS` on the server; create it, or correct `stream`");
    stream(&context).await;
    wall.until(|heard| heard.state(1).is_some_and(|s| s.health == Health::Live)).await;
}

#[tokio::test]
async fn a_consumer_of_another_kind_is_refused_in_words() {
    let server = Server::start(&[]).await;
    let context = server.context(None).await;
    let own = stream(&context).await;
    let blind = pull::Config {
        durable_name: Some("wall".into()),
        ack_policy: AckPolicy::None,
        ..pull::Config::default()
    };
    own.create_consumer(blind).await.expect("the server makes consumers");
    let narrow = pull::Config {
        durable_name: Some("narrow".into()),
        filter_subject: "other.things".into(),
        ..pull::Config::default()
    };
    own.create_consumer(narrow).await.expect("the server makes consumers");
    let other = NatsTable { consumer: "narrow".into(), ..table(&server) };
    let mut wall = Wall::start(&[bus(table(&server)), bus(other)]);
    let heard = wall.until(|heard| heard.why(0).is_some() && heard.why(1).is_some()).await;
    assert!(heard.why(0).is_some_and(|why| why.contains("acknowledgements")), "{heard:?}");
    assert!(heard.why(1).is_some_and(|why| why.contains("`other.things`, not `mentions.>`")), "{heard:?}");
}

#[tokio::test]
async fn foreign_messages_are_read_by_the_map() {
    let server = Server::start(&[]).await;
    let context = server.context(None).await;
    stream(&context).await;
    let map = FieldMap { id: "$.id".into(), text: Some("$.body".into()), ..FieldMap::default() };
    let table = NatsTable { items: Some("$.hits".into()), map: Some(map), ..table(&server) };
    let mut wall = Wall::start(&[bus(table)]);
    publish(&context, "mentions.crm", r#"{"hits":[{"id":1,"body":"one"},{"id":2},{"body":"no id"}]}"#.into())
        .await;
    let heard = wall.until(|heard| heard.uids.len() == 2).await;
    assert_eq!(heard.uids, ["bus:1", "bus:2"]);
    wall.until(|heard| heard.state(0).is_some_and(|s| s.garbage == 1)).await;
}
