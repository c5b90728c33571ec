//! What tables of suites have wrong in the same way.

use std::path::PathBuf;

use crate::feed::kinds::faults::fault;
use crate::layout::feed::Fault;

/// A token that is missing or has two places.
pub fn token(env: &Option<String>, file: &Option<PathBuf>, what: &str) -> Option<Fault> {
    match (env, file) {
        (None, None) => Some(fault(
            "token_env",
            format!("{what} is missing"),
            "Put it in an environment variable and name that in `token_env`, or in a file and name that in `token_file`.",
        )),
        (Some(_), Some(_)) => {
            Some(fault("token_file", "a feed has only one token", "Keep `token_env` or `token_file`."))
        }
        _ => None,
    }
}

/// An address that is none, or holds what is no part of it.
pub fn address(key: &'static str, url: &Option<String>) -> Option<Fault> {
    let url = url.as_deref()?;
    let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match host {
        Some(host) if host.contains('@') => Some(fault(
            key,
            "the URL contains a user name and password",
            "Secrets do not belong in a layout.",
        )),
        Some(host) if !host.is_empty() && !host.starts_with(':') && !url.contains(char::is_whitespace) => {
            let tail = url.contains(['?', '#']);
            let what = "the URL has parameters";
            tail.then(|| fault(key, what, "Write just the service's URL; the token has its own key."))
        }
        _ => Some(fault(
            key,
            format!("`{url}` is not an address"),
            "Write the full URL: `https://api.example.org`.",
        )),
    }
}
