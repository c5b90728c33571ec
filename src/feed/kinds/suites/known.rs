//! Remembers mentions of late: which uid an address has, so that an answer finds what it answers,
//! and what was handed over already, so that a look at the same window again hands over only what
//! changed.

use std::collections::{HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher as _};
use std::sync::Arc;

use serde_json::Value;

/// Most mentions remembered; the oldest is forgotten first.
pub(in crate::feed::kinds) const MAX_KNOWN: usize = 20_000;

/// Mentions of late by their address and by their uid; at most [`MAX_KNOWN`] of each.
#[derive(Debug, Default)]
pub(in crate::feed::kinds) struct Known {
    uids: Bounded<Arc<str>>,
    seen: Bounded<u64>,
}

impl Known {
    /// Remembers under which uid the thing at an address is known.
    pub fn learn(&mut self, url: &str, uid: &Arc<str>) {
        self.uids.insert(hash(&place(url)), uid.clone());
    }

    /// The uid of what stands at the address, if that came by.
    pub fn uid(&self, url: &str) -> Option<Arc<str>> {
        self.uids.map.get(&hash(&place(url))).cloned()
    }

    /// Whether a record is new, or another than under its uid before; remembers it.
    pub fn is_news(&mut self, uid: &str, record: &Value) -> bool {
        let (uid, content) = (hash(&uid), hash(&record.to_string()));
        self.seen.insert(uid, content) != Some(content)
    }
}

/// A map that forgets what was first put in.
#[derive(Debug)]
struct Bounded<T> {
    map: HashMap<u64, T>,
    order: VecDeque<u64>,
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self { map: HashMap::new(), order: VecDeque::new() }
    }
}

impl<T> Bounded<T> {
    /// What was there before.
    fn insert(&mut self, key: u64, value: T) -> Option<T> {
        let before = self.map.insert(key, value);
        if before.is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > MAX_KNOWN
            && let Some(oldest) = self.order.pop_front()
        {
            self.map.remove(&oldest);
        }
        before
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
        assert_eq!((known.seen.map.len(), known.seen.order.len()), (MAX_KNOWN, MAX_KNOWN));
        assert!(known.is_news("a", &json!({"likes": 2})), "forgotten by now");
    }
}
