//! Feeds against real servers on the loopback that keep to a script of faults.

#[path = "feeds/client.rs"]
mod client;
#[path = "rig/nginx.rs"]
mod nginx;
#[allow(dead_code, reason = "other binaries use the rest")]
#[path = "feeds/server.rs"]
mod server;
#[path = "feeds/socket.rs"]
mod socket;

#[path = "feeds/documents.rs"]
mod documents;
#[path = "feeds/events.rs"]
mod events;
#[path = "feeds/faults.rs"]
mod faults;
#[path = "feeds/lenient.rs"]
mod lenient;
#[path = "feeds/nchan.rs"]
mod nchan;
#[path = "feeds/played.rs"]
mod played;
#[path = "feeds/sockets.rs"]
mod sockets;
#[path = "feeds/streams.rs"]
mod streams;

#[path = "feeds/bluesky.rs"]
mod bluesky;
#[path = "feeds/fake_jetstream.rs"]
mod fake_jetstream;
#[path = "feeds/wikimedia.rs"]
mod wikimedia;
