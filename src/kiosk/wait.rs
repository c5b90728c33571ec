//! The window system that is not there yet, or not any more: it is waited for, and nothing is said to
//! be shown meanwhile.
//!
//! winit makes one event loop in the life of a process. So the window system is first asked, over
//! a connection of its own, whether it answers; and once an event loop has ended, a new process
//! image has to take its place (`cli/restart.rs`).

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use super::{Command, Options, Ports, WallStatus};
use crate::clock::Instant;
use crate::layout::wall::Wall;

/// Time between two tries, and between two reports.
const EVERY: Duration = Duration::from_secs(1);

/// How soon it does what it is told.
const HEED: Duration = Duration::from_millis(50);

/// Waits until the window system answers, but at least for `pause`. False when it was told to end,
/// or [`Options::stay`] was over, before. `why` is what is known of it.
pub fn wait(ports: &mut Ports, options: &Options, pause: Duration, why: String) -> bool {
    let began = ports.clock.instant();
    let mut wall = ports.layout.wall.clone();
    let (mut told, mut door) = (None, Door { why, tried: None, answer: None });
    loop {
        let now = ports.clock.instant();
        let since = |at: Instant| now.saturating_duration_since(at);
        if options.stay.is_some_and(|stay| since(began) >= stay) || !heed(ports, &mut wall) {
            return false;
        }
        match since(began) >= pause {
            true if door.knock(now) => return true,
            true => {}
            false => std::thread::sleep(HEED),
        }
        if told.is_none() {
            ports.observer.iter().for_each(|observer| observer.wall(&wall));
        }
        if told.is_none_or(|at| since(at) >= EVERY) {
            told = Some(now);
            tell(ports, &wall, &format!("waiting for the window system: {}", door.why), 0);
        }
    }
}

/// Where it is asked whether the window system is there.
struct Door {
    why: String,
    tried: Option<Instant>,
    answer: Option<Receiver<Result<(), String>>>,
}

impl Door {
    /// Asks, once in [`EVERY`], and waits a moment for the answer; true when it answers.
    fn knock(&mut self, now: Instant) -> bool {
        let rests = self.tried.is_some_and(|at| now.saturating_duration_since(at) < EVERY);
        if self.answer.is_none() && !rests {
            (self.tried, self.answer) = (Some(now), Some(ask()));
        }
        let Some(answer) = &self.answer else {
            std::thread::sleep(HEED);
            return false;
        };
        match answer.recv_timeout(HEED) {
            Ok(Ok(())) => return true,
            // One that hangs is not asked again.
            Err(RecvTimeoutError::Timeout) => return false,
            Ok(Err(why)) if why != self.why => {
                tracing::warn!("waiting for the window system: {why} (--headless does not need one)");
                self.why = why;
            }
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => {}
        }
        self.answer = None;
        false
    }
}

/// Does what it was told meanwhile; false when it is to end.
fn heed(ports: &mut Ports, wall: &mut Arc<Wall>) -> bool {
    while let Ok(command) = ports.commands.try_recv() {
        match command {
            Command::Quit => return false,
            Command::Notice(notice) => ports.notice = notice,
            Command::Layout(layout) => {
                (ports.layout, ports.notice) = (layout, None);
                *wall = ports.layout.wall.clone();
                ports.observer.iter().for_each(|observer| observer.wall(wall));
            }
        }
    }
    true
}

/// Says of a wall that nothing of it can be shown, and how often its graphics device was lost.
pub(super) fn tell(ports: &Ports, wall: &Wall, outage: &str, device_losses: u64) {
    let Some(observer) = &ports.observer else { return };
    observer.status(WallStatus {
        wall,
        scene: 0,
        notice: None,
        absent: (0..wall.displays.len()).collect(),
        excused: ports.desk.panels().excused(wall),
        remarks: &[],
        missing: None,
        unseen: &[],
        outage: Some(outage),
        device_losses,
    });
}

/// Asks the window system in a thread of its own, because one that hangs does not answer.
fn ask() -> Receiver<Result<(), String>> {
    let (sender, answer) = channel();
    let work = move || {
        // Nobody waits any more when the wall has ended.
        let _ = sender.send(reach());
    };
    // Without a thread the sender is gone, and it is tried again.
    let _ = std::thread::Builder::new().name("fishbowl-wait".into()).spawn(work);
    answer
}

#[cfg(target_os = "linux")]
fn set(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Fails, in words, when no window system answers.
#[cfg(target_os = "linux")]
fn reach() -> Result<(), String> {
    // A socket that was handed over serves once.
    if set("WAYLAND_SOCKET").is_some() {
        return Ok(());
    }
    if let Some(name) = set("WAYLAND_DISPLAY") {
        let at = |why: String| format!("no compositor at {}: {why}", name.to_string_lossy());
        return super::outputs::reach().map_err(at);
    }
    let name = set("DISPLAY").unwrap_or_default();
    let at = |why: x11rb::errors::ConnectError| format!("no X server at {}: {why}", name.to_string_lossy());
    x11rb::connect(None).map(|_| ()).map_err(at)
}

#[cfg(not(target_os = "linux"))]
fn reach() -> Result<(), String> {
    Ok(())
}

/// Has `gone` called when the X server goes away. Xlib ends the process when it comes back.
#[cfg(target_os = "linux")]
pub fn on_server_gone(gone: impl Fn() + Send + Sync + 'static) {
    type Setter = extern "C" fn(Handler) -> *mut std::ffi::c_void;
    type Handler = extern "C" fn(*mut std::ffi::c_void) -> std::ffi::c_int;
    static GONE: std::sync::OnceLock<Box<dyn Fn() + Send + Sync>> = std::sync::OnceLock::new();
    extern "C" fn handler(_display: *mut std::ffi::c_void) -> std::ffi::c_int {
        GONE.get().into_iter().for_each(|gone| gone());
        0
    }
    let wayland = set("WAYLAND_DISPLAY").or(set("WAYLAND_SOCKET")).is_some();
    if wayland || GONE.set(Box::new(gone)).is_err() {
        return;
    }
    // SAFETY: the library is never unloaded, and the function has had this type since 1987. winit
    // loads the same library; without it there is no X11.
    unsafe {
        let library = libc::dlopen(c"libX11.so.6".as_ptr(), libc::RTLD_LAZY);
        if library.is_null() {
            return;
        }
        let set = libc::dlsym(library, c"XSetIOErrorHandler".as_ptr());
        if !set.is_null() {
            let set = std::mem::transmute::<*mut std::ffi::c_void, Setter>(set);
            set(handler);
        }
    }
}

/// Nothing that could be called elsewhere.
#[cfg(not(target_os = "linux"))]
pub fn on_server_gone(_gone: impl Fn() + Send + Sync + 'static) {}
