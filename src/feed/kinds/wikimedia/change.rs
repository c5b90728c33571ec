//! One event of EventStreams: a change of a page (`mediawiki/recentchange`) or a new page
//! (`mediawiki/revision/create` as the stream `page-create` sends it).
//!
//! Schemas: <https://schema.wikimedia.org/repositories/primary/jsonschema/mediawiki/>.

use std::net::IpAddr;
use std::sync::Arc;

use super::markup;
use super::table::{Change, WikimediaStream, WikimediaTable};
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::scalar::{Leaf as _, Lone, Scalar, object};
use crate::feed::decode::{field, json_text};
use crate::mention::{Author, Kind, Mention, UNDATED};

/// Projects whose first name is a language.
const BY_LANGUAGE: [&str; 8] = [
    "wikipedia",
    "wiktionary",
    "wikiquote",
    "wikibooks",
    "wikinews",
    "wikisource",
    "wikiversity",
    "wikivoyage",
];

object! {
    Changed {
        meta: Option<Meta<'a>> = "meta",
        kind: Scalar<'a> = "type",
        namespace: Scalar<'a> = "namespace",
        title: Scalar<'a> = "title",
        comment: Scalar<'a> = "comment",
        timestamp: Scalar<'a> = "timestamp",
        user: Scalar<'a> = "user",
        bot: Scalar<'a> = "bot",
        wiki: Scalar<'a> = "wiki",
        // As `page-create` calls the same things.
        database: Scalar<'a> = "database",
        page_title: Scalar<'a> = "page_title",
        page_namespace: Scalar<'a> = "page_namespace",
        performer: Option<Performer<'a>> = "performer",
    }
}

object! {
    Meta {
        id: Scalar<'a> = "id",
        uri: Scalar<'a> = "uri",
        dt: Scalar<'a> = "dt",
        domain: Scalar<'a> = "domain",
    }
}

object! {
    Performer {
        name: Scalar<'a> = "user_text",
        bot: Scalar<'a> = "user_is_bot",
    }
}

impl<'a> Lone<'a> for Changed<'a> {}
impl<'a> Lone<'a> for Meta<'a> {}
impl<'a> Lone<'a> for Performer<'a> {}

/// What of the stream is heard.
#[derive(Clone, Debug)]
pub(super) struct Filter {
    wikis: Vec<String>,
    kinds: Vec<Change>,
    bots: bool,
    all_pages: bool,
    /// New pages come by a stream of their own as well, and count once.
    new_apart: bool,
}

impl Filter {
    pub fn new(table: &WikimediaTable) -> Self {
        Self {
            wikis: table.wikis.clone(),
            kinds: table.kinds.clone(),
            bots: table.bots,
            all_pages: table.all_pages,
            new_apart: table.streams.contains(&WikimediaStream::PageCreate),
        }
    }

    /// Reads one event; `None` is one that is not heard.
    pub fn read(
        &self,
        json: &str,
        source: &Arc<str>,
        received: Time,
    ) -> Result<Option<Mention>, DecodeError> {
        json_text::read(json.as_bytes(), |json| self.read_text(json, source, received))
    }

    fn read_text(
        &self,
        json: &str,
        source: &Arc<str>,
        received: Time,
    ) -> Result<Option<Mention>, DecodeError> {
        let changed: Changed<'_> = serde_json::from_str(json).map_err(|_| json_text::NOT_JSON)?;
        let meta = changed.meta.as_ref().ok_or(DecodeError("an event without `meta`"))?;
        let id = field::key(Some(&meta.id)).ok_or(DecodeError("an event without an id"))?;
        if !self.hears(&changed, meta) {
            return Ok(None);
        }
        let ts = field::moment(Some(&meta.dt)).or_else(|| field::moment(Some(&changed.timestamp)));
        let uid = ["wikimedia:", &id].concat().into();
        let mut mention = Mention::of(uid, source, ts.unwrap_or(UNDATED), received);
        mention.kind = Kind::Article;
        mention.url = field::url(Some(&meta.uri));
        mention.lang = meta.domain.as_text().and_then(language);
        mention.author = changed.author();
        Ok(Some(mention.with_text(&changed.text())))
    }

    fn hears(&self, changed: &Changed<'_>, meta: &Meta<'_>) -> bool {
        let domain = meta.domain.as_text().unwrap_or_default();
        let kind = changed.kind();
        // Events that Wikimedia sends itself to see that the streams run.
        domain != "canary"
            && kind.is_some_and(|kind| self.kinds.contains(&kind))
            && !(self.new_apart && changed.kind.is_there() && kind == Some(Change::New))
            && (self.bots || !changed.is_by_bot())
            && (self.all_pages || changed.namespace() == Some(0))
            && (self.wikis.is_empty()
                || self.wikis.iter().any(|wiki| wiki == domain || Some(wiki.as_str()) == changed.wiki()))
    }
}

impl Changed<'_> {
    /// What happened; events of `page-create` do not say so.
    fn kind(&self) -> Option<Change> {
        match self.kind.as_text() {
            Some("edit") => Some(Change::Edit),
            Some("new") => Some(Change::New),
            Some("categorize") => Some(Change::Categorize),
            Some("log") => Some(Change::Log),
            None if self.page_title.is_there() => Some(Change::New),
            _ => None,
        }
    }

    fn is_by_bot(&self) -> bool {
        let performer = self.performer.as_ref().map(|performer| &performer.bot);
        [Some(&self.bot), performer].contains(&Some(&Scalar::Flag(true)))
    }

    fn namespace(&self) -> Option<i64> {
        self.namespace.as_whole().or_else(|| self.page_namespace.as_whole())
    }

    fn wiki(&self) -> Option<&str> {
        self.wiki.as_text().or_else(|| self.database.as_text())
    }

    /// The title of the page and what its editor says of the change.
    fn text(&self) -> String {
        let title = self.title.as_text().or_else(|| self.page_title.as_text()).unwrap_or_default();
        let comment = markup::plain(self.comment.as_text().unwrap_or_default());
        let title = title.replace('_', " ");
        if comment.is_empty() { title } else { [&title, ": ", &comment].concat() }
    }

    /// Who did it; an address of the network is a person's, and no name.
    fn author(&self) -> Option<Author> {
        let performer = self.performer.as_ref().map(|performer| &performer.name);
        let handle = field::handle(Some(&self.user)).or_else(|| field::handle(performer))?;
        let named = handle.parse::<IpAddr>().is_err();
        named.then(|| Author { id: handle.clone(), handle: Some(handle), ..Author::default() })
    }
}

/// The language of a wiki, by its address.
fn language(domain: &str) -> Option<Arc<str>> {
    let (language, rest) = domain.split_once('.')?;
    let project = rest.strip_suffix(".org")?;
    let language = if language == "simple" { "en" } else { language };
    let named = BY_LANGUAGE.contains(&project) && language != "www";
    named.then(|| field::lang(Some(&Scalar::Text(language.into()))))?
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NOW: Time = Time::from_secs(1_800_000_000);

    fn edit() -> Value {
        json!({
            "$schema": "/mediawiki/recentchange/1.0.0",
            "meta": {"uri": "https://de.wikipedia.org/wiki/Glasschleifer", "id": "0f0f-1", "dt": "2027-01-15T07:59:59.250Z",
                     "domain": "de.wikipedia.org", "stream": "mediawiki.recentchange", "partition": 0, "offset": 7},
            "id": 17, "type": "edit", "namespace": 0, "title": "Glasschleifer", "comment": "/* Leben */ [[Optik|Linsen]] ergänzt",
            "timestamp": 1_799_999_999, "user": "Ana", "bot": false, "wiki": "dewiki", "server_name": "de.wikipedia.org"
        })
    }

    fn read(value: &Value, table: &WikimediaTable) -> Option<Mention> {
        Filter::new(table).read(&value.to_string(), &"edits".into(), NOW).expect("it is an event")
    }

    fn with(path: &str, value: Value) -> Value {
        let mut event = edit();
        *event.pointer_mut(path).expect("it is there") = value;
        event
    }

    #[test]
    fn an_edit_becomes_a_mention() {
        let mention = read(&edit(), &WikimediaTable::default()).expect("it is heard");
        assert_eq!(
            (&*mention.uid, mention.text.as_deref()),
            ("wikimedia:0f0f-1", Some("Glasschleifer: Leben: Linsen ergänzt"))
        );
        assert_eq!((mention.lang.as_deref(), mention.kind), (Some("de"), Kind::Article));
        assert_eq!(mention.ts.as_micros(), 1_799_999_999_250_000);
        assert_eq!(mention.url.as_deref(), Some("https://de.wikipedia.org/wiki/Glasschleifer"));
        assert_eq!(mention.author.and_then(|author| author.handle).as_deref(), Some("Ana"));
    }

    #[test]
    fn what_is_not_asked_for_is_not_heard() {
        let (plain, all) = (
            WikimediaTable::default(),
            WikimediaTable { bots: true, all_pages: true, ..WikimediaTable::default() },
        );
        for (path, value) in [("/bot", json!(true)), ("/namespace", json!(3))] {
            assert!(read(&with(path, value.clone()), &plain).is_none(), "{path}");
            assert!(read(&with(path, value), &all).is_some(), "{path}");
        }
        for (path, value) in
            [("/type", json!("categorize")), ("/type", json!(5)), ("/meta/domain", json!("canary"))]
        {
            assert!(read(&with(path, value), &all).is_none(), "{path}");
        }
        for (wiki, heard) in [("dewiki", true), ("de.wikipedia.org", true), ("enwiki", false)] {
            let table = WikimediaTable { wikis: vec![wiki.into()], ..WikimediaTable::default() };
            assert_eq!(read(&edit(), &table).is_some(), heard, "{wiki}");
        }
    }

    #[test]
    fn a_new_page_counts_once_when_both_streams_are_heard() {
        let both = vec![WikimediaStream::RecentChange, WikimediaStream::PageCreate];
        let table = WikimediaTable { streams: both, ..WikimediaTable::default() };
        let created = json!({
            "meta": {"id": "n1", "dt": "2027-01-15T07:59:59Z", "domain": "en.wikipedia.org"}, "database": "enwiki",
            "page_title": "Glass_wall", "page_namespace": 0, "comment": "", "performer": {"user_text": "192.0.2.1", "user_is_bot": false}
        });
        let mention = read(&created, &table).expect("it is heard");
        assert_eq!((mention.text.as_deref(), mention.author), (Some("Glass wall"), None));
        assert!(read(&with("/type", json!("new")), &table).is_none());
        assert!(read(&with("/type", json!("new")), &WikimediaTable::default()).is_some());
    }

    #[test]
    fn languages_are_those_of_the_wikis() {
        let known = |domain| language(domain).map(|language| language.to_string());
        assert_eq!(known("zh-yue.wikipedia.org").as_deref(), Some("zh-yue"));
        assert_eq!(known("simple.wikipedia.org").as_deref(), Some("en"));
        for none in ["commons.wikimedia.org", "www.wikidata.org", "www.wikipedia.org", "canary", ""] {
            assert_eq!(known(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_no_event_is_garbage() {
        let filter = Filter::new(&WikimediaTable::default());
        for json in
            ["", "{}", "[]", "null", "{\"meta\":5}", "{\"meta\":{\"id\":\"\"}}", "{\"meta\":{\"id\":[]}}"]
        {
            assert!(filter.read(json, &"edits".into(), NOW).is_err(), "{json}");
        }
    }
}
