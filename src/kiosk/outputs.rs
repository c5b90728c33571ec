//! What a Wayland compositor tells of its outputs and winit does not: the place on the desktop
//! before any scale, the real scale, and how an output is turned.

use crate::geometry::Rotation;

/// An output as the compositor tells of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The plug, for example `DP-1`.
    pub name: String,
    /// Place on the desktop, and width and height there, in the desktop's own units.
    pub position: (i32, i32),
    pub extent: (u32, u32),
    /// Pixels of the present mode, not turned.
    pub pixels: (u32, u32),
    pub turned: Rotation,
}

impl Output {
    /// Pixels for each unit of the desktop, fractions too.
    pub fn scale(&self) -> f64 {
        let across = if self.turned.is_sideways() { self.pixels.1 } else { self.pixels.0 };
        f64::from(across) / f64::from(self.extent.0.max(1))
    }

    /// True when they have a part of the desktop in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        let meet = |a: i32, along: u32, b: i32, other: u32| {
            i64::from(a) < i64::from(b) + i64::from(other) && i64::from(b) < i64::from(a) + i64::from(along)
        };
        meet(self.position.0, self.extent.0, other.position.0, other.extent.0)
            && meet(self.position.1, self.extent.1, other.position.1, other.extent.1)
    }
}

#[cfg(not(target_os = "linux"))]
pub use nowhere::OutputListener;
#[cfg(target_os = "linux")]
pub use wayland::{OutputListener, reach};

#[cfg(not(target_os = "linux"))]
mod nowhere {
    /// No Wayland here.
    #[derive(Default)]
    pub struct OutputListener;

    impl OutputListener {
        pub fn outputs(&mut self) -> Vec<super::Output> {
            Vec::new()
        }
        pub fn is_stirred(&self) -> bool {
            false
        }
        pub fn program(&self) -> Option<&str> {
            None
        }
    }
}

#[cfg(target_os = "linux")]
mod wayland {
    use std::os::fd::{AsFd as _, AsRawFd as _};

    use smithay_client_toolkit::output::{OutputHandler, OutputInfo, OutputState};
    use smithay_client_toolkit::reexports::client::globals::registry_queue_init;
    use smithay_client_toolkit::reexports::client::protocol::wl_output::{Transform, WlOutput};
    use smithay_client_toolkit::reexports::client::{Connection, EventQueue, QueueHandle};
    use smithay_client_toolkit::registry::{ProvidesRegistryState, RegistryState};
    use smithay_client_toolkit::{delegate_output, delegate_registry, registry_handlers};

    use super::{Output, Rotation};

    /// Listens to the compositor over a connection of its own. Without one it hears of no outputs.
    #[derive(Default)]
    pub struct OutputListener {
        heard: Option<(EventQueue<Session>, Session)>,
        tried: bool,
        stirred: bool,
        /// Name of the compositor's program.
        program: Option<String>,
    }

    struct Session {
        connection: Connection,
        registry: RegistryState,
        outputs: OutputState,
    }

    impl OutputListener {
        /// The outputs that the compositor has told of until now; the first call waits for its answer.
        pub fn outputs(&mut self) -> Vec<Output> {
            if !std::mem::replace(&mut self.tried, true) {
                self.heard = connect();
                self.program = self.heard.as_ref().and_then(|(_, session)| program(&session.connection));
            }
            let Some((queue, state)) = &mut self.heard else { return Vec::new() };
            let Some(events) = listen(queue, state) else {
                // The compositor is gone; winit finds that out as well.
                (self.heard, self.stirred) = (None, false);
                return Vec::new();
            };
            self.stirred = events > 0;
            let known = &state.outputs;
            known.outputs().filter_map(|output| told(&known.info(&output)?)).collect()
        }
    }

    impl OutputListener {
        /// Whether the last call heard of anything new: more may follow.
        pub fn is_stirred(&self) -> bool {
            self.stirred
        }

        /// Name of the compositor's program, where the kernel tells.
        pub fn program(&self) -> Option<&str> {
            self.program.as_deref()
        }
    }

    /// Name of the program at the other end of a connection.
    fn program(connection: &Connection) -> Option<String> {
        let backend = connection.backend();
        let socket = backend.poll_fd();
        let mut peer = libc::ucred { pid: 0, uid: 0, gid: 0 };
        let mut length = size_of::<libc::ucred>() as libc::socklen_t;
        // SAFETY: the socket is open, and the kernel writes at most `length` bytes into `peer`.
        let told = unsafe {
            let to = (&raw mut peer).cast();
            libc::getsockopt(
                socket.as_fd().as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_PEERCRED,
                to,
                &raw mut length,
            )
        };
        let name =
            (told == 0).then(|| std::fs::read_to_string(format!("/proc/{}/comm", peer.pid)).ok())??;
        Some(name.trim().to_owned())
    }

    fn connect() -> Option<(EventQueue<Session>, Session)> {
        let connection = Connection::connect_to_env().ok()?;
        let (globals, mut queue) = registry_queue_init::<Session>(&connection).ok()?;
        let outputs = OutputState::new(&globals, &queue.handle());
        let registry = RegistryState::new(&globals);
        let mut state = Session { connection, registry, outputs };
        queue.roundtrip(&mut state).ok()?;
        Some((queue, state))
    }

    /// Fails, in words, when no compositor answers.
    pub fn reach() -> Result<(), String> {
        let connection = Connection::connect_to_env().map_err(|error| error.to_string())?;
        registry_queue_init::<Session>(&connection).map(|_| ()).map_err(|error| error.to_string())
    }

    /// Reads what has come, without waiting; gives how many events that were.
    fn listen(queue: &mut EventQueue<Session>, state: &mut Session) -> Option<usize> {
        let before = queue.dispatch_pending(state).ok()?;
        queue.flush().ok()?;
        if let Some(guard) = queue.prepare_read() {
            // Nothing to read is an error, too; a lost connection is told by what follows.
            let _ = guard.read();
        }
        queue.dispatch_pending(state).ok().map(|after| before + after)
    }

    fn told(info: &OutputInfo) -> Option<Output> {
        let mode = info.modes.iter().find(|mode| mode.current)?;
        let size = |(w, h): (i32, i32)| Some((u32::try_from(w).ok()?, u32::try_from(h).ok()?));
        Some(Output {
            name: info.name.clone()?,
            position: info.logical_position?,
            extent: size(info.logical_size?)?,
            pixels: size(mode.dimensions)?,
            turned: rotation(info.transform),
        })
    }

    /// Whichever way round it turns: a picture that the compositor turned stands upright.
    fn rotation(transform: Transform) -> Rotation {
        match transform {
            Transform::_90 | Transform::Flipped90 => Rotation::R90,
            Transform::_180 | Transform::Flipped180 => Rotation::R180,
            Transform::_270 | Transform::Flipped270 => Rotation::R270,
            _ => Rotation::R0,
        }
    }

    impl OutputHandler for Session {
        fn output_state(&mut self) -> &mut OutputState {
            &mut self.outputs
        }
        fn new_output(&mut self, _: &Connection, _: &QueueHandle<Self>, _: WlOutput) {}
        fn update_output(&mut self, _: &Connection, _: &QueueHandle<Self>, _: WlOutput) {}
        fn output_destroyed(&mut self, _: &Connection, _: &QueueHandle<Self>, _: WlOutput) {}
    }

    impl ProvidesRegistryState for Session {
        fn registry(&mut self) -> &mut RegistryState {
            &mut self.registry
        }
        registry_handlers![OutputState];
    }

    delegate_output!(Session);
    delegate_registry!(Session);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_of_scale_is_told() {
        let mut output = Output {
            name: "DP-1".into(),
            position: (0, 0),
            extent: (2560, 1440),
            pixels: (3840, 2160),
            turned: Rotation::R0,
        };
        assert_eq!(output.scale(), 1.5);
        (output.extent, output.turned) = ((1440, 2560), Rotation::R90);
        assert_eq!(output.scale(), 1.5);
    }
}
