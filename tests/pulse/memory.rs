//! What comes back after a restart: the same numbers, and nothing that was taken back.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::layout::window::Window;
use fishbowl::mention::source::{Note, NoteKind};
use fishbowl::mention::{Mention, Op};
use fishbowl::pulse::snapshot::{Place, Snapshot, Stream};
use fishbowl::pulse::{Digester, Kept, Pulse};
use proptest::prelude::*;

use crate::make::{START, at, by, live, meant, said, secs, wall};
use crate::truth::{Draft, TEXTS, TOPICS, draft, is_in, mention, recount, streams};

/// What may happen to mentions; a number picks one that was said before.
#[derive(Clone, Debug)]
enum Act {
    Say(Draft),
    Edit(prop::sample::Index, usize),
    Delete(prop::sample::Index),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        5 => draft().prop_map(Act::Say),
        1 => (any::<prop::sample::Index>(), 0..TEXTS.len()).prop_map(|(which, text)| Act::Edit(which, text)),
        1 => any::<prop::sample::Index>().prop_map(Act::Delete),
    ]
}

/// A journal in memory: what the real one promises to the pulse.
struct Memory {
    rows: Vec<Kept>,
    first: Vec<Mention>,
    digester: Digester,
    notes: BTreeMap<(NoteKind, (i64, i64)), Note>,
}

impl Memory {
    fn new() -> Self {
        let digester = Digester::new(&wall(TOPICS)).expect("a right wall");
        Self { rows: Vec::new(), first: Vec::new(), digester, notes: BTreeMap::new() }
    }

    fn note(&mut self, notes: Vec<Note>) {
        for note in notes {
            let key = (note.kind, note.key);
            if note.body.is_empty() {
                self.notes.remove(&key);
            } else {
                self.notes.insert(key, note);
            }
        }
    }

    /// Keeps what happened and says what the pulse has to do.
    fn keep(&mut self, act: &Act, now: Time) -> Option<Mention> {
        let row = match act {
            Act::Say(draft) => {
                let said = Mention { source: "demo".into(), ..mention(self.rows.len() as u64, draft, now) };
                self.first.push(said.clone());
                self.rows.push(Kept { mention: said.clone(), digest: None, counted: true, set_by: 0 });
                return Some(said);
            }
            Act::Edit(which, _) | Act::Delete(which) if !self.rows.is_empty() => {
                let which = which.index(self.rows.len());
                &mut self.rows[which]
            }
            _ => return None,
        };
        if row.mention.op == Op::Delete {
            return None;
        }
        if row.digest.is_none() {
            row.digest = Some(self.digester.of(&row.mention).into());
        }
        match act {
            Act::Edit(_, text) => {
                let edited = meant(row.mention.clone().with_text(TEXTS[*text]), -0.9);
                row.mention = at(by(edited, 99, Some(1)), 33.0, 33.0, None);
                Some(Mention { op: Op::Edit, received: now, ..row.mention.clone() })
            }
            _ => {
                let (uid, source) = (row.mention.uid.clone(), row.mention.source.clone());
                let gone = said(0, row.mention.ts, row.mention.received, "");
                row.mention = Mention { op: Op::Delete, uid, source, ..gone };
                Some(Mention { received: now, ..row.mention.clone() })
            }
        }
    }
}

/// A pulse that begins at `now` with what was kept, piece by piece.
struct Restarted {
    pulse: Pulse,
    /// Nothing before is told.
    from: Time,
    head: usize,
    told: usize,
}

impl Restarted {
    fn new(memory: &Memory, now: Time) -> Self {
        let mut pulse = Pulse::new(&wall(TOPICS), now).expect("a right wall");
        pulse.recall_notes(memory.notes.values().cloned().collect());
        let from = pulse.recall_from(now);
        pulse.begin_recall();
        Self { pulse, from, head: memory.rows.len(), told: 0 }
    }

    /// Tells so many more, the latest first.
    fn tell(&mut self, memory: &Memory, count: usize) {
        let end = self.head - self.told;
        let begin = end.saturating_sub(count);
        let is_told = |row: &&Kept| row.mention.ts.max(row.mention.received) > self.from;
        let rows = &memory.rows[begin..end];
        self.pulse.recall(rows.iter().filter(is_told).cloned().collect());
        rows.iter().take(1).for_each(|first| self.pulse.told_since(first.mention.received));
        self.told = self.head - begin;
        if begin == 0 {
            self.pulse.recalled();
        }
    }
}

/// All that must come back, in words.
fn numbers(stream: &Stream, undisturbed: bool) -> String {
    // The name of a place is a word: it goes with the mention that told it.
    let name = |place: &Place| place.name.clone().filter(|_| undisturbed);
    let place = |p: &Place| (p.lat, p.lon, name(p), p.count, p.heat.to_bits());
    let places: Vec<_> = stream.places.iter().map(place).collect();
    let lists = undisturbed.then(|| {
        let mut terms: Vec<_> =
            stream.ranked.hour.terms.iter().map(|t| (t.text.to_lowercase(), t.count)).collect();
        terms.sort();
        (terms, stream.ranked.hour.authors.clone())
    });
    let series = [&stream.by_second, &stream.by_minute, &stream.by_quarter];
    let series = series.map(|series| (filled(&series.values), series.unknown.clone()));
    let known = (&stream.spans, &stream.before, &stream.breakdown);
    format!("{:?}\n{series:?}\n{known:?}\n{places:?}\n{lists:?}", stream.counts)
}

/// Where a series is not zero, and what it is there.
fn filled(values: &[u32]) -> Vec<(usize, u32)> {
    values.iter().copied().enumerate().filter(|(_, value)| *value > 0).collect()
}

fn steps() -> impl Strategy<Value = Vec<(u64, Vec<Act>)>> {
    let pause = prop_oneof![0..3_000_u64, 0..5_000_000_u64, 0..50_000_000_u64];
    prop::collection::vec((pause, prop::collection::vec(act(), 0..12)), 2..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_restart_changes_no_number(
        steps in steps(),
        cut in any::<prop::sample::Index>(),
        pieces in prop::collection::vec(0..30_usize, 24),
    ) {
        let mut memory = Memory::new();
        let (mut through, mut again) = (Pulse::new(&wall(TOPICS), START).expect("a right wall"), None);
        let (cut, mut now) = (cut.index(steps.len()), START);
        through.publish(START);
        memory.note(through.notes());
        for (i, (millis, acts)) in steps.iter().enumerate() {
            now = now + Duration::from_millis(*millis);
            if i == cut {
                again = Some(Restarted::new(&memory, now));
            }
            let told: Vec<Mention> = acts.iter().filter_map(|act| memory.keep(act, now)).collect();
            through.fold(live(told.clone()));
            through.publish(now);
            if again.is_none() {
                memory.note(through.notes());
            }
            if let Some(again) = &mut again {
                let before = pieces[i] / 2;
                again.tell(&memory, before);
                again.pulse.fold(live(told));
                again.tell(&memory, pieces[i] - before);
                again.pulse.publish(now);
            }
        }
        let mut again = again.expect("the cut lies among the steps");
        again.tell(&memory, usize::MAX / 2);
        // By then all that is drawn only now and then is drawn anew.
        now = now + secs(61.0);
        let before = through.publish(now).expect("time passed");
        let after = again.pulse.publish(now).expect("time passed");
        prop_assert!(!after.catching_up);
        let undisturbed = memory.rows.iter().all(|row| row.digest.is_none());
        for ((i, a), (_, b)) in streams(&before).zip(streams(&after)) {
            prop_assert_eq!(numbers(a, undisturbed), numbers(b, undisturbed), "stream {}", i);
            for window in Window::ALL {
                let expected = recount(&memory.first, |text| is_in(i, text), window, now);
                prop_assert_eq!(b.counts.over(window), &expected, "{:?} of stream {}", window, i);
            }
        }
        for shown in streams(&after).flat_map(|(_, stream)| stream.latest.iter()) {
            let row = memory.rows.iter().find(|row| row.mention.uid == shown.mention.uid).expect("it was kept");
            prop_assert!(row.mention.op != Op::Delete, "{} was taken back", shown.mention.uid);
            prop_assert_eq!(&row.mention.text, &shown.mention.text, "old words are shown");
        }
    }
}

/// What a wall with these topics makes of what was kept.
fn recalled(kept: Vec<Kept>, topics: &[(&str, &str)]) -> Arc<Snapshot> {
    let mut pulse = Pulse::new(&wall(topics), START).expect("a right wall");
    pulse.begin_recall();
    pulse.recall(kept);
    pulse.recalled();
    pulse.publish(START).expect("the first")
}

fn mentions(stream: &Stream) -> u64 {
    stream.counts.over(Window::H24).mentions
}

#[test]
fn a_new_topic_has_its_past_and_what_was_taken_back_stays_in_its_old_ones() {
    let mut memory = Memory::new();
    let say = |text| Draft {
        late: 60,
        ahead: false,
        text,
        author: None,
        followers: None,
        score: None,
        place: None,
    };
    for text in [0, 0, 1] {
        memory.keep(&Act::Say(say(text)), START - secs(60.0));
    }
    memory.rows[0].digest = Some(memory.digester.of(&memory.rows[0].mention).into());
    memory.rows[0].mention = Mention { op: Op::Delete, text: None, ..memory.rows[0].mention.clone() };
    memory.rows[1].digest = Some(memory.digester.of(&memory.rows[1].mention).into());
    memory.rows[1].mention = memory.rows[1].mention.clone().with_text("night now");
    let of = |topics: &[(&str, &str)]| {
        let snapshot = recalled(memory.rows.clone(), topics);
        (mentions(&snapshot.all), snapshot.topics.iter().map(mentions).collect::<Vec<_>>())
    };
    assert_eq!(of(TOPICS), (3, vec![2, 1]), "as it was first said");
    assert_eq!(of(&[("night", "night"), ("sun", "aurora")]), (3, vec![2, 1]), "by the words of now");
    assert_eq!(of(&[("aurora", "aurora OR dawn")]), (3, vec![1]), "the topic still has its name");
}

#[test]
fn only_the_feeds_of_the_wall_count_and_deletions_of_the_unknown_do_not() {
    let kept = |id, source: &str, counted| Kept {
        mention: Mention { source: source.into(), ..said(id, START, START, "aurora") },
        digest: None,
        counted,
        set_by: 0,
    };
    let snapshot =
        recalled(vec![kept(1, "demo", true), kept(2, "other", true), kept(3, "demo", false)], TOPICS);
    assert_eq!((mentions(&snapshot.all), snapshot.all.latest.len(), snapshot.folded), (1, 1, 0));
}

#[test]
fn what_goes_while_the_past_is_told_is_never_shown() {
    let mut pulse = Pulse::new(&wall(&[]), START).expect("a right wall");
    pulse.begin_recall();
    let one = Mention { source: "demo".into(), ..said(1, START - secs(9.0), START - secs(9.0), "secret") };
    pulse.fold(live(vec![Mention { op: Op::Delete, text: None, ..one.clone() }]));
    pulse.recall(vec![Kept { mention: one, digest: None, counted: true, set_by: 0 }]);
    pulse.recalled();
    let snapshot = pulse.publish(START + secs(3.0)).expect("news");
    assert_eq!((mentions(&snapshot.all), snapshot.all.latest.len()), (1, 0));
}

#[test]
fn words_that_were_shown_are_withdrawn_and_numbers_are_news() {
    let mut pulse = Pulse::new(&wall(&[]), START).expect("a right wall");
    let one = said(1, START, START, "first words");
    pulse.fold(live(vec![one.clone(), said(2, START, START, "others")]));
    pulse.publish(START);
    let likes = |n| Some(Box::new(fishbowl::mention::Metrics { likes: Some(n), ..Default::default() }));
    pulse.fold(live(vec![Mention { op: Op::Metrics, metrics: likes(7), ..one.clone() }]));
    let mut batch = live(Vec::new());
    let what = fishbowl::mention::source::Engagement::Likes;
    batch.engaged = vec![fishbowl::mention::source::Engaged { uid: one.uid.clone(), what, by: -2 }];
    pulse.fold(batch);
    let liked = pulse.publish(START + secs(0.1)).expect("numbers are news");
    let shown = liked.all.latest.iter().find(|s| s.mention.uid == one.uid).expect("it is shown");
    assert_eq!(shown.mention.metrics.as_ref().and_then(|m| m.likes), Some(5));
    assert!(liked.all.withdrawn.is_empty());
    pulse.fold(live(vec![Mention { op: Op::Edit, ..one.clone().with_text("second words") }]));
    let edited = pulse.publish(START + secs(0.2)).expect("words are news");
    assert_eq!(edited.all.withdrawn.to_vec(), std::slice::from_ref(&one.uid));
    assert_eq!(edited.all.counts, liked.all.counts);
    let mut now = START;
    for id in 10..80 {
        now = START + secs(2.0) * id as u32;
        pulse.fold(live(vec![said(id, now, now, &format!("word {id}"))]));
        pulse.publish(now);
    }
    pulse.fold(live(vec![Mention { op: Op::Delete, text: None, ..said(10, now, now, "") }]));
    let gone = pulse.publish(now + secs(0.1)).expect("a ticker may still carry it");
    assert!(gone.all.withdrawn.iter().any(|uid| &**uid == "test:10"), "{:?}", gone.all.withdrawn);
}
