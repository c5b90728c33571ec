//! The rules of alerts: comparisons joined by `and` and `or`, grouped by parentheses, like
//! `negative_share > 40% over 10m and mentions > 50 for 2m`. `or` binds loosest. `over` says the window of
//! one comparison; without it a comparison takes the first window that the rule names, else a
//! minute for `rate` and an hour for the rest. `for` stands at the end and is meant for the whole.

use std::ops::Range;
use std::time::Duration;

use super::super::value;
use crate::layout::problem::{listed, nearest};
use crate::layout::window::Window;
use crate::metric::{Metric, Unit};

/// Longest rule, bytes.
pub const MAX_RULE: usize = 1_024;
/// Most comparisons of a rule.
pub const MAX_TESTS: usize = 16;
/// Deepest nesting of parentheses.
pub const MAX_DEPTH: usize = 8;
/// A rule must hold no longer than this before it is told.
pub const MAX_FOR: Duration = Duration::from_secs(3_600);

const OPS: [(&str, Op); 4] = [(">=", Op::AtLeast), ("<=", Op::AtMost), (">", Op::Above), ("<", Op::Below)];

/// A rule that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    pub when: Expr,
    /// How long it must hold before it is told.
    pub lasting: Duration,
    /// As it was written.
    pub text: String,
    /// Words of the version before that it uses.
    pub old_words: Vec<OldWord>,
}

/// A word that means something else or nothing now, and is still understood.
#[derive(Clone, Debug, PartialEq)]
pub struct OldWord {
    /// Bytes of the rule's text.
    pub at: Range<usize>,
    pub metric: Metric,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Test(Test),
    /// A feed has been silent for longer than it may.
    Stale(String),
}

/// A value against a threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    pub value: Value,
    pub op: Op,
    /// In the metric's unit.
    pub threshold: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Counted(Metric, Window),
    /// The last value of a series of plain numbers.
    Series(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Above,
    AtLeast,
    Below,
    AtMost,
}

impl Op {
    pub fn holds(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::Above => value > threshold,
            Self::AtLeast => value >= threshold,
            Self::Below => value < threshold,
            Self::AtMost => value <= threshold,
        }
    }

    /// The threshold that holds more easily, at `part` of the way from nothing.
    pub fn eased(self, threshold: f64, part: f64) -> f64 {
        let by = (1.0 - part) * threshold.abs();
        match self {
            Self::Above | Self::AtLeast => threshold - by,
            Self::Below | Self::AtMost => threshold + by,
        }
    }
}

/// The byte where a rule goes wrong, and what to do.
pub type Wrong = (usize, String);

impl Rule {
    /// Reads a rule; the error is the byte where it goes wrong, and what to do.
    pub fn parse(text: &str) -> Result<Self, Wrong> {
        if text.len() > MAX_RULE {
            let at = (0..=MAX_RULE).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
            return Err((
                at,
                format!("the rule is longer than {MAX_RULE} bytes: split it into several alerts"),
            ));
        }
        let mut parser = Parser {
            text,
            items: scan(text)?,
            next: 0,
            depth: 0,
            tests: 0,
            open: Vec::new(),
            old: Vec::new(),
        };
        let mut when = parser.any()?;
        let lasting = parser.lasting()?;
        if let Some((at, word)) = parser.items.get(parser.next) {
            return Err((*at, left_over(word)));
        }
        let first = parser.open.iter().flatten().next().copied();
        let mut open = parser.open.into_iter();
        fill(&mut when, &mut open, first);
        Ok(Self { when, lasting, text: text.trim().into(), old_words: parser.old })
    }

    /// Every series and every feed that it names.
    pub fn names(&self) -> (Vec<&str>, Vec<&str>) {
        let (mut series, mut feeds) = (Vec::new(), Vec::new());
        names(&self.when, &mut series, &mut feeds);
        (series, feeds)
    }
}

/// Says whether a rule can be understood; else the byte where it cannot, and what to do.
pub fn check(text: &str) -> Result<(), Wrong> {
    Rule::parse(text).map(|_| ())
}

fn names<'a>(expr: &'a Expr, series: &mut Vec<&'a str>, feeds: &mut Vec<&'a str>) {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().for_each(|part| names(part, series, feeds)),
        Expr::Stale(feed) => feeds.push(feed),
        Expr::Test(Test { value: Value::Series(name), .. }) => series.push(name),
        Expr::Test(_) => {}
    }
}

/// Gives tests without a window the rule's first one, or their own usual one.
fn fill(expr: &mut Expr, open: &mut impl Iterator<Item = Option<Window>>, first: Option<Window>) {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter_mut().for_each(|part| fill(part, open, first)),
        Expr::Test(Test { value: Value::Counted(metric, window), .. }) => {
            let usual = if *metric == Metric::Rate { Window::M1 } else { Window::H1 };
            *window = open.next().flatten().or(first).unwrap_or(usual);
        }
        Expr::Test(_) | Expr::Stale(_) => {}
    }
}

fn left_over(word: &str) -> String {
    match word {
        ")" => "unmatched `)`: remove it, or add a `(` before it".into(),
        "over" => "`over` follows a comparison: `mentions > 50 over 10m`".into(),
        _ => format!("`{word}` is not expected here: join comparisons with `and` or `or`"),
    }
}

/// Cuts a rule into its words, each with the byte where it begins.
fn scan(text: &str) -> Result<Vec<(usize, &str)>, Wrong> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' | ')' => at + 1,
            '<' | '>' => at + 1 + usize::from(text[at + 1..].starts_with('=')),
            quote @ ('"' | '\'') => match text[at + 1..].find(quote) {
                Some(length) => at + length + 2,
                None => {
                    return Err((at, format!("this quote is not closed: add a `{quote}` after the name")));
                }
            },
            _ => {
                let ends = |c: char| c.is_whitespace() || "()<>\"".contains(c);
                text[at..].find(ends).map_or(text.len(), |length| at + length)
            }
        };
        items.push((at, &text[at..end]));
        at = end;
    }
    Ok(items)
}

struct Parser<'a> {
    text: &'a str,
    items: Vec<(usize, &'a str)>,
    next: usize,
    depth: usize,
    tests: usize,
    /// Windows that counted tests name, in their order.
    open: Vec<Option<Window>>,
    old: Vec<OldWord>,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.items.get(self.next).map(|(_, word)| *word)
    }

    /// Where the next word stands, or the end.
    fn at(&self) -> usize {
        self.items.get(self.next).map_or(self.text.trim_end().len(), |(at, _)| *at)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.peek().is_some_and(|next| next.eq_ignore_ascii_case(word));
        self.next += usize::from(found);
        found
    }

    fn word(&mut self, wanted: &str) -> Result<(usize, &'a str), Wrong> {
        let at = self.at();
        let word = self.peek().ok_or_else(|| (at, format!("the rule ends here: {wanted}")))?;
        self.next += 1;
        Ok((at, word))
    }

    fn any(&mut self) -> Result<Expr, Wrong> {
        let mut parts = vec![self.all()?];
        while self.take("or") {
            parts.push(self.all()?);
        }
        Ok(joined(parts, Expr::Any))
    }

    fn all(&mut self) -> Result<Expr, Wrong> {
        let mut parts = vec![self.one()?];
        while self.take("and") {
            parts.push(self.one()?);
        }
        Ok(joined(parts, Expr::All))
    }

    fn one(&mut self) -> Result<Expr, Wrong> {
        let at = self.at();
        if !self.take("(") {
            return self.test();
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err((at, format!("parentheses can be nested at most {MAX_DEPTH} deep")));
        }
        let inner = self.any()?;
        self.depth -= 1;
        if self.peek().is_some_and(|word| word.eq_ignore_ascii_case("for")) {
            return Err((self.at(), "`for` applies to the whole rule: put it at the end".into()));
        }
        match self.take(")") {
            true => Ok(inner),
            false => Err((at, "this `(` is not closed: add a `)`".into())),
        }
    }

    fn test(&mut self) -> Result<Expr, Wrong> {
        let (at, word) = self.word("write a comparison, like `mentions > 50`")?;
        self.tests += 1;
        if self.tests > MAX_TESTS {
            return Err((
                at,
                format!("a rule can have at most {MAX_TESTS} comparisons: split it into several alerts"),
            ));
        }
        if word.eq_ignore_ascii_case("stale") {
            return Ok(Expr::Stale(self.name("name the feed: `stale bluesky`")?));
        }
        if word.eq_ignore_ascii_case("series") {
            let name = self.name("name the series: `series load > 0.9`")?;
            let op = self.op()?;
            let (at, number, unit) = self.number()?;
            return match unit {
                "" => Ok(Expr::Test(Test { value: Value::Series(name), op, threshold: number })),
                _ => Err((at, no_unit(unit))),
            };
        }
        if Metric::named(word).or(Metric::formerly(word, true)).is_none() {
            return Err((at, unknown(word)));
        }
        let op = self.op()?;
        let (number_at, number, unit) = self.number()?;
        let metric = self.metric((at, word), unit).ok_or_else(|| (at, unknown(word)))?;
        let threshold = number * scale(metric, unit).map_err(|why| (number_at, why))?;
        let window = if self.take("over") { Some(self.window()?) } else { None };
        self.open.push(window);
        let value = Value::Counted(metric, Window::default());
        Ok(Expr::Test(Test { value, op, threshold }))
    }

    /// What a word means whose threshold has this unit.
    fn metric(&mut self, (at, word): (usize, &str), unit: &str) -> Option<Metric> {
        let old = Metric::formerly(word, unit == "%");
        self.old.extend(old.map(|metric| OldWord { at: at..at + word.len(), metric }));
        old.or_else(|| Metric::named(word))
    }

    /// A name as it is, or in quotes.
    fn name(&mut self, wanted: &str) -> Result<String, Wrong> {
        let (at, word) = self.word(wanted)?;
        let name = word.trim_matches(if word.starts_with('\'') { '\'' } else { '"' });
        match name.is_empty() || name.starts_with(['(', ')', '<', '>']) {
            true => Err((at, wanted.into())),
            false => Ok(name.into()),
        }
    }

    fn op(&mut self) -> Result<Op, Wrong> {
        let wanted = "use `>`, `>=`, `<` or `<=`";
        let (at, word) = self.word(wanted)?;
        let found = OPS.iter().find(|(name, _)| *name == word);
        found.map(|(_, op)| *op).ok_or_else(|| (at, format!("`{word}` is not a comparison: {wanted}")))
    }

    /// Where a number stands, the number, and its unit.
    fn number(&mut self) -> Result<(usize, f64, &'a str), Wrong> {
        let (at, word) = self.word("write a threshold, a number")?;
        let digits = word.find(|c: char| !"+-.0123456789".contains(c)).unwrap_or(word.len());
        let (number, mut unit) = word.split_at(digits);
        let number: f64 = number
            .parse()
            .ok()
            .filter(|n: &f64| n.is_finite())
            .ok_or_else(|| (at, format!("`{word}` is not a number")))?;
        if unit.is_empty() && self.peek().is_some_and(|next| next.starts_with('/') || next == "%") {
            unit = self.word("")?.1;
        }
        Ok((at, number, unit))
    }

    fn window(&mut self) -> Result<Window, Wrong> {
        let wanted = || format!("use one of {}", listed(Window::ALL.map(Window::name)));
        let (at, word) = self.word(&wanted())?;
        let window = Window::ALL.into_iter().find(|w| w.name() == word);
        window.ok_or_else(|| (at, format!("`{word}` is not a window: {}", wanted())))
    }

    /// `for 2m` at the end.
    fn lasting(&mut self) -> Result<Duration, Wrong> {
        if !self.take("for") {
            return Ok(Duration::ZERO);
        }
        let (at, word) = self.word("write a duration, like `for 2m`")?;
        let length = value::length_of(word).filter(|length| *length <= MAX_FOR);
        length.ok_or_else(|| {
            (at, format!("`{word}` is not a duration of at most one hour: write for example `90s` or `2m`"))
        })
    }
}

fn joined(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    if parts.len() > 1 { join(parts) } else { parts.remove(0) }
}

/// By what a number with this unit is multiplied to have the metric's own.
fn scale(metric: Metric, unit: &str) -> Result<f64, String> {
    match (metric.unit(), unit) {
        (Unit::PerMinute, "/min") => Ok(1.0),
        (Unit::PerMinute, "/s") => Ok(60.0),
        (Unit::PerMinute, "/h") => Ok(1.0 / 60.0),
        (Unit::PerMinute, _) => Err("a rate needs a unit: `/s`, `/min` or `/h`".into()),
        (Unit::PerCent | Unit::SignedPerCent, "%") | (Unit::Count, "") => Ok(1.0),
        (Unit::PerCent | Unit::SignedPerCent, _) => {
            Err("this is a share: write it with its `%`, like `40%`".into())
        }
        (Unit::Count, unit) => Err(no_unit(unit)),
    }
}

fn no_unit(unit: &str) -> String {
    format!("`{unit}` is not a unit for this: write just the number")
}

fn unknown(word: &str) -> String {
    let words = || Metric::ALL.map(Metric::name).into_iter().chain(["series", "stale"]);
    match nearest(word, words()) {
        Some(near) => format!("there is no `{word}`; did you mean `{near}`?"),
        None => format!("there is no `{word}`; use one of {}", listed(words())),
    }
}

#[cfg(test)]
mod tests;
