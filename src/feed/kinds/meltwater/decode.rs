//! Documents as Meltwater gives them, in its template `api.json`
//! (developer.meltwater.com/api-reference/templates/api-json), and in the older flat one that a
//! hook without a template sends (…/templates/legacy-json).

use std::sync::Arc;

use serde_json::Value;

use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::{field, several};
use crate::feed::kinds::suites::countries;
use crate::feed::kinds::suites::fields::{
    at, each, headed, joined, known_metrics, network, network_of, tags,
};
use crate::feed::kinds::suites::known::Known;
use crate::mention::{
    Author, Country, Geo, Kind, Mention, Metrics, Network, Origin, Reach, ReachKind, Sentiment, UNDATED,
};

/// The documents of what Meltwater posts (`{"request": …, "documents": […]}`) or answers to a
/// search (`{"result": {"documents": […]}}`); `None` where there is no list of them.
pub(in crate::feed) fn documents(posted: &Value) -> Option<&Vec<Value>> {
    let list = posted.get("documents").or_else(|| at(posted, &["result", "documents"]))?;
    list.as_array()
}

/// Reads one document; one without an id and an address is garbage.
pub(in crate::feed::kinds) fn read(
    document: &Value,
    source: &Arc<str>,
    received: Time,
    known: &mut Known,
) -> Result<Mention, DecodeError> {
    let id = id(document).ok_or(DecodeError("a document without an id"))?;
    let said = ["published_date", "document_publish_date", "indexed_date"];
    let ts = said.iter().find_map(|key| field::moment(document.get(key))).unwrap_or(UNDATED);
    let mut mention = Mention::new(source, "", ts, received).with_uid("meltwater", &id);
    mention.url = field::url(either(document, &["url"], "document_url"));
    mention.network = network_in(document);
    mention.kind = kind(document, mention.network);
    mention.author = author(document);
    mention.lang = field::lang(either(document, &["enrichments", "language_code"], "document_language_code"));
    mention.links = several::links(each(at(document, &["content", "links"])).filter_map(Value::as_str));
    mention.geo = geo(document);
    mention.country = country(document);
    let mood = either(document, &["enrichments", "sentiment"], "document_sentiment");
    mention.sentiment = field::score(mood).map(|score| Sentiment { score, origin: Origin::Source });
    mention.reach = reach(document);
    mention.metrics = known_metrics(metrics(document));
    mention.tags = tags(named(document));
    relate(&mut mention, document, known);
    let title = field::text(either(document, &["content", "title"], "document_title"));
    let body = field::text(either(document, &["content", "opening_text"], "document_opening_text"));
    let body =
        body.or_else(|| field::text(either(document, &["matched", "hit_sentence"], "document_hit_sentence")));
    Ok(mention.with_text(&headed(title, body)))
}

/// A field by its path in `api.json`, else by its name in the flat template.
fn either<'v>(document: &'v Value, path: &[&str], flat: &str) -> Option<&'v Value> {
    at(document, path).filter(|value| !value.is_null()).or_else(|| document.get(flat))
}

fn id(document: &Value) -> Option<String> {
    let keys = ["id", "document_id", "external_id", "document_external_id", "url", "document_url"];
    keys.iter().find_map(|key| field::id(document.get(key)))
}

/// The words for what kind of source it is, the most particular first.
fn words(document: &Value) -> impl Iterator<Item = &str> {
    let nested = ["type", "name", "information_type"].into_iter().map(|key| at(document, &["source", key]));
    let flat = ["source_name", "source_information_type"].into_iter().map(|key| document.get(key));
    nested.chain(flat).flatten().filter_map(Value::as_str)
}

fn network_in(document: &Value) -> Network {
    let url = either(document, &["url"], "document_url").and_then(Value::as_str);
    // A newspaper may be called "X-Press": an address that is known says more than a name.
    let by_host = url.and_then(network_of);
    by_host.or_else(|| words(document).find_map(network)).unwrap_or_default()
}

fn kind(document: &Value, network: Network) -> Kind {
    let word = field::text(document.get("content_type")).unwrap_or_default().to_ascii_lowercase();
    match word.trim() {
        "repost" | "retweet" | "share" => Kind::Repost,
        "quote" | "quoted" => Kind::Quote,
        "reply" => Kind::Reply,
        "comment" => Kind::Comment,
        "review" => Kind::Review,
        "article" | "news" => Kind::Article,
        _ if matches!(network, Network::News | Network::Blog) => Kind::Article,
        _ => Kind::Post,
    }
}

fn author(document: &Value) -> Option<Author> {
    let handle = field::handle(either(document, &["author", "handle"], "author_handle"));
    let name = field::name(either(document, &["author", "name"], "author_name"));
    let id = field::id(either(document, &["author", "external_id"], "author_external_id")).map(Arc::from);
    let id = id.or_else(|| handle.clone()).or_else(|| name.clone())?;
    let place = document.get("location").and_then(|place| joined([settled(place), part(place, "country")]));
    Some(Author { id, handle, name, followers: None, place })
}

/// A place with coordinates of its own.
fn geo(document: &Value) -> Option<Geo> {
    let place = document.get("location")?;
    let mut geo = field::geo(at(place, &["geo", "latitude"]), at(place, &["geo", "longitude"]))?;
    geo.name = settled(place);
    Some(geo)
}

/// The smallest of the names of a place.
fn settled(place: &Value) -> Option<Arc<str>> {
    ["city", "state", "region"].iter().find_map(|key| part(place, key))
}

fn part(place: &Value, key: &str) -> Option<Arc<str>> {
    field::name(place.get(key))
}

fn country(document: &Value) -> Option<Country> {
    countries::two_letters(at(document, &["location", "country_code"]))
}

/// Readers of the source, as Meltwater counts them; 0 stands for what it does not know.
fn reach(document: &Value) -> Option<Reach> {
    let value = field::count(either(document, &["source", "metrics", "reach"], "source_reach"))?;
    (value > 0).then_some(Reach { value, kind: ReachKind::Vendor })
}

fn metrics(document: &Value) -> Metrics {
    let engaged = |keys: &[&str]| {
        let of = |key: &&str| field::count(at(document, &["metrics", "engagement", key]));
        keys.iter().find_map(of)
    };
    Metrics {
        likes: engaged(&["likes", "reactions"]),
        shares: engaged(&["shares", "reposts"]),
        replies: engaged(&["replies", "comments"]),
        quotes: engaged(&["quotes"]),
        views: field::count(at(document, &["metrics", "views"])),
        ..Metrics::default()
    }
}

/// The searches that it was found by, its tags and its hashtags.
fn named(document: &Value) -> impl Iterator<Item = &Value> {
    let inputs = each(at(document, &["matched", "inputs"])).filter_map(|input| input.get("name"));
    let own = each(at(document, &["custom", "tags"])).map(|tag| tag.get("name").unwrap_or(tag));
    inputs.chain(own).chain(each(at(document, &["content", "hashtags"])))
}

/// Parent and thread: Meltwater names them by address, which means a document only if that came by.
fn relate(mention: &mut Mention, document: &Value, known: &mut Known) {
    if let Some(url) = &mention.url {
        known.learn(url, &mention.uid);
    }
    let find = |path: &[&str]| at(document, path).and_then(Value::as_str).and_then(|url| known.uid(url));
    let other = |uid: &Arc<str>| *uid != mention.uid;
    mention.parent = find(&["parent", "url"]).filter(other);
    mention.thread = find(&["thread", "url"]).filter(other);
}
