//! What people write differently and read as the same is found by one query, whichever spelling it has.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;
use crate::mention::reading;

/// Spellings of one word or phrase each.
const SAME: [&[&str]; 22] = [
    &["ışık", "Işık", "IŞIK", "ışik", "\"IŞIK\""],
    &["istanbul", "İSTANBUL", "ISTANBUL", "Istanbul", "ıstanbul"],
    &["کیفیت", "كيفيت", "کیفيت", "كيفیت"],
    &["علی", "علي", "على"],
    &["می\u{200c}خواهم", "میخواهم"],
    &["Oberbürgermeister", "Ober\u{ad}bür\u{ad}ger\u{ad}meis\u{ad}ter", "OBER\u{200b}BÜRGER\u{2060}MEISTER"],
    &["\"don't\"", "\"don’t\"", "\"donʼt\"", "\"don＇t\"", "\"don`t\"", "\"don´t\""],
    &["Hawaiʻi", "Hawai'i", "Hawai‘i", "Hawai’i"],
    &["об'єднання", "об’єднання", "обʼєднання", "ОБ'ЄДНАННЯ"],
    &["ג'ירפה", "ג׳ירפה"],
    &["e-mail", "e‑mail", "e‐mail"],
    &["straße", "STRASSE", "strasse", "STRAẞE"],
    &["σίσυφος", "ΣΊΣΥΦΟΣ"],
    &["ёлка", "елка", "ЁЛКА"],
    &["aurora", "ＡＵＲＯＲＡ", "𝐚𝐮𝐫𝐨𝐫𝐚", "ⓐⓤⓡⓞⓡⓐ", "au\u{200d}rora"],
    &["#aurora", "＃ａｕｒｏｒａ", "#auro\u{ad}ra"],
    &["@aurora", "＠aurora", "@\u{200b}aurora"],
    &["オーロラ", "ｵｰﾛﾗ"],
    &["ﬁne", "fine", "FINE"],
    &["2026", "۲۰۲۶", "٢٠٢٦", "２０２６"],
    &["café", "cafe\u{301}", "CAFÉ", "cafe\u{ad}\u{301}"],
    &["❤️", "❤", "❤\u{fe0e}"],
];

#[test]
fn every_spelling_finds_every_other() {
    for (query, text) in SAME.iter().flat_map(|all| all.iter().flat_map(|q| all.iter().map(move |t| (q, t))))
    {
        assert!(matches(query, &reading(&format!("x {text}. y"))), "{query} on {text}");
        assert!(matches(query, &reading(text)), "{query} on {text} alone");
    }
}

#[test]
fn what_readers_tell_apart_stays_apart() {
    let table =
        [("écran", "ecran"), ("schon", "schön"), ("مدرسة", "مدرسه"), ("أحمد", "احمد"), ("aurora", "auroras")];
    for (query, text) in table {
        assert!(!matches(query, &reading(text)), "{query} on {text}");
    }
    assert!(matches("aurora", &reading("Aurora™ m²")) && matches("m", &reading("m²")));
}

#[test]
fn what_is_asked_for_is_told_as_it_is_written() {
    let said = |query: &str| Query::parse(query).map(|query| query.in_words());
    assert_eq!(said("Işık"), Ok("the word “Işık”".into()));
    assert_eq!(said("#کیفیت"), Ok("the hashtag #کیفیت".into()));
    assert_eq!(said("ＡＵＲＯＲＡ"), Ok("the word “aurora”".into()));
}

#[test]
fn fields_read_as_words_do() {
    let tags = ["Rock ’n’ Roll".into(), "Ober\u{ad}bürger".into()];
    let mention = Subject { tags: &tags, source: "Çıkış", handle: Some("ＪＯ"), ..Subject::of("") };
    assert!(asked("tag:\"rock 'n' roll\" tag:oberbürger source:çikiş from:jo", &mention));
}

proptest! {
    /// Signs that are curled and soft hyphens that are put into words change nothing.
    #[test]
    fn a_text_is_found_alike_however_it_is_written(
        words in proptest::collection::vec(select(vec![
            "don't", "Aurora", "phone", "it's", "#good", "@jo", "l'écran", "über", "комп'ютер", "电池", "...", "42",
        ]), 1..9),
        unseen in select(vec!['\u{ad}', '\u{200b}', '\u{2060}', '\u{feff}']),
        at in proptest::collection::vec(any::<Index>(), 0..6),
    ) {
        let text = words.join(" ");
        let mut written: Vec<char> = text.replace('\'', "’").replace("...", "…").chars().collect();
        for index in at {
            written.insert(index.index(written.len()), unseen);
        }
        let written: String = written.into_iter().collect();
        let tokens = |raw: &str| {
            let mut tokens = Tokens::default();
            tokens.read(raw, true);
            let list = tokens.list().iter().map(|token| (token.kind, tokens.text(token).to_owned())).collect::<Vec<_>>();
            (list, tokens.plain().to_owned())
        };
        prop_assert_eq!(tokens(&reading(&written)), tokens(&reading(&text)), "{:?}", written);
    }
}
