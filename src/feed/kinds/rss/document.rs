//! One RSS, Atom or JSON Feed document: its bytes become mentions. By feed-rs, after the text was
//! turned into UTF-8, and behind a wall against panics.
//!
//! Formats: rssboard.org/rss-specification, RFC 4287 (Atom), jsonfeed.org/version/1.1.

use std::borrow::Cow;
use std::hash::{Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use encoding_rs::WINDOWS_1252;
use feed_rs::model::{Entry, Feed, FeedType, Person, Text};
use feed_rs::parser::{Builder, ParseErrorKind, ParseFeedError};
use reqwest::Url;
use rustc_hash::FxHasher;
use serde_json::Value;

use super::aside::{self, Aside, Skip};
use super::context::DocumentContext;
use super::ids::{self, Ids, link};
use super::limits::MAX_ENTRIES;
use super::{charset, salvage, tidy};
use crate::clock::Time;
use crate::feed::decode::{field, html, several, times};
use crate::mention::{Author, Kind, Mention, Network, Op, UNDATED};

/// Longest text that is turned from HTML into plain text, bytes; the rest of it is dropped.
const MAX_HTML: usize = 64 * 1024;
/// Most elements or objects of a document: each takes memory, however small it is written.
const MAX_ELEMENTS: usize = 200_000;
/// Longest name of a reference such as `&eacute;`, bytes.
const MAX_NAME: usize = 32;

/// A document that was read.
#[derive(Debug, Default)]
pub struct Document {
    /// The publication's name.
    pub title: Option<Arc<str>>,
    /// In the order of time, the oldest first, as far as it is told; at most [`MAX_ENTRIES`].
    pub mentions: Vec<Mention>,
    /// How long the publisher says that it may be kept.
    pub ttl: Option<Duration>,
    pub skip: Skip,
    /// Entries that are left out because they cannot be read.
    pub garbage: usize,
}

/// Reads a document. The error says why it cannot be read, for a person.
pub fn read(
    bytes: &[u8],
    content_type: Option<&str>,
    frame: &DocumentContext<'_>,
) -> Result<Document, String> {
    let text = charset::text(bytes, content_type)?;
    // What is odd in XML is right in JSON.
    let text = if text.starts_with('{') { text } else { tidy::tidy(text) };
    if text.bytes().filter(|byte| matches!(byte, b'<' | b'{')).count() > MAX_ELEMENTS {
        return Err(format!("it has more than {MAX_ELEMENTS} elements"));
    }
    let attempt = |text: &str| catch_unwind(AssertUnwindSafe(|| parse(text, frame)));
    let read = |text: &str| attempt(text).or_else(|_| attempt(&tidy::apart(text)));
    let whole = read(&text).unwrap_or_else(|_| Err("it crashed the parser".into()));
    whole.or_else(|why| {
        let is_read = |text: &str| matches!(read(text), Ok(Ok(_)));
        let (rest, garbage) = salvage::without_broken(&text, &is_read).ok_or(why.clone())?;
        let document = read(&rest).ok().and_then(Result::ok).ok_or(why)?;
        Ok(Document { garbage, ..document })
    })
}

fn parse(text: &str, frame: &DocumentContext<'_>) -> Result<Document, String> {
    let is_xml = text.find(['<', '{']).is_some_and(|at| text[at..].starts_with('<'));
    let aside = if is_xml { aside::read(text) } else { Aside::default() };
    let builder = Builder::new().base_uri(Some(aside.base(frame.base)));
    let builder = builder.id_generator(|_, _, _| String::new()).timestamp_parser(|text| {
        let since = Duration::from_micros(times::read(text)?.as_micros().unsigned_abs());
        Some((UNIX_EPOCH + since).into())
    });
    let feed = builder.build().parse(text.as_bytes()).map_err(|error| words(&error, text))?;
    let (publisher, scope);
    let frame = if frame.scope.is_empty() {
        publisher = ids::publisher(&feed);
        scope = ids::scope(&publisher);
        &DocumentContext { site: &publisher, scope: &scope, ..*frame }
    } else {
        frame
    };
    let ttl = feed.ttl.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let ids = Ids::of(&feed, frame);
    let mut mentions = mentions(&feed, &aside, &ids, frame);
    mentions.sort_by_key(|mention| mention.ts);
    mentions.extend(aside.deleted.iter().map(|id| deletion(&ids.scoped(id), frame)));
    let title = feed.title.as_ref().and_then(|title| shown(&words_of(title, &feed)));
    Ok(Document { title, mentions, ttl, skip: aside.skip, garbage: 0 })
}

fn words(error: &ParseFeedError, text: &str) -> String {
    let head = text.trim_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    match error {
        _ if head.starts_with("<!doctype html") || head.starts_with("<html") => "it is a web page".into(),
        ParseFeedError::ParseError(ParseErrorKind::NoFeedRoot) => "it is not RSS, Atom or JSON Feed".into(),
        ParseFeedError::ParseError(kind) => kind.to_string(),
        ParseFeedError::IoError(_) => "it cannot be read".into(),
        ParseFeedError::JsonSerde(error) => format!("it is not JSON Feed: {error}"),
        ParseFeedError::JsonUnsupportedVersion(_) => "it is JSON, but not a JSON Feed of version 1".into(),
        ParseFeedError::XmlReader(error) => format!("it is not XML: {error}"),
    }
}

fn mentions(feed: &Feed, aside: &Aside, ids: &Ids<'_>, frame: &DocumentContext<'_>) -> Vec<Mention> {
    let placed = aside.places.len() == feed.entries.len();
    let entries = feed.entries.iter().enumerate().take(MAX_ENTRIES);
    let read = entries.map(|(at, entry)| {
        let described = aside.described.get(at).filter(|_| placed).map_or("", String::as_str);
        let mut mention = mention(feed, entry, (&ids.id(entry), described), frame);
        let own = aside.langs.get(at).filter(|_| placed && entry.language.is_none());
        mention.lang = own.and_then(|own| lang(own.as_deref()?)).or(mention.lang);
        mention.geo = aside.places.get(at).filter(|_| placed).cloned().flatten();
        let date = aside.dates.get(at).filter(|_| placed && mention.ts == UNDATED).copied().flatten();
        if let Some(date) = date {
            (mention.ts, mention.version) = (date, date.as_micros().unsigned_abs().max(1));
        }
        mention
    });
    read.collect()
}

fn mention(
    feed: &Feed,
    entry: &Entry,
    (id, described): (&str, &str),
    frame: &DocumentContext<'_>,
) -> Mention {
    let published = entry.published.map(|at| at.timestamp_micros());
    let updated = entry.updated.map(|at| at.timestamp_micros());
    let said = published.or(updated).map_or(UNDATED, Time::from_micros);
    let mut mention = Mention::new(frame.source, id, said, frame.received);
    // 1, not 0: a repeat of an entry without dates is no news.
    mention.version = updated.or(published).and_then(|us| u64::try_from(us).ok()).unwrap_or_default().max(1);
    mention.network = frame.network;
    mention.kind = if frame.network == Network::News { Kind::Article } else { Kind::Post };
    // A guid is a permalink unless it says otherwise.
    let address = link(entry).unwrap_or(entry.id.as_str());
    mention.url = field::url(Some(&address));
    mention.lang = entry.language.as_deref().or(feed.language.as_deref()).and_then(lang);
    mention.author = author(feed, entry);
    let mut links = elsewhere(feed, entry);
    let text = text(feed, entry, described, &mut links);
    let site = host(mention.url.as_deref().unwrap_or_default());
    let is_home = |link: &&str| host(link) == site && is_front(link);
    let base = mention.url.as_deref().and_then(|own| Url::parse(own).ok());
    let links: Vec<_> = links.iter().filter_map(|link| absolute(link, base.as_ref())).collect();
    mention.links = several::links(links.iter().map(|link| &**link).filter(|link| !is_home(link)));
    mention.with_text(&text)
}

fn deletion(id: &str, frame: &DocumentContext<'_>) -> Mention {
    let mut gone = Mention::new(frame.source, id, frame.received, frame.received);
    (gone.op, gone.version) = (Op::Delete, frame.received.as_micros().unsigned_abs());
    gone
}

/// The page that an entry of a JSON Feed is about (`external_url`), which stands behind its own.
fn elsewhere(feed: &Feed, entry: &Entry) -> Vec<String> {
    let links = entry.links.iter().skip(1).filter(|_| feed.feed_type == FeedType::JSON);
    links.filter(|link| link.rel.is_none()).map(|link| link.href.clone()).collect()
}

/// A link of an entry's words as a whole address; `base` is the entry's own. One within the page leads
/// nowhere else.
fn absolute<'l>(link: &'l str, base: Option<&Url>) -> Option<Cow<'l, str>> {
    let link = link.trim();
    if link.is_empty() || link.starts_with('#') {
        return None;
    }
    // A whole address stays as it was written.
    if Url::parse(link).is_ok() {
        return Some(link.into());
    }
    Some(String::from(base?.join(link).ok()?).into())
}

fn host(address: &str) -> Option<String> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?', '#']).next().map(str::to_ascii_lowercase)
}

/// Whether it is a site's first page: publishers put that below each of their entries.
fn is_front(address: &str) -> bool {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    let (address, _) = rest.split_once(['?', '#']).unwrap_or((rest, ""));
    !address.trim_end_matches('/').contains('/')
}

fn lang(tag: &str) -> Option<Arc<str>> {
    field::lang(Some(&Value::from(tag.trim().replace('_', "-"))))
}

/// Who wrote it, else the publication.
fn author(feed: &Feed, entry: &Entry) -> Option<Author> {
    let person = |person: &Person| person.name.as_deref().and_then(shown);
    let named = entry.authors.iter().chain(&feed.authors).find_map(person);
    let publication = || shown(&feed.title.as_ref().map(|title| words_of(title, feed))?);
    let name = named.or_else(publication)?;
    Some(Author { id: name.clone(), name: Some(name), ..Author::default() })
}

fn shown(name: &str) -> Option<Arc<str>> {
    // RSS has `address (name)`; an address of a mail box is no name to show.
    let name = name.trim();
    let name = name.strip_prefix('(').and_then(|name| name.strip_suffix(')')).unwrap_or(name);
    field::name(Some(&name)).filter(|name| !name.contains('@'))
}

/// The title, and behind it the summary, the content or what is said of its media; adds where their
/// links lead to.
fn text(feed: &Feed, entry: &Entry, described: &str, links: &mut Vec<String>) -> String {
    let mut words =
        |text: &Option<Text>| text.as_ref().map(|text| linked(text, feed, links)).unwrap_or_default();
    let (title, summary) = (words(&entry.title), words(&entry.summary));
    let is_said = |words: &String| !words.trim().is_empty();
    let body = Some(summary).filter(is_said).or_else(|| Some(content(entry, links)).filter(is_said));
    crate::feed::decode::headline::headline(&title, &body.unwrap_or_else(|| plain(described, links)))
}

/// Plain words of what may be HTML or not; adds where their links lead to.
fn plain(text: &str, links: &mut Vec<String>) -> String {
    if looks_like_html(text) { html::read(text, links) } else { text.to_owned() }
}

fn content(entry: &Entry, links: &mut Vec<String>) -> String {
    let Some(content) = &entry.content else { return String::new() };
    let body = content.body.as_deref().unwrap_or_default();
    if content.content_type.ty() == "text" && content.content_type.subty() == "plain" {
        cut(body).to_owned()
    } else if content.content_type.ty() == "text" || content.content_type.subty().as_str().contains("html") {
        html::read(cut(body), links)
    } else {
        String::new()
    }
}

/// Plain words.
fn words_of(text: &Text, feed: &Feed) -> String {
    linked(text, feed, &mut Vec::new())
}

/// Plain words; adds where their links lead to. RSS does not say whether a text is HTML.
fn linked(text: &Text, feed: &Feed, links: &mut Vec<String>) -> String {
    let content = cut(&text.content);
    let strict = matches!(feed.feed_type, FeedType::Atom | FeedType::JSON);
    let is_html =
        text.content_type.subty().as_str().contains("html") || (!strict && looks_like_html(content));
    let content = windows(content);
    if is_html { html::read(&content, links) } else { content.into_owned() }
}

/// Characters that Windows means where Unicode has controls: `&#146;` is an apostrophe, as in HTML.
fn windows(text: &str) -> Cow<'_, str> {
    let is_meant = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    if !text.contains(is_meant) {
        return text.into();
    }
    let meant = |c: char| WINDOWS_1252.decode_without_bom_handling(&[c as u8]).0.chars().next().unwrap_or(c);
    text.chars().map(|c| if is_meant(c) { meant(c) } else { c }).collect()
}

/// A tag that is closed somewhere, or a reference.
fn looks_like_html(text: &str) -> bool {
    let opens = |rest: &str| rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!'));
    let tag = text.rsplit_once('>').is_some_and(|(before, _)| before.split('<').skip(1).any(opens));
    let entity = |rest: &str| {
        let end = rest.bytes().take(MAX_NAME).position(|b| b == b';');
        end.is_some_and(|end| is_entity(&rest[..end]))
    };
    tag || text.split('&').skip(1).any(entity)
}

fn is_entity(name: &str) -> bool {
    let name = name.strip_prefix('#').unwrap_or(name);
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn cut(text: &str) -> &str {
    let mut end = MAX_HTML.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A number that stands for a uid, in memory only.
pub fn key(uid: &str) -> u64 {
    let mut hasher = FxHasher::default();
    uid.hash(&mut hasher);
    hasher.finish()
}

/// What a reader sees of a mention, as one number: whether it has changed.
pub fn fingerprint(mention: &Mention) -> u64 {
    let mut hasher = FxHasher::default();
    (&mention.text, &mention.url, &mention.links, mention.op == Op::Delete).hash(&mut hasher);
    hasher.finish()
}
