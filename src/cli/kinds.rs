//! The kinds of tiles and feeds that layouts may name.

use std::sync::OnceLock;

use crate::layout::kind::Registry;

/// Set once by the program.
static REGISTRY: OnceLock<Registry> = OnceLock::new();

/// Sets the kinds; those of the first call count.
pub fn set(registry: Registry) {
    REGISTRY.get_or_init(|| registry);
}

/// The kinds that were set, or those that Fishbowl ships.
pub fn registry() -> &'static Registry {
    REGISTRY.get_or_init(crate::registry)
}
