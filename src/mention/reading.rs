//! The read form of a text: as people read it, whatever a telephone, a word processor or a web page
//! wrote for its letters. Made once a mention; topics, sentiment, language, word lists, copies and
//! places all read it. What is shown on the wall stays as it was written.
//!
//! - What cannot be seen is left out: soft hyphens, zero-width spaces, word joiners, selectors,
//!   marks of direction. Joiners stay where they shape letters (Arabic, the scripts of India).
//! - Typographic quotes, apostrophes, hyphens, spaces and dots are those of ASCII.
//! - Letters of another width or dress are the plain ones: `ＡＵＲＯＲＡ`, `ｵｰﾛﾗ`, `𝐠𝐨𝐨𝐝`, `ﬁ`, `ᴀᴜʀᴏʀᴀ`;
//!   lines drawn through or under them fall away, and the raised and lowered ones stand in the line: `CO₂`.
//!
//! Capitals, accents and the letters of a language stay; `query::tokens::fold` makes those equal.

use std::borrow::Cow;
use std::str::Chars;

use unicode_normalization::char::compose;
use unicode_normalization::{IsNormalized, UnicodeNormalization as _, is_nfc_quick};

/// How a character is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum As {
    Itself,
    Nothing,
    Text(&'static str),
    Letter(char),
    /// Its plain form (NFKC).
    Plain,
    /// A letter in a filled square, which alone is a sign of its own (`🅰`).
    Square(char),
    /// Nothing, unless it shapes letters.
    Joiner,
    /// An apostrophe between two letters, else itself.
    Tick,
    /// The mark of Japanese, where it voices the letter before it, else itself.
    Voicing(char),
}

/// The read form of a text; borrowed where that is the text itself, as nearly always in plain ASCII.
pub fn reading(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.contains('`') {
        return Cow::Borrowed(text);
    }
    match first_changed(text) {
        Some(at) => Cow::Owned(rewritten(text, at)),
        None => Cow::Borrowed(text),
    }
}

/// Byte of the first character that is not read as itself.
fn first_changed(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let may_begin = |at: &usize| {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        SECONDS[usize::from(bytes[*at])] >> (next & 63) & 1 == 1
    };
    (0..bytes.len()).filter(may_begin).find(|at| {
        let (before, mut rest) = (&text[..*at], text[*at..].chars());
        match rest.next().map_or(As::Itself, read_as) {
            As::Itself => false,
            As::Joiner => !shapes(before),
            As::Tick => is_between_letters(before, rest),
            As::Voicing(mark) => voices(before, mark),
            As::Square(_) => is_square(rest),
            As::Nothing | As::Text(_) | As::Letter(_) | As::Plain => true,
        }
    })
}

/// The text with all from byte `at` on in its read form.
fn rewritten(text: &str, at: usize) -> String {
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..at]);
    let mut rest = text[at..].chars();
    let mut square = false;
    while let Some(c) = rest.next() {
        let was_square = std::mem::take(&mut square);
        match read_as(c) {
            As::Itself => out.push(c),
            As::Nothing => square = was_square,
            As::Square(letter) if was_square || is_square(rest.clone()) => {
                square = true;
                out.push(letter);
            }
            As::Square(_) => out.push(c),
            As::Letter(letter) => out.push(letter),
            As::Text(plain) => out.push_str(plain),
            As::Plain => out.extend(std::iter::once(c).nfkc().map(letter)),
            As::Joiner if shapes(&out) => out.push(c),
            As::Joiner => {}
            As::Tick if is_between_letters(&out, rest.clone()) => out.push('\''),
            As::Tick => out.push(c),
            As::Voicing(mark) if voices(&out, mark) => out.push(mark),
            As::Voicing(_) => out.push(c),
        }
    }
    // What fell away may have stood between a letter and its mark.
    if is_nfc_quick(out.chars()) == IsNormalized::Yes { out } else { out.nfc().collect() }
}

/// What is left of a letter's dress when its width or height is plain: `ᶫ` is a raised `ʟ`, which is `l`.
fn letter(c: char) -> char {
    if let As::Letter(letter) = read_as(c) { letter } else { c }
}

/// Whether another letter in a filled square follows.
fn is_square(after: Chars<'_>) -> bool {
    let next = after.map(read_as).find(|read| *read != As::Nothing);
    matches!(next, Some(As::Square(_)))
}

/// Whether a joiner behind this text shapes its last letter.
fn shapes(before: &str) -> bool {
    let is_shaped =
        |c: char| matches!(c, '\u{620}'..='\u{109f}' | '\u{1780}'..='\u{1cff}' | '\u{a800}'..='\u{abff}');
    before.chars().next_back().is_some_and(is_shaped)
}

/// Whether a mark makes one letter with the last of this text: `カ゛` is `ガ`.
fn voices(before: &str, mark: char) -> bool {
    before.chars().next_back().is_some_and(|last| compose(last, mark).is_some())
}

fn is_between_letters(before: &str, mut after: Chars<'_>) -> bool {
    let next = after.find(|c| !matches!(read_as(*c), As::Nothing | As::Joiner));
    next.is_some_and(becomes_letter) && before.chars().next_back().is_some_and(char::is_alphabetic)
}

/// Whether what is left of a sign is a letter: `⼀`, which is none, is read as `一`.
fn becomes_letter(c: char) -> bool {
    match read_as(c) {
        As::Plain => std::iter::once(c).nfkc().next().is_some_and(char::is_alphabetic),
        As::Letter(letter) => letter.is_alphabetic(),
        _ => c.is_alphabetic(),
    }
}

fn read_as(c: char) -> As {
    match c {
        '`' | '\u{b4}' | '\u{1fef}' | '\u{1ffd}' | '\u{ff40}' => As::Tick,
        '\0'..='\u{9f}' => As::Itself,
        '\u{200c}' | '\u{200d}' => As::Joiner,
        c if is_unseen(c) => As::Nothing,
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            As::Text(" ")
        }
        '\u{2b9}'
        | '\u{2bb}'..='\u{2bd}'
        | '\u{55a}'
        | '\u{5f3}'
        | '\u{2018}'..='\u{201b}'
        | '\u{2032}'
        | '\u{2035}'
        | '\u{2039}'
        | '\u{203a}'
        | '\u{275b}'
        | '\u{275c}'
        | '\u{a78c}' => As::Text("'"),
        '\u{ab}'
        | '\u{bb}'
        | '\u{2ba}'
        | '\u{2ee}'
        | '\u{5f4}'
        | '\u{201c}'..='\u{201f}'
        | '\u{2033}'
        | '\u{2036}'
        | '\u{275d}'
        | '\u{275e}'
        | '\u{301d}'..='\u{301f}' => As::Text("\""),
        '\u{2010}' | '\u{2011}' | '\u{2212}' => As::Text("-"),
        '\u{309b}' => As::Voicing('\u{3099}'),
        '\u{309c}' => As::Voicing('\u{309a}'),
        '\u{2024}' => As::Text("."),
        '\u{2025}' => As::Text(".."),
        '\u{2026}' => As::Text("..."),
        '\u{203c}' => As::Text("!!"),
        '\u{2047}' => As::Text("??"),
        '\u{2048}' => As::Text("?!"),
        '\u{2049}' => As::Text("!?"),
        c if is_dressed(c) => As::Plain,
        c => dressed_apart(c),
    }
}

/// Letters in a dress of which NFKC does not know: small capitals, and white on black.
fn dressed_apart(c: char) -> As {
    const CAPITALS: &str = "ᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpꞯqʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz";
    let from_a = |first: u32| char::from_u32(u32::from('A') + u32::from(c) - first);
    match c {
        '\u{1f150}'..='\u{1f169}' => from_a(0x1f150).map_or(As::Itself, As::Letter),
        '\u{1f170}'..='\u{1f189}' => from_a(0x1f170).map_or(As::Itself, As::Square),
        '\u{262}'..='\u{29f}' | '\u{1d00}'..='\u{1d22}' | '\u{a730}'..='\u{a7af}' => {
            let mut all = CAPITALS.chars();
            let _ = all.find(|capital| *capital == c);
            all.next().map_or(As::Itself, As::Letter)
        }
        _ => As::Itself,
    }
}

/// What leaves no mark of its own: of Unicode's `Default_Ignorable_Code_Point` all but the joiners; and
/// lines drawn through, under or over a text.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{332}' | '\u{333}' | '\u{335}'..='\u{338}' | '\u{33f}' |
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

/// Letters in another width or dress, raised, ringed or tied together. Signs that stand for words (`™`,
/// `№`, `㎏`, `ﷺ`), numbers (`²`, `½`) and emoji stay: plain, they would grow together with their
/// neighbours, or count as words of another language.
fn is_dressed(c: char) -> bool {
    matches!(c,
        '\u{13f}' | '\u{140}' | '\u{2b0}'..='\u{2b8}' | '\u{2e0}'..='\u{2e4}' | '\u{1d2c}'..='\u{1d6a}' | '\u{1d78}'
        | '\u{1d9b}'..='\u{1dbf}' | '\u{2071}' | '\u{207f}' | '\u{2080}'..='\u{2089}' | '\u{2090}'..='\u{209c}' | '\u{2e9f}' | '\u{2ef3}' | '\u{2f00}'..='\u{2fd5}' | '\u{2102}'
        | '\u{210a}'..='\u{2113}' | '\u{2115}' | '\u{2119}'..='\u{211d}' | '\u{2124}' | '\u{2128}'
        | '\u{212c}'..='\u{2134}' | '\u{2145}'..='\u{2149}' | '\u{24b6}'..='\u{24e9}' | '\u{fb00}'..='\u{fdf9}'
        | '\u{fe10}'..='\u{fe19}' | '\u{fe50}'..='\u{fefc}' | '\u{ff01}'..='\u{ff9f}' | '\u{ffa1}'..='\u{ffe2}'
        | '\u{ffe4}'..='\u{ffe6}' | '\u{1d400}'..='\u{1d7ff}' | '\u{1f130}'..='\u{1f149}')
}

/// For each first byte of a character a bit for each second one, where it may not be read as itself:
/// most texts are passed over at a glance.
const SECONDS: [u64; 256] = {
    let blocks: [(u8, u8, u8); 33] = [
        (b'`', 0x80, 0xbf),
        (0xc2, 0xa0, 0xbb),
        (0xc4, 0xbf, 0xbf),
        (0xc5, 0x80, 0x80),
        (0xc9, 0xa2, 0xb4),
        (0xca, 0x80, 0xbf),
        (0xcb, 0xa0, 0xae),
        (0xcc, 0xb2, 0xbf),
        (0xcd, 0x8f, 0x8f),
        (0xd5, 0x9a, 0x9a),
        (0xd7, 0xb3, 0xb4),
        (0xd8, 0x9c, 0x9c),
        (0xe1, 0x85, 0x85),
        (0xe1, 0x9a, 0x9a),
        (0xe1, 0x9e, 0x9e),
        (0xe1, 0xa0, 0xa0),
        (0xe1, 0xb4, 0xb6),
        (0xe1, 0xbf, 0xbf),
        (0xe2, 0x80, 0x82),
        (0xe2, 0x84, 0x85),
        (0xe2, 0x88, 0x88),
        (0xe2, 0x92, 0x93),
        (0xe2, 0x9d, 0x9d),
        (0xe2, 0xba, 0xbf),
        (0xe3, 0x80, 0x80),
        (0xe3, 0x82, 0x82),
        (0xe3, 0x85, 0x85),
        (0xea, 0x9c, 0x9e),
        (0xef, 0xac, 0xbf),
        (0xf0, 0x9b, 0x9b),
        (0xf0, 0x9d, 0x9d),
        (0xf0, 0x9f, 0x9f),
        (0xf3, 0xa0, 0xa0),
    ];
    let (mut seconds, mut i) = ([0; 256], 0);
    while i < blocks.len() {
        let (first, mut second, last) = blocks[i];
        while second <= last {
            seconds[first as usize] |= 1 << (second & 63);
            second += 1;
        }
        i += 1;
    }
    seconds
};

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(written: &str, read: &str) {
        assert_eq!(reading(written), read, "{written:?}");
    }

    #[test]
    fn typography_is_read_as_it_is_typed() {
        for sign in ['’', '‘', 'ʼ', '＇', '‛', 'ʻ', '`', '´', '′', '❜', 'ꞌ'] {
            reads(&format!("isn{sign}t"), "isn't");
        }
        reads("“So”, «he» said… „No‟ ＂x＂", "\"So\", \"he\" said... \"No\" \"x\"");
        reads("kind‑of uh‐uh −5", "kind-of uh-uh -5");
        reads("צה״ל צ׳יפס", "צה\"ל צ'יפס");
        reads("a\u{a0}b\u{202f}c\u{3000}d", "a b c d");
        reads("a ` b ´ `code`…", "a ` b ´ `code`...");
    }

    #[test]
    fn what_cannot_be_seen_parts_no_word() {
        for unseen in
            ['\u{ad}', '\u{200b}', '\u{2060}', '\u{200c}', '\u{feff}', '\u{34f}', '\u{fe0f}', '\u{202e}']
        {
            reads(&format!("Ober{unseen}bürger{unseen}"), "Oberbürger");
        }
        reads("e\u{ad}\u{301}", "é");
        reads("葛\u{e0100}城", "葛城");
        reads("می\u{200c}خواهم क्\u{200d}ष", "می\u{200c}خواهم क्\u{200d}ष");
    }

    #[test]
    fn letters_in_another_dress_are_plain_ones() {
        reads("ＡＵＲＯＲＡ！ ｵｰﾛﾗ ｶﾞ", "AURORA! オーロラ ガ");
        reads("カ゛ は゜ ｶ゛ あ゛ a゛", "ガ ぱ ガ あ゛ a゛");
        reads("𝐠𝐨𝐨𝐝 𝓰𝓸𝓸𝓭 ⓖⓞⓞⓓ ﬁne ᵍᵒᵒᵈ ℊood", "good good good fine good good");
        reads("ﻛﺘﺎﺏ", "كتاب");
    }

    #[test]
    fn letters_of_which_unicode_knows_no_plain_form_are_plain_ones() {
        reads("ᴀᴜʀᴏʀᴀ ʙɢʜɪʟɴꜱʏ 🅐🅤🅡🅞🅡🅐 🅰🆄🆁🅾🆁🅰", "aurora bghilnsy AURORA AURORA");
        reads("a̶u̶r̶o̶r̶a̶ a̲u̲r̲o̲r̲a̲ CO₂ ⽇本", "aurora aurora CO2 日本");
        reads("🅰 or 🅱️, ≠ 1⃣", "🅰 or 🅱, ≠ 1⃣");
    }

    #[test]
    fn the_rest_stays_as_it_is() {
        for text in [
            "plain, \"quoted\" 'text' - with … nothing".replace('…', "..."),
            "Aurora™ m² ½ № 5 ㎏ ﷺ é ß İ ı ς ё ى ک 電池 ไทย น้ำ 한국 ㅋㅋ 🔥👍🏽 ©".into(),
        ] {
            assert!(matches!(reading(&text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn a_tick_before_a_sign_that_is_read_as_a_letter_is_an_apostrophe() {
        assert_eq!(reading("A`⼀"), "A'一");
        assert_eq!(reading("l`ᴀmour"), "l'amour");
        assert_eq!(reading("5`⼀"), "5`一");
    }

    #[test]
    fn every_character_that_is_changed_is_looked_at() {
        for c in ('\0'..=char::MAX).filter(|c| read_as(*c) != As::Itself) {
            let behind = if matches!(read_as(c), As::Square(_)) { c } else { 'b' };
            let before = if matches!(read_as(c), As::Voicing(_)) { 'ハ' } else { 'a' };
            assert_eq!(first_changed(&format!("{before}{c}{behind}")), Some(before.len_utf8()), "{c:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_reading_reads_as_itself(text in "(\\PC|[🅰🆄🅐̶`´｀゛カﾊa\u{ad}\u{200d}\u{200c}’é\u{301}ﾞｶ])*") {
            let once = reading(&text).into_owned();
            proptest::prop_assert_eq!(&*reading(&once), &once);
        }
    }
}
