//! Documents of many kinds.

mod corpus;
mod expect;

use std::sync::Arc;

use super::document::{Document, Frame, read};
use crate::clock::Time;
use crate::mention::Network;

fn open(text: &str) -> Result<Document, String> {
    let frame = Frame {
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
fn a_document_is_bounded_however_it_is_made() {
    let channel = |items: String| format!("<rss><channel>{items}</channel></rss>");
    let many = open(&channel("<item><title>a</title></item>".repeat(5_000))).expect("it is RSS");
    assert_eq!(many.mentions.len(), super::MAX_ENTRIES);
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
