//! Sources that are asked again and again: news feeds, Hacker News, GDELT, Reddit.

pub mod rss;
