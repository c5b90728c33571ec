//! Results of a Talkwalker collector, streamed as JSON texts one after the other
//! (developer.talkwalker.com/docs/overview/streaming-api-v3/collectors).
//!
//! The collector keeps what it found for 7 days and hands out offsets to resume from; each is kept
//! with what came before it. Errors come with a status, or in the stream, and mean what their own
//! code says. The token stands in the address, as Talkwalker wants it; addresses are shown without
//! their query. A JSON text has at most 1 MiB, the body of a refusal [`MAX_REFUSAL`].

pub(in crate::feed) mod decode;
mod errors;
pub(in crate::feed) mod table;

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use self::decode::Chunk;
use self::errors::Trouble;
pub use self::table::TalkwalkerTable;
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::backoff::{RetryPolicies, RetryPolicy};
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::record;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::framing::concat::Texts;
use crate::feed::framing::ndjson::Line;
use crate::feed::kinds::suites::fields::endpoint;
use crate::feed::kinds::suites::known::Known;
use crate::feed::sender::MentionSender;
use crate::feed::transport::http::{self, Response, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::{self, Hidden};
use crate::feed::transport::url;
use crate::layout::feed::Secret;
use crate::mention::Mention;
use crate::mention::source::Health;

impl AdapterTable for TalkwalkerTable {
    const KIND: &'static str = "talkwalker";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Source::new(self, pace))
    }

    fn decode(bytes: &[u8], source: &Arc<str>, now: Time) -> Decoded {
        told(bytes, source, now).into()
    }
}

const SERVER: &str = "https://api.talkwalker.com";
/// Where a collector begins that was not read before.
const EARLIEST: &str = "earliest";
/// The head of the answer comes with the first chunk, which may take its time.
const HEAD_WITHIN: Duration = Duration::from_secs(60);
/// How much of a refusal is read, bytes.
const MAX_REFUSAL: usize = 64 * 1024;

/// One collector; lives through failures.
#[derive(Debug)]
pub(in crate::feed) struct Source {
    table: TalkwalkerTable,
    pace: Pace,
    web: Option<Web>,
    /// The place that was kept is not known to Talkwalker any more.
    lost: bool,
}

/// What a piece of the stream means for the feed.
enum Piece {
    Mention(Box<Mention>),
    Offset(String),
    Trouble(Trouble),
    DecodeError(&'static str),
}

impl Source {
    pub fn new(table: &TalkwalkerTable, pace: &Pace) -> Self {
        Self { table: table.clone(), pace: pace.clone(), web: None, lost: false }
    }

    async fn run(&mut self, sender: &mut MentionSender) -> Result<(), FeedError> {
        let token = self.token().await?;
        let response = self.connect(&token, sender).await?;
        if !response.status.is_success() {
            return Err(self.refused(response, &token, sender).await?);
        }
        sender.hear();
        sender.goes_on(sender.cursor().is_some() && !self.lost);
        sender.tell(Health::Live).await?;
        let stop = self.receive(response, &token, sender).await;
        // What was whole before the failure is not lost with it.
        sender.flush().await?;
        stop
    }

    async fn token(&self) -> Result<Hidden, FeedError> {
        let secret = Secret::of(&self.table.token_env, &self.table.token_file);
        let secret =
            secret.ok_or_else(|| FeedError::Final("the layout does not name an access token".into()))?;
        secret::read(&secret).await
    }

    async fn connect(&mut self, token: &Hidden, sender: &mut MentionSender) -> Result<Response, FeedError> {
        let collector = self.table.collector.as_deref().unwrap_or_default();
        let url = endpoint(&self.table.url, SERVER, &format!("api/v3/stream/c/{collector}/results"))?;
        // An offset of another collector means nothing to this one.
        sender.belong_to(&url::shown(&url));
        let begin = self.table.from.as_deref().unwrap_or(EARLIEST);
        let kept = sender.cursor().filter(|_| !self.lost);
        let mut call = HttpRequest::get(&url).accept("application/json, */*;q=0.1");
        call = call.query("resume_offset", kept.unwrap_or(begin));
        call = call.query("end_behaviour", "wait").query("access_token", token.expose());
        call.within = Some(self.pace.connect_within.max(HEAD_WITHIN));
        let web = match self.web.take() {
            Some(web) => web,
            None => Web::new(&url, &self.pace)?,
        };
        let web = self.web.insert(web).clone();
        sender.meanwhile(web.open(call)).await?
    }

    /// What follows from an answer that is no stream.
    async fn refused(
        &mut self,
        mut response: Response,
        token: &Hidden,
        sender: &mut MentionSender,
    ) -> Result<FeedError, FeedError> {
        let mut body = Vec::new();
        while body.len() < MAX_REFUSAL
            && let Ok(Some(bytes)) = response.chunk(sender, self.pace.connect_within).await
        {
            body.extend_from_slice(bytes.as_ref());
        }
        let (status, now) = (response.status, sender.clock.now());
        let by_status = || http::refusal(status, &response.headers, now);
        Ok(self.stop(Trouble::in_body(&body), token).unwrap_or_else(by_status))
    }

    /// What follows from an error. Where the kept place is lost, the next attempt begins where a
    /// first start does.
    fn stop(&mut self, trouble: Trouble, token: &Hidden) -> Option<FeedError> {
        if trouble.is_lost_offset() && !self.lost {
            self.lost = true;
            let why = "Talkwalker no longer knows where the wall stopped; starting over";
            return Some(FeedError::of(FailureKind::Network, why));
        }
        trouble.without(token.expose()).stop()
    }

    /// Reads until the stream ends, breaks, falls silent or brings an error.
    async fn receive(
        &mut self,
        mut response: Response,
        token: &Hidden,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        let mut texts = Texts::default();
        let silence = sender.state.stale_after;
        loop {
            let chunk = response.chunk(sender, silence).await?;
            let ended = chunk.is_none();
            for piece in pieces(&mut texts, chunk.as_ref().map(AsRef::as_ref), sender) {
                self.take(piece, token, sender).await?;
            }
            if ended {
                return Err(FeedError::failed("Talkwalker ended the stream; reconnecting"));
            }
        }
    }

    async fn take(
        &mut self,
        piece: Piece,
        token: &Hidden,
        sender: &mut MentionSender,
    ) -> Result<(), FeedError> {
        match piece {
            Piece::Mention(mention) => sender.push(*mention).await?,
            Piece::Offset(offset) => {
                self.lost = false;
                sender.mark(offset);
            }
            Piece::DecodeError(why) => sender.discard(why),
            Piece::Trouble(trouble) => match self.stop(trouble, token) {
                Some(stop) => return Err(stop),
                None => sender.discard("an error without a code"),
            },
        }
        Ok(())
    }
}

impl Adapter for Source {
    fn play<'a>(&'a mut self, sender: &'a mut MentionSender) -> BoxFuture<'a, Result<(), FeedError>> {
        self.run(sender).boxed()
    }

    /// A collector's results may be asked for 5 times a minute.
    fn retry_policies(&self) -> RetryPolicies {
        let network = RetryPolicy::exponential(Duration::from_secs(12), Duration::from_secs(96));
        RetryPolicies { network, ..RetryPolicies::default() }
    }
}

/// What the next bytes, or the end, bring.
fn pieces(texts: &mut Texts, bytes: Option<&[u8]>, sender: &MentionSender) -> Vec<Piece> {
    let (source, now) = (sender.source(), sender.clock.now());
    let mut found = Vec::new();
    let mut each = |line: Line<'_>| match line {
        Line::Record(json) => found.extend(piece(json, source, now)),
        Line::TooLong => found.push(Piece::DecodeError("too long")),
        Line::Heartbeat => {}
    };
    match bytes {
        Some(bytes) => texts.push(bytes, &mut each),
        None => texts.finish(&mut each),
    }
    found
}

fn piece(json: &[u8], source: &std::sync::Arc<str>, now: Time) -> Option<Piece> {
    let value = match record::parse(json) {
        Ok(value) => value,
        Err(DecodeError(why)) => return Some(Piece::DecodeError(why)),
    };
    match Chunk::of(&value) {
        Chunk::Result(result) => Some(match decode::read(result, source, now, &mut Known::default()) {
            Ok(mention) => Piece::Mention(Box::new(mention)),
            Err(DecodeError(why)) => Piece::DecodeError(why),
        }),
        Chunk::Offset(offset) => Some(Piece::Offset(offset)),
        Chunk::Error(error) => Some(Piece::Trouble(Trouble::of(error))),
        Chunk::Other => None,
    }
}

/// The mention of a chunk, if it holds one.
pub(in crate::feed) fn told(json: &[u8], source: &std::sync::Arc<str>, now: Time) -> Option<Mention> {
    match piece(json, source, now)? {
        Piece::Mention(mention) => Some(*mention),
        Piece::Trouble(trouble) => trouble.stop().and(None),
        _ => None,
    }
}
