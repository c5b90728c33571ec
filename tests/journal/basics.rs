//! What is new, what repeats, what changes and what goes.

use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::journal::{ERASED_WITHIN, Seq};
use fishbowl::mention::source::{Batch, Nature};
use fishbowl::mention::{Country, Geo, Kind, Metrics, Network, Op, Origin, Reach, ReachKind, Sentiment};

use super::make::*;

#[test]
fn what_was_kept_comes_back_as_it_was() {
    let desk = Desk::new();
    let mut full = by(said("1", "Grüße 👋 from the pier"), "Ada", "ada");
    full.network = Network::Bluesky;
    full.kind = Kind::Quote;
    (full.version, full.ts) = (u64::MAX, Time(START.0 - 1_234_567));
    full.url = Some("https://example.org/1".into());
    (full.parent, full.thread) = (Some("feed:0".into()), Some("feed:00".into()));
    full.lang = Some("de".into());
    full.geo = Geo::new(53.54, 9.97);
    full.country = Country::new("DE");
    full.author.as_mut().expect("it is Ada's").place = Some("Hamburg ⚓".into());
    full.sentiment = Some(Sentiment { score: -0.25, origin: Origin::Model });
    full.reach = Some(Reach { value: 1 << 40, kind: ReachKind::Vendor });
    full.metrics = Some(Box::new(Metrics { likes: Some(0), views: Some(u64::MAX), ..Metrics::default() }));
    full.emotions = vec![("joy".into(), 0.5)];
    full.tags = vec!["harbour".into(), "".into()];
    full.sensitive = true;
    let bare = said("2", "");
    let mut journal = desk.open();
    let left = keep(&mut journal, batch(vec![full.clone(), bare.clone()]));
    assert_eq!(left.mentions, [full.clone(), bare.clone()]);
    drop(journal);
    let kept: Vec<_> =
        desk.all().into_iter().map(|kept| (kept.seq, kept.mention, kept.digest, kept.counted)).collect();
    assert_eq!(kept, [(Seq(1), full, None, true), (Seq(2), bare, None, true)]);
}

#[test]
fn a_repeat_is_nothing_new_in_the_same_batch_and_after_a_restart() {
    let desk = Desk::new();
    let mut journal = desk.open();
    assert_eq!(told(&mut journal, vec![said("a", "one"), said("b", "two"), said("a", "one")]).len(), 2);
    assert_eq!(told(&mut journal, vec![said("b", "two")]), []);
    drop(journal);
    let mut journal = desk.open();
    assert_eq!(journal.head(), Seq(2));
    assert_eq!(told(&mut journal, vec![said("a", "one"), said("c", "three")]), [("c".into(), Op::Upsert)]);
    assert_eq!(desk.all().len(), 3);
}

#[test]
fn new_words_are_an_edit_and_the_first_are_remembered() {
    let desk = Desk::new();
    let mut journal = desk.open();
    told(&mut journal, vec![version(said("a", "first"), 5)]);
    assert_eq!(told(&mut journal, vec![version(said("a", "older"), 4)]), []);
    assert_eq!(told(&mut journal, vec![version(said("a", "second"), 5)]), [("a".into(), Op::Edit)]);
    let mut third = version(said("a", "third"), 7);
    third.ts = START + Duration::from_secs(9);
    assert_eq!(told(&mut journal, vec![third]), [("a".into(), Op::Edit)]);
    let kept = &desk.all()[0];
    assert_eq!((kept.mention.text.as_deref(), kept.mention.version), (Some("third"), 7));
    assert_eq!((kept.mention.ts, kept.counted, kept.digest.as_deref()), (START, true, Some(&b"first"[..])));
}

#[test]
fn what_is_taken_back_leaves_the_disk_and_stays_away() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let mut secret = by(said("a", &"wordsthatgo ".repeat(600)), "Namethatgoes", "handlethatgoes");
    (secret.url, secret.tags) = (Some("https://urlthatgoes".into()), vec!["tagthatgoes".into()]);
    told(&mut journal, vec![said("b", "before"), secret.clone(), said("c", "wordsthatarechanged")]);
    assert!(desk.holds("wordsthatgo") && desk.holds("Namethatgoes"));
    assert_eq!(told(&mut journal, vec![op("a", Op::Delete)]), [("a".into(), Op::Delete)]);
    assert_eq!(told(&mut journal, vec![said("c", "other")]), [("c".into(), Op::Edit)]);
    desk.pass(ERASED_WITHIN);
    journal.tend().expect("it is well");
    for words in ["wordsthatgo", "Namethatgoes", "handlethatgoes", "urlthatgoes", "tagthatgoes"] {
        // The digest of these tests is the text.
        let left = desk.bytes().windows(words.len()).filter(|window| *window == words.as_bytes()).count();
        assert_eq!(left, if words == "wordsthatgo" { 600 } else { 0 }, "{words}");
    }
    assert_eq!(told(&mut journal, vec![secret, op("a", Op::Delete), op("a", Op::Metrics)]), []);
    drop(journal);
    let kept = &desk.all()[1];
    assert_eq!((kept.mention.op, kept.counted, kept.mention.ts), (Op::Delete, true, START));
    assert!(kept.mention.text.is_none() && kept.mention.author.is_none() && kept.mention.url.is_none());
    assert_eq!(kept.digest.as_deref().map(<[u8]>::len), Some("wordsthatgo ".len() * 600 - 1));
}

#[test]
fn a_deletion_that_comes_first_wins() {
    let desk = Desk::new();
    let mut journal = desk.open();
    assert_eq!(told(&mut journal, vec![op("a", Op::Delete)]), [("a".into(), Op::Delete)]);
    assert_eq!(told(&mut journal, vec![said("a", "late")]), []);
    let kept = &desk.all()[0];
    assert_eq!((kept.mention.op, kept.counted, kept.digest.clone()), (Op::Delete, false, None));
}

#[test]
fn metrics_and_engagement_go_to_those_that_are_known() {
    let desk = Desk::new();
    let mut journal = desk.open();
    told(&mut journal, vec![said("a", "one"), said("b", "two"), op("gone", Op::Delete)]);
    let mut seen = op("a", Op::Metrics);
    seen.metrics = Some(Box::new(Metrics { views: Some(70), ..Metrics::default() }));
    let mut elsewhere = seen.clone();
    elsewhere.uid = "feed:x".into();
    assert_eq!(told(&mut journal, vec![seen.clone(), seen, elsewhere]), [("a".into(), Op::Metrics)]);
    let mut again = said("b", "two");
    again.metrics = Some(Box::new(Metrics { likes: Some(1), ..Metrics::default() }));
    assert_eq!(told(&mut journal, vec![again]), [("b".into(), Op::Metrics)]);
    let engaged =
        vec![liked("a", 3), liked("x", 1), liked("gone", 1), liked("a", -5), liked("b", -1), liked("b", -1)];
    let left = keep(&mut journal, Batch { engaged, ..batch(vec![]) });
    assert_eq!(left.engaged, [liked("a", 3), liked("a", -3), liked("b", -1)]);
    let metrics: Vec<_> =
        desk.all().into_iter().map(|kept| kept.mention.metrics.unwrap_or_default()).collect();
    assert_eq!((metrics[0].likes, metrics[0].views, metrics[1].likes), (Some(0), Some(70), Some(0)));
    assert_eq!(*metrics[2], Metrics::default());
}

#[test]
fn the_cursor_comes_back_with_what_lay_before_it() {
    let desk = Desk::new();
    let mut journal = desk.open();
    assert!(journal.cursors().expect("it can be read").is_empty());
    let of =
        |feed, cursor: &str| Batch { cursor: Some(cursor.into()), ..batch_of(feed, Nature::Live, vec![]) };
    let mut batches = [of("x", "1"), of("y", "9"), of("x", "2"), batch_of("x", Nature::Live, vec![])];
    journal.keep(&mut batches).expect("it can be kept");
    assert!(batches.iter().take(3).all(|batch| batch.cursor.is_some()));
    keep(&mut journal, of("y", "10"));
    drop(journal);
    let cursors = desk.open().cursors().expect("it can be read");
    assert_eq!((cursors.len(), &*cursors["x"], &*cursors["y"]), (2, "2", "10"));
}

#[test]
fn what_does_not_happen_now_is_not_kept() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for nature in [Nature::Simulated, Nature::Replay(START)] {
        let both = vec![said("a", "one"), said("a", "one")];
        let play = Batch { cursor: Some("1".into()), ..batch_of("demo", nature, both.clone()) };
        assert_eq!(keep(&mut journal, play).mentions, both);
    }
    assert!(desk.all().is_empty() && journal.cursors().expect("it can be read").is_empty());
}

#[test]
fn numbers_come_back_in_the_order_of_their_time() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let at = |secs| START + Duration::from_secs(secs);
    let samples = vec![
        sample("b", at(2), 2.0),
        sample("a", at(1), 1.0),
        sample("a", at(2), 3.0),
        sample("a", at(1), 1.0),
    ];
    let left = keep(&mut journal, Batch { samples, ..batch(vec![]) });
    assert_eq!(left.samples.len(), 3);
    let again = vec![sample("a", at(1), 1.0), sample("a", at(2), 4.0), sample("a", at(3), f64::NAN)];
    let left = keep(&mut journal, Batch { samples: again, ..batch(vec![]) });
    assert_eq!(left.samples, [sample("a", at(2), 4.0)]);
    let mut history = fishbowl::journal::History::open(desk.path(), at(0), Seq(0)).expect("it can be read");
    let all = history.samples(at(0), 100).expect("they can be read");
    assert_eq!(all, [sample("a", at(1), 1.0), sample("b", at(2), 2.0), sample("a", at(2), 4.0)]);
    assert_eq!(history.samples(at(0), 1).expect("they can be read"), all[..1]);
    assert_eq!(history.samples(at(0), 2).expect("they can be read"), all, "a moment is whole");
    assert_eq!(history.samples(at(1), 1).expect("they can be read"), all[1..]);
}

#[test]
fn a_look_back_leaves_out_what_is_older() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let at = |i: i64| Time(START.0 + i * 1_000_000_000);
    for chunk in (0..30_000).collect::<Vec<i64>>().chunks(1_000) {
        let mentions = chunk.iter().map(|i| {
            let mut mention = said(&i.to_string(), "tick");
            (mention.ts, mention.received) = (at(*i), at(*i));
            mention
        });
        told(&mut journal, mentions.collect());
    }
    let late = since(desk.path(), at(20_000));
    assert_eq!((late.len(), late[0].seq), (9_999, Seq(20_002)));
    assert!(late.windows(2).all(|two| two[0].seq < two[1].seq));
    let history = fishbowl::journal::History::open(desk.path(), at(9), Seq(5_000)).expect("it can be read");
    let chunks: Vec<_> = history.map(|chunk| chunk.expect("it can be read").len()).collect();
    assert_eq!(chunks.iter().sum::<usize>(), 4_990);
    assert!(chunks.iter().all(|len| *len <= fishbowl::journal::CHUNK));
}
