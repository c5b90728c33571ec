//! The next texture of a window, acquired in a thread of its own: a driver may wait a second for a screen that is
//! off, and some wait for ever. The other displays go on meanwhile.

use std::sync::atomic::{AtomicIsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use wgpu::{CurrentSurfaceTexture, Surface};

use super::faults::{Faults, SurfaceFault};

/// Windows that are gone, less their threads that ended.
static LEFT_BEHIND: AtomicIsize = AtomicIsize::new(0);

/// Acquires textures of one window, one after the other.
pub struct Acquirer {
    display: String,
    faults: Faults,
    /// There from the first texture on; ends when this goes.
    worker: Option<Worker>,
    waits: bool,
}

struct Worker {
    asked: mpsc::Sender<Surface<'static>>,
    answers: mpsc::Receiver<Answer>,
}

/// What came of it, and the surface back. The texture goes first: it is given back to the surface.
pub struct Answer {
    pub texture: CurrentSurfaceTexture,
    pub surface: Surface<'static>,
}

/// How asking goes.
pub enum Asked {
    Answered(Answer),
    /// The driver has not answered yet.
    Waits,
    /// The thread ended, and the surface with it.
    Broken,
}

/// Threads that still wait for a driver although their window is gone.
pub fn left_behind() -> usize {
    usize::try_from(LEFT_BEHIND.load(Ordering::Acquire)).unwrap_or(0)
}

/// Counts a thread that ends, also by a panic.
struct Ending;

impl Drop for Ending {
    fn drop(&mut self) {
        LEFT_BEHIND.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Its thread takes that back when it ends: at once, unless the driver keeps it.
        LEFT_BEHIND.fetch_add(1, Ordering::AcqRel);
    }
}

impl Acquirer {
    pub fn new(display: &str, faults: Faults) -> Self {
        Self { display: display.to_owned(), faults, worker: None, waits: false }
    }

    /// True from [`Acquirer::ask`] until there was an answer.
    pub fn waits(&self) -> bool {
        self.waits
    }

    /// Begins to acquire a texture of `surface`, and lends it to the thread for that.
    pub fn ask(&mut self, surface: Surface<'static>) {
        if self.worker.is_none() {
            match self.start() {
                Ok(worker) => self.worker = Some(worker),
                Err(error) => tracing::error!(%error, "cannot start the thread of a window"),
            }
        }
        self.waits = true;
        if let Some(worker) = &self.worker {
            // A thread that is not there answers nothing, and that is told as such.
            let _ = worker.asked.send(surface);
        }
    }

    /// The answer, if there is one within `patience`.
    pub fn answer(&mut self, patience: Duration) -> Asked {
        let answer = self.worker.as_ref().map(|worker| worker.answers.recv_timeout(patience));
        match answer {
            Some(Err(RecvTimeoutError::Timeout)) => return Asked::Waits,
            Some(Ok(answer)) => {
                self.waits = false;
                return Asked::Answered(answer);
            }
            None | Some(Err(RecvTimeoutError::Disconnected)) => {}
        }
        (self.waits, self.worker) = (false, None);
        Asked::Broken
    }

    fn start(&self) -> std::io::Result<Worker> {
        let (asked, surfaces) = mpsc::channel::<Surface<'static>>();
        let (answer, answers) = mpsc::channel();
        let (display, faults) = (self.display.clone(), self.faults.clone());
        let work = move || {
            let _ending = Ending;
            for surface in surfaces {
                let texture = acquire(&surface, faults.take_surface(&display));
                // Nobody waits for it when the window is gone.
                if answer.send(Answer { texture, surface }).is_err() {
                    break;
                }
            }
        };
        std::thread::Builder::new().name("fishbowl-window".into()).spawn(work)?;
        Ok(Worker { asked, answers })
    }
}

/// Acquires a texture, unless there is to be a fault.
fn acquire(surface: &Surface<'static>, fault: Option<SurfaceFault>) -> CurrentSurfaceTexture {
    match fault {
        None => surface.get_current_texture(),
        Some(SurfaceFault::Timeout) => CurrentSurfaceTexture::Timeout,
        Some(SurfaceFault::Occluded) => CurrentSurfaceTexture::Occluded,
        Some(SurfaceFault::Outdated) => CurrentSurfaceTexture::Outdated,
        Some(SurfaceFault::Lost) => CurrentSurfaceTexture::Lost,
        Some(SurfaceFault::Validation) => CurrentSurfaceTexture::Validation,
        Some(SurfaceFault::Suboptimal) => match surface.get_current_texture() {
            CurrentSurfaceTexture::Success(texture) => CurrentSurfaceTexture::Suboptimal(texture),
            other => other,
        },
        Some(SurfaceFault::Block(length)) => {
            std::thread::sleep(length);
            surface.get_current_texture()
        }
    }
}
