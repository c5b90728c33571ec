use proptest::prelude::*;
use serde_json::{Map, json};

use super::fields::{headed, network, network_of};
use super::known::Known;
use super::*;
use crate::clock::Time;
use crate::feed::decode::error::DecodeError;
use crate::feed::kinds::{brandwatch, meltwater, sprout, talkwalker};
use crate::mention::{MAX_TAGS, Mention, Network};

const NOW: Time = Time::from_secs(1_800_000_000);

#[test]
fn a_headline_stands_at_the_head_and_is_not_said_twice() {
    assert_eq!(
        headed(Some("Aurora wins"), Some("The phone was chosen.")),
        "Aurora wins — The phone was chosen."
    );
    assert_eq!(headed(Some("Aurora wins …"), Some("Aurora wins the prize")), "Aurora wins the prize");
    assert_eq!(headed(None, Some(" b ")), "b");
    assert_eq!(headed(Some("a"), None), "a");
    assert_eq!(headed(Some("…"), Some("b")), "… — b");
}

#[test]
fn networks_are_known_by_word_and_by_host() {
    for (word, expected) in [
        ("twitter", Some(Network::X)),
        ("X", Some(Network::X)),
        ("ONLINENEWS_PRESSRELEASES", Some(Network::News)),
        ("facebook_public", None),
        ("xing", None),
        ("", None),
    ] {
        assert_eq!(network(word), expected, "{word}");
    }
    assert_eq!(network_of("https://old.reddit.com/r/a"), Some(Network::Reddit));
    assert_eq!(network_of("https://notx.com/"), None);
    assert_eq!(network_of("no address"), None);
}

/// Anything that JSON can say, with a liking for what fields hold.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        Just(json!("2019-10-10T17:48:54.588+0000")),
        Just(json!("https://x.com/a/status/1")),
        Just(json!("negative")),
        Just(json!("\u{202e}\u{0}")),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((".{0,6}", inner), 0..4)
                .prop_map(|pairs| Value::from(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Every place in a document, as a path of keys and indices.
fn places(value: &Value, path: &mut Vec<String>, all: &mut Vec<Vec<String>>) {
    if !path.is_empty() {
        all.push(path.clone());
    }
    let mut enter = |key: String, inner: &Value| {
        path.push(key);
        places(inner, path, all);
        path.pop();
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(key, inner)| enter(key.clone(), inner)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, inner)| enter(i.to_string(), inner)),
        _ => {}
    }
}

type Read = fn(&Value, &Arc<str>, Time, &mut Known) -> Result<Mention, DecodeError>;

/// What each suite's decoder reads, and where the id stands.
fn suites() -> Vec<(&'static str, Read, Value)> {
    let sample = |text: &str| serde_json::from_str(text).expect("a sample is JSON");
    vec![
        (
            "/resourceId",
            brandwatch::decode::read as Read,
            sample(include_str!("../../../../tests/suites/brandwatch/mention.json")),
        ),
        (
            "/data/url",
            talkwalker::decode::read,
            sample(include_str!("../../../../tests/suites/talkwalker/document.json")),
        ),
        (
            "/id",
            meltwater::decode::read,
            sample(include_str!("../../../../tests/suites/meltwater/document.json")),
        ),
        ("/guid", sprout::decode::read, sample(include_str!("../../../../tests/suites/sprout/message.json"))),
    ]
}

#[test]
fn any_field_may_be_null_or_absent() {
    for (id, read, sample) in suites() {
        let mut all = Vec::new();
        places(&sample, &mut Vec::new(), &mut all);
        assert!(all.len() > 20, "{id}: the sample has fields");
        for path in all {
            let pointer = format!("/{}", path.join("/"));
            let mut record = sample.clone();
            *record.pointer_mut(&pointer).expect("it is a place of the sample") = Value::Null;
            let mention = read(&record, &"feed".into(), NOW, &mut Known::default());
            if !id.starts_with(&pointer) {
                let whole = read(&sample, &"feed".into(), NOW, &mut Known::default()).expect("it is whole");
                assert_eq!(mention.expect("only the id is needed").uid, whole.uid, "{pointer}");
            }
        }
    }
}

proptest! {
    #[test]
    fn no_field_of_a_wrong_type_panics_or_spoils_the_id(
        wrong in prop::collection::vec((any::<prop::sample::Index>(), any_value()), 1..6),
    ) {
        for (id, read, sample) in suites() {
            let mut all = Vec::new();
            places(&sample, &mut Vec::new(), &mut all);
            let mut record = sample.clone();
            for (place, value) in &wrong {
                let pointer = format!("/{}", place.get(&all).join("/"));
                if !id.starts_with(&pointer) && let Some(place) = record.pointer_mut(&pointer) {
                    *place = value.clone();
                }
            }
            let mention = read(&record, &"feed".into(), NOW, &mut Known::default()).expect("the id is there");
            let whole = read(&sample, &"feed".into(), NOW, &mut Known::default()).expect("it is whole");
            prop_assert_eq!(mention.uid, whole.uid);
            prop_assert!(mention.ts <= NOW + std::time::Duration::from_secs(120));
            prop_assert!(mention.sentiment.is_none_or(|s| (-1.0..=1.0).contains(&s.score)));
            prop_assert!(mention.tags.len() <= MAX_TAGS && mention.emotions.len() <= MAX_TAGS);
        }
    }

    #[test]
    fn anything_at_all_is_read_or_is_garbage(value in any_value()) {
        for (_, read, _) in suites() {
            let _ = read(&value, &"feed".into(), NOW, &mut Known::default());
        }
    }
}
