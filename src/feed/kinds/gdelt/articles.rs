//! A list of articles of the GDELT DOC API as mentions, also where it is not quite JSON: titles
//! come with backslashes, quotation marks and control characters as they were found.

use std::sync::Arc;

use serde_json::Value;

use super::languages;
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::{field, html, json_text};
use crate::mention::{Author, Kind, Mention, Network, UNDATED};

/// What one answer holds.
#[derive(Debug, Default)]
pub struct Articles {
    pub mentions: Vec<Mention>,
    /// Articles that cannot be read, each with the reason.
    pub garbage: Vec<DecodeError>,
    /// All articles, with those that cannot be read.
    pub found: usize,
}

/// Reads an answer; `None` is one that is no list at all.
pub fn read(body: &str, source: &Arc<str>, received: Time) -> Option<Articles> {
    let body = body.trim_start_matches('\u{feff}').trim();
    if !body.starts_with('{') {
        return None;
    }
    let mut articles = Articles::default();
    for value in values(body)? {
        articles.found += 1;
        match value.ok_or(DecodeError("an article is not JSON")).and_then(|v| mention(&v, source, received)) {
            Ok(mention) => articles.mentions.push(mention),
            Err(garbage) => articles.garbage.push(garbage),
        }
    }
    Some(articles)
}

/// The articles of the list, `None` for one that is broken.
fn values(body: &str) -> Option<Vec<Option<Value>>> {
    let whole = |text: &str| serde_json::from_str::<Value>(text).ok();
    let lenient = |text: &str| json_text::typed::<Value>(text.as_bytes()).ok();
    let read = |text: &str| whole(text).or_else(|| whole(&mended(text))).or_else(|| lenient(&mended(text)));
    if let Some(value) = read(body) {
        let list = value.get("articles").and_then(Value::as_array).cloned().unwrap_or_default();
        return Some(list.into_iter().map(Some).collect());
    }
    let (_, list) = body.split_once("\"articles\"")?;
    let pieces = list.split("\"url\":").skip(1).map(|piece| {
        let end = piece.rfind('}').map_or(piece, |end| &piece[..end]);
        read(&format!("{{\"url\":{end}}}"))
    });
    Some(pieces.collect())
}

/// The text with what is wrong inside of its strings made right: backslashes that begin no escape
/// doubled, control characters made spaces, and quotation marks that end nothing escaped.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut inside = false;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' if !inside => inside = true,
            '"' if ends(&text[at + 1..]) => inside = false,
            '"' => out.push('\\'),
            '\\' if inside && escapes(&text[at + 1..]) => {
                out.push(c);
                out.extend(chars.next().map(|(_, escaped)| escaped));
                continue;
            }
            '\\' if inside => out.push('\\'),
            c if inside && c.is_control() => {
                out.push(' ');
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}

/// Whether what follows a quotation mark shows that it ended a string.
fn ends(rest: &str) -> bool {
    let rest = rest.trim_start();
    match rest.as_bytes().first() {
        Some(b':' | b'}' | b']') | None => true,
        // A comma of the list stands before the next key or object.
        Some(b',') => rest[1..].trim_start().starts_with(['"', '{', '}']),
        _ => false,
    }
}

/// Whether what follows a backslash makes an escape of JSON (RFC 8259, section 7).
fn escapes(rest: &str) -> bool {
    match rest.as_bytes() {
        [b'u', a, b, c, d, ..] => [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()),
        // A quotation mark that is the string's end makes the backslash a part of the words.
        [b'"', ..] => !ends(&rest[1..]),
        [b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => true,
        _ => false,
    }
}

fn mention(article: &Value, source: &Arc<str>, received: Time) -> Result<Mention, DecodeError> {
    let url = field::url(article.get("url")).ok_or(DecodeError("an article without a URL"))?;
    let seen = field::moment(article.get("seendate"));
    let mut mention = Mention::new(source, "", seen.unwrap_or(UNDATED), received).with_uid("gdelt", &url);
    (mention.network, mention.kind, mention.version) = (Network::News, Kind::Article, 1);
    mention.url = Some(url);
    let domain = field::name(article.get("domain"));
    mention.author =
        domain.map(|domain| Author { id: domain.clone(), name: Some(domain), ..Author::default() });
    if let Some(site) = &mut mention.author {
        site.place = field::name(article.get("sourcecountry"));
    }
    mention.lang = field::text(article.get("language")).and_then(languages::tag).map(Arc::from);
    let title = field::text(article.get("title")).unwrap_or_default();
    Ok(mention.with_text(&html::plain(&unspaced(title))))
}

/// GDELT sets spaces around punctuation: `Acme , the maker`.
fn unspaced(title: &str) -> String {
    [" ,", " .", " !", " ?", " :", " ;", " )"]
        .iter()
        .fold(title.replace("( ", "("), |title, spaced| title.replace(spaced, &spaced[1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn article(url: &str, title: &str) -> String {
        format!(
            "{{ \"url\": \"{url}\", \"url_mobile\": \"\", \"title\": \"{title}\", \"seendate\": \
             \"20260704T143000Z\", \"domain\": \"a.example\", \"language\": \"Portuguese\", \"sourcecountry\": \"Brazil\" }}"
        )
    }

    fn list(articles: &[String]) -> String {
        format!("{{\"articles\": [ {} ] }}", articles.join("\r\n\t,"))
    }

    fn titles(body: &str) -> Vec<String> {
        let articles = read(body, &"g".into(), NOW).expect("it is a list");
        articles.mentions.iter().filter_map(|m| m.text.as_deref().map(str::to_owned)).collect()
    }

    #[test]
    fn an_article_becomes_a_mention() {
        let articles =
            read(&list(&[article("https://a.example/1", "Acme &amp; co , again")]), &"g".into(), NOW);
        let articles = articles.expect("it is a list");
        let mention = &articles.mentions[0];
        assert_eq!(&*mention.uid, "gdelt:https://a.example/1");
        assert_eq!(mention.text.as_deref(), Some("Acme & co, again"));
        assert_eq!((mention.ts.as_secs(), mention.lang.as_deref()), (1_783_175_400, Some("pt")));
        assert_eq!(mention.author.as_ref().map(|a| &*a.id), Some("a.example"));
    }

    #[test]
    fn titles_that_break_json_are_mended() {
        for (broken, mended) in [
            (r"A \ B", r"A \ B"),
            (r"C:\new\x", r"C: ew\x"),
            (r"ends with \", r"ends with \"),
            (r#"say "hello" now"#, r#"say "hello" now"#),
            (r#"say "hello", she said"#, r#"say "hello", she said"#),
            ("tab\there", "tab here"),
            ("line\r\nfeed", "line feed"),
            (r"\u12zz", r"\u12zz"),
            (r"fine \u00e9 \/ \n", "fine é /"),
        ] {
            let body =
                list(&[article("https://a.example/1", "Before"), article("https://a.example/2", broken)]);
            assert_eq!(titles(&body), ["Before", mended], "{broken}");
        }
    }

    #[test]
    fn one_article_that_is_beyond_mending_costs_no_other() {
        let broken = r#"{ "url": "https://a.example/2", "title": "a", b: c }"#.to_owned();
        let cut = "{ \"url\": \"https://a.example/4\", \"title\": \"cut".to_owned();
        let body = list(&[
            article("https://a.example/1", "One"),
            broken,
            article("https://a.example/3", "Three"),
            cut,
        ]);
        let articles = read(&body, &"g".into(), NOW).expect("it is a list");
        assert_eq!((articles.mentions.len(), articles.garbage.len(), articles.found), (2, 2, 4));
        let nameless = read("{\"articles\":[{\"title\":\"a\"},5]}", &"g".into(), NOW).expect("it is a list");
        assert_eq!((nameless.mentions.len(), nameless.garbage.len()), (0, 2));
    }

    #[test]
    fn nothing_found_is_an_empty_list_and_a_sentence_is_none() {
        assert_eq!(read("{}", &"g".into(), NOW).map(|a| a.found), Some(0));
        for none in ["", "Please limit requests to one every 5 seconds", "<html>", "[]"] {
            assert!(read(none, &"g".into(), NOW).is_none(), "{none}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_body_breaks_it(body in "(?s)\\{?\"?articles\"?.{0,200}") {
            let _ = read(&body, &"g".into(), NOW);
        }
    }
}
