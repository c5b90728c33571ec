//! One RSS, Atom or JSON Feed document: its bytes become mentions. By feed-rs, after the text was
//! turned into UTF-8, and behind a wall against panics.
//!
//! Formats: rssboard.org/rss-specification, RFC 4287 (Atom), jsonfeed.org/version/1.1.

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{Hash as _, Hasher as _};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use encoding_rs::WINDOWS_1252;
use feed_rs::model::{Entry, Feed, FeedType, Person, Text};
use feed_rs::parser::{Builder, ParseErrorKind, ParseFeedError};
use ring::digest::{SHA256, digest};
use rustc_hash::FxHasher;
use serde_json::Value;

use super::aside::{self, Aside, Skip};
use super::{MAX_ENTRIES, MAX_ID, charset, salvage, tidy};
use crate::clock::Time;
use crate::feed::{field, html};
use crate::mention::{Author, Kind, Mention, Network, Op};

/// Longest text that is turned from HTML into plain text, bytes; the rest of it is dropped.
const MAX_HTML: usize = 64 * 1024;
/// Most elements or objects of a document: each takes memory, however small it is written.
const MAX_ELEMENTS: usize = 200_000;
/// Longest name of a reference such as `&eacute;`, bytes.
const MAX_NAME: usize = 32;

/// What entries of one address have in common.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// The feed's name in the layout.
    pub source: &'a Arc<str>,
    pub network: Network,
    /// Where the document came from; links are taken relative to it.
    pub base: &'a str,
    /// Stands before ids that are no addresses, so that two publishers' `1` are two.
    pub scope: &'a str,
    pub received: Time,
}

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
pub fn read(bytes: &[u8], content_type: Option<&str>, frame: &Frame<'_>) -> Result<Document, String> {
    let text = charset::text(bytes, content_type)?;
    // What is odd in XML is right in JSON.
    let text = if text.starts_with('{') { text } else { tidy::tidy(text) };
    if text.bytes().filter(|byte| matches!(byte, b'<' | b'{')).count() > MAX_ELEMENTS {
        return Err(format!("it has more than {MAX_ELEMENTS} elements"));
    }
    let attempt = |text: &str| catch_unwind(AssertUnwindSafe(|| parse(text, frame)));
    let read = |text: &str| attempt(text).or_else(|_| attempt(&tidy::apart(text)));
    let whole = read(&text).unwrap_or_else(|_| Err("its parser broke".into()));
    whole.or_else(|why| salvage::read(&text, &|text| read(text).ok()?.ok()).ok_or(why))
}

fn parse(text: &str, frame: &Frame<'_>) -> Result<Document, String> {
    let builder = Builder::new().base_uri(Some(frame.base)).id_generator(|_, _, _| String::new());
    let feed = builder.build().parse(text.as_bytes()).map_err(|error| words(&error, text))?;
    let aside = if feed.feed_type == FeedType::JSON { Aside::default() } else { aside::read(text) };
    let ttl = feed.ttl.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
    let mut mentions = mentions(&feed, &aside, frame);
    mentions.sort_by_key(|mention| mention.ts);
    mentions.extend(aside.deleted.iter().map(|id| deletion(id, frame)));
    let title = feed.title.as_ref().and_then(|title| shown(&words_of(title, &feed)));
    Ok(Document { title, mentions, ttl, skip: aside.skip, garbage: 0 })
}

fn words(error: &ParseFeedError, text: &str) -> String {
    let head = text.trim_start().get(..15).unwrap_or_default().to_ascii_lowercase();
    match error {
        _ if head.starts_with("<!doctype html") || head.starts_with("<html") => "it is a web page".into(),
        ParseFeedError::ParseError(ParseErrorKind::NoFeedRoot) => "it is no RSS, Atom or JSON Feed".into(),
        ParseFeedError::ParseError(kind) => kind.to_string(),
        ParseFeedError::IoError(_) => "it cannot be read".into(),
        ParseFeedError::JsonSerde(error) => format!("it is not JSON Feed: {error}"),
        ParseFeedError::JsonUnsupportedVersion(_) => "it is JSON, but no JSON Feed of version 1".into(),
        ParseFeedError::XmlReader(error) => format!("it is not XML: {error}"),
    }
}

fn mentions(feed: &Feed, aside: &Aside, frame: &Frame<'_>) -> Vec<Mention> {
    let ids = Ids::of(feed);
    let placed = aside.places.len() == feed.entries.len();
    let entries = feed.entries.iter().enumerate().take(MAX_ENTRIES);
    let read = entries.map(|(at, entry)| {
        let mut mention = mention(feed, entry, &ids.id(entry), frame);
        mention.geo = aside.places.get(at).filter(|_| placed).cloned().flatten();
        mention
    });
    read.collect()
}

fn mention(feed: &Feed, entry: &Entry, id: &str, frame: &Frame<'_>) -> Mention {
    let published = entry.published.map(|at| at.timestamp_micros());
    let updated = entry.updated.map(|at| at.timestamp_micros());
    let said = published.or(updated).map_or(frame.received, Time::from_micros);
    let mut mention = Mention::new(frame.source, &scoped(id, frame), said, frame.received);
    // 1, not 0: a repeat of an entry without dates is no news.
    mention.version = updated.or(published).and_then(|us| u64::try_from(us).ok()).unwrap_or_default().max(1);
    mention.network = frame.network;
    mention.kind = if frame.network == Network::News { Kind::Article } else { Kind::Post };
    // A guid is a permalink unless it says otherwise.
    let address = link(entry).unwrap_or(entry.id.as_str());
    mention.url = field::url(Some(&address));
    mention.lang = entry.language.as_deref().or(feed.language.as_deref()).and_then(lang);
    mention.author = author(feed, entry);
    mention.with_text(&text(feed, entry))
}

fn deletion(id: &str, frame: &Frame<'_>) -> Mention {
    let mut gone = Mention::new(frame.source, &scoped(id, frame), frame.received, frame.received);
    (gone.op, gone.version) = (Op::Delete, frame.received.as_micros().unsigned_abs());
    gone
}

/// Which ids stand for several entries.
struct Ids<'f> {
    links: HashMap<&'f str, Option<&'f str>>,
    repeated: Vec<&'f str>,
}

impl<'f> Ids<'f> {
    /// RSS publishers put one guid into all items; in Atom one id twice is one entry (RFC 4287,
    /// 4.1.1).
    fn of(feed: &'f Feed) -> Self {
        let mut ids = Self { links: HashMap::new(), repeated: Vec::new() };
        let taken = feed.entries.iter().take(MAX_ENTRIES);
        for entry in taken.filter(|e| !e.id.is_empty() && feed.feed_type != FeedType::Atom) {
            let link = link(entry);
            if *ids.links.entry(entry.id.as_str()).or_insert(link) != link {
                ids.repeated.push(&entry.id);
            }
        }
        ids
    }

    /// The id of the entry, else its link, else a hash of title and date.
    fn id(&self, entry: &Entry) -> String {
        let link = link(entry).unwrap_or_default();
        let id = entry.id.trim();
        let id = match (id, link) {
            ("", "") => {
                let title = entry.title.as_ref().map_or("", |title| &title.content);
                return hash(&format!("{title}\n{:?}", entry.published.or(entry.updated)));
            }
            ("", link) => link.to_owned(),
            (id, link) if self.repeated.contains(&entry.id.as_str()) => format!("{id} {link}"),
            (id, _) => id.to_owned(),
        };
        if id.len() > MAX_ID { hash(&id) } else { id }
    }
}

/// 24 hexadecimal digits that stand for a text, on every machine.
pub fn hash(text: &str) -> String {
    digest(&SHA256, text.as_bytes()).as_ref()[..12].iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An id within the layout's feed.
fn scoped(id: &str, frame: &Frame<'_>) -> String {
    if id.contains(':') { id.to_owned() } else { format!("{}/{id}", frame.scope) }
}

/// The address of the entry itself.
fn link(entry: &Entry) -> Option<&str> {
    let is_page = |rel: Option<&str>| rel.is_none_or(|rel| rel == "alternate");
    let page = entry.links.iter().find(|link| is_page(link.rel.as_deref()));
    page.or(entry.links.first()).map(|link| link.href.trim()).filter(|href| !href.is_empty())
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

/// The title, and the summary or content behind it.
fn text(feed: &Feed, entry: &Entry) -> String {
    let title = entry.title.as_ref().map(|title| words_of(title, feed)).unwrap_or_default();
    let summary = entry.summary.as_ref().map(|text| words_of(text, feed)).unwrap_or_default();
    let body = if summary.trim().is_empty() { content(entry) } else { summary };
    super::super::headline(&title, &body)
}

fn content(entry: &Entry) -> String {
    let Some(content) = &entry.content else { return String::new() };
    let body = content.body.as_deref().unwrap_or_default();
    if content.content_type.ty() == "text" && content.content_type.subty() == "plain" {
        cut(body).to_owned()
    } else if content.content_type.ty() == "text" || content.content_type.subty().as_str().contains("html") {
        html::plain(cut(body))
    } else {
        String::new()
    }
}

/// Plain words. RSS does not say whether a text is HTML.
fn words_of(text: &Text, feed: &Feed) -> String {
    let content = cut(&text.content);
    let strict = matches!(feed.feed_type, FeedType::Atom | FeedType::JSON);
    let is_html =
        text.content_type.subty().as_str().contains("html") || (!strict && looks_like_html(content));
    let content = windows(content);
    if is_html { html::plain(&content) } else { content.into_owned() }
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
    (&mention.text, &mention.url, mention.op == Op::Delete).hash(&mut hasher);
    hasher.finish()
}
