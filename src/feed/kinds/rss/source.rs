//! One address of a news feed: what is known of it, and what an answer means.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderMap};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::context::DocumentContext;
use super::document::{self, Document};
use super::ids;
use crate::clock::Time;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::poll::Validators;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{self, Answer, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::url;
use crate::mention::{Mention, Network};

/// Longest time that a publisher's `ttl` may keep us away.
const LONGEST_TTL: Duration = Duration::from_secs(86_400);
/// Longest time that `Cache-Control: max-age` may keep us away: caches are often told a year.
const LONGEST_AGE: Duration = Duration::from_secs(3_600);
/// An entry without a time that appears between two looks at most so far apart is of the second.
const LOOKS_APART: Duration = Duration::from_secs(3_600);

const WANTED: &str = "application/rss+xml, application/atom+xml, application/feed+json, \
    application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1";

/// One address.
#[derive(Debug)]
pub struct Source {
    /// As the layout has it.
    named: Url,
    /// Where it lies now.
    url: Url,
    /// Tells it apart in uids and in the cursor; made of the layout's address.
    pub scope: String,
    validators: Validators,
    /// Given up: the publisher says that it is gone.
    pub gone: bool,
    /// How long until it is to be asked.
    pub left: Duration,
    /// Failures in a row.
    pub failures: u32,
    /// Since when it fails, and why.
    pub ail: Option<(Time, String)>,
    /// Fingerprint and version of each entry of the last document, by a hash of its uid.
    known: FxHashMap<u64, (u64, u64)>,
    /// When the document was last seen, or seen to be the same.
    looked: Option<Time>,
}

/// What the cursor keeps of an address.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Kept {
    #[serde(flatten)]
    pub validators: Validators,
    /// Where it has moved to for good.
    #[serde(skip_serializing_if = "Option::is_none")]
    moved: Option<String>,
}

impl Source {
    pub fn new(named: Url) -> Self {
        let scope = ids::scope(named.as_str());
        let (validators, known) = (Validators::default(), FxHashMap::default());
        let url = named.clone();
        Self {
            named,
            url,
            scope,
            validators,
            gone: false,
            left: Duration::ZERO,
            failures: 0,
            ail: None,
            known,
            looked: None,
        }
    }

    /// Goes on where a cursor says.
    pub fn restore(&mut self, kept: Kept) {
        self.validators = kept.validators;
        if let Some(url) = kept.moved.and_then(|moved| url::address(&moved).ok()) {
            self.url = url;
        }
    }

    pub fn keep(&self) -> Kept {
        let moved = (self.url != self.named).then(|| self.url.as_str().to_owned());
        Kept { validators: self.validators.clone(), moved }
    }

    /// As it may be shown.
    pub fn shown(&self) -> String {
        url::shown(&self.named)
    }

    /// Asks once, hands over what is new, and says how long its publisher wants to be left alone.
    pub async fn ask(
        &mut self,
        web: &Web,
        network: Network,
        sender: &mut MentionSender,
    ) -> Result<Duration, FeedError> {
        let call = self.validators.ask(HttpRequest::get(&self.url).told_by(&self.named)).accept(WANTED);
        let answer = sender.meanwhile(web.fetch(call)).await??;
        sender.hear();
        let status = answer.status.as_u16();
        if status == 410 && self.url == self.named {
            self.gone = true;
            let why = format!("{} is gone for good (410); remove it from the layout", self.shown());
            return Err(FeedError::of(FailureKind::Refused, why));
        }
        if !answer.status.is_success() && status != 304 {
            self.go_back();
            return Err(self.named_in(http::refusal(answer.status, &answer.headers, sender.clock.now())));
        }
        sender.goes_on(status == 304);
        let age = max_age(&answer.headers).unwrap_or_default();
        let rest = match status {
            304 => {
                sender.understood();
                Duration::ZERO
            }
            _ => self.take(&answer, network, sender).await?,
        };
        if let Some(moved) = &answer.moved {
            tracing::info!(feed = %sender.source(), from = self.shown(), to = url::shown(moved), "has moved");
            self.url = moved.clone();
        }
        self.validators.note(&answer);
        (self.failures, self.ail) = (0, None);
        self.looked = self.looked.map(|_| sender.clock.now());
        Ok(rest.max(age))
    }

    /// Where it moved to is no better than where it was: asks there again.
    fn go_back(&mut self) {
        if self.url != self.named {
            self.url = self.named.clone();
            self.validators = Validators::default();
        }
    }

    fn named_in(&self, stop: FeedError) -> FeedError {
        match stop {
            FeedError::Failed { fault, why, wait } => {
                FeedError::Failed { fault, why: format!("{}: {why}", self.shown()), wait }
            }
            other => other,
        }
    }

    async fn take(
        &mut self,
        answer: &Answer,
        network: Network,
        sender: &mut MentionSender,
    ) -> Result<Duration, FeedError> {
        let now = sender.clock.now();
        let document = self.read(answer, network, sender.source().clone(), now).await?;
        let publication = document.title.as_deref().unwrap_or_default();
        tracing::debug!(feed = %sender.source(), publication, entries = document.mentions.len(), "read");
        let ttl = document.ttl.unwrap_or_default().min(LONGEST_TTL);
        let opens = document.skip.wait((now + ttl).as_secs());
        (0..document.garbage).for_each(|_| sender.discard("an entry that cannot be read"));
        if document.garbage == 0 || !document.mentions.is_empty() {
            sender.understood();
        }
        let dated = document.mentions.iter().filter(|mention| mention.is_dated());
        sender.tells_since(dated.map(|mention| mention.ts).min());
        let news = self.news(document.mentions, now);
        self.looked = Some(now);
        for mention in news {
            sender.push(mention).await?;
        }
        Ok(ttl + Duration::from_secs(opens))
    }

    /// Reads the document on a thread that may be kept busy.
    async fn read(
        &self,
        answer: &Answer,
        network: Network,
        source: Arc<str>,
        received: Time,
    ) -> Result<Document, FeedError> {
        let (body, scope, base) = (answer.body.clone(), self.scope.clone(), self.url.to_string());
        let site = self.named.to_string();
        let mime = answer.headers.get(CONTENT_TYPE).and_then(|mime| mime.to_str().ok()).map(str::to_owned);
        let read = tokio::task::spawn_blocking(move || {
            let frame = DocumentContext {
                source: &source,
                network,
                base: &base,
                site: &site,
                scope: &scope,
                received,
            };
            document::read(&body, mime.as_deref(), &frame)
        });
        let read = read.await.unwrap_or_else(|_| Err("it crashed the parser".into()));
        read.map_err(|why| FeedError::of(FailureKind::Server, format!("{}: {why}", self.shown())))
    }

    /// What is new or has changed since the last document. What appears there without a time that
    /// can be read is of `now`; what stood there at the first look may be of any time.
    fn news(&mut self, mentions: Vec<Mention>, now: Time) -> Vec<Mention> {
        let appears = self.looked.is_some_and(|before| now.since(before) <= LOOKS_APART);
        let before = std::mem::take(&mut self.known);
        let mut news = Vec::new();
        for mut mention in mentions {
            let (key, print) = (document::key(&mention.uid), document::fingerprint(&mention));
            let earlier = before.get(&key).or_else(|| self.known.get(&key));
            let changed = earlier.is_none_or(|(known, _)| *known != print);
            if let Some((_, version)) = earlier.filter(|(_, version)| *version >= mention.version) {
                // Changed without a later date: the arrival counts.
                let arrival = mention.received.as_micros().unsigned_abs();
                mention.version = if changed { arrival.max(version + 1) } else { *version };
            }
            if !mention.is_dated() && appears {
                mention.ts = mention.received;
            }
            self.known.insert(key, (print, mention.version));
            news.extend(changed.then_some(mention));
        }
        news
    }
}

/// `Cache-Control: max-age`, at most [`LONGEST_AGE`].
fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let control = headers.get(CACHE_CONTROL)?.to_str().ok()?;
    let mut parts = control.split(',').filter_map(|part| part.trim().split_once('='));
    let (_, seconds) = parts.find(|(name, _)| name.eq_ignore_ascii_case("max-age"))?;
    Some(Duration::from_secs(seconds.trim_matches('"').parse().ok()?).min(LONGEST_AGE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mention::UNDATED;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn entry(id: &str, text: &str, version: u64) -> Mention {
        let mut mention = Mention::new(&"f".into(), id, NOW, NOW).with_text(text);
        mention.version = version;
        mention
    }

    fn source() -> Source {
        Source::new(url::address("https://a.example/feed?key=s3cret").expect("an address"))
    }

    #[test]
    fn what_was_seen_is_no_news_until_it_changes() {
        let mut source = source();
        assert_eq!(source.news(vec![entry("1", "a", 5), entry("2", "b", 1)], NOW).len(), 2);
        assert_eq!(source.news(vec![entry("1", "a", 5), entry("2", "b", 1)], NOW).len(), 0);
        let changed = source.news(vec![entry("1", "A", 9), entry("2", "B", 1)], NOW);
        let versions: Vec<_> = changed.iter().map(|m| m.version).collect();
        assert_eq!(versions, [9, NOW.as_micros().unsigned_abs()]);
        let again = source.news(vec![entry("1", "A", 9), entry("2", "b", 1)], NOW);
        assert_eq!(again[0].version, NOW.as_micros().unsigned_abs() + 1, "an edit taken back is an edit");
    }

    #[test]
    fn an_entry_without_a_time_is_of_now_only_if_it_appears_before_our_eyes() {
        let undated = |id: &str| Mention::new(&"f".into(), id, UNDATED, NOW);
        let dated = |source: &mut Source, id: &str, now: Time| {
            let news = source.news(vec![undated("1"), undated(id)], now);
            source.looked = Some(now);
            news.iter().map(|mention| mention.is_dated()).collect::<Vec<_>>()
        };
        let mut source = source();
        assert_eq!(dated(&mut source, "2", NOW), [false, false], "an archive");
        assert_eq!(dated(&mut source, "3", NOW + Duration::from_secs(300)), [true]);
        assert_eq!(
            dated(&mut source, "4", NOW + Duration::from_secs(9_000)),
            [false],
            "after hours of silence"
        );
    }

    #[test]
    fn a_cursor_keeps_where_it_moved_but_an_address_is_shown_without_its_query() {
        let mut source = source();
        source
            .restore(serde_json::from_str(r#"{"etag":"\"1\"","moved":"https://b.example/"}"#).expect("kept"));
        assert_eq!(source.url.as_str(), "https://b.example/");
        let kept = serde_json::to_string(&source.keep()).expect("it is JSON");
        assert_eq!(kept, r#"{"etag":"\"1\"","moved":"https://b.example/"}"#);
        assert_eq!(source.shown(), "https://a.example/feed");
        source.go_back();
        assert_eq!(serde_json::to_string(&source.keep()).expect("it is JSON"), "{}");
    }

    #[test]
    fn a_cache_is_believed_for_an_hour() {
        let age = |value: &str| {
            let headers = HeaderMap::from_iter([(CACHE_CONTROL, value.parse().expect("a header's value"))]);
            max_age(&headers).map(|age| age.as_secs())
        };
        assert_eq!(age("public, max-age=600"), Some(600));
        assert_eq!(age("Max-Age=\"31536000\""), Some(3_600));
        assert_eq!((age("no-cache"), age("max-age=-5"), age("s-maxage=9")), (None, None, None));
    }
}
