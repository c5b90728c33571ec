//! What holds of all that people asked for, as other programs read it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::mirror::Shared;
use super::report::WallState;
use crate::clock::Time;
use crate::control::power::{PanelNow, PanelState, Wanted, wanted};
use crate::control::stage::{Reason, Stage};
use crate::control::{Banner, Override, State, Weight, Who, standing};
use crate::layout::adoption::Adoption;
use crate::layout::panel::PanelSpec;
use crate::layout::power::PowerSpec;
use crate::layout::rundown::Rundown;
use crate::layout::vacancies::Offer;
use crate::layout::wall::Scene;
use crate::layout::window::Window;
use crate::pulse::snapshot::Alert;

/// Most alerts that are listed.
const ALERTS: usize = 50;

/// `GET /control/state`, and each event of `GET /control/events`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ControlReport {
    /// Grows with every command.
    serial: u64,
    /// The wall's clock, RFC 3339.
    at: String,
    /// Name of the wall.
    wall: String,
    /// Names of its displays, for `/frame/NAME.jpg`.
    displays: Vec<String>,
    /// What is on the wall; absent where it has no scene.
    scene: Option<SceneNow>,
    /// All scenes, in the order in which they take turns.
    scenes: Vec<SceneName>,
    /// The mode that is on; absent where the layout defines none.
    mode: Option<ModeNow>,
    /// Names of all modes.
    modes: Vec<String>,
    /// The one time window of all tiles that can show it.
    window: Option<WindowNow>,
    /// One text is alone on every display.
    spotlight: Option<SpotlightNow>,
    /// A past time is played.
    rewind: Option<RewindNow>,
    banner: Option<BannerNow>,
    /// Every display is black.
    black: Option<Until>,
    /// Every display shows which one it is.
    identify: Option<Until>,
    /// Panels of displays, in the order of the layout; empty where the layout has none.
    panels: Vec<PanelReport>,
    /// Monitors that no display uses, for displays that have none: for `adopt`.
    offers: Vec<OfferNow>,
    /// Displays that were given another monitor in place of their own: for `release`.
    adopted: Vec<AdoptedNow>,
    /// Alerts that stand and nobody has taken on yet come first.
    alerts: Vec<AlertNow>,
    health: HealthNow,
    /// What the operator should know.
    problems: Vec<String>,
    /// What is asked for survives a restart.
    kept: bool,
    /// Whoever asked.
    you: Option<Who>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SceneName {
    name: String,
    title: Option<String>,
    /// It takes turns with others in the mode that is on.
    turns: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ModeNow {
    name: String,
    /// Who chose it; absent where the schedule did.
    by: Option<String>,
    /// When the schedule applies again; absent where it does.
    until: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SceneNow {
    name: String,
    title: Option<String>,
    /// Its place among the scenes, from 0.
    index: usize,
    /// Who chose it; absent where the schedule did.
    by: Option<String>,
    /// An alert brought it, and it stays until that ends or is acknowledged.
    alert: bool,
    /// It is held.
    held: bool,
    /// When it came; RFC 3339, as all times here.
    since: String,
    /// When the schedule applies again, or the next scene comes; absent where nothing changes.
    until: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct RewindNow {
    from: String,
    to: String,
    speed: f32,
    #[serde(flatten)]
    until: Until,
}

#[derive(Debug, Serialize, JsonSchema)]
struct SpotlightNow {
    /// Its uid.
    mention: String,
    #[serde(flatten)]
    until: Until,
}

#[derive(Debug, Serialize, JsonSchema)]
struct WindowNow {
    window: Window,
    #[serde(flatten)]
    until: Until,
}

#[derive(Debug, Serialize, JsonSchema)]
struct BannerNow {
    text: String,
    severity: Weight,
    #[serde(flatten)]
    until: Until,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Until {
    by: String,
    since: String,
    until: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct PanelReport {
    display: String,
    /// `on`, `off`, `warming up`, `cooling down`, `resting` or `unknown`.
    state: &'static str,
    /// It should be off.
    rests: bool,
    /// Who asked for that; absent where the plan applies.
    by: Option<String>,
    /// When the plan applies again, or next switches it; absent where nothing changes.
    until: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct OfferNow {
    display: String,
    /// The connector.
    monitor: String,
    /// Make, model, serial number and connector, in words.
    words: String,
    /// How it differs from what the layout says of the display, in words.
    differs: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AdoptedNow {
    display: String,
    /// Make, model, serial number and connector at that time, in words.
    monitor: String,
    /// What the `match` of the display needs for the same, as in a layout.
    entry: String,
    by: String,
    since: String,
    /// The display is shown there now; else its own monitor is there, or this one is not.
    used: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct AlertNow {
    /// For `acknowledge`.
    id: u64,
    label: String,
    severity: &'static str,
    standing: &'static str,
    since: String,
    owner: Option<String>,
    action: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct HealthNow {
    ok: bool,
    words: String,
}

impl ControlReport {
    pub(super) fn new(shared: &Shared, you: Option<&Who>) -> Self {
        let (desk, wall) = (&shared.desk, WallState::read(shared));
        let (state, rundown) = (desk.state(), desk.rundown());
        let WallState { mirrored, snapshot, now, .. } = &wall;
        let now = *now;
        let mut alerts: Vec<&Alert> = snapshot.alerts.iter().filter(|alert| alert.is_live()).collect();
        alerts.sort_by_key(|alert| (alert.acknowledged.is_some(), std::cmp::Reverse(alert.severity)));
        let health = wall.health();
        let stage = Stage::at(&rundown, &state, &snapshot.alerts, now);
        let name = |(index, scene): (usize, &Scene)| SceneName {
            name: scene.name.clone(),
            title: scene.title.clone(),
            turns: rundown.takes_turns(index, stage.mode),
        };
        Self {
            serial: desk.serial(),
            at: stamp(now),
            wall: mirrored.name.clone(),
            displays: mirrored.panes.iter().map(|pane| pane.display.name.clone()).collect(),
            scene: scene(&state, &rundown, &stage, now),
            scenes: rundown.scenes.iter().enumerate().map(name).collect(),
            mode: stage.mode.and_then(|mode| rundown.modes.get(mode)).map(|mode| {
                let chosen = standing(&state.mode, now).filter(|kept| kept.what == mode.name);
                let until = chosen.map(|kept| stamp(kept.until));
                ModeNow { name: mode.name.clone(), by: chosen.map(|kept| kept.by.clone()), until }
            }),
            modes: rundown.modes.iter().map(|mode| mode.name.clone()).collect(),
            window: standing(&state.window, now)
                .map(|kept| WindowNow { window: kept.what, until: Until::new(kept) }),
            spotlight: standing(&state.spotlight, now)
                .map(|kept| SpotlightNow { mention: kept.what.clone(), until: Until::new(kept) }),
            rewind: standing(&state.rewind, now).map(|kept| RewindNow {
                from: stamp(kept.what.from),
                to: stamp(kept.what.to),
                speed: kept.what.speed,
                until: Until::new(kept),
            }),
            banner: standing(&state.banner, now).map(BannerNow::new),
            black: standing(&state.black, now).map(Until::new),
            identify: standing(&state.identify, now).map(Until::new),
            panels: panels(&wall.panels, &state, &rundown.power, now),
            offers: wall.monitors.offers.iter().map(OfferNow::new).collect(),
            adopted: wall.monitors.accepted.iter().map(AdoptedNow::new).collect(),
            alerts: alerts.into_iter().take(ALERTS).map(AlertNow::new).collect(),
            health: HealthNow { ok: health.is_ok(), words: health.unwrap_or_else(|words| words) },
            problems: wall.problems(),
            kept: desk.is_kept(),
            you: you.cloned(),
        }
    }
}

fn panels(
    known: &BTreeMap<String, PanelNow>,
    state: &State,
    power: &PowerSpec,
    now: Time,
) -> Vec<PanelReport> {
    let panel = |(display, _): &(String, PanelSpec)| {
        let Wanted { rests, by, until, .. } = wanted(power, state, display, now);
        let state = known.get(display).map_or(PanelState::Unknown, |panel| panel.state).word();
        let until = until.or_else(|| power.turns(display, now)).map(stamp);
        PanelReport { display: display.clone(), state, rests, by, until }
    };
    power.panels.iter().map(panel).collect()
}

fn scene(state: &State, rundown: &Rundown, stage: &Stage, now: Time) -> Option<SceneNow> {
    let scene = rundown.scenes.get(stage.scene)?;
    let chosen = state.scene.as_ref().filter(|_| stage.why == Reason::Chosen);
    let until = match stage.why {
        Reason::Alert => None,
        Reason::Chosen => chosen.map(|kept| kept.until),
        Reason::Rundown => {
            let mode = standing(&state.mode, now).map(|kept| kept.until);
            let turn = rundown.until(state.chosen_mode(&rundown.modes, now), now);
            turn.into_iter().chain(mode).min()
        }
    };
    Some(SceneNow {
        name: scene.name.clone(),
        title: scene.title.clone(),
        index: stage.scene,
        by: chosen.map(|kept| kept.by.clone()),
        alert: stage.why == Reason::Alert,
        held: chosen.is_some_and(|kept| kept.what.held),
        since: stamp(stage.since),
        until: until.map(stamp),
    })
}

impl BannerNow {
    fn new(kept: &Override<Banner>) -> Self {
        let Banner { text, severity } = kept.what.clone();
        Self { text, severity, until: Until::new(kept) }
    }
}

impl Until {
    fn new<T>(kept: &Override<T>) -> Self {
        Self { by: kept.by.clone(), since: stamp(kept.since), until: stamp(kept.until) }
    }
}

impl OfferNow {
    fn new(offer: &Offer) -> Self {
        let Offer { display, connector, words, differs, .. } = offer.clone();
        Self { display, monitor: connector, words, differs }
    }
}

impl AdoptedNow {
    fn new((adoption, used): &(Adoption, bool)) -> Self {
        let Adoption { display, monitor, words, by, since } = adoption.clone();
        Self { display, monitor: words, entry: monitor.to_string(), by, since: stamp(since), used: *used }
    }
}

impl AlertNow {
    fn new(alert: &Alert) -> Self {
        Self {
            id: alert.id,
            label: alert.label.to_string(),
            severity: alert.severity.word(),
            standing: alert.standing(),
            since: stamp(alert.since),
            owner: alert.owner.as_deref().map(str::to_owned),
            action: alert.action.as_deref().map(str::to_owned),
        }
    }
}

/// RFC 3339.
pub(super) fn stamp(at: Time) -> String {
    Timestamp::from_microsecond(at.as_micros()).map(|at| at.to_string()).unwrap_or_default()
}
