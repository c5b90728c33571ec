//! What people link to: host and path of each address, so that the same page is one however it was
//! reached. What follows people (`utm_source`, `fbclid`) and all else of the query is left out, but
//! for the few keys that alone say which page it is; so are user, password, port and fragment.
//!
//! Links come from beside the words, where a source tells them whole, and from the words. Words that
//! show a link shortened are not another one. A mention's own address counts only where it is an
//! article's: the permalink of a post is where it was said, not what it is about.

use std::borrow::Cow;
use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::mention::{Kind, MAX_LINKS, Mention, Network, clean_text};

/// Set apart from words that have the same hash.
const SALT: u64 = 0xbb67_ae85_84ca_a73b;
/// Longest address that is read, bytes; a longer one is no link.
const LONGEST: usize = 2_048;
/// Longest host and path that are shown, characters.
const SHOWN: usize = 44;
/// Longest part of a path that is shown, characters.
const PART: usize = 32;
/// From so many letters and digits without a word on, a part of a path may be a key to something.
const SECRET: usize = 20;
/// Keys of a query that say which page it is, by host.
const KEYS: [(&str, &str); 3] =
    [("youtube.com", "v"), ("news.ycombinator.com", "id"), ("facebook.com", "story_fbid")];

/// Hosts with another name.
const ALIASES: [(&str, &str); 4] = [
    ("m.youtube.com", "youtube.com"),
    ("twitter.com", "x.com"),
    ("mobile.twitter.com", "x.com"),
    ("m.facebook.com", "facebook.com"),
];

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
        let end = tail.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '”' | '»' | '」'));
        let (address, after) = tail.split_at(end.unwrap_or(tail.len()));
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

/// Appends how an address is shown and says which page it is; `None` for what is none.
fn read(address: &str, out: &mut String) -> Option<u64> {
    if address.len() > LONGEST {
        return None;
    }
    let address = match address.split_once(':') {
        Some((scheme, rest)) if ["http", "https"].iter().any(|web| scheme.eq_ignore_ascii_case(web)) => {
            rest.strip_prefix("//")?
        }
        Some((scheme, rest)) if rest.starts_with("//") && !scheme.contains(['.', '/']) => return None,
        _ => address,
    };
    let (address, _) = address.split_once('#').unwrap_or((address, ""));
    let (address, query) = address.split_once('?').unwrap_or((address, ""));
    let (authority, path) = address.split_once('/').unwrap_or((address, ""));
    let host = host(authority)?;
    let path = &*decoded(path.trim_end_matches('/'));
    let video = (host == "youtu.be" && is_key(path)).then(|| format!("v={path}"));
    let (host, path, page) = match &video {
        Some(video) => ("youtube.com", "watch", Some(video.as_str())),
        None => (&*host, path, key(&host, query)),
    };
    write(host, path, page, out);
    let mut hasher = FxHasher::default();
    (host, path, page).hash(&mut hasher);
    Some(hasher.finish() ^ SALT)
}

/// A path with its letters as people write them (`%E9%9B%BB` is 電); what would change its parts, and
/// what is no text, stays as it is.
fn decoded(path: &str) -> Cow<'_, str> {
    if !path.contains('%') {
        return path.into();
    }
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        let is_plain =
            |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"-._~@:!,()'".contains(byte);
        let byte = byte.filter(is_plain);
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).map_or(path.into(), Cow::Owned)
}

/// Whether it may be the key of a video.
fn is_key(text: &str) -> bool {
    (1..PART).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The host in small letters, without user, password, port and `www.`, by its usual name.
fn host(authority: &str) -> Option<String> {
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host).trim_end_matches('.').to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let host = ALIASES.iter().find(|(alias, _)| *alias == host).map_or(host, |(_, name)| name);
    let named = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
    let whole = host.contains('.') && host.len() <= 253 && host.chars().all(named);
    (whole && host.split('.').all(|label| !label.is_empty())).then(|| host.to_owned())
}

/// The part of the query without which the page is another.
fn key<'a>(host: &str, query: &'a str) -> Option<&'a str> {
    let (_, wanted) = KEYS.iter().find(|(known, _)| *known == host)?;
    query.split('&').find(|pair| pair.split('=').next() == Some(wanted) && pair.len() <= PART)
}

/// `host/path`, or where that is too long `host/…/last part`.
fn write(host: &str, path: &str, page: Option<&str>, out: &mut String) {
    let host = if host.chars().count() > SHOWN { cut(host) } else { host.to_owned() };
    let parts: Vec<String> = path.split('/').filter(|part| !part.is_empty()).map(shown).collect();
    let query = page.map_or(String::new(), |page| format!("?{page}"));
    let whole = parts.iter().fold(host.clone(), |all, part| all + "/" + part) + &query;
    if whole.chars().count() <= SHOWN {
        return out.push_str(&whole);
    }
    let last = parts.last().map_or("", String::as_str);
    let room = SHOWN.saturating_sub(host.chars().count() + 3);
    out.push_str(&host);
    out.push_str(if parts.len() > 1 { "/…/" } else { "/" });
    let end = last.char_indices().nth(room).map_or(last.len(), |(end, _)| end);
    out.push_str(&last[..end]);
    if end < last.len() {
        out.push('…');
    }
}

/// A part of a path as it may stand on a wall.
fn shown(part: &str) -> String {
    let letters = part.chars().filter(char::is_ascii_alphanumeric).count();
    let digits = part.chars().filter(char::is_ascii_digit).count();
    let words = part.matches(['-', '_', '.', '+']).count();
    let opaque = letters >= SECRET && digits > 0 && words * 12 < letters;
    let name = part.strip_prefix('@').unwrap_or(part);
    let foreign = name.contains(['%', '=', ';', '@']);
    let unfit = clean_text(part).as_deref() != Some(part);
    if opaque || foreign || unfit { "…".into() } else { cut(part) }
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(PART) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::clock::Time;
    use crate::mention::reading;

    fn mention(text: &str) -> Mention {
        Mention::new(&"test".into(), "1", Time::default(), Time::default()).with_text(text)
    }

    fn of(mention: &Mention) -> Vec<(u64, String)> {
        let (mut made, mut all) = (String::new(), Vec::new());
        let text = reading(mention.text.as_deref().unwrap_or(""));
        find(mention, &text, &mut made, |hash, range| all.push((hash, range)));
        all.into_iter().map(|(hash, range)| (hash, made[range].to_owned())).collect()
    }

    fn shown(text: &str) -> Vec<String> {
        of(&mention(text)).into_iter().map(|(_, shown)| shown).collect()
    }

    #[test]
    fn what_cannot_be_seen_is_no_part_of_an_address() {
        let said =
            "‘https://a.example/b\u{200b}’ or https://a.example/b\u{fe0f} or ｈｔｔｐｓ：／／a.example／b";
        assert_eq!(shown(said), ["a.example/b"]);
    }

    #[test]
    fn one_page_is_one_however_it_was_reached() {
        let same = [
            "https://example.org/news/aurora",
            "see HTTP://www.Example.org/news/aurora/?utm_source=x&fbclid=9#top.",
            "(www.example.org:443/news/aurora)",
            "見てhttps://joe:secret@example.org/news/aurora。",
        ];
        let first = of(&mention(same[0]));
        assert_eq!(first[0].1, "example.org/news/aurora");
        for text in same {
            assert_eq!(of(&mention(text)), first, "{text}");
        }
        let videos = "https://www.youtube.com/watch?list=1&v=abc https://youtube.com/watch?v=def";
        assert_eq!(shown(videos), ["youtube.com/watch?v=abc", "youtube.com/watch?v=def"]);
    }

    #[test]
    fn letters_in_an_address_are_one_however_they_are_written() {
        let page = "https://ja.example/wiki/電池 https://ja.example/wiki/%E9%9B%BB%E6%B1%A0 https://ja.example/wiki/%e9%9b%bb%e6%b1%a0";
        assert_eq!(shown(page), ["ja.example/wiki/電池"]);
        let odd = "https://a.example/a%2Fb https://a.example/%E9 https://a.example/%E2%80%AEgpj https://a.example/100%";
        assert!(shown(odd).iter().all(|shown| shown == "a.example/…"), "{:?}", shown(odd));
        assert_eq!(shown(odd).len(), 4);
    }

    #[test]
    fn nothing_that_opens_a_door_is_shown() {
        let text = "https://shop.example/reset/9f8e7d6c5b4a39281706f5e4d3c2 https://a.example/?token=abc \
                    https://bob:pw@b.example/x%40y mailto:joe@example.org ftp://c.example/x";
        assert_eq!(shown(text), ["shop.example/reset/…", "a.example", "b.example/…"]);
    }

    #[test]
    fn a_long_path_is_shown_by_its_end() {
        let text = "https://news.example/2026/11/22/technology/aurora-phone-review-two-weeks-in";
        let shown = shown(text).remove(0);
        assert_eq!(shown, "news.example/…/aurora-phone-review-two-weeks…");
    }

    #[test]
    fn an_article_counts_its_own_address_and_a_post_does_not() {
        let mut own = mention("A headline");
        own.url = Some("https://news.example/a".into());
        assert!(of(&own).is_empty());
        own.kind = Kind::Article;
        assert_eq!(of(&own)[0].1, "news.example/a");
        own.text = Some("A headline https://www.news.example/a?utm_medium=rss".into());
        assert_eq!(of(&own).len(), 1);
    }

    #[test]
    fn links_beside_the_words_count_once_and_what_shows_them_shortened_does_not() {
        let mut told = mention(
            "Tested: www.news.example/2026/11/auro... or https://t.co/aB3dE5fG7h, see https://news.example/2026/11/aurora-phone \
             and https://other.example/a...",
        );
        told.url = Some("https://bsky.app/profile/a/post/1".into());
        told.links = vec![
            "HTTPS://WWW.News.example:443/2026/11/aurora-phone/?utm_source=x&fbclid=1&si=2#top".into(),
            "https://www.bsky.app/profile/a/post/1".into(),
        ];
        let found: Vec<String> = of(&told).into_iter().map(|(_, shown)| shown).collect();
        assert_eq!(found, ["news.example/2026/11/aurora-phone", "other.example/a"]);
        told.text = None;
        assert_eq!(of(&told).len(), 1);
        told.links.clear();
        assert!(of(&told).is_empty());
    }

    #[test]
    fn names_of_one_host_are_one_page() {
        let one = "https://youtu.be/dQw4w9WgXcQ?si=abc https://m.youtube.com/watch?v=dQw4w9WgXcQ \
                   https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ";
        assert_eq!(shown(one), ["youtube.com/watch?v=dQw4w9WgXcQ"]);
        assert_eq!(shown("https://twitter.com/a/status/1 https://x.com/a/status/1"), ["x.com/a/status/1"]);
        assert_eq!(
            shown("www.a.example/to?u=https://b.example/ http:/x httpsx://c.example/d"),
            ["a.example/to"]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_what_is_shown_is_short(text in "(https?://|www\\.)?[a-zé./?#@:\\[\\]()=& %]{0,200}( www\\.a\\.b/\\PC{0,80})?") {
            for shown in shown(&text) {
                prop_assert!(shown.chars().count() <= 48 && !shown.contains(['%', '?']), "{shown}");
            }
        }
    }
}
