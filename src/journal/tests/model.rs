//! Any sequence, in any batching, over any restarts, against a model that a child could read.

use std::collections::HashMap;

use proptest::prelude::*;

use super::*;
use crate::mention::Metrics;
use crate::mention::source::{Engaged, Engagement};

#[derive(Clone, Debug)]
enum Step {
    Say { id: u32, version: u64, text: u8, likes: Option<u64> },
    Delete { id: u32 },
    Measure { id: u32, likes: u64 },
}

#[derive(Clone, Debug)]
struct Round {
    steps: Vec<Step>,
    /// Whom somebody liked, and by how much.
    liked: Vec<(u32, i32)>,
    restart: bool,
}

fn step() -> impl Strategy<Value = Step> {
    let id = 0..30_u32;
    prop_oneof![
        6 => (id.clone(), 0..3_u64, 0..3_u8, prop::option::weighted(0.2, 0..4_u64))
            .prop_map(|(id, version, text, likes)| Step::Say { id, version, text, likes }),
        1 => id.clone().prop_map(|id| Step::Delete { id }),
        1 => (id, 0..4_u64).prop_map(|(id, likes)| Step::Measure { id, likes }),
    ]
}

fn round() -> impl Strategy<Value = Round> {
    let liked = prop::collection::vec((0..30_u32, -2..3_i32), 0..3);
    (prop::collection::vec(step(), 0..12), liked, prop::bool::weighted(0.2))
        .prop_map(|(steps, liked, restart)| Round { steps, liked, restart })
}

/// How a mention stands.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    /// Place in the order, from 1.
    seq: i64,
    version: u64,
    /// `None` when it is gone.
    text: Option<u8>,
    digest: Option<u8>,
    counted: bool,
    likes: Option<u64>,
}

#[derive(Default)]
struct Model {
    entries: HashMap<u32, Entry>,
}

impl Model {
    fn take(&mut self, step: &Step) -> Option<Op> {
        let next = self.entries.len() as i64 + 1;
        let fresh = Entry { seq: next, version: 0, text: None, digest: None, counted: true, likes: None };
        match *step {
            Step::Say { id, version, text, likes } => {
                let Some(known) = self.entries.get_mut(&id) else {
                    self.entries.insert(id, Entry { version, text: Some(text), likes, ..fresh });
                    return Some(Op::Upsert);
                };
                let before = known.text?;
                if version < known.version {
                    return None;
                }
                let changed = version > known.version || before != text;
                let measured = likes.is_some() && likes != known.likes;
                known.likes = likes.or(known.likes);
                if changed {
                    known.digest.get_or_insert(before);
                    (known.version, known.text) = (version, Some(text));
                    return Some(Op::Edit);
                }
                measured.then_some(Op::Metrics)
            }
            Step::Delete { id } => {
                let Some(known) = self.entries.get_mut(&id) else {
                    self.entries.insert(id, Entry { counted: false, ..fresh });
                    return Some(Op::Delete);
                };
                let before = known.text.take()?;
                known.digest.get_or_insert(before);
                known.likes = None;
                Some(Op::Delete)
            }
            Step::Measure { id, likes } => {
                let known = self.entries.get_mut(&id).filter(|entry| entry.text.is_some())?;
                let measured = known.likes != Some(likes);
                known.likes = Some(likes);
                measured.then_some(Op::Metrics)
            }
        }
    }

    /// By how much a count changed.
    fn like(&mut self, id: u32, by: i32) -> Option<i32> {
        let known = self.entries.get_mut(&id).filter(|entry| entry.text.is_some())?;
        let before = known.likes.unwrap_or(0) as i64;
        let after = (before + i64::from(by)).max(0);
        if after != before {
            known.likes = Some(after as u64);
        }
        (after != before).then_some((after - before) as i32)
    }
}

fn mention(step: &Step) -> Mention {
    let words = |text: u8| format!("words {text}");
    let count = |likes| Some(Box::new(Metrics { likes: Some(likes), ..Metrics::default() }));
    match *step {
        Step::Say { id, version, text, likes } => {
            let metrics = likes.and_then(count);
            Mention { version, metrics, ..said(id, &words(text)) }
        }
        Step::Delete { id } => Mention { op: Op::Delete, text: None, ..said(id, "") },
        Step::Measure { id, likes } => {
            Mention { op: Op::Metrics, text: None, metrics: count(likes), ..said(id, "") }
        }
    }
}

fn engaged(id: u32, by: i32) -> Engaged {
    Engaged { uid: format!("feed:{id}").into(), what: Engagement::Likes, by }
}

fn as_kept(id: u32, entry: &Entry) -> (i64, String, Option<String>, Option<String>, bool, Option<u64>) {
    let words = |text: u8| format!("words {text}");
    (
        entry.seq,
        format!("feed:{id}"),
        entry.text.map(words),
        entry.digest.map(words),
        entry.counted,
        entry.likes,
    )
}

/// Opens a journal that was closed just now. Its lock may live on for a moment in a process that
/// another test is starting: between fork and exec that has all files of this one.
fn reopened(place: &Place, full: usize, mask: u64) -> Journal {
    for _ in 0..1_000 {
        match place.plan.open_with(full, mask) {
            Err(JournalError::Locked { .. }) => std::thread::sleep(Duration::from_millis(1)),
            other => return other.expect("it opens"),
        }
    }
    panic!("it stays locked");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_journal_is_the_model(
        rounds in prop::collection::vec(round(), 1..24),
        full in 3..20_usize,
        mask in prop::sample::select(vec![0, 0x3, 0xf000_0000_0000_0000, u64::MAX]),
        at_once in 1..4_usize,
    ) {
        let place = Place::new();
        let mut journal = place.plan.open_with(full, mask).expect("it opens");
        let mut model = Model::default();
        for rounds in rounds.chunks(at_once) {
            let mut batches: Vec<_> = rounds.iter().map(|round| Batch {
                engaged: round.liked.iter().map(|(id, by)| engaged(*id, *by)).collect(),
                ..batch(round.steps.iter().map(mention).collect())
            }).collect();
            journal.keep(&mut batches).expect("it keeps");
            for (round, batch) in rounds.iter().zip(&batches) {
                let due = |step: &Step| model.take(step).map(|op| (mention(step).uid, op));
                let due: Vec<_> = round.steps.iter().filter_map(due).collect();
                let told: Vec<_> = batch.mentions.iter().map(|m| (m.uid.clone(), m.op)).collect();
                prop_assert_eq!(told, due);
                let due = |(id, by): &(u32, i32)| model.like(*id, *by).map(|by| engaged(*id, by));
                let due: Vec<_> = round.liked.iter().filter_map(due).collect();
                prop_assert_eq!(&batch.engaged, &due);
            }
            if rounds.iter().any(|round| round.restart) {
                drop(journal);
                journal = reopened(&place, full, mask);
            }
        }
        let mut due: Vec<_> = model.entries.iter().map(|(id, entry)| as_kept(*id, entry)).collect();
        due.sort();
        let kept = place.all().into_iter().map(|kept| {
            let digest = kept.digest.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            let text = kept.mention.text.map(|text| text.to_string());
            let likes = kept.mention.metrics.and_then(|metrics| metrics.likes);
            (kept.seq.0, kept.mention.uid.to_string(), text, digest, kept.counted, likes)
        });
        prop_assert_eq!(kept.collect::<Vec<_>>(), due);
        prop_assert!(is_sound(&journal.conn));
    }
}
