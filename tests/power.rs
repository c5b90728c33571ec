//! Panels that are switched by plan, by people and by nothing else: over real sockets, over a simulated year, and in
//! the real binary.

#[path = "power/backlight.rs"]
mod backlight;
#[path = "power/mdc.rs"]
mod mdc;
#[path = "power/monitor.rs"]
mod monitor;
#[path = "power/pjlink.rs"]
mod pjlink;
#[path = "power/plan.rs"]
mod plan;
#[path = "power/projector.rs"]
mod projector;
mod rig;
#[path = "power/secured.rs"]
mod secured;
#[path = "power/wall.rs"]
mod wall;
#[path = "power/wol.rs"]
mod wol;
#[path = "power/year.rs"]
mod year;

use std::net::SocketAddr;

use fishbowl::layout::panel::Address;

/// Where a fake panel listens.
fn address(of: SocketAddr) -> Address {
    Address { host: of.ip().to_string(), port: of.port() }
}

/// Runs one exchange with a panel.
fn exchange<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}
