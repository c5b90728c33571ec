//! HTML as plain text, by html2text.

use std::panic::{AssertUnwindSafe, catch_unwind};

use html2text::render::TrivialDecorator;
use html2text::{Element, Handle, config};

/// Longest HTML that is read, bytes; the rest is not.
const MAX_HTML: usize = 64 * 1024;
/// Deepest nesting that is read; what lies deeper is text without tags.
const MAX_DEPTH: usize = 100;
/// Most tags without an end (breaks, pictures) that are read.
const MAX_UNCLOSED: usize = 1_000;
/// Most links that are read.
const MAX_ANCHORS: usize = 64;
/// Columns; wide enough that hardly a paragraph is broken, which the wall's own cleaning mends.
const WIDTH: usize = 4_000;

/// The words of a piece of HTML, without tags, with entities resolved; links leave their words.
/// Reads at most 64 KiB.
pub(in crate::feed) fn plain(html: &str) -> String {
    read(html, &mut Vec::new())
}

/// The same, and where its links lead to (added to `links`, at most [`MAX_ANCHORS`]) but for those
/// that lead to people and hashtags.
pub(in crate::feed) fn read(html: &str, links: &mut Vec<String>) -> String {
    let html = &html[..html.floor_char_boundary(MAX_HTML)];
    if !html.contains(['<', '&']) {
        return html.to_owned();
    }
    let whole = (unclosed(html) <= MAX_UNCLOSED).then(|| words(&without_rules(html), links)).flatten();
    whole.unwrap_or_else(|| {
        let flat = without_tags(html);
        words(&flat, links).unwrap_or(flat)
    })
}

/// `None` for what is nested too deeply, and for what html2text breaks on.
fn words(html: &str, links: &mut Vec<String>) -> Option<String> {
    let reader = config::with_decorator(TrivialDecorator::new())
        .raw_mode(true)
        .link_footnotes(false)
        .allow_width_overflow();
    let attempt = || {
        let document = reader.parse_html(html.as_bytes()).ok()?;
        if !is_shallow(&document.document) {
            return None;
        }
        let mut found = Vec::new();
        anchors(&document.document, &mut found);
        without_spans(&document.document);
        let words = reader.render_to_string(reader.dom_to_render_tree(&document).ok()?, WIDTH).ok()?;
        Some((words, found))
    };
    let (words, found) = catch_unwind(AssertUnwindSafe(attempt)).ok()??;
    links.extend(found);
    Some(words)
}

/// Makes every cell of a table one wide and one high: the words are the same, and html2text 0.17
/// panics on cells that overlap.
fn without_spans(document: &Handle) {
    let mut nodes = vec![document.clone()];
    while let Some(node) = nodes.pop() {
        if let Element { attrs, .. } = &node.data {
            attrs.borrow_mut().retain(|attr| !matches!(&*attr.name.local, "colspan" | "rowspan"));
        }
        nodes.extend(node.children.borrow().iter().cloned());
    }
}

fn is_shallow(document: &Handle) -> bool {
    let mut nodes = vec![(document.clone(), 0)];
    while let Some((node, depth)) = nodes.pop() {
        if depth > MAX_DEPTH {
            return false;
        }
        nodes.extend(node.children.borrow().iter().map(|child| (child.clone(), depth + 1)));
    }
    true
}

/// Where the links of a document lead to, in its order.
fn anchors(document: &Handle, links: &mut Vec<String>) {
    let mut nodes = vec![document.clone()];
    while let Some(node) = nodes.pop() {
        if let Element { name, attrs, .. } = &node.data
            && &*name.local == "a"
        {
            let attrs = attrs.borrow();
            let attr =
                |name: &str| attrs.iter().find(|attr| &*attr.name.local == name).map(|attr| &*attr.value);
            let says = |name, words: &[&str]| {
                attr(name).is_some_and(|own| own.split_whitespace().any(|word| words.contains(&word)))
            };
            let is_name = says("class", &["mention", "hashtag"]) || says("rel", &["tag"]);
            links.extend(attr("href").filter(|_| !is_name && links.len() < MAX_ANCHORS).map(str::to_owned));
        }
        nodes.extend(node.children.borrow().iter().rev().cloned());
    }
}

/// Rules across the page become breaks: html2text passes them over, and the words on both sides
/// would be one.
fn without_rules(html: &str) -> String {
    let mut html = html.to_owned();
    for tag in ["<hr", "<HR", "<Hr", "<hR"] {
        if html.contains(tag) {
            html = html.replace(tag, "<br");
        }
    }
    html
}

/// About how many of its tags are not closed.
fn unclosed(html: &str) -> usize {
    html.matches('<').count().saturating_sub(2 * html.matches("</").count())
}

/// Everything outside angle brackets.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::clean_text;

    fn words(html: &str) -> String {
        clean_text(&plain(html)).as_deref().unwrap_or_default().to_owned()
    }

    #[test]
    fn words_remain_and_tags_go() {
        assert_eq!(
            words("<p>Loving <a href=\"https://a.example/x\">#<b>Acme</b></a> &amp; co</p><p>2nd</p>"),
            "Loving #Acme & co 2nd"
        );
        assert_eq!(words("plain, 1 > 0"), "plain, 1 > 0");
        assert_eq!(words("one<br>two<br/>three"), "one two three");
        assert_eq!(words("over<hr>under<HR/>last<hr class='a'>"), "over under last");
        assert_eq!(words("a &lt;b&gt; &#x1f50b; &quot;c&quot;"), "a <b> 🔋 \"c\"");
        assert_eq!(words("<script>alert(1)</script><style>p{}</style>said"), "said");
    }

    #[test]
    fn links_are_read_in_their_order_and_names_are_none() {
        let html = "<p><a href='https://a.example/1?x=1&amp;y=2'>read <b>this</b></a> <A HREF=\"https://a.example/2\">\
            that</A> <a class='u-url mention' href='https://s.example/@ana'>@<span>ana</span></a> <a name='x'>none</a>\
            <a href='https://s.example/tags/acme' class='mention hashtag' rel='tag'>#acme</a></p>";
        let mut links = Vec::new();
        assert_eq!(clean_text(&read(html, &mut links)).as_deref(), Some("read this that @ana none#acme"));
        assert_eq!(links, ["https://a.example/1?x=1&y=2", "https://a.example/2"]);
        let mut many = Vec::new();
        read(&"<a href='https://a.example'>x</a>".repeat(900), &mut many);
        assert_eq!(many.len(), MAX_ANCHORS);
    }

    #[test]
    fn a_long_text_of_many_tags_is_read_like_a_short_one() {
        let part = "<p>He &amp; <a href='https://a.example/x'>she</a><br><img src='a.png'></p>";
        let mut links = Vec::new();
        let text = clean_text(&read(&part.repeat(200), &mut links));
        assert_eq!(text.as_deref(), Some(&*["He & she"; 200].join(" ")));
        assert_eq!(links.len(), MAX_ANCHORS);
    }

    #[test]
    fn hostile_html_is_bounded() {
        for html in [
            "<div></x>".repeat(7_000),
            "<div title='</div>'>".repeat(3_000),
            "<b><p></b>".repeat(6_000),
            "<div>".repeat(20_000),
            "<b><i>".repeat(9_000),
            "<table><tr><td>".repeat(3_000),
            "&".repeat(70_000),
            "<".repeat(70_000),
            "<hr>".repeat(500),
        ] {
            assert!(plain(&html).len() < 4 << 20);
        }
        let overlap = "<table><tr><td rowspan=2>a<td COLSPAN=9>b<td rowspan=9>c<tr><td colspan=9>d<td>e";
        assert_eq!(words(overlap).replace(' ', ""), "abcde");
        assert!(plain(&"é".repeat(100_000)).len() <= MAX_HTML);
    }
}
