//! What a mention counted for when it was first said, in a few bytes: so that it counts the same
//! after its words were changed or taken back, and after a restart. Holds hashes and numbers, no
//! words and no names.

use std::fmt;

use super::PulseError;
use super::enrich::{Enricher, Located, PlaceOrigin};
use super::facts;
use super::topics::{TopicId, Topics, subject};
use crate::clock::Time;
use crate::layout::wall::Wall;
use crate::mention::{Country, Lang, Mention, Origin};
use crate::place::{Gazetteer, Precision};
use crate::query::{Scratch, tokens::Tokens};

/// Grows when the bytes mean something else; others are not read.
const FORM: u8 = 2;

const MOOD: u8 = 1;
const AUTHOR: u8 = 2;
const FOLLOWERS: u8 = 4;
const POINT: u8 = 8;
const LANG: u8 = 16;
const COUNTRY: u8 = 32;
/// The mood, and the language, are what a model says, not the source.
const MOOD_MODEL: u8 = 64;
const LANG_MODEL: u8 = 128;

/// Makes digests for the topics of one wall.
pub struct Digester {
    topics: Topics,
    enricher: Enricher,
}

impl fmt::Debug for Digester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digester").field("topics", &self.topics).finish_non_exhaustive()
    }
}

impl Digester {
    pub fn new(wall: &Wall) -> Result<Self, PulseError> {
        Ok(Self { topics: Topics::of(wall)?, enricher: Enricher::default() })
    }

    /// What `mention`, with the words it has, counts for. At most 17 KiB, mostly under 80 bytes.
    pub fn of(&self, mention: &Mention) -> Vec<u8> {
        let (mut tokens, mut scratch, mut found) = (Tokens::default(), Scratch::default(), Vec::new());
        let learnt = self.enricher.learn(mention);
        self.topics.find(&subject(mention, &learnt), &mut tokens, &mut scratch, &mut found);
        let first = First {
            at: facts::at(mention),
            mood: learnt.mood.map(|s| s.score),
            models: [learnt.mood.map(|s| s.origin), learnt.lang_origin].map(|o| o == Some(Origin::Model)),
            author: facts::voice(mention).map(|(hash, _)| hash),
            followers: facts::followers(mention),
            lang: learnt.lang,
            place: learnt.place.map(|place| Where::of(&place)),
            set: self.topics.set(),
            topics: found.iter().filter_map(|i| self.topics.id(*i)).collect(),
        };
        first.write()
    }
}

/// A place without its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Where {
    point: Option<(f32, f32)>,
    country: Option<Country>,
    origin: PlaceOrigin,
    precision: Precision,
}

impl Where {
    fn of(place: &Located) -> Self {
        let Located { point, country, origin, precision, .. } = *place;
        Self { point, country, origin, precision }
    }

    /// Who says so, and how precisely, in one byte.
    fn byte(self) -> u8 {
        self.origin as u8 | (self.precision as u8) << 4
    }

    /// The two halves of [`Where::byte`].
    fn halves(byte: u8) -> Option<(PlaceOrigin, Precision)> {
        let origin = PlaceOrigin::ALL.into_iter().find(|one| *one as u8 == byte & 15)?;
        let precision = Precision::ALL.into_iter().find(|one| *one as u8 == byte >> 4)?;
        Some((origin, precision))
    }
}

/// What a mention counted for at first.
#[derive(Clone, Debug, PartialEq)]
pub struct First {
    pub at: Time,
    pub mood: Option<f32>,
    /// Whether a model says how it was meant, and in which language.
    models: [bool; 2],
    /// Hash of who said it.
    pub author: Option<u64>,
    pub followers: Option<u64>,
    pub lang: Option<Lang>,
    pub place: Option<Where>,
    /// Of all topics that there were.
    set: u64,
    /// Those that it belonged to.
    topics: Vec<TopicId>,
}

impl First {
    /// Who says how it was meant.
    pub fn mood_origin(&self) -> Option<Origin> {
        self.mood.map(|_| origin(self.models[0]))
    }

    /// Where it was said, with the name that is known now.
    pub fn place(&self, mention: &Mention) -> Option<Located> {
        let Where { point, country, origin, precision } = self.place?;
        let told = || mention.geo.as_ref().and_then(|geo| geo.name.clone());
        let name = match origin {
            PlaceOrigin::Source => told(),
            _ => point.and_then(|point| Gazetteer::get().name_at(point)),
        };
        Some(Located { point, name, country, origin, precision })
    }

    /// Its topics among those of today, as indices; `None` when the topics are others than then.
    pub fn topics(&self, now: &Topics) -> Option<Vec<u16>> {
        (self.set == now.set()).then(|| now.still(&self.topics))
    }

    /// Its topics as far as they still exist.
    pub fn topics_left(&self, now: &Topics) -> Vec<u16> {
        now.still(&self.topics)
    }

    fn write(&self) -> Vec<u8> {
        let (point, country) = (self.place.and_then(|p| p.point), self.place.and_then(|p| p.country));
        let known = [
            (self.mood.is_some(), MOOD),
            (self.author.is_some(), AUTHOR),
            (self.followers.is_some(), FOLLOWERS),
            (point.is_some(), POINT),
            (self.lang.is_some(), LANG),
            (country.is_some(), COUNTRY),
            (self.models[0], MOOD_MODEL),
            (self.models[1], LANG_MODEL),
        ];
        let flags = known.iter().filter(|(set, _)| *set).map(|(_, flag)| flag).sum();
        let mut out = vec![FORM, flags, self.place.map_or(0, Where::byte)];
        out.extend(self.at.0.to_le_bytes());
        out.extend(self.mood.iter().flat_map(|mood| mood.to_le_bytes()));
        out.extend(self.author.iter().flat_map(|author| author.to_le_bytes()));
        out.extend(self.followers.iter().flat_map(|followers| followers.to_le_bytes()));
        out.extend(point.iter().flat_map(|(lat, lon)| [lat.to_le_bytes(), lon.to_le_bytes()]).flatten());
        out.extend(self.lang.iter().flat_map(|lang| lang.to_bytes()));
        out.extend(country.iter().flat_map(|country| country.to_bytes()));
        out.extend(self.set.to_le_bytes());
        out.extend((self.topics.len() as u16).to_le_bytes());
        let ids = self.topics.iter().flat_map(|id| [id.name.to_le_bytes(), id.query.to_le_bytes()]);
        out.extend(ids.flatten());
        out
    }

    /// Reads what [`Digester::of`] wrote; `None` for anything else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = Rest(bytes);
        let [form, flags, halves] = rest.take()?;
        let (origin, precision) = Where::halves(halves)?;
        if form != FORM {
            return None;
        }
        let has = |flag| flags & flag != 0;
        let at = Time(i64::from_le_bytes(rest.take()?));
        let mood = if has(MOOD) { Some(f32::from_le_bytes(rest.take()?)) } else { None };
        let author = if has(AUTHOR) { Some(rest.number()?) } else { None };
        let followers = if has(FOLLOWERS) { Some(rest.number()?) } else { None };
        let degrees = |rest: &mut Rest<'_>| Some(f32::from_le_bytes(rest.take()?));
        let point = if has(POINT) { Some((degrees(&mut rest)?, degrees(&mut rest)?)) } else { None };
        let lang = if has(LANG) { Some(Lang::from_bytes(rest.take()?)?) } else { None };
        let country = if has(COUNTRY) { Some(Country::from_bytes(rest.take()?)?) } else { None };
        let place =
            (point.is_some() || country.is_some()).then_some(Where { point, country, origin, precision });
        let set = rest.number()?;
        let count = u16::from_le_bytes(rest.take()?);
        let id = |_| Some(TopicId { name: rest.number()?, query: rest.number()? });
        let topics = (0..count).map(id).collect::<Option<_>>()?;
        let models = [has(MOOD_MODEL), has(LANG_MODEL)];
        Some(Self { at, mood, models, author, followers, lang, place, set, topics })
    }
}

fn origin(is_model: bool) -> Origin {
    if is_model { Origin::Model } else { Origin::Source }
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
            models: [true, false],
            author: Some(u64::MAX),
            followers: None,
            lang: Some(Lang::EN),
            place: Some(Where {
                point: Some((48.25, -2.5)),
                country: Country::new("FR"),
                origin: PlaceOrigin::Profile,
                precision: Precision::City,
            }),
            set: 7,
            topics: vec![TopicId { name: 1, query: 2 }, TopicId { name: 3, query: 4 }],
        }
    }

    #[test]
    fn what_is_written_is_read_and_what_is_cut_is_not() {
        let bytes = first().write();
        assert_eq!(First::read(&bytes), Some(first()));
        assert!((0..bytes.len()).all(|end| First::read(&bytes[..end]).is_none()));
        let bare = First {
            mood: None,
            models: [false; 2],
            author: None,
            lang: None,
            place: None,
            topics: Vec::new(),
            ..first()
        };
        assert_eq!(First::read(&bare.write()), Some(bare));
        assert_eq!(First::read(&[FORM + 1; 60]), None);
    }
}
