//! What is known of a name in a ranking: its uses, its spellings, and whom it reaches.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use crate::mention::{Reach, ReachKind};
use crate::pulse::lists::ranks::TermKind;

/// Spellings remembered for a name.
const FORMS: usize = 4;
/// Parts of a mood's unit: sums of whole numbers do not depend on their order.
const MOOD_UNIT: f32 = 100.0;

/// A window of a ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Hour,
    Day,
}

/// Uses in a bucket; small, because there are many.
#[derive(Clone, Copy, Debug, Default)]
pub struct Uses {
    pub count: u32,
    pub own: u32,
    moods: u32,
    mood: i32,
}

/// Uses in a window.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sum {
    count: u32,
    own: u32,
    moods: u32,
    mood: i64,
}

/// A name with its counts.
#[derive(Debug, Default)]
pub struct Entry {
    pub sums: [Sum; 2],
    forms: Vec<(Box<str>, u32)>,
    /// The second of its first use, since it is known.
    pub first: i64,
    /// Set by whoever counts it.
    pub kind: TermKind,
    /// Of somebody.
    pub person: Option<Box<Person>>,
}

/// What is known of somebody who speaks.
#[derive(Debug, Default)]
pub struct Person {
    pub handle: Option<Box<str>>,
    /// Followers as they were told last, and in which second.
    pub followers: Option<(i64, u64)>,
    /// The widest reach of another kind that was told of one mention.
    pub reach: Option<Reach>,
}

impl Entry {
    pub fn count(&self, span: Span) -> u32 {
        self.sums[span as usize].count
    }

    /// Uses that were their author's own.
    pub fn own(&self, span: Span) -> u32 {
        self.sums[span as usize].own
    }

    /// Mean mood, where any is known.
    pub fn mood(&self, span: Span) -> Option<f32> {
        let sum = &self.sums[span as usize];
        let mean = sum.mood as f32 / MOOD_UNIT / sum.moods.max(1) as f32;
        (sum.moods > 0).then_some(mean)
    }

    /// The spelling used most.
    pub fn form(&self) -> &str {
        let best = self.forms.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        best.map_or("", |(form, _)| form)
    }

    /// The spelling of a word within a sentence: the one used most, but in small letters when at
    /// least a quarter as many write it so, because a capital also begins sentences.
    pub fn word_form(&self) -> &str {
        let best = self.form();
        let most = self.forms.iter().find(|(form, _)| &**form == best).map_or(0, |(_, count)| *count);
        let small = best.to_lowercase();
        let written = self.forms.iter().find(|(form, count)| **form == *small && count * 4 >= most);
        written.map_or(best, |(form, _)| form)
    }

    /// Takes note of a use at the second `at`.
    pub fn heard(&mut self, form: &str, at: i64) {
        let is_first = self.sums.iter().all(|sum| sum.count <= 1);
        self.first = if is_first { at } else { self.first.min(at) };
        self.spell(form);
    }

    /// What was spelled long ago weighs half.
    pub fn age(&mut self) {
        self.forms.iter_mut().for_each(|(_, count)| *count = count.div_ceil(2));
    }

    /// Takes note of a spelling; an empty one, of somebody whose words are gone, is none.
    fn spell(&mut self, form: &str) {
        if form.is_empty() {
            return;
        }
        if let Some((_, count)) = self.forms.iter_mut().find(|(known, _)| &**known == form) {
            *count += 1;
        } else if self.forms.len() < FORMS {
            // Most names have one spelling.
            self.forms.reserve_exact(1);
            self.forms.push((form.into(), 1));
        } else if let Some(rarest) = self.forms.iter_mut().min_by_key(|(_, count)| *count) {
            *rarest = (form.into(), rarest.1.saturating_add(1));
        }
    }
}

impl Person {
    /// Takes note of how many people a mention reached.
    pub fn reaches(&mut self, reach: Reach) {
        let wider = |known: Reach| {
            (Reverse(reach.kind as u8), reach.value) > (Reverse(known.kind as u8), known.value)
        };
        if reach.kind != ReachKind::Followers && self.reach.is_none_or(wider) {
            self.reach = Some(reach);
        }
    }

    /// Followers where they are told, else the widest reach.
    pub fn reach(&self) -> Option<Reach> {
        let followers = self.followers.map(|(_, value)| Reach { value, kind: ReachKind::Followers });
        followers.or(self.reach)
    }
}

impl Uses {
    pub fn of(mood: Option<f32>, own: bool) -> Self {
        Self {
            count: 1,
            own: own.into(),
            moods: mood.is_some().into(),
            mood: mood.map_or(0, |m| (m * MOOD_UNIT).round() as i32),
        }
    }

    /// Only that it is somebody's own.
    pub fn own() -> Self {
        Self { own: 1, ..Self::default() }
    }

    pub fn add(&mut self, other: Self) {
        self.count += other.count;
        self.own += other.own;
        self.moods += other.moods;
        self.mood = self.mood.wrapping_add(other.mood);
    }

    pub fn has(&self, other: Self) -> bool {
        self.count >= other.count && self.own >= other.own && self.moods >= other.moods
    }

    pub fn take(&mut self, other: Self) {
        self.count -= other.count;
        self.own -= other.own;
        self.moods -= other.moods;
        self.mood = self.mood.wrapping_sub(other.mood);
    }
}

impl Sum {
    pub fn add(&mut self, uses: Uses) {
        self.count += uses.count;
        self.own += uses.own;
        self.moods += uses.moods;
        self.mood += i64::from(uses.mood);
    }
}

/// Takes uses out of a name's sum; a name without any is forgotten.
pub fn take_away(total: &mut FxHashMap<u64, Entry>, span: Span, name: u64, uses: Uses) {
    if let Some(entry) = total.get_mut(&name) {
        let sum = &mut entry.sums[span as usize];
        sum.count -= uses.count;
        sum.own -= uses.own;
        sum.moods -= uses.moods;
        sum.mood -= i64::from(uses.mood);
        if entry.sums.iter().all(|sum| sum.count == 0) {
            total.remove(&name);
        }
    }
}
