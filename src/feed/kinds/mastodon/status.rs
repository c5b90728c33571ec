//! A Status of Mastodon as a mention: docs.joinmastodon.org/entities/Status.

use std::borrow::Cow;
use std::sync::Arc;

use reqwest::Url;
use serde_json::Value;

use super::known::Known;
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::{field, html, several};
use crate::mention::{Author, Kind, MAX_TAGS, Mention, Metrics, Network, Op, Reach, ReachKind, UNDATED};

/// What the uid of every mention of the network begins with; its native id is the status's `uri`,
/// which is the same on every server.
pub(super) const NETWORK: &str = "mastodon";

/// Most fields of a profile that are looked at.
const MAX_FIELDS: usize = 16;
/// What people call the field that says where they live, in small letters.
const HOMES: [&str; 18] = [
    "location",
    "place",
    "city",
    "country",
    "home",
    "based in",
    "lives in",
    "ort",
    "wohnort",
    "standort",
    "stadt",
    "lieu",
    "ville",
    "ubicación",
    "ciudad",
    "luogo",
    "plaats",
    "場所",
];

/// A status that was read.
#[derive(Debug, PartialEq)]
pub(super) enum Status {
    /// The server's own id, and the mention.
    Heard(String, Box<Mention>),
    /// One that is not to be shown: said to few, or by a bot where bots are left out.
    Passed,
}

/// What is read, and what for.
pub(super) struct Reader<'a> {
    pub source: &'a Arc<str>,
    /// The server's name, for handles without one.
    pub host: &'a str,
    /// Ids and uids of other statuses, for answers.
    pub known: &'a Known,
    pub bots: bool,
}

impl Reader<'_> {
    /// Reads a status; without id or `uri` it is garbage. What is not public or unlisted is passed
    /// over, and so is what does not say how public it is.
    pub fn read(&self, status: &Value, received: Time) -> Result<Status, DecodeError> {
        let id = field::id(status.get("id")).ok_or(DecodeError("a post without an id"))?;
        let repeated = status.get("reblog").filter(|reblog| reblog.is_object());
        let silent = !self.bots && is_bot(status);
        if silent || !is_public(status) || repeated.is_some_and(|status| !is_public(status)) {
            return Ok(Status::Passed);
        }
        let uri = field::id(status.get("uri")).ok_or(DecodeError("a post without `uri`"))?;
        let created = field::moment(status.get("created_at")).unwrap_or(UNDATED);
        let mut mention = Mention::new(self.source, &uri, created, received).with_uid(NETWORK, &uri);
        mention.network = Network::Mastodon;
        mention.version = version(status, created);
        mention.url = field::url(status.get("url")).or_else(|| field::url(status.get("uri")));
        mention.author = self.author(status.get("account"));
        let followers = mention.author.as_ref().and_then(|author| author.followers);
        mention.reach = followers.map(|value| Reach { value, kind: ReachKind::Followers });
        (mention.kind, mention.parent) = self.relation(status, repeated);
        let mention = describe(mention, repeated.unwrap_or(status));
        Ok(Status::Heard(id, Box::new(mention)))
    }

    /// What it is, and the uid of what it repeats, answers or quotes.
    fn relation(&self, status: &Value, repeated: Option<&Value>) -> (Kind, Option<Arc<str>>) {
        if let Some(repeated) = repeated {
            return (Kind::Repost, uid(repeated));
        }
        if let Some(answered) = field::id(status.get("in_reply_to_id")) {
            return (Kind::Reply, self.known.uid(&answered));
        }
        let quoted = status.get("quote").filter(|quote| quote.is_object());
        let Some(quoted) = quoted else { return (Kind::Post, None) };
        // Newer servers wrap the status, older ones and their forks give it as it is.
        let whole = quoted.get("quoted_status").filter(|status| status.is_object()).unwrap_or(quoted);
        let by_id = || self.known.uid(&field::id(quoted.get("quoted_status_id"))?);
        (Kind::Quote, uid(whole).or_else(by_id))
    }

    fn author(&self, account: Option<&Value>) -> Option<Author> {
        let account = account?;
        let acct = field::handle(account.get("acct"))?;
        let handle = if acct.contains('@') { acct } else { format!("{acct}@{}", self.host).into() };
        let native = field::url(account.get("uri")).or_else(|| field::url(account.get("url")));
        Some(Author {
            id: native.unwrap_or_else(|| handle.clone()),
            handle: Some(handle),
            name: field::name(account.get("display_name")),
            followers: field::count(account.get("followers_count")),
            place: home(account),
        })
    }
}

/// The field of a profile that people call after where they live.
fn home(account: &Value) -> Option<Arc<str>> {
    let fields = account.get("fields")?.as_array()?.iter().take(MAX_FIELDS);
    let called = |field: &&Value| {
        let name = field::text(field.get("name")).unwrap_or_default().trim().to_lowercase();
        HOMES.contains(&name.trim_end_matches(':'))
    };
    let value = fields.filter(called).find_map(|field| field::text(field.get("value")))?;
    field::name(Some(&Value::String(html::plain(value))))
}

/// The retraction of a status.
pub(super) fn retraction(source: &Arc<str>, uid: Arc<str>, received: Time) -> Mention {
    let mut mention = Mention::new(source, "", received, received);
    (mention.uid, mention.op, mention.network) = (uid, Op::Delete, Network::Mastodon);
    mention
}

fn describe(mut mention: Mention, status: &Value) -> Mention {
    let warning = field::text(status.get("spoiler_text")).map(str::trim).unwrap_or_default();
    let mut links = Vec::new();
    let said = html::read(&without_quote(field::text(status.get("content")).unwrap_or_default()), &mut links);
    mention.links = several::links(links.iter().map(String::as_str));
    if mention.links.is_empty() {
        // The card is made of the first link, perhaps by another address of the same page.
        mention.links = several::links(field::text(status.pointer("/card/url")));
    }
    mention.sensitive = !warning.is_empty() || status.get("sensitive") == Some(&Value::Bool(true));
    mention.lang = field::lang(status.get("language"));
    mention.metrics = metrics(status);
    let tags = status.get("tags").and_then(Value::as_array).into_iter().flatten();
    mention.tags = tags.filter_map(|tag| field::name(tag.get("name"))).take(MAX_TAGS).collect();
    mention.with_text(&if warning.is_empty() { said } else { format!("{warning}\n{said}") })
}

/// The words without the paragraph that shows a quoted status to servers that know no quotes.
fn without_quote(html: &str) -> Cow<'_, str> {
    let marked = html.split_once("<p class=\"quote-inline\">");
    let rest = marked.and_then(|(before, rest)| Some((before, rest.split_once("</p>")?.1)));
    rest.map_or(html.into(), |(before, after)| format!("{before}{after}").into())
}

fn metrics(status: &Value) -> Option<Box<Metrics>> {
    let metrics = Metrics {
        likes: field::count(status.get("favourites_count")),
        shares: field::count(status.get("reblogs_count")),
        replies: field::count(status.get("replies_count")),
        quotes: field::count(status.get("quotes_count")),
        ..Metrics::default()
    };
    (metrics != Metrics::default()).then(|| Box::new(metrics))
}

/// Microseconds since 1970 of the last edit, or of the beginning: an edit is always newer.
fn version(status: &Value, created: Time) -> u64 {
    let edited = field::moment(status.get("edited_at")).unwrap_or(created);
    u64::try_from(edited.max(created).0 / 1_000).unwrap_or_default()
}

fn uid(status: &Value) -> Option<Arc<str>> {
    Some(format!("{NETWORK}:{}", field::id(status.get("uri"))?).into())
}

fn is_public(status: &Value) -> bool {
    matches!(field::text(status.get("visibility")), Some("public" | "unlisted"))
}

fn is_bot(status: &Value) -> bool {
    status.get("account").and_then(|account| account.get("bot")) == Some(&Value::Bool(true))
}

/// The name of a server, by its address.
pub(super) fn host(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}{port}", url.host_str().unwrap_or_default())
}
