//! What is on the wall, and why: the one answer for whoever draws it, controls it or tells of it.

use super::alarm;
use super::state::{State, standing};
use crate::clock::Time;
use crate::layout::rundown::Rundown;
use crate::pulse::snapshot::Alert;

/// What is on the wall at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// Index of the mode; `None` where the layout has none.
    pub mode: Option<usize>,
    /// Index of the scene; 0 where there is none.
    pub scene: usize,
    pub why: Reason,
    /// Index of the topic that the scene's alert is about; `None` is everything, or no alert.
    pub topic: Option<usize>,
    /// When it came in.
    pub since: Time,
}

/// Why a scene is on the wall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// An alert brought it, and it stays until that ends or is acknowledged.
    Alert,
    /// People chose it.
    Chosen,
    /// The schedule, or its turn.
    Rundown,
}

impl Stage {
    /// What is on a wall with this rundown at `now`, of which people asked for `state`.
    pub fn at(rundown: &Rundown, state: &State, alerts: &[Alert], now: Time) -> Self {
        let turn = rundown.turn(state.chosen_mode(&rundown.modes, now), now);
        let brought = alarm::brought(&rundown.scenes, state, alerts, now);
        let chosen = || {
            let scene = state.chosen(&rundown.scenes, now)?;
            Some((scene, standing(&state.scene, now)?.since))
        };
        let (scene, since, why) = match (brought, chosen()) {
            (Some((scene, alert)), _) => (scene, alert.raised, Reason::Alert),
            (None, Some((scene, since))) => (scene, since, Reason::Chosen),
            (None, None) => (turn.scene, turn.since, Reason::Rundown),
        };
        // What people ended or took back lately brought this in.
        let since = state.turned(now).map_or(since, |turned| since.max(turned)).min(now);
        let told = rundown.scenes.get(scene).and_then(|scene| alarm::told(scene, alerts));
        let topic = told.and_then(|alert| alert.topic).map(usize::from);
        Self { mode: turn.mode, scene, why, topic, since }
    }
}
