//! The gate: which texts of people may be shown, and what moderators have decided.
//!
//! A wall with a gate counts every mention, but nothing that a person wrote reaches a list, a sample or a
//! quote before the gate has let it through: by a rule of the layout, or because a moderator approved it.
//! What was let through and is hidden later leaves all of them at once. An edited text starts anew.
//!
//! Decisions belong to the words that were seen, survive a restart in notes, and the last one counts.
//!
//! Limits: [`WAITING`] texts wait; beyond, the oldest are not shown at all. [`DECIDED`] texts that people decided
//! on, as many on which a rule did, and [`BANNED`] authors are remembered; beyond, the oldest are forgotten, but
//! none that the wall shows: whatever stands there can be hidden. [`PINNED`] texts are pinned.

mod fold;
mod notes;
mod personal;
mod profanity;
mod queues;
mod view;

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::clock::Time;
use crate::layout::gate::{Approve, Effect, GateSpec};
use crate::layout::wall::Topic;
use crate::mention::source::Note;
use crate::mention::{Mention, reading};
use crate::pulse::attributes;
use crate::pulse::enrich::Enriched;
use crate::pulse::lists::ledger::Said;
use crate::pulse::topics::{PulseError, Topics, subject};
use crate::query;
use crate::query::Subject;
use crate::query::tokens::Tokens;
pub use personal::personal_data;
pub use view::{GateView, Queued};

/// Texts that wait at most.
pub const WAITING: usize = 2_000;
/// Texts that people decided on, and as many that passed or were blocked by a rule, that are remembered at most.
pub const DECIDED: usize = 16_384;
/// So many more come before the oldest are looked for.
const SLACK: usize = 512;
/// Texts that are pinned at most; beyond, the oldest is only approved.
pub const PINNED: usize = 12;
/// Authors whose texts are not shown, at most.
pub const BANNED: usize = 4_096;

/// What has become of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Passage {
    /// Not shown until somebody approves it.
    Waiting,
    Approved,
    Hidden,
    /// Put aside for later; not shown.
    Stashed,
    /// Approved, and shown before all others.
    Pinned,
}

impl Passage {
    /// How many there are.
    pub const COUNT: usize = 5;

    /// Whether such a text may be shown.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Approved | Self::Pinned)
    }
}

/// What a moderator does with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum GateAct {
    Approve,
    /// Approves it, and shows it before all others.
    Pin,
    Hide,
    Stash,
    /// Hides all that its author says.
    Ban,
    /// Takes the last decision back: it waits again, and its author is not banned any more.
    Undo,
    /// Tells other moderators that somebody is looking at it.
    Claim,
}

/// Something that a moderator asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateCommand {
    /// The mention's uid.
    pub mention: Arc<str>,
    /// The seal of the words that the decision is about; `None` takes whatever it says.
    pub words: Option<u64>,
    pub act: GateAct,
    pub by: Arc<str>,
}

/// What the rules of a layout make of a text, and the rule that did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub passage: Passage,
    /// Words for the moderator.
    pub why: Arc<str>,
}

/// A text and what has become of it.
#[derive(Clone, Debug)]
struct Entry {
    mention: Arc<Mention>,
    at: Time,
    topics: Vec<u16>,
    passage: Passage,
    why: Arc<str>,
    /// Who decided, and when; `None` where a rule did.
    by: Option<(Arc<str>, Time)>,
    /// Let through, and not shown before this.
    due: Option<Time>,
    /// Who is looking at it, and since when.
    claimed: Option<(Arc<str>, Time)>,
    /// Its [`attributes::seal`], and a hash by which copies of it are known.
    seal: u64,
    print: u64,
    /// What it counts for in lists: it must leave them also when the ledger has forgotten it.
    said: Option<Said>,
}

/// A decision that is known of a text that was not heard again yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Decision {
    uid: Arc<str>,
    passage: Passage,
    by: Arc<str>,
    at: Time,
    /// The seal of the words that it is about, and the hash by which copies of it are known.
    words: u64,
    #[serde(default)]
    print: u64,
    /// Grows by one with each decision, whatever the clock does.
    #[serde(default)]
    serial: u64,
}

/// See the module.
#[derive(Debug)]
pub struct Gate {
    spec: GateSpec,
    /// The rules that let pass, and the others.
    passes: Topics,
    rules: Topics,
    entries: FxHashMap<Arc<str>, Entry>,
    /// Uids in the order in which they came: those that wait, those on which people decided, and those on which
    /// a rule did.
    waiting: VecDeque<Arc<str>>,
    decided: VecDeque<Arc<str>>,
    ruled: VecDeque<Arc<str>>,
    /// What was decided before a restart.
    before: FxHashMap<Arc<str>, Decision>,
    /// Hashes of authors, with who banned them.
    banned: FxHashMap<u64, Arc<str>>,
    /// The last of the decisions by which authors were banned or not any more, as far as notes told: their order.
    bans: FxHashMap<u64, (u64, Time)>,
    /// Hashes of words that people have hidden: copies are hidden, too. And their order, the oldest first.
    hidden: FxHashSet<u64>,
    hidden_order: VecDeque<u64>,
    /// Of the last decision.
    serial: u64,
    notes: Vec<Note>,
    changed: bool,
    /// Somebody decided since it was drawn.
    urgent: bool,
    drawn: Arc<GateView>,
    drawn_at: Option<Time>,
    scratch: (Tokens, query::Scratch, Vec<u16>),
}

impl Gate {
    /// Fails with the first query that cannot be understood.
    pub fn new(spec: &GateSpec) -> Result<Self, PulseError> {
        let passes = |(effect, _): &&(Effect, Topic)| *effect == Effect::Pass;
        let queries = |rules: Vec<&(Effect, Topic)>| {
            Topics::new(&rules.into_iter().map(|(_, topic)| topic.clone()).collect::<Vec<_>>())
        };
        let (pass, other): (Vec<_>, Vec<_>) = spec.rules.iter().partition(passes);
        Ok(Self {
            passes: queries(pass)?,
            rules: queries(other)?,
            spec: spec.clone(),
            entries: FxHashMap::default(),
            waiting: VecDeque::new(),
            decided: VecDeque::new(),
            ruled: VecDeque::new(),
            before: FxHashMap::default(),
            banned: FxHashMap::default(),
            bans: FxHashMap::default(),
            hidden: FxHashSet::default(),
            hidden_order: VecDeque::new(),
            serial: 0,
            notes: Vec::new(),
            changed: true,
            urgent: false,
            drawn: Arc::default(),
            drawn_at: None,
            scratch: Default::default(),
        })
    }

    /// What the rules make of a mention, whatever people have decided.
    pub fn judge(&mut self, mention: &Mention, learnt: &Enriched) -> Verdict {
        let (tokens, scratch, found) = &mut self.scratch;
        let whose = subject(mention, learnt);
        self.passes.find(&Subject { exact: true, ..whose }, tokens, scratch, found);
        let of = |effect: Effect| self.spec.rules.iter().filter(move |(known, _)| *known == effect);
        let pass = found.first().and_then(|rule| of(Effect::Pass).nth(usize::from(*rule)));
        self.rules.find(&whose, tokens, scratch, found);
        let others: Vec<&(Effect, Topic)> =
            self.spec.rules.iter().filter(|(effect, _)| *effect != Effect::Pass).collect();
        let hits = || found.iter().map(|rule| others[usize::from(*rule)]).chain(pass);
        let hit = |effect| hits().find(|(known, _)| *known == effect).map(|(_, rule)| rule.label.as_str());
        let personal =
            mention.text.as_deref().filter(|_| self.spec.blocks_personal_data).and_then(personal_data);
        let profane = mention.text.as_deref().filter(|_| self.spec.holds_profanity);
        let profane = profane.is_some_and(profanity::has_profanity);
        let (passage, why) = match (hit(Effect::Block), personal, hit(Effect::Pass), hit(Effect::Wait)) {
            (Some(rule), ..) => (Passage::Hidden, rule),
            (_, Some(what), ..) => (Passage::Hidden, what),
            (_, _, Some(rule), _) => (Passage::Approved, rule),
            // What a list takes for rude may be a dish, so that people decide where there are any.
            _ if profane && self.spec.approve == Approve::None => (Passage::Hidden, "may be profanity"),
            _ if profane => (Passage::Waiting, "may be profanity"),
            _ if self.spec.approve == Approve::All => (Passage::Waiting, "every text needs approval"),
            (.., Some(rule)) if self.spec.approve == Approve::Rules => (Passage::Waiting, rule),
            _ => (Passage::Approved, "no rule holds it back"),
        };
        Verdict { passage, why: why.into() }
    }

    /// Considers a mention at `now`; true when it may be shown at once. `edited` is what was known of other words of
    /// the same mention.
    fn consider(
        &mut self,
        mention: Arc<Mention>,
        learnt: &Enriched,
        (at, now): (Time, Time),
        (topics, live): (&[u16], bool),
        edited: Option<Edited>,
    ) -> bool {
        let mut verdict = self.judge(&mention, learnt);
        let text = mention.text.as_deref().unwrap_or_default();
        self.scratch.0.read(&reading(text), false);
        let print = attributes::words(text, &self.scratch.0);
        let (uid, words) = (mention.uid.clone(), attributes::seal(&mention));
        let author = attributes::voice(&mention).map(|(author, _)| author);
        let before = edited.and_then(|edited| edited.author);
        let is_banned = |author: u64| self.banned.contains_key(&author);
        let edited_since =
            || Verdict { passage: Passage::Waiting, why: "edited after someone had decided".into() };
        let hide = |why: &str| Verdict { passage: Passage::Hidden, why: why.into() };
        if author.into_iter().chain(before).any(is_banned) {
            verdict = hide("its author is banned");
        } else if self.hidden.contains(&print) {
            verdict = hide("the same words were hidden before");
        } else if edited.is_some_and(|edited| edited.decided) && verdict.passage.is_open() {
            verdict = edited_since();
        }
        let mut by = None;
        match self.before.remove(&uid) {
            Some(decision) if decision.words == words => {
                (verdict.passage, by) = (decision.passage, Some((decision.by, decision.at)));
            }
            // It was edited while the wall was off.
            Some(_) if verdict.passage.is_open() => verdict = edited_since(),
            _ => {}
        }
        let held = by.is_none() && !self.spec.hold.is_zero();
        let due = (verdict.passage.is_open() && held).then_some(mention.received + self.spec.hold);
        let due = due.filter(|due| *due > now);
        let Verdict { passage, why } = verdict;
        let shown = passage.is_open() && due.is_none();
        self.put(
            Entry {
                mention,
                at,
                topics: topics.to_vec(),
                passage,
                why,
                by,
                due,
                claimed: None,
                seal: words,
                print,
                said: None,
            },
            live,
        );
        shown
    }

    /// What was let through and may be shown since `now`.
    fn take_due(&mut self, now: Time) -> Vec<Arc<str>> {
        if self.spec.hold.is_zero() {
            return Vec::new();
        }
        let is_due = |entry: &&mut Entry| entry.due.is_some_and(|due| due <= now);
        let due: Vec<_> = self.entries.values_mut().filter(is_due).collect();
        self.changed |= !due.is_empty();
        due.into_iter()
            .map(|entry| {
                entry.due = None;
                entry.mention.uid.clone()
            })
            .collect()
    }
}

/// What was known of a mention before it was edited.
#[derive(Clone, Copy, Debug)]
struct Edited {
    /// Somebody had decided about its words.
    decided: bool,
    author: Option<u64>,
}

impl Entry {
    /// When it came into its queue: it was decided on, or arrived.
    fn age(&self) -> Time {
        self.by.as_ref().map_or(self.mention.received, |(_, at)| *at)
    }

    fn is_shown(&self) -> bool {
        self.passage.is_open() && self.due.is_none()
    }
}

#[cfg(test)]
mod tests;
