use super::*;
use crate::pulse::alerts::report::Acknowledged;

const NOW: Time = Time::from_secs(1_800_000_000);

fn ago(secs: u64) -> Time {
    NOW - Duration::from_secs(secs)
}

fn desk() -> CareQueue {
    let secs = |secs| Some(Duration::from_secs(secs));
    let hour = Times { answers: 9, p50: secs(760), p90: secs(2_900), due: 12, kept: 10 };
    CareQueue {
        at: NOW,
        waiting: 12,
        overdue: 2,
        oldest: Some(ago(4_440)),
        last_hour: hour,
        promise: Duration::from_secs(3_600),
        exact: true,
        ..CareQueue::default()
    }
}

fn alert(id: u64, cause: Cause, topic: Option<u16>) -> Alert {
    Alert {
        id,
        cause,
        name: "".into(),
        topic,
        label: "It \"burns\"".into(),
        rule: "".into(),
        severity: Severity::Alarm,
        since: ago(600),
        raised: ago(500),
        acknowledged: None,
        cleared: None,
        observed: 0.0,
        expected: 0.0,
        owner: None,
        action: None,
        about: None,
        group: None,
        parts: [].into(),
        size: 0,
    }
}

fn snapshot() -> Snapshot {
    let taken = Acknowledged { at: NOW, by: "Jo".into() };
    let alerts = [
        alert(1, Cause::Burst, Some(0)),
        Alert { acknowledged: Some(taken), ..alert(2, Cause::Rule, None) },
        Alert { cleared: Some(NOW), ..alert(3, Cause::Rule, None) },
        alert(4, Cause::Group, None),
    ];
    Snapshot { care: Some(Arc::new(desk())), alerts: alerts.into(), ..Snapshot::default() }
}

fn measured(snapshot: &Snapshot) -> String {
    let mut page = Page::default();
    measure(&mut page, snapshot, &["fire".into()]);
    page.text()
}

#[test]
fn who_waits_and_what_stands_is_measured() {
    let page = measured(&snapshot());
    for line in [
        "fishbowl_care_waiting 12",
        "fishbowl_care_overdue 2",
        "fishbowl_care_oldest_timestamp_seconds 1799995560",
        "fishbowl_care_promise_seconds 3600",
        "fishbowl_care_answers{window=\"1h\"} 9",
        "fishbowl_care_kept{window=\"1h\"} 10",
        "fishbowl_care_due{window=\"24h\"} 0",
        "fishbowl_care_answer_seconds{window=\"1h\",quantile=\"0.9\"} 2900",
        "fishbowl_alerts{severity=\"alarm\",standing=\"raised\"} 1",
        "fishbowl_alerts{severity=\"alarm\",standing=\"acknowledged\"} 1",
        "fishbowl_alerts{severity=\"info\",standing=\"raised\"} 0",
        "fishbowl_alert_since_timestamp_seconds{id=\"1\",alert=\"It \\\"burns\\\"\",topic=\"fire\",\
         severity=\"alarm\",standing=\"raised\"} 1799999400",
    ] {
        assert!(page.lines().any(|l| l == line), "no {line} in {page}");
    }
    assert!(!page.contains("answer_seconds{window=\"24h\""), "unknown is left out: {page}");
    assert!(!page.contains("id=\"3\"") && !page.contains("id=\"4\""), "{page}");
}

#[test]
fn a_wall_without_care_has_none_of_its_metrics() {
    let page = measured(&Snapshot::default());
    assert!(!page.contains("care") && page.contains("fishbowl_alerts{"), "{page}");
    let nobody = CareQueue { oldest: None, waiting: 0, ..desk() };
    let page = measured(&Snapshot { care: Some(Arc::new(nobody)), ..Snapshot::default() });
    assert!(page.contains("fishbowl_care_waiting 0") && !page.contains("\nfishbowl_care_oldest"), "{page}");
}

#[test]
fn who_waits_and_what_stands_is_told() {
    let told = serde_json::to_value(OnCallReport::new(&snapshot(), &["fire".into()], NOW)).expect("is JSON");
    let care = &told["care"];
    assert_eq!((&care["waiting"], &care["overdue"]), (&12.into(), &2.into()));
    assert_eq!((&care["oldest"], &care["oldest_s"]), (&"2027-01-15T06:46:00Z".into(), &4_440.0.into()));
    assert_eq!((&care["1h"]["p90_s"], &care["1h"]["kept_percent"]), (&2_900.0.into(), &83.into()));
    assert!(care["24h"]["p50_s"].is_null() && care["24h"]["kept_percent"].is_null(), "{care}");
    let alerts = told["alerts"].as_array().expect("a list");
    let standing: Vec<_> = alerts.iter().map(|a| (a["id"].as_u64(), a["standing"].as_str())).collect();
    let [raised, taken] = [Some("raised"), Some("acknowledged")];
    assert_eq!(standing, [(Some(1), raised), (Some(2), taken), (Some(4), raised)]);
    assert_eq!((&alerts[0]["topic"], &alerts[0]["since"]), (&"fire".into(), &"2027-01-15T07:50:00Z".into()));
    assert!(!told.to_string().contains("Jo"), "nobody is named");
}
