//! The request that opens a stream: address, client, headers and token.
//!
//! Secrets (tokens, header values, the query of the address) never come into an error or a log.

use std::path::Path;

use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url, redirect};
use tokio::fs::File;
use tokio::io::AsyncReadExt as _;

use super::supervise::{Pace, Stop};
use crate::layout::wall::StreamSpec;

/// Most redirects that are followed.
const MAX_REDIRECTS: usize = 5;
/// Longest event id that is sent back, bytes.
const MAX_EVENT_ID: usize = 4_096;
/// Longest token file, bytes.
const MAX_TOKEN: u64 = 16_384;

/// The headers of the layout, the token and, where there is one, the id of the last event.
pub(super) async fn headers(
    spec: &StreamSpec,
    wanted: &'static str,
    last_id: &str,
) -> Result<HeaderMap, Stop> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static(wanted));
    for (name, value) in &spec.headers {
        let bad = || Stop::failed(format!("header `{name}` cannot be sent: no HTTP header"));
        let key = HeaderName::from_bytes(name.as_bytes()).map_err(|_| bad())?;
        headers.insert(key, secret(value).ok_or_else(bad)?);
    }
    if let Some(token) = token(spec).await? {
        let bearer = secret(&format!("Bearer {token}"));
        headers.insert(
            AUTHORIZATION,
            bearer.ok_or_else(|| Stop::failed("the token is no text that HTTP can send"))?,
        );
    }
    let id = HeaderValue::from_bytes(last_id.as_bytes()).ok();
    if let Some(id) = id.filter(|_| (1..=MAX_EVENT_ID).contains(&last_id.len())) {
        headers.insert("last-event-id", id);
    }
    Ok(headers)
}

/// The bearer token, read anew for each connection because it may have been renewed.
async fn token(spec: &StreamSpec) -> Result<Option<String>, Stop> {
    let (from, token) = match (&spec.token_env, &spec.token_file) {
        (Some(name), _) => {
            (format!("environment variable `{name}`"), std::env::var(name).unwrap_or_default())
        }
        (None, Some(path)) => (format!("token file {}", path.display()), read_token(path).await?),
        (None, None) => return Ok(None),
    };
    match token.trim() {
        "" => Err(Stop::failed(format!("{from} holds no token"))),
        token => Ok(Some(token.to_owned())),
    }
}

async fn read_token(path: &Path) -> Result<String, Stop> {
    let fail = |why: String| Stop::failed(format!("token file {}: {why}", path.display()));
    let file = File::open(path).await.map_err(|error| fail(error.to_string()))?;
    let mut token = String::new();
    let read = file.take(MAX_TOKEN).read_to_string(&mut token).await;
    read.map_err(|error| fail(error.to_string())).map(|_| token)
}

/// Fails for anything that is not HTTP.
pub(super) fn address(url: &str) -> Result<Url, Stop> {
    let address = Url::parse(url).map_err(|error| Stop::failed(format!("the address is no URL: {error}")))?;
    match address.scheme() {
        "http" | "https" => Ok(address),
        other => Err(Stop::failed(format!("the address begins with {other}:, not http: or https:"))),
    }
}

/// A client that follows redirects as far as that is safe.
pub(super) fn client(url: &Url, has_headers: bool, pace: &Pace) -> Result<Client, Stop> {
    // Fails when another part of the program was first, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let build = || {
        let builder = Client::builder()
            .user_agent(concat!("fishbowl/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(pace.connect_within)
            .redirect(redirects(has_headers))
            .referer(false);
        if is_loopback(url) { builder.no_proxy() } else { builder }
    };
    // A machine without root certificates can still speak plain HTTP.
    let client = match build().build() {
        Err(_) if url.scheme() == "http" => build().tls_certs_only([]).build(),
        built => built,
    };
    client.map_err(|error| Stop::failed(format!("cannot set up HTTP: {}", reason(error))))
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

/// Follows to HTTP only, never from a secure address to an open one, and with headers of the
/// layout, which may be secrets, only within one server.
fn redirects(has_headers: bool) -> redirect::Policy {
    redirect::Policy::custom(move |attempt| {
        let (next, first) = (attempt.url(), attempt.previous().first());
        let web = matches!(next.scheme(), "http" | "https");
        let lowered = next.scheme() == "http" && first.is_some_and(|first| first.scheme() == "https");
        let moved = first.is_some_and(|first| first.origin() != next.origin());
        match () {
            () if attempt.previous().len() > MAX_REDIRECTS => attempt.error("too many redirects"),
            () if !web || lowered => attempt.error("it redirects to an address that is not safe"),
            () if moved && has_headers => {
                attempt.error("it redirects to another server; put that one's address in the layout")
            }
            () => attempt.follow(),
        }
    })
}

fn secret(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(value).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// The innermost cause of an error, which names no address.
pub(super) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(url: &str) -> StreamSpec {
        StreamSpec {
            url: url.into(),
            headers: Default::default(),
            token_env: None,
            token_file: None,
            map: None,
        }
    }

    fn why(stop: Stop) -> String {
        match stop {
            Stop::Failed { why, .. } => why,
            Stop::Closed | Stop::Final(_) => String::new(),
        }
    }

    #[tokio::test]
    async fn a_token_comes_from_its_file_and_is_kept_out_of_sight() {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        std::fs::write(file.path(), " s3cret\n").expect("it is writable");
        let spec = StreamSpec { token_file: Some(file.path().into()), ..spec("http://localhost") };
        let headers = headers(&spec, "x", "").await.expect("the token is there");
        assert_eq!(headers[AUTHORIZATION], "Bearer s3cret");
        assert!(!format!("{headers:?}").contains("s3cret"));
    }

    #[tokio::test]
    async fn a_missing_or_broken_secret_is_told_without_it() {
        let absent = StreamSpec { token_env: Some("FISHBOWL_NO_SUCH".into()), ..spec("http://localhost") };
        assert!(why(headers(&absent, "x", "").await.expect_err("unset")).contains("`FISHBOWL_NO_SUCH`"));
        let mut bad = spec("http://localhost");
        bad.headers.insert("X-Key".into(), "s3cret\n".into());
        let why = why(headers(&bad, "x", "").await.expect_err("a line feed"));
        assert!(why.contains("X-Key") && !why.contains("s3cret"), "{why}");
    }

    #[test]
    fn only_http_is_an_address() {
        assert!(address("https://example.org/stream?token=s3cret").is_ok());
        for url in ["ftp://example.org", "file:///etc/passwd", "example.org/?token=s3cret", ""] {
            assert!(!why(address(url).expect_err("no web address")).contains("s3cret"));
        }
    }
}
