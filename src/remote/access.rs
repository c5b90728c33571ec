//! Who is asking, and whether they may: tokens, sessions, and callers on this machine.
//!
//! Callers on this machine need no token. From elsewhere everything but `/health` and the sign-in needs one:
//! as `Authorization: Bearer`, as `?token=` for buttons that can send nothing else, or as the cookie that a
//! sign-in gave.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwapOption;
use axum::http::{HeaderMap, Uri, header};

use super::attempts::Attempts;
use super::people::People;
use super::sessions::Sessions;
use crate::clock::{Clock, Instant};
use crate::control::{Role, Who};
use crate::layout::remote::{Person, RemoteSpec};

/// Name of the cookie.
pub const COOKIE: &str = "fishbowl";
/// Wrong tokens and codes that an address may send at one go, and the time for one more.
const WRONG: (u32, Duration) = (10, Duration::from_secs(6));
/// Commands that an address may send at one go, and the time for one more.
const COMMANDS: (u32, Duration) = (40, Duration::from_millis(50));
/// Time between two looks at the files with tokens.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Whoever made a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub who: Who,
    pub proof: Proof,
    pub from: IpAddr,
    /// Of their token; nothing for a code and for who sits here.
    mark: Vec<u8>,
}

/// How they showed who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// They sit at this machine.
    Place,
    Token,
    Cookie,
}

/// Why a request is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Denied {
    /// Nothing was shown, or nothing that holds.
    Unknown,
    /// Too many wrong ones came from there.
    TooMany,
}

/// The doorkeeper.
pub struct Access {
    clock: Clock,
    people: ArcSwapOption<People>,
    door: Mutex<Door>,
}

struct Door {
    sessions: Sessions,
    wrong: Attempts,
    commands: Attempts,
    looked: Instant,
    /// Codes are given out.
    codes: bool,
    /// Tells the operator a new code.
    announce: Option<fn(&str)>,
}

impl Access {
    pub fn new(clock: Clock) -> Self {
        let door = Door {
            sessions: Sessions::default(),
            wrong: Attempts::new(WRONG.0, WRONG.1),
            commands: Attempts::new(COMMANDS.0, COMMANDS.1),
            looked: clock.instant(),
            codes: false,
            announce: None,
        };
        Self { clock, people: ArcSwapOption::empty(), door: Mutex::new(door) }
    }

    /// Says who may sign in, at the start and after every change of the layout.
    pub fn set(&self, spec: &RemoteSpec) {
        let mut door = self.door();
        let begins = spec.code && !door.codes;
        door.codes = spec.code;
        if begins {
            door.tell_code();
        }
        drop(door);
        if !self.people.load().as_ref().is_some_and(|people| people.are_of(&spec.people)) {
            self.read(&spec.people);
        }
    }

    fn read(&self, people: &[Person]) {
        match People::read(people) {
            Ok(people) => self.people.store(Some(Arc::new(people))),
            Err(_) => tracing::error!("no one can sign in: the system has no random numbers"),
        }
    }

    /// Tells the operator a code by which one phone can sign in as presenter, and another one when it was
    /// used; nothing while the layout wants none.
    pub fn announce_codes(&self, announce: fn(&str)) {
        let mut door = self.door();
        door.announce = Some(announce);
        door.tell_code();
    }

    /// Who sent a request with these headers from `from`; `here` where that is this machine.
    pub fn caller(&self, uri: &Uri, headers: &HeaderMap, from: IpAddr, here: bool) -> Result<Caller, Denied> {
        let now = self.clock.instant();
        self.look(now);
        if let Some(token) = bearer(headers).or_else(|| query(uri, "token")) {
            return self.by_token(&token, from, now);
        }
        if let Some((who, mark)) = cookie(headers).and_then(|secret| self.by_session(&secret, now)) {
            return Ok(Caller { who, proof: Proof::Cookie, from, mark });
        }
        let local =
            || Caller { who: Who::new("local", Role::Admin), proof: Proof::Place, from, mark: Vec::new() };
        here.then(local).ok_or(Denied::Unknown)
    }

    fn by_token(&self, token: &str, from: IpAddr, now: Instant) -> Result<Caller, Denied> {
        let people = self.people.load();
        if let Some((who, mark)) = people.as_ref().and_then(|people| people.of_token(token)) {
            // Also after many wrong ones: else anybody behind a proxy could lock out all others behind it. A
            // token is too long to be guessed.
            return Ok(Caller { who: who.clone(), proof: Proof::Token, from, mark: mark.to_vec() });
        }
        let mut door = self.door();
        door.wrong.take(from, now).map_err(|_| Denied::TooMany)?;
        tracing::warn!(%from, "a wrong token was shown");
        Err(Denied::Unknown)
    }

    fn by_session(&self, secret: &str, now: Instant) -> Option<(Who, Vec<u8>)> {
        let door = self.door();
        let (who, mark) = door.sessions.of(secret, now)?;
        self.holds(&door, who, mark).then(|| (who.clone(), mark.to_vec()))
    }

    /// Whether somebody who signed in may still come in: their token is still the same, or codes still hold.
    fn holds(&self, door: &Door, who: &Who, mark: &[u8]) -> bool {
        let people = self.people.load();
        match mark {
            [] => door.codes,
            mark => people.as_ref().is_some_and(|people| people.still_has(who, mark)),
        }
    }

    /// Whether somebody who was let in would be let in again.
    pub fn still_knows(&self, caller: &Caller) -> bool {
        self.look(self.clock.instant());
        caller.proof == Proof::Place || self.holds(&self.door(), &caller.who, &caller.mark)
    }

    /// Signs somebody in with a token or a code; gives what their browser must show from now on, and who they
    /// are.
    pub fn sign_in(&self, shown: &str, from: IpAddr) -> Result<(String, Who), Denied> {
        let now = self.clock.instant();
        self.look(now);
        let mut door = self.door();
        let people = self.people.load();
        let person = people.as_ref().and_then(|people| {
            let (who, mark) = people.of_token(shown.trim())?;
            Some((who.clone(), mark.to_vec()))
        });
        let mut by_code = || {
            // A code is short: whoever has tried too often must wait, also with the right one.
            let may = door.codes && !door.wrong.are_spent(from, now);
            let taken = may && door.sessions.take_code(shown);
            if taken {
                door.tell_code();
            }
            taken.then(|| (Who::new("guest", Role::Presenter), Vec::new()))
        };
        let Some((who, mark)) = person.or_else(&mut by_code) else {
            door.wrong.take(from, now).map_err(|_| Denied::TooMany)?;
            tracing::warn!(%from, "a sign-in with a wrong token or code");
            return Err(Denied::Unknown);
        };
        let secret = door.sessions.begin(who.clone(), mark, now).ok_or(Denied::Unknown)?;
        tracing::info!(%from, by = %who.name, "signed in as {}", who.role.word());
        Ok((secret, who))
    }

    /// Ends the session of whoever shows this cookie.
    pub fn sign_out(&self, headers: &HeaderMap) {
        cookie(headers).into_iter().for_each(|secret| self.door().sessions.end(&secret));
    }

    /// Counts a command; `Err` has the time to wait when there were too many.
    pub fn count(&self, from: IpAddr) -> Result<(), Duration> {
        self.door().commands.take(from, self.clock.instant())
    }

    /// Reads tokens again when their files have changed.
    fn look(&self, now: Instant) {
        let looked = &mut self.door().looked;
        if now.saturating_duration_since(*looked) < LOOK_EVERY {
            return;
        }
        *looked = now;
        let people = self.people.load();
        if let Some(renewed) = people.as_ref().and_then(|people| people.renewed()) {
            tracing::info!("a file with a token has changed; it is read again");
            self.people.store(Some(Arc::new(renewed)));
        }
    }

    /// The lock's content, also after a panic elsewhere: it is whole at any time.
    fn door(&self) -> MutexGuard<'_, Door> {
        self.door.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Door {
    fn tell_code(&mut self) {
        let announce = self.announce.filter(|_| self.codes);
        if let Some((announce, code)) = announce.and_then(|say| Some((say, self.sessions.new_code()?))) {
            announce(code);
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// The value of a key in a query.
pub fn query(uri: &Uri, key: &str) -> Option<String> {
    let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri).ok()?;
    pairs.0.into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, secret)| secret.to_owned())
}
