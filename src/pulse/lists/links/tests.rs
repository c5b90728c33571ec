//! Which page an address is, and how it is shown.

use proptest::prelude::*;

use super::*;
use crate::clock::Time;
use crate::mention::reading;

fn mention(text: &str) -> Mention {
    Mention::new(&"test".into(), "1", Time::default(), Time::default()).with_text(text)
}

fn of(mention: &Mention) -> Vec<(u64, String)> {
    let (mut made, mut all) = (String::new(), Vec::new());
    let text = reading(mention.text.as_deref().unwrap_or(""));
    find(mention, &text, &mut made, |hash, range| all.push((hash, range)));
    all.into_iter().map(|(hash, range)| (hash, made[range].to_owned())).collect()
}

fn shown(text: &str) -> Vec<String> {
    of(&mention(text)).into_iter().map(|(_, shown)| shown).collect()
}

#[test]
fn what_cannot_be_seen_is_no_part_of_an_address() {
    let said = "‘https://a.example/b\u{200b}’ or https://a.example/b\u{fe0f} or ｈｔｔｐｓ：／／a.example／b";
    assert_eq!(shown(said), ["a.example/b"]);
}

#[test]
fn one_page_is_one_however_it_was_reached() {
    let same = [
        "https://example.org/news/aurora",
        "see HTTP://www.Example.org/news/aurora/?utm_source=x&fbclid=9#top.",
        "(www.example.org:443/news/aurora)",
        "見てhttps://joe:secret@example.org/news/aurora。",
    ];
    let first = of(&mention(same[0]));
    assert_eq!(first[0].1, "example.org/news/aurora");
    for text in same {
        assert_eq!(of(&mention(text)), first, "{text}");
    }
    let videos = "https://www.youtube.com/watch?list=1&v=abc https://youtube.com/watch?v=def";
    assert_eq!(shown(videos), ["youtube.com/watch?v=abc", "youtube.com/watch?v=def"]);
}

#[test]
fn copies_and_detours_are_the_page_itself() {
    let story = "https://example.org/story https://amp.example.org/story https://example.org/story/amp/ \
        https://m.example.org/story https://example.org//story https://www.google.com/amp/s/example.org/story \
        https://example-org.cdn.ampproject.org/c/s/example.org/story \
        https://www.google.com/url?sa=D&q=https://example.org/story&usg=x \
        https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fstory%3Ffbclid%3D1&h=AT \
        https://out.reddit.com/t3_x?url=https%3A%2F%2Fexample.org%2Fstory";
    assert_eq!(shown(story), ["example.org/story"]);
    let video = "https://youtu.be/abc https://www.youtube.com/shorts/abc https://music.youtube.com/watch?v=abc \
        https://youtube.com/live/abc?si=1 https://www.youtube-nocookie.com/embed/abc";
    assert_eq!(shown(video), ["youtube.com/watch?v=abc"]);
    assert_eq!(
        shown("https://de.m.wikipedia.org/wiki/A https://de.wikipedia.org/wiki/A"),
        ["de.wikipedia.org/wiki/A"]
    );
    assert_eq!(shown("https://x.com/a/status/1/photo/1 https://x.com/a/status/1"), ["x.com/a/status/1"]);
    let none = "https://google.com/url?q=javascript:alert(1) https://m.me/a https://amp/x";
    assert_eq!(shown(none), ["google.com/url", "m.me/a"]);
}

#[test]
fn a_host_is_one_in_either_of_its_spellings() {
    let same = "https://xn--mnchen-3ya.example/a https://münchen.example/a https://MÜNCHEN.example/a \
        https://mu\u{308}nchen.example/a";
    assert_eq!(shown(same), ["münchen.example/a"]);
    assert_eq!(shown("https://xn--e1afmkfd.example https://пример.example/"), ["пример.example"]);
    assert_eq!(shown("https://xn--a.example/x https://a_b.example"), ["xn--a.example/x", "a_b.example"]);
}

#[test]
fn an_address_ends_where_readers_see_it_end() {
    for text in [
        "[https://a.example/b](https://a.example/b)",
        "<https://a.example/b|text>",
        "（https://a.example/b）を読む",
        "見てhttps://a.example/b、次",
        "https://a.example/b，然后",
        "(https://a.example/b)を",
    ] {
        assert_eq!(shown(text), ["a.example/b"], "{text}");
    }
    assert_eq!(shown("https://a.example/wiki/A_(b)."), ["a.example/wiki/A_(b)"]);
}

#[test]
fn letters_in_an_address_are_one_however_they_are_written() {
    let page = "https://ja.example/wiki/電池 https://ja.example/wiki/%E9%9B%BB%E6%B1%A0 https://ja.example/wiki/%e9%9b%bb%e6%b1%a0";
    assert_eq!(shown(page), ["ja.example/wiki/電池"]);
    let marks = "https://a.example/café https://a.example/cafe%CC%81 https://a.example/caf%C3%A9";
    assert_eq!(shown(marks), ["a.example/café"]);
    assert_eq!(shown("https://a.example/b%2Fc https://a.example/b%2fc").len(), 1);
    let odd =
        "https://a.example/a%2Fb https://a.example/%E9 https://a.example/%E2%80%AEgpj https://a.example/100%";
    assert!(shown(odd).iter().all(|shown| shown == "a.example/…"), "{:?}", shown(odd));
    assert_eq!(shown(odd).len(), 4);
}

#[test]
fn nothing_that_opens_a_door_is_shown() {
    let text = "https://shop.example/reset/9f8e7d6c5b4a39281706f5e4d3c2 https://a.example/?token=abc \
                https://bob:pw@b.example/x%40y mailto:joe@example.org ftp://c.example/x";
    assert_eq!(shown(text), ["shop.example/reset/…", "a.example", "b.example/…"]);
}

#[test]
fn a_long_path_is_shown_by_its_end() {
    let text = "https://news.example/2026/11/22/technology/aurora-phone-review-two-weeks-in";
    let shown = shown(text).remove(0);
    assert_eq!(shown, "news.example/…/aurora-phone-review-two-weeks…");
}

#[test]
fn an_article_counts_its_own_address_and_a_post_does_not() {
    let mut own = mention("A headline");
    own.url = Some("https://news.example/a".into());
    assert!(of(&own).is_empty());
    own.kind = Kind::Article;
    assert_eq!(of(&own)[0].1, "news.example/a");
    own.text = Some("A headline https://www.news.example/a?utm_medium=rss".into());
    assert_eq!(of(&own).len(), 1);
}

#[test]
fn links_beside_the_words_count_once_and_what_shows_them_shortened_does_not() {
    let mut told = mention(
        "Tested: www.news.example/2026/11/auro... or https://t.co/aB3dE5fG7h, see https://news.example/2026/11/aurora-phone \
         and https://other.example/a...",
    );
    told.url = Some("https://bsky.app/profile/a/post/1".into());
    told.links = vec![
        "HTTPS://WWW.News.example:443/2026/11/aurora-phone/?utm_source=x&fbclid=1&si=2#top".into(),
        "https://www.bsky.app/profile/a/post/1".into(),
    ];
    let found: Vec<String> = of(&told).into_iter().map(|(_, shown)| shown).collect();
    assert_eq!(found, ["news.example/2026/11/aurora-phone", "other.example/a"]);
    told.text = None;
    assert_eq!(of(&told).len(), 1);
    told.links.clear();
    assert!(of(&told).is_empty());
}

#[test]
fn names_of_one_host_are_one_page() {
    let one = "https://youtu.be/dQw4w9WgXcQ?si=abc https://m.youtube.com/watch?v=dQw4w9WgXcQ \
               https://www.youtube.com/watch?app=desktop&v=dQw4w9WgXcQ";
    assert_eq!(shown(one), ["youtube.com/watch?v=dQw4w9WgXcQ"]);
    assert_eq!(shown("https://twitter.com/a/status/1 https://x.com/a/status/1"), ["x.com/a/status/1"]);
    assert_eq!(shown("www.a.example/to?u=https://b.example/ http:/x httpsx://c.example/d"), ["a.example/to"]);
}

proptest! {
    #[test]
    fn any_text_is_read_and_what_is_shown_is_short(text in "(https?://|www\\.)?[a-zé./?#@:\\[\\]()=& %]{0,200}( www\\.a\\.b/\\PC{0,80})?") {
        for shown in shown(&text) {
            prop_assert!(shown.chars().count() <= 48 && !shown.contains(['%', '?']), "{shown}");
        }
    }
}
