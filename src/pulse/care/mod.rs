//! The care queue: who asked the brand something, and how long the first answer took.
//!
//! - A mention that names one of the brand's handles, or replies to something that the brand said,
//!   by somebody else, opens a case: one for each conversation and asker. A repost opens none.
//! - The conversation is the mention's thread; where a source tells only what a mention replies to,
//!   what those replies lead to, as far as the asker and the brand said it.
//! - A case is answered by the first thing that the brand says after it was opened in reply to one
//!   of the asker's mentions of the case, or, in a conversation that the brand did not begin, in
//!   reply to anything but another asker's question. A like or a repost is no answer. What the asker
//!   says after that opens nothing new for a day.
//! - A case of which every mention was taken back before an answer is closed: it counts among
//!   those opened and waits no more. An answer that is taken back has been given.
//! - All of this goes by when things were said, not by when they came, within a day.
//!
//! Limits: [`OPEN`] open cases; the oldest beyond are only counted. A case leaves after
//! [`PATIENCE`] without an answer, or a day after it was answered or closed. [`ANSWERED`] of those are
//! kept, [`SAID`] mentions of the brand, and [`STRAY`] replies that may turn out to be to the brand.
//! Open cases that waited half a day survive any restart by a note, younger ones by the day that the
//! journal tells; after a restart a question that was taken back counts no more among the opened,
//! and what the brand said before that day is not known to be the brand's.

mod case;
mod draw;
mod handles;
mod memory;
mod notes;
mod queue;

use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::clock::Time;
use crate::layout::care::CareSpec;
use crate::mention::source::Note;
use crate::mention::{Kind, Mention};
use crate::pulse::attributes;
use crate::query::tokens::{Tokens, hash};
use case::{Case, Key, Said};
use handles::Handles;
use memory::Bounded;

pub use case::PATIENCE;
pub use queue::{CareQueue, Times, Waiting};

/// Open cases at most.
pub const OPEN: usize = 10_000;
/// Cases that are answered or closed, at most.
pub const ANSWERED: usize = 65_536;
/// Mentions of the brand that are remembered.
pub const SAID: usize = 65_536;
/// Unknown mentions to which replies are remembered.
pub const STRAY: usize = 8_192;
/// Replies to one unknown mention that are remembered.
const STRAYS_TO_ONE: usize = 64;
/// The queue of one wall.
#[derive(Debug)]
pub struct Care {
    handles: Handles,
    promise: Duration,
    cases: FxHashMap<Key, Case>,
    /// Who asked in a conversation.
    askers: FxHashMap<u64, Vec<u64>>,
    /// The case to which a question belongs, by the question's uid.
    questions: FxHashMap<u64, Key>,
    /// What the brand said, by its uid.
    ours: Bounded<Said>,
    /// Questions or not, depending on who said what they reply to, by the uid of that.
    strays: Bounded<Vec<Stray>>,
    /// What a mention that has a part in this leads to: its thread, or what it replies to.
    links: Bounded<u64>,
    /// The brand's replies, by what they reply to and by their conversation.
    answers: FxHashMap<u64, Vec<(u64, Time)>>,
    in_thread: FxHashMap<u64, Vec<(u64, Time)>>,
    /// Open cases that were too many, by the hour in which they were opened.
    beyond: FxHashMap<i64, u64>,
    /// Until then some of the last day's answers are missing.
    short_until: Time,
    /// The hour in which the answers were last looked through for what is too old.
    swept: i64,
    notes: Vec<Note>,
    drawn: Option<Arc<CareQueue>>,
    stirred: bool,
    drawn_at: Option<i64>,
}

/// A reply of which it is not known whether it is to the brand.
#[derive(Clone, Debug)]
struct Stray {
    uid: u64,
    asker: u64,
    at: Time,
    link: Option<u64>,
    /// `None` when it was taken back.
    mention: Option<Arc<Mention>>,
}

impl Care {
    /// What the journal is to keep, since it was asked last.
    pub fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// Takes up what the journal kept, before the past is told. What is no case is passed over.
    pub fn recall_note(&mut self, note: &Note) {
        if let Some((key, case)) = notes::read(&note.body) {
            self.questions.extend(case.questions().map(|uid| (uid, key)));
            *self.case(key) = case;
        }
    }

    pub fn new(spec: &CareSpec) -> Self {
        Self {
            handles: Handles::new(spec),
            promise: spec.promise,
            cases: FxHashMap::default(),
            askers: FxHashMap::default(),
            questions: FxHashMap::default(),
            ours: Bounded::new(SAID),
            strays: Bounded::new(STRAY),
            links: Bounded::new(SAID + STRAY),
            answers: FxHashMap::default(),
            in_thread: FxHashMap::default(),
            beyond: FxHashMap::default(),
            short_until: Time::default(),
            swept: 0,
            notes: Vec::new(),
            drawn: None,
            stirred: true,
            drawn_at: None,
        }
    }

    /// Takes in a mention that counts for the first time; `said` is its text in its read form, which
    /// gave `tokens`.
    pub fn heard(&mut self, mention: &Mention, said: &str, at: Time, tokens: &Tokens) {
        if mention.kind == Kind::Repost || !self.handles.hears(mention) {
            return;
        }
        if self.handles.is_ours(mention) {
            return self.we_said(mention, at);
        }
        let parent = mention.parent.as_deref().filter(|_| mention.kind != Kind::Quote).map(hash);
        let named = self.handles.are_named(said, tokens);
        if !named && parent.is_none() {
            return;
        }
        let stray = Stray {
            uid: hash(&mention.uid),
            asker: attributes::voice(mention).map_or(0, |(hash, _)| hash),
            at,
            link: mention.thread.as_deref().map(hash).or(parent),
            mention: Some(Arc::new(mention.clone())),
        };
        match parent.filter(|parent| !named && !self.ours.has(*parent)) {
            Some(parent) => {
                let strays = self.strays.get_or_default(parent);
                if strays.len() < STRAYS_TO_ONE {
                    strays.push(stray);
                }
            }
            None => self.ask(stray),
        }
    }

    /// A mention was taken back: its words go, and a case of which nothing is left is closed.
    pub fn taken_back(&mut self, uid: &str) {
        let uid = hash(uid);
        self.strays
            .values()
            .flatten()
            .filter(|stray| stray.uid == uid)
            .for_each(|stray| stray.mention = None);
        let Some(key) = self.questions.get(&uid).copied() else { return };
        if let Some(case) = self.cases.get_mut(&key) {
            case.take_back(uid);
            self.changed(key);
        }
    }

    /// A mention has other words now.
    pub fn reworded(&mut self, mention: &Arc<Mention>) {
        let uid = hash(&mention.uid);
        let strays =
            self.strays.values().flatten().filter(|stray| stray.uid == uid && stray.mention.is_some());
        strays.for_each(|stray| stray.mention = Some(mention.clone()));
        if let Some(case) = self.questions.get(&uid).and_then(|key| self.cases.get_mut(key)) {
            self.stirred |= case.reword(uid, mention);
        }
    }

    fn ask(&mut self, asked: Stray) {
        let Stray { uid, asker, at, link, mention } = asked;
        if let Some(key) = self.questions.get(&uid) {
            // Known from a note, which has no words.
            let (case, mention) = (self.cases.get_mut(key), mention.as_ref());
            self.stirred |= case.zip(mention).is_some_and(|(case, mention)| case.reword(uid, mention));
            return;
        }
        let root = self.link(uid, link);
        let key = Key { root, asker };
        self.questions.insert(uid, key);
        let gone = mention.is_none();
        let case = self.case(key);
        case.ask(uid, at, mention);
        if gone {
            case.take_back(uid);
        }
        // A reply to it is no longer one to nobody.
        let replied = self.answers.contains_key(&uid);
        if replied { self.settle_thread(root) } else { self.settle(key) }
    }

    fn we_said(&mut self, mention: &Mention, at: Time) {
        let uid = hash(&mention.uid);
        if self.ours.has(uid) {
            return;
        }
        let parent = mention.parent.as_deref().filter(|_| mention.kind != Kind::Quote).map(hash);
        let root = self.link(uid, mention.thread.as_deref().map(hash).or(parent));
        let fallen = self.ours.insert(uid, Said { at, root, parent });
        fallen.into_iter().for_each(|(uid, said)| self.forget_ours(uid, &said));
        if let Some(parent) = parent {
            self.answers.entry(parent).or_default().push((uid, at));
            self.in_thread.entry(root).or_default().push((parent, at));
        }
        for stray in self.strays.remove(uid).unwrap_or_default() {
            self.ask(stray);
        }
        match parent.and_then(|parent| self.questions.get(&parent).copied()) {
            Some(key) => self.settle(key),
            None if root == uid || !self.ours.has(root) => self.settle_thread(root),
            None => {}
        }
    }

    /// The case of a key, a new one where there is none.
    fn case(&mut self, key: Key) -> &mut Case {
        self.cases.entry(key).or_insert_with(|| {
            self.askers.entry(key.root).or_default().push(key.asker);
            Case::default()
        })
    }

    /// Takes a case out.
    fn take(&mut self, key: Key) -> Option<Case> {
        if let Some(askers) = self.askers.get_mut(&key.root) {
            askers.retain(|asker| *asker != key.asker);
            if askers.is_empty() {
                self.askers.remove(&key.root);
            }
        }
        self.cases.remove(&key)
    }

    fn keys(&self, root: u64) -> Vec<Key> {
        self.askers.get(&root).into_iter().flatten().map(|asker| Key { root, asker: *asker }).collect()
    }

    fn forget_ours(&mut self, uid: u64, said: &Said) {
        let Some(parent) = said.parent else { return };
        forget(&mut self.answers, parent, |(reply, _)| *reply == uid);
        forget(&mut self.in_thread, said.root, |(to, at)| (*to, *at) == (parent, said.at));
    }

    /// Notes where a mention leads and says to which conversation it belongs. Cases that were
    /// opened while it was unknown move there.
    fn link(&mut self, uid: u64, to: Option<u64>) -> u64 {
        if let Some(to) = to.filter(|to| *to != uid) {
            self.links.insert(uid, to);
        }
        let root = self.root(uid);
        if root != uid {
            self.join(uid, root);
        }
        root
    }

    fn root(&self, uid: u64) -> u64 {
        const DEEPEST: usize = 256;
        let mut at = uid;
        for _ in 0..DEEPEST {
            match self.links.get(at) {
                Some(to) if to != at => at = to,
                _ => break,
            }
        }
        at
    }

    /// What was held to be the conversation `from` is part of `into`.
    fn join(&mut self, from: u64, into: u64) {
        for key in self.keys(from) {
            let Some(case) = self.take(key) else { continue };
            let to = Key { root: into, ..key };
            self.questions.extend(case.questions().map(|uid| (uid, to)));
            notes::forget(&case, &mut self.notes);
            self.case(to).merge(case);
            self.settle(to);
        }
        if let Some(replies) = self.in_thread.remove(&from) {
            self.in_thread.entry(into).or_default().extend(replies);
            self.settle_thread(into);
        }
    }

    fn settle_thread(&mut self, root: u64) {
        self.keys(root).into_iter().for_each(|key| self.settle(key));
    }

    /// Finds the first answer to a case.
    fn settle(&mut self, key: Key) {
        let Some(case) = self.cases.get(&key) else { return };
        let opened = case.opened();
        let direct = case.questions().filter_map(|uid| self.answers.get(&uid)).flatten().map(|(_, at)| *at);
        let begun_by_us = self.ours.has(key.root);
        let loose = self
            .in_thread
            .get(&key.root)
            .into_iter()
            .flatten()
            .filter(|(to, _)| !begun_by_us && !self.questions.contains_key(to));
        let first = direct.chain(loose.map(|(_, at)| *at)).filter(|at| *at >= opened).min();
        let first = first.into_iter().chain(case.noted_answer()).min();
        if let Some(case) = self.cases.get_mut(&key) {
            case.answered = first;
        }
        self.changed(key);
    }

    fn changed(&mut self, key: Key) {
        self.stirred = true;
        if let Some(case) = self.cases.get_mut(&key).filter(|case| case.noted) {
            notes::write(key, case, &mut self.notes);
        }
    }

    /// The clock was set back to `now`: what lies after it never was.
    pub fn rewind(&mut self, now: Time) {
        let later: Vec<Key> =
            self.cases.iter().filter(|(_, c)| c.opened() > now).map(|(key, _)| *key).collect();
        later.into_iter().for_each(|key| self.drop_case(key));
        for case in self.cases.values_mut() {
            case.answered = case.answered.filter(|at| *at <= now);
        }
        (self.stirred, self.drawn_at) = (true, None);
    }

    fn drop_case(&mut self, key: Key) {
        let Some(case) = self.take(key) else { return };
        for uid in case.questions() {
            self.questions.remove(&uid);
        }
        notes::forget(&case, &mut self.notes);
        self.stirred = true;
    }
}

fn forget(of: &mut FxHashMap<u64, Vec<(u64, Time)>>, key: u64, which: impl Fn(&(u64, Time)) -> bool) {
    if let Some(list) = of.get_mut(&key) {
        if let Some(at) = list.iter().position(which) {
            list.swap_remove(at);
        }
        if list.is_empty() {
            of.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests;
