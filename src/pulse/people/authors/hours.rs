//! People by the hour, for windows in which not everybody can be remembered by name: a window's
//! people are everybody of its hours, the running one with them; an event's are gathered from its
//! start. Who is counted twice is counted once, so what a journal tells again changes nothing.

use std::collections::BTreeMap;

use super::crowd::{Crowd, Person};
use crate::layout::window::Window;
use crate::pulse::fold::counts::Exactness;
use crate::pulse::fold::windows::SETTLED;
use crate::pulse::fold::windows::days::Marks;

const HOUR: i64 = 3_600;
/// Hours of seven days and of a day, the running one with them.
const WEEK: i64 = 168;
const DAY: i64 = 24;
/// Hours of the longest day.
const LONGEST_DAY: i64 = 26;
/// The windows that are told by the hour, and what they gather.
const GATHERED: [Window; 3] = [Window::H24, Window::Today, Window::D7];

/// See the module: at most 168 crowds and four gathered ones, 0.7 MB when each hour has many
/// people.
#[derive(Debug)]
pub struct Hours {
    /// Where an hour begins, seconds after the full one: midnight begins one.
    phase: i64,
    crowds: BTreeMap<i64, Crowd>,
    /// Hours that are kept.
    length: i64,
    /// The running second.
    now: i64,
    midnight: i64,
    /// Minute of its start, and who spoke since.
    event: Option<(i64, Crowd)>,
    /// Of [`GATHERED`], made when they are asked for.
    gathered: [Option<Crowd>; 3],
    /// Hours before this one are final.
    open: i64,
    /// The clock was set back in this hour: who spoke in what is forgotten still counts there.
    blurred: i64,
    changed: bool,
    pub told: Told,
}

/// What notes told last of it.
#[derive(Debug, Default)]
pub struct Told {
    /// Since when people are known, seconds.
    pub since: Option<i64>,
    /// The hour that was open when the event's people were told.
    pub event: Option<i64>,
}

impl Hours {
    /// Empty at the second `now`; keeps a week, or a day where nobody asks for more.
    pub fn new(now: i64, marks: Marks, week: bool) -> Self {
        Self {
            phase: marks.midnight.rem_euclid(60) * 60,
            crowds: BTreeMap::new(),
            length: if week { WEEK } else { LONGEST_DAY },
            now,
            midnight: marks.midnight * 60,
            event: marks.event.filter(|_| week).map(|start| (start, Crowd::default())),
            gathered: Default::default(),
            open: i64::MIN,
            blurred: i64::MIN,
            changed: false,
            told: Told::default(),
        }
    }

    /// Whether it keeps more than the journal tells again.
    pub fn is_long(&self) -> bool {
        self.length >= WEEK
    }

    /// The hour in which a second lies.
    pub fn hour(&self, second: i64) -> i64 {
        (second - self.phase).div_euclid(HOUR)
    }

    /// First second of an hour.
    fn start(&self, hour: i64) -> i64 {
        hour * HOUR + self.phase
    }

    fn head(&self) -> i64 {
        self.hour(self.now)
    }

    fn keeps(&self, hour: i64) -> bool {
        (self.head() - self.length + 1..=self.head()).contains(&hour)
    }

    /// The first hour of a gathered window.
    fn first(&self, window: Window) -> i64 {
        match window {
            Window::Today => self.hour(self.midnight),
            Window::H24 => self.head() - DAY + 1,
            _ => self.head() - WEEK + 1,
        }
    }

    /// Whether a count changed by itself since the last call.
    pub fn take_changed(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// Somebody spoke at a second.
    pub fn heard(&mut self, person: u64, at: i64) {
        if at > self.now {
            return;
        }
        let (hour, person) = (self.hour(at), Person::new(person));
        if let Some((_, crowd)) = self.event.as_mut().filter(|(start, _)| at >= start * 60) {
            crowd.insert(person);
        }
        if !self.keeps(hour) {
            return;
        }
        self.crowds.entry(hour).or_default().insert(person);
        for (i, window) in GATHERED.into_iter().enumerate() {
            if self.gathered[i].is_some() && hour >= self.first(window) {
                self.gathered[i].iter_mut().for_each(|crowd| crowd.insert(person));
            }
        }
    }

    /// Moves on to the second `now`.
    pub fn advance(&mut self, now: i64, marks: Marks) {
        let (before, midnight) = (self.head(), self.midnight);
        (self.now, self.midnight) = (self.now.max(now), marks.midnight * 60);
        if self.head() > before || self.midnight != midnight {
            let first = self.head() - self.length + 1;
            self.crowds = self.crowds.split_off(&first);
            self.gathered = Default::default();
            self.changed = true;
        }
    }

    /// Gathers anew what is asked for: seven days, and the days if `days`.
    pub fn gather(&mut self, days: bool) {
        for (i, window) in GATHERED.into_iter().enumerate() {
            let is_asked = if window == Window::D7 { self.is_long() } else { days };
            if is_asked && self.gathered[i].is_none() {
                self.gathered[i] = Some(self.crowd_since(self.first(window)));
            }
        }
    }

    fn crowd_since(&self, hour: i64) -> Crowd {
        Crowd::all(self.crowds.range(hour..).map(|(_, crowd)| crowd))
    }

    /// How many people a window has, if it was gathered.
    pub fn over(&self, window: Window) -> Option<(u64, Exactness)> {
        let (crowd, first) = match window {
            Window::Event => self.event.as_ref().map(|(start, crowd)| (crowd, self.hour(start * 60)))?,
            _ => {
                let i = GATHERED.into_iter().position(|own| own == window)?;
                (self.gathered[i].as_ref()?, self.first(window))
            }
        };
        let (count, is) = crowd.count();
        Some((count, if self.blurred >= first { Exactness::About } else { is }))
    }

    /// The clock was set back to `now`.
    pub fn rewind(&mut self, now: i64, marks: Marks) {
        (self.now, self.midnight) = (now, marks.midnight * 60);
        let forgotten = self.head() + 1;
        self.crowds.retain(|hour, _| *hour < forgotten);
        self.gathered = Default::default();
        self.blurred = self.head();
        self.open = self.open.min(self.hour(now - SETTLED));
        self.changed = true;
    }

    /// Hours before the one in which the second `open` lies are final: those that were not, each
    /// with its start.
    pub fn settle(&mut self, open: i64) -> Vec<(i64, &Crowd)> {
        let (from, open) = (self.open, self.hour(open));
        self.open = open.max(from);
        let closed = self.crowds.range(from.min(self.open)..self.open);
        closed.map(|(hour, crowd)| (self.start(*hour), crowd)).collect()
    }

    /// The event's start in minutes, and who spoke since.
    pub fn event(&self) -> Option<(i64, &Crowd)> {
        self.event.as_ref().map(|(start, crowd)| (*start, crowd))
    }

    /// Takes who spoke in the hour of the second `start` before a restart.
    pub fn restore(&mut self, start: i64, crowd: Crowd) {
        let hour = self.hour(start);
        if self.keeps(hour) {
            self.crowds.insert(hour, crowd);
            self.gathered = Default::default();
        }
    }

    /// Takes who spoke since the event's start; false when it is another's.
    pub fn restore_event(&mut self, start: i64, crowd: Crowd) -> bool {
        let own = self.event.as_mut().filter(|(own, _)| *own == start);
        own.map(|(_, known)| *known = crowd).is_some()
    }

    /// The event's people are those of the hours that lie wholly in it; gives the second from which
    /// they do.
    pub fn gather_event(&mut self) -> Option<i64> {
        let start = self.event.as_ref()?.0 * 60;
        let first = self.hour(start + HOUR - 1).max(self.head() - self.length + 1);
        let crowd = self.crowd_since(first);
        self.event = Some((start / 60, crowd));
        Some(self.start(first))
    }

    /// Hours before that of the second `open` were before a restart; all of them are unknown if not
    /// `known`.
    pub fn reopen(&mut self, open: i64, known: bool) {
        self.open = self.hour(open);
        if !known {
            self.crowds.clear();
            self.gathered = Default::default();
        }
    }
}
