//! Feeds that hand over by themselves, and plain numbers: webhooks over real sockets, a real NATS
//! server, a Prometheus server that answers as its documentation says.

#[path = "pushed/bus.rs"]
mod bus;
#[path = "pushed/caller.rs"]
mod caller;
#[path = "pushed/doors.rs"]
mod doors;
#[path = "pushed/hub.rs"]
mod hub;
#[path = "pushed/nats.rs"]
mod nats;
#[path = "pushed/prometheus.rs"]
mod prometheus;
#[allow(dead_code, reason = "other tests need the rest")]
#[path = "feeds/server.rs"]
mod server;
#[path = "pushed/wall.rs"]
mod wall;
#[path = "pushed/webhook.rs"]
mod webhook;
