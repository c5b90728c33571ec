//! Who or what was named most in the last hour: counts in twelve buckets of five minutes, the
//! running one included, so that the hour is 55 to 60 minutes long.
//!
//! A bucket holds at most [`LIMIT`] names. When it is full its rarer half is dropped and their
//! uses in it are lost, so beyond the limit counts are floors; what is used often stays.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

/// Most names in a bucket.
pub const LIMIT: usize = 2_048;
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
    forms: Vec<(Box<str>, u32)>,
    /// Followers as they were told last, and in which second; set by whoever counts it.
    pub followers: Option<(i64, u64)>,
    /// Set by whoever counts it.
    pub hashtag: bool,
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

    /// Takes note of a spelling; an empty one, of somebody whose words are gone, is none.
    fn spell(&mut self, form: &str) {
        if form.is_empty() {
            return;
        }
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

    /// Every name that was used since the second `since`, to the bucket in which it lies, with its
    /// uses; and the second with which that bucket began.
    pub fn since(&self, since: i64) -> (i64, Vec<(&Entry, u32)>) {
        let first = since.div_euclid(STEP).clamp(self.head - BUCKETS as i64 + 1, self.head);
        let mut uses: FxHashMap<u64, u32> = FxHashMap::default();
        for (name, use_) in (first..=self.head).flat_map(|step| &self.buckets[Self::slot(step)]) {
            *uses.entry(*name).or_default() += use_.count;
        }
        let named = |(name, count)| Some((self.total.get(&name)?, count));
        (first * STEP, uses.into_iter().filter_map(named).collect())
    }

    /// The names whose entries `wanted` picks, most used first, at most `most`.
    pub fn top(&self, most: usize, wanted: impl Fn(&Entry) -> bool) -> Vec<&Entry> {
        let picked = self.total.iter().filter(|(_, entry)| wanted(entry));
        let mut all: Vec<(Reverse<u32>, u64, &Entry)> =
            picked.map(|(name, entry)| (Reverse(entry.uses.count), *name, entry)).collect();
        if all.len() > most {
            all.select_nth_unstable_by_key(most, |(count, name, _)| (*count, *name));
            all.truncate(most);
        }
        all.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| a.2.form().cmp(b.2.form())));
        all.into_iter().map(|(_, _, entry)| entry).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn count(ranking: &Ranking, form: &str) -> u32 {
        ranking.top(9, |entry| entry.form() == form).first().map_or(0, |entry| entry.count())
    }

    #[test]
    fn the_rare_give_way_and_what_is_used_often_is_counted_in_full() {
        let mut ranking = Ranking::new(0);
        for i in 0..40 * LIMIT as u64 {
            let at = (i * 3_299 / (40 * LIMIT as u64)) as i64;
            ranking.advance(at);
            ranking.used(1_000_000 + i, "rare", at, None);
            ranking.used(1, "often", at, Some(0.5));
            assert!(ranking.total.len() <= BUCKETS * LIMIT);
        }
        assert_eq!(count(&ranking, "often"), 40 * LIMIT as u32);
        assert_eq!(ranking.top(1, |_| true)[0].mood(), Some(0.5));
    }

    #[test]
    fn the_hour_passes_and_late_uses_count_in_their_own_time() {
        let mut ranking = Ranking::new(0);
        ranking.advance(3_500);
        assert!(ranking.used(1, "late", 100, Some(1.0)).is_some());
        assert!(ranking.used(1, "late", 3_400, Some(-1.0)).is_some());
        assert!(ranking.used(1, "ahead", 3_700, None).is_none());
        assert!(ranking.used(1, "too late", -200, None).is_none());
        assert_eq!(count(&ranking, "late"), 2);
        ranking.advance(3_600);
        assert_eq!(count(&ranking, "late"), 1);
        assert_eq!(ranking.top(1, |_| true)[0].mood(), Some(-1.0));
        ranking.advance(90_000);
        assert_eq!(ranking.total.len(), 0);
    }

    #[test]
    fn a_capital_that_begins_sentences_is_no_spelling() {
        let mut ranking = Ranking::new(0);
        let written = [(1, "Update", 8), (1, "update", 2), (2, "Berlin", 9), (2, "berlin", 2), (3, "GPS", 1)];
        for (name, form, times) in written {
            for _ in 0..times {
                ranking.used(name, form, 0, None);
            }
        }
        let forms: Vec<&str> = ranking.top(9, |_| true).into_iter().map(Entry::word_form).collect();
        assert_eq!(forms, ["Berlin", "update", "GPS"]);
    }

    #[test]
    fn a_name_is_spelled_as_most_do() {
        let mut ranking = Ranking::new(0);
        let forms = ["a", "B", "c", "d", "E", "E", "B", "B", "E", "E"];
        forms.iter().for_each(|form| {
            ranking.used(7, form, 0, None);
        });
        assert_eq!(ranking.top(1, |_| true)[0].form(), "E");
    }
}
