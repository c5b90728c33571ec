//! Who the authors are: handles, names and followers, looked up beside the stream.
//!
//! `app.bsky.actor.getProfiles`, <https://docs.bsky.app/docs/api/app-bsky-actor-get-profiles>: 25
//! authors a call, one call a second, and none for a minute after one that failed. A post goes
//! out without waiting; when its author is known it goes out once more, as an edit.

use std::collections::{HashMap, VecDeque};
use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::Url;
use serde_json::Value;
use tokio::time::sleep;

use crate::feed::adapter::Pace;
use crate::feed::decode::field;
use crate::feed::error::FeedError;
use crate::feed::transport::http::Web;
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::url;
use crate::mention::{Author, Mention, Op};

const PATH: &str = "/xrpc/app.bsky.actor.getProfiles";
/// Most authors of one call, as the service has it.
const PER_CALL: usize = 25;
/// Most authors that are remembered; the oldest is forgotten.
const KNOWN: usize = 20_000;
/// Most posts that wait for their author; the oldest is given up.
const WAITING: usize = 500;
const EVERY: Duration = Duration::from_secs(1);
const AFTER_FAILURE: Duration = Duration::from_secs(60);

/// Looks authors up.
pub(super) struct Profiles {
    url: Url,
    web: Web,
    pace: Pace,
    known: HashMap<Arc<str>, Author>,
    order: VecDeque<Arc<str>>,
    waiting: VecDeque<Mention>,
    /// The call that is under way, or the rest before it.
    step: Option<BoxFuture<'static, Done>>,
}

/// How a step came to its end.
enum Done {
    Rested,
    Found(Vec<Author>),
    Failed,
}

impl Profiles {
    pub fn new(appview: &str, pace: &Pace) -> Result<Self, FeedError> {
        let mut url = url::address(appview)?;
        url.set_path(PATH);
        let (web, pace) = (Web::new(&url, pace)?, pace.clone());
        let (known, order, waiting) = Default::default();
        Ok(Self { url, web, pace, known, order, waiting, step: None })
    }

    /// Says who the author is where that is known; otherwise the post waits for it.
    pub fn name(&mut self, mention: &mut Mention) {
        let Some(author) = &mut mention.author else { return };
        if let Some(known) = self.known.get(&author.id) {
            author.clone_from(known);
        } else if mention.op == Op::Upsert {
            if self.waiting.len() >= WAITING {
                self.waiting.pop_front();
            }
            self.waiting.push_back(mention.clone());
        }
    }

    /// Posts whose authors have become known. Waits for as long as there are none; what it was
    /// waiting for is not lost when that is given up.
    pub async fn next(&mut self) -> Vec<Mention> {
        loop {
            let Some(step) = &mut self.step else {
                if self.waiting.is_empty() {
                    return pending().await;
                }
                self.step = Some(self.rest(EVERY));
                continue;
            };
            match step.await {
                Done::Rested => self.step = (!self.waiting.is_empty()).then(|| self.ask()),
                Done::Failed => {
                    self.waiting.clear();
                    self.step = Some(self.rest(AFTER_FAILURE));
                }
                Done::Found(authors) => {
                    self.step = None;
                    authors.into_iter().for_each(|author| self.learn(author));
                    return self.named();
                }
            }
        }
    }

    fn rest(&self, wait: Duration) -> BoxFuture<'static, Done> {
        sleep(self.pace.stretch(wait)).map(|()| Done::Rested).boxed()
    }

    /// A call for the authors of the posts that wait longest. Those that the service does not
    /// know are answered as well, by themselves.
    fn ask(&self) -> BoxFuture<'static, Done> {
        let mut ids: Vec<Arc<str>> = Vec::new();
        for author in self.waiting.iter().filter_map(|mention| mention.author.as_ref()) {
            if ids.len() < PER_CALL && !ids.contains(&author.id) {
                ids.push(author.id.clone());
            }
        }
        let call = ids.iter().fold(HttpRequest::get(&self.url), |call, id| call.query("actors", id));
        let web = self.web.clone();
        let answer = async move {
            let answer = web.fetch(call).await.ok().filter(|answer| answer.status.is_success())?;
            let found = read(&answer.json().ok()?);
            let nobody = ids.iter().filter(|id| !found.iter().any(|author| author.id == **id));
            let nobody: Vec<_> = nobody.map(|id| Author { id: id.clone(), ..Author::default() }).collect();
            Some([found, nobody].concat())
        };
        answer.map(|found| found.map_or(Done::Failed, Done::Found)).boxed()
    }

    fn learn(&mut self, author: Author) {
        if self.order.len() >= KNOWN
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        self.order.push_back(author.id.clone());
        self.known.insert(author.id.clone(), author);
    }

    /// The posts whose authors are known now.
    fn named(&mut self) -> Vec<Mention> {
        let known = |mention: &Mention| mention.author.as_ref().and_then(|author| self.known.get(&author.id));
        let mut named = Vec::new();
        self.waiting.retain(|mention| {
            let Some(author) = known(mention) else { return true };
            if author.handle.is_some() {
                let author = Some(author.clone());
                named.push(Mention { op: Op::Edit, author, version: mention.version + 1, ..mention.clone() });
            }
            false
        });
        named
    }
}

/// The authors in an answer; what is wrong in one is not there.
fn read(answer: &Value) -> Vec<Author> {
    let profiles = answer.get("profiles").and_then(Value::as_array);
    let author = |profile: &Value| {
        Some(Author {
            id: field::id(profile.get("did"))?.into(),
            handle: field::handle(profile.get("handle")).filter(|handle| &**handle != "handle.invalid"),
            name: field::name(profile.get("displayName")),
            followers: field::count(profile.get("followersCount")),
            place: None,
        })
    };
    profiles.into_iter().flatten().filter_map(author).take(PER_CALL).collect()
}
