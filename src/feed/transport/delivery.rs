//! A request that a service sends us, and the answer that it gets.

use std::time::Duration;

pub(in crate::feed) use hyper::StatusCode;
use hyper::{HeaderMap, Method};
use tokio::sync::{OwnedSemaphorePermit, oneshot};

/// When a caller is to come again.
const COME_AGAIN: Duration = Duration::from_secs(10);

/// One request.
#[derive(Debug)]
pub(in crate::feed) struct Delivery {
    pub method: Method,
    /// What the request's path has below the door's, without the slash; mostly empty.
    pub rest: String,
    /// The query as it was sent, without `?`; mostly empty.
    pub query: String,
    pub headers: HeaderMap,
    /// As it was sent, at most 8 MiB.
    pub body: Vec<u8>,
    pub(in crate::feed) back: oneshot::Sender<Reply>,
    /// The room that the body takes.
    #[expect(dead_code, reason = "given back when it is dropped")]
    pub(in crate::feed) held: OwnedSemaphorePermit,
}

impl Delivery {
    /// A header as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Answers. A delivery that is dropped unanswered is answered with [`Reply::later`].
    pub fn answer(self, reply: Reply) {
        // The caller may have hung up.
        let _ = self.back.send(reply);
    }
}

/// What the caller is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::feed) struct Reply {
    pub status: StatusCode,
    /// MIME type of the body.
    pub kind: &'static str,
    pub body: String,
    pub retry_after: Option<Duration>,
}

impl Reply {
    /// A status with plain words.
    pub fn of(status: StatusCode, words: impl Into<String>) -> Self {
        Self { status, kind: "text/plain; charset=utf-8", body: words.into(), retry_after: None }
    }

    /// All is well.
    pub fn ok() -> Self {
        Self::of(StatusCode::OK, "")
    }

    pub fn json(body: String) -> Self {
        Self { kind: "application/json", ..Self::of(StatusCode::OK, body) }
    }

    /// 503: it is not safe; the caller is to hand it over again.
    pub fn later() -> Self {
        let reply = Self::of(StatusCode::SERVICE_UNAVAILABLE, "not recorded; send it again");
        Self { retry_after: Some(COME_AGAIN), ..reply }
    }

    /// With other words.
    pub fn because(self, words: &str) -> Self {
        Self { body: words.into(), ..self }
    }
}
