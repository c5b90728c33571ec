//! The topics of a wall: which of them a mention belongs to, and how each is known again later.

use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;

use crate::layout::feed::x_found::left_to_us;
use crate::layout::wall::{Topic, Wall};
use crate::mention::Mention;
use crate::pulse::attributes;
use crate::pulse::enrich::Enriched;
use crate::pulse::enrich::mood::Mood;
use crate::query::tokens::{Tokens, hash};
use crate::query::tree::Node;
use crate::query::{Matcher, Query, Scratch, Subject, Tone};

/// Most topics of a wall.
pub const MAX_TOPICS: usize = 1_024;

/// Why a wall has no pulse.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PulseError {
    #[error("topic `{topic}`: {what} (at byte {at} of its query)")]
    Query { topic: String, at: usize, what: String },
    #[error("{0} topics exceed the limit of {MAX_TOPICS}: remove some")]
    Topics(usize),
}

/// The queries of a wall's topics, in their order.
#[derive(Debug)]
pub struct Topics {
    matcher: Matcher,
    ids: Vec<TopicId>,
    /// The same by hash of the query and by hash of the name, sorted.
    by_query: Vec<(u64, u16)>,
    by_name: Vec<(u64, u16)>,
    set: u64,
    /// Of each topic what is still to be asked of a mention that the service found for it.
    left: Vec<Option<Vec<Node>>>,
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
        Self::new(&wall.topics)
    }

    /// [`Topics::of`] these.
    pub fn new(topics: &[Topic]) -> Result<Self, PulseError> {
        if topics.len() > MAX_TOPICS {
            return Err(PulseError::Topics(topics.len()));
        }
        let mut queries = Vec::with_capacity(topics.len());
        for topic in topics {
            let wrong = |(at, what)| PulseError::Query { topic: topic.name.clone(), at, what };
            queries.push(Query::parse(&topic.query).map_err(wrong)?);
        }
        let ids: Vec<TopicId> = topics.iter().map(TopicId::of).collect();
        let (by_query, by_name) = (sorted(&ids, |id| id.query), sorted(&ids, |id| id.name));
        let left = queries.iter().map(|query| left_to_us(query.tree())).collect();
        Ok(Self { matcher: Matcher::new(&queries), by_query, by_name, set: of_set(&ids), ids, left })
    }

    /// Takes a mention's text apart and finds its topics, as indices: those whose query it matches, and
    /// those that the service itself found it for.
    pub fn find(
        &self,
        mention: &Subject<'_>,
        tokens: &mut Tokens,
        scratch: &mut Scratch,
        found: &mut Vec<u16>,
    ) {
        self.matcher.find(mention, tokens, scratch, found);
        let told = mention.found_for.iter().flat_map(|query| with(&self.by_query, hash(query)));
        let count = found.len();
        for topic in told {
            let left = self.left[usize::from(topic)].as_ref();
            let belongs = left.is_some_and(|left| left.iter().all(|part| part.holds(mention, tokens)));
            if belongs && !found.contains(&topic) {
                found.push(topic);
            }
        }
        if found.len() > count {
            found.sort_unstable();
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
        let same = |id: &TopicId| with(&self.by_query, id.query).chain(with(&self.by_name, id.name));
        let mut still: Vec<u16> = ids.iter().flat_map(same).collect();
        still.sort_unstable();
        still.dedup();
        still
    }
}

/// What topics may ask about a mention, of which this was learnt.
pub fn subject<'a>(mention: &'a Mention, learnt: &'a Enriched) -> Subject<'a> {
    let author = mention.author.as_ref();
    Subject {
        text: learnt.said(),
        handle: author.and_then(|author| author.handle.as_deref()),
        id: author.map(|author| &*author.id),
        source: &mention.source,
        network: mention.network,
        kind: mention.kind,
        lang: learnt.lang,
        langs: &mention.langs,
        country: learnt.place.as_ref().and_then(|place| place.country),
        followers: attributes::followers(mention),
        tone: learnt.mood.map(|mood| tone(mood.score)),
        has_geo: learnt.place.as_ref().is_some_and(|place| place.point.is_some()),
        has_link: !mention.links.is_empty(),
        sensitive: mention.sensitive,
        tags: &mention.tags,
        emotions: &mention.emotions,
        found_for: &mention.found_for,
        exact: false,
    }
}

fn tone(score: f32) -> Tone {
    match Mood::of(score) {
        Mood::Positive => Tone::Positive,
        Mood::Neutral => Tone::Neutral,
        Mood::Negative => Tone::Negative,
    }
}

fn sorted(ids: &[TopicId], by: fn(&TopicId) -> u64) -> Vec<(u64, u16)> {
    let mut sorted: Vec<(u64, u16)> = ids.iter().map(by).zip(0..).collect();
    sorted.sort_unstable();
    sorted
}

/// Indices of all that have this hash.
fn with(sorted: &[(u64, u16)], hash: u64) -> impl Iterator<Item = u16> {
    let start = sorted.partition_point(|(own, _)| *own < hash);
    sorted[start..].iter().take_while(move |(own, _)| *own == hash).map(|(_, index)| *index)
}

fn of_set(ids: &[TopicId]) -> u64 {
    let mut hasher = FxHasher::default();
    ids.iter().for_each(|id| id.query.hash(&mut hasher));
    hasher.finish()
}
