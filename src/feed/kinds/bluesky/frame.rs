//! Frames of both wires, taken apart: `/subscribe` (v1) and
//! `network.bsky.jetstream.subscribeEvents` (v2).
//!
//! As docs.bsky.app and the lexicons of `bluesky-social/jetstream` describe them:
//! <https://docs.bsky.app/docs/advanced-guides/jetstream>,
//! <https://bsky.network/docs/jetstream/>.

use std::borrow::Cow;

use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::field;
use crate::feed::decode::json_text::NOT_JSON;
use crate::feed::decode::scalar::{Few, Leaf as _, Lone, Scalar, object};

/// Most languages, tags and labels that are read of one post.
const LANGS: usize = 3;
const TAGS: usize = 8;
const LABELS: usize = 4;
/// Most stretches of the text that are looked at for links, and most meanings of each.
const FACETS: usize = 16;
const FEATURES: usize = 4;

object! {
    /// A frame of the first wire.
    Frame {
        did: Scalar<'a> = "did",
        time_us: Scalar<'a> = "time_us",
        /// The sequence number of the second wire; servers of before 2026 send none.
        cursor: Scalar<'a> = "cursor",
        kind: Scalar<'a> = "kind",
        commit: Option<Commit<'a>> = "commit",
        account: Option<Account<'a>> = "account",
    }
}

object! {
    /// What somebody did to one record.
    Commit {
        rev: Scalar<'a> = "rev",
        operation: Scalar<'a> = "operation",
        collection: Scalar<'a> = "collection",
        rkey: Scalar<'a> = "rkey",
        record: Option<Record<'a>> = "record",
    }
}

object! {
    /// As much of a post, a like or a repost as is used.
    Record {
        text: Scalar<'a> = "text",
        created: Scalar<'a> = "createdAt",
        langs: Few<Scalar<'a>, LANGS> = "langs",
        tags: Few<Scalar<'a>, TAGS> = "tags",
        facets: Few<Facet<'a>, FACETS> = "facets",
        reply: Option<Reply<'a>> = "reply",
        embed: Option<Embed<'a>> = "embed",
        labels: Option<Labels<'a>> = "labels",
        subject: Option<Pointer<'a>> = "subject",
    }
}

object! {
    Reply {
        root: Option<Pointer<'a>> = "root",
        parent: Option<Pointer<'a>> = "parent",
    }
}

object! {
    /// `app.bsky.embed.record`, or `recordWithMedia`, which holds one in its `record`.
    Embed {
        kind: Scalar<'a> = "$type",
        record: Option<Embedded<'a>> = "record",
        external: Option<Pointer<'a>> = "external",
        media: Option<Media<'a>> = "media",
    }
}

object! {
    /// The card beside a quote.
    Media { external: Option<Pointer<'a>> = "external" }
}

object! {
    /// What a stretch of the text means (`app.bsky.richtext.facet`).
    Facet { features: Few<Feature<'a>, FEATURES> = "features" }
}

object! {
    Feature {
        kind: Scalar<'a> = "$type",
        uri: Scalar<'a> = "uri",
    }
}

object! {
    Embedded {
        uri: Scalar<'a> = "uri",
        record: Option<Pointer<'a>> = "record",
    }
}

object! {
    Pointer { uri: Scalar<'a> = "uri" }
}

object! {
    /// What the author says of the post (`com.atproto.label.defs#selfLabels`).
    Labels { values: Few<Label<'a>, LABELS> = "values" }
}

object! {
    Label { val: Scalar<'a> = "val" }
}

object! {
    Account {
        active: Scalar<'a> = "active",
        status: Scalar<'a> = "status",
    }
}

object! {
    /// A frame of the second wire.
    Envelope {
        kind: Scalar<'a> = "$type",
        payload: Option<Payload<'a>> = "payload",
        error: Scalar<'a> = "error",
        message: Scalar<'a> = "message",
    }
}

object! {
    Payload {
        kind: Scalar<'a> = "$type",
        seq: Scalar<'a> = "seq",
        did: Scalar<'a> = "did",
        time: Scalar<'a> = "time",
        witnessed: Scalar<'a> = "witnessedAt",
        rev: Scalar<'a> = "rev",
        operation: Scalar<'a> = "operation",
        collection: Scalar<'a> = "collection",
        rkey: Scalar<'a> = "rkey",
        record: Option<Record<'a>> = "record",
        account: Option<Account<'a>> = "account",
        name: Scalar<'a> = "name",
        message: Scalar<'a> = "message",
    }
}

/// None of them means anything where no object stands.
macro_rules! never_alone {
    ($($name:ident)*) => {
        $(impl<'a> Lone<'a> for $name<'a> {})*
    };
}
never_alone!(Frame Commit Record Reply Embed Embedded Media Facet Feature Pointer Labels Label Account Envelope Payload);

/// What a frame tells, whichever wire it came over.
#[derive(Debug)]
pub(in crate::feed) enum Told<'a> {
    /// Somebody did something.
    Event(Event<'a>),
    /// The server's word on the stream itself: where it had to begin.
    Notice { name: Cow<'a, str>, message: Cow<'a, str> },
    /// The server's last word.
    Error { name: Cow<'a, str>, message: Cow<'a, str> },
}

#[derive(Debug)]
pub(in crate::feed) struct Event<'a> {
    pub did: Cow<'a, str>,
    /// When the server saw it.
    pub at: Option<Time>,
    /// Its number on this server, growing.
    pub seq: Option<u64>,
    pub what: What<'a>,
}

#[derive(Debug)]
pub(in crate::feed) enum What<'a> {
    Commit(Box<Commit<'a>>),
    /// The account is gone: deleted, taken down, suspended or left.
    Gone,
    /// A new handle, an account that came back, a broken chain of commits.
    Other,
}

impl<'a> Frame<'a> {
    /// Whether the record has the shape of a frame at all.
    pub fn is_one(&self) -> bool {
        self.did.is_there() && self.time_us.is_there() && self.kind.is_there()
    }

    pub fn event(self) -> Result<Event<'a>, DecodeError> {
        let at = field::moment(Some(&self.time_us));
        let seq = self.cursor.as_count();
        Ok(Event { did: did(self.did)?, at, seq, what: what(self.commit, self.account) })
    }
}

impl<'a> Envelope<'a> {
    pub fn told(self) -> Result<Told<'a>, DecodeError> {
        match (self.kind.as_text(), self.payload) {
            (Some("error"), _) => Ok(Told::Error { name: words(self.error), message: words(self.message) }),
            (Some("message"), Some(payload)) => payload.told(),
            _ => Err(DecodeError("neither an event nor an error")),
        }
    }
}

impl<'a> Payload<'a> {
    fn told(self) -> Result<Told<'a>, DecodeError> {
        let kind = self.kind.as_text().and_then(|kind| kind.rsplit('#').next()).unwrap_or_default();
        if kind == "info" {
            return Ok(Told::Notice { name: words(self.name), message: words(self.message) });
        }
        let commit = (kind == "commit").then_some(Commit {
            rev: self.rev,
            operation: self.operation,
            collection: self.collection,
            rkey: self.rkey,
            record: self.record,
        });
        let at = field::moment(Some(&self.witnessed)).or_else(|| field::moment(Some(&self.time)));
        let what = what(commit, self.account);
        Ok(Told::Event(Event { did: did(self.did)?, at, seq: self.seq.as_count(), what }))
    }
}

fn what<'a>(commit: Option<Commit<'a>>, account: Option<Account<'a>>) -> What<'a> {
    match (commit, account) {
        (Some(commit), _) => What::Commit(Box::new(commit)),
        (None, Some(Account { active: Scalar::Flag(false), status })) if is_final(&status) => What::Gone,
        _ => What::Other,
    }
}

/// Whether an account that is not active is not to be shown: `desynchronized` and `throttled` are
/// troubles of its server, not its own.
fn is_final(status: &Scalar<'_>) -> bool {
    matches!(status.as_text(), Some("deleted" | "takendown" | "suspended" | "deactivated"))
}

fn did(scalar: Scalar<'_>) -> Result<Cow<'_, str>, DecodeError> {
    match scalar {
        Scalar::Text(did) if field::key(Some(&Scalar::Text(Cow::Borrowed(&*did)))).is_some() => Ok(did),
        _ => Err(DecodeError("a frame without `did`")),
    }
}

fn words(scalar: Scalar<'_>) -> Cow<'_, str> {
    if let Scalar::Text(text) = scalar { text } else { Cow::Borrowed("") }
}

/// Reads a frame of the first wire.
pub(in crate::feed) fn first(json: &str) -> Result<Told<'_>, DecodeError> {
    let frame: Frame<'_> = serde_json::from_str(json).map_err(|_| NOT_JSON)?;
    frame.event().map(Told::Event)
}

/// Reads a frame of the second wire.
pub(in crate::feed) fn second(json: &str) -> Result<Told<'_>, DecodeError> {
    let envelope: Envelope<'_> = serde_json::from_str(json).map_err(|_| NOT_JSON)?;
    envelope.told()
}
