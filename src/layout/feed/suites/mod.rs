//! Listening suites that a company pays for.

mod brandwatch;
mod meltwater;
mod sprout;
mod talkwalker;

use std::path::PathBuf;

use super::Fault;

pub use brandwatch::Brandwatch;
pub use meltwater::Meltwater;
pub use sprout::Sprout;
pub use talkwalker::Talkwalker;

fn fault(key: &'static str, what: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { key, what: what.into(), help: help.into() }
}

/// A token that is missing or has two places.
fn token(env: &Option<String>, file: &Option<PathBuf>, what: &str) -> Option<Fault> {
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
fn address(key: &'static str, url: &Option<String>) -> Option<Fault> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::feed::Table;
    use crate::layout::value::Lasting;

    fn keys(faults: Vec<Fault>) -> Vec<&'static str> {
        faults.into_iter().map(|fault| fault.key).collect()
    }

    fn some(word: &str) -> Option<String> {
        Some(word.into())
    }

    #[test]
    fn what_a_service_cannot_do_without_is_asked_for() {
        assert_eq!(keys(Brandwatch::default().faults()), ["token_env", "project", "queries"]);
        assert_eq!(keys(Talkwalker::default().faults()), ["token_env", "collector"]);
        assert_eq!(keys(Meltwater::default().faults()), ["search", "token_env"]);
        assert_eq!(keys(Sprout::default().faults()), ["token_env", "customer", "topics"]);
    }

    #[test]
    fn meltwater_is_listened_to_or_searched() {
        let listen = Some(Default::default());
        let pushed = Meltwater { listen, secret_env: some("S"), ..Meltwater::default() };
        assert_eq!(keys(pushed.faults()), [""; 0]);
        assert_eq!(keys(Meltwater { secret_env: None, ..pushed.clone() }.faults()), ["secret_env"]);
        let registered = Meltwater { public_url: some("https://wall.example/meltwater"), ..pushed };
        assert_eq!(keys(registered.faults()), ["search", "token_env"]);
        let searched = Meltwater { search: Some(1), token_env: some("T"), ..Meltwater::default() };
        assert_eq!(keys(searched.faults()), [""; 0]);
        let odd = Meltwater { path: some("hook?"), interval: Lasting::from_secs(60), ..searched };
        assert_eq!(keys(odd.faults()), ["path", "interval"]);
    }

    #[test]
    fn addresses_hold_no_secrets() {
        let at = |url: &str| address("url", &some(url)).map(|fault| fault.what);
        assert_eq!(at("https://api.brandwatch.com"), None);
        assert_eq!(at("http://127.0.0.1:80/x"), None);
        for url in ["api.brandwatch.com", "https://", "https://a b", "https://:80"] {
            assert!(at(url).is_some_and(|what| what.contains("not an address")), "{url}");
        }
        assert!(at("https://ana:s3cret@a.example").is_some_and(|what| !what.contains("s3cret")));
        assert!(at("https://a.example?access_token=s3cret").is_some_and(|what| !what.contains("s3cret")));
    }

    #[test]
    fn what_the_limits_of_a_service_do_not_allow_is_said() {
        let good =
            Brandwatch { token_env: some("T"), project: Some(1), queries: vec![2], ..Brandwatch::default() };
        assert_eq!(keys(good.faults()), [""; 0]);
        let often = Brandwatch { interval: Lasting::from_secs(19), page_size: 5_001, ..good };
        assert_eq!(keys(often.faults()), ["interval", "page_size"]);
        let good = Sprout {
            token_env: some("T"),
            customer: Some(1),
            topics: vec!["a".into(); 5],
            ..Sprout::default()
        };
        assert_eq!(keys(good.faults()), [""; 0]);
        let many = Sprout { topics: vec!["a".into(); 6], ..good };
        assert_eq!(keys(many.faults()), ["interval"], "6 topics a minute are 259,200 calls in 30 days");
        let odd = Talkwalker {
            token_env: some("T"),
            token_file: Some("t".into()),
            collector: some("Live/1"),
            from: some("yesterday"),
            ..Talkwalker::default()
        };
        assert_eq!(keys(odd.faults()), ["token_file", "collector", "from"]);
    }
}
