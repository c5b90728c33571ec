//! Fishbowl draws the video wall of a command room: it turns *feeds* of mentions (what people are saying
//! about a brand) and a *layout file* (a description of the wall) into one picture across many displays,
//! drawn on the GPU.
//!
//! ```text
//!  feed ──► journal ──► pulse ──► Snapshot ──► scene ──► paint ──► gpu ──► displays
//!  tokio    SQLite      fold      ArcSwap      pure      pure      wgpu    winit (kiosk)
//!                         ▲                      ▲ │
//!  layout file ──► layout ┴──────────────────────┘ └────► remote: mirror, health, metrics
//! ```
//!
//! Most people want the command, `fishbowl`. The crate is for those who add their own kinds of tiles or
//! feeds: `examples/own_widget.rs` is a complete one, and `docs/extending.md` explains it. The command
//! line itself is [`cli::main`]; it takes the [`Registry`] of kinds that layouts can use.
//!
//! | room | does |
//! | --- | --- |
//! | [`layout`] | reads, checks and solves the layout file into a wall in millimetres |
//! | [`mention`] | what a feed brings: a mention, and how the feed is doing |
//! | [`server`] | decides who can hold an HTTP connection, and for how long |
//! | [`feed`] | speaks each service's protocol, under supervision |
//! | [`journal`] | records each mention once, in SQLite |
//! | [`query`] | parses and evaluates the language of topics |
//! | [`place`] | the gazetteer and the borders of countries |
//! | [`pulse`] | folds mentions into an immutable [`Snapshot`](pulse::snapshot::Snapshot) |
//! | [`text`] | fonts, shaping and line breaking |
//! | [`scene`] | turns snapshot, wall and time into one display list per tile; contains the widgets |
//! | [`paint`] | turns display lists into triangles and glyphs in the pixels of one display |
//! | [`gpu`] | keeps one picture per display and repaints it where it changed |
//! | [`kiosk`] | manages windows, monitors, the frame clock and recovery |
//! | [`control`] | what people ask of a running wall, and what holds for how long |
//! | [`power`] | switches the displays' panels off and on, by plan and on demand |
//! | [`remote`] | serves the mirror, health and metrics, and accepts acknowledgements of alerts |
//! | [`cli`] | the commands; the only place that ties the rooms together |
//!
//! [`bitmap`], [`clock`], [`codec`], [`color`], [`disk`], [`geometry`], [`metric`] and [`typeface`] are
//! below all of them. A table in `tests/house.rs`, explained in `docs/architecture.md`, says which room can
//! use which.

pub mod bitmap;
pub mod cli;
pub mod clock;
pub mod codec;
pub mod color;
pub mod control;
pub mod disk;
pub mod feed;
pub mod geometry;
pub mod gpu;
pub mod journal;
pub mod kiosk;
pub mod layout;
pub mod mention;
pub mod metric;
pub mod paint;
pub mod place;
pub mod power;
pub mod pulse;
pub mod query;
pub mod remote;
pub mod scene;
pub mod segment;
pub mod server;
pub mod text;
pub mod typeface;

use layout::kind::Registry;

/// The kinds of tiles and of feeds that Fishbowl ships. Add your own with [`Registry::with_tile`] and
/// [`Registry::with_feed`].
pub fn registry() -> Registry {
    Registry::new(scene::widgets::KINDS, feed::kinds::KINDS)
}
