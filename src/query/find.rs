//! What a word, tag, handle or phrase of a query looks for in a text.

use super::fault::Fault;
use super::tokens::{Kind, Token, Tokens, fold};
use crate::mention::reading;

/// Shortest beginning before a `*`, characters.
const MIN_PREFIX: usize = 2;

/// How words are found.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Find {
    /// Tokens that follow one another; a single one is a word, tag or handle.
    Phrase(Vec<Atom>),
    /// A token that begins so.
    Prefix(Kind, String),
    /// Anywhere in the folded text; never plain ASCII.
    Contains(String),
}

/// One token of a phrase.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Atom {
    pub kind: Kind,
    pub hash: u64,
    /// Folded.
    pub text: String,
}

impl Find {
    /// What the text at byte `at` of a query looks for; with `stars` a `*` at its end is a prefix.
    pub fn read(at: usize, written: &str, stars: bool) -> Result<Self, Fault> {
        let text = if stars { written.strip_suffix(['*', '＊']).unwrap_or(written) } else { written };
        if let Some(star) = text.find(['*', '＊']).filter(|_| stars) {
            return Err((at + star, "`*` can only be at the end of a word".into()));
        }
        let read = reading(text);
        let mut tokens = Tokens::default();
        tokens.read(&read, false);
        let star = (text.len() < written.len()).then_some(at + text.len());
        match (tokens.list(), star) {
            (_, None) if anywhere(&read, &tokens) => Ok(Self::Contains(folded(text))),
            ([], _) => Err((at, wordless(written))),
            ([only], Some(star)) => Self::prefix(star, only.kind, tokens.text(only)),
            (_, Some(star)) => Err((star, "`*` can only follow a single word, hashtag or handle".into())),
            ([only], None) if tokens.text(only).chars().all(is_hangul) => {
                Ok(Self::Prefix(only.kind, tokens.text(only).to_owned()))
            }
            (list, None) => Ok(Self::Phrase(list.iter().map(|token| Atom::of(token, &tokens)).collect())),
        }
    }

    fn prefix(star: usize, kind: Kind, start: &str) -> Result<Self, Fault> {
        if matches!(kind, Kind::Run(_)) {
            return Ok(Self::Contains(start.to_owned()));
        }
        if start.chars().count() < MIN_PREFIX {
            return Err((star, format!("`*` needs at least {MIN_PREFIX} letters before it")));
        }
        Ok(Self::Prefix(kind, start.to_owned()))
    }

    pub fn holds(&self, text: &Tokens) -> bool {
        match self {
            Self::Contains(part) => {
                text.plain().match_indices(part.as_str()).any(|(at, _)| is_whole(text.plain(), at))
            }
            Self::Prefix(kind, start) => text.list().iter().any(|token| begins(*kind, start, token, text)),
            Self::Phrase(atoms) => text.list().windows(atoms.len()).any(|tokens| follow(atoms, tokens, text)),
        }
    }
}

impl Atom {
    fn of(token: &Token, tokens: &Tokens) -> Self {
        Self { kind: token.kind, hash: token.hash, text: tokens.text(token).to_owned() }
    }

    pub fn is(&self, token: &Token, text: &Tokens) -> bool {
        self.hash == token.hash && fits(self.kind, token.kind) && self.text == text.text(token)
    }
}

/// Whether what was found at byte `at` is not the halves of two flags side by side.
pub fn is_whole(text: &str, at: usize) -> bool {
    let is_half = |c: &char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    let halves = || text[..at].chars().rev().take_while(is_half).count();
    !text[at..].starts_with(|c| is_half(&c)) || halves() % 2 == 0
}

/// Whether a token begins with `start`.
pub fn begins(kind: Kind, start: &str, token: &Token, text: &Tokens) -> bool {
    fits(kind, token.kind) && text.text(token).starts_with(start)
}

/// Whether these tokens are the phrase.
pub fn follow(atoms: &[Atom], tokens: &[Token], text: &Tokens) -> bool {
    atoms.len() == tokens.len() && atoms.iter().zip(tokens).all(|(atom, token)| atom.is(token, text))
}

/// A word is found in a hashtag, too; a tag or handle only as such.
pub fn fits(wanted: Kind, found: Kind) -> bool {
    match wanted {
        Kind::Tag | Kind::Handle => wanted == found,
        _ => found != Kind::Handle,
    }
}

fn wordless(written: &str) -> String {
    if written.contains("://") || written.starts_with("www.") {
        return "URLs are not searched: use words from the text, or `has:link`".into();
    }
    if written.starts_with(['<', '>', '=']) {
        return "a comparison has its number right after it, without spaces: `followers>10000`".into();
    }
    match written {
        "|" | "||" => return "write `OR` instead".into(),
        "&" | "&&" | "+" => {
            return "words next to each other must all occur: remove this, or write `AND`".into();
        }
        "!" => return "write `NOT` instead".into(),
        _ => {}
    }
    format!("`{written}` contains no word: use letters or digits")
}

/// Whether a text has no word boundaries to look at: a script without spaces, or only symbols.
fn anywhere(text: &str, tokens: &Tokens) -> bool {
    let runs = tokens.list().iter().any(|t| matches!(t.kind, Kind::Run(_)));
    runs || (tokens.list().is_empty() && folded(text).chars().any(is_symbol))
}

/// In the form in which texts are compared, without space around it.
pub fn folded(text: &str) -> String {
    let mut out = String::new();
    fold_into(text, &mut out);
    out
}

/// Puts the same into the room of `out`.
pub fn fold_into(text: &str, out: &mut String) {
    out.clear();
    fold(reading(text).trim(), out);
}

/// Emoji and signs, not punctuation.
fn is_symbol(c: char) -> bool {
    c == '\u{20e3}' || c >= '\u{2190}' && !matches!(c, '\u{3000}'..='\u{303f}' | '\u{fe00}'..='\u{ffef}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}')
}
