use super::*;

fn counted(metric: Metric, window: Window, op: Op, threshold: f64) -> Expr {
    Expr::Test(Test { value: Value::Counted(metric, window), op, threshold })
}

#[test]
fn a_rule_is_read_as_it_is_said() {
    let rule = Rule::parse("rate > 200/min for 2m").expect("is one");
    assert_eq!(rule.when, counted(Metric::Rate, Window::M1, Op::Above, 200.0));
    assert_eq!(rule.lasting, Duration::from_secs(120));
    let rule = Rule::parse("negative_share > 40% over 10m and negative >= 50").expect("is one");
    let parts = vec![
        counted(Metric::NegativeShare, Window::M10, Op::Above, 40.0),
        counted(Metric::Negative, Window::M10, Op::AtLeast, 50.0),
    ];
    assert_eq!(rule.when, Expr::All(parts));
    assert_eq!(rule.old_words, []);
    let rule = Rule::parse("(net_sentiment < -20 % OR rate>=2/s) and mentions > 9 over 5m").expect("is one");
    let either = vec![
        counted(Metric::NetSentiment, Window::M5, Op::Below, -20.0),
        counted(Metric::Rate, Window::M5, Op::AtLeast, 120.0),
    ];
    let both = vec![Expr::Any(either), counted(Metric::Mentions, Window::M5, Op::Above, 9.0)];
    assert_eq!(rule.when, Expr::All(both));
    let rule = Rule::parse("series 'load/up{job=\"a b\"}' < 1").expect("is one");
    assert_eq!(rule.names().0, ["load/up{job=\"a b\"}"]);
    let rule = Rule::parse("series \"load/zone=eu\" > 0.9 or stale public").expect("is one");
    assert_eq!(rule.names(), (vec!["load/zone=eu"], vec!["public"]));
}

#[test]
fn words_of_the_version_before_mean_what_they_did() {
    for (old, new) in [
        ("count > 5", "mentions > 5"),
        ("positive > 40%", "positive_share > 40%"),
        ("Negative >= 40 % over 10m", "negative_share >= 40% over 10m"),
        ("unknown < 9%", "unknown_share < 9%"),
        ("net < -20%", "net_sentiment < -20%"),
    ] {
        let [before, now] = [old, new].map(|text| Rule::parse(text).expect(text));
        assert_eq!(before.when, now.when, "{old}");
        let words: Vec<_> = before.old_words.iter().map(|w| (&old[w.at.clone()], w.metric.name())).collect();
        assert_eq!(words, [(old.split(' ').next().unwrap(), new.split(' ').next().unwrap())]);
        assert_eq!(now.old_words, []);
    }
}

#[test]
fn what_is_wrong_is_told_where_it_stands() {
    for (text, at, says) in [
        ("", 0, "write a comparison"),
        ("rat > 5/min", 0, "did you mean `rate`"),
        ("rate > 5", 7, "`/s`, `/min` or `/h`"),
        ("rate = 5/min", 5, "use `>`"),
        ("count > fifty", 8, "not a number"),
        ("count > 50%", 8, "not a unit for this"),
        ("negative_share > 40", 17, "with its `%`"),
        ("net > 40", 6, "with its `%`"),
        ("reach > 40%", 8, "not a unit for this"),
        ("count > 5 over 7y", 15, "is not a window: use one of"),
        ("count > 5 for ever", 14, "not a duration of at most one hour"),
        ("count > 5 count > 6", 10, "join comparisons"),
        ("(count > 5", 0, "is not closed"),
        ("count > 5)", 9, "unmatched"),
        ("count > 5 and", 13, "the rule ends here"),
        ("(count > 5 for 2m) and rate > 1/s", 11, "put it at the end"),
        ("series \"load > 5", 7, "not closed"),
        ("stale (", 6, "name the feed"),
    ] {
        let (found, why) = Rule::parse(text).expect_err(text);
        assert_eq!(found, at, "{text}: {why}");
        assert!(why.contains(says), "{text}: {why}");
    }
    assert!(Rule::parse(&"(".repeat(99)).is_err());
    assert!(Rule::parse(&"ü".repeat(MAX_RULE)).is_err());
    assert!(Rule::parse(&["count > 5"; MAX_TESTS + 1].join(" or ")).is_err());
}

#[test]
fn names_are_in_any_script() {
    let rule = Rule::parse("series \"température\" > 30 or stale новости").expect("names are names");
    assert_eq!(rule.names(), (vec!["température"], vec!["новости"]));
}

#[test]
fn a_threshold_eases_towards_what_holds() {
    assert_eq!(Op::Above.eased(200.0, 0.8), 160.0);
    assert_eq!(Op::Below.eased(-20.0, 0.8), -16.0);
    assert_eq!(Op::AtMost.eased(10.0, 0.8), 12.0);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_fall_over(text in "[a-z0-9 ()<>=%/.\"-]{0,60}|.{0,40}|(series|stale) .{0,20}( > 5)?") {
        if let Err((at, _)) = Rule::parse(&text) {
            proptest::prop_assert!(text.is_char_boundary(at));
        }
    }
}
