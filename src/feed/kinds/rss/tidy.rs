//! Small repairs of a feed's text, so that feed-rs reads what publishers really send: RSS of every
//! version and namespace, Atom 0.3 (by its names of 2003), and texts of Atom whose type is spelt
//! as a MIME type (those of a type that has no words are left out), and ampersands and angle brackets
//! that stand for themselves.

/// How far into a document its root element is looked for, bytes.
const HEAD: usize = 4_096;

/// Longest name of a reference, bytes.
const MAX_NAME: usize = 32;

const ATOM: &str = "\"http://www.w3.org/2005/Atom\"";
const RSS: &str = "\"http://purl.org/rss/1.0/\"";

/// Namespaces that mean a well-known one.
const SAME: &[(&str, &str)] = &[
    ("\"http://purl.org/atom/ns#\"", ATOM),
    ("\"http://purl.org/pie/\"", ATOM),
    ("\"http://purl.org/echo/\"", ATOM),
    ("\"http://my.netscape.com/rdf/simple/0.9/\"", RSS),
    ("\"http://channel.netscape.com/rdf/simple/0.9/\"", RSS),
    ("\"http://backend.userland.com/rss\"", RSS),
    ("\"http://backend.userland.com/rss2\"", RSS),
    ("\"http://backend.userland.com/rss2.1\"", RSS),
    ("\"http://blogs.law.harvard.edu/tech/rss\"", RSS),
];

/// Elements of Atom that hold text of a `type`.
const TEXTS: [&str; 6] = ["title", "summary", "content", "subtitle", "rights", "info"];

/// Elements of Atom 0.3 by their names in Atom 1.0.
const RENAMED: &[(&str, &str)] = &[
    ("<modified>", "<updated>"),
    ("</modified>", "</updated>"),
    ("<issued>", "<published>"),
    ("</issued>", "</published>"),
    ("<tagline", "<subtitle"),
    ("</tagline>", "</subtitle>"),
    ("<copyright", "<rights"),
    ("</copyright>", "</rights>"),
    (" mode=\"escaped\"", " type=\"html\""),
];

/// The text with what is known to be odd made plain.
pub fn tidy(mut text: String) -> String {
    let is_old = head(&text).contains(SAME[0].0);
    for (odd, plain) in SAME {
        if head(&text).contains(odd) {
            text = text.replace(odd, plain);
        }
    }
    if is_old {
        text = RENAMED.iter().fold(text, |text, (old, new)| text.replace(old, new));
    }
    if head(&text).contains(ATOM) {
        text = retyped(&text, is_old);
    }
    version(ampersands(&characters(text)))
}

/// The document with references to half a character (`&#xD83D;&#xDE00;`) as references to the whole one, or
/// where the other half is missing to U+FFFD, as are those that are to no character at all.
fn characters(text: String) -> String {
    let (mut out, mut copied) = (String::new(), 0);
    for (at, _) in text.match_indices("&#") {
        let Some((code, length)) = number(&text[at..]).filter(|_| at >= copied) else { continue };
        if code != 0 && char::from_u32(code).is_some() {
            continue;
        }
        let low = number(&text[at + length..]).filter(|(low, _)| (0xdc00..0xe000).contains(low));
        let whole = low.filter(|_| (0xd800..0xdc00).contains(&code));
        let (code, length) = match whole {
            Some((low, more)) => (0x10000 + ((code & 0x3ff) << 10 | low & 0x3ff), length + more),
            None => (0xfffd, length),
        };
        out.push_str(&text[copied..at]);
        out.push_str(&format!("&#{code};"));
        copied = at + length;
    }
    if copied == 0 { text } else { out + &text[copied..] }
}

/// The number of the reference that begins here, and its length, bytes.
fn number(text: &str) -> Option<(u32, usize)> {
    let rest = text.strip_prefix("&#")?;
    let end = rest.bytes().take(MAX_NAME).position(|b| b == b';')?;
    let hex = rest[..end].strip_prefix(['x', 'X']);
    let code = hex.map_or_else(|| rest[..end].parse(), |hex| u32::from_str_radix(hex, 16)).ok()?;
    Some((code, end + 3))
}

/// The document with every `&` that begins no reference written as `&amp;`, and every `<` that begins
/// nothing as `&lt;`, outside CDATA.
fn ampersands(text: &str) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find("<![CDATA[") {
        let end = rest[at..].find("]]>").map_or(rest.len(), |end| at + end);
        escape(&rest[..at], &mut out);
        out.push_str(&rest[at..end]);
        rest = &rest[end..];
    }
    escape(rest, &mut out);
    out
}

fn escape(text: &str, out: &mut String) {
    let mut copied = 0;
    for (at, odd) in text.match_indices(['&', '<']) {
        let written = match odd {
            "&" if !is_reference(&text[at + 1..]) => "&amp;",
            "<" if text[at + 1..].starts_with(|c: char| c.is_whitespace() || c.is_ascii_digit()) => "&lt;",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(written);
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}

/// `name;`, `#60;` or `#x3c;`; the capital X of HTML is none in XML.
fn is_reference(rest: &str) -> bool {
    let Some(end) = rest.bytes().take(MAX_NAME).position(|b| b == b';') else { return false };
    let name = &rest[..end];
    match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix('x') {
            Some(hex) => u32::from_str_radix(hex, 16).is_ok(),
            None => number.parse::<u32>().is_ok(),
        },
        None => !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()),
    }
}

/// The document with the types of its texts by their names in Atom 1.0.
fn retyped(text: &str, is_old: bool) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let (tag, after) = rest.split_at(rest.find('>').map_or(rest.len(), |end| end + 1));
        let name = TEXTS.iter().find(|name| opens(tag, name) && !tag.ends_with("/>"));
        rest = match name.map(|name| (name, kind(tag, is_old))) {
            Some((name, None)) => beyond(after, name),
            Some((name, Some(kind))) => {
                out.push_str(&format!("<{name} type=\"{kind}\" {}", untyped(tag, name)));
                after
            }
            None => {
                out.push_str(tag);
                after
            }
        };
    }
    out + rest
}

/// What stands behind the element's end.
fn beyond<'t>(text: &'t str, name: &str) -> &'t str {
    let close = format!("</{name}>");
    text.split_once(&close).map_or("", |(_, rest)| rest)
}

fn opens(tag: &str, name: &str) -> bool {
    let rest = tag.strip_prefix('<').and_then(|tag| tag.strip_prefix(name));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_whitespace() || c == '>'))
}

/// What stands behind the name, with another type than before.
fn untyped(tag: &str, name: &str) -> String {
    tag[1 + name.len()..].replace("type=", "told=")
}

/// The type of a text by its name in Atom 1.0 (RFC 4287, 3.1.1); `None` is one without words.
fn kind(tag: &str, is_old: bool) -> Option<&'static str> {
    let value = tag.split_once("type=").and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next());
    let encoded = is_old && tag.contains("mode=\"base64\"");
    match value.unwrap_or_default() {
        _ if encoded || tag.contains(" src=") => None,
        "html" | "text/html" => Some("html"),
        "xhtml" | "application/xhtml+xml" => Some("xhtml"),
        "" | "text" | "text/plain" => Some("text"),
        _ => None,
    }
}

/// feed-rs reads RSS 0.91, 0.92 and 2.0; other versions are written like 2.0.
fn version(mut text: String) -> String {
    let Some((start, end)) = root(&text) else { return text };
    let tag = text[start..end].replace(" version", " told");
    let tag = tag.replace("\tversion", " told").replace("\nversion", " told");
    text.replace_range(start..end, &tag);
    text.insert_str(start + "<rss".len(), " version=\"2.0\"");
    text
}

/// The text with a space between mail addresses and characters outside of ASCII: feed-rs 3.0.0
/// takes one byte off there (`parse_person_name_email`) and panics inside of the character.
pub fn apart(text: &str) -> String {
    let is_mail = |c: char| c.is_ascii_alphanumeric() || "._%+-@:".contains(c);
    let (mut out, mut rest) = (String::with_capacity(text.len() + 64), text);
    while let Some(at) = rest.find('@') {
        let start = rest[..at].char_indices().rev().find(|(_, c)| !is_mail(*c));
        let start = start.map_or(0, |(i, c)| i + c.len_utf8());
        let end = rest[at..].find(|c| !is_mail(c)).map_or(rest.len(), |length| at + length);
        out.push_str(&rest[..start]);
        out.push_str(if rest[..start].ends_with(|c: char| !c.is_ascii()) { " " } else { "" });
        out.push_str(&rest[start..end]);
        rest = &rest[end..];
        out.push_str(if rest.starts_with(|c: char| !c.is_ascii()) { " " } else { "" });
    }
    out + rest
}

/// Where the tag of an RSS root begins and ends.
fn root(text: &str) -> Option<(usize, usize)> {
    let start = head(text).match_indices("<rss").map(|(at, _)| at).find(|at| {
        let next = text.as_bytes().get(at + "<rss".len());
        next.is_some_and(|b| b.is_ascii_whitespace() || *b == b'>')
    })?;
    Some((start, start + text[start..].find('>')?))
}

fn head(text: &str) -> &str {
    let mut end = HEAD.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_of_rss_is_read_as_the_last() {
        for old in ["<rss>", "<rss version=\"0.94\">", "<rss\n version='' a=\"b\">", "<rss\tversion=\"2.0\">"]
        {
            let tidied = tidy(format!("<!-- {old} --> {old}<channel/></rss>").replacen(old, "", 1));
            assert!(tidied.contains("<rss version=\"2.0\""), "{tidied}");
            assert_eq!(tidied.matches("version").count(), 1, "{tidied}");
        }
        assert_eq!(tidy("<rssx>".into()), "<rssx>");
    }

    #[test]
    fn half_a_character_costs_itself() {
        let of = |text: &str| characters(text.to_owned());
        assert_eq!(of("a &#xD83D;&#xDE00; b &#55357;&#56832;"), "a &#128512; b &#128512;");
        assert_eq!(of("&#xD83D; &#xDE00;&#0;&#x110000;"), "&#65533; &#65533;&#65533;&#65533;");
        assert_eq!(of("&#xD83D;&#xD83D;&#xDE00;"), "&#65533;&#128512;");
        for whole in ["&#8217;&#x1F600;&#146; &# &#x; &#xZ;", "plain"] {
            assert_eq!(of(whole), whole);
        }
    }

    #[test]
    fn an_ampersand_alone_is_text() {
        let tidied = tidy("<link>?a=1&b=2&#x26;&#X26;&lt;&copy;</link><![CDATA[a & b]]>&".into());
        assert_eq!(tidied, "<link>?a=1&amp;b=2&#x26;&amp;#X26;&lt;&copy;</link><![CDATA[a & b]]>&amp;");
        assert_eq!(tidy("<a>3 < 4 <5</a><![CDATA[1 < 2]]>".into()), "<a>3 &lt; 4 &lt;5</a><![CDATA[1 < 2]]>");
    }

    #[test]
    fn a_text_of_a_type_without_words_is_left_out() {
        let feed = "<feed xmlns=\"http://www.w3.org/2005/Atom\">";
        let tidied = tidy(format!(
            "{feed}<title type='text/html'>a</title><summary type=\"image/png\">iVBO</summary><content \
             type=\"text/html\" src=\"x\"/><link type=\"text/html\"/></feed>"
        ));
        let kept = tidied.strip_prefix(feed).expect("the root stays");
        assert!(kept.starts_with("<title type=\"html\" ") && !kept.contains("iVBO"), "{kept}");
        assert!(kept.contains("<link type=\"text/html\"/>"), "{kept}");
    }

    #[test]
    fn old_atom_has_its_new_names() {
        let old = "<feed xmlns=\"http://purl.org/atom/ns#\"><modified>2003-12-31</modified></feed>";
        let new = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><updated>2003-12-31</updated></feed>";
        assert_eq!(tidy(old.into()), new);
    }
}
