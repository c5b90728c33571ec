//! Mentions as Brandwatch Consumer Research gives them, field by field as in "Mention Field
//! Definitions" (developers.brandwatch.com/docs/mention-metadata-field-definitions).

use std::sync::Arc;

use serde_json::Value;

use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::{field, several};
use crate::feed::kinds::suites::countries;
use crate::feed::kinds::suites::fields::{
    at, count, each, headed, joined, known_metrics, network, network_of, tags,
};
use crate::feed::kinds::suites::known::Known;
use crate::mention::{
    Author, Country, Geo, Kind, MAX_TAGS, Mention, Metrics, Network, Origin, Reach, ReachKind, Sentiment,
    UNDATED,
};

/// When Brandwatch added the mention to the query: what the walk goes by.
pub(in crate::feed) fn added(record: &Value) -> Option<Time> {
    field::moment(record.get("added"))
}

/// Reads one mention; one without `resourceId` is garbage.
pub(in crate::feed::kinds) fn read(
    record: &Value,
    source: &Arc<str>,
    received: Time,
    known: &mut Known,
) -> Result<Mention, DecodeError> {
    let id = field::id(record.get("resourceId")).ok_or(DecodeError("a mention without `resourceId`"))?;
    let ts = field::moment(record.get("date")).or_else(|| added(record)).unwrap_or(UNDATED);
    let mut mention = Mention::new(source, "", ts, received).with_uid("brandwatch", &id);
    mention.version = version(record);
    mention.url = field::url(record.get("url")).or_else(|| field::url(record.get("originalUrl")));
    mention.network = network_in(record);
    mention.kind = kind(record, mention.network);
    mention.author = author(record, mention.network);
    mention.lang = field::lang(record.get("language"));
    mention.links = several::links(each(record.get("expandedUrls")).filter_map(Value::as_str));
    mention.geo = geo(record);
    mention.country = country(record);
    mention.sentiment =
        field::score(record.get("sentiment")).map(|score| Sentiment { score, origin: Origin::Source });
    mention.reach = reach(record);
    mention.metrics = known_metrics(metrics(record));
    mention.emotions = emotions(record);
    mention.tags = tags(named(record));
    relate(&mut mention, record, known);
    // X's own rules take its words out of what Brandwatch exports: it counts all the same.
    let body = field::text(record.get("snippet")).or_else(|| field::text(record.get("fullText")));
    Ok(mention.with_text(&headed(field::text(record.get("title")), body)))
}

/// The moment of the last change, µs since 1970.
fn version(record: &Value) -> u64 {
    let updated = field::moment(record.get("updated"));
    updated.and_then(|at| u64::try_from(at.as_micros()).ok()).unwrap_or(0)
}

/// `pageType`, or by its newer name `contentSource`, in lower case.
fn page_type(record: &Value) -> String {
    let word = field::text(record.get("pageType")).or_else(|| field::text(record.get("contentSource")));
    word.unwrap_or_default().to_ascii_lowercase()
}

fn network_in(record: &Value) -> Network {
    let by_word = network(&page_type(record));
    by_word.or_else(|| network_of(field::text(record.get("url"))?)).unwrap_or_default()
}

fn kind(record: &Value, network: Network) -> Kind {
    let there = |key: &str| field::text(record.get(key)).is_some_and(|text| !text.trim().is_empty());
    let entry = field::text(record.get("threadEntryType")).unwrap_or_default().to_ascii_lowercase();
    match entry.as_str() {
        _ if there("retweetOf") => Kind::Repost,
        _ if there("replyTo") => Kind::Reply,
        "share" | "retweet" | "repost" => Kind::Repost,
        "reply" => Kind::Reply,
        "comment" => Kind::Comment,
        "quote" => Kind::Quote,
        _ if page_type(record).starts_with("review") => Kind::Review,
        _ if matches!(network, Network::News | Network::Blog) => Kind::Article,
        _ => Kind::Post,
    }
}

fn author(record: &Value, network: Network) -> Option<Author> {
    let known_as = field::name(record.get("author"));
    let full = field::name(record.get("fullname"));
    if matches!(network, Network::News | Network::Blog) {
        let name = full.or(known_as)?;
        return Some(Author { id: name.clone(), name: Some(name), place: home(record), ..Author::default() });
    }
    let handle = field::handle(record.get("author"));
    let id = handle.clone().or_else(|| full.clone())?;
    let name = full.map(|full| within(&full, known_as.as_deref()));
    let followers = own(record, &["Followers", "FollowerCount"]);
    Some(Author { id, handle, name, followers, place: home(record) })
}

/// The name out of `handle (name)`.
fn within(full: &Arc<str>, handle: Option<&str>) -> Arc<str> {
    let rest = handle.and_then(|handle| full.strip_prefix(handle));
    let name = rest.and_then(|rest| rest.trim().strip_prefix('(')?.strip_suffix(')'));
    name.filter(|name| !name.is_empty()).map_or_else(|| full.clone(), Arc::from)
}

/// A count of the network's own, which is named after it: `facebookLikes`, `twitterRetweets`.
fn own(record: &Value, what: &[&str]) -> Option<u64> {
    let page = page_type(record);
    let network = page.split('_').next().unwrap_or_default();
    let names: &[&str] = if network == "x" { &["x", "twitter"] } else { &[network] };
    let keys = names.iter().flat_map(|name| what.iter().map(move |what| format!("{name}{what}")));
    keys.filter(|key| key.len() > 1).find_map(|key| field::count(record.get(&key)))
}

fn metrics(record: &Value) -> Metrics {
    Metrics {
        likes: own(record, &["Likes", "LikeCount", "Score"]),
        shares: own(record, &["Shares", "Retweets", "Reposts", "RepostCount"]),
        replies: own(record, &["Comments", "CommentCount", "ReplyCount", "Replies"]),
        views: own(record, &["VideoViews", "Views", "ViewCount"]),
        ..Metrics::default()
    }
}

/// Brandwatch's estimate, else impressions; 0 stands for what it does not know.
fn reach(record: &Value) -> Option<Reach> {
    let of = |key: &str, kind| {
        let value = count(record, &[key]).filter(|value| *value > 0)?;
        Some(Reach { value, kind })
    };
    of("reachEstimate", ReachKind::Vendor).or_else(|| of("impressions", ReachKind::Impressions))
}

/// A place with coordinates.
fn geo(record: &Value) -> Option<Geo> {
    let mut geo = field::geo(record.get("latitude"), record.get("longitude"))?;
    geo.name = field::name(record.get("city")).or_else(|| field::name(record.get("region")));
    Some(geo)
}

fn country(record: &Value) -> Option<Country> {
    countries::two_letters(record.get("countryCode"))
}

/// Where it lies as far as Brandwatch tells names: `Vienna, Austria`.
fn home(record: &Value) -> Option<Arc<str>> {
    let part = |key: &str| field::name(record.get(key));
    joined([part("city").or_else(|| part("region")), part("country")])
}

fn emotions(record: &Value) -> Vec<(Arc<str>, f32)> {
    let found = each(record.get("classifications")).filter_map(|class| {
        if field::text(class.get("classifierId")) != Some("emotions") {
            return None;
        }
        let confidence = field::number(class.get("confidence")).unwrap_or(1.0).clamp(0.0, 1.0);
        Some((field::name(class.get("name"))?.to_lowercase().into(), confidence as f32))
    });
    found.take(MAX_TAGS).collect()
}

/// Its query, its categories and its tags.
fn named(record: &Value) -> impl Iterator<Item = &Value> {
    let categories = each(record.get("categoryDetails")).filter_map(|category| category.get("name"));
    record.get("queryName").into_iter().chain(categories).chain(each(record.get("tags")))
}

/// Parent and thread: Brandwatch names them by address, which means a mention only if that came by.
fn relate(mention: &mut Mention, record: &Value, known: &mut Known) {
    if let Some(url) = &mention.url {
        known.learn(url, &mention.uid);
    }
    let find = |key: &str| at(record, &[key]).and_then(Value::as_str).and_then(|url| known.uid(url));
    let other = |uid: &Arc<str>| *uid != mention.uid;
    mention.parent = find("retweetOf").or_else(|| find("replyTo")).filter(other);
    mention.thread = find("threadURL").or_else(|| find("threadUrl")).filter(other);
}
