//! Emotions that sources found in what was said: how many mentions show each of them.
//!
//! A mention shows an emotion of which its source is at least half sure. The first [`NAMES`] names
//! of a stream count; others are left out. The hour moves by the minute, the day by ten minutes;
//! each includes the running step. After a restart a mention that was taken back shows none.

use std::cmp::Reverse;
use std::sync::Arc;

/// Most emotions of one stream.
pub const NAMES: usize = 16;
/// From this confidence on a mention shows it.
const SURE: f32 = 0.5;
/// Longest name, bytes; a longer one is no emotion.
const LONGEST: usize = 32;

/// How often one was found.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Emotion {
    pub name: Arc<str>,
    pub last_hour: u64,
    pub last_day: u64,
}

/// The emotions of one stream.
#[derive(Debug)]
pub struct Emotions {
    /// Seconds since 1970.
    now: i64,
    found: Vec<Found>,
    drawn: Arc<[Emotion]>,
    stirred: bool,
}

#[derive(Debug)]
struct Found {
    name: Arc<str>,
    hour: Ring<60, 60>,
    day: Ring<144, 600>,
}

impl Emotions {
    pub fn new(now: i64) -> Self {
        Self { now, found: Vec::new(), drawn: Arc::default(), stirred: true }
    }

    /// Moves the end of both windows.
    pub fn advance(&mut self, now: i64) {
        self.now = now;
        for one in &mut self.found {
            self.stirred |= one.hour.advance(now);
            self.stirred |= one.day.advance(now);
        }
    }

    /// Counts the emotions of one mention, each with its confidence.
    pub fn heard(&mut self, emotions: &[(Arc<str>, f32)], at: i64) {
        for (name, _) in emotions.iter().filter(|(name, sure)| *sure >= SURE && name.len() <= LONGEST) {
            let is_known = self.found.iter().any(|one| one.name == *name);
            if !is_known && self.found.len() < NAMES {
                let (hour, day) = (Ring::new(self.now), Ring::new(self.now));
                self.found.push(Found { name: name.clone(), hour, day });
            }
            let Some(one) = self.found.iter_mut().find(|one| one.name == *name) else { continue };
            one.hour.count(at);
            one.day.count(at);
            self.stirred = true;
        }
    }

    /// Most of the last hour first; the same list while nothing changed.
    pub fn draw(&mut self) -> Arc<[Emotion]> {
        if std::mem::take(&mut self.stirred) {
            let one = |one: &Found| Emotion {
                name: one.name.clone(),
                last_hour: one.hour.sum,
                last_day: one.day.sum,
            };
            let mut all: Vec<Emotion> = self.found.iter().map(one).filter(|one| one.last_day > 0).collect();
            all.sort_by(|a, b| {
                (Reverse(a.last_hour), Reverse(a.last_day), &a.name).cmp(&(
                    Reverse(b.last_hour),
                    Reverse(b.last_day),
                    &b.name,
                ))
            });
            if *self.drawn != *all {
                self.drawn = all.into();
            }
        }
        self.drawn.clone()
    }
}

/// Counts in the last `LENGTH` steps of `STEP` seconds, the running one included.
#[derive(Debug)]
struct Ring<const LENGTH: usize, const STEP: i64> {
    cells: [u32; LENGTH],
    head: i64,
    sum: u64,
}

impl<const LENGTH: usize, const STEP: i64> Ring<LENGTH, STEP> {
    fn new(now: i64) -> Self {
        Self { cells: [0; LENGTH], head: now.div_euclid(STEP), sum: 0 }
    }

    fn slot(step: i64) -> usize {
        step.rem_euclid(LENGTH as i64) as usize
    }

    /// Whether anything left the window.
    fn advance(&mut self, now: i64) -> bool {
        let (to, before) = (now.div_euclid(STEP), self.sum);
        for step in (self.head + 1).max(to - LENGTH as i64 + 1)..=to {
            self.sum -= u64::from(std::mem::take(&mut self.cells[Self::slot(step)]));
        }
        self.head = self.head.max(to);
        self.sum != before
    }

    fn count(&mut self, at: i64) {
        let step = at.div_euclid(STEP);
        if step <= self.head && self.head - step < LENGTH as i64 {
            self.cells[Self::slot(step)] += 1;
            self.sum += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(names: &[(&str, f32)]) -> Vec<(Arc<str>, f32)> {
        names.iter().map(|(name, sure)| (Arc::from(*name), *sure)).collect()
    }

    fn told(emotions: &mut Emotions) -> Vec<(String, u64, u64)> {
        emotions.draw().iter().map(|one| (one.name.to_string(), one.last_hour, one.last_day)).collect()
    }

    #[test]
    fn emotions_count_where_the_source_is_sure_and_leave_with_time() {
        let mut emotions = Emotions::new(0);
        emotions.advance(86_400);
        emotions.heard(&said(&[("joy", 0.9), ("anger", 0.2)]), 86_400);
        emotions.heard(&said(&[("joy", 0.5), ("fear", 1.0)]), 86_400 - 1_800);
        emotions.heard(&said(&[("fear", f32::NAN)]), 86_400);
        assert_eq!(told(&mut emotions), [("joy".into(), 2, 2), ("fear".into(), 1, 1)]);
        let same = emotions.draw();
        assert!(Arc::ptr_eq(&same, &emotions.draw()));
        emotions.advance(86_400 + 1_800);
        assert_eq!(told(&mut emotions), [("joy".into(), 1, 2), ("fear".into(), 0, 1)]);
        emotions.advance(3 * 86_400);
        assert!(told(&mut emotions).is_empty());
    }

    #[test]
    fn names_are_bounded() {
        let mut emotions = Emotions::new(0);
        for i in 0..100 {
            emotions.heard(&said(&[(&format!("feeling {i}"), 1.0)]), 0);
        }
        assert_eq!(told(&mut emotions).len(), NAMES);
    }
}
