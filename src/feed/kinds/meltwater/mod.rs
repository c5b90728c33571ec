//! Documents that Meltwater pushes to the wall, and those that it searches for
//! (developer.meltwater.com/guides/listening/streaming-mentions).
//!
//! Meltwater posts to an address whose last part is a secret, for it documents no signature that
//! could be relied on; it is answered when the documents are safe. What was published while the
//! wall was away is searched for, in the background and within the day's calls; until then the
//! wall says that it is catching up.

pub(in crate::feed) mod decode;
mod search;
pub(in crate::feed) mod table;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use self::search::{ALLOWED, Account, Search};
pub use self::table::MeltwaterTable;
use crate::clock::{Instant, Time};
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::record;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::kinds::suites;
use crate::feed::kinds::suites::budget::Budget;
use crate::feed::kinds::suites::fields::endpoint;
use crate::feed::kinds::suites::known::Known;
use crate::feed::poll::Poll;
use crate::feed::sender::MentionSender;
use crate::feed::transport::delivery::{Delivery, Reply, StatusCode};
use crate::feed::transport::endpoint::{DeliveryHandler, Endpoint, Verdict};
use crate::feed::transport::http::{Answer, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::{self, Hidden};
use crate::feed::transport::{signature, url};
use crate::layout::feed::Secret;
use crate::mention::Mention;
use crate::mention::source::Health;

impl AdapterTable for MeltwaterTable {
    const KIND: &'static str = "meltwater";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Source::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        suites::decoded(posted(bytes).iter(), decode::read, source, now)
    }
}

const SERVER: &str = "https://api.meltwater.com";
/// A document may be found this long after it was published.
const OVERLAP: Duration = Duration::from_secs(1_800);
/// How often a wall that is pushed to notes that it was there.
const NOTE_EVERY: Duration = Duration::from_secs(60);
/// A gap shorter than this is none: Meltwater hands over again what was not taken.
const SHORT: Duration = Duration::from_secs(120);
/// When a search that failed is tried again, unless the service says when.
const AGAIN: Duration = Duration::from_secs(900);
/// A search waits no longer than this before it asks again whether it may.
const LONGEST: Duration = Duration::from_secs(3_600);

/// One feed of Meltwater; lives through failures.
#[derive(Debug)]
pub(in crate::feed) struct Source {
    table: MeltwaterTable,
    pace: Pace,
    web: Option<Web>,
    poll: Poll,
    endpoint: Option<Endpoint>,
    gate: Gate,
    /// The hook is known to Meltwater.
    registered: bool,
    backlog: Backlog,
}

/// The gap that is still to be searched.
#[derive(Debug, Default)]
struct Backlog {
    search: Option<Search>,
    /// The search that runs.
    asking: JoinSet<Result<Answer, FeedError>>,
    /// Not before this.
    at: Option<Instant>,
}

/// Lets in who knows the secret.
#[derive(Debug, Default)]
struct Gate {
    secret: Option<Hidden>,
    known: Known,
}

impl Source {
    pub fn new(table: &MeltwaterTable, pace: &Pace) -> Self {
        Self {
            table: table.clone(),
            pace: pace.clone(),
            web: None,
            poll: Poll::new(table.rest(), pace),
            endpoint: None,
            gate: Gate::default(),
            registered: false,
            backlog: Backlog::default(),
        }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        match self.table.listen {
            Some(listen) => self.listen(listen.0, sender).await,
            None => self.search(sender).await,
        }
    }

    /// Is pushed to, and searches for what was missed.
    async fn listen(
        &mut self,
        address: std::net::SocketAddr,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let secret = Secret::of(&self.table.secret_env, &self.table.secret_file);
        let secret = secret
            .ok_or_else(|| FeedError::Final("the layout does not name a secret for the path".into()))?;
        self.gate.secret = Some(secret::read(&secret).await?);
        // A endpoint that another feed took over is of no use any more.
        let endpoint = match self.endpoint.take_if(|endpoint| endpoint.is_open()) {
            Some(open) => open,
            None => Endpoint::open(address, self.table.path()).await?,
        };
        self.endpoint = Some(endpoint);
        self.register(sender).await?;
        self.return_to_work(sender);
        let mut noted_at = sender.clock.instant();
        loop {
            sender.tell(self.health()).await?;
            let endpoint = self.endpoint.as_mut().expect("it was opened above");
            endpoint.attend(sender, &mut self.gate).await?;
            self.catch_up(sender).await?;
            let now = sender.clock.now();
            if self.backlog.search.is_none()
                && sender.clock.instant().saturating_duration_since(noted_at) >= NOTE_EVERY
            {
                sender.mark(note(now));
                noted_at = sender.clock.instant();
            }
        }
    }

    fn health(&self) -> Health {
        if self.backlog.search.is_some() { Health::CatchingUp } else { Health::Live }
    }

    /// Begins a search for the time since the wall was there last; the moment of the last note.
    fn return_to_work(&mut self, sender: &mut MentionSender) -> Time {
        let now = sender.clock.now();
        let there = sender.cursor().and_then(noted).unwrap_or(now);
        sender.goes_on(self.table.can_search() && there < now);
        if self.table.can_search() && self.backlog.search.is_none() && now.since(there) > SHORT {
            self.backlog.search = Some(Search::new(there - OVERLAP, now));
        }
        there
    }

    /// Makes Meltwater push to the wall. A hook that is there already is as good.
    async fn register(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let (Some(public), Some(search), false) =
            (&self.table.public_url, self.table.search, self.registered)
        else {
            return Ok(());
        };
        let secret = self.gate.secret.as_ref().map(Hidden::expose).unwrap_or_default();
        let target = format!("{}/{secret}", public.trim_end_matches('/'));
        let body = json!({"search_id": search, "target_url": target, "template": {"name": "api.json"}});
        let account = self.account("v3/hooks").await?;
        let call =
            HttpRequest::post(&account.url).accept("application/json").hidden("apikey", &account.token);
        let answer = sender.meanwhile(self.web(&account)?.fetch(call.json(&body))).await??;
        if answer.status.as_u16() != 409 {
            answer.accepted(sender.clock.now())?;
        }
        self.registered = true;
        Ok(())
    }

    /// Goes on with the search for what was missed, if it may.
    async fn catch_up(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let now = sender.clock.instant();
        if let Some(asked) = self.backlog.asking.try_join_next() {
            let answer = asked.unwrap_or_else(|_| Err(FeedError::failed("the search was interrupted")));
            let account = self.account_of_search().await;
            return self.take(answer, account, sender).await;
        }
        let due = self.backlog.at.is_none_or(|at| now >= at);
        let Some(search) = self.backlog.search.as_ref().filter(|_| due && self.backlog.asking.is_empty())
        else {
            return Ok(());
        };
        let search = search.clone();
        let begun = match self.account_of_search().await {
            Ok(account) => account.budget.take(now).map(|()| account).map_err(Some),
            Err(_) => Err(None),
        };
        match begun {
            Ok(account) => {
                let (web, call) = (self.web(&account)?, search.call(&account));
                self.backlog.asking.spawn(async move { web.fetch(call).await });
            }
            Err(wait) => self.backlog.at = Some(now + wait.unwrap_or(AGAIN).min(LONGEST)),
        }
        Ok(())
    }

    /// Hands over what a search brought. One that failed is tried again later, and given up where
    /// the service will not have it: what is pushed goes on meanwhile.
    async fn take(
        &mut self,
        answer: Result<Answer, FeedError>,
        account: Result<Account, FeedError>,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let (now, instant) = (sender.clock.now(), sender.clock.instant());
        let Some(search) = self.backlog.search.take() else { return Ok(()) };
        let again = search.clone();
        match answer.and_then(|answer| search.take(&answer, &account?, (now, instant))) {
            Ok((documents, next)) => {
                self.push(&documents, sender).await?;
                (self.backlog.search, self.backlog.at) = (next, None);
            }
            Err(FeedError::Failed { fault: FailureKind::Refused, why, .. }) => {
                tracing::warn!(feed = %sender.source(), why, "what was missed cannot be searched for");
            }
            Err(FeedError::Failed { wait, .. }) => {
                (self.backlog.search, self.backlog.at) =
                    (Some(again), Some(instant + wait.unwrap_or(AGAIN).min(LONGEST)));
            }
            Err(stop) => return Err(stop),
        }
        Ok(())
    }

    /// Searches again and again, for a wall that cannot be pushed to.
    async fn search(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        loop {
            let now = sender.clock.now();
            let there = sender.cursor().and_then(noted).unwrap_or(now - self.table.history.0);
            let mut next = Some(Search::new(there.min(now) - OVERLAP, now));
            while let Some(search) = next {
                let account = self.account_of_search().await?;
                if let Err(wait) = account.budget.take(sender.clock.instant()) {
                    let why = "the Meltwater account has used up its calls for today";
                    return Err(FeedError::of(FailureKind::Throttled, why).after(Some(wait)));
                }
                let answer = sender.meanwhile(self.web(&account)?.fetch(search.call(&account))).await??;
                sender.hear();
                let (documents, more) =
                    search.take(&answer, &account, (sender.clock.now(), sender.clock.instant()))?;
                self.push(&documents, sender).await?;
                next = more;
            }
            sender.mark(note(now));
            sender.tell(Health::Live).await?;
            self.poll.rest(sender).await?;
        }
    }

    async fn push(&mut self, documents: &[Value], sender: &mut MentionSender) -> Result<(), FeedError> {
        for mention in self.gate.read_all(documents, sender) {
            sender.push(mention).await?;
        }
        Ok(())
    }

    async fn account_of_search(&self) -> Result<Account, FeedError> {
        self.account(&format!("v3/search/{}", self.table.search.unwrap_or_default())).await
    }

    async fn account(&self, path: &str) -> Result<Account, FeedError> {
        let secret = Secret::of(&self.table.token_env, &self.table.token_file);
        let secret =
            secret.ok_or_else(|| FeedError::Final("the layout does not name an API token".into()))?;
        let url = endpoint(&self.table.url, SERVER, path)?;
        let token = secret::read(&secret).await?;
        let budget = Budget::of("meltwater", url::host(&url), token.expose(), ALLOWED);
        Ok(Account { url, token, budget })
    }

    fn web(&mut self, account: &Account) -> Result<Web, FeedError> {
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&account.url, &self.pace)?,
        };
        Ok(self.web.insert(web).clone())
    }
}

impl Adapter for Source {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

impl Gate {
    fn read_all(&mut self, documents: &[Value], sender: &mut MentionSender) -> Vec<Mention> {
        let (source, now) = (sender.source().clone(), sender.clock.now());
        let mut mentions = Vec::new();
        let garbage = sender.state.garbage;
        for document in documents {
            match decode::read(document, &source, now, &mut self.known) {
                Ok(mention) => mentions.push(mention),
                Err(DecodeError(why)) => sender.discard(why),
            }
        }
        sender.end_page(documents.len(), garbage);
        mentions
    }

    /// Whether the end of the path is the secret.
    fn knows(&self, given: &str) -> bool {
        self.secret.as_ref().is_some_and(|secret| signature::is_same(secret.expose(), given))
    }
}

impl DeliveryHandler for Gate {
    fn read(&mut self, delivery: &Delivery, sender: &mut MentionSender) -> Verdict {
        if !self.knows(delivery.rest.trim_end_matches('/')) {
            sender.discard("a call without the secret");
            return Verdict::Answer(Reply::of(StatusCode::NOT_FOUND, "there is nothing at this path"));
        }
        if delivery.method != "POST" {
            return Verdict::Answer(Reply::of(StatusCode::METHOD_NOT_ALLOWED, "send documents with POST"));
        }
        let posted = record::parse(&delivery.body).ok();
        let Some(documents) = posted.as_ref().and_then(decode::documents) else {
            sender.discard("a call without documents");
            return Verdict::Answer(Reply::of(StatusCode::BAD_REQUEST, "no documents"));
        };
        Verdict::Keep(self.read_all(documents, sender), Reply::ok())
    }
}

/// A cursor: until when nothing is missing.
fn note(at: Time) -> String {
    json!({"until": at.as_micros()}).to_string()
}

fn noted(cursor: &str) -> Option<Time> {
    let cursor: Value = serde_json::from_str(cursor).ok()?;
    cursor.get("until")?.as_i64().map(Time::from_micros)
}

/// The documents of what was posted.
pub(in crate::feed) fn posted(body: &[u8]) -> Vec<Value> {
    record::parse(body).ok().as_ref().and_then(decode::documents).cloned().unwrap_or_default()
}
