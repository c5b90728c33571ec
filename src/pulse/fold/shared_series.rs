//! The series of streams: those in which nothing is counted share theirs, so that a thousand quiet
//! topics cost as little as one.

use std::sync::Arc;

use crate::pulse::fold::counts::Spans;
use crate::pulse::fold::series::Series;
use crate::pulse::fold::windows::Windows;
use crate::pulse::fold::windows::days::Marks;
use crate::pulse::fold::windows::spans::spans;
use crate::pulse::hearing::gaps::{Gap, Gaps};
use crate::pulse::snapshot::Stream;

/// What was drawn last of a stream that is still: what it did not hear, and its series.
type Slot<T> = Option<(Gaps, Arc<T>)>;

/// See the module; made anew for each drawing.
#[derive(Debug, Default)]
pub struct SharedSeries {
    marks: Marks,
    /// What it cannot tell any more.
    unread: Arc<[Gap]>,
    second: Slot<Series>,
    minute: Slot<Series>,
    quarter: Slot<Series>,
    spans: Option<((Gaps, i64), Arc<Spans>)>,
}

impl SharedSeries {
    pub fn new(marks: Marks, unread: Arc<[Gap]>) -> Self {
        Self { marks, unread, ..Self::default() }
    }

    /// What changes with every second.
    pub fn draw(&mut self, now: i64, gaps: &Gaps, event: i64, windows: &Windows, new: &mut Stream) {
        let [second, _, _] = windows.is_still();
        new.by_second = share(&mut self.second, second, gaps, || windows.by_second(gaps));
        let spans = match &self.spans {
            Some(((held, begun), spans)) if held.is_same(gaps) && *begun == event => spans.clone(),
            _ => Arc::new(spans(now, self.marks, gaps, event, &self.unread)),
        };
        self.spans = Some(((gaps.clone(), event), spans.clone()));
        new.spans = spans;
    }

    /// What changes with every minute, or with the past; quarters where they are wanted.
    pub fn draw_minutes(
        &mut self,
        now: i64,
        gaps: &Gaps,
        quarters: bool,
        windows: &Windows,
        new: &mut Stream,
    ) {
        let [_, minute, quarter] = windows.is_still();
        keep(&mut new.by_minute, share(&mut self.minute, minute, gaps, || windows.by_minute(gaps)));
        if quarters {
            keep(&mut new.by_quarter, share(&mut self.quarter, quarter, gaps, || windows.by_quarter(gaps)));
        }
        keep(&mut new.before, Arc::new(windows.before(now, gaps)));
    }
}

fn share(slot: &mut Slot<Series>, still: bool, gaps: &Gaps, make: impl FnOnce() -> Series) -> Arc<Series> {
    match slot {
        Some((held, series)) if still && held.is_same(gaps) => series.clone(),
        _ => {
            let series = Arc::new(make());
            if still {
                *slot = Some((gaps.clone(), series.clone()));
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
