//! Decides for one panel when it is asked and switched, and what is to be told of it. Pure: it is told the time and
//! what the panel says. Times are by the monotonic clock.
//!
//! A panel is switched when what it should do changes. One that does not obey is switched again, each time after
//! twice as long; one that warms up or cools down is left alone. One that is otherwise than it should be, although
//! it was not asked, is told at once and put right a minute later, so that whoever did it can be seen doing so.

use std::time::Duration;

use super::said::{Actual, Trouble};
use crate::clock::Instant;
use crate::control::power::{PanelNow, PanelState};

/// Between two looks at a panel.
const LOOK: Duration = Duration::from_secs(4);
/// The same while it rests, and at most while it does not answer.
const LOOK_SELDOM: Duration = Duration::from_secs(30);
/// From one order to the next for a panel that does not obey, at first and at most; the latter also between two looks at
/// one that does not accept who asks.
const AGAIN: Duration = Duration::from_secs(30);
const AGAIN_SELDOM: Duration = Duration::from_secs(600);
/// The same for one that is busy.
const BUSY: Duration = Duration::from_secs(10);
/// How long a panel is left as someone made it.
const REMISS: Duration = Duration::from_secs(60);
/// How long a panel that was switched may say nothing.
const SETTLE: Duration = Duration::from_secs(60);
/// How long it may be busy, warm up or cool down.
const MOVE: Duration = Duration::from_secs(300);
/// Looks without an answer before that is told.
const MISSES: u32 = 3;
/// How long a display that was woken may stay dark after its panel is on.
const GRACE: Duration = Duration::from_secs(10);

/// What is known of one panel, and what is wanted of it.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// Whether it should be off; `None` before anybody said.
    rests: Option<bool>,
    /// Since when.
    since: Instant,
    /// When it was as it should be, for the first time since then.
    reached: Option<Instant>,
    /// It was woken from a rest.
    is_woken: bool,
    /// Orders since it was last as it should be, and when the last was given.
    orders: u32,
    ordered: Option<Instant>,
    /// Why the last order was not accepted.
    refusal: Option<Trouble>,
    /// Since when it is otherwise although it was as it should be.
    strayed: Option<Instant>,
    actual: Option<Actual>,
    /// Since when it is warming up or cooling down.
    moving: Option<Instant>,
    /// Why it does not say what it does, and for how many looks.
    trouble: Option<Trouble>,
    misses: u32,
    /// When it was first called over the network since then, in case it sleeps too deeply to answer.
    called: Option<Instant>,
    due: Instant,
}

impl Keeper {
    pub fn new(now: Instant) -> Self {
        Self {
            rests: None,
            since: now,
            reached: None,
            is_woken: false,
            orders: 0,
            ordered: None,
            refusal: None,
            strayed: None,
            actual: None,
            moving: None,
            trouble: None,
            misses: 0,
            called: None,
            due: now,
        }
    }

    /// Says what it should do from `now` on.
    pub fn want(&mut self, rests: bool, now: Instant) {
        let before = self.rests.replace(rests);
        if before == Some(rests) {
            return;
        }
        (self.since, self.reached, self.strayed, self.due) = (now, None, None, now);
        (self.orders, self.ordered, self.refusal, self.called) = (0, None, None, None);
        self.is_woken = before == Some(true);
    }

    /// Whether it is time to ask the panel.
    pub fn is_due(&self, now: Instant) -> bool {
        now >= self.due
    }

    /// Notes what the panel said; gives what it is to be switched to, if it is to be.
    pub fn heard(&mut self, said: Result<Actual, Trouble>, now: Instant) -> Option<bool> {
        match said {
            Ok(actual) => {
                let is_new = self.actual != Some(actual);
                self.moving = actual.is_moving().then(|| self.moving.filter(|_| !is_new).unwrap_or(now));
                (self.actual, self.trouble, self.misses, self.called) = (Some(actual), None, 0, None);
            }
            Err(trouble) => {
                (self.actual, self.moving, self.trouble) = (None, None, Some(trouble));
                self.misses = self.misses.saturating_add(1);
            }
        }
        let order = self.order(now);
        self.due = now + self.pace();
        order
    }

    /// Whether it should be on, and does not answer: then it may sleep. One that was on lately may only have missed a
    /// question.
    pub fn may_sleep(&self) -> bool {
        let is_silent = matches!(self.trouble, Some(Trouble::Silent(_)));
        is_silent && self.rests == Some(false) && (self.reached.is_none() || self.misses >= MISSES)
    }

    /// Notes that it was called over the network; true for the first time.
    pub fn called(&mut self, now: Instant) -> bool {
        self.called.replace(self.called.unwrap_or(now)).is_none()
    }

    /// Notes whether the panel accepted what [`Keeper::heard`] gave.
    pub fn ordered(&mut self, accepted: Result<(), Trouble>, now: Instant) {
        self.refusal = accepted.err();
        self.ordered = Some(now);
        // To be busy is no disobedience.
        self.orders += u32::from(self.refusal != Some(Trouble::Busy));
    }

    fn order(&mut self, now: Instant) -> Option<bool> {
        let (actual, lit) = (self.actual?, !self.rests?);
        if actual.is_lit() == lit {
            if !actual.is_moving() {
                self.reached.get_or_insert(now);
                (self.strayed, self.orders, self.ordered, self.refusal) = (None, 0, None, None);
            }
            return None;
        }
        if self.reached.is_some() {
            self.strayed.get_or_insert(now);
        }
        let is_left = self.strayed.is_some_and(|at| past(at, now) < REMISS);
        let rests = self.ordered.is_some_and(|at| past(at, now) < self.again());
        (!actual.is_moving() && !is_left && !rests).then_some(lit)
    }

    fn again(&self) -> Duration {
        match self.refusal {
            Some(Trouble::Busy) => BUSY,
            _ => (AGAIN * 2u32.saturating_pow(self.orders.saturating_sub(1).min(8))).min(AGAIN_SELDOM),
        }
    }

    fn pace(&self) -> Duration {
        match self.misses {
            0 if self.rests == Some(true) && self.reached.is_some() && self.strayed.is_none() => LOOK_SELDOM,
            0 => LOOK,
            // Panels that are shown a wrong PIN again and again lock themselves.
            _ if matches!(self.trouble, Some(Trouble::Password(_))) => AGAIN_SELDOM,
            misses => (LOOK * 2u32.saturating_pow((misses - 1).min(8))).min(LOOK_SELDOM),
        }
    }

    /// What is to be told of the panel of `display`.
    pub fn told(&self, display: &str, now: Instant) -> PanelNow {
        let rests = self.rests == Some(true);
        let state = match self.actual {
            None => PanelState::Unknown,
            Some(Actual::On) => PanelState::On,
            Some(Actual::Off) if rests => PanelState::Resting,
            Some(Actual::Off) => PanelState::Off,
            Some(Actual::WarmingUp) => PanelState::WarmingUp,
            Some(Actual::CoolingDown) => PanelState::CoolingDown,
        };
        let excused = rests || self.is_waking(now);
        let problem = self.problem(now).map(|why| format!("display {display} {why}"));
        PanelNow { rests, state, excused, problem }
    }

    /// Whether it was woken so lately that its display may still be dark.
    fn is_waking(&self, now: Instant) -> bool {
        let is_dark = |at: Instant| past(at, now) < GRACE;
        self.is_woken
            && self.strayed.is_none()
            && past(self.since, now) < MOVE
            && self.reached.is_none_or(is_dark)
    }

    /// What is wrong, after the name of the display.
    fn problem(&self, now: Instant) -> Option<String> {
        let rests = self.rests?;
        let (should, switch) = if rests { ("rest", "off") } else { ("be on", "on") };
        match (self.actual, &self.trouble) {
            (None, Some(Trouble::Password(why))) => Some(format!("cannot be switched: {why}")),
            (None, Some(trouble)) => {
                // Many panels leave the network when they rest.
                let is_expected = rests && self.reached.is_some();
                let settles = self.ordered.max(self.called).is_some_and(|at| past(at, now) < SETTLE);
                (self.misses >= MISSES && !is_expected && !settles)
                    .then(|| format!("may be on or off: its panel does not say ({trouble})"))
            }
            (Some(actual), _) => {
                let differs = actual.is_lit() == rests;
                let is = if actual.is_lit() { "on" } else { "off" };
                if differs && self.strayed.is_some() {
                    return Some(format!(
                        "is {is} although it should {should}; it was not switched by the wall"
                    ));
                }
                let is_slow = self.moving.is_some_and(|at| past(at, now) >= MOVE);
                let disobeys = self.orders > 1 || matches!(self.refusal, Some(Trouble::Refused(_)));
                let is_late = differs && self.moving.is_none() && (disobeys || past(self.since, now) >= MOVE);
                let why = self.refusal.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
                match (is_late, is_slow) {
                    (true, _) => Some(format!("does not switch {switch}{why}")),
                    (_, true) => Some(format!("has been on its way to {should} for more than five minutes")),
                    _ => None,
                }
            }
            (None, None) => None,
        }
    }
}

fn past(at: Instant, now: Instant) -> Duration {
    now.saturating_duration_since(at)
}
