//! One case: what somebody asked in one conversation, and when the first answer came.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Time;
use crate::mention::Mention;

/// After so long nobody waits any more.
pub const PATIENCE: Duration = Duration::from_secs(7 * 86_400);
pub const DAY: Duration = Duration::from_secs(86_400);
/// Most questions of one case that are told apart; further ones do not count.
pub const QUESTIONS: usize = 64;

/// What makes a case itself: hashes of the conversation's beginning and of who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub root: u64,
    pub asker: u64,
}

/// What the brand said.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    pub at: Time,
    pub root: u64,
    pub parent: Option<u64>,
}

#[derive(Clone, Debug, Default)]
pub struct Case {
    questions: Vec<Question>,
    /// The first answer.
    pub answered: Option<Time>,
    /// A note of it lies in the journal.
    pub noted: bool,
    /// An answer that a note tells.
    noted_answer: Option<Time>,
}

#[derive(Clone, Debug)]
struct Question {
    uid: u64,
    at: Time,
    gone: bool,
    /// Its words, where they are known.
    mention: Option<Arc<Mention>>,
}

impl Case {
    /// A case as a note tells it.
    pub fn recalled(uids: &[u64], opened: Time, answered: Option<Time>, closed: bool) -> Self {
        let question = |uid: &u64| Question { uid: *uid, at: opened, gone: closed, mention: None };
        let questions = uids.iter().map(question).collect();
        Self { questions, answered, noted: true, noted_answer: answered }
    }

    pub fn ask(&mut self, uid: u64, at: Time, mention: Option<Arc<Mention>>) {
        if let Some(known) = self.questions.iter_mut().find(|one| one.uid == uid) {
            known.at = at;
            known.mention = mention.or(known.mention.take());
        } else if self.questions.len() < QUESTIONS {
            self.questions.push(Question { uid, at, gone: false, mention });
        }
    }

    /// The questions of another case belong to this one.
    pub fn merge(&mut self, other: Self) {
        for one in other.questions {
            self.ask(one.uid, one.at, one.mention);
            if one.gone {
                self.take_back(one.uid);
            }
        }
        self.noted_answer = [self.noted_answer, other.noted_answer].into_iter().flatten().min();
    }

    pub fn take_back(&mut self, uid: u64) {
        for question in self.questions.iter_mut().filter(|one| one.uid == uid) {
            (question.gone, question.mention) = (true, None);
        }
    }

    /// Whether one of its questions has these words now.
    pub fn reword(&mut self, uid: u64, mention: &Arc<Mention>) -> bool {
        let question = self.questions.iter_mut().find(|one| one.uid == uid && !one.gone);
        question.map(|one| one.mention = Some(mention.clone())).is_some()
    }

    pub fn questions(&self) -> impl Iterator<Item = u64> {
        self.questions.iter().map(|one| one.uid)
    }

    pub fn opened(&self) -> Time {
        self.questions.iter().map(|one| one.at).min().unwrap_or_default()
    }

    pub fn noted_answer(&self) -> Option<Time> {
        self.noted_answer
    }

    pub fn is_closed(&self) -> bool {
        self.questions.iter().all(|one| one.gone)
    }

    pub fn waits(&self) -> bool {
        self.answered.is_none() && !self.is_closed()
    }

    /// The first question whose words are known.
    pub fn mention(&self) -> Option<&Arc<Mention>> {
        let told = self.questions.iter().filter(|one| one.mention.is_some());
        told.min_by_key(|one| (one.at, one.uid)).and_then(|one| one.mention.as_ref())
    }

    /// When nothing more is to be known of it.
    pub fn ends(&self) -> Time {
        match self.answered {
            Some(at) => at + DAY,
            None if self.is_closed() => self.opened() + DAY,
            None => self.opened() + PATIENCE,
        }
    }
}
