//! An X server with the dummy driver, whose monitors a test pulls and plugs in as it likes: by
//! RandR, as a desktop does. Its driver needs no console, so any user may start it.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use image::RgbImage;
use x11rb::CURRENT_TIME;
use x11rb::connection::Connection as _;
use x11rb::protocol::randr::{self, ConnectionExt as _, ModeInfo, Rotation};
use x11rb::protocol::screensaver::{self, ConnectionExt as _};
use x11rb::protocol::xfixes::ConnectionExt as _;
use x11rb::protocol::xproto::{
    AtomEnum, Blanking, ConnectionExt as _, CreateWindowAux, Exposures, ImageFormat, KEY_PRESS_EVENT,
    KEY_RELEASE_EVENT, MOTION_NOTIFY_EVENT, PropMode, WindowClass,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::photo::Photo;
use super::process::{Home, Running};
use super::{need_command, within};

/// Set to 1 on machines that have no X server with the dummy driver, to leave its tests out.
pub const LEAVE_OUT: &str = "FISHBOWL_WITHOUT_XORG";

const CONFIG: &str = r#"
Section "ServerFlags"
  Option "AutoAddDevices" "false"
  Option "AutoAddGPU" "false"
EndSection
Section "Device"
  Identifier "card"
  Driver "dummy"
  VideoRam 65536
EndSection
Section "Monitor"
  Identifier "monitor"
  HorizSync 5-1000
  VertRefresh 5-200
EndSection
Section "Screen"
  Identifier "screen"
  Device "card"
  Monitor "monitor"
  DefaultDepth 24
  SubSection "Display"
    Depth 24
    Modes "640x480"
    Virtual 4096 2048
  EndSubSection
EndSection
"#;

/// Where a monitor is plugged in: pixels from the left and the top, and how many it has.
pub type Place = (i16, i16, u16, u16);

pub struct Xorg {
    // Ended before its folder goes.
    running: Running,
    pub home: Home,
    display: String,
    x: RustConnection,
    root: u32,
    modes: BTreeMap<(u16, u16), u32>,
}

/// An X server that is not root's does not make the folder of its sockets.
fn sockets() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = Path::new("/tmp/.X11-unix");
    if std::fs::create_dir(folder).is_ok() {
        let all = std::fs::Permissions::from_mode(0o1777);
        std::fs::set_permissions(folder, all).expect("it is ours");
    }
}

/// The base block of an EDID 1.4 (VESA E-EDID A.2): a name, a serial number, and a size in whole centimetres.
fn edid(serial: &str, (width, height): (u16, u16)) -> [u8; 128] {
    let mut block = [0; 128];
    block[..8].copy_from_slice(&[0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0]);
    // Three letters of five bits each: F, S, H.
    block[8..10].copy_from_slice(&((6 << 10 | 19 << 5 | 8) as u16).to_be_bytes());
    block[18..20].copy_from_slice(&[1, 4]);
    block[21..23].copy_from_slice(&[width, height].map(|mm| (mm / 10) as u8));
    let text = |tag: u8, text: &str| {
        let mut descriptor = [b' '; 18];
        descriptor[..5].copy_from_slice(&[0, 0, 0, tag, 0]);
        let line: Vec<u8> = text.bytes().chain([b'\n']).take(13).collect();
        descriptor[5..5 + line.len()].copy_from_slice(&line);
        descriptor
    };
    block[72..90].copy_from_slice(&text(0xff, serial));
    block[90..108].copy_from_slice(&text(0xfc, "P24"));
    block[127] = block.iter().fold(0u8, |sum, byte| sum.wrapping_sub(*byte));
    block
}

impl Xorg {
    /// Starts a server without a window manager.
    pub fn start() -> Self {
        let home = Home::new();
        home.write("xorg.conf", CONFIG);
        sockets();
        let mut command = home.command(need_command(&["Xorg"], LEAVE_OUT));
        // It takes the first number that is free, and says which; a path of its own it takes only
        // from the folder that it is started in.
        command.args(["-displayfd", "1", "-config", "xorg.conf", "-logfile", "server.log"]);
        command.args(["-noreset", "-nolisten", "tcp"]);
        let mut running = home.start("xorg", &mut command);
        let number = within(Duration::from_secs(15), "the X server says its number", || {
            running.must_live();
            let said = running.said();
            said.lines()
                .find(|line| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()))
                .map(str::to_owned)
        });
        let display = format!(":{number}");
        let (x, screen) = x11rb::connect(Some(&display)).expect("the X server answers");
        let root = x.setup().roots[screen].root;
        Self { running, home, display, x, root, modes: BTreeMap::new() }
    }

    /// Starts a client of this server.
    pub fn client(&self, name: &str, program: &Path, args: &[&str]) -> Running {
        let program = self.home.take(program);
        self.home.start(name, self.home.command(program).env("DISPLAY", &self.display).args(args))
    }

    /// Has the screen saver come on after so many seconds without a touch.
    pub fn save_after(&self, seconds: u8) {
        let (blank, expose) = (Blanking::PREFERRED, Exposures::DEFAULT);
        self.x.set_screen_saver(seconds.into(), 0, blank, expose).expect("asked").check().expect("set");
    }

    /// Whether the screen saver is on.
    pub fn is_saved(&self) -> bool {
        let told = self.x.screensaver_query_info(self.root).expect("asked").reply().expect("told");
        told.state == u8::from(screensaver::State::ON)
    }

    /// Moves the pointer to a place on the desktop.
    pub fn point(&self, x: i16, y: i16) {
        self.x.xtest_fake_input(MOTION_NOTIFY_EVENT, 0, 0, self.root, x, y, 0).expect("asked");
        self.x.sync().expect("moved");
    }

    /// Whether the pointer can be seen.
    pub fn shows_pointer(&self) -> bool {
        self.x.xfixes_query_version(4, 0).expect("asked").reply().expect("told");
        let image = self.x.xfixes_get_cursor_image().expect("asked").reply().expect("told");
        image.cursor_image.iter().any(|argb| argb >> 24 != 0)
    }

    /// Holds these keys down together for a while, then lets go of them.
    pub fn press(&self, symbols: &[u32], length: Duration) {
        let setup = self.x.setup();
        let count = setup.max_keycode - setup.min_keycode + 1;
        let known =
            self.x.get_keyboard_mapping(setup.min_keycode, count).expect("asked").reply().expect("told");
        let each = usize::from(known.keysyms_per_keycode);
        let code = |symbol: &u32| {
            let at = known.keysyms.chunks(each).position(|of| of.first() == Some(symbol));
            setup.min_keycode + at.expect("the keyboard has it") as u8
        };
        let codes: Vec<u8> = symbols.iter().map(code).collect();
        let fake = |kind: u8, code: u8| {
            self.x.xtest_fake_input(kind, code, 0, self.root, 0, 0, 0).expect("asked");
            self.x.sync().expect("done");
        };
        codes.iter().for_each(|code| fake(KEY_PRESS_EVENT, *code));
        std::thread::sleep(length);
        codes.iter().rev().for_each(|code| fake(KEY_RELEASE_EVENT, *code));
    }

    /// Drives these monitors and no others: the first plug is `DUMMY0`.
    pub fn drive(&mut self, monitors: &[Option<Place>]) {
        let all = self.x.randr_get_screen_resources_current(self.root).expect("asked").reply().expect("told");
        let modes: Vec<Option<u32>> =
            monitors.iter().map(|m| m.map(|(_, _, w, h)| self.mode(w, h))).collect();
        // As a desktop does it: nobody sees what lies between.
        self.x.grab_server().expect("grabbed");
        for &crtc in &all.crtcs {
            self.set(crtc, (0, 0), 0, &[]);
        }
        let reach = |end: fn(&Place) -> i16| monitors.iter().flatten().map(end).max().unwrap_or(640) as u16;
        let (w, h) = (reach(|(x, _, w, _)| x + *w as i16), reach(|(_, y, _, h)| y + *h as i16));
        self.x.randr_set_screen_size(self.root, w, h, 500, 300).expect("asked").check().expect("resized");
        for (i, (place, mode)) in monitors.iter().zip(modes).enumerate() {
            let (Some((x, y, _, _)), Some(mode)) = (place, mode) else { continue };
            let added = self.x.randr_add_output_mode(all.outputs[i], mode).expect("asked");
            added.check().expect("a mode may be added again");
            self.set(all.crtcs[i], (*x, *y), mode, &[all.outputs[i]]);
        }
        self.x.ungrab_server().expect("let go");
        self.x.flush().expect("sent");
    }

    /// Has the monitor at a plug say that it is an `FSH P24` with this serial number and size, millimetres.
    pub fn plug(&self, plug: usize, serial: &str, size_mm: (u16, u16)) {
        let all = self.x.randr_get_screen_resources_current(self.root).expect("asked").reply().expect("told");
        let name = self.x.intern_atom(false, b"EDID").expect("asked").reply().expect("told").atom;
        let (bytes, kind) = (edid(serial, size_mm), AtomEnum::INTEGER.into());
        let changed = self.x.randr_change_output_property(
            all.outputs[plug],
            name,
            kind,
            8,
            PropMode::REPLACE,
            bytes.len() as u32,
            &bytes,
        );
        changed.expect("asked").check().expect("a monitor may say anything");
    }

    fn set(&self, crtc: randr::Crtc, (x, y): (i16, i16), mode: u32, outputs: &[randr::Output]) {
        let turn = Rotation::ROTATE0;
        let set = self.x.randr_set_crtc_config(crtc, CURRENT_TIME, CURRENT_TIME, x, y, mode, turn, outputs);
        let status = set.expect("asked").reply().expect("answered").status;
        assert_eq!(status, randr::SetConfig::SUCCESS);
    }

    fn mode(&mut self, width: u16, height: u16) -> u32 {
        if let Some(mode) = self.modes.get(&(width, height)) {
            return *mode;
        }
        let name = format!("test-{width}x{height}");
        let (htotal, vtotal) = (width + 160, height + 40);
        let info = ModeInfo {
            width,
            height,
            dot_clock: u32::from(htotal) * u32::from(vtotal) * 60,
            hsync_start: width + 48,
            hsync_end: width + 80,
            htotal,
            vsync_start: height + 3,
            vsync_end: height + 8,
            vtotal,
            name_len: name.len() as u16,
            ..ModeInfo::default()
        };
        let made = self.x.randr_create_mode(self.root, info, name.as_bytes()).expect("asked");
        let mode = made.reply().expect("made").mode;
        self.modes.insert((width, height), mode);
        mode
    }

    /// Each window that is shown, by its title, and where it is.
    pub fn windows(&self) -> BTreeMap<String, Place> {
        let all = self.x.query_tree(self.root).expect("asked").reply().expect("told").children;
        all.into_iter().filter_map(|window| self.window(window)).collect()
    }

    /// Nothing for one that is gone meanwhile, or has no title.
    fn window(&self, window: u32) -> Option<(String, Place)> {
        let title =
            self.x.get_property(false, window, AtomEnum::WM_NAME, AtomEnum::ANY, 0, 64).ok()?.reply().ok()?;
        let seen = self.x.get_window_attributes(window).ok()?.reply().ok()?.map_state;
        let place = self.x.get_geometry(window).ok()?.reply().ok()?;
        let shown = seen == x11rb::protocol::xproto::MapState::VIEWABLE && !title.value.is_empty();
        let title = String::from_utf8_lossy(&title.value).into_owned();
        shown.then_some((title, (place.x, place.y, place.width, place.height)))
    }

    /// Photographs a part of the desktop.
    pub fn photograph(&self, (x, y, w, h): Place) -> Photo {
        let asked = self.x.get_image(ImageFormat::Z_PIXMAP, self.root, x, y, w, h, !0).expect("asked");
        let picture = asked.reply().expect("the desktop has it").data;
        let rgb = picture.chunks_exact(4).flat_map(|bgrx| [bgrx[2], bgrx[1], bgrx[0]]).collect();
        Photo(RgbImage::from_raw(w.into(), h.into(), rgb).expect("a whole picture"))
    }

    /// Takes the window with this title off the screen, as another program may.
    pub fn unmap(&self, title: &str) {
        self.x.unmap_window(self.named(title)).expect("asked").check().expect("done");
    }

    /// Puts a window of somebody else over a part of the desktop.
    pub fn cover(&self, (x, y, w, h): Place) {
        let window = self.x.generate_id().expect("a number");
        let look = CreateWindowAux::new().override_redirect(1).background_pixel(0x00ff_ffff);
        let (depth, class) = (x11rb::COPY_DEPTH_FROM_PARENT, WindowClass::INPUT_OUTPUT);
        let made = self.x.create_window(depth, window, self.root, x, y, w, h, 0, class, 0, &look);
        made.expect("asked").check().expect("made");
        self.x.map_window(window).expect("asked").check().expect("mapped");
    }

    fn named(&self, title: &str) -> u32 {
        let all = self.x.query_tree(self.root).expect("asked").reply().expect("told").children;
        let is_it = |window: &u32| self.window(*window).is_some_and(|(known, _)| known == title);
        all.into_iter().find(is_it).unwrap_or_else(|| panic!("no window {title}"))
    }
}
