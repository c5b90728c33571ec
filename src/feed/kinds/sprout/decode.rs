//! Messages of a Sprout Social listening topic (api.sproutsocial.com/docs, "Listening Topics").

use std::sync::Arc;

use serde_json::Value;

use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::field;
use crate::feed::kinds::suites::fields::{at, each, known_metrics, network, network_of, tags};
use crate::feed::kinds::suites::known::Known;
use crate::mention::{Author, Kind, Mention, Metrics, Network, Origin, Reach, ReachKind, Sentiment, UNDATED};

/// When the message was said: what the walk goes by.
pub(super) fn created(message: &Value) -> Option<Time> {
    field::moment(message.get("created_time"))
}

/// Reads one message; one without `guid` is garbage.
pub(in crate::feed::kinds) fn read(
    message: &Value,
    source: &Arc<str>,
    received: Time,
    _: &mut Known,
) -> Result<Mention, DecodeError> {
    let id = field::id(message.get("guid")).ok_or(DecodeError("a message without `guid`"))?;
    let ts = created(message).unwrap_or(UNDATED);
    let mut mention = Mention::new(source, "", ts, received).with_uid("sprout", &id);
    mention.url = field::url(message.get("perma_link"));
    mention.network = network_in(message);
    mention.kind = kind(message, mention.network);
    mention.author = author(message);
    mention.lang = field::lang(message.get("language"));
    let mood = message.get("sentiment").or_else(|| at(message, &["listening_metadata", "sentiment"]));
    mention.sentiment = field::score(mood).map(|score| Sentiment { score, origin: Origin::Source });
    mention.metrics = known_metrics(metrics(message));
    mention.reach = reach(message);
    mention.tags = tags(each(message.get("hashtags")));
    Ok(mention.with_text(field::text(message.get("text")).unwrap_or_default()))
}

/// `content_category` in capitals: what a message from the open web is.
fn category(message: &Value) -> String {
    field::text(message.get("content_category")).unwrap_or_default().to_ascii_uppercase()
}

fn network_in(message: &Value) -> Network {
    let word = field::text(message.get("network")).unwrap_or_default();
    let by_category = || network(&category(message));
    let by_host = || network_of(field::text(message.get("perma_link"))?);
    network(word).or_else(by_category).or_else(by_host).unwrap_or_default()
}

fn kind(message: &Value, network: Network) -> Kind {
    let category = category(message);
    let is = |word: &str| category.contains(word);
    match network {
        _ if is("REVIEW") => Kind::Review,
        _ if is("COMMENT") => Kind::Comment,
        _ if is("REPLY") || is("REPLIES") => Kind::Reply,
        _ if is("QUOTE") => Kind::Quote,
        _ if is("SHARE") || is("REPOST") || is("RETWEET") => Kind::Repost,
        Network::News | Network::Blog => Kind::Article,
        _ => Kind::Post,
    }
}

fn author(message: &Value) -> Option<Author> {
    let from = message.get("from")?;
    let handle = field::handle(from.get("screen_name"));
    let name = field::name(from.get("name"));
    let id =
        field::id(from.get("guid")).map(Arc::from).or_else(|| handle.clone()).or_else(|| name.clone())?;
    Some(Author { id, handle, name, followers: followers(message), place: field::name(from.get("location")) })
}

/// A metric is asked for as `from.followers_count` and comes under that very name.
fn followers(message: &Value) -> Option<u64> {
    let metric = at(message, &["metrics", "from.followers_count"]);
    field::count(metric.or_else(|| at(message, &["from", "followers_count"])))
}

fn metrics(message: &Value) -> Metrics {
    let of = |keys: &[&str]| keys.iter().find_map(|key| field::count(at(message, &["metrics", key])));
    Metrics {
        likes: of(&["likes", "reactions"]),
        shares: of(&["shares_count", "shares"]),
        replies: of(&["replies", "comments_count"]),
        views: of(&["video_views", "views"]),
        ..Metrics::default()
    }
}

/// Impressions, else followers; 0 stands for what Sprout does not know.
fn reach(message: &Value) -> Option<Reach> {
    let of = |value: Option<u64>, kind| Some(Reach { value: value.filter(|value| *value > 0)?, kind });
    let seen = field::count(at(message, &["metrics", "impressions"]));
    of(seen, ReachKind::Impressions).or_else(|| of(followers(message), ReachKind::Followers))
}
