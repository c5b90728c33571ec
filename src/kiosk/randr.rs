//! What an X server tells of its monitors (RandR 1.3), asked anew at each look: winit keeps the list
//! that it read first. And the place of windows by that, because winit would place them by its own.

use super::edid::Panel;
use super::outputs::Output;

/// A part of the desktop: its left top corner, and its width and height.
pub type Part = ((i32, i32), (u32, u32));

/// A monitor that the X server drives.
#[derive(Clone, Debug, PartialEq)]
pub struct Lit {
    pub output: Output,
    /// Thousandths of a hertz.
    pub refresh_mhz: Option<u32>,
    /// What the server has from the monitor itself.
    pub panel: Option<Panel>,
    /// False when no monitor is plugged in: the server goes on driving an empty plug.
    pub plugged: bool,
}

/// All that an X server tells of monitors.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    pub lit: Vec<Lit>,
    /// Plugs with a monitor that the server does not drive.
    pub dark: Vec<String>,
}

/// What the server says of one of our windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Whole,
    /// Another window covers a part of it.
    Covered,
    /// Another client took it off the screen; it was mapped again.
    Unmapped,
}

#[cfg(not(target_os = "linux"))]
pub use nowhere::Server;
#[cfg(target_os = "linux")]
pub use x11::Server;

#[cfg(not(target_os = "linux"))]
mod nowhere {
    /// No X server here.
    #[derive(Default)]
    pub struct Server;

    impl Server {
        pub fn monitors(&mut self) -> Option<super::Heard> {
            None
        }
        pub fn dress(&self, _: u64) {}
        pub fn put(&self, _: u64, _: super::Part) {}
        pub fn place_of(&self, _: u64) -> Option<super::Part> {
            None
        }
        pub fn tend(&self, _: u64, _: bool) -> super::Standing {
            super::Standing::Whole
        }
    }
}

#[cfg(target_os = "linux")]
mod x11 {
    use std::cell::RefCell;

    use rustc_hash::FxHashMap;
    use x11rb::CURRENT_TIME;
    use x11rb::connection::Connection as _;
    use x11rb::errors::{ConnectionError, ReplyError};
    use x11rb::protocol::Event;
    use x11rb::protocol::randr::{self, ConnectionExt as _};
    use x11rb::protocol::xproto::{
        AtomEnum, ChangeWindowAttributesAux, ClientMessageEvent, ConfigureWindowAux, ConnectionExt as _,
        EventMask, InputFocus, MapState, PropMode, StackMode, Visibility,
    };
    use x11rb::rust_connection::RustConnection;
    use x11rb::wrapper::ConnectionExt as _;

    use super::{Heard, Lit, Output, Panel, Part, Standing};
    use crate::geometry::Rotation;

    /// Longest EDID, in units of four bytes.
    const EDID_WORDS: u32 = 128 * 256 / 4;
    /// Of `_NET_WM_STATE` (Extended Window Manager Hints 1.3).
    const REMOVE: u32 = 0;
    const ADD: u32 = 1;
    /// What the server names as its focus where that is no window: `None` and `PointerRoot` (X protocol, SetInputFocus).
    const FOCUS_OF_NOBODY: u32 = 1;

    /// A connection of our own to the X server. Without one nothing is heard and nothing moved.
    #[derive(Default)]
    pub struct Server {
        connected: Option<Connected>,
    }

    struct Connected {
        x: RustConnection,
        root: u32,
        edid: u32,
        state: u32,
        fullscreen: u32,
        /// What covers our windows, as far as the server told.
        visible: RefCell<FxHashMap<u32, Visibility>>,
    }

    impl Server {
        /// The monitors that the server drives now; nothing without a server that knows RandR.
        pub fn monitors(&mut self) -> Option<Heard> {
            if self.connected.is_none() {
                self.connected = connect().inspect_err(|why| tracing::debug!("no RandR: {why}")).ok();
            }
            let heard = self.connected.as_ref()?.monitors();
            heard
                .inspect_err(|why| {
                    tracing::warn!("cannot list the X server's monitors: {why}");
                    self.connected = None;
                })
                .ok()
        }

        /// Has a window that is not shown yet come up full screen, where there is a window manager.
        pub fn dress(&self, window: u64) {
            self.with(|server| server.dress(window as u32));
        }

        /// Puts a window over a part of the desktop.
        pub fn put(&self, window: u64, part: Part) {
            self.with(|server| server.put(window as u32, part));
        }

        /// Where a window is on the desktop, and its size.
        pub fn place_of(&self, window: u64) -> Option<Part> {
            self.connected.as_ref()?.place_of(window as u32).ok()
        }

        /// Sees to it that a window of ours is mapped and, with `raise`, that nothing covers a part of
        /// it: of one that is covered
        /// wholly winit tells.
        pub fn tend(&self, window: u64, raise: bool) -> Standing {
            let tended = self.connected.as_ref().map(|server| server.tend(window as u32, raise));
            // What is gone is made anew by others.
            tended.and_then(Result::ok).unwrap_or(Standing::Whole)
        }

        fn with(&self, work: impl FnOnce(&Connected) -> Result<(), ReplyError>) {
            if let Some(Err(why)) = self.connected.as_ref().map(work) {
                tracing::debug!("cannot place a window: {why}");
            }
        }
    }

    fn connect() -> Result<Connected, Box<dyn std::error::Error>> {
        let (x, screen) = x11rb::connect(None)?;
        let root = x.setup().roots.get(screen).ok_or("it has no screen")?.root;
        let version = x.randr_query_version(1, 3)?.reply()?;
        if (version.major_version, version.minor_version) < (1, 3) {
            return Err("its RandR is older than 1.3".into());
        }
        let atom = |name: &[u8]| -> Result<u32, ReplyError> { Ok(x.intern_atom(false, name)?.reply()?.atom) };
        let (edid, state) = (atom(b"EDID")?, atom(b"_NET_WM_STATE")?);
        let fullscreen = atom(b"_NET_WM_STATE_FULLSCREEN")?;
        Ok(Connected { x, root, edid, state, fullscreen, visible: RefCell::default() })
    }

    impl Connected {
        fn monitors(&self) -> Result<Heard, ReplyError> {
            let all = self.x.randr_get_screen_resources_current(self.root)?.reply()?;
            let mut heard = Heard::default();
            for &id in &all.crtcs {
                let crtc = self.x.randr_get_crtc_info(id, CURRENT_TIME)?.reply();
                // It may be gone by now: the next look tells.
                let Some(crtc) = known(crtc)?.filter(|crtc| !crtc.outputs.is_empty()) else { continue };
                let plug = self.x.randr_get_output_info(crtc.outputs[0], CURRENT_TIME)?.reply();
                let Some(plug) = known(plug)? else { continue };
                let bytes = self.edid(crtc.outputs[0])?;
                heard.lit.extend(lit(&crtc, &plug, &all.modes, bytes.as_deref()));
            }
            for &id in &all.outputs {
                let plug = known(self.x.randr_get_output_info(id, CURRENT_TIME)?.reply())?;
                heard.dark.extend(plug.filter(is_dark).map(|plug| name(&plug)));
            }
            Ok(heard)
        }

        fn edid(&self, output: randr::Output) -> Result<Option<Vec<u8>>, ReplyError> {
            let any = u32::from(AtomEnum::ANY);
            let asked =
                self.x.randr_get_output_property(output, self.edid, any, 0, EDID_WORDS, false, false)?;
            let told = known(asked.reply())?;
            Ok(told.filter(|told| told.format == 8 && !told.data.is_empty()).map(|told| told.data))
        }

        fn dress(&self, window: u32) -> Result<(), ReplyError> {
            let told = ChangeWindowAttributesAux::new().event_mask(EventMask::VISIBILITY_CHANGE);
            self.x.change_window_attributes(window, &told)?.check()?;
            let states = [self.fullscreen];
            self.x.change_property32(PropMode::REPLACE, window, self.state, AtomEnum::ATOM, &states)?.check()
        }

        /// A window manager leaves full screens where they are, so it is none for a moment.
        fn put(&self, window: u32, ((x, y), (w, h)): Part) -> Result<(), ReplyError> {
            self.ask(window, REMOVE)?;
            let place = ConfigureWindowAux::new().x(x).y(y).width(w.max(1)).height(h.max(1));
            self.x.configure_window(window, &place)?.check()?;
            self.ask(window, ADD)?;
            Ok(self.x.flush()?)
        }

        fn tend(&self, window: u32, raise: bool) -> Result<Standing, ReplyError> {
            let mut visible = self.visible.borrow_mut();
            while let Some(event) = self.x.poll_for_event()? {
                match event {
                    Event::VisibilityNotify(told) => drop(visible.insert(told.window, told.state)),
                    Event::DestroyNotify(gone) => drop(visible.remove(&gone.window)),
                    _ => {}
                }
            }
            if self.x.get_window_attributes(window)?.reply()?.map_state != MapState::VIEWABLE {
                self.x.map_window(window)?.check()?;
                return Ok(Standing::Unmapped);
            }
            // Without a window manager no window has the keyboard, until one takes it.
            if self.x.get_input_focus()?.reply()?.focus <= FOCUS_OF_NOBODY {
                self.x.set_input_focus(InputFocus::POINTER_ROOT, window, CURRENT_TIME)?.check()?;
            }
            if visible.get(&window) != Some(&Visibility::PARTIALLY_OBSCURED) {
                return Ok(Standing::Whole);
            }
            if raise {
                let top = ConfigureWindowAux::new().stack_mode(StackMode::ABOVE);
                self.x.configure_window(window, &top)?.check()?;
            }
            Ok(Standing::Covered)
        }

        fn ask(&self, window: u32, what: u32) -> Result<(), ConnectionError> {
            let message = ClientMessageEvent::new(32, window, self.state, [what, self.fullscreen, 0, 1, 0]);
            let to = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
            self.x.send_event(false, self.root, to, message)?;
            Ok(())
        }

        fn place_of(&self, window: u32) -> Result<Part, ReplyError> {
            let geometry = self.x.get_geometry(window)?.reply()?;
            let place = self.x.translate_coordinates(window, self.root, 0, 0)?.reply()?;
            let position = (i32::from(place.dst_x), i32::from(place.dst_y));
            Ok((position, (u32::from(geometry.width), u32::from(geometry.height))))
        }
    }

    /// Nothing for what the server does not know any more; an error when the server is gone.
    fn known<T>(reply: Result<T, ReplyError>) -> Result<Option<T>, ReplyError> {
        match reply {
            Ok(reply) => Ok(Some(reply)),
            Err(ReplyError::X11Error(_)) => Ok(None),
            Err(gone) => Err(gone),
        }
    }

    fn name(plug: &randr::GetOutputInfoReply) -> String {
        String::from_utf8_lossy(&plug.name).into_owned()
    }

    fn is_dark(plug: &randr::GetOutputInfoReply) -> bool {
        plug.crtc == 0 && plug.connection == randr::Connection::CONNECTED
    }

    /// The monitor that a controller drives; `None` when it drives nothing.
    pub(super) fn lit(
        crtc: &randr::GetCrtcInfoReply,
        plug: &randr::GetOutputInfoReply,
        modes: &[randr::ModeInfo],
        edid: Option<&[u8]>,
    ) -> Option<Lit> {
        if crtc.mode == 0 || crtc.width == 0 || crtc.height == 0 {
            return None;
        }
        let turned = rotation(crtc.rotation);
        let (w, h) = (u32::from(crtc.width), u32::from(crtc.height));
        let output = Output {
            name: name(plug),
            position: (crtc.x.into(), crtc.y.into()),
            extent: (w, h),
            pixels: if turned.is_sideways() { (h, w) } else { (w, h) },
            turned,
        };
        Some(Lit {
            panel: edid.map(|bytes| Panel::of(&output.name, bytes)),
            output,
            refresh_mhz: modes.iter().find(|mode| mode.id == crtc.mode).and_then(refresh),
            plugged: plug.connection != randr::Connection::DISCONNECTED,
        })
    }

    fn refresh(mode: &randr::ModeInfo) -> Option<u32> {
        let total = u64::from(mode.htotal) * u64::from(mode.vtotal);
        u32::try_from((u64::from(mode.dot_clock) * 1_000).checked_div(total)?).ok().filter(|mhz| *mhz > 0)
    }

    /// Whichever way round: a picture that the server turned stands upright.
    fn rotation(told: randr::Rotation) -> Rotation {
        match told {
            told if told.contains(randr::Rotation::ROTATE90) => Rotation::R90,
            told if told.contains(randr::Rotation::ROTATE180) => Rotation::R180,
            told if told.contains(randr::Rotation::ROTATE270) => Rotation::R270,
            _ => Rotation::R0,
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use x11rb::protocol::randr::{
        Connection, GetCrtcInfoReply, GetOutputInfoReply, ModeInfo, Rotation as Turned,
    };

    use super::x11::lit;
    use super::*;
    use crate::geometry::Rotation;

    /// What Xorg tells of a monitor of 1920 × 1080 at 60 Hz to the right of another.
    fn told() -> (GetCrtcInfoReply, GetOutputInfoReply, [ModeInfo; 2]) {
        let crtc = GetCrtcInfoReply {
            x: 1920,
            width: 1920,
            height: 1080,
            mode: 77,
            rotation: Turned::ROTATE0,
            outputs: vec![5],
            ..Default::default()
        };
        let plug = GetOutputInfoReply { name: b"DP-1".to_vec(), crtc: 3, ..Default::default() };
        let mode =
            ModeInfo { id: 77, dot_clock: 148_500_000, htotal: 2200, vtotal: 1125, ..Default::default() };
        (crtc, plug, [ModeInfo { id: 76, ..mode }, mode])
    }

    #[test]
    fn a_monitor_is_where_the_server_drives_it() {
        let (crtc, plug, modes) = told();
        let found = lit(&crtc, &plug, &modes, None).expect("it is driven");
        let output = Output {
            name: "DP-1".into(),
            position: (1920, 0),
            extent: (1920, 1080),
            pixels: (1920, 1080),
            turned: Rotation::R0,
        };
        assert_eq!(found, Lit { output, refresh_mhz: Some(60_000), panel: None, plugged: true });
    }

    #[test]
    fn a_turned_monitor_counts_pixels_as_its_panel_does() {
        let (mut crtc, plug, modes) = told();
        (crtc.width, crtc.height) = (1080, 1920);
        for (told, is, pixels) in [
            (Turned::ROTATE90, Rotation::R90, (1920, 1080)),
            (Turned::ROTATE270 | Turned::REFLECT_X, Rotation::R270, (1920, 1080)),
            (Turned::ROTATE180, Rotation::R180, (1080, 1920)),
            (Turned::ROTATE0 | Turned::REFLECT_Y, Rotation::R0, (1080, 1920)),
        ] {
            crtc.rotation = told;
            let found = lit(&crtc, &plug, &modes, None).expect("it is driven").output;
            assert_eq!((found.turned, found.pixels, found.extent), (is, pixels, (1080, 1920)));
        }
    }

    #[test]
    fn what_is_not_driven_or_not_known_is_not_made_up() {
        let (mut crtc, mut plug, _) = told();
        plug.connection = Connection::DISCONNECTED;
        let found = lit(&crtc, &plug, &[ModeInfo { id: 77, ..Default::default() }], Some(b"garbage"));
        let found = found.expect("it is driven");
        assert_eq!((found.refresh_mhz, found.plugged), (None, false));
        assert!(found.panel.expect("it sent something").edid.is_none());
        crtc.mode = 0;
        assert_eq!(lit(&crtc, &plug, &[], None), None);
    }
}
