//! Foreign records: JSONPath says where the parts of a mention stand.

use std::sync::Arc;

use serde_json::Value;
use serde_json_path::JsonPath;

use super::error::DecodeError;
use super::json_path::parse;
use super::{field, html, several};
use crate::clock::Time;
use crate::layout::wall::FieldMap;
use crate::mention::{Author, Mention, Origin, Reach, ReachKind, Sentiment, UNDATED};

/// Most values of one record that are looked at for one part of which a mention may have several.
const MAX_ALL: usize = 64;

/// A field map, ready to read records.
#[derive(Debug)]
pub(in crate::feed) struct Mapper {
    id: JsonPath,
    text: Option<JsonPath>,
    title: Option<JsonPath>,
    html: bool,
    ts: Option<JsonPath>,
    url: Option<JsonPath>,
    author: Option<JsonPath>,
    handle: Option<JsonPath>,
    followers: Option<JsonPath>,
    lang: Option<JsonPath>,
    links: Option<JsonPath>,
    lat: Option<JsonPath>,
    lon: Option<JsonPath>,
    place: Option<JsonPath>,
    country: Option<JsonPath>,
    location: Option<JsonPath>,
    sentiment: Option<JsonPath>,
}

impl Mapper {
    /// Fails with the first path that is none.
    pub fn new(map: &FieldMap) -> Result<Self, String> {
        let path = |path: &Option<String>| path.as_deref().map(parse).transpose();
        Ok(Self {
            id: parse(&map.id)?,
            text: path(&map.text)?,
            title: path(&map.title)?,
            html: map.html,
            ts: path(&map.ts)?,
            url: path(&map.url)?,
            author: path(&map.author)?,
            handle: path(&map.handle)?,
            followers: path(&map.followers)?,
            lang: path(&map.lang)?,
            links: path(&map.links)?,
            lat: path(&map.lat)?,
            lon: path(&map.lon)?,
            place: path(&map.place)?,
            country: path(&map.country)?,
            location: path(&map.location)?,
            sentiment: path(&map.sentiment)?,
        })
    }

    /// Reads a record; one without an id is garbage.
    pub fn read(&self, value: &Value, source: &Arc<str>, received: Time) -> Result<Mention, DecodeError> {
        let id = field::id(self.id.query(value).first()).ok_or(DecodeError("no id where the map says"))?;
        // Without a path for it, all that is known is when it came.
        let ts =
            self.ts.as_ref().map_or(received, |_| field::moment(first(&self.ts, value)).unwrap_or(UNDATED));
        let mut mention = Mention::new(source, &id, ts, received);
        mention.url = field::url(first(&self.url, value));
        mention.author = self.author(value);
        several::speak(&mut mention, all(&self.lang, value));
        mention.geo = field::geo(first(&self.lat, value), first(&self.lon, value));
        if let Some(geo) = &mut mention.geo {
            geo.name = field::name(first(&self.place, value));
        }
        mention.country = field::country(first(&self.country, value));
        let score = field::score(first(&self.sentiment, value));
        mention.sentiment = score.map(|score| Sentiment { score, origin: Origin::Source });
        let followers = mention.author.as_ref().and_then(|author| author.followers);
        mention.reach = followers.map(|value| Reach { value, kind: ReachKind::Followers });
        let mut links = all(&self.links, value).filter_map(Value::as_str).map(str::to_owned).collect();
        let text = self.words(value, &mut links);
        mention.links = several::links(links.iter().map(String::as_str));
        Ok(mention.with_text(&text))
    }

    /// The headline and the text; adds where their links lead to.
    fn words(&self, value: &Value, links: &mut Vec<String>) -> String {
        let parts = [&self.title, &self.text].map(|path| field::text(first(path, value)));
        let plain = |part: &str| if self.html { html::read(part, links) } else { part.to_owned() };
        parts.into_iter().flatten().map(plain).collect::<Vec<_>>().join(" \u{2014} ")
    }

    fn author(&self, value: &Value) -> Option<Author> {
        let handle = field::handle(first(&self.handle, value));
        let name = field::name(first(&self.author, value));
        let id = handle.clone().or_else(|| name.clone())?;
        let followers = field::count(first(&self.followers, value));
        Some(Author { id, handle, name, followers, place: field::name(first(&self.location, value)) })
    }
}

/// All that the path leads to, and what stands in it where that is a list.
fn all<'v>(path: &Option<JsonPath>, value: &'v Value) -> impl Iterator<Item = &'v Value> {
    let found = path.iter().flat_map(|path| path.query(value).all()).take(MAX_ALL);
    found.flat_map(|one| one.as_array().map_or(std::slice::from_ref(one), Vec::as_slice).iter().take(MAX_ALL))
}

/// The first thing that the path leads to.
fn first<'v>(path: &Option<JsonPath>, value: &'v Value) -> Option<&'v Value> {
    path.as_ref()?.query(value).first()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::mention::Country;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn map() -> FieldMap {
        let path = |p: &str| Some(p.to_owned());
        FieldMap {
            id: "$.post.id".into(),
            text: path("$.post.body"),
            title: path("$.post.head"),
            html: false,
            ts: path("$.post.created"),
            url: path("$.post.links[0]"),
            author: path("$.user.name"),
            handle: path("$.user.login"),
            followers: path("$.user.stats.followers"),
            lang: path("$.post.lang"),
            links: path("$.post.links[1:]"),
            lat: path("$.where.lat"),
            lon: path("$.where.lon"),
            place: path("$.where.city"),
            country: path("$.where.country"),
            location: path("$.user.from"),
            sentiment: path("$.mood"),
        }
    }

    fn read(value: Value) -> Result<Mention, DecodeError> {
        Mapper::new(&map()).expect("the paths are right").read(&value, &"crm".into(), NOW)
    }

    #[test]
    fn a_foreign_record_becomes_a_mention() {
        let mention = read(json!({
            "post": {"id": 77, "body": "the battery", "created": 1_799_999_000, "lang": "en",
                     "links": ["https://example.org/77", "https://example.org/x"]},
            "user": {"name": "Ana", "login": "@ana", "stats": {"followers": 12}, "from": "Graz"},
            "where": {"lat": "48.2", "lon": 16.4, "city": "Vienna", "country": "at"}, "mood": "positive"
        }))
        .expect("it has an id");
        assert_eq!((&*mention.uid, mention.text.as_deref()), ("crm:77", Some("the battery")));
        assert_eq!((mention.ts, mention.received), (Time::from_secs(1_799_999_000), NOW));
        assert_eq!(mention.url.as_deref(), Some("https://example.org/77"));
        assert_eq!(mention.links, [Arc::from("https://example.org/x")]);
        let author = mention.author.expect("it has one");
        assert_eq!((&*author.id, author.name.as_deref(), author.followers), ("ana", Some("Ana"), Some(12)));
        assert_eq!(author.place.as_deref(), Some("Graz"));
        assert_eq!(mention.geo.and_then(|g| g.name).as_deref(), Some("Vienna"));
        assert_eq!(mention.country, Country::new("AT"));
        assert!(mention.sentiment.is_some_and(|s| s.score > 0.5));
    }

    #[test]
    fn languages_and_links_may_be_lists_and_html_brings_its_links() {
        let map = FieldMap { html: true, links: Some("$.post.links".into()), ..map() };
        let record = json!({"post": {"id": 1, "body": "<a href='https://b.example/'>this</a>", "lang": ["en", "de"],
            "links": ["https://a.example/", 5, "mailto:x"]}});
        let mention = Mapper::new(&map).expect("the paths are right").read(&record, &"crm".into(), NOW);
        let mention = mention.expect("it has an id");
        assert_eq!((mention.lang.as_deref(), mention.langs.join(" ")), (Some("en"), "en de".into()));
        assert_eq!(mention.links.join(" "), "https://a.example/ https://b.example/");
    }

    #[test]
    fn what_is_missing_or_wrong_is_unknown() {
        let mention = read(json!({"post": {"id": "a"}, "where": {"lat": 0, "lon": 0}, "mood": "so-so"}));
        let mention = mention.expect("it has an id");
        assert_eq!((mention.ts, mention.text, mention.author), (UNDATED, None, None));
        assert_eq!((mention.geo, mention.sentiment, mention.reach), (None, None, None));
        assert!(read(json!({"post": {"id": ["a"]}})).is_err());
        assert!(read(json!(5)).is_err());
    }

    #[test]
    fn a_time_that_cannot_be_read_is_not_now() {
        let ts =
            |created: Value| read(json!({"post": {"id": "a", "created": created}})).map(|mention| mention.ts);
        let noon = Time::from_secs(1_794_744_900);
        for read in
            [json!("Nov 15, 2026 12:15 PM"), json!("1794744900000"), json!("/Date(1794744900000+0100)/")]
        {
            assert_eq!(ts(read.clone()), Ok(noon), "{read}");
        }
        for odd in [json!(null), json!(""), json!("soon"), json!({"a": 1}), json!("2099-01-01"), json!(12)] {
            assert_eq!(ts(odd.clone()), Ok(UNDATED), "{odd}");
        }
        let untimed = Mapper::new(&FieldMap { ts: None, ..map() }).expect("the paths are right");
        let mention = untimed.read(&json!({"post": {"id": "a"}}), &"crm".into(), NOW);
        assert_eq!(mention.map(|mention| mention.ts), Ok(NOW), "it came now, and nothing tells more");
    }

    #[test]
    fn a_wrong_path_is_told_with_its_place() {
        let wrong = FieldMap { lat: Some("lat".into()), ..map() };
        let error = Mapper::new(&wrong).expect_err("it does not begin with $");
        assert!(error.contains("`lat`") && error.contains("character 1"), "{error}");
    }
}
