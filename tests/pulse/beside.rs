//! What a source tells of a mention beside its words: links, further languages, and the topics that
//! the service itself found it for.

use std::sync::Arc;

use fishbowl::layout::window::Window;
use fishbowl::mention::{Mention, Op};
use fishbowl::pulse::snapshot::{Snapshot, TermKind};
use fishbowl::pulse::{Digester, Kept, Pulse};
use fishbowl::scene::widgets::RanksOf;

use crate::make::{START, live, mention, ranks, secs, wall};

const PAGE: &str = "https://news.example/2026/aurora";
const AURORA: &str = "\"aurora phone\" NOT borealis";

fn linking(id: u64, text: &str, links: &[&str]) -> Mention {
    Mention { links: links.iter().map(|link| Arc::from(*link)).collect(), ..demo(id, text) }
}

fn spoken(id: u64, text: &str, langs: &[&str]) -> Mention {
    let langs: Vec<Arc<str>> = langs.iter().map(|lang| Arc::from(*lang)).collect();
    Mention { lang: langs.first().cloned(), langs, ..demo(id, text) }
}

fn found(id: u64, text: &str, query: &str) -> Mention {
    Mention { found_for: vec![query.into()], ..demo(id, text) }
}

fn demo(id: u64, text: &str) -> Mention {
    Mention { source: "demo".into(), ..mention(id, START, text) }
}

fn pulse(topics: &[(&str, &str)]) -> Pulse {
    let mut wall = wall(topics);
    let of = |tile: &mut fishbowl::layout::wall::Tile| tile.widget = ranks(&None, RanksOf::Links);
    let mut links = wall.scenes[0].tiles[0].clone();
    of(&mut links);
    wall.scenes[0].tiles.push(links);
    Pulse::new(&wall, START).expect("a right wall")
}

fn told(topics: &[(&str, &str)], mentions: Vec<Mention>) -> Arc<Snapshot> {
    let mut pulse = pulse(topics);
    pulse.fold(live(mentions));
    pulse.publish(START + secs(70.0)).expect("news")
}

fn counts(snapshot: &Snapshot) -> Vec<u64> {
    let of = |stream: &fishbowl::pulse::snapshot::Stream| stream.counts.0[Window::H1 as usize].mentions;
    snapshot.topics.iter().map(of).collect()
}

fn links(snapshot: &Snapshot) -> Vec<(String, u32)> {
    let terms = snapshot.all.ranked.hour.terms.iter().filter(|term| term.kind == TermKind::Link);
    terms.map(|term| (term.text.to_string(), term.count)).collect()
}

#[test]
fn links_beside_the_words_count_like_those_in_them() {
    let mentions = vec![
        linking(1, "look: news.example/2026/au...", &[PAGE]),
        linking(2, "worth a look", &["https://www.news.example/2026/aurora/?utm_source=x#top"]),
        linking(3, &format!("{PAGE} it is"), &[PAGE, PAGE]),
        linking(4, "", &["http://NEWS.example:80/2026/aurora"]),
        linking(5, "nothing to see", &[]),
    ];
    let snapshot = told(&[("links", "has:link"), ("none", "look -has:link")], mentions);
    assert_eq!(links(&snapshot), [("news.example/2026/aurora".into(), 4)]);
    assert_eq!(counts(&snapshot), [4, 0]);
}

#[test]
fn a_link_that_comes_later_or_goes_changes_the_list() {
    let mut pulse = pulse(&[]);
    pulse.fold(live(vec![linking(1, "worth a look", &[]), linking(2, "so is this", &[PAGE])]));
    pulse.publish(START);
    let edit = |mention| Mention { op: Op::Edit, ..mention };
    pulse.fold(live(vec![edit(linking(1, "worth a look", &["https://other.example/"]))]));
    pulse.fold(live(vec![Mention { op: Op::Delete, text: None, ..demo(2, "") }]));
    let snapshot = pulse.publish(START + secs(70.0)).expect("news");
    assert_eq!(links(&snapshot), [("other.example".into(), 1)]);
}

#[test]
fn every_language_of_a_post_is_found_and_the_parts_add_up() {
    let mentions = vec![
        spoken(1, "Guten Morgen zusammen und good morning everybody", &["en", "de"]),
        spoken(2, "Der Akku ist wirklich gut", &["de"]),
        spoken(3, "Neues Video, new video", &["de-AT", "en"]),
        spoken(4, "Der Akku ist wirklich nicht gut und auch nicht schön", &["en", "de"]),
    ];
    let snapshot =
        told(&[("german", "lang:de"), ("english", "lang:en"), ("only", "lang:en -lang:de")], mentions);
    assert_eq!(counts(&snapshot), [4, 3, 0]);
    let languages = &snapshot.all.breakdown.as_ref().expect("of everything they are known").languages;
    let parts: u64 = languages.parts.iter().map(|part| part.counts.over(Window::H1)).sum();
    assert_eq!(parts, 4);
    let german = languages.parts.iter().find(|part| &*part.name == "de").expect("it was spoken");
    assert!(german.counts.over(Window::H1) >= 3, "one whose words are German counts as German");
}

#[test]
fn what_the_service_found_belongs_to_the_topic_that_it_was_asked_for() {
    let topics = [("aurora", AURORA), ("rich", "aurora followers>10k"), ("near", "a NEAR/3 b")];
    let rich = |id, followers| {
        let author = fishbowl::mention::Author { id: "a".into(), followers, ..Default::default() };
        Mention { author: Some(author), ..found(id, "no words of it", topics[1].1) }
    };
    let mentions = vec![
        demo(1, "my aurora phone"),
        found(2, "it swelled up, see the page", AURORA),
        found(3, "it swelled up again", "another query"),
        rich(4, Some(20_000)),
        rich(5, Some(2)),
        rich(6, None),
        found(7, "a and much more that stands between it and b", topics[2].1),
    ];
    assert_eq!(counts(&told(&topics, mentions.clone())), [2, 1, 0]);
    // After a restart, and when the words were taken back since.
    let digester = Digester::new(&wall(&topics)).expect("a right wall");
    let gone =
        |mention: &Mention| Mention { op: Op::Delete, text: None, found_for: Vec::new(), ..mention.clone() };
    for (is_gone, topics, expected) in [
        (false, topics, [2, 1, 0]),
        (true, topics, [2, 1, 0]),
        (false, [("aurora", "aurora phone"), topics[1], topics[2]], [1, 1, 0]),
    ] {
        let mut pulse = pulse(&topics);
        pulse.begin_recall();
        let kept = mentions.iter().map(|mention| match is_gone {
            false => Kept { mention: mention.clone(), digest: None, counted: true, set_by: 0 },
            true => Kept {
                mention: gone(mention),
                digest: Some(digester.of(mention).into()),
                counted: true,
                set_by: 0,
            },
        });
        pulse.recall(kept.collect());
        pulse.recalled();
        let snapshot = pulse.publish(START + secs(70.0)).expect("news");
        assert_eq!(counts(&snapshot), expected, "{is_gone}");
    }
}
