//! `NEAR/5`: how far apart words stand. A text is measured in half words: a word has two, a
//! character of a script without spaces has one, punctuation and emoji have none.

use super::find::{Find, begins, follow};
use super::tokens::{Kind, Tokens};
use super::tree::{Node, What};

/// Most places of one side that are looked at.
const MAX_SPANS: usize = 64;

/// Where something stands, in half words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

/// Room for the measures of one text, used again and again.
#[derive(Debug, Default)]
pub struct Ruler {
    /// Where each token begins, and where the last one ends, in half words.
    marks: Vec<u32>,
    /// Where each token begins and ends in the plain text, bytes.
    plain: Vec<(usize, usize)>,
    spans: Vec<Span>,
    is_measured: bool,
    is_placed: bool,
}

impl Ruler {
    /// What was measured is of another text.
    pub fn forget(&mut self) {
        self.is_measured = false;
        self.is_placed = false;
    }

    /// Whether both stand within so many words of each other.
    pub fn holds(&mut self, within: u32, both: &[Node; 2], text: &Tokens) -> bool {
        self.measure(text);
        self.spans.clear();
        self.near(within, both, text);
        !self.spans.is_empty()
    }

    fn measure(&mut self, text: &Tokens) {
        if std::mem::replace(&mut self.is_measured, true) {
            return;
        }
        self.marks.clear();
        let mut at = 0;
        for token in text.list() {
            self.marks.push(at);
            at += match token.kind {
                Kind::Run(_) => text.text(token).chars().count() as u32,
                _ => 2,
            };
        }
        self.marks.push(at);
    }

    /// Leaves the places of what a part asks for at the end of the spans.
    fn find(&mut self, node: &Node, text: &Tokens) {
        match &node.what {
            What::Words(words) => self.words(&words.find, text),
            What::Any(parts) => parts.iter().for_each(|part| self.find(part, text)),
            What::Near(within, both) => self.near(*within, both, text),
            _ => {}
        }
    }

    /// Leaves the places at which both are together.
    fn near(&mut self, within: u32, both: &[Node; 2], text: &Tokens) {
        let start = self.spans.len();
        self.find(&both[0], text);
        let middle = self.spans.len();
        if middle > start {
            self.find(&both[1], text);
        }
        let end = self.spans.len();
        for left in start..middle.min(start + MAX_SPANS) {
            for right in middle..end.min(middle + MAX_SPANS) {
                let (a, b) = (self.spans[left], self.spans[right]);
                let is_room = self.spans.len() < end + MAX_SPANS;
                if let Some(span) =
                    together(a, b, within).filter(|span| is_room && !self.spans[end..].contains(span))
                {
                    self.spans.push(span);
                }
            }
        }
        self.spans.drain(start..end);
    }

    fn words(&mut self, find: &Find, text: &Tokens) {
        let list = text.list();
        let (mut at, mut length) = (0, 1);
        match find {
            Find::Contains(part) => return self.contains(part, text),
            Find::Phrase(atoms) => length = atoms.len(),
            Find::Prefix(..) => {}
        }
        let most = self.spans.len() + MAX_SPANS;
        while let Some(tokens) = list.get(at..at + length).filter(|_| self.spans.len() < most) {
            let is_here = match find {
                Find::Phrase(atoms) => follow(atoms, tokens, text),
                Find::Prefix(kind, start) => begins(*kind, start, &tokens[0], text),
                Find::Contains(_) => false,
            };
            if is_here {
                self.spans.push(Span { start: self.marks[at], end: self.marks[at + length] });
            }
            at += 1;
        }
    }

    fn contains(&mut self, part: &str, text: &Tokens) {
        self.place(text);
        for (at, _) in text.plain().match_indices(part).take(MAX_SPANS) {
            let span = Span { start: self.mark(at, text), end: self.mark(at + part.len(), text) };
            self.spans.push(span);
        }
    }

    /// Finds the tokens again in the plain text, in which they follow one another.
    fn place(&mut self, text: &Tokens) {
        if std::mem::replace(&mut self.is_placed, true) {
            return;
        }
        self.plain.clear();
        let mut from = 0;
        for token in text.list() {
            let folded = text.text(token);
            let start = text.plain()[from..].find(folded).map(|at| from + at);
            let (start, end) = start.map_or((from, from), |start| (start, start + folded.len()));
            self.plain.push((start, end));
            from = end;
        }
    }

    /// Half words before a byte of the plain text.
    fn mark(&self, at: usize, text: &Tokens) -> u32 {
        let token = self.plain.partition_point(|(_, end)| *end <= at);
        let Some((start, _)) = self.plain.get(token).filter(|(start, _)| *start < at) else {
            return self.marks[token];
        };
        let inside = text.plain()[*start..at].chars().count() as u32;
        self.marks[token] + inside.min(self.marks[token + 1] - self.marks[token])
    }
}

/// The span of both, unless they overlap or lie too far apart.
fn together(a: Span, b: Span, within: u32) -> Option<Span> {
    let (first, second) = if (a.start, a.end) <= (b.start, b.end) { (a, b) } else { (b, a) };
    let between = second.start.checked_sub(first.end)?;
    let is_same = first == second;
    (between <= 2 * (within - 1) && !is_same).then_some(Span { start: first.start, end: second.end })
}
