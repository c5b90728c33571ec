//! Names of people, languages and countries; a code that is not known stands as it is.

use crate::mention::{Author, Country, is_blank};
use crate::place::Gazetteer;

/// ISO 639 codes of the languages with the most writers on the web, and their English names.
const LANGUAGES: [(&str, &str); 44] = [
    ("ar", "Arabic"),
    ("bg", "Bulgarian"),
    ("bn", "Bengali"),
    ("ca", "Catalan"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("eu", "Basque"),
    ("fa", "Persian"),
    ("fi", "Finnish"),
    ("fr", "French"),
    ("he", "Hebrew"),
    ("hi", "Hindi"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("lt", "Lithuanian"),
    ("lv", "Latvian"),
    ("ms", "Malay"),
    ("nl", "Dutch"),
    ("no", "Norwegian"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sr", "Serbian"),
    ("sv", "Swedish"),
    ("ta", "Tamil"),
    ("th", "Thai"),
    ("tl", "Tagalog"),
    ("tr", "Turkish"),
    ("uk", "Ukrainian"),
    ("ur", "Urdu"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

/// Who spoke: the handle with its `@`, else the name without one.
pub fn author(author: &Author) -> Option<String> {
    let name = || author.name.as_deref().filter(|name| !is_blank(name)).map(str::to_owned);
    author.handle.as_deref().and_then(handle).or_else(name)
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
pub fn language(code: &str) -> &str {
    let at = LANGUAGES.binary_search_by_key(&code, |(code, _)| code);
    at.map_or(code, |at| LANGUAGES[at].1)
}

/// A country by its code.
pub fn country(code: &str) -> &str {
    Country::new(code).and_then(|country| Gazetteer::get().country_name(country)).unwrap_or(code)
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
    fn languages_and_countries_have_names_and_the_rest_stays_as_it_is() {
        assert!(LANGUAGES.is_sorted());
        assert_eq!(language("ja"), "Japanese");
        assert_eq!(language("tlh"), "tlh");
        assert_eq!(country("DE"), "Germany");
        assert_eq!(country("US"), "United States");
        assert_eq!(country("ZZ"), "ZZ");
        assert_eq!(country("nowhere"), "nowhere");
    }
}
