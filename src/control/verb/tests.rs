//! Tests of how verbs are read.

use super::*;
use serde_json::json;

#[test]
fn a_verb_is_read_from_json_and_from_a_query() {
    let banner = Verb::Banner { text: "Lunch".into(), severity: Weight::Warning };
    let sent = json!({ "verb": "banner", "text": "Lunch", "severity": "warning", "for": "10m" });
    let read = Request::read(sent).expect("is right");
    assert_eq!((read.verb.clone(), read.length()), (banner.clone(), Duration::from_secs(600)));
    let pairs = [("text", "Lunch"), ("severity", "warning"), ("for", "10m")];
    let pairs = pairs.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(Request::of_pairs("banner", pairs), Ok(read));
    for verb in ["next", "back", "hold", "resume", "black", "identify"] {
        assert_eq!(Request::of_pairs(verb, []).expect("needs nothing more").verb.name(), verb);
    }
    let alert = Request::of_pairs("acknowledge", [("alert".to_owned(), u64::MAX.to_string())]);
    assert_eq!(alert.expect("is right").verb, Verb::Acknowledge { alert: u64::MAX });
}

#[test]
fn what_is_wrong_is_said() {
    let said = |json: Value| Request::read(json).expect_err("is wrong");
    assert!(said(json!([])).contains("JSON object"));
    assert!(said(json!({})).contains("`verb` is missing"));
    assert!(said(json!({ "verb": "dance" })).contains("`dance` is no verb; use one of next, back"));
    assert!(said(json!({ "verb": "scene" })).contains("missing field `name`"));
    assert!(said(json!({ "verb": "hold", "for": "soon" })).contains("not a duration"));
    assert!(said(json!({ "verb": "clear", "what": "scene" })).contains("unknown variant"));
    let misspelt = said(json!({ "verb": "banner", "text": "a", "severty": "alarm" }));
    assert_eq!(misspelt, "banner: there is no `severty` here; it takes text, severity, for");
    assert!(said(json!({ "verb": "acknowledge", "alert": "x" })).contains("number of an alert"));
}

#[test]
fn every_verb_has_its_name() {
    for name in Verb::NAMES {
        let pairs = [
            ("name", "a"),
            ("window", "1h"),
            ("text", "a"),
            ("what", "all"),
            ("mention", "a"),
            ("alert", "7"),
            ("words", "0"),
            ("from", "14:00"),
            ("display", "a"),
            ("monitor", "DP-1"),
        ];
        let pairs = pairs
            .into_iter()
            .filter(|(key, _)| known(name).contains(key))
            .map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(Request::of_pairs(name, pairs).expect("has all it needs").verb.name(), name);
    }
}
