//! Calls to Reddit: the app's token (RFC 6749, client credentials), the name that Reddit demands of
//! every program, and its limits of calls.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::Value;

use super::table::RedditTable;
use crate::clock::{Instant, Time};
use crate::feed::adapter::Pace;
use crate::feed::decode::field;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{self, Answer, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::{self, Hidden};
use crate::feed::transport::{rate_limit, url};

const ADDRESS: &str = "https://oauth.reddit.com";
const TOKENS: &str = "https://www.reddit.com/api/v1/access_token";
/// A token is renewed this long before its end.
const EARLY: Duration = Duration::from_secs(120);
/// A token lasts this long where the answer does not say.
const TERM: Duration = Duration::from_secs(3_600);

/// The way to Reddit; kept over failures.
#[derive(Debug)]
pub struct Access {
    table: RedditTable,
    pace: Pace,
    web: Option<Web>,
    token: Option<(Hidden, Instant)>,
    /// What the limit of calls demands before the next one.
    hold: Duration,
}

impl Access {
    pub fn new(table: &RedditTable, pace: &Pace) -> Self {
        Self { table: table.clone(), pace: pace.clone(), web: None, token: None, hold: Duration::ZERO }
    }

    /// Asks for a listing: a path and its parameters. A token that ended early is renewed once.
    pub async fn listing(
        &mut self,
        path: &str,
        query: &[(&str, &str)],
        sender: &mut MentionSender,
    ) -> Result<Value, FeedError> {
        let mut answer = self.send(path, query, sender).await?;
        if answer.status == StatusCode::UNAUTHORIZED {
            self.token = None;
            answer = self.send(path, query, sender).await?;
        }
        let now = sender.clock.now();
        self.hold = rate_limit::spent(&answer.headers, now).unwrap_or_default();
        match answer.status.as_u16() {
            403 | 404 if !http::lacks_scope(&answer.headers, &answer.body) => {
                let why = format!(
                    "Reddit answers {} for {path}: private, banned or misspelt",
                    answer.status.as_u16()
                );
                Err(FeedError::of(FailureKind::Refused, why))
            }
            _ => answer.accepted(now)?.json_for(sender),
        }
    }

    async fn send(
        &mut self,
        path: &str,
        query: &[(&str, &str)],
        sender: &mut MentionSender,
    ) -> Result<Answer, FeedError> {
        let hold = std::mem::take(&mut self.hold);
        if !hold.is_zero() {
            tracing::debug!(feed = %sender.source(), ?hold, "the rate limit is reached");
            sender.meanwhile(tokio::time::sleep(self.pace.stretch(hold))).await?;
        }
        let web = self.web()?;
        let token = self.token(&web, sender).await?;
        let base = self.table.url.as_deref().unwrap_or(ADDRESS).trim_end_matches('/');
        let call = self.call(HttpRequest::get(&url::address(&format!("{base}{path}"))?)).bearer(&token);
        let call = query.iter().fold(call, |call, (name, value)| call.query(name, value));
        let answer = sender.meanwhile(web.fetch(call.query("raw_json", "1"))).await??;
        sender.hear();
        Ok(answer)
    }

    fn web(&mut self) -> Result<Web, FeedError> {
        if let Some(web) = &self.web {
            return Ok(web.clone());
        }
        let web = Web::new(&url::address(self.table.url.as_deref().unwrap_or(ADDRESS))?, &self.pace)?;
        Ok(self.web.insert(web).clone())
    }

    /// As Reddit wants it: platform, program, version, and who runs it.
    fn call(&self, call: HttpRequest) -> HttpRequest {
        let name = self.table.contact.trim_start_matches("/u/").trim_start_matches("u/");
        let agent =
            format!("{}:fishbowl:v{} (by /u/{name})", std::env::consts::OS, env!("CARGO_PKG_VERSION"));
        call.header("user-agent", &agent).accept("application/json")
    }

    async fn token(&mut self, web: &Web, sender: &mut MentionSender) -> Result<Hidden, FeedError> {
        let now = sender.clock.instant();
        if let Some((token, _)) = self.token.as_ref().filter(|(_, until)| now < *until) {
            return Ok(token.clone());
        }
        let (Some(id), Some(secret)) = (self.table.client_id(), self.table.client_secret()) else {
            return Err(FeedError::Final("the layout does not name the app's id and secret".into()));
        };
        let (id, secret) = (secret::read(&id).await?, secret::read(&secret).await?);
        let address = url::address(self.table.token_url.as_deref().unwrap_or(TOKENS))?;
        let call = self.call(HttpRequest::post(&address)).basic(id.expose(), &secret);
        let call = call.form(&[("grant_type", "client_credentials")]);
        let answer = sender.meanwhile(web.fetch(call)).await??;
        sender.hear();
        let (token, term) = granted(answer, sender.clock.now())?;
        self.token = Some((token.clone(), now + term.saturating_sub(EARLY)));
        Ok(token)
    }
}

/// The token of an answer and how long it lasts.
fn granted(answer: Answer, now: Time) -> Result<(Hidden, Duration), FeedError> {
    let refused = "Reddit rejects the app's id and secret";
    if matches!(answer.status.as_u16(), 400 | 401 | 403) {
        return Err(FeedError::of(FailureKind::Refused, format!("{refused} ({})", answer.status.as_u16())));
    }
    let answer = answer.accepted(now)?.json()?;
    let token = field::text(answer.get("access_token")).and_then(Hidden::new);
    let token = token.ok_or_else(|| {
        let error = field::name(answer.get("error")).unwrap_or_else(|| "no token".into());
        FeedError::of(FailureKind::Refused, format!("{refused}: {error}"))
    })?;
    let seconds = field::count(answer.get("expires_in")).map(Duration::from_secs);
    Ok((token, seconds.unwrap_or(TERM)))
}
