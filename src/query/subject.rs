//! What queries look at: a mention as far as a topic may ask about it, borrowed.

use std::sync::Arc;

use super::find::folded;
use crate::mention::{Country, Kind, Lang, Network};

/// Confidence from which an emotion counts as found.
const EMOTION_FROM: f32 = 0.5;

/// One mention. What is not known is `None` or empty.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// In its read form.
    pub text: &'a str,
    /// The author's handle without `@`, and id.
    pub handle: Option<&'a str>,
    pub id: Option<&'a str>,
    /// Name of the feed.
    pub source: &'a str,
    pub network: Network,
    pub kind: Kind,
    pub lang: Option<Lang>,
    /// Further languages that the source names, BCP 47.
    pub langs: &'a [Arc<str>],
    pub country: Option<Country>,
    pub followers: Option<u64>,
    pub tone: Option<Tone>,
    /// Whether its place is known to the point.
    pub has_geo: bool,
    /// Whether it links to a page beside its words.
    pub has_link: bool,
    pub sensitive: bool,
    pub tags: &'a [Arc<str>],
    pub emotions: &'a [(Arc<str>, f32)],
    /// Queries that the service itself found it for.
    pub found_for: &'a [Arc<str>],
    /// Names count only as a whole and as they are written: that of another server, or one that merely looks the
    /// same, is somebody else's.
    pub exact: bool,
}

/// How it was meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Tone {
    Positive,
    Neutral,
    Negative,
}

impl Tone {
    pub const ALL: [(&'static str, Self); 3] =
        [("positive", Self::Positive), ("neutral", Self::Neutral), ("negative", Self::Negative)];
}

impl<'a> Subject<'a> {
    /// A text, in its read form, of which nothing else is known.
    pub fn of(text: &'a str) -> Self {
        Self { text, ..Self::default() }
    }

    /// By what the author is known: the handle, the handle without its server, the id.
    pub fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let short = self.handle.and_then(|handle| handle.split_once('@')).map(|(name, _)| name);
        let (short, exact) = (short.filter(|_| !self.exact), self.exact);
        let names = [self.handle, short, self.id].into_iter().flatten();
        names.filter(move |name| !name.is_empty() && (!exact || name.to_lowercase() == folded(name)))
    }

    /// Every language that it is in; one may come twice.
    pub fn languages(&self) -> impl Iterator<Item = Lang> + use<'a> {
        self.lang.into_iter().chain(self.langs.iter().filter_map(|tag| Lang::new(tag)))
    }

    /// Emotions of which the source is rather sure.
    pub fn felt(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let sure = self.emotions.iter().filter(|(_, sure)| *sure >= EMOTION_FROM);
        sure.map(|(name, _)| &**name)
    }
}
