//! What a mention counted for when it was first said, in a few bytes: so that it counts the same
//! after its words were changed or taken back, and after a restart. Holds hashes and numbers, no
//! words and no names.

use std::fmt;

use super::PulseError;
use super::facts;
use super::mood::Judge;
use super::tokens::Tokens;
use super::topics::{TopicId, Topics};
use crate::clock::Time;
use crate::layout::wall::Wall;
use crate::mention::{Geo, Mention};

/// Grows when the bytes mean something else; others are not read.
const FORM: u8 = 1;

const MOOD: u8 = 1;
const AUTHOR: u8 = 2;
const FOLLOWERS: u8 = 4;
const PLACE: u8 = 8;

/// Makes digests for the topics of one wall.
pub struct Digester {
    topics: Topics,
    judge: Judge,
}

impl fmt::Debug for Digester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digester").field("topics", &self.topics).finish_non_exhaustive()
    }
}

impl Digester {
    pub fn new(wall: &Wall) -> Result<Self, PulseError> {
        Ok(Self { topics: Topics::of(wall)?, judge: Judge::default() })
    }

    /// What `mention`, with the words it has, counts for. At most 4.2 KiB, mostly under 80 bytes.
    pub fn of(&self, mention: &Mention) -> Vec<u8> {
        let (mut tokens, mut found) = (Tokens::default(), Vec::new());
        self.topics.find(mention.text.as_deref().unwrap_or(""), &mut tokens, &mut found);
        let first = First {
            at: facts::at(mention),
            mood: self.judge.judge(mention).map(|s| s.score),
            author: facts::voice(mention).map(|(hash, _)| hash),
            followers: facts::followers(mention),
            place: facts::place(mention).map(|geo| (geo.lat, geo.lon)),
            set: self.topics.set(),
            topics: found.iter().filter_map(|i| self.topics.id(*i)).collect(),
        };
        first.write()
    }
}

/// What a mention counted for at first.
#[derive(Clone, Debug, PartialEq)]
pub struct First {
    pub at: Time,
    pub mood: Option<f32>,
    /// Hash of who said it.
    pub author: Option<u64>,
    pub followers: Option<u64>,
    /// Degrees.
    pub place: Option<(f32, f32)>,
    /// Of all topics that there were.
    set: u64,
    /// Those that it belonged to.
    topics: Vec<TopicId>,
}

impl First {
    /// Where it was said, with the name that is known now.
    pub fn geo(&self, mention: &Mention) -> Option<Geo> {
        let name = mention.geo.as_ref().and_then(|geo| geo.name.clone());
        self.place.map(|(lat, lon)| Geo { lat, lon, name, country: None })
    }

    /// Its topics among those of today, as indices; `None` when the topics are others than then.
    pub fn topics(&self, now: &Topics) -> Option<Vec<u8>> {
        (self.set == now.set()).then(|| now.still(&self.topics))
    }

    /// Its topics as far as they still exist.
    pub fn topics_left(&self, now: &Topics) -> Vec<u8> {
        now.still(&self.topics)
    }

    fn write(&self) -> Vec<u8> {
        let flags = [(self.mood.is_some(), MOOD), (self.author.is_some(), AUTHOR)];
        let more = [(self.followers.is_some(), FOLLOWERS), (self.place.is_some(), PLACE)];
        let flags = flags.iter().chain(&more).filter(|(set, _)| *set).map(|(_, flag)| flag).sum();
        let mut out = vec![FORM, flags];
        out.extend(self.at.0.to_le_bytes());
        out.extend(self.mood.iter().flat_map(|mood| mood.to_le_bytes()));
        out.extend(self.author.iter().flat_map(|author| author.to_le_bytes()));
        out.extend(self.followers.iter().flat_map(|followers| followers.to_le_bytes()));
        out.extend(self.place.iter().flat_map(|(lat, lon)| [lat.to_le_bytes(), lon.to_le_bytes()]).flatten());
        out.extend(self.set.to_le_bytes());
        out.extend((self.topics.len() as u16).to_le_bytes());
        let ids = self.topics.iter().flat_map(|id| [id.name.to_le_bytes(), id.query.to_le_bytes()]);
        out.extend(ids.flatten());
        out
    }

    /// Reads what [`Digester::of`] wrote; `None` for anything else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        let [form, flags] = rest.take()?;
        if form != FORM {
            return None;
        }
        let has = |flag| flags & flag != 0;
        let at = Time(i64::from_le_bytes(rest.take()?));
        let mood = if has(MOOD) { Some(f32::from_le_bytes(rest.take()?)) } else { None };
        let author = if has(AUTHOR) { Some(rest.number()?) } else { None };
        let followers = if has(FOLLOWERS) { Some(rest.number()?) } else { None };
        let degrees = |rest: &mut Rest<'_>| Some(f32::from_le_bytes(rest.take()?));
        let place = if has(PLACE) { Some((degrees(&mut rest)?, degrees(&mut rest)?)) } else { None };
        let set = rest.number()?;
        let count = u16::from_le_bytes(rest.take()?);
        let id = |_| Some(TopicId { name: rest.number()?, query: rest.number()? });
        let topics = (0..count).map(id).collect::<Option<_>>()?;
        Some(Self { at, mood, author, followers, place, set, topics })
    }
}

/// What is still to be read.
struct Rest<'a>(&'a [u8]);

impl Rest<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, tail) = self.0.split_first_chunk()?;
        self.0 = tail;
        Some(*head)
    }

    fn number(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first() -> First {
        First {
            at: Time::from_secs(1_800_000_000),
            mood: Some(-0.25),
            author: Some(u64::MAX),
            followers: None,
            place: Some((48.25, -2.5)),
            set: 7,
            topics: vec![TopicId { name: 1, query: 2 }, TopicId { name: 3, query: 4 }],
        }
    }

    #[test]
    fn what_is_written_is_read_and_what_is_cut_is_not() {
        let bytes = first().write();
        assert_eq!(First::read(&bytes), Some(first()));
        assert!((0..bytes.len()).all(|end| First::read(&bytes[..end]).is_none()));
        let bare = First { mood: None, author: None, place: None, topics: Vec::new(), ..first() };
        assert_eq!(First::read(&bare.write()), Some(bare));
        assert_eq!(First::read(&[FORM + 1; 60]), None);
    }
}
