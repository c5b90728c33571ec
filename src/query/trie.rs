//! Beginnings of words: finds all those with which a word begins in one pass over its first bytes.

/// A node without a parent that stands for "none".
const NONE: u32 = 0;

/// Beginnings, each with a number.
#[derive(Clone, Debug)]
pub struct Trie {
    /// Nodes by the first byte; most words end here.
    first: [u32; 256],
    /// The first one is nobody's.
    nodes: Vec<Branch>,
}

#[derive(Clone, Debug, Default)]
struct Branch {
    edges: Vec<(u8, u32)>,
    numbers: Vec<u32>,
}

impl Default for Trie {
    fn default() -> Self {
        Self { first: [NONE; 256], nodes: vec![Branch::default()] }
    }
}

impl Trie {
    pub fn is_empty(&self) -> bool {
        self.nodes.len() == 1
    }

    /// Adds a beginning; an empty one is none.
    pub fn insert(&mut self, start: &str, number: u32) {
        let Some((first, rest)) = start.as_bytes().split_first() else { return };
        if self.first[usize::from(*first)] == NONE {
            self.first[usize::from(*first)] = self.grow();
        }
        let mut at = self.first[usize::from(*first)];
        for byte in rest {
            at = match self.next(at, *byte) {
                Some(next) => next,
                None => {
                    let new = self.grow();
                    self.nodes[at as usize].edges.push((*byte, new));
                    new
                }
            };
        }
        self.nodes[at as usize].numbers.push(number);
    }

    /// Calls `hit` with the number of every beginning of `word`.
    pub fn beginnings(&self, word: &str, mut hit: impl FnMut(u32)) {
        let Some((first, rest)) = word.as_bytes().split_first() else { return };
        let mut at = self.first[usize::from(*first)];
        let mut rest = rest.iter();
        while at != NONE {
            self.nodes[at as usize].numbers.iter().for_each(|number| hit(*number));
            at = rest.next().and_then(|byte| self.next(at, *byte)).unwrap_or(NONE);
        }
    }

    fn grow(&mut self) -> u32 {
        self.nodes.push(Branch::default());
        self.nodes.len() as u32 - 1
    }

    fn next(&self, at: u32, byte: u8) -> Option<u32> {
        self.nodes[at as usize].edges.iter().find(|(own, _)| *own == byte).map(|(_, next)| *next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_beginning_of_a_word_is_found() {
        let mut trie = Trie::default();
        assert!(trie.is_empty());
        ["au", "aurora", "auror", "b", "é", ""].iter().zip(0..).for_each(|(start, i)| trie.insert(start, i));
        let found = |word: &str| {
            let mut found = Vec::new();
            trie.beginnings(word, |number| found.push(number));
            found
        };
        assert_eq!(found("auroras"), [0, 2, 1]);
        assert_eq!(
            (found("aurox"), found("écran"), found("x"), found("")),
            (vec![0], vec![4], vec![], vec![])
        );
    }
}
