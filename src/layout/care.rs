//! Who answers for the brand, and by when: the table `[care]`.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::layout::value::Lasting;
use crate::mention::Network;

/// Most handles of a brand.
pub const MAX_HANDLES: usize = 64;

/// Who answers for the brand, and how quickly.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CareTable {
    /// The brand's handles, with or without `@`, or its account ids (Bluesky's `did:…`). Mentions of
    /// them wait for an answer; their replies are the answers. At most 64.
    #[schemars(length(max = 64))]
    pub handles: Vec<String>,
    /// Feeds to watch. Default: all.
    #[serde(default)]
    pub feeds: Vec<String>,
    /// Networks to watch. Default: all.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub networks: Vec<Network>,
    /// Promised time to the first answer, `1m` to `7d`. Default: `1h`.
    #[serde(default = "one_hour")]
    pub promise: Lasting,
    /// Who answers, as shown on the wall.
    #[serde(default)]
    pub owner: Option<String>,
}

/// What the wall knows of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CareSpec {
    /// Never empty.
    pub handles: Vec<String>,
    /// Names; empty is all.
    pub feeds: Vec<String>,
    /// Empty is all.
    pub networks: Vec<Network>,
    pub promise: Duration,
    pub owner: Option<String>,
}

/// What a promise may be.
pub const PROMISE: std::ops::RangeInclusive<Duration> =
    Duration::from_secs(60)..=Duration::from_secs(7 * 86_400);

impl CareTable {
    /// `None` when no handle is left.
    pub fn spec(&self) -> Option<CareSpec> {
        let handles: Vec<String> = self.handles.iter().filter_map(|handle| bare(handle)).collect();
        (!handles.is_empty()).then(|| CareSpec {
            handles,
            feeds: self.feeds.clone(),
            networks: self.networks.clone(),
            promise: self.promise.0.clamp(*PROMISE.start(), *PROMISE.end()),
            owner: self.owner.clone().filter(|owner| !owner.trim().is_empty()),
        })
    }
}

/// A handle without its `@`; `None` when it cannot be one.
pub fn bare(handle: &str) -> Option<String> {
    let name = handle.trim().trim_start_matches(['@', '＠']);
    (!name.is_empty() && !name.contains(char::is_whitespace)).then(|| name.to_owned())
}

fn one_hour() -> Lasting {
    Lasting::from_secs(3_600)
}
