//! Rust source as a row of words and signs, without comments, strings and test modules. Knows just
//! enough of the language for the rules of the house.

use std::iter::Peekable;
use std::str::Chars;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// A word, `::`, or one sign.
    pub text: String,
    pub line: usize,
}

/// All tokens of `source`.
pub fn tokens(source: &str) -> Vec<Token> {
    let mut tokens = with_literals(source);
    tokens.retain(|token| !token.text.starts_with('"'));
    tokens
}

/// All tokens of `source`, and its strings as they are written, each behind its opening quote.
pub fn with_literals(source: &str) -> Vec<Token> {
    let mut lexer = Lexer { chars: source.chars().peekable(), line: 1 };
    std::iter::from_fn(|| lexer.next_token()).collect()
}

/// The tokens that are left when every item under `#[cfg(test)]` is taken out.
pub fn without_tests(tokens: &[Token]) -> Vec<Token> {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut i = 0;
    while i < tokens.len() {
        let marked = tokens[i..].iter().map(|t| t.text.as_str()).take(MARK.len()).eq(MARK);
        if marked {
            i = end_of_item(tokens, i + MARK.len());
        } else {
            kept.push(tokens[i].clone());
            i += 1;
        }
    }
    kept
}

/// Index behind the item that starts at `start`: behind its closing brace or its semicolon.
fn end_of_item(tokens: &[Token], start: usize) -> usize {
    let mut depth = 0usize;
    for (i, token) in tokens.iter().enumerate().skip(start) {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" if depth <= 1 => return i + 1,
            "}" => depth -= 1,
            ";" if depth == 0 => return i + 1,
            _ => {}
        }
    }
    tokens.len()
}

struct Lexer<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
}

impl Lexer<'_> {
    fn bump(&mut self) -> Option<char> {
        let c = self.chars.next();
        self.line += usize::from(c == Some('\n'));
        c
    }

    fn next_token(&mut self) -> Option<Token> {
        loop {
            let line = self.line;
            let text = match self.bump()? {
                c if c.is_whitespace() => continue,
                '/' if self.skip_comment() => continue,
                '"' => self.string(),
                '\'' => {
                    self.skip_char_or_lifetime();
                    continue;
                }
                ':' if self.chars.next_if_eq(&':').is_some() => "::".to_string(),
                c if is_word(c) => match self.word(c) {
                    Some(word) => word,
                    None => continue,
                },
                c => c.to_string(),
            };
            return Some(Token { text, line });
        }
    }

    /// A word, or the raw string of which it was the head; `None` when that was a byte string's.
    fn word(&mut self, first: char) -> Option<String> {
        let mut word = String::from(first);
        while let Some(c) = self.chars.next_if(|c| is_word(*c)) {
            word.push(c);
        }
        let next = self.chars.peek().copied();
        match (word.as_str(), next) {
            ("r" | "br" | "cr", Some('"' | '#')) => Some(self.raw_string().unwrap_or(word)),
            ("b" | "c", Some('"')) => {
                self.bump();
                self.string();
                None
            }
            _ => Some(word),
        }
    }

    fn skip_comment(&mut self) -> bool {
        if self.chars.next_if_eq(&'/').is_some() {
            while self.bump().is_some_and(|c| c != '\n') {}
            return true;
        }
        let block = self.chars.next_if_eq(&'*').is_some();
        let mut depth = usize::from(block);
        while depth > 0 {
            match self.bump() {
                Some('*') if self.chars.next_if_eq(&'/').is_some() => depth -= 1,
                Some('/') if self.chars.next_if_eq(&'*').is_some() => depth += 1,
                Some(_) => {}
                None => break,
            }
        }
        block
    }

    /// The rest of a string, behind a quote.
    fn string(&mut self) -> String {
        let mut text = String::from('"');
        while let Some(c) = self.bump().filter(|c| *c != '"') {
            text.push(c);
            if c == '\\' {
                text.extend(self.bump());
            }
        }
        text
    }

    /// Reads `#"…"#`, behind a quote; `None` when it was a raw identifier (`r#type`) and nothing was read.
    fn raw_string(&mut self) -> Option<String> {
        let mut hashes = 0;
        while self.chars.next_if_eq(&'#').is_some() {
            hashes += 1;
        }
        let mut text = String::from(self.chars.next_if_eq(&'"')?);
        while let Some(c) = self.bump() {
            if c == '"' && (0..hashes).all(|_| self.chars.next_if_eq(&'#').is_some()) {
                break;
            }
            text.push(c);
        }
        Some(text)
    }

    fn skip_char_or_lifetime(&mut self) {
        match self.bump() {
            Some('\\') => {
                self.bump();
                while self.bump().is_some_and(|c| c != '\'') {}
            }
            _ => {
                // A lifetime has no closing quote; its name is left as a word without meaning.
                self.chars.next_if_eq(&'\'');
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
