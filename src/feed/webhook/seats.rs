//! The connections of one address. Whoever has not said what it wants to say gives way when there are
//! too many of them, so that calls that are left half open hold up no others.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::task::AbortHandle;

/// How far a connection has come with its request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing of it, or not the whole head.
    Head = 0,
    /// Not the whole body.
    Body = 1,
    /// It is whole, and being answered.
    Answer = 2,
}

/// The place of one connection.
#[derive(Debug)]
pub(super) struct Seat {
    phase: AtomicU8,
    /// When it came to that phase, in turns of [`Seats::turns`].
    since: AtomicU64,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Seats {
    taken: Mutex<Vec<(Arc<Seat>, AbortHandle)>>,
    turns: AtomicU64,
}

impl Seats {
    /// A place that nobody has yet.
    pub fn seat(&self) -> Arc<Seat> {
        Arc::new(Seat { phase: AtomicU8::new(Phase::Head as u8), since: AtomicU64::new(self.turn()) })
    }

    fn turn(&self) -> u64 {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }

    /// The connection that `task` serves has it from now on.
    pub fn take(&self, seat: Arc<Seat>, task: AbortHandle) {
        self.locked().push((seat, task));
    }

    /// How many are taken.
    pub fn count(&self) -> usize {
        let mut taken = self.locked();
        taken.retain(|(_, task)| !task.is_finished());
        taken.len()
    }

    /// A connection has come to another phase.
    pub fn step(&self, seat: &Seat, phase: Phase) {
        seat.phase.store(phase as u8, Ordering::Relaxed);
        seat.since.store(self.turn(), Ordering::Relaxed);
    }

    /// Hangs up on the one that has been in one of `phases` for longest, but not on `but`.
    /// False when there is none.
    pub fn free(&self, phases: &[Phase], but: Option<&Seat>) -> bool {
        let mut taken = self.locked();
        let gives_way = |seat: &Seat| {
            let phase = seat.phase.load(Ordering::Relaxed);
            phases.iter().any(|one| *one as u8 == phase) && but.is_none_or(|but| !std::ptr::eq(but, seat))
        };
        let open = taken.iter().enumerate().filter(|(_, (seat, _))| gives_way(seat));
        let longest = open.min_by_key(|(_, (seat, _))| seat.since.load(Ordering::Relaxed)).map(|(at, _)| at);
        longest.map(|at| taken.swap_remove(at).1.abort()).is_some()
    }

    fn locked(&self) -> MutexGuard<'_, Vec<(Arc<Seat>, AbortHandle)>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_longest_that_says_nothing_gives_way_and_none_that_is_answered() {
        let seats = Seats::default();
        let tasks: Vec<_> = (0..3).map(|_| tokio::spawn(std::future::pending::<()>())).collect();
        let taken: Vec<_> = tasks
            .iter()
            .map(|task| {
                let seat = seats.seat();
                seats.take(seat.clone(), task.abort_handle());
                seat
            })
            .collect();
        seats.step(&taken[0], Phase::Answer);
        seats.step(&taken[1], Phase::Body);
        assert!(seats.free(&[Phase::Head, Phase::Body], None), "the third has not moved since it came");
        assert!(!seats.free(&[Phase::Body], Some(&taken[1])));
        assert!(seats.free(&[Phase::Body], None));
        assert!(!seats.free(&[Phase::Head, Phase::Body], None), "the first is being answered");
        for task in tasks.into_iter().skip(1) {
            assert!(task.await.is_err_and(|end| end.is_cancelled()));
        }
        assert_eq!(seats.count(), 1);
    }
}
