//! When live mentions arrived that the next snapshot is the first to count.

use crate::clock::Time;

/// Most arrivals told in one snapshot.
pub const ARRIVALS: usize = 256;

/// Arrivals since the last publication, evenly thinned when they are many.
#[derive(Debug)]
pub struct Arrivals {
    times: Vec<Time>,
    /// Every so many is kept.
    stride: u64,
    seen: u64,
}

impl Default for Arrivals {
    fn default() -> Self {
        Self { times: Vec::new(), stride: 1, seen: 0 }
    }
}

impl Arrivals {
    pub fn push(&mut self, time: Time) {
        if self.seen.is_multiple_of(self.stride) {
            if self.times.len() == ARRIVALS {
                let mut kept = 0..;
                self.times.retain(|_| kept.next().is_some_and(|i: usize| i.is_multiple_of(2)));
                self.stride *= 2;
            }
            if self.seen.is_multiple_of(self.stride) {
                self.times.push(time);
            }
        }
        self.seen += 1;
    }

    /// All that are kept, oldest first; begins anew.
    pub fn take(&mut self) -> Vec<Time> {
        let mut times = std::mem::take(self).times;
        times.sort_unstable();
        times
    }
}
