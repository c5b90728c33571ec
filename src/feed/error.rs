//! Why an adapter stopped, and what kind of failure that was.

use std::time::Duration;

/// Why an adapter stopped before its end.
#[derive(Debug)]
pub enum FeedError {
    /// The receiver is gone.
    Closed,
    Failed {
        fault: FailureKind,
        /// In words that a person can act on, without secrets.
        why: String,
        /// How long the server asks to wait, at least.
        wait: Option<Duration>,
    },
    /// It must not be retried until the layout is saved, a secret changes or the program is restarted;
    /// in words that a person can act on.
    Final(String),
}

/// The kind of failure; each has its own delays for retries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// No connection, or one that broke or fell silent.
    Network,
    /// The server reports an error of its own, or sends something that is not the protocol.
    Server,
    /// Too many calls.
    Throttled,
    /// The server refuses; a person must act.
    Refused,
}

impl FeedError {
    /// The network failed.
    pub fn failed(why: impl Into<String>) -> Self {
        Self::of(FailureKind::Network, why)
    }

    pub fn of(fault: FailureKind, why: impl Into<String>) -> Self {
        Self::Failed { fault, why: why.into(), wait: None }
    }

    /// The same after at least `wait`.
    pub fn after(self, at_least: Option<Duration>) -> Self {
        match self {
            Self::Failed { fault, why, wait } => Self::Failed { fault, why, wait: wait.max(at_least) },
            other => other,
        }
    }
}
