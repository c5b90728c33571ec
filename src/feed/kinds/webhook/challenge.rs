//! Questions that a service asks before it calls: whether we know the secret (X), and whether we
//! want to be called at all (WebSub).

use std::time::Duration;

use hyper::Method;
use reqwest::Url;

use super::Gate;
use super::websub::{self, Told};
use crate::feed::transport::delivery::{Delivery, Reply, StatusCode};
use crate::feed::transport::signature;
use crate::feed::transport::signature::Profile;

/// Longest challenge that is answered, bytes.
const MAX_CHALLENGE: usize = 1_024;

impl Gate {
    /// Answers anything but a delivery.
    pub(super) fn challenged(&mut self, delivery: &Delivery) -> Reply {
        let asks = delivery.method == Method::GET;
        match self.profile {
            Profile::X if asks => match (parameter(&delivery.query, "crc_token"), self.keys.first()) {
                (Some(asked), Some(key)) => Reply::json(signature::challenge(key, &asked)),
                _ => Reply::of(StatusCode::BAD_REQUEST, "no crc_token"),
            },
            Profile::Websub if asks => self.verified(&delivery.query),
            _ => Reply::of(StatusCode::METHOD_NOT_ALLOWED, "send deliveries with POST"),
        }
    }

    /// A hub asks whether the subscription is wanted, or says that there will be none.
    fn verified(&mut self, query: &str) -> Reply {
        let ask = |name: &str| parameter(query, name);
        let topic = ask("hub.topic").unwrap_or_default();
        let wanted = self.topic.as_ref().is_none_or(|own| *own == topic);
        match (ask("hub.mode").as_deref(), ask("hub.challenge")) {
            (Some("subscribe"), Some(challenge)) if wanted => {
                let lease = ask("hub.lease_seconds").and_then(|secs| secs.parse().ok()).unwrap_or(u32::MAX);
                self.told = Some(Told::Subscribed(Duration::from_secs(u64::from(lease))));
                Reply::ok().because(&challenge)
            }
            (Some("denied"), _) if wanted => {
                self.told = Some(Told::Denied(websub::words(&ask("hub.reason").unwrap_or_default())));
                Reply::ok()
            }
            _ => Reply::of(StatusCode::NOT_FOUND, "this was not requested"),
        }
    }
}

/// A parameter of a query, decoded; one that is too long is not there.
pub(super) fn parameter(query: &str, name: &str) -> Option<String> {
    let url = Url::parse(&format!("http://localhost/?{query}")).ok()?;
    let (_, value) = url.query_pairs().find(|(key, _)| key == name)?;
    (value.len() <= MAX_CHALLENGE).then(|| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded() {
        let query = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fexample.org%2Ffeed&hub.challenge=a+b%26c";
        assert_eq!(parameter(query, "hub.topic").as_deref(), Some("https://example.org/feed"));
        assert_eq!(parameter(query, "hub.challenge").as_deref(), Some("a b&c"));
        assert_eq!(parameter(query, "hub"), None);
        assert_eq!(parameter("", "x"), None);
        assert_eq!(parameter(&format!("x={}", "y".repeat(2_000)), "x"), None);
    }
}
