//! What visitors must not see of the people who speak.

use std::iter::Peekable;
use std::str::Chars;
use std::sync::Arc;

use crate::layout::wall::Audience;
use crate::pulse::snapshot::TermKind;

/// The text with every handle (`@joe`, `@joe@example.org`) as `@…`. An address of mail stays.
pub fn without_handles(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut before) = (text.chars().peekable(), ' ');
    while let Some(c) = rest.next() {
        out.push(c);
        let begins = matches!(c, '@' | '＠') && !is_name(before);
        if begins && rest.peek().copied().is_some_and(is_name) {
            skip_name(&mut rest);
            out.push('…');
        }
        before = c;
    }
    out
}

/// Hosts on which a path says who somebody is.
const PERSONAL: [&str; 18] = [
    "x.com",
    "twitter.com",
    "mobile.twitter.com",
    "t.me",
    "facebook.com",
    "m.facebook.com",
    "instagram.com",
    "threads.net",
    "threads.com",
    "tiktok.com",
    "linkedin.com",
    "bsky.app",
    "reddit.com",
    "old.reddit.com",
    "youtube.com",
    "m.youtube.com",
    "medium.com",
    "twitch.tv",
];

/// A term as this wall may show it: before visitors a link does not say whose page it is.
pub fn term(kind: TermKind, text: &Arc<str>, audience: Audience) -> Arc<str> {
    let host = text.split('/').next().unwrap_or(text);
    let personal = PERSONAL.contains(&host) || text.contains(['@', '~']);
    match (kind, audience) {
        (TermKind::Link, Audience::Public) if personal => host.into(),
        _ => text.clone(),
    }
}

const fn is_plain(c: char) -> bool {
    matches!(c, '.' | '-' | '@')
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Skips letters, and points, hyphens and further `@` where letters follow.
fn skip_name(rest: &mut Peekable<Chars<'_>>) {
    while let Some(c) = rest.peek().copied() {
        let goes_on = is_plain(c) && rest.clone().nth(1).is_some_and(is_name);
        if !is_name(c) && !goes_on {
            return;
        }
        rest.next();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_hidden_but_an_address_is_not_mangled() {
        assert_eq!(without_handles("hi @joe, mail a@b.org @ once"), "hi @…, mail a@b.org @ once");
        assert_eq!(without_handles("@joe"), "@…");
        assert_eq!(without_handles("(@joe.doe@example.org). RT\n@a_b: x"), "(@…). RT\n@…: x");
        assert_eq!(without_handles("見て＠山田さん"), "見て＠山田さん");
        assert_eq!(without_handles(".@joe and ＠ann"), ".@… and ＠…");
    }
}
