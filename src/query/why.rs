//! A query in words, and why a mention matches it or not.

use std::ops::Range;

use super::Query;
use super::field::{Field, network};
use super::find::{Atom, Find, begins, follow};
use super::subject::{Subject, Tone};
use super::tokens::{Kind, Tokens};
use super::tree::{Node, What};
use crate::mention::{Lang, reading};

/// What one part of a query says about a mention.
#[derive(Clone, Debug, PartialEq)]
pub struct Why {
    /// The part, bytes of the query.
    pub at: Range<usize>,
    /// What it asks for, in words.
    pub asks: String,
    pub holds: bool,
    /// What was found of it: words of the text, or what the mention tells.
    pub found: Vec<String>,
}

impl Query {
    /// What it asks for, in words.
    pub fn in_words(&self) -> String {
        said(self.tree())
    }

    /// The parts that made a mention match, or those that it fails on.
    pub fn why(&self, mention: &Subject<'_>, text: &Tokens) -> Vec<Why> {
        let mut reasons = Vec::new();
        collect(self.tree(), self.matches(mention, text), mention, text, &mut reasons);
        reasons
    }
}

/// Adds the parts to which it is owed that `node` holds, or does not.
fn collect(node: &Node, holds: bool, mention: &Subject<'_>, text: &Tokens, reasons: &mut Vec<Why>) {
    let same = |part: &&Node| part.holds(mention, text) == holds;
    match &node.what {
        What::All(parts) => parts.iter().filter(same).for_each(|p| collect(p, holds, mention, text, reasons)),
        What::Any(parts) if holds => {
            parts.iter().filter(same).for_each(|p| collect(p, holds, mention, text, reasons));
        }
        What::Not(_) if holds => {}
        What::Any(parts) if parts.iter().any(|part| is_begun(part, mention, text)) => {
            let begun = parts.iter().filter(|part| is_begun(part, mention, text));
            begun.for_each(|part| collect(part, holds, mention, text, reasons));
        }
        _ => {
            let mut found = Vec::new();
            node.leaves(&mut |leaf| {
                if node.parts().is_empty() || leaf.holds(mention, text) {
                    found.extend(evidence(leaf, mention, text));
                }
            });
            found.dedup();
            reasons.push(Why { at: node.at.clone(), asks: said(node), holds, found });
        }
    }
}

/// Whether an alternative of several parts fails although some of it is there.
fn is_begun(node: &Node, mention: &Subject<'_>, text: &Tokens) -> bool {
    let What::All(parts) = &node.what else { return false };
    parts.iter().any(|part| !matches!(part.what, What::Not(_)) && part.holds(mention, text))
}

/// What a mention has of a part without parts.
fn evidence(leaf: &Node, mention: &Subject<'_>, text: &Tokens) -> Vec<String> {
    match &leaf.what {
        What::Words(words) => places(&words.find, mention.text, text),
        What::Field(field) => told(field, mention).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The words of the text that were found.
fn places(find: &Find, raw: &str, text: &Tokens) -> Vec<String> {
    let list = text.list();
    let one = |range: Range<usize>| raw.get(range).unwrap_or_default().to_owned();
    match find {
        Find::Contains(part) => Vec::from_iter(find.holds(text).then(|| part.clone())),
        Find::Prefix(kind, start) => {
            let found = list.iter().filter(|token| begins(*kind, start, token, text));
            found.map(|token| one(token.raw.clone())).collect()
        }
        Find::Phrase(atoms) => {
            let found = list.windows(atoms.len()).filter(|tokens| follow(atoms, tokens, text));
            found.map(|tokens| one(tokens[0].raw.start..tokens[tokens.len() - 1].raw.end)).collect()
        }
    }
}

/// What a mention tells about a field.
fn told(field: &Field, mention: &Subject<'_>) -> Option<String> {
    match field {
        Field::Lang(_) => join(languages(mention).iter().map(Lang::as_str), "lang"),
        Field::Country(_) => mention.country.map(|country| format!("country:{country}")),
        Field::From(_) | Field::FromPrefix(_) => mention.names().next().map(|name| format!("from:{name}")),
        Field::Source(_) => Some(format!("source:{} ({})", mention.source, network(mention.network))),
        Field::Followers(..) => mention.followers.map(|own| format!("{own} followers")),
        Field::Tag(_) => join(mention.tags.iter().map(|tag| &**tag), "tag"),
        Field::Emotion(_) => join(mention.felt(), "emotion"),
        Field::Sentiment(_) => Some(format!("sentiment:{}", tone(mention.tone))),
        Field::Is(_) => Some(format!("{:?}", mention.kind).to_lowercase()),
        Field::Has(_) => None,
    }
}

fn languages(mention: &Subject<'_>) -> Vec<Lang> {
    let mut langs: Vec<Lang> = Vec::new();
    for lang in mention.languages() {
        if !langs.contains(&lang) {
            langs.push(lang);
        }
    }
    langs
}

fn join<'a>(words: impl Iterator<Item = &'a str>, name: &str) -> Option<String> {
    let words: Vec<String> = words.map(|word| format!("{name}:{word}")).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

fn tone(tone: Option<Tone>) -> &'static str {
    Tone::ALL.iter().find(|(_, one)| Some(*one) == tone).map_or("unknown", |(word, _)| word)
}

/// A part of a query in words.
fn said(node: &Node) -> String {
    match &node.what {
        What::All(parts) => all(parts),
        What::Any(parts) => parts.iter().map(|part| grouped(part, false)).collect::<Vec<_>>().join(" or "),
        What::Not(part) => format!("not {}", grouped(part, true)),
        What::Near(1, both) => format!("{} next to {}", grouped(&both[0], true), grouped(&both[1], true)),
        What::Near(within, both) => {
            format!("{} within {within} words of {}", grouped(&both[0], true), grouped(&both[1], true))
        }
        What::Words(words) => found(&words.find, words.written.trim()),
        What::Field(field) => asked(field),
    }
}

/// What must be, and then what must not.
fn all(parts: &[Node]) -> String {
    let (not, must): (Vec<&Node>, Vec<&Node>) = parts.iter().partition(|p| matches!(p.what, What::Not(_)));
    let must = must.iter().map(|part| grouped(part, true)).collect::<Vec<_>>().join(" and ");
    let not = not.iter().flat_map(|part| part.parts()).map(|part| grouped(part, true));
    let not = not.collect::<Vec<_>>().join(" nor ");
    if not.is_empty() { must } else { format!("{must}, but not {not}") }
}

/// In parentheses where it would run into what stands beside it.
fn grouped(node: &Node, in_all: bool) -> String {
    let runs_on = match &node.what {
        What::All(_) | What::Near(..) => true,
        What::Any(_) => in_all,
        _ => false,
    };
    if runs_on { format!("({})", said(node)) } else { said(node) }
}

fn found(find: &Find, written: &str) -> String {
    // One letter may stand for several in what is compared: `ışık` is asked for as it is written.
    let shown = |text: &str| match text.is_ascii() {
        true => text.to_owned(),
        false => reading(written).trim_start_matches(['#', '@']).trim_end_matches('*').to_owned(),
    };
    match find {
        Find::Contains(part) => format!("“{}” anywhere", shown(part)),
        Find::Prefix(kind, start) => format!("{} that starts with “{}”", kind_of(*kind), shown(start)),
        Find::Phrase(atoms) => match atoms.as_slice() {
            [Atom { kind: Kind::Tag, text, .. }] => format!("the hashtag #{}", shown(text)),
            [Atom { kind: Kind::Handle, text, .. }] => format!("the handle @{}", shown(text)),
            [Atom { text, .. }] => format!("the word “{}”", shown(text)),
            _ => format!("the phrase “{written}”"),
        },
    }
}

fn kind_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Tag => "a hashtag",
        Kind::Handle => "a handle",
        _ => "a word",
    }
}

fn asked(field: &Field) -> String {
    match field {
        Field::Lang(lang) => format!("in the language {lang}"),
        Field::From(name) => format!("by @{name}"),
        Field::FromPrefix(start) => format!("by anyone whose handle starts with “{start}”"),
        Field::Source(name) => format!("from the source {name}"),
        Field::Country(country) => format!("from the country {country}"),
        Field::Followers(compare, than) => format!("by an author with followers {} {than}", compare.sign()),
        Field::Has(has) => format!("it {}", has.said()),
        Field::Is(is) => format!("it {}", is.said()),
        Field::Tag(tag) => format!("tagged “{tag}” by its source"),
        Field::Emotion(name) => format!("with the emotion {name}"),
        Field::Sentiment(sentiment) => format!("of {} sentiment", tone(*sentiment)),
    }
}
