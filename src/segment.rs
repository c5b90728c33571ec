//! Where words begin and end in scripts that put no spaces between them, by the dictionaries of ICU (UAX 29,
//! "dictionary-based boundaries").

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};

static DICTIONARIES: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_dictionary(Default::default()));

/// The words of a run of letters without spaces, as byte ranges that cover it from end to end.
pub fn words(run: &str) -> Vec<Range<usize>> {
    let ends: Vec<usize> = DICTIONARIES.segment_str(run).collect();
    ends.windows(2).map(|pair| pair[0]..pair[1]).collect()
}

/// Whether a letter is of Thai, Lao, Myanmar or Khmer, whose lines break between words that nothing marks.
pub const fn needs_dictionary(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}')
}

/// The text with a zero-width space wherever a line may break between two words of such scripts.
pub fn with_line_breaks(text: &str) -> Cow<'_, str> {
    if !text.contains(needs_dictionary) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len() * 5 / 4), text);
    while let Some(start) = rest.find(needs_dictionary) {
        let run = &rest[start..];
        let run = &run[..run.find(|c| !needs_dictionary(c)).unwrap_or(run.len())];
        out.push_str(&rest[..start]);
        let words: Vec<&str> = words(run).into_iter().map(|word| &run[word]).collect();
        out.push_str(&words.join("\u{200b}"));
        rest = &rest[start + run.len()..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(run: &str) -> Vec<&str> {
        words(run).into_iter().map(|word| &run[word]).collect()
    }

    #[test]
    fn words_are_those_of_the_dictionaries() {
        assert_eq!(split("แบตเตอรี่หมดเร็วมาก"), ["แบตเตอรี่", "หมด", "เร็ว", "มาก"]);
        assert_eq!(split("这个手机的电池不行"), ["这个", "手机", "的", "电池", "不行"]);
        assert!(split("ថ្មឆាប់អស់ណាស់").len() > 2);
        assert!(words("").is_empty());
    }

    #[test]
    fn only_scripts_that_need_it_get_line_breaks() {
        assert!(matches!(with_line_breaks("a battery, 電池が減る"), Cow::Borrowed(_)));
        assert_eq!(with_line_breaks("ดู: หมดเร็ว มาก!"), "ดู: หมด\u{200b}เร็ว มาก!");
    }

    proptest::proptest! {
        #[test]
        fn nothing_else_changes(text in "(?s)[ก-๛ກ-ໝက-႟ក-៹a-z .]{0,60}") {
            let broken = with_line_breaks(&text);
            proptest::prop_assert_eq!(broken.replace('\u{200b}', ""), text.replace('\u{200b}', ""));
        }
    }
}
