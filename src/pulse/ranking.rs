//! Who or what was named most in the last hour: counts in twelve buckets of five minutes, the
//! running one included, so that the hour is 55 to 60 minutes long.
//!
//! A bucket holds at most [`LIMIT`] names. When it is full its rarer half is dropped and their
//! uses in it are lost, so beyond the limit counts are floors; what is used often stays.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// Most names in a bucket.
pub const LIMIT: usize = 4_096;
/// Length of a bucket, seconds.
const STEP: i64 = 300;
const BUCKETS: usize = 12;
/// Spellings remembered for a name.
const FORMS: usize = 4;
/// Parts of a mood's unit: sums of whole numbers do not depend on their order.
const MOOD_UNIT: f32 = 10_000.0;

/// Counts by name.
#[derive(Debug)]
pub struct Ranking {
    buckets: [FxHashMap<u64, Uses>; BUCKETS],
    /// The running bucket.
    head: i64,
    total: FxHashMap<u64, Entry>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Uses {
    count: u32,
    moods: u32,
    mood: i64,
}

/// A name with its counts over the hour.
#[derive(Debug, Default)]
pub struct Entry {
    uses: Uses,
    forms: Vec<(Arc<str>, u32)>,
    pub followers: Option<u64>,
}

impl Entry {
    pub fn count(&self) -> u32 {
        self.uses.count
    }

    /// Mean mood, where any is known.
    pub fn mood(&self) -> Option<f32> {
        let mean = self.uses.mood as f32 / MOOD_UNIT / self.uses.moods.max(1) as f32;
        (self.uses.moods > 0).then_some(mean)
    }

    /// The spelling used most.
    pub fn form(&self) -> Option<&Arc<str>> {
        let best = self.forms.iter().max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(&a.0)));
        best.map(|(form, _)| form)
    }

    fn spell(&mut self, form: &str) {
        if let Some((_, count)) = self.forms.iter_mut().find(|(known, _)| &**known == form) {
            *count += 1;
        } else if self.forms.len() < FORMS {
            self.forms.push((form.into(), 1));
        } else if let Some(rarest) = self.forms.iter_mut().min_by_key(|(_, count)| *count) {
            *rarest = (form.into(), rarest.1.saturating_add(1));
        }
    }
}

impl Ranking {
    /// Empty, at `now` seconds since 1970.
    pub fn new(now: i64) -> Self {
        Self { buckets: Default::default(), head: now.div_euclid(STEP), total: FxHashMap::default() }
    }

    /// Lets go of what is older than the hour at `now`; true when something was.
    pub fn advance(&mut self, now: i64) -> bool {
        let to = now.div_euclid(STEP);
        let steps = (to - self.head).clamp(0, BUCKETS as i64);
        self.head = self.head.max(to);
        for step in 0..steps {
            self.clear(self.head - step);
        }
        if steps > 0 {
            let forms = self.total.values_mut().flat_map(|entry| &mut entry.forms);
            forms.for_each(|(_, count)| *count = count.div_ceil(2));
        }
        steps > 0
    }

    fn slot(step: i64) -> usize {
        step.rem_euclid(BUCKETS as i64) as usize
    }

    fn clear(&mut self, step: i64) {
        let gone = std::mem::take(&mut self.buckets[Self::slot(step)]);
        for (name, uses) in gone {
            take_away(&mut self.total, name, uses);
        }
    }

    /// Counts one use of `name`, spelled `form`, at the second `at`.
    pub fn used(&mut self, name: u64, form: &str, at: i64, mood: Option<f32>) -> Option<&mut Entry> {
        let step = at.div_euclid(STEP);
        if step > self.head || step <= self.head - BUCKETS as i64 {
            return None;
        }
        let slot = Self::slot(step);
        if self.buckets[slot].len() >= LIMIT && !self.buckets[slot].contains_key(&name) {
            self.thin(slot);
        }
        let one = Uses {
            count: 1,
            moods: u32::from(mood.is_some()),
            mood: mood.map_or(0, |m| (m * MOOD_UNIT).round() as i64),
        };
        self.buckets[slot].entry(name).or_default().add(one);
        let entry = self.total.entry(name).or_default();
        entry.uses.add(one);
        entry.spell(form);
        Some(entry)
    }

    /// Drops the rarer half of a bucket.
    fn thin(&mut self, slot: usize) {
        let mut counts: Vec<u32> = self.buckets[slot].values().map(|uses| uses.count).collect();
        let middle = counts.len() / 2;
        let (_, &mut median, _) = counts.select_nth_unstable(middle);
        let total = &mut self.total;
        self.buckets[slot].retain(|name, uses| {
            let stays = uses.count > median;
            if !stays {
                take_away(total, *name, *uses);
            }
            stays
        });
    }

    /// The names that `wanted` picks, most used first, at most `most`.
    pub fn top(&self, most: usize, wanted: impl Fn(&str) -> bool) -> Vec<(&Arc<str>, &Entry)> {
        let mut all: Vec<(&Arc<str>, &Entry)> = self
            .total
            .values()
            .filter_map(|entry| Some((entry.form()?, entry)))
            .filter(|(form, _)| wanted(form))
            .collect();
        let order = |a: &(&Arc<str>, &Entry), b: &(&Arc<str>, &Entry)| {
            b.1.uses.count.cmp(&a.1.uses.count).then_with(|| a.0.cmp(b.0))
        };
        if all.len() > most {
            all.select_nth_unstable_by(most, order);
            all.truncate(most);
        }
        all.sort_unstable_by(order);
        all
    }

    /// Names remembered, over all buckets.
    pub fn len(&self) -> usize {
        self.total.len()
    }
}

impl Uses {
    fn add(&mut self, other: Uses) {
        self.count += other.count;
        self.moods += other.moods;
        self.mood += other.mood;
    }
}

fn take_away(total: &mut FxHashMap<u64, Entry>, name: u64, uses: Uses) {
    if let Some(entry) = total.get_mut(&name) {
        entry.uses.count -= uses.count;
        entry.uses.moods -= uses.moods;
        entry.uses.mood -= uses.mood;
        if entry.uses.count == 0 {
            total.remove(&name);
        }
    }
}
