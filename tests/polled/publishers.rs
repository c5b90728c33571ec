//! News feeds as publishers really write them: dates that nobody can read, ids that several use.

use fishbowl::feed::kinds::RssTable;
use fishbowl::layout::feed::FeedSpec;
use fishbowl::layout::value::Lasting;
use fishbowl::layout::wall::Feed;
use fishbowl::mention::source::Batch;
use fishbowl::mention::{Mention, UNDATED};
use tokio::time::{Duration, timeout};

use crate::client::{Client, feed, uids};
use crate::server::{Act, Server, answer};

const XML: &str = "content-type: application/rss+xml";

fn rss(urls: &[String]) -> Feed {
    let table = RssTable { urls: urls.to_vec(), every: Lasting::from_secs(60), ..RssTable::default() };
    feed(FeedSpec::from(table))
}

fn document(items: &str) -> Vec<Act> {
    let channel = format!("<rss version=\"2.0\"><channel><title>Acme Daily</title>{items}</channel></rss>");
    answer("200 OK", &[XML], &channel)
}

fn mentions(seen: &[Batch]) -> Vec<&Mention> {
    seen.iter().flat_map(|batch| &batch.mentions).collect()
}

fn dated(id: &str, date: &str) -> String {
    format!("<item><guid isPermaLink=\"false\">{id}</guid><title>Old {id}</title>{date}</item>")
}

#[tokio::test]
async fn no_date_of_an_archive_becomes_now() {
    const READ: [&str; 5] = [
        "Sun, 15 Nov 2026 12:15 PM",
        "So, 15 Nov 2026 13:15:00 +0100",
        "2026-11-15 12:15:00",
        "1794744900000",
        "Sun, 15 Nov 2026 07:15:00 America/New_York",
    ];
    const UNREAD: [&str; 4] = ["", "<pubDate/>", "<pubDate>05/06/2026</pubDate>", "<pubDate>soon</pubDate>"];
    let read = READ
        .iter()
        .enumerate()
        .map(|(i, date)| dated(&format!("r{i}"), &format!("<pubDate>{date}</pubDate>")));
    let unread = UNREAD.iter().enumerate().map(|(i, date)| dated(&format!("u{i}"), date));
    let items: String = read.chain(unread).collect();
    let server = Server::answering(move |_, nth| match nth {
        0 => document(&items),
        1 => document(&(items.clone() + &dated("new", ""))),
        _ => vec![Act::Hold],
    })
    .await;
    let mut client = Client::start(&[rss(&[server.at("/feed")])]);
    client.until(|seen| uids(seen).len() == 10).await;
    let all = mentions(&client.seen);
    for mention in &all {
        let id = mention.uid.rsplit('/').next().unwrap_or_default();
        match &id[..1] {
            "r" => assert_eq!(mention.ts.as_secs(), 1_794_744_900, "{id}"),
            "u" => assert_eq!(mention.ts, UNDATED, "{id}"),
            _ => assert_eq!(mention.ts, mention.received, "it appeared between two looks"),
        }
    }
    let state = &client.seen.last().expect("there is one").state;
    assert_eq!((state.garbage, state.undated, state.received), (4, 4, 10));
}

#[tokio::test]
async fn one_guid_of_two_publishers_is_two_entries() {
    const IDS: [&str; 6] = ["1001", "post-7", "article:1001", "nid:42", "News 12:30", "id=5:1"];
    let server = Server::answering(|request, _| {
        let (publisher, before) = if request.line.contains("alpha") { ("alpha", "") } else { ("beta", "s") };
        let item = |id: &&str| {
            format!(
                "<item><guid isPermaLink=\"false\">{id}</guid><title>{publisher} of {id}</title>\
                 <link>http{before}://{publisher}.example/{}</link><pubDate>2026-11-15 12:15</pubDate></item>",
                id.len()
            )
        };
        document(&(IDS.iter().map(item).collect::<String>() + &item(&"urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a")))
    })
    .await;
    let mut client = Client::start(&[rss(&[server.at("/alpha.xml"), server.at("/beta.xml")])]);
    let _ = timeout(Duration::from_secs(20), client.until(|seen| uids(seen).len() >= 14)).await;
    let mut uids = client.uids();
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), 13, "six of each, and one that is the same everywhere: {uids:?}");
}

#[tokio::test]
async fn links_are_relative_to_the_channel_and_media_are_described() {
    let body = "<rss version=\"2.0\" xmlns:media=\"http://search.yahoo.com/mrss/\" \
        xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"><channel><title>T</title>\
        <link>https://news.example/today/</link>\
        <item><guid>1</guid><title>One</title><link>story/1</link><media:group><media:description>A film about \
        it</media:description></media:group></item>\
        <item><guid>2</guid><title>Two</title><link>/2</link><itunes:summary>We talk about it</itunes:summary></item>\
        <item xml:base=\"https://other.example/a/\"><guid>3</guid><title>Three</title><link>3</link>\
        <description>Said</description><media:description>not this</media:description></item></channel></rss>";
    let server = Server::start(vec![answer("200 OK", &[XML], body), vec![Act::Hold]]).await;
    let mut client = Client::start(&[rss(&[server.at("/feed")])]);
    client.until(|seen| uids(seen).len() == 3).await;
    let all = mentions(&client.seen);
    let said = |at: usize| (all[at].url.as_deref(), all[at].text.as_deref());
    assert_eq!(said(0), (Some("https://news.example/today/story/1"), Some("One \u{2013} A film about it")));
    assert_eq!(said(1), (Some("https://news.example/2"), Some("Two \u{2013} We talk about it")));
    assert_eq!(said(2), (Some("https://other.example/a/3"), Some("Three \u{2013} Said")));
}
