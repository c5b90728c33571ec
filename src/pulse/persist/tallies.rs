//! How far the quarters of an hour of all streams are final and noted.

use crate::pulse::fold::windows::Windows;
use crate::pulse::topics::Topics;

/// How far all of a wall's streams are.
#[derive(Debug)]
pub struct Tallies {
    /// Of each stream: nought, or the hash of its topic's query.
    keys: Vec<i64>,
    /// Since when each stream was told to be known.
    pub told: Vec<Option<i64>>,
    pub event_told: Vec<bool>,
    /// Quarters before this one are final.
    pub open: Option<i64>,
}

impl Tallies {
    pub fn of(topics: &Topics, streams: usize) -> Self {
        let own = (0..streams.saturating_sub(1)).filter_map(|i| topics.id(i as u16));
        let keys: Vec<i64> = std::iter::once(0).chain(own.map(|id| id.query as i64)).collect();
        let (told, event_told) = (vec![None; keys.len()], vec![false; keys.len()]);
        Self { keys, told, event_told, open: None }
    }

    /// The streams of which a note tells.
    pub fn of_key(&self, key: i64) -> Vec<usize> {
        (0..self.keys.len()).filter(|i| self.keys[*i] == key).collect()
    }

    /// The key of a stream's notes.
    pub fn key(&self, stream: usize) -> i64 {
        self.keys[stream]
    }

    /// The clock was set back.
    pub fn rewind(&mut self, now: i64) {
        self.open = self.open.map(|open| open.min(Windows::<u32>::open_at(now)));
    }
}
