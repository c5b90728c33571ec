use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::mention::Author;
use crate::pulse::hearing::gaps::Gaps;

const START: i64 = 1_800_000_000;

/// Something that was said: its number, by whom (0 is the brand), in reply to what, when, and
/// whether it names the brand. The first of a conversation of a source that tells threads has none.
#[derive(Clone, Debug)]
struct Says {
    id: usize,
    who: u64,
    parent: Option<usize>,
    thread: Option<usize>,
    at: i64,
    named: bool,
}

fn spec(minutes: u64) -> CareSpec {
    CareSpec {
        handles: vec!["aurora".into()],
        feeds: vec![],
        networks: vec![],
        promise: Duration::from_secs(minutes * 60),
        owner: None,
    }
}

fn mention(says: &Says) -> Mention {
    let (source, at) = (Arc::from("feed"), Time::from_secs(START + says.at));
    let mut mention = Mention::new(&source, &says.id.to_string(), at, at);
    let handle = if says.who == 0 { "aurora".into() } else { format!("person{}", says.who) };
    mention.author =
        Some(Author { id: handle.as_str().into(), handle: Some(handle.into()), ..Author::default() });
    mention.text = Some(if says.named { "@aurora are you there?".into() } else { "well".into() });
    mention.kind = if says.parent.is_some() { Kind::Reply } else { Kind::Post };
    let uid = |id: usize| format!("feed:{id}").into();
    (mention.parent, mention.thread) = (says.parent.map(uid), says.thread.map(uid));
    mention
}

fn hear(care: &mut Care, says: &Says) {
    let mention = mention(says);
    let mut tokens = Tokens::default();
    let said = mention.text.as_deref().unwrap_or("");
    tokens.read(said, false);
    care.heard(&mention, said, mention.ts, &tokens);
}

fn desk(care: &mut Care, at: i64) -> CareQueue {
    let gaps = Gaps::new(START, Default::default());
    CareQueue::clone(&care.draw(Time::from_secs(START + at), &gaps).0)
}

fn says(id: usize, who: u64, parent: Option<usize>, at: i64) -> Says {
    Says { id, who, parent, thread: None, at, named: parent.is_none() && who != 0 }
}

#[test]
fn a_question_waits_until_the_brand_replies_to_it() {
    let mut care = Care::new(&spec(60));
    hear(&mut care, &says(1, 7, None, 0));
    hear(&mut care, &says(2, 8, None, 600));
    let told = desk(&mut care, 3_601);
    assert_eq!((told.waiting, told.overdue, told.oldest), (2, 1, Some(Time::from_secs(START))));
    assert_eq!(told.longest[0].mention.as_ref().map(|m| &*m.uid), Some("feed:1"));
    hear(&mut care, &says(3, 9, Some(1), 700));
    hear(&mut care, &says(4, 0, Some(2), 900));
    let told = desk(&mut care, 3_602);
    assert_eq!((told.waiting, told.last_hour.answers), (1, 1), "only the brand answers");
    assert_eq!(told.last_hour.p50, Some(Duration::from_secs(300)));
    assert_eq!((told.last_hour.due, told.last_hour.kept, told.last_hour.kept_percent()), (2, 1, Some(50)));
    assert_eq!(told.opened.values.iter().sum::<u32>(), 2);
}

#[test]
fn what_is_taken_back_waits_no_more_and_its_words_are_gone() {
    let mut care = Care::new(&spec(60));
    hear(&mut care, &says(1, 7, None, 0));
    hear(&mut care, &says(2, 8, None, 5));
    let reworded = Arc::new(Mention { text: Some("@aurora please".into()), ..mention(&says(2, 8, None, 5)) });
    care.reworded(&reworded);
    care.taken_back("feed:1");
    let told = desk(&mut care, 60);
    assert_eq!((told.waiting, told.opened.values.iter().sum::<u32>(), told.longest.len()), (1, 2, 1));
    assert_eq!(told.longest[0].mention.as_ref().and_then(|m| m.text.as_deref()), Some("@aurora please"));
}

#[test]
fn under_what_the_brand_said_each_asker_waits_alone() {
    let mut care = Care::new(&spec(60));
    hear(&mut care, &says(1, 0, None, 0));
    hear(&mut care, &says(2, 7, Some(1), 10));
    hear(&mut care, &says(3, 8, Some(1), 20));
    hear(&mut care, &says(4, 0, Some(2), 30));
    hear(&mut care, &says(5, 0, Some(1), 40));
    assert_eq!(desk(&mut care, 50).waiting, 1);
}

#[test]
fn in_a_conversation_of_the_askers_any_reply_to_nobody_else_answers() {
    let mut care = Care::new(&spec(60));
    let threaded = |one: Says| Says { thread: Some(1), ..one };
    hear(&mut care, &says(1, 7, None, 0));
    hear(&mut care, &threaded(says(2, 8, Some(1), 10)));
    hear(&mut care, &threaded(says(3, 0, Some(2), 20)));
    assert_eq!(desk(&mut care, 50).waiting, 0);
}

#[test]
fn nobody_waits_for_ever_and_the_oldest_beyond_the_limit_are_counted() {
    let mut care = Care::new(&spec(60));
    for id in 0..OPEN + 5 {
        hear(&mut care, &says(id, id as u64 + 1, None, id as i64 / 100));
    }
    let told = desk(&mut care, 200);
    assert_eq!((told.waiting, told.exact, told.longest.len()), (OPEN as u64 + 5, false, 24));
    assert!(care.cases.len() <= OPEN && care.questions.len() <= OPEN);
    let told = desk(&mut care, 8 * 86_400);
    assert_eq!((told.waiting, told.oldest, told.exact), (0, None, true));
    assert!(care.cases.is_empty() && care.questions.is_empty() && care.askers.is_empty());
}

#[test]
fn a_long_wait_outlives_a_restart_by_its_note() {
    let mut care = Care::new(&spec(60));
    hear(&mut care, &says(1, 7, None, 0));
    hear(&mut care, &says(2, 8, None, 80_000));
    let day = 2 * 86_400 - 10_000;
    hear(&mut care, &says(3, 9, None, day));
    let before = desk(&mut care, day + 60);
    let notes = care.take_notes();
    assert_eq!(notes.len(), 2, "what is young needs none");
    let mut again = Care::new(&spec(60));
    notes.iter().for_each(|note| again.recall_note(note));
    hear(&mut again, &says(3, 9, None, day));
    let after = desk(&mut again, day + 60);
    assert_eq!((after.waiting, after.oldest, after.overdue), (before.waiting, before.oldest, before.overdue));
    assert_eq!(after.longest[0].mention, None, "words are not kept");
    hear(&mut again, &says(4, 0, Some(1), day + 70));
    let told = desk(&mut again, day + 80);
    assert_eq!((told.waiting, told.last_hour.answers), (2, 1));
    assert_eq!(told.last_hour.p50, Some(Duration::from_secs(day as u64 + 70)));
    let noted = again.take_notes();
    let mut third = Care::new(&spec(60));
    noted.iter().for_each(|note| third.recall_note(note));
    assert_eq!(desk(&mut third, day + 90).last_hour, told.last_hour, "an answer to a long wait is noted");
    let garbage = [vec![], vec![9; 50], noted[0].body[..noted[0].body.len() - 1].to_vec()];
    let note = |body: Vec<u8>| Note { body: body.into(), ..noted[0].clone() };
    garbage.map(note).iter().for_each(|note| third.recall_note(note));
    assert_eq!(third.cases.len(), noted.len(), "what is no note is passed over");
}

/// Who waits, and how long the answers took, found out the long way.
fn recount(all: &[Says]) -> (BTreeSet<i64>, Vec<i64>) {
    let by_id: BTreeMap<usize, &Says> = all.iter().map(|one| (one.id, one)).collect();
    let root = |one: &Says| {
        let mut at = one;
        loop {
            match at.thread.or(at.parent).and_then(|id| by_id.get(&id)) {
                Some(next) if counts(next, &by_id) => at = next,
                _ => break at.thread.or(at.parent).unwrap_or(at.id),
            }
        }
    };
    let mut cases: BTreeMap<(usize, u64), Vec<&Says>> = BTreeMap::new();
    for one in all.iter().filter(|one| one.who != 0 && counts(one, &by_id)) {
        cases.entry((root(one), one.who)).or_default().push(one);
    }
    let (mut waiting, mut took) = (BTreeSet::new(), Vec::new());
    for ((of, _), questions) in &cases {
        let opened = questions.iter().map(|one| one.at).min().unwrap_or_default();
        let ours_began = by_id.get(of).is_some_and(|one| one.who == 0);
        let answers = all.iter().filter(|one| one.who == 0 && one.at >= opened).filter(|one| {
            let Some(to) = one.parent else { return false };
            let asked = by_id.get(&to).is_some_and(|to| to.who != 0 && counts(to, &by_id));
            questions.iter().any(|question| question.id == to) || (root(one) == *of && !ours_began && !asked)
        });
        match answers.map(|one| one.at).min() {
            Some(at) => took.push(at - opened),
            None => drop(waiting.insert(opened)),
        }
    }
    took.sort_unstable();
    (waiting, took)
}

/// Whether it has a part in the queue.
fn counts(one: &Says, all: &BTreeMap<usize, &Says>) -> bool {
    one.who == 0 || one.named || one.parent.and_then(|id| all.get(&id)).is_some_and(|to| to.who == 0)
}

prop_compose! {
    fn talk()(
        said in prop::collection::vec((0u64..4, 0usize..24, any::<bool>(), any::<bool>()), 1..24),
        threads in any::<bool>(),
    ) -> Vec<Says> {
        let plain: Vec<Says> = said.into_iter().enumerate().map(|(id, (who, to, replies, named))| {
            let parent = (replies && id > 0).then(|| to % id.max(1));
            Says { id, who, parent, thread: None, at: id as i64 * 60, named }
        }).collect();
        let first = |one: &Says| {
            let mut at = one;
            while let Some(to) = at.parent {
                at = &plain[to];
            }
            at.id
        };
        let thread = |one: &Says| one.parent.filter(|_| threads).map(|_| first(one));
        plain.iter().map(|one| Says { thread: thread(one), ..one.clone() }).collect()
    }
}

proptest! {
    #[test]
    fn the_queue_is_what_a_recount_finds_in_any_order(talk in talk(), order in any::<u64>()) {
        let mut shuffled = talk.clone();
        shuffled.sort_by_key(|one| hash(&format!("{order} {}", one.id)));
        let (mut care, mut other) = (Care::new(&spec(10)), Care::new(&spec(10)));
        talk.iter().for_each(|one| hear(&mut care, one));
        shuffled.iter().for_each(|one| hear(&mut other, one));
        let (told, again) = (desk(&mut care, 3_000), desk(&mut other, 3_000));
        prop_assert_eq!(&told, &again);
        let (waiting, took) = recount(&talk);
        let since = told.longest.iter().map(|one| one.since.as_secs() - START);
        prop_assert_eq!(since.collect::<BTreeSet<_>>(), waiting);
        prop_assert_eq!(told.last_hour.answers as usize, took.len());
        let half = took.get((took.len() * 50).div_ceil(100).max(1) - 1).map(|secs| Duration::from_secs(*secs as u64));
        prop_assert_eq!(told.last_hour.p50, half);
    }
}
