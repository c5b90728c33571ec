//! What a mention counted for when it was first said, in a few bytes: so that it counts the same
//! after its words were changed or taken back, and after a restart. Holds hashes and numbers, no
//! words and no names.

use std::fmt;

use crate::clock::Time;
use crate::layout::wall::Wall;
use crate::mention::{Country, Lang, Mention, Origin};
use crate::place::{Gazetteer, Precision};
use crate::pulse::attributes;
use crate::pulse::enrich::Enricher;
use crate::pulse::enrich::located::{Located, PlaceOrigin};
use crate::pulse::persist;
use crate::pulse::persist::keys::digest as keys;
use crate::pulse::persist::record::{Record, RecordWriter};
use crate::pulse::topics::{PulseError, TopicId, Topics, subject};
use crate::query::{Scratch, tokens::Tokens};

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
            at: attributes::at(mention),
            mood: learnt.mood.map(|s| s.score),
            models: [learnt.mood.map(|s| s.origin), learnt.lang_origin].map(|o| o == Some(Origin::Model)),
            author: attributes::voice(mention).map(|(hash, _)| hash),
            followers: attributes::followers(mention),
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

    fn write(self, out: &mut RecordWriter) {
        if let Some((lat, lon)) = self.point {
            out.float(keys::LAT, lat).float(keys::LON, lon);
        }
        if let Some(country) = self.country {
            out.bytes(keys::COUNTRY, &country.to_bytes());
        }
        out.number(keys::PLACE_ORIGIN, self.origin as u64).number(keys::PRECISION, self.precision as u64);
    }

    /// `Some(None)` when there is none.
    fn read(record: &Record<'_>) -> Option<Option<Self>> {
        let point = record.float(keys::LAT).zip(record.float(keys::LON));
        let country = match record.bytes(keys::COUNTRY) {
            Some(letters) => Some(Country::from_bytes(letters.try_into().ok()?)?),
            None => None,
        };
        if point.is_none() && country.is_none() {
            return Some(None);
        }
        let (origin, precision) = (record.number(keys::PLACE_ORIGIN)?, record.number(keys::PRECISION)?);
        let origin = PlaceOrigin::ALL.into_iter().find(|one| *one as u64 == origin)?;
        let precision = Precision::ALL.into_iter().find(|one| *one as u64 == precision)?;
        Some(Some(Self { point, country, origin, precision }))
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
        let mut out = RecordWriter::new();
        out.signed(keys::AT, self.at.0).hash(keys::SET, self.set);
        if let Some(mood) = self.mood {
            out.float(keys::MOOD, mood).number(keys::MOOD_MODEL, self.models[0].into());
        }
        if let Some(author) = self.author {
            out.hash(keys::AUTHOR, author);
        }
        if let Some(followers) = self.followers {
            out.number(keys::FOLLOWERS, followers);
        }
        if let Some(lang) = self.lang {
            out.bytes(keys::LANG, &lang.to_bytes()).number(keys::LANG_MODEL, self.models[1].into());
        }
        if let Some(place) = self.place {
            place.write(&mut out);
        }
        let ids = self.topics.iter().flat_map(|id| [id.name.to_le_bytes(), id.query.to_le_bytes()]);
        out.bytes(keys::TOPICS, &ids.flatten().collect::<Vec<u8>>()).done()
    }

    /// Reads what [`Digester::of`] wrote; `None` for anything else.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = persist::digest(bytes);
        let record = Record::read(&bytes)?;
        let lang = match record.bytes(keys::LANG) {
            Some(letters) => Some(Lang::from_bytes(letters.try_into().ok()?)?),
            None => None,
        };
        let (ids, rest) = record.bytes(keys::TOPICS).unwrap_or_default().as_chunks::<16>();
        let id = |both: &[u8; 16]| {
            let [name, query] = both.as_chunks::<8>().0 else { return None };
            Some(TopicId { name: u64::from_le_bytes(*name), query: u64::from_le_bytes(*query) })
        };
        rest.is_empty().then_some(Self {
            at: Time(record.signed(keys::AT)?),
            mood: record.float(keys::MOOD),
            models: [keys::MOOD_MODEL, keys::LANG_MODEL].map(|key| record.is_set(key)),
            author: record.hash(keys::AUTHOR),
            followers: record.number(keys::FOLLOWERS),
            lang,
            place: Where::read(&record)?,
            set: record.hash(keys::SET)?,
            topics: ids.iter().map(id).collect::<Option<_>>()?,
        })
    }
}

fn origin(is_model: bool) -> Origin {
    if is_model { Origin::Model } else { Origin::Source }
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
        assert_eq!(First::read(&[3; 60]), None);
    }
}
