//! A date's text made plain, and taken apart into numbers, words and signs.

use jiff::tz::TimeZone;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::mention::ascii_digit;

/// One piece of a date.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: Kind,
    /// White space stands before it.
    pub spaced: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Its value, and with how many digits it is written.
    Number(u64, usize),
    /// Without points and apostrophes.
    Word(String),
    Sign(char),
}

/// Months whose names are two words, and the words around figures in Vietnamese.
const PHRASES: [(&str, &str); 6] = [
    ("كانون الثاني", "يناير"),
    ("تشرين الاول", "اكتوبر"),
    ("تشرين الثاني", "نوفمبر"),
    ("كانون الاول", "ديسمبر"),
    (" thang ", "."),
    (" nam ", "."),
];
/// Eras of Japan, with the year before their first.
const ERAS: [(&str, u64); 2] = [("令和", 2018), ("平成", 1988)];

/// Lower case without accents, with the digits, spaces and dashes of ASCII; `年` and its kin are
/// dashes and colons, and the halves of the day in Chinese, Japanese and Korean `am` and `pm`.
pub fn plain(text: &str) -> String {
    let text = if text.is_ascii() { text.into() } else { eastern(&of_era(text)) };
    let lower = text.nfkd().flat_map(char::to_lowercase).nfkd();
    let shown = lower.filter(|c| !is_accent(*c) && !is_direction(*c));
    let mut plain: String = shown.map(ascii).collect();
    if !text.is_ascii() {
        plain = PHRASES.iter().fold(plain, |plain, (phrase, word)| plain.replace(phrase, word));
    }
    // What Go's clock adds for itself.
    plain.split_once(" m=").map_or(plain.clone(), |(time, _)| time.to_owned())
}

/// A text with the year of a Japanese era as that of ours: `令和8年` is `2026年`.
fn of_era(text: &str) -> String {
    let found = ERAS.iter().find_map(|(era, before)| {
        let (head, rest) = text.split_once(era)?;
        let (year, tail) = rest.split_once('年')?;
        let year: String = year.trim().nfkc().collect();
        let year: u64 = if year == "元" { 1 } else { year.parse().ok()? };
        Some(format!("{head}{}年{tail}", before + year.min(99)))
    });
    found.unwrap_or_else(|| text.to_owned())
}

/// Marks of Latin, Greek, Cyrillic, Hebrew and Arabic, which a word may do without; those of other
/// scripts are its vowels.
fn is_accent(c: char) -> bool {
    is_combining_mark(c) && c < '\u{900}'
        || matches!(c, '\u{1100}'..='\u{20ff}' | '\u{3099}' | '\u{309a}') && is_combining_mark(c)
}

fn eastern(text: &str) -> String {
    const HALVES: [(&str, &str); 6] = [
        ("上午", " am "),
        ("午前", " am "),
        ("오전", " am "),
        ("下午", " pm "),
        ("午後", " pm "),
        ("오후", " pm "),
    ];
    let text = HALVES.iter().fold(text.to_owned(), |text, (half, ascii)| text.replace(half, ascii));
    let (mut out, mut rest) = (String::with_capacity(text.len()), text.chars().peekable());
    while let Some(c) = rest.next() {
        match c {
            '年' | '月' | '년' | '월' => out.push('-'),
            '時' | '时' | '시' | '点' => {
                while rest.next_if(|c| c.is_whitespace()).is_some() {}
                let is_whole = rest.peek().is_none_or(|c| !c.is_numeric());
                out.push_str(if is_whole { ":00 " } else { ":" });
            }
            '分' | '분' => {
                pad(&mut out);
                out.push(':');
            }
            '秒' | '초' => {
                pad(&mut out);
                out.push(' ');
            }
            '日' | '일' | '号' => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Gives minutes or seconds of one digit their second one.
fn pad(out: &mut String) {
    let mut back = out.char_indices().rev();
    if let (Some((at, digit)), Some((_, before))) = (back.next(), back.next())
        && digit.is_numeric()
        && (before == ':' || before.is_whitespace())
    {
        out.insert(at, '0');
    }
}

fn is_direction(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn ascii(c: char) -> char {
    match c {
        c if !c.is_ascii() && c.is_numeric() => ascii_digit(c).unwrap_or(c),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{60c}' => ',',
        '·' | '•' => '|',
        '\u{6cc}' => '\u{64a}',
        '\u{6a9}' => '\u{643}',
        '\u{2019}' => '\'',
        'ı' => 'i',
        'ł' => 'l',
        c if c.is_whitespace() => ' ',
        c => c,
    }
}

/// The text without what stands in parentheses, and that.
pub fn without_notes(text: &str) -> (String, String) {
    match (text.find('('), text.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            let note = text[open + 1..close].trim().to_owned();
            (format!("{} {}", &text[..open], &text[close + 1..]), note)
        }
        _ => (text.to_owned(), String::new()),
    }
}

/// The text without the name of a time zone such as `america/new_york` or `[europe/berlin]`, and
/// that zone. `None` when brackets hold a zone that is not known.
pub fn without_place(text: &str) -> Option<(String, Option<TimeZone>)> {
    if let Some((time, rest)) = text.split_once('[') {
        let (name, rest) = rest.split_once(']')?;
        let zone = TimeZone::get(name.trim_start_matches('!')).ok()?;
        return Some((format!("{time} {rest}"), Some(zone)));
    }
    let (mut words, mut zone) = (Vec::new(), None);
    for word in text.split(' ') {
        let name = word.trim_end_matches([',', '.', ';']);
        let is_name = name.contains('/') && name.starts_with(|c: char| c.is_ascii_alphabetic());
        match is_name.then(|| TimeZone::get(name)) {
            Some(Ok(found)) => zone = Some(found),
            _ => words.push(word),
        }
    }
    Some((words.join(" "), zone))
}

/// Takes a text of [`plain`] apart.
pub fn tokens(text: &str) -> Vec<Token> {
    let (mut tokens, mut rest, mut spaced) = (Vec::new(), text, false);
    while let Some(first) = rest.chars().next() {
        let (kind, length) = match first {
            ' ' => {
                (rest, spaced) = (&rest[1..], true);
                continue;
            }
            '0'..='9' => number(rest),
            c if c.is_alphabetic() => word(rest),
            c => (Kind::Sign(c), c.len_utf8()),
        };
        tokens.push(Token { kind, spaced });
        (rest, spaced) = (&rest[length..], false);
    }
    tokens
}

fn number(text: &str) -> (Kind, usize) {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    (Kind::Number(text[..digits].parse().unwrap_or(u64::MAX), digits), digits)
}

fn word(text: &str) -> (Kind, usize) {
    let is_letter = |c: char| c.is_alphabetic() || is_combining_mark(c);
    let end = text.find(|c: char| !(is_letter(c) || matches!(c, '.' | '\''))).unwrap_or(text.len());
    let letters = text[..end].chars().filter(|c| is_letter(*c)).collect();
    (Kind::Word(letters), end)
}
