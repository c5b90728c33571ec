//! A document that was handed over whole: one mention, a list of them, one a line, or foreign
//! records that lie somewhere in it.

use std::sync::Arc;

use serde_json::Value;
use serde_json_path::JsonPath;

use super::json_text::{self, NOT_JSON};
use super::map;
use super::outlet::{Closed, Outlet};
use super::record::{Garbage, Shape};
use crate::clock::Time;
use crate::layout::wall::FieldMap;
use crate::mention::Mention;
use crate::mention::source::MAX_BATCH;

/// Most records of one document.
pub(super) const MAX_RECORDS: usize = 16_384;
/// Mentions between two confirmations: so many lie within one batch.
const SETTLE_EVERY: usize = MAX_BATCH / 2;

/// Where the records of a document lie, and their shape.
#[derive(Debug)]
pub(super) struct Payload {
    items: Option<JsonPath>,
    shape: Shape,
}

/// What a document held.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Found {
    pub mentions: Vec<Mention>,
    /// One for each record that could not be read.
    pub garbage: Vec<Garbage>,
}

impl Payload {
    /// Fails with the first path that is not a JSONPath.
    pub fn new(items: Option<&str>, map: Option<&FieldMap>) -> Result<Self, String> {
        let items = items.map(map::parse).transpose().map_err(|why| format!("`items`: {why}"))?;
        Ok(Self { items, shape: Shape::new(map)? })
    }

    /// Whether records are read by a map.
    pub fn is_foreign(&self) -> bool {
        matches!(self.shape, Shape::Foreign(_))
    }

    /// Reads a document; fails when it is no JSON at all, or holds more than [`MAX_RECORDS`].
    pub fn read(&self, body: &[u8], source: &Arc<str>, received: Time) -> Result<Found, Garbage> {
        let mut found = Found::default();
        if let Ok((document, left_out)) = json_text::document(body) {
            (0..left_out).try_for_each(|_| found.note(NOT_JSON))?;
            self.take(&document, source, received, &mut found)?;
            return Ok(found);
        }
        let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
        for line in lines {
            match json_text::typed(line).map(|document| vec![document]).or_else(|_| json_text::sequence(line))
            {
                Ok(documents) => {
                    documents.iter().try_for_each(|one| self.take(one, source, received, &mut found))?;
                }
                Err(why) => found.note(why)?,
            }
        }
        let nothing = found.mentions.is_empty() && found.garbage.iter().all(|why| *why == NOT_JSON);
        if nothing { Err(NOT_JSON) } else { Ok(found) }
    }

    fn take(
        &self,
        document: &Value,
        source: &Arc<str>,
        received: Time,
        found: &mut Found,
    ) -> Result<(), Garbage> {
        let records: Vec<&Value> = match &self.items {
            Some(items) => items.query(document).into_iter().flat_map(each).collect(),
            None => each(document).collect(),
        };
        for record in records {
            match self.shape.read_value(record, source, received) {
                Ok(Some(mention)) if found.has_room() => found.mentions.push(mention),
                Ok(Some(_)) => return Err(TOO_MANY),
                Ok(None) => {}
                Err(why) => found.note(why)?,
            }
        }
        Ok(())
    }
}

/// Hands over mentions and, with the last of them, where the feed goes on; comes back when they are
/// safe, and with false when not all of them will be.
pub(super) async fn keep(
    mentions: Vec<Mention>,
    cursor: Option<String>,
    outlet: &mut Outlet,
) -> Result<bool, Closed> {
    let mut safe = true;
    let mut unsettled = 0;
    for mention in mentions {
        if unsettled == SETTLE_EVERY {
            safe &= outlet.settle().await?;
            unsettled = 0;
        }
        outlet.push(mention).await?;
        unsettled += 1;
    }
    if safe && let Some(cursor) = cursor {
        outlet.mark(cursor);
    }
    if outlet.is_waiting() {
        safe &= outlet.settle().await?;
    }
    Ok(safe)
}

const TOO_MANY: Garbage = Garbage("more than 16,384 records at once");

impl Found {
    fn has_room(&self) -> bool {
        self.mentions.len() + self.garbage.len() < MAX_RECORDS
    }

    fn note(&mut self, why: Garbage) -> Result<(), Garbage> {
        if !self.has_room() {
            return Err(TOO_MANY);
        }
        self.garbage.push(why);
        Ok(())
    }
}

/// The elements of a list, or the one value.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let (list, one) = match value {
        Value::Array(list) => (list.as_slice(), None),
        one => (&[][..], Some(one)),
    };
    list.iter().chain(one)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn read(
        items: Option<&str>,
        map: Option<&FieldMap>,
        body: &str,
    ) -> Result<(Vec<String>, usize), Garbage> {
        let payload = Payload::new(items, map).expect("the paths are right");
        let found = payload.read(body.as_bytes(), &"shop".into(), NOW)?;
        Ok((found.mentions.iter().map(|m| m.uid.to_string()).collect(), found.garbage.len()))
    }

    #[test]
    fn one_a_list_or_one_a_line() {
        for body in [
            r#"[{"uid":"a"},{"uid":"b"},{"no":"uid"}]"#,
            "{\"uid\":\"a\"}\r\n\n{\"uid\":\"b\"}\n{\"uid\":",
            "\u{feff}{\"uid\":\"a\"}\n[{\"uid\":\"b\"}]\n7",
        ] {
            assert_eq!(read(None, None, body), Ok((vec!["a".into(), "b".into()], 1)), "{body}");
        }
        for body in [
            "{\"uid\":\"a\"}{\"uid\":\"b\"}",
            "\u{1e}{\"uid\":\"a\"}\n\u{1e}{\"uid\":\"b\"}\n",
            "{\"uid\":\"a\"} [{\"uid\":\"b\"}]",
        ] {
            assert_eq!(read(None, None, body), Ok((vec!["a".into(), "b".into()], 0)), "{body}");
        }
        assert_eq!(read(None, None, " {\"uid\": \"a\"} "), Ok((vec!["a".into()], 0)));
        assert_eq!(read(None, None, "[]"), Ok((vec![], 0)));
        for body in ["", "x", "<feed/>", "\u{0}", &"[".repeat(100_000)] {
            assert_eq!(read(None, None, body), Err(Garbage("not JSON")));
        }
    }

    #[test]
    fn foreign_records_lie_where_the_layout_says() {
        let map = FieldMap { id: "$.n".into(), text: Some("$.t".into()), ..FieldMap::default() };
        let body = r#"{"docs":[{"n":1,"t":"one"},{"n":2},{"t":"no id"}],"other":[{"n":3}]}"#;
        for items in ["$.docs", "$.docs[*]"] {
            assert_eq!(read(Some(items), Some(&map), body), Ok((vec!["shop:1".into(), "shop:2".into()], 1)));
        }
        assert_eq!(read(Some("$.none"), Some(&map), body), Ok((vec![], 0)));
        assert!(Payload::new(Some("docs"), None).expect_err("no path").contains("`items`"));
    }

    #[test]
    fn a_flood_in_one_document_is_refused() {
        let body = format!("[{}]", vec![r#"{"uid":"a"}"#; MAX_RECORDS + 1].join(","));
        assert_eq!(read(None, None, &body), Err(TOO_MANY));
        assert_eq!(read(None, None, &"7\n".repeat(MAX_RECORDS + 1)), Err(TOO_MANY));
    }
}
