//! What words people use: set like a page, the most used in the middle.

mod cloud;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use super::marks::{self, Anchor, Marks, Mood, put};
use crate::color::Rgba;
use crate::geometry::Point;
use crate::layout::legibility::{CAP_HEIGHT, Step};
use crate::layout::wall::Wall;
use crate::layout::widget::{Terms, WordsSpec};
use crate::pulse::snapshot::Term;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget};
use crate::text::{Cut, Setting};
use cloud::{Cloud, Word};

/// From this mean score on a word is praise, from its negative on blame.
const MOOD_FROM: f32 = 0.3;
/// How far a tint goes.
const TINT: f32 = 0.4;

pub struct Words {
    spec: WordsSpec,
    /// The terms that it was made of and the key that it was made for.
    made: Option<(Arc<[Term]>, u64, Cloud)>,
    marks: Marks,
}

impl Words {
    pub fn new(spec: &WordsSpec, _wall: &Wall) -> Self {
        Self { spec: spec.clone(), made: None, marks: Marks::default() }
    }

    fn wanted(&self, term: &Term) -> bool {
        match self.spec.of {
            Terms::All => true,
            Terms::Words => !term.hashtag,
            Terms::Hashtags => term.hashtag,
        }
    }

    /// The words, most used first, each with the step of its size.
    fn words(&self, cx: &mut Cx<'_>) -> Vec<Word> {
        let terms = cx.snapshot.stream(cx.topic).terms.clone();
        let wanted = terms.iter().filter(|t| self.wanted(t) && t.count > 0);
        let chosen: Vec<&Term> = wanted.take(usize::from(self.spec.count.clamp(1, 80))).collect();
        let most = chosen.iter().map(|t| t.count).max().unwrap_or(1);
        let word = |t: &&Term| {
            let class = cloud::class(t.count, most);
            // At the smallest step a sign is too small to be told apart.
            let mood = mood(t.mood).filter(|_| class > 0);
            Word::measure(cx.setter, &t.text, class, t.hashtag, mood)
        };
        chosen.iter().map(word).collect()
    }

    fn cloud(&mut self, cx: &mut Cx<'_>) -> &Cloud {
        let terms = &cx.snapshot.stream(cx.topic).terms;
        let ground = marks::sum(marks::seed(cx));
        let fresh = self.made.as_ref().is_some_and(|(t, g, _)| Arc::ptr_eq(t, terms) && *g == ground);
        if !fresh {
            let terms = terms.clone();
            let words = self.words(cx);
            let cloud = Cloud::place(words, marks::home(cx), cx.scale);
            self.made = Some((terms, ground, cloud));
        }
        &self.made.as_ref().expect("made above when it was not there").2
    }
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
        let what = if self.spec.of == Terms::Hashtags { "Hashtags" } else { "Words" };
        topic.map_or_else(|| format!("{what}, last hour"), |t| format!("{what}, {}", t.label))
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        self.cloud(cx).hash(&mut state);
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
            let caps = cx.scale.size(Step::Body) * CAP_HEIGHT;
            let shaped = marks::line(cx, "no words yet", Step::Body, Cut::Regular);
            if shaped.size.w <= home.w && shaped.size.h <= home.h {
                put(list, shaped, Anchor::Left, Point::new(home.x, home.y + caps * 1.2), cx.theme.quiet);
            }
        }
    }
}

#[cfg(test)]
mod tests;
