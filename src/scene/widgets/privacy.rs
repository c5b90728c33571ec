//! What visitors must not see of the people who speak.

use std::iter::Peekable;
use std::str::Chars;
use std::sync::Arc;

use crate::pulse::snapshot::TermKind;

/// The text without what leads to people: handles (`@joe`, `@joe@example.org`) are `@…`; names behind the
/// name of a network (`insta: joe`), e-mail addresses and telephone numbers are `…`.
pub fn without_handles(text: &str) -> String {
    without_numbers(&without_labelled(&without_mail(&without_names(text))))
}

/// What people write before the name that they have in a network.
const NETWORKS: [&str; 16] = [
    "insta",
    "instagram",
    "ig",
    "snap",
    "snapchat",
    "telegram",
    "tiktok",
    "twitter",
    "bluesky",
    "mastodon",
    "threads",
    "discord",
    "skype",
    "wechat",
    "whatsapp",
    "facebook",
];

/// Hides a single word after the name of a network and a colon.
fn without_labelled(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([':', '：']) {
        let (before, sign) = rest.split_at(at);
        let label = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
        let colon = sign.chars().next().map_or(1, char::len_utf8);
        let name = sign[colon..].trim_start_matches(' ');
        out.push_str(&rest[..rest.len() - name.len()]);
        let length = name.find(|c: char| !is_name(c) && !is_plain(c)).unwrap_or(name.len());
        let is_handle = NETWORKS.iter().any(|network| label.eq_ignore_ascii_case(network));
        let hidden = name[..length].trim_end_matches(is_plain).len();
        if is_handle && hidden > 0 {
            out.push('…');
        }
        rest = if is_handle { &name[hidden..] } else { name };
    }
    out + rest
}

fn without_names(text: &str) -> String {
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

/// Whether a letter may stand before the `@` of an address of mail.
fn is_local(c: char) -> bool {
    // Not in scripts without spaces, where a sentence may stand before a handle.
    let is_letter = c.is_alphanumeric() && !('\u{e00}'..='\u{109f}').contains(&c) && c < '\u{1780}';
    is_letter || matches!(c, '.' | '_' | '-' | '+' | '%')
}

fn without_mail(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['@', '＠']) {
        let (before, sign) = rest.split_at(at);
        let after = sign[sign.chars().next().map_or(1, char::len_utf8)..].trim_start_matches('\u{200b}');
        // Also with a space behind the sign, where a server's name follows. (Without one, a handle of
        // Bluesky looks the same.)
        let apart = after.trim_start_matches(' ');
        let is_spaced = apart.len() < after.len() && is_server(apart);
        let (start, after) = if is_spaced { (before.trim_end_matches(' '), apart) } else { (before, after) };
        let local = start.trim_end_matches(is_local);
        let length = after.find(|c: char| !is_name(c) && !is_plain_in_server(c)).unwrap_or(after.len());
        let is_mail = local.len() < start.len() && length > 0;
        out.push_str(if is_mail { local } else { before });
        out.push_str(if is_mail { "…" } else { &sign[..sign.len() - after.len()] });
        let server = after[..length].trim_end_matches(['.', '-']).len();
        rest = if is_mail { &after[server..] } else { after };
    }
    out + rest
}

const fn is_plain_in_server(c: char) -> bool {
    matches!(c, '.' | '-')
}

/// Whether a text begins with the name of a server: letters, a point, and at least two letters.
fn is_server(text: &str) -> bool {
    let end = text.find(|c: char| !is_name(c) && !is_plain_in_server(c)).unwrap_or(text.len());
    let name = text[..end].trim_end_matches(is_plain_in_server);
    let Some((host, last)) = name.rsplit_once('.') else { return false };
    !host.is_empty() && last.len() >= 2 && last.chars().all(char::is_alphabetic)
}

/// Numbers as people write those of telephones: from `+`, `0` or `(` on, or in groups of 3, 3 and 4.
fn without_numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let is_part =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '/' | ' ' | '.' | '\u{a0}');
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')) {
        let (before, number) = rest.split_at(at);
        let end = number.find(|c| !is_part(c)).unwrap_or(number.len());
        let number = number[..end].trim_end_matches(|c: char| !c.is_ascii_digit());
        out.push_str(before);
        let in_word = before.ends_with(char::is_alphanumeric);
        let length = number.len().max(1);
        out.push_str(if !in_word && is_dialled(number) { "…" } else { &rest[at..at + length] });
        rest = &rest[at + length..];
    }
    out + rest
}

fn is_dialled(number: &str) -> bool {
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let groups: Vec<usize> =
        number.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|length| *length > 0).collect();
    let begins = number.starts_with(['+', '0', '(']) && !number.starts_with("0.") && !is_date(number);
    (7..16).contains(&digits) && (begins || groups.ends_with(&[3, 3, 4]) || groups == [3, 4])
}

/// Whether a number begins as a date does: day, month and year, or year, month and day.
fn is_date(number: &str) -> bool {
    let parts: Vec<&str> = number.splitn(4, |c: char| !c.is_ascii_digit()).take(3).collect();
    let [Ok(a), Ok(b), Ok(c)] = parts.iter().map(|part| part.parse::<u32>()).collect::<Vec<_>>()[..] else {
        return false;
    };
    let (is_day, is_year) = (|n: u32| (1..=31).contains(&n), |n: u32| (1900..2100).contains(&n));
    // One of day and month is a month.
    let is_pair = |a, b| is_day(a) && is_day(b) && a.min(b) <= 12;
    (is_pair(a, b) && is_year(c)) || (is_year(a) && is_pair(b, c))
}

/// Hosts on which a path, or the name before the host, says who somebody is.
const PERSONAL: [&str; 38] = [
    "x.com",
    "twitter.com",
    "mobile.twitter.com",
    "t.me",
    "telegram.me",
    "wa.me",
    "api.whatsapp.com",
    "facebook.com",
    "m.facebook.com",
    "fb.com",
    "instagram.com",
    "threads.net",
    "threads.com",
    "tiktok.com",
    "snapchat.com",
    "pinterest.com",
    "linkedin.com",
    "xing.com",
    "vk.com",
    "ok.ru",
    "weibo.com",
    "bsky.app",
    "bsky.social",
    "reddit.com",
    "old.reddit.com",
    "youtube.com",
    "m.youtube.com",
    "medium.com",
    "substack.com",
    "twitch.tv",
    "github.com",
    "github.io",
    "gitlab.com",
    "patreon.com",
    "linktr.ee",
    "tumblr.com",
    "wordpress.com",
    "blogspot.com",
];
/// Parts of a path after which somebody's name comes.
const BEFORE_NAMES: [&str; 9] =
    ["u", "user", "users", "profile", "profiles", "people", "author", "authors", "member"];

/// A term as this wall may show it: before visitors a link does not say whose page it is.
pub fn term(kind: TermKind, text: &Arc<str>, hides_people: bool) -> Arc<str> {
    match (kind, hides_people) {
        (TermKind::Link, true) => link(text),
        _ => text.clone(),
    }
}

fn link(text: &Arc<str>) -> Arc<str> {
    let (host, path) = text.split_once('/').unwrap_or((text, ""));
    let below = |of: &&&str| host.strip_suffix(**of).is_some_and(|name| name.ends_with('.'));
    if let Some(personal) = PERSONAL.iter().find(below) {
        return (*personal).into();
    }
    let mut parts = path.split('/');
    let personal = PERSONAL.contains(&host)
        || text.contains(['@', '~'])
        || parts.clone().any(is_telephone)
        || parts.any(|part| BEFORE_NAMES.contains(&&*part.to_lowercase()));
    if personal { host.into() } else { text.clone() }
}

/// Whether a part of a path can be the number of a telephone.
fn is_telephone(part: &str) -> bool {
    let digits = part.chars().filter(char::is_ascii_digit).count();
    (7..16).contains(&digits) && part.chars().all(|c| c.is_ascii_digit() || "+-. ()".contains(c))
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
    fn what_leads_to_people_is_hidden() {
        assert_eq!(without_handles("hi @joe, mail a@b.org @ once"), "hi @…, mail … @ once");
        assert_eq!(without_handles("(Jo.Doe+x@mail.example). Or?"), "(…). Or?");
        for number in [
            "+49 171 1234567",
            "0171/1234567",
            "(0171) 123 45 67",
            "555-123-4567",
            "(555) 123-4567",
            "555-1234",
        ] {
            assert_eq!(without_handles(&format!("call {number}, now")), "call …, now");
        }
        for text in [
            "on 2026-11-28 at 10:30",
            "1,000,000 or 1.000.000",
            "0.1234567 V",
            "iPhone 15, 2 x 100",
            "+ 5 (2)",
            "on 01.05.2026, 01/05/2026 or 05-01-2026",
            "since 01.05.2026 18:30",
            "instant: yes; big: deal",
            "a coffee @ noon. Then home",
        ] {
            assert_eq!(without_handles(text), text);
        }
        assert_eq!(without_handles("@joe"), "@…");
        assert_eq!(without_handles("write jo.doe @ mail.example, ann@ b.org!"), "write …, …!");
        assert_eq!(without_handles("Insta: jo.doe_1, IG：ann. Snap:x"), "Insta: …, IG：…. Snap:…");
        assert_eq!(without_handles("(@joe.doe@example.org). RT\n@a_b: x"), "(@…). RT\n@…: x");
        assert_eq!(without_handles("見て＠山田さん"), "見て＠山田さん");
        assert_eq!(without_handles(".@joe and ＠ann"), ".@… and ＠…");
    }

    #[test]
    fn a_link_does_not_say_whose_page_it_is() {
        let shown = |text: &str| term(TermKind::Link, &text.into(), true).to_string();
        for (link, host) in [
            ("x.com/jo", "x.com"),
            ("jo.substack.com/p/a", "substack.com"),
            ("social.example/@jo", "social.example"),
            ("wa.me/491711234567", "wa.me"),
            ("a.example/tel/+49-171-1234567", "a.example"),
            ("forum.example/users/jo/posts", "forum.example"),
        ] {
            assert_eq!(shown(link), host, "{link}");
            assert_eq!(term(TermKind::Link, &link.into(), false).to_string(), link);
        }
        for link in ["news.example/2026/11/aurora", "shop.example", "a.example/user-guide"] {
            assert_eq!(shown(link), link);
        }
    }
}
