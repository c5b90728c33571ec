//! Says in the house's words what the TOML reader and serde found wrong.

use std::ops::Range;

use schemars::JsonSchema;
use toml::de::{DeValue, Error};

use crate::layout::problem::{Problem, listed, nearest};
use crate::layout::table_schema;

/// Names, documentation and limits of the keys of one table, from its schema.
pub struct Fields {
    pub schema: serde_json::Value,
    /// Keys that were read before and go without saying.
    shared: &'static [&'static str],
}

impl Fields {
    pub fn of<T: JsonSchema>(shared: &'static [&'static str]) -> Self {
        Self { schema: table_schema::inline::<T>(), shared }
    }

    fn names(&self) -> Vec<&str> {
        let keys = self.schema["properties"].as_object().map(|p| p.keys().map(String::as_str));
        self.shared.iter().copied().chain(keys.into_iter().flatten()).collect()
    }

    fn help(&self, key: &str) -> Option<String> {
        let words = self.schema["properties"][key]["description"].as_str()?;
        Some(words.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// A mistake in the TOML itself.
pub fn syntax(text: &str, error: &Error) -> Problem {
    let span = error.span().unwrap_or(text.len()..text.len());
    let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let problem = Problem::error("syntax", span, what);
    let problem = match expected {
        "" => problem.label("here"),
        expected => problem.label(format!("expected {expected}")),
    };
    match what {
        "duplicate key" => problem.help("A key can occur only once in its table: rename or remove one."),
        _ => problem
            .help("This is not valid TOML: look for a missing quote, bracket or `=` here or just above."),
    }
}

/// True when `error` is the lack of a key that was set aside because its value was wrong.
pub fn is_missing_one_of(error: &Error, aside: &[String]) -> bool {
    quoted(error.message(), "missing field ").is_some_and(|field| aside.iter().any(|a| a == field))
}

/// A value that serde could not take.
pub fn value(
    text: &str,
    error: &Error,
    span: &Range<usize>,
    table: &DeValue<'_>,
    fields: &Fields,
) -> Problem {
    let message = error.message();
    let key = key_around(table, span);
    if let Some(field) = quoted(message, "missing field ") {
        return missing(field, span, fields);
    }
    if let Some(found) = quoted(message, "unknown field ") {
        return unknown_field(found, message, span, fields, key.as_deref());
    }
    let help = key.as_deref().and_then(|k| fields.help(k));
    let name = key.map_or_else(|| "this".into(), |k| format!("`{k}`"));
    if let Some(found) = quoted(message, "unknown variant ") {
        return unknown_variant(found, message, span, &name);
    }
    let shown = text.get(span.clone()).unwrap_or_default();
    let problem = match wanted(message) {
        Some(wants) => {
            Problem::error("wrong-type", span.clone(), format!("{name} cannot be {}", shorten(shown)))
                .label(format!("this must be {wants}"))
        }
        None => {
            let (what, how) = message.split_once('\n').unwrap_or((message, ""));
            let problem =
                Problem::error("wrong-value", element(shown, what, span), format!("{name}: {what}"))
                    .label("here");
            if how.is_empty() { problem } else { problem.help(how) }
        }
    };
    match (problem.help.is_none(), help) {
        (true, Some(help)) => problem.help(help),
        _ => problem,
    }
}

/// The element of a list that `message` quotes; else the whole value.
fn element(shown: &str, message: &str, span: &Range<usize>) -> Range<usize> {
    let quoted =
        message.split('`').nth(1).filter(|_| shown.starts_with('[')).map(|word| format!("\"{word}\""));
    match quoted.and_then(|q| Some((shown.find(&q)?, q.len()))) {
        Some((at, length)) => span.start + at..span.start + at + length,
        None => span.clone(),
    }
}

fn missing(field: &str, span: &Range<usize>, fields: &Fields) -> Problem {
    let problem = Problem::error("missing-key", span.clone(), format!("`{field}` is missing"));
    let problem = problem.label("in this table");
    match fields.help(field) {
        Some(help) => problem.help(format!("{field}: {help}")),
        None => problem,
    }
}

fn unknown_field(
    found: &str,
    message: &str,
    span: &Range<usize>,
    fields: &Fields,
    key: Option<&str>,
) -> Problem {
    let own = fields.names();
    let told = alternatives(message);
    let names = if own.contains(&key.unwrap_or_default()) || own.is_empty() { &told } else { &own };
    let problem = Problem::error("unknown-key", span.clone(), format!("there is no key `{found}` here"));
    let problem = problem.help(match names.is_empty() {
        true => "This table has no keys of its own.".into(),
        false => format!("The keys are {}.", listed(names.iter().copied())),
    });
    let meant = MEANT.iter().find(|(word, _)| *word == found.to_lowercase());
    match (nearest(found, names.iter().copied()), meant) {
        (Some(near), _) => problem.label(format!("did you mean `{near}`?")),
        (None, Some((_, help))) => problem.label("not known").help(*help),
        (None, None) => problem.label("not known"),
    }
}

/// Keys that people look for where they are not, and what to write.
const MEANT: [(&str, &str); 14] = [
    ("color", OF_TOPIC),
    ("colour", OF_TOPIC),
    ("lang", ENGLISH),
    ("language", ENGLISH),
    ("locale", ENGLISH),
    ("font", FONTS),
    ("fonts", FONTS),
    ("font_family", FONTS),
    ("logo", "The logo belongs to the band: `[theme] logo = \"logo.png\"`."),
    ("background", "Set the colour of the background: `[theme] ground = \"#0b0e12\"`."),
    ("width", WIDTH),
    ("height", "The picture gives a tile its height: `3:` before a row makes it three parts high."),
    ("region", "A map has a `region`: give the tile `kind = \"heatmap\"`."),
    ("url", "For a code that phones read: `kind = \"qr\"` with `text`. A feed is a table: `[feed.NAME]`."),
];
const OF_TOPIC: &str =
    "A tile has the colour of its topic: write `color = 2` under `[topic.NAME]`, or set `[theme] topics`.";
const ENGLISH: &str = "The words of the wall itself are English. For mentions in one language, write `lang:de` in a topic's `query`.";
const FONTS: &str = "Typefaces belong to the theme: `[theme] fonts = [\"Brand-Regular.otf\"]`.";
const WIDTH: &str = "The picture gives a tile its width: repeat its name, or add a line such as `cols: 2 1`.";

fn unknown_variant(found: &str, message: &str, span: &Range<usize>, name: &str) -> Problem {
    let choices = alternatives(message);
    let problem = Problem::error("wrong-value", span.clone(), format!("{name} cannot be \"{found}\""))
        .help(format!("It is one of {}.", listed(choices.iter().copied())));
    match nearest(found, choices.iter().copied()) {
        Some(near) => problem.label(format!("did you mean \"{near}\"?")),
        None => problem.label("not known"),
    }
}

/// The word in backticks after `prefix`.
fn quoted<'a>(message: &'a str, prefix: &str) -> Option<&'a str> {
    message.strip_prefix(prefix)?.strip_prefix('`')?.split('`').next()
}

/// The words in backticks after `expected`.
fn alternatives(message: &str) -> Vec<&str> {
    let after = message.split_once("expected ").map_or("", |(_, after)| after);
    after.split('`').skip(1).step_by(2).collect()
}

/// What serde wanted, as people say it.
fn wanted(message: &str) -> Option<String> {
    if !message.starts_with("invalid ") {
        return None;
    }
    let expected = message.rsplit_once("expected ")?.1;
    Some(match expected {
        "f32" | "f64" => "a number".into(),
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more".into(),
        "a boolean" => "true or false".into(),
        "a string" | "path string" => "text in quotes".into(),
        "a sequence" => "a list in brackets".into(),
        "a map" => "a table".into(),
        other => match other.strip_prefix("an array of length ") {
            Some(n) => format!("{n} values in brackets"),
            None if other.starts_with("struct ") => "a table".into(),
            None => other.into(),
        },
    })
}

/// The top key of `table` in whose name or value `span` lies.
fn key_around(table: &DeValue<'_>, span: &Range<usize>) -> Option<String> {
    let holds = |outer: Range<usize>| outer.start <= span.start && span.end <= outer.end;
    let mut entries = table.as_table()?.iter();
    entries.find(|(k, v)| holds(k.span()) || holds(v.span())).map(|(k, _)| k.get_ref().to_string())
}

/// What a value is, as people say it.
pub fn type_words(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

/// At most 40 characters of the first line.
fn shorten(shown: &str) -> String {
    let line = shown.lines().next().unwrap_or_default();
    match line.chars().nth(40) {
        Some(_) => line.chars().take(39).chain(['…']).collect(),
        None => line.into(),
    }
}
