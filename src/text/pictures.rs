//! Which signs of a text are pictures: emoji in colour, told from letters and symbols as Unicode's
//! UTS #51 tells them. A font is chosen by it, because many fonts have `❤` and `☀` as symbols, too.

use std::borrow::Cow;

use icu_properties::CodePointSetData;
use icu_properties::props::{Emoji, EmojiModifier, EmojiPresentation};
use unicode_segmentation::UnicodeSegmentation as _;

/// Behind a sign: show it as a picture.
const AS_PICTURE: char = '\u{fe0f}';
/// Behind a sign: show it as text.
const AS_TEXT: char = '\u{fe0e}';
const JOINER: char = '\u{200d}';
/// The key around `1`, `#` or `*`.
const KEYCAP: char = '\u{20e3}';

/// Before it stand signs that are written with letters, such as `™`.
const FIRST_SYMBOL: char = '\u{2190}';

const FIRST_REGIONAL: char = '\u{1f1e6}';

/// What a sign is to the eye.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Letter,
    /// Could be a picture and is to be seen as text.
    Symbol,
    Picture,
}

/// The text in runs of one kind each, in order. A grapheme cluster (UAX #29) is never divided.
pub fn runs(text: &str) -> impl Iterator<Item = (&str, Kind)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let kind = kind(rest.graphemes(true).next()?);
        let (run, after) = rest.split_at(end_of(rest, kind));
        rest = after;
        Some((run, kind))
    })
}

/// Where the run of `kind` ends with which `text` begins.
fn end_of(text: &str, of: Kind) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    let other = text.grapheme_indices(true).find(|(_, sign)| kind(sign) != of);
    other.map_or(text.len(), |(at, _)| at)
}

fn kind(sign: &str) -> Kind {
    match sign.chars().next() {
        _ if is_picture(sign) => Kind::Picture,
        Some(c) if c >= FIRST_SYMBOL && CodePointSetData::new::<Emoji>().contains(c) => Kind::Symbol,
        _ => Kind::Letter,
    }
}

/// Whether a grapheme cluster is to be seen as a picture.
pub fn is_picture(sign: &str) -> bool {
    let mut chars = sign.chars();
    let Some(first) = chars.next().filter(|c| CodePointSetData::new::<Emoji>().contains(*c)) else {
        return false;
    };
    let (second, third) = (chars.next(), chars.next());
    match second {
        Some(AS_TEXT) => false,
        _ if first.is_ascii() => second == Some(KEYCAP) || third == Some(KEYCAP),
        Some(AS_PICTURE) => true,
        Some(JOINER) if third.is_some_and(|c| CodePointSetData::new::<Emoji>().contains(c)) => true,
        Some(c) if CodePointSetData::new::<EmojiModifier>().contains(c) => true,
        _ => CodePointSetData::new::<EmojiPresentation>().contains(first),
    }
}

/// The text without what only a font of emoji can draw: `1` for its key, and a flag's two letters.
pub fn in_letters(text: &str) -> Cow<'_, str> {
    if !text.contains(|c| c == KEYCAP || regional(c).is_some()) {
        return text.into();
    }
    let signs = text.graphemes(true);
    let of_key = [AS_PICTURE, AS_TEXT, KEYCAP];
    let bared = signs.map(|sign| if sign.ends_with(KEYCAP) { sign.trim_end_matches(of_key) } else { sign });
    bared.flat_map(str::chars).map(|c| regional(c).unwrap_or(c)).collect::<String>().into()
}

/// The letter of a sign of which two are a flag.
fn regional(c: char) -> Option<char> {
    let n = (c as u32).checked_sub(FIRST_REGIONAL as u32).filter(|n| *n < 26)?;
    char::from_u32('A' as u32 + n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pictures(text: &str) -> Vec<&str> {
        runs(text).filter(|(_, kind)| *kind == Kind::Picture).map(|(run, _)| run).collect()
    }

    #[test]
    fn a_selector_says_how_a_sign_is_shown() {
        for sign in ["❤", "☀", "☎", "⚠", "✔", "❄", "✂", "™", "©", "↔", "⌚", "⭐", "👁", "㊗"]
        {
            assert!(is_picture(&format!("{sign}\u{fe0f}")), "{sign}");
            assert!(!is_picture(&format!("{sign}\u{fe0e}")), "{sign}");
        }
    }

    #[test]
    fn without_a_selector_it_is_shown_as_unicode_says() {
        for sign in ["⌚", "⭐", "✅", "☕", "⚡", "⛔", "❌", "❗", "🔥", "😀", "🀄", "🫠", "🇩🇪", "🏽"]
        {
            assert!(is_picture(sign), "{sign}");
        }
        for sign in ["❤", "☀", "☺", "♥", "™", "©", "→", "✓", "✔", "🌡", "🖐", "1", "#", "a", "日", "ع", " "]
        {
            assert!(!is_picture(sign), "{sign}");
        }
    }

    #[test]
    fn sequences_are_one_picture() {
        let sequences = [
            "1️⃣",
            "#️⃣",
            "*️⃣",
            "9⃣",
            "👁️‍🗨️",
            "👁‍🗨",
            "👩🏽‍🚀",
            "🧑‍🤝‍🧑",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "🏳️‍🌈",
            "❤️‍🔥",
            "❤‍🔥",
            "☝🏽",
            "✌🏿",
            "⛹🏽‍♀️",
            "🇫🇷",
            "👨‍👩‍👧‍👦",
        ];
        for sign in sequences {
            let text = format!("a{sign}b");
            assert_eq!(pictures(&text), [sign], "{sign}");
            assert_eq!(sign.graphemes(true).count(), 1, "{sign}");
        }
    }

    #[test]
    fn digits_are_pictures_only_as_keys() {
        assert!(pictures("12:30 #1 * 2\u{fe0f} 3\u{fe0e}\u{20e3} a\u{20e3} c\u{fe0f}").is_empty());
    }

    #[test]
    fn what_could_be_a_picture_and_is_none_is_a_symbol() {
        let kinds: Vec<_> = runs("so™ ❤⭐\u{fe0e}⭐ ok").collect();
        let expected = [
            ("so™ ", Kind::Letter),
            ("❤⭐\u{fe0e}", Kind::Symbol),
            ("⭐", Kind::Picture),
            (" ok", Kind::Letter),
        ];
        assert_eq!(kinds, expected);
    }

    #[test]
    fn runs_are_the_whole_text() {
        for text in ["", "plain", "❤️", "🔥🔥 so ⭐⭐ and عربي ❤️ مرحبا", "🇩🇪🇫🇷x", "\u{fe0f}\u{200d}\u{20e3}"]
        {
            assert_eq!(runs(text).map(|(run, _)| run).collect::<String>(), text);
            assert!(runs(text).all(|(run, _)| !run.is_empty()));
        }
        assert_eq!(pictures("🔥🔥 so ⭐⭐"), ["🔥🔥", "⭐⭐"]);
    }

    #[test]
    fn without_a_font_of_emoji_keys_and_flags_are_letters() {
        assert_eq!(in_letters("press 1️⃣ in 🇩🇪 ❤️"), "press 1 in DE ❤️");
        assert_eq!(in_letters("plain ❤️"), "plain ❤️");
    }
}
