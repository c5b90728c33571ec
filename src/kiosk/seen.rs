//! What becomes of windows that are not seen: they are given nothing more, told, and made anew.

use std::time::Duration;

use winit::event_loop::ActiveEventLoop;

use super::panes::Pane;
use super::windows::{Kiosk, add};
use super::{KioskError, Unseen};
use crate::clock::Instant;

/// How long after a change of the monitors windows may have been hidden by it.
const UNSETTLED: Duration = Duration::from_secs(5);

/// What takes longer than this was no waiting for the next frame: meanwhile nobody listened.
const STALL: Duration = Duration::from_millis(500);

impl Kiosk<'_> {
    /// Notes that it does something at `now`.
    pub(super) fn wake(&mut self, now: Instant) {
        if now.saturating_duration_since(self.round) > STALL {
            self.awake = now;
        }
        self.round = now;
    }

    /// Holds the outputs whose window takes no frame now, and has those at rest present one now and
    /// then.
    pub(super) fn hold(&mut self, now: Instant) {
        let Some(stage) = &mut self.stage else { return };
        for (pane, output) in self.windows.iter_mut().zip(&mut stage.outputs) {
            output.held = !pane.sight.takes(now);
            pane.owed = output.held;
            if pane.sight.is_due(now) {
                output.expose();
            }
        }
    }

    /// Notes which windows were given a frame; tells which of them will call back.
    pub(super) fn given(&mut self, presented: &[bool]) -> Vec<bool> {
        let now = self.ports.clock.instant();
        let given = |(pane, presented): (&mut Pane, &bool)| {
            if !presented {
                return false;
            }
            if pane.sight.given(now) {
                self.ports.eye.iter().for_each(|eye| eye.seen(pane.place.display, now));
                return false;
            }
            pane.window.request_redraw();
            pane.sight.answers()
        };
        self.windows.iter_mut().zip(presented).map(given).collect()
    }

    /// The window system asks for a frame of a window, which acknowledges the last one.
    pub(super) fn answered(&mut self, event_loop: &ActiveEventLoop, index: usize, now: Instant) {
        let pane = &mut self.windows[index];
        let Some(sure) = pane.sight.answered(self.awake, now) else {
            // It lost what it showed.
            self.stage.iter_mut().for_each(|stage| stage.outputs[index].expose());
            return;
        };
        if sure {
            self.ports.eye.iter().for_each(|eye| eye.seen(pane.place.display, now));
        }
        if self.pace.on_ready(index, now) {
            self.step(event_loop, now);
        } else if std::mem::take(&mut self.windows[index].owed) {
            self.catch_up(index);
        }
    }

    /// Gives a window that was not ready for the last frame that frame now.
    fn catch_up(&mut self, index: usize) {
        let Some(stage) = &mut self.stage else { return };
        let (windows, snapshot) = (&self.windows, self.ports.snapshot.load());
        let mut ready = |i: usize| windows[i].window.pre_present_notify();
        let given = stage.catch_up(index, &self.ports.clock, &snapshot, &mut ready);
        let presented: Vec<bool> = (0..self.windows.len()).map(|i| given && i == index).collect();
        self.given(&presented);
    }

    /// The displays that have a window which is not seen.
    pub(super) fn unseen(&self, now: Instant) -> Vec<Unseen> {
        let unseen = |pane: &Pane| {
            let length = pane.sight.unseen(self.awake, now)?;
            Some(Unseen { display: pane.place.display, length })
        };
        self.windows.iter().filter_map(unseen).collect()
    }

    /// The monitors changed: windows may be hidden now, and others may be seen again.
    pub(super) fn unsettle(&mut self, now: Instant) {
        self.unsettled = Some(now);
        self.windows.iter_mut().for_each(|pane| pane.sight.hope());
    }

    /// Makes one window anew that is not seen: a compositor may have moved it to a workspace that
    /// nobody looks at, and a new one opens on the one that is shown.
    pub(super) fn renew(&mut self, event_loop: &ActiveEventLoop, now: Instant) -> Result<(), KioskError> {
        let settled = self.unsettled.is_none_or(|at| now.saturating_duration_since(at) > UNSETTLED);
        let awake = self.awake;
        let lost = |pane: &Pane| pane.place.monitor.is_some() && pane.sight.is_lost(awake, now, settled);
        let Some(index) = self.windows.iter().position(lost) else { return Ok(()) };
        let Some(stage) = &mut self.stage else { return Ok(()) };
        // The surface goes before its window.
        drop(stage.outputs.remove(index));
        let old = self.windows.remove(index);
        stage.slots.remove(index);
        let (wall, sight, place) = (stage.wall.clone(), old.sight.again(now), old.place.clone());
        drop(old);
        tracing::warn!(
            "display `{}` is not being shown; recreating its window",
            wall.displays[place.display].name
        );
        for mut pane in self.make_panes(event_loop, &wall, &[place])? {
            pane.sight = sight;
            if let Some(stage) = &mut self.stage {
                add(stage, &mut self.windows, &wall, pane)?;
            }
        }
        Ok(())
    }
}

/// True where the window system says that a frame was shown.
#[cfg(target_os = "linux")]
pub(super) fn acknowledges(event_loop: &ActiveEventLoop) -> bool {
    winit::platform::wayland::ActiveEventLoopExtWayland::is_wayland(event_loop)
}

/// True where the window system says that a frame was shown.
#[cfg(not(target_os = "linux"))]
pub(super) fn acknowledges(_event_loop: &ActiveEventLoop) -> bool {
    false
}
