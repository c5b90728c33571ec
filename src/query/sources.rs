//! From which feeds a query may want a mention at all.

use super::Query;
use super::field::{Field, NETWORKS};
use super::find::folded;
use super::tree::{Node, What};
use crate::mention::Network;

/// A feed as a query may ask for it.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    pub name: &'a str,
    /// Networks of its mentions; empty when it may tell of any.
    pub networks: &'a [Network],
}

impl Query {
    /// False when no mention of a feed can be what this query looks for.
    pub fn may_want(&self, source: Source<'_>) -> bool {
        self.tree.of_all(source) != Some(false)
    }
}

impl Node {
    /// Whether this part holds for all mentions of a feed, or for none; `None` when that depends on the
    /// mention.
    fn of_all(&self, source: Source<'_>) -> Option<bool> {
        match &self.what {
            What::All(parts) => every(parts.iter().map(|part| part.of_all(source))),
            What::Any(parts) => every(parts.iter().map(|part| not(part.of_all(source)))).map(|none| !none),
            What::Not(part) => not(part.of_all(source)),
            What::Field(Field::Source(name)) => source.is(name),
            What::Near(..) | What::Words(_) | What::Field(_) => None,
        }
    }
}

impl Source<'_> {
    fn is(self, name: &str) -> Option<bool> {
        let network = NETWORKS.iter().find(|(own, _)| *own == name).map(|(_, network)| *network);
        match (self.networks, network) {
            _ if folded(self.name) == name => Some(true),
            (_, None) => Some(false),
            ([], Some(_)) => None,
            (known, Some(network)) if !known.contains(&network) => Some(false),
            (known, Some(_)) => (known.len() == 1).then_some(true),
        }
    }
}

fn not(told: Option<bool>) -> Option<bool> {
    told.map(|told| !told)
}

fn every(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = Some(true);
    for part in parts {
        match part {
            Some(false) => return part,
            Some(true) => {}
            None => all = None,
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_tells_which_feeds_it_can_want() {
        let sky = Source { name: "public", networks: &[Network::Bluesky] };
        let own = Source { name: "Press", networks: &[] };
        let wants = |query: &str| {
            let query = Query::parse(query).expect("a query");
            [query.may_want(sky), query.may_want(own)]
        };
        assert_eq!(wants("aurora"), [true, true]);
        assert_eq!(wants("aurora source:press"), [false, true]);
        assert_eq!(wants("aurora source:public"), [true, false]);
        assert_eq!(
            wants("aurora source:bluesky"),
            [true, true],
            "whatever comes by the other feed may be a post"
        );
        assert_eq!(wants("aurora source:x"), [false, true]);
        assert_eq!(wants("(aurora source:press) OR (borealis source:public)"), [true, true]);
        assert_eq!(wants("(aurora source:press) OR lang:ja"), [true, true]);
        assert_eq!(wants("aurora NOT source:press"), [true, false]);
        assert_eq!(wants("aurora NOT source:bluesky"), [false, true]);
        assert_eq!(wants("aurora NOT (source:press OR source:public)"), [false, false]);
        assert_eq!(wants("aurora (source:press OR source:nobody)"), [false, true]);
    }
}
