//! What is offered, accepted, kept and taken back.

use super::*;
use crate::layout::display::MonitorMatch;

fn offer(display: &str, connector: &str) -> Offer {
    let monitor = MonitorMatch { connector: Some(connector.into()), ..MonitorMatch::default() };
    let (display, words) = (display.to_owned(), format!("make and model unknown, on {connector}"));
    Offer { display, connector: connector.into(), monitor, words, differs: Vec::new() }
}

/// A wall with these displays without a monitor, and these monitors without a display.
fn see(adoptions: &Adoptions, displays: &[&str], connectors: &[&str]) {
    let pairs = connectors.iter().flat_map(|c| displays.iter().map(|d| offer(d, c)));
    adoptions.see(Vacancies { offers: pairs.collect(), ..Vacancies::default() }, |_| false);
}

fn accepted(adoptions: &Adoptions) -> Vec<(String, String)> {
    let pair = |a: &Adoption| (a.display.clone(), a.monitor.connector.clone().unwrap_or_default());
    adoptions.accepted().iter().map(pair).collect()
}

fn adopt(adoptions: &Adoptions, display: &str, connector: &str) -> Result<(), String> {
    adoptions.adopt((display, connector), "jo", Time::from_secs(100))
}

#[test]
fn only_what_is_offered_can_be_accepted() {
    let adoptions = Adoptions::default();
    let refused = adopt(&adoptions, "left", "DP-2").expect_err("nothing is offered");
    assert_eq!(refused, "every display has its monitor, or no monitor is unused");
    see(&adoptions, &["left", "right"], &["DP-2"]);
    let refused = adopt(&adoptions, "left", "DP-1").expect_err("that is not there");
    assert_eq!(refused, "that is not offered; you can use `DP-2 as left` and `DP-2 as right`");
    let before = adoptions.accepted();
    assert!(Arc::ptr_eq(&before, &adoptions.accepted()), "nothing changed");
    adopt(&adoptions, "left", "DP-2").expect("it is offered");
    let kept = adoptions.accepted();
    assert_eq!((kept[0].by.as_str(), kept[0].since), ("jo", Time::from_secs(100)));
    adoptions.release("right").expect_err("it has none");
    adoptions.release("left").expect("taken back");
    assert!(adoptions.accepted().is_empty());
}

#[test]
fn a_display_has_one_monitor_and_a_monitor_is_one_display() {
    let adoptions = Adoptions::default();
    see(&adoptions, &["left", "right"], &["DP-1", "DP-2"]);
    let pair = |display: &str, connector: &str| (display.to_owned(), connector.to_owned());
    adopt(&adoptions, "left", "DP-1").expect("offered");
    assert_eq!(adoptions.now(|_| false).offers, [offer("right", "DP-2")]);
    see(&adoptions, &["left", "right"], &["DP-1", "DP-2"]);
    adopt(&adoptions, "left", "DP-2").expect("offered");
    assert_eq!(accepted(&adoptions), [pair("left", "DP-2")]);
    see(&adoptions, &["left", "right"], &["DP-1", "DP-2"]);
    adopt(&adoptions, "right", "DP-2").expect("offered");
    assert_eq!(accepted(&adoptions), [pair("right", "DP-2")]);
    for n in 0..MOST + 3 {
        let (display, connector) = (format!("d{n}"), format!("P-{n}"));
        see(&adoptions, &[&display], &[&connector]);
        adopt(&adoptions, &display, &connector).expect("offered");
    }
    let all = accepted(&adoptions);
    assert_eq!((all.len(), &all[0]), (MOST, &pair("d3", "P-3")));
}

#[test]
fn what_cannot_be_kept_counts_and_is_told() {
    let adoptions = Adoptions::default();
    adoptions.keep_with(Box::new(|_| Err(io::Error::other("the disk is full"))));
    see(&adoptions, &["left"], &["DP-2"]);
    let problems = || adoptions.now(|_| false).problems().collect::<Vec<_>>();
    assert_eq!(problems().len(), 1, "the question");
    adopt(&adoptions, "left", "DP-2").expect("it is accepted all the same");
    let told = problems();
    assert!(told[0].contains("accepted by jo") && told[0].contains("`{ connector = \"DP-2\" }`"), "{told:?}");
    assert!(told[1].contains("the disk is full") && told.len() == 2, "{told:?}");
    // The layout says it too.
    adoptions.see(Vacancies { settled: vec!["left".into()], ..Vacancies::default() }, |_| false);
    assert!(adoptions.accepted().is_empty());
}

#[test]
fn a_display_that_rests_is_offered_nothing() {
    let adoptions = Adoptions::default();
    see(&adoptions, &["left", "right"], &["DP-2"]);
    let offers = adoptions.now(|display| display == "left").offers;
    assert_eq!(offers, [offer("right", "DP-2")]);
}
