//! Something that hands over mentions by a clock of its caller.

use std::fmt;

use crate::clock::Time;
use crate::mention::Mention;
use crate::mention::source::FeedState;

/// A feed that is played rather than received.
pub trait Player: fmt::Debug + Send {
    /// At most [`MAX_BATCH`](crate::mention::source::MAX_BATCH); fewer means that there are no more up
    /// to `now`.
    fn until(&mut self, now: Time) -> Vec<Mention>;

    /// When it may next have something to hand over.
    fn position(&self) -> Time;

    /// Writes down how it stands at `now`.
    fn describe(&self, now: Time, state: &mut FeedState);

    /// Follows a clock that was set. True when it brings along what came in the gap.
    fn leap(&mut self, from: Time, to: Time) -> bool;

    /// Whether it may wait for a disk.
    fn reads_disk(&self) -> bool {
        false
    }
}

/// A player at its beginning, or why there is none.
pub type Opened = Result<Box<dyn Player>, String>;
