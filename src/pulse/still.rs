//! The series of streams: those in which nothing is counted share theirs, so that a thousand quiet
//! topics cost as little as one.

use std::sync::Arc;

use super::snapshot::{Series, Spans, Stream};
use super::windows::Windows;
use super::windows::days::Marks;
use super::windows::spans::spans;

/// What was drawn last of a stream that is still: since when it is known, and its series.
type Slot<T> = Option<(i64, Arc<T>)>;

/// See the module; made anew for each drawing.
#[derive(Debug, Default)]
pub struct Still {
    pub marks: Marks,
    second: Slot<Series>,
    minute: Slot<Series>,
    quarter: Slot<Series>,
    spans: Option<((i64, i64), Arc<Spans>)>,
}

impl Still {
    pub fn new(marks: Marks) -> Self {
        Self { marks, ..Self::default() }
    }

    /// What changes with every second.
    pub fn draw(&mut self, now: i64, since: i64, event: i64, windows: &Windows, new: &mut Stream) {
        let [second, _, _] = windows.is_still();
        new.by_second = share(&mut self.second, second, since, || windows.by_second(since));
        let key = (since, event);
        let spans = match &self.spans {
            Some((held, spans)) if *held == key => spans.clone(),
            _ => Arc::new(spans(now, self.marks, since, event)),
        };
        self.spans = Some((key, spans.clone()));
        new.spans = spans;
    }

    /// What changes with every minute, or with the past; quarters where they are wanted.
    pub fn draw_minutes(
        &mut self,
        now: i64,
        since: i64,
        quarters: bool,
        windows: &Windows,
        new: &mut Stream,
    ) {
        let [_, minute, quarter] = windows.is_still();
        keep(&mut new.by_minute, share(&mut self.minute, minute, since, || windows.by_minute(since)));
        if quarters {
            keep(&mut new.by_quarter, share(&mut self.quarter, quarter, since, || windows.by_quarter(since)));
        }
        keep(&mut new.before, Arc::new(windows.before(now, since)));
    }
}

fn share(slot: &mut Slot<Series>, still: bool, since: i64, make: impl FnOnce() -> Series) -> Arc<Series> {
    match slot {
        Some((held, series)) if still && *held == since => series.clone(),
        _ => {
            let series = Arc::new(make());
            if still {
                *slot = Some((since, series.clone()));
            }
            series
        }
    }
}

/// Takes the new one only if it says something else.
fn keep<T: PartialEq>(old: &mut Arc<T>, new: Arc<T>) {
    if **old != *new {
        *old = new;
    }
}
