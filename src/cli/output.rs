//! What the commands print. Unlike `println!` it never panics: a reader may go away.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::clock::Clock;
use crate::layout::problem::Report;

use super::failure::Failure;
use super::terminal::Terminal;

/// Prints the answer of a command, as it is: for tools. A reader that has seen enough (`| head`)
/// is no failure, a full disk is.
pub fn print_raw(text: impl Display) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(format!("cannot write to standard output: {error}").into())
        }
        _ => Ok(()),
    }
}

/// Prints the answer of a command in words, as the reader's terminal can show them.
pub fn print(text: impl Display) -> Result<(), Failure> {
    print_raw(Terminal::out().fit(&text.to_string()))
}

/// Tells the operator something. Where nobody listens any more the wall goes on all the same.
pub fn eprint(text: impl Display) {
    complain(&Terminal::err().fit(&text.to_string()));
}

/// Tells the operator what is wrong with a layout.
pub fn eprint_report(report: &Report) {
    complain(&Terminal::err().report(report));
}

/// Everything goes to standard error as JSON.
static AS_JSON: AtomicBool = AtomicBool::new(false);

/// From now on what the operator is told is one JSON object per line, like the log.
pub fn tell_as_json() {
    AS_JSON.store(true, Ordering::Relaxed);
}

fn complain(text: &str) {
    if AS_JSON.load(Ordering::Relaxed) {
        let at = jiff::Timestamp::from_microsecond(Clock::system().now().as_micros()).unwrap_or_default();
        let line =
            serde_json::json!({ "timestamp": at.to_string(), "level": "INFO", "message": text.trim() });
        let _ = writeln!(io::stderr().lock(), "{line}");
        return;
    }
    // There is no other place to complain at.
    let _ = write!(io::stderr().lock(), "{text}");
}

/// Has what breaks told in one line, without the folders of the machine on which Fishbowl was built.
pub fn report_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |broken| {
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|wanted| wanted != "0") {
            return usual(broken);
        }
        let what = broken.payload_as_str().unwrap_or("no message");
        let place = broken.location().map(|at| format!("{}:{}", within_crate(at.file()), at.line()));
        let place = place.unwrap_or_default();
        eprint(format_args!("fishbowl: internal error at {place}: {what}; please report this\n"));
    }));
}

/// A source file from its crate's folder on.
fn within_crate(file: &str) -> &str {
    let Some(src) = file.rfind("/src/") else { return file };
    let start = file[..src].rfind('/').map_or(0, |slash| slash + 1);
    &file[start..]
}

/// So many of something: `1 error`, `2 errors`.
pub fn plural(count: u64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::{plural, within_crate};

    #[test]
    fn a_place_in_the_source_names_no_folder_of_the_builder() {
        let of = within_crate;
        assert_eq!(
            of("/home/b/.cargo/registry/src/index-1/wgpu-core-30.0.0/src/a/b.rs"),
            "wgpu-core-30.0.0/src/a/b.rs"
        );
        assert_eq!((of("src/feed/sse.rs"), of("x.rs")), ("src/feed/sse.rs", "x.rs"));
    }

    #[test]
    fn one_is_not_several() {
        assert_eq!([0, 1, 2].map(|n| plural(n, "error")), ["0 errors", "1 error", "2 errors"]);
    }
}
