//! Where the parts of a mention stand in a foreign record.

/// JSONPath (RFC 9535) of each part of a mention in a foreign record.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(deny_unknown_fields)]
pub struct FieldMap {
    /// Required: the record's unique id. Records without one are counted as garbage.
    pub id: String,
    /// The text of the mention.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Headline, placed before the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// `true`: text and headline are HTML; only their words are used.
    #[serde(default)]
    pub html: bool,
    /// When it was posted: a date in any common format, or seconds, milliseconds or microseconds
    /// since 1970. Default: the time it arrives.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ts: Option<String>,
    /// Where it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Name of the author.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Handle of the author, with or without `@`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<String>,
    /// The author's number of followers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub followers: Option<String>,
    /// Language, BCP 47; can be several, or a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lang: Option<String>,
    /// Links besides those in the text: URLs, or lists of URLs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<String>,
    /// Latitude, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<String>,
    /// Longitude, degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<String>,
    /// Name of the place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Country it was posted from, two letters (ISO 3166-1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Location in the author's profile, as free text; looked up in the gazetteer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// A number from −1 to 1, or `positive`, `neutral` or `negative`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<String>,
}

impl FieldMap {
    /// Its paths, each with its key.
    pub fn paths(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [
            ("id", Some(&self.id)),
            ("text", self.text.as_ref()),
            ("title", self.title.as_ref()),
            ("ts", self.ts.as_ref()),
            ("url", self.url.as_ref()),
            ("author", self.author.as_ref()),
            ("handle", self.handle.as_ref()),
            ("followers", self.followers.as_ref()),
            ("lang", self.lang.as_ref()),
            ("links", self.links.as_ref()),
            ("lat", self.lat.as_ref()),
            ("lon", self.lon.as_ref()),
            ("place", self.place.as_ref()),
            ("country", self.country.as_ref()),
            ("location", self.location.as_ref()),
            ("sentiment", self.sentiment.as_ref()),
        ];
        parts.into_iter().filter_map(|(part, path)| Some((part, path?.as_str())))
    }
}
