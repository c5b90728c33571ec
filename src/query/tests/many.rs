//! Many queries at once: the same result as of each by itself, and no more work than is needed.

use std::sync::Arc;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

fn find(matcher: &Matcher, mention: &Subject<'_>, scratch: &mut Scratch) -> Vec<u16> {
    let (mut tokens, mut found) = (Tokens::default(), Vec::new());
    matcher.find(mention, &mut tokens, scratch, &mut found);
    found
}

#[test]
fn queries_are_found_in_their_order_whatever_was_asked_before() {
    let queries =
        ["aurora", "#x OR aurora lang:ja", "lang:ja", "電池", "aurora NEAR/1 phone", "-x aurora", "auror*"];
    let queries = queries.map(|query| Query::parse(query).expect("good"));
    let matcher = Matcher::new(&queries);
    let mut scratch = Scratch::default();
    for _ in 0..2 {
        let japanese = Subject { lang: Lang::new("ja"), ..Subject::of("Aurora 電池 aurora phone") };
        assert_eq!(find(&matcher, &japanese, &mut scratch), [0, 1, 2, 3, 4, 5, 6]);
        assert_eq!(find(&matcher, &Subject::of("x aurora"), &mut scratch), [0, 6]);
        assert_eq!(find(&matcher, &Subject::of(""), &mut scratch), [0; 0]);
    }
    let one = Matcher::new(&queries[3..4]);
    assert_eq!(find(&one, &Subject::of("電池"), &mut scratch), [0]);
    assert_eq!(find(&Matcher::default(), &Subject::of("電池"), &mut scratch), [0; 0]);
}

const PARTS: [&str; 30] = [
    "a",
    "b",
    "aurora",
    "#a",
    "@b",
    "au*",
    "#au*",
    "\"a b\"",
    "\"b a b\"",
    "電池",
    "池の",
    "ไทย",
    "오로",
    "🔥",
    "lang:ja",
    "lang:en",
    "from:@jo",
    "from:j*",
    "source:x",
    "source:feed",
    "country:US",
    "followers>10",
    "followers<=10",
    "has:geo",
    "has:tag",
    "is:reply",
    "tag:t",
    "emotion:joy",
    "sentiment:unknown",
    "has:link",
];
const TEXTS: [&str; 20] = [
    "a",
    "b",
    "aurora",
    "Auroras",
    "#a",
    "#aurora",
    "@b",
    "x",
    "電池の",
    "池",
    "寿命",
    "ไทย",
    "오로라",
    "🔥",
    "é",
    ".",
    "https://x.org",
    "aÉ",
    "B",
    "au",
];

/// A query; half of what comes out has only negative alternatives and cannot be read.
fn query() -> impl Strategy<Value = String> {
    let leaf = select(PARTS.to_vec()).prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 4, |inner| {
        let word = || select(PARTS[..14].to_vec());
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(|parts| format!("({})", parts.join(" OR "))),
            vec(inner.clone(), 2..4).prop_map(|parts| parts.join(" ")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} NOT ({b})")),
            inner.prop_map(|part| format!("NOT ({part})")),
            (word(), 1..5, word()).prop_map(|(a, n, b)| format!("({a} NEAR/{n} {b})")),
            (word(), word(), 1..5, word()).prop_map(|(a, b, n, c)| format!("(({a} OR {b}) NEAR/{n} {c})")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    vec((select(TEXTS.to_vec()), select(vec![" ", " ", ""])), 0..12)
        .prop_map(|parts| parts.iter().flat_map(|(word, gap)| [*word, *gap]).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn many_at_once_find_what_each_finds_by_itself(
        queries in vec(query(), 1..12), texts in vec((text(), any::<u16>()), 1..4)
    ) {
        let queries: Vec<Query> = queries.iter().filter_map(|query| Query::parse(query).ok()).collect();
        let (matcher, mut scratch) = (Matcher::new(&queries), Scratch::default());
        let (tags, emotions) = ([Arc::from("T")], [("joy".into(), 0.5)]);
        for (text, tells) in &texts {
            let tells = |bit: u16| tells & 1 << bit != 0;
            let mention = Subject {
                handle: tells(0).then_some("Jo"),
                lang: if tells(1) { Lang::new("ja") } else { Lang::new("en") },
                country: tells(2).then(|| Country::new("US")).flatten(),
                followers: tells(3).then_some(if tells(4) { 10 } else { 11 }),
                kind: if tells(5) { Kind::Reply } else { Kind::Post },
                tone: tells(6).then_some(Tone::Neutral),
                has_geo: tells(7),
                source: if tells(8) { "Feed" } else { "other" },
                network: if tells(9) { Network::X } else { Network::Other },
                tags: if tells(10) { &tags } else { &[] },
                emotions: if tells(11) { &emotions } else { &[] },
                ..Subject::of(text)
            };
            let mut tokens = Tokens::default();
            tokens.read(text, true);
            let each: Vec<u16> =
                (0..).zip(&queries).filter(|(_, q)| q.matches(&mention, &tokens)).map(|(i, _)| i).collect();
            prop_assert_eq!(find(&matcher, &mention, &mut scratch), each, "{:?} on {:?}", queries, mention);
        }
    }
}
