//! What holds of all that people asked for, as other programs read it.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::mirror::Shared;
use super::report::{health_of, problems};
use crate::clock::Time;
use crate::control::{Banner, Override, State, Weight, Who, alarm, standing};
use crate::layout::cycle::scheduled;
use crate::layout::wall::Scene;
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
    banner: Option<BannerNow>,
    /// Every display is black.
    black: Option<Until>,
    /// Every display shows which one it is.
    identify: Option<Until>,
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
        let (now, desk) = (shared.clock.now(), &shared.desk);
        let (state, scenes) = (desk.state(), desk.scenes());
        let mirrored = shared.mirrored.load();
        let snapshot = desk.snapshot().load();
        let mut alerts: Vec<&Alert> = snapshot.alerts.iter().filter(|alert| alert.is_live()).collect();
        alerts.sort_by_key(|alert| (alert.acknowledged.is_some(), std::cmp::Reverse(alert.severity)));
        let (ok, words) = health_of(shared);
        Self {
            serial: desk.serial(),
            at: stamp(now),
            wall: mirrored.name.clone(),
            displays: mirrored.panes.iter().map(|pane| pane.display.name.clone()).collect(),
            scene: scene(&state, &scenes, &snapshot.alerts, now),
            scenes: scenes
                .iter()
                .map(|s| SceneName { name: s.name.clone(), title: s.title.clone() })
                .collect(),
            banner: standing(&state.banner, now).map(BannerNow::new),
            black: standing(&state.black, now).map(Until::new),
            identify: standing(&state.identify, now).map(Until::new),
            alerts: alerts.into_iter().take(ALERTS).map(AlertNow::new).collect(),
            health: HealthNow { ok, words },
            problems: problems(shared),
            kept: desk.is_kept(),
            you: you.cloned(),
        }
    }
}

fn scene(state: &State, scenes: &[Scene], alerts: &[Alert], now: Time) -> Option<SceneNow> {
    let brought = alarm::brought(scenes, state, alerts, now);
    let index = brought.map_or_else(|| state.shown(scenes, now), |(index, _)| index);
    let scene = scenes.get(index)?;
    let chosen = state.chosen(scenes, now).and(state.scene.as_ref()).filter(|_| brought.is_none());
    let (since, until) = match (chosen, brought) {
        (_, Some((_, raised))) => (raised, None),
        (Some(kept), _) => (kept.since, Some(kept.until)),
        (None, None) => {
            let since = scheduled(scenes, now).1;
            (since, (scenes.len() > 1).then(|| since + scene.show_for))
        }
    };
    Some(SceneNow {
        name: scene.name.clone(),
        title: scene.title.clone(),
        index,
        by: chosen.map(|kept| kept.by.clone()),
        alert: brought.is_some(),
        held: chosen.is_some_and(|kept| kept.what.held),
        since: stamp(since),
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

fn stamp(at: Time) -> String {
    Timestamp::from_microsecond(at.as_micros()).map(|at| at.to_string()).unwrap_or_default()
}
