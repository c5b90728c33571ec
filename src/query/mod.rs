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

pub mod fault;
pub mod field;
pub mod find;
mod index;
mod matcher;
mod near;
mod parse;
mod scan;
mod small;
mod sources;
mod subject;
pub mod tokens;
pub mod tree;
mod trie;
mod why;

use fault::Fault;
use near::Ruler;
use tokens::Tokens;
use tree::{Node, What};

pub use matcher::{Matcher, Scratch};
pub use parse::{MAX_DEPTH, MAX_NEARS, MAX_QUERY};
pub use scan::MAX_NEAR;
pub use small::small_operators;
pub use sources::Source;
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

fn is_anywhere(leaf: &Node) -> bool {
    matches!(&leaf.what, What::Words(words) if matches!(words.find, find::Find::Contains(_)))
}

#[cfg(test)]
mod tests;
