//! Drawing the care queue, and keeping its limits.

use std::sync::Arc;
use std::time::Duration;

use super::case::{Case, DAY, Key, PATIENCE};
use super::queue::{CareQueue, Times, Waiting};
use super::{ANSWERED, Care, OPEN, notes};
use crate::clock::Time;
use crate::pulse::fold::series::Series;
use crate::pulse::hearing::gaps::Gaps;

/// Longest list of those who wait.
const LISTED: usize = 24;
const HOUR: Duration = Duration::from_secs(3_600);
const HOURS: i64 = 24;
/// From this age on an open case has a note in the journal.
const NOTED: Duration = Duration::from_secs(43_200);

impl Care {
    /// The queue at `head`, and whether it changed.
    pub fn draw(&mut self, head: Time, gaps: &Gaps) -> (Arc<CareQueue>, bool) {
        let second = head.as_secs();
        match &self.drawn {
            Some(drawn) if self.drawn_at == Some(second) => (drawn.clone(), false),
            _ => {
                self.drawn_at = Some(second);
                self.tidy(head);
                let made = self.queue(head, gaps);
                let same = self.drawn.as_ref().filter(|old| is_same(old, &made)).cloned();
                let changed = same.is_none();
                let drawn = same.unwrap_or_else(|| Arc::new(made));
                self.drawn = Some(drawn.clone());
                self.stirred = false;
                (drawn, changed)
            }
        }
    }

    /// Lets go of what is over, notes what waits long, and keeps the limits.
    fn tidy(&mut self, head: Time) {
        self.sweep(head);
        let over: Vec<Key> =
            self.cases.iter().filter(|(_, case)| case.ends() <= head).map(|(key, _)| *key).collect();
        over.into_iter().for_each(|key| self.drop_case(key));
        self.beyond.retain(|hour, _| Time::from_secs(hour * 3_600) + PATIENCE > head);
        for opened in self.shrink(Case::waits, OPEN) {
            *self.beyond.entry(opened.as_secs().div_euclid(3_600)).or_default() += 1;
        }
        if !self.shrink(|case| !case.waits(), ANSWERED).is_empty() {
            self.short_until = head + DAY;
        }
        for (key, case) in &mut self.cases {
            if !case.noted && case.waits() && case.opened() + NOTED <= head {
                notes::write(*key, case, &mut self.notes);
            }
        }
    }

    /// Once an hour: answers to what nobody can wait for any more.
    fn sweep(&mut self, head: Time) {
        let hour = head.as_secs().div_euclid(3_600);
        if std::mem::replace(&mut self.swept, hour) == hour {
            return;
        }
        for lists in [&mut self.answers, &mut self.in_thread] {
            lists.retain(|_, list| {
                list.retain(|(_, at)| *at + PATIENCE > head);
                !list.is_empty()
            });
        }
    }

    /// Lets the oldest of some cases go until there are at most `limit`; when they were opened.
    fn shrink(&mut self, which: impl Fn(&Case) -> bool, limit: usize) -> Vec<Time> {
        let mut all: Vec<(Time, Key)> =
            self.cases.iter().filter(|(_, c)| which(c)).map(|(key, case)| (case.opened(), *key)).collect();
        let excess = all.len().saturating_sub(limit);
        if excess > 0 {
            all.sort_unstable();
        }
        all.truncate(excess);
        all.iter().for_each(|(_, key)| self.drop_case(*key));
        all.into_iter().map(|(opened, _)| opened).collect()
    }

    fn queue(&self, head: Time, gaps: &Gaps) -> CareQueue {
        let mut waiting: Vec<(Time, Key, &Case)> = self
            .cases
            .iter()
            .filter(|(_, case)| case.waits() && case.opened() <= head)
            .map(|(key, case)| (case.opened(), *key, case))
            .collect();
        waiting.sort_unstable_by_key(|(opened, key, _)| (*opened, *key));
        let beyond: u64 = self.beyond.values().sum();
        let overdue = waiting.iter().filter(|(opened, ..)| *opened + self.promise < head).count();
        let first_beyond = self.beyond.iter().filter(|(_, n)| **n > 0).map(|(hour, _)| *hour).min();
        let oldest = first_beyond.map(|hour| Time::from_secs(hour * 3_600));
        let listed = waiting.iter().take(LISTED);
        CareQueue {
            at: head,
            waiting: waiting.len() as u64 + beyond,
            overdue: overdue as u64 + beyond,
            oldest: oldest.or(waiting.first().map(|(opened, ..)| *opened)),
            last_hour: self.times(head, HOUR),
            last_day: self.times(head, DAY),
            opened: Arc::new(self.by_hour(head, gaps, |case| Some(case.opened()))),
            answered: Arc::new(self.by_hour(head, gaps, |case| case.answered)),
            longest: listed
                .map(|(since, _, case)| Waiting { since: *since, mention: case.mention().cloned() })
                .collect(),
            promise: self.promise,
            exact: self.beyond.is_empty() && self.short_until <= head,
        }
    }

    fn times(&self, head: Time, window: Duration) -> Times {
        let from = head - window;
        let within = |at: Time| from < at && at <= head;
        let mut took = Vec::new();
        let (mut due, mut kept) = (0, 0);
        for case in self.cases.values() {
            let (opened, limit) = (case.opened(), case.opened() + self.promise);
            if let Some(at) = case.answered.filter(|at| within(*at)) {
                took.push(at.since(opened));
            }
            let in_time = case.answered.is_some_and(|at| at <= limit);
            let ended = if in_time { case.answered } else { Some(limit) };
            let counts = in_time || case.answered.is_some() || !case.is_closed();
            if counts && ended.is_some_and(|at| within(at) && (in_time || at < head)) {
                due += 1;
                kept += u64::from(in_time);
            }
        }
        took.sort_unstable();
        let rank = |percent: usize| took.get((took.len() * percent).div_ceil(100).max(1) - 1).copied();
        Times { answers: took.len() as u64, p50: rank(50), p90: rank(90), due, kept }
    }

    fn by_hour(&self, head: Time, gaps: &Gaps, when: impl Fn(&Case) -> Option<Time>) -> Series {
        let end = head.as_secs().div_euclid(3_600);
        let mut values = vec![0_u32; HOURS as usize];
        for at in self.cases.values().filter_map(when).filter(|at| *at <= head) {
            let age = end - at.as_secs().div_euclid(3_600);
            if let Some(value) = usize::try_from(HOURS - 1 - age).ok().and_then(|i| values.get_mut(i)) {
                *value += 1;
            }
        }
        let unknown = gaps.steps(end - HOURS + 1, HOURS, 3_600);
        Series { end: Time::from_secs(end * 3_600), step: HOUR, values, unknown }
    }
}

/// All but the time at which they were counted.
fn is_same(a: &CareQueue, b: &CareQueue) -> bool {
    let numbers = |queue: &CareQueue| {
        (queue.exact, queue.waiting, queue.overdue, queue.oldest, queue.last_hour, queue.last_day)
    };
    numbers(a) == numbers(b) && a.opened == b.opened && a.answered == b.answered && a.longest == b.longest
}
