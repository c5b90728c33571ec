use super::*;
use crate::layout::wall::Audience;
use crate::pulse::snapshot::{Ranked, Term, TermKind};
use crate::scene::widgets::fixture::{self, Stage};

fn spec(of: RanksOf) -> RanksTable {
    RanksTable { of, ..RanksTable::default() }
}

fn widget(spec: &RanksTable, stage: &Stage) -> Ranks {
    Ranks::new(spec, &stage.wall)
}

fn told(spec: &RanksTable, change: impl FnOnce(&mut Stage)) -> String {
    let mut stage = Stage::new(520.0, 300.0);
    change(&mut stage);
    let mut widget = widget(spec, &stage);
    stage.still(&mut widget).to_string()
}

#[test]
fn a_list_of_words() {
    insta::assert_snapshot!(told(&spec(RanksOf::Words), |_| ()));
}

#[test]
fn authors_by_reach() {
    insta::assert_snapshot!(told(&RanksTable { by: Some(By::Reach), ..spec(RanksOf::Authors) }, |_| ()));
}

#[test]
fn what_rises() {
    insta::assert_snapshot!(told(&RanksTable { rank: Rank::Rising, ..spec(RanksOf::All) }, |_| ()));
}

#[test]
fn visitors_see_no_names_and_no_pages_of_people() {
    let authors = told(&spec(RanksOf::Authors), |stage| stage.wall.audience = Audience::Public);
    assert!(!authors.contains("Person") && !authors.contains("person_"), "{authors}");
    assert!(authors.contains("Author 1"), "{authors}");
    let links = told(&spec(RanksOf::Links), |stage| {
        stage.wall.audience = Audience::Public;
        let link = |text: &str| Term {
            text: text.into(),
            count: 5,
            kind: TermKind::Link,
            mood: None,
            by_hour: [].into(),
        };
        let terms = [link("x.com/joe/status/1"), link("a.example/@joe"), link("news.example/aurora")];
        stage.snapshot.all.ranked.hour.terms = terms.into();
    });
    assert!(
        !links.contains("joe") && links.contains("\"x.com\"") && links.contains("news.example/aurora"),
        "{links}"
    );
}

#[test]
fn it_says_why_it_is_empty_and_what_is_missing() {
    let none = |stage: &mut Stage| stage.snapshot.all.ranked = Ranked::default();
    let rising = RanksTable { rank: Rank::Rising, ..spec(RanksOf::Words) };
    assert!(told(&rising, none).contains("needs an hour of history"));
    assert!(told(&spec(RanksOf::Links), none).contains("no links yet"));
    let mut stage = Stage::new(520.0, 300.0);
    stage.snapshot.all.ranked.hour.terms_missed = 3;
    let mut list = widget(&spec(RanksOf::Words), &stage);
    assert_eq!(stage.caption(&mut list)[0], "last hour; counts may miss 3");
}

#[test]
fn it_is_legible_in_every_tile() {
    for of in [RanksOf::Words, RanksOf::Authors] {
        fixture::assert_legible_at_every_size(|wall| Box::new(Ranks::new(&spec(of), wall)), None);
    }
}

#[test]
fn only_what_changed_is_painted_again() {
    fixture::assert_key_tells(|wall| Box::new(Ranks::new(&spec(RanksOf::Words), wall)), None);
}
