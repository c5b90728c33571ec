//! How a layout recognises a monitor: entries of `match`, as TOML.

pub use crate::layout::display::quoted;
use crate::layout::monitors::Monitor;

/// How this monitor is told from the others: by what it says of itself and by its plug.
pub fn entries(order: usize, monitor: &Monitor, all: &[Monitor]) -> Vec<String> {
    let same = |other: &&Monitor| other.name == monitor.name;
    let plug = match all.iter().filter(same).count() {
        1 => format!("connector = {}", quoted(&monitor.name)),
        _ => format!("order = {order}"),
    };
    let id = |monitor: &Monitor| monitor.edid.as_ref().map(|edid| edid.id());
    match id(monitor).map(|own| (all.iter().filter(|m| id(m).as_ref() == Some(&own)).count(), quoted(&own))) {
        None => vec![plug],
        Some((1, own)) => vec![format!("edid = {own}"), plug],
        Some((_, own)) => vec![format!("edid = {own}, {plug}")],
    }
}
