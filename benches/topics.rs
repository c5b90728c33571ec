//! What it costs on one core to take a mention's text apart and to find its topics, with 10, 100 and
//! 1,000 topics of ten words or so each.
//!
//! `cargo bench --bench topics`: µs for a mention of about 100 bytes, all plain English and with one
//! text in five in other scripts; and how many of the topics it matches.

use std::hint::black_box;
use std::time::{Duration, Instant};

use fishbowl::mention::{Lang, Network, reading};
use fishbowl::query::tokens::Tokens;
use fishbowl::query::{Matcher, Query, Scratch, Subject};

/// Different texts; enough that the branches cannot be learnt.
const TEXTS: usize = 20_000;
/// Each few texts count with the best of so many rounds, so that another process's work does not.
const ROUNDS: usize = 15;
const FEW: usize = 250;
const BYTES: usize = 100;

const COMMON: [&str; 40] = [
    "the", "new", "phone", "is", "battery", "camera", "honestly", "shop", "queue", "today", "never", "again",
    "love", "screen", "price", "with", "update", "broke", "and", "everyone", "waiting", "for", "support",
    "help", "delivery", "really", "this", "was", "not", "what", "they", "said", "about", "service", "my",
    "it", "so", "a", "to", "of",
];
const OTHERS: [&str; 10] = [
    "新製品の電池がすごい",
    "größer",
    "déjà",
    "спасибо",
    "🔋",
    "ありがとう",
    "señal",
    "배터리가",
    "البطارية",
    "แบตเตอรี่",
];
const SYLLABLES: [&str; 24] = [
    "au", "ro", "ra", "del", "ta", "vi", "no", "ki", "sol", "mer", "zan", "te", "lo", "pi", "quo", "bex",
    "hal", "um", "ery", "cro", "stu", "dri", "fen", "wy",
];

/// A small generator of numbers that is the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    /// A name of three or four syllables, one of some 350,000.
    fn name(&mut self) -> String {
        (0..3 + self.below(2)).map(|_| self.of(&SYLLABLES)).collect()
    }
}

/// A topic as analysts write it: a brand in several spellings, what it is about, what it is not.
fn topic(dice: &mut Dice, brands: &mut Vec<String>) -> Query {
    let brand = dice.name();
    let (product, rival, about) = (dice.name(), dice.name(), dice.of(&COMMON));
    let text = match dice.below(6) {
        0 => format!("{brand} OR #{brand} OR @{brand} OR \"{brand} {product}\" NOT {rival}"),
        1 => format!("({brand} OR {product}* OR #{product}) ({about} OR help OR broke OR price) -is:repost"),
        2 => format!("\"{brand} {about}\" OR \"{about} {brand}\" OR {brand}{product}"),
        3 => format!("({brand} OR {product}) NEAR/5 ({about} OR support OR broke) lang:en"),
        4 => format!("{brand} followers>10000 (lang:en OR lang:ja) -from:@{brand}"),
        _ => format!("{brand} OR {product} OR {brand}電池 OR #{rival}の{brand} OR from:@{brand}"),
    };
    brands.push(brand);
    Query::parse(&text).unwrap_or_else(|(at, what)| panic!("{text}: {at}: {what}"))
}

fn texts(dice: &mut Dice, brands: &[String], is_mixed: bool) -> Vec<String> {
    let mut texts = Vec::new();
    for at in 0..TEXTS {
        let mut text = String::new();
        while text.len() < BYTES {
            let word = match dice.below(12) {
                0 => brands[dice.below(brands.len())].clone(),
                1 => format!("#{}", dice.name()),
                2 => dice.name() + ",",
                3 if is_mixed && at % 5 == 0 => dice.of(&OTHERS).into(),
                _ => dice.of(&COMMON).into(),
            };
            text += &word;
            text.push(' ');
        }
        texts.push(text);
    }
    texts
}

/// µs that one text costs.
fn best(texts: &[String], mut run: impl FnMut(&[String])) -> f64 {
    let mut few = vec![Duration::MAX; texts.len().div_ceil(FEW)];
    for _ in 0..ROUNDS {
        for (texts, best) in texts.chunks(FEW).zip(&mut few) {
            let start = Instant::now();
            run(texts);
            *best = start.elapsed().min(*best);
        }
    }
    few.iter().sum::<Duration>().as_secs_f64() * 1e6 / texts.len() as f64
}

fn main() {
    println!("{:<20} {:>8} {:>12} {:>14} {:>10}", "", "topics", "tokens µs", "with topics µs", "matches");
    for (name, is_mixed) in [("English", false), ("one in five other", true)] {
        for topics in [10, 100, 1_000] {
            let (mut dice, mut brands) = (Dice(7), Vec::new());
            let queries: Vec<Query> = (0..topics).map(|_| topic(&mut dice, &mut brands)).collect();
            measure(name, &queries, &texts(&mut dice, &brands, is_mixed));
        }
    }
}

fn measure(name: &str, queries: &[Query], texts: &[String]) {
    let matcher = Matcher::new(queries);
    let (mut tokens, mut scratch, mut found) = (Tokens::default(), Scratch::default(), Vec::new());
    let apart =
        best(texts, |texts| texts.iter().for_each(|text| tokens.read(&reading(black_box(text)), false)));
    let mut matches = 0;
    let whole = best(texts, |texts| {
        for (text, at) in texts.iter().zip(0..) {
            let text = reading(text);
            let mention = Subject {
                handle: Some("somebody.example"),
                id: Some("did:plc:0123456789abcdef"),
                source: "public",
                network: Network::Bluesky,
                lang: Some(Lang::EN),
                followers: Some(at * 80),
                ..Subject::of(&text)
            };
            matcher.find(&mention, &mut tokens, &mut scratch, &mut found);
            matches += found.len();
        }
    });
    let matches = matches as f64 / (ROUNDS * texts.len()) as f64;
    println!("{name:<20} {:>8} {apart:>12.2} {whole:>14.2} {matches:>10.2}", queries.len());
}
