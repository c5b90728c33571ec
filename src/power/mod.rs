//! The displays' power: panels that are switched off and on by a plan, by people, and by nothing else.
//!
//! A [`Keeper`] decides, from what a panel should do and what it says, when it is asked and switched. It does no
//! input and output, so that a year of plans can be tried in a moment. [`keep`] runs one for each panel, and notes
//! what it finds on the [`Desk`](crate::control::Desk).
//!
//! [`Dimming`] does the same for backlights, through [`Buses`]: a monitor is dimmed by its mode, and set back afterwards.
//!
//! Limits: one exchange with a panel at a time, each over a connection of its own, which others can use in between;
//! an exchange takes at most [`PATIENCE`].

mod backlights;
mod ddc;
mod dimmer;
mod holds;
mod i2c;
mod keep;
mod keeper;
mod link;
mod mdc;
mod output;
mod panel;
mod pjlink;
mod said;
mod secured;
mod wol;

pub use backlights::{Dimming, Opener, level};
pub use ddc::{Bus, Level};
pub use dimmer::Held;
pub use holds::{AllHeld, Holds};
pub use i2c::{Buses, Reached};
pub use keep::keep;
pub use keeper::Keeper;
pub use link::PATIENCE;
pub use panel::{ask, look, switch};
pub use said::{Actual, Trouble};
pub use wol::call;
