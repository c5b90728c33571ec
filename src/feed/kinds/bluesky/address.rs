//! The addresses of a Jetstream server, by what the layout says.
//!
//! Parameters: <https://bsky.network/docs/jetstream/> and the lexicon
//! `network.bsky.jetstream.subscribeEvents`.

use reqwest::Url;

use super::cursor::Start;
use super::table::{BlueskyTable, Wire};
use crate::feed::error::FeedError;
use crate::feed::transport::url;

/// One of the four public servers, see docs/feeds/bluesky.md.
const HOST: &str = "jetstream2.us-east.bsky.network";
const FIRST: &str = "/subscribe";
const SECOND: &str = "/xrpc/network.bsky.jetstream.subscribeEvents";
const DICTIONARY: &str = "/xrpc/network.bsky.jetstream.getZstdDictionary";

/// A server, and which protocol it is spoken to in.
#[derive(Clone, Debug)]
pub(super) struct Server {
    url: Url,
    pub wire: Wire,
}

impl Server {
    pub fn of(table: &BlueskyTable) -> Result<Self, FeedError> {
        let host = table.host.as_deref().unwrap_or(HOST);
        let mut url = match &table.url {
            Some(url) => url::websocket_address(url)?,
            None => url::websocket_address(&format!("wss://{host}"))?,
        };
        let wire = table.wire.unwrap_or(if url.path() == SECOND { Wire::V2 } else { Wire::V1 });
        if url.path() == "/" {
            url.set_path(if wire == Wire::V1 { FIRST } else { SECOND });
        }
        Ok(Self { url, wire })
    }

    /// Its name and port, by which cursors know it.
    pub fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Where its stream begins at `start`; `dictionary` is that of the compression to ask for.
    pub fn stream(&self, table: &BlueskyTable, start: &Start, dictionary: Option<u32>) -> Url {
        let mut url = self.url.clone();
        let mut query = url.query_pairs_mut();
        let (collections, dids) = match self.wire {
            Wire::V1 => ("wantedCollections", "wantedDids"),
            Wire::V2 => ("collections", "dids"),
        };
        query.extend_pairs(table.collections.iter().map(|name| (collections, name)));
        query.extend_pairs(table.dids.iter().map(|did| (dids, did)));
        if self.wire == Wire::V2 {
            query.append_pair("kinds", "commit").append_pair("kinds", "account");
        }
        if let Some(id) = dictionary {
            match self.wire {
                Wire::V1 => query.append_pair("compress", "true"),
                Wire::V2 => query.append_pair("zstdDictionary", &id.to_string()),
            };
        }
        if let Some(cursor) = start.value() {
            query.append_pair("cursor", &cursor);
        }
        drop(query);
        url
    }

    /// Where the dictionary of the second wire is to be had.
    pub fn dictionary(&self) -> Option<Url> {
        let scheme = if self.url.scheme() == "wss" { "https" } else { "http" };
        let rest = self.url.as_str().split_once("://")?.1;
        let mut url = Url::parse(&format!("{scheme}://{rest}")).ok()?;
        url.set_path(DICTIONARY);
        url.set_query(None);
        Some(url)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;

    fn server(table: &BlueskyTable) -> Server {
        Server::of(table).expect("the address is right")
    }

    #[test]
    fn the_first_wire_is_asked_in_its_own_words() {
        let table =
            BlueskyTable { collections: vec!["app.bsky.feed.post".into()], ..BlueskyTable::default() };
        let url = server(&table).stream(&table, &Start::Time(Time::from_micros(5)), Some(9));
        assert_eq!(
            url.as_str(),
            "wss://jetstream2.us-east.bsky.network/subscribe?wantedCollections=app.bsky.feed.post&compress=true&cursor=5"
        );
        assert_eq!(server(&table).host(), HOST);
    }

    #[test]
    fn the_second_wire_is_known_by_its_address() {
        let url = format!("ws://127.0.0.1:6008{SECOND}");
        let table =
            BlueskyTable { url: Some(url), dids: vec!["did:plc:a".into()], ..BlueskyTable::default() };
        let server = server(&table);
        assert_eq!((server.wire, server.host().as_str()), (Wire::V2, "127.0.0.1:6008"));
        let url = server.stream(&table, &Start::Number(7), Some(9));
        let query = url.query().unwrap_or_default();
        for part in [
            "collections=app.bsky.feed.like",
            "dids=did%3Aplc%3Aa",
            "kinds=commit&kinds=account",
            "zstdDictionary=9",
            "cursor=7",
        ] {
            assert!(query.contains(part), "{query}");
        }
        let dictionary = server.dictionary().expect("it is an address");
        assert_eq!(dictionary.as_str(), format!("http://127.0.0.1:6008{DICTIONARY}"));
    }

    #[test]
    fn a_wire_can_be_chosen_for_a_host() {
        let table = BlueskyTable {
            host: Some("example.org".into()),
            wire: Some(Wire::V2),
            ..BlueskyTable::default()
        };
        let url = server(&table).stream(&table, &Start::Live, None);
        assert!(url.as_str().starts_with(&format!("wss://example.org{SECOND}?")));
        assert!(Server::of(&BlueskyTable { url: Some("https://example.org".into()), ..table }).is_err());
    }
}
