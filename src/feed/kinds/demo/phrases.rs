//! What the invented people say: parts of sentences in twelve languages, put together by dice.

use std::sync::Arc;

use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use super::dice::pick;
use super::topics::{DemoTopic, TOPICS};

/// The languages, as files of `assets/demo`.
const FILES: [(&str, &str); 12] = [
    ("en", include_str!("../../../../assets/demo/en.txt")),
    ("es", include_str!("../../../../assets/demo/es.txt")),
    ("pt", include_str!("../../../../assets/demo/pt.txt")),
    ("fr", include_str!("../../../../assets/demo/fr.txt")),
    ("de", include_str!("../../../../assets/demo/de.txt")),
    ("it", include_str!("../../../../assets/demo/it.txt")),
    ("nl", include_str!("../../../../assets/demo/nl.txt")),
    ("tr", include_str!("../../../../assets/demo/tr.txt")),
    ("ru", include_str!("../../../../assets/demo/ru.txt")),
    ("ja", include_str!("../../../../assets/demo/ja.txt")),
    ("ar", include_str!("../../../../assets/demo/ar.txt")),
    ("ko", include_str!("../../../../assets/demo/ko.txt")),
];

/// Hashtags of the bursts, one story for each topic.
const STORIES: [&str; TOPICS.len()] =
    ["#AuroraLive", "#BatteryDrain", "#NightShot", "#StoreQueue", "#BorealisLeak"];

const EMOJI: [&[&str]; 3] = [
    &["😍", "🔥", "✨", "🙌", "💙", "👏", "😊", "🤩", "🎉", "👍🏽"],
    &["🤔", "📱", "👀", "🙂", "🧐", "☕️"],
    &["😤", "🙄", "💔", "😡", "👎", "😩", "🤦‍♀️", "😭"],
];
/// What people put behind their names.
const SIGNS: [&str; 12] = ["🌙", "🌻", "🦊", "🐢", "🍉", "🎧", "📚", "🚲", "🧶", "🌊", "🍜", "🪴"];
const OBJECTS: [&str; TOPICS.len()] = ["📱", "🔋", "📷", "🛠️", "🧭"];

/// How something is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    Positive,
    Neutral,
    Negative,
}

impl Mood {
    /// By shares of positive, neutral and negative.
    pub fn pick(shares: [u32; 3], dice: &mut Pcg64Mcg) -> Self {
        let at = pick(dice, shares.iter().sum::<u32>() as usize) as u32;
        match at {
            _ if at < shares[0] => Self::Positive,
            _ if at < shares[0] + shares[1] => Self::Neutral,
            _ => Self::Negative,
        }
    }

    /// How a topic's story is taken.
    pub fn of_burst(topic: usize) -> Self {
        [Self::Positive, Self::Negative, Self::Positive, Self::Negative, Self::Neutral][topic]
    }
}

/// The parts of one language.
#[derive(Debug)]
pub(super) struct Phrases {
    pub lang: Arc<str>,
    open: Vec<&'static str>,
    tail: [Vec<&'static str>; 3],
    names: Vec<&'static str>,
    /// By topic and mood.
    says: [[Vec<Say>; 3]; TOPICS.len()],
    /// By topic.
    bursts: [Vec<Say>; TOPICS.len()],
}

/// A statement, and whether it names its topic by itself.
#[derive(Clone, Copy, Debug)]
struct Say {
    text: &'static str,
    marked: bool,
}

/// All languages, in the order of their files.
pub(super) fn all() -> Vec<Phrases> {
    FILES.iter().map(|(lang, file)| Phrases::parse(lang, file)).collect()
}

impl Phrases {
    /// Reads a file of sections; lines of an unknown section are passed over.
    fn parse(lang: &str, file: &'static str) -> Self {
        let mut phrases = Self {
            lang: lang.into(),
            open: Vec::new(),
            tail: Default::default(),
            names: Vec::new(),
            says: Default::default(),
            bursts: Default::default(),
        };
        let mut section = "";
        for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                Some(name) => section = name,
                None => phrases.add(section, line),
            }
        }
        phrases
    }

    fn add(&mut self, section: &str, line: &'static str) {
        let (first, second) = section.split_once(' ').unwrap_or((section, ""));
        let mood = "+=-".find(second).filter(|_| second.len() == 1);
        let topic = |key: &str| TOPICS.iter().position(|topic| topic.key == key);
        match (first, mood) {
            ("open", _) => self.open.push(line),
            ("name", _) => self.names.push(line),
            ("tail", Some(mood)) => self.tail[mood].push(line),
            ("burst", _) => {
                if let Some(topic) = topic(second) {
                    self.bursts[topic].push(Say::new(line, &TOPICS[topic]));
                }
            }
            (key, Some(mood)) => {
                if let Some(topic) = topic(key) {
                    self.says[topic][mood].push(Say::new(line, &TOPICS[topic]));
                }
            }
            _ => {}
        }
    }

    /// The first part that the file should have and has not.
    #[cfg(test)]
    pub fn missing(&self) -> Option<String> {
        let tail = self.tail.iter().position(|t| t.len() < 3).map(|i| format!("tail {i}"));
        let says = TOPICS.iter().zip(&self.says).find(|(_, says)| says.iter().any(|s| s.len() < 2));
        let bursts = TOPICS.iter().zip(&self.bursts).find(|(_, bursts)| bursts.len() < 2);
        let few = (self.open.len() < 5 || self.names.len() < 8).then(|| "open or name".to_owned());
        few.or(tail).or(says.map(|s| s.0.key.to_owned())).or(bursts.map(|b| format!("burst {}", b.0.key)))
    }

    /// A name to show, as people in networks like to have them.
    pub fn name(&self, dice: &mut Pcg64Mcg, city: &str) -> Option<Arc<str>> {
        let name = self.names.get(pick(dice, self.names.len()))?;
        Some(match pick(dice, 8) {
            0..3 => format!("{name} {}", SIGNS[pick(dice, SIGNS.len())]).into(),
            3..5 => format!("{name} {}", pick(dice, 90) + 10).into(),
            5 => format!("{name} · {city}").into(),
            _ => (*name).into(),
        })
    }

    /// Appends a text of the topic, with one of the topic's markers in it.
    pub fn compose(&self, out: &mut String, dice: &mut Pcg64Mcg, topic: usize, mood: Mood, burst: bool) {
        let says = if burst { &self.bursts[topic] } else { &self.says[topic][mood as usize] };
        let Some(say) = says.get(pick(dice, says.len())) else {
            return out.push_str(TOPICS[topic].hashtag);
        };
        if dice.random_bool(0.35) {
            self.part(out, dice, &self.open);
        }
        push(out, say.text, dice);
        let tail = dice.random_bool(0.45);
        if tail && !say.text.ends_with('?') {
            out.push(if self.lang.as_ref() == "ja" { '。' } else { '.' });
        }
        if tail {
            self.part(out, dice, &self.tail[mood as usize]);
        }
        decorate(out, dice, topic, mood);
        hashtags(out, dice, topic, say.marked, burst);
    }

    fn part(&self, out: &mut String, dice: &mut Pcg64Mcg, parts: &[&str]) {
        if let Some(part) = parts.get(pick(dice, parts.len())) {
            push(out, part, dice);
        }
    }
}

impl Say {
    fn new(text: &'static str, topic: &DemoTopic) -> Self {
        Self { text, marked: is_marked(text, topic) }
    }
}

/// Whether the text holds a word or the hashtag of the topic, apart from other letters.
pub(super) fn is_marked(text: &str, topic: &DemoTopic) -> bool {
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '#');
    let stands = |marker: &str| {
        text.match_indices(marker).any(|(at, found)| {
            apart(text[..at].chars().next_back()) && apart(text[at + found.len()..].chars().next())
        })
    };
    stands(topic.hashtag) || topic.words.iter().any(|word| stands(word))
}

/// Appends a part after a space, with a digit 2 to 9 in place of each `{n}`.
fn push(out: &mut String, part: &str, dice: &mut Pcg64Mcg) {
    // Japanese sentences follow each other without a space.
    if !out.is_empty() && !out.ends_with(['。', '：', '、']) {
        out.push(' ');
    }
    let mut pieces = part.split("{n}");
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        out.push(char::from(b'2' + pick(dice, 8) as u8));
        out.push_str(piece);
    }
}

fn decorate(out: &mut String, dice: &mut Pcg64Mcg, topic: usize, mood: Mood) {
    let feelings = EMOJI[mood as usize];
    let emoji = match pick(dice, 20) {
        0..6 => feelings[pick(dice, feelings.len())],
        6 | 7 => OBJECTS[topic],
        _ => return,
    };
    out.push(' ');
    out.push_str(emoji);
}

fn hashtags(out: &mut String, dice: &mut Pcg64Mcg, topic: usize, marked: bool, burst: bool) {
    let mut tag = |tag: &str| {
        out.push(' ');
        out.push_str(tag);
    };
    if !marked || dice.random_bool(0.3) {
        tag(TOPICS[topic].hashtag);
    }
    if burst && dice.random_bool(0.6) {
        tag(STORIES[topic]);
    }
}
