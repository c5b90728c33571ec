//! What the reader of an answer can show: colour, letters beyond ASCII, and how many columns.

use std::io::{self, IsTerminal, Write};

use crate::layout::ascii;
use crate::layout::problem::Report;

/// Columns of a report where nobody says how many there are; wider ones are hard to read.
const COLUMNS: usize = 100;
/// Fewest columns for which lines are broken.
const NARROWEST: usize = 24;
/// How far the rest of a broken line is set in.
const HANGING: usize = 4;

/// Where an answer is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    pub color: bool,
    /// Whether the locale has letters beyond ASCII.
    pub unicode: bool,
    /// Where the reader has so many; a file or another program takes lines of any length.
    pub columns: Option<usize>,
}

impl Terminal {
    /// That of standard output.
    pub fn out() -> Self {
        Self::of(&io::stdout())
    }

    /// That of standard error.
    pub fn err() -> Self {
        Self::of(&io::stderr())
    }

    // A serial line, or `stty cols 60`, may have columns and no rows.
    #[cfg(unix)]
    fn of(stream: &(impl IsTerminal + std::os::fd::AsFd)) -> Self {
        let size = rustix::termios::tcgetwinsize(stream).ok();
        Self::with(variable, stream.is_terminal(), size.map(|size| size.ws_col))
    }

    #[cfg(not(unix))]
    fn of(stream: &impl IsTerminal) -> Self {
        let size = terminal_size::terminal_size();
        Self::with(variable, stream.is_terminal(), size.map(|(width, _)| width.0))
    }

    /// By the environment: NO_COLOR, TERM, the locale as POSIX ranks its variables,
    /// and COLUMNS, which a person sets to have it otherwise.
    fn with(variable: impl Fn(&str) -> Option<String>, is_terminal: bool, width: Option<u16>) -> Self {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(&variable).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        let asked = variable("COLUMNS").and_then(|n| n.parse().ok()).filter(|n| *n > 0);
        let found = width.map(usize::from).filter(|n| is_terminal && *n > 0);
        Self {
            color: is_terminal && takes_color(&variable),
            unicode: cfg!(windows) || locale.contains("utf-8") || locale.contains("utf8"),
            columns: asked.or(found).map(|n: usize| n.max(NARROWEST)),
        }
    }

    /// Columns in which prose is set.
    pub fn width(&self) -> usize {
        self.columns.unwrap_or(COLUMNS).min(COLUMNS)
    }

    /// Words in the letters that the reader has.
    pub fn letters(&self, text: &str) -> String {
        if self.unicode { text.to_owned() } else { ascii(text) }
    }

    /// Words for people, in the letters that the reader has and no wider than it is.
    pub fn fit(&self, text: &str) -> String {
        let text = self.letters(text);
        let Some(columns) = self.columns else { return text };
        text.split_inclusive('\n').map(|line| broken(line, columns)).collect()
    }

    /// A report on a layout.
    pub fn report(&self, report: &Report) -> String {
        let narrowed = self.columns.map(|columns| report.narrowed(columns));
        let report = narrowed.as_ref().unwrap_or(report);
        match self.unicode {
            true => report.draw(self.width(), self.color),
            false => report.draw_plain(self.width(), self.color),
        }
    }
}

/// Whether the environment leaves colours to a terminal: not with NO_COLOR (no-color.org), nor with a
/// TERM that has none.
fn takes_color(variable: impl Fn(&str) -> Option<String>) -> bool {
    variable("NO_COLOR").is_none() && variable("TERM").is_none_or(|term| term != "dumb")
}

/// What clap prints by: it would colour a dumb terminal where CI is set.
pub fn color_choice() -> clap::ColorChoice {
    if takes_color(variable) { clap::ColorChoice::Auto } else { clap::ColorChoice::Never }
}

/// A variable of the environment that says something.
fn variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()).filter(|value| !value.is_empty())
}

/// A line in as many as it takes; what follows the first is set in.
fn broken(line: &str, columns: usize) -> String {
    let (words, end) = line.strip_suffix('\n').map_or((line, ""), |words| (words, "\n"));
    if textwrap::core::display_width(words) <= columns {
        return line.to_owned();
    }
    let lead = words.len() - words.trim_start_matches(' ').len();
    let indent = " ".repeat((lead + HANGING).min(columns / 2));
    // At spaces only: addresses, paths and options are copied as they stand.
    let options = textwrap::Options::new(columns)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(textwrap::WordSeparator::AsciiSpace)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(words, options) + end
}

/// Standard error as the log writes to it, a line at a time.
pub struct Log(pub Terminal);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        io::stderr().lock().write_all(self.0.fit(&line).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(variables: &[(&str, &str)], is_terminal: bool) -> Terminal {
        let variables: Vec<(String, String)> =
            variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let variable =
            |name: &str| variables.iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.clone());
        Terminal::with(variable, is_terminal, is_terminal.then_some(80))
    }

    #[test]
    fn the_environment_says_what_can_be_shown() {
        let utf8 = ("LANG", "de_DE.UTF-8");
        let full = Terminal { color: true, unicode: true, columns: Some(80) };
        assert_eq!(terminal(&[utf8, ("TERM", "xterm")], true), full);
        assert_eq!(terminal(&[utf8, ("NO_COLOR", "1")], true), Terminal { color: false, ..full });
        assert_eq!(terminal(&[utf8, ("NO_COLOR", "")], true), full);
        assert_eq!(terminal(&[utf8, ("TERM", "dumb")], true), Terminal { color: false, ..full });
        assert_eq!(terminal(&[utf8, ("LC_ALL", "C")], true), Terminal { unicode: false, ..full });
        assert_eq!(terminal(&[("LC_CTYPE", "C.utf8"), ("LANG", "C")], true), full);
        assert_eq!(terminal(&[], true), Terminal { unicode: false, ..full });
        assert_eq!(terminal(&[utf8, ("COLUMNS", "60")], true), Terminal { columns: Some(60), ..full });
        let piped = Terminal { color: false, unicode: true, columns: None };
        assert_eq!(terminal(&[utf8], false), piped);
        assert_eq!(terminal(&[utf8, ("COLUMNS", "60")], false), Terminal { columns: Some(60), ..piped });
        assert_eq!(terminal(&[utf8, ("COLUMNS", "wide")], false), piped);
    }

    #[test]
    fn lines_are_broken_between_words_and_set_in() {
        let narrow = Terminal { color: false, unicode: false, columns: Some(30) };
        let text = "  one → two three four five six seven\nshort\n";
        assert_eq!(narrow.fit(text), "  one -> two three four five\n      six seven\nshort\n");
        let word = "https://example.org/a/very/long/address/without/a/place/to/break\n";
        assert_eq!(narrow.fit(word), word);
        assert_eq!(Terminal { unicode: true, columns: None, ..narrow }.fit(text), text);
    }
}
