//! What of a mention stands on the wall: its words without addresses, and who said them, from where and
//! when.

use crate::clock::Time;
use crate::layout::wall::PeopleNamed;
use crate::mention::{Author, Kind, Mention, Network, is_blank};
use crate::pulse::snapshot::Shown;
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::{Figure, age};
use crate::scene::widgets::names;
use crate::scene::widgets::privacy::without_handles;

/// Characters that are set of a text at most; more never fit.
const CHARS: usize = 420;
/// Characters of a name or place at most.
const NAME: usize = 40;

/// Seconds since the mention was said; 0 where nobody knows, as of words that were changed since.
pub fn age_secs(shown: &Shown, now: Time) -> u64 {
    if shown.mention.is_dated() { now.since(shown.mention.ts).as_secs() } else { 0 }
}

/// The text as this wall may show it, without the addresses in it; `None` without words.
pub fn text(cx: &Cx<'_>, mention: &Mention) -> Option<String> {
    let whole = mention.text.as_deref()?;
    let mut words = String::with_capacity(whole.len());
    for word in whole.split_whitespace().filter(|word| !is_address(word)) {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    let words = shortened(&words, CHARS);
    let words = if cx.wall.people.leads_to_people() { words } else { without_handles(&words) };
    (!words.is_empty()).then(|| together(words))
}

/// The same text in which `#` and `@` stay with their words: between two directions each would go with the text
/// around it, and a line could end there.
fn together(words: String) -> String {
    const LEFT_TO_RIGHT: char = '\u{200e}';
    let is_rtl =
        |c: char| matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    if !words.contains(is_rtl) {
        return words;
    }
    let tag = |word: &str| {
        let rest = word.strip_prefix(['#', '@']).and_then(|rest| rest.chars().next());
        rest.is_some_and(|c| c.is_alphanumeric() && !is_rtl(c))
    };
    let bound = |word| if tag(word) { format!("{LEFT_TO_RIGHT}{word}") } else { word.to_owned() };
    words.split(' ').map(bound).collect::<Vec<_>>().join(" ")
}

fn is_address(word: &str) -> bool {
    let bare = word.trim_start_matches(['(', '[', '<', '"', '“']);
    ["http://", "https://", "www."]
        .iter()
        .any(|begin| bare.get(..begin.len()).is_some_and(|b| b.eq_ignore_ascii_case(begin)))
}

/// The host of the first address in the words or beside them.
fn link(mention: &Mention) -> Option<String> {
    let words =
        mention.text.as_deref().into_iter().flat_map(str::split_whitespace).filter(|word| is_address(word));
    let first = words.chain(mention.links.iter().map(|link| &**link)).next()?;
    let (_, rest) = first.split_once("://").unwrap_or(("", first));
    let host = rest.split(['/', '?', '#', ':', ')']).next()?.trim_start_matches("www.");
    (!host.is_empty()).then(|| format!("▸ {}", shortened(host, NAME)))
}

/// Who spoke, as far as the wall names people: `someone in Tokyo` where it names nobody.
pub fn who(cx: &Cx<'_>, shown: &Shown) -> Option<String> {
    let author = shown.mention.author.as_ref();
    match cx.wall.people {
        PeopleNamed::Full | PeopleNamed::Handle => {
            author.and_then(names::author).map(|name| shortened(&name, NAME))
        }
        PeopleNamed::Initials => author.and_then(names::initials),
        PeopleNamed::Masked => place(&shown.mention).map(|place| format!("someone in {place}")),
    }
}

/// Name before handle, where both are told and differ.
pub fn full_name(author: &Author) -> Option<(String, String)> {
    let name = author.name.as_deref().filter(|name| !is_blank(name))?;
    let handle = author.handle.as_deref().and_then(names::handle)?;
    (handle.trim_start_matches('@') != name).then(|| (shortened(name, NAME), shortened(&handle, NAME)))
}

fn place(mention: &Mention) -> Option<String> {
    mention.geo.as_ref().and_then(|geo| geo.name.as_deref()).map(|name| shortened(name, NAME))
}

/// What stands behind the name, most needed first: how long ago, in which network, how many more
/// said it, what people did with it, where it was said, where it leads.
pub fn facts(cx: &Cx<'_>, shown: &Shown) -> Vec<String> {
    let secs = age_secs(shown, cx.now);
    let place = place(&shown.mention).filter(|_| cx.wall.people.leads_to_people());
    let old = shown.mention.is_dated().then(|| age(secs));
    let network = network_word(shown.mention.network).map(String::from);
    let parts = [old, network, alike(shown.copies)].into_iter().flatten();
    parts.chain(reactions(&shown.mention)).chain(place).chain(link(&shown.mention)).collect()
}

/// Joins as many parts as fit, the first in any case.
pub fn joined(parts: &[String], fits: impl Fn(&str) -> bool) -> String {
    let mut words = String::new();
    for part in parts {
        let next = if words.is_empty() { part.clone() } else { format!("{words} · {part}") };
        if !words.is_empty() && !fits(&next) {
            break;
        }
        words = next;
    }
    words
}

/// What people did with it, as far as anybody did: `12 likes`, `1 share`.
pub fn reactions(mention: &Mention) -> Vec<String> {
    let Some(metrics) = mention.metrics.as_deref() else { return Vec::new() };
    let counted = [(metrics.likes, "like"), (metrics.shares, "share")];
    let known = counted.into_iter().filter_map(|(count, word)| Some((count.filter(|n| *n > 0)?, word)));
    let words =
        known.map(|(n, word)| format!("{} {word}{}", Figure::compact(n), if n == 1 { "" } else { "s" }));
    words.collect()
}

/// How many more said the same: `+37 alike`.
pub fn alike(copies: u32) -> Option<String> {
    (copies > 0).then(|| format!("+{} alike", Figure::compact(copies.into())))
}

/// At most so many characters of a text, with an ellipsis where it goes on.
pub fn shortened(text: &str, chars: usize) -> String {
    match text.char_indices().nth(chars) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

/// What a network is called.
pub fn network_word(network: Network) -> Option<&'static str> {
    match network {
        Network::Mastodon => Some("Mastodon"),
        Network::Bluesky => Some("Bluesky"),
        Network::X => Some("X"),
        Network::Reddit => Some("Reddit"),
        Network::News => Some("News"),
        Network::Blog => Some("Blog"),
        Network::Forum => Some("Forum"),
        Network::Video => Some("Video"),
        Network::Chat => Some("Chat"),
        Network::Other => None,
    }
}

pub fn wordless_kind(kind: Kind) -> String {
    match kind {
        Kind::Repost => "repost without text",
        Kind::Reply | Kind::Comment => "reply without text",
        Kind::Review => "review without text",
        _ => "post without text",
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hashtag_stays_in_one_piece_between_two_directions() {
        assert_eq!(together("هل هو؟ #AuroraPhone".into()), "هل هو؟ \u{200e}#AuroraPhone");
        assert_eq!(together("كاميرا #كاميرا @ana".into()), "كاميرا #كاميرا \u{200e}@ana");
        assert_eq!(together("Is it? #AuroraPhone".into()), "Is it? #AuroraPhone");
    }

    #[test]
    fn addresses_are_no_words_and_parts_that_do_not_fit_are_left_out() {
        assert!(is_address("https://a.example/b") && is_address("(WWW.a.example") && !is_address("wwwhat"));
        let mut mention = Mention::new(&"a".into(), "1", Time::default(), Time::default());
        mention.links = vec!["https://www.news.example/x".into()];
        assert_eq!(link(&mention).as_deref(), Some("▸ news.example"));
        let parts = ["@ana".to_owned(), "3 min".into(), "Lagos".into()];
        assert_eq!(joined(&parts, |words| words.len() < 14), "@ana · 3 min");
        assert_eq!(joined(&parts, |_| false), "@ana");
    }
}
