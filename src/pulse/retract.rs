//! What leaves the lists when a mention is taken back or changed. It stays counted, because it was
//! said; its words leave, and so does its author's name with the last mention that stands.

use crate::clock::Time;
use crate::mention::{Kind, Lang, Mention, reading};
use crate::pulse::enrich::language;
use crate::pulse::facts::Facts;
use crate::pulse::fold::stream::Fold;
use crate::pulse::lists::ledger::Said;
use crate::pulse::lists::names::Kinds;
use crate::pulse::lists::similar;
use crate::pulse::state::{Pulse, Scratch};
use crate::pulse::{attributes, people};
use crate::query::tokens::{self, Tokens};

impl Pulse {
    /// Whether a mention, whose text gave `tokens`, says the same as one that was heard lately.
    pub(super) fn is_copy(&mut self, mention: &Mention, at: Time, tokens: &Tokens) -> bool {
        if !self.folds_copies || mention.text.is_none() {
            return false;
        }
        let parent = mention.parent.as_deref().filter(|_| mention.kind == Kind::Repost).map(tokens::hash);
        let copy =
            self.similar.is_copy(tokens::hash(&mention.uid), parent, similar::print(tokens), at.as_secs());
        copy && !self.was_decided(&mention.uid)
    }

    /// Remembers what a mention counted for in the lists.
    pub(super) fn note(&mut self, mention: &Mention, facts: &Facts<'_>, topics: &[u16]) {
        let named = facts.author.filter(|(_, name)| !name.is_empty());
        let old = self.recalling.is_some() && !facts.live && !self.ledger.has_room();
        if !self.keeps_ledger || old || (named.is_none() && !facts.whole) {
            return;
        }
        let said = Said::of(attributes::said(mention), facts, topics);
        self.ledger.put(tokens::hash(&mention.uid), said);
    }

    /// A mention is gone.
    pub(super) fn retract(&mut self, uid: &str) {
        self.similar.forget(tokens::hash(uid));
        let Some(said) = self.take_said(uid) else { return };
        self.each_list(&said, |stream| {
            stream.lists.retract(&said);
            if let Some(author) = said.author() {
                stream.lists.unname(author, said.at);
            }
        });
    }

    /// A mention has other words: they stand in the lists where the old ones did.
    pub(super) fn reword(&mut self, mention: &Mention) {
        let uid = tokens::hash(&mention.uid);
        let words = attributes::said(mention);
        let changed = |said: &Said| said.whole && said.words != words;
        if self.ledger.get(uid).is_some_and(changed) {
            self.similar.forget(uid);
            self.relist(mention, self.is_let_through(&mention.uid));
        }
    }

    /// Counts the words of a mention anew in the lists, as they are now; or takes them out, where they are not to be
    /// `listed`.
    pub(super) fn relist(&mut self, mention: &Mention, listed: bool) {
        let uid = tokens::hash(&mention.uid);
        let text = mention.text.as_deref().unwrap_or("");
        let words = attributes::said(mention);
        let Some(said) = self.take_said(&mention.uid) else { return };
        self.each_list(&said, |stream| stream.lists.retract(&said));
        if !listed {
            let topics: Vec<u16> = said.topics().collect();
            self.ledger.put(uid, said.with(words, &topics, std::iter::empty()));
            return self.keep_said(&mention.uid);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.topics.clear();
        scratch.topics.extend(said.topics());
        let read = reading(text);
        scratch.tokens.read(&read, false);
        let lang = language::of(mention, Some(&read)).map(|(lang, _)| lang);
        self.read_names(mention, &read, lang, &mut scratch);
        let terms = scratch.names.spelled(&read);
        self.each_list(&said, |stream| stream.lists.say(&terms, said.at, said.mood, said.copy));
        let names = terms.iter().map(|term| term.name);
        self.ledger.put(uid, said.with(words, &scratch.topics, names));
        self.keep_said(&mention.uid);
        self.scratch = scratch;
    }

    /// Everything, and each topic that a mention counted for.
    fn each_list(&mut self, said: &Said, mut change: impl FnMut(&mut Fold)) {
        let topics = said.topics().map(|topic| 1 + usize::from(topic));
        for stream in std::iter::once(0).chain(topics) {
            if let Some(stream) = self.streams.get_mut(stream) {
                change(stream);
            }
        }
    }

    /// Finds the names that the lists of everything and of its topics count, in the mention's read form.
    pub(super) fn read_names(
        &self,
        mention: &Mention,
        said: &str,
        lang: Option<Lang>,
        scratch: &mut Scratch,
    ) {
        let topics = scratch.topics.iter().map(|topic| 1 + usize::from(*topic));
        let wanted = std::iter::once(0).chain(topics).filter_map(|stream| self.streams.get(stream));
        let kinds = wanted.fold(Default::default(), |all: Kinds, stream| all.with(stream.kinds()));
        scratch.names.read(mention, said, &scratch.tokens, kinds, lang);
        if self.people.is_some() {
            people::screen(mention, said, &mut scratch.names);
        }
    }
}
