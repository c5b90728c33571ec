//! Who has signed in: sessions of browsers, and the short code by which a phone begins one.
//!
//! Limits: 256 sessions of twelve hours each, of which the oldest gives way; one code, good for one sign-in.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom, SystemRandom};

use crate::clock::Instant;
use crate::control::Who;

/// How long a session lasts.
pub const LASTS: Duration = Duration::from_secs(12 * 3_600);
const MOST: usize = 256;
/// Digits of a code.
const DIGITS: u32 = 8;

/// Somebody who has signed in.
struct Session {
    /// Hash of what the browser holds.
    hash: [u8; 32],
    who: Who,
    /// Of the token they signed in with; nothing for a code.
    mark: Vec<u8>,
    began: Instant,
}

/// All sessions, and the code.
#[derive(Default)]
pub struct Sessions {
    all: Vec<Session>,
    code: Option<String>,
}

impl Sessions {
    /// Begins a session; gives what the browser must show from now on. `None` where the system has no random
    /// numbers.
    pub fn begin(&mut self, who: Who, mark: Vec<u8>, now: Instant) -> Option<String> {
        let mut secret = [0; 24];
        SystemRandom::new().fill(&mut secret).ok()?;
        let secret = URL_SAFE_NO_PAD.encode(secret);
        self.all.retain(|session| is_young(session, now));
        if self.all.len() >= MOST {
            self.all.remove(0);
        }
        self.all.push(Session { hash: hash(&secret), who, mark, began: now });
        Some(secret)
    }

    /// Whose session that is, and the mark of their token.
    pub fn of(&self, secret: &str, now: Instant) -> Option<(&Who, &[u8])> {
        let hash = hash(secret);
        let session = self.all.iter().find(|session| session.hash == hash && is_young(session, now))?;
        Some((&session.who, &session.mark))
    }

    /// Ends a session.
    pub fn end(&mut self, secret: &str) {
        let hash = hash(secret);
        self.all.retain(|session| session.hash != hash);
    }

    /// A new code in place of the one before; `None` where the system has no random numbers.
    pub fn new_code(&mut self) -> Option<&str> {
        let mut bytes = [0; 8];
        SystemRandom::new().fill(&mut bytes).ok()?;
        let number = u64::from_le_bytes(bytes) % 10_u64.pow(DIGITS);
        self.code = Some(format!("{number:0width$}", width = DIGITS as usize));
        self.code.as_deref()
    }

    /// Takes the code, with or without blanks: right at most once.
    pub fn take_code(&mut self, text: &str) -> bool {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let is_right = self.code.as_ref().is_some_and(|code| hash(code) == hash(&digits));
        if is_right {
            self.code = None;
        }
        is_right
    }
}

fn is_young(session: &Session, now: Instant) -> bool {
    now.saturating_duration_since(session.began) < LASTS
}

/// Comparing hashes tells by its duration nothing of what was hashed.
fn hash(text: &str) -> [u8; 32] {
    let mut hash = [0; 32];
    hash.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, Time};
    use crate::control::Role;

    #[test]
    fn a_session_lasts_until_its_end_and_a_code_is_good_once() {
        let now = Clock::simulated(Time::default()).instant();
        let (mut sessions, jo) = (Sessions::default(), Who::new("jo", Role::Viewer));
        let secret = sessions.begin(jo.clone(), vec![7], now).expect("there are random numbers");
        assert_eq!(sessions.of(&secret, now), Some((&jo, &[7][..])));
        assert_eq!(sessions.of("x", now), None);
        assert_eq!(sessions.of(&secret, now + LASTS), None, "it ends by itself");
        sessions.end(&secret);
        assert_eq!(sessions.of(&secret, now), None);

        let code = sessions.new_code().expect("there are random numbers").to_owned();
        assert!(code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit()), "{code}");
        assert!(!sessions.take_code("1"));
        assert!(sessions.take_code(&format!("{} {}", &code[..4], &code[4..])));
        assert!(!sessions.take_code(&code), "only once");
    }

    #[test]
    fn sessions_are_bounded() {
        let now = Clock::simulated(Time::default()).instant();
        let mut sessions = Sessions::default();
        for i in 0..MOST + 10 {
            sessions.begin(Who::new(&i.to_string(), Role::Viewer), vec![], now).expect("random numbers");
        }
        assert_eq!((sessions.all.len(), sessions.all[0].who.name.as_str()), (MOST, "10"));
    }
}
