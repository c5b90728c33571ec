//! The remote: the mirror of the wall in a browser.
//!
//! The frame's side touches a [`Mirror`] only: it asks whether anybody looks, hands over pictures
//! when somebody does, and goes on. A worker makes them small and encodes them; [`serve`] hands
//! them to browsers on the tokio runtime.
//!
//! Limits: connections as [`LIMITS`] says; per display one raw picture in waiting and one
//! encoded; at most [`FPS`] pictures a second and display, none when nobody looks.

mod alerts;
mod duty;
mod exposition;
mod hosts;
mod metrics;
mod mirror;
mod page;
mod picture;
mod report;
mod server;
mod serving;
mod vitals;

use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4};

pub use alerts::Desk;
pub use duty::Duty;
pub use hosts::Hosts;
pub use mirror::{FPS, Mirror};
pub use picture::{MAX_EDGE, Order, Picture};
pub use report::State;
pub use server::POLL;
pub use serving::{LIMITS, Serving, openable, serve};
pub use vitals::{Journal, Vitals};

/// Where the mirror stands unless told otherwise: reachable from this machine only.
pub const DEFAULT_ADDR: SocketAddr = SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, 8460));
