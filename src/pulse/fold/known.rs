//! Since when a stream is known.

/// What notes told of before a restart, seconds since 1970.
#[derive(Clone, Copy, Debug)]
pub struct Known {
    /// All is known from here on; `i64::MAX` was told of nothing.
    pub since: i64,
    /// The same of what the event counts; `None`: as the rest.
    pub event: Option<i64>,
}

impl Default for Known {
    fn default() -> Self {
        Self { since: i64::MAX, event: None }
    }
}

impl Known {
    /// Since when all is known when it is heard since `heard`, and the past was told again since
    /// `told`: what notes say goes before that.
    pub fn since(&self, (heard, told): (i64, i64)) -> i64 {
        heard.min(if self.since < i64::MAX { self.since } else { told })
    }

    /// From when the event is known when the stream is from `since` on.
    pub fn event(&self, since: i64) -> i64 {
        self.event.unwrap_or(since)
    }
}
