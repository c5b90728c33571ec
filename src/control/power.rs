//! What displays' panels should do, and what they do.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use super::backlight::Backlights;
use super::state::{State, Wish};
use crate::clock::Time;
use crate::layout::absent::Displays;
use crate::layout::power::PowerSpec;
use crate::layout::wall::Wall;

/// Whether a display is to rest, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    pub rests: bool,
    /// Who asked for it; `None` where the plan applies.
    pub by: Option<String>,
    /// Until when, where someone asked.
    pub until: Option<Time>,
    /// The entry of the plan by which it rests.
    pub plan: Option<String>,
}

/// What the panel of a display should do at `now`: what people asked for, else what the plan has. By a clock that
/// has not been set it does not rest.
pub fn wanted(power: &PowerSpec, state: &State, display: &str, now: Time) -> Wanted {
    if let Some(kept) = state.power.get(display).filter(|kept| kept.stands(now)) {
        let (by, until) = (Some(kept.by.clone()), Some(kept.until));
        return Wanted { rests: kept.what == Wish::Rest, by, until, plan: None };
    }
    let plan = power.rest(display, now).filter(|_| now.is_plausible()).map(|rest| rest.name.clone());
    Wanted { rests: plan.is_some(), plan, ..Wanted::default() }
}

/// What a panel does, as the wall tells of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PanelState {
    On,
    /// It is off although it should be on.
    Off,
    WarmingUp,
    CoolingDown,
    /// It is off, as it should be.
    Resting,
    /// It does not say.
    #[default]
    Unknown,
}

impl PanelState {
    pub const ALL: [Self; 6] =
        [Self::On, Self::Off, Self::WarmingUp, Self::CoolingDown, Self::Resting, Self::Unknown];

    pub const fn word(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::WarmingUp => "warming up",
            Self::CoolingDown => "cooling down",
            Self::Resting => "resting",
            Self::Unknown => "unknown",
        }
    }
}

/// What is known of one panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PanelNow {
    /// It should be off.
    pub rests: bool,
    pub state: PanelState,
    /// Its display may be dark: it rests, or is just being woken.
    pub excused: bool,
    /// What the operator should know.
    pub problem: Option<String>,
}

/// The panels of a wall, by the names of their displays.
#[derive(Debug, Default)]
pub struct Panels {
    now: ArcSwap<BTreeMap<String, PanelNow>>,
    outputs: ArcSwap<BTreeMap<String, String>>,
    backlights: Backlights,
}

impl Panels {
    /// What is known of all.
    pub fn now(&self) -> Arc<BTreeMap<String, PanelNow>> {
        self.now.load_full()
    }

    /// The displays of `wall` that may be dark.
    pub fn excused(&self, wall: &Wall) -> Displays {
        let displays = wall.displays.iter().enumerate();
        displays.filter(|(_, display)| self.is_excused(&display.name)).map(|(index, _)| index).collect()
    }

    /// The displays of `wall` whose panels should be off.
    pub fn resting(&self, wall: &Wall) -> Displays {
        let now = self.now.load();
        let rests = |name: &String| now.get(name).is_some_and(|panel| panel.rests);
        let displays = wall.displays.iter().enumerate();
        displays.filter(|(_, display)| rests(&display.name)).map(|(index, _)| index).collect()
    }

    /// Whether this display may be dark.
    pub fn is_excused(&self, display: &str) -> bool {
        self.now.load().get(display).is_some_and(|panel| panel.excused)
    }

    /// Says what is known of one.
    pub fn note(&self, display: &str, panel: PanelNow) {
        if self.now.load().get(display) != Some(&panel) {
            self.now.rcu(|all| {
                let mut all = BTreeMap::clone(all);
                all.insert(display.into(), panel.clone());
                all
            });
        }
    }

    /// What is known of those that dim themselves.
    pub fn backlights(&self) -> &Backlights {
        &self.backlights
    }

    /// Nothing is known of any.
    pub fn forget(&self) {
        self.now.store(Arc::default());
    }

    /// The connector on which a display is shown, where the window system tells.
    pub fn output(&self, display: &str) -> Option<String> {
        self.outputs.load().get(display).cloned()
    }

    /// Says on which connectors displays are shown.
    pub fn set_outputs(&self, outputs: BTreeMap<String, String>) {
        self.outputs.store(Arc::new(outputs));
    }
}
