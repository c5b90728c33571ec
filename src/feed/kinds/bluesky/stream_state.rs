//! The state of one stream through all its connections: what each event means for the wall, and
//! where the stream stands.

use std::time::Duration;

use super::cursor::{Had, LOOK_BACK, News, Position, Start};
use super::frame::{Commit, Event, What};
use super::memory::{Deed, Deeds, Recent};
use super::post;
use super::profiles::Profiles;
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::scalar::Leaf as _;
use crate::feed::error::FeedError;
use crate::feed::sender::MentionSender;
use crate::mention::source::{Engaged, Health, MAX_BATCH};
use crate::mention::{Mention, Network, Op};

/// A stream that lies less than this behind is live.
const NEAR: Duration = Duration::from_secs(10);
/// Most that one commit hands over: its mention, and two things that it does with others.
const PER_COMMIT: usize = 3;

/// What has to live as long as the feed.
pub(super) struct StreamState {
    languages: Vec<String>,
    host: String,
    last: Option<Position>,
    /// The greatest number of this connection.
    newest: Option<u64>,
    /// The server's numbers do not lead on; the next connection goes by time.
    pub by_time: bool,
    deeds: Deeds,
    recent: Recent,
    /// Where the layout asks for it.
    pub profiles: Option<Profiles>,
    /// At most so many things wait in the sender.
    waiting: usize,
}

impl StreamState {
    pub fn new(languages: Vec<String>) -> Self {
        let (deeds, recent) = (Deeds::default(), Recent::default());
        let (host, profiles) = (String::new(), None);
        Self {
            languages,
            host,
            last: None,
            newest: None,
            by_time: false,
            deeds,
            recent,
            profiles,
            waiting: 0,
        }
    }

    /// A connection to `host` is about to be made; at the first one it goes on where the wall was
    /// when it was stopped.
    pub fn begin(&mut self, sender: &MentionSender, host: &str) {
        self.host = host.to_owned();
        self.newest = None;
        if self.last.is_none() {
            self.last = sender.cursor().and_then(Position::parse);
        }
        let gone = sender.clock.now() - LOOK_BACK;
        if let Some(last) = self.last.as_ref().filter(|last| last.at < gone) {
            let gap = gone.since(last.at);
            tracing::warn!(feed = %sender.source(), "the server keeps only the last 36 hours: a gap of {gap:.0?} remains");
        }
    }

    pub fn last(&self) -> Option<&Position> {
        self.last.as_ref()
    }

    /// How to go on; a feed that never was begins with as much of the past as `look_back`.
    pub fn start(&self, now: Time, look_back: Option<Duration>) -> Start {
        match (Start::after(self.last.as_ref(), &self.host, self.by_time), look_back) {
            (Start::Live, Some(past)) => Start::Time(now - past),
            (start, _) => start,
        }
    }

    /// Whether the server still has all since this wall stopped.
    pub fn goes_on(&self, now: Time) -> bool {
        !self.by_time && self.last.as_ref().is_some_and(|last| now.since(last.at) < LOOK_BACK)
    }

    /// Whether there is a past to be had before what happens now.
    pub fn behind(&self, start: &Start, now: Time) -> bool {
        match start {
            Start::Live => false,
            Start::Number(_) => self.last.as_ref().is_some_and(|last| now.since(last.at) > NEAR),
            Start::Time(at) => now.since(*at) > NEAR,
        }
    }

    /// Takes what the server says of where it began.
    pub fn notice(&mut self, name: &str, message: &str, sender: &mut MentionSender) -> Result<(), FeedError> {
        match name {
            "OutdatedCursor" => {
                sender.goes_on(false);
                tracing::warn!(feed = %sender.source(), message, "the server starts later than where this wall stopped: there is a gap");
                Ok(())
            }
            "FutureCursor" => Err(self.renumbered()),
            _ => Ok(()),
        }
    }

    fn renumbered(&mut self) -> FeedError {
        self.by_time = true;
        FeedError::failed("the server restarted its numbering; resuming by time")
    }

    /// Hands over what an event means, and marks that it was read.
    pub async fn take(
        &mut self,
        event: Event<'_>,
        had: &Had,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let news = had.judge(event.at, event.seq);
        match news {
            News::Renumbered => return Err(self.renumbered()),
            News::Old => return Ok(()),
            _ if event.seq.is_some() && event.seq <= self.newest => return Ok(()),
            News::New | News::Overlap => self.newest = event.seq,
        }
        // What a commit does is in one batch with its mark, or it would count twice after a crash.
        if self.waiting + PER_COMMIT >= MAX_BATCH {
            sender.flush().await?;
            self.waiting = 0;
        }
        match &event.what {
            What::Commit(commit) => {
                if let Err(DecodeError(why)) = self.commit(&event, commit, news == News::New, sender).await? {
                    sender.discard(why);
                }
            }
            What::Gone => self.gone(&event, sender).await?,
            What::Other => {}
        }
        self.mark(&event, sender);
        self.stand(&event, sender).await
    }

    async fn commit(
        &mut self,
        event: &Event<'_>,
        commit: &Commit<'_>,
        counts: bool,
        sender: &mut MentionSender,
    ) -> Result<Result<(), DecodeError>, FeedError> {
        let (deed, by) = self.deed(event, commit);
        for (uid, what) in deed.into_iter().flatten().filter(|_| counts) {
            sender.engage(Engaged { uid, what, by }).await?;
            self.waiting += 1;
        }
        let received = sender.clock.now();
        let mut mention = match post::mention(event, commit, sender.source(), received) {
            Ok(Some(mention)) => mention,
            Ok(None) => return Ok(Ok(())),
            Err(garbage) => return Ok(Err(garbage)),
        };
        if commit.record.as_ref().is_none_or(|record| post::speaks(record, &self.languages)) {
            self.recent.note(&mention.uid);
            self.profiles.iter_mut().for_each(|profiles| profiles.name(&mut mention));
            sender.push(mention).await?;
            self.waiting += 1;
        }
        Ok(Ok(()))
    }

    /// What a commit does with other posts, and whether it does or undoes it.
    fn deed(&mut self, event: &Event<'_>, commit: &Commit<'_>) -> (Deed, i32) {
        let (Some(collection), Some(rkey)) = (commit.collection.as_text(), commit.rkey.as_text()) else {
            return ([None, None], 0);
        };
        let at = (&*event.did, collection, rkey);
        match commit.operation.as_text() {
            Some("create") => {
                let deed = post::deeds(commit);
                let new = deed.iter().any(Option::is_some) && self.deeds.note(at, deed.clone());
                (if new { deed } else { [None, None] }, 1)
            }
            Some("delete") => (self.deeds.take(at).unwrap_or_default(), -1),
            _ => ([None, None], 0),
        }
    }

    /// Takes back the posts of an account that is gone, as far as they are remembered.
    async fn gone(&mut self, event: &Event<'_>, sender: &mut MentionSender) -> Result<(), FeedError> {
        let received = sender.clock.now();
        let at = event.at.unwrap_or(received);
        for uid in self.recent.take(&event.did) {
            let mut mention = Mention::of(uid, sender.source(), at, received);
            (mention.op, mention.network) = (Op::Delete, Network::Bluesky);
            mention.version = at.as_micros().max(0) as u64;
            sender.push(mention).await?;
            self.waiting += 1;
        }
        Ok(())
    }

    /// Hands over posts once more, with their authors.
    pub async fn name(
        &mut self,
        mentions: Vec<Mention>,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        for mention in mentions {
            sender.push(mention).await?;
            self.waiting += 1;
        }
        Ok(())
    }

    fn mark(&mut self, event: &Event<'_>, sender: &mut MentionSender) {
        let before = self.last.take().map(|last| last.at);
        let Some(at) = event.at.max(before) else { return };
        let last = Position { host: self.host.clone(), at, seq: event.seq };
        sender.mark(last.to_string());
        (self.last, self.by_time) = (Some(last), false);
    }

    /// Tells that the past has been caught up with.
    async fn stand(&mut self, event: &Event<'_>, sender: &mut MentionSender) -> Result<(), FeedError> {
        let near = event.at.is_some_and(|at| sender.clock.now().since(at) < NEAR);
        if near && sender.state.health == Health::CatchingUp {
            sender.tell(Health::Live).await?;
        }
        Ok(())
    }
}
