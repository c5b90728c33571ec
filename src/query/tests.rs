//! Truth tables of the topic language.

mod many;
mod read;

use std::sync::Arc;

use super::*;
use crate::mention::{Country, Kind, Lang, Network, reading};

fn matches(query: &str, text: &str) -> bool {
    asked(query, &Subject::of(text))
}

fn asked(query: &str, mention: &Subject<'_>) -> bool {
    let query = Query::parse(query).unwrap_or_else(|(at, what)| panic!("{query}: {at}: {what}"));
    let mut tokens = Tokens::default();
    tokens.read(mention.text, query.needs_plain());
    query.matches(mention, &tokens)
}

#[test]
fn operators_bind_as_documented() {
    let table = [
        ("a b", "b x a", true),
        ("a b", "b x", false),
        ("a OR b c", "a", true),
        ("a OR b c", "b", false),
        ("a OR b AND c", "c b", true),
        ("(a OR b) c", "a", false),
        ("(a OR b) c", "b c", true),
        ("a NOT b", "a", true),
        ("a NOT b", "a b", false),
        ("a AND NOT (b OR c)", "a c", false),
        ("x OR a NOT b", "x b", true),
        ("NOT NOT a b", "a b", true),
        ("and or", "this or that and more", true),
        ("a -b", "a", true),
        ("a -b", "a b", false),
        ("a -#b", "a b", true),
        ("a -(b OR c)", "a c", false),
        ("a -\"b c\"", "a c b", true),
        ("(a)-b", "a b", false),
        ("e-mail", "an e-mail", true),
    ];
    for (query, text, expected) in table {
        assert_eq!(matches(query, text), expected, "{query} on {text}");
    }
}

#[test]
fn a_query_is_read_whichever_keyboard_wrote_it() {
    let table = [
        ("（battery OR 電池）", "電池", true),
        ("aurora ＯＲ nova", "nova", true),
        ("aurora –borealis", "aurora borealis", false),
        ("aurora ‑borealis", "aurora", true),
        ("「オーロラ」", "オーロラ電話", true),
        ("«aurora phone»", "phone aurora", false),
        ("auror＊", "auroras", true),
        ("a NEAR／5 b", "a x b", true),
        ("צה\"ל", "צה״ל", true),
        ("co2", "CO₂", true),
        ("🇪🇫", "🇩🇪🇫🇷", false),
        ("🇫🇷", "🇩🇪🇫🇷", true),
        ("#️⃣", "press #️⃣", true),
    ];
    for (query, text, expected) in table {
        assert_eq!(matches(query, &reading(text)), expected, "{query} on {text}");
    }
    assert!(asked("lang：ja", &Subject { lang: Lang::new("ja"), ..Subject::of("x") }));
}

#[test]
fn words_phrases_tags_handles_and_prefixes_are_found_where_they_stand() {
    let table = [
        ("aurora", "AURORA's new phone", true),
        ("aurora", "auroras", false),
        ("aurora", "I love #Aurora!", true),
        ("aurora", "ask @aurora", false),
        ("aurora", "see https://aurora.example", false),
        ("#aurora", "aurora", false),
        ("#aurora", "#AURORA", true),
        ("#aurora", "#auroraphone", false),
        ("#aurora*", "#auroraphone", true),
        ("@aurora", "hi @Aurora.", true),
        ("@aurora", "aurora", false),
        ("auror*", "two Auroras", true),
        ("auror*", "auro", false),
        ("\"aurora phone\"", "the Aurora, phone of the year", true),
        ("\"aurora phone\"", "phone aurora", false),
        ("“aurora phone”", "aurora phone", true),
        ("don’t", "I don't", true),
        ("c++", "plan c", true),
        ("écran", "L'ÉCRAN", true),
        ("ＡＵＲＯＲＡ", "aurora", true),
    ];
    for (query, text, expected) in table {
        assert_eq!(matches(query, text), expected, "{query} on {text}");
    }
}

#[test]
fn other_scripts_are_found_by_their_own_rules() {
    let table = [
        ("オーロラ", "新しいオーロラフォンが好き", true),
        ("ｵｰﾛﾗ", "オーロラ", true),
        ("電池", "長い電池の寿命", true),
        ("電池 NOT 寿命", "長い電池の寿命", false),
        ("#オーロラ", "#オーロラフォン", false),
        ("#オーロラ*", "＃オーロラフォン", true),
        ("أورورا", "هاتف أورورا رائع", true),
        ("أورورا", "الأورورات", false),
        ("بطارية", "بطّارِيّة", true),
        ("오로라", "오로라폰이 좋아요", true),
        ("오로라", "새오로라", false),
        ("🔥", "so 🔥🔥", true),
        ("❤", "❤️", true),
        ("Батарея", "БАТАРЕЯ!", true),
        ("แบตเตอรี่", "โทรศัพท์แบตเตอรี่อึดมาก", true),
        ("\"手机 电池\"", "手机 电池 很好", true),
        ("电池*", "新电池寿命", true),
    ];
    for (query, text, expected) in table {
        assert_eq!(matches(query, text), expected, "{query} on {text}");
    }
}

#[test]
fn errors_say_where_and_what_to_do() {
    let table = [
        ("", 0, "empty"),
        ("  ", 2, "empty"),
        ("a OR", 4, "ends with an operator"),
        ("a AND OR b", 6, "both sides"),
        ("OR a", 0, "both sides"),
        ("é (b OR c", 3, "not closed"),
        ("a ) b", 2, "unmatched"),
        ("a (", 3, "after `(`"),
        ("a ()", 3, "before this `)`"),
        ("a \"b c", 2, "quote"),
        ("a NOT", 5, "ends with an operator"),
        ("NOT a", 0, "must not occur"),
        ("a OR NOT b", 5, "must not occur"),
        ("*", 0, "no word"),
        ("a b*", 3, "letters before it"),
        ("au*ra", 2, "only be at the end"),
        ("\"NOT x\" OR NOT b", 11, "must not occur"),
        ("a !!!", 2, "no word"),
        ("\"\"", 0, "no word"),
        ("\u{fe0f}", 0, "no word"),
        ("a - b", 2, "no word"),
        ("-a", 0, "must not occur"),
        ("-lang:ja", 0, "must not occur"),
        ("a NEAR b", 2, "`NEAR/5`"),
        ("a NEAR/0 b", 2, "1 to 100"),
        ("a NEAR/101 b", 2, "1 to 100"),
        ("a NEAR/x b", 2, "1 to 100"),
        ("NEAR/5 b", 0, "both sides"),
        ("a NEAR/5", 8, "ends with an operator"),
        ("a NEAR/5 OR b", 9, "both sides"),
        ("a NEAR/5 -b", 2, "NOT (a NEAR/5 b)"),
        ("é NEAR/5 lang:ja", 3, "join it with AND"),
        ("a NEAR/5 (b c)", 2, "NEAR/5 c"),
        ("é lnag:ja", 3, "write `lang:ja`"),
        ("language:ja", 0, "write `lang:ja`"),
        ("re:invent", 0, "\"re:invent\""),
        ("lang:", 5, "`lang:ja`"),
        ("lang: ja", 5, "`lang:ja`"),
        ("lang:japanese", 5, "two- or three-letter"),
        ("lang:jp", 5, "`lang:ja`"),
        ("lang=ja", 4, "`lang:ja`"),
        ("country:USA", 8, "two-letter"),
        ("country:UK", 8, "`country:GB`"),
        ("from:@", 5, "`from:@dell`"),
        ("from:d*l", 5, "how the handle starts"),
        ("folowers>10", 0, "write `followers>10`"),
        ("followers:10", 10, "`followers>10000`"),
        ("followers > 10", 10, "right after it"),
        ("followers>many", 10, "followers>=10k"),
        ("followers>99999999999999999999", 10, "followers>=10k"),
        ("has:gep", 4, "did you mean `has:geo`"),
        ("has:media", 4, "do not report"),
        ("is:retweet", 3, "did you mean `is:repost`"),
        ("is:xyzzy", 3, "use one of `post`"),
        ("sentiment:sad", 10, "`negative`"),
        ("source:\"a b", 7, "quote"),
        ("https://x.org", 0, "has:link"),
    ];
    for (query, at, part) in table {
        let (found, what) = check(query).expect_err(query);
        assert_eq!(found, at, "{query}: {what}");
        assert!(what.contains(part), "{query}: {what}");
    }
    assert!(check(&"a NEAR/1 ".repeat(10)).is_err_and(|(at, what)| at == 38 && what.contains("in a row")));
    assert!(check(&"(".repeat(1_000)).is_err());
    assert!(check(&"NOT ".repeat(1_000)).is_err());
    assert!(check(&"a ".repeat(MAX_QUERY)).is_err());
}

#[test]
fn near_measures_in_words_and_in_pairs_of_characters() {
    let table = [
        ("a NEAR/1 b", "a b", true),
        ("a NEAR/1 b", "b, a!", true),
        ("a NEAR/1 b", "a x b", false),
        ("a NEAR/2 b", "a x b", true),
        ("a NEAR/2 b", "a https://x.org x b", true),
        ("a NEAR/5 b", "b 1 2 3 4 5 a b", true),
        ("a NEAR/5 a", "a", false),
        ("a NEAR/5 a", "a x a", true),
        ("NOT (a NEAR/1 b) c", "a b c", false),
        ("c NOT (a NEAR/1 b)", "a c b", true),
        ("(a OR b) NEAR/1 (c OR d)", "a x d b", true),
        ("(a OR b) NEAR/1 (c OR d)", "a b x c", false),
        ("a NEAR/1 b NEAR/1 c", "a b x c", false),
        ("a NEAR/1 b NEAR/1 c", "b a c", true),
        ("a NEAR/1 b c", "c x b a", true),
        ("\"a b\" NEAR/1 c", "a b c", true),
        ("\"a b\" NEAR/1 c", "a x b c", false),
        ("auror* NEAR/2 #b", "Auroras x #b", true),
        ("電池 NEAR/1 寿命", "電池寿命", true),
        ("電池 NEAR/1 寿命", "電池の寿命", false),
        ("電池 NEAR/2 寿命", "電池の寿命", true),
        ("電池 NEAR/3 寿命", "電池がとても寿命", true),
        ("電池 NEAR/2 寿命", "電池がとても寿命", false),
        ("電池 NEAR/2 iphone", "iPhone の電池", true),
        ("電池 NEAR/1 iphone", "iPhone の電池", false),
        ("🔥 NEAR/1 sale", "🔥 sale", true),
        ("🔥 NEAR/1 sale", "🔥 the sale", false),
    ];
    for (query, text, expected) in table {
        assert_eq!(matches(query, text), expected, "{query} on {text}");
    }
}

#[test]
fn fields_ask_what_a_mention_tells() {
    let (tags, emotions) = ([Arc::from("Launch Day")], [("Joy".into(), 0.9), ("anger".into(), 0.2)]);
    let langs = ["ja".into(), "pt-BR".into()];
    let mention = Subject {
        text: "see https://x.org #aurora @dell",
        handle: Some("Jo@Mastodon.example"),
        id: Some("did:plc:abc"),
        source: "Public Feed",
        network: Network::Mastodon,
        kind: Kind::Comment,
        lang: Lang::new("ja-JP"),
        country: Country::new("us"),
        followers: Some(10_000),
        tone: Some(Tone::Negative),
        has_geo: true,
        sensitive: true,
        tags: &tags,
        emotions: &emotions,
        langs: &langs,
        ..Subject::default()
    };
    let told = [
        "lang:ja",
        "Lang:JA-jp",
        "lang:pt",
        "lang:pt lang:ja",
        "country:US",
        "country:us",
        "from:@jo",
        "from:JO@mastodon.example",
        "from:jo*",
        "from:did:plc:abc",
        "from:\"@Jo\"",
        "source:mastodon",
        "source:\"public feed\"",
        "followers=10000",
        "followers>=10k",
        "followers<=10000",
        "followers>9999",
        "followers<2m",
        "has:geo",
        "has:country",
        "has:lang",
        "has:link",
        "has:tag",
        "has:handle",
        "has:followers",
        "has:author",
        "has:sentiment",
        "is:reply",
        "is:comment",
        "is:sensitive",
        "tag:\"launch day\"",
        "emotion:joy",
        "sentiment:negative",
        "see lang:ja",
        "lang:en OR lang:ja",
        "see -lang:en",
    ];
    let not = [
        "lang:en",
        "country:CA",
        "from:dell",
        "from:j",
        "from:o*",
        "from:jo@other.example",
        "source:bluesky",
        "followers>10000",
        "followers<10k",
        "followers=1",
        "is:post",
        "is:repost",
        "is:quote",
        "tag:launch",
        "emotion:anger",
        "sentiment:positive",
        "sentiment:unknown",
        "see -lang:ja",
        "see -lang:pt",
    ];
    for query in told {
        assert!(asked(query, &mention), "{query}");
        let silent = Subject::of("");
        assert!(!asked(query, &silent), "{query} of a mention that tells nothing");
    }
    not.iter().for_each(|query| assert!(!asked(query, &mention), "{query}"));
    assert!(asked("has:link", &Subject { has_link: true, ..Subject::of("a card") }));
    for unknown in ["sentiment:unknown", "is:post", "source:other"] {
        assert!(asked(unknown, &Subject::of("")), "{unknown}");
    }
}

#[test]
fn what_looks_like_a_field_and_is_none_is_a_word() {
    let table = [
        ("10:30", "at 10:30", true),
        ("\"lang:ja\"", "lang ja", true),
        ("note:", "a note", true),
        ("x=y", "x y", true),
        ("nearby", "nearby", true),
        ("NEARBY", "nearby", true),
    ];
    for (query, text, expected) in table {
        assert_eq!(matches(query, text), expected, "{query} on {text}");
    }
}

#[test]
fn a_query_says_in_words_what_it_wants_and_why() {
    let query =
        Query::parse("(\"aurora phone\" OR #auror*) (a NEAR/5 b) lang:ja -borealis -(x OR y)").expect("good");
    assert_eq!(
        query.in_words(),
        "(the phrase “aurora phone” or a hashtag that starts with “auror”) and \
         (the word “a” within 5 words of the word “b”) and in the language ja, \
         but not the word “borealis” nor (the word “x” or the word “y”)"
    );
    let why = |text: &str| {
        let mention = Subject { lang: Lang::new("ja"), ..Subject::of(text) };
        let mut tokens = Tokens::default();
        tokens.read(text, query.needs_plain());
        let why = query.why(&mention, &tokens).into_iter();
        why.map(|why| (why.holds, why.asks, why.found.join("|"))).collect::<Vec<_>>()
    };
    let of = |holds, asks: &str, found: &str| (holds, asks.to_owned(), found.to_owned());
    assert_eq!(
        why("The Aurora, phone: a B"),
        [
            of(true, "the phrase “aurora phone”", "Aurora, phone"),
            of(true, "the word “a” within 5 words of the word “b”", "a|B"),
            of(true, "in the language ja", "lang:ja"),
        ]
    );
    assert_eq!(
        why("#Auroras a y"),
        [
            of(false, "the word “a” within 5 words of the word “b”", "a"),
            of(false, "not (the word “x” or the word “y”)", "y"),
        ]
    );
}

#[test]
fn of_alternatives_that_fail_those_are_told_of_which_something_is_there() {
    let query = Query::parse("(a b) OR (lang:en c) OR d").expect("good");
    let asks = |text: &str| {
        let mut tokens = Tokens::default();
        tokens.read(text, false);
        query.why(&Subject::of(text), &tokens).into_iter().map(|why| why.asks).collect::<Vec<_>>()
    };
    assert_eq!(asks("a"), ["the word “b”"]);
    assert_eq!(asks("c"), ["in the language en"]);
    let all = "(the word “a” and the word “b”) or (in the language en and the word “c”) or the word “d”";
    assert_eq!(asks(""), [all]);
}
