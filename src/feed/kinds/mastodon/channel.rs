//! The streams of a Mastodon server: where each is heard, and where its past is asked for.
//!
//! docs.joinmastodon.org/methods/streaming and /methods/timelines.

use reqwest::Url;
use serde_json::{Value, json};

use super::table::{MAX_STREAMS, MastodonTable, Timeline};
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::transport::url;

/// One stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Channel {
    /// Its name as WebSockets have it.
    stream: &'static str,
    /// A hashtag without `#`, or the id of a list.
    part: Option<String>,
}

/// What a feed listens to; at most [`MAX_STREAMS`], each once.
pub(super) fn channels(table: &MastodonTable) -> Vec<Channel> {
    let timelines = table.streams.iter().map(|timeline| Channel { stream: name(*timeline), part: None });
    let tags = table
        .hashtags
        .iter()
        .map(|tag| Channel { stream: "hashtag", part: Some(tag.trim_start_matches('#').to_lowercase()) });
    let lists = table.lists.iter().map(|id| Channel { stream: "list", part: Some(id.clone()) });
    let mut all: Vec<Channel> = Vec::new();
    for channel in timelines.chain(tags).chain(lists) {
        if !all.contains(&channel) && all.len() < MAX_STREAMS {
            all.push(channel);
        }
    }
    if all.is_empty() {
        all.push(Channel { stream: name(Timeline::Public), part: None });
    }
    all
}

fn name(timeline: Timeline) -> &'static str {
    match timeline {
        Timeline::Public => "public",
        Timeline::Local => "public:local",
        Timeline::Remote => "public:remote",
        Timeline::User => "user",
    }
}

impl Channel {
    /// What the cursor knows it by, and what messages call it.
    pub fn name(&self) -> String {
        match &self.part {
            Some(part) => format!("{}:{part}", self.stream),
            None => self.stream.into(),
        }
    }

    /// What its hashtag or the id of its list is called.
    fn parameter(&self) -> &'static str {
        if self.stream == "hashtag" { "tag" } else { "list" }
    }

    /// Where server-sent events tell of it.
    pub fn events(&self, streaming: &Url) -> Result<Url, FeedError> {
        let mut url = joined(streaming, &["api", "v1", "streaming"])?;
        extend(&mut url, &self.stream.split(':').collect::<Vec<_>>())?;
        if let Some(part) = &self.part {
            url.query_pairs_mut().append_pair(self.parameter(), part);
        }
        Ok(url)
    }

    /// What a WebSocket is asked for.
    pub fn subscription(&self) -> String {
        let mut ask = json!({ "type": "subscribe", "stream": self.stream });
        if let Some(part) = &self.part {
            ask[self.parameter()] = part.as_str().into();
        }
        ask.to_string()
    }

    /// Whether a message of a WebSocket, which says `["hashtag","acme"]`, is of this one.
    pub fn is(&self, stream: &Value) -> bool {
        let part = |at: usize| stream.get(at).and_then(Value::as_str);
        let same = |mine: &String, theirs: &str| mine.to_lowercase() == theirs.to_lowercase();
        part(0) == Some(self.stream)
            && match (&self.part, part(1)) {
                (Some(mine), Some(theirs)) => same(mine, theirs),
                (mine, _) => mine.is_none(),
            }
    }

    /// Whether its past shows all that it said and that still stands. A home timeline and a list keep
    /// only so many statuses, and change with those who are followed.
    pub fn is_whole(&self) -> bool {
        !matches!(self.stream, "user" | "list")
    }

    /// Where its past is had, newest first; that after `since` where one is given, oldest page
    /// first.
    pub fn past(&self, server: &Url, since: Option<&str>) -> Result<Url, FeedError> {
        let mut url = joined(server, &["api", "v1", "timelines"])?;
        let part = self.part.as_deref().unwrap_or_default();
        let path: &[&str] = match self.stream {
            "hashtag" => &["tag", part],
            "list" => &["list", part],
            "user" => &["home"],
            _ => &["public"],
        };
        extend(&mut url, path)?;
        let mut query = url.query_pairs_mut();
        let only = match self.stream {
            "public:local" => Some(("local", "true")),
            "public:remote" => Some(("remote", "true")),
            _ => None,
        };
        let after = since.map(|id| ("min_id", id));
        query.extend_pairs(only.into_iter().chain(after)).append_pair("limit", "40");
        drop(query);
        Ok(url)
    }
}

/// Where WebSockets are opened.
pub(super) fn socket(streaming: &Url) -> Result<Url, FeedError> {
    joined(streaming, &["api", "v1", "streaming"])
}

/// Where the server describes itself.
pub(super) fn instance(server: &Url) -> Result<Url, FeedError> {
    joined(server, &["api", "v2", "instance"])
}

fn joined(base: &Url, path: &[&str]) -> Result<Url, FeedError> {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    extend(&mut url, path)?;
    Ok(url)
}

fn extend(url: &mut Url, path: &[&str]) -> Result<(), FeedError> {
    let shown = url::shown(url);
    let mut segments = url
        .path_segments_mut()
        .map_err(|()| FeedError::of(FailureKind::Refused, format!("{shown} is not the URL of a server")))?;
    segments.pop_if_empty().extend(path);
    Ok(())
}

/// The address of the streams that a server names (`configuration.urls.streaming`), as HTTP;
/// its own where it names none. One that would carry the token in the open is not taken.
pub(super) fn streaming(server: &Url, instance: &Value) -> Result<Url, FeedError> {
    let urls =
        instance.pointer("/configuration/urls/streaming").or_else(|| instance.pointer("/urls/streaming_api"));
    let Some(named) = urls.and_then(Value::as_str) else { return Ok(server.clone()) };
    let http = match named.split_once("://") {
        Some(("wss", rest)) => format!("https://{rest}"),
        Some(("ws", rest)) => format!("http://{rest}"),
        _ => named.to_owned(),
    };
    let url = url::address(&http)?;
    if server.scheme() == "https" && url.scheme() != "https" {
        let why = "the server's streaming URL is not encrypted; the token is not sent there";
        return Err(FeedError::of(FailureKind::Refused, why));
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    fn all() -> Vec<Channel> {
        channels(&MastodonTable {
            streams: vec![Timeline::Local, Timeline::User, Timeline::Local],
            hashtags: vec!["#Acme".into(), "電池".into()],
            lists: vec!["12".into()],
            ..MastodonTable::default()
        })
    }

    #[test]
    fn every_stream_has_its_addresses() {
        let server = url("https://m.example/");
        let events: Vec<_> =
            all().iter().map(|c| c.events(&server).expect("an address").to_string()).collect();
        assert_eq!(
            events,
            [
                "https://m.example/api/v1/streaming/public/local",
                "https://m.example/api/v1/streaming/user",
                "https://m.example/api/v1/streaming/hashtag?tag=acme",
                "https://m.example/api/v1/streaming/hashtag?tag=%E9%9B%BB%E6%B1%A0",
                "https://m.example/api/v1/streaming/list?list=12",
            ]
        );
        let past: Vec<_> =
            all().iter().map(|c| c.past(&server, Some("7")).expect("an address").to_string()).collect();
        assert_eq!(
            past,
            [
                "https://m.example/api/v1/timelines/public?local=true&min_id=7&limit=40",
                "https://m.example/api/v1/timelines/home?min_id=7&limit=40",
                "https://m.example/api/v1/timelines/tag/acme?min_id=7&limit=40",
                "https://m.example/api/v1/timelines/tag/%E9%9B%BB%E6%B1%A0?min_id=7&limit=40",
                "https://m.example/api/v1/timelines/list/12?min_id=7&limit=40",
            ]
        );
    }

    #[test]
    fn a_socket_is_asked_and_its_messages_are_told_apart() {
        let all = all();
        assert_eq!(all[2].subscription(), r#"{"stream":"hashtag","tag":"acme","type":"subscribe"}"#);
        assert_eq!(all[4].subscription(), r#"{"list":"12","stream":"list","type":"subscribe"}"#);
        let of = |stream: Value| all.iter().position(|channel| channel.is(&stream));
        assert_eq!(of(json!(["public:local"])), Some(0));
        assert_eq!(of(json!(["hashtag", "ACME"])), Some(2));
        assert_eq!(
            (of(json!(["hashtag"])), of(json!(["hashtag", "b"])), of(json!("user"))),
            (None, None, None)
        );
    }

    #[test]
    fn the_server_says_where_it_streams() {
        let server = url("https://m.example");
        let named =
            |url: &str| streaming(&server, &json!({ "configuration": { "urls": { "streaming": url } } }));
        assert_eq!(named("wss://s.example/").expect("secure"), url("https://s.example/"));
        assert!(named("ws://s.example").is_err());
        assert_eq!(streaming(&server, &json!({})).expect("its own"), server);
        let sub = all()[1].events(&url("https://s.example/under/")).expect("an address");
        assert_eq!(sub.as_str(), "https://s.example/under/api/v1/streaming/user");
    }
}
