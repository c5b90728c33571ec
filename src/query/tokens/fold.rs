//! The form in which words are compared: small letters, and one letter for those that readers take for
//! one.

use unicode_normalization::char::decompose_canonical;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

use crate::mention::ascii_digit;

/// Appends `raw`, in its read form, as texts are compared: NFKC and lower case; without what is only
/// written ornamentally (vowel signs of Arabic and Hebrew, tatweel, joiners, the stress of Russian, the
/// marks within words of Armenian) or only in small letters (accents of Greek); the forms of one letter
/// (σ and ς, ı and i, ё and е, œ and oe, ș and ş, the yehs and kafs of Arabic and Persian, the
/// chillus of Malayalam) and the digits of one number are the same. `docs/topics.md` tells all; `assets/places/bake.py` does the same.
pub fn fold(raw: &str, out: &mut String) {
    let start = out.len();
    if raw.is_ascii() {
        out.push_str(raw);
        out[start..].make_ascii_lowercase();
    } else if is_nfkc_quick(raw.chars()) == IsNormalized::Yes {
        raw.chars().for_each(|c| lower(c, start, out));
    } else {
        raw.nfkc().for_each(|c| lower(c, start, out));
    }
}

/// Appends one letter to what was folded from byte `start` on.
fn lower(c: char, start: usize, out: &mut String) {
    if c.is_ascii() {
        return out.push(c.to_ascii_lowercase());
    }
    for c in c.to_lowercase() {
        match letter(c) {
            Some('ß') => out.push_str("ss"),
            Some('œ') => out.push_str("oe"),
            Some('\u{300}' | '\u{301}') if ends_in_cyrillic(&out[start..]) => {}
            Some(sign @ '\u{5f0}'..='\u{5f2}') => out.push_str(ligature(sign)),
            Some(sign @ '\u{e40}'..='\u{ecd}') => southeastern(sign, start, out),
            Some(sign @ '\u{d7a}'..='\u{d7f}') => out.extend([chillu(sign), '\u{d4d}']),
            None if c == '\u{654}' && out[start..].ends_with('\u{64a}') => {
                out.pop();
                out.push('\u{626}');
            }
            Some('\u{9ce}') => out.push_str("\u{9a4}\u{9cd}"),
            letter => out.extend(letter),
        }
    }
}

/// Whether a stress may stand there: it is written for learners, and no letter of its own.
fn ends_in_cyrillic(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| ('\u{400}'..='\u{52f}').contains(&c))
}

/// Yiddish's double letters as two.
fn ligature(c: char) -> &'static str {
    match c {
        '\u{5f0}' => "\u{5d5}\u{5d5}",
        '\u{5f1}' => "\u{5d5}\u{5d9}",
        _ => "\u{5d9}\u{5d9}",
    }
}

/// The consonant that a chillu of Malayalam is without its vowel.
fn chillu(c: char) -> char {
    match c {
        '\u{d7a}' => '\u{d23}',
        '\u{d7b}' => '\u{d28}',
        '\u{d7c}' => '\u{d30}',
        '\u{d7d}' => '\u{d32}',
        '\u{d7e}' => '\u{d33}',
        _ => '\u{d15}',
    }
}

/// Thai and Lao: two `เ` are the one `แ` that they look like, and a tone stands before the ring of `ำ`.
fn southeastern(c: char, start: usize, out: &mut String) {
    let last = out[start..].chars().next_back();
    match (last, c) {
        (Some('\u{e40}'), '\u{e40}') | (Some('\u{ec0}'), '\u{ec0}') => {
            out.pop();
            out.extend(char::from_u32(u32::from(c) + 1));
        }
        (Some(ring @ '\u{e4d}'), '\u{e48}'..='\u{e4b}') | (Some(ring @ '\u{ecd}'), '\u{ec8}'..='\u{ecb}') => {
            out.pop();
            out.extend([c, ring]);
        }
        _ => out.push(ascii_digit(c).unwrap_or(c)),
    }
}

/// The letter or digit that stands for all that are read as the same; `None` for ornaments.
fn letter(c: char) -> Option<char> {
    match c {
        'ı' => Some('i'),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(greek(c)),
        'ё' => Some('е'),
        // Romanian with a comma below, and with the cedilla of older keyboards.
        'ș' => Some('ş'),
        'ț' => Some('ţ'),
        '\u{55a}'..='\u{55f}' => None,
        // The dot of `İ` in small letters, joiners, the selector of emoji.
        '\u{307}' | '\u{200c}' | '\u{200d}' | '\u{fe0f}' => None,
        '\u{591}'..='\u{6ff}' => eastern(c),
        '\u{7c0}'..='\u{1a99}' => Some(ascii_digit(c).unwrap_or(c)),
        c => Some(c),
    }
}

/// The letter without accents and breathings, which Greek leaves out in capitals.
fn greek(c: char) -> char {
    let mut first = None;
    decompose_canonical(c, |part| first = first.or(Some(part)));
    match first.unwrap_or(c) {
        'ς' => 'σ',
        letter => letter,
    }
}

/// The same for Hebrew and Arabic.
fn eastern(c: char) -> Option<char> {
    Some(match c {
        c if is_ornament(c) => return None,
        '\u{649}' | '\u{6cc}' => '\u{64a}',
        '\u{6a9}' | '\u{6aa}' => '\u{643}',
        '\u{6c0}'..='\u{6c2}' | '\u{6d5}' => '\u{647}',
        '\u{6c3}' => '\u{629}',
        '\u{671}' => '\u{627}',
        c => ascii_digit(c).unwrap_or(c),
    })
}

/// Points and accents of Hebrew; vowel signs and tatweel of Arabic.
fn is_ornament(c: char) -> bool {
    matches!(c,
        '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}')
}
