//! A text taken apart once, for every topic, word count and duplicate check: words, hashtags,
//! handles, and runs of scripts that are written without spaces. Addresses are left out.
//!
//! Words end as Unicode says (UAX 29); what is plain ASCII between two spaces takes a shorter way
//! to the same tokens.

mod ascii;
mod fold;
mod stretch;

use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;

use rustc_hash::FxHasher;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

pub use fold::fold;

/// Most tokens read from one text; the rest is not looked at.
pub const MAX_TOKENS: usize = 1_024;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Word,
    Number,
    /// A hashtag; its text stands without the `#`.
    Tag,
    /// A handle; its text stands without the `@`.
    Handle,
    /// Letters of a script without spaces; not one word but a run of them.
    Run(Script),
}

/// Scripts that put no spaces between words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Script {
    Han,
    Hiragana,
    Katakana,
    /// Thai, Lao, Khmer, Myanmar and Tibetan.
    Other,
}

/// One token: where it stands in the text, and its folded form.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    /// Bytes of the text.
    pub raw: Range<usize>,
    folded: Range<usize>,
    /// Hash of the folded form.
    pub hash: u64,
}

/// The tokens of one text. Made once and read into again and again.
#[derive(Debug, Default)]
pub struct Tokens {
    list: Vec<Token>,
    folded: String,
    plain: String,
    link: bool,
}

impl Tokens {
    /// Takes `raw`, the read form of a text, apart, forgetting the text before. With `plain` the whole folded text is kept
    /// as well, for [`Tokens::plain`].
    pub fn read(&mut self, raw: &str, plain: bool) {
        self.list.clear();
        self.folded.clear();
        self.plain.clear();
        self.link = false;
        if plain {
            fold(raw, &mut self.plain);
        }
        let mut done = 0;
        let mut start = 0;
        while start < raw.len() && self.list.len() < MAX_TOKENS {
            let (end, is_ascii) = stretch::stretch(raw, start);
            done = match is_ascii {
                true => self.ascii(raw, start..end, done),
                false => self.unicode(raw, start..end, done),
            };
            start = end;
        }
    }

    /// Reads a stretch of any text from byte `done` on and says how far it is read.
    fn unicode(&mut self, raw: &str, stretch: Range<usize>, mut done: usize) -> usize {
        for (at, segment) in raw[stretch.clone()].unicode_word_indices() {
            if self.list.len() >= MAX_TOKENS {
                break;
            }
            if stretch.start + at >= done {
                done = self.segment(raw, stretch.start + at, segment);
            }
        }
        done
    }

    pub fn list(&self) -> &[Token] {
        &self.list
    }

    /// The folded form of a token.
    pub fn text(&self, token: &Token) -> &str {
        &self.folded[token.folded.clone()]
    }

    /// Whether an address stands in the text.
    pub fn has_link(&self) -> bool {
        self.link
    }

    /// The whole text folded; empty unless it was asked for.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// Reads the token or tokens that begin at `at` and says where reading goes on.
    fn segment(&mut self, raw: &str, at: usize, segment: &str) -> usize {
        let rest = &raw[at..];
        if is_address(rest) {
            self.link = true;
            return at + address_length(rest);
        }
        if is_page(rest) && marked(&raw[..at]).is_none() {
            return at + address_length(rest);
        }
        if let Some(kind) = marked(&raw[..at]) {
            let end = at + name_length(rest, kind);
            self.push(kind, raw, at..end);
            return end.max(at + segment.len()) + server_length(&raw[end..], kind);
        }
        let mut start = None;
        for (i, c) in segment.char_indices() {
            match (is_name(c) || is_inside(segment, i, c), start) {
                (true, None) => start = Some(at + i),
                (false, Some(from)) => {
                    self.push_word(raw, from..at + i);
                    start = None;
                }
                _ => {}
            }
        }
        if let Some(from) = start {
            self.push_word(raw, from..at + segment.len());
        }
        at + segment.len()
    }

    fn push_word(&mut self, raw: &str, range: Range<usize>) {
        let range = unmarked(raw.as_bytes(), range);
        let text = &raw[range.clone()];
        let kind = match text.chars().next().and_then(script) {
            Some(script) => Kind::Run(script),
            None if text.chars().any(char::is_alphabetic) => Kind::Word,
            None => Kind::Number,
        };
        match self.list.last_mut() {
            Some(last)
                if matches!(kind, Kind::Run(_)) && last.kind == kind && last.raw.end == range.start =>
            {
                let whole = last.raw.start..range.end;
                self.folded.truncate(last.folded.start);
                self.list.pop();
                self.push(kind, raw, whole);
            }
            _ => self.push(kind, raw, range),
        }
    }

    fn push(&mut self, kind: Kind, raw: &str, range: Range<usize>) {
        let start = self.folded.len();
        fold(&raw[range.clone()], &mut self.folded);
        let folded = start..self.folded.len();
        if !folded.is_empty() {
            let hash = hash(&self.folded[folded.clone()]);
            self.list.push(Token { kind, raw: range, folded, hash });
        }
    }
}

/// A hash that is the same in every run.
pub fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The script of a letter that is written without spaces.
pub fn script(c: char) -> Option<Script> {
    match c {
        '\u{3041}'..='\u{309f}' => Some(Script::Hiragana),
        '\u{30a1}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => Some(Script::Katakana),
        '々' | '〆' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => Some(Script::Han),
        '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => Some(Script::Han),
        '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' => Some(Script::Other),
        _ => None,
    }
}

fn is_address(rest: &str) -> bool {
    let begins = |what: &str| rest.get(..what.len()).is_some_and(|head| head.eq_ignore_ascii_case(what));
    begins("https://") || begins("http://") || begins("www.")
}

/// Bytes of the address at the head of a text in its read form: up to white space, a quote, a bracket that it
/// did not open, or what ends it in scripts that put no space behind it.
pub fn address_length(rest: &str) -> usize {
    const PAIRS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let mut open = [0_usize; PAIRS.len()];
    let mut chars = rest.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let ends = match c {
            'a'..='z' | '/' | '.' | '-' | '0'..='9' => false,
            '<' | '>' | '"' | '|' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' => true,
            ',' | ';' | '!' => next.and_then(script).is_some(),
            c if c.is_whitespace() => true,
            c => PAIRS.iter().zip(&mut open).any(|((left, right), open)| {
                *open += usize::from(c == *left);
                c == *right && open.checked_sub(1).map(|rest| *open = rest).is_none()
            }),
        };
        if ends {
            return at;
        }
    }
    rest.len()
}

/// A word without the underscores around it, by which Markdown sets it in italics; a name of nothing else
/// keeps them.
fn unmarked(raw: &[u8], word: Range<usize>) -> Range<usize> {
    let bytes = &raw[word.clone()];
    let is_letter = |byte: &u8| *byte != b'_';
    match (bytes.iter().position(is_letter), bytes.iter().rposition(is_letter)) {
        (Some(first), Some(last)) => word.start + first..word.start + last + 1,
        _ => word,
    }
}

/// Whether a host with a path comes next (`news.example.org/2026/11/auro...`), as networks show links.
fn is_page(rest: &str) -> bool {
    let is_host = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-');
    let end = rest.bytes().position(|b| !is_host(b)).unwrap_or(rest.len());
    let Some((before, top)) = rest[..end].rsplit_once('.') else { return false };
    let is_path = rest[end..].strip_prefix('/').is_some_and(|path| !path.starts_with(char::is_whitespace));
    is_path && !before.is_empty() && top.len() >= 2 && top.bytes().all(|b| b.is_ascii_lowercase())
}

/// Whether what comes next is a hashtag or a handle, from the text before it.
fn marked(before: &str) -> Option<Kind> {
    let mut back = before.chars().rev();
    let kind = match back.next()? {
        '#' | '＃' => Kind::Tag,
        '@' | '＠' => Kind::Handle,
        _ => return None,
    };
    let inside_a_word = back.next().is_some_and(|c| c.is_alphanumeric() && script(c).is_none());
    (!inside_a_word).then_some(kind)
}

/// Bytes of the name that a hashtag or handle has.
fn name_length(rest: &str, kind: Kind) -> usize {
    let belongs = |c: char| is_name(c) || (kind == Kind::Handle && matches!(c, '.' | '-'));
    let length = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
    rest[..length].trim_end_matches(['.', '-']).len()
}

/// Bytes of the server that follows a handle (`@joe@example.org`); it is no word of the text.
fn server_length(rest: &str, kind: Kind) -> usize {
    match rest.strip_prefix('@') {
        Some(server) if kind == Kind::Handle => 1 + name_length(server, kind),
        _ => 0,
    }
}

/// Whether a sign belongs to the word that it stands in: the apostrophe of Ukrainian and Belarusian
/// (`об'єднання`) and the marks of Hebrew (`צה"ל`). In other languages it parts words: `l'écran`.
fn is_inside(segment: &str, at: usize, c: char) -> bool {
    if !matches!(c, '\'' | '"') {
        return false;
    }
    let (before, after) = (segment[..at].chars().next_back(), segment[at + 1..].chars().next());
    let is_hebrew = |c: Option<char>| c.is_some_and(|c| ('\u{5d0}'..='\u{5ea}').contains(&c));
    let is_iotated = |c: char| "яюєїеёіЯЮЄЇЕЁІ".contains(c);
    let is_cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
    is_hebrew(before) && is_hebrew(after)
        || c == '\'' && before.is_some_and(is_cyrillic) && after.is_some_and(is_iotated)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '_' | '\u{200c}' | '\u{200d}' | '\u{55b}'..='\u{55e}')
        || is_combining_mark(c)
}

#[cfg(test)]
mod tests;
