//! What the commands print. Unlike `println!` it never panics: a reader may go away.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};

use fishbowl::layout::problem::Report;

use super::Failure;
use super::terminal::Terminal;

/// Prints the answer of a command, as it is: for tools. A reader that has seen enough (`| head`)
/// is no failure, a full disk is.
pub fn answer(text: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot print the answer: {error}").into())
        }
        _ => Ok(()),
    }
}

/// Prints the answer of a command in words, as the reader's terminal can show them.
pub fn words(text: impl Display) -> Result<(), Failure> {
    answer(Terminal::out().fit(&text.to_string()))
}

/// Tells the operator something. Where nobody listens any more the wall goes on all the same.
pub fn tell(text: impl Display) {
    complain(&Terminal::err().fit(&text.to_string()));
}

/// Tells the operator what is wrong with a layout.
pub fn report(report: &Report) {
    complain(&Terminal::err().report(report));
}

fn complain(text: &str) {
    // There is no other place to complain at.
    let _ = write!(io::stderr().lock(), "{text}");
}

/// So many of something: `1 error`, `2 errors`.
pub fn several(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::several;

    #[test]
    fn one_is_not_several() {
        assert_eq!([0, 1, 2].map(|n| several(n, "error")), ["0 errors", "1 error", "2 errors"]);
    }
}
