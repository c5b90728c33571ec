//! What becomes of windows that are not seen: they are given nothing more, told, and made anew.

use std::time::Duration;

use winit::event_loop::ActiveEventLoop;

use super::panes::Pane;
use super::wall_renderer::WallRenderer;
use super::window_set::Windows;
use super::{KioskError, Ports, Unseen};
use crate::clock::Instant;

/// How long after a change of the monitors windows may have been hidden by it.
const UNSETTLED: Duration = Duration::from_secs(5);

/// What takes longer than this was no waiting for the next frame: meanwhile nobody listened.
const STALL: Duration = Duration::from_millis(500);

impl Windows {
    /// Notes that it does something at `now`.
    pub fn wake(&mut self, now: Instant) {
        if now.saturating_duration_since(self.round) > STALL {
            self.awake = now;
        }
        self.round = now;
    }

    /// Holds the outputs whose window takes no frame now, and has those at rest present one now and
    /// then.
    pub fn hold(&mut self, renderer: &mut WallRenderer, now: Instant) {
        for (pane, output) in self.panes.iter_mut().zip(&mut renderer.outputs) {
            output.held = !pane.visibility.takes(now);
            pane.owed = output.held;
            if pane.visibility.is_due(now) {
                output.expose();
            }
        }
    }

    /// Notes which windows were given a frame; tells which of them will call back.
    pub fn given(&mut self, presented: &[bool], ports: &Ports) -> Vec<bool> {
        let now = ports.clock.instant();
        let given = |(pane, presented): (&mut Pane, &bool)| {
            if !presented {
                return false;
            }
            if pane.visibility.given(now) {
                ports.observer.iter().for_each(|observer| observer.seen(pane.place.display, now));
                return false;
            }
            pane.window.request_redraw();
            pane.visibility.answers()
        };
        self.panes.iter_mut().zip(presented).map(given).collect()
    }

    /// A window asks for a frame, which acknowledges the last one; whether it is sure that this one was
    /// seen. `None` when the window lost what it showed.
    pub fn answered(&mut self, index: usize, now: Instant) -> Option<bool> {
        self.panes[index].visibility.answered(self.awake, now)
    }

    /// The displays that have a window which is not seen.
    pub fn unseen(&self, now: Instant) -> Vec<Unseen> {
        let unseen = |pane: &Pane| {
            let length = pane.visibility.unseen(self.awake, now)?;
            Some(Unseen { display: pane.place.display, length })
        };
        self.panes.iter().filter_map(unseen).collect()
    }

    /// The monitors changed: windows may be hidden now, and others may be seen again.
    pub fn unsettle(&mut self, now: Instant) {
        self.unsettled = Some(now);
        self.panes.iter_mut().for_each(|pane| pane.visibility.hope());
    }

    /// Makes one window anew that is not seen: a compositor may have moved it to a workspace that
    /// nobody looks at, and a new one opens on the one that is shown.
    pub fn renew(
        &mut self,
        event_loop: &ActiveEventLoop,
        renderer: &mut WallRenderer,
        now: Instant,
    ) -> Result<(), KioskError> {
        let settled = self.unsettled.is_none_or(|at| now.saturating_duration_since(at) > UNSETTLED);
        let awake = self.awake;
        // One that rests is dark on purpose, and another window would not light it.
        let may_be = |pane: &Pane| pane.place.monitor.is_some() && !renderer.excused.has(pane.place.display);
        let lost = |pane: &Pane| may_be(pane) && pane.visibility.is_lost(awake, now, settled);
        let Some(index) = self.panes.iter().position(lost) else { return Ok(()) };
        let old = self.remove(renderer, index);
        let (wall, visibility, place) = (renderer.wall.clone(), old.visibility.again(now), old.place.clone());
        drop(old);
        tracing::warn!(
            "display `{}` is not being shown; recreating its window",
            wall.displays[place.display].name
        );
        for mut pane in self.make_panes(event_loop, &wall, &[place])? {
            pane.visibility = visibility;
            self.add(renderer, &wall, pane)?;
        }
        Ok(())
    }
}
