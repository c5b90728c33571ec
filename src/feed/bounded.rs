//! A map that forgets what was put into it first.

use std::borrow::Borrow;
use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

/// At most so many values by their keys.
#[derive(Debug)]
pub struct BoundedMap<K, V> {
    map: HashMap<K, V>,
    /// Keys in the order in which they came; those that were removed go when their turn comes.
    order: VecDeque<K>,
    limit: usize,
}

impl<K: Clone + Eq + Hash, V> BoundedMap<K, V> {
    pub fn new(limit: usize) -> Self {
        Self { map: HashMap::new(), order: VecDeque::new(), limit }
    }

    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.map.get(key)
    }

    pub fn contains<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.map.contains_key(key)
    }

    /// Puts a value in, and the oldest out where there are too many; gives what was there before.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        let before = self.map.insert(key.clone(), value);
        if before.is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > self.limit
            && let Some(oldest) = self.order.pop_front()
        {
            self.map.remove(&oldest);
        }
        before
    }

    pub fn remove<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.map.remove(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_are_forgotten() {
        let mut map = BoundedMap::new(3);
        for (id, value) in [("1", 1), ("2", 2), ("3", 3), ("2", 4), ("4", 5)] {
            map.insert(id.to_owned(), value);
        }
        assert_eq!((map.get("1"), map.get("2"), map.contains("4")), (None, Some(&4), true));
        assert_eq!((map.map.len(), map.order.len()), (3, 3));
    }

    #[test]
    fn what_was_removed_takes_no_room_for_long() {
        let mut map = BoundedMap::new(2);
        for id in 0..100 {
            map.insert(id, id);
            assert_eq!(map.remove(&id), Some(id));
        }
        assert_eq!((map.map.len(), map.order.len()), (0, 2));
    }
}
