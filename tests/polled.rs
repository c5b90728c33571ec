//! Services that are asked again and again, against servers on the loopback that keep to a script.

#[allow(dead_code, reason = "shared with the tests of other feeds")]
#[path = "feeds/client.rs"]
mod client;
#[path = "rig/nginx.rs"]
mod nginx;
#[allow(dead_code, reason = "shared with the tests of other feeds")]
#[path = "feeds/server.rs"]
mod server;

#[path = "polled/gdelt.rs"]
mod gdelt;
#[path = "polled/hackernews.rs"]
mod hackernews;
#[path = "polled/publishers.rs"]
mod publishers;
#[path = "polled/reddit.rs"]
mod reddit;
#[path = "polled/rss.rs"]
mod rss;
