//! In which language something was said: as its source says; else by its letters, the small words
//! in it and a model of sixteen languages, where they agree; else unknown.
//!
//! Links, handles and hashtags say nothing about a language and are left out. A text of fewer than
//! `LEAST` letters (a third of that in scripts that are written by one language alone) stays
//! unknown, and so does one in which two scripts are mixed evenly.

mod latin;
mod script;

use whichlang::detect_language;

use crate::mention::{Lang, Mention, Origin};
use latin::Evidence;
use script::{ALONE, Script};

/// Most of a text that is looked at, bytes.
const READ: usize = 512;
/// Fewest letters from which a language is told.
const LEAST: usize = 9;
/// Evidence that is enough by itself, and by how much it must exceed that for the next language.
const SURE: f32 = 1.5;
const LEAD: f32 = 0.5;
/// Evidence that is enough where the model says the same.
const HINT: f32 = 0.3;
/// What a letter of a script that needs fewer of them weighs against Latin ones.
const DENSE: usize = 3;

/// The language of a mention, whose text in its read form is `text`, and who says so. Of several that
/// the source names it is the one that its words are clearly in, else the first.
pub fn of(mention: &Mention, text: Option<&str>) -> Option<(Lang, Origin)> {
    let told = |detected: Option<Lang>| {
        let mut all = mention.langs.iter().filter_map(|tag| Lang::new(tag));
        all.find(|lang| detected.is_none_or(|detected| detected == *lang))
    };
    let several = if mention.langs.is_empty() { None } else { told(text.and_then(detect)) };
    let told = several.or_else(|| told(None)).or_else(|| mention.lang.as_deref().and_then(Lang::new));
    if let Some(told) = told {
        return Some((told, Origin::Source));
    }
    detect(text?).map(|lang| (lang, Origin::Model))
}

/// The language of a text in its read form, when it is clear enough.
pub fn detect(text: &str) -> Option<Lang> {
    let words = Words::of(text);
    Lang::new(words.language()?)
}

/// The words of a text, and how many letters of each script they have.
#[derive(Debug, Default)]
struct Words {
    /// In small letters, each behind a space.
    small: String,
    latin: usize,
    cyrillic: usize,
    arabic: usize,
    devanagari: usize,
    han: usize,
    kana: usize,
    alone: [usize; ALONE.len()],
}

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Self { small: String::with_capacity(READ), ..Self::default() };
        for token in text[..text.floor_char_boundary(READ)].split_whitespace() {
            if !says_nothing(token) {
                words.read(token);
            }
        }
        words
    }

    fn read(&mut self, token: &str) {
        let mut apart = true;
        for c in token.chars() {
            let letter = if c.is_ascii_alphabetic() { Some(Script::Latin) } else { script::of(c) };
            let Some(script) = letter else {
                apart |= !matches!(c, '\'' | '-') && !is_mark(c);
                if c == '\'' && !apart {
                    self.small.push('\'');
                }
                continue;
            };
            if std::mem::take(&mut apart) {
                self.small.push(' ');
            }
            self.small.extend(c.to_lowercase());
            *self.count(script) += 1;
        }
    }

    fn count(&mut self, script: Script) -> &mut usize {
        match script {
            Script::Latin => &mut self.latin,
            Script::Cyrillic => &mut self.cyrillic,
            Script::Arabic => &mut self.arabic,
            Script::Devanagari => &mut self.devanagari,
            Script::Han => &mut self.han,
            Script::Kana => &mut self.kana,
            Script::Alone(at) => &mut self.alone[at],
        }
    }

    fn language(&self) -> Option<&'static str> {
        let alone = ALONE.iter().zip(self.alone).max_by_key(|(_, count)| *count);
        let (alone, others): (_, usize) = (alone?, self.alone.iter().sum());
        let east = (self.han + self.kana) * DENSE;
        let all = self.latin + self.cyrillic + self.arabic + self.devanagari + east + others * DENSE;
        let most = |count: usize| count * 5 > all * 3 && count >= LEAST;
        match () {
            () if most(self.latin) => self.latin_language(),
            () if most(alone.1 * DENSE) => Some(alone.0.2),
            () if most(east) => self.eastern(),
            () if most(self.cyrillic) => script::shared(Script::Cyrillic, &self.small),
            () if most(self.arabic) => script::shared(Script::Arabic, &self.small),
            () if most(self.devanagari) => script::shared(Script::Devanagari, &self.small),
            () => None,
        }
    }

    /// Japanese mixes kana into its ideographs; a few ideographs alone may be either.
    fn eastern(&self) -> Option<&'static str> {
        match (self.kana, self.han) {
            (0, 6..) => Some("zh"),
            (kana, han) if kana * 8 >= han => (kana > 0).then_some("ja"),
            _ => None,
        }
    }

    fn latin_language(&self) -> Option<&'static str> {
        let mut evidence = Evidence::default();
        self.small.split(' ').for_each(|word| evidence.word(word));
        let (best, score, lead) = evidence.best();
        let sure = score >= SURE && lead >= LEAD;
        let agreed = || score >= HINT && model(self.small.trim_start()) == best;
        (sure || agreed()).then_some(best)
    }
}

/// What the model of sixteen languages takes a text in Latin letters for.
fn model(text: &str) -> &'static str {
    match detect_language(text) {
        whichlang::Lang::Deu => "de",
        whichlang::Lang::Eng => "en",
        whichlang::Lang::Fra => "fr",
        whichlang::Lang::Ita => "it",
        whichlang::Lang::Nld => "nl",
        whichlang::Lang::Por => "pt",
        whichlang::Lang::Spa => "es",
        whichlang::Lang::Swe => "sv",
        whichlang::Lang::Tur => "tr",
        whichlang::Lang::Vie => "vi",
        // Languages of other scripts.
        _ => "",
    }
}

/// Letters, spaces apart, that stand on others (in Indic scripts, vowel signs in Arabic).
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Links, handles, hashtags.
fn says_nothing(token: &str) -> bool {
    let begins = |what: &str| token.get(..what.len()).is_some_and(|head| head.eq_ignore_ascii_case(what));
    token.starts_with(['@', '#']) || begins("http://") || begins("https://") || begins("www.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use std::sync::Arc;

    fn told(text: &str) -> String {
        detect(text).map_or("?".into(), |lang| lang.to_string())
    }

    #[test]
    fn a_sentence_is_known_by_its_script_or_its_small_words() {
        let sentences = [
            ("en", "the new phone is great but the battery is not"),
            ("de", "das neue Telefon ist gut, aber der Akku nicht"),
            ("fr", "le nouveau téléphone est bien mais pas la batterie"),
            ("es", "el teléfono nuevo es bueno pero la batería no"),
            ("pt", "o telefone novo é bom mas a bateria não"),
            ("it", "il nuovo telefono è bello ma la batteria non dura"),
            ("nl", "de nieuwe telefoon is goed maar de batterij niet"),
            ("sv", "den nya telefonen är bra men inte batteriet"),
            ("pl", "nowy telefon jest dobry, ale bateria nie"),
            ("tr", "yeni telefon çok güzel ama pil için aynı şey değil"),
            ("vi", "điện thoại mới rất tốt nhưng pin thì không"),
            ("ru", "новый телефон хороший, но батарея не очень"),
            ("uk", "новий телефон гарний, але батарея ні"),
            ("ar", "الهاتف الجديد جيد ولكن البطارية ليست كذلك"),
            ("fa", "گوشی جدید خوب است اما باتری نه"),
            ("hi", "नया फोन अच्छा है लेकिन बैटरी नहीं"),
            ("ja", "新しい電話はいいけどバッテリーはだめ"),
            ("zh", "新手机很好但是电池不行"),
            ("ko", "새 전화기는 좋은데 배터리는 별로"),
            ("th", "โทรศัพท์ใหม่ดี"),
            ("he", "הטלפון החדש טוב"),
            ("el", "το νέο τηλέφωνο"),
            ("ka", "ახალი ტელეფონი"),
        ];
        for (code, text) in sentences {
            assert_eq!(told(text), code, "{text}");
        }
    }

    #[test]
    fn too_little_is_unknown() {
        for text in
            ["", "ok", "lol!!!", "Aurora", "@aurora #the #and https://the.and/is", "新製品", "12 345", "🙂"]
        {
            assert_eq!(told(text), "?", "{text}");
        }
        assert_eq!(told("aurora phone camera"), "?", "names and nouns alone are no language");
    }

    #[test]
    fn the_source_knows_better_unless_its_tag_says_nothing() {
        let told = |tag: &str| {
            let mut mention = Mention::new(&Arc::from("t"), "1", Time::default(), Time::default());
            mention = mention.with_text("the new phone is great but the battery is not");
            mention.lang = Some(tag.into());
            of(&mention, mention.text.as_deref()).map(|(lang, origin)| (lang.to_string(), origin))
        };
        assert_eq!(told("de-AT"), Some(("de".into(), Origin::Source)));
        assert_eq!(told("und"), Some(("en".into(), Origin::Model)));
        assert_eq!(told(""), Some(("en".into(), Origin::Model)));
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC{0,80}") {
            detect(&text);
        }
    }
}
