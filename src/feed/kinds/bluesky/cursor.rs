//! Where the stream was left, and how to go on: by the server's own numbers where it gives them,
//! by time where it does not or where another server takes over.

use std::fmt;
use std::time::Duration;

use crate::clock::Time;

/// How far a stream of the same server goes back when only a time tells where it was left.
const OVERLAP: Duration = Duration::from_secs(5);
/// The same on another server, which sees things at other times.
const OVERLAP_ELSEWHERE: Duration = Duration::from_secs(60);
/// Servers keep at least this much; what is older may be gone.
pub(super) const LOOK_BACK: Duration = Duration::from_secs(36 * 3_600);

/// What was read last, and on which server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub host: String,
    pub at: Time,
    /// The server's own number of it.
    pub seq: Option<u64>,
}

impl fmt::Display for Position {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{} {}", self.host, self.at.as_micros())?;
        self.seq.map_or(Ok(()), |seq| write!(to, " {seq}"))
    }
}

impl Position {
    /// Reads what [`fmt::Display`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        let (host, at) = (parts.next()?.to_owned(), Time::from_micros(parts.next()?.parse().ok()?));
        let seq = parts.next().map(str::parse).transpose().ok()?;
        (!host.is_empty() && parts.next().is_none()).then_some(Self { host, at, seq })
    }
}

/// How a connection begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Start {
    /// At what happens now.
    Live,
    /// At this number, which is had again.
    Number(u64),
    /// Some time before what was read last.
    Time(Time),
}

impl Start {
    /// How to go on after `last` on the server `host`. `by_time` passes over the server's numbers,
    /// which it has dropped or given anew.
    pub fn after(last: Option<&Position>, host: &str, by_time: bool) -> Self {
        match last {
            None => Self::Live,
            Some(Position { seq: Some(seq), host: same, .. }) if same == host && !by_time => {
                Self::Number(*seq)
            }
            Some(last) => {
                let same = last.host == host && !by_time;
                Self::Time(last.at - if same { OVERLAP } else { OVERLAP_ELSEWHERE })
            }
        }
    }

    /// The value of `cursor` in the address.
    pub fn value(&self) -> Option<String> {
        match self {
            Self::Live => None,
            Self::Number(seq) => Some(seq.to_string()),
            Self::Time(at) => Some(at.as_micros().to_string()),
        }
    }
}

/// What of a connection was had before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Had {
    start: Start,
    /// Up to here, by time, what people did has been counted.
    until: Option<Time>,
}

/// Whether an event is new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum News {
    New,
    /// A mention may be had again, for its uid tells; a count may not.
    Overlap,
    Old,
    /// Lower than what was asked for: the server has begun to count anew.
    Renumbered,
}

impl Had {
    pub fn new(start: &Start, last: Option<&Position>) -> Self {
        Self { start: start.clone(), until: last.map(|last| last.at) }
    }

    pub fn judge(&self, at: Option<Time>, seq: Option<u64>) -> News {
        match (&self.start, seq) {
            (Start::Number(asked), Some(seq)) if seq < *asked => News::Renumbered,
            (Start::Number(asked), Some(seq)) if seq == *asked => News::Old,
            (Start::Time(_), _) if at.is_some_and(|at| self.until.is_some_and(|until| at <= until)) => {
                News::Overlap
            }
            _ => News::New,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(seq: Option<u64>) -> Position {
        Position { host: "a.example".into(), at: Time::from_secs(1_800_000_000), seq }
    }

    #[test]
    fn a_position_survives_as_text() {
        for position in [position(None), position(Some(u64::MAX))] {
            assert_eq!(Position::parse(&position.to_string()), Some(position));
        }
        for wrong in ["", "a", "a b", "a 1 x", "a 1 2 3", " 1 2", "a 99999999999999999999"] {
            assert_eq!(Position::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_hold_on_their_server_and_times_everywhere() {
        let (numbered, timed) = (position(Some(7)), position(None));
        let go = |last, host, by_time| Start::after(last, host, by_time).value();
        assert_eq!(go(None, "a.example", false), None);
        assert_eq!(go(Some(&numbered), "a.example", false).as_deref(), Some("7"));
        assert_eq!(go(Some(&numbered), "b.example", false).as_deref(), Some("1799999940000000"));
        assert_eq!(go(Some(&numbered), "a.example", true).as_deref(), Some("1799999940000000"));
        assert_eq!(go(Some(&timed), "a.example", false).as_deref(), Some("1799999995000000"));
    }

    #[test]
    fn what_was_had_is_known() {
        let last = position(Some(7));
        let had = Had::new(&Start::Number(7), Some(&last));
        let judge = |seq| had.judge(Some(last.at), Some(seq));
        assert_eq!((judge(6), judge(7), judge(8)), (News::Renumbered, News::Old, News::New));
        let had = Had::new(&Start::Time(last.at - OVERLAP), Some(&last));
        assert_eq!(had.judge(Some(last.at), None), News::Overlap);
        assert_eq!(had.judge(Some(last.at + Duration::from_micros(1)), None), News::New);
        assert_eq!(Had::new(&Start::Live, None).judge(None, Some(1)), News::New);
    }
}
