//! `fishbowl topics`: what the topics of a layout listen for, and which of them a text belongs to.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};

use crate::layout::LayoutFile;
use crate::layout::problem::Report;
use crate::mention::Country;
use crate::pulse;
use crate::pulse::enrich::Enricher;
use crate::query::tokens::Tokens;
use crate::query::{Query, Subject, Why};
use serde_json::{Value, json};

use super::failure::Failure;
use super::tried::{self, Told};
use super::{check, output};

#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct TopicsArgs {
    /// Layout file
    layout: PathBuf,
    /// Text to try on the topics; `-` reads texts from standard input, one per line
    #[arg(long = "try", value_name = "TEXT|-", allow_hyphen_values = true)]
    text: Option<String>,
    /// Only these topics
    #[arg(long = "topic", value_name = "NAME")]
    topics: Vec<String>,
    /// Print one JSON object per line: a topic or, with --try, a text
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    told: Told,
}

const EXAMPLES: &str = "\
Without --try, the queries are explained in words. docs/topics.md describes the language.

Examples:
  fishbowl topics layouts/reference.toml
  fishbowl topics wall.toml --try 'The new phone is here'
  fishbowl topics wall.toml --try 'Die Aurora ist da' \\
      --lang de --from @dell --followers 12000
  fishbowl topics wall.toml --try 'thanks!' --reply \\
      --with tag:launch --topic service
  fishbowl topics wall.toml --try - --json < texts.txt";

/// One topic of the layout.
struct Topic<'a> {
    name: &'a str,
    written: &'a str,
    query: Query,
}

/// What became of one topic.
struct Outcome<'a> {
    topic: &'a Topic<'a>,
    matches: bool,
    why: Vec<Why>,
}

pub fn topics(args: &TopicsArgs) -> Result<(), Failure> {
    let file = layout(&args.layout)?;
    let topics = chosen(&file, &args.topics)?;
    match args.text.as_deref() {
        None if args.json => topics.iter().try_for_each(|topic| output::print_raw(record_of(topic))),
        None => topics.iter().try_for_each(|topic| output::print(listed(topic))),
        Some("-") => {
            for line in std::io::stdin().lock().lines() {
                attempt(args, &topics, &line?, true)?;
            }
            Ok(())
        }
        Some(text) => attempt(args, &topics, text, false),
    }
}

/// The layout; tells of its warnings those that are about queries.
fn layout(path: &Path) -> Result<LayoutFile, Failure> {
    let (file, report) = check::read(path).map_err(|report| {
        output::eprint_report(&report);
        format!("{} has errors; see above", path.display())
    })?;
    let problems = report.problems.iter().filter(|p| p.code == "lower-case-operator").cloned().collect();
    output::eprint_report(&Report { problems, ..report });
    Ok(file)
}

fn chosen<'a>(file: &'a LayoutFile, names: &[String]) -> Result<Vec<Topic<'a>>, Failure> {
    let mut topics = Vec::new();
    for (name, table) in
        file.topic.iter().filter(|(name, _)| names.is_empty() || names.iter().any(|n| n == name))
    {
        let query = Query::parse(&table.query).map_err(|(_, why)| format!("{name}: {why}"))?;
        topics.push(Topic { name, written: &table.query, query });
    }
    match names.iter().find(|name| !topics.iter().any(|topic| topic.name == name.as_str())) {
        Some(missing) => Err(format!("the layout has no topic `{missing}`").into()),
        None if topics.is_empty() => {
            Err("the layout has no topics: add a `[topic.name]` with a `query`".into())
        }
        None => Ok(topics),
    }
}

/// A topic for tools.
fn record_of(topic: &Topic<'_>) -> String {
    let words = topic.query.in_words();
    format!("{}\n", json!({ "topic": topic.name, "query": topic.written, "words": words }))
}

/// A topic in words.
fn listed(topic: &Topic<'_>) -> String {
    format!("{}\n  {}\n  {}\n", topic.name, topic.written.trim(), topic.query.in_words())
}

/// Tries one text and says what became of it; of many texts only what matches.
fn attempt(args: &TopicsArgs, topics: &[Topic<'_>], text: &str, is_one_of_many: bool) -> Result<(), Failure> {
    let (mention, has_geo) = tried::mention(&args.told, text)?;
    let learnt = Enricher::default().learn(&mention);
    let mut subject = pulse::subject(&mention, &learnt);
    subject.has_geo |= has_geo;
    if let Some(code) = &args.told.country {
        let country = Country::new(code);
        subject.country = Some(country.ok_or("a country is a two-letter code: --country US")?);
    }
    let mut tokens = Tokens::default();
    tokens.read(subject.text, topics.iter().any(|topic| topic.query.needs_plain()));
    let outcomes: Vec<Outcome<'_>> =
        topics.iter().map(|topic| Outcome::of(topic, &subject, &tokens)).collect();
    match args.json {
        true => output::print_raw(format!("{}\n", record(text, &subject, &outcomes))),
        false => output::print(told(text, &outcomes, is_one_of_many)),
    }
}

fn told(text: &str, outcomes: &[Outcome<'_>], is_one_of_many: bool) -> String {
    let mut out = if is_one_of_many { format!("{text}\n") } else { String::new() };
    let shown = outcomes.iter().filter(|outcome| outcome.matches || !is_one_of_many);
    shown.for_each(|outcome| out += &outcome.told());
    let count = outcomes.iter().filter(|outcome| outcome.matches).count();
    out + &format!("{count} of {} topics match\n", outcomes.len())
}

impl<'a> Outcome<'a> {
    fn of(topic: &'a Topic<'a>, subject: &Subject<'_>, tokens: &Tokens) -> Self {
        let matches = topic.query.matches(subject, tokens);
        Self { topic, matches, why: topic.query.why(subject, tokens) }
    }

    fn told(&self) -> String {
        let mut out = format!("{:<4} {}\n", if self.matches { "yes" } else { "no" }, self.topic.name);
        for why in &self.why {
            let part = self.topic.written.get(why.at.clone()).unwrap_or_default();
            let found = why.found.join(", ");
            out += &match (why.holds, found.as_str()) {
                (true, "") => format!("     {part}  holds: {}\n", why.asks),
                (true, found) => format!("     {part}  found: {found}\n"),
                (false, "") => format!("     {part}  missing: {}\n", why.asks),
                (false, found) => format!("     {part}  fails: {}; there is {found}\n", why.asks),
            };
        }
        out
    }

    fn record(&self) -> Value {
        let part = |why: &Why| {
            let part = self.topic.written.get(why.at.clone()).unwrap_or_default();
            json!({ "part": part, "asks": why.asks, "holds": why.holds, "found": why.found })
        };
        let why: Vec<Value> = self.why.iter().map(part).collect();
        json!({ "topic": self.topic.name, "matches": self.matches, "why": why })
    }
}

fn record(text: &str, subject: &Subject<'_>, outcomes: &[Outcome<'_>]) -> Value {
    let matches: Vec<&str> = outcomes.iter().filter(|o| o.matches).map(|o| o.topic.name).collect();
    let topics: Vec<Value> = outcomes.iter().map(Outcome::record).collect();
    json!({ "text": text, "lang": subject.lang, "matches": matches, "topics": topics })
}
