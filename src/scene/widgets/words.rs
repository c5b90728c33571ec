//! What words people use: set like a page, the most used in the middle.

mod cloud;

use super::ranks;
use crate::layout::check::TileCheck;
use crate::layout::kind::{Need, Quotes, Room, TileKind, of_topic};
use crate::layout::ranks::{Past, Rank, Terms};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::marks::{self, Anchor, Marks, Mood, put};
use super::phrases;
use super::privacy;
use super::span::Silence;
use crate::color::Rgba;
use crate::geometry::Point;
use crate::layout::legibility::CAP_HEIGHT;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::{Rising, Stream, Term, TermKind};
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};
use crate::text::Setting;
use cloud::{Cloud, Word};

/// From this mean score on a word is praise, from its negative on blame.
const MOOD_FROM: f32 = 0.3;
/// How far a tint goes.
const TINT: f32 = 0.4;

type Made = (Arc<[Term]>, Arc<[Rising]>, u64, Cloud);

/// The words that people use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WordsTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// Maximum number of words, 1 to 80.
    #[schemars(range(min = 1, max = 80))]
    pub count: u8,
    /// `all`, `words`, `hashtags`, `emoji` or `links`.
    pub of: Terms,
    /// `most` used, or `rising`: used more than expected from its own past.
    pub rank: Rank,
    /// `1h` or `24h`; `rising` has a time window of its own.
    pub window: Option<Past>,
    /// Whether to show the words that topics search for, too.
    pub query_words: bool,
}

impl Default for WordsTable {
    fn default() -> Self {
        Self { topic: None, count: 40, of: Terms::All, rank: Rank::Most, window: None, query_words: false }
    }
}

impl TileKind for WordsTable {
    of_topic!();

    fn quotes(&self) -> Quotes {
        Quotes::Terms
    }

    fn needs(&self) -> Vec<Need> {
        let terms = Need::Terms { of: self.of, rank: self.rank, past: self.window };
        if self.rank == Rank::Rising { vec![terms, Need::Latest] } else { vec![terms] }
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (180.0, 110.0)
    }

    fn words_to_read(&self) -> usize {
        usize::from(self.count.min(10))
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        ranks::own_time(self.rank, self.window, tile);
    }
}

impl WidgetTable for WordsTable {
    const KIND: &'static str = "words";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Words::new(self, wall))
    }
}

pub struct Words {
    spec: WordsTable,
    /// The lists that it was made of and the key that it was made for.
    made: Option<Made>,
    marks: Marks,
    /// Words that topics search for, in small letters.
    own: Vec<String>,
}

impl Words {
    pub fn new(spec: &WordsTable, wall: &Wall) -> Self {
        let own = if spec.query_words { Vec::new() } else { own_words(wall) };
        Self { spec: spec.clone(), made: None, marks: Marks::default(), own }
    }

    fn is_own(&self, text: &str) -> bool {
        let bare = text.trim_start_matches(['#', '＃']).to_lowercase();
        self.own.contains(&bare)
    }

    fn past(&self) -> Past {
        self.spec.window.unwrap_or_default()
    }

    /// The journal has not told all of it yet.
    fn is_untold(&self, cx: &Cx<'_>) -> bool {
        matches!(Silence::of(cx, self.past().window()), Some(Silence::Untold(_)))
    }

    fn is_wanted(&self, kind: TermKind) -> bool {
        match self.spec.of {
            Terms::All => matches!(kind, TermKind::Word | TermKind::Hashtag),
            Terms::Words => kind == TermKind::Word,
            Terms::Hashtags => kind == TermKind::Hashtag,
            Terms::Emoji => kind == TermKind::Emoji,
            Terms::Links => kind == TermKind::Link,
        }
    }

    /// The words, most used or most lifted first, each with the step of its size.
    fn words(&self, cx: &mut Cx<'_>) -> Vec<Word> {
        let chosen = if self.is_untold(cx) { Vec::new() } else { self.chosen(cx.snapshot.stream(cx.topic)) };
        let most = chosen.iter().map(|t| t.count).max().unwrap_or(1);
        let hides = cx.wall.hides_people();
        let word = |t: &Term| {
            let class = cloud::class(t.count, most);
            // At the smallest step a sign is too small to be told apart.
            let mood = mood(t.mood).filter(|_| class > 0);
            let text = privacy::term(t.kind, &t.text, hides);
            Word::measure(cx.setter, &text, class, t.kind == TermKind::Hashtag, mood)
        };
        chosen.iter().map(word).collect()
    }

    /// The terms that it shows; of those that rise the lift, in hundredths, is the count.
    fn chosen(&self, stream: &Stream) -> Vec<Term> {
        let ranked = &stream.ranked;
        let most = usize::from(self.spec.count.clamp(1, 80));
        let lifted = |r: &Rising| Term {
            text: r.text.clone(),
            count: (r.lift * 100.0) as u32,
            kind: r.kind,
            mood: None,
            by_hour: [].into(),
        };
        match self.spec.rank {
            Rank::Most => {
                let terms = &ranked.over(self.spec.window.unwrap_or_default()).terms;
                let wanted =
                    terms.iter().filter(|t| self.is_wanted(t.kind) && t.count > 0 && !self.is_own(&t.text));
                wanted.take(most).cloned().collect()
            }
            Rank::Rising => {
                let wanted = ranked.rising.iter().filter(|r| self.is_wanted(r.kind)).cloned().collect();
                phrases::folded(wanted, &stream.latest).iter().take(most).map(lifted).collect()
            }
        }
    }

    /// Why it is empty.
    fn nothing(&self, cx: &Cx<'_>) -> Vec<String> {
        if let Some(silence) = Silence::now(cx) {
            return silence.words(cx);
        }
        let plain = match (self.spec.rank, cx.snapshot.stream(cx.topic).ranked.has_past, self.spec.of) {
            (Rank::Rising, false, _) => "needs an hour of history",
            (Rank::Rising, true, _) => "nothing is rising",
            (_, _, Terms::Emoji) => "no emoji yet",
            (_, _, Terms::Links) => "no links yet",
            (_, _, Terms::Hashtags) => "no hashtags yet",
            _ => "no words yet",
        };
        vec![plain.into()]
    }

    fn cloud(&mut self, cx: &mut Cx<'_>) -> &Cloud {
        let ranked = &cx.snapshot.stream(cx.topic).ranked;
        let (terms, rising) = (&ranked.over(self.spec.window.unwrap_or_default()).terms, &ranked.rising);
        let mut ground = marks::seed(cx);
        self.is_untold(cx).hash(&mut ground);
        let ground = marks::sum(ground);
        let is_fresh = |(t, r, g, _): &(Arc<_>, Arc<_>, u64, Cloud)| {
            Arc::ptr_eq(t, terms) && Arc::ptr_eq(r, rising) && *g == ground
        };
        if !self.made.as_ref().is_some_and(is_fresh) {
            let (terms, rising) = (terms.clone(), rising.clone());
            let words = self.words(cx);
            let cloud = Cloud::place(words, marks::home(cx), cx.scale);
            self.made = Some((terms, rising, ground, cloud));
        }
        &self.made.as_ref().expect("made above when it was not there").3
    }
}

/// The words of all topics' queries, in small letters: a wall that searches for them finds them most.
fn own_words(wall: &Wall) -> Vec<String> {
    let split = |c: char| c.is_whitespace() || matches!(c, '"' | '(' | ')' | ',');
    let words = wall.topics.iter().flat_map(|topic| topic.query.split(split));
    let words = words.filter(|word| !matches!(*word, "" | "OR" | "AND" | "NOT") && !word.contains(':'));
    let bare =
        words.map(|word| word.trim_start_matches(['#', '＃', '-', '+']).trim_end_matches('*').to_lowercase());
    bare.collect()
}

/// Hashtags and large words in the strongest ink, the others softer, tinted by how they are meant.
fn color(cx: &Cx<'_>, word: &Word) -> Rgba {
    let base = if word.hashtag || word.class >= 3 { cx.theme.ink } else { cx.theme.soft };
    word.mood.map_or(base, |mood| base.mix(mood.color(cx.theme), TINT))
}

fn mood(score: Option<f32>) -> Option<Mood> {
    match score? {
        s if s >= MOOD_FROM => Some(Mood::Positive),
        s if s <= -MOOD_FROM => Some(Mood::Negative),
        _ => None,
    }
}

impl Widget for Words {
    fn heading(&self, wall: &Wall) -> String {
        let topic = self.spec.topic.as_ref().and_then(|name| wall.topics.iter().find(|t| t.name == *name));
        let what = match self.spec.of {
            Terms::All | Terms::Words => "Words",
            Terms::Hashtags => "Hashtags",
            Terms::Emoji => "Emoji",
            Terms::Links => "Links",
        };
        let past = self.spec.window.unwrap_or_default();
        match (topic, self.spec.rank) {
            (None, Rank::Rising) => format!("Rising {}", what.to_lowercase()),
            (Some(topic), Rank::Rising) => format!("Rising {}, {}", what.to_lowercase(), topic.label),
            (Some(topic), Rank::Most) if past == Past::Hour => format!("{what}, {}", topic.label),
            (Some(topic), Rank::Most) => format!("{what}, {}, {}", topic.label, past.words()),
            (None, Rank::Most) => format!("{what}, {}", past.words()),
        }
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let nothing = self.nothing(cx);
        let cloud = self.cloud(cx);
        (cloud.placed.is_empty().then_some(nothing), cloud).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let home = marks::home(cx);
        let placed = self.cloud(cx).placed.clone();
        for p in &placed {
            let setting = Setting::line(p.word.text.clone(), p.size).cut(p.word.cut());
            let shaped = cx.setter.set(setting);
            if let Some(mood) = p.word.mood {
                let size = p.size * 0.36;
                self.marks.resize(size);
                let x = p.at.x + shaped.size.w + p.size * cloud::SIGN - size / 2.0;
                let center = Point::new(x, p.at.y - p.size * CAP_HEIGHT * 0.38);
                self.marks.draw(list, mood, center, mood.color(cx.theme));
            }
            put(list, shaped, Anchor::Left, p.at, color(cx, &p.word));
        }
        if placed.is_empty() {
            marks::nothing(cx, list, &self.nothing(cx), home);
        }
    }
}

#[cfg(test)]
mod tests;
