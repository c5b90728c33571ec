//! How often an account may call, counted over a rolling window and shared by all feeds of this
//! process that use the account.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use ring::digest::{SHA256, digest};

use crate::clock::Instant;

/// Most accounts whose calls are counted at one time; one that no feed uses any more makes room.
const MAX_ACCOUNTS: usize = 64;

/// Most calls within a window that are counted, whatever a service says that it allows.
const MAX_CALLS: usize = 10_000;

/// What a service allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::feed::kinds) struct Allowance {
    /// Calls within any window.
    pub calls: usize,
    pub window: Duration,
}

/// The calls of one account within the window that ends now.
#[derive(Debug)]
pub(in crate::feed::kinds) struct Budget {
    window: Duration,
    book: Mutex<Book>,
}

#[derive(Debug)]
struct Book {
    allowed: usize,
    /// When each call was made, the oldest first; at most as many as are allowed.
    calls: VecDeque<Instant>,
}

type Accounts = Mutex<HashMap<[u8; 32], Arc<Budget>>>;

impl Budget {
    /// A budget of its own.
    pub fn new(allowance: Allowance) -> Self {
        let book = Book { allowed: allowance.calls, calls: VecDeque::new() };
        Self { window: allowance.window, book: Mutex::new(book) }
    }

    /// The budget that all feeds with this `service`, server and secret share. Only a digest of
    /// the secret is kept.
    pub fn of(service: &str, host: &str, secret: &str, allowance: Allowance) -> Arc<Self> {
        static ACCOUNTS: OnceLock<Accounts> = OnceLock::new();
        let name = digest(&SHA256, format!("{service}\n{host}\n{secret}").as_bytes());
        let key = <[u8; 32]>::try_from(name.as_ref()).expect("a SHA-256 has 32 bytes");
        let accounts = ACCOUNTS.get_or_init(Mutex::default);
        let mut accounts = accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if accounts.len() >= MAX_ACCOUNTS {
            accounts.retain(|_, budget| Arc::strong_count(budget) > 1);
        }
        let budget = accounts.entry(key).or_insert_with(|| Arc::new(Self::new(allowance)));
        budget.clone()
    }

    /// Counts a call, or tells how long to wait for one.
    pub fn take(&self, now: Instant) -> Result<(), Duration> {
        let mut book = self.current(now);
        match book.calls.front() {
            Some(oldest) if book.calls.len() >= book.allowed => {
                Err((*oldest + self.window).saturating_duration_since(now).max(Duration::from_millis(1)))
            }
            _ => {
                book.calls.push_back(now);
                Ok(())
            }
        }
    }

    /// The service says how many calls it allows and how many it `used` up. Those that are not
    /// known here were made elsewhere, as late as now for all that is known.
    pub fn learn(&self, allowed: Option<usize>, used: Option<usize>, now: Instant) {
        let mut book = self.current(now);
        book.allowed = allowed.unwrap_or(book.allowed).clamp(1, MAX_CALLS);
        let used = used.unwrap_or_default().min(book.allowed);
        while book.calls.len() < used {
            book.calls.push_back(now);
        }
    }

    /// The calls of the window.
    fn current(&self, now: Instant) -> MutexGuard<'_, Book> {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        while book.calls.front().is_some_and(|oldest| now.saturating_duration_since(*oldest) >= self.window) {
            book.calls.pop_front();
        }
        book
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    const ALLOWED: Allowance = Allowance { calls: 3, window: Duration::from_secs(600) };

    fn t(secs: u64) -> Instant {
        static START: OnceLock<Instant> = OnceLock::new();
        *START.get_or_init(|| Clock::system().instant()) + Duration::from_secs(secs)
    }

    #[test]
    fn a_window_rolls() {
        let budget = Budget::new(ALLOWED);
        assert!([0, 100, 200].iter().all(|secs| budget.take(t(*secs)).is_ok()));
        assert_eq!(budget.take(t(300)), Err(Duration::from_secs(300)));
        assert_eq!(budget.take(t(600)), Ok(()));
        assert_eq!(budget.take(t(600)), Err(Duration::from_secs(100)));
    }

    #[test]
    fn what_the_service_counted_elsewhere_counts() {
        let budget = Budget::new(ALLOWED);
        assert_eq!(budget.take(t(0)), Ok(()));
        budget.learn(None, Some(99), t(10));
        assert_eq!(budget.take(t(20)), Err(Duration::from_secs(580)));
        assert!(budget.take(t(600)).is_ok());
        assert_eq!(budget.take(t(601)), Err(Duration::from_secs(9)));
        budget.learn(Some(4), Some(0), t(602));
        assert_eq!(budget.take(t(602)), Ok(()), "the account has more by now");
    }

    #[test]
    fn feeds_of_one_account_share_and_others_do_not() {
        let of = |host: &str, secret: &str| Budget::of("test", host, secret, ALLOWED);
        let (one, same, other) = (of("a", "s3cret"), of("a", "s3cret"), of("a", "t0ken"));
        assert!((0..3).all(|_| one.take(t(0)).is_ok()));
        assert!(same.take(t(0)).is_err() && other.take(t(0)).is_ok());
        assert!(!format!("{one:?}").contains("s3cret"));
        for i in 0..10 * MAX_ACCOUNTS {
            of("a", &format!("rotated {i}"));
        }
        assert!(of("a", "s3cret").take(t(0)).is_err(), "an account in use is not forgotten");
    }
}
