//! Screens that are neither blanked nor locked because no one touches anything while a wall is on them.
//!
//! Under Wayland each full screen has an inhibitor (idle-inhibit-unstable-v1,
//! <https://wayland.app/protocols/idle-inhibit-unstable-v1>). An X server suspends its screen saver and the power saving
//! of its monitors for as long as the connection stands that asked for it (MIT-SCREEN-SAVER 1.1).

#[cfg(target_os = "linux")]
pub use linux::{Inhibition, Inhibitor};
#[cfg(not(target_os = "linux"))]
pub use nowhere::{Inhibition, Inhibitor};

#[cfg(not(target_os = "linux"))]
mod nowhere {
    /// Nothing is asked here.
    #[derive(Default)]
    pub struct Inhibition;

    /// Nothing is asked here.
    pub struct Inhibitor;

    impl Inhibition {
        pub fn inhibit(&mut self, _: &winit::window::Window) -> Inhibitor {
            Inhibitor
        }
        pub fn listen(&mut self) {}
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use smithay_client_toolkit::reexports::client::backend::{Backend, ObjectId};
    use smithay_client_toolkit::reexports::client::globals::{GlobalListContents, registry_queue_init};
    use smithay_client_toolkit::reexports::client::protocol::wl_registry::{self, WlRegistry};
    use smithay_client_toolkit::reexports::client::protocol::wl_surface::WlSurface;
    use smithay_client_toolkit::reexports::client::{
        Connection, Dispatch, EventQueue, Proxy as _, QueueHandle, delegate_noop,
    };
    use smithay_client_toolkit::reexports::protocols::wp::idle_inhibit::zv1::client::zwp_idle_inhibit_manager_v1::ZwpIdleInhibitManagerV1;
    use smithay_client_toolkit::reexports::protocols::wp::idle_inhibit::zv1::client::zwp_idle_inhibitor_v1::ZwpIdleInhibitorV1;
    use winit::raw_window_handle::{
        HasDisplayHandle as _, HasWindowHandle as _, RawDisplayHandle, RawWindowHandle,
    };
    use winit::window::Window;
    use x11rb::connection::Connection as _;
    use x11rb::protocol::screensaver::ConnectionExt as _;
    use x11rb::protocol::xproto::{ConnectionExt as _, ScreenSaver};
    use x11rb::rust_connection::RustConnection;

    /// Asks the window system to keep its screens on. To be dropped before winit's event loop, whose connection it
    /// speaks over.
    #[derive(Default)]
    pub struct Inhibition(Asked);

    /// Who is asked.
    #[derive(Default)]
    enum Asked {
        #[default]
        Nobody,
        Compositor(Compositor),
        /// It asks for as long as it is connected.
        Server {
            _connection: Box<RustConnection>,
        },
        /// There is nobody who could be asked.
        InVain,
    }

    struct Compositor {
        connection: Connection,
        queue: EventQueue<Listener>,
        manager: ZwpIdleInhibitManagerV1,
    }

    /// Under Wayland: keeps the output on that a window is on, as long as this and the window are there.
    pub struct Inhibitor(Option<ZwpIdleInhibitorV1>);

    impl Drop for Inhibitor {
        fn drop(&mut self) {
            self.0.iter().for_each(ZwpIdleInhibitorV1::destroy);
        }
    }

    impl Inhibition {
        /// Keeps the screen on that `window` fills.
        pub fn inhibit(&mut self, window: &Window) -> Inhibitor {
            if matches!(self.0, Asked::Nobody) {
                self.0 = ask(window).unwrap_or_else(|why| {
                    tracing::warn!(
                        "the window system may blank the monitors ({why}); turn that off in its own settings"
                    );
                    Asked::InVain
                });
            }
            let Asked::Compositor(compositor) = &self.0 else { return Inhibitor(None) };
            Inhibitor(compositor.inhibit(window))
        }

        /// Reads what the compositor tells of other things, so that it does not pile up.
        pub fn listen(&mut self) {
            if let Asked::Compositor(compositor) = &mut self.0 {
                // A connection that is lost is winit's to notice.
                let _ = compositor.queue.dispatch_pending(&mut Listener);
            }
        }
    }

    fn ask(window: &Window) -> Result<Asked, String> {
        match window.display_handle().map_err(|error| error.to_string())?.as_raw() {
            RawDisplayHandle::Wayland(display) => {
                // SAFETY: the display is that of winit's event loop, which outlives this.
                let backend = unsafe { Backend::from_foreign_display(display.display.as_ptr().cast()) };
                Compositor::reach(Connection::from_backend(backend)).map(Asked::Compositor)
            }
            _ => {
                suspend().map(|_connection| Asked::Server { _connection }).map_err(|error| error.to_string())
            }
        }
    }

    impl Compositor {
        fn reach(connection: Connection) -> Result<Self, String> {
            let (globals, queue) =
                registry_queue_init::<Listener>(&connection).map_err(|error| error.to_string())?;
            let manager =
                globals.bind(&queue.handle(), 1..=1, ()).map_err(|_| "it does not know idle-inhibit")?;
            Ok(Self { connection, queue, manager })
        }

        fn inhibit(&self, window: &Window) -> Option<ZwpIdleInhibitorV1> {
            let RawWindowHandle::Wayland(handle) = window.window_handle().ok()?.as_raw() else { return None };
            // SAFETY: the surface is that of a window which is there.
            let id = unsafe { ObjectId::from_ptr(WlSurface::interface(), handle.surface.as_ptr().cast()) };
            let surface = WlSurface::from_id(&self.connection, id.ok()?).ok()?;
            let inhibitor = self.manager.create_inhibitor(&surface, &self.queue.handle(), ());
            self.connection.flush().ok()?;
            Some(inhibitor)
        }
    }

    /// Suspends the screen saver of the X server until the connection ends, and ends it where it is on.
    fn suspend() -> Result<Box<RustConnection>, Box<dyn std::error::Error>> {
        let (connection, _) = x11rb::connect(None)?;
        connection.screensaver_query_version(1, 1)?.reply()?;
        connection.screensaver_suspend(1)?.check()?;
        connection.force_screen_saver(ScreenSaver::RESET)?.check()?;
        connection.flush()?;
        Ok(Box::new(connection))
    }

    struct Listener;

    delegate_noop!(Listener: ZwpIdleInhibitManagerV1);
    delegate_noop!(Listener: ZwpIdleInhibitorV1);

    impl Dispatch<WlRegistry, GlobalListContents> for Listener {
        fn event(
            _: &mut Self,
            _: &WlRegistry,
            _: wl_registry::Event,
            _: &GlobalListContents,
            _: &Connection,
            _: &QueueHandle<Self>,
        ) {
        }
    }
}
