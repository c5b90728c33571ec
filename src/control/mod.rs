//! The control of a wall: what people ask of it while it runs, and what holds for how long.
//!
//! Everything that can be asked is a [`Verb`]. HTTP, the phone page and the keys at the wall make a [`Request`]
//! of what they get and bring it to the [`Desk`], so that each way leads to the same state. Everything that is
//! asked for has an end, after which the schedule applies again; it survives a restart in the journal. Monitors in place
//! of others ([`adoptions`]) have none, and a file of their own.

mod act;
pub mod adoptions;
pub mod alarm;
pub mod backlight;
mod desk;
pub mod power;
pub mod stage;
mod state;
mod verb;
mod who;

pub use act::Act;
pub use desk::{Desk, Past, Refused, Sources, seal_words};
pub use state::{Banner, Choice, Override, Refusal, Rewind, State, Wish, standing};
pub use verb::{Clearing, LONGEST, MAX_TEXT, Request, Verb, Weight};
pub use who::{Role, Who};
