//! A document that was handed over whole: one mention, a list of them, one a line, or foreign
//! records that lie somewhere in it.

use std::sync::Arc;

use serde_json::Value;
use serde_json_path::JsonPath;

use super::error::DecodeError;
use super::json_path;
use super::json_text::{self, NOT_JSON};
use super::record::{RecordDecoder, Shape};
use crate::clock::Time;
use crate::layout::wall::FieldMap;
use crate::mention::Mention;

/// Most records of one document.
pub(in crate::feed) const MAX_RECORDS: usize = 16_384;
/// Where the records of a document lie, and their shape.
#[derive(Debug)]
pub(in crate::feed) struct Payload {
    items: Option<JsonPath>,
    shape: Shape,
}

/// What a document held.
#[derive(Debug, Default, PartialEq)]
pub(in crate::feed) struct Found {
    pub mentions: Vec<Mention>,
    /// One for each record that could not be read.
    pub garbage: Vec<DecodeError>,
}

impl Payload {
    /// Fails with the first path that is not a JSONPath.
    pub fn new(
        items: Option<&str>,
        map: Option<&FieldMap>,
        own: &'static dyn RecordDecoder,
    ) -> Result<Self, String> {
        let items = items.map(json_path::parse).transpose().map_err(|why| format!("`items`: {why}"))?;
        Ok(Self { items, shape: Shape::new(map, own)? })
    }

    /// Whether records are read by a map.
    pub fn is_foreign(&self) -> bool {
        matches!(self.shape, Shape::Foreign(_))
    }

    /// Reads a document; fails when it is no JSON at all, or holds more than [`MAX_RECORDS`].
    pub fn read(&self, body: &[u8], source: &Arc<str>, received: Time) -> Result<Found, DecodeError> {
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
    ) -> Result<(), DecodeError> {
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

const TOO_MANY: DecodeError = DecodeError("more than 16,384 records at once");

impl Found {
    fn has_room(&self) -> bool {
        self.mentions.len() + self.garbage.len() < MAX_RECORDS
    }

    fn note(&mut self, why: DecodeError) -> Result<(), DecodeError> {
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
    use crate::feed::kinds::self_described::CanonicalOrJetstream;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn read(
        items: Option<&str>,
        map: Option<&FieldMap>,
        body: &str,
    ) -> Result<(Vec<String>, usize), DecodeError> {
        let payload = Payload::new(items, map, &CanonicalOrJetstream).expect("the paths are right");
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
            assert_eq!(read(None, None, body), Err(DecodeError("not JSON")));
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
        assert!(
            Payload::new(Some("docs"), None, &CanonicalOrJetstream).expect_err("no path").contains("`items`")
        );
    }

    #[test]
    fn a_flood_in_one_document_is_refused() {
        let body = format!("[{}]", vec![r#"{"uid":"a"}"#; MAX_RECORDS + 1].join(","));
        assert_eq!(read(None, None, &body), Err(TOO_MANY));
        assert_eq!(read(None, None, &"7\n".repeat(MAX_RECORDS + 1)), Err(TOO_MANY));
    }
}
