//! What is more than usual and no alert yet: between quiet and alarm the wall says that it looks.

use jiff::tz::TimeZone;

use super::row::clock;
use crate::clock::Time;
use crate::pulse::snapshot::Stream;
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::THIN;

/// From so many times as many as usual on it is said …
const FROM: f64 = 3.0;
/// … if they are this many more in a minute at least.
const MORE: f64 = 10.0;

/// Something that rises.
#[derive(Clone, Debug, PartialEq)]
pub struct Rising {
    /// The topic's label; empty for everything.
    label: String,
    times: f64,
    since: Time,
}

/// The most that rises of what the tile is about; only of streams whose usual is known.
pub fn of(cx: &Cx<'_>) -> Option<Rising> {
    let streams = std::iter::once(&cx.snapshot.all).chain(&cx.snapshot.topics);
    let all = streams.zip(cx.snapshot.watches.iter()).enumerate();
    let ours = all.filter(|(i, _)| cx.topic.is_none_or(|topic| topic + 1 == *i));
    let risen =
        ours.filter(|(_, (_, watch))| watch.learning == Some(0)).filter_map(|(i, (stream, watch))| {
            let (times, since) = minutes(stream, f64::from(watch.usual).max(0.1))?;
            let label = i.checked_sub(1).and_then(|topic| cx.wall.topics.get(topic));
            Some(Rising { label: label.map(|topic| topic.label.clone()).unwrap_or_default(), times, since })
        });
    risen.max_by(|a, b| a.times.total_cmp(&b.times))
}

/// How many times as many as usual in the last whole minute, and since which minute.
fn minutes(stream: &Stream, usual: f64) -> Option<(f64, Time)> {
    let series = &stream.by_minute;
    let whole = series.values.len().checked_sub(1)?;
    let risen = |i: usize| {
        let value = f64::from(series.values[i]);
        value >= usual * FROM && value >= usual + MORE
    };
    let known = series.known(whole.saturating_sub(1)..whole).next()?;
    if !risen(known.start) {
        return None;
    }
    let first = (0..whole).rev().take_while(|i| risen(*i)).last()?;
    let since = series.end - series.step * (whole - first) as u32;
    Some((f64::from(series.values[known.start]) / usual, since))
}

impl Rising {
    /// Longest first.
    pub fn words(&self, zone: &TimeZone) -> Vec<String> {
        let times =
            if self.times < 9.95 { format!("{:.1}", self.times) } else { format!("{:.0}", self.times) };
        let times = format!("{times}{THIN}× usual");
        let of = if self.label.is_empty() { String::new() } else { format!("{}, ", self.label) };
        vec![
            format!("Rising: {of}{times}, watched since {}", clock(self.since, zone)),
            format!("Rising: {of}{times}"),
            format!("Rising: {times}"),
            "Rising".into(),
        ]
    }
}
