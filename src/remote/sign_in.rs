//! Signing in: a token or a code becomes a cookie.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Extension;
use axum::body::Bytes;
use axum::extract::State as Shares;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Json, Response};
use serde_json::{Value, json};

use super::access::{COOKIE, Denied};
use super::guard::too_many;
use super::mirror::Mirror;
use super::page::SIGN_IN;
use super::sessions::LASTS;
use crate::server::Seat;

/// `GET /sign-in`.
pub async fn page() -> Html<&'static str> {
    Html(SIGN_IN.as_str())
}

/// `POST /sign-in` with `{"token": "…"}`, which may also be a code.
pub async fn sign_in(
    Shares(mirror): Shares<Mirror>,
    seat: Option<Extension<Arc<Seat>>>,
    body: Bytes,
) -> Response {
    let from = seat.map_or(IpAddr::from([127, 0, 0, 1]), |Extension(seat)| seat.peer.ip());
    let sent = serde_json::from_slice::<Value>(&body).ok();
    let Some(token) = sent.as_ref().and_then(|sent| sent.get("token")?.as_str()) else {
        let words = json!({ "error": "send {\"token\": \"…\"}" });
        return (StatusCode::BAD_REQUEST, Json(words)).into_response();
    };
    match mirror.shared.access.sign_in(token, from) {
        Ok((secret, who)) => {
            let life = LASTS.as_secs();
            (cookie(&format!("{secret}; Max-Age={life}")), Json(json!({ "you": who }))).into_response()
        }
        Err(Denied::TooMany) => too_many(6),
        Err(Denied::Unknown) => {
            let words = json!({ "error": "this token or code is not right" });
            (StatusCode::UNAUTHORIZED, Json(words)).into_response()
        }
    }
}

/// `POST /sign-out`.
pub async fn sign_out(Shares(mirror): Shares<Mirror>, headers: HeaderMap) -> Response {
    mirror.shared.access.sign_out(&headers);
    (cookie("; Max-Age=0"), Json(json!({}))).into_response()
}

/// The cookie of a session: not for scripts, and not sent along from other sites.
fn cookie(value: &str) -> [(header::HeaderName, HeaderValue); 1] {
    let text = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict");
    // Secrets are of letters, digits, `-` and `_`.
    let value = HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""));
    [(header::SET_COOKIE, value)]
}
