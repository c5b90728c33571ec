//! Which words of a text say what it is about: no stop words, numbers, handles or addresses. Japanese gives
//! its katakana and ideograph runs, which are mostly nouns; Chinese, Thai, Lao, Khmer and Burmese are split
//! into words by dictionary.

use std::ops::Range;

use unicode_normalization::char::is_combining_mark;

use crate::mention::{Lang, is_blank};
use crate::pulse::lists::ranks::TermKind;
use crate::pulse::lists::stop_words::is_stop_word;
use crate::query::find::folded;
use crate::query::tokens::{Kind, Script, Token, Tokens, hash};
use crate::segment;

/// Most words and hashtags, and most emoji, that one mention counts for.
pub const MAX_TERMS: usize = 64;
/// Longest term, characters.
const LONGEST: usize = 32;
/// Set apart from the word that is spelled alike.
const TAG_SALT: u64 = 0x9e37_79b9_7f4a_7c15;

/// Tells `take` each term of a text in `lang`, its kind, and where its spelling stands in `raw`, as long as
/// it answers true.
pub fn terms(
    raw: &str,
    tokens: &Tokens,
    lang: Option<Lang>,
    mut take: impl FnMut(u64, TermKind, Range<usize>) -> bool,
) {
    let is_kana = |token: &Token| matches!(token.kind, Kind::Run(Script::Hiragana | Script::Katakana));
    // Ideographs without any kana are Chinese.
    let has_kana = tokens.list().iter().any(is_kana);
    for token in tokens.list() {
        let goes_on = match token.kind {
            Kind::Run(Script::Han) if !has_kana => words_of(raw, token, lang, &mut take),
            Kind::Run(Script::Other) => words_of(raw, token, lang, &mut take),
            _ => match term(raw, token, tokens.text(token), lang) {
                Some((hash, kind, range)) => take(hash, kind, range),
                None => true,
            },
        };
        if !goes_on {
            return;
        }
    }
}

/// Tells `take` the words of a run of letters without spaces; false as soon as that has enough.
fn words_of(
    raw: &str,
    run: &Token,
    lang: Option<Lang>,
    take: &mut impl FnMut(u64, TermKind, Range<usize>) -> bool,
) -> bool {
    let words = segment::words(&raw[run.raw.clone()]);
    words.into_iter().map(|word| run.raw.start + word.start..run.raw.start + word.end).all(|range| {
        let folded = folded(&raw[range.clone()]);
        let letters = folded.chars().filter(|c| !is_combining_mark(*c)).count();
        let fits = (2..=LONGEST).contains(&letters) && !is_stop_word(&folded, lang) && !is_blank(&folded);
        !fits || take(hash(&folded), TermKind::Word, range)
    })
}

fn term(raw: &str, token: &Token, folded: &str, lang: Option<Lang>) -> Option<(u64, TermKind, Range<usize>)> {
    let length = folded.chars().count();
    let range = token.raw.clone();
    let is_stop = || is_stop_word(folded, lang);
    let fits = match token.kind {
        Kind::Tag => (2..=LONGEST).contains(&length) && folded.chars().any(char::is_alphabetic),
        Kind::Word => (shortest(folded)..=LONGEST).contains(&length) && !is_stop(),
        Kind::Run(Script::Han) => (2..=6).contains(&length) && !is_stop(),
        Kind::Run(Script::Katakana) => (2..=12).contains(&length) && !is_stop(),
        Kind::Run(_) | Kind::Number | Kind::Handle => false,
    };
    if !fits || is_blank(folded) {
        return None;
    }
    match token.kind {
        Kind::Tag => {
            let sign = raw[..range.start].chars().next_back().map_or(0, char::len_utf8);
            Some((token.hash ^ TAG_SALT, TermKind::Hashtag, range.start - sign..range.end))
        }
        _ => Some((token.hash, TermKind::Word, range)),
    }
}

/// A Korean syllable says as much as several letters.
fn shortest(word: &str) -> usize {
    if word.starts_with(|c: char| ('\u{ac00}'..='\u{d7a3}').contains(&c)) { 2 } else { 3 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::mention::{Mention, reading};
    use crate::pulse::lists::names::{Kinds, Names};

    fn of(raw: &str) -> Vec<String> {
        let source = "test".into();
        let mention = Mention::new(&source, "1", Time::default(), Time::default()).with_text(raw);
        let (mut tokens, mut names) = (Tokens::default(), Names::default());
        let read = reading(raw);
        tokens.read(&read, false);
        names.read(&mention, &read, &tokens, Kinds::of(&[TermKind::Word, TermKind::Hashtag]), None);
        names.spelled(&read).into_iter().map(|named| named.form.to_owned()).collect()
    }

    #[test]
    fn what_remains_of_a_text_is_what_it_is_about() {
        let english = "I really don't like the new Battery of my @jo phone, 100 hours #Battery https://a.b/c";
        assert_eq!(of(english), ["Battery", "phone", "hours", "#Battery"]);
        assert_eq!(of("L’écran de l'Aurora est très beau"), ["écran", "Aurora", "beau"]);
        assert_eq!(of("新製品のカメラが本当に綺麗！"), ["新製品", "カメラ", "綺麗"]);
        assert_eq!(of("البطارية جيدة جدا"), ["البطارية", "جيدة"]);
        assert_eq!(of("배터리 정말 좋아요"), ["배터리", "좋아요"]);
    }

    #[test]
    fn scripts_without_spaces_are_split_into_words() {
        assert_eq!(of("这个手机的电池不行 电池"), ["手机", "电池", "不行"]);
        assert_eq!(of("แบตเตอรี่หมดเร็วมากและกล้องก็สวย"), ["แบตเตอรี่", "หมด", "เร็ว", "กล้อง", "สวย"]);
        assert!(of("ថ្មឆាប់អស់ណាស់").iter().any(|word| word == "ថ្ម"), "{:?}", of("ថ្មឆាប់អស់ណាស់"));
        assert_eq!(of("บริการ#แบตเตอรี่ ๑๒๓"), ["บริการ", "#แบตเตอรี่"]);
    }

    #[test]
    fn names_of_people_are_no_terms() {
        assert_eq!(of("thanks @joanna, .@samuel (@peter@example.org) ＠michael"), ["thanks"]);
    }

    #[test]
    fn a_term_counts_once_a_mention_however_it_is_spelled() {
        assert_eq!(of("Camera camera CAMERA #camera"), ["Camera", "#camera"]);
    }

    #[test]
    fn words_are_whole_whatever_stands_unseen_in_them() {
        let paper = "»Ge\u{ad}wer\u{ad}be\u{ad}park« Ober\u{ad}bür\u{ad}ger\u{ad}meis\u{ad}ter";
        assert_eq!(of(paper), ["Gewerbepark", "Oberbürgermeister"]);
        assert_eq!(of("Speditions\u{200b}unter\u{2060}nehmen don’t"), ["Speditionsunternehmen"]);
        assert_eq!(of("об’єднання ＡＵＲＯＲＡ כתבי צה״ל"), ["об'єднання", "AURORA", "כתבי", "צה\"ל"]);
        assert_eq!(of("aslında ASLINDA ещё ВСЁ"), [""; 0]);
    }
}
