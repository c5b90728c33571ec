//! Faults on demand, for tests of recovery: what comes of a window's next textures, and the loss of the device.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What comes of acquiring a texture of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SurfaceFault {
    Timeout,
    Occluded,
    Outdated,
    Lost,
    Validation,
    Suboptimal,
    /// The driver takes so long for it.
    Block(Duration),
}

/// When the device is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceFault {
    /// Before the next frame.
    Between,
    /// In the next frame that is drawn: windows have textures, and nothing was submitted yet.
    Drawing,
}

/// The faults that are due. All clones are the same.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Due>>);

#[derive(Debug, Default)]
struct Due {
    device: Option<DeviceFault>,
    /// By the displays' names: one fault, and how many times it is still due.
    surfaces: BTreeMap<String, (SurfaceFault, u32)>,
}

impl FromStr for SurfaceFault {
    type Err = String;

    /// The name of a variant of [`wgpu::CurrentSurfaceTexture`], in small letters.
    fn from_str(name: &str) -> Result<Self, String> {
        Ok(match name {
            "timeout" => Self::Timeout,
            "occluded" => Self::Occluded,
            "outdated" => Self::Outdated,
            "lost" => Self::Lost,
            "validation" => Self::Validation,
            "suboptimal" => Self::Suboptimal,
            _ => return Err(format!("there is no surface result `{name}`")),
        })
    }
}

impl Faults {
    fn due(&self) -> MutexGuard<'_, Due> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Has the device be lost once.
    pub fn lose_device(&self, when: DeviceFault) {
        self.due().device = Some(when);
    }

    /// Has the next so many acquisitions of a display end like this, in place of what was due before.
    pub fn fail_surface(&self, display: &str, fault: SurfaceFault, times: u32) {
        let surfaces = &mut self.due().surfaces;
        match times {
            0 => drop(surfaces.remove(display)),
            times => drop(surfaces.insert(display.to_owned(), (fault, times))),
        }
    }

    /// Whether the device is to be lost now; only once.
    pub(super) fn take_device(&self, now: DeviceFault) -> bool {
        self.due().device.take_if(|due| *due == now).is_some()
    }

    /// What is to come of acquiring a texture of this display.
    pub(super) fn take_surface(&self, display: &str) -> Option<SurfaceFault> {
        let surfaces = &mut self.due().surfaces;
        let (fault, left) = surfaces.get_mut(display)?;
        let fault = *fault;
        *left = left.saturating_sub(1);
        if *left == 0 {
            surfaces.remove(display);
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_comes_as_often_as_it_was_asked_for_and_on_that_display_alone() {
        let faults = Faults::default();
        faults.fail_surface("east", SurfaceFault::Lost, 2);
        faults.lose_device(DeviceFault::Drawing);
        assert_eq!(faults.take_surface("west"), None);
        let lost = Some(SurfaceFault::Lost);
        assert_eq!([0; 3].map(|_| faults.take_surface("east")), [lost, lost, None]);
        faults.fail_surface("east", SurfaceFault::Timeout, 2);
        faults.fail_surface("east", SurfaceFault::Timeout, 0);
        assert_eq!(faults.take_surface("east"), None);
        assert!(!faults.take_device(DeviceFault::Between));
        assert_eq!([0; 2].map(|_| faults.take_device(DeviceFault::Drawing)), [true, false]);
    }
}
