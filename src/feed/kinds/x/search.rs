//! X's recent search: docs.x.com/x-api/posts/search. Finds what was made in the last seven days
//! up to 30 seconds ago, newest first, 450 calls in 15 minutes.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::caller::Caller;
use super::{mark, post};
use crate::clock::Time;
use crate::feed::decode::field;
use crate::feed::error::FeedError;
use crate::feed::transport::rate_limit;

/// How far back is asked for: the day that the wall shows. Search itself reaches seven.
const REACH: Duration = Duration::from_secs(86_400);
/// Most pages of one query in one round; a page has 100 posts.
pub(super) const MAX_PAGES: u32 = 500;

/// One page of posts.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Oldest first.
    pub posts: Vec<Value>,
    pub includes: Value,
    /// The only topic that was asked for; `None` where it was one of several.
    pub topic: Option<String>,
    /// How long to rest before the next call, because this was the last that the limit allows.
    pub rest: Option<Duration>,
}

/// From where on posts are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// After the post with this id.
    Id(u64),
    Moment(Time),
}

impl From {
    /// The parameter that says so; what lies further back than a day is not asked for.
    fn parameter(self, now: Time) -> (&'static str, String) {
        let oldest = now - REACH;
        match self {
            Self::Id(id) if mark::made_at(id) > oldest => ("since_id", id.to_string()),
            Self::Id(_) => ("start_time", written(oldest)),
            Self::Moment(at) => ("start_time", written(at.max(oldest))),
        }
    }
}

/// A moment as X reads it.
fn written(at: Time) -> String {
    Timestamp::from_second(at.as_secs()).map(|at| at.to_string()).unwrap_or_default()
}

/// One round of questions.
pub(super) struct Search {
    x: Caller,
    from: From,
    queries: VecDeque<Asked>,
    /// Where the first of them goes on.
    next: Option<String>,
    pages: u32,
}

impl Search {
    /// A round that asks for all of `queries`.
    pub fn new(x: Caller, queries: &[Asked], from: From) -> Self {
        Self { x, from, queries: queries.iter().cloned().collect(), next: None, pages: 0 }
    }

    /// The next page; `None` when the round is over. After a failure the same page is asked for
    /// again.
    pub async fn page(&mut self) -> Result<Option<Page>, FeedError> {
        let Some(Asked { query, topic }) = self.queries.front() else { return Ok(None) };
        let topic = topic.clone();
        let (name, from) = self.from.parameter(self.x.clock.now());
        let mut asked = vec![("query", query.as_str()), (name, from.as_str()), ("max_results", "100")];
        asked.extend(self.next.iter().map(|token| ("next_token", token.as_str())));
        asked.extend(post::FIELDS);
        let (mut body, headers) = self.x.get("tweets/search/recent", &asked).await?;
        self.pages += 1;
        self.next = field::id(body.pointer("/meta/next_token")).filter(|_| self.pages < MAX_PAGES);
        if self.next.is_none() {
            self.queries.pop_front();
            self.pages = 0;
        }
        let mut posts = match body.get_mut("data").map(Value::take) {
            Some(Value::Array(posts)) => posts,
            _ => Vec::new(),
        };
        posts.reverse();
        let includes = body.get_mut("includes").map(Value::take).unwrap_or_default();
        let rest = rate_limit::spent(&headers, self.x.clock.now()).filter(|_| !self.queries.is_empty());
        Ok(Some(Page { posts, includes, topic, rest }))
    }
}

/// A query, and the topic that all of it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    query: String,
    topic: Option<String>,
}

/// Joins rules by OR into as few queries of at most `longest` characters as they fit in: each
/// query is a call, and each post that two of them find costs twice.
pub(super) fn queries(rules: &[(String, String)], longest: usize) -> Vec<Asked> {
    let mut queries: Vec<(Vec<String>, Option<&String>)> = Vec::new();
    for (topic, rule) in rules {
        let part = format!("({rule})");
        let fits = |query: &Vec<String>| joined(query, Some(&part)).chars().count() <= longest;
        match queries.last_mut().filter(|(query, _)| fits(query)) {
            Some((query, one)) => {
                query.push(part);
                *one = one.filter(|one| *one == topic);
            }
            None => queries.push((vec![part], Some(topic))),
        }
    }
    let alone = |query: &[String]| match query {
        [only] => only[1..only.len() - 1].to_owned(),
        several => several.join(" OR "),
    };
    queries.iter().map(|(query, topic)| Asked { query: alone(query), topic: topic.cloned() }).collect()
}

fn joined(query: &[String], more: Option<&String>) -> String {
    query.iter().chain(more).map(String::as_str).collect::<Vec<_>>().join(" OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_share_a_query_as_long_as_they_fit() {
        let rules = [("t", "a b"), ("t", "c"), ("u", "d OR e")];
        let rules = rules.map(|(topic, rule)| (topic.to_owned(), rule.to_owned()));
        let of = |longest| {
            let all = queries(&rules, longest).into_iter();
            all.map(|asked| (asked.query, asked.topic.unwrap_or_default())).collect::<Vec<_>>()
        };
        let asked = |query: &str, topic: &str| (query.to_owned(), topic.to_owned());
        assert_eq!(of(100), [asked("(a b) OR (c) OR (d OR e)", "")]);
        assert_eq!(of(12), [asked("(a b) OR (c)", "t"), asked("d OR e", "u")]);
        assert!(queries(&[], 100).is_empty());
    }

    #[test]
    fn what_the_wall_does_not_show_is_not_asked_for() {
        let now = Time::from_secs(1_800_000_000);
        let id = u64::try_from((now.0 / 1_000_000 - 1_288_834_974_657) << 22).expect("it is after 2010");
        let hours = |hours: u64| Duration::from_secs(hours * 3_600);
        let recent = mark::earlier(id, hours(23));
        assert_eq!(From::Id(recent).parameter(now), ("since_id", recent.to_string()));
        let oldest = ("start_time", "2027-01-14T08:00:00Z".to_owned());
        assert_eq!(From::Id(mark::earlier(id, hours(25))).parameter(now), oldest);
        assert_eq!(From::Moment(now - hours(900)).parameter(now), oldest);
        assert_eq!(From::Moment(now - hours(2)).parameter(now).1, "2027-01-15T06:00:00Z");
    }
}
