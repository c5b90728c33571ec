//! Asks Meltwater for what was published in a window, page by page
//! (developer.meltwater.com/guides/listening/searching-mentions): what was not pushed because the
//! wall was away, or all where Meltwater cannot reach the wall.
//!
//! A day has 50 calls unless the contract says more, a search [`PAGES`] pages of [`PAGE`]
//! documents; what is beyond is searched for in a window that begins where the first broke off.

use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde_json::{Value, json};

use super::decode;
use crate::clock::{Instant, Time};
use crate::feed::decode::field;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::kinds::suites::budget::{Allowance, Budget};
use crate::feed::kinds::suites::fields::stamp;
use crate::feed::transport::http::{self, Answer};
use crate::feed::transport::rate_limit;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::Hidden;

/// What an account may search in a day, unless its contract says otherwise.
pub(super) const ALLOWED: Allowance = Allowance { calls: 50, window: Duration::from_secs(86_400) };
const PAGE: usize = 100;
const PAGES: usize = 10;
/// A search takes its time.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// When the day's calls are used up and nobody says until when.
const NEXT_TRY: Duration = Duration::from_secs(3_600);

/// A search under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Search {
    pub from: Time,
    pub until: Time,
    page: usize,
}

/// Whom to ask, and with what.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub url: Url,
    pub token: Hidden,
    pub budget: Arc<Budget>,
}

impl Search {
    pub fn new(from: Time, until: Time) -> Self {
        Self { from: from.min(until), until, page: 1 }
    }

    pub fn call(&self, account: &Account) -> HttpRequest {
        let call =
            HttpRequest::post(&account.url).accept("application/json").hidden("apikey", &account.token);
        let mut call = call.json(&json!({
            "start": stamp(self.from),
            "end": stamp(self.until),
            "tz": "UTC",
            "page": self.page,
            "page_size": PAGE,
            "sort_by": "date",
            "sort_order": "asc",
            "template": {"name": "api.json"},
        }));
        call.within = Some(ANSWER_WITHIN);
        call
    }

    /// Takes an answer: its documents, and what to ask for next, if there is more.
    pub fn take(
        self,
        answer: &Answer,
        account: &Account,
        (now, instant): (Time, Instant),
    ) -> Result<(Vec<Value>, Option<Self>), FeedError> {
        let day = Day::of(&answer.headers);
        account.budget.learn(day.limit, day.used(), instant);
        if !answer.status.is_success() {
            return Err(refused(answer, &day, now));
        }
        let value = answer.json()?;
        let documents = decode::documents(&value).cloned();
        let documents = documents.ok_or_else(|| {
            FeedError::of(FailureKind::Server, "the response from Meltwater has no `documents`")
        })?;
        let last =
            documents.iter().filter_map(|document| field::moment(document.get("published_date"))).max();
        let next = (documents.len() >= PAGE).then(|| self.next(last));
        Ok((documents, next))
    }

    fn next(self, last: Option<Time>) -> Self {
        if self.page < PAGES {
            return Self { page: self.page + 1, ..self };
        }
        // So many in one second that a window cannot part them: the rest of it is skipped.
        let from = last.unwrap_or(self.until).max(self.from + Duration::from_secs(1)).min(self.until);
        Self { from, page: 1, ..self }
    }
}

/// What an answer says of the day's calls (`RateLimit-Day-Limit`, `-Remaining`, `-Reset`).
struct Day {
    limit: Option<usize>,
    remaining: Option<usize>,
}

impl Day {
    fn of(headers: &HeaderMap) -> Self {
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse().ok();
        Self { limit: number("ratelimit-day-limit"), remaining: number("ratelimit-day-remaining") }
    }

    fn used(&self) -> Option<usize> {
        Some(self.limit?.saturating_sub(self.remaining?))
    }
}

/// A day that is used up may be told by 403, which a wrong token is told by as well.
fn refused(answer: &Answer, day: &Day, now: Time) -> FeedError {
    if day.remaining == Some(0) && matches!(answer.status.as_u16(), 403 | 429) {
        let mut headers = answer.headers.clone();
        if let Some(reset) = headers.get("ratelimit-day-reset").cloned() {
            headers.insert(RETRY_AFTER, reset);
        }
        let wait = rate_limit::wait(&headers, now).unwrap_or(NEXT_TRY);
        return FeedError::of(
            FailureKind::Throttled,
            "the Meltwater account has used up its calls for today",
        )
        .after(Some(wait));
    }
    http::refusal(answer.status, &answer.headers, now)
}
