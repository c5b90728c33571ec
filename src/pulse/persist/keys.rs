//! The keys of the fields that lie in journals. They are for ever: a new field takes a number that was never used.

/// Counts of a quarter of an hour or of an event.
pub mod tally {
    pub const MENTIONS: u64 = 1;
    pub const POSITIVE: u64 = 2;
    pub const NEUTRAL: u64 = 3;
    pub const NEGATIVE: u64 = 4;
    pub const UNKNOWN: u64 = 5;
    pub const JUDGED: u64 = 6;
    pub const LOCATED: u64 = 7;
    pub const POINTS: u64 = 8;
    pub const FOLLOWERS: u64 = 9;
    /// Rows of three numbers: what kind of part, which one, and its mentions.
    pub const PARTS: u64 = 10;
    /// When the event begins, and since when it is known, seconds.
    pub const START: u64 = 11;
    pub const KNOWN: u64 = 12;
    /// Since when a stream is known, seconds.
    pub const SINCE: u64 = 13;
    /// The first quarter that is not final.
    pub const OPEN: u64 = 14;
}

/// Who spoke in an hour, or since an event began.
pub mod people {
    /// As [`Crowd::to_bytes`](crate::pulse::people::authors::crowd::Crowd::to_bytes) writes it.
    pub const CROWD: u64 = 1;
    pub const START: u64 = 2;
    pub const KNOWN: u64 = 3;
    pub const SINCE: u64 = 4;
}

/// What was heard of a feed and what was not, seconds.
pub mod heard {
    /// Until when it was heard.
    pub const UNTIL: u64 = 1;
    /// When a stretch ends in which it was not.
    pub const TO: u64 = 2;
    /// Whether the feed made up for it.
    pub const MADE_UP: u64 = 3;
}

/// Somebody who waits for an answer; times are nanoseconds.
pub mod case {
    pub const CLOSED: u64 = 1;
    pub const ROOT: u64 = 2;
    pub const ASKER: u64 = 3;
    pub const OPENED: u64 = 4;
    pub const ANSWERED: u64 = 5;
    /// Hashes of eight bytes.
    pub const QUESTIONS: u64 = 6;
}

/// What a detector of bursts knows.
pub mod detector {
    /// The last minute that it judged.
    pub const MINUTE: u64 = 1;
    pub const HEARD: u64 = 2;
    pub const LEVEL: u64 = 3;
    pub const HOUR_MENTIONS: u64 = 4;
    pub const HOUR_MINUTES: u64 = 5;
    pub const SPREAD: u64 = 6;
    pub const SPREAD_WEIGHT: u64 = 7;
    pub const SUM: u64 = 8;
    pub const IN_A_ROW: u64 = 9;
    /// Nought: usual; 1: rising; 2: a burst.
    pub const STATE: u64 = 10;
    pub const BEGIN: u64 = 11;
    pub const LAST: u64 = 12;
    pub const OBSERVED: u64 = 13;
    pub const EXPECTED: u64 = 14;
    /// 24 floats of eight bytes.
    pub const HOURS: u64 = 15;
    pub const FACTORS: u64 = 16;
}

/// A rule that begins to hold; times are nanoseconds.
pub mod rule {
    pub const SINCE: u64 = 1;
    pub const UNTIL: u64 = 2;
}

/// What a mention counted for at first.
pub mod digest {
    /// Nanoseconds.
    pub const AT: u64 = 1;
    pub const MOOD: u64 = 2;
    pub const MOOD_MODEL: u64 = 3;
    pub const AUTHOR: u64 = 4;
    pub const FOLLOWERS: u64 = 5;
    pub const LANG: u64 = 6;
    pub const LANG_MODEL: u64 = 7;
    pub const LAT: u64 = 8;
    pub const LON: u64 = 9;
    pub const COUNTRY: u64 = 10;
    /// Who says where it was, and how precisely.
    pub const PLACE_ORIGIN: u64 = 11;
    pub const PRECISION: u64 = 12;
    /// Hash of all topics that there were.
    pub const SET: u64 = 13;
    /// Those that it belonged to: two hashes of eight bytes each.
    pub const TOPICS: u64 = 14;
}
