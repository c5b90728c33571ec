//! What a stream says: docs.joinmastodon.org/methods/streaming.

use serde_json::Value;

use crate::feed::decode::error::DecodeError;
use crate::feed::decode::{field, record};
use crate::feed::error::{FailureKind, FeedError};
use crate::mention::clean_text;

/// One thing that a stream says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Said {
    New(Box<Value>),
    /// The status as it is after an edit.
    Edited(Box<Value>),
    /// The server's id of a status that is gone.
    Deleted(String),
    /// Something that is no status: a notification, a changed filter, an announcement.
    Other,
}

/// Reads an event by its name and data.
pub(super) fn read(kind: &str, data: &str) -> Result<Said, DecodeError> {
    let status = || record::parse(data.as_bytes()).map(Box::new);
    match kind {
        "update" => status().map(Said::New),
        "status.update" => status().map(Said::Edited),
        "delete" => {
            let id = Value::from(data.trim());
            field::id(Some(&id)).map(Said::Deleted).ok_or(DecodeError("a deletion without an id"))
        }
        _ => Ok(Said::Other),
    }
}

/// What one message of a WebSocket is.
#[derive(Debug)]
pub(super) enum Message {
    /// The stream, as the server names it, and what it says.
    Event(Value, Said),
    /// The server refuses what it was asked for.
    Refused(FeedError),
}

/// Reads a message of a WebSocket: its payload is JSON in a string, or an id alone.
pub(super) fn message(text: &[u8]) -> Result<Message, DecodeError> {
    let mut frame: Value = record::parse(text)?;
    if let Some(error) = frame.get("error") {
        let status = field::count(frame.get("status"));
        return Ok(Message::Refused(refused(status, error.as_str().unwrap_or_default())));
    }
    let kind = field::text(frame.get("event")).ok_or(DecodeError("a message without an event"))?.to_owned();
    let payload = match frame.get("payload") {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let said = read(&kind, &payload)?;
    Ok(Message::Event(frame["stream"].take(), said))
}

/// Why a call is refused, by its status and its body (docs.joinmastodon.org/entities/Error).
pub(super) fn refusal(status: u16, body: &[u8]) -> FeedError {
    let body = record::parse(body).unwrap_or_default();
    let said = field::text(body.get("error_description")).or_else(|| field::text(body.get("error")));
    refused(Some(status.into()), said.unwrap_or_default())
}

/// Why a stream is refused, in words; `said` are the server's own.
pub(super) fn refused(status: Option<u64>, said: &str) -> FeedError {
    // Of a scope that lacks one server says 401, another 403.
    let scope = matches!(status, Some(401 | 403)) && said.to_ascii_lowercase().contains("scope");
    let said = clean_text(said).map(|said| format!(" ({said:.120})")).unwrap_or_default();
    let (fault, hint) = match status {
        _ if scope => (
            FailureKind::Refused,
            "the token lacks a scope; create one with the scope `read`, or with `read:statuses` and, for lists, `read:lists`",
        ),
        Some(401) => (
            FailureKind::Refused,
            "the token is not valid; since Mastodon 4.2, streams need the token of a user of this server, with the scope `read`",
        ),
        Some(403) => (FailureKind::Refused, "the token does not permit this; it needs the scope `read`"),
        Some(400 | 404 | 422) => {
            (FailureKind::Refused, "there is no such stream; check `url`, `streams` and `lists`")
        }
        Some(429) => (FailureKind::Throttled, "too many requests"),
        Some(500..600) => (FailureKind::Server, "server error"),
        _ => (FailureKind::Server, "it refused the stream"),
    };
    let status = status.map(|status| format!(" {status}")).unwrap_or_default();
    FeedError::of(fault, format!("the server answers{status}: {hint}{said}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(stop: &FeedError) -> &str {
        match stop {
            FeedError::Failed { why, .. } => why,
            FeedError::Closed | FeedError::Final(_) => "",
        }
    }

    #[test]
    fn events_are_statuses_deletions_or_nothing_to_us() {
        assert_eq!(
            read("update", "{\"id\":\"1\"}"),
            Ok(Said::New(Box::new(serde_json::json!({ "id": "1" }))))
        );
        assert!(matches!(read("status.update", "{}"), Ok(Said::Edited(_))));
        assert_eq!(read("delete", "1174"), Ok(Said::Deleted("1174".into())));
        for kind in ["notification", "filters_changed", "announcement", "conversation", "message"] {
            assert_eq!(read(kind, ""), Ok(Said::Other), "{kind}");
        }
        assert!(
            read("update", "{\"id\"").is_err()
                && read("delete", "").is_err()
                && read("delete", "a b").is_err()
        );
    }

    #[test]
    fn the_payload_of_a_socket_is_json_in_a_string() {
        let Ok(Message::Event(stream, said)) =
            message(br#"{"stream":["hashtag","acme"],"event":"update","payload":"{\"id\":\"7\"}"}"#)
        else {
            panic!("it is an event")
        };
        assert_eq!(
            (stream[1].as_str(), said),
            (Some("acme"), Said::New(Box::new(serde_json::json!({ "id": "7" }))))
        );
        let gone = message(br#"{"stream":["user"],"event":"delete","payload":"1174"}"#);
        assert!(matches!(gone, Ok(Message::Event(_, Said::Deleted(id))) if id == "1174"));
        let without = message(br#"{"stream":["user"],"event":"filters_changed"}"#);
        assert!(matches!(without, Ok(Message::Event(_, Said::Other))));
        for garbage in [&b""[..], b"{}", b"[]", b"\xff", b"{\"event\":5}"] {
            assert!(message(garbage).is_err());
        }
    }

    #[test]
    fn refusals_are_told_in_words() {
        let told = message(br#"{"error":"Unknown stream type","status":400}"#);
        let Ok(Message::Refused(stop)) = told else { panic!("it is one") };
        assert_eq!(
            why(&stop),
            "the server answers 400: there is no such stream; check `url`, `streams` and `lists` (Unknown stream type)"
        );
        assert!(matches!(refused(Some(429), ""), FeedError::Failed { fault: FailureKind::Throttled, .. }));
        assert!(matches!(refused(Some(503), ""), FeedError::Failed { fault: FailureKind::Server, .. }));
        assert!(why(&refused(Some(401), "")).contains("scope `read`"));
        let outside = br#"{"error":"This action is outside the authorized scopes"}"#;
        let lacking = refusal(403, outside);
        assert!(
            why(&lacking).contains("the token lacks a scope") && why(&lacking).contains("`read:statuses`")
        );
        assert!(
            why(&lacking).ends_with("(This action is outside the authorized scopes)"),
            "{}",
            why(&lacking)
        );
        let streaming = refusal(401, br#"{"error":"Access token does not have the required scopes"}"#);
        assert!(why(&streaming).contains("the token lacks a scope"));
        assert!(!why(&refusal(401, b"<html>")).contains("lacks a scope"));
    }
}
