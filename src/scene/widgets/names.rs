//! Names of people, languages and countries. A code is what a source says, so that one without a name here is not shown.

use crate::mention::{Author, Country, is_blank};
use crate::place::Gazetteer;

/// ISO 639 codes of the languages that people write in on the web, and their English names (Unicode CLDR).
const LANGUAGES: [(&str, &str); 137] = [
    ("af", "Afrikaans"),
    ("am", "Amharic"),
    ("ar", "Arabic"),
    ("as", "Assamese"),
    ("ast", "Asturian"),
    ("az", "Azerbaijani"),
    ("ba", "Bashkir"),
    ("be", "Belarusian"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("bo", "Tibetan"),
    ("br", "Breton"),
    ("bs", "Bosnian"),
    ("ca", "Catalan"),
    ("ceb", "Cebuano"),
    ("ckb", "Central Kurdish"),
    ("co", "Corsican"),
    ("cs", "Czech"),
    ("cy", "Welsh"),
    ("da", "Danish"),
    ("de", "German"),
    ("dv", "Divehi"),
    ("el", "Greek"),
    ("en", "English"),
    ("eo", "Esperanto"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("eu", "Basque"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fil", "Filipino"),
    ("fo", "Faroese"),
    ("fr", "French"),
    ("fy", "West Frisian"),
    ("ga", "Irish"),
    ("gd", "Scottish Gaelic"),
    ("gl", "Galician"),
    ("gn", "Guarani"),
    ("gsw", "Swiss German"),
    ("gu", "Gujarati"),
    ("ha", "Hausa"),
    ("haw", "Hawaiian"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hmn", "Hmong"),
    ("hr", "Croatian"),
    ("ht", "Haitian Creole"),
    ("hu", "Hungarian"),
    ("hy", "Armenian"),
    ("id", "Indonesian"),
    ("ig", "Igbo"),
    ("is", "Icelandic"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("jv", "Javanese"),
    ("ka", "Georgian"),
    ("kk", "Kazakh"),
    ("kl", "Greenlandic"),
    ("km", "Khmer"),
    ("kn", "Kannada"),
    ("ko", "Korean"),
    ("ku", "Kurdish"),
    ("ky", "Kyrgyz"),
    ("la", "Latin"),
    ("lb", "Luxembourgish"),
    ("lg", "Ganda"),
    ("ln", "Lingala"),
    ("lo", "Lao"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("mg", "Malagasy"),
    ("mi", "Maori"),
    ("mk", "Macedonian"),
    ("ml", "Malayalam"),
    ("mn", "Mongolian"),
    ("mr", "Marathi"),
    ("ms", "Malay"),
    ("mt", "Maltese"),
    ("my", "Burmese"),
    ("nb", "Norwegian Bokmål"),
    ("nds", "Low German"),
    ("ne", "Nepali"),
    ("nl", "Dutch"),
    ("nn", "Norwegian Nynorsk"),
    ("no", "Norwegian"),
    ("ny", "Nyanja"),
    ("oc", "Occitan"),
    ("om", "Oromo"),
    ("or", "Odia"),
    ("pa", "Punjabi"),
    ("pl", "Polish"),
    ("ps", "Pashto"),
    ("pt", "Portuguese"),
    ("qu", "Quechua"),
    ("rm", "Romansh"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("rw", "Kinyarwanda"),
    ("sa", "Sanskrit"),
    ("sc", "Sardinian"),
    ("sd", "Sindhi"),
    ("se", "Northern Sami"),
    ("si", "Sinhala"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sm", "Samoan"),
    ("sn", "Shona"),
    ("so", "Somali"),
    ("sq", "Albanian"),
    ("sr", "Serbian"),
    ("st", "Southern Sotho"),
    ("su", "Sundanese"),
    ("sv", "Swedish"),
    ("sw", "Swahili"),
    ("ta", "Tamil"),
    ("te", "Telugu"),
    ("tg", "Tajik"),
    ("th", "Thai"),
    ("ti", "Tigrinya"),
    ("tk", "Turkmen"),
    ("tl", "Tagalog"),
    ("tn", "Tswana"),
    ("to", "Tongan"),
    ("tr", "Turkish"),
    ("tt", "Tatar"),
    ("ug", "Uyghur"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("uz", "Uzbek"),
    ("vi", "Vietnamese"),
    ("wo", "Wolof"),
    ("xh", "Xhosa"),
    ("yi", "Yiddish"),
    ("yo", "Yoruba"),
    ("yue", "Cantonese"),
    ("zh", "Chinese"),
    ("zu", "Zulu"),
];

/// Who spoke: the handle with its `@`, else the name without one.
pub fn author(author: &Author) -> Option<String> {
    let name = || author.name.as_deref().filter(|name| !is_blank(name)).map(str::to_owned);
    author.handle.as_deref().and_then(handle).or_else(name)
}

/// The first letters of the first and the last word of a name, or of a handle: `J. D.`
pub fn initials(author: &Author) -> Option<String> {
    let name = author.name.as_deref().filter(|name| !is_blank(name)).or(author.handle.as_deref())?;
    let first = |word: &str| word.chars().find(|c| c.is_alphabetic()).map(|c| c.to_uppercase().to_string());
    let letters: Vec<String> = name.split_whitespace().filter_map(first).collect();
    match &letters[..] {
        [] => None,
        [only] => Some(format!("{only}.")),
        [first, .., last] => Some(format!("{first}. {last}.")),
    }
}

/// A handle with one `@` before it. What has spaces in it is a name, whatever a source calls it.
pub fn handle(handle: &str) -> Option<String> {
    let bare = handle.trim_start_matches(['@', '＠', ' ']).trim_end();
    match bare {
        _ if is_blank(bare) => None,
        _ if bare.contains(char::is_whitespace) => Some(bare.to_owned()),
        _ => Some(format!("@{bare}")),
    }
}

/// A language by its code.
pub fn language(code: &str) -> Option<&'static str> {
    let at = LANGUAGES.binary_search_by_key(&code, |(code, _)| code).ok()?;
    Some(LANGUAGES[at].1)
}

/// A country by its code.
pub fn country(code: &str) -> Option<&'static str> {
    Gazetteer::get().country_name(Country::new(code)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_has_one_sign_and_a_name_has_none() {
        let of = |handle: Option<&str>, name: Option<&str>| {
            author(&Author {
                handle: handle.map(Into::into),
                name: name.map(Into::into),
                ..Author::default()
            })
        };
        assert_eq!(of(Some("ana"), Some("Ana Ruiz")).as_deref(), Some("@ana"));
        assert_eq!(of(None, Some("Ana Ruiz")).as_deref(), Some("Ana Ruiz"));
        assert_eq!(of(None, Some("Ana")).as_deref(), Some("Ana"));
        assert_eq!(of(Some("@ana@example.org"), None).as_deref(), Some("@ana@example.org"));
        assert_eq!(of(Some("＠@ana"), None).as_deref(), Some("@ana"));
        assert_eq!(of(Some("Ana Ruiz"), None).as_deref(), Some("Ana Ruiz"), "no handle has a space");
        assert_eq!(of(Some("@ \u{2800}"), Some("Ana")).as_deref(), Some("Ana"));
        assert_eq!(of(Some(""), Some("\u{3164}")), None);
    }

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        let of = |name: Option<&str>, handle: Option<&str>| {
            initials(&Author {
                handle: handle.map(Into::into),
                name: name.map(Into::into),
                ..Author::default()
            })
        };
        assert_eq!(of(Some("ana maría ruiz"), Some("x")).as_deref(), Some("A. R."));
        assert_eq!(of(Some("Ана"), None).as_deref(), Some("А."));
        assert_eq!(of(None, Some("_jo")).as_deref(), Some("J."));
        assert_eq!((of(Some("🎈 7"), Some("")), of(None, None)), (None, None));
    }

    #[test]
    fn languages_and_countries_have_names_and_no_code_stands_for_one() {
        assert!(LANGUAGES.is_sorted());
        assert_eq!(language("ja"), Some("Japanese"));
        assert_eq!(language("tlh"), None);
        assert_eq!(country("DE"), Some("Germany"));
        assert_eq!(country("US"), Some("United States"));
        assert_eq!(country("ZZ"), None);
        assert_eq!(country("nowhere"), None);
    }
}
