//! Names as people write them.

use std::sync::Arc;

use super::*;
use crate::clock::Time;
use crate::mention::{Author, reading};
use crate::pulse::lists::names::Kinds;

fn author(name: &str, handle: &str) -> Author {
    let text = |text: &str| Some(Arc::from(text)).filter(|text: &Arc<str>| !text.is_empty());
    Author { id: "1".into(), handle: text(handle), name: text(name), followers: None, place: None }
}

fn mention(name: &str, handle: &str, text: &str) -> Mention {
    let mut mention = Mention::new(&"test".into(), "1", Time::default(), Time::default()).with_text(text);
    mention.author = Some(author(name, handle));
    mention
}

/// The words and hashtags that are left of what somebody says.
fn left(name: &str, handle: &str, text: &str) -> Vec<String> {
    let mention = mention(name, handle, text);
    let (mut tokens, mut names, read) = (Tokens::default(), Names::default(), reading(text));
    tokens.read(&read, false);
    names.read(&mention, &read, &tokens, Kinds::of(&[TermKind::Word, TermKind::Hashtag]), None);
    screen(&mention, &read, &mut names);
    names.spelled(&read).into_iter().map(|named| named.form.to_owned()).collect()
}

fn people(authors: &[(&str, &str)]) -> People {
    let mut people = People {
        parts: Known::default(),
        wholes: Known::default(),
        topics: [hash("aurora")].into_iter().collect(),
    };
    authors.iter().for_each(|(name, handle)| people.learn(&mention(name, handle, "")));
    people
}

#[test]
fn nobody_names_himself() {
    for (name, handle, text) in [
        ("Zebulon Persgrubb", "", "Zebulon PERSGRUBB zebulon's Persgrubbs #ZebulonPersgrubb #teamzebulon"),
        ("Zebulon Persgrubb", "", "zebulonpersgrubb PersgrubbZebulon #persgrubb"),
        ("", "ZebQuack_99", "zebquack quack Quack's #ZebQuack zebquack99"),
        ("", "zebquack.bsky.social", "Zebquack here, zebquack.bsky.social"),
        ("", "zeb.quack@mail.example", "Quack zebquack zeb.quack@mail.example"),
        ("zquack@mail.example (Zebulon Persgrubb)", "", "zquack Zebulon persgrubb"),
        ("José Nuñez Müller", "", "Jose NUNEZ Mueller Muller josé"),
        ("Jose Mueller", "", "José Müller"),
        ("Иван Петров", "", "Иван Петрова ПЕТРОВУ #Петров"),
        ("山田太郎", "", "山田です。山田太郎 太郎さん #山田太郎"),
        ("김민수", "", "김민수가 김민수님"),
        ("محمد العريفي", "", "محمد العريفي"),
        ("O'Brien, Siobhan", "", "O’Brien Siobhán siobhan"),
        ("ＺＥＢＵＬＯＮ 𝐐𝐮𝐚𝐜𝐤", "", "Zebulon Quack"),
        ("Zebulon 🔋 Quack", "", "zebulon quack"),
        ("Zebulon Quack CEO at Foo, dad of two", "", "zebulon Quack"),
        ("Maria da Conceicaozz de Sousa e Silva Pereirazz", "", "Conceicaozz"),
    ] {
        assert_eq!(left(name, handle, text), [""; 0], "{name}{handle}: {text}");
    }
}

#[test]
fn an_id_is_a_name_where_there_is_no_other() {
    let parts = |id: &str| Parts::of(&Author { id: id.into(), ..author("", "") }).parts;
    assert_eq!(parts("ottofizz"), ["ottofizz"]);
    assert_eq!(parts("https://social.example/@ottofizz"), ["ottofizz"]);
    let named = Author { id: "battery".into(), ..author("Zebulon", "") };
    assert_eq!(Parts::of(&named).parts, ["zebulon"]);
}

#[test]
fn what_somebody_talks_about_stays() {
    assert_eq!(left("Zebulon Quack CEO at Foo, dad of two", "", "my Foo and my dad"), ["Foo", "dad"]);
    let text = "The Battery of my phone lasts, says Zebulon #Battery #zebra";
    assert_eq!(left("Zebulon Persgrubb", "zeb", text), ["Battery", "phone", "lasts", "#Battery", "#zebra"]);
    assert_eq!(
        left("", "", "mail a.b@mail.example or call 0171/1234567 x01711234567 battery"),
        ["mail", "call", "battery"]
    );
    assert_eq!(left("Jo", "jo", "job jolly"), ["job", "jolly"]);
}

#[test]
fn those_who_spoke_before_are_not_named_by_others() {
    let people = people(&[
        ("Zebulon Persgrubb", "zebquack_7"),
        ("山田太郎", ""),
        ("김민수", ""),
        ("Aurora Stone", ""),
    ]);
    for hidden in [
        "Zebulon",
        "zebulon",
        "PERSGRUBB",
        "Persgrubbs",
        "#Zebulon",
        "#ZebulonPersgrubb",
        "#TeamZebulonPersgrubb",
        "zebquack",
        "zebquack7",
        "#zebquack_7",
        "山田",
        "太郎",
        "山田太郎様",
        "김민수가",
        "Stone",
    ] {
        let kind = if hidden.starts_with('#') { TermKind::Hashtag } else { TermKind::Word };
        assert!(people.hides(kind, hidden, 5), "{hidden}");
    }
    for (shown, count) in
        [("battery", 5), ("#zebra", 5), ("Aurora", 5), ("#aurora", 5), ("stone", 90), ("東京", 5)]
    {
        let kind = if shown.starts_with('#') { TermKind::Hashtag } else { TermKind::Word };
        assert!(!people.hides(kind, shown, count), "{shown}");
    }
    assert!(people.hides(TermKind::Link, "a.example/people/zebulon-persgrubb", 5));
    assert!(people.hides(TermKind::Link, "zebulonpersgrubb.example", 5));
    assert!(!people.hides(TermKind::Link, "a.example/battery-of-stone", 5));
}

#[test]
fn a_small_word_that_many_use_is_one_whoever_is_called_so() {
    let people = people(&[("Battery Stone", "")]);
    assert!(people.hides(TermKind::Word, "battery", 3) && people.hides(TermKind::Word, "Battery", 900));
    assert!(!people.hides(TermKind::Word, "battery", 900));
    assert!(people.hides(TermKind::Hashtag, "#batterystone", 900));
}

#[test]
fn what_is_remembered_has_an_end() {
    let mut known = Known::default();
    (0..3 * MOST).for_each(|n| known.put(&n.to_string()));
    assert!(known.now.len() + known.before.len() <= MOST);
    assert!(known.has(&(3 * MOST - 1).to_string()) && !known.has("0"));
}
