//! The expectations that the files of `feedparser` carry, as far as a mention can meet them.

use std::sync::Arc;

use crate::feed::decode::html;
use crate::feed::kinds::rss::document::Document;
use crate::mention::{Mention, clean_text};

pub enum Verdict {
    Met,
    Missed(String),
    /// It says nothing that a mention has.
    None,
}

impl Verdict {
    fn of(found: Option<&str>, wanted: &str) -> Self {
        if found.unwrap_or_default() == wanted {
            Self::Met
        } else {
            Self::Missed(format!("{found:?} is not {wanted:?}"))
        }
    }
}

/// What the document makes of `expect`, a comparison in Python.
pub fn judge(document: &Document, expect: &str) -> Verdict {
    let expect = expect.trim_start_matches("not bozo and ");
    if let Some((_, point)) = expect.split_once("['where']['coordinates'] == (") {
        return place(document, point);
    }
    let Some((of, field, value)) = comparison(expect) else { return Verdict::None };
    match (of, document.mentions.first()) {
        ("feed", _) if field == "title" => words(document.title.as_deref(), &value),
        ("entries[0]", mention) => entry(mention, &field, &value),
        _ => Verdict::None,
    }
}

fn entry(mention: Option<&Mention>, field: &str, value: &str) -> Verdict {
    let text = |of: fn(&Mention) -> Option<&Arc<str>>| mention.and_then(of).map(|text| &**text);
    match field {
        "title" | "description" | "summary" => words(text(|m| m.text.as_ref()), value),
        "id" | "guid" => {
            let uid = text(|m| Some(&m.uid)).map(|uid| uid.trim_start_matches("f:").trim_start_matches("s/"));
            Verdict::of(uid, value)
        }
        "link" => Verdict::of(text(|m| m.url.as_ref()), value),
        "author" => Verdict::of(text(|m| m.author.as_ref()?.name.as_ref()), value),
        "language" => Verdict::of(text(|m| m.lang.as_ref()), value),
        _ => Verdict::None,
    }
}

/// Title and summary stand in one text.
fn words(found: Option<&str>, value: &str) -> Verdict {
    let plain = |text: &str| clean_text(text).as_deref().unwrap_or_default().to_owned();
    let (found, wanted) = (found.unwrap_or_default(), plain(&html::plain(value)));
    let among = found.starts_with(&wanted) || found.ends_with(&format!(" – {wanted}"));
    let literal = found == plain(value);
    if (among && !wanted.is_empty()) || literal { Verdict::Met } else { Verdict::of(Some(found), &wanted) }
}

/// `31.17, 36.93)`: longitude first.
fn place(document: &Document, point: &str) -> Verdict {
    let mut numbers = point.trim_end_matches(')').split(", ").map(|n| n.parse::<f32>().ok());
    let (lon, lat) = (numbers.next().flatten(), numbers.next().flatten());
    let geo = document.mentions.first().and_then(|m| m.geo.as_ref());
    let found = geo.map(|geo| format!("{} {}", geo.lon, geo.lat));
    let Some((lon, lat)) = lon.zip(lat) else { return Verdict::None };
    Verdict::of(found.as_deref(), &format!("{lon} {lat}"))
}

/// `entries[0]['field'] == 'text'`, and nothing behind it.
fn comparison(expect: &str) -> Option<(&'static str, String, String)> {
    let of = ["feed", "entries[0]"].into_iter().find(|of| expect.starts_with(of))?;
    let (field, value) = expect[of.len()..].strip_prefix("['")?.split_once("'] == ")?;
    let value = value.trim().trim_start_matches('u');
    let quote = value.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let value = value[1..].strip_suffix(quote)?;
    (!field.contains('\'') && !value.contains(quote)).then(|| (of, field.to_owned(), unescape(value)))
}

/// A string of Python.
fn unescape(value: &str) -> String {
    let (mut out, mut rest) = (String::new(), value);
    while let Some((before, after)) = rest.split_once('\\') {
        out += before;
        let kind = after.chars().next().unwrap_or('\\');
        let digits = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        match kind {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            _ if digits > 0 => {
                let code = after.get(1..1 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                out.extend(code.and_then(char::from_u32));
            }
            other => out.push(other),
        }
        rest = after.get(kind.len_utf8() + digits..).unwrap_or_default();
    }
    out + rest
}
