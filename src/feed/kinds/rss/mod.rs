//! News feeds: RSS, Atom and JSON Feed, one address or many that are asked in turn.
//!
//! An address is asked at the layout's interval, a tenth more or less, and no sooner than its
//! publisher wants (`ttl`, `skipHours`, `skipDays`, `Cache-Control`). One that fails is left alone
//! for longer each time while the others go on; the feed is down when all of them are. Limits:
//! 64 addresses, 1,024 entries and 16 MiB a document. Documented at rssboard.org, RFC 4287,
//! jsonfeed.org and RFC 9110 (conditional requests).

mod aside;
mod charset;
pub(in crate::feed) mod context;
pub(in crate::feed) mod document;
pub(in crate::feed) mod ids;
mod limits;
mod salvage;
mod source;
pub(in crate::feed) mod table;
#[cfg(test)]
mod tests;
mod tidy;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

use self::context::DocumentContext;
use self::source::{Kept, Source};
pub use self::table::RssTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::error::FeedError;
use crate::feed::sender::{Closed, MentionSender};
use crate::feed::transport::http::Web;
use crate::feed::transport::url;
use crate::mention::Network;
use crate::mention::source::{Health, MAX_CURSOR, Trouble};

impl AdapterTable for RssTable {
    const KIND: &'static str = "rss";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Rss::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        let base = "https://news.example/feed";
        let context = DocumentContext {
            source,
            network: Network::News,
            base,
            site: base,
            scope: "news.example",
            received: now,
        };
        document::read(bytes, None, &context).map(|document| document.mentions).unwrap_or_default().into()
    }
}

/// Part of the interval by which a rest is longer or shorter at random.
const SPREAD: f64 = 0.1;
/// Between the first questions to two addresses.
const APART: Duration = Duration::from_secs(1);
/// Longest rest of an address that fails while others go on.
const LONGEST_REST: Duration = Duration::from_secs(3_600);
/// Most addresses whose failures are told one by one.
const MAX_TOLD: usize = 3;

/// A news feed that is asked again and again.
#[derive(Debug)]
pub struct Rss {
    table: RssTable,
    pace: Pace,
    web: Option<Web>,
    /// The addresses of the layout; empty before the first attempt.
    sources: Vec<Source>,
    dice: Pcg64Mcg,
}

impl Rss {
    pub fn new(table: &RssTable, pace: &Pace) -> Self {
        let dice = Pcg64Mcg::seed_from_u64(table.addresses().concat().len() as u64);
        Self { table: table.clone(), pace: pace.clone(), web: None, sources: Vec::new(), dice }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let web = self.prepare(sender)?;
        loop {
            let Some(at) = self.next() else { return Err(FeedError::Final("it has no URL".into())) };
            self.rest(self.sources[at].left, sender).await?;
            let source = &mut self.sources[at];
            match source.ask(&web, self.table.network.network(), sender).await {
                Ok(wanted) => {
                    self.sources[at].left = self.interval().max(wanted);
                    sender.mark(self.cursor());
                    self.tell_trouble(sender);
                    sender.tell(Health::Live).await?;
                }
                Err(stop) => {
                    self.fail(at, stop, sender.clock.now())?;
                    self.tell_trouble(sender);
                    sender.flush().await?;
                }
            }
        }
    }

    /// The client, and the sources as the cursor has them.
    fn prepare(&mut self, sender: &MentionSender) -> Result<Web, FeedError> {
        if self.sources.is_empty() {
            let addresses = self.table.addresses().into_iter().map(url::address);
            self.sources = addresses.map(|url| Ok(Source::new(url?))).collect::<Result<_, FeedError>>()?;
            let kept = sender.cursor().map(|cursor| serde_json::from_str(cursor).unwrap_or_default());
            let mut kept: BTreeMap<String, Kept> = kept.unwrap_or_default();
            for (i, source) in (0..).zip(&mut self.sources) {
                source.left = APART.min(self.table.every.0) * i;
                source.restore(kept.remove(&source.scope).unwrap_or_default());
            }
        }
        match (&self.web, self.table.addresses().first()) {
            (Some(web), _) => Ok(web.clone()),
            (None, Some(url)) => Ok(self.web.insert(Web::new(&url::address(url)?, &self.pace)?).clone()),
            (None, None) => Err(FeedError::Final("it has no URL".into())),
        }
    }

    /// The address that is to be asked first.
    fn next(&self) -> Option<usize> {
        let asked = (0..self.sources.len()).filter(|at| !self.sources[*at].gone);
        asked.min_by_key(|at| self.sources[*at].left)
    }

    /// Counts in time slept, so that a clock that is set does not matter.
    async fn rest(&mut self, length: Duration, sender: &mut MentionSender) -> Result<(), Closed> {
        sender.flush().await?;
        let wake = sender.wake.clone();
        let woken = async {
            tokio::select! {
                () = tokio::time::sleep(self.pace.stretch(length)) => false,
                () = wake.notified() => true,
            }
        };
        let woken = sender.meanwhile(woken).await?;
        for source in &mut self.sources {
            // A layout that was saved has what fails tried at once.
            let left = if woken && source.failures > 0 { Duration::ZERO } else { source.left };
            source.left = left.saturating_sub(if woken { Duration::ZERO } else { length });
        }
        Ok(())
    }

    fn interval(&mut self) -> Duration {
        self.table.every.0.mul_f64(1.0 + self.dice.random_range(-SPREAD..SPREAD))
    }

    /// Lets an address rest; the failure is the feed's when no address is without one.
    fn fail(&mut self, at: usize, stop: FeedError, now: Time) -> Result<(), FeedError> {
        let FeedError::Failed { fault, why, wait } = stop else { return Err(stop) };
        let (since, _) = self.sources[at].ail.take().unwrap_or((now, String::new()));
        self.sources[at].ail = Some((since, why.clone()));
        let doubled = self.interval().saturating_mul(1 << self.sources[at].failures.min(8));
        let source = &mut self.sources[at];
        source.failures = source.failures.saturating_add(1);
        if self.next().is_none() {
            return Err(FeedError::Final(self.words().unwrap_or(why)));
        }
        let alone = self.sources.iter().all(|source| source.gone || source.failures > 0);
        let source = &mut self.sources[at];
        if alone && !source.gone {
            // The supervisor waits.
            source.left = Duration::ZERO;
            let why = self.words().unwrap_or(why);
            return Err(FeedError::Failed { fault, why, wait });
        }
        tracing::warn!(address = source.shown(), why, "one of several URLs fails");
        source.left = doubled.min(LONGEST_REST).max(wait.unwrap_or_default());
        Ok(())
    }

    /// How many addresses fail, and why; `None` where none does.
    fn words(&self) -> Option<String> {
        let failing = || self.sources.iter().filter_map(|source| Some((source, &source.ail.as_ref()?.1)));
        let told = |(source, why): (&Source, &String)| match why.contains(&source.shown()) {
            true => why.clone(),
            false => format!("{}: {why}", source.shown()),
        };
        let (all, fail) = (self.sources.len(), failing().count());
        let reasons = failing().take(MAX_TOLD).map(told).collect::<Vec<_>>().join("; ");
        let more = fail.checked_sub(MAX_TOLD).filter(|more| *more > 0);
        let more = more.map(|more| format!("; and {more} more")).unwrap_or_default();
        match (all, fail) {
            (_, 0) => None,
            (1, _) => Some(reasons),
            (all, fail) if all == fail => Some(format!("all {all} URLs fail: {reasons}{more}")),
            (all, 1) => Some(format!("1 of {all} URLs fails: {reasons}")),
            (all, fail) => Some(format!("{fail} of {all} URLs fail: {reasons}{more}")),
        }
    }

    /// Tells what fails while others go on, and when it is tried again.
    fn tell_trouble(&self, sender: &mut MentionSender) {
        let failing = || self.sources.iter().filter(|source| source.ail.is_some());
        let since = failing().filter_map(|source| Some(source.ail.as_ref()?.0)).min();
        let trouble = since.zip(self.words());
        let next = failing().filter(|source| !source.gone).map(|source| source.left).min();
        let unread = sender.state.trouble.take().filter(|trouble| trouble.deaf);
        let fails = trouble.map(|(since, why)| Trouble { since, why: why.into(), deaf: false });
        sender.state.trouble = fails.or(unread);
        sender.state.next_try = next.map(|left| sender.clock.now() + left);
    }

    /// What each address has to go on from, without the validators of the last ones where that
    /// becomes too long.
    fn cursor(&self) -> String {
        let mut kept: BTreeMap<&str, Kept> =
            self.sources.iter().map(|source| (source.scope.as_str(), source.keep())).collect();
        loop {
            let cursor = serde_json::to_string(&kept).unwrap_or_default();
            if cursor.len() <= MAX_CURSOR || kept.pop_last().is_none() {
                return cursor;
            }
        }
    }
}

impl Adapter for Rss {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}
