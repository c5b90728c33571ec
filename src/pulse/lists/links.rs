//! What people link to: host and path of each address, so that the same page is one however it was
//! reached. What follows people (`utm_source`, `fbclid`) and all else of the query is left out, but
//! for the few keys that alone say which page it is; so are user, password, port and fragment.
//!
//! Links come from beside the words, where a source tells them whole, and from the words. Words that
//! show a link shortened are not another one. A mention's own address counts only where it is an
//! article's: the permalink of a post is where it was said, not what it is about.

mod page;

use std::ops::Range;
use std::sync::Arc;

use self::page::{decoded, host, read};
use crate::mention::{Kind, MAX_LINKS, Mention, Network};
use crate::query::tokens::address_length;

/// Tells `found` the hash of each page that a mention links to, whose text in its read form is `text`,
/// and appends how it is shown to `made`; at most [`MAX_LINKS`], the same page once.
pub fn find(mention: &Mention, text: &str, made: &mut String, mut found: impl FnMut(u64, Range<usize>)) {
    let mut known = [0; MAX_LINKS];
    let mut count = 0;
    let (own, own_page) = own(mention, made);
    let beside = mention.links.iter().map(|link| &**link);
    let said = said(text, &mention.links);
    let all = own.into_iter().chain(beside).map(|address| (address, own_page)).chain(said.map(|a| (a, None)));
    for (address, not) in all {
        let start = made.len();
        let Some(hash) = read(address, made) else { continue };
        if not == Some(hash) || known[..count].contains(&hash) {
            made.truncate(start);
            continue;
        }
        known[count] = hash;
        count += 1;
        found(hash, start..made.len());
        if count == MAX_LINKS {
            return;
        }
    }
}

/// A mention's own address where it counts; else, if it may stand among the links, which page it
/// is: nobody links to himself.
fn own<'m>(mention: &'m Mention, made: &mut String) -> (Option<&'m str>, Option<u64>) {
    let own = mention.url.as_deref();
    if is_article(mention) || mention.links.is_empty() {
        return (own.filter(|_| is_article(mention)), None);
    }
    let start = made.len();
    let page = own.and_then(|own| read(own, made));
    made.truncate(start);
    (None, page)
}

/// Whether a mention's own address is that of an article rather than of a post.
fn is_article(mention: &Mention) -> bool {
    mention.kind == Kind::Article || matches!(mention.network, Network::News | Network::Blog)
}

/// The addresses in a text that are not told whole by one of the `links` beside it.
fn said<'a>(text: &'a str, links: &'a [Arc<str>]) -> impl Iterator<Item = &'a str> {
    let is_told = |address: &Address<'_>| {
        let short = links.iter().any(|link| address.is_cut && begins(link, address.text));
        short || (!links.is_empty() && bare(address.text).starts_with("t.co/"))
    };
    addresses(text).filter(move |address| !is_told(address)).map(|address| address.text)
}

/// Whether an address begins with another.
fn begins(whole: &str, start: &str) -> bool {
    let parts = |address| {
        let (authority, path) = bare(address).split_once('/').unwrap_or((bare(address), ""));
        Some((host(authority)?, decoded(path)))
    };
    let (Some((host, path)), Some((start_host, start))) = (parts(whole), parts(start)) else { return false };
    host == start_host && path.starts_with(&*start)
}

/// An address without scheme and `www.`.
fn bare(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let www = rest.get(..4).is_some_and(|head| head.eq_ignore_ascii_case("www."));
    if www { &rest[4..] } else { rest }
}

/// An address that stands in a text.
struct Address<'a> {
    text: &'a str,
    /// Dots behind it say that there is more of it, or of the sentence.
    is_cut: bool,
}

/// The addresses that stand in a text.
fn addresses(text: &str) -> impl Iterator<Item = Address<'_>> {
    let may = text.contains("://") || text.contains("www.");
    let mut rest = if may { text } else { "" };
    std::iter::from_fn(move || {
        let at = begin(rest)?;
        let tail = &rest[at..];
        let (address, after) = tail.split_at(address_length(tail));
        rest = after;
        let text = trimmed(address);
        let is_cut = address[text.len()..].starts_with('…') || address[text.len()..].starts_with("...");
        Some(Address { text, is_cut })
    })
}

/// Where the first address begins.
fn begin(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let is =
        |at: usize, what: &[u8]| bytes[at..].get(..what.len()).is_some_and(|b| b.eq_ignore_ascii_case(what));
    let apart = |at: usize| at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
    (0..bytes.len()).find(|&at| match bytes[at] {
        b'h' | b'H' => is(at, b"https://") || is(at, b"http://"),
        b'w' | b'W' => is(at, b"www.") && apart(at),
        _ => false,
    })
}

/// Without what ends the sentence rather than the address.
fn trimmed(address: &str) -> &str {
    let ends =
        |c: char| matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '…' | '。' | '、' | '*' | '_');
    let mut rest = address.trim_end_matches(ends);
    for (open, close) in [('(', ')'), ('[', ']'), ('{', '}')] {
        while rest.ends_with(close) && rest.matches(close).count() > rest.matches(open).count() {
            rest = rest[..rest.len() - close.len_utf8()].trim_end_matches(ends);
        }
    }
    rest
}

#[cfg(test)]
mod tests;
