//! Counting: what is said of everything and of each topic, over windows that end now.

pub(super) mod areas;
pub(super) mod arrivals;
pub mod breakdown;
pub(super) mod counts;
pub mod emotions;
pub(super) mod known;
pub(super) mod lands;
pub mod places;
pub(super) mod restored;
pub mod series;
pub(super) mod shared_series;
pub(super) mod stream;
pub(super) mod tally;
pub(super) mod thinning;
pub mod windows;
