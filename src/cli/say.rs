//! What the commands print. Unlike `println!` it never panics: a reader may go away.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};

use super::Failure;

/// Prints the answer of a command. A reader that has seen enough (`| head`) is no failure, a full
/// disk is.
pub fn answer(text: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot print the answer: {error}").into())
        }
        _ => Ok(()),
    }
}

/// Tells the operator something. Where nobody listens any more the wall goes on all the same.
pub fn tell(text: impl Display) {
    // There is no other place to complain at.
    let _ = write!(io::stderr().lock(), "{text}");
}
