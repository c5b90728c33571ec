//! The order in which items enter a ticker's strip, and where each stands.
//!
//! An item enters at the right edge when the one before it has come in whole; from then on its
//! place is a formula of the time alone: `right edge − speed · (now − start)`. So nothing jumps
//! and nothing overlaps, whatever arrives when.

use std::collections::VecDeque;
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::clock::Time;

/// How long and how fast a strip is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track {
    /// From the right edge to the left, millimetres.
    pub length: f32,
    /// Millimetres per second, above 0.
    pub speed: f32,
    /// Between the end of one item and the start of the next, millimetres.
    pub gap: f32,
}

impl Track {
    fn time(&self, mm: f32) -> Duration {
        Duration::from_secs_f64((f64::from(mm.max(0.0)) / f64::from(self.speed.max(0.1))).min(1e6))
    }
}

/// Something that may walk; the newest has the highest serial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub serial: u64,
    /// When it came.
    pub at: Time,
}

/// An item on the strip.
#[derive(Clone, Debug, PartialEq)]
pub struct Walker<T> {
    pub serial: u64,
    /// When its left end stood at the right edge.
    pub start: Time,
    /// Millimetres, above 0.
    pub width: f32,
    pub item: T,
}

impl<T> Walker<T> {
    /// How far its left end has come from the right edge, millimetres.
    pub fn way(&self, track: &Track, now: Time) -> f32 {
        let secs = (now.0.saturating_sub(self.start.0)) as f64 / 1e9;
        (secs * f64::from(track.speed)) as f32
    }
}

/// What walks, leftmost first. Holds what is on the strip and one number for each offered entry.
#[derive(Debug)]
pub struct Strip<T> {
    walkers: VecDeque<Walker<T>>,
    /// The highest serial that has entered.
    newest: Option<u64>,
    /// When (in entries) each of the entries on offer last entered.
    turns: FxHashMap<u64, u64>,
    turn: u64,
    /// The time of the last advance.
    seen: Time,
}

impl<T> Default for Strip<T> {
    fn default() -> Self {
        Self { walkers: VecDeque::new(), newest: None, turns: FxHashMap::default(), turn: 0, seen: Time(0) }
    }
}

impl<T> Strip<T> {
    /// What is on the strip, leftmost first.
    pub fn walkers(&self) -> impl Iterator<Item = &Walker<T>> {
        self.walkers.iter()
    }

    /// Takes off at once what `keeps` does not keep; its place stays empty.
    pub fn release(&mut self, keeps: impl Fn(&T) -> bool) {
        self.walkers.retain(|walker| keeps(&walker.item));
    }

    /// Lets in what had its turn until `now`. `offer` holds what there is, newest first; `make`
    /// gives the width and the content of an entry that enters.
    pub fn advance(
        &mut self,
        now: Time,
        track: &Track,
        offer: &[Entry],
        make: &mut dyn FnMut(&Entry) -> (f32, T),
    ) {
        self.start_over_after_a_break(now, track);
        if self.turn == 0 {
            self.fill(now, track, offer, make);
        }
        while let Some((entry, start)) = self.next(now, track, offer) {
            self.enter(entry, start, make);
        }
        self.walkers.retain(|w| w.start + track.time(track.length + w.width) > now);
        self.turns.retain(|serial, _| offer.iter().any(|e| e.serial == *serial));
        self.seen = now;
    }

    /// A strip that was not drawn for a whole passage, or whose clock was set back, starts anew.
    fn start_over_after_a_break(&mut self, now: Time, track: &Track) {
        let away = now.since(self.seen) > track.time(track.length);
        let back = self.seen.since(now) > Duration::from_secs(1);
        if away || back {
            *self = Self { seen: now, ..Self::default() };
        }
    }

    /// Before anything has entered, the strip is filled at once: as many of the latest as it holds, oldest left.
    fn fill(&mut self, now: Time, track: &Track, offer: &[Entry], make: &mut dyn FnMut(&Entry) -> (f32, T)) {
        let mut length = 0.0;
        let made = offer.iter().map_while(|entry| {
            let (width, item) = (length < track.length).then(|| make(entry))?;
            let width = width.max(1.0);
            length += width + track.gap;
            Some((*entry, width, item))
        });
        let mut start = now - track.time(track.length);
        for (entry, width, item) in made.collect::<Vec<_>>().into_iter().rev() {
            // What does not fit any more is still to enter.
            if start <= now {
                self.note(entry.serial);
                self.walkers.push_back(Walker { serial: entry.serial, start, width, item });
                start = start + track.time(width + track.gap);
            }
        }
        self.seen = self.walkers.back().map_or(now, |w| w.start);
    }

    fn enter(&mut self, entry: Entry, start: Time, make: &mut dyn FnMut(&Entry) -> (f32, T)) {
        let (width, item) = make(&entry);
        self.walkers.push_back(Walker { serial: entry.serial, start, width: width.max(1.0), item });
        self.note(entry.serial);
    }

    fn note(&mut self, serial: u64) {
        self.turn += 1;
        self.turns.insert(serial, self.turn);
        self.newest = self.newest.max(Some(serial));
    }

    /// Who enters next and when, if that is not later than `now`: the newest that came since, or
    /// else the one that has been away longest.
    fn next(&self, now: Time, track: &Track, offer: &[Entry]) -> Option<(Entry, Time)> {
        let free = self.walkers.back().map_or(self.seen, |w| w.start + track.time(w.width + track.gap));
        let slot = free.max(self.seen);
        let fresh = |e: &&Entry| Some(e.serial) > self.newest;
        if let Some(entry) = offer.iter().filter(fresh).find(|e| e.at <= slot) {
            return (slot <= now).then_some((*entry, slot));
        }
        let comes = |e: &Entry| match fresh(&e) {
            true => e.at,
            false => self.leaves(e.serial, track).max(slot),
        };
        let turn = |e: &Entry| self.turns.get(&e.serial).copied().unwrap_or(0);
        let soonest = offer.iter().map(|e| (comes(e), turn(e), *e));
        let (at, _, entry) = soonest.min_by_key(|(at, turn, e)| (*at, *turn, u64::MAX - e.serial))?;
        let start = at.max(slot);
        (start <= now).then_some((entry, start))
    }

    /// When an entry has left the strip at its left end; long ago for one that is not on it.
    fn leaves(&self, serial: u64, track: &Track) -> Time {
        let on = self.walkers.iter().rev().find(|w| w.serial == serial);
        on.map_or(Time(i64::MIN), |w| w.start + track.time(track.length + w.width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TRACK: Track = Track { length: 3_000.0, speed: 200.0, gap: 60.0 };
    const START: Time = Time::from_secs(1_000_000);

    fn at_ms(ms: u64) -> Time {
        START + Duration::from_millis(ms)
    }

    /// Width of an item, by its serial.
    fn width(serial: u64) -> f32 {
        80.0 + (serial * 7_919 % 900) as f32
    }

    fn advance(strip: &mut Strip<u64>, now: Time, offer: &[Entry]) {
        strip.advance(now, &TRACK, offer, &mut |e| (width(e.serial), e.serial));
    }

    /// (serial, left end from the left edge) of everything on the strip.
    fn places(strip: &Strip<u64>, now: Time) -> Vec<(u64, Time, f32)> {
        strip.walkers().map(|w| (w.serial, w.start, TRACK.length - w.way(&TRACK, now))).collect()
    }

    fn offer(arrivals: &[u64], now: Time) -> Vec<Entry> {
        let entries = arrivals.iter().enumerate().map(|(i, &ms)| Entry { serial: i as u64, at: at_ms(ms) });
        let mut offer: Vec<Entry> = entries.filter(|e| e.at <= now).collect();
        offer.reverse();
        offer.truncate(48);
        offer
    }

    proptest! {
        #[test]
        fn nothing_jumps_and_nothing_overlaps(
            gaps in proptest::collection::vec(0u64..9_000, 0..40),
            frames in proptest::collection::vec(1u64..400, 60..160),
        ) {
            let arrivals: Vec<u64> = gaps.iter().scan(0, |t, g| { *t += g; Some(*t) }).collect();
            let (mut strip, mut ms, mut before) = (Strip::default(), 0, vec![]);
            for dt in frames {
                ms += dt;
                let now = at_ms(ms);
                advance(&mut strip, now, &offer(&arrivals, now));
                let places = places(&strip, now);
                for pair in places.windows(2) {
                    let end = pair[0].2 + width(pair[0].0) + TRACK.gap;
                    prop_assert!(end <= pair[1].2 + 0.01, "{pair:?}");
                    prop_assert!(pair[0].0 != pair[1].0);
                }
                for (serial, start, x) in &places {
                    let was = before.iter().find(|(s, t, _)| s == serial && t == start);
                    if let Some((_, _, old)) = was {
                        let moved: f32 = old - x;
                        prop_assert!((moved - dt as f32 * 0.2).abs() < 0.01, "{moved}");
                    } else if !before.is_empty() {
                        prop_assert!(*x >= TRACK.length - dt as f32 * 0.2 - 0.01, "came in at {x}");
                    }
                }
                before = places;
            }
        }
    }

    #[test]
    fn it_is_full_from_the_first_frame() {
        let mut strip = Strip::default();
        let arrivals: Vec<u64> = (0..40).map(|i| i * 1_500).collect();
        let now = at_ms(60_000);
        advance(&mut strip, now, &offer(&arrivals, now));
        let places = places(&strip, now);
        assert!(places[0].2.abs() < 0.01);
        let (last, _, x) = places[places.len() - 1];
        assert!(x + width(last) + TRACK.gap > TRACK.length);
        assert!(places.windows(2).all(|p| p[0].0 < p[1].0), "oldest left");
    }

    #[test]
    fn in_a_flood_in_which_nothing_on_the_strip_is_on_offer_any_more_nothing_overlaps() {
        let mut strip = Strip::default();
        for ms in (0..20_000).step_by(100) {
            let newest = 100 + ms / 10;
            let offer: Vec<Entry> = (0..8)
                .map(|i| Entry { serial: newest - i, at: at_ms(ms) - Duration::from_millis(i) })
                .collect();
            let now = at_ms(ms);
            advance(&mut strip, now, &offer);
            for pair in places(&strip, now).windows(2) {
                assert!(pair[0].2 + width(pair[0].0) + TRACK.gap <= pair[1].2 + 0.01, "{ms}: {pair:?}");
            }
        }
    }

    #[test]
    fn a_single_mention_comes_round_again_when_it_has_left() {
        let mut strip = Strip::default();
        let mut seen = vec![];
        for ms in (0..60_000).step_by(50) {
            let now = at_ms(ms);
            advance(&mut strip, now, &offer(&[0], now));
            let places = places(&strip, now);
            assert!(places.len() <= 1);
            seen.extend(places.first().map(|p| p.1));
        }
        seen.dedup();
        assert!((3..=5).contains(&seen.len()), "{} passages", seen.len());
    }

    #[test]
    fn what_is_new_goes_before_what_comes_round() {
        let mut strip = Strip::default();
        for ms in (0..30_000).step_by(20) {
            let now = at_ms(ms);
            advance(&mut strip, now, &offer(&[0, 0, 0, 20_000], now));
        }
        let newest = strip.walkers().find(|w| w.serial == 3).map(|w| w.start);
        let waited = newest.map(|t| t.since(at_ms(20_000)));
        assert!(waited.is_some_and(|w| w < Duration::from_secs(6)), "{waited:?}");
    }

    #[test]
    fn a_clock_set_back_and_a_long_break_start_anew() {
        let mut strip = Strip::default();
        let arrivals: Vec<u64> = (0..40).map(|i| i * 100).collect();
        for ms in [50_000, 10_000, 900_000] {
            advance(&mut strip, at_ms(ms), &offer(&arrivals, at_ms(ms)));
            let places = places(&strip, at_ms(ms));
            assert!(places.first().is_some_and(|p| p.2.abs() < 0.01), "full at {ms}");
        }
    }

    #[test]
    fn what_it_remembers_is_bounded() {
        let mut strip = Strip::default();
        let arrivals: Vec<u64> = (0..2_000).map(|i| i * 1_500).collect();
        for ms in (0..3_000_000).step_by(1_000) {
            advance(&mut strip, at_ms(ms), &offer(&arrivals, at_ms(ms)));
            assert!(strip.walkers.len() < 40 && strip.turns.len() <= 48);
        }
    }
}
