//! The canonical mention: what every feed adapter hands over, and the cleaning it went through.
//!
//! Field by field as in the table of canonical mentions that the project keeps; numbers that a
//! source does not give are `None`, never zero.

mod blank;
mod clean;
mod code;
mod digit;
mod reading;
pub mod series;
pub mod source;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::Time;

pub use blank::is_blank;
pub use clean::clean_text;
pub use code::{Country, Lang};
pub use digit::ascii_digit;
pub use reading::reading;

/// Longest text kept, in bytes; longer ones are cut at a character.
pub const MAX_TEXT_BYTES: usize = 8 * 1024;

/// Most tags, and most emotions, of one mention.
pub const MAX_TAGS: usize = 16;

/// Most languages of one mention.
pub const MAX_LANGS: usize = 8;

/// Most pages that one mention links to beside its words.
pub const MAX_LINKS: usize = 8;

/// How far a mention's own time may lie after its arrival, for clocks that differ (2 minutes); one
/// that lies farther ahead is not known.
pub const MAX_AHEAD_NS: i64 = 120_000_000_000;

/// The time of a mention of which nobody knows when it was said: none was told, it could not be
/// read, or it lies ahead or before 1990. Such a mention is kept and stands in no window.
pub const UNDATED: Time = Time(0);

/// One thing that one person said, or the news that it changed or is gone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mention {
    /// `source:native id`; the key by which a repeat is known.
    pub uid: Arc<str>,
    /// Name of the feed in the layout.
    pub source: Arc<str>,
    pub network: Network,
    pub op: Op,
    /// Grows with every edit, in whatever the source counts (µs since 1970 of the edit, a revision);
    /// the greatest wins. 0 where the source tells none: then the last to arrive wins.
    pub version: u64,
    /// When it was said, or [`UNDATED`].
    pub ts: Time,
    /// When it arrived here.
    pub received: Time,
    pub kind: Kind,
    /// Plain text, NFC, without control or bidirectional characters; may be absent. A headline
    /// stands at its head.
    pub text: Option<Arc<str>>,
    pub url: Option<Arc<str>>,
    /// Uid of what it answers, repeats or quotes.
    pub parent: Option<Arc<str>>,
    /// Uid of what the conversation began with.
    pub thread: Option<Arc<str>>,
    pub author: Option<Author>,
    /// BCP 47; the first where the source names several.
    pub lang: Option<Arc<str>>,
    /// All of them, [`Mention::lang`] too, where the source names several; else empty. At most
    /// [`MAX_LANGS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub langs: Vec<Arc<str>>,
    pub geo: Option<Geo>,
    /// Where it was said, when the source tells the country; beside [`Mention::geo`] or alone.
    pub country: Option<Country>,
    pub sentiment: Option<Sentiment>,
    pub reach: Option<Reach>,
    /// What people did with it so far, as the source tells; boxed because most sources do not.
    pub metrics: Option<Box<Metrics>>,
    /// Emotions that the source found, each with its confidence, 0 to 1. At most [`MAX_TAGS`].
    pub emotions: Vec<(Arc<str>, f32)>,
    /// Tags that the source or the service's own rules gave it. At most [`MAX_TAGS`].
    pub tags: Vec<Arc<str>>,
    /// Pages that it links to as the source tells beside the words, which may show them shortened or
    /// not at all: `http` and `https`, whole. At most [`MAX_LINKS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Arc<str>>,
    /// Queries of topics that the service itself found it for. At most [`MAX_TAGS`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found_for: Vec<Arc<str>>,
    /// The author or the source marks it as not fit for everybody.
    pub sensitive: bool,
}

/// What people did with a mention. `None` is unknown, not zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metrics {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub likes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quotes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub views: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clicks: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    Mastodon,
    Bluesky,
    X,
    Reddit,
    News,
    Blog,
    Forum,
    Video,
    Chat,
    #[default]
    Other,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Op {
    /// New, or new words for one that is known.
    #[default]
    Upsert,
    /// New words for one that was counted before, as the journal knows; changes no count.
    Edit,
    /// Taken back: its words leave the wall and the disk.
    Delete,
    /// Only its [`Metrics`] are news.
    Metrics,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    #[default]
    Post,
    Reply,
    Repost,
    Quote,
    Comment,
    Article,
    Review,
    Chat,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Author {
    /// Stable id in the source; the handle where it gives none.
    pub id: Arc<str>,
    /// Without the leading `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followers: Option<u64>,
    /// Where the profile says to be, in its own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Arc<str>>,
}

/// A place on the earth, degrees; never 0,0, which feeds use for "unknown".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geo {
    pub lat: f32,
    pub lon: f32,
    /// Name to show, when the source or the simulation gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Arc<str>>,
}

impl Geo {
    /// A place, unless the numbers are not finite, out of range, or 0,0.
    pub fn new(lat: f64, lon: f64) -> Option<Self> {
        let on_earth = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        let unknown = lat.abs() < 1e-6 && lon.abs() < 1e-6;
        (on_earth && !unknown).then_some(Self { lat: lat as f32, lon: lon as f32, name: None })
    }
}

/// How it was meant, −1 (negative) to 1 (positive), and who says so.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sentiment {
    pub score: f32,
    #[serde(default)]
    pub origin: Origin,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    #[default]
    Source,
    Model,
}

/// People who may have seen it. Unlike kinds are never added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    pub value: u64,
    pub kind: ReachKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReachKind {
    Impressions,
    Followers,
    SiteVisitors,
    Vendor,
}

impl Mention {
    /// A post with the fields that every mention has.
    pub fn new(source: &Arc<str>, native_id: &str, ts: Time, received: Time) -> Self {
        Self::of([source, ":", native_id].concat().into(), source, ts, received)
    }

    /// The same with a whole uid.
    pub fn of(uid: Arc<str>, source: &Arc<str>, ts: Time, received: Time) -> Self {
        Self {
            uid,
            source: source.clone(),
            network: Network::default(),
            op: Op::default(),
            version: 0,
            ts: believed(ts, received),
            received,
            kind: Kind::default(),
            text: None,
            url: None,
            parent: None,
            thread: None,
            author: None,
            lang: None,
            langs: Vec::new(),
            geo: None,
            country: None,
            sentiment: None,
            reach: None,
            metrics: None,
            emotions: Vec::new(),
            tags: Vec::new(),
            links: Vec::new(),
            found_for: Vec::new(),
            sensitive: false,
        }
    }

    /// Whether it is known when it was said.
    pub fn is_dated(&self) -> bool {
        self.ts != UNDATED
    }

    /// Gives it the uid `prefix:native_id`, for ids that are the same whichever feed brings them:
    /// two feeds of one network then count a post once.
    pub fn with_uid(mut self, prefix: &str, native_id: &str) -> Self {
        self.uid = format!("{prefix}:{native_id}").into();
        self
    }

    /// Sets the text, cleaned by [`clean_text`].
    pub fn with_text(mut self, text: &str) -> Self {
        self.text = clean_text(text);
        self
    }
}

/// The time, unless it lies ahead of the arrival or before 1990.
fn believed(ts: Time, received: Time) -> Time {
    const FIRST_PLAUSIBLE: Time = Time::from_secs(631_152_000);
    let is_odd = ts.0 > received.0.saturating_add(MAX_AHEAD_NS) || ts < FIRST_PLAUSIBLE;
    if is_odd && ts != received { UNDATED } else { ts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn null_island_is_unknown() {
        assert_eq!(Geo::new(0.0, 0.0), None);
        assert_eq!(Geo::new(f64::NAN, 5.0), None);
        assert_eq!(Geo::new(91.0, 5.0), None);
        assert!(Geo::new(0.0, 5.0).is_some());
    }

    #[test]
    fn the_year_99999_is_not_now() {
        let (source, now) = (Arc::from("t"), Time::from_secs(1_800_000_000));
        assert_eq!(Mention::new(&source, "1", Time(i64::MAX), now).ts, UNDATED);
        assert_eq!(Mention::new(&source, "1", Time(i64::MIN), now).ts, UNDATED);
        assert!(!Mention::new(&source, "1", now + std::time::Duration::from_secs(121), now).is_dated());
        assert!(Mention::new(&source, "1", now + std::time::Duration::from_secs(120), now).is_dated());
        let late = Time::from_secs(1_799_000_000);
        assert_eq!(Mention::new(&source, "1", late, now).ts, late);
    }
}
