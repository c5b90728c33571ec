//! What goes wrong with a server of NATS, in words.

use std::error::Error;

use crate::feed::error::{FailureKind, FeedError};

/// The innermost cause of an error.
pub(super) fn cause(error: &dyn Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

pub(super) fn server(why: String) -> FeedError {
    FeedError::of(FailureKind::Server, why)
}

pub(super) fn refused(why: String) -> FeedError {
    FeedError::of(FailureKind::Refused, why)
}
