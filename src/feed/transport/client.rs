//! The HTTP client of one adapter, as this machine's environment wants it.

use reqwest::{Client, Url, redirect};

use super::reach::{Outward, Reach};
use crate::feed::adapter::Pace;
use crate::feed::error::FeedError;

/// What every call says who it is.
pub(in crate::feed) const AGENT: &str = concat!("fishbowl/", env!("CARGO_PKG_VERSION"));

/// A client; `from` is where the server lies that names addresses to it.
pub(in crate::feed) fn client(
    url: &Url,
    has_proxy: bool,
    pace: &Pace,
    from: Option<Reach>,
) -> Result<Client, FeedError> {
    let build = || {
        let builder = Client::builder()
            .user_agent(AGENT)
            .connect_timeout(pace.connect_within)
            .redirect(redirect::Policy::none())
            .referer(false);
        match from {
            _ if has_proxy => builder,
            Some(from) => builder.no_proxy().dns_resolver(Outward::resolver(from)),
            None => builder.no_proxy(),
        }
    };
    // A machine without root certificates can still speak plain HTTP.
    let client = match build().build() {
        Err(_) if url.scheme() == "http" => build().tls_certs_only([]).build(),
        built => built,
    };
    client.map_err(|error| FeedError::failed(format!("cannot set up HTTP: {}", reason(error))))
}

/// Whether this machine's environment names a proxy.
pub(in crate::feed) fn names_proxy() -> bool {
    const NAMES: [&str; 6] =
        ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
    NAMES.iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// The innermost cause of an error, which names no address.
pub(in crate::feed) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    innermost(&error)
}

/// The words of the innermost cause.
pub(in crate::feed) fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}
