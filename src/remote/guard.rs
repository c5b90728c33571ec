//! Who is turned away before anything is answered, and what every answer says.

use std::sync::Arc;

use axum::extract::{Request, State as Shares};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Version, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Json, Response};
use serde_json::json;

use super::access::{Access, Caller, Denied, Proof};
use super::hosts::Hosts;
use super::page::{POLICY, SIGN_IN};
use crate::server::Seat;

/// What the guard goes by.
#[derive(Clone)]
pub(super) struct Rules {
    pub hosts: Hosts,
    pub access: Arc<Access>,
}

/// What is answered whoever asks.
const OPEN: [&str; 2] = ["/health", "/sign-in"];
/// What a proxy adds: whoever asks is not the one who is connected.
const FORWARDED: [&str; 9] = [
    "forwarded",
    "via",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-real-ip",
    "x-client-ip",
    "true-client-ip",
    "cf-connecting-ip",
];

/// Turns away who asks for another host, sits where only `/health` is answered, shows no token from
/// elsewhere, or sends commands from another site's page; headers for every answer.
pub(super) async fn guard(Shares(rules): Shares<Rules>, mut request: Request, next: Next) -> Response {
    let mut response = match admitted(&rules, &request) {
        Err(refusal) => *refusal,
        Ok(caller) => {
            caller.map(|caller| request.extensions_mut().insert(caller));
            next.run(request).await
        }
    };
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    for (name, value) in [
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Who asks; nobody needs to be known for what is open to all.
fn admitted(rules: &Rules, request: &Request) -> Result<Option<Caller>, Box<Response>> {
    let Some(seat) = request.extensions().get::<Arc<Seat>>() else { return Ok(None) };
    let (uri, headers) = (request.uri(), request.headers());
    let asked = (request.version(), uri, headers);
    let refused = |status: StatusCode, words: &'static str| Box::new((status, words).into_response());
    rules.hosts.check(asked, seat.at.ip()).map_err(|(status, words)| refused(status, words))?;
    if seat.is_spare() && uri.path() != "/health" {
        return Err(refused(StatusCode::SERVICE_UNAVAILABLE, "too many connections; try again\n"));
    }
    let here =
        seat.peer.ip().is_loopback() && seat.at.ip().is_loopback() && is_direct(request.version(), headers);
    let is_open = OPEN.contains(&uri.path());
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let caller = match rules.access.caller(uri, headers, seat.peer.ip(), here) {
        Ok(caller) => Some(caller),
        Err(_) if is_open => None,
        Err(denied) => return Err(Box::new(turned_away(denied, headers))),
    };
    let proven = caller.as_ref().is_some_and(|caller| caller.proof == Proof::Token);
    if changes && !proven && !is_own(headers) {
        let words = json!({ "error": "pages from other sites cannot control the wall" });
        return Err(Box::new((StatusCode::FORBIDDEN, Json(words)).into_response()));
    }
    Ok(caller)
}

/// Whether nobody stands between the caller and the wall, as far as that is told. By another name than that
/// of the loopback, or in HTTP/1.0 (nginx, unless it is told otherwise), only a proxy asks.
fn is_direct(version: Version, headers: &HeaderMap) -> bool {
    let local = |host: &str| {
        let name = host.rsplit_once(':').map_or(host, |(name, port)| match port.ends_with(']') {
            true => host,
            false => name,
        });
        name.eq_ignore_ascii_case("localhost") || name.starts_with("127.") || name == "[::1]"
    };
    let host = headers.get(header::HOST).map(|host| host.to_str().is_ok_and(local));
    version != Version::HTTP_10
        && host.unwrap_or(true)
        && FORWARDED.iter().all(|name| !headers.contains_key(*name))
}

fn turned_away(denied: Denied, headers: &HeaderMap) -> Response {
    let html = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.contains("text/html"));
    let challenge = [(header::WWW_AUTHENTICATE, "Bearer realm=\"fishbowl\"")];
    match denied {
        Denied::TooMany => too_many(6),
        Denied::Unknown if headers.get(header::ACCEPT).is_some_and(html) => {
            (StatusCode::UNAUTHORIZED, challenge, Html(SIGN_IN.as_str())).into_response()
        }
        Denied::Unknown => {
            let words = json!({ "error": "sign in, or send a token: `Authorization: Bearer TOKEN`" });
            (StatusCode::UNAUTHORIZED, challenge, Json(words)).into_response()
        }
    }
}

/// The answer to who asked too often.
pub(super) fn too_many(wait_s: u64) -> Response {
    let words = json!({ "error": "too many requests; wait a moment" });
    let wait = [(header::RETRY_AFTER, HeaderValue::from(wait_s))];
    (StatusCode::TOO_MANY_REQUESTS, wait, Json(words)).into_response()
}

/// Whether the caller is a page of this wall, or no browser: those tell where a page comes from.
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
    fn only_the_walls_own_pages_and_tools_may_change_anything() {
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
    fn whoever_comes_through_a_proxy_is_not_here() {
        for host in ["localhost", "LOCALHOST:8460", "127.0.0.1:8460", "127.3.2.1", "[::1]:8460", "[::1]"] {
            assert!(is_direct(Version::HTTP_11, &headers(&[("host", host)])), "{host}");
            assert!(!is_direct(Version::HTTP_10, &headers(&[("host", host)])), "{host}");
        }
        assert!(!is_direct(Version::HTTP_11, &headers(&[("host", "wall.example")])));
        assert!(!is_direct(Version::HTTP_11, &headers(&[("host", "wall.example:443")])));
        for name in FORWARDED {
            let through = [("host", "localhost"), (name, "192.0.2.1")];
            assert!(!is_direct(Version::HTTP_11, &headers(&through)), "{name}");
        }
    }
}
