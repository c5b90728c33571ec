//! Which page an address is: one for all its names, copies and detours.

use std::borrow::Cow;
use std::hash::{Hash as _, Hasher as _};

use rustc_hash::FxHasher;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use crate::mention::clean_text;

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
const ALIASES: [(&str, &str); 5] = [
    ("twitter.com", "x.com"),
    ("old.reddit.com", "reddit.com"),
    ("np.reddit.com", "reddit.com"),
    ("music.youtube.com", "youtube.com"),
    ("youtube-nocookie.com", "youtube.com"),
];
/// What stands before a host where the same pages are set for telephones.
const PREFIXES: [&str; 4] = ["www.", "m.", "mobile.", "amp."];
/// Pages that only lead to another one: host, beginning of the path, key of the query.
const LEADING: [(&str, &str, &str); 9] = [
    ("google.com", "url", "q"),
    ("google.com", "url", "url"),
    ("l.facebook.com", "l.php", "u"),
    ("lm.facebook.com", "l.php", "u"),
    ("l.instagram.com", "", "u"),
    ("out.reddit.com", "", "url"),
    ("youtube.com", "redirect", "q"),
    ("vk.com", "away.php", "to"),
    ("t.umblr.com", "redirect", "z"),
];
/// Pages that lead to one another, at most.
const MOST_LEADING: usize = 3;
/// Paths of YouTube that name a video by their last part.
const VIDEOS: [&str; 4] = ["shorts/", "live/", "embed/", "v/"];

/// Appends how an address is shown and says which page it is; `None` for what is none.
pub fn read(address: &str, out: &mut String) -> Option<u64> {
    let mut address = Cow::Borrowed(address);
    for _ in 0..MOST_LEADING {
        match led_to(&Parts::of(&address)?) {
            Some(target) => address = target.into(),
            None => break,
        }
    }
    let parts = Parts::of(&address)?;
    let path = one_path(&parts);
    let video = video(&parts.host, &path).map(|video| format!("v={video}"));
    let (host, path, page) = match &video {
        Some(video) => ("youtube.com", "watch", Some(video.as_str())),
        None => (&*parts.host, &*path, key(&parts.host, parts.query)),
    };
    write(host, path, page, out);
    let mut hasher = FxHasher::default();
    (host, path, page).hash(&mut hasher);
    Some(hasher.finish() ^ SALT)
}

/// An address of the web, taken apart.
struct Parts<'a> {
    host: String,
    /// Decoded, without slashes at its end.
    path: Cow<'a, str>,
    query: &'a str,
}

impl<'a> Parts<'a> {
    fn of(address: &'a str) -> Option<Self> {
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
        Some(Self { host: host(authority)?, path: decoded(path.trim_end_matches('/')), query })
    }
}

/// The address of the page that this one only leads to, or of the page of which it is the copy that Google
/// keeps for telephones.
fn led_to(parts: &Parts<'_>) -> Option<String> {
    let (host, path) = (&*parts.host, &*parts.path);
    let copy = if host.ends_with(".cdn.ampproject.org") {
        path.strip_prefix("c/").or_else(|| path.strip_prefix("v/"))
    } else {
        path.strip_prefix("amp/").filter(|_| host == "google.com")
    };
    if let Some(copy) = copy {
        return Some(format!("https://{}", copy.strip_prefix("s/").unwrap_or(copy)));
    }
    let fits = |(leading, start, _): &&(&str, &str, &str)| *leading == host && path.starts_with(start);
    LEADING.iter().filter(fits).find_map(|(_, _, wanted)| {
        let mut pairs = parts.query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(key, _)| key == wanted)?;
        let target = unescaped(value);
        (target.starts_with("https://") || target.starts_with("http://")).then_some(target)
    })
}

/// The path without what only says how the page is to be shown.
fn one_path<'a>(parts: &'a Parts<'_>) -> Cow<'a, str> {
    let mut path = Cow::Borrowed(&*parts.path);
    if path.contains("//") || path.starts_with('/') {
        path = path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/").into();
    }
    let end = match path.rfind("/amp").filter(|at| path.len() == at + 4) {
        Some(at) => at,
        None if parts.host == "x.com" => ["/photo/", "/video/"]
            .iter()
            .find_map(|shown| path.rfind(shown).filter(|_| path.contains("/status/")))
            .unwrap_or(path.len()),
        None => path.len(),
    };
    match path {
        Cow::Borrowed(path) => path[..end].into(),
        Cow::Owned(mut path) => {
            path.truncate(end);
            path.into()
        }
    }
}

/// The key of the video that an address of YouTube names in its path.
fn video<'a>(host: &str, path: &'a str) -> Option<&'a str> {
    let key = match host {
        "youtu.be" => path,
        "youtube.com" => VIDEOS.iter().find_map(|start| path.strip_prefix(start))?,
        _ => return None,
    };
    is_key(key).then_some(key)
}

/// A path with its letters as people write them (`%E9%9B%BB` is 電); what would change its parts, and
/// what is no text, stays as it is.
pub fn decoded(path: &str) -> Cow<'_, str> {
    let path = if path.contains('%') { unpacked(path) } else { path.into() };
    if is_nfc_quick(path.chars()) == IsNormalized::Yes { path } else { path.nfc().collect::<String>().into() }
}

fn unpacked(path: &str) -> Cow<'_, str> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        let is_plain =
            |byte: &u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"-._~@:!,()'".contains(byte);
        match byte {
            Some(plain) if is_plain(&plain) => bytes.push(plain),
            // Its digits may be in small letters and in capitals.
            Some(other) => bytes.extend(format!("%{other:02X}").into_bytes()),
            None => {
                bytes.push(*first);
                rest = tail;
                continue;
            }
        }
        rest = &tail[2..];
    }
    String::from_utf8(bytes).map_or(path.into(), Cow::Owned)
}

/// The value of a query, all of it decoded.
fn unescaped(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether it may be the key of a video.
fn is_key(text: &str) -> bool {
    (1..PART).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The host in small letters and the letters of its language, without user, password, port and `www.`, by its
/// usual name.
pub fn host(authority: &str) -> Option<String> {
    let host = authority.rsplit('@').next().unwrap_or(authority);
    let host = host.split(':').next().unwrap_or(host).trim_end_matches('.').to_lowercase();
    let host = if host.is_ascii() && !host.contains("xn--") {
        host
    } else {
        let (unicode, read) = idna::domain_to_unicode(&host);
        if read.is_ok() { unicode } else { host }
    };
    let prefix = PREFIXES.iter().find_map(|prefix| host.strip_prefix(prefix));
    let host = prefix.filter(|rest| rest.contains('.')).unwrap_or(&host);
    let host = host.replacen(".m.wikipedia.", ".wikipedia.", 1);
    let host = ALIASES.iter().find(|(alias, _)| *alias == host).map_or(&*host, |(_, name)| name);
    let named = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_') || is_combining_mark(c);
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
