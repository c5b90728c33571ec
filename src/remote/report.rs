//! What the mirror says about the wall beside its pictures: `wall.json` and `health`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::duration::words;
use super::feed_report::{self, FeedReport};
use super::mirror::{MirroredDisplay, MirroredWall, Shared, locked};
use super::on_call::OnCallReport;
use super::stats::{self, StatsReport};
use super::status::FrameStatus;
use super::still::Still;
use crate::clock::{Instant, Time};
use crate::control::adoptions::MonitorsNow;
use crate::control::backlight::BacklightNow;
use crate::control::power::PanelNow;
use crate::pulse::snapshot::{Recording, Snapshot};

/// A display that has not been seen for so long has stopped. By the monotonic clock.
const FROZEN: Duration = Duration::from_secs(5);

/// `wall.json`.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    name: String,
    /// Left, top, width, height in wall millimetres.
    bounds_mm: [f32; 4],
    displays: Vec<DisplayReport>,
    scene: Arc<str>,
    title: Option<Arc<str>>,
    feeds: Vec<FeedReport>,
    #[serde(flatten)]
    stats: StatsReport,
    #[serde(flatten)]
    on_call: OnCallReport,
    problems: Vec<String>,
    /// Frames seen in the last second of the slowest display that is there and does not rest.
    fps: u32,
    /// The same as `health` answers.
    health: HealthReport,
}

#[derive(Debug, Serialize)]
struct HealthReport {
    ok: bool,
    words: String,
}

#[derive(Debug, Serialize)]
struct DisplayReport {
    name: String,
    rect_mm: [f32; 4],
    /// As it hangs.
    pixels: (u32, u32),
    /// False when it has no monitor now.
    present: bool,
    /// What its panel does; absent where the layout has none for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    power: Option<PowerReport>,
    /// How bright its panel is, where its backlight is dimmed; absent where it is not, or does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    brightness: Option<BrightnessReport>,
    fps: u32,
    /// Milliseconds since a frame of it was last seen: acknowledged by the window system, or drawn
    /// where there is none. Absent before the first. A display at rest shows a frame about once a second.
    drawn_ms_ago: Option<u128>,
    /// What has stood still for hours, where panels keep traces of it. Absent where nothing has, or it
    /// was not looked at for so long.
    #[serde(skip_serializing_if = "Option::is_none")]
    still: Option<Still>,
}

/// The panel of a display.
#[derive(Debug, Serialize)]
struct PowerReport {
    /// `on`, `off`, `warming up`, `cooling down`, `resting` (off, as it should be) or `unknown`.
    state: &'static str,
    /// It should be off.
    rests: bool,
}

/// The brightness of a panel, as its monitor counts.
#[derive(Debug, Serialize)]
struct BrightnessReport {
    level: u16,
    /// The highest that it has.
    of: u16,
}

/// How the wall stands, read once: all that one answer says agrees with itself.
pub(super) struct WallState {
    pub mirrored: Arc<MirroredWall>,
    pub status: Arc<FrameStatus>,
    pub snapshot: Arc<Snapshot>,
    /// By the names of their displays.
    pub panels: Arc<BTreeMap<String, PanelNow>>,
    pub backlights: Arc<BTreeMap<String, BacklightNow>>,
    /// What is offered to displays without a monitor, and what they have accepted.
    pub monitors: MonitorsNow,
    pub now: Time,
    pub at: Instant,
}

impl WallState {
    pub fn read(shared: &Shared) -> Self {
        Self {
            mirrored: shared.mirrored.load_full(),
            status: shared.status.load_full(),
            snapshot: shared.desk.snapshot().load_full(),
            panels: shared.desk.panels().now(),
            backlights: shared.desk.panels().backlights().now(),
            monitors: shared.desk.monitors(),
            now: shared.clock.now(),
            at: shared.clock.instant(),
        }
    }

    /// What the operator should know, in words.
    pub fn problems(&self) -> Vec<String> {
        let Self { mirrored, status, snapshot, panels, backlights, monitors, now, at } = self;
        not_seen(mirrored, status, *at)
            .chain(status.notice.iter().cloned())
            .chain(stats::troubles(snapshot))
            .chain(status.problems.iter().cloned())
            .chain(monitors.problems())
            .chain(panels.values().filter_map(|panel| panel.problem.clone()))
            .chain(backlights.values().filter_map(|backlight| backlight.problem.clone()))
            .chain(feed_report::troubles(&snapshot.feeds, *now))
            .collect()
    }

    /// `Ok` when the wall is well; both sides in words.
    pub fn health(&self) -> Result<String, String> {
        health(&self.mirrored, &self.status, &self.snapshot.recording, (self.at, self.now))
    }
}

impl Report {
    pub fn new(shared: &Shared) -> Self {
        let state = WallState::read(shared);
        let WallState { mirrored, status, snapshot, panels, backlights, now, at, .. } = &state;
        let display = |(i, pane): (usize, &Arc<MirroredDisplay>)| {
            let (panel, backlight) = (panels.get(&pane.display.name), backlights.get(&pane.display.name));
            DisplayReport::new(pane, !status.absent.contains(&i), (panel, backlight), *at)
        };
        let displays: Vec<_> = mirrored.panes.iter().enumerate().map(display).collect();
        let is_drawn = |i: &usize| !status.absent.contains(i) && !status.excused.contains(i);
        let drawn = (0..displays.len()).filter(is_drawn);
        Self {
            name: mirrored.name.clone(),
            bounds_mm: [mirrored.bounds.x, mirrored.bounds.y, mirrored.bounds.w, mirrored.bounds.h],
            fps: drawn.map(|i| displays[i].fps).min().unwrap_or(0),
            displays,
            scene: status.scene.clone(),
            title: status.title.clone(),
            feeds: snapshot.feeds.iter().map(|feed| FeedReport::new(feed, *now)).collect(),
            stats: StatsReport::new(snapshot, status.journal, &mirrored.topics, *now),
            on_call: OnCallReport::new(snapshot, &mirrored.topics, *now),
            problems: state.problems(),
            health: HealthReport::new(state.health()),
        }
    }
}

impl HealthReport {
    fn new(health: Result<String, String>) -> Self {
        Self { ok: health.is_ok(), words: health.unwrap_or_else(|words| words) }
    }
}

/// `Ok` when every display that is there and does not rest was seen within [`FROZEN`]; both sides in words. That
/// nothing is recorded is told and does not count: a wall that is started anew for it would lose
/// what it has in memory.
fn health(
    mirrored: &MirroredWall,
    status: &FrameStatus,
    recording: &Recording,
    (at, now): (Instant, Time),
) -> Result<String, String> {
    let resting = (0..mirrored.panes.len()).filter(|i| status.excused.contains(i)).count();
    let is_expected = |i: &usize| !status.absent.contains(i) && !status.excused.contains(i);
    let expected = (0..mirrored.panes.len()).filter(is_expected).count();
    let stopped: Vec<String> = not_seen(mirrored, status, at).collect();
    if stopped.is_empty() && expected == 0 && resting == 0 {
        return Err("there is no display to draw on".into());
    }
    if stopped.is_empty() {
        let are = |count, do_what| match count {
            1 => format!("1 display is {do_what}"),
            _ => format!("{count} displays are {do_what}"),
        };
        let drawn = (expected > 0).then(|| are(expected, "being drawn"));
        let resting = (resting > 0).then(|| are(resting, "resting"));
        let unkept = matches!(recording, Recording::Failed { .. });
        let unkept = unkept.then(|| stats::recording(recording, now));
        Ok([drawn, resting, unkept].into_iter().flatten().collect::<Vec<_>>().join("; "))
    } else {
        Err(stopped.join("; "))
    }
}

/// In words: why nothing is shown, and which displays are not seen.
fn not_seen<'a>(
    mirrored: &'a MirroredWall,
    status: &'a FrameStatus,
    at: Instant,
) -> impl Iterator<Item = String> + 'a {
    let is_there = |i: &usize| !status.absent.contains(i) && !status.excused.contains(i);
    let there = (0..mirrored.panes.len()).filter(move |i| status.outage.is_none() && is_there(i));
    let stopped = there.filter_map(move |i| {
        let unseen = status.unseen.iter().find(|(display, _)| *display == i);
        stopped(&mirrored.panes[i], unseen.map(|(_, length)| *length), at)
    });
    status.outage.iter().cloned().chain(stopped)
}

fn stopped(pane: &MirroredDisplay, unseen: Option<Duration>, at: Instant) -> Option<String> {
    let name = &pane.display.name;
    let silent = locked(&pane.rate).last.map(|last| at.saturating_duration_since(last));
    match (unseen, silent) {
        (Some(length), _) => {
            let length = words(length.max(silent.unwrap_or_default()));
            Some(format!(
                "display {name} is not being shown: the window system has presented no frame for {length}"
            ))
        }
        (None, None) => Some(format!("display {name} has not been drawn yet")),
        (None, Some(length)) if length >= FROZEN => {
            Some(format!("display {name} has not been drawn for {}", words(length)))
        }
        (None, Some(_)) => None,
    }
}

impl DisplayReport {
    fn new(
        pane: &MirroredDisplay,
        present: bool,
        (panel, backlight): (Option<&PanelNow>, Option<&BacklightNow>),
        at: Instant,
    ) -> Self {
        let (rate, rect) = (*locked(&pane.rate), pane.display.rect);
        Self {
            name: pane.display.name.clone(),
            rect_mm: [rect.x, rect.y, rect.w, rect.h],
            pixels: pane.display.pixels,
            present,
            power: panel.map(|panel| PowerReport { state: panel.state.word(), rests: panel.rests }),
            brightness: backlight
                .and_then(|backlight| backlight.level)
                .map(|(level, of)| BrightnessReport { level, of }),
            fps: rate.fps(at),
            still: locked(&pane.still).still(),
            drawn_ms_ago: rate.last.map(|last| at.saturating_duration_since(last).as_millis()),
        }
    }
}
