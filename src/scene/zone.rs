//! Time zones by name.

use jiff::tz::TimeZone;

pub use crate::layout::event::zone as find;

/// The city of a zone's name as people say it (`America/New_York` → `New York`); `UTC` for a name
/// that this machine does not know.
pub fn label(name: &str) -> String {
    if TimeZone::get(name).is_err() {
        return "UTC".into();
    }
    name.rsplit('/').next().unwrap_or(name).replace('_', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_zone_is_utc_and_says_so() {
        assert_eq!(find(Some("Middle/Earth")), TimeZone::UTC);
        assert_eq!(label("Middle/Earth"), "UTC");
        assert_eq!(label("UTC"), "UTC");
    }
}
