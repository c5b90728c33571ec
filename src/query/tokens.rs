//! A text taken apart once, for every topic, word count and duplicate check: words, hashtags,
//! handles, and runs of scripts that are written without spaces. Addresses are left out.

use std::hash::{Hash as _, Hasher as _};
use std::ops::Range;

use rustc_hash::FxHasher;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation as _;

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
}

impl Tokens {
    /// Takes `raw` apart, forgetting the text before. With `plain` the whole folded text is kept
    /// as well, for [`Tokens::plain`].
    pub fn read(&mut self, raw: &str, plain: bool) {
        self.list.clear();
        self.folded.clear();
        self.plain.clear();
        if plain {
            fold(raw, &mut self.plain);
        }
        let mut done = 0;
        for (at, segment) in raw.unicode_word_indices() {
            if self.list.len() >= MAX_TOKENS {
                break;
            }
            if at >= done {
                done = self.segment(raw, at, segment);
            }
        }
    }

    pub fn list(&self) -> &[Token] {
        &self.list
    }

    /// The folded form of a token.
    pub fn text(&self, token: &Token) -> &str {
        &self.folded[token.folded.clone()]
    }

    /// The whole text folded; empty unless it was asked for.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// Reads the token or tokens that begin at `at` and says where reading goes on.
    fn segment(&mut self, raw: &str, at: usize, segment: &str) -> usize {
        let rest = &raw[at..];
        if is_address(rest) {
            return at + rest.find(char::is_whitespace).unwrap_or(rest.len());
        }
        if let Some(kind) = marked(&raw[..at]) {
            let end = at + name_length(rest, kind);
            self.push(kind, raw, at..end);
            return end.max(at + segment.len()) + server_length(&raw[end..], kind);
        }
        let mut start = None;
        for (i, c) in segment.char_indices() {
            match (is_name(c), start) {
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

/// Appends `raw` in the form in which texts are compared: NFKC, lower case, without what is only
/// written ornamentally (Arabic vowel signs and tatweel, joiners, variation selectors).
pub fn fold(raw: &str, out: &mut String) {
    if raw.is_ascii() {
        out.extend(raw.bytes().map(|b| b.to_ascii_lowercase() as char));
        return;
    }
    for c in raw.nfkc().flat_map(char::to_lowercase) {
        match c {
            'ς' => out.push('σ'),
            'ß' => out.push_str("ss"),
            '’' => out.push('\''),
            '\u{307}' | '\u{640}' | '\u{64b}'..='\u{652}' | '\u{200c}' | '\u{200d}' | '\u{fe0f}' => {}
            c => out.push(c),
        }
    }
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

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '\u{200c}' | '\u{200d}') || is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Vec<(Kind, String)> {
        let mut tokens = Tokens::default();
        tokens.read(raw, false);
        tokens.list().iter().map(|t| (t.kind, tokens.text(t).to_owned())).collect()
    }

    fn words(raw: &str) -> Vec<String> {
        read(raw).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn words_lose_their_apostrophes_and_addresses_are_left_out() {
        assert_eq!(
            words("Aurora’s L'ÉCRAN: https://aurora.example/a?b www.x.org end."),
            ["aurora", "s", "l", "écran", "end"]
        );
        assert_eq!(words("見てhttps://aurora.example/x だよ"), ["見", "て", "だよ"]);
    }

    #[test]
    fn tags_and_handles_are_told_apart_from_words() {
        use Kind::{Handle, Number, Tag, Word};
        let expected = [
            (Tag, "auroraphone"),
            (Handle, "jo.doe-x.example"),
            (Number, "42"),
            (Word, "a"),
            (Word, "mail"),
            (Word, "b"),
            (Word, "org"),
        ];
        let got = read("#AuroraPhone @Jo.Doe-x.example. 42 a mail@b.org");
        assert_eq!(got, expected.map(|(kind, text)| (kind, text.to_owned())));
        assert_eq!(read("＃オーロラ電話！")[0], (Tag, "オーロラ電話".to_owned()));
    }

    #[test]
    fn scripts_without_spaces_come_in_runs() {
        use Script::{Han, Hiragana, Katakana};
        let kinds: Vec<Kind> = read("新製品はスマートフォンです").into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [Han, Hiragana, Katakana, Hiragana].map(Kind::Run));
        assert_eq!(words("新製品はスマートフォンです")[2], "スマートフォン");
    }

    #[test]
    fn folding_makes_equal_what_people_write_differently() {
        let same = |a: &str, b: &str| {
            let (mut x, mut y) = (String::new(), String::new());
            fold(a, &mut x);
            fold(b, &mut y);
            assert_eq!(x, y);
        };
        same("ＡＵＲＯＲＡ", "aurora");
        same("STRASSE", "Straße");
        same("İstanbul", "istanbul");
        same("ΟΔΟΣ", "οδος");
        same("مُحَمَّد", "محمد");
        same("ｵｰﾛﾗ", "オーロラ");
    }
}
