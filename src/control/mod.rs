//! The control of a wall: what people ask of it while it runs, and what holds for how long.
//!
//! Everything that can be asked is a [`Verb`]. HTTP, the phone page and the keys at the wall make a [`Request`]
//! of what they get and bring it to the [`Desk`], so that each way leads to the same state. Everything that is
//! asked for has an end, after which the schedule applies again; it survives a restart in the journal.

pub mod alarm;
mod desk;
pub mod stage;
mod state;
mod verb;
mod who;

pub use desk::{Act, Desk, Refused, Sources, seal_words};
pub use state::{Banner, Choice, Override, Refusal, State, standing};
pub use verb::{Clearing, LONGEST, MAX_TEXT, Request, Verb, Weight};
pub use who::{Role, Who};
