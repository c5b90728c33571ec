//! What a wall listens to, and which of it can bring mentions of a topic.

use std::time::Duration;

use crate::layout::alert::{AlertSpec, AlertsSpec, Trigger};
use crate::layout::feed::FeedSpec;
use crate::layout::topic::Topic;
use crate::mention::series;
use crate::query::{Query, Source};

/// One source of mentions.
#[derive(Clone, Debug, PartialEq)]
pub struct Feed {
    pub name: String,
    /// Silence after which its tiles say `stale`.
    pub stale_after: Duration,
    pub spec: FeedSpec,
}

/// What a wall listens to.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'w> {
    pub feeds: &'w [Feed],
    pub topics: &'w [Topic],
    pub alerts: &'w AlertsSpec,
}

impl Sources<'_> {
    /// The feed of a series; all of them where it is none of the wall's, as in a replay.
    pub fn owners(&self, name: &str) -> Vec<bool> {
        let feeds: Vec<bool> = self.feeds.iter().map(|feed| series::is_of(name, &feed.name)).collect();
        if feeds.contains(&true) { feeds } else { vec![true; feeds.len()] }
    }

    /// For each feed of the wall whether it brings mentions that a topic may want; without a topic, or where
    /// it wants of none of them (as in a replay of other feeds), whether it brings mentions.
    pub fn of_topic(&self, topic: Option<&str>) -> Vec<bool> {
        let topic = topic.and_then(|name| self.topics.iter().find(|topic| topic.name == name));
        let query = topic.and_then(|topic| Query::parse(&topic.query).ok());
        let wants = |feed: &Feed| {
            let source = Source { name: &feed.name, networks: feed.spec.networks() };
            !feed.spec.brings_numbers() && query.as_ref().is_none_or(|query| query.may_want(source))
        };
        let feeds: Vec<bool> = self.feeds.iter().map(wants).collect();
        match query {
            Some(_) if !feeds.contains(&true) => self.of_topic(None),
            _ => feeds,
        }
    }

    /// For each feed of the wall whether it brings mentions that one of these topics may want; empty takes
    /// all topics.
    pub fn of_topics(&self, topics: &[String]) -> Vec<bool> {
        let named = |name: &&str| topics.is_empty() || topics.iter().any(|topic| topic == name);
        let topics = self.topics.iter().map(|topic| topic.name.as_str()).filter(named);
        let all = topics.map(|topic| self.of_topic(Some(topic))).reduce(either);
        all.unwrap_or_else(|| self.of_topic(None))
    }

    /// [`Sources::of_topic`], with the feeds of which the topic's alerts ask for numbers or silence.
    pub fn of_alerts(&self, topic: Option<&str>) -> Vec<bool> {
        let is_ours = |alert: &&AlertSpec| topic.is_none() || alert.topic.as_deref() == topic;
        let asked = self.alerts.alerts.iter().filter(is_ours).flat_map(|alert| match &alert.raised_by {
            Trigger::Burst => Vec::new(),
            Trigger::Rule(rule) => {
                let (series, feeds) = rule.names();
                series.into_iter().chain(feeds).map(|name| self.owners(name)).collect()
            }
        });
        asked.fold(self.of_topic(topic), either)
    }
}

fn either(one: Vec<bool>, other: Vec<bool>) -> Vec<bool> {
    one.into_iter().zip(other).map(|(one, other)| one || other).collect()
}
