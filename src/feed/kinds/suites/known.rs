//! Remembers mentions of late: which uid an address has, so that an answer finds what it answers,
//! and what was handed over already, so that a look at the same window again hands over only what
//! changed.

use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;

use serde_json::Value;

use crate::feed::bounded::BoundedMap;

/// Most mentions remembered; the oldest is forgotten first.
pub(in crate::feed::kinds) const MAX_KNOWN: usize = 20_000;

/// Mentions of late by their address and by their uid; at most [`MAX_KNOWN`] of each.
#[derive(Debug)]
pub(in crate::feed::kinds) struct Known {
    uids: BoundedMap<u64, Arc<str>>,
    seen: BoundedMap<u64, u64>,
}

impl Default for Known {
    fn default() -> Self {
        Self { uids: BoundedMap::new(MAX_KNOWN), seen: BoundedMap::new(MAX_KNOWN) }
    }
}

impl Known {
    /// Remembers under which uid the thing at an address is known.
    pub fn learn(&mut self, url: &str, uid: &Arc<str>) {
        self.uids.insert(hash(&place(url)), uid.clone());
    }

    /// The uid of what stands at the address, if that came by.
    pub fn uid(&self, url: &str) -> Option<Arc<str>> {
        self.uids.get(&hash(&place(url))).cloned()
    }

    /// Whether a record is new, or another than under its uid before; remembers it.
    pub fn is_news(&mut self, uid: &str, record: &Value) -> bool {
        let (uid, content) = (hash(&uid), hash(&record.to_string()));
        self.seen.insert(uid, content) != Some(content)
    }
}

fn hash(what: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}

/// An address without what may differ between two ways to write it. X gives a post several
/// addresses; its number is the same in all.
fn place(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let rest = rest.strip_prefix("www.").unwrap_or(rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let last = path.rsplit('/').next().unwrap_or_default();
    let post = !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit());
    match super::fields::network_of(url) {
        Some(crate::mention::Network::X) if post => format!("x/{last}"),
        _ => format!("{}/{path}", host.to_ascii_lowercase()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_finds_what_it_answers_however_the_address_is_written() {
        let mut known = Known::default();
        known.learn("http://twitter.com/user/statuses/17", &"brandwatch:a".into());
        known.learn("https://www.Forum.example/t/1/", &"brandwatch:b".into());
        assert_eq!(known.uid("https://x.com/zoe/status/17?s=20").as_deref(), Some("brandwatch:a"));
        assert_eq!(known.uid("http://forum.example/t/1#post").as_deref(), Some("brandwatch:b"));
        assert_eq!(known.uid("https://forum.example/t/17"), None);
    }

    #[test]
    fn only_what_changed_is_news_and_memory_is_bounded() {
        let mut known = Known::default();
        assert!(known.is_news("a", &json!({"likes": 1})));
        assert!(!known.is_news("a", &json!({"likes": 1})));
        assert!(known.is_news("a", &json!({"likes": 2})));
        for i in 0..MAX_KNOWN {
            known.is_news(&i.to_string(), &json!(i));
        }
        assert!(known.is_news("a", &json!({"likes": 2})), "forgotten by now");
    }
}
