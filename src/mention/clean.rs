//! The cleaning of foreign text before it is kept.

use std::sync::Arc;

use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

use super::{MAX_TEXT_BYTES, is_blank};

/// Makes foreign text fit for the wall: NFC, the quotes and dashes of Windows that were taken for
/// controls, control and bidirectional override characters
/// dropped, runs of white space folded to one space, cut to [`MAX_TEXT_BYTES`]. `None` when
/// nothing is left that anybody would see.
pub fn clean_text(raw: &str) -> Option<Arc<str>> {
    if is_clean(raw) {
        return Some(raw.into());
    }
    // What is dropped goes first: it may stand between a letter and its mark.
    let shown = |c: &char| c.is_whitespace() || !is_unshowable(*c);
    let shown = raw.chars().take(MAX_TEXT_BYTES * 4).map(of_windows).filter(shown);
    let composed = is_nfc_quick(shown.clone()) == IsNormalized::Yes;
    if composed { fold(shown, raw.len()) } else { fold(shown.nfc(), raw.len()) }
}

/// Whether nothing is to be done to the text: as most that is plain ASCII.
fn is_clean(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let printable = bytes.iter().all(|b| matches!(b, b' '..=b'~'));
    let edges = bytes.first().is_some_and(|b| *b != b' ') && bytes.last() != Some(&b' ');
    printable && edges && bytes.len() <= MAX_TEXT_BYTES && !bytes.windows(2).any(|pair| pair == b"  ")
}

/// The text with single spaces, cut; `size` is about its bytes.
fn fold(text: impl Iterator<Item = char>, size: usize) -> Option<Arc<str>> {
    let mut clean = String::with_capacity(size.min(MAX_TEXT_BYTES));
    let mut gap = false;
    for c in text {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        let space = gap && !clean.is_empty();
        gap = false;
        if clean.len() + usize::from(space) + c.len_utf8() > MAX_TEXT_BYTES {
            break;
        }
        clean.extend(space.then_some(' '));
        clean.push(c);
    }
    (!is_blank(&clean)).then(|| clean.into())
}

/// What stands at the place of a control character between 0x80 and 0x9f on Windows, whose texts are often
/// said to be ISO 8859-1: `isn\u{92}t` is `isn’t`.
fn of_windows(c: char) -> char {
    const SIGNS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    match c {
        '\u{80}'..='\u{9f}' => SIGNS[c as usize - 0x80],
        c => c,
    }
}

/// Controls, soft hyphens and word joiners, bidirectional embeddings, overrides and isolates,
/// byte-order marks, interlinear annotation, tags and private use. Joiners and variation selectors
/// stay, which emoji and several scripts need, and zero-width spaces, at which Khmer is broken.
fn is_unshowable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffc}' | '\u{e0000}'..='\u{e001f}'
            | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_is_disarmed() {
        assert_eq!(clean_text("a\u{202e}b\u{0}c\r\n\t d").as_deref(), Some("abc d"));
        assert_eq!(clean_text("\u{feff}\u{200f}\n"), None);
        assert_eq!(clean_text("\u{3000}\u{2800} \u{3164}\u{fe0f}\u{200b}"), None, "nobody sees it");
        assert_eq!(
            clean_text("isn\u{92}t \u{93}so\u{94}\u{85} \u{81}5\u{80}").as_deref(),
            Some("isn’t “so”… 5€")
        );
        assert_eq!(clean_text("e\u{302}\u{206e}\u{301}x").as_deref(), Some("\u{1ebf}x"));
        assert_eq!(clean_text("Ober\u{ad}bürger\u{2060}!").as_deref(), Some("Oberbürger!"));
        assert_eq!(clean_text("e\u{206e}\u{301}x").as_deref(), Some("\u{e9}x"));
        assert_eq!(clean_text("👩‍👩‍👧 ok").as_deref(), Some("👩‍👩‍👧 ok"));
        for spare in 0..3 {
            let cut = clean_text(&format!("{} y z", "x".repeat(MAX_TEXT_BYTES - spare)));
            assert!(cut.is_some_and(|t| t.len() <= MAX_TEXT_BYTES && !t.ends_with(' ')), "{spare}");
        }
        assert!(clean_text(&"é".repeat(9_000)).is_some_and(|t| t.len() <= MAX_TEXT_BYTES));
    }

    #[test]
    fn text_is_cleaned_the_same_by_the_short_ways() {
        let long = |text: &str| {
            let shown = text.chars().map(of_windows).filter(|c| c.is_whitespace() || !is_unshowable(*c));
            fold(shown.nfc(), text.len())
        };
        let many = "x".repeat(MAX_TEXT_BYTES + 1);
        let texts = [
            "",
            " ",
            "a",
            " a",
            "a ",
            "a  b",
            "a b",
            "a\tb",
            "é",
            "e\u{301}",
            "\u{ac00}\u{11a8}",
            "\u{7f}",
            &many,
        ];
        for text in texts {
            assert_eq!(clean_text(text), long(text), "{text:?}");
        }
    }
}
