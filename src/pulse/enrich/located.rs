//! Where something was said.

use std::sync::Arc;

use crate::mention::Country;
use crate::place::Precision;

/// Where somebody spoke, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// Latitude and longitude, degrees; `None` when only the country is known, which is filled and
    /// never a dot.
    pub point: Option<(f32, f32)>,
    pub name: Option<Arc<str>>,
    pub country: Option<Country>,
    pub origin: PlaceOrigin,
    pub precision: Precision,
}

/// Who says where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlaceOrigin {
    /// The source's coordinates or country.
    Source,
    /// The place in the author's profile.
    Profile,
    /// A place that the text names.
    Text,
}

impl PlaceOrigin {
    pub const ALL: [Self; 3] = [Self::Source, Self::Profile, Self::Text];
}
