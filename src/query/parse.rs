//! Reads a query into its tree. `OR` binds loosest, then words side by side and `AND`, then `NEAR`,
//! and `NOT` tightest.

use std::ops::Range;

use super::fault::Fault;
use super::field::Field;
use super::find::Find;
use super::scan::{Item, scan};
use super::tree::{Node, What, Words};

/// Longest query, bytes.
pub const MAX_QUERY: usize = 4_096;
/// Deepest nesting of parentheses and `NOT`.
pub const MAX_DEPTH: usize = 32;
/// Most `NEAR` in a row.
pub const MAX_NEARS: usize = 4;

/// The tree of a query; the error is the byte where it goes wrong, and what to do.
pub fn parse(text: &str) -> Result<Node, Fault> {
    if text.len() > MAX_QUERY {
        return Err((
            text.floor_char_boundary(MAX_QUERY),
            format!("the query is longer than {MAX_QUERY} bytes: split the topic"),
        ));
    }
    let mut parser = Parser { text, items: scan(text)?, next: 0, depth: 0 };
    let wanted = parser.any()?;
    if let Some((at, _)) = parser.items.get(parser.next) {
        return Err((at.start, "unmatched `)`: remove it, or add a `(` before it".into()));
    }
    match wanted.only_negative() {
        Some(at) => Err((at, "this only says what must not occur: add a word that must".into())),
        None => Ok(wanted),
    }
}

struct Parser<'a> {
    text: &'a str,
    items: Vec<(Range<usize>, Item<'a>)>,
    next: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<Item<'a>> {
        self.items.get(self.next).map(|(_, item)| *item)
    }

    fn take(&mut self, item: Item<'_>) -> bool {
        let found = self.peek() == Some(item);
        self.next += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Node, Fault> {
        let mut parts = vec![self.all()?];
        while self.take(Item::Or) {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, What::Any))
    }

    fn all(&mut self) -> Result<Node, Fault> {
        let mut parts = vec![self.near()?];
        while self.take(Item::And) || !matches!(self.peek(), None | Some(Item::Or | Item::Close)) {
            parts.push(self.near()?);
        }
        Ok(one_or(parts, What::All))
    }

    fn near(&mut self) -> Result<Node, Fault> {
        let mut left = self.part()?;
        for count in 1.. {
            let Some((Item::Near(within), at)) =
                self.peek().zip(self.items.get(self.next).cloned().map(|i| i.0))
            else {
                break;
            };
            self.next += 1;
            if count > MAX_NEARS {
                return Err((at.start, format!("more than {MAX_NEARS} NEAR in a row: join some with AND")));
            }
            let right = self.part()?;
            left.is_nearable(at.start)?;
            right.is_nearable(at.start)?;
            left =
                Node { at: left.at.start..right.at.end, what: What::Near(within, Box::new([left, right])) };
        }
        Ok(left)
    }

    fn part(&mut self) -> Result<Node, Fault> {
        let Some((at, item)) = self.items.get(self.next).cloned() else {
            return Err((self.text.len(), self.missing()));
        };
        self.next += 1;
        match item {
            Item::Word(text) => words(at, text, false),
            Item::Quote(text) => words(at, text, true),
            Item::Field(written) => Ok(Node { what: What::Field(Field::read(at.start, &written)?), at }),
            Item::Not => self.deeper(at.start, |p| {
                let part = p.part()?;
                Ok(Node { at: at.start..part.at.end, what: What::Not(Box::new(part)) })
            }),
            Item::Open => self.deeper(at.start, |p| {
                let inner = p.any()?;
                let unclosed = || (at.start, "this `(` is not closed: add a `)`".to_owned());
                if p.take(Item::Close) { Ok(inner) } else { Err(unclosed()) }
            }),
            Item::Close => {
                Err((at.start, "there is nothing before this `)`: put a word or phrase there".into()))
            }
            Item::And | Item::Or | Item::Near(_) => {
                Err((at.start, "an operator needs a word or phrase on both sides".into()))
            }
        }
    }

    fn missing(&self) -> String {
        match self.items.last() {
            None => "the query is empty: write at least one word".into(),
            Some((_, Item::Open)) => "the query ends after `(`: put a word or phrase there".into(),
            Some(_) => "the query ends with an operator: put a word or phrase after it".into(),
        }
    }

    fn deeper(
        &mut self,
        at: usize,
        read: impl FnOnce(&mut Self) -> Result<Node, Fault>,
    ) -> Result<Node, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err((at, format!("nested deeper than {MAX_DEPTH} levels: remove parentheses")));
        }
        let node = read(self);
        self.depth -= 1;
        node
    }
}

impl Node {
    /// Whether the `NEAR` at `at` can ask how near this is.
    fn is_nearable(&self, at: usize) -> Result<(), Fault> {
        let why = match &self.what {
            What::Words(_) | What::Near(..) => return Ok(()),
            What::Any(parts) => return parts.iter().try_for_each(|part| part.is_nearable(at)),
            What::Not(_) => "`NEAR` cannot be applied to `NOT`: write `NOT (a NEAR/5 b)`",
            What::All(_) => "`NEAR` joins only words, phrases and `(a OR b)`: write `a NEAR/5 b NEAR/5 c`",
            What::Field(_) => "`NEAR` cannot be applied to a field: join it with AND",
        };
        Err((at, why.into()))
    }
}

fn one_or(mut parts: Vec<Node>, join: fn(Vec<Node>) -> What) -> Node {
    let at = parts.first().map_or(0, |first| first.at.start)..parts.last().map_or(0, |last| last.at.end);
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            Node { at, what: join(parts) }
        }
    }
}

/// A word, or a phrase in quotes, in which `*` has no meaning.
fn words(at: Range<usize>, written: &str, quoted: bool) -> Result<Node, Fault> {
    let find = Find::read(at.start, written, !quoted)?;
    Ok(Node { at, what: What::Words(Words { written: written.into(), quoted, find }) })
}
