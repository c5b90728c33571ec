//! Asking again and again: the rest between two rounds, and what spares a server an answer that
//! has not changed (conditional requests, RFC 9110, section 13).

pub(in crate::feed) mod paging;
pub(in crate::feed) mod seen;

use std::time::Duration;

use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;
use reqwest::header::{ETAG, HeaderMap, HeaderName, LAST_MODIFIED};
use serde::{Deserialize, Serialize};

use super::adapter::Pace;
use super::sender::{Closed, MentionSender};
use crate::feed::transport::http::Answer;
use crate::feed::transport::request::HttpRequest;

/// Part of the interval by which a rest is longer or shorter at random.
const SPREAD: f64 = 0.1;
/// Longest validator that is kept, bytes; servers get longer ones back unasked.
const MAX_VALIDATOR: usize = 1_024;

/// The rhythm of one polled feed.
#[derive(Debug)]
pub(super) struct Poll {
    every: Duration,
    pace: Pace,
    dice: Pcg64Mcg,
}

impl Poll {
    pub fn new(every: Duration, pace: &Pace) -> Self {
        Self { every, pace: pace.clone(), dice: Pcg64Mcg::seed_from_u64(every.as_nanos() as u64) }
    }

    /// Sends what waits and rests for the interval, a tenth more or less; to be called after each
    /// round that went well. A failure is tried again when the supervisor says.
    pub async fn rest(&mut self, sender: &mut MentionSender) -> Result<(), Closed> {
        self.rest_at_least(sender, Duration::ZERO).await
    }

    /// The same, and no shorter than `least`: what the server asks for.
    pub async fn rest_at_least(&mut self, sender: &mut MentionSender, least: Duration) -> Result<(), Closed> {
        sender.flush().await?;
        let chance: f64 = self.dice.random_range(-SPREAD..SPREAD);
        let rest = self.every.mul_f64(1.0 + chance).max(least);
        sender.meanwhile(tokio::time::sleep(self.pace.stretch(rest))).await
    }
}

/// What a server gave along with a document so that it can be asked whether it has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Validators {
    #[serde(skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
}

impl Validators {
    /// Asks for the document only if it has changed.
    pub fn ask(&self, call: HttpRequest) -> HttpRequest {
        let call = self.etag.iter().fold(call, |call, etag| call.header("if-none-match", etag));
        self.modified.iter().fold(call, |call, at| call.header("if-modified-since", at))
    }

    /// Takes the validators of an answer; to be called once what it holds was pushed. True when
    /// the answer is that nothing has changed, and the old ones are kept.
    pub fn note(&mut self, answer: &Answer) -> bool {
        if answer.status.as_u16() == 304 {
            return true;
        }
        *self = Self::of(answer);
        false
    }

    /// Those of an answer.
    pub fn of(answer: &Answer) -> Self {
        Self { etag: value(&answer.headers, ETAG), modified: value(&answer.headers, LAST_MODIFIED) }
    }
}

fn value(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let value = headers.get(name)?.to_str().ok()?;
    (value.len() <= MAX_VALIDATOR).then(|| value.to_owned())
}
