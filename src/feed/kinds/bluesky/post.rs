//! What a commit means: a post that comes, changes or goes, and what people did with another's.
//!
//! Lexicons: <https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky/feed>.

use std::sync::Arc;

use super::frame::{Commit, Event, Record};
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::decode::scalar::{Leaf as _, Scalar};
use crate::feed::decode::{field, several};
use crate::mention::source::Engagement;
use crate::mention::{Author, Kind, Mention, Network, Op, UNDATED};

pub(super) const POSTS: &str = "app.bsky.feed.post";
pub(super) const LIKES: &str = "app.bsky.feed.like";
pub(super) const REPOSTS: &str = "app.bsky.feed.repost";

/// Labels of an author's own that mean "not for everybody".
const SENSITIVE: [&str; 6] = ["porn", "sexual", "nudity", "graphic-media", "gore", "!no-unauthenticated"];

/// The meaning of a stretch of text that leads to a page.
const LINK: &str = "app.bsky.richtext.facet#link";
/// Where Bluesky's apps take moving pictures from; they stand in a card like a page.
const PICTURES: [&str; 5] =
    ["media.tenor.com", "static.klipy.com", "media.giphy.com", "i.giphy.com", "media1.giphy.com"];

/// Letters of a timestamp identifier, in the order of their values.
const TID: &[u8] = b"234567abcdefghijklmnopqrstuvwxyz";

/// The mention that a commit makes, changes or takes back; `None` is one that is no post.
pub(super) fn mention(
    event: &Event<'_>,
    commit: &Commit<'_>,
    source: &Arc<str>,
    received: Time,
) -> Result<Option<Mention>, DecodeError> {
    if commit.collection.as_text() != Some(POSTS) {
        return Ok(None);
    }
    let rkey = rkey(commit)?;
    let at = event.at.unwrap_or(UNDATED);
    let mut mention = Mention::of(uid(&event.did, rkey), source, at, received);
    mention.network = Network::Bluesky;
    mention.version = version(commit, at);
    match commit.operation.as_text() {
        Some("delete") => mention.op = Op::Delete,
        Some("create" | "update") => {
            let record = commit.record.as_ref().ok_or(DecodeError("a commit without a record"))?;
            describe(&mut mention, record);
            mention.url = Some(["https://bsky.app/profile/", &event.did, "/post/", rkey].concat().into());
        }
        _ => return Ok(None),
    }
    mention.author = Some(Author { id: (*event.did).into(), ..Author::default() });
    Ok(Some(mention))
}

fn rkey<'c>(commit: &'c Commit<'_>) -> Result<&'c str, DecodeError> {
    let rkey = commit.rkey.as_text().filter(|_| field::key(Some(&commit.rkey)).is_some());
    rkey.ok_or(DecodeError("a commit without `rkey`"))
}

fn uid(did: &str, rkey: &str) -> Arc<str> {
    ["bluesky:at://", did, "/app.bsky.feed.post/", rkey].concat().into()
}

/// How the uid of every post of an account begins.
pub(super) fn prefix(did: &str) -> String {
    ["bluesky:at://", did, "/"].concat()
}

/// Microseconds since 1970 of the commit, the same on every server; those of the server's own
/// clock where the commit tells none.
fn version(commit: &Commit<'_>, at: Time) -> u64 {
    commit.rev.as_text().and_then(tid_micros).unwrap_or(at.as_micros().max(0) as u64)
}

/// The time in a timestamp identifier, <https://atproto.com/specs/tid>, in microseconds.
fn tid_micros(tid: &str) -> Option<u64> {
    if tid.len() != 13 {
        return None;
    }
    let digit = |b: u8| TID.iter().position(|letter| *letter == b).map(|at| at as u64);
    let number = tid.bytes().try_fold(0_u64, |number, b| Some((number << 5) | digit(b)?))?;
    // The lowest ten bits tell machines apart.
    Some((number & (u64::MAX >> 1)) >> 10)
}

fn describe(mention: &mut Mention, record: &Record<'_>) {
    // The author's own clock may be ahead of the server's.
    let created = field::moment(Some(&record.created));
    mention.ts = created.map_or(mention.ts, |created| created.min(mention.ts));
    mention.kind = kind(record);
    several::speak(mention, record.langs.as_slice());
    mention.text = record.text.as_text().and_then(crate::mention::clean_text);
    mention.sensitive = record.labels.as_ref().is_some_and(|labels| {
        let named = |val: &Scalar<'_>| val.as_text().is_some_and(|val| SENSITIVE.contains(&val));
        labels.values.as_slice().iter().any(|label| named(&label.val))
    });
    mention.tags = record.tags.as_slice().iter().filter_map(|tag| field::name(Some(tag))).collect();
    mention.links = several::links(links(record));
    mention.parent = answered(record).or_else(|| quoted(record)).map(post_uid);
    let root = record.reply.as_ref().and_then(|reply| reply.root.as_ref());
    mention.thread = root.and_then(|root| post_uri(&root.uri)).map(post_uid);
}

/// Where its links lead to, and its card. A card of a moving picture is a picture.
fn links<'r>(record: &'r Record<'_>) -> impl Iterator<Item = &'r str> {
    let features = record.facets.as_slice().iter().flat_map(|facet| facet.features.as_slice());
    let linked = features.filter(|feature| feature.kind.as_text() == Some(LINK));
    let embed = record.embed.as_ref();
    let beside = embed.and_then(|embed| embed.media.as_ref()?.external.as_ref());
    let card = embed.and_then(|embed| embed.external.as_ref()).or(beside);
    let card = card.and_then(|card| card.uri.as_text()).filter(|uri| !is_moving_picture(uri));
    linked.filter_map(|feature| feature.uri.as_text()).chain(card)
}

fn is_moving_picture(uri: &str) -> bool {
    let host = uri.split_once("://").and_then(|(_, rest)| rest.split('/').next()).unwrap_or_default();
    PICTURES.iter().any(|known| host.eq_ignore_ascii_case(known))
}

fn kind(record: &Record<'_>) -> Kind {
    let embed = record.embed.as_ref().and_then(|embed| embed.kind.as_text()).unwrap_or_default();
    if record.reply.is_some() {
        Kind::Reply
    } else if embed.starts_with("app.bsky.embed.record") {
        Kind::Quote
    } else {
        Kind::Post
    }
}

/// What the commit does with other posts when it is made: at most an answer and a quote at once.
pub(super) fn deeds(commit: &Commit<'_>) -> [Option<(Arc<str>, Engagement)>; 2] {
    let Some(record) = &commit.record else { return [None, None] };
    let subject = || record.subject.as_ref().and_then(|subject| post_uri(&subject.uri));
    let to = |uri: Option<&str>, what| uri.map(|uri| (post_uid(uri), what));
    match commit.collection.as_text() {
        Some(LIKES) => [to(subject(), Engagement::Likes), None],
        Some(REPOSTS) => [to(subject(), Engagement::Shares), None],
        Some(POSTS) => [to(answered(record), Engagement::Replies), to(quoted(record), Engagement::Quotes)],
        _ => [None, None],
    }
}

fn answered<'r>(record: &'r Record<'_>) -> Option<&'r str> {
    post_uri(&record.reply.as_ref()?.parent.as_ref()?.uri)
}

fn quoted<'r>(record: &'r Record<'_>) -> Option<&'r str> {
    let embedded = record.embed.as_ref()?.record.as_ref()?;
    post_uri(&embedded.uri).or_else(|| post_uri(&embedded.record.as_ref()?.uri))
}

/// The address of a post; other records (lists, feeds) are no mentions.
fn post_uri<'s>(uri: &'s Scalar<'_>) -> Option<&'s str> {
    field::key(Some(uri))?;
    let uri = uri.as_text()?;
    let mut parts = uri.strip_prefix("at://")?.splitn(3, '/');
    let post = parts.next()?.starts_with("did:") && parts.next()? == POSTS;
    (post && parts.next().is_some_and(|rkey| !rkey.is_empty())).then_some(uri)
}

fn post_uid(uri: &str) -> Arc<str> {
    ["bluesky:", uri].concat().into()
}

/// Whether the post is in one of the languages; one that names none is in every language.
pub(super) fn speaks(record: &Record<'_>, languages: &[String]) -> bool {
    let mut named = record.langs.as_slice().iter().filter_map(|lang| field::lang(Some(lang))).peekable();
    let is_wanted = |lang: Arc<str>| {
        let primary = lang.split('-').next().unwrap_or_default();
        languages.iter().any(|wanted| wanted.eq_ignore_ascii_case(primary))
    };
    languages.is_empty() || named.peek().is_none() || named.any(is_wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_revision_tells_its_time() {
        // 2026-07-04T14:38:07Z, by the definition of the identifier.
        assert_eq!(tid_micros("3mptbypouep2c").map(|us| us / 1_000_000), Some(1_783_175_887));
        for wrong in ["", "3mptbypouep2", "3mptbypouep2c0", "3mptbypouep2!", "ééééééé"] {
            assert_eq!(tid_micros(wrong), None, "{wrong}");
        }
        assert!(tid_micros("zzzzzzzzzzzzz").is_some());
    }

    fn said(record: &str) -> Mention {
        let frame = format!(
            r#"{{"did":"did:plc:a","time_us":1796000000000000,"kind":"commit","commit":{{"operation":"create",
            "collection":"app.bsky.feed.post","rkey":"3k","record":{record}}}}}"#
        );
        let told = crate::feed::kinds::bluesky::frame::first(&frame).expect("it is a frame");
        let crate::feed::kinds::bluesky::frame::Told::Event(event) = told else { panic!("it is an event") };
        let crate::feed::kinds::bluesky::frame::What::Commit(commit) = &event.what else {
            panic!("a commit")
        };
        mention(&event, commit, &"sky".into(), Time::from_secs(1_796_000_001)).ok().flatten().expect("a post")
    }

    #[test]
    fn links_come_from_facets_and_cards() {
        let links = |record: &str| said(record).links.join(" ");
        assert_eq!(
            links(
                r##"{"text":"see news.example/2026... #a @b","facets":[
                {"features":[{"$type":"app.bsky.richtext.facet#tag","tag":"a"}]},
                {"features":[{"$type":"app.bsky.richtext.facet#mention","did":"did:plc:b"}]},
                {"features":[{"$type":"app.bsky.richtext.facet#link","uri":"https://news.example/2026/a"}]},
                {"features":7}, null]}"##
            ),
            "https://news.example/2026/a"
        );
        let card =
            r#"{"$type":"app.bsky.embed.external","external":{"uri":"https://news.example/a","title":"A"}}"#;
        assert_eq!(links(&format!(r#"{{"text":"","embed":{card}}}"#)), "https://news.example/a");
        let quote = r#"{"$type":"app.bsky.embed.recordWithMedia","record":{"record":{"uri":"at://did:plc:b/app.bsky.feed.post/3"}}"#;
        let quote = said(&format!(r#"{{"text":"so","embed":{quote},"media":{card}}}}}"#));
        assert_eq!((quote.kind, quote.links.join(" ")), (Kind::Quote, "https://news.example/a".into()));
        let gif = r#"{"text":"ha","embed":{"$type":"app.bsky.embed.external","external":{"uri":"https://media.tenor.com/a/b.gif?hh=1"}}}"#;
        assert_eq!(links(gif), "");
    }

    #[test]
    fn all_languages_of_a_post_are_kept() {
        let langs = |langs: &str| {
            let post = said(&format!(r#"{{"text":"a","langs":{langs}}}"#));
            (post.lang.as_deref().unwrap_or_default().to_owned(), post.langs.join(" "))
        };
        assert_eq!(langs(r#"["en","de"]"#), ("en".into(), "en de".into()));
        assert_eq!(langs(r#"["pt-BR"]"#), ("pt-BR".into(), String::new()));
        assert_eq!(langs(r#"["","de"]"#), ("de".into(), String::new()));
        assert_eq!(langs(r#""en""#), (String::new(), String::new()));
    }

    #[test]
    fn a_post_of_a_wanted_language_is_let_in_and_one_that_names_none() {
        let lets_in = |langs: &str| {
            let record = format!(r#"{{"langs":{langs}}}"#);
            let record: Record<'_> = serde_json::from_str(&record).expect("a record");
            speaks(&record, &["de".to_owned()])
        };
        for langs in [r#"["de"]"#, r#"["en","de-AT"]"#, r#"["DE_CH"]"#, "[]", r#"[""]"#, r#"["und"]"#, "null"]
        {
            assert!(lets_in(langs), "{langs}");
        }
        assert!(!lets_in(r#"["en"]"#) && !lets_in(r#"["den"]"#));
    }

    #[test]
    fn only_posts_are_subjects() {
        let is = |uri: &str| post_uri(&Scalar::Text(uri.into())).is_some();
        assert!(is("at://did:plc:a/app.bsky.feed.post/3k"));
        for other in [
            "at://did:plc:a/app.bsky.feed.generator/x",
            "at://did:plc:a/app.bsky.feed.post/",
            "at://did:plc:a/app.bsky.feed.post",
            "https://bsky.app/profile/a/post/3k",
            "at://did:plc:a b/app.bsky.feed.post/3k",
            "",
        ] {
            assert!(!is(other), "{other}");
        }
    }
}
