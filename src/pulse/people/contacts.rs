//! What stands in a text to say where somebody is found: addresses of mail and pages, and numbers
//! that look like a telephone's.

use std::ops::Range;

use crate::query::tokens::script;

/// Fewest and most digits of a telephone number.
const DIGITS: Range<usize> = 7..16;
/// What addresses begin with.
const SCHEMES: [&str; 7] = ["mailto:", "tel:", "sms:", "sip:", "xmpp:", "callto:", "skype:"];
/// How an `@` is hidden from machines.
const HIDDEN: [&str; 9] = ["(a)", "[a]", "-at-", "(at)", "[at]", "{at}", "<at>", "(ät)", "[ät]"];

/// Whether what stands at `at` is a part of an address.
pub fn is_address(text: &str, at: &Range<usize>) -> bool {
    let is_end = |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '”' | '«' | '»' | ',' | ';' | '|');
    let start = text[..at.start]
        .rfind(is_end)
        .map_or(0, |found| found + text[found..].chars().next().map_or(1, char::len_utf8));
    let end = text[at.end..].find(is_end).map_or(text.len(), |found| at.end + found);
    let within = at.start - start..at.end - start;
    is_one(&text[start..end], &within) || is_spelled_out(text, start, end)
}

/// Whether a part of a word without spaces belongs to an address. Where none are written between
/// words, there may be a whole sentence around it.
fn is_one(word: &str, part: &Range<usize>) -> bool {
    let small = word.to_ascii_lowercase();
    let begins = |at: usize| small[..at].trim_end_matches(|c: char| c.is_ascii_alphanumeric()).len();
    let schemes = small.match_indices("://").map(|(at, _)| begins(at));
    let starts = schemes.chain(SCHEMES.iter().filter_map(|scheme| small.find(scheme)));
    if HIDDEN.iter().any(|at| small.contains(at)) || starts.into_iter().any(|start| part.end > start) {
        return true;
    }
    if word.match_indices(['@', '＠']).any(|(at, sign)| is_mail(word, at..at + sign.len(), part)) {
        return true;
    }
    // Within brackets there may be words beside it.
    let is_end = |c: char| matches!(c, '(' | ')' | '[' | ']' | '<' | '>' | '{' | '}' | '…');
    let after = |at: usize| at + word[at..].chars().next().map_or(1, char::len_utf8);
    let start = word[..part.start].rfind(is_end).map_or(0, after);
    let end = word[part.end..].find(is_end).map_or(word.len(), |at| part.end + at);
    let bare = word[start..end].trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    is_host(bare) || ["u/", "/u/", "/user/"].iter().any(|user| bare.starts_with(user))
}

/// Whether the `@` at `at` is that of an address of mail to which `part` belongs.
fn is_mail(word: &str, at: Range<usize>, part: &Range<usize>) -> bool {
    let is_local =
        |c: char| (c.is_alphanumeric() && script(c).is_none()) || matches!(c, '.' | '_' | '-' | '+' | '%');
    let start = word[..at.start].trim_end_matches(is_local).len();
    let server = word[at.end..].trim_start_matches(|c: char| is_local(c) && c != '+' && c != '%');
    start < at.start && (start..word.len() - server.len()).contains(&part.start)
}

/// `name.example.org`, with or without a path.
fn is_host(bare: &str) -> bool {
    let host = bare.split(['/', ':', '?']).next().unwrap_or(bare);
    let is_label = |label: &str| {
        !label.is_empty()
            && label.chars().all(|c| c.is_alphabetic() || c.is_ascii_digit() || matches!(c, '-' | '_'))
    };
    let Some((before, top)) = host.rsplit_once('.') else { return false };
    let is_top = (2..=24).contains(&top.len()) && top.bytes().all(|b| b.is_ascii_lowercase());
    is_top && before.split('.').all(is_label)
}

/// `name at mail dot com`, and `name @ mail.com`: whether the word from `start` to `end` belongs to it.
fn is_spelled_out(text: &str, start: usize, end: usize) -> bool {
    let from = text[..start].char_indices().rev().nth(60).map_or(0, |(at, _)| at);
    let to = text[end..].char_indices().nth(60).map_or(text.len(), |(at, _)| end + at);
    let nearby = text[from..to].to_lowercase();
    if ![" at ", " @ ", " ät ", " arroba ", "at]", "at)", "at}"].iter().any(|at| nearby.contains(at)) {
        return false;
    }
    let words: Vec<(usize, String)> = text[from..to]
        .split_whitespace()
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word.to_lowercase()))
        .collect();
    let Some(mine) = words.iter().position(|(at, _)| *at == start) else { return false };
    let is_at = |word: &str| {
        matches!(word.trim_matches(['(', ')', '[', ']', '{', '}']), "at" | "@" | "ät" | "arroba")
    };
    let is_dot = |word: &str| {
        matches!(word.trim_matches(['(', ')', '[', ']', '{', '}']), "dot" | "punkt" | "punto" | "point" | ".")
    };
    (0..words.len()).filter(|i| *i > 0 && is_at(&words[*i].1)).any(|i| {
        let host =
            words.get(i + 1).map_or("", |(_, word)| word.trim_end_matches(|c: char| !c.is_alphanumeric()));
        let dotted = words.get(i + 2).is_some_and(|(_, word)| is_dot(word));
        let last = if dotted { i + 3 } else { i + 1 };
        (dotted || is_host(host)) && (i - 1..=last).contains(&mine)
    })
}

/// Whether a word holds as many digits as a telephone number.
pub fn is_number(word: &str) -> bool {
    DIGITS.start <= word.chars().filter(|c| c.is_numeric()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hides(text: &str, word: &str) -> bool {
        let start = text.find(word).expect("it stands there");
        is_address(text, &(start..start + word.len()))
    }

    #[test]
    fn every_part_of_an_address_is_one() {
        for (text, word) in [
            ("mail persgrubb@mail.example now", "persgrubb"),
            ("mail persgrubb@mail.example now", "mail.example"),
            ("(Zeb.Quack+x@Mail.example).", "Quack"),
            ("write to <ottofizz@mail.example>,", "ottofizz"),
            ("mailto:ottofizz@mail", "ottofizz"),
            ("ottofizz(at)mail.example", "ottofizz"),
            ("ottofizz [at] mail [dot] example", "ottofizz"),
            ("ottofizz at mail dot example", "mail"),
            ("ottofizz @ mail.example", "ottofizz"),
            ("see zebulon.bsky.social today", "zebulon"),
            ("see zebulon.example/about", "zebulon"),
            ("ftp://zebulon/x", "zebulon"),
            ("see Zebulon.example today", "Zebulon"),
            ("ottofizz(a)mail.example", "ottofizz"),
            ("ottofizz-at-mail.example", "ottofizz"),
            ("thanks u/zebulon", "zebulon"),
            ("„zebulon＠mail.example“", "zebulon"),
            ("連絡はzebulon@mail.exampleまで", "zebulon"),
        ] {
            assert!(hides(text, word), "{word} in {text}");
        }
    }

    #[test]
    fn words_are_no_addresses() {
        for (text, word) in [
            ("the battery lasts. Great phone", "battery"),
            ("the battery,great phone", "battery"),
            ("we met at noon", "met"),
            ("battery/charger", "battery"),
            ("and/or", "and"),
            ("It lasts.Great", "lasts"),
            ("battery: good", "battery"),
            ("見て＠山田さん", "見"),
            ("電池はzebulon@mail.exampleまで", "電池"),
            ("電池https://a.example", "電池"),
        ] {
            assert!(!hides(text, word), "{word} in {text}");
        }
        assert!(is_number("call01711234567") && is_number("٠١٧١١٢٣٤٥") && !is_number("SM123456"));
    }
}
