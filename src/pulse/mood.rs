//! How a mention was meant: as its source says; else VADER's word, which knows English only; else
//! unknown.
//!
//! VADER was made for short posts, and `docs/accuracy.md` tells how much worse it reads the news:
//! an article longer than [`LONGEST_ARTICLE`] bytes stays unknown.

pub mod lexicon;
pub mod vader;

use crate::mention::{Kind, Lang, Mention, Origin, Sentiment};

/// Scores from here on are positive, and below its negative negative: the thresholds that VADER's
/// authors give for its compound score.
pub const THRESHOLD: f32 = 0.05;

/// Most of a text that is read, bytes.
const READ: usize = 1_024;
/// Longest article that the model judges, bytes: a headline and a sentence.
const LONGEST_ARTICLE: usize = 280;

/// Positive, neutral or negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Positive,
    Neutral,
    Negative,
}

impl Mood {
    pub fn of(score: f32) -> Self {
        match score {
            s if s >= THRESHOLD => Self::Positive,
            s if s <= -THRESHOLD => Self::Negative,
            _ => Self::Neutral,
        }
    }
}

/// The source's word if it is a number, else the model's for a mention in `lang`, else nothing.
pub fn judge(mention: &Mention, lang: Option<Lang>) -> Option<Sentiment> {
    if let Some(told) = mention.sentiment.filter(|s| s.score.is_finite()) {
        return Some(Sentiment { score: told.score.clamp(-1.0, 1.0), ..told });
    }
    let text = mention.text.as_deref().filter(|_| lang == Some(Lang::EN))?;
    let is_news = mention.kind == Kind::Article && text.len() > LONGEST_ARTICLE;
    (!is_news).then(|| Sentiment { score: score(text), origin: Origin::Model })
}

/// VADER's word on an English text, −1 to 1.
pub fn score(text: &str) -> f32 {
    vader::compound(&text[..text.floor_char_boundary(READ)]) as f32
}
