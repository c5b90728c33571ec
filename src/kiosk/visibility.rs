//! Whether anybody sees a window: what the compositor says of the frames that it was given.
//!
//! On Wayland each frame asks for a callback, which comes when the frame was shown, and never for a
//! window that is hidden or on a screen that is off. Where the driver may wait for the screen (FIFO)
//! the next frame is given only then, so that there is nothing to wait for; elsewhere frames go on for
//! a moment, so that all displays are drawn together. One callback alone proves little:
//! sway also sends one when it arranges windows, on a screen that is off too. So a window that is
//! new, or was silent, is believed after several that came in time.
//!
//! X11 has no such answer: a frame counts as seen when it was given and the window is not covered. A
//! monitor that is switched off, and a window that a compositing window manager keeps back, cannot be
//! told there.

use std::time::Duration;

use crate::clock::Instant;

/// A display at rest is presented again after so long, to see whether it is seen.
const PROBE: Duration = Duration::from_millis(800);

/// A display that is not seen for so long is told.
const UNSEEN: Duration = Duration::from_secs(2);

/// A window that was not seen for so long is made anew, so that it is there again within two seconds.
const HIDDEN: Duration = Duration::from_millis(1_200);

/// The same just after monitors came or went, which hides windows.
const UNSETTLED: Duration = Duration::from_millis(700);

/// Between two windows of a display that is not seen at all the time doubles so many times, to 38 s.
const DOUBLINGS: u32 = 5;

/// An answer that takes longer raises doubt, and so many that come in time end it. Meanwhile a display
/// at rest is presented so often.
const LATE: Duration = Duration::from_millis(800);
const PROOF: u32 = 3;
const QUICK: Duration = Duration::from_millis(100);

/// So long frames go on without an answer where nothing waits for one.
const AHEAD: Duration = Duration::from_millis(250);

/// A window that is in doubt for so long is lost, too.
const DOUBTED: Duration = Duration::from_secs(3);

/// What is known of one window. Times are by the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Visibility {
    /// False where nobody answers: not on Wayland.
    answers: bool,
    /// True when giving it a frame may wait for the answer to the last.
    pub blocks: bool,
    opened: Instant,
    started: bool,
    /// When a frame was last given to it; before the first, when it was opened.
    given: Instant,
    /// The frame that is not answered yet; before the first, when it was opened.
    asked: Option<Instant>,
    covered: Option<Instant>,
    doubt: Option<Doubt>,
    /// Windows that the display had since it was last seen, beside the first.
    tries: u32,
    /// It is to be presented at once, to see whether it is seen.
    hoped: bool,
    /// Somebody closed it.
    closed: bool,
}

#[derive(Clone, Copy, Debug)]
struct Doubt {
    /// Over all windows that the display had.
    since: Instant,
    /// Answers in time.
    proof: u32,
}

impl Visibility {
    /// Of a window that was opened at `now`; `answers` says whether the window system acknowledges
    /// frames.
    pub fn new(answers: bool, now: Instant) -> Self {
        let doubt = answers.then_some(Doubt { since: now, proof: 0 });
        let (opened, given, asked) = (now, now, Some(now));
        Self {
            answers,
            blocks: true,
            opened,
            started: false,
            given,
            asked,
            covered: None,
            doubt,
            tries: 0,
            hoped: false,
            closed: false,
        }
    }

    /// Of the window in its place.
    pub fn again(&self, now: Instant) -> Self {
        let new = Self::new(self.answers, now);
        let since = self.doubt.map(|doubt| doubt.since).or(self.since(now)).unwrap_or(now);
        let doubt = new.doubt.map(|doubt| Doubt { since, ..doubt });
        Self { doubt, tries: self.tries.saturating_add(1), ..new }
    }

    /// True when the window system acknowledges frames.
    pub fn answers(&self) -> bool {
        self.answers
    }

    /// True when it takes a frame without making anybody wait.
    pub fn takes(&self, now: Instant) -> bool {
        let soon = |asked| !self.blocks && now.saturating_duration_since(asked) < AHEAD;
        !self.answers || !self.started || self.asked.is_none_or(soon)
    }

    /// A frame was given to it. True when that is all that will be heard of it, and it is seen.
    pub fn given(&mut self, now: Instant) -> bool {
        if !self.started {
            self.asked = None;
        }
        (self.given, self.started, self.hoped) = (now, true, false);
        if self.answers {
            self.asked.get_or_insert(now);
            return false;
        }
        if self.covered.is_none() {
            self.tries = 0;
        }
        self.covered.is_none()
    }

    /// The window system asks for a frame. `None` when that acknowledges nothing, else whether the
    /// last one was certainly seen. `awake` is when its process last did nothing for long: what
    /// was said meanwhile was not heard.
    pub fn answered(&mut self, awake: Instant, now: Instant) -> Option<bool> {
        let asked = self.asked.filter(|_| self.answers && self.started)?;
        self.asked = None;
        if now.saturating_duration_since(asked.max(awake)) > LATE {
            let since = self.doubt.map_or(asked, |doubt| doubt.since);
            self.doubt = Some(Doubt { since, proof: 0 });
        } else if let Some(doubt) = &mut self.doubt {
            doubt.proof += 1;
        }
        if self.doubt.is_none_or(|doubt| doubt.proof >= PROOF) {
            (self.doubt, self.tries) = (None, 0);
        }
        Some(self.doubt.is_none())
    }

    /// Another window covers it, or no longer.
    pub fn cover(&mut self, covered: bool, now: Instant) {
        self.covered = if covered { self.covered.or(Some(now)) } else { None };
    }

    /// Somebody closed it: a wall in full screen ends by its own keys alone.
    pub fn close(&mut self) {
        self.closed = true;
    }

    /// The monitors changed: what helped nothing before may help now.
    pub fn hope(&mut self) {
        (self.tries, self.hoped) = (0, true);
    }

    /// True when it is time to present it although nothing in it changed.
    pub fn is_due(&self, now: Instant) -> bool {
        let rest = if self.doubt.is_some() { QUICK } else { PROBE };
        self.takes(now) && (self.hoped || now.saturating_duration_since(self.given) >= rest)
    }

    /// Since when the window is silent: a frame is not answered, or none could be given.
    fn since(&self, now: Instant) -> Option<Instant> {
        let overdue = now.checked_sub(PROBE + UNSEEN).is_some_and(|before| self.given < before);
        self.asked.or(self.covered).or(overdue.then_some(self.given + PROBE))
    }

    /// How long its display is not seen, when that is long.
    pub fn unseen(&self, awake: Instant, now: Instant) -> Option<Duration> {
        let since = self.doubt.map(|doubt| doubt.since).or(self.since(now))?;
        Some(now.saturating_duration_since(since.max(awake))).filter(|length| *length >= UNSEEN)
    }

    /// True when the window is to be made anew; `settled` is false just after the monitors changed.
    pub fn is_lost(&self, awake: Instant, now: Instant, settled: bool) -> bool {
        let hurried = !settled && self.tries == 0;
        let patience = if hurried { UNSETTLED } else { HIDDEN * 2u32.pow(self.tries.min(DOUBLINGS)) };
        let past = |since: Instant| now.saturating_duration_since(since.max(awake));
        let doubted = self.doubt.is_some() && past(self.opened) >= patience + DOUBTED;
        self.closed || doubted || self.since(now).is_some_and(|since| past(since) >= patience)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    fn start() -> Instant {
        Clock::system().instant()
    }

    const MS: fn(u64) -> Duration = Duration::from_millis;

    /// A window that is seen at `at`.
    fn seen(at: Instant) -> Visibility {
        let mut visibility = Visibility::new(true, at);
        let sure = [0; 3].map(|_| {
            visibility.given(at);
            visibility.answered(at, at)
        });
        assert_eq!(sure, [Some(false), Some(false), Some(true)]);
        visibility
    }

    #[test]
    fn a_window_takes_the_next_frame_when_the_last_one_was_acknowledged() {
        let at = start();
        let mut visibility = Visibility::new(true, at);
        assert!(visibility.takes(at), "the first one");
        assert_eq!(visibility.answered(at, at), None, "that a window asks for its first frame is no answer");
        assert!(!visibility.given(at) && !visibility.takes(at));
        let ahead = Visibility { blocks: false, ..visibility };
        assert!(ahead.takes(at + MS(200)) && !ahead.takes(at + MS(300)), "a dark screen is given nothing");
        assert!(visibility.answered(at, at).is_some() && visibility.takes(at));
        assert_eq!(visibility.answered(at, at), None);
    }

    #[test]
    fn a_window_at_rest_is_probed_and_one_that_is_seen_is_never_lost() {
        let at = start();
        let (mut visibility, mut now) = (seen(at), at);
        visibility.given(at);
        assert!(!visibility.is_due(at + PROBE), "it was not answered yet");
        visibility.answered(at, at);
        assert!(!visibility.is_due(at + PROBE / 2) && visibility.is_due(at + PROBE));
        for _ in 0..100 {
            now += PROBE;
            assert!(
                visibility.is_due(now)
                    && !visibility.is_lost(at, now, true)
                    && visibility.unseen(at, now).is_none()
            );
            visibility.given(now);
            assert_eq!(visibility.answered(at, now), Some(true));
        }
        assert!(visibility.is_lost(at, now + PROBE + UNSEEN + MS(1), true), "no frame could be given to it");
    }

    #[test]
    fn one_that_is_not_seen_is_made_anew_ever_more_seldom_until_the_monitors_change() {
        let at = start();
        let (mut visibility, mut now, mut tries) = (seen(at), at, Vec::new());
        while now < at + MS(200_000) {
            visibility.given(now);
            // What sway says when it arranges a window that nobody sees.
            if visibility.tries > 0 && now == visibility.opened {
                visibility.answered(at, now);
            }
            now += MS(100);
            if visibility.is_lost(at, now, true) {
                tries.push((now - at).as_secs());
                visibility = visibility.again(now);
            }
            let long = now - at >= UNSEEN;
            assert_eq!(visibility.unseen(at, now), long.then_some(now - at), "over all its windows");
        }
        assert_eq!(tries, [1, 3, 8, 18, 37, 76, 114, 153, 191], "seconds");
        visibility.hope();
        visibility.given(now);
        assert!(visibility.is_lost(at, now + MS(700), false));
        visibility = visibility.again(now);
        for proof in 1..=3 {
            visibility.given(now);
            assert_eq!(visibility.answered(now, now), Some(proof == 3));
        }
        assert_eq!(visibility.unseen(now, now), None);
    }

    #[test]
    fn a_hidden_window_that_gets_an_answer_now_and_then_is_lost_all_the_same() {
        let at = start();
        let (mut visibility, mut now) = (seen(at).again(at), at);
        while !visibility.is_lost(at, now, true) {
            visibility.given(now);
            now += LATE + MS(100);
            assert_eq!(visibility.answered(at, now), Some(false));
            assert!(now < at + MS(20_000), "it is never given up");
        }
    }

    #[test]
    fn what_was_not_heard_while_nobody_listened_is_not_held_against_it() {
        let at = start();
        let mut visibility = seen(at);
        visibility.given(at);
        let awake = at + MS(9_000);
        assert!(!visibility.is_lost(awake, awake, true) && visibility.unseen(awake, awake).is_none());
        assert!(visibility.is_lost(awake, awake + UNSEEN, true));
        assert_eq!(visibility.answered(awake, awake), Some(true));
    }

    #[test]
    fn a_window_that_never_got_a_frame_is_not_seen_either() {
        let at = start();
        let visibility = Visibility::new(true, at);
        assert!(visibility.is_lost(at, at + UNSEEN, true) && !visibility.is_lost(at, at + UNSEEN / 2, true));
    }

    #[test]
    fn where_nobody_answers_only_a_covered_window_is_not_seen() {
        let at = start();
        let mut visibility = Visibility::new(false, at);
        assert!(visibility.given(at) && visibility.takes(at) && visibility.answered(at, at).is_none());
        visibility.cover(true, at);
        assert!(!visibility.given(at + MS(10)) && visibility.takes(at));
        assert!(visibility.is_lost(at, at + UNSEEN, true));
        visibility.cover(false, at + UNSEEN);
        assert!(!visibility.is_lost(at, at + UNSEEN, true) && visibility.given(at + UNSEEN));
    }
}
