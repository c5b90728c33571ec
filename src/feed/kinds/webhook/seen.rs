//! Ids of the deliveries that are safe, so that one that comes again is not read again.

use crate::feed::bounded::BoundedMap;

/// Ids that are remembered.
pub(super) const MOST: usize = 1_024;
/// Longest id, bytes; longer ones are no ids.
pub(super) const LONGEST: usize = 256;

#[derive(Debug)]
pub(super) struct Seen(BoundedMap<Box<str>, ()>);

impl Default for Seen {
    fn default() -> Self {
        Self(BoundedMap::new(MOST))
    }
}

impl Seen {
    pub fn holds(&self, id: &str) -> bool {
        self.0.contains(id)
    }

    /// Remembers an id and forgets the oldest when there are too many.
    pub fn keep(&mut self, id: &str) {
        self.0.insert(id.into(), ());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_ids_are_known() {
        let mut seen = Seen::default();
        (0..MOST + 1).for_each(|i| seen.keep(&i.to_string()));
        seen.keep("1");
        assert!(!seen.holds("0") && seen.holds("1") && seen.holds(&MOST.to_string()));
    }
}
