//! What visitors read of words: names of nobody who speaks, and no way to them.

use fishbowl::layout::wall::{Audience, Wall};
use fishbowl::mention::{Author, Mention};
use fishbowl::pulse::Pulse;
use fishbowl::pulse::snapshot::Snapshot;

use crate::make::{START, live, mention, past, secs, wall};

fn of(audience: Audience) -> Pulse {
    let wall = Wall { audience, ..wall(&[("aurora", "aurora")]) };
    Pulse::new(&wall, START).expect("a right wall")
}

fn by(id: u64, name: &str, handle: &str, text: &str) -> Mention {
    let mut mention = mention(id, START - secs(id as f64), text);
    let author = Author { id: name.into(), ..Author::default() };
    mention.author = Some(Author { name: Some(name.into()), handle: Some(handle.into()), ..author });
    mention
}

fn said() -> Vec<Mention> {
    let mut all: Vec<Mention> = (1..=20)
        .map(|id| {
            by(
                id,
                &format!("Nobody {id}"),
                "",
                "thanks Zebulon, PERSGRUBB! the battery #ZebulonPersgrubb 山田",
            )
        })
        .collect();
    all.push(by(
        30,
        "Zebulon Persgrubb",
        "zebquack",
        "Zebulon Persgrubb of Aurora here, mail ottofizz@mail.example",
    ));
    all.push(by(31, "山田太郎", "taro", "battery 山田太郎 x01711234567"));
    all
}

fn words(snapshot: &Snapshot) -> Vec<String> {
    let mut all: Vec<_> =
        snapshot.all.ranked.hour.terms.iter().map(|term| term.text.to_lowercase()).collect();
    all.sort();
    all
}

#[test]
fn visitors_read_no_names_whoever_spoke_first() {
    let shown = |fold: &dyn Fn(&mut Pulse)| {
        let mut pulse = of(Audience::Public);
        fold(&mut pulse);
        words(&pulse.publish(START + secs(1.0)).expect("news"))
    };
    let told = ["aurora", "battery", "mail", "thanks"];
    assert_eq!(shown(&|pulse| pulse.fold(live(said()))), told);
    assert_eq!(shown(&|pulse| pulse.fold(past(said().into_iter().rev().collect()))), told);
}

#[test]
fn what_a_deleted_mention_said_leaves_the_lists_whoever_spoke_meanwhile() {
    let mut pulse = of(Audience::Public);
    pulse.fold(live(said()));
    let mut gone = said();
    gone.iter_mut().for_each(|mention| mention.op = fishbowl::mention::Op::Delete);
    pulse.fold(live(gone));
    assert_eq!(words(&pulse.publish(START + secs(9.0)).expect("news")), [""; 0]);
}

#[test]
fn staff_read_all_words() {
    let mut pulse = of(Audience::Staff);
    pulse.fold(live(said()));
    let words = words(&pulse.publish(START + secs(1.0)).expect("news"));
    for word in ["zebulon", "persgrubb", "#zebulonpersgrubb", "山田"] {
        assert!(words.iter().any(|shown| shown == word), "{word}: {words:?}");
    }
}
