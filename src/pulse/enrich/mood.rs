//! How a mention was meant: as its source says; else VADER's word, which knows English only; else
//! unknown.
//!
//! VADER was made for short posts, and `docs/accuracy.md` tells how much worse it reads the news:
//! an article longer than `LONGEST_ARTICLE` bytes stays unknown.

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

/// The source's word if it is a number, else the model's for a mention in `lang`, whose text in its
/// read form is `text`, else nothing.
pub fn judge(mention: &Mention, text: Option<&str>, lang: Option<Lang>) -> Option<Sentiment> {
    if let Some(told) = mention.sentiment.filter(|s| s.score.is_finite()) {
        return Some(Sentiment { score: told.score.clamp(-1.0, 1.0), ..told });
    }
    let text = text.filter(|_| lang == Some(Lang::EN))?;
    let is_news = mention.kind == Kind::Article && text.len() > LONGEST_ARTICLE;
    (!is_news).then(|| Sentiment { score: score(text), origin: Origin::Model })
}

/// VADER's word on an English text in its read form, −1 to 1.
pub fn score(text: &str) -> f32 {
    vader::compound(&text[..text.floor_char_boundary(READ)]) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::mention::reading;
    use std::sync::Arc;

    /// Rating by people, score of VADER's own program, text.
    const RATED: &str = include_str!("../../../tests/data/vader/rated.tsv");

    fn said(text: &str, kind: Kind) -> Mention {
        Mention {
            kind,
            ..Mention::new(&Arc::from("t"), "1", Time::default(), Time::default()).with_text(text)
        }
    }

    #[test]
    fn every_score_is_that_of_the_original() {
        let (mut count, mut agree) = (0, 0);
        for line in RATED.lines() {
            let parts: Vec<&str> = line.splitn(3, '\t').collect();
            let [people, original, text] = parts[..] else { panic!("{line}") };
            let original: f64 = original.parse().expect("a number");
            let people: f32 = people.parse().expect("a number");
            assert_eq!(vader::compound(text), original, "{text}");
            count += 1;
            agree += usize::from(Mood::of(people / 4.0) == Mood::of(original as f32));
        }
        assert!(count == 290 && agree * 100 >= count * 75, "{agree} of {count}");
    }

    #[test]
    fn a_text_is_judged_alike_however_its_signs_are_written() {
        let score = |text: &str| score(&reading(text));
        for text in [
            "This isn't good at all",
            "I don't love it",
            "it doesn't work great",
            "wasn't happy with the help",
            "She said \"great\"... and meant it!!",
            "a kind-of good uh-uh day",
        ] {
            let curled = text.replace('\'', "’").replace("...", "…").replace("!!", "‼").replace('-', "‑");
            let quoted = curled.replacen('"', "“", 1).replace('"', "”");
            for other in [quoted.replace('’', "ʼ"), quoted.replace('’', "`"), quoted] {
                assert_eq!(score(&other), score(text), "{other}");
            }
            let wide =
                |c: char| if c.is_ascii_graphic() { char::from_u32(u32::from(c) + 0xfee0) } else { Some(c) };
            assert_eq!(score(&text.chars().filter_map(wide).collect::<String>()), score(text));
            assert_eq!(score(&text.replace("oo", "o\u{ad}\u{200b}o")), score(text));
        }
        assert!(score("This isn’t good at all") < -THRESHOLD && score("I’m sad ⚠️") < score("I’m sad"));
    }

    #[test]
    fn what_is_not_english_or_a_long_article_stays_unknown() {
        let judged = |text: &str, kind, lang| {
            judge(&said(text, kind), Some(text), Lang::new(lang)).map(|mood| mood.origin)
        };
        assert_eq!(judged("I love it", Kind::Post, "en"), Some(Origin::Model));
        assert_eq!(judged("I love it", Kind::Post, "de"), None);
        assert_eq!(judged("A good quarter", Kind::Article, "en"), Some(Origin::Model));
        assert_eq!(judged(&"good news ".repeat(40), Kind::Article, "en"), None);
        assert!(judge(&said("I love it", Kind::Post), Some("I love it"), None).is_none());
        assert!(judge(&said("", Kind::Post), None, Some(Lang::EN)).is_none());
    }

    #[test]
    fn the_source_knows_better() {
        let told = |score| Mention {
            sentiment: Some(Sentiment { score, origin: Origin::Source }),
            ..said("I love it", Kind::Post)
        };
        let score = |score| {
            judge(&told(score), Some("I love it"), Some(Lang::EN)).map(|mood| (mood.score, mood.origin))
        };
        assert_eq!(score(-7.0), Some((-1.0, Origin::Source)));
        assert_eq!(score(f32::NAN).map(|(_, origin)| origin), Some(Origin::Model));
    }

    #[test]
    fn hostile_texts_are_judged_too() {
        for text in [
            "",
            " ",
            "no",
            "least good",
            "\u{1f600}",
            "\u{1f600}\u{1f600}!",
            "ı̇İß \u{130}OOD",
            "but but but good",
        ] {
            assert!(score(text).is_finite(), "{text}");
        }
        assert!(score(&"not so very good but \u{1f600} ".repeat(500)).is_finite());
    }
}
