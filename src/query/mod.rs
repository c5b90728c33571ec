//! What a topic listens for: words, `"phrases"`, `#tags`, `@handles`, fields (`lang:ja`), `AND`, `OR`,
//! `NOT` (or `-`), `NEAR/5`, parentheses, and `auror*` for all words that begin so. Words side by side
//! must all occur. `docs/topics.md` tells the whole language.
//!
//! `OR` binds loosest, `NOT` tightest. Case, width and accents' encoding make no difference. A
//! word is found as a whole word or hashtag; in scripts without spaces (and for emoji) anywhere
//! in the text; in Korean at the beginning of a word, because particles follow it.
//!
//! [`Query::parse`] reads a query into its [`tree`]; [`Query::matches`] asks one query of one mention
//! and [`Matcher::find`] many at once, with the same result.

pub mod field;
pub mod find;
mod index;
mod matcher;
mod near;
mod parse;
mod scan;
mod subject;
pub mod tokens;
pub mod tree;
mod trie;
mod why;

use field::Field;
use near::Ruler;
use tokens::Tokens;
use tree::{Fault, Node, What};

pub use matcher::{Matcher, Scratch};
pub use parse::{MAX_DEPTH, MAX_NEARS, MAX_QUERY};
pub use scan::MAX_NEAR;
pub use subject::{Subject, Tone};
pub use why::Why;

/// A query that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    tree: Node,
    needs_plain: bool,
}

/// Says whether a query can be understood; else the byte where it cannot, and what to do.
pub fn check(query: &str) -> Result<(), Fault> {
    Query::parse(query).map(|_| ())
}

impl Query {
    /// Reads a query; the error is the byte where it goes wrong, and what to do.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        let tree = parse::parse(text)?;
        let mut needs_plain = false;
        tree.leaves(&mut |leaf| needs_plain |= is_anywhere(leaf));
        Ok(Self { tree, needs_plain })
    }

    /// What it asks for.
    pub fn tree(&self) -> &Node {
        &self.tree
    }

    /// False when nothing of the feed called `feed` can be looked for, because the query asks for other
    /// ones of `feeds`; names as [`folded`] makes them.
    pub fn may_hear(&self, feed: &str, feeds: &[String]) -> bool {
        self.tree.hears(feed, feeds) != Some(false)
    }

    /// True when [`Query::matches`] looks into [`Tokens::plain`].
    pub fn needs_plain(&self) -> bool {
        self.needs_plain
    }

    /// Whether a mention is what this query looks for; `text` are the tokens of its text.
    pub fn matches(&self, mention: &Subject<'_>, text: &Tokens) -> bool {
        self.tree.holds(mention, text)
    }
}

impl Node {
    /// Whether a mention is what this part of a query looks for.
    pub fn holds(&self, mention: &Subject<'_>, text: &Tokens) -> bool {
        match &self.what {
            What::All(parts) => parts.iter().all(|part| part.holds(mention, text)),
            What::Any(parts) => parts.iter().any(|part| part.holds(mention, text)),
            What::Not(part) => !part.holds(mention, text),
            What::Near(within, both) => Ruler::default().holds(*within, both, text),
            What::Words(words) => words.find.holds(text),
            What::Field(field) => field.holds(mention, text),
        }
    }
}

impl Node {
    /// Whether it holds of all that a feed tells, or of none of it; `None`: that depends.
    fn hears(&self, feed: &str, feeds: &[String]) -> Option<bool> {
        let mut parts = self.parts().iter().map(|part| part.hears(feed, feeds));
        match &self.what {
            What::All(_) => parts
                .try_fold(Some(true), |all, one| match (all, one) {
                    (_, Some(false)) => Err(()),
                    (Some(true), one) => Ok(one),
                    _ => Ok(None),
                })
                .unwrap_or(Some(false)),
            What::Any(_) => parts
                .try_fold(Some(false), |any, one| match (any, one) {
                    (_, Some(true)) => Err(()),
                    (Some(false), one) => Ok(one),
                    _ => Ok(None),
                })
                .unwrap_or(Some(true)),
            What::Not(_) => parts.next().flatten().map(|one| !one),
            What::Field(Field::Source(name)) if name == feed => Some(true),
            What::Field(Field::Source(name)) if feeds.contains(name) => Some(false),
            _ => None,
        }
    }
}

fn is_anywhere(leaf: &Node) -> bool {
    matches!(&leaf.what, What::Words(words) if matches!(words.find, find::Find::Contains(_)))
}

#[cfg(test)]
mod tests;
