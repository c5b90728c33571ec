//! Questions on plain lines, which work over ssh and through a pipe: Enter takes the default in brackets, `?` explains,
//! `back` returns to the question before, and a wrong answer is explained and asked again.

use std::fmt::Display;
use std::io::{BufRead, Read as _};

use crate::cli::failure::Failure;
use crate::cli::output;

/// Longest answer, bytes.
const MOST: u64 = 4_096;

/// Why there is no answer.
pub enum Stop {
    /// The question before is to be asked again.
    Back,
    /// The input ended.
    Ended,
    Failed(Failure),
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

/// One question.
pub struct Question<'a> {
    pub asks: String,
    /// What Enter takes; empty if the question has to be answered.
    pub default: String,
    /// What `?` prints.
    pub explains: &'a str,
}

/// Questions and the answers so far. To go back, the questions are run again from the first, with the answers that
/// stay: so a later question always fits the earlier answers.
pub struct Interview<R> {
    input: R,
    /// A person who types sees it; the record of a pipe needs it.
    echoes: bool,
    given: Vec<String>,
    next: usize,
    /// The answer that was given before to the question that is asked again.
    before: Option<String>,
}

impl<R: BufRead> Interview<R> {
    pub fn new(input: R, echoes: bool) -> Self {
        Self { input, echoes, given: Vec::new(), next: 0, before: None }
    }

    /// Runs `questions` until all of them are answered.
    pub fn run<T>(&mut self, mut questions: impl FnMut(&mut Self) -> Result<T, Stop>) -> Result<T, Stop> {
        loop {
            self.next = 0;
            match questions(self) {
                Err(Stop::Back) => self.before = self.given.pop(),
                other => return other,
            }
        }
    }

    /// Whether the next question has no answer yet.
    pub fn is_live(&self) -> bool {
        self.next >= self.given.len()
    }

    /// Says something before a question, not again when the question is passed on the way back.
    pub fn say(&self, words: impl Display) -> Result<(), Stop> {
        if self.is_live() { output::print(words).map_err(Stop::from) } else { Ok(()) }
    }

    /// Asks until `read` accepts the answer; its error says what is wrong.
    pub fn ask<T>(
        &mut self,
        question: &Question<'_>,
        mut read: impl FnMut(&str) -> Result<T, String>,
    ) -> Result<T, Stop> {
        if let Some(Ok(value)) = self.given.get(self.next).map(|given| read(given)) {
            self.next += 1;
            return Ok(value);
        }
        // Another answer to an earlier question has made this one and those after it wrong.
        self.given.truncate(self.next);
        let default = self.before.take().unwrap_or_else(|| question.default.clone());
        loop {
            let typed = self.line(&question.asks, &default)?;
            let answer = if typed.is_empty() { default.clone() } else { typed };
            match answer.as_str() {
                "?" | "help" => output::print(format_args!("  {}\n", question.explains))?,
                "back" if self.given.is_empty() => output::print("  This is the first question.\n")?,
                "back" => return Err(Stop::Back),
                "" => output::print("  This has no default; `?` explains the question.\n")?,
                _ => match read(&answer) {
                    Ok(value) => {
                        self.given.push(answer);
                        self.next += 1;
                        return Ok(value);
                    }
                    Err(why) => output::print(format_args!("  {why}\n"))?,
                },
            }
        }
    }

    fn line(&mut self, asks: &str, default: &str) -> Result<String, Stop> {
        let default = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        output::print(format_args!("{asks}{default} "))?;
        let mut bytes = Vec::new();
        let read = self.input.by_ref().take(MOST).read_until(b'\n', &mut bytes);
        if read.map_err(|error| Failure::from(format!("cannot read the answer: {error}")))? == 0 {
            output::print("\n")?;
            return Err(Stop::Ended);
        }
        let typed: String = String::from_utf8_lossy(&bytes).chars().filter(|c| !c.is_control()).collect();
        if self.echoes {
            output::print(format_args!("{}\n", typed.trim()))?;
        }
        Ok(typed.trim().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(default: &str) -> Question<'static> {
        Question { asks: "How many?".into(), default: default.into(), explains: "A number." }
    }

    fn number(text: &str) -> Result<u32, String> {
        text.parse().map_err(|_| format!("`{text}` is not a number"))
    }

    /// Two numbers, the second at least as large as the first.
    fn two(input: &str) -> Result<(u32, u32), Stop> {
        Interview::new(input.as_bytes(), false).run(|ask| {
            let first = ask.ask(&question("1"), number)?;
            let second = ask.ask(&question("2"), |text| {
                number(text)?;
                number(text).and_then(|n| if n < first { Err("too small".into()) } else { Ok(n) })
            })?;
            Ok((first, second))
        })
    }

    #[test]
    fn defaults_wrong_answers_and_the_way_back() {
        assert!(matches!(two("\n\n"), Ok((1, 2))));
        assert!(matches!(two("?\nfour\n4\n3\n?\n5"), Ok((4, 5))));
        assert!(matches!(two("back\n7\nback\n\n\n9\n"), Ok((7, 9))), "the answer before is the default");
        assert!(matches!(two("7\n"), Err(Stop::Ended)));
        assert!(matches!(two(""), Err(Stop::Ended)));
        assert!(matches!(two(&"x".repeat(10_000)), Err(Stop::Ended)));
    }
}
