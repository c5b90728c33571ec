//! Fishbowl draws the wall of a command room: it turns a *mention feed* (what people say about a
//! brand, as they say it) and a *layout file* (a description of the wall) into a picture across many
//! displays, drawn on the GPU.
//!
//! ```text
//!  feed ──► journal ──► pulse ──► Snapshot ──► scene ──► paint ──► gpu ──► displays
//!  tokio    SQLite      fold      ArcSwap      pure      pure      wgpu    winit (kiosk)
//!                         ▲                      ▲ │
//!  layout file ──► layout ┴──────────────────────┘ └────► remote: mirror, health, metrics
//! ```
//!
//! Most people want the command, `fishbowl`. The crate is for those who add kinds of tiles of their
//! own: `examples/own_widget.rs` is a whole one, and `docs/extending.md` explains it. The command
//! line itself is [`cli::main`]; it takes the [`Registry`] of kinds that layouts may name.
//!
//! | room | does |
//! | --- | --- |
//! | [`layout`] | reads, checks and solves the layout file into a wall in millimetres |
//! | [`mention`] | what a feed brings: a mention, and how the feed is doing |
//! | [`server`] | connections over HTTP: who may hold one, and for how long |
//! | [`feed`] | speaks each service's protocol, supervised |
//! | [`journal`] | keeps what was heard in SQLite, each mention once |
//! | [`query`] | the language of topics |
//! | [`place`] | the gazetteer and the borders of countries |
//! | [`pulse`] | folds mentions into an immutable [`Snapshot`](pulse::snapshot::Snapshot) |
//! | [`text`] | fonts, shaping and line breaking |
//! | [`scene`] | snapshot, wall and time become a display list for each tile; widgets live here |
//! | [`paint`] | display lists become triangles and glyphs in the pixels of one display |
//! | [`gpu`] | a kept picture for each display, repainted where it changed |
//! | [`kiosk`] | windows, monitors, the frame clock, recovery |
//! | [`remote`] | the mirror in a browser, health, metrics, acknowledged alerts |
//! | [`cli`] | the commands; the one place that ties the rooms together |
//!
//! [`bitmap`], [`clock`], [`codec`], [`color`], [`disk`], [`geometry`], [`metric`] and [`typeface`] are below all of them. Which room may use which is a table in
//! `tests/house.rs`, explained in `docs/architecture.md`.

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
