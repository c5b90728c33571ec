//! Whether the clock may say what is too old. A machine that starts with a wrong one, or whose clock
//! leaps, must not empty its journal.
//!
//! By a clock that leapt, or that is more than a day off what was last believed, nothing is too old
//! before it has gone on so for a day of the monotonic clock. What is believed stays in the journal,
//! because mentions that came under a wrong clock would bear it out.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension as _, params};

use super::schema::open_to_read;
use crate::clock::{Clock, Instant, Time};

type Sql<T> = rusqlite::Result<T>;

/// What the wall's longest window needs, and the shortest that is kept while there is room.
pub(super) const DAY: Duration = Duration::from_secs(86_400);
/// How long a clock that is doubted must go on as it is.
const GRACE: Duration = DAY;
/// A leap below this moves no day.
const LEAP: Duration = Duration::from_secs(60);
/// From one note of what is believed to the next.
const SAVE_EVERY: Duration = Duration::from_secs(600);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// The last time that was believed, and when it was.
    believed: Option<(Time, Instant)>,
    /// For how long a clock that is too far off has gone on so.
    waited: Duration,
    looked: Option<Instant>,
    saved: Option<Instant>,
    /// It is too far off.
    off: bool,
    /// Why nothing is too old.
    doubt: Option<String>,
}

impl Trust {
    /// Why nothing is too old for now, in words.
    pub fn doubt(&self) -> Option<&str> {
        self.doubt.as_deref()
    }

    /// Whether the clock is so far off that what is noted by it may be of another time.
    pub fn is_off(&self) -> bool {
        self.off && self.doubt.is_some()
    }

    /// Whether what is too old by this clock may go; to be asked now and then.
    pub fn may_forget(&mut self, conn: &Connection, clock: &Clock) -> Sql<bool> {
        // In this order: the first notices leaps.
        let (now, instant) = (clock.now(), clock.instant());
        let (believed, at) = match self.believed {
            Some(known) => known,
            None => (self.load(conn)?.unwrap_or(now), instant),
        };
        let expected = believed + instant.saturating_duration_since(at);
        let passed = self.looked.replace(instant).map(|at| instant.saturating_duration_since(at));
        self.off = apart(now, expected) > DAY;
        self.waited = if self.off { self.waited + passed.unwrap_or_default() } else { Duration::ZERO };
        let before = self.doubt.take();
        self.doubt = doubt(leapt(clock, instant), (now, expected), self.waited);
        let may = self.doubt.is_none();
        self.believed = Some(if may || !self.off { (now, instant) } else { (expected, instant) });
        let is_due = self.saved.is_none_or(|at| instant.saturating_duration_since(at) >= SAVE_EVERY);
        if is_due || may != before.is_none() {
            self.saved = Some(instant);
            self.save(conn)?;
            self.say(before.is_some());
        }
        Ok(may)
    }

    fn say(&self, doubted: bool) {
        match &self.doubt {
            Some(doubt) if !doubted => tracing::warn!("{doubt}"),
            None if doubted => tracing::info!("the journal trusts this machine's clock again"),
            _ => {}
        }
    }

    /// What was believed last; of a journal that does not say, when its last mention arrived.
    fn load(&mut self, conn: &Connection) -> Sql<Option<Time>> {
        let meta = |name| {
            let sql = "SELECT value FROM meta WHERE name = ?1";
            conn.query_row(sql, [name], |row| row.get::<_, i64>(0)).optional()
        };
        self.waited = Duration::from_secs(meta("waited")?.unwrap_or(0).max(0) as u64);
        let last = "SELECT received FROM mention ORDER BY seq DESC LIMIT 1";
        let believed = match meta("believed")? {
            Some(believed) => Some(believed),
            None => conn.query_row(last, [], |row| row.get(0)).optional()?,
        };
        Ok(believed.map(Time))
    }

    fn save(&self, conn: &Connection) -> Sql<()> {
        let Some((believed, _)) = self.believed else { return Ok(()) };
        let sql = "INSERT OR REPLACE INTO meta (name, value) VALUES ('believed', ?1), ('waited', ?2)";
        conn.execute(sql, params![believed.0, self.waited.as_secs() as i64]).map(drop)
    }
}

/// The last time that a journal goes by, as far as it can be read.
pub fn last_time(path: &Path) -> Option<Time> {
    if !path.exists() {
        return None;
    }
    let conn = open_to_read(path).ok()?;
    Trust::default().load(&conn).ok().flatten()
}

/// How long ago the clock leapt, if it did and that counts.
fn leapt(clock: &Clock, now: Instant) -> Option<Duration> {
    let last = clock.leaps().last.filter(|leap| leap.by_ns.unsigned_abs() > LEAP.as_nanos() as u64)?;
    let ago = now.saturating_duration_since(last.at);
    // One that was not set at all until then was no other time.
    let before = Time(clock.now().0.saturating_sub(last.by_ns));
    (ago < GRACE && before.is_plausible()).then_some(ago)
}

fn doubt(leapt: Option<Duration>, (now, expected): (Time, Time), waited: Duration) -> Option<String> {
    let nothing = |past: Duration| {
        let left = GRACE.saturating_sub(past).as_secs().div_ceil(3_600);
        format!("nothing is deleted for its age for the next {left} h")
    };
    let off = apart(now, expected);
    if off > DAY && waited < GRACE {
        let (days, which) =
            ((off.as_secs() + 3_600) / DAY.as_secs(), if now > expected { "ahead of" } else { "behind" });
        let nothing = nothing(waited);
        return Some(format!("this machine's clock is {days} days {which} the journal's: {nothing}"));
    }
    leapt.map(|ago| format!("this machine's clock was changed: {}", nothing(ago)))
}

fn apart(a: Time, b: Time) -> Duration {
    a.since(b).max(b.since(a))
}
