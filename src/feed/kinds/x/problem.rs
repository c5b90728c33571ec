//! What X says when it will not: problems in the bodies of answers and within the stream.
//!
//! docs.x.com/x-api/fundamentals/response-codes-and-errors and /handling-disconnections.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::clock::Time;
use crate::feed::decode::{field, record};
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::transport::http;
use crate::mention::clean_text;

/// Why a call was refused, in words that a person can act on.
pub(super) fn refusal(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Time) -> FeedError {
    let body: Value = record::parse(body).unwrap_or_default();
    let said = Said::of(&body);
    if let Some(known) = known(status, &said) {
        return FeedError::of(
            FailureKind::Refused,
            format!("X answers {}: {known}{}", status.as_u16(), said.words()),
        );
    }
    if let Some(stop) = said.limit() {
        return stop;
    }
    match http::refusal(status, headers, now) {
        FeedError::Failed { fault, wait, .. } => {
            let hint = match fault {
                FailureKind::Throttled => "too many requests",
                FailureKind::Server | FailureKind::Network => "it has an internal error",
                FailureKind::Refused => "it rejects this request",
            };
            let why = format!("X answers {}: {hint}{}", status.as_u16(), said.words());
            FeedError::Failed { fault, why, wait }
        }
        other => other,
    }
}

/// What a person must do about a status.
fn known(status: StatusCode, said: &Said<'_>) -> Option<&'static str> {
    match status.as_u16() {
        401 => Some("the token is not valid; X requires the bearer token of an app"),
        403 if said.has("client-not-enrolled") || said.has("client-forbidden") => {
            Some("the app's project or plan does not include this; see console.x.com")
        }
        403 if said.has("unsupported-authentication") => {
            Some("this needs the bearer token of an app, not of a user")
        }
        403 => Some("the app's plan does not include this; see console.x.com"),
        402 => Some("the credit is used up; see console.x.com"),
        409 => Some("the app has no rules, so there is nothing to listen to"),
        _ => None,
    }
}

/// What errors within the stream mean; `None` when there are none, or only such as tell that
/// something beside the post could not be had.
pub(super) fn in_band(payload: &Value) -> Option<FeedError> {
    let listed = payload.get("errors").and_then(Value::as_array).is_some_and(|errors| !errors.is_empty());
    let alone = payload.get("title").is_some() || payload.get("type").is_some();
    if payload.get("data").is_some() || !(listed || alone) {
        return None;
    }
    let said = Said::of(payload);
    if let Some(stop) = said.limit() {
        return Some(stop);
    }
    let why = |hint: &str| format!("X ended the stream: {hint}{}", said.words());
    Some(match () {
        () if said.has("operational-disconnect") || said.has("OperationalDisconnect") => {
            FeedError::failed(why("for its own reasons; reconnecting"))
        }
        () if said.has("client-disconnected") => {
            FeedError::failed(why("it says that this wall disconnected; reconnecting"))
        }
        () if said.has("Unauthorized") || said.has("client-forbidden") => {
            FeedError::of(FailureKind::Refused, why("the token is no longer valid"))
        }
        () => FeedError::of(FailureKind::Server, why("it has an internal error")),
    })
}

/// How long the month's cap keeps everything waiting before it is tried again.
const CAP_WAIT: Duration = Duration::from_secs(3_600);

/// The words of a problem, where its names stand: in the body itself or in its errors.
struct Said<'a> {
    problems: Vec<&'a Value>,
}

impl<'a> Said<'a> {
    fn of(body: &'a Value) -> Self {
        let errors = body.get("errors").and_then(Value::as_array).into_iter().flatten();
        Self { problems: std::iter::once(body).chain(errors).take(8).collect() }
    }

    /// Whether a name, a reason or a kind of any of the problems contains `word`.
    fn has(&self, word: &str) -> bool {
        let keys = ["title", "type", "reason", "disconnect_type", "connection_issue"];
        let mut texts =
            self.problems.iter().flat_map(|p| keys.iter().filter_map(|key| field::text(p.get(*key))));
        texts.any(|text| text.contains(word))
    }

    /// A limit, whatever the status was.
    fn limit(&self) -> Option<FeedError> {
        if self.has("UsageCapExceeded") || self.has("usage-capped") {
            let why =
                format!("no more posts from X: the plan's cap is reached; see console.x.com{}", self.words());
            return Some(FeedError::of(FailureKind::Throttled, why).after(Some(CAP_WAIT)));
        }
        let crowded = self.has("TooManyConnections") || self.has("ConnectionException");
        crowded.then(|| {
            let why =
                "X does not allow another connection for this app: another wall or program uses its token";
            FeedError::of(FailureKind::Throttled, why)
        })
    }

    /// X's own words, in brackets, where they say anything.
    fn words(&self) -> String {
        let detail = |p: &&Value| {
            field::text(p.get("detail")).or_else(|| field::text(p.get("message"))).and_then(clean_text)
        };
        let details = self.problems.iter().rev().find_map(detail);
        details.map(|words| format!(" ({words:.160})")).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parts(stop: FeedError) -> (FailureKind, String, Option<Duration>) {
        match stop {
            FeedError::Failed { fault, why, wait } => (fault, why, wait),
            other => panic!("{other:?}"),
        }
    }

    fn refused(
        status: u16,
        headers: &[(&'static str, &'static str)],
        body: Value,
    ) -> (FailureKind, String, Option<Duration>) {
        let status = StatusCode::from_u16(status).expect("a status");
        let headers = headers.iter().map(|(name, value)| {
            (reqwest::header::HeaderName::from_static(name), reqwest::header::HeaderValue::from_static(value))
        });
        parts(refusal(
            status,
            &headers.collect(),
            body.to_string().as_bytes(),
            Time::from_secs(1_800_000_000),
        ))
    }

    #[test]
    fn who_must_act_is_told() {
        let (fault, why, _) = refused(401, &[], json!({"title": "Unauthorized", "detail": "Unauthorized"}));
        assert_eq!(fault, FailureKind::Refused);
        assert!(why.contains("bearer token of an app"), "{why}");
        let enrolled = json!({"title": "Client Forbidden", "reason": "client-not-enrolled",
            "detail": "You must use keys from an App that is attached to a Project."});
        let (fault, why, _) = refused(403, &[], enrolled);
        assert_eq!(fault, FailureKind::Refused);
        assert!(why.contains("project or plan") && why.contains("attached to a Project"), "{why}");
    }

    #[test]
    fn limits_wait_as_long_as_x_says() {
        let reset = [("x-rate-limit-reset", "1800000030")];
        let (fault, _, wait) = refused(429, &reset, json!({"title": "Too Many Requests"}));
        assert_eq!((fault, wait), (FailureKind::Throttled, Some(Duration::from_secs(30))));
        let cap = json!({"title": "UsageCapExceeded", "period": "Monthly", "detail": "Usage cap exceeded: Monthly product cap"});
        let (fault, why, wait) = refused(429, &reset, cap);
        assert_eq!(
            (fault, wait),
            (FailureKind::Throttled, Some(CAP_WAIT)),
            "a quarter of an hour does not help"
        );
        assert!(why.contains("cap is reached"), "{why}");
        let crowded = json!({"title": "ConnectionException", "connection_issue": "TooManyConnections"});
        let (fault, why, wait) = refused(429, &[], crowded);
        assert_eq!((fault, wait), (FailureKind::Throttled, None));
        assert!(why.contains("another wall"), "{why}");
    }

    #[test]
    fn errors_in_the_stream_end_it_and_those_beside_a_post_do_not() {
        let ends = json!({"errors": [{"title": "operational-disconnect", "disconnect_type": "UpstreamOperationalDisconnect",
            "detail": "This stream has been disconnected upstream for operational reasons."}]});
        let (fault, why, _) = parts(in_band(&ends).expect("it ends"));
        assert_eq!(fault, FailureKind::Network);
        assert!(why.contains("operational reasons"), "{why}");
        let crowded = json!({"title": "ConnectionException", "connection_issue": "TooManyConnections"});
        assert_eq!(parts(in_band(&crowded).expect("it ends")).0, FailureKind::Throttled);
        let strange = json!({"errors": [{"title": "Something new"}]});
        assert_eq!(parts(in_band(&strange).expect("it ends")).0, FailureKind::Server);
        assert!(in_band(&json!({"data": {"id": "1"}, "errors": [{"title": "Not Found Error"}]})).is_none());
        assert!(in_band(&json!({"data": {"id": "1"}})).is_none());
        assert!(in_band(&json!({"errors": []})).is_none());
    }
}
