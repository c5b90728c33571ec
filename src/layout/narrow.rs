//! Reports for narrow terminals: words that would stand beyond the last column are told below.

use std::ops::Range;

use crate::layout::problem::{Problem, Report, line_and_column};

/// Columns of the frame beside the number of a line, and of the bend before the words of a mark.
const FRAME: usize = 4;
const BEND: usize = 4;

impl Report {
    /// The same problems, none of whose marks has words beyond this column; they begin the help
    /// instead. Lines of the file stay as long as they are.
    pub fn narrowed(&self, columns: usize) -> Self {
        let problems = self.problems.iter().map(|problem| self.narrow(problem.clone(), columns)).collect();
        Self { problems, ..self.clone() }
    }

    fn narrow(&self, mut problem: Problem, columns: usize) -> Problem {
        let mut told = Vec::new();
        let first = (&problem.span, &mut problem.label);
        let others = problem.related.iter_mut().map(|(span, label)| (&*span, label));
        for (span, label) in std::iter::once(first).chain(others) {
            let (line, end) = self.end_of(span, label);
            if !label.is_empty() && end > columns {
                told.push(format!("Line {line}: {}.", std::mem::take(label)));
            }
        }
        told.extend(problem.help.take());
        Problem { help: (!told.is_empty()).then(|| told.join(" ")), ..problem }
    }

    /// The line of a mark, and the last column of the words at it.
    fn end_of(&self, span: &Range<usize>, label: &str) -> (usize, usize) {
        let (line, column) = line_and_column(&self.text, span.start);
        let marked = self.text.get(span.clone()).unwrap_or_default();
        let middle = marked.lines().next().unwrap_or_default().chars().count() / 2;
        let frame = FRAME + line.to_string().len();
        (line, frame + column + middle + BEND + label.chars().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beyond_the_last_column_begin_the_help() {
        let text = "query = 'aurora or borealis'\n";
        let problem = Problem::warning("x", 16..18, "a word").label("it must be said").help("Write OR.");
        let report = Report { text: text.into(), problems: vec![problem], ..Report::default() };
        assert_eq!(report.narrowed(60).problems, report.problems);
        let narrow = &report.narrowed(36).problems[0];
        assert_eq!(
            (&*narrow.label, narrow.help.as_deref()),
            ("", Some("Line 1: it must be said. Write OR."))
        );
    }
}
