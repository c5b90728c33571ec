//! The invented people of the simulation and the real cities they live in.

use std::sync::Arc;

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use super::dice::{PEOPLE, dice, pick, pick_by, sums};
use super::phrases::Phrases;
use crate::mention::{Author, Country, Geo, Network};

/// About how many people there are; every city has at least [`FEWEST`].
const POPULATION: f64 = 6_000.0;
const FEWEST: usize = 12;

/// Shares of people whose mentions tell where they are, tell only the country, and tell nothing
/// while their profile does; the rest says nothing.
const LOCATED: f64 = 0.6;
const COUNTRY: f64 = 0.12;
const PROFILE: f64 = 0.15;

/// Most followers anyone has.
const MOST_FOLLOWERS: f64 = 5e6;

const ADJECTIVES: [&str; 32] = [
    "amber", "brisk", "calm", "cobalt", "copper", "cosmic", "cozy", "dapper", "drowsy", "fuzzy", "gentle",
    "humble", "jolly", "lunar", "mellow", "minty", "misty", "mossy", "nimble", "paper", "pixel", "plucky",
    "quiet", "rusty", "salty", "snowy", "solar", "spicy", "sunny", "tidal", "velvet", "witty",
];
const ANIMALS: [&str; 32] = [
    "alpaca", "badger", "beetle", "bison", "capybara", "cicada", "corgi", "crane", "dingo", "dolphin",
    "ferret", "finch", "gecko", "heron", "ibis", "jackal", "koala", "lemur", "lynx", "marmot", "moth",
    "newt", "octopus", "otter", "panda", "puffin", "quokka", "raven", "stoat", "tapir", "walrus", "yak",
];
const NETWORKS: [(Network, f64); 7] = [
    (Network::X, 34.0),
    (Network::Bluesky, 22.0),
    (Network::Mastodon, 14.0),
    (Network::Reddit, 14.0),
    (Network::Video, 8.0),
    (Network::Forum, 5.0),
    (Network::Blog, 3.0),
];

/// Everybody and everywhere.
#[derive(Debug)]
pub(super) struct World {
    pub cities: Vec<City>,
    people: Vec<Person>,
}

/// A city, with whom of the people live there.
#[derive(Debug)]
pub(super) struct City {
    pub geo: Geo,
    pub country: Option<Country>,
    /// Its part in the talk of a day; grows more slowly than its population.
    pub weight: f64,
    languages: Vec<(usize, f64)>,
    first: usize,
    count: usize,
}

#[derive(Debug)]
pub(super) struct Person {
    pub author: Author,
    /// Index into the phrases.
    pub lang: usize,
    pub network: Network,
    pub tells: Tells,
}

/// What somebody tells of where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tells {
    Point,
    Country,
    Profile,
    Nothing,
}

impl World {
    /// The same people for the same seed.
    pub fn new(seed: u64, phrases: &[Phrases]) -> Self {
        let mut cities: Vec<City> = include_str!("../../../../assets/demo/cities.txt")
            .lines()
            .filter_map(|line| City::parse(line, phrases))
            .collect();
        let whole: f64 = cities.iter().map(|c| c.weight).sum();
        let mut dice = dice(seed, PEOPLE, 0);
        let mut people = Vec::new();
        for city in &mut cities {
            city.first = people.len();
            city.count = ((POPULATION * city.weight / whole) as usize).max(FEWEST);
            people.extend((0..city.count).map(|i| Person::invent(city.first + i, city, phrases, &mut dice)));
        }
        Self { cities, people }
    }

    /// Somebody who lives in the city; a few speak most of the time.
    pub fn person(&self, city: usize, dice: &mut Pcg64Mcg) -> &Person {
        let city = &self.cities[city];
        let eager = dice.random::<f64>().powi(2);
        &self.people[city.first + ((eager * city.count as f64) as usize).min(city.count - 1)]
    }
}

impl City {
    /// One line of `cities.txt`; `None` for a comment.
    fn parse(line: &str, phrases: &[Phrases]) -> Option<Self> {
        let mut fields = line.split('\t');
        let (name, country) = (fields.next()?, fields.next()?);
        let (lat, lon) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        let millions: f64 = fields.next()?.parse().ok()?;
        let mut geo = Geo::new(lat, lon)?;
        geo.name = Some(name.into());
        let languages: Vec<_> = fields.next()?.split(',').filter_map(|l| language(l, phrases)).collect();
        (!languages.is_empty()).then_some(Self {
            geo,
            country: Country::new(country),
            weight: millions.powf(0.75),
            languages,
            first: 0,
            count: 0,
        })
    }

    /// The city as somebody may write it into a profile.
    fn profile(&self, number: usize) -> Option<Arc<str>> {
        let (city, country) = (self.geo.name.as_deref()?, self.country?);
        Some(match number % 3 {
            0 => city.into(),
            1 => format!("{city}, {country}").into(),
            _ => format!("\u{1f4cd} {city}").into(),
        })
    }
}

impl Tells {
    /// By a number of 0 to 1.
    fn of(luck: f64) -> Self {
        match luck {
            luck if luck < LOCATED => Self::Point,
            luck if luck < LOCATED + COUNTRY => Self::Country,
            luck if luck < LOCATED + COUNTRY + PROFILE => Self::Profile,
            _ => Self::Nothing,
        }
    }
}

/// `nl:4` as an index and a share.
fn language(share: &str, phrases: &[Phrases]) -> Option<(usize, f64)> {
    let (lang, share) = share.split_once(':')?;
    Some((phrases.iter().position(|p| *p.lang == *lang)?, share.parse().ok()?))
}

impl Person {
    fn invent(number: usize, city: &City, phrases: &[Phrases], dice: &mut Pcg64Mcg) -> Self {
        let shares = sums(city.languages.iter().map(|l| l.1));
        let lang = city.languages[pick_by(dice, &shares)].0;
        let network = NETWORKS[pick_by(dice, &sums(NETWORKS.iter().map(|n| n.1)))].0;
        let handle = handle(number, dice);
        let mut author = Author {
            id: handle.clone(),
            handle: Some(handle),
            name: phrases[lang].name(dice, city.geo.name.as_deref().unwrap_or_default()),
            followers: Some(followers(dice)),
            place: None,
        };
        let tells = Tells::of(dice.random());
        if tells == Tells::Profile {
            author.place = city.profile(number);
        }
        Self { author, lang, network, tells }
    }
}

/// Two words and the person's number, so that nobody has another's handle.
fn handle(number: usize, dice: &mut Pcg64Mcg) -> Arc<str> {
    let (first, second) = (pick(dice, ADJECTIVES.len()), pick(dice, ANIMALS.len()));
    format!("{}_{}_{number}", ADJECTIVES[first], ANIMALS[second]).into()
}

/// A Pareto distribution: half have fewer than fifty, one in a few thousand a million.
fn followers(dice: &mut Pcg64Mcg) -> u64 {
    let rest = 1.0 - dice.random::<f64>();
    (20.0 * rest.powf(-1.25)).min(MOST_FOLLOWERS) as u64
}
