//! What the frame and the browsers share: the newest picture of each display, who is looking, and
//! how the frames come.

use std::io;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arc_swap::ArcSwap;
use axum::body::Bytes;
use tokio::sync::watch;

use super::access::Access;
use super::jpeg;
use super::status::FrameStatus;
use super::still::{Still, Stillness};
use crate::bitmap::Bitmap;
use crate::clock::{Clock, Instant, Time};
use crate::control::Desk;
use crate::geometry::Rect;
use crate::layout::wall::{Audience, Display, Wall};

/// Pictures a second of one display, at most.
pub const FPS: i64 = 10;

/// Time between two pictures of one display, nanoseconds.
const INTERVAL_NS: i64 = 1_000_000_000 / FPS;

/// How long after the last question somebody still counts as looking: the longest wait for an
/// answer and three seconds.
const LOOKING: Duration = Duration::from_secs(8);

/// The wall's picture for browsers. Cheap to clone; all clones are the same mirror.
#[derive(Clone)]
pub struct Mirror {
    pub(super) shared: Arc<Shared>,
    /// Wakes the worker, which ends when the last mirror is gone.
    bell: SyncSender<()>,
}

pub(super) struct Shared {
    pub clock: Clock,
    pub status: ArcSwap<FrameStatus>,
    pub mirrored: ArcSwap<MirroredWall>,
    pub desk: Arc<Desk>,
    pub access: Arc<Access>,
    /// Grows by one with every encoded picture and every new wall.
    pub changes: watch::Sender<u64>,
}

/// The wall that is being mirrored.
#[derive(Default)]
pub(super) struct MirroredWall {
    pub name: String,
    pub bounds: Rect,
    pub audience: Audience,
    /// Names of its topics.
    pub topics: Vec<String>,
    /// What people wrote waits at a gate.
    pub has_gate: bool,
    pub panes: Vec<Arc<MirroredDisplay>>,
}

/// One display of it.
pub(super) struct MirroredDisplay {
    pub display: Display,
    /// When a browser last asked for it.
    asked: AtomicI64,
    /// The interval in which a picture was last taken.
    taken: AtomicI64,
    raw: Mutex<Option<(u64, Bitmap)>>,
    /// Kept while the display is the same, whatever becomes of the wall.
    pub still: Arc<Mutex<Stillness>>,
    pub shown: watch::Sender<Option<Arc<Encoded>>>,
    pub rate: Mutex<FrameRate>,
}

/// A picture ready for the browser.
pub(super) struct Encoded {
    /// The frame's number, as [`Mirror::put`] was given it.
    pub n: u64,
    pub jpeg: Bytes,
}

/// Frames of one display that were seen, counted by the second of the monotonic clock.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FrameRate {
    pub last: Option<Instant>,
    pub total: u64,
    first: Option<Instant>,
    second: u64,
    in_this: u32,
    in_last: u32,
}

impl Mirror {
    /// A mirror of no wall yet, and its worker. Fails when no thread can be started.
    pub fn new(clock: Clock, desk: Arc<Desk>) -> io::Result<Self> {
        let (bell, woken) = mpsc::sync_channel(1);
        let access = Arc::new(Access::new(clock.clone()));
        let shared = Arc::new(Shared {
            clock,
            status: ArcSwap::default(),
            mirrored: ArcSwap::default(),
            desk,
            access,
            changes: watch::Sender::new(0),
        });
        let worker = shared.clone();
        std::thread::Builder::new().name("mirror".into()).spawn(move || work(&worker, &woken))?;
        Ok(Self { shared, bell })
    }

    /// Says which wall it is, at the start and after every change of the layout. The displays'
    /// places in [`Wall::displays`] are the indices of all other calls.
    pub fn set_wall(&self, wall: &Wall) {
        self.shared.access.set(&wall.remote);
        let before = self.shared.mirrored.load();
        let pane = |display: &Display| {
            let same = before.panes.iter().find(|pane| pane.display == *display);
            let still = same.map(|pane| pane.still.clone()).unwrap_or_default();
            Arc::new(MirroredDisplay { still, ..MirroredDisplay::new(display.clone()) })
        };
        let panes = wall.displays.iter().map(pane).collect();
        let topics = wall.topics.iter().map(|topic| topic.name.clone()).collect();
        let (name, bounds, audience) = (wall.name.clone(), wall.bounds(), wall.audience);
        let has_gate = wall.gate.is_some();
        let mirrored = MirroredWall { name, bounds, audience, topics, has_gate, panes };
        self.shared.mirrored.store(Arc::new(mirrored));
        self.shared.changes.send_modify(|serial| *serial += 1);
    }

    /// Tells the operator a code by which one phone can sign in, and another one when it was used.
    pub fn announce_codes(&self, announce: fn(&str)) {
        self.shared.access.announce_codes(announce);
    }

    /// Says how the wall is shown; call it when that changes, and about once a second.
    pub fn set_status(&self, status: FrameStatus) {
        self.shared.status.store(Arc::new(status));
    }

    /// Counts a frame of `display` that was seen at `at`: acknowledged by the window system, or drawn
    /// into a texture where there is none.
    pub fn seen(&self, display: usize, at: Instant) {
        if let Some(pane) = self.shared.mirrored.load().panes.get(display) {
            locked(&pane.rate).beat(at);
        }
    }

    /// True when somebody looks at `display`, picture `n` is not there yet and it is time for
    /// one: at most [`FPS`] times a second, at another moment for each display. `n` is a number
    /// that changes with the display's picture. Also now and then to see what stands still. The caller
    /// is then expected to [`Mirror::put`] it.
    pub fn wanted(&self, display: usize, n: u64, now: Time) -> bool {
        let mirrored = self.shared.mirrored.load();
        let count = mirrored.panes.len().max(1) as i64;
        let Some(pane) = mirrored.panes.get(display) else { return false };
        let is_due = locked(&pane.still).is_due(self.shared.clock.instant());
        is_due || pane.wants(n, now, INTERVAL_NS * display as i64 / count)
    }

    /// True while somebody looks at `display`.
    pub fn is_watched(&self, display: usize, now: Time) -> bool {
        self.shared.mirrored.load().panes.get(display).is_some_and(|pane| pane.is_looked_at(now))
    }

    /// Hands over picture `n` of `display`. Returns at once; a picture that still waited to be
    /// encoded is dropped for it.
    pub fn put(&self, display: usize, n: u64, picture: Bitmap) {
        if let Some(pane) = self.shared.mirrored.load().panes.get(display) {
            *locked(&pane.raw) = Some((n, picture));
            // A full bell has been rung already.
            let _ = self.bell.try_send(());
        }
    }
}

impl MirroredDisplay {
    fn new(display: Display) -> Self {
        Self {
            display,
            asked: AtomicI64::new(i64::MIN),
            taken: AtomicI64::new(i64::MIN),
            raw: Mutex::default(),
            still: Arc::default(),
            shown: watch::Sender::new(None),
            rate: Mutex::default(),
        }
    }

    /// Notes that a browser wants to see this display. A picture from before anybody looked is
    /// forgotten, so that nobody takes it for the present.
    pub fn ask(&self, now: Time) {
        if !self.is_looked_at(now) {
            self.shown.send_replace(None);
        }
        self.asked.store(now.0, Ordering::Relaxed);
    }

    fn is_looked_at(&self, now: Time) -> bool {
        // Unsigned, so that a clock set back does not make an old question a coming one.
        now.0.abs_diff(self.asked.load(Ordering::Relaxed)) < LOOKING.as_nanos() as u64
    }

    fn wants(&self, n: u64, now: Time, offset_ns: i64) -> bool {
        let interval = now.0.saturating_add(offset_ns).div_euclid(INTERVAL_NS);
        let due = self.is_looked_at(now)
            && self.taken.load(Ordering::Relaxed) != interval
            && self.newest() != Some(n)
            && locked(&self.raw).is_none();
        if due {
            self.taken.store(interval, Ordering::Relaxed);
        }
        due
    }

    /// Number of the picture that browsers get.
    pub fn newest(&self) -> Option<u64> {
        self.shown.borrow().as_ref().map(|encoded| encoded.n)
    }

    /// Encodes the picture that waits; true when there was one and it is ready. `lit` is when it is
    /// seen on the panel, unless that rests.
    fn encode(&self, lit: Option<Instant>) -> bool {
        let Some((n, picture)) = locked(&self.raw).take() else { return false };
        let news = match (locked(&self.still), lit) {
            (mut still, Some(at)) => still.take(&picture, at),
            (mut still, None) => {
                still.forget();
                None
            }
        };
        news.iter().for_each(|still| tell(&self.display.name, still));
        match jpeg::encode(&picture) {
            Ok(jpeg) => {
                self.shown.send_replace(Some(Arc::new(Encoded { n, jpeg: jpeg.into() })));
                true
            }
            Err(error) => {
                tracing::warn!(display = %self.display.name, %error, "cannot make a picture for the mirror");
                false
            }
        }
    }
}

impl FrameRate {
    fn beat(&mut self, now: Instant) {
        let second = second_of(*self.first.get_or_insert(now), now);
        if second != self.second {
            self.in_last = if second == self.second + 1 { self.in_this } else { 0 };
            (self.second, self.in_this) = (second, 0);
        }
        self.in_this += 1;
        self.total += 1;
        self.last = Some(now);
    }

    /// Frames in the last whole second.
    pub fn fps(&self, now: Instant) -> u32 {
        let Some(first) = self.first else { return 0 };
        match second_of(first, now).saturating_sub(self.second) {
            0 => self.in_last,
            1 => self.in_this,
            _ => 0,
        }
    }
}

fn second_of(first: Instant, now: Instant) -> u64 {
    now.saturating_duration_since(first).as_secs()
}

fn tell(name: &str, still: &Still) {
    let Still { seconds, percent, place } = still;
    tracing::info!(
        "display {name} has shown the same on {percent:.1} % of its surface for {} h, most of it at the {place}; \
         its panel is spared by `pixel_shift` in [wall], other scenes, or rest",
        seconds / 3_600
    );
}

fn work(shared: &Shared, woken: &Receiver<()>) {
    while woken.recv().is_ok() {
        let mirrored = shared.mirrored.load_full();
        for (i, pane) in mirrored.panes.iter().enumerate() {
            let lit = (!shared.status.load().excused.contains(&i)).then(|| shared.clock.instant());
            if pane.encode(lit) {
                shared.changes.send_modify(|serial| *serial += 1);
            }
        }
    }
}

/// The lock's content, also after a panic elsewhere: every content here is whole at any time.
pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pane() -> MirroredDisplay {
        let display = Display {
            name: "left".into(),
            rect: Rect::new(0.0, 0.0, 941.0, 529.0),
            pixels: (1920, 1080),
            rotate: Default::default(),
            matches: Vec::new(),
            if_missing: Default::default(),
            adopted: None,
        };
        MirroredDisplay::new(display)
    }

    /// Frames in `secs` seconds at 60 Hz at which the pane wants a picture.
    fn captures(pane: &MirroredDisplay, from: Time, secs: i64, offset: i64) -> usize {
        (0..secs * 60)
            .filter(|i| pane.wants(*i as u64, from + Duration::from_nanos(*i as u64 * 16_666_667), offset))
            .count()
    }

    #[test]
    fn nothing_is_captured_when_nobody_looks() {
        assert_eq!(captures(&pane(), Time::from_secs(1_000), 5, 0), 0);
    }

    #[test]
    fn ten_a_second_while_somebody_looks_then_none() {
        let (pane, start) = (pane(), Time::from_secs(1_000));
        pane.ask(start);
        assert_eq!(captures(&pane, start, 5, 0), 50);
        assert_eq!(captures(&pane, start + LOOKING, 5, 0), 0);
    }

    #[test]
    fn a_clock_set_back_does_not_keep_it_busy_or_blind() {
        let (pane, start) = (pane(), Time::from_secs(1_000_000));
        pane.ask(start);
        assert_eq!(captures(&pane, start, 1, 0), 10);
        let back = start - Duration::from_secs(3_600);
        assert_eq!(captures(&pane, back, 1, 0), 0);
        pane.ask(back);
        assert_eq!(captures(&pane, back, 1, 0), 10);
    }

    #[test]
    fn displays_are_captured_at_different_frames() {
        let start = Time::from_secs(1_000);
        let firsts: Vec<_> = (0..3)
            .map(|i| {
                let pane = pane();
                pane.ask(start);
                pane.wants(0, start, INTERVAL_NS * i / 3);
                let frames = (1..20).map(|f| start + Duration::from_millis(f * 10));
                frames.take_while(|now| !pane.wants(1, *now, INTERVAL_NS * i / 3)).count()
            })
            .collect();
        assert!(firsts[0] > firsts[1] && firsts[1] > firsts[2], "{firsts:?}");
    }

    #[test]
    fn the_same_picture_is_not_taken_twice_and_an_old_one_is_forgotten() {
        let (pane, start) = (pane(), Time::from_secs(1_000));
        pane.ask(start);
        pane.shown.send_replace(Some(Arc::new(Encoded { n: 7, jpeg: Bytes::new() })));
        assert!(!pane.wants(7, start, 0));
        assert!(pane.wants(8, start, 0));
        pane.ask(start + Duration::from_secs(5));
        assert_eq!(pane.newest(), Some(7));
        pane.ask(start + Duration::from_secs(60));
        assert_eq!(pane.newest(), None);
    }

    #[test]
    fn frames_are_counted_by_the_second() {
        let mut rate = FrameRate::default();
        let start = Clock::system().instant();
        for i in 0..90 {
            rate.beat(start + Duration::from_nanos(i * 16_666_667));
        }
        assert_eq!(rate.fps(start + Duration::from_millis(1_500)), 60);
        assert_eq!(rate.fps(start + Duration::from_secs(9)), 0);
    }
}
