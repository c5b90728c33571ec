//! What a mention may have several of: languages, and pages that it links to.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::field;
use super::scalar::{Leaf, Lone, Scalar, lone_visits, pass_over};
use crate::mention::{MAX_LANGS, MAX_LINKS, Mention, clean_text};

/// Longest address kept, bytes; a longer one is left out, because its beginning is another page.
const MAX_URL: usize = 2_048;

/// A value that stands alone, or the first [`MAX_LANGS`] of a list.
#[derive(Clone, Debug, Default)]
pub(in crate::feed) struct Several<'a>(Vec<Scalar<'a>>);

impl<'a> Several<'a> {
    pub fn as_slice(&self) -> &[Scalar<'a>] {
        &self.0
    }
}

impl<'a> Lone<'a> for Several<'a> {
    fn lone(scalar: Scalar<'a>) -> Self {
        Self(vec![scalar])
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Several<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Visit(PhantomData))
    }
}

struct Visit<'a>(PhantomData<&'a ()>);

impl<'de: 'a, 'a> Visitor<'de> for Visit<'a> {
    type Value = Several<'a>;

    lone_visits!();

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Several<'a>, A::Error> {
        let mut values = Vec::new();
        while values.len() < MAX_LANGS {
            let Some(value) = seq.next_element()? else { return Ok(Several(values)) };
            values.push(value);
        }
        pass_over(seq)?;
        Ok(Several(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Several<'a>, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Several::default())
    }
}

/// Gives a mention the languages among `tags` (BCP 47), in their order, each once.
pub(in crate::feed) fn speak<'v, L: Leaf + 'v>(mention: &mut Mention, tags: impl IntoIterator<Item = &'v L>) {
    let mut langs: Vec<Arc<str>> = Vec::new();
    for lang in tags.into_iter().filter_map(|tag| field::lang(Some(tag))) {
        if langs.len() < MAX_LANGS && !langs.contains(&lang) {
            langs.push(lang);
        }
    }
    mention.lang = langs.first().cloned();
    mention.langs = if langs.len() > 1 { langs } else { Vec::new() };
}

/// The web addresses among `addresses`, in their order, each once, at most [`MAX_LINKS`].
pub(in crate::feed) fn links<'a>(addresses: impl IntoIterator<Item = &'a str>) -> Vec<Arc<str>> {
    let mut links: Vec<Arc<str>> = Vec::new();
    for link in addresses.into_iter().filter_map(link) {
        if links.len() < MAX_LINKS && !links.contains(&link) {
            links.push(link);
        }
    }
    links
}

fn link(address: &str) -> Option<Arc<str>> {
    let address = address.trim();
    let begins = |scheme: &str| address.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme));
    if address.len() > MAX_URL || !(begins("https://") || begins("http://")) {
        return None;
    }
    clean_text(address).filter(|clean| !clean.contains(' '))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::clock::Time;

    #[test]
    fn languages_keep_their_order_and_what_is_none_is_left_out() {
        let mut mention = Mention::new(&"t".into(), "1", Time::default(), Time::default());
        let mut spoken = |tags: serde_json::Value| {
            speak(&mut mention, tags.as_array().expect("a list"));
            (mention.lang.as_deref().map(str::to_owned), mention.langs.join(" "))
        };
        assert_eq!(spoken(json!(["en", "de"])), (Some("en".into()), "en de".into()));
        assert_eq!(spoken(json!(["", "und", 5, "pt-BR", "pt-BR"])), (Some("pt-BR".into()), String::new()));
        assert_eq!(spoken(json!([])), (None, String::new()));
    }

    #[test]
    fn only_web_addresses_that_are_fit_to_show_are_links() {
        let found = links([
            " https://a.example/x ",
            "HTTP://A.example/",
            "https://a.example/x",
            "javascript:alert(1)",
            "mailto:joe@a.example",
            "/relative",
            "https://a.example/two words",
            "https://a.example/\u{202e}gpj.exe",
            &format!("https://a.example/{}", "x".repeat(MAX_URL)),
        ]);
        assert_eq!(found.join(" "), "https://a.example/x HTTP://A.example/ https://a.example/gpj.exe");
        let many: Vec<String> = (0..50).map(|i| format!("https://a.example/{i}")).collect();
        assert_eq!(links(many.iter().map(String::as_str)).len(), MAX_LINKS);
    }
}
