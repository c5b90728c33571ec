//! Alerts for browsers and other programs: `GET /alerts.json` tells them, and
//! `POST /alerts/ID/acknowledge` says that somebody takes one on (`{"by": "Jo"}`, at most 1 KiB;
//! nothing is needed). Pages of other sites cannot ask for that.

use axum::Extension;
use axum::body::Bytes;
use axum::extract::{Path, State as Shares};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Json, Response};
use serde_json::{Value, json};

use super::access::{Caller, Proof};
use super::control;
use super::mirror::Mirror;
use crate::control::{Request, Verb, Who};
use crate::layout::wall::Audience;
use crate::pulse::alerts::told;

/// All alerts and how far bursts are watched for.
pub async fn list(Shares(mirror): Shares<Mirror>) -> Json<Value> {
    let mirrored = mirror.shared.mirrored.load();
    let snapshot = mirror.shared.desk.snapshot().load();
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
    Extension(caller): Extension<Caller>,
    Path(id): Path<u64>,
    body: Bytes,
) -> Response {
    let by = match by(&body) {
        Ok(by) => by,
        Err(why) => return answer(StatusCode::BAD_REQUEST, json!({ "error": why })),
    };
    // Who sits here says who they are; others are known by their token.
    let name = match caller.proof {
        Proof::Place => by,
        Proof::Token | Proof::Cookie => caller.who.name.clone(),
    };
    let request = Request::plain(Verb::Acknowledge { alert: id });
    match mirror.shared.desk.act(&Who { name, ..caller.who }, &request) {
        Ok(()) => answer(StatusCode::ACCEPTED, json!({ "id": id, "standing": "acknowledged" })),
        Err(refused) => answer(control::status(&refused), json!({ "error": refused.to_string() })),
    }
}

fn answer(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
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
