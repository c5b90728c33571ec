//! What was said while nobody listened, asked for page by page: docs.joinmastodon.org/methods/timelines.
//!
//! A stream has no memory, so that after it is open the pages after the last known status are
//! asked for: at most [`MAX_PAGES`] of each stream, and no more calls than the server's limit
//! allows. Where none is known the newest page shows what was said last.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt as _};
use reqwest::Url;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::sleep;

use super::channel::Channel;
use super::{event, trail};
use crate::clock::Clock;
use crate::feed::adapter::Pace;
use crate::feed::decode::field;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::poll::paging;
use crate::feed::transport::http::{Answer, Web};
use crate::feed::transport::rate_limit;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::Hidden;

/// Most pages of one stream after a gap; a page has 40 statuses.
pub(super) const MAX_PAGES: u32 = 100;
/// The first and the longest wait before a page is asked for again.
const WAITS: (Duration, Duration) = (Duration::from_secs(5), Duration::from_secs(320));

/// A page of one stream's past.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub channel: usize,
    /// Oldest first.
    pub statuses: Vec<Value>,
    /// What it covers: all that was said after the first id, up to the second one or the end.
    pub span: Option<(String, Option<String>)>,
    /// True when this stream's past has been had.
    pub done: bool,
    /// Why not all of it was had.
    pub hole: Option<String>,
}

/// Who is asked, and for what.
pub(super) struct Past {
    pub web: Web,
    pub server: Url,
    pub token: Hidden,
    pub clock: Clock,
    pub pace: Pace,
    /// Streams that are still to be asked for: each with the id after which.
    pub todo: VecDeque<(usize, Channel, Option<String>)>,
    /// Pages of the first of them so far.
    pub pages: u32,
    pub failures: u32,
}

impl Past {
    /// The pages, one call after the other; ends when there are no more.
    pub fn pages(self) -> BoxStream<'static, Page> {
        stream::unfold(self, |mut past| async move {
            let page = past.page().await?;
            Some((page, past))
        })
        .boxed()
    }

    async fn page(&mut self) -> Option<Page> {
        loop {
            let (index, channel, since) = self.todo.front()?.clone();
            match self.ask(&channel, since.as_deref()).await {
                Ok(answer) => return Some(self.take(index, since, answer).await),
                Err(FeedError::Failed { fault: FailureKind::Refused, why, .. }) => {
                    return Some(self.end(index, Some(why)));
                }
                Err(FeedError::Failed { wait, .. }) => self.rest(wait).await,
                Err(FeedError::Closed | FeedError::Final(_)) => return None,
            }
        }
    }

    async fn ask(&self, channel: &Channel, since: Option<&str>) -> Result<(Answer, Vec<Value>), FeedError> {
        let url = channel.past(&self.server, since)?;
        let answer = self.web.fetch(HttpRequest::get(&url).bearer(&self.token)).await?;
        if let 401 | 403 = answer.status.as_u16() {
            return Err(event::refusal(answer.status.as_u16(), &answer.body));
        }
        let answer = answer.accepted(self.clock.now())?;
        match answer.json()? {
            Value::Array(statuses) => Ok((answer, statuses)),
            _ => Err(FeedError::of(FailureKind::Server, "the server did not send a list of posts")),
        }
    }

    /// Waits before the same page is asked for again.
    async fn rest(&mut self, asked: Option<Duration>) {
        let own = WAITS.0.saturating_mul(1 << self.failures.min(8)).min(WAITS.1);
        self.failures += 1;
        sleep(self.pace.stretch(asked.unwrap_or(own))).await;
    }

    async fn take(
        &mut self,
        index: usize,
        since: Option<String>,
        (answer, mut statuses): (Answer, Vec<Value>),
    ) -> Page {
        self.failures = 0;
        self.pages += 1;
        statuses.reverse();
        let next = since.as_ref().and_then(|since| after(&answer.headers, &statuses, since));
        let mut page = match next {
            None => {
                let span = since.map(|since| (since, None));
                Page { span, ..self.end(index, None) }
            }
            Some(_) if self.pages >= MAX_PAGES => {
                self.end(index, Some(format!("more than {MAX_PAGES} pages were missed; the rest is skipped")))
            }
            Some(next) => {
                let span = since.map(|since| (since, Some(next.clone())));
                if let Some((.., since)) = self.todo.front_mut() {
                    *since = Some(next);
                }
                Page { channel: index, span, ..Page::default() }
            }
        };
        page.statuses = statuses;
        if let Some(wait) =
            rate_limit::spent(&answer.headers, self.clock.now()).filter(|_| !self.todo.is_empty())
        {
            sleep(self.pace.stretch(wait)).await;
        }
        page
    }

    /// Goes on to the next stream.
    fn end(&mut self, channel: usize, hole: Option<String>) -> Page {
        self.todo.pop_front();
        (self.pages, self.failures) = (0, 0);
        Page { channel, done: true, hole, ..Page::default() }
    }
}

/// The id after which the next newer page begins: as the server says, else the newest of this
/// one. `None` when there is none, or when it would not lead any further.
fn after(headers: &HeaderMap, statuses: &[Value], since: &str) -> Option<String> {
    let newest = statuses.iter().filter_map(|status| field::id(status.get("id")));
    let newest = newest.max_by(|a, b| trail::compare(a, b))?;
    let next = link(headers).unwrap_or(newest);
    trail::compare(&next, since).is_gt().then_some(next)
}

/// `min_id` of the link to newer statuses (`rel="prev"`, RFC 8288). Only the id is taken, not the
/// address, to which the token would go.
fn link(headers: &HeaderMap) -> Option<String> {
    let address = Url::parse(&paging::linked(headers, "prev")?).ok()?;
    let id = address.query_pairs().find(|(name, _)| name == "min_id")?.1.into_owned();
    field::id(Some(&id.as_str()))
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderValue, LINK};
    use serde_json::json;

    use super::*;

    fn headers(link: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(LINK, HeaderValue::from_static(link))])
    }

    #[test]
    fn the_next_page_is_the_servers_or_after_the_newest() {
        let page = [json!({ "id": "9" }), json!({ "id": "10" }), json!({})];
        assert_eq!(after(&HeaderMap::new(), &page, "8").as_deref(), Some("10"));
        let both = headers(
            r#"<https://m.example/api/v1/timelines/public?max_id=9>; rel="next", <https://m.example/api/v1/timelines/public?limit=40&min_id=12>; rel="prev""#,
        );
        assert_eq!(after(&both, &page, "8").as_deref(), Some("12"));
        assert_eq!(after(&headers("<nonsense>; rel=\"prev\""), &page, "8").as_deref(), Some("10"));
    }

    #[test]
    fn a_page_that_leads_nowhere_is_the_last() {
        assert_eq!(after(&HeaderMap::new(), &[], "8"), None);
        assert_eq!(after(&HeaderMap::new(), &[json!({ "id": "8" })], "8"), None);
        assert_eq!(after(&headers("<http://a/?min_id=7>; rel=\"prev\""), &[json!({ "id": "9" })], "8"), None);
    }
}
