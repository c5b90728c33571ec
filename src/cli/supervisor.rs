//! What the wall tells systemd (sd_notify, see `man sd_notify`): that it is ready, that it is alive, and in a line how
//! it is. It counts as alive while what it draws is seen: a wall whose window system acknowledges nothing any more
//! is restarted by `WatchdogSec=`, and one that waits for a monitor or a window system is not.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::bitmap::Bitmap;
use crate::clock::{Clock, Instant, Time};
use crate::kiosk::{FrameObserver, WallStatus};
use crate::layout::wall::Wall;

use super::failure::Failure;

/// The loop that draws says how it is once a second; when it has not for so long, it is stuck.
const SILENT: Duration = Duration::from_secs(8);
/// A display that was not seen for so long is not shown.
const UNSEEN: Duration = Duration::from_secs(15);
/// When none of those that are there was seen for so long, starting anew is tried. Not sooner: they may be switched
/// off, and a restart switches none on.
const DARK: Duration = Duration::from_secs(300);
/// A wall is ready after so long although a display is dark: others are seen.
const PATIENCE: Duration = Duration::from_secs(20);
/// Time between two messages at most.
const EVERY: Duration = Duration::from_secs(1);

/// Notes how the wall is shown, and passes it on to whoever else looks.
pub struct Supervised {
    inner: Option<Box<dyn FrameObserver>>,
    clock: Clock,
    beat: Arc<Mutex<Beat>>,
}

/// How the wall is shown.
#[derive(Debug, Default)]
struct Beat {
    /// When each display was seen last.
    seen: BTreeMap<usize, Instant>,
    /// When the loop that draws first and last said how it is.
    began: Option<Instant>,
    told: Option<Instant>,
    /// The displays that have a monitor and do not rest.
    present: Vec<usize>,
    /// How many rest.
    resting: usize,
    displays: usize,
    scene: String,
    outage: Option<String>,
}

impl Supervised {
    /// Begins to tell systemd, if that started the wall; else what is seen goes to `inner` alone.
    pub fn over(
        inner: Option<Box<dyn FrameObserver>>,
        clock: &Clock,
    ) -> Result<Option<Box<dyn FrameObserver>>, Failure> {
        if std::env::var_os("NOTIFY_SOCKET").is_none() {
            return Ok(inner);
        }
        let beat = Arc::<Mutex<Beat>>::default();
        let (watched, now) = (beat.clone(), clock.clone());
        let every = service::watchdog().map_or(EVERY, |limit| EVERY.min(limit / 3));
        let work = move || watch(&watched, &now, every);
        std::thread::Builder::new().name("fishbowl-systemd".into()).spawn(work)?;
        Ok(Some(Box::new(Self { inner, clock: clock.clone(), beat })))
    }

    fn beat(&self) -> MutexGuard<'_, Beat> {
        self.beat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FrameObserver for Supervised {
    fn wall(&self, wall: &Wall) {
        self.inner.iter().for_each(|inner| inner.wall(wall));
    }

    fn seen(&self, display: usize, at: Instant) {
        self.beat().seen.insert(display, at);
        self.inner.iter().for_each(|inner| inner.seen(display, at));
    }

    fn wants(&self, display: usize, n: u64, now: Time) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.wants(display, n, now))
    }

    fn watches(&self, display: usize, now: Time) -> bool {
        self.inner.as_ref().is_some_and(|inner| inner.watches(display, now))
    }

    fn show(&self, display: usize, n: u64, picture: Bitmap) {
        if let Some(inner) = &self.inner {
            inner.show(display, n, picture);
        }
    }

    fn status(&self, status: WallStatus<'_>) {
        let all = 0..status.wall.displays.len();
        let excused = |display: &usize| status.excused.has(*display);
        {
            let mut beat = self.beat();
            let now = self.clock.instant();
            beat.began.get_or_insert(now);
            beat.told = Some(now);
            beat.displays = all.len();
            beat.resting = all.clone().filter(excused).count();
            beat.present =
                all.filter(|display| !status.absent.contains(display) && !excused(display)).collect();
            beat.scene =
                status.wall.scenes.get(status.scene).map(|scene| scene.name.clone()).unwrap_or_default();
            beat.outage = status.outage.map(str::to_owned);
        }
        self.inner.iter().for_each(|inner| inner.status(status_again(&status)));
    }
}

/// The same status for another: all of it is borrowed.
fn status_again<'a>(status: &WallStatus<'a>) -> WallStatus<'a> {
    WallStatus { absent: status.absent.clone(), ..*status }
}

impl Beat {
    /// Displays that are there and were seen lately.
    fn lit(&self, now: Instant) -> usize {
        let is_lit = |display: &&usize| within(self.seen.get(display), UNSEEN, now);
        self.present.iter().filter(is_lit).count()
    }

    /// Whether none of those that are there has been seen for long.
    fn is_dark(&self, now: Instant) -> bool {
        let seen = self.present.iter().filter_map(|display| self.seen.get(display));
        !self.present.is_empty() && !within(seen.chain(&self.began).max(), DARK, now)
    }

    /// Whether the wall does what it can.
    fn is_alive(&self, now: Instant) -> bool {
        within(self.told.as_ref(), SILENT, now) && (self.outage.is_some() || !self.is_dark(now))
    }

    /// Whether all that can be seen is seen for the first time, or there is nothing to be seen on, or it has waited
    /// for a dark display long enough.
    fn is_ready(&self, now: Instant) -> bool {
        let waits = within(self.began.as_ref(), PATIENCE, now);
        self.told.is_some() && (self.outage.is_some() || self.lit(now) == self.present.len() || !waits)
    }

    fn words(&self, now: Instant) -> String {
        match &self.outage {
            Some(outage) => outage.clone(),
            None => {
                let resting =
                    if self.resting > 0 { format!(", {} resting", self.resting) } else { String::new() };
                format!(
                    "{} of {} displays shown{resting}, scene {}",
                    self.lit(now),
                    self.displays,
                    self.scene
                )
            }
        }
    }
}

/// Whether something happened less than `length` ago.
fn within(at: Option<&Instant>, length: Duration, now: Instant) -> bool {
    at.is_some_and(|at| now.saturating_duration_since(*at) < length)
}

fn watch(beat: &Mutex<Beat>, clock: &Clock, every: Duration) {
    let (mut is_ready, mut said) = (false, String::new());
    loop {
        std::thread::sleep(every);
        let now = clock.instant();
        let (ready, alive, words) = {
            let beat = beat.lock().unwrap_or_else(PoisonError::into_inner);
            (beat.is_ready(now), beat.is_alive(now), beat.words(now))
        };
        if ready && !std::mem::replace(&mut is_ready, true) {
            service::ready();
        }
        if is_ready && alive {
            service::alive();
        }
        if is_ready && words != said {
            service::say(&words);
            said = words;
        }
    }
}

/// Tells systemd that what it started is ready.
pub fn ready() {
    service::ready();
}

/// Tells systemd that the wall ends because it was asked to.
pub fn stopping() {
    service::stopping();
}

#[cfg(target_os = "linux")]
mod service {
    use std::time::Duration;

    use sd_notify::NotifyState;

    /// How often systemd wants a sign of life, if at all.
    pub fn watchdog() -> Option<Duration> {
        sd_notify::watchdog_enabled()
    }

    pub fn ready() {
        send(NotifyState::Ready);
    }

    pub fn alive() {
        send(NotifyState::Watchdog);
    }

    pub fn say(words: &str) {
        send(NotifyState::Status(words));
    }

    pub fn stopping() {
        send(NotifyState::Stopping);
    }

    fn send(state: NotifyState<'_>) {
        if let Err(error) = sd_notify::notify(&[state]) {
            tracing::debug!("systemd cannot be told: {error}");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod service {
    pub fn watchdog() -> Option<std::time::Duration> {
        None
    }
    pub fn ready() {}
    pub fn alive() {}
    pub fn say(_: &str) {}
    pub fn stopping() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wall_is_alive_while_it_does_what_it_can() {
        let start = Clock::system().instant();
        let at = |secs| start + Duration::from_secs(secs);
        let mut beat = Beat { displays: 2, scene: "now".into(), ..Beat::default() };
        assert!(!beat.is_ready(at(0)) && !beat.is_alive(at(0)), "it has not begun");
        (beat.began, beat.told, beat.present) = (Some(at(1)), Some(at(1)), vec![0, 1]);
        beat.seen.insert(0, at(1));
        assert!(!beat.is_ready(at(1)) && beat.is_alive(at(1)));
        beat.seen.insert(1, at(2));
        assert!(beat.is_ready(at(2)));
        assert_eq!(beat.words(at(2)), "2 of 2 displays shown, scene now");
        assert!(!beat.is_alive(at(30)), "the loop that draws is stuck");
        beat.told = Some(at(30));
        assert!(beat.is_alive(at(30)), "both were switched off, which no restart mends");
        assert_eq!(beat.words(at(30)), "0 of 2 displays shown, scene now");
        beat.told = Some(at(400));
        assert!(!beat.is_alive(at(400)), "nobody has seen it for minutes");
        beat.seen.insert(1, at(399));
        assert!(beat.is_alive(at(400)), "one display is dark");
        (beat.told, beat.present) = (Some(at(900)), vec![]);
        assert!(beat.is_alive(at(900)), "all monitors are unplugged");
        (beat.present, beat.outage) = (vec![0, 1], Some("waiting for the window system".into()));
        assert!(beat.is_alive(at(900)) && beat.is_ready(at(900)));
        assert_eq!(beat.words(at(900)), "waiting for the window system");
    }

    #[test]
    fn a_wall_that_rests_is_ready_and_alive() {
        let start = Clock::system().instant();
        let at = |secs| start + Duration::from_secs(secs);
        let mut beat = Beat { began: Some(at(0)), told: Some(at(0)), ..Beat::default() };
        (beat.displays, beat.resting, beat.scene) = (3, 3, "now".into());
        assert!(beat.is_ready(at(1)) && beat.is_alive(at(1)), "all are dark on purpose");
        beat.told = Some(at(40_000));
        assert!(beat.is_alive(at(40_000)));
        assert_eq!(beat.words(at(40_000)), "0 of 3 displays shown, 3 resting, scene now");
    }

    #[test]
    fn a_wall_with_a_display_that_is_dark_from_the_start_is_ready_all_the_same() {
        let start = Clock::system().instant();
        let at = |secs| start + Duration::from_secs(secs);
        let mut beat = Beat { began: Some(at(0)), told: Some(at(0)), present: vec![0, 1], ..Beat::default() };
        beat.seen.insert(0, at(1));
        assert!(!beat.is_ready(at(5)), "the other may still come");
        beat.told = Some(at(21));
        assert!(beat.is_ready(at(21)) && beat.is_alive(at(21)));
    }
}
