//! The latest values by their keys, in a ring that forgets the oldest. The index beside it holds
//! four bytes and a bit for each, since the keys stand in the ring.

use hashbrown::HashTable;

/// At most so many values, by hashes that are their keys.
#[derive(Debug)]
pub struct Recent<T> {
    /// That with number `n` (from 1) stands at `(n − 1) % limit`; `None` was taken out.
    ring: Vec<(u64, Option<T>)>,
    /// Number of the newest; 0 before the first.
    newest: u64,
    /// Places of the newest value of each key.
    index: HashTable<u32>,
    limit: u32,
}

impl<T> Recent<T> {
    pub fn new(limit: u32) -> Self {
        Self { ring: Vec::new(), newest: 0, index: HashTable::new(), limit: limit.max(1) }
    }

    /// Whether another value would push none out.
    pub fn has_room(&self) -> bool {
        self.ring.len() < self.limit as usize
    }

    /// Number of the newest value, counted from 1.
    pub fn newest(&self) -> u64 {
        self.newest
    }

    pub fn has(&self, key: u64) -> bool {
        self.place(key).is_some()
    }

    /// Adds the newest value; an older one of the same key is no longer found by it.
    pub fn put(&mut self, key: u64, value: T) {
        let place = (self.newest % u64::from(self.limit)) as u32;
        self.newest += 1;
        match self.ring.get(place as usize).map(|held| held.0) {
            Some(gone) => {
                self.unlink(gone, place);
                self.ring[place as usize] = (key, Some(value));
            }
            None => self.ring.push((key, Some(value))),
        }
        let ring = &self.ring;
        let is_it = |at: &u32| ring[*at as usize].0 == key;
        match self.index.find_mut(spread(key), is_it) {
            Some(at) => *at = place,
            None => drop(self.index.insert_unique(spread(key), place, |at| spread(ring[*at as usize].0))),
        }
    }

    pub fn get(&self, key: u64) -> Option<&T> {
        self.ring[self.place(key)?].1.as_ref()
    }

    pub fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        let place = self.place(key)?;
        self.ring[place].1.as_mut()
    }

    /// Takes a value out.
    pub fn take(&mut self, key: u64) -> Option<T> {
        let place = self.place(key)?;
        self.unlink(key, place as u32);
        self.ring[place].1.take()
    }

    /// A value that is no longer found by its key, only by its number.
    pub fn orphan(&mut self, key: u64) -> Option<&mut T> {
        let place = self.place(key)?;
        self.unlink(key, place as u32);
        self.ring[place].1.as_mut()
    }

    /// The value with a number, unless it was taken out or forgotten.
    pub fn at(&self, number: u64) -> Option<&T> {
        self.ring.get(self.place_of(number)?)?.1.as_ref()
    }

    pub fn at_mut(&mut self, number: u64) -> Option<&mut T> {
        let place = self.place_of(number)?;
        self.ring.get_mut(place)?.1.as_mut()
    }

    fn place_of(&self, number: u64) -> Option<usize> {
        let limit = u64::from(self.limit);
        let kept = number > 0 && number <= self.newest && number + limit > self.newest;
        kept.then_some(((number.wrapping_sub(1)) % limit) as usize)
    }

    fn place(&self, key: u64) -> Option<usize> {
        self.index.find(spread(key), |at| self.ring[*at as usize].0 == key).map(|at| *at as usize)
    }

    /// The value at `place` is no longer found by its key.
    fn unlink(&mut self, key: u64, place: u32) {
        if let Ok(entry) = self.index.find_entry(spread(key), |at| *at == place) {
            entry.remove();
        }
    }
}

/// Keys are hashes of which some bits may be poor: the table takes the highest and the lowest.
fn spread(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26)
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_latest_are_known_and_the_oldest_forgotten() {
        let mut recent = Recent::new(1_000);
        (0..1_010_u64).for_each(|key| recent.put(key, key + 5));
        assert_eq!((recent.get(9), recent.get(10)), (None, Some(&15)));
        assert_eq!((recent.at(10), recent.at(11), recent.at(1_011)), (None, Some(&15), None));
        assert_eq!((recent.take(10), recent.take(10), recent.at(11)), (Some(15), None, None));
        assert_eq!((recent.ring.len(), recent.index.len()), (1_000, 999));
    }

    proptest! {
        #[test]
        fn it_is_a_list_of_the_latest(steps in prop::collection::vec((0..12_u64, any::<bool>()), 0..200)) {
            let mut recent = Recent::new(7);
            let mut plain: VecDeque<(u64, Option<usize>)> = VecDeque::new();
            for (i, (key, takes)) in steps.into_iter().enumerate() {
                let found = plain.iter().rposition(|(k, _)| *k == key).filter(|at| plain[*at].1.is_some());
                if takes {
                    prop_assert_eq!(recent.take(key), found.and_then(|at| plain[at].1.take()));
                } else {
                    recent.put(key, i);
                    plain.push_back((key, Some(i)));
                    if plain.len() > 7 {
                        plain.pop_front();
                    }
                }
                for key in 0..12 {
                    let last = plain.iter().rev().find(|(k, _)| *k == key).and_then(|(_, value)| *value);
                    prop_assert_eq!(recent.get(key).copied(), last);
                }
                prop_assert!(recent.ring.len() <= 7 && recent.index.len() <= 7);
            }
        }
    }
}
