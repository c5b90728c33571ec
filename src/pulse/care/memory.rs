//! A map that forgets what it was told longest ago.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

/// At most so many values by their keys.
#[derive(Debug)]
pub struct Bounded<V> {
    map: FxHashMap<u64, V>,
    order: VecDeque<u64>,
    limit: usize,
}

impl<V> Bounded<V> {
    pub fn new(limit: usize) -> Self {
        Self { map: FxHashMap::default(), order: VecDeque::new(), limit }
    }

    pub fn has(&self, key: u64) -> bool {
        self.map.contains_key(&key)
    }

    /// Tells a value, or anew; what had to go for it.
    pub fn insert(&mut self, key: u64, value: V) -> Option<(u64, V)> {
        if self.map.insert(key, value).is_none() {
            self.order.push_back(key);
        }
        self.shrink()
    }

    pub fn remove(&mut self, key: u64) -> Option<V> {
        self.map.remove(&key)
    }

    pub fn values(&mut self) -> impl Iterator<Item = &mut V> {
        self.map.values_mut()
    }

    /// Forgets one value when there are too many. Keys that were removed are still in the order;
    /// they go when their turn comes.
    fn shrink(&mut self) -> Option<(u64, V)> {
        while self.order.len() > self.limit {
            let oldest = self.order.pop_front()?;
            if let Some(value) = self.map.remove(&oldest) {
                return Some((oldest, value));
            }
        }
        None
    }
}

impl<V: Copy> Bounded<V> {
    pub fn get(&self, key: u64) -> Option<V> {
        self.map.get(&key).copied()
    }
}

impl<V: Default> Bounded<V> {
    /// The value of `key`, a new one where there is none.
    pub fn get_or_default(&mut self, key: u64) -> &mut V {
        if !self.has(key) {
            self.insert(key, V::default());
        }
        self.map.entry(key).or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_longest_ago_is_forgotten() {
        let mut memory = Bounded::new(2);
        assert!(memory.insert(1, 'a').is_none() && memory.insert(2, 'b').is_none());
        assert_eq!(memory.insert(3, 'c'), Some((1, 'a')));
        assert_eq!((memory.get(1), memory.get(3)), (None, Some('c')));
        memory.remove(2);
        assert!(memory.insert(4, 'd').is_none());
        assert!(memory.map.len() <= 2 && memory.order.len() <= 2);
    }
}
