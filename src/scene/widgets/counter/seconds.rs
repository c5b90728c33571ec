//! The counts of a window as they stood at the begin of each second. What leaves a window leaves it
//! once a second and what comes in comes at any time: between two seconds a number would climb and
//! fall back without news.

use std::time::Duration;

use crate::clock::Time;
use crate::pulse::snapshot::{Counts, StreamCounts};
use crate::scene::widget::Cx;

/// The counts since when they stand, oldest first; of everything that is remembered.
pub fn of<'a>(cx: &Cx<'a>) -> Vec<(Time, &'a StreamCounts)> {
    let recent = &cx.snapshot.recent;
    let second = |counts: &Counts| counts.at.as_secs();
    let begins = |i: usize| i == 0 || second(&recent[i]) != second(&recent[i - 1]);
    let mut all: Vec<_> = (0..recent.len())
        .filter(|i| begins(*i))
        .map(|i| (recent[i].at, recent[i].stream(cx.topic)))
        .collect();
    // On a quiet wall no later counts come: the last ones stand from a second later on.
    let next = recent.last().map(|last| (last.at + Duration::from_secs(1), last.stream(cx.topic)));
    all.extend(next.filter(|(at, _)| cx.now >= *at));
    all
}

/// The counts of the last whole second; those of the snapshot where nothing is remembered of it.
pub fn last<'a>(cx: &Cx<'a>) -> &'a StreamCounts {
    let now = &*cx.snapshot.stream(cx.topic).counts;
    let remembered = cx.snapshot.recent.last().map(|counts| counts.stream(cx.topic));
    match remembered.is_some_and(|last| std::ptr::eq(last, now) || last == now) {
        true => of(cx).last().map_or(now, |(_, counts)| counts),
        false => now,
    }
}
