//! Names of languages and countries for people; a code that is not known stands as it is.

use crate::layout::widget::Parts;
use crate::mention::Country;
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

/// What a part is called on the wall.
pub fn part(by: Parts, name: &str) -> String {
    let known = match by {
        Parts::Language => language(name),
        Parts::Country => Country::new(name).and_then(|country| Gazetteer::get().country_name(country)),
        _ => None,
    };
    known.unwrap_or(name).to_owned()
}

fn language(code: &str) -> Option<&'static str> {
    let at = LANGUAGES.binary_search_by_key(&code, |(code, _)| code).ok()?;
    Some(LANGUAGES[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_and_countries_have_names_and_the_rest_stays_as_it_is() {
        assert!(LANGUAGES.is_sorted());
        assert_eq!(part(Parts::Language, "ja"), "Japanese");
        assert_eq!(part(Parts::Language, "tlh"), "tlh");
        assert_eq!(part(Parts::Country, "DE"), "Germany");
        assert_eq!(part(Parts::Country, "US"), "United States");
        assert_eq!(part(Parts::Country, "ZZ"), "ZZ");
        assert_eq!(part(Parts::Country, "nowhere"), "nowhere");
        assert_eq!(part(Parts::Source, "DE"), "DE");
    }
}
