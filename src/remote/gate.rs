//! The gate's queues over HTTP: what waits for a moderator, and what was decided.

use axum::Extension;
use axum::extract::{Query, State as Shares};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::access::Caller;
use super::control_report::stamp;
use super::mirror::Mirror;
use crate::control::{Role, seal_words};
use crate::pulse::enrich::mood::Mood;
use crate::pulse::snapshot::{Passage, Queued};

/// Texts in one answer at most, and where nobody says.
const MOST: usize = 200;
const USUAL: usize = 50;

/// What of a queue is wanted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// Which queue: `waiting`, `approved`, `pinned`, `hidden` or `stashed`.
    queue: Passage,
    /// `newest` or `oldest` first.
    order: Order,
    /// Only texts of this topic.
    topic: Option<String>,
    /// Only texts of this feed.
    feed: Option<String>,
    /// Only texts in this language, as its source says.
    language: Option<String>,
    /// `positive`, `neutral`, `negative` or `unknown`.
    sentiment: Option<String>,
    /// Only authors with at least so many followers.
    followers: Option<u64>,
    /// Only texts that are on the wall now.
    listed: bool,
    /// At most 200.
    limit: Option<usize>,
    /// As for every address.
    #[serde(skip_serializing)]
    token: Option<String>,
}

/// Which comes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Order {
    #[default]
    Newest,
    Oldest,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            queue: Passage::Waiting,
            order: Order::Newest,
            topic: None,
            feed: None,
            language: None,
            sentiment: None,
            followers: None,
            listed: false,
            limit: None,
            token: None,
        }
    }
}

/// `GET /gate`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GateReport {
    waiting: usize,
    approved: usize,
    hidden: usize,
    stashed: usize,
    pinned: usize,
    /// The names of topics and feeds, to filter by.
    topics: Vec<String>,
    feeds: Vec<String>,
    texts: Vec<TextNow>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct TextNow {
    /// For `approve` and the other verbs.
    mention: String,
    text: String,
    /// Changes with every edit; `approve` and `pin` say which words were read.
    words: String,
    /// Links beside the text; tiles list them, too.
    links: Vec<String>,
    /// `ban` needs to know who wrote it.
    has_author: bool,
    author: Option<String>,
    handle: Option<String>,
    /// Where, as its source says; where nobody is named, it is shown.
    place: Option<String>,
    followers: Option<u64>,
    feed: String,
    url: Option<String>,
    language: Option<String>,
    sentiment: &'static str,
    topics: Vec<String>,
    /// When it was posted; RFC 3339, as all times here.
    at: Option<String>,
    queue: Passage,
    /// It is among the texts that tiles show.
    listed: bool,
    /// Why it is there.
    why: String,
    /// Who decided, and when.
    by: Option<String>,
    decided: Option<String>,
    /// It is let through, and will be shown then.
    due: Option<String>,
    /// Who is looking at it, since when.
    claimed_by: Option<String>,
    claimed: Option<String>,
}

/// `GET /gate`. What waits was not approved: only moderators see it.
pub async fn queues(
    Shares(mirror): Shares<Mirror>,
    Extension(caller): Extension<Caller>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Response {
    let refuse = |status: StatusCode, why: String| (status, Json(json!({ "error": why }))).into_response();
    if caller.who.role < Role::Moderator {
        return refuse(StatusCode::FORBIDDEN, format!("{} is not a moderator", caller.who.name));
    }
    let wanted = match wanted {
        Ok(Query(wanted)) => wanted,
        Err(error) => {
            // After what the library says of its own work.
            let text = error.body_text();
            let why = text.split_once(": ").map_or(text.as_str(), |(_, why)| why);
            return refuse(StatusCode::BAD_REQUEST, format!("{why}; docs/gate.md lists what can be asked"));
        }
    };
    let snapshot = mirror.shared.desk.snapshot().load_full();
    let mirrored = mirror.shared.mirrored.load();
    let Some(gate) = &snapshot.gate else {
        let none = "this wall has no gate; a layout defines one in `[gate]`";
        return match mirrored.has_gate {
            true => refuse(StatusCode::SERVICE_UNAVAILABLE, "the wall is starting".into()),
            false => refuse(StatusCode::NOT_FOUND, none.into()),
        };
    };
    let names = mirrored.topics.clone();
    let fits = |queued: &&Queued| wanted.takes(queued, &names);
    let limit = wanted.limit.unwrap_or(USUAL).min(MOST);
    let found: Vec<&Queued> = match wanted.order {
        Order::Newest => gate.queued.iter().filter(fits).take(limit).collect(),
        Order::Oldest => gate.queued.iter().rev().filter(fits).take(limit).collect(),
    };
    let [waiting, approved, hidden, stashed, pinned] = gate.counts;
    Json(GateReport {
        waiting,
        approved,
        hidden,
        stashed,
        pinned,
        texts: found.into_iter().map(|queued| TextNow::of(queued, &names)).collect(),
        topics: names.clone(),
        feeds: snapshot.feeds.iter().map(|feed| feed.name.to_string()).collect(),
    })
    .into_response()
}

impl Wanted {
    fn takes(&self, queued: &Queued, topics: &[String]) -> bool {
        let mention = &queued.mention;
        let is = |wanted: &Option<String>, has: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| has.is_some_and(|has| has.eq_ignore_ascii_case(wanted)))
        };
        let of_topic =
            |name: &String| queued.topics.iter().any(|topic| topics.get(usize::from(*topic)) == Some(name));
        let followers = mention.author.as_ref().and_then(|author| author.followers).unwrap_or(0);
        queued.passage == self.queue
            && (queued.listed || !self.listed)
            && self.topic.as_ref().is_none_or(of_topic)
            && is(&self.feed, Some(&mention.source))
            && is(&self.language, mention.lang.as_deref())
            && is(&self.sentiment, Some(sentiment(queued)))
            && self.followers.is_none_or(|least| followers >= least)
    }
}

fn sentiment(queued: &Queued) -> &'static str {
    match queued.mention.sentiment.as_ref().map(|sentiment| Mood::of(sentiment.score)) {
        Some(Mood::Positive) => "positive",
        Some(Mood::Neutral) => "neutral",
        Some(Mood::Negative) => "negative",
        None => "unknown",
    }
}

impl TextNow {
    fn of(queued: &Queued, topics: &[String]) -> Self {
        let mention = &queued.mention;
        let author = mention.author.as_ref();
        let text = |text: &std::sync::Arc<str>| text.to_string();
        Self {
            mention: mention.uid.to_string(),
            text: mention.text.as_ref().map(text).unwrap_or_default(),
            words: seal_words(queued.words),
            links: mention.links.iter().map(text).collect(),
            has_author: queued.has_author,
            author: author.and_then(|author| author.name.as_ref().map(text)),
            handle: author.and_then(|author| author.handle.as_ref().map(text)),
            place: mention.geo.as_ref().and_then(|geo| geo.name.as_ref().map(text)),
            followers: author.and_then(|author| author.followers),
            feed: mention.source.to_string(),
            url: mention.url.as_ref().map(text),
            language: mention.lang.as_ref().map(text),
            sentiment: sentiment(queued),
            topics: queued
                .topics
                .iter()
                .filter_map(|topic| topics.get(usize::from(*topic)).cloned())
                .collect(),
            at: mention.is_dated().then(|| stamp(mention.ts)),
            queue: queued.passage,
            listed: queued.listed,
            why: queued.why.to_string(),
            by: queued.by.as_ref().map(|(by, _)| by.to_string()),
            decided: queued.by.as_ref().map(|(_, at)| stamp(*at)),
            due: queued.due.map(stamp),
            claimed_by: queued.claimed.as_ref().map(|(by, _)| by.to_string()),
            claimed: queued.claimed.as_ref().map(|(_, at)| stamp(*at)),
        }
    }
}
