//! What is counted of a mention, made in one place: of one that is heard, and of one that the journal tells.

use std::sync::Arc;

use crate::clock::Time;
use crate::mention::{Lang, Mention, Origin, Reach};
use crate::pulse::attributes;
use crate::pulse::enrich::Enriched;
use crate::pulse::enrich::located::Located;
use crate::pulse::lists::names::Named;
use crate::pulse::persist::digest::First;

/// How a mention is folded.
#[derive(Clone, Copy, Debug)]
pub struct How {
    pub at: Time,
    pub live: bool,
    /// With its words.
    pub whole: bool,
    /// Says the same as one before.
    pub copy: bool,
    /// Whoever said it may be named.
    pub named: bool,
}

/// What is counted of a mention.
#[derive(Debug)]
pub struct Facts<'a> {
    pub at: Time,
    pub live: bool,
    pub mood: Option<f32>,
    /// Who says so.
    pub mood_origin: Option<Origin>,
    pub followers: Option<u64>,
    pub place: Option<&'a Located>,
    pub lang: Option<Lang>,
    /// Emotions that the source found, each with its confidence.
    pub emotions: &'a [(Arc<str>, f32)],
    /// Index of its feed; `None` for one that the wall does not have.
    pub feed: Option<u16>,
    pub author: Option<(u64, &'a str)>,
    pub handle: Option<&'a str>,
    pub reach: Option<Reach>,
    pub terms: &'a [Named<'a>],
    /// Folded with its words.
    pub whole: bool,
    /// It has words that were not folded, because more came than can be.
    pub thinned: bool,
    /// Says the same as one before.
    pub copy: bool,
}

impl<'a> Facts<'a> {
    /// Of a mention that counts for what it says: what was learnt of it, its feed and the terms in it.
    pub fn new(
        mention: &'a Mention,
        learnt: &'a Enriched,
        how: How,
        feed: Option<u16>,
        terms: &'a [Named<'a>],
    ) -> Self {
        let speaks = attributes::speaks(mention);
        Self {
            at: how.at,
            live: how.live,
            mood: learnt.mood.map(|s| s.score),
            mood_origin: learnt.mood.map(|s| s.origin),
            followers: attributes::followers(mention),
            place: learnt.place.as_ref(),
            lang: learnt.lang,
            emotions: &mention.emotions,
            feed,
            author: attributes::voice(mention).map(|(author, name)| (author, how.shown(name))),
            handle: attributes::handle(mention),
            reach: mention.reach,
            terms,
            whole: how.whole && speaks,
            thinned: !how.whole && speaks,
            copy: how.copy,
        }
    }

    /// Of one that was changed or taken back: it counts for what it said at `first`, there where that was.
    pub fn recalled(self, mention: &'a Mention, first: &First, place: Option<&'a Located>, how: How) -> Self {
        let name = attributes::voice(mention).map_or("", |(_, name)| how.shown(name));
        Self {
            at: first.at,
            mood: first.mood,
            mood_origin: first.mood_origin(),
            followers: first.followers,
            place,
            lang: first.lang,
            author: first.author.map(|author| (author, name)),
            thinned: false,
            ..self
        }
    }
}

impl How {
    fn shown(self, name: &str) -> &str {
        if self.named { name } else { "" }
    }
}
