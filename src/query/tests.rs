//! Truth tables of the topic language.

use super::*;

fn matches(query: &str, text: &str) -> bool {
    let query = Query::parse(query).expect("a good query");
    let mut tokens = Tokens::default();
    tokens.read(text, query.needs_plain());
    query.matches(&tokens)
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
    ];
    for (query, text, expected) in table {
        assert_eq!(matches(query, text), expected, "{query} on {text}");
    }
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
        ("a ) b", 2, "closes nothing"),
        ("a (", 3, "after `(`"),
        ("a ()", 3, "before this `)`"),
        ("a \"b c", 2, "quote"),
        ("a NOT", 5, "ends with an operator"),
        ("NOT a", 0, "must not occur"),
        ("a OR NOT b", 5, "must not occur"),
        ("*", 0, "no word"),
        ("a b*", 3, "letters must stand"),
        ("au*ra", 2, "only at the end"),
        ("\"NOT x\" OR NOT b", 11, "must not occur"),
        ("a !!!", 2, "no word"),
        ("\"\"", 0, "no word"),
        ("\u{fe0f}", 0, "no word"),
    ];
    for (query, at, part) in table {
        let (found, what) = check(query).expect_err(query);
        assert_eq!(found, at, "{query}: {what}");
        assert!(what.contains(part), "{query}: {what}");
    }
    assert!(check(&"(".repeat(1_000)).is_err());
    assert!(check(&"NOT ".repeat(1_000)).is_err());
    assert!(check(&"a ".repeat(MAX_QUERY)).is_err());
}
