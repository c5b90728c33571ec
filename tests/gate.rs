//! The gate: no string of a person is on the wall before a moderator has approved it. Every text run of every
//! display list is read, over random mentions, edits, deletions and decisions, and over a restart.

#[path = "gate/forgotten.rs"]
mod forgotten;
#[path = "gate/hidden.rs"]
mod hidden;
#[path = "gate/shown.rs"]
mod shown;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::layout;
use fishbowl::layout::wall::Wall;
use fishbowl::mention::source::{Batch, FeedState, Health, Nature, Note};
use fishbowl::mention::{Author, Geo, Mention, Op};
use fishbowl::pulse::gate::{GateAct, GateCommand};
use fishbowl::pulse::snapshot::{Passage, Snapshot};
use fishbowl::pulse::{Kept, Pulse};
use fishbowl::registry;
use fishbowl::scene::list::{Item, List};
use fishbowl::scene::{Control, Director};
use fishbowl::text::Typesetter;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

const START: Time = Time::from_secs(1_800_000_000);

/// A public wall with every kind of tile that shows what people wrote.
const WALL: &str = r##"
[wall]
viewer_m = 3.0
audience = "public"
motion = "full"
band = false

[display.a]
size_mm = [2400, 1350]

[gate]
GATE

[bursts]

[topic.phone]
query = "phone"

[feed.public]
kind = "sse"
url = "https://feed.example/stream"

[scene.all]
picture = """
4: list  list  quote  map
4: words ranks links  feel
3: alert heads tags   rise
2: news  news  news   news
"""
tile.list = { kind = "mentions", count = 4 }
tile.quote = { kind = "quote" }
tile.map = { kind = "heatmap", window = "1h", name_places = 8 }
tile.words = { kind = "words" }
tile.ranks = { kind = "ranks", of = "authors" }
tile.links = { kind = "ranks", of = "links" }
tile.tags = { kind = "words", of = "hashtags" }
tile.rise = { kind = "ranks", rank = "rising" }
tile.feel = { kind = "sentiment", window = "1h" }
tile.alert = { kind = "alerts" }
tile.heads = { kind = "headline", topic = "phone" }
tile.news = { kind = "ticker" }
"##;

fn wall(gate: &str) -> Arc<Wall> {
    let loaded = layout::load_text(&WALL.replace("GATE", gate), Path::new("wall.toml"), &[], &registry());
    Arc::new(loaded.wall(&[]).unwrap_or_else(|| panic!("{}", loaded.report.draw(100, false))))
}

/// A word that stands for one text alone: letters only, so that nothing takes it apart.
fn marker(number: u32) -> String {
    let letters =
        format!("{number:06}").bytes().map(|digit| char::from(digit - b'0' + b'a')).collect::<String>();
    format!("qx{letters}")
}

/// The markers, whole or cut, in a text.
fn markers(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    words.filter(|word| word.starts_with("qx")).collect()
}

fn texts(list: &List, into: &mut Vec<String>) {
    for item in &list.items {
        if let Item::Text { shaped, .. } = item {
            into.push(shaped.setting.text.to_string());
        }
    }
}

/// A wall, its pulse and its director.
struct Run {
    pulse: Pulse,
    director: Director,
    setter: Typesetter,
    now: Time,
    snapshot: Arc<Snapshot>,
    notes: Vec<Note>,
}

impl Run {
    fn new(wall: &Arc<Wall>, now: Time) -> Self {
        Self {
            pulse: Pulse::new(wall, now).expect("a right wall"),
            director: Director::new(wall.clone()),
            setter: Typesetter::new(false),

            now,
            snapshot: Arc::default(),
            notes: Vec::new(),
        }
    }

    fn hear(&mut self, mentions: Vec<Mention>) {
        let state = FeedState {
            health: Health::Live,
            ..FeedState::new("public", Nature::Live, Duration::from_secs(60))
        };
        self.pulse.fold(Batch { mentions, ..Batch::of(0, state) });
    }

    fn decide(&mut self, uid: &str, act: GateAct) {
        let command = GateCommand { mention: uid.into(), words: None, act, by: "jo".into() };
        self.pulse.moderate(&command, self.now);
    }

    /// All text on the wall after some time.
    fn drawn(&mut self, later: Duration) -> Vec<String> {
        self.now = self.now + later;
        if let Some(snapshot) = self.pulse.publish(self.now) {
            self.snapshot = snapshot;
        }
        self.notes.extend(self.pulse.notes());
        let frame = self.director.frame(&self.snapshot, &Control::default(), self.now, &mut self.setter);
        let mut found = Vec::new();
        for tile in &frame.tiles {
            texts(&tile.still, &mut found);
            texts(&tile.motion, &mut found);
        }
        found
    }

    /// The markers in it.
    fn marks(&mut self, later: Duration) -> Vec<String> {
        self.drawn(later).iter().flat_map(|text| markers(text)).collect()
    }
}

fn said(number: u32, uid: &str, at: Time, words: &str) -> Mention {
    let mark = marker(number);
    let text = format!("{words} {mark} phone #{mark} https://{mark}.example/{mark}");
    let mut mention = Mention::new(&Arc::from("public"), uid, at, at).with_text(&text);
    mention.uid = uid.into();
    mention.links = vec![format!("https://{mark}.example/{mark}").into()];
    let handle: Arc<str> = mark.as_str().into();
    let at = number as f32;
    mention.geo = Some(Geo { lat: at * 7.0 % 60.0, lon: at * 31.0 % 170.0, name: Some(handle.clone()) });
    mention.author = Some(Author {
        id: handle.clone(),
        handle: Some(handle.clone()),
        name: Some(handle),
        followers: Some(1_000),
        ..Author::default()
    });
    mention
}

#[test]
fn nothing_that_people_wrote_is_drawn_before_it_is_approved() {
    let wall = wall("approve = \"all\"");
    let mut run = Run::new(&wall, START);
    let mut dice = Pcg64Mcg::seed_from_u64(14);
    // What each text says now, and whether it is approved.
    let mut known: BTreeMap<String, (u32, bool)> = BTreeMap::new();
    let (mut next, mut seen, mut decisions) = (0, 0, 0);
    for step in 0..1_500_u32 {
        let mut mentions = Vec::new();
        for _ in 0..dice.random_range(0..4) {
            next += 1;
            let uid = format!("public:{next}");
            mentions.push(said(next, &uid, run.now, "I really love the"));
            known.insert(uid, (next, false));
        }
        let some = |dice: &mut Pcg64Mcg, known: &BTreeMap<String, (u32, bool)>| {
            let at = dice.random_range(0..known.len().max(1));
            known.keys().rev().take(40).nth(at % 40).cloned()
        };
        // An edit starts anew; a deletion leaves nothing.
        if dice.random_bool(0.1)
            && let Some(uid) = some(&mut dice, &known)
        {
            next += 1;
            let mut edited = said(next, &uid, run.now, "No, I hate the");
            edited.op = Op::Edit;
            mentions.push(edited);
            known.insert(uid, (next, false));
        }
        if dice.random_bool(0.03)
            && let Some(uid) = some(&mut dice, &known)
        {
            let mut gone = said(0, &uid, run.now, "");
            (gone.op, gone.text) = (Op::Delete, None);
            mentions.push(gone);
            known.remove(&uid);
        }
        run.hear(mentions);
        for _ in 0..dice.random_range(0..8) {
            let Some(uid) = some(&mut dice, &known) else { continue };
            let acts = [
                GateAct::Approve,
                GateAct::Approve,
                GateAct::Pin,
                GateAct::Hide,
                GateAct::Stash,
                GateAct::Undo,
                GateAct::Claim,
            ];
            let act = acts[dice.random_range(0..acts.len())];
            run.decide(&uid, act);
            decisions += 1;
            if act != GateAct::Claim {
                known.entry(uid).and_modify(|text| text.1 = matches!(act, GateAct::Approve | GateAct::Pin));
            }
        }
        let approved: Vec<String> = known.values().filter(|text| text.1).map(|text| marker(text.0)).collect();
        for text in run.drawn(Duration::from_millis(400)) {
            for mark in markers(&text) {
                let is_approved = approved.iter().any(|approved| approved.starts_with(&mark));
                assert!(
                    is_approved,
                    "step {step}: {mark} in {text:?} was never approved, or is not any more"
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 10_000 && decisions > 4_000, "{seen} words of people were seen, {decisions} decisions");
    let counts = run.snapshot.gate.as_ref().expect("there is a gate").counts;
    assert!(counts.iter().all(|count| *count > 0), "{counts:?}");
}

#[test]
fn what_is_hidden_leaves_every_tile_at_once() {
    let wall = wall("approve = \"all\"");
    let mut run = Run::new(&wall, START);
    run.hear((1..=6).map(|n| said(n, &format!("public:{n}"), START, "I love the")).collect());
    (1..=6).for_each(|n| run.decide(&format!("public:{n}"), GateAct::Approve));
    let mut shown = 0;
    for _ in 0..200 {
        shown = run.drawn(Duration::from_millis(250)).iter().map(|text| markers(text).len()).sum();
    }
    assert!(shown > 6, "lists, quotes and words have them: {shown}");
    run.decide("public:3", GateAct::Ban);
    let after: Vec<String> = run.marks(Duration::ZERO);
    assert!(
        !after.is_empty() && after.iter().all(|mark| !marker(3).starts_with(mark.as_str()) || mark.len() < 4),
        "{after:?}"
    );
    // What its author says later is hidden, too.
    let mut again = said(3, "public:9", run.now, "once more the");
    again.uid = "public:9".into();
    run.hear(vec![again]);
    run.drawn(Duration::from_secs(1));
    let queued = run.snapshot.gate.clone().expect("there is a gate");
    let of = |uid: &str| queued.queued.iter().find(|one| *one.mention.uid == *uid).map(|one| one.passage);
    assert_eq!((of("public:3"), of("public:9")), (Some(Passage::Hidden), Some(Passage::Hidden)));
    run.decide("public:9", GateAct::Undo);
    run.hear(vec![said(3, "public:10", run.now, "and the")]);
    run.drawn(Duration::from_secs(1));
    let queued = run.snapshot.gate.clone().expect("there is a gate");
    let of = |uid: &str| queued.queued.iter().find(|one| *one.mention.uid == *uid).map(|one| one.passage);
    assert_eq!(
        (of("public:9"), of("public:10")),
        (Some(Passage::Waiting), Some(Passage::Waiting)),
        "not banned any more"
    );
}

#[test]
fn decisions_survive_a_restart_and_nothing_else_is_shown_in_the_first_frame() {
    let wall = wall("approve = \"all\"");
    let mut run = Run::new(&wall, START);
    let all: Vec<Mention> = (1..=8).map(|n| said(n, &format!("public:{n}"), START, "I love the")).collect();
    run.hear(all.clone());
    (1..=4).for_each(|n| run.decide(&format!("public:{n}"), GateAct::Approve));
    run.decide("public:2", GateAct::Hide);
    run.decide("public:5", GateAct::Ban);
    run.drawn(Duration::from_secs(2));

    let mut again = Run::new(&wall, run.now);
    again.pulse.recall_notes(run.notes.clone());
    again.pulse.recall_from(run.now);
    again.pulse.begin_recall();
    let first = again.drawn(Duration::ZERO);
    assert!(first.iter().all(|text| markers(text).is_empty()), "{first:?}");
    // The words of the fourth changed while the wall was off.
    let changed = said(40, "public:4", START, "I hate the");
    let kept =
        all.iter().map(|mention| if *mention.uid == *"public:4" { changed.clone() } else { mention.clone() });
    let kept = kept.map(|mention| Kept { mention, digest: None, counted: true, set_by: 0 });
    again.pulse.recall(kept.collect());
    again.pulse.recalled();
    let mut marks: Vec<String> = Vec::new();
    for _ in 0..40 {
        marks.extend(again.marks(Duration::from_millis(250)));
    }
    marks.sort();
    marks.dedup();
    assert_eq!(marks, [marker(1), marker(3)]);
    again.hear(vec![said(5, "public:50", again.now, "more of the")]);
    again.drawn(Duration::from_secs(1));
    let queued = again.snapshot.gate.clone().expect("there is a gate");
    let banned = queued.queued.iter().find(|one| &*one.mention.uid == "public:50").expect("it is known");
    assert_eq!((banned.passage, &*banned.why), (Passage::Hidden, "its author is banned"));
}

#[test]
fn rules_let_pass_hold_back_and_block() {
    let wall = wall(
        "approve = \"rules\"\nblock = \"scam\"\nwait = \"has:link\"\npass = \"from:ours\"\nhold = \"30s\"",
    );
    let mut run = Run::new(&wall, START);
    let plain = |number: u32, text: &str| {
        let mut mention = said(number, &format!("public:{number}"), START, "");
        (mention.text, mention.links) = (Some(format!("{text} {}", marker(number)).into()), Vec::new());
        mention
    };
    let mut ours = said(4, "public:4", START, "we say");
    ours.author.as_mut().expect("it has one").handle = Some("ours".into());
    run.hear(vec![
        plain(1, "I love it"),
        plain(2, "a SCAM"),
        said(3, "public:3", START, "look"),
        ours,
        plain(5, "mail me at jo@mail.example"),
        plain(6, "what a sh1t"),
    ]);
    let early = run.drawn(Duration::from_secs(29));
    assert!(early.iter().all(|text| markers(text).is_empty()), "all of it is held back: {early:?}");
    let of = |run: &Run, n: u32| {
        let gate = run.snapshot.gate.clone().expect("there is a gate");
        let one =
            gate.queued.iter().find(|one| *one.mention.uid == format!("public:{n}")).expect("it is known");
        (one.passage, one.why.to_string())
    };
    assert_eq!(of(&run, 1).0, Passage::Approved);
    assert_eq!(of(&run, 2), (Passage::Hidden, "blocked by the rule `block`".into()));
    assert_eq!(of(&run, 3), (Passage::Waiting, "held back by the rule `wait`".into()));
    assert_eq!(of(&run, 4), (Passage::Approved, "let through by the rule `pass`".into()));
    assert_eq!(of(&run, 5), (Passage::Hidden, "an e-mail address".into()));
    assert_eq!(of(&run, 6), (Passage::Waiting, "may be profanity".into()));
    // A hide still comes in time.
    run.decide("public:4", GateAct::Hide);
    let mut marks: Vec<String> = Vec::new();
    for _ in 0..40 {
        marks.extend(run.marks(Duration::from_millis(250)));
    }
    marks.sort();
    marks.dedup();
    assert_eq!(marks, [marker(1)]);
}
