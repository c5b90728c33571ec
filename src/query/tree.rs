//! A query as a tree of what it asks for; each part knows where it stands in the query.

use std::ops::Range;

use super::field::Field;
use super::find::Find;

/// One part of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Bytes of the query; of a group without its parentheses.
    pub at: Range<usize>,
    pub what: What,
}

/// What a part asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// All of these; at least two.
    All(Vec<Node>),
    /// One of these; at least two.
    Any(Vec<Node>),
    Not(Box<Node>),
    /// Both within so many words of each other: words, phrases and alternatives of them.
    Near(u32, Box<[Node; 2]>),
    Words(Words),
    Field(Field),
}

/// A word, tag, handle or phrase.
#[derive(Clone, Debug, PartialEq)]
pub struct Words {
    /// As it stands in the query, without quotes.
    pub written: String,
    pub quoted: bool,
    pub find: Find,
}

impl Node {
    /// The parts of which it is made.
    pub fn parts(&self) -> &[Node] {
        match &self.what {
            What::All(parts) | What::Any(parts) => parts,
            What::Not(part) => std::slice::from_ref(part),
            What::Near(_, both) => &both[..],
            What::Words(_) | What::Field(_) => &[],
        }
    }

    /// Calls `see` with every part that has none itself.
    pub fn leaves<'a>(&'a self, see: &mut impl FnMut(&'a Node)) {
        match self.parts() {
            [] => see(self),
            parts => parts.iter().for_each(|part| part.leaves(see)),
        }
    }

    /// Where an alternative begins that asks for nothing that occurs.
    pub(super) fn only_negative(&self) -> Option<usize> {
        match &self.what {
            What::Not(_) => Some(self.at.start),
            What::All(parts) => {
                let negative: Option<Vec<usize>> = parts.iter().map(Self::only_negative).collect();
                negative.and_then(|all| all.first().copied())
            }
            What::Any(parts) => parts.iter().find_map(Self::only_negative),
            _ => None,
        }
    }
}
