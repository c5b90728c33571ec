//! The alert that takes the wall: which scene it brings, until it ends, is acknowledged, or people choose another
//! scene.

use crate::clock::Time;
use crate::layout::alert::Severity;
use crate::layout::wall::Scene;
use crate::pulse::snapshot::Alert;

use super::state::{State, standing};

/// Alerts that nobody has taken on yet, the gravest and then the oldest first; those of a group count as one.
pub fn open(alerts: &[Alert], least: Severity) -> Vec<&Alert> {
    let is_open =
        |a: &&Alert| a.is_live() && a.acknowledged.is_none() && a.group.is_none() && a.severity >= least;
    let mut open: Vec<&Alert> = alerts.iter().filter(is_open).collect();
    open.sort_by_key(|alert| (std::cmp::Reverse(alert.severity), alert.raised));
    open
}

/// The alert that a scene is about while it is shown: the gravest that would bring it.
pub fn told<'a>(scene: &Scene, alerts: &'a [Alert]) -> Option<&'a Alert> {
    open(alerts, scene.on_alert?).into_iter().next()
}

/// Index of the scene that an alert brings onto the wall at `now`, and that alert. What people have
/// chosen since it was raised counts more.
pub fn brought<'a>(
    scenes: &[Scene],
    state: &State,
    alerts: &'a [Alert],
    now: Time,
) -> Option<(usize, &'a Alert)> {
    let calm = || scenes.iter().all(|scene| scene.on_alert.is_none());
    if alerts.is_empty() || calm() {
        return None;
    }
    let alert = *open(alerts, Severity::Info).first()?;
    // The scene for the gravest of those that it is grave enough for.
    let fits = |(_, scene): &(usize, &Scene)| scene.on_alert.is_some_and(|least| alert.severity >= least);
    let (index, _) = scenes.iter().enumerate().filter(fits).max_by_key(|(_, scene)| scene.on_alert)?;
    let is_left = standing(&state.scene, now).is_some_and(|kept| kept.since >= alert.raised);
    (!is_left).then_some((index, alert))
}
