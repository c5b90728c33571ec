//! The ranked lists of a snapshot: what was named most, what rises, who speaks.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::layout::ranks::Past;
use crate::mention::Reach;
use crate::pulse::fold::counts::Exactness;

/// What a term is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TermKind {
    #[default]
    Word,
    Hashtag,
    Emoji,
    Link,
}

impl TermKind {
    pub const ALL: [Self; 4] = [Self::Word, Self::Hashtag, Self::Emoji, Self::Link];
}

/// A word, hashtag, emoji or link and in how many mentions it was used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Term {
    /// As most people write it; hashtags with their `#`, links as host and path.
    pub text: Arc<str>,
    pub count: u32,
    pub kind: TermKind,
    /// Mean sentiment of the mentions that use it, −1 to 1, where known.
    pub mood: Option<f32>,
    /// In the list of the day: uses in each of the 23 whole hours of the clock before the running one,
    /// oldest first. Else empty.
    #[serde(default)]
    pub by_hour: Arc<[u32]>,
}

/// Somebody who speaks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Voice {
    pub name: Arc<str>,
    /// Without the leading `@`.
    pub handle: Option<Arc<str>>,
    pub mentions: u32,
    /// As they were told last.
    pub followers: Option<u64>,
    /// Followers where they are told; else the most that a source told of one mention, of one
    /// kind.
    pub reach: Option<Reach>,
}

/// A term that is used more than usual.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rising {
    pub text: Arc<str>,
    pub kind: TermKind,
    /// Uses in the last 10 to 15 minutes, each text once however often it was copied.
    pub count: u32,
    /// Uses that its share of the day before would have given.
    pub usual: f32,
    /// At least so many times as many as usual, with 95 % confidence.
    pub lift: f32,
    /// When it was first used, if nobody did in the day before.
    pub since: Option<Time>,
}

/// What was ranked over one window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ranks {
    /// Most used of each [`TermKind`], most used first.
    pub terms: Arc<[Term]>,
    /// Authors with the most mentions, most first.
    pub authors: Arc<[Voice]>,
    /// Authors by reach, all of the one kind that most of them tell, widest first.
    pub reach: Arc<[Voice]>,
    /// So many uses of a term may be missing from its count; 0 is exact.
    pub terms_missed: u32,
    /// So many mentions of an author may be missing; 0 is exact.
    pub authors_missed: u32,
    /// Some mentions of its time were counted without their words.
    #[serde(default)]
    pub thinned: bool,
}

impl Ranks {
    /// How sure the counts of terms are.
    pub fn terms_are(&self) -> Exactness {
        if self.terms_missed == 0 && !self.thinned { Exactness::Exact } else { Exactness::AtLeast }
    }

    /// How sure the counts of authors are.
    pub fn authors_are(&self) -> Exactness {
        if self.authors_missed == 0 { Exactness::Exact } else { Exactness::AtLeast }
    }

    /// True when every list is the same as in `other`, by pointer.
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.terms, &other.terms)
            && Arc::ptr_eq(&self.authors, &other.authors)
            && Arc::ptr_eq(&self.reach, &other.reach)
            && (self.terms_missed, self.authors_missed) == (other.terms_missed, other.authors_missed)
            && self.thinned == other.thinned
    }
}

/// All ranked lists of a stream. A list that no tile wants is empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ranked {
    /// Of the last 55 to 60 minutes; refreshed every 5 s.
    pub hour: Ranks,
    /// Of the last 23 h 45 min to 24 h; refreshed every minute.
    pub day: Ranks,
    /// Most lifted first; refreshed every 15 s.
    pub rising: Arc<[Rising]>,
    /// False while less than an hour is known: then nothing rises.
    pub has_past: bool,
}

impl Ranked {
    pub fn over(&self, past: Past) -> &Ranks {
        match past {
            Past::Hour => &self.hour,
            Past::Day => &self.day,
        }
    }

    /// True when every list is the same as in `other`, by pointer.
    pub fn is_same(&self, other: &Self) -> bool {
        self.hour.is_same(&other.hour)
            && self.day.is_same(&other.day)
            && Arc::ptr_eq(&self.rising, &other.rising)
            && self.has_past == other.has_past
    }
}
