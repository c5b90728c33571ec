//! The emoji of a text, as people see them: one sign for each grapheme cluster (UAX #29), so that a
//! family, a flag or a person at work is one; skin tones are folded into one sign.
//!
//! What counts as an emoji is, of Unicode's `emoji-data.txt`, whatever shows as a picture by
//! itself, and what does so by the variation selector or the tone behind it. Keycaps do not count.
//! With and without selectors it is the same emoji.

use std::hash::{Hash as _, Hasher as _};

use icu_properties::CodePointSetData;
use icu_properties::props::{Emoji, EmojiPresentation};
use rustc_hash::FxHasher;
use unicode_segmentation::UnicodeSegmentation as _;

/// Set apart from words that have the same hash.
const SALT: u64 = 0x6a09_e667_f3bc_c909;
/// Longest sequence taken, bytes; longer ones are no emoji that anybody can see.
const LONGEST: usize = 64;

/// Behind a sign: show it as a picture.
const SELECTOR: char = '\u{fe0f}';
/// Behind a sign: show it as text.
const AS_TEXT: char = '\u{fe0e}';

/// Tells `found` each emoji of `text` with the hash that all its skin tones share.
pub fn find<'a>(text: &'a str, mut found: impl FnMut(u64, &'a str)) {
    if text.is_ascii() {
        return;
    }
    let mut at = 0;
    while let Some(next) = text[at..].find(may_begin) {
        at += next;
        let Some(sign) = text[at..].graphemes(true).next() else { return };
        at += sign.len();
        if sign.len() <= LONGEST && is_emoji(sign) {
            found(hash(sign), sign);
        }
    }
}

/// Appends an emoji without the tone of its skin, and with the selectors that make a picture of it.
pub fn write(sign: &str, out: &mut String) {
    for c in sign.chars().filter(|c| is_told(*c)) {
        out.push(c);
        out.extend(needs_selector(c).then_some(SELECTOR));
    }
}

/// Whether it is text unless a selector makes it a picture.
fn needs_selector(c: char) -> bool {
    let is = CodePointSetData::new::<Emoji>().contains(c);
    is && !c.is_ascii() && !CodePointSetData::new::<EmojiPresentation>().contains(c)
}

/// Whether it tells one emoji from another.
fn is_told(c: char) -> bool {
    !is_tone(c) && c != SELECTOR && c != AS_TEXT
}

/// Whether it is a pair of letters that stands for a country or a region.
fn is_flag(sign: &str) -> bool {
    let mut chars = sign.chars();
    chars.next().is_some_and(is_letter) && chars.next().is_some_and(is_letter)
}

fn hash(sign: &str) -> u64 {
    let mut hasher = FxHasher::default();
    sign.chars().filter(|c| is_told(*c)).for_each(|c| c.hash(&mut hasher));
    hasher.finish() ^ SALT
}

fn is_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_letter(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn may_begin(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2194}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
        | '\u{1f000}'..='\u{1faff}')
}

fn is_emoji(sign: &str) -> bool {
    let Some(first) = sign.chars().next() else { return false };
    if is_letter(first) {
        return is_flag(sign);
    }
    is_picture(first) || sign.chars().nth(1).is_some_and(|c| c == SELECTOR || is_tone(c))
}

/// Shows as a picture without a selector. A lone tone of skin is none.
fn is_picture(c: char) -> bool {
    if is_tone(c) {
        return false;
    }
    matches!(c,
        '\u{1f004}' | '\u{1f0cf}' | '\u{1f18e}' | '\u{1f191}'..='\u{1f19a}' | '\u{1f201}' | '\u{1f21a}'
        | '\u{1f22f}' | '\u{1f232}'..='\u{1f236}' | '\u{1f238}'..='\u{1f23a}' | '\u{1f250}' | '\u{1f251}'
        | '\u{1f300}'..='\u{1f64f}' | '\u{1f680}'..='\u{1f6ff}' | '\u{1f7e0}'..='\u{1f7f0}'
        | '\u{1f90c}'..='\u{1f9ff}' | '\u{1fa70}'..='\u{1faff}'
        | '⌚' | '⌛' | '⏩'..='⏬' | '⏰' | '⏳' | '◽' | '◾' | '☔' | '☕' | '♈'..='♓' | '♿' | '⚓' | '⚡'
        | '⚪' | '⚫' | '⚽' | '⚾' | '⛄' | '⛅' | '⛎' | '⛔' | '⛪' | '⛲' | '⛳' | '⛵' | '⛺' | '⛽' | '✅'
        | '✊' | '✋' | '✨' | '❌' | '❎' | '❓'..='❕' | '❗' | '❤' | '➕'..='➗' | '➰' | '➿' | '⬛' | '⬜'
        | '⭐' | '⭕')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        find(text, |_, sign| {
            let mut out = String::new();
            write(sign, &mut out);
            all.push(out);
        });
        all
    }

    fn hashes(text: &str) -> Vec<u64> {
        let mut all = Vec::new();
        find(text, |hash, _| all.push(hash));
        all
    }

    #[test]
    fn what_people_see_as_one_sign_is_one() {
        assert_eq!(of("wow 👩‍👩‍👧‍👦🇫🇷🇩🇪 ok"), ["👩‍👩‍👧‍👦", "🇫🇷", "🇩🇪"]);
        assert_eq!(of("🏴󠁧󠁢󠁳󠁣󠁴󠁿 und 🏳️‍🌈"), ["🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🏳️‍🌈"]);
        assert_eq!(of("綺麗✨だね☕️"), ["✨", "☕"]);
    }

    #[test]
    fn however_it_is_written_it_is_one_entry_and_a_picture() {
        for texts in [
            ["❤️", "❤", "❤\u{fe0e}"],
            ["👁️‍🗨️", "👁‍🗨️", "👁‍🗨"],
            ["☝️", "☝🏽", "☝🏿"],
            ["🏃‍♂️", "🏃‍♂", "🏃🏽‍♂️"],
            ["⌚", "⌚\u{fe0f}", "⌚\u{fe0e}"],
            ["❤️‍🔥", "❤‍🔥", "❤️‍🔥"],
        ] {
            let said = texts.join(" ");
            assert_eq!(of(&said), [texts[0]; 3], "{said}");
            let all = hashes(&said);
            assert!(all.iter().all(|hash| *hash == all[0]), "{said}");
        }
        assert!(of("☀\u{fe0e} ☎\u{fe0e} ☀").is_empty());
    }

    #[test]
    fn tones_and_selectors_make_no_difference() {
        assert_eq!(of("👍🏽 👍"), ["👍", "👍"]);
        let all = hashes("👍🏽👍🏿👍 ❤️❤");
        assert_eq!((all[0], all[1], all[3]), (all[2], all[2], all[4]));
        assert_ne!(hashes("👍"), hashes("👎"));
    }

    #[test]
    fn signs_that_are_no_pictures_are_left_out() {
        for text in ["© ™ → ∞ № 1️⃣ #", "日本語 한국어 العربية", "🇫 🏽", "plain"]
        {
            assert!(of(text).is_empty(), "{text}: {:?}", of(text));
        }
        assert_eq!(of("©️"), ["©️"]);
    }
}
