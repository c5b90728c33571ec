//! What feed-rs leaves out of a feed: when not to ask (rssboard.org/skip-hours-days), where an
//! entry happened (georss.org, W3C Basic Geo), what is said of its media (rssboard.org/media-rss,
//! iTunes) and which entries were taken back (RFC 6721).

use std::str::FromStr as _;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use reqwest::Url;

use crate::clock::Time;
use crate::feed::decode::times;
use crate::mention::Geo;

/// Most retractions taken from one document.
const MAX_DELETED: usize = 1_024;
/// Longest text of an element that is looked at, bytes.
const MAX_TEXT: usize = 256;
/// Longest description of media, bytes; the rest of it is dropped.
const MAX_DESCRIPTION: usize = 8 * 1024;

#[derive(Debug, Default, PartialEq)]
pub struct Aside {
    pub skip: Skip,
    /// The place of each entry, in the order of the document.
    pub places: Vec<Option<Geo>>,
    /// What is said of the media of each entry, maybe in HTML.
    pub described: Vec<String>,
    /// The first date of each entry that can be read: feed-rs keeps the last, whether or not.
    pub dates: Vec<Option<Time>>,
    /// The language of each entry, where it has one of its own (`xml:lang`).
    pub langs: Vec<Option<String>>,
    /// Ids of entries that were taken back.
    pub deleted: Vec<String>,
    /// The site that a channel of RSS or RDF names.
    site: Option<String>,
}

/// When a publisher does not want to be asked, UTC; one bit an hour and one a day, from Sunday.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Skip {
    pub hours: u32,
    pub days: u8,
}

impl Skip {
    /// Seconds until the first hour in which it may be asked; 0 when that is now, or never comes.
    pub fn wait(self, now_s: i64) -> u64 {
        // 1 January 1970 was a Thursday.
        let open = |s: &i64| {
            let (hour, day) = (s.div_euclid(3_600).rem_euclid(24), (s.div_euclid(86_400) + 4).rem_euclid(7));
            self.hours >> hour & 1 == 0 && self.days >> day & 1 == 0
        };
        let next_hours = (1..=168).map(|ahead| (now_s.div_euclid(3_600) + ahead) * 3_600);
        let first = std::iter::once(now_s).chain(next_hours).find(open).unwrap_or(now_s);
        first.saturating_sub(now_s).max(0) as u64
    }
}

/// Where the reader stands.
#[derive(Default)]
struct State {
    /// Elements around it, and how many of them lead to the channel's link.
    depth: usize,
    on_the_way: usize,
    /// How deep the last entry lies.
    entry: usize,
    /// Text since the last tag.
    text: String,
    /// It is a description of media.
    describes: bool,
    /// Latitude of a pair that comes in two elements.
    lat: Option<f64>,
    /// A point whose coordinates are of another system than the globe's.
    foreign: bool,
}

impl State {
    fn enter(&mut self, name: &str) {
        let leads =
            matches!((self.depth, name), (0, "rss" | "rdf:RDF" | "RDF") | (1, "channel") | (2, "link"));
        self.on_the_way += usize::from(leads && self.on_the_way == self.depth);
        self.depth += 1;
    }

    fn hear(&mut self, text: &str) {
        let room = if self.describes { MAX_DESCRIPTION } else { MAX_TEXT }.saturating_sub(self.text.len());
        if text.len() <= room {
            self.text.push_str(text);
        } else if self.describes {
            let end = (0..=room).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            self.text.push_str(&text[..end]);
        }
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.on_the_way = self.on_the_way.min(self.depth);
    }

    /// Whether it is the `link` of a channel of RSS or RDF.
    fn is_of_channel(&self) -> bool {
        (self.depth, self.on_the_way) == (3, 3)
    }
}

/// Reads as far as the document is XML.
pub fn read(xml: &str) -> Aside {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = false;
    reader.config_mut().expand_empty_elements = true;
    let (mut aside, mut state) = (Aside::default(), State::default());
    while let Ok(event) = reader.read_event() {
        match event {
            Event::Eof => break,
            Event::Start(start) => aside.start(&start, &mut state),
            Event::End(end) => aside.end(end.local_name().as_ref(), &mut state),
            Event::CData(text) => state.hear(&text),
            Event::Text(text) => state.hear(&text),
            Event::GeneralRef(name) if state.describes => match name.resolve_char_ref() {
                Ok(Some(c)) => state.hear(c.encode_utf8(&mut [0; 4])),
                _ => state.hear(quick_xml::escape::resolve_predefined_entity(&name).unwrap_or(" ")),
            },
            _ => {}
        }
    }
    aside
}

impl Aside {
    /// What links are relative to: the channel's own, as far as it is an address (RSS Advisory
    /// Board, "Best practices", relative URLs), else where the document came from.
    pub fn base(&self, document: &str) -> String {
        let site = self.site.as_deref().and_then(|site| Url::parse(document).ok()?.join(site.trim()).ok());
        let site = site.filter(|site| matches!(site.scheme(), "http" | "https"));
        site.map_or_else(|| document.to_owned(), Into::into)
    }

    fn start(&mut self, start: &BytesStart<'_>, state: &mut State) {
        state.text.clear();
        state.enter(start.name().as_ref());
        state.describes = matches!(start.name().as_ref(), "media:description" | "itunes:summary");
        match start.local_name().as_ref() {
            "item" | "entry" => {
                self.places.push(None);
                self.described.push(String::new());
                self.dates.push(None);
                self.langs.push(attribute(start, "xml:lang"));
                state.entry = state.depth;
                (state.lat, state.foreign) = (None, false);
            }
            "Point" => state.foreign = attribute(start, "srsName").is_some_and(|srs| !is_globe(&srs)),
            "deleted-entry" if self.deleted.len() < MAX_DELETED => {
                self.deleted.extend(attribute(start, "ref"));
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str, state: &mut State) {
        let text = state.text.trim();
        match name {
            _ if state.describes => {
                if let Some(last) = self.described.last_mut().filter(|last| last.is_empty()) {
                    text.clone_into(last);
                }
            }
            "link" if self.site.is_none() && state.is_of_channel() => {
                self.site = Some(text.to_owned()).filter(|site| !site.is_empty());
            }
            "pubDate" | "date" | "published" | "updated" | "issued" | "modified"
                if state.depth == state.entry + 1 =>
            {
                if let Some(last) = self.dates.last_mut() {
                    *last = last.or_else(|| times::read(text));
                }
            }
            "hour" => self.skip.hours |= hour(text),
            "day" => self.skip.days |= day(text),
            "point" | "pos" if !state.foreign => self.place(pair(text)),
            "lat" => state.lat = text.parse().ok(),
            "long" | "lon" => {
                let geo = state.lat.zip(text.parse().ok()).and_then(|(lat, lon)| Geo::new(lat, lon));
                self.place(geo);
            }
            _ => {}
        }
        state.text.clear();
        state.describes = false;
        state.leave();
    }

    /// The first place of an entry counts.
    fn place(&mut self, geo: Option<Geo>) {
        if let Some(last) = self.places.last_mut() {
            *last = last.take().or(geo);
        }
    }
}

fn attribute(start: &BytesStart<'_>, name: &str) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    let value = quick_xml::escape::unescape(&attribute.value).ok()?.into_owned();
    (!value.is_empty() && value.len() <= super::limits::MAX_ID).then_some(value)
}

/// WGS 84 by its EPSG numbers, latitude first.
fn is_globe(srs: &str) -> bool {
    srs.ends_with("4326") || srs.ends_with("4979")
}

/// Latitude and longitude between spaces or commas; what follows is a height.
fn pair(text: &str) -> Option<Geo> {
    let mut numbers = text.split([' ', ',', '\t', '\n']).filter(|n| !n.is_empty()).map(f64::from_str);
    Geo::new(numbers.next()?.ok()?, numbers.next()?.ok()?)
}

/// The bit of an hour; 24 is midnight.
fn hour(text: &str) -> u32 {
    text.parse::<u32>().ok().filter(|hour| *hour <= 24).map_or(0, |hour| 1 << (hour % 24))
}

fn day(text: &str) -> u8 {
    let days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    days.iter().position(|day| text.eq_ignore_ascii_case(day)).map_or(0, |day| 1 << day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publisher_is_not_asked_in_hours_that_it_names() {
        let aside = read(
            "<rss><channel><skipHours><hour>0</hour><hour>1</hour><hour>24</hour><hour>99</hour></skipHours>\
             <skipDays><day>Friday</day><day>someday</day></skipDays></channel></rss>",
        );
        // Thursday, 1 January 1970.
        assert_eq!(aside.skip.wait(0), 2 * 3_600);
        assert_eq!(aside.skip.wait(3_600), 3_600);
        assert_eq!(aside.skip.wait(2 * 3_600 + 5), 0);
        assert_eq!(aside.skip.wait(86_400), 86_400 + 2 * 3_600);
        assert_eq!(Skip { hours: u32::MAX, days: 0 }.wait(7), 0, "never is not believed");
    }

    #[test]
    fn places_belong_to_their_entries() {
        let aside = read(
            "<feed><entry><georss:point>48.2 16.4</georss:point></entry><entry/>\
             <entry><where><gml:Point><gml:pos>42.3,-71.1 45</gml:pos></gml:Point></where></entry>\
             <entry><geo:lat>1.5</geo:lat><geo:long>-2</geo:long></entry>\
             <entry><gml:Point srsName='EPSG:26913'><gml:pos>42 -71</gml:pos></gml:Point></entry>\
             <entry><georss:point>0 0</georss:point></entry></feed>",
        );
        assert_eq!(
            aside.places,
            [Geo::new(48.2, 16.4), None, Geo::new(42.3, -71.1), Geo::new(1.5, -2.0), None, None]
        );
    }

    #[test]
    fn links_are_relative_to_the_channel_of_rss() {
        let base = |xml: &str| read(xml).base("https://feeds.example/a/feed.xml");
        assert_eq!(
            base(
                "<rss><channel><image><link>x</link></image><atom:link href='y'/><link>https://a.example/b/</link></channel></rss>"
            ),
            "https://a.example/b/"
        );
        assert_eq!(
            base("<rss><channel><link><![CDATA[ /news/ ]]></link></channel></rss>"),
            "https://feeds.example/news/"
        );
        for none in [
            "<rss><channel><item><link>https://a.example/</link></item></channel></rss>",
            "<rss><channel><link>javascript:x</link></channel></rss>",
            "<feed><link>https://a.example/</link></feed>",
            "</a></b><rss><channel><link/>",
        ] {
            assert_eq!(base(none), "https://feeds.example/a/feed.xml", "{none}");
        }
    }

    #[test]
    fn what_was_taken_back_is_told_and_a_cut_document_ends_quietly() {
        let aside = read("<feed><at:deleted-entry ref='tag:a,2026:1&amp;2' when='x'/><entry><georss:point>1");
        assert_eq!(aside.deleted, ["tag:a,2026:1&2"]);
        assert_eq!(aside.places, [None]);
    }
}
