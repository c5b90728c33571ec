//! The connections of one address. Whoever keeps the wall waiting gives way when there are too many
//! of them, so that calls that are left half open hold up no others.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::timeout;

/// How many connections an address takes, and how long each may wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at one time.
    pub seats: usize,
    /// Further ones for callers on this machine while those are taken.
    pub spare: usize,
    /// Largest head of a request, bytes.
    pub head_bytes: usize,
    /// The head of a request must be whole by then, the first one since the connection was made.
    pub head: Duration,
    /// Its body, and what is done with it.
    pub body: Duration,
    /// An answer must be found by then …
    pub answer: Duration,
    /// … and then be taken by the caller.
    pub sent: Duration,
    /// Longest rest between two requests.
    pub idle: Duration,
}

/// How far a connection has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing of its first request, or not the whole head of any.
    Head = 0,
    /// Not the whole body.
    Body = 1,
    /// The request is whole, and being answered.
    Answer = 2,
    /// The answer is there, and not all of it written.
    Sent = 3,
    /// It is answered, and nothing of another request has come.
    Idle = 4,
}

/// Those in which it is the caller that is waited for.
const KEEPS_WAITING: [Phase; 4] = [Phase::Head, Phase::Body, Phase::Sent, Phase::Idle];
/// The same on a spare seat, whose answers are short.
const ANY: [Phase; 5] = [Phase::Head, Phase::Body, Phase::Answer, Phase::Sent, Phase::Idle];

/// The place of one connection.
#[derive(Debug)]
pub struct Seat {
    /// Who has it, and the address at which this machine was called; IPv4 as such.
    pub peer: SocketAddr,
    pub at: SocketAddr,
    is_spare: bool,
    phase: AtomicU8,
    /// When it came to that phase, in turns of [`Seats::turns`].
    since: AtomicU64,
    moved: Notify,
}

impl Seat {
    /// Whether it is one of those that are kept for callers on this machine.
    pub fn is_spare(&self) -> bool {
        self.is_spare
    }

    pub fn phase(&self) -> Phase {
        let phase = self.phase.load(Ordering::Relaxed);
        ANY.into_iter().find(|one| *one as u8 == phase).unwrap_or(Phase::Head)
    }
}

/// All of them.
#[derive(Debug)]
pub struct Seats {
    limits: Limits,
    taken: Mutex<Vec<(Arc<Seat>, AbortHandle)>>,
    turns: AtomicU64,
}

impl Seats {
    pub fn new(limits: Limits) -> Self {
        Self { limits, taken: Mutex::default(), turns: AtomicU64::new(0) }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    fn turn(&self) -> u64 {
        self.turns.fetch_add(1, Ordering::Relaxed)
    }

    /// A place for a caller; whoever keeps the wall waiting gives way for it. `None` when there is
    /// none.
    pub(super) fn admit(&self, peer: SocketAddr, at: SocketAddr) -> Option<Arc<Seat>> {
        let Limits { seats, spare, .. } = self.limits;
        let has_room = |is_spare, most, phases: &[Phase]| {
            self.count(is_spare) < most || self.free_of(phases, |seat| seat.is_spare == is_spare)
        };
        let is_spare = if has_room(false, seats, &KEEPS_WAITING) {
            false
        } else if peer.ip().is_loopback() && has_room(true, spare, &ANY) {
            true
        } else {
            return None;
        };
        let (phase, since) = (AtomicU8::new(Phase::Head as u8), AtomicU64::new(self.turn()));
        Some(Arc::new(Seat { peer, at, is_spare, phase, since, moved: Notify::new() }))
    }

    /// The connection that `task` serves has it from now on.
    pub(super) fn take(&self, seat: Arc<Seat>, task: AbortHandle) {
        self.locked().push((seat, task));
    }

    /// How many are taken of those kinds.
    fn count(&self, is_spare: bool) -> usize {
        let mut taken = self.locked();
        taken.retain(|(_, task)| !task.is_finished());
        taken.iter().filter(|(seat, _)| seat.is_spare == is_spare).count()
    }

    /// A connection has come to another phase.
    pub fn step(&self, seat: &Seat, phase: Phase) {
        seat.phase.store(phase as u8, Ordering::Relaxed);
        seat.since.store(self.turn(), Ordering::Relaxed);
        seat.moved.notify_one();
    }

    /// Comes back when a connection has been in one phase for longer than it may be.
    pub(super) async fn overdue(&self, seat: &Seat) {
        while timeout(self.limit(seat.phase()), seat.moved.notified()).await.is_ok() {}
    }

    fn limit(&self, phase: Phase) -> Duration {
        match phase {
            Phase::Head => self.limits.head,
            Phase::Body => self.limits.body,
            Phase::Answer => self.limits.answer,
            Phase::Sent => self.limits.sent,
            Phase::Idle => self.limits.idle,
        }
    }

    /// Hangs up on the one that has been in one of `phases` for longest, but not on `but`.
    /// False when there is none.
    pub fn free(&self, phases: &[Phase], but: &Seat) -> bool {
        self.free_of(phases, |seat| !std::ptr::eq(but, seat))
    }

    fn free_of(&self, phases: &[Phase], may: impl Fn(&Seat) -> bool) -> bool {
        let mut taken = self.locked();
        let gives_way = |seat: &Seat| phases.contains(&seat.phase()) && may(seat);
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

    const LIMITS: Limits = Limits {
        seats: 3,
        spare: 1,
        head_bytes: 8_192,
        head: Duration::from_secs(10),
        body: Duration::from_secs(10),
        answer: Duration::from_secs(10),
        sent: Duration::from_secs(10),
        idle: Duration::from_secs(60),
    };

    fn addr(text: &str) -> SocketAddr {
        text.parse().expect("an address")
    }

    /// A seat that a caller from `peer` gets, and what waits there.
    fn sit(seats: &Seats, peer: &str) -> Option<(Arc<Seat>, tokio::task::JoinHandle<()>)> {
        let seat = seats.admit(addr(peer), addr("192.0.2.1:80"))?;
        let task = tokio::spawn(std::future::pending::<()>());
        seats.take(seat.clone(), task.abort_handle());
        Some((seat, task))
    }

    #[tokio::test]
    async fn the_longest_that_keeps_waiting_gives_way_and_none_that_is_answered() {
        let seats = Seats::new(LIMITS);
        let mut taken: Vec<_> = (0..3).filter_map(|_| sit(&seats, "192.0.2.9:1")).collect();
        seats.step(&taken[0].0, Phase::Answer);
        seats.step(&taken[1].0, Phase::Body);
        let (fourth, task) = sit(&seats, "192.0.2.9:2").expect("the third has not moved since it came");
        seats.step(&fourth, Phase::Answer);
        assert!(taken.remove(2).1.await.is_err_and(|end| end.is_cancelled()));
        assert!(!seats.free(&[Phase::Body], &taken[1].0));
        let (fifth, _) = sit(&seats, "192.0.2.9:2").expect("the second gives way with half a body");
        seats.step(&fifth, Phase::Answer);
        assert!(sit(&seats, "192.0.2.9:3").is_none(), "all are being answered");
        task.abort();
        let _ = task.await;
        assert!(sit(&seats, "192.0.2.9:3").is_some_and(|(seat, _)| !seat.is_spare()));
    }

    #[tokio::test]
    async fn a_caller_on_this_machine_always_gets_a_seat() {
        let seats = Seats::new(LIMITS);
        for _ in 0..3 {
            let (seat, _) = sit(&seats, "192.0.2.9:1").expect("there is room");
            seats.step(&seat, Phase::Answer);
        }
        assert!(sit(&seats, "192.0.2.9:1").is_none());
        for caller in ["127.0.0.1:1", "[::1]:1", "127.9.9.9:1"] {
            let (seat, _) = sit(&seats, caller).expect("there is a spare one");
            assert!(seat.is_spare());
            seats.step(&seat, Phase::Answer);
        }
        assert_eq!((seats.count(false), seats.count(true)), (3, 1));
    }

    #[tokio::test]
    async fn each_phase_has_its_time_and_another_begins_anew() {
        let long = Duration::from_secs(600);
        let seats = Seats::new(Limits { head: Duration::from_millis(50), idle: long, ..LIMITS });
        let (seat, _) = sit(&seats, "192.0.2.9:1").expect("there is room");
        seats.overdue(&seat).await;
        seats.step(&seat, Phase::Idle);
        assert!(timeout(Duration::from_millis(200), seats.overdue(&seat)).await.is_err());
        let begun = async { seats.step(&seat, Phase::Head) };
        assert!(
            timeout(Duration::from_secs(20), async { tokio::join!(seats.overdue(&seat), begun) })
                .await
                .is_ok()
        );
    }
}
