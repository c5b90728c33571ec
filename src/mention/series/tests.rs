use proptest::prelude::*;

use super::*;

fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(label, value)| ((*label).to_owned(), (*value).to_owned())).collect()
}

fn named(pairs: &[(&str, &str)]) -> String {
    name("load", &labels(pairs)).to_string()
}

/// Which of the series, by number, answers to `wanted`.
fn among(wanted: &str, series: &[&[(&str, &str)]]) -> Found<usize> {
    let names: Vec<String> = series.iter().map(|pairs| named(pairs)).collect();
    find(wanted, names.iter().map(String::as_str).zip(0..))
}

#[test]
fn simple_names_are_short_and_all_others_are_as_in_promql() {
    assert_eq!(named(&[]), "load");
    assert_eq!(named(&[("job", "a"), ("zone", "eu west")]), "load/job=a,zone=eu west");
    assert_eq!(named(&[("path", "/api/v1?a=b")]), "load/path=/api/v1?a=b");
    assert_eq!(named(&[("städte.name", "Köln")]), "load/städte.name=Köln");
    assert_eq!(named(&[(METRIC, "up")]), "load/up");
    assert_eq!(named(&[(METRIC, "up"), ("job", "a")]), "load/up{job=\"a\"}");
    assert_eq!(named(&[(METRIC, "a.b"), ("job", "a")]), "load/{\"a.b\",job=\"a\"}");
    assert_eq!(named(&[("path", "/v1,zone=eu")]), "load/{path=\"/v1,zone=eu\"}");
    assert_eq!(named(&[("a=b", "c")]), "load/{\"a=b\"=\"c\"}");
    assert_eq!(named(&[("a", "x  \"y\"\n")]), "load/{a=\"x  \\\"y\\\"\\n\"}");
    assert_eq!(whole("load/path=/api/v1,zone=eu"), "load/{path=\"/api/v1\",zone=\"eu\"}");
    assert_eq!([whole("load"), whole("load/up")], ["load", "load/up"]);
}

#[test]
fn long_names_differ_by_their_ends() {
    let long = |end: &str| named(&[("pod", &("ä".repeat(95) + end))]);
    assert_ne!(long("-a"), long("-b-2nd"));
    let longer = |end: &str| named(&[("pod", &("ä".repeat(4_000) + end))]);
    assert_ne!(longer("-a"), longer("-b"));
    assert!(longer("-a").len() <= MAX_NAME && longer("-a").starts_with("load/pod=ä"));
    assert_eq!(find(&longer("-a"), [(&*longer("-a"), 1), (&*longer("-b"), 2)].into_iter()), Found::One(1));
}

#[test]
fn series_that_differ_by_the_metric_alone_are_two() {
    let orders: [&[(&str, &str)]; 2] =
        [&[(METRIC, "web_total"), ("shop", "berlin")], &[(METRIC, "app_total"), ("shop", "berlin")]];
    assert_eq!(among("load/shop=berlin", &orders), Found::Several(2));
    assert_eq!(among("load", &orders), Found::Several(2));
    assert_eq!(among("load/app_total{shop=\"berlin\"}", &orders), Found::One(1));
    assert_eq!(among("load/web_total{ shop = \"berlin\" }", &orders), Found::One(0));
    assert_eq!(among("load/app_total", &orders), Found::One(1));
    assert_eq!(among("load/shop=berlin", &orders[1..]), Found::One(0), "as layouts always wrote it");
    assert_eq!(among("load/shop=paris", &orders), Found::Nothing);
    assert_eq!(among("load/{shop=\"berlin\"}", &orders), Found::Several(2));
}

#[test]
fn series_that_differ_by_a_comma_are_two() {
    let slash: [&[(&str, &str)]; 2] =
        [&[("path", "/api/v1,zone=eu")], &[("path", "/api/v1"), ("zone", "eu")]];
    assert_eq!(among("load/path=/api/v1,zone=eu", &slash), Found::Several(2));
    assert_eq!(among("load/{path=\"/api/v1,zone=eu\"}", &slash), Found::One(0));
    assert_eq!(among("load/{path=\"/api/v1\",zone=\"eu\"}", &slash), Found::One(1));
    assert_eq!(among("load/path=/api/v1,zone=eu", &slash[..1]), Found::One(0), "as layouts always wrote it");
    assert_eq!(among("load/path=/api/v1,zone=eu", &slash[1..]), Found::One(0));
}

#[test]
fn labels_stand_in_any_order_and_in_any_quotes() {
    let load: [&[(&str, &str)]; 3] = [
        &[("job", "api"), ("zone", "eu west")],
        &[("job", "api"), ("zone", "us")],
        &[(METRIC, "up"), ("path", "C:\\x"), ("q", "a\"b")],
    ];
    for wanted in ["load/zone=us,job=api", "load/job=api, zone=us", "load/{zone='us',job=`api`}"] {
        assert_eq!(among(wanted, &load), Found::One(1), "{wanted}");
    }
    assert_eq!(among("load/zone=eu west,job=api", &load), Found::One(0));
    for wanted in
        ["load/up{q='a\"b',path=`C:\\x`}", r#"load/up{path="C:\\x",q="a\"b"}"#, "load/q=a\"b,path=C:\\x"]
    {
        assert_eq!(among(wanted, &load), Found::One(2), "{wanted}");
    }
    assert_eq!(among("load/zone=us,job=web", &load), Found::Nothing);
}

#[test]
fn a_name_is_found_as_it_was_always_written() {
    assert_eq!(among("load/städte.name=Köln Süd", &[&[("städte.name", "Köln  Süd")]]), Found::One(0));
    assert_eq!(among("load", &[&[(METRIC, "up")]]), Found::One(0));
    assert_eq!(
        among("load", &[&[], &[("job", "a")]]),
        Found::One(0),
        "a series without labels is the feed's"
    );
    assert_eq!(among("loa", &[&[("job", "a")]]), Found::Nothing);
    assert_eq!(among("load/job=a", &[&[("job", "a"), ("zone", "eu")]]), Found::Nothing);
    assert!(["load", "load/a=b", "load/up", "load/up{a=\"}\"}", "load/{}"].into_iter().all(is_readable));
    assert!(!["load/", "load/up{", "load/up{a=\"b}", "load/{a=b}", "load/up}{"].into_iter().any(is_readable));
    for wrong in ["load/", "load/{", "load/up{job=\"a}", "load/{\\", "load/=", "load/{a=\"\\u{zz}\"}", "/"] {
        assert_eq!(among(wrong, &[&[("job", "a")], &[(METRIC, "up")]]), Found::Nothing, "{wrong}");
    }
}

proptest! {
    #[test]
    fn names_differ_where_labels_do_and_find_their_own(
        one in proptest::collection::btree_map("[a-c_=,\"]{1,3}|__name__", "[a-b=,/\"{} \\\\é\n]{1,5}", 0..3),
        other in proptest::collection::btree_map("[a-c_=,\"]{1,3}|__name__", "[a-b=,/\"{} \\\\é\n]{1,5}", 0..3),
    ) {
        let names = [name("f", &one), name("f", &other)];
        prop_assert_eq!(one == other, names[0] == names[1]);
        let alone = find(&names[0], [(&*names[0], ())].into_iter());
        prop_assert_eq!(alone, Found::One(()));
        if one != other && names[0].contains('/') {
            let all = || names.iter().map(|name| &**name).zip(0..);
            let exact = find(&whole(&names[0]), all());
            prop_assert!(exact == Found::One(0) || !names[0].contains('{') && exact != Found::One(1), "{names:?}");
        }
    }

    #[test]
    fn no_text_makes_it_fall_over(a in ".{0,30}|[a-c/={}\",\\\\]{0,30}", b in ".{0,30}|[a-c/={}\",\\\\]{0,30}") {
        answers(&a, &b);
        whole(&a);
    }
}
