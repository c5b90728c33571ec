//! What looks like a secret in a layout is not repeated where its mistakes are told: a terminal is
//! photographed, a log is sent around, a corner of the wall is public.
//!
//! The file may be no TOML yet, so it is read as text: values of keys that are named after secrets
//! (also in addresses and in JSON), all headers but harmless ones, `user:password@` in addresses,
//! what follows `Bearer` or `Basic`, and tokens that are known by their first letters.

use std::ops::Range;

/// What stands in the place of a secret in words.
const HIDDEN: &str = "***";
/// The name of a key contains one of these, without `-` and `_` …
const PARTS: [&str; 16] = [
    "token",
    "secret",
    "passwo",
    "passwd",
    "passphrase",
    "authorization",
    "apikey",
    "accesskey",
    "privatekey",
    "subscriptionkey",
    "cookie",
    "credential",
    "bearer",
    "signature",
    "sessionid",
    "jwt",
];
/// … or is one of these.
const NAMES: [&str; 9] = ["key", "auth", "pass", "pwd", "pw", "pin", "sig", "sid", "code"];
/// The value of a key that ends so says where a secret is, or how it is sent.
const POINTERS: [&str; 7] = ["file", "header", "parameter", "url", "kind", "type", "name"];
/// Headers that hold no secrets.
const HARMLESS: [&str; 6] =
    ["accept", "accept-language", "accept-encoding", "content-type", "user-agent", "referer"];
/// How tokens of some services begin.
const SHAPES: [&str; 16] = [
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "xapp-",
    "sk-",
    "AKIA",
    "AIza",
    "eyJ",
    "ya29.",
    "AAAAAAAAAA",
];
/// Shortest token that is known by being random, bytes.
const RANDOM: usize = 24;
/// How near a mistyped name is.
const RESEMBLES: f64 = 0.88;
/// Most secrets that are looked for in words.
const MOST: usize = 1_000;
/// Shortest token that is known by its beginning, bytes.
const SHAPED: usize = 16;
/// Shortest secret that is looked for in words, and how much of a longer one gives it away, bytes.
const TOLD: usize = 4;
const GIVES_AWAY: usize = 8;

/// The text with every secret as asterisks; each byte stays where it is.
pub fn veiled(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for span in secrets(text) {
        bytes[span].iter_mut().filter(|byte| !byte.is_ascii_whitespace()).for_each(|byte| *byte = b'*');
    }
    // Spans end between characters; if one did not, nothing is told.
    String::from_utf8(bytes).unwrap_or_default()
}

/// The secrets of a text, to be hidden in words about it.
pub fn known(text: &str) -> Vec<&str> {
    secrets(text).into_iter().filter_map(|span| text.get(span)).collect()
}

/// Takes the `known` secrets out of some words, and users out of addresses in them.
pub fn hide(words: &mut String, known: &[&str]) {
    let in_addresses: Vec<Range<usize>> = users(words).collect();
    for span in in_addresses.into_iter().rev() {
        words.replace_range(span, HIDDEN);
    }
    for secret in known.iter().filter(|secret| secret.len() >= TOLD).take(MOST) {
        let begins = secret.char_indices().nth(GIVES_AWAY).map_or(*secret, |(at, _)| &secret[..at]);
        while let Some(at) = words.find(begins) {
            let same = |(a, b): &(char, char)| a == b;
            let length: usize =
                words[at..].chars().zip(secret.chars()).take_while(same).map(|(c, _)| c.len_utf8()).sum();
            words.replace_range(at..at + length, HIDDEN);
        }
    }
}

/// Where secrets stand in a text.
fn secrets(text: &str) -> Vec<Range<usize>> {
    let headers = headers(text);
    let mut found: Vec<_> = users(text).chain(schemes(text)).collect();
    let mut end = 0;
    for name in words(text, |c| c.is_ascii_alphanumeric() || matches!(c, b'_' | b'-' | b'.')) {
        if name.start < end {
            continue;
        }
        let said = &text[name.clone()];
        if is_token(said) {
            end = name.end;
            found.push(name);
            continue;
        }
        let is_header =
            || said.contains("headers.") || headers.iter().any(|table| table.contains(&name.start));
        // The `pass` of the gate is a query.
        if !hides(said, is_header) || said == "pass" && table_of(text, name.start) == "gate" {
            continue;
        }
        let Some(value) = value_after(text, name.end) else { continue };
        end = value.end;
        if !is_variable(said, &text[value.clone()]) {
            found.push(value);
        }
    }
    found.retain(|span| !span.is_empty());
    found
}

/// Whether a word is a token by its look: its beginning, or letters of both sizes and digits in a row.
fn is_token(word: &str) -> bool {
    let count = |is: fn(&u8) -> bool| word.bytes().filter(is).count();
    let shaped = word.len() >= SHAPED && SHAPES.iter().any(|shape| word.starts_with(shape));
    let mixed = word.len() >= RANDOM && !word.contains('.');
    shaped
        || mixed
            && count(u8::is_ascii_digit) > 2
            && count(u8::is_ascii_lowercase) > 2
            && count(u8::is_ascii_uppercase) > 2
}

/// The name of the table in which something stands.
fn table_of(text: &str, at: usize) -> &str {
    let line = text[..at].lines().rev().find(|line| line.trim_start().starts_with('[')).unwrap_or_default();
    line.trim_start().trim_start_matches('[').split(']').next().unwrap_or_default().trim()
}

/// Whether a key of this name has a secret for a value.
fn hides(name: &str, is_header: impl Fn() -> bool) -> bool {
    let last = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    if is_header() {
        return !HARMLESS.contains(&&*last);
    }
    let bare: String = last.chars().filter(|c| !matches!(c, '-' | '_')).collect();
    let resembles = |part: &&str| strsim::jaro_winkler(part, &bare) > RESEMBLES;
    let is_secret = NAMES.contains(&&*bare)
        || PARTS.iter().any(|part| bare.contains(part))
        || (bare.len() > 3 && bare.len() < 24 && PARTS.iter().any(resembles));
    is_secret && !POINTERS.iter().any(|pointer| bare.ends_with(pointer))
}

/// Whether a value is the name of a variable that holds a secret, rather than the secret, which stands
/// there by mistake.
fn is_variable(name: &str, value: &str) -> bool {
    let is_part = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    name.to_ascii_lowercase().ends_with("env") && value.bytes().all(is_part)
}

/// Maximal runs of bytes.
fn words(text: &str, is: impl Fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(|b| is(*b))?;
        at = bytes[start..].iter().position(|b| !is(*b)).map_or(bytes.len(), |length| start + length);
        Some(start..at)
    })
}

/// The value that a name is given: `= "…"`, `= …`, `: …`, also where the name is quoted.
fn value_after(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text[at..].trim_start_matches(['"', '\'', '\\']).trim_start_matches([' ', '\t']);
    let rest =
        rest.strip_prefix('=').or_else(|| rest.strip_prefix(':').filter(|rest| !rest.starts_with("//")))?;
    let rest = rest.trim_start_matches([' ', '\t']);
    let start = text.len() - rest.len();
    let quotes = ["\"\"\"", "'''", "\\\"", "\"", "'"];
    if let Some(quote) = quotes.into_iter().find(|quote| rest.starts_with(quote)) {
        let inner = &rest[quote.len()..];
        let line = if quote.len() == 3 { inner } else { inner.lines().next().unwrap_or_default() };
        let length = closing(line, quote);
        return Some(start + quote.len()..start + quote.len() + length);
    }
    if let Some(list) = rest.strip_prefix('[') {
        return Some(start + 1..start + 1 + list.find(']').unwrap_or(list.len()));
    }
    if rest.starts_with('{') {
        return None;
    }
    let bare = rest.find(['&', '"', '\'', '`', ',', '}', ']', '#', '\n', '\\']).unwrap_or(rest.len());
    Some(start..start + rest[..bare].trim_end().len())
}

/// Where a quoted text ends; at its end where the quote is missing.
fn closing(text: &str, quote: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find(quote).map(|at| from + at) {
        let escapes = text[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        if quote != "\"" || escapes % 2 == 0 {
            return at;
        }
        from = at + 1;
    }
    text.len()
}

/// Tables of headers: under `[… .headers]`, and in `headers = { … }`.
fn headers(text: &str) -> Vec<Range<usize>> {
    let mut tables = Vec::new();
    let (mut at, mut open) = (0, None);
    for line in text.split_inclusive('\n') {
        let table = line.trim_start();
        if table.starts_with('[') {
            tables.extend(open.take().map(|start| start..at));
            let name = table.trim_matches(|c: char| !c.is_alphanumeric()).to_ascii_lowercase();
            open = name
                .split(']')
                .next()
                .is_some_and(|name| name.trim_end_matches(['"', '\'', ' ']).ends_with("headers"))
                .then_some(at + line.len());
        }
        at += line.len();
    }
    tables.extend(open.map(|start| start..text.len()));
    for (at, word) in text.match_indices("headers") {
        let rest = text[at + word.len()..].trim_start_matches(['"', '\'', ' ', '\t']);
        if let Some(inner) =
            rest.strip_prefix('=').map(str::trim_start).and_then(|rest| rest.strip_prefix('{'))
        {
            let start = text.len() - inner.len();
            tables.push(start..start + inner.find('}').unwrap_or(inner.len()));
        }
    }
    tables
}

/// `user:password` before the `@` of an address; the password alone where there is one.
fn users(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.match_indices("://").filter_map(|(at, sign)| {
        let start = at + sign.len();
        let host = text[start..].split(|c: char| c.is_whitespace() || "/?#\"'<>`".contains(c)).next()?;
        let end = start + host.rfind('@')?;
        let password = text[start..end].find(':').map_or(start, |colon| start + colon + 1);
        (password < end).then_some(password..end)
    })
}

/// What follows the name of a scheme of HTTP.
fn schemes(text: &str) -> impl Iterator<Item = Range<usize>> {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "._~+/=-".contains(c);
    ["Bearer ", "bearer ", "Basic ", "basic "].into_iter().flat_map(move |scheme| {
        text.match_indices(scheme).filter_map(move |(at, _)| {
            let start = at + scheme.len();
            let length = text[start..].find(|c| !is_token(c)).unwrap_or(text.len() - start);
            (length >= GIVES_AWAY).then_some(start..start + length)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::problem::{Problem, Report};

    #[test]
    fn secrets_are_asterisks_wherever_they_stand() {
        for line in [
            "token = \"s3cretX\"",
            "token = s3cretX",
            "token = \"s3cretX",
            "api_key='s3cretX' # why",
            "\"X-Api-Key\" = \"s3cretX\"",
            "headers.X-Acme = \"s3cretX\"",
            "[feed.a.headers]\nX-Acme = \"s3cretX\"\nAccept = \"text/plain\"",
            "headers = { Accept = \"a\", \"X-Acme\" = \"s3cretX\" }",
            "headers = { Authorization = \"Bearer s3cretX\" ",
            "Authorization: Bearer s3cretX",
            "# Bearer s3cretX99",
            "url = \"https://ana:s3cretX@a.example/b?q=1\"",
            "url = \"https://s3cretX@a.example/b\"",
            "url = \"wss://a.example/b?q=1&access_token=s3cretX&n=2\"",
            "url = \"https://a.example/?key=s3cretX",
            "subscribe = ['{\"auth\":\"s3cretX\"}']",
            "subscribe = [\"{\\\"token\\\":\\\"s3cretX\\\"}\"]",
            "passwords = [\"s3cretX\", \"s3cretX2\"]",
            "client_secret = \"\"\"\ns3cretX\n\"\"\"",
            "token_env = \"s3cretX\"",
            "tokn = \"s3cretX\"",
            "pasword = \"s3cretX\"",
            "tkn = \"ghp_s3cretX0123456789abcdef\"",
            "x = \"s3cretX9kQ7zR2mW5vT8nB4pL6\"",
            "PASSWORD = 's3cretXé'",
        ] {
            let shown = veiled(line);
            assert!(!shown.contains("s3cretX"), "{line} became {shown}");
            assert_eq!((shown.len(), shown.lines().count()), (line.len(), line.lines().count()), "{line}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for line in [
            "token_env = \"ACME_TOKEN\"",
            "token_file = \"/run/secrets/acme\"",
            "token_header = \"X-Acme\"",
            "url = \"https://a.example:8443/b?q=aurora&n=2\"",
            "query = '\"aurora phone\" OR #auroraphone'",
            "[feed.a.headers]\nAccept = \"text/plain\"\n[scene.b]\npicture = \"a b\"",
            "match = [{ edid = \"DEL-U4323QE-7X1\" }]",
            "viewer_m = 5.0",
        ] {
            assert_eq!(veiled(line), line);
        }
    }

    #[test]
    fn words_about_a_file_do_not_repeat_its_secrets() {
        let text = "url = \"https://a.example/?token=s3cretX12345\"\nheaders = { X = 'hush-hush-hush' }\n";
        let words = "`https://a.example/?token=s3cretX12345` and `hush-hush…` and https://b:pw123@c";
        let problem = Problem::error("x", 0..3, words).label(words).help(words).and(0..1, words);
        let mut report = Report { text: text.into(), problems: vec![problem], ..Report::default() };
        report.veil();
        let told = "`https://a.example/?token=***` and `***…` and https://b:***@c";
        let problem = &report.problems[0];
        assert_eq!((&*problem.message, &*problem.label, problem.help.as_deref()), (told, told, Some(told)));
        assert_eq!(problem.related[0].1, told);
        assert!(!report.draw(80, false).contains("s3cret"));
    }

    proptest::proptest! {
        #[test]
        fn any_text_keeps_its_shape(text in "[a-z\\[\\]{}=:\"'\\\\ \n@/?&#é*.-]{0,80}|(token|headers|://|Bearer |=|\"|'|\\{|\\[|\n|é| ){0,30}") {
            proptest::prop_assert_eq!(veiled(&text).len(), text.len());
        }
    }
}
