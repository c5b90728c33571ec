//! Which names each of the latest mentions was counted for, so that they can leave the lists when
//! it is taken back. Holds hashes and numbers, no words and no names.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use super::UIDS;
use super::stream::Facts;

/// What a mention was counted for.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// Hash of its uid.
    pub uid: u64,
    /// Hash of its words.
    pub words: u64,
    /// Second since 1970.
    pub at: i64,
    pub mood: Option<f32>,
    pub author: Option<u64>,
    /// Its words were counted.
    pub whole: bool,
    /// It is the copy of another one.
    pub copy: bool,
    names: Box<[u64]>,
    topics: usize,
}

impl Said {
    pub fn new(uid: u64, words: u64, at: i64, topics: &[u16], names: impl Iterator<Item = u64>) -> Self {
        let all = topics.iter().map(|topic| u64::from(*topic)).chain(names).collect();
        Self {
            uid,
            words,
            at,
            mood: None,
            author: None,
            whole: true,
            copy: false,
            names: all,
            topics: topics.len(),
        }
    }

    /// What else is known of it.
    pub fn of(self, facts: &Facts<'_>) -> Self {
        let author = facts.author.filter(|(_, name)| !name.is_empty()).map(|(author, _)| author);
        Self { mood: facts.mood, author, whole: facts.whole, copy: facts.copy, ..self }
    }

    /// The same with other words.
    pub fn with(self, words: u64, topics: &[u16], names: impl Iterator<Item = u64>) -> Self {
        let Self { mood, author, whole, copy, .. } = self;
        Self { mood, author, whole, copy, ..Self::new(self.uid, words, self.at, topics, names) }
    }

    /// Indices of its topics.
    pub fn topics(&self) -> impl Iterator<Item = u16> {
        self.names[..self.topics].iter().map(|topic| *topic as u16)
    }

    /// Hashes of its terms.
    pub fn names(&self) -> &[u64] {
        &self.names[self.topics..]
    }
}

/// The latest [`UIDS`] mentions that gave names to lists.
#[derive(Debug, Default)]
pub struct Ledger {
    /// Oldest first; `None` was taken out.
    said: VecDeque<Option<Said>>,
    /// Number of the first in `said`.
    first: u64,
    by_uid: FxHashMap<u64, u64>,
}

impl Ledger {
    pub fn put(&mut self, said: Said) {
        self.by_uid.insert(said.uid, self.first + self.said.len() as u64);
        self.said.push_back(Some(said));
        if self.said.len() > UIDS {
            let gone = self.said.pop_front().flatten();
            if let Some(gone) = gone.filter(|gone| self.by_uid.get(&gone.uid) == Some(&self.first)) {
                self.by_uid.remove(&gone.uid);
            }
            self.first += 1;
        }
    }

    /// Takes out what a mention was counted for, if that is known.
    pub fn take(&mut self, uid: u64) -> Option<Said> {
        let number = self.by_uid.remove(&uid)?;
        self.said.get_mut((number - self.first) as usize)?.take()
    }

    /// The same, only looked at.
    pub fn get(&self, uid: u64) -> Option<&Said> {
        let number = self.by_uid.get(&uid)?;
        self.said.get((number - self.first) as usize)?.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_known_once_and_the_oldest_are_forgotten() {
        let mut ledger = Ledger::default();
        let said = |uid| Said::new(uid, 0, 5, &[3, 1], [7, 8].into_iter());
        (0..UIDS as u64 + 10).for_each(|uid| ledger.put(said(uid)));
        assert_eq!((ledger.said.len(), ledger.by_uid.len()), (UIDS, UIDS));
        assert_eq!(ledger.take(9), None);
        let held = ledger.take(10).expect("the oldest that is known");
        assert_eq!((held.names(), held.topics().collect::<Vec<_>>()), (&[7, 8][..], vec![3, 1]));
        assert_eq!(ledger.take(10), None);
        ledger.put(held);
        assert!(ledger.get(10).is_some() && ledger.get(12).is_some());
    }
}
