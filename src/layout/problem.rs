//! What is wrong with a layout file: where, what, and what to do. Drawn for people by miette's
//! graphical report, handed to tools as records.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use serde::Serialize;

use crate::layout::{ascii, veil};

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The wall runs, but somebody should look.
    Warning,
    /// The file cannot become a wall.
    Error,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub severity: Severity,
    /// Stable name of the rule, for tools: `unknown-key`.
    pub code: &'static str,
    pub message: String,
    /// Bytes of the file that are underlined.
    pub span: Range<usize>,
    /// Words at the underline.
    pub label: String,
    /// Other places that belong to it.
    pub related: Vec<(Range<usize>, String)>,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    pub fn error(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Error,
            code,
            message: message.into(),
            span,
            label: String::new(),
            related: Vec::new(),
            help: None,
        }
    }

    pub fn warning(code: &'static str, span: Range<usize>, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    pub fn label(self, label: impl Into<String>) -> Self {
        Self { label: label.into(), ..self }
    }

    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Underlines another place, with words.
    pub fn and(mut self, span: Range<usize>, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }

    pub const fn is_error(&self) -> bool {
        matches!(self.severity, Severity::Error)
    }
}

/// A file and all that is wrong with it, in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Name of the file as the user gave it.
    pub file: String,
    pub text: Arc<str>,
    pub problems: Vec<Problem>,
}

impl Report {
    /// True when the file cannot become a wall.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(Problem::is_error)
    }

    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|p| p.severity == severity).count()
    }

    /// For people: every problem with its lines, in which secrets are hidden, and underlines, `width` columns wide; in colour
    /// for a terminal.
    pub fn draw(&self, width: usize, color: bool) -> String {
        self.draw_in(if color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() }, width)
    }

    /// [`Report::draw`] for a reader whose locale has ASCII only; the file's own lines stay as they
    /// are.
    pub fn draw_plain(&self, width: usize, color: bool) -> String {
        let words = |problem: &Problem| Problem {
            message: ascii(&problem.message),
            label: ascii(&problem.label),
            related: problem.related.iter().map(|(at, label)| (at.clone(), ascii(label))).collect(),
            help: problem.help.as_deref().map(ascii),
            ..problem.clone()
        };
        let plain = Self { problems: self.problems.iter().map(words).collect(), ..self.clone() };
        plain.draw_in(if color { GraphicalTheme::ascii() } else { GraphicalTheme::none() }, width)
    }

    /// Takes the secrets of the file out of the words about it.
    pub(super) fn veil(&mut self) {
        let text = self.text.clone();
        let known = veil::known(&text);
        for problem in &mut self.problems {
            let Problem { message, label, help, related, .. } = problem;
            let words =
                [message, label].into_iter().chain(help).chain(related.iter_mut().map(|(_, label)| label));
            words.for_each(|words| veil::hide(words, &known));
        }
    }

    fn draw_in(&self, theme: GraphicalTheme, width: usize) -> String {
        let handler = GraphicalReportHandler::new_themed(theme)
            .with_width(width)
            .with_context_lines(1)
            .with_links(false)
            .without_syntax_highlighting();
        let source = NamedSource::new(&self.file, veil::veiled(&self.text));
        let mut out = String::new();
        for problem in &self.problems {
            let shown = Shown { problem, source: &source, end: self.text.len() };
            if handler.render_report(&mut out, &shown).is_err() {
                out.push_str(&problem.message);
            }
            out.push('\n');
        }
        out
    }

    /// For tools: one record for each problem.
    pub fn records(&self) -> Vec<Record<'_>> {
        self.problems.iter().map(|p| Record::new(self, p)).collect()
    }

    /// In one line, for a log or a corner of the wall: the first error, and how many more.
    pub fn headline(&self) -> Option<String> {
        let first = self.problems.iter().find(|p| p.is_error()).or(self.problems.first())?;
        let (line, _) = line_and_column(&self.text, first.span.start);
        let more = match self.problems.len() - 1 {
            0 => String::new(),
            n => format!(" (and {n} more)"),
        };
        Some(format!("{}:{line}: {}{more}", self.file, first.message))
    }

    pub(super) fn sort(&mut self) {
        self.problems.sort_by_key(|p| (p.span.start, p.span.end));
    }
}

/// A problem as `fishbowl check --format json` prints it.
#[derive(Clone, Debug, Serialize)]
pub struct Record<'a> {
    pub file: &'a str,
    pub severity: Severity,
    pub code: &'a str,
    pub message: &'a str,
    pub help: Option<&'a str>,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// Bytes from the start of the file: first, and one past the last.
    pub span: [usize; 2],
}

impl<'a> Record<'a> {
    fn new(report: &'a Report, problem: &'a Problem) -> Self {
        let (line, column) = line_and_column(&report.text, problem.span.start);
        Self {
            file: &report.file,
            severity: problem.severity,
            code: problem.code,
            message: &problem.message,
            help: problem.help.as_deref(),
            line,
            column,
            span: [problem.span.start, problem.span.end],
        }
    }
}

/// Line and column (in characters) of a byte, both from 1.
pub fn line_and_column(text: &str, byte: usize) -> (usize, usize) {
    let before = &text.as_bytes()[..byte.min(text.len())];
    let line = before.iter().filter(|b| **b == b'\n').count() + 1;
    let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}

/// The name nearest to `word`, when one is near enough to have been meant.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let near = names.into_iter().map(|name| (strsim::jaro_winkler(&word, &name.to_lowercase()), name));
    near.filter(|(score, _)| *score >= 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

/// Names in backticks as a sentence lists them; at most twenty, `and others`.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const MOST: usize = 20;
    let mut names: Vec<String> = names.into_iter().map(|n| format!("`{n}`")).collect();
    if names.len() > MOST {
        names.truncate(MOST);
        names.push("others".into());
    }
    match names.split_last() {
        None => "nothing".into(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// A problem dressed for miette.
struct Shown<'a> {
    problem: &'a Problem,
    source: &'a NamedSource<String>,
    end: usize,
}

impl Shown<'_> {
    fn mark(&self, span: &Range<usize>, label: &str, primary: bool) -> LabeledSpan {
        let start = span.start.min(self.end);
        let label = (!label.is_empty()).then(|| label.to_owned());
        let length = span.end.min(self.end).saturating_sub(start);
        match primary {
            true => LabeledSpan::new_primary_with_span(label, (start, length)),
            false => LabeledSpan::new(label, start, length),
        }
    }
}

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem.message)
    }
}

impl std::error::Error for Shown<'_> {}

impl Diagnostic for Shown<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.problem.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.problem.severity {
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let help = self.problem.help.as_ref()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let first = self.mark(&self.problem.span, &self.problem.label, true);
        let related = self.problem.related.iter().map(|(span, label)| self.mark(span, label, false));
        Some(Box::new(std::iter::once(first).chain(related)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        assert_eq!(line_and_column("a\nüb", 4), (2, 2));
        assert_eq!(line_and_column("", 7), (1, 1));
    }

    #[test]
    fn only_near_names_are_suggested() {
        assert_eq!(nearest("widnow", ["topic", "window"]), Some("window"));
        assert_eq!(nearest("colour", ["topic", "window"]), None);
    }
}
