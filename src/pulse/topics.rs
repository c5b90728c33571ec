//! The topics of a wall: which of them a text belongs to, and how each is known again later.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

use super::{MAX_TOPICS, PulseError};
use crate::layout::wall::{Topic, Wall};
use crate::query::Query;
use crate::query::tokens::{Tokens, hash};

/// The queries of a wall's topics, in their order.
#[derive(Debug)]
pub struct Topics {
    queries: Vec<Query>,
    needs_plain: bool,
    ids: Vec<TopicId>,
    set: u64,
}

/// A topic as a digest knows it: hashes of its name and its query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TopicId {
    pub name: u64,
    pub query: u64,
}

impl TopicId {
    fn of(topic: &Topic) -> Self {
        Self { name: hash(&topic.name), query: hash(&topic.query) }
    }
}

impl Topics {
    /// Fails when there are too many, or with the first query that cannot be understood.
    pub fn of(wall: &Wall) -> Result<Self, PulseError> {
        if wall.topics.len() > MAX_TOPICS {
            return Err(PulseError::Topics(wall.topics.len()));
        }
        let mut queries = Vec::with_capacity(wall.topics.len());
        for topic in &wall.topics {
            let wrong = |(at, what)| PulseError::Query { topic: topic.name.clone(), at, what };
            queries.push(Query::parse(&topic.query).map_err(wrong)?);
        }
        let ids: Vec<TopicId> = wall.topics.iter().map(TopicId::of).collect();
        let needs_plain = queries.iter().any(Query::needs_plain);
        Ok(Self { needs_plain, queries, set: of_set(&ids), ids })
    }

    /// Takes a text apart and finds its topics, as indices.
    pub fn find(&self, text: &str, tokens: &mut Tokens, found: &mut Vec<u16>) {
        tokens.read(text, self.needs_plain);
        found.clear();
        for (i, query) in self.queries.iter().enumerate() {
            if query.matches(tokens) {
                found.push(i as u16);
            }
        }
    }

    /// The same for the same queries in the same order.
    pub fn set(&self) -> u64 {
        self.set
    }

    pub fn id(&self, index: u16) -> Option<TopicId> {
        self.ids.get(usize::from(index)).copied()
    }

    /// Indices of the topics that are still what they were when `ids` were noted: those with the
    /// same query, or else of the same name.
    pub fn still(&self, ids: &[TopicId]) -> Vec<u16> {
        let is_one = |own: &TopicId| {
            let same = ids.iter().any(|id| id.query == own.query);
            same || ids.iter().any(|id| id.name == own.name)
        };
        (0..).zip(&self.ids).filter(|(_, own)| is_one(own)).map(|(i, _)| i).collect()
    }
}

fn of_set(ids: &[TopicId]) -> u64 {
    let mut hasher = FxHasher::default();
    ids.iter().for_each(|id| id.query.hash(&mut hasher));
    hasher.finish()
}
