//! Which names each of the latest mentions was counted for, so that they can leave the lists when
//! it is taken back. Holds hashes and numbers, no words and no names.

use crate::pulse::facts::Facts;
use crate::pulse::recent::Recent;
use crate::pulse::uids::UIDS;

/// What a mention was counted for.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Hash of its words and of its links beside them.
    pub words: u64,
    /// Second since 1970.
    pub at: i64,
    pub mood: Option<f32>,
    /// Its words were counted.
    pub whole: bool,
    /// It is the copy of another one.
    pub copy: bool,
    /// The first of `told` is who said it.
    named: bool,
    topics: u16,
    /// Its author, its terms, and the indices of its topics, four in a word. One allocation, because
    /// 65,536 of these are held.
    told: Box<[u64]>,
}

impl Said {
    /// Of a mention with these facts; `words` is the hash of what it says.
    pub fn of(words: u64, facts: &Facts<'_>, topics: &[u16]) -> Self {
        let author = facts.author.filter(|(_, name)| !name.is_empty()).map(|(author, _)| author);
        let names = facts.terms.iter().map(|term| term.name);
        Self {
            words,
            at: facts.at.as_secs(),
            mood: facts.mood,
            whole: facts.whole,
            copy: facts.copy,
            named: author.is_some(),
            topics: topics.len() as u16,
            told: told(author, names, topics),
        }
    }

    /// The same with other words.
    pub fn with(self, words: u64, topics: &[u16], names: impl Iterator<Item = u64>) -> Self {
        let told = told(self.author(), names, topics);
        Self { words, topics: topics.len() as u16, told, ..self }
    }

    /// Hash of who said it.
    pub fn author(&self) -> Option<u64> {
        self.named.then(|| self.told[0])
    }

    /// Hashes of its terms.
    pub fn names(&self) -> &[u64] {
        &self.told[usize::from(self.named)..self.end()]
    }

    /// Indices of its topics.
    pub fn topics(&self) -> impl Iterator<Item = u16> {
        let packed = &self.told[self.end()..];
        (0..usize::from(self.topics)).map(|i| (packed[i / 4] >> (16 * (i % 4))) as u16)
    }

    /// Where its terms end.
    fn end(&self) -> usize {
        self.told.len() - usize::from(self.topics).div_ceil(4)
    }
}

fn told(author: Option<u64>, names: impl Iterator<Item = u64>, topics: &[u16]) -> Box<[u64]> {
    let pack = |four: &[u16]| four.iter().rev().fold(0, |all, topic| all << 16 | u64::from(*topic));
    author.into_iter().chain(names).chain(topics.chunks(4).map(pack)).collect()
}

/// The latest [`UIDS`] mentions that gave names to lists, by the hashes of their uids.
pub type Ledger = Recent<Said>;

/// A ledger without an entry.
pub fn empty() -> Ledger {
    Recent::new(UIDS as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_told_again() {
        let empty = Said {
            words: 1,
            at: 5,
            mood: None,
            whole: true,
            copy: false,
            named: false,
            topics: 0,
            told: [].into(),
        };
        assert!(empty.names().is_empty() && empty.topics().next().is_none() && empty.author().is_none());
        let topics: Vec<u16> = (0..9).map(|i| i * 100).collect();
        let said = empty.with(2, &topics, [7, 8].into_iter());
        assert_eq!((said.names(), said.author()), (&[7, 8][..], None));
        assert_eq!(said.topics().collect::<Vec<_>>(), topics);
        let named = Said { named: true, told: told(Some(3), [7, 8].into_iter(), &topics), ..said };
        assert_eq!((named.names(), named.author()), (&[7, 8][..], Some(3)));
        assert_eq!(named.with(4, &[1], [9].into_iter()).author(), Some(3));
    }
}
