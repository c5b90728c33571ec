//! When displays rest: the tables `[power.…]`, and the panels that they switch.

use crate::clock::Time;
use crate::layout::backlight::BacklightSpec;
use crate::layout::event;
use crate::layout::hours::{AHEAD, Hours, PowerTable};
use crate::layout::panel::PanelSpec;
use crate::layout::schema::{DisplayTable, LayoutFile};

/// The panels of a wall, and when they are off.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PowerSpec {
    /// By the display's name, in the order of the layout.
    pub panels: Vec<(String, PanelSpec)>,
    /// The same for panels that dim themselves.
    pub backlights: Vec<(String, BacklightSpec)>,
    pub plan: Vec<RestSpec>,
}

/// Hours in which displays rest.
#[derive(Clone, Debug, PartialEq)]
pub struct RestSpec {
    pub name: String,
    pub hours: Hours,
    /// Names of displays that have a panel.
    pub displays: Vec<String>,
}

/// What `file` says of power; what is wrong in it is left out.
pub fn solve(file: &LayoutFile) -> PowerSpec {
    let panels: Vec<(String, PanelSpec)> = file
        .display
        .iter()
        .filter_map(|(name, display)| Some((name.to_owned(), display.panel.as_ref()?.spec(&file.dir)?)))
        .collect();
    let lit =
        |(name, display): (&str, &DisplayTable)| Some((name.to_owned(), display.backlight.as_ref()?.spec()));
    let backlights = file.display.iter().filter_map(lit).collect();
    let rest = |(name, table): (&str, &PowerTable)| {
        let rests = |display: &str| match &table.displays {
            Some(named) => named.iter().any(|name| name == display),
            None => true,
        };
        RestSpec {
            name: name.into(),
            hours: Hours {
                from: table.from,
                to: table.to,
                days: table.days.clone(),
                dates: table.dates.clone(),
                except: table.except.clone(),
                zone: event::zone(table.zone.as_deref().or(file.wall.zone.as_deref())),
            },
            displays: panels.iter().map(|(name, _)| name).filter(|name| rests(name)).cloned().collect(),
        }
    };
    let plan = file.power.iter().filter(|(_, table)| table.enabled).map(rest).collect();
    PowerSpec { panels, backlights, plan }
}

impl PowerSpec {
    /// The entry of the plan by which a display rests at `now`, if one does; of several, the one that the layout
    /// has first.
    pub fn rest(&self, display: &str, now: Time) -> Option<&RestSpec> {
        self.of(display).find(|rest| rest.hours.began(now).is_some())
    }

    /// When the plan next wakes a display that rests, or puts one that is awake to rest; looked for over more
    /// than a year.
    pub fn turns(&self, display: &str, now: Time) -> Option<Time> {
        let rests = |at| self.rest(display, at).is_some();
        let edge = |at: Time| self.of(display).filter_map(|rest| rest.hours.next_edge(at)).min();
        let edges = std::iter::successors(edge(now), |at| edge(*at)).take(AHEAD as usize);
        edges.into_iter().find(|at| rests(*at) != rests(now))
    }

    /// Names of the displays that rest by the plan.
    pub fn resting(&self, now: Time) -> Vec<&str> {
        let names = self.panels.iter().map(|(name, _)| name.as_str());
        names.filter(|name| self.rest(name, now).is_some()).collect()
    }

    fn of<'a>(&'a self, display: &str) -> impl Iterator<Item = &'a RestSpec> {
        self.plan.iter().filter(move |rest| rest.displays.iter().any(|name| name == display))
    }
}
