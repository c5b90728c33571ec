//! Reads one table of a layout file, whatever it is about: a key that cannot be read is reported, set
//! aside, and the rest of the table is read without it.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use crate::layout::explain::{self, Fields};
use crate::layout::limits;
use crate::layout::problem::{Problem, listed, nearest};

/// Most problems reported for one file.
pub const MAX_PROBLEMS: usize = 100;

pub type Value<'i> = Spanned<DeValue<'i>>;
pub type Entry<'i> = (Spanned<Cow<'i, str>>, Value<'i>);

/// Reads the tables of a text, and gathers what is wrong with them.
pub struct TableReader {
    text: Arc<str>,
    pub problems: Vec<Problem>,
}

impl TableReader {
    pub fn new(text: &Arc<str>) -> Self {
        Self { text: text.clone(), problems: Vec::new() }
    }

    /// Reads the same text, and gathers what is wrong with it by itself.
    pub fn apart(&self) -> Self {
        Self::new(&self.text)
    }

    /// The entries of a table, in the order of the file; none when it is not one.
    pub fn entries<'i>(&mut self, value: Value<'i>, what: &str) -> Vec<Entry<'i>> {
        match value.get_ref() {
            DeValue::Table(_) => match value.into_inner() {
                DeValue::Table(table) => in_order(table),
                _ => Vec::new(),
            },
            _ => {
                self.is_table(&value, what);
                Vec::new()
            }
        }
    }

    /// Whether it is a table; reported when it is not.
    pub fn is_table(&mut self, value: &Value<'_>, what: &str) -> bool {
        let is_table = value.get_ref().is_table();
        if !is_table {
            let message = format!("{what} must be a named table");
            let found = explain::type_words(value.get_ref());
            self.problems.push(
                Problem::error("wrong-type", value.span(), message).label(format!("this is {found}")).help(
                    format!(
                        "Write a header in brackets, like `[{}.NAME]`.",
                        what.rsplit(' ').next().unwrap_or(what)
                    ),
                ),
            );
        }
        is_table
    }

    /// Reads one table, setting aside the keys whose values cannot be taken.
    pub fn table<T: DeserializeOwned + JsonSchema>(&mut self, value: Value<'_>) -> Option<T> {
        self.beside(value, &[])
    }

    /// [`TableReader::table`] for a table whose `shared` keys were taken out before.
    pub fn beside<T: DeserializeOwned + JsonSchema>(
        &mut self,
        mut value: Value<'_>,
        shared: &'static [&'static str],
    ) -> Option<T> {
        let fields = Fields::of::<T>(shared);
        let mut aside: Vec<String> = Vec::new();
        for problem in limits::outside(value.get_ref(), &fields.schema) {
            aside.extend(set_aside(value.get_mut(), &problem.span));
            self.problems.push(problem);
        }
        for _ in 0..MAX_PROBLEMS {
            let error = match T::deserialize(ValueDeserializer::from(value.clone())) {
                Ok(table) => return Some(table),
                Err(error) => error,
            };
            let span = error.span().unwrap_or_else(|| value.span());
            if !explain::is_missing_one_of(&error, &aside) {
                let problem = explain::value(&self.text, &error, &span, value.get_ref(), &fields);
                self.problems.push(problem);
            }
            let table = value.span();
            match set_aside(value.get_mut(), &span).filter(|_| span != table) {
                Some(key) => aside.push(key),
                None => return None,
            }
        }
        None
    }

    /// Takes `kind` and the keys that every kind has out of a table.
    pub fn tagged<'i, C>(
        &mut self,
        value: Value<'i>,
        common: &[&str],
        kinds: &[&'static str],
    ) -> Option<(C, &'static str, Value<'i>)>
    where
        C: DeserializeOwned + JsonSchema + Default,
    {
        let span = value.span();
        let mut kind = None;
        let (mut shared, mut own) = (DeTable::new(), DeTable::new());
        for (key, value) in self.entries(value, "this") {
            match key.get_ref().as_ref() {
                "kind" => kind = Some(value),
                name if common.contains(&name) => drop(shared.insert(key, value)),
                _ => drop(own.insert(key, value)),
            }
        }
        let shared = self.table(Spanned::new(span.clone(), DeValue::Table(shared))).unwrap_or_default();
        let kind = self.kind(kind, &span, kinds)?;
        Some((shared, kind, Spanned::new(span, DeValue::Table(own))))
    }

    fn kind(
        &mut self,
        value: Option<Value<'_>>,
        table: &Range<usize>,
        kinds: &[&'static str],
    ) -> Option<&'static str> {
        let Some(value) = value else {
            let problem = Problem::error("missing-key", table.clone(), "`kind` is missing");
            let help = format!(
                "Add one, for example `kind = \"{}\"`. The kinds are {}.",
                kinds.first().unwrap_or(&"…"),
                listed(kinds.iter().copied())
            );
            self.problems.push(problem.label("in this table").help(help));
            return None;
        };
        let word = value.get_ref().as_str().unwrap_or_default();
        let found = kinds.iter().find(|k| **k == word).copied();
        if found.is_none() {
            let shown = self.text.get(value.span()).unwrap_or_default();
            let problem = Problem::error("unknown-kind", value.span(), format!("there is no kind {shown}"));
            let help = format!("It is one of {}.", listed(kinds.iter().copied()));
            self.problems.push(match nearest(word, kinds.iter().copied()) {
                Some(near) => problem.label(format!("did you mean \"{near}\"?")).help(help),
                None => problem.label("not known").help(help),
            });
        }
        found
    }
}

/// Entries in the order of the file: topics take their colours and displays their places from it.
pub fn in_order(table: DeTable<'_>) -> Vec<Entry<'_>> {
    let mut entries: Vec<_> = table.into_iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    entries
}

/// Removes the innermost entry that holds `span`; its name.
fn set_aside(value: &mut DeValue<'_>, span: &Range<usize>) -> Option<String> {
    let holds = |outer: &Range<usize>| outer.start <= span.start && span.end <= outer.end;
    match value {
        DeValue::Table(table) => {
            let (key, inner) = table.iter_mut().find(|(k, v)| holds(&k.span()) || holds(&v.span()))?;
            let name = key.get_ref().to_string();
            let within = holds(&inner.span()).then(|| set_aside(inner.get_mut(), span)).flatten();
            if within.is_some() {
                return within;
            }
            table.remove(name.as_str());
            Some(name)
        }
        DeValue::Array(array) => {
            let inner = array.iter_mut().find(|v| v.get_ref().is_table() && holds(&v.span()))?;
            set_aside(inner.get_mut(), span)
        }
        _ => None,
    }
}
