//! How a mention was meant: as its source says; else VADER's word, which knows English only; else
//! unknown.

use vader_sentimental::SentimentIntensityAnalyzer;
use whichlang::{Lang, detect_language};

use crate::mention::{Mention, Origin, Sentiment};

/// Scores from here on are positive, and below its negative negative: the thresholds that VADER's
/// authors give for its compound score.
pub const THRESHOLD: f32 = 0.05;

/// Most of a text that is read, bytes: VADER's cost grows faster than the text.
const READ: usize = 1_024;
/// Fewest Latin letters from which a language is guessed.
const LETTERS: usize = 12;

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

/// Judges mentions whose source does not.
#[derive(Debug)]
pub struct Judge(SentimentIntensityAnalyzer<'static>);

impl Default for Judge {
    fn default() -> Self {
        Self(SentimentIntensityAnalyzer::new())
    }
}

impl Judge {
    /// The source's word if it is a number, else the model's, else nothing.
    pub fn judge(&self, mention: &Mention) -> Option<Sentiment> {
        if let Some(told) = mention.sentiment.filter(|s| s.score.is_finite()) {
            return Some(Sentiment { score: told.score.clamp(-1.0, 1.0), ..told });
        }
        let text = beginning(mention.text.as_deref()?);
        if !is_english(mention.lang.as_deref(), text) {
            return None;
        }
        // Four digits, as VADER's authors publish them: the order of a sum then makes no odds.
        let compound = self.0.polarity_scores(text).compound;
        let score = ((compound * 10_000.0).round() / 10_000.0) as f32;
        score.is_finite().then_some(Sentiment { score, origin: Origin::Model })
    }
}

fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(READ)]
}

fn is_english(lang: Option<&str>, text: &str) -> bool {
    match lang.filter(|lang| !lang.is_empty() && !lang.eq_ignore_ascii_case("und")) {
        Some(lang) => lang.split(['-', '_']).next().is_some_and(|l| l.eq_ignore_ascii_case("en")),
        None => {
            let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
            letters >= LETTERS && text.contains(' ') && detect_language(text) == Lang::Eng
        }
    }
}
