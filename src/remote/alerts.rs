//! Alerts for browsers and other programs: `GET /alerts.json` tells them, and
//! `POST /alerts/ID/acknowledge` says that somebody takes one on (`{"by": "Jo"}`, at most 1 KiB;
//! nothing is needed). Pages of other sites cannot ask for that.

use axum::body::Bytes;
use axum::extract::{Path, State as Shares};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Json, Response};
use serde_json::{Value, json};

use super::mirror::Mirror;
use super::status::Sources;
use crate::layout::wall::Audience;
use crate::pulse::alerts::{AlertCommand, told};

/// All alerts and how far bursts are watched for.
pub async fn list(Shares(mirror): Shares<Mirror>) -> Json<Value> {
    let mirrored = mirror.shared.mirrored.load();
    let snapshot = mirror.shared.sources.snapshot.load();
    let staff = mirrored.audience == Audience::Staff;
    let topic =
        |index: Option<u16>| index.and_then(|i| mirrored.topics.get(usize::from(i))).map(String::as_str);
    let alerts: Vec<Value> =
        snapshot.alerts.iter().map(|alert| told::json(alert, topic(alert.topic), staff)).collect();
    let watched = snapshot.watches.iter().enumerate().map(|(i, watch)| {
        let topic = i.checked_sub(1).and_then(|i| mirrored.topics.get(i));
        json!({ "topic": topic, "learning_min": watch.learning, "usual_per_min": watch.usual, "late": watch.late })
    });
    Json(json!({ "alerts": alerts, "watched": watched.collect::<Vec<_>>() }))
}

/// Takes an alert on.
pub async fn acknowledge(
    Shares(mirror): Shares<Mirror>,
    Path(id): Path<u64>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if !is_own(&headers) {
        return answer(
            StatusCode::FORBIDDEN,
            json!({ "error": "pages from other sites cannot acknowledge alerts" }),
        );
    }
    let by = match by(&body) {
        Ok(by) => by,
        Err(why) => return answer(StatusCode::BAD_REQUEST, json!({ "error": why })),
    };
    let Sources { snapshot, commands } = &mirror.shared.sources;
    let snapshot = snapshot.load();
    let Some(alert) = snapshot.alerts.iter().find(|alert| alert.id == id) else {
        return answer(StatusCode::NOT_FOUND, json!({ "error": "no such alert" }));
    };
    if !alert.is_live() {
        return answer(StatusCode::CONFLICT, json!({ "error": "this alert has ended" }));
    }
    let sent = commands.load().as_ref().map(|to| to.try_send(AlertCommand::Acknowledge { id, by }));
    match sent {
        Some(Ok(())) => answer(StatusCode::ACCEPTED, json!({ "id": id, "standing": "acknowledged" })),
        _ => answer(StatusCode::SERVICE_UNAVAILABLE, json!({ "error": "the wall is busy; try again" })),
    }
}

fn answer(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}

/// Whether the caller is a page of this mirror, or no browser: those tell where a page comes from.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    if text("sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return false;
    }
    let host = text(header::HOST.as_str());
    match text(header::ORIGIN.as_str()) {
        None => true,
        Some(origin) => {
            let named = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            named.is_some() && named == host
        }
    }
}

/// Who takes it on: empty when the body is.
fn by(body: &[u8]) -> Result<String, &'static str> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(String::new());
    }
    if body.len() > 1_024 {
        return Err("more than 1 KiB");
    }
    let value: Value = serde_json::from_slice(body).map_err(|_| "not JSON; send {\"by\": \"Jo\"}")?;
    match value.get("by") {
        Some(Value::String(by)) => Ok(by.clone()),
        None if value.is_object() => Ok(String::new()),
        _ => Err("`by` must be a string; send {\"by\": \"Jo\"}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (name.parse().expect("a name"), value.parse().expect("a value")))
            .collect()
    }

    #[test]
    fn only_the_mirrors_own_page_and_tools_may_acknowledge() {
        let host = ("host", "wall:8460");
        assert!(is_own(&headers(&[host])));
        assert!(is_own(&headers(&[host, ("origin", "http://wall:8460"), ("sec-fetch-site", "same-origin")])));
        assert!(!is_own(&headers(&[host, ("origin", "http://wall:8461")])));
        assert!(!is_own(&headers(&[host, ("origin", "null")])));
        assert!(!is_own(&headers(&[("origin", "http://wall:8460")])));
        assert!(!is_own(&headers(&[host, ("sec-fetch-site", "cross-site")])));
        assert!(!is_own(&headers(&[host, ("origin", "http://evil.example")])));
    }

    #[test]
    fn who_takes_it_on_is_a_text_or_nothing() {
        assert_eq!(by(b" \n"), Ok(String::new()));
        assert_eq!(by(br#"{"by": "Jo"}"#), Ok("Jo".into()));
        assert_eq!(by(b"{}"), Ok(String::new()));
        for wrong in [&b"Jo"[..], br#"{"by": 7}"#, b"[]", &[b' '; 2_000].map(|_| b'x')] {
            assert!(by(wrong).is_err());
        }
    }
}
