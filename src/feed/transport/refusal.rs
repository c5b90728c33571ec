//! What the refusal of a call means: in words, with who must act and how long to wait.

use reqwest::StatusCode;
use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

use super::rate_limit;
use crate::clock::Time;
use crate::feed::error::{FailureKind, FeedError};

/// How much of a refusal's body is looked at, bytes.
const MAX_WORDS: usize = 4_096;

/// What a status that is no success means, in words, with its fault and the wait that the server
/// asks for.
pub(in crate::feed) fn refusal(status: StatusCode, headers: &HeaderMap, now: Time) -> FeedError {
    let (fault, hint) = match status.as_u16() {
        200..=399 => (FailureKind::Refused, "this cannot be read; check the URL"),
        401 | 403 => (FailureKind::Refused, "check the token"),
        402 => (FailureKind::Refused, "the plan does not include this, or the credit is used up"),
        404 | 410 => (FailureKind::Refused, "check the URL"),
        408 => (FailureKind::Network, "the request took too long"),
        425 => (FailureKind::Network, "the request came too early"),
        429 => (FailureKind::Throttled, "too many requests"),
        500..600 => (FailureKind::Server, "server error"),
        _ => (FailureKind::Refused, "it rejects this request"),
    };
    let asked =
        matches!(fault, FailureKind::Throttled | FailureKind::Server).then(|| rate_limit::wait(headers, now));
    FeedError::of(fault, format!("the server answers {}: {hint}", status.as_u16())).after(asked.flatten())
}

/// Whether a refusal speaks of scopes: in its challenge (RFC 6750, section 3.1) or its body.
pub(in crate::feed) fn lacks_scope(headers: &HeaderMap, body: &[u8]) -> bool {
    let challenged = challenge(headers).is_some_and(|challenge| challenge.contains("insufficient_scope"));
    let head = String::from_utf8_lossy(&body[..body.len().min(MAX_WORDS)]).to_ascii_lowercase();
    challenged || (!head.contains("<html") && head.contains("scope"))
}

/// The refusal of a token that lacks a scope.
pub(in crate::feed) fn without_scope(status: u16, headers: &HeaderMap) -> FeedError {
    let why = format!("the server answers {status}: the token lacks a scope (a right) that this needs");
    FeedError::of(FailureKind::Refused, why + &scope(headers))
}

/// The scope that a challenge asks for, in words.
fn scope(headers: &HeaderMap) -> String {
    let asked = challenge(headers).and_then(|challenge| challenge.split_once("scope=\"")?.1.split_once('"'));
    let named = asked.and_then(|(scope, _)| crate::mention::clean_text(scope));
    named.map(|scope| format!(": `{scope:.80}`")).unwrap_or_default()
}

fn challenge(headers: &HeaderMap) -> Option<&str> {
    headers.get(WWW_AUTHENTICATE)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    #[test]
    fn a_scope_that_lacks_is_told_by_its_name() {
        let asks = HeaderValue::from_static(r#"Bearer error="insufficient_scope", scope="read:posts""#);
        let headers = HeaderMap::from_iter([(WWW_AUTHENTICATE, asks)]);
        assert!(lacks_scope(&headers, b""));
        let FeedError::Failed { fault: FailureKind::Refused, why, .. } = without_scope(403, &headers) else {
            panic!()
        };
        assert!(why.ends_with("lacks a scope (a right) that this needs: `read:posts`"), "{why}");
        assert!(lacks_scope(
            &HeaderMap::new(),
            br#"{"error":"This action is outside the authorized scopes"}"#
        ));
        assert!(!lacks_scope(&HeaderMap::new(), br#"{"error":"Forbidden"}"#));
    }

    #[test]
    fn a_status_tells_who_must_act() {
        let fault = |status: u16| {
            let status = StatusCode::from_u16(status).expect("a status");
            match refusal(status, &HeaderMap::new(), Time::default()) {
                FeedError::Failed { fault, .. } => fault,
                other => panic!("{other:?}"),
            }
        };
        for status in [400, 401, 402, 403, 404, 406, 410, 418] {
            assert_eq!(fault(status), FailureKind::Refused, "{status}");
        }
        assert_eq!(
            (fault(429), fault(500), fault(503)),
            (FailureKind::Throttled, FailureKind::Server, FailureKind::Server)
        );
    }
}
