//! A JSON document over HTTP that is asked for again and again, page by page.
//!
//! Records that were handed over before and have not changed are passed over: the last
//! [`MAX_KNOWN`] are known, by a hash. The first page of a round is asked for only if it has
//! changed, as far as the server can tell (`ETag`, `Last-Modified`).

use std::collections::BTreeMap;
use std::hash::{Hash as _, Hasher as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::Url;
use rustc_hash::FxHasher;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use super::asked::asked;
use super::faults::mapped;
use super::self_described;
use super::self_described::CanonicalOrJetstream;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::bounded::BoundedMap;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::json_path;
use crate::feed::decode::record::Shape;
use crate::feed::error::FeedError;
use crate::feed::poll::paging::{Page, Pager, Paging, Step, later};
use crate::feed::poll::{Poll, Validators};
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{Answer, Web};
use crate::feed::transport::rate_limit;
use crate::feed::transport::template::RequestTemplate;
use crate::layout::feed::{Asked, Fault, FeedKind};
use crate::layout::value::Lasting;
use crate::layout::wall::FieldMap;
use crate::mention::source::Health;
use crate::mention::{Mention, UNDATED};

/// Shortest interval of a poll.
const SHORTEST: Duration = Duration::from_secs(1);

asked! {
    /// A JSON document that is polled over HTTP.
    JsonTable (&["https", "http"]) {
        /// JSONPath of the records in the document. Default: `$[*]`, the elements of an array.
        #[serde(default)]
        pub items: Option<String>,
        /// Time between polls, at least `1s`, varied by up to 10 %. Default: `60s`.
        #[serde(default)]
        pub every: Option<Lasting>,
        /// How to fetch further pages. Default: the response is complete.
        #[serde(default)]
        pub paging: Option<Paging>,
        /// Maximum number of pages per poll, 1 to 100. Default: 10.
        #[serde(default)]
        #[schemars(range(min = 1, max = 100))]
        pub pages: Option<u32>,
    }
}

impl JsonTable {
    /// How often it is asked for.
    pub fn interval(&self) -> Duration {
        self.every.map_or(Duration::from_secs(60), |every| every.0)
    }

    /// Most pages that are asked for at a time.
    pub fn most_pages(&self) -> u32 {
        self.pages.unwrap_or(10).max(1)
    }
}

impl FeedKind for JsonTable {
    fn silence(&self) -> Duration {
        (self.interval() * 3).max(Duration::from_secs(60))
    }

    fn map(&self) -> Option<&FieldMap> {
        self.map.as_ref()
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        self.token_file.iter_mut().collect()
    }

    fn asked(&self) -> Option<Asked<'_>> {
        Some(self.asked())
    }

    fn paths(&self) -> Vec<(Vec<&'static str>, &str)> {
        let items = self.items.iter().map(|path| (vec!["items"], path.as_str()));
        let paging = match &self.paging {
            Some(Paging::NextLink { path, .. }) => path.as_deref(),
            Some(Paging::Token { path, .. } | Paging::SinceId { path, .. }) => Some(path.as_str()),
            Some(Paging::Page { .. }) | None => None,
        };
        mapped(&self.map, items.chain(paging.map(|path| (vec!["paging", "path"], path))).collect())
    }

    fn faults(&self) -> Vec<Fault> {
        let busy = self.interval() < SHORTEST;
        let fault = || Fault {
            key: "every",
            what: "the server would be polled without pause".into(),
            help: "Use at least \"1s\", and no less than the service allows.".into(),
        };
        busy.then(fault).into_iter().collect()
    }
}

impl AdapterTable for JsonTable {
    const KIND: &'static str = "json";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Polled::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        self_described::record(bytes, source, now).into()
    }
}

/// Most records that are known again.
const MAX_KNOWN: usize = 20_000;
/// A record without a time that appears between two rounds at most so far apart is of the second.
const LOOKS_APART: Duration = Duration::from_secs(3_600);

/// A polled feed. Lives through failures and keeps what it knows.
#[derive(Debug)]
pub(in crate::feed) struct Polled {
    table: JsonTable,
    asker: RequestTemplate,
    pace: Pace,
    poll: Poll,
    web: Option<Web>,
    known: Known,
    /// When a round last came to the end of all pages, or nothing had changed since.
    looked: Option<Time>,
    /// The first page as it was asked for last, and what tells whether it has changed since.
    first: Option<(Url, Validators)>,
}

/// How a feed reads its documents.
struct Reader {
    shape: Shape,
    items: JsonPath,
    pager: Pager,
}

impl Polled {
    pub fn new(table: &JsonTable, pace: &Pace) -> Self {
        Self {
            table: table.clone(),
            asker: RequestTemplate::new(&table.asked()),
            pace: pace.clone(),
            poll: Poll::new(table.interval(), pace),
            web: None,
            known: Known::default(),
            looked: None,
            first: None,
        }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        sender.belong_to(self.asker.origin());
        let url = self.asker.url()?;
        let reader = Reader {
            shape: Shape::new(self.table.map.as_ref(), &CanonicalOrJetstream).map_err(FeedError::Final)?,
            items: json_path::path_or(self.table.items.as_ref(), "$[*]")?,
            pager: Pager::new(self.table.paging.as_ref(), &url)?,
        };
        loop {
            let wait = self.round(&reader, sender).await?;
            self.poll.rest_at_least(sender, wait).await?;
        }
    }

    /// Asks for all pages that are due; how long the server wants to be left alone after that.
    async fn round(&mut self, reader: &Reader, sender: &mut MentionSender) -> Result<Duration, FeedError> {
        let mut step = reader.pager.first(sender.cursor());
        let (mut first, mut ended) = (None, false);
        for nth in 0..self.table.most_pages() {
            let (url, answer) = self.ask(&step, nth == 0).await?;
            let now = sender.clock.now();
            sender.hear();
            if nth == 0 && answer.status.as_u16() == 304 {
                sender.goes_on(true);
                sender.tell(Health::Live).await?;
                self.looked = self.looked.map(|_| now);
                return Ok(Duration::ZERO);
            }
            let answer = answer.accepted(now)?;
            let document = answer.json_for(sender)?;
            let page = self.take(reader, &document, sender).await?;
            sender.tell(Health::Live).await?;
            let next = reader.pager.next(&step, &answer.headers, &document, &page)?;
            if let Some(kept) = reader.pager.kept(next.as_ref()) {
                sender.mark(kept);
            }
            if nth == 0 {
                first = Some((url, Validators::of(&answer)));
            }
            if let Some(wait) = rate_limit::spent(&answer.headers, now) {
                return Ok(wait);
            }
            match next {
                Some(next) => step = next,
                None => {
                    ended = true;
                    break;
                }
            }
        }
        // Only now, because a round that failed on a later page has to see the first one again.
        self.first = first;
        self.looked = ended.then(|| sender.clock.now());
        Ok(Duration::ZERO)
    }

    async fn ask(&mut self, step: &Step, conditional: bool) -> Result<(Url, Answer), FeedError> {
        let url = match step {
            Step::Link(url) => url.clone(),
            Step::Start | Step::With(..) => self.asker.url()?,
        };
        let call = self.asker.call_at(&url).await?.accept("application/json");
        let call = match step {
            Step::With(parameter, value) => call.with_query(parameter, value),
            Step::Start | Step::Link(_) => call,
        };
        let asked = call.url.clone();
        let call = match &self.first {
            Some((first, validators)) if conditional && *first == asked => validators.ask(call),
            _ => call,
        };
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&asked, &self.pace)?,
        };
        Ok((asked, self.web.insert(web).fetch(call).await?))
    }

    /// Hands over what is new in a document.
    async fn take(
        &mut self,
        reader: &Reader,
        document: &Value,
        sender: &mut MentionSender,
    ) -> Result<Page, FeedError> {
        let (source, now) = (sender.source().clone(), sender.clock.now());
        let appears = self.looked.is_some_and(|before| now.since(before) <= LOOKS_APART);
        let (mut page, garbage) = (Page::default(), sender.state.garbage);
        let mut met = sender.cursor().is_some();
        for record in reader.items.query(document) {
            page.records += 1;
            page.newest = later(page.newest.take(), reader.pager.id(record));
            match reader.shape.read_value(record, &source, now) {
                Ok(Some(mention)) if self.known.is_news(&mention) => {
                    page.fresh += 1;
                    sender.push(placed(mention, appears)).await?;
                }
                Ok(known) => {
                    met |= known.is_some();
                    sender.understood();
                }
                Err(DecodeError(why)) => sender.discard(why),
            }
        }
        sender.end_page(page.records, garbage);
        // Where something is known already, nothing lies between.
        sender.goes_on(met);
        Ok(page)
    }
}

impl Adapter for Polled {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }
}

/// The mention with the time at which it appeared, where it tells none that can be read. Of what
/// stood there before nobody knows since when.
fn placed(mut mention: Mention, appears: bool) -> Mention {
    if !mention.is_dated() || mention.ts == mention.received {
        mention.ts = if appears { mention.received } else { UNDATED };
    }
    mention
}

/// Hashes of the records that were handed over last; at most [`MAX_KNOWN`].
#[derive(Debug)]
struct Known {
    /// What each said, by its uid.
    said: BoundedMap<u64, u64>,
}

impl Default for Known {
    fn default() -> Self {
        Self { said: BoundedMap::new(MAX_KNOWN) }
    }
}

impl Known {
    /// Whether it is new, or says something else than before; knows it from now on.
    fn is_news(&mut self, mention: &Mention) -> bool {
        // When it arrived is always news, and may stand for when it was said.
        let timeless = Mention { received: Time::default(), ts: Time::default(), ..mention.clone() };
        let (uid, said) = (hash(&mention.uid), hash(&format!("{timeless:?}")));
        self.said.insert(uid, said) != Some(said)
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(id: &str, text: &str, received: i64) -> Mention {
        let now = Time::from_secs(1_800_000_000 + received);
        Mention::new(&"feed".into(), id, now, now).with_text(text)
    }

    #[test]
    fn a_record_is_news_once_and_again_when_it_changes() {
        let mut known = Known::default();
        assert!(known.is_news(&mention("1", "a", 0)));
        assert!(!known.is_news(&mention("1", "a", 60)));
        assert!(known.is_news(&mention("1", "b", 60)) && known.is_news(&mention("2", "a", 60)));
    }

    #[test]
    fn what_is_known_is_bounded() {
        let mut known = Known::default();
        for id in 0..MAX_KNOWN + 10 {
            assert!(known.is_news(&mention(&id.to_string(), "a", 0)));
        }
        assert!(known.is_news(&mention("3", "a", 0)), "it is forgotten");
    }
}
