//! What was not heard as notes of the journal, and back: each stretch of each feed, and every ten
//! seconds that a feed is heard, so that the time in which the wall was off is known as such.

use super::notes::{self, Body, HEARD, UNREAD};
use super::{Ear, Hearing, Stretch};
use crate::mention::source::Note;

/// From one note that feeds are heard to the next, seconds.
const NOTED_EVERY: i64 = 10;

impl Hearing {
    /// What is to be kept since it was asked last, when it is the second `now`.
    pub fn take_notes(&mut self, now: i64) -> Vec<Note> {
        let mut notes = std::mem::take(&mut self.notes);
        if std::mem::take(&mut self.news) {
            for ear in self.ears.iter_mut().filter(|ear| ear.is_live) {
                let key = ear.key;
                let new = ear.deaf.iter_mut().filter(|stretch| !stretch.noted);
                notes.extend(new.map(|stretch| {
                    stretch.noted = true;
                    notes::stretch(key, stretch.from, stretch.to, stretch.made_up)
                }));
            }
        }
        if std::mem::take(&mut self.unread_news) {
            let unread = self.unread.iter();
            notes.extend(unread.map(|(from, to)| notes::stretch(UNREAD as u64, *from, *to, false)));
        }
        if now.saturating_sub(self.noted) >= NOTED_EVERY {
            self.noted = now;
            let heard = self.ears.iter().filter(|ear| ear.is_live && ear.is_heard());
            notes.extend(heard.map(|ear| notes::heard(ear.key, now)));
        }
        notes
    }

    /// Takes a note of before a restart.
    pub fn recall_note(&mut self, note: &Note) {
        if note.key.0 == UNREAD {
            if let Some((from, Body::Stretch(to, _))) = notes::read(note).filter(|(from, _)| *from >= 0) {
                self.lose((from, to.max(from)));
                self.unread_news = false;
            }
            return;
        }
        let key = note.key.0 as u64;
        let at = self.ears.iter().position(|ear| ear.key == key).unwrap_or_else(|| {
            self.ears.push(Ear::new(key, true, true, Vec::new()));
            self.ears.len() - 1
        });
        let ear = &mut self.ears[at];
        if let Some((from, body)) = notes::read(note).filter(|_| ear.is_live) {
            if !std::mem::replace(&mut ear.is_noted, true) {
                ear.deaf.clear();
            }
            match (from, body) {
                (HEARD, Body::Heard(until)) => ear.until = Some(until),
                (from, Body::Stretch(to, made_up)) => {
                    ear.deaf.push(Stretch { from, to, made_up, noted: true })
                }
                _ => {}
            }
            self.has_record = true;
        }
    }

    /// All notes are told, when it is the second `now`: the wall was off since the last of them. Of feeds
    /// that the wall no longer has nothing is told again that was said after the second `again`.
    pub fn reopen(&mut self, wall: usize, now: i64, again: i64) {
        for (i, ear) in self.ears.iter_mut().enumerate().filter(|(_, ear)| ear.is_live && self.has_record) {
            if !ear.is_noted {
                // It is new.
                ear.deaf = vec![Stretch::open(i64::MIN)];
                continue;
            }
            let ahead = ear.come_back(now);
            self.notes.extend(ahead.into_iter().map(|from| notes::forgotten(ear.key, from)));
            let last = ear.deaf.last().map_or(i64::MIN, |last| last.to);
            let off = ear.until.map_or(i64::MIN, |until| until.saturating_add(1)).max(last).min(now);
            match (i < wall, last) {
                (true, i64::MAX) => {}
                (true, _) => ear.deaf.push(Stretch::open(off)),
                (false, _) => {
                    ear.deaf.retain(|stretch| stretch.from < again.min(off));
                    ear.deaf.iter_mut().for_each(|stretch| stretch.to = stretch.to.min(again.min(off)));
                    ear.deaf.push(Stretch::open(again.min(off)));
                }
            }
        }
        self.forget_unread_ahead(now);
        (self.stale, self.news) = (true, true);
    }

    /// The journal tells that a feed was heard at the second `at`, before the restart.
    pub fn was_heard(&mut self, feed: usize, at: i64) {
        let Some(last) = self.ears.get_mut(feed).and_then(|ear| ear.deaf.last_mut()) else { return };
        if !last.noted && last.from <= at && at < last.to {
            last.from = at + 1;
            self.stale = true;
        }
    }
}

impl Ear {
    /// Puts the stretches in order, and says where those began that lie after the second `now`: they
    /// were noted while the clock was wrong, or in this very second, and are none. Only the last may
    /// still last; one before it whose end was not noted ends where the next begins.
    fn come_back(&mut self, now: i64) -> Vec<i64> {
        let ahead = self.deaf.extract_if(.., |stretch| stretch.from > now).map(|stretch| stretch.from);
        let ahead = ahead.collect();
        for stretch in self.deaf.iter_mut().filter(|stretch| stretch.to < i64::MAX) {
            stretch.to = stretch.to.min(now);
        }
        self.deaf.sort_unstable_by_key(|stretch| stretch.from);
        for i in 1..self.deaf.len() {
            let next = self.deaf[i].from;
            self.deaf[i - 1].to = self.deaf[i - 1].to.min(next);
        }
        ahead
    }
}
