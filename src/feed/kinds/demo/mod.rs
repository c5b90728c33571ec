//! The demo feed: a seeded simulation of what people say about the invented phone brand "Aurora"
//! and its rival "Borealis".
//!
//! Every second's mentions follow from the seed and the second alone, so that any two machines,
//! and any two ways of asking, see the same stream. Nobody in it exists.

mod care;
mod dice;
mod extras;
mod people;
mod phrases;
mod rhythm;
pub(in crate::feed) mod table;
mod topics;

use std::fmt::Write as _;
use std::sync::Arc;

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use self::care::Care;
use self::dice::{STREAM, dice, extra_dice, pick};
use self::people::{Tells, World};
use self::phrases::{Mood, Phrases};
use self::rhythm::{Rhythm, Tide};
pub use self::table::DemoTable;
pub use self::topics::{DemoTopic, TOPICS};
use crate::clock::Time;
use crate::feed::adapter::{Adapter, AdapterTable, Decoded, Pace};
use crate::feed::playback::Playing;
use crate::feed::player::{Opened, Player};
use crate::mention::source::{FeedState, Health, MAX_BATCH, Nature};
use crate::mention::{Kind, Mention, Network, Origin, Reach, ReachKind, Sentiment};

impl AdapterTable for DemoTable {
    const KIND: &'static str = "demo";

    fn adapter(&self, pace: &Pace) -> Box<dyn Adapter> {
        Box::new(Playing::new(self.clone().into(), pace))
    }

    fn player(&self, source: &Arc<str>, start: Time) -> Option<Opened> {
        let demo = Demo::new(source, self, start - self.history.0);
        Some(Ok(Box::new(Simulation { source: source.clone(), table: self.clone(), demo })))
    }

    fn decode(_bytes: &[u8], _source: &Arc<str>, _now: Time) -> Decoded {
        Decoded::default()
    }
}

/// What the simulation is asked for at most, mentions a second; higher rates are cut to it.
pub const MAX_RATE: f32 = 20_000.0;

/// Shares of positive, neutral and negative for each of [`TOPICS`], in tenths of all.
const MOODS: [[u32; 3]; TOPICS.len()] = [[5, 3, 2], [4, 2, 4], [6, 2, 2], [3, 2, 5], [3, 4, 3]];

/// A simulation that is played.
#[derive(Debug)]
struct Simulation {
    source: Arc<str>,
    table: DemoTable,
    demo: Demo,
}

impl Player for Simulation {
    fn until(&mut self, now: Time) -> Vec<Mention> {
        self.demo.until(now)
    }

    fn position(&self) -> Time {
        self.demo.position()
    }

    fn describe(&self, now: Time, state: &mut FeedState) {
        state.heard = Some(now);
        state.nature = Nature::Simulated;
        state.health = Health::Live;
    }

    /// Fills the gap as far as the history goes.
    fn leap(&mut self, from: Time, to: Time) -> bool {
        self.demo = Demo::new(&self.source, &self.table, to - self.table.history.0.min(to.since(from)));
        true
    }
}

/// The simulation, somewhere in its course.
#[derive(Debug)]
pub struct Demo {
    source: Arc<str>,
    phrases: Vec<Phrases>,
    world: World,
    rhythm: Rhythm,
    care: Care,
    from: Time,
    second: Second,
    text: String,
}

/// The mentions of one second: when they come, and the dice that decide what they are.
#[derive(Debug)]
struct Second {
    at: i64,
    dice: Pcg64Mcg,
    /// Microseconds into the second, rising.
    offsets: Vec<u32>,
    next: usize,
    /// Which of them is a question to the brand, or its answer.
    care: Option<(usize, care::Said)>,
}

impl Demo {
    /// The stream from `start` on, under the feed's name `source`. History is had by an earlier
    /// start.
    pub fn new(source: &Arc<str>, spec: &DemoTable, start: Time) -> Self {
        let phrases = phrases::all();
        let world = World::new(spec.seed, &phrases);
        let rate = if spec.rate_per_s.is_finite() { spec.rate_per_s.clamp(0.0, MAX_RATE) } else { 0.0 };
        let mut rhythm = Rhythm::new(spec.seed, f64::from(rate), spec.rhythm);
        let care = Care::new(spec.seed, rate, spec.care.as_deref());
        let second = Second::new(spec.seed, start.as_secs(), rhythm.at(start.as_secs(), &world), &care);
        let text = String::new();
        Self { source: source.clone(), phrases, world, rhythm, care, from: start, second, text }
    }

    /// The mentions that came up to and at `now` and were not yet handed over, oldest first: at
    /// most [`MAX_BATCH`], so fewer means that there are no more.
    pub fn until(&mut self, now: Time) -> Vec<Mention> {
        let mut said = Vec::new();
        while said.len() < MAX_BATCH {
            let Some(at) = self.next_due(now) else { break };
            let mention = self.mention(at);
            if at >= self.from {
                said.push(mention);
            }
            self.second.next += 1;
        }
        said
    }

    /// How far the stream has been handed over.
    pub fn position(&self) -> Time {
        let into = self.second.offsets.get(self.second.next).copied().unwrap_or(1_000_000);
        Time(Time::from_secs(self.second.at).0.saturating_add(i64::from(into) * 1_000)).max(self.from)
    }

    /// When the next mention comes, unless that is after `now`.
    fn next_due(&mut self, now: Time) -> Option<Time> {
        loop {
            let start = Time::from_secs(self.second.at);
            if let Some(&offset) = self.second.offsets.get(self.second.next) {
                let at = Time(start.0.saturating_add(i64::from(offset) * 1_000));
                return (at <= now).then_some(at);
            }
            if self.second.at >= now.as_secs() {
                return None;
            }
            let tide = self.rhythm.at(self.second.at + 1, &self.world);
            self.second.advance(tide, &self.care);
        }
    }

    /// What is said at `at`, by the dice of the running second.
    fn mention(&mut self, at: Time) -> Mention {
        if let Some((index, said)) = self.second.care
            && index == self.second.next
        {
            return self.care.mention(said, at, &self.source, &self.world, &self.phrases);
        }
        let dice = &mut self.second.dice;
        let tide = self.rhythm.tide();
        let burst = tide.burst.filter(|_| dice.random::<f64>() * tide.rate() < tide.burst_rate);
        let city = burst.map_or_else(|| tide.city(dice), |b| b.city);
        let topic = burst.map_or_else(|| tide.topic(dice), |b| b.topic);
        let mood = burst.map_or_else(|| Mood::pick(MOODS[topic], dice), |b| Mood::of_burst(b.topic));
        let person = self.world.person(city, dice);
        self.text.clear();
        self.phrases[person.lang].compose(&mut self.text, dice, topic, mood, burst.is_some());
        let mut extra = extra_dice(tide.seed, self.second.at, self.second.next);
        let passed_on = extras::passed_on(&mut extra, topic);
        let lang = if passed_on.is_some() { 0 } else { person.lang };
        extras::link(&mut self.text, &mut extra, topic);
        let text = passed_on.map_or_else(|| Arc::from(self.text.as_str()), Arc::from);
        self.text.clear();
        // Writing to a string cannot fail.
        let _ = write!(self.text, "{:x}-{:x}", self.second.at, self.second.next);
        let mut mention = Mention::new(&self.source, &self.text, at, at);
        mention.network = person.network;
        mention.kind = kind(person.network, dice);
        mention.text = Some(text);
        mention.author = Some(person.author.clone());
        mention.lang = Some(self.phrases[lang].lang.clone());
        let city = &self.world.cities[city];
        mention.geo = (person.tells == Tells::Point).then(|| city.geo.clone());
        mention.country = city.country.filter(|_| matches!(person.tells, Tells::Point | Tells::Country));
        mention.sentiment = sentiment(mood, dice);
        mention.reach = person.author.followers.map(|value| Reach { value, kind: ReachKind::Followers });
        mention
    }
}

impl Second {
    fn new(seed: u64, at: i64, tide: &Tide, care: &Care) -> Self {
        let mut second = Self { at, dice: dice(seed, STREAM, 0), offsets: Vec::new(), next: 0, care: None };
        second.begin(tide, care);
        second
    }

    fn advance(&mut self, tide: &Tide, care: &Care) {
        self.at += 1;
        self.begin(tide, care);
    }

    fn begin(&mut self, tide: &Tide, care: &Care) {
        self.dice = dice(tide.seed, STREAM, self.at);
        let count = rhythm::poisson(tide.rate(), &mut self.dice);
        self.offsets.clear();
        self.offsets.extend((0..count).map(|_| pick(&mut self.dice, 1_000_000) as u32));
        self.offsets.sort_unstable();
        self.next = 0;
        self.care = care.at(self.at).map(|said| {
            let index = self.offsets.partition_point(|offset| *offset <= care::OFFSET);
            self.offsets.insert(index, care::OFFSET);
            (index, said)
        });
    }
}

/// About half of all mentions come with a sentiment, as from a source that gives it.
fn sentiment(mood: Mood, dice: &mut Pcg64Mcg) -> Option<Sentiment> {
    let (given, spread) = (dice.random::<bool>(), dice.random::<f32>());
    let score = match mood {
        Mood::Positive => 0.3 + 0.65 * spread,
        Mood::Neutral => 0.1 * spread - 0.05,
        Mood::Negative => -0.3 - 0.65 * spread,
    };
    given.then_some(Sentiment { score, origin: Origin::Source })
}

fn kind(network: Network, dice: &mut Pcg64Mcg) -> Kind {
    match (network, pick(dice, 20)) {
        (Network::Reddit | Network::Video, 0..14) => Kind::Comment,
        (Network::Blog, _) => Kind::Article,
        (_, 0..3) => Kind::Reply,
        (_, 3) => Kind::Quote,
        (_, 4) => Kind::Review,
        _ => Kind::Post,
    }
}

#[cfg(test)]
mod tests;
