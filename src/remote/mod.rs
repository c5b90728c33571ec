//! The remote: the mirror of the wall in a browser, and the control of it.
//!
//! The frame's side touches a [`Mirror`] only: it asks whether anybody looks, hands over pictures
//! when somebody does, and goes on. A worker encodes them; what is counted is read from the newest
//! snapshot. [`serve`] hands
//! them to browsers on the tokio runtime.
//!
//! Limits: connections as [`LIMITS`] says; per display one raw picture in waiting and one
//! encoded; at most [`FPS`] pictures a second and display, none when nobody looks.

mod access;
mod alerts;
mod attempts;
mod control;
mod control_report;
mod duration;
mod exposition;
mod feed_report;
mod gate;
mod guard;
mod hosts;
mod jpeg;
mod metrics;
mod mirror;
mod on_call;
mod openapi;
mod page;
mod people;
mod pinned;
mod report;
mod server;
mod serving;
mod sessions;
mod sign_in;
mod stats;
mod status;
mod still;
mod tls;
mod validity;

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

pub use hosts::Hosts;
pub use mirror::{FPS, Mirror};
pub use pinned::Pinned;
pub use server::POLL;
pub use serving::{LIMITS, Serving, openable, serve};
pub use status::{FrameStatus, JournalStats};
pub use tls::{Sealed, seal, validity};
pub use validity::Validity;

/// Where the mirror stands unless told otherwise: reachable from this machine only.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8460));
