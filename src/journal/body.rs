//! The parts of a mention that are no column of their own, as bytes: a word of flags that says
//! which are there, then those that are, in the order of [`encode`]. Numbers are LEB128, texts have
//! their length before them.

use std::sync::Arc;

use crate::codec::{Reader, put_bytes, put_number as number};
use crate::mention::{
    Author, Country, Geo, Kind, MAX_TAGS, Mention, Metrics, Network, Origin, Reach, ReachKind, Sentiment,
};

/// Places in this list are on disk: only append.
const NETWORKS: [Network; 10] = [
    Network::Other,
    Network::Mastodon,
    Network::Bluesky,
    Network::X,
    Network::Reddit,
    Network::News,
    Network::Blog,
    Network::Forum,
    Network::Video,
    Network::Chat,
];
/// As [`NETWORKS`].
const KINDS: [Kind; 8] = [
    Kind::Post,
    Kind::Reply,
    Kind::Repost,
    Kind::Quote,
    Kind::Comment,
    Kind::Article,
    Kind::Review,
    Kind::Chat,
];
/// As [`NETWORKS`].
const REACHES: [ReachKind; 4] =
    [ReachKind::Impressions, ReachKind::Followers, ReachKind::SiteVisitors, ReachKind::Vendor];

const TEXT: u64 = 1;
const URL: u64 = 1 << 1;
const PARENT: u64 = 1 << 2;
const THREAD: u64 = 1 << 3;
const LANG: u64 = 1 << 4;
const SENSITIVE: u64 = 1 << 5;
const AUTHOR: u64 = 1 << 6;
const HANDLE: u64 = 1 << 7;
const NAME: u64 = 1 << 8;
const FOLLOWERS: u64 = 1 << 9;
const GEO: u64 = 1 << 10;
const PLACE: u64 = 1 << 11;
/// The place's country as text, as it was written until [`LAND`] was there.
const COUNTRY: u64 = 1 << 12;
const SENTIMENT: u64 = 1 << 13;
const MODEL: u64 = 1 << 14;
const REACH: u64 = 1 << 15;
const EMOTIONS: u64 = 1 << 16;
const TAGS: u64 = 1 << 17;
/// The country, two letters.
const LAND: u64 = 1 << 18;
/// Where the author's profile says to be.
const HOME: u64 = 1 << 19;
const LANGS: u64 = 1 << 20;
const LINKS: u64 = 1 << 21;
const FOUND_FOR: u64 = 1 << 22;

/// Appends all but uid, source, version, times and metrics of `mention` to `out`.
pub(super) fn encode(mention: &Mention, out: &mut Vec<u8>) {
    number(flags(mention), out);
    out.push(place(&NETWORKS, mention.network));
    out.push(place(&KINDS, mention.kind));
    for words in [&mention.text, &mention.url, &mention.parent, &mention.thread, &mention.lang] {
        optional(words.as_deref(), out);
    }
    if let Some(author) = &mention.author {
        words(&author.id, out);
        optional(author.handle.as_deref(), out);
        optional(author.name.as_deref(), out);
        author.followers.inspect(|followers| number(*followers, out));
        optional(author.place.as_deref(), out);
    }
    if let Some(geo) = &mention.geo {
        out.extend_from_slice(&geo.lat.to_le_bytes());
        out.extend_from_slice(&geo.lon.to_le_bytes());
        optional(geo.name.as_deref(), out);
    }
    out.extend(mention.country.iter().flat_map(|country| country.to_bytes()));
    mention.sentiment.inspect(|sentiment| out.extend_from_slice(&sentiment.score.to_le_bytes()));
    if let Some(reach) = &mention.reach {
        out.push(place(&REACHES, reach.kind));
        number(reach.value, out);
    }
    lists(mention, out);
}

fn lists(mention: &Mention, out: &mut Vec<u8>) {
    if !mention.emotions.is_empty() {
        number(mention.emotions.len() as u64, out);
        for (emotion, confidence) in &mention.emotions {
            words(emotion, out);
            out.extend_from_slice(&confidence.to_le_bytes());
        }
    }
    for list in [&mention.tags, &mention.langs, &mention.links, &mention.found_for] {
        if !list.is_empty() {
            number(list.len() as u64, out);
            list.iter().for_each(|one| words(one, out));
        }
    }
}

fn flags(mention: &Mention) -> u64 {
    let author = mention.author.as_ref();
    let geo = mention.geo.as_ref();
    [
        (TEXT, mention.text.is_some()),
        (URL, mention.url.is_some()),
        (PARENT, mention.parent.is_some()),
        (THREAD, mention.thread.is_some()),
        (LANG, mention.lang.is_some()),
        (SENSITIVE, mention.sensitive),
        (AUTHOR, author.is_some()),
        (HANDLE, author.is_some_and(|author| author.handle.is_some())),
        (NAME, author.is_some_and(|author| author.name.is_some())),
        (FOLLOWERS, author.is_some_and(|author| author.followers.is_some())),
        (GEO, geo.is_some()),
        (PLACE, geo.is_some_and(|geo| geo.name.is_some())),
        (SENTIMENT, mention.sentiment.is_some()),
        (MODEL, mention.sentiment.is_some_and(|sentiment| sentiment.origin == Origin::Model)),
        (REACH, mention.reach.is_some()),
        (EMOTIONS, !mention.emotions.is_empty()),
        (TAGS, !mention.tags.is_empty()),
        (LAND, mention.country.is_some()),
        (HOME, author.is_some_and(|author| author.place.is_some())),
        (LANGS, !mention.langs.is_empty()),
        (LINKS, !mention.links.is_empty()),
        (FOUND_FOR, !mention.found_for.is_empty()),
    ]
    .iter()
    .fold(0, |flags, (flag, set)| flags | (flag * u64::from(*set)))
}

/// Fills what [`encode`] wrote into `mention`; `None` when the bytes are damaged.
pub(super) fn decode(bytes: &[u8], mention: &mut Mention) -> Option<()> {
    let mut from = Reader(bytes);
    let flags = from.number()?;
    let has = |flag| flags & flag != 0;
    mention.network = *NETWORKS.get(usize::from(from.byte()?))?;
    mention.kind = *KINDS.get(usize::from(from.byte()?))?;
    mention.text = read_optional(&mut from, has(TEXT))?;
    mention.url = read_optional(&mut from, has(URL))?;
    mention.parent = read_optional(&mut from, has(PARENT))?;
    mention.thread = read_optional(&mut from, has(THREAD))?;
    mention.lang = read_optional(&mut from, has(LANG))?;
    mention.sensitive = has(SENSITIVE);
    if has(AUTHOR) {
        mention.author = Some(Author {
            id: read_words(&mut from)?,
            handle: read_optional(&mut from, has(HANDLE))?,
            name: read_optional(&mut from, has(NAME))?,
            followers: if has(FOLLOWERS) { Some(from.number()?) } else { None },
            place: read_optional(&mut from, has(HOME))?,
        });
    }
    if has(GEO) {
        let (lat, lon) = (from.float()?, from.float()?);
        mention.geo = Some(Geo { lat, lon, name: read_optional(&mut from, has(PLACE))? });
        let country = read_optional(&mut from, has(COUNTRY))?;
        mention.country = country.and_then(|code| Country::new(&code));
    }
    if has(LAND) {
        mention.country = Some(Country::from_bytes([from.byte()?, from.byte()?])?);
    }
    if has(SENTIMENT) {
        let origin = if has(MODEL) { Origin::Model } else { Origin::Source };
        mention.sentiment = Some(Sentiment { score: from.float()?, origin });
    }
    if has(REACH) {
        let kind = *REACHES.get(usize::from(from.byte()?))?;
        mention.reach = Some(Reach { kind, value: from.number()? });
    }
    if has(EMOTIONS) {
        mention.emotions = read_list(&mut from, |from| Some((read_words(from)?, from.float()?)))?;
    }
    let lists = [
        (TAGS, &mut mention.tags),
        (LANGS, &mut mention.langs),
        (LINKS, &mut mention.links),
        (FOUND_FOR, &mut mention.found_for),
    ];
    for (_, list) in lists.into_iter().filter(|(flag, _)| has(*flag)) {
        *list = read_list(&mut from, read_words)?;
    }
    from.is_empty().then_some(())
}

/// The numbers that are known of `metrics`; nothing when none is.
pub(super) fn encode_metrics(metrics: &Metrics) -> Option<Vec<u8>> {
    let all = [metrics.likes, metrics.shares, metrics.replies, metrics.quotes, metrics.views, metrics.clicks];
    let mut out = vec![0];
    for (i, value) in all.iter().enumerate() {
        if let Some(value) = value {
            out[0] |= 1 << i;
            number(*value, &mut out);
        }
    }
    (out[0] != 0).then_some(out)
}

/// What [`encode_metrics`] wrote; `None` when the bytes are damaged.
pub(super) fn decode_metrics(bytes: &[u8]) -> Option<Metrics> {
    let mut from = Reader(bytes);
    let known = from.byte()?;
    let mut all = [None; 6];
    for (i, value) in all.iter_mut().enumerate() {
        if known & (1 << i) != 0 {
            *value = Some(from.number()?);
        }
    }
    let [likes, shares, replies, quotes, views, clicks] = all;
    Some(Metrics { likes, shares, replies, quotes, views, clicks })
}

fn place<T: PartialEq>(list: &[T], value: T) -> u8 {
    list.iter().position(|known| *known == value).unwrap_or_default() as u8
}

fn words(text: &str, out: &mut Vec<u8>) {
    put_bytes(text.as_bytes(), out);
}

fn optional(text: Option<&str>, out: &mut Vec<u8>) {
    if let Some(text) = text {
        words(text, out);
    }
}

fn read_words(from: &mut Reader<'_>) -> Option<Arc<str>> {
    Some(std::str::from_utf8(from.bytes()?).ok()?.into())
}

/// `Some(None)` when it is not there.
fn read_optional(from: &mut Reader<'_>, there: bool) -> Option<Option<Arc<str>>> {
    if there { Some(Some(read_words(from)?)) } else { Some(None) }
}

fn read_list<T>(from: &mut Reader<'_>, mut one: impl FnMut(&mut Reader<'_>) -> Option<T>) -> Option<Vec<T>> {
    let length = from.number()?;
    let most = MAX_TAGS as u64;
    if length > most {
        return None;
    }
    (0..length).map(|_| one(from)).collect()
}
