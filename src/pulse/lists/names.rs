//! The names that a mention uses: words and hashtags, emoji, links; each once.

use std::ops::Range;

use crate::mention::{Lang, Mention};
use crate::pulse::lists::ranks::TermKind;
use crate::pulse::lists::{emoji, links, terms};
use crate::query::tokens::Tokens;

/// Some of the kinds of terms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    pub fn of(kinds: &[TermKind]) -> Self {
        Self(kinds.iter().map(|kind| 1 << *kind as u8).sum())
    }

    pub const fn has(self, kind: TermKind) -> bool {
        self.0 & (1 << kind as u8) != 0
    }

    pub const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether they have one in common.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// A name as a mention spells it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Named<'a> {
    pub name: u64,
    pub form: &'a str,
    pub kind: TermKind,
}

/// The names of one mention. Made once and read into again and again.
#[derive(Debug, Default)]
pub struct Names {
    list: Vec<(u64, TermKind, Form)>,
    /// What is not spelled as it stands in the text.
    made: String,
}

#[derive(Debug)]
enum Form {
    Said(Range<usize>),
    Made(Range<usize>),
}

impl Names {
    pub fn clear(&mut self) {
        self.list.clear();
        self.made.clear();
    }

    /// Reads the names of `kinds` in `mention`, whose text is in `lang` and read as `said`, which gave `tokens`.
    pub fn read(&mut self, mention: &Mention, said: &str, tokens: &Tokens, kinds: Kinds, lang: Option<Lang>) {
        self.clear();
        terms::terms(said, tokens, lang, |name, kind, range| {
            let is_new = kinds.has(kind) && self.list.iter().all(|(known, ..)| *known != name);
            if is_new {
                self.list.push((name, kind, Form::Said(range)));
            }
            self.list.len() < terms::MAX_TERMS
        });
        if kinds.has(TermKind::Emoji) {
            self.read_emoji(mention.text.as_deref().unwrap_or(""));
        }
        if kinds.has(TermKind::Link) {
            let Self { list, made } = self;
            links::find(mention, said, made, |name, range| {
                list.push((name, TermKind::Link, Form::Made(range)))
            });
        }
    }

    fn read_emoji(&mut self, text: &str) {
        let first = self.list.len();
        let Self { list, made } = self;
        emoji::find(text, |name, sign| {
            let is_new = list[first..].iter().all(|(known, ..)| *known != name);
            if is_new && list.len() < first + terms::MAX_TERMS {
                let start = made.len();
                emoji::write(sign, made);
                list.push((name, TermKind::Emoji, Form::Made(start..made.len())));
            }
        });
    }

    /// Keeps those that `stays` says; it is told the kind, the spelling, and where that stands in
    /// `said`, if it does.
    pub fn retain(
        &mut self,
        said: &str,
        mut stays: impl FnMut(TermKind, &str, Option<&Range<usize>>) -> bool,
    ) {
        let Self { list, made } = self;
        list.retain(|(_, kind, form)| match form {
            Form::Said(range) => stays(*kind, &said[range.clone()], Some(range)),
            Form::Made(range) => stays(*kind, &made[range.clone()], None),
        });
    }

    /// The names with their spelling; `said` is the text that they were read from.
    pub fn spelled<'a>(&'a self, said: &'a str) -> Vec<Named<'a>> {
        let form = |form: &Form| match form {
            Form::Said(range) => &said[range.clone()],
            Form::Made(range) => &self.made[range.clone()],
        };
        self.list.iter().map(|(name, kind, at)| Named { name: *name, form: form(at), kind: *kind }).collect()
    }
}
