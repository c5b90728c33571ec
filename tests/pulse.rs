//! The pulse from outside: batches in, snapshots out.

#[path = "pulse/alerts.rs"]
mod alerts;
#[path = "pulse/beside.rs"]
mod beside;
#[path = "pulse/care.rs"]
mod care;
#[path = "pulse/days.rs"]
mod days;
#[path = "pulse/earlier.rs"]
mod earlier;
#[path = "pulse/exchange.rs"]
mod exchange;
#[path = "pulse/hearing.rs"]
mod hearing;
#[path = "pulse/lists.rs"]
mod lists;
#[path = "pulse/make.rs"]
mod make;
#[path = "pulse/memory.rs"]
mod memory;
#[path = "pulse/names.rs"]
mod names;
#[path = "pulse/people.rs"]
mod people;
#[path = "pulse/played.rs"]
mod played;
#[path = "pulse/promises.rs"]
mod promises;
#[path = "pulse/ranks.rs"]
mod ranks;
#[path = "pulse/recorded.rs"]
mod recorded;
#[path = "pulse/restart.rs"]
mod restart;
#[path = "pulse/running.rs"]
mod running;
#[path = "pulse/truth.rs"]
mod truth;
