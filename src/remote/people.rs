//! Who may sign in: names, roles and tokens. Tokens are kept as keyed hashes only.

use std::path::Path;
use std::time::SystemTime;

use ring::hmac::{self, HMAC_SHA256, Key, Tag};
use ring::rand::SystemRandom;

use crate::control::Who;
use crate::layout::remote::{Person, TokenSource};

/// Shortest token, characters.
pub const SHORTEST: usize = 16;

/// A file's time of writing and length; `None` for one that is not there.
type Stamp = Option<(SystemTime, u64)>;

/// The people of a layout whose tokens could be read.
pub struct People {
    key: Key,
    listed: Vec<Listed>,
    from: Vec<Person>,
    stamps: Vec<Stamp>,
}

struct Listed {
    who: Who,
    tag: Tag,
}

impl People {
    /// Reads the tokens of all; those that cannot be read are told, and their owners cannot sign in.
    pub fn read(from: &[Person]) -> Result<Self, ring::error::Unspecified> {
        let key = Key::generate(HMAC_SHA256, &SystemRandom::new())?;
        Ok(Self::with(key, from))
    }

    fn with(key: Key, from: &[Person]) -> Self {
        let mut people = Self { key, listed: Vec::new(), from: from.to_vec(), stamps: stamps(from) };
        for person in from {
            let taken = |token: &String| people.of_token(token).map(|(who, _)| who.name.clone());
            match token(&person.token).map(|token| (taken(&token), token)) {
                Ok((None, token)) => {
                    let tag = hmac::sign(&people.key, token.as_bytes());
                    people.listed.push(Listed { who: Who::new(&person.name, person.role), tag });
                }
                Ok((Some(other), _)) => {
                    tracing::error!("{} cannot sign in: {other} has the same token", person.name);
                }
                Err(why) => tracing::error!("{} cannot sign in: {why}", person.name),
            }
        }
        people
    }

    /// Whose token this is, and its mark. Takes equally long whichever it is.
    pub fn of_token(&self, token: &str) -> Option<(&Who, &[u8])> {
        let mut found = None;
        for listed in &self.listed {
            if hmac::verify(&self.key, token.as_bytes(), listed.tag.as_ref()).is_ok() {
                found = Some((&listed.who, listed.tag.as_ref()));
            }
        }
        found
    }

    /// Whether this person may still sign in, with the token that has this mark.
    pub fn still_has(&self, who: &Who, mark: &[u8]) -> bool {
        self.listed.iter().any(|listed| listed.who == *who && listed.tag.as_ref() == mark)
    }

    /// The same people with the tokens that their files hold now; `None` while no file has changed. Whoever
    /// has another token is signed out, the others are not.
    pub fn renewed(&self) -> Option<Self> {
        (stamps(&self.from) != self.stamps).then(|| Self::with(self.key.clone(), &self.from))
    }

    /// Whether they were read from this.
    pub fn are_of(&self, from: &[Person]) -> bool {
        self.from == from
    }
}

fn stamps(people: &[Person]) -> Vec<Stamp> {
    let stamp = |path: &Path| {
        let meta = std::fs::metadata(path).ok()?;
        Some((meta.modified().ok()?, meta.len()))
    };
    let file = |person: &Person| match &person.token {
        TokenSource::Env(_) => None,
        TokenSource::File(path) => stamp(path),
    };
    people.iter().map(file).collect()
}

fn token(source: &TokenSource) -> Result<String, String> {
    let (from, text) = (source.words(), source.read()?);
    match text {
        text if text.chars().any(|c| c.is_control() || c.is_whitespace()) => {
            Err(format!("{from} holds more than one word"))
        }
        text if text.chars().count() < SHORTEST => {
            Err(format!("the token in {from} is too short: at least {SHORTEST} characters are needed"))
        }
        text => Ok(text),
    }
}
