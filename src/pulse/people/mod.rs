//! Names of people in the words that visitors see: nobody is named on a public wall.
//!
//! The words of a mention leave out its author's names, addresses of mail and pages, and what
//! looks like a telephone number. The lists leave out the names of those who spoke before, too: a
//! word that is part of one is shown only where it is mostly written small and used much, as an
//! ordinary word is, or where a topic of the wall says it.

pub(super) mod authors;
mod contacts;
mod parts;

use rustc_hash::FxHashSet;

use crate::layout::wall::Wall;
use crate::mention::{Mention, Network};
use crate::pulse::lists::names::Names;
use crate::pulse::lists::ranks::TermKind;
use crate::query::find::folded;
use crate::query::tokens::{Tokens, hash};

use parts::Parts;

/// Parts of names that are remembered, at least the latest half of them.
const MOST: usize = 65_536;
/// A small word that is used so often is one, also where somebody is called so.
const ORDINARY: u32 = 64;
/// Longest part of a link that can be a name, characters.
const LONGEST: usize = 48;

/// The names of the people who spoke.
#[derive(Debug)]
pub struct People {
    parts: Known,
    wholes: Known,
    /// Words of the wall's topics.
    topics: FxHashSet<u64>,
}

/// Hashes of what came last: at most [`MOST`], at least half as many once there were so many.
#[derive(Debug, Default)]
struct Known {
    now: FxHashSet<u64>,
    before: FxHashSet<u64>,
}

impl Known {
    fn put(&mut self, text: &str) {
        if self.now.len() >= MOST / 2 {
            self.before = std::mem::take(&mut self.now);
        }
        self.now.insert(hash(text));
    }

    fn has(&self, text: &str) -> bool {
        let hash = hash(text);
        self.now.contains(&hash) || self.before.contains(&hash)
    }
}

impl People {
    /// `None` for a wall that names everybody in all its modes.
    pub fn of(wall: &Wall) -> Option<Self> {
        wall.ever_hides_people().then(|| {
            let (mut tokens, mut topics) = (Tokens::default(), FxHashSet::default());
            for said in wall.topics.iter().flat_map(|topic| [&topic.name, &topic.label, &topic.query]) {
                tokens.read(said, false);
                topics.extend(tokens.list().iter().map(|token| token.hash));
            }
            Self { parts: Known::default(), wholes: Known::default(), topics }
        })
    }

    /// Takes note of who speaks.
    pub fn learn(&mut self, mention: &Mention) {
        // Papers are called what they are about.
        let Some(author) = mention.author.as_ref().filter(|_| mention.network != Network::News) else {
            return;
        };
        let parts = Parts::of(author);
        for part in parts.parts.iter().filter(|part| part.chars().count() > 2 || parts::is_dense(part)) {
            self.parts.put(part);
            parts::pieces(part).for_each(|piece| self.parts.put(piece));
        }
        parts.wholes.iter().for_each(|whole| self.wholes.put(whole));
    }

    /// Whether a term that is used so often names somebody who spoke.
    pub fn hides(&self, kind: TermKind, text: &str, count: u32) -> bool {
        match kind {
            TermKind::Word => self.hides_word(text, count),
            TermKind::Hashtag => self.hides_word(text.trim_start_matches(['#', '＃']), count),
            TermKind::Link => self.names_whole(text),
            TermKind::Emoji => false,
        }
    }

    fn hides_word(&self, text: &str, count: u32) -> bool {
        let word = folded(text);
        if self.topics.contains(&hash(&word)) {
            return false;
        }
        let is_small = text.starts_with(char::is_lowercase) && count >= ORDINARY;
        let is = |word: &str| self.wholes.has(word) || (!is_small && self.has_part(word));
        is(&word) || is(&parts::bare(&word)) || self.names_whole(text)
    }

    fn has_part(&self, word: &str) -> bool {
        let genitive = word.strip_suffix('s').filter(|stem| stem.chars().count() > 3);
        self.parts.has(word)
            || genitive.is_some_and(|stem| self.parts.has(stem))
            || parts::runs(word).any(|run| self.parts.has(run))
    }

    /// Whether two names stand beside each other in it, or one that is a whole (`#TeamJoDoe`,
    /// `a.example/people/jo-doe`).
    fn names_whole(&self, text: &str) -> bool {
        let pieces: Vec<String> = parts::humps(text).filter(|piece| piece.len() <= LONGEST).collect();
        let name = |piece: &String| self.parts.has(piece) && !self.topics.contains(&hash(piece));
        let pair = pieces.windows(2).any(|pair| pair.iter().all(name));
        pair || (pieces.len() > 1 && pieces.iter().any(|piece| self.wholes.has(piece)))
    }
}

/// Takes out of the `names` of a mention, read from `text`, what says who speaks or where to find
/// them.
pub(super) fn screen(mention: &Mention, text: &str, names: &mut Names) {
    let own = mention.author.as_ref().map(Parts::of).unwrap_or_default();
    names.retain(text, |kind, form, at| match (kind, at) {
        (TermKind::Word | TermKind::Hashtag, Some(at)) => {
            !(own.names(form) || contacts::is_number(form) || contacts::is_address(text, at))
        }
        _ => true,
    });
}

#[cfg(test)]
mod tests;
