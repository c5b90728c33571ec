//! What is still to be asked of a post that X found for a topic.
//!
//! X's rule was made from the topic's query, so X decides about what it was asked: words, tags,
//! handles, authors, languages and kinds, negated or not. It looks at more than the words that it
//! sends. A field that X does not know was left out of the rule and is asked here. Where the two
//! cannot be told apart (`NEAR`, alternatives of which one has such a field) the words decide.

use super::x_rules::{Asked, operator};
use crate::query::field::{Field, Has};
use crate::query::tree::{Node, What};

/// The parts of a query that X was not asked; `None` where X's word is not enough.
pub fn left_to_us(query: &Node) -> Option<Vec<Node>> {
    let parts = match &query.what {
        What::All(parts) => parts,
        _ => std::slice::from_ref(query),
    };
    let (asked, left): (Vec<&Node>, Vec<&Node>) = parts.iter().partition(|part| is_asked(part));
    let fits = !asked.is_empty() && left.iter().all(|part| is_of_fields(part));
    fits.then(|| left.into_iter().cloned().collect())
}

/// Whether X's rule says just this.
fn is_asked(node: &Node) -> bool {
    match &node.what {
        What::Words(_) => true,
        What::Field(field) => knows(field),
        What::Not(part) => !matches!(part.what, What::All(_)) && is_asked(part),
        What::All(parts) | What::Any(parts) => parts.iter().all(is_asked),
        What::Near(..) => false,
    }
}

/// Whether X tells this field as the wall does. Its `has:links` holds of pictures too.
fn knows(field: &Field) -> bool {
    let is_x = |name: &str| name == "x";
    match field {
        Field::Has(Has::Link) => false,
        Field::Source(name) if is_x(name) => true,
        field => !matches!(operator(field), Asked::Everything),
    }
}

fn is_of_fields(node: &Node) -> bool {
    match &node.what {
        What::Words(_) | What::Near(..) => false,
        What::Field(_) => true,
        _ => node.parts().iter().all(is_of_fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    #[test]
    fn x_decides_about_what_it_was_asked_and_the_wall_about_the_rest() {
        for (query, left) in [
            ("aurora", Some(0)),
            ("\"aurora phone\" OR (#aurora NOT borealis)", Some(0)),
            ("aurora NOT (borealis OR lights) lang:en -is:repost from:@acme", Some(0)),
            ("aurora source:x", Some(0)),
            ("aurora -source:bluesky", Some(0)),
            ("aurora followers>10k -country:US", Some(2)),
            ("aurora has:link", Some(1)),
            ("aurora (has:geo OR followers>5)", Some(1)),
            ("aurora OR (phone followers>10k)", None),
            ("aurora NEAR/5 phone", None),
            ("aurora (phone OR has:geo)", None),
            ("followers>10k", None),
        ] {
            let parsed = Query::parse(query).expect("it is a query");
            assert_eq!(left_to_us(parsed.tree()).map(|left| left.len()), left, "{query}");
        }
    }
}
