//! What was usual in each minute of the last day, as the detector of a stream knew it then. Kept for
//! those streams alone of which a tile shows it; 12 kilobytes each.

use std::sync::Arc;

use super::Alerts;
use super::bins::Bins;
use super::detector::Detector;
use super::report::Usual;

/// Minutes kept.
const LENGTH: usize = 1_440;

impl Usual {
    /// Takes what was usual in a minute; `None` is not known, as are minutes between it and the last.
    fn push(&mut self, minute: i64, usual: Option<f32>) {
        let kept = self.by_minute.len() as i64;
        let gap = (minute - self.last - 1).clamp(-kept, LENGTH as i64);
        if gap < 0 {
            self.by_minute.truncate((kept + gap) as usize);
        } else if kept > 0 {
            self.by_minute.extend((0..gap).map(|_| None));
        }
        self.by_minute.push(usual);
        self.by_minute.drain(..self.by_minute.len().saturating_sub(LENGTH));
        self.last = minute;
    }
}

impl Alerts {
    /// Notes what is usual in a minute that is judged next, or was before a restart; `missed` says
    /// of which streams it is unknown what was said.
    pub(super) fn note_usual(&mut self, minute: i64, missed: impl Fn(usize) -> bool) {
        if self.usual.iter().all(Option::is_none) {
            return;
        }
        // Shared with the last snapshot: a copy once a minute.
        let mut all: Vec<Option<Arc<Usual>>> = self.usual.to_vec();
        self.usual = Arc::default();
        for (i, kept) in all.iter_mut().enumerate() {
            let Some(kept) = kept else { continue };
            let detector = self.streams.get(i).and_then(|stream| stream.as_ref()).map(|s| &s.detector);
            let known = detector.filter(|detector| detector.learning() == 0 && !missed(i));
            let kept = Arc::make_mut(kept);
            kept.push(minute, known.map(|detector| detector.usual(minute) as f32));
            kept.dispersion = detector.map_or(0.0, Detector::dispersion) as f32;
        }
        self.usual = all.into();
    }

    /// The minutes of the last day that are not judged again after a restart, before `first`.
    pub(super) fn judged_before(&self, first: i64, since: i64) -> std::ops::Range<i64> {
        let known = self.streams.iter().flatten().any(|stream| stream.known.is_some());
        if known { Bins::oldest(first).max(since)..first } else { first..first }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_stand_in_their_places_and_the_oldest_go() {
        let mut usual = Usual::default();
        usual.push(100, Some(5.0));
        usual.push(103, Some(6.0));
        assert_eq!((&usual.by_minute[..], usual.last), (&[Some(5.0), None, None, Some(6.0)][..], 103));
        usual.push(102, None);
        assert_eq!((&usual.by_minute[..], usual.last), (&[Some(5.0), None, None][..], 102), "set back");
        (103..3_000).for_each(|minute| usual.push(minute, Some(1.0)));
        assert_eq!(usual.by_minute.len(), LENGTH);
        usual.push(9_000_000, Some(2.0));
        assert_eq!((usual.by_minute.len(), usual.by_minute[0], usual.last), (LENGTH, None, 9_000_000));
    }
}
