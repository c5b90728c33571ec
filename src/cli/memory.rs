//! What a wall remembers over a restart: where its journal lies, and the way of the past from
//! there to the pulse.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::{Clock, Time};
use fishbowl::journal::{self, Back, History, Journal, JournalError, Keeping, Plan, Settings};
use fishbowl::layout::wall::Wall;
use fishbowl::mention::source::Nature;
use fishbowl::pulse::{Digester, Kept, Piece, Pulse};
use tokio::sync::mpsc;

use super::{Failure, whose};

/// What the wall's plain numbers need of the past.
const PAST: Duration = Duration::from_secs(86_400);
/// Mentions that are folded at one go, so that what is heard now never waits for long.
const PIECE: usize = 256;
/// Plain numbers that are read at one go.
const NUMBERS: usize = 10_000;
/// Notes that are read at one go, and at all.
const NOTES: usize = 10_000;
const MOST_NOTES: usize = 2_000_000;
/// What was kept later may have arrived so much earlier, because it waited in another queue.
const APART: Duration = Duration::from_secs(10);
/// Pieces that may wait.
const PIECES: usize = 4;

/// Where the journal lies, as the command line wants it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// Nothing is recorded.
    #[default]
    Off,
    /// As the layout says; for this layout file, if it does not.
    Laid(PathBuf),
    At(PathBuf),
}

impl Wish {
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
            tracing::warn!("the journal does not note its layout: {error}");
        }
    }
}

/// How to keep what `wall` hears; nothing when it hears nothing that happens now, or must not.
pub fn plan(wall: &Wall, wish: &Wish, clock: &Clock) -> Result<Option<Plan>, Failure> {
    let spec = &wall.journal;
    let hears = wall.feeds.iter().any(|feed| feed.spec.nature() == Nature::Live);
    let path = match wish {
        _ if !hears => return Ok(None),
        Wish::Off => return Ok(None),
        Wish::At(path) => path.clone(),
        Wish::Laid(_) if !spec.record => return Ok(None),
        Wish::Laid(layout) => match &spec.file {
            Some(file) => file.clone(),
            None => {
                let folder = state_folder()
                    .ok_or("the user has no home folder for a journal; name a file with --journal PATH")?;
                whose::journal_of(layout, &folder.join("fishbowl"))
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

/// Reads a journal that was just opened back to `since`, in a thread of its own: what people look at
/// comes first. Nothing when nothing is kept, or it cannot be read.
pub fn past(keeping: &Keeping, since: Time) -> Option<mpsc::Receiver<Piece>> {
    let Keeping::On(journal) = keeping else { return None };
    let (sender, receiver) = mpsc::channel(PIECES);
    let begun = History::open(&journal.plan().settings.path, since, journal.head())
        .map_err(Failure::from)
        .and_then(|history| {
            let work = move || tell(history.back(), &sender);
            Ok(std::thread::Builder::new().name("fishbowl-past".into()).spawn(work)?)
        });
    begun.inspect_err(|error| tracing::error!("the past cannot be read: {error}")).ok().map(|_| receiver)
}

/// Hands the pulse what it had noted; to be done before the past is told.
pub fn notes(keeping: &Keeping, pulse: &mut Pulse) {
    let Keeping::On(journal) = keeping else { return };
    let mut after = None;
    for _ in 0..MOST_NOTES / NOTES {
        match journal.notes(after, NOTES) {
            Ok((notes, next)) => {
                pulse.recall_notes(notes);
                after = next;
            }
            Err(error) => return tracing::error!("the notes of the past cannot be read: {error}"),
        }
        if after.is_none() {
            return;
        }
    }
}

/// Hands the plain numbers of the last day to a pulse that has heard nothing yet: those that a feed
/// tells again the journal keeps to itself.
pub fn numbers(keeping: &Keeping, now: Time, pulse: &mut Pulse) {
    let Keeping::On(journal) = keeping else { return };
    if let Err(error) = recall(journal, now - PAST, pulse) {
        tracing::error!("the numbers of the past cannot be read: {error}");
    }
}

fn recall(journal: &Journal, mut since: Time, pulse: &mut Pulse) -> Result<(), JournalError> {
    let mut history = History::open(&journal.plan().settings.path, since, journal.head())?;
    loop {
        let samples = history.samples(since, NUMBERS)?;
        let Some(last) = samples.last() else { return Ok(()) };
        since = last.ts;
        pulse.recall_numbers(&samples);
    }
}

fn tell(history: Back, to: &mpsc::Sender<Piece>) {
    for chunk in history {
        let kept = match chunk {
            Ok(kept) => kept,
            Err(error) => return tracing::error!("the past cannot be read to its end: {error}"),
        };
        let since = kept.first().map(|first| first.mention.received + APART);
        let mut kept = kept.into_iter().map(as_pulse_takes_it).peekable();
        while kept.peek().is_some() {
            let piece = kept.by_ref().take(PIECE).collect();
            let since = since.filter(|_| kept.peek().is_none());
            if to.blocking_send(Piece { kept: piece, since }).is_err() {
                return;
            }
        }
    }
}

fn as_pulse_takes_it(kept: journal::Kept) -> Kept {
    Kept { mention: kept.mention, digest: kept.digest, counted: kept.counted }
}
