//! A log that is not flooded: of lines that say the same, the first few in a minute are written, and then one that says
//! how many more there were. Without it, a feed that fails at once would fill the disk in the months that a wall runs.

use std::collections::HashMap;
use std::fmt::{Debug, Write as _};
use std::hash::{DefaultHasher, Hasher as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::clock::{Clock, Instant};

/// Lines that say the same, and are written in full within a minute.
const FEW: u64 = 5;
const MINUTE: Duration = Duration::from_secs(60);
/// Different lines that are told apart; beyond them, those from one place in the program count as the same.
const MOST: usize = 256;
/// How much of a line is repeated when it is counted, characters.
const WORDS: usize = 300;
/// Time between two looks for what is to be told.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// That of the whole process.
static LIMIT: OnceLock<Arc<LogLimit>> = OnceLock::new();

/// The layer that limits the log of the whole process.
pub fn install() -> Limited {
    Limited(LIMIT.get_or_init(|| LogLimit::new(Clock::system())).clone())
}

/// Says what was held back until now, before the process ends.
pub fn last_words() {
    LIMIT.get().into_iter().for_each(|limit| {
        limit.tell(true);
    });
}

/// Counts what is logged.
pub struct LogLimit {
    clock: Clock,
    inner: Mutex<Inner>,
    is_watched: AtomicBool,
}

#[derive(Default)]
struct Inner {
    seen: HashMap<u64, Repeated>,
    /// What is to be told of minutes that are over.
    owed: Vec<Repeated>,
}

/// One line, and how often it came in its minute.
struct Repeated {
    began: Instant,
    count: u64,
    level: Level,
    words: String,
}

impl Repeated {
    /// How many were not written.
    fn more(&self) -> u64 {
        self.count.saturating_sub(FEW)
    }
}

impl LogLimit {
    pub fn new(clock: Clock) -> Arc<Self> {
        Arc::new(Self { clock, inner: Mutex::default(), is_watched: AtomicBool::new(false) })
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes a line; how often it came in this minute.
    fn note(&self, event: &Event<'_>) -> u64 {
        let mut words = Words::default();
        event.record(&mut words);
        let (now, place) = (self.clock.instant(), event.metadata().callsite());
        let mut inner = self.inner();
        let mut key = hash(&(&place, words.without_numbers()));
        if inner.seen.len() >= MOST && !inner.seen.contains_key(&key) {
            inner.end(|repeated| is_over(repeated, now));
            key = if inner.seen.len() >= MOST { hash(&place) } else { key };
        }
        if inner.seen.get(&key).is_some_and(|repeated| is_over(repeated, now))
            && let Some(over) = inner.seen.remove(&key)
        {
            inner.owed.extend(Some(over).filter(|over| over.more() > 0));
        }
        let level = *event.metadata().level();
        let fresh = || Repeated { began: now, count: 0, level, words: words.0.chars().take(WORDS).collect() };
        let repeated = inner.seen.entry(key).or_insert_with(fresh);
        repeated.count += 1;
        repeated.count
    }

    /// Says how many lines were not written in minutes that are over, or until now. Gives whether others are pending.
    pub fn tell(&self, all: bool) -> bool {
        let now = self.clock.instant();
        let (told, is_pending) = {
            let mut inner = self.inner();
            inner.end(|repeated| all || is_over(repeated, now));
            let is_pending = inner.seen.values().any(|repeated| repeated.more() > 0);
            (std::mem::take(&mut inner.owed), is_pending)
        };
        for repeated in told {
            let (more, words) = (repeated.more(), &repeated.words);
            match repeated.level {
                Level::ERROR => tracing::error!("and {more} more like this in the last minute: {words}"),
                Level::WARN => tracing::warn!("and {more} more like this in the last minute: {words}"),
                _ => tracing::info!("and {more} more like this in the last minute: {words}"),
            }
        }
        is_pending
    }

    /// Tells in a minute what is not written now.
    fn watch(self: &Arc<Self>) {
        if self.is_watched.swap(true, Ordering::AcqRel) {
            return;
        }
        let limit = self.clone();
        let work = move || {
            loop {
                std::thread::sleep(LOOK_EVERY);
                if !limit.tell(false) {
                    limit.is_watched.store(false, Ordering::Release);
                    // Another may have come in between.
                    if !limit.tell(false) || limit.is_watched.swap(true, Ordering::AcqRel) {
                        return;
                    }
                }
            }
        };
        if std::thread::Builder::new().name("fishbowl-log".into()).spawn(work).is_err() {
            self.is_watched.store(false, Ordering::Release);
        }
    }
}

impl Inner {
    /// Forgets these lines; what was not written of them is owed.
    fn end(&mut self, is_over: impl Fn(&Repeated) -> bool) {
        let over: Vec<u64> =
            self.seen.iter().filter(|(_, repeated)| is_over(repeated)).map(|(key, _)| *key).collect();
        let over = over.into_iter().filter_map(|key| self.seen.remove(&key)).filter(|over| over.more() > 0);
        self.owed.extend(over);
    }
}

fn is_over(repeated: &Repeated, now: Instant) -> bool {
    now.saturating_duration_since(repeated.began) >= MINUTE
}

fn hash(of: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// A line: its message and its fields.
#[derive(Default)]
struct Words(String);

impl Words {
    /// Counts and times differ from line to line.
    fn without_numbers(&self) -> String {
        self.0.chars().filter(|c| !c.is_ascii_digit()).collect()
    }
}

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // A String takes everything.
        let _ = match field.name() {
            "message" => write!(self.0, "{value:?} "),
            name => write!(self.0, "{name}={value:?} "),
        };
    }
}

/// The limit as a layer over what writes the log.
pub struct Limited(pub Arc<LogLimit>);

impl<S: Subscriber> Layer<S> for Limited {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        // What this module says is the end of it.
        if event.metadata().module_path() == Some(module_path!()) {
            return true;
        }
        let passes = self.0.note(event) <= FEW;
        if !passes {
            self.0.watch();
        }
        passes
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;
    use crate::clock::Time;

    #[derive(Clone, Default)]
    struct Page(Arc<Mutex<Vec<u8>>>);

    impl Write for Page {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("no one panicked").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Page {
        /// The lines since the last look.
        fn lines(&self) -> Vec<String> {
            let bytes = std::mem::take(&mut *self.0.lock().expect("no one panicked"));
            String::from_utf8(bytes).expect("it is text").lines().map(str::to_owned).collect()
        }
    }

    /// Runs `work` with a limited log.
    fn limited(json: bool, work: impl FnOnce(&Arc<LogLimit>, &Clock, &Page)) {
        let (page, clock) = (Page::default(), Clock::simulated(Time::from_secs(0)));
        let limit = LogLimit::new(clock.clone());
        // What is owed is told by the test, not by a thread.
        limit.is_watched.store(true, Ordering::Release);
        let writer = page.clone();
        let log =
            tracing_subscriber::fmt().without_time().with_ansi(false).with_writer(move || writer.clone());
        let work = || work(&limit, &clock, &page);
        match json {
            true => tracing::subscriber::with_default(
                log.json().flatten_event(true).finish().with(Limited(limit.clone())),
                work,
            ),
            false => tracing::subscriber::with_default(log.finish().with(Limited(limit.clone())), work),
        }
    }

    fn fail(n: u64) {
        tracing::warn!(feed = "news", why = %format_args!("attempt {n} failed"), "feed is down");
    }

    #[test]
    fn the_same_line_is_written_a_few_times_and_then_counted() {
        limited(false, |limit, clock, page| {
            (0..537).for_each(fail);
            tracing::error!("the disk is full");
            let lines = page.lines();
            assert_eq!(lines.len(), 6, "{lines:?}");
            assert!(lines[5].contains("the disk is full"), "another line is not held back");
            assert!(limit.tell(false), "it is pending");
            assert_eq!(page.lines().len(), 0, "the minute is not over");
            clock.set(Time::from_secs(61));
            assert!(!limit.tell(false));
            let lines = page.lines();
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(
                lines[0].contains("WARN")
                    && lines[0].contains("and 532 more like this in the last minute: feed is down"),
                "{lines:?}"
            );
            fail(1);
            assert_eq!(page.lines().len(), 1, "a new minute");
        });
    }

    #[test]
    fn a_log_in_json_stays_json_and_an_end_tells_what_is_pending() {
        limited(true, |limit, _, page| {
            (0..8).for_each(|_| tracing::error!("no graphics device"));
            limit.tell(true);
            let lines = page.lines();
            let read = |line: &String| serde_json::from_str::<serde_json::Value>(line).expect("it is JSON");
            let last = read(lines.last().expect("there are some"));
            assert_eq!((lines.len(), last["level"].as_str()), (6, Some("ERROR")), "{lines:?}");
            let message = last["message"].as_str().unwrap_or_default();
            assert!(
                message.starts_with("and 3 more like this in the last minute: no graphics device"),
                "{message}"
            );
            limit.tell(true);
            assert_eq!(page.lines().len(), 0, "told once");
        });
    }

    #[test]
    fn however_many_lines_differ_memory_is_bounded_and_nothing_is_lost() {
        limited(false, |limit, clock, page| {
            let letters = |n: u32| char::from_u32(0x4e00 + n).unwrap_or('x');
            (0..10_000).for_each(|n| tracing::warn!("gone: {}", letters(n)));
            assert!(limit.inner().seen.len() <= MOST + 1);
            let written = page.lines().len();
            assert_eq!(written, MOST + FEW as usize);
            clock.set(Time::from_secs(61));
            limit.tell(false);
            let told = page.lines();
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(told[0].contains(&format!("and {} more", 10_000 - written)), "{told:?}");
            assert_eq!(limit.inner().seen.len(), 0);
        });
    }
}
