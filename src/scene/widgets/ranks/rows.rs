//! What stands in the rows of a list: a name, words beside it, a number, the length of its bar.

use super::course::{self, Course};
use super::table::{By, RanksOf, RanksTable};
use crate::layout::ranks::Rank;
use crate::layout::window::Window;
use crate::pulse::snapshot::{Rising, Term, TermKind, Voice};
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::{Figure, THIN, age, grouped};
use crate::scene::widgets::names;
use crate::scene::widgets::phrases;
use crate::scene::widgets::privacy;
use crate::scene::widgets::span;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub name: String,
    /// Quiet words behind the name, longest first; the first that fits stands there.
    pub beside: Vec<String>,
    pub value: String,
    /// Length of the bar, half per cent of the first row's.
    pub part: u8,
    pub moved: Moved,
    /// Its last day; empty where there is no room for it, or it is not known.
    pub course: Course,
}

/// How the place in the list of the hour stands to that in the list of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moved {
    Unknown,
    /// So many places up.
    By(i32),
    /// Not in the list of the day.
    New,
}

impl Moved {
    pub fn words(self) -> String {
        match self {
            Self::By(places @ 1..) => format!("▲{THIN}{places}"),
            Self::By(places) if places < 0 => format!("▼{THIN}{}", -places),
            Self::New => "new".into(),
            _ => String::new(),
        }
    }

    /// Of what stands at `place` of the hour; `day` lists the names of the day, the first first.
    fn of<'a>(name: &str, place: usize, mut day: impl Iterator<Item = &'a str>) -> Self {
        let before = day.position(|known| known == name);
        before.map_or(Self::New, |before| Self::By(before as i32 - place as i32))
    }
}

/// The rows that a list shows, at most `most`; `roomy` ones with their last day.
pub fn of(spec: &RanksTable, cx: &Cx<'_>, most: usize, roomy: bool) -> Vec<Row> {
    let ranked = &cx.snapshot.stream(cx.topic).ranked;
    let ranks = ranked.over(spec.window.unwrap_or_default());
    match (spec.of, spec.rank) {
        (RanksOf::Authors, _) if spec.by == Some(By::Reach) => {
            let first = ranks.reach.first().map_or(0, reach);
            ranks.reach.iter().take(most).zip(1..).map(|(v, i)| by_reach(cx, v, i, first)).collect()
        }
        (RanksOf::Authors, _) => {
            let first = ranks.authors.first().map_or(0, |voice| voice.mentions);
            ranks.authors.iter().take(most).zip(1..).map(|(v, i)| by_volume(cx, v, i, first)).collect()
        }
        (_, Rank::Rising) => {
            let wanted: Vec<Rising> =
                ranked.rising.iter().filter(|r| is_wanted(spec.of, r.kind)).cloned().collect();
            let wanted = phrases::folded(wanted, &cx.snapshot.stream(cx.topic).latest);
            let first = wanted.first().map_or(1.0, |r| r.lift);
            wanted.iter().take(most).map(|r| risen(cx, r, first)).collect()
        }
        (_, Rank::Most) => {
            let wanted = |terms: &'_ [Term]| -> Vec<Term> {
                terms.iter().filter(|t| is_wanted(spec.of, t.kind)).cloned().collect()
            };
            let (terms, day) = (wanted(&ranks.terms), wanted(&ranked.day.terms));
            let compared = spec.is_moving()
                && !day.is_empty()
                && span::known(cx.snapshot.stream(cx.topic), Window::H24) > 7_200;
            let first = terms.first().map_or(0, |t| t.count);
            let moved = |(i, term): (usize, &Term)| match compared {
                true => Moved::of(&term.text, i, day.iter().map(|term| &*term.text)),
                false => Moved::Unknown,
            };
            let heard = if roomy { course::heard(cx.snapshot.stream(cx.topic)) } else { Vec::new() };
            let course = |term: &Term| {
                let of_day = day.iter().find(|one| one.text == term.text && one.kind == term.kind);
                of_day.filter(|_| roomy).map_or_else(Vec::new, |one| course::of(&one.by_hour, &heard))
            };
            let row = |(i, term): (usize, &Term)| Row {
                moved: moved((i, term)),
                course: course(term),
                ..used(cx, term, first)
            };
            terms.iter().take(most).enumerate().map(row).collect()
        }
    }
}

fn is_wanted(of: RanksOf, kind: TermKind) -> bool {
    match of {
        RanksOf::All => matches!(kind, TermKind::Word | TermKind::Hashtag),
        RanksOf::Words => kind == TermKind::Word,
        RanksOf::Hashtags => kind == TermKind::Hashtag,
        RanksOf::Emoji => kind == TermKind::Emoji,
        RanksOf::Links => kind == TermKind::Link,
        RanksOf::Authors => false,
    }
}

fn used(cx: &Cx<'_>, term: &Term, first: u32) -> Row {
    let name = privacy::term(term.kind, &term.text, cx.wall.hides_people()).to_string();
    let value = grouped(term.count.into());
    Row {
        name,
        beside: Vec::new(),
        value,
        part: part(term.count.into(), first.into()),
        moved: Moved::Unknown,
        course: Vec::new(),
    }
}

fn risen(cx: &Cx<'_>, rising: &Rising, first: f32) -> Row {
    let name = privacy::term(rising.kind, &rising.text, cx.wall.hides_people()).to_string();
    let value =
        if rising.lift < 10.0 { format!("×{:.1}", rising.lift) } else { format!("×{:.0}", rising.lift) };
    let count = rising.count;
    let usual = rising.usual.round();
    let beside = match rising.since {
        Some(since) => {
            let age = age(cx.now.since(since).as_secs());
            vec![format!("{count} uses, new, {age}"), format!("new, {age}"), "new".into()]
        }
        None => vec![format!("{count} uses, usually {usual}"), format!("usually {usual}")],
    };
    Row {
        name,
        beside,
        value,
        part: part((rising.lift * 100.0) as u64, (first * 100.0) as u64),
        moved: Moved::Unknown,
        course: Vec::new(),
    }
}

fn by_volume(cx: &Cx<'_>, voice: &Voice, place: usize, first: u32) -> Row {
    let (name, handle) = named(cx, voice, place);
    let reach = voice.followers.filter(|n| *n > 0).map(|n| format!("{} followers", Figure::compact(n)));
    let beside = beside([handle, reach]);
    Row {
        name,
        beside,
        value: grouped(voice.mentions.into()),
        part: part(voice.mentions.into(), first.into()),
        moved: Moved::Unknown,
        course: Vec::new(),
    }
}

fn by_reach(cx: &Cx<'_>, voice: &Voice, place: usize, first: u64) -> Row {
    let (name, handle) = named(cx, voice, place);
    let mentions = match voice.mentions {
        1 => "1 mention".into(),
        n => format!("{} mentions", grouped(n.into())),
    };
    let beside = beside([handle, Some(mentions)]);
    Row {
        name,
        beside,
        value: Figure::compact(reach(voice)).to_string(),
        part: part(reach(voice), first),
        moved: Moved::Unknown,
        course: Vec::new(),
    }
}

/// Who it is; where nobody is named only which of the list.
fn named(cx: &Cx<'_>, voice: &Voice, place: usize) -> (String, Option<String>) {
    if cx.wall.hides_people() {
        return (format!("Author {place}"), None);
    }
    match voice.handle.as_deref() {
        Some(handle) if *handle == *voice.name => (names::handle(handle).unwrap_or_default(), None),
        handle => (voice.name.to_string(), handle.and_then(names::handle)),
    }
}

/// All of it, then each alone, the last first.
fn beside(parts: [Option<String>; 2]) -> Vec<String> {
    let known: Vec<String> = parts.into_iter().flatten().collect();
    let mut all = vec![known.join(" · ")];
    all.extend(known.into_iter().rev());
    all.dedup();
    all.retain(|words| !words.is_empty());
    all
}

fn reach(voice: &Voice) -> u64 {
    voice.reach.map_or(0, |reach| reach.value)
}

fn part(value: u64, first: u64) -> u8 {
    (value as f64 * 200.0 / first.max(1) as f64).round().clamp(0.0, 200.0) as u8
}
