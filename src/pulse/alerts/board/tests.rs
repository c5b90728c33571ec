use super::*;

fn news(what: u64, severity: Severity) -> News {
    News {
        what,
        cause: Cause::Rule,
        name: format!("rule-{what}").into(),
        topic: None,
        label: format!("Rule {what}").into(),
        rule: "mentions > 5".into(),
        severity,
        owner: Some("duty editor".into()),
        action: None,
        since: Time::from_secs(0),
        observed: 1.0,
        expected: 1.0,
    }
}

fn all(whats: impl IntoIterator<Item = u64>) -> Vec<News> {
    whats.into_iter().map(|what| news(what, Severity::Warning)).collect()
}

/// What stands for each alert: its label and standing, the last raised first.
fn shown(desk: &mut AlertBoard) -> String {
    let told = |a: &Alert| format!("{}:{}", a.label, a.standing());
    desk.draw().iter().map(told).collect::<Vec<_>>().join(" ")
}

#[test]
fn an_alert_is_raised_acknowledged_and_cleared() {
    let mut desk = AlertBoard::default();
    // Second, what is unusual then, what stands after it.
    let table: [(i64, &[u64], &str); 9] = [
        (0, &[], ""),
        (10, &[1], "Rule 1:raised"),
        (20, &[], "Rule 1:raised"),
        (69, &[], "Rule 1:raised"),
        (70, &[], "Rule 1:cleared"),
        (100, &[1], "Rule 1:cleared"),
        (369, &[1], "Rule 1:cleared"),
        (370, &[1], "Rule 1:raised Rule 1:cleared"),
        (500, &[], "Rule 1:cleared Rule 1:cleared"),
    ];
    for (at, whats, expected) in table {
        desk.update(Time::from_secs(at), Cause::Rule, &all(whats.iter().copied()));
        assert_eq!(shown(&mut desk), expected, "at {at} s");
    }
    assert!(!desk.has_changed());
    desk.update(Time::from_secs(1_000), Cause::Rule, &all([2]));
    let id = desk.draw()[0].id;
    assert!(desk.acknowledge(id, "  Jo\n ", Time::from_secs(1_010)));
    assert!(desk.acknowledge(id, "Ann", Time::from_secs(1_011)), "it stands");
    assert!(!desk.acknowledge(id + 1, "Jo", Time::from_secs(1_012)));
    let by = desk.draw()[0].acknowledged.clone().expect("it was");
    assert_eq!((&*by.by, by.at), ("Jo", Time::from_secs(1_010)));
    desk.update(Time::from_secs(1_100), Cause::Burst, &[]);
    assert!(desk.stands(2), "another kind of watch has no say");
    desk.update(Time::from_secs(1_100), Cause::Rule, &[]);
    assert!(!desk.acknowledge(id, "Jo", Time::from_secs(1_101)), "what is over cannot be");
}

#[test]
fn the_loudest_stand_first_and_both_lists_are_bounded() {
    let mut desk = AlertBoard::default();
    let mut loud = all(0..200);
    loud[50].severity = Severity::Alarm;
    desk.update(Time::from_secs(0), Cause::Rule, &loud);
    assert_eq!(desk.draw().iter().filter(|a| a.is_live()).count(), LIVE);
    assert_eq!(desk.draw()[0].severity, Severity::Alarm);
    for round in 1..20 {
        desk.update(Time::from_secs(round * 1_000), Cause::Rule, &[]);
        desk.update(Time::from_secs(round * 1_000 + 1), Cause::Rule, &all(0..60));
    }
    let drawn = desk.draw();
    assert!(drawn.len() <= LIVE + PAST);
    assert!(drawn.iter().skip_while(|a| a.is_live()).all(|a| a.about.is_none() && !a.is_live()));
}

#[test]
fn a_flood_is_one_group_that_names_its_parts() {
    let mut desk = AlertBoard::default();
    desk.update(Time::from_secs(0), Cause::Rule, &all(1..=5));
    assert!(desk.draw().iter().all(|alert| alert.group.is_none()), "five are no flood");
    desk.update(Time::from_secs(90), Cause::Rule, &all(1..=7));
    let drawn = desk.draw();
    let group = drawn.iter().find(|alert| alert.cause == Cause::Group).expect("seven are");
    assert_eq!((group.size, &*group.parts[0]), (7, "Rule 1"));
    assert_eq!(group.owner.as_deref(), Some("duty editor"));
    assert_eq!(drawn.iter().filter(|alert| alert.group == Some(group.id)).count(), 7);

    desk.update(Time::from_secs(200), Cause::Rule, &all(1..=8));
    let joined = |desk: &mut AlertBoard| desk.draw().iter().filter(|a| a.group.is_some()).count();
    assert_eq!(joined(&mut desk), 8, "it joins while no two minutes lie between");
    desk.update(Time::from_secs(400), Cause::Rule, &all(1..=9));
    assert_eq!(joined(&mut desk), 8, "the flood is past");

    assert!(desk.acknowledge(group.id, "Jo", Time::from_secs(410)));
    assert_eq!(desk.draw().iter().filter(|a| a.acknowledged.is_some()).count(), 9);
    desk.update(Time::from_secs(500), Cause::Rule, &all([9]));
    let live: Vec<_> = desk.draw().iter().filter(|a| a.is_live()).map(|a| a.label.clone()).collect();
    assert_eq!(live, ["Rule 9".into()], "a group is over with the last of its alerts");
}

#[test]
fn what_stood_stands_after_a_restart_and_is_told_once() {
    let mut desk = AlertBoard::default();
    desk.update(Time::from_secs(0), Cause::Rule, &all([1, 2]));
    desk.update(Time::from_secs(100), Cause::Rule, &all([2]));
    let id = desk.draw().iter().find(|a| &*a.label == "Rule 2").expect("stands").id;
    desk.acknowledge(id, "Jo", Time::from_secs(110));
    let kept: Vec<Standing> = desk.news().into_iter().cloned().collect();
    assert_eq!(kept.len(), 2);
    assert!(desk.news().is_empty());
    let mut again = AlertBoard::default();
    kept.iter().chain(&kept).for_each(|standing| again.recall(standing.clone()));
    assert_eq!(again.draw(), desk.draw());
    // The past is told again: nothing new comes of it.
    again.update(Time::from_secs(0), Cause::Rule, &all([1, 2]));
    again.update(Time::from_secs(100), Cause::Rule, &all([2]));
    assert_eq!(again.draw(), desk.draw());
}
