//! What is learned of a mention beside what its source tells, once, before it is counted: how it
//! was meant, its language, where it was said, and its text as all of these read it.

pub(super) mod geolocate;
pub mod language;
pub(super) mod located;
pub mod mood;

use std::borrow::Cow;
use std::sync::Arc;

use crate::mention::{Lang, Mention, Origin, Sentiment, reading};
use crate::pulse::enrich::geolocate::Geolocator;

pub use crate::pulse::enrich::located::{Located, PlaceOrigin};

/// Learns it. Pure: the same mention is always enriched the same.
#[derive(Debug, Default)]
pub struct Enricher {
    whereabouts: Geolocator,
}

/// What was learned. `None` is unknown, never neutral and never nowhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Enriched {
    pub mood: Option<Sentiment>,
    pub lang: Option<Lang>,
    /// Who says in which language it is; `None` when nobody does.
    pub lang_origin: Option<Origin>,
    pub place: Option<Located>,
    /// The text in its read form, if there is one.
    pub text: Option<Arc<str>>,
}

/// How a mention was meant, as [`Enricher::learn`] says it.
pub fn mood(mention: &Mention) -> Option<Sentiment> {
    let text = read(mention);
    let text = text.as_deref();
    mood::judge(mention, text, language::of(mention, text).map(|(lang, _)| lang))
}

/// The read form of a mention's text; the text itself where that is the same.
fn read(mention: &Mention) -> Option<Arc<str>> {
    let text = mention.text.as_ref()?;
    Some(match reading(text) {
        Cow::Borrowed(_) => text.clone(),
        Cow::Owned(read) => read.into(),
    })
}

impl Enriched {
    /// The text in its read form; empty where there is none.
    pub fn said(&self) -> &str {
        self.text.as_deref().unwrap_or("")
    }
}

impl Enricher {
    /// All that can be learned of a mention.
    pub fn learn(&self, mention: &Mention) -> Enriched {
        let text = read(mention);
        let said = text.as_deref();
        let (lang, lang_origin) = language::of(mention, said).unzip();
        let place = self.whereabouts.of(mention, said);
        Enriched { mood: mood::judge(mention, said, lang), lang, lang_origin, place, text }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::{Index, select};

    use super::*;
    use crate::clock::Time;

    fn learnt(text: &str) -> Enriched {
        let mention = Mention::new(&Arc::from("t"), "1", Time::default(), Time::default());
        // As an old journal has it: with all that is dropped at the door now.
        Enricher::default().learn(&Mention { text: Some(text.into()), ..mention })
    }

    proptest! {
        /// What is learnt, and the text that topics, word lists and copies read, do not change.
        #[test]
        fn a_text_is_read_alike_however_it_is_written(
            words in proptest::collection::vec(select(vec![
                "I", "don't", "isn't", "love", "good", "Aurora", "in", "Berlin", "it's", "the", "and", "battery", "Paris",
                "doesn't", "work", "über", "...", "!!", "\"great\"", "kind-of",
            ]), 1..16),
            unseen in select(vec!['\u{ad}', '\u{200b}', '\u{2060}', '\u{200d}']),
            at in proptest::collection::vec(any::<Index>(), 0..8),
        ) {
            let text = words.join(" ");
            let curled = text.replace('\'', "’").replace("...", "…").replace('"', "”").replace('-', "‑");
            let mut written: Vec<char> = curled.chars().collect();
            for index in at {
                written.insert(index.index(written.len()), unseen);
            }
            let written: String = written.into_iter().collect();
            prop_assert_eq!(learnt(&written), learnt(&text), "{:?}", written);
        }
    }

    #[test]
    fn a_text_that_is_read_as_it_stands_is_not_copied() {
        let text: Arc<str> = "It's 電池 und Käse 🔥".into();
        let mention = Mention::new(&Arc::from("t"), "1", Time::default(), Time::default());
        let learnt = Enricher::default().learn(&Mention { text: Some(text.clone()), ..mention });
        assert!(learnt.text.is_some_and(|read| Arc::ptr_eq(&read, &text)));
    }
}
