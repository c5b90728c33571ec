//! What can be read of a document in which an entry is broken: the entry is left out, the others stay.

use serde_json::{Value, json};

use super::limits::MAX_ENTRIES;
use crate::feed::decode::json_text;

/// Fields of an entry that JSON Feed has as texts and publishers also write as numbers.
const TEXTS: [&str; 9] = [
    "id",
    "url",
    "external_url",
    "title",
    "summary",
    "content_text",
    "content_html",
    "date_published",
    "date_modified",
];

/// What is left of a document without the entries that cannot be read, as `is_read` tells, and their
/// number; `None` where that is nothing, or where something else is broken.
pub fn without_broken(text: &str, is_read: &dyn Fn(&str) -> bool) -> Option<(String, usize)> {
    match text.starts_with(['{', '[']) {
        true => json(text, is_read),
        false => xml(text, is_read),
    }
}

fn json(text: &str, is_read: &dyn Fn(&str) -> bool) -> Option<(String, usize)> {
    let (mut feed, mut left_out) = json_text::document(text.as_bytes()).ok()?;
    let frame = json!({"version": feed.get("version")?, "title": ""});
    let title = feed.as_object_mut()?.entry("title").or_insert_with(|| "".into());
    textual(title);
    if title.is_null() {
        *title = "".into();
    }
    let items = feed.get_mut("items")?.as_array_mut()?;
    items.truncate(MAX_ENTRIES);
    items.retain_mut(|item| {
        TEXTS.iter().for_each(|field| item.get_mut(*field).map(textual).unwrap_or_default());
        let mut alone = frame.clone();
        alone["items"] = json!([item]);
        let good = is_read(&alone.to_string());
        left_out += usize::from(!good);
        good
    });
    Some((feed.to_string(), left_out))
}

/// Makes a number a text, and of anything else that is none nothing.
fn textual(value: &mut Value) {
    match value {
        Value::String(_) | Value::Null => {}
        Value::Number(number) => *value = number.to_string().into(),
        _ => *value = Value::Null,
    }
}

fn xml(text: &str, is_read: &dyn Fn(&str) -> bool) -> Option<(String, usize)> {
    let name = ["item", "entry"].into_iter().find(|name| starts(text, name).next().is_some())?;
    let starts: Vec<usize> = starts(text, name).take(MAX_ENTRIES).collect();
    let close = format!("</{name}>");
    let last = *starts.last()?;
    let end = text[last..].find(&close).map_or(text.len(), |end| last + end + close.len());
    let (head, tail) = (&text[..*starts.first()?], &text[end..]);
    let ends = starts.iter().skip(1).copied().chain([end]);
    let mut kept = String::with_capacity(text.len());
    let mut left_out = 0;
    for (start, end) in starts.iter().copied().zip(ends) {
        let entry = &text[start..end];
        let alone = [head, entry, tail].concat();
        match is_read(&alone) {
            true => kept.push_str(entry),
            false => left_out += 1,
        }
    }
    let some = left_out > 0 && !kept.is_empty();
    some.then(|| ([head, &kept, tail].concat(), left_out))
}

/// Where elements of a name begin.
fn starts<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = usize> + 't {
    text.match_indices('<').map(|(at, _)| at).filter(move |at| {
        let behind = text[at + 1..].strip_prefix(name);
        behind.is_some_and(|rest| rest.starts_with(|c: char| c == '>' || c.is_ascii_whitespace()))
    })
}

#[cfg(test)]
mod tests {
    use crate::clock::Time;
    use crate::feed::kinds::rss::context::DocumentContext;
    use crate::feed::kinds::rss::document;
    use crate::mention::Network;

    fn read(text: impl AsRef<[u8]>) -> Result<(Vec<String>, usize), String> {
        let frame = DocumentContext {
            source: &"feed".into(),
            network: Network::News,
            base: "https://a.example/feed",
            site: "https://a.example/feed",
            scope: "a",
            received: Time::from_secs(1_800_000_000),
        };
        let read = document::read(text.as_ref(), None, &frame)?;
        Ok((
            read.mentions.iter().filter_map(|m| m.text.as_deref().map(str::to_owned)).collect(),
            read.garbage,
        ))
    }

    #[test]
    fn an_ampersand_of_json_is_one() {
        let feed = r#"{"version":"https://jsonfeed.org/version/1.1","title":"A & B","items":[
            {"id":"1","title":"Q&A: is a<b?","content_text":"1 < 2 & 3 > 2"}]}"#;
        assert_eq!(read(feed), Ok((vec!["Q&A: is a<b? 1 < 2 & 3 > 2".into()], 0)));
    }

    #[test]
    fn an_entry_of_json_costs_itself() {
        let feed = r#"{"version":"https://jsonfeed.org/version/1.1","title":7,"items":[
            {"id":1,"title":"one"},{"id":"2","title":"half \ud83d"},{"id":"3","title":"x","tags":[5]},{"id":"4","title":"four"}]}"#;
        assert_eq!(read(feed), Ok((vec!["one".into(), "half \u{fffd}".into(), "four".into()], 1)));
    }

    #[test]
    fn an_entry_of_xml_costs_itself() {
        let feed = "<rss version=\"2.0\"><channel><title>P</title><item><title>one</title></item>\
            <item><title>two <b>bold</title></item><item><title>3 < 4 & 5</title></item></channel></rss>";
        assert_eq!(read(feed), Ok((vec!["one".into(), "3 < 4 & 5".into()], 1)));
        assert!(read("<rss version=\"2.0\"><channel><title>P</wrong><item/></channel></rss>").is_err());
    }

    #[test]
    fn a_byte_that_is_no_text_costs_itself() {
        let feed = [
            "<rss version=\"2.0\"><channel><title>P</title><item><title>電池 is fine</title></item><item><title>caf"
                .as_bytes(),
            b"\xe9 \x0b\0 x</title></item></channel></rss>",
        ]
        .concat();
        assert_eq!(read(feed), Ok((vec!["電池 is fine".into(), "caf\u{fffd} x".into()], 0)));
    }
}
