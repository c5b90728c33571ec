//! The pulse: mentions folded into an immutable snapshot of numbers.
//!
//! One owner folds batches as feeds hand them over and publishes a [`Snapshot`](snapshot::Snapshot).
//! What comes out does not depend on how mentions were cut into batches. Windows end at the latest
//! moment that the pulse was told of.
//!
//! What it holds to:
//! - A mention counts once: a repeat among the last [`UIDS`] uids replaces the text that is shown
//!   and changes no number. A deletion takes the text off the wall at once; it stays counted,
//!   because it was said.
//! - A mention counts at its own time or, if that lies a little after its arrival, at its arrival.
//!   Those that came a day late or later, and those whose time is not known, stand in no window.
//! - Windows of up to an hour move by the second, 24 hours and today by the minute, seven days by the
//!   quarter of an hour; each includes the running step. `docs/windows.md` says the rest.
//! - Different authors, in windows of up to a day, are exact up to [`AUTHORS`] among all mentions and [`TOPIC_AUTHORS`] shared
//!   evenly by the topics; above, and over longer windows, an estimate where it is asked for: see
//!   `authors`. Every count of them says what it is ([`snapshot::Exactness`]).
//! - Terms and authors in lists are exact up to [`lists::ranking::LIMIT`] names in five minutes, and for
//!   lists of a day up to 1,792 in fifteen (3,584 of everything where at most three topics have such
//!   lists; 7,168 shared by the topics, at least 112 each); above, floors, and the list says how much
//!   may be missing. A list holds at most 80 terms of a kind, 40 authors, 40 that rise.
//! - Lists cover the last 55 to 60 minutes or 23 h 45 min to 24 h, what rises the last 10 to 15
//!   minutes, places 59 to 60 sixtieths of their window.
//! - What is taken back leaves the lists, if it is among the latest [`UIDS`] mentions that gave
//!   names to them; older words stay until their hour or day has passed.
//! - Copies fold into the first text while it is among the latest `lists::similar::TEXTS` and its last
//!   copy came within ten minutes; they stay counted, are not shown, and make nothing rise.
//! - In a burst that is more than the machine can fold, every count stays exact and only one in
//!   sixteen mentions gives its words to samples and terms; the snapshot says how many did not.
//! - After a restart the journal tells the last day again ([`Pulse::recall`]), and in notes what was
//!   before: counts, series, authors and places are then what they were. Which of two spellings leads
//!   may differ, and the sample is chosen anew.
//! - Who waits: see [`care`]; alerts: see [`alerts`]. Emotions: at most 16 names a stream (`fold::emotions`).
//! - Places: at most `fold::places::MAX_PLACES` a stream, told apart by a quarter of a degree, over the
//!   longest window of the stream's heat maps (at most an hour); countries over the same. What
//!   profiles say is looked up once for each of the latest `enrich::geolocate::SLOTS` different lines. Series and tallies are always
//!   there; places, terms, voices and samples only for streams that have a tile for them.

pub mod alerts;
mod attributes;
pub mod care;
pub mod enrich;
mod exchange;
mod facts;
pub mod fold;
pub mod gate;
pub mod gauges;
mod hearing;
pub mod highlights;
mod intake;
pub mod lists;
mod needs;
mod people;
mod persist;
mod publish;
mod recent;
mod retract;
mod run;
mod show;
pub mod snapshot;
mod state;
mod time;
mod topics;
mod turn;
mod uids;

pub use enrich::mood::THRESHOLD as MOOD_THRESHOLD;
pub use exchange::ExchangeError;
pub use hearing::unread as unread_note;
pub use persist::digest::Digester;
pub use persist::notes::QUEUE as NOTES_QUEUE;
pub use persist::recall::{Kept, Piece, Unread};
pub use run::{Inputs, PUBLISH_EVERY, PulseCommand, run};
pub use state::{AUTHORS, Pulse, TOPIC_AUTHORS};
pub use topics::{MAX_TOPICS, PulseError, subject};
pub use uids::UIDS;
