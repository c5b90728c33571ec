//! What an entry is known by. An id holds worldwide only where it proves it; every other belongs
//! to its publisher, whose scope stands before it.

use std::collections::HashMap;

use feed_rs::model::{Entry, Feed, FeedType};
use reqwest::Url;
use ring::digest::{SHA256, digest};

use super::context::DocumentContext;
use super::limits::{MAX_ENTRIES, MAX_ID};
use crate::codec;

/// Namespaces of URNs (RFC 8141) whose names are given only once in the world.
const NAMESPACES: [&str; 9] = ["uuid", "isbn", "issn", "oid", "nbn", "newsml", "lex", "ietf", "iso"];

/// What the ids of one document mean.
pub struct Ids<'f> {
    frame: &'f DocumentContext<'f>,
    /// The site that the document calls its own.
    home: Option<&'f str>,
    links: HashMap<&'f str, Option<&'f str>>,
    /// Ids that stand for several entries.
    repeated: Vec<&'f str>,
}

impl<'f> Ids<'f> {
    /// RSS publishers put one guid into all items; in Atom one id twice is one entry (RFC 4287,
    /// 4.1.1).
    pub fn of(feed: &'f Feed, frame: &'f DocumentContext<'f>) -> Self {
        let home = feed.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
        let home = home.map(|link| link.href.as_str());
        let mut ids = Self { frame, home, links: HashMap::new(), repeated: Vec::new() };
        let taken = feed.entries.iter().take(MAX_ENTRIES);
        for entry in taken.filter(|e| !e.id.is_empty() && feed.feed_type != FeedType::Atom) {
            let link = link(entry);
            if *ids.links.entry(entry.id.as_str()).or_insert(link) != link {
                ids.repeated.push(&entry.id);
            }
        }
        ids
    }

    /// What the entry is known by within the layout's feed: its id, else its link, else a hash of
    /// title and date.
    pub fn id(&self, entry: &Entry) -> String {
        let link = link(entry).unwrap_or_default();
        match (entry.id.trim(), link) {
            ("", "") => {
                let title = entry.title.as_ref().map_or("", |title| &title.content);
                self.within(&hash(&format!("{title}\n{:?}", entry.published.or(entry.updated))))
            }
            ("", link) => self.scoped(link),
            (id, link) if self.repeated.contains(&entry.id.as_str()) => {
                let both = format!("{id} {link}");
                let is_worldwide = self.is_worldwide(link) && both.len() <= MAX_ID;
                if is_worldwide { both } else { self.within(&short(both)) }
            }
            (id, _) => self.scoped(id),
        }
    }

    /// An id within the layout's feed.
    pub fn scoped(&self, id: &str) -> String {
        let is_worldwide = self.is_worldwide(id) && id.len() <= MAX_ID;
        if is_worldwide { id.to_owned() } else { self.within(&short(id.to_owned())) }
    }

    fn within(&self, id: &str) -> String {
        format!("{}/{id}", self.frame.scope)
    }

    /// Whether nobody else can have given this id: a URN of a namespace that is kept, a tag (RFC
    /// 4151), or an address on the site that the document comes from or calls its own.
    fn is_worldwide(&self, id: &str) -> bool {
        let (scheme, rest) = id.split_once(':').unwrap_or_default();
        match scheme.to_ascii_lowercase().as_str() {
            "urn" => is_urn(rest),
            "tag" => is_tag(rest),
            "http" | "https" => {
                let home = self.home.filter(|home| is_public(home));
                is_own(id, self.frame.site) || home.is_some_and(|home| is_own(id, home))
            }
            _ => false,
        }
    }
}

fn short(id: String) -> String {
    if id.len() > MAX_ID { hash(&id) } else { id }
}

/// 24 hexadecimal digits that stand for a text, on every machine.
fn hash(text: &str) -> String {
    codec::hex(&digest(&SHA256, text.as_bytes()).as_ref()[..12])
}

/// The address of the entry itself.
pub fn link(entry: &Entry) -> Option<&str> {
    let is_page = |rel: Option<&str>| rel.is_none_or(|rel| rel == "alternate");
    let page = entry.links.iter().find(|link| is_page(link.rel.as_deref()));
    page.or(entry.links.first()).map(|link| link.href.trim()).filter(|href| !href.is_empty())
}

/// What tells a publisher's ids apart from others: made of its address.
pub fn scope(address: &str) -> String {
    hash(address)[..8].to_owned()
}

/// Where a document says that it is published: its own address, else its site, else its title.
pub fn publisher(feed: &Feed) -> String {
    let own = feed.links.iter().find(|link| link.rel.as_deref() == Some("self"));
    let link = own.or(feed.links.first()).map(|link| link.href.clone());
    link.or_else(|| Some(feed.title.as_ref()?.content.clone())).unwrap_or_default()
}

fn is_urn(rest: &str) -> bool {
    let (namespace, name) = rest.split_once(':').unwrap_or_default();
    match namespace.to_ascii_lowercase().as_str() {
        "uuid" => is_uuid(name),
        known => NAMESPACES.contains(&known) && !name.is_empty(),
    }
}

/// 8-4-4-4-12 hexadecimal digits that are not all the same: a template's zeros are no id.
fn is_uuid(name: &str) -> bool {
    let name = name.trim_matches(['{', '}']);
    let groups = name.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let mut digits = name.bytes().filter(|b| *b != b'-');
    let first = digits.next();
    groups && name.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit()) && digits.any(|b| Some(b) != first)
}

/// `authority,2026-11-15:name`: whoever had the domain or mail box on that day.
fn is_tag(rest: &str) -> bool {
    let Some(((authority, date), name)) =
        rest.split_once(':').and_then(|(entity, name)| Some((entity.split_once(',')?, name)))
    else {
        return false;
    };
    let year = date.split('-').next().unwrap_or_default();
    !authority.is_empty()
        && year.len() == 4
        && date.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        && !name.is_empty()
}

/// Whether an address has a name that only one owner has: `http://localhost/` stands in many a
/// document.
fn is_public(address: &str) -> bool {
    let domain = |url: Url| url.domain().is_some_and(|domain| domain.contains('.'));
    Url::parse(address).is_ok_and(domain)
}

/// Whether an address is one of the site: of the same host, or one that is part of the other, as
/// `feeds.example.org` and `www.example.org`.
fn is_own(address: &str, site: &str) -> bool {
    let host = |text: &str| {
        let url = Url::parse(text).ok()?;
        Some((url.host_str()?.trim_start_matches("www.").to_owned(), url.port()))
    };
    let Some(((one, port), (other, its_port))) = host(address).zip(host(site)) else { return false };
    let below = |long: &str, short: &str| {
        short.contains('.')
            && long.strip_suffix(short).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    port == its_port && (one == other || below(&one, &other) || below(&other, &one))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::clock::Time;
    use crate::mention::Network;

    fn within(id: &str, site: &str, home: Option<&str>) -> String {
        let (source, received) = (Arc::from("press"), Time::from_secs(1_800_000_000));
        let frame = DocumentContext {
            source: &source,
            network: Network::News,
            base: site,
            site,
            scope: "0a1b",
            received,
        };
        Ids { frame: &frame, home, links: HashMap::new(), repeated: Vec::new() }.scoped(id)
    }

    fn known_by(id: &str, site: &str) -> String {
        within(id, site, None)
    }

    #[test]
    fn an_id_is_worldwide_only_where_it_proves_it() {
        for id in [
            "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a",
            "urn:UUID:1225C695-CFB8-4EBB-AAAA-80DA344EFA6A",
            "urn:newsml:a.example:20261115:1",
            "tag:a.example,2026-11-15:/1",
            "tag:ana@a.example,2026:1",
            "https://a.example/?p=7",
            "http://www.a.example/7",
            "https://feeds.a.example/7",
        ] {
            assert_eq!(known_by(id, "https://www.a.example/feed.xml"), id);
        }
    }

    #[test]
    fn every_other_id_belongs_to_its_publisher() {
        for id in [
            "1001",
            "post-7",
            "article:1001",
            "nid:42",
            "News 12:30",
            "id=5:1",
            "urn:1001",
            "urn:post:7",
            "urn:uuid:7",
            "urn:uuid:00000000-0000-0000-0000-000000000000",
            "tag:7",
            "tag:news:7",
            "tag:a.example:7",
            "https://b.example/7",
            "https://a.example.b.example/7",
            "https://ba.example/7",
            "http://localhost/?p=7",
            "https://a.example:8443/7",
            "mailto:ana@a.example",
            "yt:video:7",
            "http:7",
            "https://",
            ":",
        ] {
            assert_eq!(known_by(id, "https://a.example/feed.xml"), format!("0a1b/{id}"));
        }
        assert_eq!(known_by("http://example/1", "http://b.example/feed"), "0a1b/http://example/1");
        let long = format!("https://a.example/{}", "x".repeat(MAX_ID));
        assert_eq!(known_by(&long, "https://a.example/feed.xml"), format!("0a1b/{}", hash(&long)));
    }

    #[test]
    fn a_site_may_be_served_elsewhere() {
        let id = "https://www.a.example/1";
        assert_eq!(within(id, "https://feeds.host.example/a", Some("https://a.example/news")), id);
        for home in ["https://b.example/", "a.example", ""] {
            assert_eq!(within(id, "https://feeds.host.example/a", Some(home)), format!("0a1b/{id}"));
        }
        for local in ["http://localhost/?p=1", "http://127.0.0.1/?p=1", "http://wordpress/?p=1"] {
            assert_eq!(within(local, "https://a.example/feed", Some(local)), format!("0a1b/{local}"));
        }
    }
}
