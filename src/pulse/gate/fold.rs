//! How the gate stands in the way of what is heard: what passes is listed and shown, and nothing else.

use std::sync::Arc;

use super::{Decision, Edited, Entry, Gate, GateAct, GateCommand, GateView, Passage};
use crate::clock::Time;
use crate::mention::{Mention, is_blank, reading};
use crate::place::Gazetteer;
use crate::pulse::attributes;
use crate::pulse::enrich::Enriched;
use crate::pulse::enrich::located::{Located, PlaceOrigin};
use crate::pulse::highlights::Highlights;
use crate::pulse::lists::ledger::Said;
use crate::pulse::state::{Pulse, Scratch};
use crate::query::tokens::hash;

impl Pulse {
    /// Whether what a mention says may be shown at once; always without a gate. What may not loses its names in
    /// `scratch`, so that no list has them.
    pub(in crate::pulse) fn passes(
        &mut self,
        mention: &Mention,
        learnt: &Enriched,
        (at, live): (Time, bool),
        scratch: &mut Scratch,
    ) -> bool {
        let Some(gate) = &mut self.gate else { return true };
        let speaks = mention.text.as_deref().is_some_and(|text| !is_blank(text));
        let passes = speaks
            && gate.consider(
                Arc::new(mention.clone()),
                learnt,
                (at, self.head),
                (&scratch.topics, live),
                None,
            );
        if !passes {
            scratch.names.clear();
        }
        self.trim_gate();
        passes
    }

    /// Whether somebody decided about a text before a restart: then it is no copy, although the past, which is told
    /// from the latest back, tells its copies first.
    pub(in crate::pulse) fn was_decided(&self, uid: &str) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.before.contains_key(uid))
    }

    /// Forgets what the gate has too much of, unless it stands somewhere.
    fn trim_gate(&mut self) {
        let Some(gate) = self.gate.as_mut().filter(|gate| gate.is_over()) else { return };
        let samples = self.streams.iter().filter_map(|stream| stream.sample.as_ref());
        gate.trim(&samples.flat_map(Highlights::held).cloned().collect());
    }

    /// The queues as they are now, and whether they have changed; `news` when the samples have.
    pub(in crate::pulse) fn draw_gate(&mut self, news: bool) -> (Option<Arc<GateView>>, bool) {
        let Some(gate) = &mut self.gate else { return (None, false) };
        gate.changed |= news;
        let samples = self.streams.iter().filter_map(|stream| stream.sample.as_ref());
        let (view, changed) =
            gate.draw(self.head, || samples.flat_map(Highlights::listed).cloned().collect());
        (Some(view), changed)
    }

    /// A place as a wall with a gate may name it: what a source calls it is somebody's text, too, so that it is called
    /// by the largest city near it in our own table.
    pub(in crate::pulse) fn named(&self, place: Option<Located>) -> Option<Located> {
        let is_told = |place: &Located| place.origin == PlaceOrigin::Source && self.gate.is_some();
        let near = |point: (f32, f32)| Gazetteer::get().name_near(point);
        let ours = |place: Located| Located { name: place.point.and_then(near), ..place };
        place.map(|place| if is_told(&place) { ours(place) } else { place })
    }

    /// What was let through earlier and held back until now is shown.
    pub(in crate::pulse) fn open_gate(&mut self) {
        let Some(gate) = &mut self.gate else { return };
        let due = gate.take_due(self.head);
        due.iter().for_each(|uid| self.reveal(uid));
    }

    /// Does what a moderator asked for at `now`.
    pub fn moderate(&mut self, command: &GateCommand, now: Time) {
        let Some(gate) = &mut self.gate else { return };
        let changed = gate.decide(command, now);
        for (uid, shown) in changed {
            if shown { self.reveal(&uid) } else { self.conceal(&uid) }
        }
        self.trim_gate();
    }

    /// A mention has other words than those that the gate has seen: it starts anew.
    pub(in crate::pulse) fn reconsider(&mut self, mention: &Mention) {
        let Some(gate) = &mut self.gate else { return };
        let uid = mention.uid.clone();
        let Some(entry) = gate.entries.get_mut(&uid) else {
            // It is older than what is remembered; what was approved were other words.
            return self.highlights().for_each(|sample| sample.remove(&uid));
        };
        if entry.seal == attributes::seal(mention) {
            entry.mention = Arc::new(mention.clone());
            return;
        }
        let (at, topics) = (entry.at, entry.topics.clone());
        let author = attributes::voice(&entry.mention).map(|(author, _)| author);
        let edited = Some(Edited { decided: entry.by.is_some(), author });
        self.conceal(&uid);
        let learnt = self.enricher.learn(mention);
        let Some(gate) = &mut self.gate else { return };
        if gate.consider(Arc::new(mention.clone()), &learnt, (at, self.head), (&topics, true), edited) {
            self.reveal(&uid);
        }
    }

    /// Remembers what a text counts for in lists, where there is a gate.
    pub(in crate::pulse) fn keep_said(&mut self, uid: &str) {
        let Some(gate) = &mut self.gate else { return };
        if let Some(entry) = gate.entries.get_mut(uid) {
            entry.said = self.ledger.get(hash(uid)).cloned();
        }
    }

    /// What a text counts for in lists; it does not any more.
    pub(in crate::pulse) fn take_said(&mut self, uid: &str) -> Option<Said> {
        let kept = self.gate.as_mut().and_then(|gate| gate.entries.get_mut(uid)?.said.take());
        self.ledger.take(hash(uid)).or(kept)
    }

    /// Whether the gate shows this; always without one.
    pub(in crate::pulse) fn is_let_through(&self, uid: &str) -> bool {
        self.gate.as_ref().is_none_or(|gate| gate.entries.get(uid).is_some_and(Entry::is_shown))
    }

    /// A mention is gone: it leaves the queues, and if it was shown, every list at once.
    pub(in crate::pulse) fn leave_gate(&mut self, uid: &str) {
        let Some(gate) = &mut self.gate else { return };
        if gate.forget(uid).is_some_and(|entry| entry.is_shown()) {
            self.forget_drawn();
        }
    }

    /// Nothing is told of what was drawn before.
    fn forget_drawn(&mut self) {
        self.streams.iter_mut().for_each(|stream| stream.lists.hurry());
        self.alerts.describe_anew();
    }

    fn reveal(&mut self, uid: &Arc<str>) {
        let Some(entry) = self.gate.as_ref().and_then(|gate| gate.entries.get(uid)) else { return };
        let (mention, at, topics) = (entry.mention.clone(), entry.at, entry.topics.clone());
        self.relist(&mention, true);
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.topics = topics;
        scratch.tokens.read(&reading(mention.text.as_deref().unwrap_or_default()), false);
        self.show(Mention::clone(&mention), at, true, &scratch);
        self.scratch = scratch;
    }

    fn conceal(&mut self, uid: &Arc<str>) {
        let Some(entry) = self.gate.as_ref().and_then(|gate| gate.entries.get(uid)) else { return };
        let mention = entry.mention.clone();
        self.relist(&mention, false);
        self.forget_drawn();
        self.highlights().for_each(|sample| sample.remove(uid));
    }
}

impl Gate {
    /// Decides; gives what is to be shown (`true`) or not any more.
    pub(super) fn decide(&mut self, command: &GateCommand, now: Time) -> Vec<(Arc<str>, bool)> {
        let GateCommand { mention: uid, words, act, by } = command;
        let Some(entry) = self.entries.get_mut(uid) else {
            tracing::info!("a text was moderated that is not in any queue: {uid}");
            return Vec::new();
        };
        if words.is_some_and(|words| words != entry.seal) {
            tracing::info!("{uid} was edited before anyone decided about it");
            (self.changed, self.urgent) = (true, true);
            return Vec::new();
        }
        let author = attributes::voice(&entry.mention).map(|(author, _)| author);
        let passage = match act {
            GateAct::Claim => {
                entry.claimed = Some((by.clone(), now));
                (self.changed, self.urgent) = (true, true);
                return Vec::new();
            }
            GateAct::Approve => Passage::Approved,
            GateAct::Pin => Passage::Pinned,
            GateAct::Hide => Passage::Hidden,
            GateAct::Stash => Passage::Stashed,
            GateAct::Ban => {
                let Some(author) = author else { return self.settle(uid, Passage::Hidden, by, now) };
                return self.ban(author, by, now);
            }
            GateAct::Undo => {
                if let Some(author) = author.filter(|author| self.banned.remove(author).is_some()) {
                    self.note_ban(author, by.clone(), now, false);
                }
                Passage::Waiting
            }
        };
        self.settle(uid, passage, by, now)
    }

    /// Puts a text into another queue; gives it if it is to be shown or not any more.
    fn settle(
        &mut self,
        uid: &Arc<str>,
        passage: Passage,
        by: &Arc<str>,
        now: Time,
    ) -> Vec<(Arc<str>, bool)> {
        let Some(mut entry) = self.forget(uid) else { return Vec::new() };
        let before = entry.is_shown();
        (entry.passage, entry.due, entry.claimed) = (passage, None, None);
        entry.by = Some((by.clone(), now));
        let after = entry.is_shown();
        self.urgent = true;
        if passage == Passage::Pinned {
            self.make_room(now);
        }
        let (words, print) = (entry.seal, entry.print);
        self.keep_hidden(passage, print);
        self.put(entry, true);
        self.serial += 1;
        let (uid_of, by, serial) = (uid.clone(), by.clone(), self.serial);
        self.note_decision(Decision { uid: uid_of, passage, by, at: now, words, print, serial });
        if before == after { Vec::new() } else { vec![(uid.clone(), after)] }
    }

    /// The oldest that is pinned gives way to one more.
    fn make_room(&mut self, now: Time) {
        let pinned = |uid: &&Arc<str>| self.entries.get(*uid).is_some_and(|e| e.passage == Passage::Pinned);
        let pinned: Vec<_> = self.decided.iter().filter(pinned).cloned().collect();
        for uid in &pinned[..(pinned.len() + 1).saturating_sub(super::PINNED)] {
            let by = self.entries.get(uid).and_then(|entry| entry.by.clone());
            self.settle(uid, Passage::Approved, &by.map_or_else(|| "".into(), |(by, _)| by), now);
        }
    }

    fn ban(&mut self, author: u64, by: &Arc<str>, now: Time) -> Vec<(Arc<str>, bool)> {
        if self.banned.len() >= super::BANNED {
            tracing::warn!(
                "{} authors are banned, which is the most: the text is hidden, its author is not",
                super::BANNED
            );
        } else {
            self.banned.insert(author, by.clone());
            self.note_ban(author, by.clone(), now, true);
        }
        let is_theirs =
            |entry: &&Entry| attributes::voice(&entry.mention).is_some_and(|(voice, _)| voice == author);
        let theirs: Vec<_> =
            self.entries.values().filter(is_theirs).map(|entry| entry.mention.uid.clone()).collect();
        theirs.iter().flat_map(|uid| self.settle(uid, Passage::Hidden, by, now)).collect()
    }
}
