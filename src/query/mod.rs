//! What a topic listens for: words, `"phrases"`, `#tags`, `@handles`, `AND`, `OR`, `NOT`,
//! parentheses, and `auror*` for all words that begin so. Words side by side must all occur.
//!
//! `OR` binds loosest, `NOT` tightest. Case, width and accents' encoding make no difference. A
//! word is found as a whole word or hashtag; in scripts without spaces (and for emoji) anywhere
//! in the text; in Korean at the beginning of a word, because particles follow it.

pub mod tokens;

use tokens::{Kind, Token, Tokens, fold};

/// Longest query, bytes.
pub const MAX_QUERY: usize = 4_096;
/// Deepest nesting of parentheses and `NOT`.
pub const MAX_DEPTH: usize = 32;
/// Shortest beginning before a `*`, characters.
const MIN_PREFIX: usize = 2;

/// A query that was understood.
#[derive(Clone, Debug)]
pub struct Query {
    wanted: Expr,
    needs_plain: bool,
}

#[derive(Clone, Debug)]
enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    /// With the byte where it stands.
    Not(usize, Box<Expr>),
    /// Tokens that follow one another; a single one is a word, tag or handle.
    Phrase(Vec<Atom>),
    Prefix(Kind, String),
    Contains(String),
}

#[derive(Clone, Debug)]
struct Atom {
    kind: Kind,
    hash: u64,
    text: String,
}

/// Says whether a query can be understood; else the byte where it cannot, and what to do.
pub fn check(query: &str) -> Result<(), (usize, String)> {
    Query::parse(query).map(|_| ())
}

impl Query {
    /// Reads a query; the error is the byte where it goes wrong, and what to do.
    pub fn parse(text: &str) -> Result<Self, (usize, String)> {
        if text.len() > MAX_QUERY {
            return Err((MAX_QUERY, format!("the query is longer than {MAX_QUERY} bytes: split the topic")));
        }
        let mut parser = Parser { text, items: scan(text)?, next: 0, depth: 0 };
        let wanted = parser.any()?;
        if let Some((at, _)) = parser.items.get(parser.next) {
            return Err((*at, "this `)` closes nothing: remove it, or add a `(` before".into()));
        }
        if let Some(at) = only_negative(&wanted) {
            return Err((at, "this says only what must not occur: add a word that must".into()));
        }
        let needs_plain = contains_anywhere(&wanted);
        Ok(Self { wanted, needs_plain })
    }

    /// True when [`Query::matches`] looks into [`Tokens::plain`].
    pub fn needs_plain(&self) -> bool {
        self.needs_plain
    }

    /// Whether a text is what this query looks for.
    pub fn matches(&self, text: &Tokens) -> bool {
        holds(&self.wanted, text)
    }
}

fn holds(expr: &Expr, text: &Tokens) -> bool {
    match expr {
        Expr::All(parts) => parts.iter().all(|part| holds(part, text)),
        Expr::Any(parts) => parts.iter().any(|part| holds(part, text)),
        Expr::Not(_, part) => !holds(part, text),
        Expr::Contains(part) => text.plain().contains(part.as_str()),
        Expr::Prefix(kind, start) => {
            text.list().iter().any(|t| fits(*kind, t.kind) && text.text(t).starts_with(start.as_str()))
        }
        Expr::Phrase(atoms) => text.list().windows(atoms.len()).any(|tokens| {
            let mut pairs = atoms.iter().zip(tokens);
            pairs.all(|(atom, token)| atom.is(token, text))
        }),
    }
}

impl Atom {
    fn is(&self, token: &Token, text: &Tokens) -> bool {
        self.hash == token.hash && fits(self.kind, token.kind) && self.text == text.text(token)
    }
}

/// A word is found in a hashtag, too; a tag or handle only as such.
fn fits(wanted: Kind, found: Kind) -> bool {
    match wanted {
        Kind::Tag | Kind::Handle => wanted == found,
        _ => found != Kind::Handle,
    }
}

/// Where an alternative begins that asks for nothing that occurs.
fn only_negative(expr: &Expr) -> Option<usize> {
    match expr {
        Expr::Not(at, _) => Some(*at),
        Expr::All(parts) => {
            let negative: Option<Vec<usize>> = parts.iter().map(only_negative).collect();
            negative.and_then(|all| all.first().copied())
        }
        Expr::Any(parts) => parts.iter().find_map(only_negative),
        _ => None,
    }
}

fn contains_anywhere(expr: &Expr) -> bool {
    match expr {
        Expr::All(parts) | Expr::Any(parts) => parts.iter().any(contains_anywhere),
        Expr::Not(_, part) => contains_anywhere(part),
        Expr::Contains(_) => true,
        _ => false,
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Item<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(&'a str),
    Quote(&'a str),
}

/// Cuts a query into its parts, each with the byte where it begins.
fn scan(text: &str) -> Result<Vec<(usize, Item<'_>)>, (usize, String)> {
    let mut items = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let after = at + c.len_utf8();
        at = match c {
            c if c.is_whitespace() => after,
            '(' | ')' => {
                items.push((at, if c == '(' { Item::Open } else { Item::Close }));
                after
            }
            c if is_quote(c) => {
                let Some(length) = text[after..].find(is_quote) else {
                    return Err((at, "this quote is not closed: add a `\"` after the phrase".into()));
                };
                items.push((at, Item::Quote(&text[after..after + length])));
                let close = text[after + length..].chars().next().map_or(0, char::len_utf8);
                after + length + close
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || c == '(' || c == ')' || is_quote(c);
                let end = text[at..].find(ends).map_or(text.len(), |length| at + length);
                items.push((at, word(&text[at..end])));
                end
            }
        };
    }
    Ok(items)
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

fn word(text: &str) -> Item<'_> {
    match text {
        "AND" => Item::And,
        "OR" => Item::Or,
        "NOT" => Item::Not,
        word => Item::Word(word),
    }
}

struct Parser<'a> {
    text: &'a str,
    items: Vec<(usize, Item<'a>)>,
    next: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<Item<'a>> {
        self.items.get(self.next).map(|(_, item)| *item)
    }

    fn take(&mut self, item: Item<'_>) -> bool {
        let found = self.peek() == Some(item);
        self.next += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Expr, (usize, String)> {
        let mut parts = vec![self.all()?];
        while self.take(Item::Or) {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expr::Any))
    }

    fn all(&mut self) -> Result<Expr, (usize, String)> {
        let mut parts = vec![self.part()?];
        while self.take(Item::And) || !matches!(self.peek(), None | Some(Item::Or | Item::Close)) {
            parts.push(self.part()?);
        }
        Ok(one_or(parts, Expr::All))
    }

    fn part(&mut self) -> Result<Expr, (usize, String)> {
        let Some(&(at, item)) = self.items.get(self.next) else {
            return Err((self.text.len(), self.missing()));
        };
        self.next += 1;
        match item {
            Item::Word(text) => leaf(at, text, true),
            Item::Quote(text) => leaf(at, text, false),
            Item::Not => self.deeper(at, |p| p.part().map(|part| Expr::Not(at, Box::new(part)))),
            Item::Open => self.deeper(at, |p| {
                let inner = p.any()?;
                let unclosed = || (at, "this `(` is not closed: add a `)`".to_owned());
                if p.take(Item::Close) { Ok(inner) } else { Err(unclosed()) }
            }),
            Item::Close => Err((at, "there is nothing before this `)`: put a word or phrase there".into())),
            Item::And | Item::Or => Err((at, "an operator needs a word or phrase on both sides".into())),
        }
    }

    fn missing(&self) -> String {
        match self.items.last() {
            None => "the query is empty: write at least one word".into(),
            Some((_, Item::Open)) => "the query ends after `(`: put a word or phrase there".into(),
            Some(_) => "the query ends with an operator: put a word or phrase after it".into(),
        }
    }

    fn deeper(
        &mut self,
        at: usize,
        read: impl FnOnce(&mut Self) -> Result<Expr, (usize, String)>,
    ) -> Result<Expr, (usize, String)> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err((at, format!("nested deeper than {MAX_DEPTH} levels: take parentheses away")));
        }
        let expr = read(self);
        self.depth -= 1;
        expr
    }
}

fn one_or(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

/// What a word or a quoted phrase looks for.
fn leaf(at: usize, written: &str, stars: bool) -> Result<Expr, (usize, String)> {
    let text = if stars { written.strip_suffix('*').unwrap_or(written) } else { written };
    if let Some(star) = text.find('*').filter(|_| stars) {
        return Err((at + star, "`*` stands only at the end of a word".into()));
    }
    let mut tokens = Tokens::default();
    tokens.read(text, false);
    let beginning = (text.len() < written.len()).then_some(at + text.len());
    match (tokens.list(), beginning) {
        (_, None) if anywhere(text, &tokens) => Ok(Expr::Contains(folded(text))),
        ([], _) => Err((at, format!("there is no word in `{written}`: write letters or digits"))),
        ([only], Some(star)) => prefix(star, only.kind, tokens.text(only)),
        (_, Some(star)) => Err((star, "`*` follows a single word, tag or handle".into())),
        ([only], None) if tokens.text(only).chars().all(is_hangul) => {
            Ok(Expr::Prefix(only.kind, tokens.text(only).to_owned()))
        }
        (list, None) => Ok(Expr::Phrase(list.iter().map(|token| atom(token, &tokens)).collect())),
    }
}

fn atom(token: &Token, tokens: &Tokens) -> Atom {
    Atom { kind: token.kind, hash: token.hash, text: tokens.text(token).to_owned() }
}

fn prefix(star: usize, kind: Kind, start: &str) -> Result<Expr, (usize, String)> {
    if matches!(kind, Kind::Run(_)) {
        return Ok(Expr::Contains(start.to_owned()));
    }
    if start.chars().count() < MIN_PREFIX {
        return Err((star, format!("at least {MIN_PREFIX} letters must stand before `*`")));
    }
    Ok(Expr::Prefix(kind, start.to_owned()))
}

/// Whether a text has no word boundaries to look at: a script without spaces, or only symbols.
fn anywhere(text: &str, tokens: &Tokens) -> bool {
    let runs = tokens.list().iter().any(|t| matches!(t.kind, Kind::Run(_)));
    runs || (tokens.list().is_empty() && folded(text).chars().any(is_symbol))
}

fn folded(text: &str) -> String {
    let mut out = String::new();
    fold(text.trim(), &mut out);
    out
}

/// Emoji and signs, not punctuation.
fn is_symbol(c: char) -> bool {
    c >= '\u{2190}' && !matches!(c, '\u{3000}'..='\u{303f}' | '\u{fe00}'..='\u{ffef}')
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}')
}

#[cfg(test)]
mod tests;
