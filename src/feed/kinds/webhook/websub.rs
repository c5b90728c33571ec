//! A subscription at a WebSub hub, asked for and renewed before it runs out, as documented at
//! w3.org/TR/websub ("Subscriber Sends Subscription Request", "Hub Verifies Intent").
//!
//! The hub calls back before it believes, maybe while it is still being asked, so it is asked in a
//! task beside the door. Not verified within five minutes is a failure; failures are tried again
//! after one to sixty minutes.

use std::time::Duration;

use tokio::task::JoinSet;

use super::table::WebhookTable;
use crate::clock::{Instant, Time};
use crate::feed::adapter::Pace;
use crate::feed::error::{FailureKind, FeedError};
use crate::feed::sender::{Closed, MentionSender};
use crate::feed::transport::http::{Answer, Web};
use crate::feed::transport::request::HttpRequest;
use crate::feed::transport::secret::Hidden;
use crate::feed::transport::url;
use crate::mention::source::Health;

/// For how long to subscribe when the layout says nothing.
const LEASE: Duration = Duration::from_secs(7 * 86_400);
/// The hub calls back within this time.
const VERIFIED_WITHIN: Duration = Duration::from_secs(300);
/// Waits after failures: the first, and the longest.
const WAITS: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(3_600)];
/// Longest reason of a hub that is shown, characters.
const MAX_WORDS: usize = 160;

/// What the hub told through the door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It subscribed us for this long.
    Subscribed(Duration),
    /// It will not, with its reason.
    Denied(String),
}

/// One subscription, and how it stands.
#[derive(Debug)]
pub(super) struct Subscription {
    hub: String,
    topic: String,
    callback: String,
    lease: Duration,
    pace: Pace,
    asking: JoinSet<Result<Answer, FeedError>>,
    /// The hub took the request then and has not called back yet.
    asked: Option<Instant>,
    /// The hub called back since it was asked last.
    verified: bool,
    /// When to ask next; nothing until the hub has answered.
    due: Option<Instant>,
    /// What is subscribed runs out then.
    until: Option<Instant>,
    failures: u32,
    trouble: Option<Health>,
    /// The secret that the hub was given.
    secret: Option<Hidden>,
}

impl Subscription {
    /// `None` when somebody else subscribes.
    pub fn of(spec: &WebhookTable, pace: &Pace) -> Option<Self> {
        let (hub, topic, callback) = (spec.hub.clone()?, spec.topic.clone()?, spec.public_url.clone()?);
        Some(Self {
            hub,
            topic,
            callback,
            lease: spec.lease.map_or(LEASE, |lease| lease.0),
            pace: pace.clone(),
            asking: JoinSet::new(),
            asked: None,
            verified: false,
            due: None,
            until: None,
            failures: 0,
            trouble: None,
            secret: None,
        })
    }

    /// Does what is due; to be called about once a second.
    pub async fn tend(
        &mut self,
        key: &Hidden,
        told: Option<Told>,
        sender: &mut MentionSender,
    ) -> Result<(), Closed> {
        let (now, instant) = (sender.clock.now(), sender.clock.instant());
        self.hear(told, now, instant);
        if self.secret.as_ref() != Some(key) {
            self.due = Some(instant);
        }
        if self.asking.is_empty() && self.asked.is_none() && self.due.is_some_and(|due| instant >= due) {
            self.ask(key);
        }
        let left =
            self.due.filter(|_| self.trouble.is_some()).map(|due| due.saturating_duration_since(instant));
        sender.state.next_try = left.map(|left| now + left);
        sender.tell(self.standing(instant)).await
    }

    /// Takes the hub's answer, what it told through the door, or its silence.
    fn hear(&mut self, told: Option<Told>, now: Time, instant: Instant) {
        if let Some(answer) = self.asking.try_join_next() {
            match answer.unwrap_or_else(|_| Err(FeedError::failed("the request to the hub was interrupted")))
            {
                // A hub may have called back before it answered.
                Ok(_) => self.asked = (!self.verified).then_some(instant),
                Err(stop) => self.fail(stop, now, instant),
            }
        }
        match told {
            Some(Told::Subscribed(lease)) => self.subscribed(lease, instant),
            Some(Told::Denied(why)) => {
                self.fail(
                    FeedError::of(FailureKind::Refused, format!("the hub denied the subscription: {why}")),
                    now,
                    instant,
                );
            }
            None => {}
        }
        if self.asked.is_some_and(|asked| instant.saturating_duration_since(asked) > VERIFIED_WITHIN) {
            self.fail(
                FeedError::failed("the hub did not call back; can it reach `public_url`?"),
                now,
                instant,
            );
        }
    }

    fn ask(&mut self, key: &Hidden) {
        (self.secret, self.verified) = (Some(key.clone()), false);
        // Until it is answered nothing else is due.
        self.due = None;
        let (hub, pace) = (self.hub.clone(), self.pace.clone());
        let lease = self.lease.as_secs().to_string();
        let fields = [
            ("hub.mode", "subscribe".to_owned()),
            ("hub.topic", self.topic.clone()),
            ("hub.callback", self.callback.clone()),
            ("hub.lease_seconds", lease),
            ("hub.secret", key.expose().to_owned()),
        ];
        self.asking.spawn(async move {
            let url = url::address(&hub)?;
            let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
            let answer = Web::new(&url, &pace)?.fetch(HttpRequest::post(&url).form(&fields)).await?;
            answer.accepted(Time::default())
        });
    }

    fn subscribed(&mut self, lease: Duration, now: Instant) {
        let lease = lease.min(self.lease);
        let early = (lease / 10).max(Duration::from_secs(60)).min(lease / 2);
        (self.until, self.due) = (Some(now + lease), Some(now + (lease - early)));
        (self.asked, self.verified, self.failures, self.trouble) = (None, true, 0, None);
    }

    fn fail(&mut self, stop: FeedError, now: Time, instant: Instant) {
        let FeedError::Failed { fault, why, wait } = stop else { return };
        tracing::warn!(why, "no subscription");
        let [first, longest] = WAITS;
        let wait = (first * (1 << self.failures.min(6))).min(longest).max(wait.unwrap_or_default());
        self.failures += 1;
        (self.asked, self.due) = (None, Some(instant + self.pace.stretch(wait)));
        let since = match &self.trouble {
            Some(Health::Down { since, .. } | Health::Refused { since, .. }) => *since,
            _ => now,
        };
        let why = why.into();
        self.trouble = Some(match fault {
            FailureKind::Refused => Health::Refused { since, why },
            _ => Health::Down { since, why },
        });
    }

    /// Live while a subscription holds, whatever became of its renewal.
    fn standing(&self, now: Instant) -> Health {
        if self.until.is_some_and(|until| now < until) {
            return Health::Live;
        }
        self.trouble.clone().unwrap_or(Health::Connecting)
    }
}

/// A hub's own words, made fit to show.
pub(super) fn words(reason: &str) -> String {
    let clean = crate::mention::clean_text(reason);
    clean.map_or_else(|| "no reason given".into(), |words| words.chars().take(MAX_WORDS).collect())
}
