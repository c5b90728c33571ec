//! The words of a post of X, whole, and the pages that it links to.
//!
//! X cuts the text of a repost after 140 characters and puts an address of its own (`t.co`) in the
//! place of each link; the whole text is that of the post that it repeats, and `entities.urls` says
//! where the links lead to.

use std::sync::Arc;

use serde_json::Value;

use super::includes::{referenced, repeated};
use crate::feed::decode::{field, several};

/// Most links of one post that are looked at.
const MAX_URLS: usize = 32;
/// What stands at the head of a repost's text, and the longest handle behind it, characters.
const REPOST: &str = "RT @";
const MAX_HANDLE: usize = 20;

/// The whole text with its links written out, and where they lead to.
pub(super) fn read(post: &Value, includes: Option<&Value>) -> (String, Vec<Arc<str>>) {
    let whole = repeated(post, includes);
    let head = if whole.is_some() { head(words(post)) } else { "" };
    let urls = urls(whole.unwrap_or(post));
    let text = unescaped(&format!("{head}{}", words(whole.unwrap_or(post))));
    let links = several::links(urls.iter().filter_map(|(_, page)| page.as_deref()));
    (written_out(&text, &urls), links)
}

/// The text: that of a long post where it is one.
fn words(post: &Value) -> &str {
    let long = post.get("note_tweet").and_then(|note| field::text(note.get("text")));
    long.or_else(|| field::text(post.get("text"))).unwrap_or_default()
}

/// `RT @handle: `, where a text begins so.
fn head(text: &str) -> &str {
    let handle = text.strip_prefix(REPOST).and_then(|rest| rest.find(": "));
    handle.filter(|length| *length <= MAX_HANDLE).map_or("", |length| &text[..REPOST.len() + length + 2])
}

/// X escapes three characters.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// X's addresses in a post with the pages that they lead to; none for its own pictures and for the
/// post that it quotes.
fn urls(post: &Value) -> Vec<(&str, Option<String>)> {
    let of = |path: &str| post.pointer(path).and_then(Value::as_array).into_iter().flatten();
    let quoted = referenced(post, "quoted").and_then(|quoted| field::text(quoted.get("id")));
    let url = |entity| Some((field::text(Value::get(entity, "url"))?, page(entity, quoted)));
    of("/note_tweet/entities/urls").chain(of("/entities/urls")).take(MAX_URLS).filter_map(url).collect()
}

/// Where a link leads to in the end; X follows redirections when it can (`unwound_url`).
fn page(entity: &Value, quoted: Option<&str>) -> Option<String> {
    let text = |key: &str| field::text(entity.get(key)).filter(|url| field::url(Some(url)).is_some());
    let expanded = text("expanded_url")?;
    let status =
        expanded.split_once("/status/").map(|(_, rest)| rest.split(['?', '#']).next().unwrap_or(rest));
    let is_x = ["https://twitter.com/", "https://x.com/"].iter().any(|start| expanded.starts_with(start));
    let status = status.filter(|_| is_x).unwrap_or_default();
    let is_picture =
        entity.get("media_key").is_some() || status.contains("/photo/") || status.contains("/video/");
    let is_quote = quoted.is_some_and(|quoted| status.split('/').next() == Some(quoted));
    if is_picture || is_quote {
        return None;
    }
    let reached = field::count(entity.get("status")).is_none_or(|status| status == 200);
    Some(text("unwound_url").filter(|_| reached).unwrap_or(expanded).to_owned())
}

/// The text with the pages in the place of X's addresses for them.
fn written_out(text: &str, urls: &[(&str, Option<String>)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("http") {
        let (before, tail) = rest.split_at(at);
        let end = tail.find(|c: char| !is_of_url(c)).unwrap_or(tail.len());
        let end = tail[..end].trim_end_matches(['.', ':', '-', '_', '/']).len();
        let (address, after) = tail.split_at(end);
        out.push_str(before);
        match urls.iter().find(|(url, _)| *url == address) {
            Some((_, page)) => out.push_str(page.as_deref().unwrap_or_default()),
            None => out.push_str(address),
        }
        rest = after;
    }
    out + rest
}

/// Whether a character may stand in an address that X made.
fn is_of_url(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, ':' | '/' | '.' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn of(post: Value, includes: Value) -> (String, String) {
        let (text, links) = read(&post, Some(&includes));
        (text.trim().to_owned(), links.join(" "))
    }

    #[test]
    fn a_repost_is_read_whole_and_its_links_are_written_out() {
        let post = json!({"id": "9", "text": "RT @ana: The battery of my aurora ph…",
            "referenced_tweets": [{"type": "retweeted", "id": "5"}]});
        let whole = json!({"tweets": [{"id": "4", "text": "other"}, {"id": "5", "text": "short",
            "note_tweet": {"text": "The battery of my aurora phone &amp; case swelled https://t.co/aB3dE5fG7h.",
                "entities": {"urls": [{"url": "https://t.co/aB3dE5fG7h", "expanded_url": "https://bit.ly/x",
                    "unwound_url": "https://news.example/recall?a=1&b=2", "status": 200}]}}}]});
        let page = "https://news.example/recall?a=1&b=2";
        let text = format!("RT @ana: The battery of my aurora phone & case swelled {page}.");
        assert_eq!(of(post.clone(), whole), (text, page.into()));
        // What it repeats was deleted, or is not for everybody.
        assert_eq!(of(post, json!({})).0, "RT @ana: The battery of my aurora ph…");
    }

    #[test]
    fn pictures_and_the_quoted_post_are_no_links() {
        let url = |code: &str, to: &str| json!({"url": format!("https://t.co/{code}"), "expanded_url": to});
        let post = json!({"id": "9", "text": "look https://t.co/a https://t.co/b https://t.co/c https://t.co/cc https://t.co/d",
        "referenced_tweets": [{"type": "quoted", "id": "5"}],
        "entities": {"urls": [
            url("a", "https://x.com/ana/status/9/photo/1"),
            url("b", "https://twitter.com/bo/status/5?s=20"),
            url("c", "https://x.com/bo/status/6"),
            {"url": "https://t.co/d", "expanded_url": "https://a.example/d", "unwound_url": "https://a.example/login", "status": 404},
            {"url": 5}, {"expanded_url": "https://a.example"}, url("e", "javascript:alert(1)"), null,
        ]}});
        let (text, links) = of(post, json!({}));
        assert_eq!(text, "look   https://x.com/bo/status/6 https://t.co/cc https://a.example/d");
        assert_eq!(links, "https://x.com/bo/status/6 https://a.example/d");
    }
}
