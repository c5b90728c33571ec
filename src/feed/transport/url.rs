//! Addresses: read as the layout has them, and shown without their secrets.

use reqwest::Url;

use crate::feed::error::{FailureKind, FeedError};

/// Reads an address; fails for anything that is not HTTP, without repeating it.
pub(in crate::feed) fn address(url: &str) -> Result<Url, FeedError> {
    address_of(url, &["http", "https"])
}

/// The same for other schemes, of which there are two.
pub(in crate::feed) fn address_of(url: &str, schemes: &[&str]) -> Result<Url, FeedError> {
    let refused = |why: String| FeedError::of(FailureKind::Refused, why);
    let address = Url::parse(url).map_err(|error| refused(format!("this is not a URL: {error}")))?;
    match address.scheme() {
        scheme if schemes.contains(&scheme) => Ok(address),
        other => Err(refused(format!("the URL starts with {other}:, not {}:", schemes.join(": or ")))),
    }
}

/// Reads an address of a WebSocket, `ws:` or `wss:`; fails for anything else, without repeating it.
pub(in crate::feed) fn websocket_address(url: &str) -> Result<Url, FeedError> {
    address_of(url, &["ws", "wss"])
}

/// An address as it may be shown: scheme, host, port and path.
pub(in crate::feed) fn shown(url: &Url) -> String {
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}{}", url.scheme(), host(url), url.path())
}

pub(in crate::feed) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

pub(in crate::feed) fn is_loopback(url: &Url) -> bool {
    let host = host(url);
    host == "localhost" || host == "[::1]" || host.starts_with("127.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(stop: FeedError) -> String {
        match stop {
            FeedError::Failed { why, .. } => why,
            FeedError::Closed | FeedError::Final(_) => String::new(),
        }
    }

    #[test]
    fn only_http_is_an_address() {
        assert!(address("https://example.org/stream?token=s3cret").is_ok());
        for url in ["ftp://example.org", "file:///etc/passwd", "example.org/?token=s3cret", ""] {
            assert!(!why(address(url).expect_err("no web address")).contains("s3cret"));
        }
    }
}
