//! What becomes of texts, and that the short way takes them apart as the long one does.

use super::*;

fn read(raw: &str) -> Vec<(Kind, String)> {
    let mut tokens = Tokens::default();
    tokens.read(raw, false);
    tokens.list().iter().map(|t| (t.kind, tokens.text(t).to_owned())).collect()
}

fn words(raw: &str) -> Vec<String> {
    read(raw).into_iter().map(|(_, text)| text).collect()
}

#[test]
fn words_lose_their_apostrophes_and_addresses_are_left_out() {
    assert_eq!(
        words("Aurora’s L'ÉCRAN: https://aurora.example/a?b www.x.org end."),
        ["aurora", "s", "l", "écran", "end"]
    );
    assert_eq!(words("見てhttps://aurora.example/x だよ"), ["見", "て", "だよ"]);
}

#[test]
fn signs_within_words_of_some_languages_part_nothing() {
    assert_eq!(words("об'єднання м'яч П'ЯТЬ"), ["об'єднання", "м'яч", "п'ять"]);
    assert_eq!(words("צה\"ל ג'ירפה 'שלום'"), ["צה\"ל", "ג'ירפה", "שלום"]);
    assert_eq!(words("д'Артаньян don't"), ["д", "артаньян", "don", "t"]);
}

#[test]
fn tags_and_handles_are_told_apart_from_words() {
    use Kind::{Handle, Number, Tag, Word};
    let expected = [
        (Tag, "auroraphone"),
        (Handle, "jo.doe-x.example"),
        (Number, "42"),
        (Word, "a"),
        (Word, "mail"),
        (Word, "b"),
        (Word, "org"),
    ];
    let got = read("#AuroraPhone @Jo.Doe-x.example. 42 a mail@b.org");
    assert_eq!(got, expected.map(|(kind, text)| (kind, text.to_owned())));
    assert_eq!(read("＃オーロラ電話！")[0], (Tag, "オーロラ電話".to_owned()));
}

#[test]
fn scripts_without_spaces_come_in_runs() {
    use Script::{Han, Hiragana, Katakana};
    let kinds: Vec<Kind> = read("新製品はスマートフォンです").into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [Han, Hiragana, Katakana, Hiragana].map(Kind::Run));
    assert_eq!(words("新製品はスマートフォンです")[2], "スマートフォン");
}

#[test]
fn folding_makes_equal_what_people_write_differently() {
    let same = |a: &str, b: &str| {
        let (mut x, mut y) = (String::new(), String::new());
        fold(a, &mut x);
        fold(b, &mut y);
        assert_eq!(x, y);
    };
    same("ＡＵＲＯＲＡ", "aurora");
    same("STRASSE", "Straße");
    same("İstanbul", "istanbul");
    same("ΟΔΟΣ", "οδος");
    same("مُحَمَّد", "محمد");
    same("ｵｰﾛﾗ", "オーロラ");
    same("IŞIK", "ışık");
    same("ISTANBUL", "İSTANBUL");
    same("ΣΊΣΥΦΟΣ", "σίσυφος");
    same("ΑΘΗΝΑ", "Αθήνα");
    same("ΜΑΪΟΣ", "Μάιος");
    same("Ἀθῆναι", "Αθηναι");
    same("ещё", "ЕЩЕ");
    same("کیفیت", "كيفيت");
    same("خانهٔ", "خانۀ");
    same("ہے", "هے");
    same("۱۴۰۳ ١٤ १२", "1403 14 12");
    same("שָׁלוֹם", "שלום");
    same("știri, preț", "ştiri, preţ");
    same("ŒUVRE", "oeuvre");
    same("Влади\u{301}мир", "владимир");
    same("ինչո՞ւ", "ինչու");
    same("เเม่นํ้า", "แม่น้ำ");
    same("ເເມ່", "ແມ່");
    same("കാർ", "കാര്\u{200d}");
    same("উৎসব", "উত্\u{200d}সব");
    same("װאָס", "וואס");
    same("مسیٔول", "مسئول");
    same("೨೦೨೬ ๒๐๒๖ ௨௦௨௬", "2026 2026 2026");
}

/// All of a text by the rules of Unicode.
fn long_way(raw: &str) -> Tokens {
    let mut tokens = Tokens::default();
    tokens.unicode(raw, 0..raw.len(), 0);
    tokens
}

#[test]
fn letters_are_folded_within_their_word_only() {
    for (before, word) in [("да", "\u{301}a"), ("เ", "เม"), ("นํ", "\u{e49}"), ("ي", "\u{654}x")]
    {
        let mut out = before.to_owned();
        fold(word, &mut out);
        assert!(out.starts_with(before), "{out}");
    }
}

#[test]
fn words_go_on_behind_an_address() {
    for text in [
        "https://aurora.example/x、電池",
        "「https://aurora.example/x」電池",
        "(https://aurora.example/x)電池",
        "[https://aurora.example/x](https://aurora.example/x)電池",
        "https://aurora.example/x,電池",
        "https://aurora.example/x|電池",
    ] {
        assert_eq!(words(text), ["電池"], "{text}");
    }
    assert!(words("https://ja.example/wiki/電池_(1)").is_empty());
}

#[test]
fn underscores_around_a_word_are_markdown() {
    assert_eq!(words("_aurora_ __電池__ a_b #_x_ _7_ é_"), ["aurora", "電池", "a_b", "_x_", "7", "é"]);
}

#[test]
fn an_address_in_the_text_is_told() {
    let link = |raw: &str| {
        let mut tokens = Tokens::default();
        tokens.read(raw, false);
        tokens.has_link()
    };
    assert!(link("see https://aurora.example") && link("見てhttps://aurora.example/x") && link("WWW.x.org"));
    assert!(!link("see aurora.example") && !link(""));
}

#[test]
fn a_shown_address_gives_no_words() {
    let long = "Tested: news.example.org/2026/11/auro... and 見て a-b.example.org/電池 ok";
    assert_eq!(words(long).join(" "), "tested and 見 て ok");
    for text in ["and/or", "a.b/c", "v1.2/3", "yes./no", "end.of /x", "aurora.example", "Mr.Smith/Jones"] {
        assert!(words(text).len() > 1, "{text}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(4_000))]

    #[test]
    fn the_short_way_through_ascii_gives_the_same_tokens(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "a", "Bc", "x1", "7", "42", "_", "__", " ", " ", "  ", ".", ",", ":", ";", "'", "-", "#", "@", "!",
                "https://", "http", "WWW.", "a.org/x", "b-", "7.de/", "\n", "\t", "é", "’", "電池", "🔥", "\u{301}", "\u{200d}", "ไทย", "/", "\u{a0}",
            ]),
            0..24,
        )
    ) {
        let raw = parts.concat();
        let mut tokens = Tokens::default();
        tokens.read(&raw, false);
        let long = long_way(&raw);
        let all = |tokens: &Tokens| {
            let one = |token: &Token| (token.kind, token.raw.clone(), token.hash, tokens.text(token).to_owned());
            tokens.list().iter().map(one).collect::<Vec<_>>()
        };
        proptest::prop_assert_eq!(all(&tokens), all(&long), "{:?}", raw);
        proptest::prop_assert_eq!(tokens.link, long.link);
    }
}
