//! Cuts a query into its items: words, quoted phrases, fields, operators and parentheses.

use std::ops::Range;

use super::fault::Fault;
use super::field::{self, Written};
use crate::mention::reading;

/// Most words that `NEAR/n` may lie apart.
pub const MAX_NEAR: u32 = 100;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Item<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    Near(u32),
    Word(&'a str),
    Quote(&'a str),
    Field(Written<'a>),
}

/// The items of a query, each with its bytes.
pub fn scan(text: &str) -> Result<Vec<(Range<usize>, Item<'_>)>, Fault> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let (item, end) = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '(' | '（' => (Item::Open, at + c.len_utf8()),
            ')' | '）' => (Item::Close, at + c.len_utf8()),
            '-' | '‐' | '‑' | '–' | '−' | '－' if negates(&text[at + c.len_utf8()..]) => {
                (Item::Not, at + c.len_utf8())
            }
            c if is_quote(c) => {
                let (inside, end) = quoted(text, at)?;
                (Item::Quote(&text[inside]), end)
            }
            _ => word(text, at)?,
        };
        items.push((at..end, item));
        at = end;
    }
    Ok(items)
}

/// Whether a `-` before `rest` stands for `NOT`.
fn negates(rest: &str) -> bool {
    let first = rest.chars().next();
    first.is_some_and(|c| {
        !c.is_whitespace() && (!c.is_ascii_punctuation() || matches!(c, '#' | '@' | '"' | '('))
    })
}

/// What stands between the quote at `at` and the next one, and where the latter ends.
fn quoted(text: &str, at: usize) -> Result<(Range<usize>, usize), Fault> {
    let start = at + text[at..].chars().next().map_or(0, char::len_utf8);
    let Some(length) = text[start..].find(is_quote) else {
        return Err((at, "this quote is not closed: add a `\"` after the phrase".into()));
    };
    let end = start + length;
    Ok((start..end, end + text[end..].chars().next().map_or(0, char::len_utf8)))
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」' | '『' | '』' | '＂')
}

/// Whether the quote at `at` is the mark within a Hebrew word: `צה"ל`.
fn is_hebrew(text: &str, at: usize) -> bool {
    let is_letter = |c: char| ('\u{5d0}'..='\u{5ea}').contains(&c);
    text[..at].ends_with(is_letter)
        && text[at..].strip_prefix('"').is_some_and(|rest| rest.starts_with(is_letter))
}

/// The word at `at`, and where it ends.
fn word(text: &str, at: usize) -> Result<(Item<'_>, usize), Fault> {
    let ends = |(i, c): &(usize, char)| {
        c.is_whitespace() || matches!(c, '(' | ')' | '（' | '）') || is_quote(*c) && !is_hebrew(text, at + i)
    };
    let end = text[at..].char_indices().find(ends).map_or(text.len(), |(length, _)| at + length);
    let word = &text[at..end];
    Ok(match &*reading(word) {
        "AND" => (Item::And, end),
        "OR" => (Item::Or, end),
        "NOT" => (Item::Not, end),
        plain if is_near(plain) => (Item::Near(near(plain, at)?), end),
        _ => match split(word) {
            Some((name, sign)) => field(text, at..end, name, sign)?,
            None => (Item::Word(word), end),
        },
    })
}

/// The name and the sign at which a field begins: letters and then `:` or a comparison.
fn split(word: &str) -> Option<(&str, &str)> {
    let name = &word[..word.find(|c: char| !c.is_ascii_alphabetic())?];
    let rest = &word[name.len()..];
    let sign = [">=", "<=", ":", "：", ">", "<", "="].into_iter().find(|sign| rest.starts_with(sign))?;
    let is_address = sign == ":" && rest[1..].starts_with("//");
    let meant = if sign == "：" { ":" } else { sign };
    (!name.is_empty() && !is_address && field::is_meant(name, meant, &rest[sign.len()..]))
        .then_some((name, sign))
}

fn field<'a>(
    text: &'a str,
    word: Range<usize>,
    name: &'a str,
    sign: &'a str,
) -> Result<(Item<'a>, usize), Fault> {
    let value_at = word.start + name.len() + sign.len();
    let opens = value_at == word.end && text[value_at..].starts_with(is_quote);
    let (value, end) = if opens { quoted(text, value_at)? } else { (value_at..word.end, word.end) };
    let sign = if sign == "：" { ":" } else { sign };
    let written = Written { name, sign, value: &text[value.clone()], value_at: value.start };
    Ok((Item::Field(written), end))
}

/// `NEAR`, alone or with anything but letters behind it.
fn is_near(word: &str) -> bool {
    word.strip_prefix("NEAR").is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
}

fn near(word: &str, at: usize) -> Result<u32, Fault> {
    let within = word.strip_prefix("NEAR/").and_then(|n| n.parse().ok());
    within
        .filter(|n| (1..=MAX_NEAR).contains(n))
        .ok_or_else(|| (at, format!("add how many words apart at most, 1 to {MAX_NEAR}: `NEAR/5`")))
}
