//! Where each key and value of a layout file stands, by its path.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use toml::de::{DeTable, DeValue};

/// Bytes of every key and value of one file.
#[derive(Clone, Debug, Default)]
pub struct Places {
    text: Arc<str>,
    spans: FxHashMap<String, (Range<usize>, Range<usize>)>,
}

impl Places {
    pub(super) fn of(text: &Arc<str>, root: &DeTable<'_>) -> Self {
        let mut places = Self { text: text.clone(), spans: FxHashMap::default() };
        places.walk(&mut Vec::new(), root);
        places
    }

    fn walk(&mut self, path: &mut Vec<String>, table: &DeTable<'_>) {
        for (key, value) in table {
            path.push(key.get_ref().to_string());
            self.spans.insert(joined(path), (key.span(), value.span()));
            self.descend(path, value.get_ref());
            path.pop();
        }
    }

    fn descend(&mut self, path: &mut Vec<String>, value: &DeValue<'_>) {
        match value {
            DeValue::Table(table) => self.walk(path, table),
            DeValue::Array(array) => {
                for (i, element) in array.iter().enumerate() {
                    path.push(i.to_string());
                    self.spans.insert(joined(path), (element.span(), element.span()));
                    self.descend(path, element.get_ref());
                    path.pop();
                }
            }
            _ => {}
        }
    }

    /// What stands below `path` also answers to `alias`.
    pub(super) fn alias(&mut self, path: &[&str], alias: &[&str]) {
        let (from, to) = (path.join(SEPARATOR), alias.join(SEPARATOR));
        let is_below = |rest: &str| rest.is_empty() || rest.starts_with(SEPARATOR);
        let found = self.spans.iter().filter_map(|(name, span)| {
            let rest = name.strip_prefix(&from).filter(|rest| is_below(rest))?;
            Some((format!("{to}{rest}"), span.clone()))
        });
        let found: Vec<_> = found.collect();
        self.spans.extend(found);
    }

    /// The table at `path` is not counted among its neighbours any more.
    pub(super) fn forget(&mut self, path: &[&str]) {
        self.spans.remove(&path.join(SEPARATOR));
    }

    /// True when the file has this key.
    pub fn has(&self, path: &[&str]) -> bool {
        self.spans.contains_key(&path.join(SEPARATOR))
    }

    /// Names of the keys of a table, in the order of the file.
    pub fn children(&self, path: &[&str]) -> Vec<&str> {
        let parent: String = path.iter().map(|part| format!("{part}{SEPARATOR}")).collect();
        let own = |(name, (key, _)): (&'_ String, &(Range<usize>, _))| (key.start, name.len());
        let mut children: Vec<(&str, (usize, usize))> = self
            .spans
            .iter()
            .filter_map(|entry| Some((entry.0.strip_prefix(&parent)?, own(entry))))
            .filter(|(name, _)| !name.contains(SEPARATOR))
            .collect();
        children.sort_by_key(|(_, place)| *place);
        children.into_iter().map(|(name, _)| name).collect()
    }

    /// Where the key stands; where the file lacks it, the nearest table around it.
    pub fn key(&self, path: &[&str]) -> Range<usize> {
        self.find(path, |(key, _)| key.clone())
    }

    /// Where the value stands; where the file lacks it, the nearest table around it.
    pub fn value(&self, path: &[&str]) -> Range<usize> {
        match self.spans.get(&path.join(SEPARATOR)) {
            Some((_, value)) => value.clone(),
            None => self.key(path),
        }
    }

    /// Where a part of a text value stands. The whole value when it is written with escapes.
    pub fn inside(&self, path: &[&str], text: &str, part: Range<usize>) -> Range<usize> {
        let value = self.value(path);
        let raw = self.text.get(value.clone()).unwrap_or_default();
        match raw.find(text) {
            Some(start) if !text.is_empty() => {
                let from = value.start + start;
                from + part.start.min(text.len())..from + part.end.min(text.len())
            }
            _ => value,
        }
    }

    fn find(
        &self,
        path: &[&str],
        pick: impl Fn(&(Range<usize>, Range<usize>)) -> Range<usize>,
    ) -> Range<usize> {
        let ancestors = (1..=path.len()).rev().map(|n| path[..n].join(SEPARATOR));
        ancestors.filter_map(|p| self.spans.get(&p)).map(pick).next().unwrap_or(0..0)
    }
}

/// Stands between the parts of a path; no key can hold it.
const SEPARATOR: &str = "\u{0}";

fn joined(path: &[String]) -> String {
    path.join(SEPARATOR)
}
