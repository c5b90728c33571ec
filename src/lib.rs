//! Fishbowl: a kiosk video-wall renderer for the physical command room.
//!
//! `feed → pulse → scene → paint → gpu → displays`; who may know whom is in the README's picture
//! of the house and kept by `tests/house.rs`.

pub mod clock;
pub mod codec;
pub mod color;
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
pub mod server;
pub mod text;
