//! What a wall remembers over a restart: where its journal lies, and the way of the past from
//! there to the pulse.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::{Clock, Time};
use crate::control::Desk;
use crate::feed::kinds::ReplayTable;
use crate::journal::{self, Back, History, Journal, JournalError, Keeping, Lost, Plan, Seq, Settings};
use crate::layout::wall::Wall;
use crate::mention::source::{Nature, NoteKind};
use crate::pulse::{Digester, Kept, Piece, Pulse, Unread};
use tokio::sync::mpsc;

use super::failure::Failure;
use super::time::Shifts;
use super::whose;

/// What the wall's plain numbers need of the past.
const PAST: Duration = Duration::from_secs(86_400);
/// Mentions that are folded at one go, so that what is heard now never waits for long.
const PIECE: usize = 256;
/// Plain numbers that are read at one go.
const NUMBERS: usize = 10_000;
/// Where numbers cannot be read, it is gone on so much later.
const NUMBERS_STEP: Duration = Duration::from_secs(60);
/// Kinds of notes.
const NOTE_KINDS: usize = 9;
/// Notes that are read at one go, and at all.
const NOTES: usize = 10_000;
const MOST_NOTES: usize = 2_000_000;
/// What was kept later may have arrived so much earlier, because it waited in another queue.
const APART: Duration = Duration::from_secs(10);
/// Pieces that may wait.
const PIECES: usize = 4;

/// Where the journal lies, as the command line wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum JournalChoice {
    /// Nothing is recorded.
    #[default]
    Off,
    /// As the layout says; for this layout file, if it does not.
    Laid(PathBuf),
    At(PathBuf),
}

impl JournalChoice {
    /// Of `--journal` for the layout file at `path`; the layout that is built in hears nothing.
    pub fn of(journal: Option<&Path>, layout: Option<&Path>) -> Self {
        match (journal, layout) {
            (Some(path), _) if path == Path::new("off") => Self::Off,
            (Some(path), _) => Self::At(path.into()),
            (None, Some(layout)) => Self::Laid(whose::known(layout)),
            (None, None) => Self::Off,
        }
    }

    /// Notes in a journal whose it is.
    pub fn sign(&self, journal: &Journal) {
        let Self::Laid(layout) = self else { return };
        if let Err(error) = journal.belong_to(layout) {
            tracing::warn!("cannot note the layout in the journal: {error}");
        }
    }
}

/// How to keep what `wall` hears; nothing when it hears nothing that happens now, or must not.
pub fn plan(wall: &Wall, wish: &JournalChoice, clock: &Clock) -> Result<Option<Plan>, Failure> {
    let spec = &wall.journal;
    let hears = wall.feeds.iter().any(|feed| feed.spec.nature() == Nature::Live);
    let path = match wish {
        _ if !hears => return Ok(None),
        JournalChoice::Off => return Ok(None),
        JournalChoice::At(path) => path.clone(),
        JournalChoice::Laid(_) if !spec.record => return Ok(None),
        JournalChoice::Laid(layout) => match &spec.file {
            Some(file) => file.clone(),
            None => {
                // Without a folder there is no path, and opening it says so.
                let folder = state_folder().map(|folder| folder.join("fishbowl"));
                folder.iter().for_each(|folder| journal::close_folder(folder));
                folder.map(|folder| whose::journal_of(layout, &folder)).unwrap_or_default()
            }
        },
    };
    let digester = Digester::new(wall)?;
    Ok(Some(Plan {
        settings: Settings { path, keep: spec.keep, max_bytes: spec.max_bytes },
        clock: clock.clone(),
        digest: Arc::new(move |mention| digester.of(mention)),
    }))
}

/// Where programs keep their state: as the XDG Base Directory Specification says
/// (specifications.freedesktop.org), on Windows the user's local application data.
pub fn state_folder() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    let told = folder("XDG_STATE_HOME").filter(|path| path.is_absolute());
    if cfg!(windows) {
        return told.or_else(|| folder("LOCALAPPDATA"));
    }
    told.or_else(|| folder("HOME").map(|home| home.join(".local/state")))
}

/// What can be read of a journal, and up to which mention: also of one that cannot be written, but not
/// while another Fishbowl writes it.
fn readable(keeping: &Keeping) -> Option<(&Path, Seq)> {
    match keeping {
        Keeping::Off => None,
        Keeping::On(journal) => Some((&journal.plan().settings.path, journal.head())),
        Keeping::Failed(_, why, None) if !why.leaves_something() => None,
        Keeping::Failed(plan, _, None) => Some((&plan.settings.path, Seq(i64::MAX))),
        Keeping::Failed(_, _, Some(substitute)) => Some((substitute.path(), Seq(i64::MAX))),
    }
}

/// Reads a journal that was just opened back to `since`, in a thread of its own: what people look at
/// comes first. Nothing when there is none.
pub fn past(keeping: &Keeping, shifts: Shifts, since: Time, now: Time) -> Option<mpsc::Receiver<Piece>> {
    let (path, head) = readable(keeping)?;
    let (sender, receiver) = mpsc::channel(PIECES);
    let unread = Unread { mentions: 0, from: since, to: now };
    let reaches = since - Duration::from_nanos(shifts.most());
    let history = match History::open(path, reaches, head) {
        // There is nothing, or nothing of ours.
        Err(error) if !error.leaves_something() => return None,
        history => history,
    };
    let named = path.display().to_string();
    let work = move || match history {
        Ok(history) => tell(history.back(), &shifts, unread, &named, &sender),
        Err(error) => give_up(&error, unread, &sender),
    };
    let begun = std::thread::Builder::new().name("fishbowl-past".into()).spawn(work);
    begun.inspect_err(|error| tracing::error!("the past cannot be read: {error}")).ok().map(|_| receiver)
}

/// Hands pulse and desk what they had noted; to be done before the past is told. What cannot be read is
/// passed over, and said.
pub fn notes(keeping: &Keeping, pulse: &mut Pulse, desk: &Desk) {
    let Some((path, _)) = readable(keeping) else { return };
    let read = |after| match keeping {
        Keeping::On(journal) => journal.notes(after, NOTES),
        _ => journal::notes(path, after, NOTES),
    };
    let (mut after, mut failed) = (None, 0);
    for _ in 0..MOST_NOTES / NOTES {
        match read(after) {
            Ok((notes, next)) => {
                desk.recall(&notes);
                pulse.recall_notes(notes);
                after = next;
            }
            Err(error) if !error.leaves_something() => return,
            Err(error) if failed >= NOTE_KINDS => return tracing::error!("{error}"),
            Err(error) => {
                failed += 1;
                tracing::error!("some notes in the journal cannot be read: {error}");
                pulse.cannot_read_notes();
                after = Some(journal::next_kind(after));
            }
        }
        if after.is_none() {
            return;
        }
    }
}

/// Hands a pulse the decisions of moderators about what a recording will tell: what they hid stays hidden.
pub fn decisions(wall: &Wall, pulse: &mut Pulse) {
    let tables = wall.feeds.iter().filter_map(|feed| feed.spec.table::<ReplayTable>());
    for table in tables.filter(|_| wall.gate.is_some()) {
        // The key before all notes of the gate.
        let mut after = Some(journal::next_kind(Some((NoteKind::Gate as i64 - 1, 0, 0))));
        for _ in 0..MOST_NOTES / NOTES {
            match journal::notes(&table.file, after, NOTES) {
                Ok((notes, next)) => {
                    pulse
                        .recall_notes(notes.into_iter().filter(|note| note.kind == NoteKind::Gate).collect());
                    after = next;
                }
                // A recording that is no journal has none.
                Err(error) if !error.leaves_something() => break,
                Err(error) => {
                    let file = table.file.display();
                    tracing::error!("what moderators decided about {file} cannot be read: {error}");
                    break;
                }
            }
            if after.is_none() {
                break;
            }
        }
    }
}

/// Hands the plain numbers of the last day to a pulse that has heard nothing yet: those that a feed
/// tells again the journal keeps to itself.
pub fn numbers(keeping: &Keeping, now: Time, pulse: &mut Pulse) {
    let Some((path, _)) = readable(keeping) else { return };
    let Ok(mut history) = History::open(path, now - PAST, Seq(0)) else { return };
    let (mut since, mut said) = (now - PAST, false);
    while since < now {
        match history.samples(since, NUMBERS) {
            Ok(samples) => {
                let Some(last) = samples.last() else { return };
                since = last.ts;
                pulse.recall_numbers(&samples);
            }
            Err(error) => {
                if !std::mem::replace(&mut said, true) {
                    tracing::error!("some numbers in the journal cannot be read: {error}");
                }
                since = since + NUMBERS_STEP;
            }
        }
    }
}

/// Tells what can be read, and of the rest that it cannot.
fn tell(mut history: Back, shifts: &Shifts, all: Unread, path: &str, to: &mpsc::Sender<Piece>) {
    let (mut lost, mut told) = (0, all.to);
    loop {
        let next = history.next();
        let unread: Vec<Unread> = history.take_lost().into_iter().map(as_pulse_misses_it).collect();
        lost += unread.iter().map(|one| one.mentions).sum::<u64>();
        if !unread.is_empty() && to.blocking_send(Piece { unread, ..Piece::default() }).is_err() {
            return;
        }
        let kept = match next {
            None => break,
            Some(Ok(kept)) => kept,
            Some(Err(error)) => return give_up(&error, Unread { to: told, ..all }, to),
        };
        told = kept.first().map_or(told, |first| first.mention.received.min(told));
        if !hand_over(kept, shifts, to) {
            return;
        }
    }
    if lost > 0 {
        tracing::error!(
            "part of the past cannot be read: {path} is damaged, and at least {lost} mentions in it are \
            lost; `fishbowl journal repair {path}` saves the rest"
        );
    }
}

/// False when nobody listens any more.
fn hand_over(kept: Vec<journal::Kept>, shifts: &Shifts, to: &mpsc::Sender<Piece>) -> bool {
    let since =
        kept.first().filter(|first| shifts.of(first.seq) == 0).map(|first| first.mention.received + APART);
    let mut kept = kept.into_iter().map(|kept| as_pulse_takes_it(kept, shifts)).peekable();
    while kept.peek().is_some() {
        let piece = kept.by_ref().take(PIECE).collect();
        let since = since.filter(|_| kept.peek().is_none());
        if to.blocking_send(Piece { kept: piece, since, ..Piece::default() }).is_err() {
            return false;
        }
    }
    true
}

fn give_up(error: &JournalError, unread: Unread, to: &mpsc::Sender<Piece>) {
    tracing::error!("the past was read only in part: {error}");
    // Nobody may listen any more.
    let _ = to.blocking_send(Piece { unread: vec![unread], ..Piece::default() });
}

fn as_pulse_misses_it(lost: Lost) -> Unread {
    Unread { mentions: lost.mentions, from: lost.from, to: lost.to }
}

fn as_pulse_takes_it(kept: journal::Kept, shifts: &Shifts) -> Kept {
    let set_by = shifts.of(kept.seq);
    Kept { mention: kept.mention, digest: kept.digest, counted: kept.counted, set_by }
}
