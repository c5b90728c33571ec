//! Chunks of a Talkwalker stream and the documents in them
//! (developer.talkwalker.com/docs/overview/streaming-api-v3 and /docs/talkwalker-documents).

use std::sync::Arc;

use ring::digest::{SHA256, digest};
use serde_json::Value;

use crate::clock::Time;
use crate::codec;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::field::{self, MAX_ID};
use crate::feed::decode::html;
use crate::feed::kinds::suites::countries;
use crate::feed::kinds::suites::fields::{
    at, each, headed, joined, known_metrics, network, network_of, tags,
};
use crate::feed::kinds::suites::known::Known;
use crate::mention::{
    Author, Country, Geo, Kind, Mention, Metrics, Network, Origin, Reach, ReachKind, Sentiment, UNDATED,
};

/// Sentiment runs from −5 to 5.
const SENTIMENT: f64 = 5.0;

/// One piece of the stream.
#[derive(Debug)]
pub(in crate::feed) enum Chunk<'v> {
    /// A document with what Talkwalker found in it.
    Result(&'v Value),
    /// Where the stream can be resumed; what lies before was handed over.
    Offset(String),
    /// An error in band.
    Error(&'v Value),
    /// A sign of life, or a kind of chunk that is not known.
    Other,
}

impl<'v> Chunk<'v> {
    /// Tells what the chunk is by its `chunk_type`.
    pub fn of(chunk: &'v Value) -> Self {
        match field::text(chunk.get("chunk_type")) {
            Some("CT_RESULT") => at(chunk, &["chunk_result", "data"]).map_or(Self::Other, Self::Result),
            Some("CT_CONTROL") => {
                let offset = at(chunk, &["chunk_control", "resume_offset"]);
                field::id(offset).map_or(Self::Other, Self::Offset)
            }
            Some("CT_ERROR") => Self::Error(chunk.get("chunk_error").unwrap_or(chunk)),
            _ if chunk.get("status_code").is_some() => Self::Error(chunk),
            _ => Self::Other,
        }
    }
}

/// Reads a result: its document (`data`) and where the words stand in it that were asked for
/// (`highlighted_data`). A document without address and id is garbage.
pub(in crate::feed::kinds) fn read(
    result: &Value,
    source: &Arc<str>,
    received: Time,
    _: &mut Known,
) -> Result<Mention, DecodeError> {
    let document = result.get("data").unwrap_or(&Value::Null);
    let id = id(document).ok_or(DecodeError("a document without `url` and `external_id`"))?;
    let said = ["published", "indexed", "search_indexed"].iter().find_map(|key| moment(document, key));
    let ts = said.unwrap_or(UNDATED);
    let mut mention = Mention::new(source, "", ts, received).with_uid("talkwalker", &id);
    mention.version = version(document);
    mention.url = field::url(document.get("url"));
    mention.network = network_in(document);
    mention.kind = kind(document, mention.network);
    mention.parent = parent(document, &id);
    mention.author = author(document);
    mention.lang = field::lang(document.get("lang"));
    mention.geo = geo(document);
    mention.country = country(document);
    mention.sentiment = sentiment(document);
    mention.reach = reach(document, mention.network);
    mention.metrics = known_metrics(metrics(document));
    mention.tags = tags(named(result));
    mention.sensitive = field::number(document.get("porn_level")).is_some_and(|level| level >= 50.0);
    let body = field::text(document.get("content")).map(str::to_owned).or_else(|| snippet(result));
    Ok(mention.with_text(&headed(field::text(document.get("title")), body.as_deref())))
}

/// What stands around the words that were asked for: HTML, the words in bold.
fn snippet(result: &Value) -> Option<String> {
    let highlighted = each(result.get("highlighted_data")).map(|found| found.get("content_snippet"));
    let mut all = highlighted.chain([at(result, &["data", "content_snippet"])]).flatten();
    all.find_map(Value::as_str).map(html::plain)
}

/// The rules that found it, and the tags that people gave it.
fn named(result: &Value) -> impl Iterator<Item = &Value> {
    let found = each(result.get("highlighted_data"));
    let rules = found.flat_map(|found| each(at(found, &["matched", "rule_ids"])));
    let own = |key| each(at(result, &["data", key]));
    rules.chain(own("tags_customer")).chain(own("tags_marking"))
}

/// The address, which Talkwalker tells documents apart by; for posts of X, of which it may export
/// no address, the post's id.
fn id(document: &Value) -> Option<String> {
    if let Some(url) = field::text(document.get("url")).map(str::trim).filter(|url| !url.is_empty()) {
        return Some(name_of(url));
    }
    let provider = field::id(document.get("external_provider")).unwrap_or_else(|| "external".into());
    Some(format!("{provider}/{}", field::id(document.get("external_id"))?))
}

/// An address as an id; one that is too long or holds white space is known by its digest.
fn name_of(url: &str) -> String {
    let fit = url.len() <= MAX_ID && !url.chars().any(|c| c.is_whitespace() || c.is_control());
    if fit {
        return url.into();
    }
    codec::hex(digest(&SHA256, url.as_bytes()).as_ref())
}

fn moment(document: &Value, key: &str) -> Option<Time> {
    field::moment(document.get(key))
}

/// When it entered Talkwalker's index last, µs since 1970: an update of a document has a later one.
fn version(document: &Value) -> u64 {
    let indexed = moment(document, "search_indexed").or_else(|| moment(document, "indexed"));
    indexed.and_then(|at| u64::try_from(at.as_micros()).ok()).unwrap_or(0)
}

/// The kinds of its source, the most particular last: `SOCIALMEDIA`, `SOCIALMEDIA_TWITTER`.
fn source_types(document: &Value) -> impl Iterator<Item = &str> {
    each(document.get("source_type")).filter_map(Value::as_str)
}

fn network_in(document: &Value) -> Network {
    let particular = source_types(document).filter_map(|word| word.split_once('_')).map(|(_, rest)| rest);
    let general = source_types(document);
    let by_word = particular.chain(general).find_map(network);
    by_word.or_else(|| network_of(field::text(document.get("url"))?)).unwrap_or_default()
}

fn kind(document: &Value, network: Network) -> Kind {
    let marked = |mark: &str| each(document.get("tags_internal")).any(|tag| tag.as_str() == Some(mark));
    if marked("isComment") {
        return Kind::Comment;
    }
    if source_types(document).any(|word| word.starts_with("REVIEW")) {
        return Kind::Review;
    }
    match network {
        Network::News | Network::Blog => Kind::Article,
        _ => Kind::Post,
    }
}

/// Uid of what it is a comment of; documents of their own name themselves as parent.
fn parent(document: &Value, id: &str) -> Option<Arc<str>> {
    let parent = field::text(document.get("parent_url")).map(str::trim).filter(|url| !url.is_empty())?;
    let parent = name_of(parent);
    (parent.trim_end_matches('/') != id.trim_end_matches('/')).then(|| format!("talkwalker:{parent}").into())
}

fn author(document: &Value) -> Option<Author> {
    let given = document.get("extra_author_attributes").unwrap_or(&Value::Null);
    let id = field::name(given.get("id"))
        .or_else(|| field::id(document.get("external_author_id")).map(Into::into));
    let (name, handle) = (field::name(given.get("name")), field::handle(given.get("short_name")));
    let id = id.or_else(|| handle.clone()).or_else(|| name.clone())?;
    let world = given.get("world_data");
    let part = |key: &str| field::name(world?.get(key));
    let place = joined([part("city"), part("country")]);
    Some(Author { id, handle, name, followers: None, place })
}

/// Where the article says that it is, when that is as precise as a city. Where the *site* has its
/// seat (`extra_source_attributes`) is not where anything was said, and the middle of a country is
/// no place.
fn geo(document: &Value) -> Option<Geo> {
    let place = at(document, &["extra_article_attributes", "world_data"])?;
    let coarse = ["COUNTRY", "REGION", "CONTINENT"];
    if field::text(place.get("resolution")).is_some_and(|word| coarse.contains(&word)) {
        return None;
    }
    let mut geo = field::geo(place.get("latitude"), place.get("longitude"))?;
    geo.name = Some(field::name(place.get("city"))?);
    Some(geo)
}

/// The country that the article says, however coarse its place is.
fn country(document: &Value) -> Option<Country> {
    countries::two_letters(at(document, &["extra_article_attributes", "world_data", "country_code"]))
}

fn sentiment(document: &Value) -> Option<Sentiment> {
    let score = field::number(document.get("sentiment")).filter(|score| score.abs() <= SENTIMENT)?;
    Some(Sentiment { score: (score / SENTIMENT) as f32, origin: Origin::Source })
}

/// People: followers of an author or fans of a page in social networks, readers of a site
/// elsewhere. 0 stands for what Talkwalker does not know.
fn reach(document: &Value, network: Network) -> Option<Reach> {
    let value = field::count(document.get("reach")).filter(|value| *value > 0)?;
    let social = source_types(document).any(|word| word.starts_with("SOCIALMEDIA"));
    let kind = match network {
        _ if social => ReachKind::Followers,
        Network::News | Network::Blog | Network::Forum => ReachKind::SiteVisitors,
        _ => ReachKind::Vendor,
    };
    Some(Reach { value, kind })
}

/// The sums over the networks that `article_extended_attributes` names (`facebook_shares`,
/// `twitter_shares`).
fn metrics(document: &Value) -> Metrics {
    let given = document.get("article_extended_attributes").and_then(Value::as_object);
    let sum = |ends: &[&str]| {
        let counts = given.into_iter().flatten().filter(|(key, _)| ends.iter().any(|end| key.ends_with(end)));
        let counts = counts.filter_map(|(_, value)| field::count(Some(value)));
        counts.fold(None, |sum: Option<u64>, count| Some(sum.unwrap_or(0).saturating_add(count)))
    };
    Metrics {
        likes: sum(&["_likes", "_reactions"]),
        shares: sum(&["_shares", "_retweets"]),
        replies: sum(&["num_comments", "_comments"]),
        views: sum(&["_views"]),
        ..Metrics::default()
    }
}
