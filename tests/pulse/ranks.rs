//! What is ranked: emoji and links, what rises, copies that are folded, what is taken back.

use std::sync::Arc;

use fishbowl::clock::Time;
use fishbowl::layout::kind::TileSpec;
use fishbowl::layout::ranks::{Past, Rank};
use fishbowl::layout::wall::{Tile, Wall};
use fishbowl::mention::{Kind, Mention, Op};
use fishbowl::pulse::snapshot::{Snapshot, TermKind};
use fishbowl::pulse::{Digester, Kept, Pulse};
use fishbowl::scene::widgets::{MentionsTable, RanksOf, RanksTable};
use proptest::prelude::*;

use crate::make::{START, by, live, mention, past, said, secs, wall};

const LONG: &str = "Giveaway: follow us and pass this on to win one of ten new phones on Friday night";

/// A wall with every list over the hour and the day.
fn listing(topics: &[(&str, &str)]) -> Wall {
    let mut wall = wall(topics);
    let of = [RanksOf::All, RanksOf::Emoji, RanksOf::Links, RanksOf::Authors];
    let list = |of| RanksTable { of, window: Some(Past::Day), ..RanksTable::default() };
    let rising = RanksTable { rank: Rank::Rising, ..RanksTable::default() };
    let specs = of.map(list).into_iter().chain([rising]).map(TileSpec::from);
    let specs = specs.chain([MentionsTable::default().into()]);
    let like = wall.scenes[0].tiles[0].clone();
    wall.scenes[0].tiles.extend(specs.map(|widget| Tile { widget, ..like.clone() }));
    wall
}

fn pulse() -> Pulse {
    Pulse::new(&listing(&[]), START).expect("a right wall")
}

fn words(snapshot: &Snapshot, kind: TermKind) -> Vec<(String, u32)> {
    let terms = snapshot.all.ranked.day.terms.iter().filter(|term| term.kind == kind);
    terms.map(|term| (term.text.to_string(), term.count)).collect()
}

fn names(snapshot: &Snapshot) -> Vec<(String, u32)> {
    snapshot.all.ranked.day.authors.iter().map(|voice| (voice.name.to_string(), voice.mentions)).collect()
}

/// After everything that is refreshed by the minute.
fn later(pulse: &mut Pulse, now: Time) -> Arc<Snapshot> {
    pulse.publish(now + secs(70.0)).expect("time passes")
}

fn deleted(id: u64, now: Time) -> Mention {
    Mention { op: Op::Delete, text: None, ..mention(id, now, "") }
}

#[test]
fn emoji_and_links_are_ranked_beside_words() {
    let mut pulse = pulse();
    pulse.fold(live(vec![
        mention(1, START, "great 👍🏽👍 https://www.a.example/x?utm_source=1"),
        mention(2, START, "great 👍🏿 https://a.example/x?fbclid=2 🇫🇷"),
    ]));
    let snapshot = later(&mut pulse, START);
    assert_eq!(words(&snapshot, TermKind::Emoji), [("👍".into(), 2), ("🇫🇷".into(), 1)]);
    assert_eq!(words(&snapshot, TermKind::Link), [("a.example/x".into(), 2)]);
    assert_eq!(words(&snapshot, TermKind::Word), [("great".into(), 2)]);
    let day = &snapshot.all.ranked.day;
    assert_eq!((day.terms_missed, day.authors_missed), (0, 0));
}

#[test]
fn copies_fold_into_the_first_and_every_count_stays() {
    let mut pulse = pulse();
    let copies =
        (1..40).map(|i| by(mention(i, START, &format!("RT @x{i}: {LONG} https://a.example/{i}")), i, None));
    let mut repost = by(mention(50, START, "so true"), 50, None);
    (repost.kind, repost.parent) = (Kind::Repost, Some("test:0".into()));
    pulse.fold(live(vec![by(mention(0, START, LONG), 0, None)]));
    pulse.publish(START);
    pulse.fold(live(copies.chain([repost]).collect()));
    let snapshot = later(&mut pulse, START);
    let latest = &snapshot.all.latest;
    assert_eq!((latest.len(), latest[0].copies), (1, 40));
    assert_eq!(snapshot.all.counts.0.iter().map(|tally| tally.mentions).max(), Some(41));
    assert_eq!(words(&snapshot, TermKind::Word)[0].1, 40, "words of copies are uses");
}

#[test]
fn a_copied_text_does_not_make_its_words_rise_and_a_story_does() {
    let mut pulse = pulse();
    let day = (0..4_000)
        .map(|i| said(i, START - secs(80_000.0) + secs(18.0) * i as u32, START, "always the weather"));
    pulse.fold(past(day.collect()));
    let news = (0..40).map(|i| mention(10_000 + i, START, &format!("{i} overheating weather {i} {}", i * 7)));
    let copies = (0..40).map(|i| mention(20_000 + i, START, LONG));
    pulse.fold(live(news.chain(copies).collect()));
    let snapshot = later(&mut pulse, START);
    let rising = &snapshot.all.ranked.rising;
    let told: Vec<_> = rising.iter().map(|r| (&*r.text, r.since)).collect();
    assert_eq!(told, [("overheating", Some(START))]);
    assert!(snapshot.all.ranked.has_past && rising[0].lift > 20.0, "{}", rising[0].lift);
}

#[test]
fn what_is_taken_back_leaves_the_lists_and_what_is_changed_is_listed_anew() {
    let mut pulse = pulse();
    let all = [(1, 1, "secret plan 🤫"), (2, 1, "open plan"), (3, 2, "wrogn word https://a.example")];
    pulse.fold(live(all.map(|(id, author, text)| by(mention(id, START, text), author, None)).into()));
    let before = later(&mut pulse, START);
    assert_eq!(names(&before), [("author 1".into(), 2), ("author 2".into(), 1)]);
    let edit = Mention { op: Op::Edit, ..by(mention(3, START, "wrong word"), 2, None) };
    pulse.fold(live(vec![deleted(1, START), edit]));
    let after = later(&mut pulse, START + secs(60.0));
    assert_eq!(
        words(&after, TermKind::Word),
        [("open", 1), ("plan", 1), ("word", 1), ("wrong", 1)].map(|(w, n)| (w.to_owned(), n))
    );
    assert!(words(&after, TermKind::Emoji).is_empty() && words(&after, TermKind::Link).is_empty());
    assert_eq!(names(&after), [("author 1".into(), 2), ("author 2".into(), 1)], "what was said was said");
    pulse.fold(live(vec![deleted(2, START)]));
    assert_eq!(names(&later(&mut pulse, START + secs(120.0))), [("author 2".into(), 1)]);
}

/// Told again by the journal, lists are what they were, with what was taken back left out.
#[test]
fn a_restart_gives_the_same_lists() {
    let wall = listing(&[("plan", "plan")]);
    let digester = Digester::new(&wall).expect("a right wall");
    let mut first = Pulse::new(&wall, START).expect("a right wall");
    let texts = ["a plan 👍", "secret plan", LONG, LONG, "more https://a.example/x", LONG];
    let told: Vec<Mention> =
        texts.iter().zip(0..).map(|(text, i)| by(mention(i, START, text), i % 3, Some(5))).collect();
    let told: Vec<Mention> = told.into_iter().map(|m| Mention { source: "demo".into(), ..m }).collect();
    first.fold(live(told.clone()));
    let gone = Mention { uid: told[1].uid.clone(), source: "demo".into(), ..deleted(1, START) };
    first.fold(live(vec![gone.clone()]));
    let before = later(&mut first, START);
    let mut second = Pulse::new(&wall, START).expect("a right wall");
    second.begin_recall();
    let digest = |m: &Mention| Some(digester.of(m).into());
    let kept = told.iter().map(|m| match m.uid == gone.uid {
        true => Kept { mention: gone.clone(), digest: digest(m), counted: true, set_by: 0 },
        false => Kept { mention: m.clone(), digest: None, counted: true, set_by: 0 },
    });
    second.recall(kept.collect());
    second.recalled();
    let after = later(&mut second, START);
    for (a, b) in [(&before.all, &after.all), (&before.topics[0], &after.topics[0])] {
        assert_eq!(a.ranked, b.ranked);
    }
    assert!(!before.all.ranked.day.terms.iter().any(|term| &*term.text == "secret"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn folding_does_not_depend_on_how_mentions_were_cut_into_batches(
        picks in prop::collection::vec((0..6_usize, 0..900_u32), 1..80),
        cuts in prop::collection::vec(1..9_usize, 1..20),
    ) {
        let texts = [LONG, "love it", "a plan 👍 for https://a.example", "RT @a: Giveaway: follow us and pass this on to win one of ten new phones on Friday night", "another thing that people say today", "🙏"];
        let mut now = START;
        let mut all = Vec::new();
        for ((text, passed), id) in picks.into_iter().zip(0..) {
            now = now + secs(f64::from(passed));
            all.push(by(mention(id, now, texts[text]), id % 5, Some(id)));
        }
        let (mut whole, mut cut) = (pulse(), pulse());
        whole.fold(live(all.clone()));
        let (mut rest, mut sizes) = (&all[..], cuts.iter().cycle());
        while !rest.is_empty() {
            let (head, tail) = rest.split_at(rest.len().min(*sizes.next().expect("it goes round")));
            cut.fold(live(head.to_vec()));
            rest = tail;
        }
        let (whole, cut) = (later(&mut whole, now), later(&mut cut, now));
        prop_assert_eq!(&whole.all.ranked, &cut.all.ranked);
        let copies = |s: &Snapshot| s.all.latest.iter().map(|l| (l.mention.uid.clone(), l.copies)).collect::<Vec<_>>();
        prop_assert_eq!(copies(&whole), copies(&cut));
    }
}
