//! The form in which words are compared: small letters, and one letter for those that readers take for
//! one.

use unicode_normalization::char::decompose_canonical;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfkc_quick};

/// Appends `raw`, in its read form, as texts are compared: NFKC and lower case; without what is only
/// written ornamentally (vowel signs of Arabic and Hebrew, tatweel, joiners) or only in small letters
/// (accents of Greek); the forms of one letter
/// (σ and ς, ı and i, ё and е, the yehs and kafs of Arabic and Persian) and the digits of one number
/// are the same. `docs/topics.md` tells all; `assets/places/bake.py` does the same.
pub fn fold(raw: &str, out: &mut String) {
    if raw.is_ascii() {
        let start = out.len();
        out.push_str(raw);
        out[start..].make_ascii_lowercase();
    } else if is_nfkc_quick(raw.chars()) == IsNormalized::Yes {
        raw.chars().for_each(|c| lower(c, out));
    } else {
        raw.nfkc().for_each(|c| lower(c, out));
    }
}

fn lower(c: char, out: &mut String) {
    if c.is_ascii() {
        return out.push(c.to_ascii_lowercase());
    }
    for c in c.to_lowercase() {
        match letter(c) {
            Some('ß') => out.push_str("ss"),
            letter => out.extend(letter),
        }
    }
}

/// The letter or digit that stands for all that are read as the same; `None` for ornaments.
fn letter(c: char) -> Option<char> {
    match c {
        'ı' => Some('i'),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(greek(c)),
        'ё' => Some('е'),
        // The dot of `İ` in small letters, joiners, the selector of emoji.
        '\u{307}' | '\u{200c}' | '\u{200d}' | '\u{fe0f}' => None,
        '\u{591}'..='\u{9ef}' => eastern(c),
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

/// The same for Hebrew, Arabic, Devanagari and Bengali.
fn eastern(c: char) -> Option<char> {
    Some(match c {
        c if is_ornament(c) => return None,
        '\u{649}' | '\u{6cc}' => '\u{64a}',
        '\u{6a9}' | '\u{6aa}' => '\u{643}',
        '\u{6c0}'..='\u{6c2}' | '\u{6d5}' => '\u{647}',
        '\u{6c3}' => '\u{629}',
        '\u{671}' => '\u{627}',
        '\u{660}'..='\u{669}' => digit(c, '\u{660}'),
        '\u{6f0}'..='\u{6f9}' => digit(c, '\u{6f0}'),
        '\u{966}'..='\u{96f}' => digit(c, '\u{966}'),
        '\u{9e6}'..='\u{9ef}' => digit(c, '\u{9e6}'),
        c => c,
    })
}

fn digit(c: char, zero: char) -> char {
    char::from(b'0' + (u32::from(c) - u32::from(zero)) as u8)
}

/// Points and accents of Hebrew; vowel signs and tatweel of Arabic.
fn is_ornament(c: char) -> bool {
    matches!(c,
        '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
        | '\u{610}'..='\u{61a}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6dc}'
        | '\u{6df}'..='\u{6e4}' | '\u{6e7}' | '\u{6e8}' | '\u{6ea}'..='\u{6ed}')
}
