//! Documents of many kinds.

mod corpus;
mod expect;

use std::sync::Arc;

use super::context::DocumentContext;
use super::document::{Document, read};
use crate::clock::Time;
use crate::mention::Network;

fn open(text: &str) -> Result<Document, String> {
    let frame = DocumentContext {
        source: &Arc::from("press"),
        network: Network::News,
        base: "https://a.example/feed",
        site: "https://a.example/feed",
        scope: "0a1b",
        received: Time::from_secs(1_800_000_000),
    };
    read(text.as_bytes(), None, &frame)
}

fn uids(items: &str) -> Vec<String> {
    let document = open(&format!("<rss version='2.0'><channel>{items}</channel></rss>"));
    document.expect("it is RSS").mentions.iter().map(|m| m.uid.to_string()).collect()
}

#[test]
fn an_entry_is_known_by_its_id_its_link_or_its_words() {
    let uids = uids(
        "<item><guid>tag:a,2026:1</guid></item><item><guid isPermaLink='false'>7</guid></item>\
         <item><link>https://a.example/8</link></item><item><title>Nine</title></item>\
         <item><guid>same</guid><link>https://a.example/x</link></item>\
         <item><guid>same</guid><link>https://a.example/y</link></item>",
    );
    assert_eq!(&uids[..3], ["press:tag:a,2026:1", "press:0a1b/7", "press:https://a.example/8"]);
    assert!(uids[3].starts_with("press:0a1b/") && uids[3].len() == 35, "{}", uids[3]);
    assert_eq!(&uids[4..], ["press:same https://a.example/x", "press:same https://a.example/y"]);
}

#[test]
fn an_entry_may_have_a_language_of_its_own() {
    let feed = "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='de'><title>A</title><id>urn:f</id>\
        <updated>2026-11-15T12:15:00Z</updated><entry xml:lang='en_GB'><id>1</id><title>One</title></entry>\
        <entry><id>2</id><title>Zwei</title></entry></feed>";
    let langs: Vec<_> = open(feed).expect("a feed").mentions.into_iter().map(|m| m.lang).collect();
    assert_eq!(langs.iter().flatten().map(|lang| &**lang).collect::<Vec<_>>(), ["en-GB", "de"]);
}

#[test]
fn half_a_character_costs_itself() {
    let document = open(
        "<rss version='2.0'><channel><item><title>so &#xD83D;&#xDE00; cut &#xD83D;</title></item></channel></rss>",
    );
    assert_eq!(document.expect("it is RSS").mentions[0].text.as_deref(), Some("so 😀 cut \u{fffd}"));
}

#[test]
fn links_of_an_entry_are_those_of_its_words() {
    let links = |text: &str| {
        let document = open(text).expect("it is a feed");
        document.mentions.iter().map(|mention| mention.links.join(" ")).collect::<Vec<_>>()
    };
    let rss = "<rss version='2.0'><channel><item><link>https://a.example/1</link><description><![CDATA[\
        <p>See <a href='https://news.example/page?utm_source=rss'>this</a>. From <a href='https://a.example/'>A</a></p>]]>\
        </description></item><item><link>https://a.example/2</link><title>No more</title></item></channel></rss>";
    assert_eq!(links(rss), ["https://news.example/page?utm_source=rss", ""]);
    let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"L","items":[{"id":"1","url":"https://a.example/1",
        "external_url":"https://news.example/page","content_html":"<a href='https://other.example/'>more</a>"}]}"#;
    assert_eq!(links(json), ["https://news.example/page https://other.example/"]);
    assert_eq!(open(json).expect("a feed").mentions[0].url.as_deref(), Some("https://a.example/1"));
}

#[test]
fn links_within_the_words_are_relative_to_the_entry() {
    let rss = "<rss version='2.0'><channel><link>https://a.example/</link><item><link>/2026/1.html</link><description><![CDATA[\
        <p><a href='/tests/2'>a</a> <a href='next.html'>b</a> <a href='//b.example/c'>c</a> <a href='#fn1'>1</a>\
        <a href='mailto:ana@a.example'>mail</a> <a href='javascript:x()'>x</a> <a href=''>y</a></p>]]></description></item></channel></rss>";
    let links = open(rss).expect("it is a feed").mentions.remove(0).links.join(" ");
    assert_eq!(links, "https://a.example/tests/2 https://a.example/2026/next.html https://b.example/c");
}

#[test]
fn of_several_dates_the_one_that_can_be_read_counts() {
    let rss = "<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel>\
        <item><guid>1</guid><dc:date>2026-11-15T12:15:00Z</dc:date><pubDate>yesterday</pubDate></item>\
        <item><guid>2</guid><pubDate>Sun, 15 Nov 2026 12:15:00 GMT</pubDate><dc:date/></item>\
        <item><guid>3</guid></item><pubDate>Sun, 15 Nov 2026 12:15:00 GMT</pubDate></channel></rss>";
    let mut said: Vec<_> = open(rss).expect("it is a feed").mentions;
    said.sort_by_key(|mention| mention.uid.clone());
    let said: Vec<_> = said.iter().map(|mention| mention.ts.as_secs()).collect();
    assert_eq!(said, [1_794_744_900, 1_794_744_900, crate::mention::UNDATED.as_secs()]);
}

#[test]
fn a_document_is_bounded_however_it_is_made() {
    let channel = |items: String| format!("<rss><channel>{items}</channel></rss>");
    let many = open(&channel("<item><title>a</title></item>".repeat(5_000))).expect("it is RSS");
    assert_eq!(many.mentions.len(), super::limits::MAX_ENTRIES);
    assert!(open(&channel("<item/>".repeat(300_000))).is_err());
    assert!(open(&format!("{{\"items\":[{}{{}}]}}", "{},".repeat(300_000))).is_err());
    for text in
        ["&".repeat(2_000_000), "<x".repeat(90_000), "&lt;x".repeat(200_000), "<![CDATA[".repeat(90_000)]
    {
        let _ = open(&channel(format!("<item><title>{text}</title></item>")));
    }
}

#[test]
fn a_mail_address_is_no_name_and_breaks_nothing() {
    let author = |author: &str| {
        let item = format!(
            "<rss><channel><title>Daily</title><item><author>{author}</author></item></channel></rss>"
        );
        let mentions = open(&item).map(|document| document.mentions);
        mentions.map(|m| m[0].author.as_ref().and_then(|a| a.name.clone()).unwrap_or_default().to_string())
    };
    assert_eq!(author("ana@a.example (Ana)").as_deref(), Ok("Ana"));
    assert_eq!(author("ana@a.example").as_deref(), Ok("Daily"));
    // feed-rs 3.0.0 panics over these.
    assert_eq!(author("Die Zeitung »ana@a.example«").as_deref(), Ok("Die Zeitung »"));
    assert_eq!(author("记者：ana@a.example").as_deref(), Ok("记者："));
}
