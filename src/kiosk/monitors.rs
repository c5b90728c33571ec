//! From what the window system tells of a screen, and what the kernel tells of the panel on the
//! same plug, to the monitor that a layout matches its displays against.

use super::edid::Panel;
use super::outputs::Output;
use crate::geometry::Rotation;
use crate::layout::monitors::{Edid, Monitor};

/// A screen as the window system tells of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// The plug on Wayland and X11, for example `DP-1`.
    pub name: String,
    /// Place on the desktop, in its own units.
    pub position: (i32, i32),
    /// Pixels of its present mode.
    pub pixels: (u32, u32),
}

/// The monitor of every screen, in the same order. A screen whose panel cannot be told for
/// certain has no EDID and no size.
pub fn monitors(screens: &[Screen], outputs: &[Output], panels: &[Panel]) -> Vec<Monitor> {
    let output = |screen: &Screen| outputs.iter().find(|output| output.name == screen.name);
    screens.iter().map(|screen| monitor(screen, output(screen), panels)).collect()
}

fn monitor(screen: &Screen, output: Option<&Output>, panels: &[Panel]) -> Monitor {
    let panel = panel_of(screen, panels);
    let edid = panel.and_then(|p| p.edid.as_ref());
    let preferred = edid.and_then(|e| e.preferred).map(|mode| mode.size_px);
    let (pixels, turned) = match output {
        Some(output) => (screen.pixels, Some(output.turned)),
        None => unturned(screen.pixels, preferred),
    };
    Monitor {
        name: screen.name.clone(),
        pixels,
        turned,
        size_mm: edid.and_then(|e| e.size_mm).map(|(w, h)| (w as f32, h as f32)),
        position: output.map_or(screen.position, |output| output.position),
        extent: output.map(|output| output.extent).unwrap_or_default(),
        edid: edid.map(|e| Edid {
            make: e.make.clone(),
            model: e.model.clone(),
            serial: e.serial.clone().unwrap_or_default(),
            sha256: panel.and_then(|p| p.sha256.clone()),
        }),
    }
}

/// The panel on the screen's plug. Two graphics cards may both have a `DP-1`: then the one whose
/// preferred mode the screen has, if there is just one.
fn panel_of<'a>(screen: &Screen, panels: &'a [Panel]) -> Option<&'a Panel> {
    let on_plug: Vec<&Panel> = panels.iter().filter(|p| p.connector == screen.name).collect();
    if on_plug.len() <= 1 {
        return on_plug.first().copied();
    }
    let mode = |p: &Panel| p.edid.as_ref().and_then(|e| e.preferred).map(|m| m.size_px);
    let mut fitting = on_plug.into_iter().filter(|p| mode(p).is_some_and(|size| alike(size, screen.pixels)));
    fitting.next().filter(|_| fitting.next().is_none())
}

fn alike(a: (u32, u32), b: (u32, u32)) -> bool {
    a == b || a == (b.1, b.0)
}

/// X11 tells the pixels of a turned screen as it hangs; the panel's own mode tells how it is built.
fn unturned(pixels: (u32, u32), preferred: Option<(u32, u32)>) -> ((u32, u32), Option<Rotation>) {
    let (w, h) = pixels;
    let turned = preferred.is_some_and(|(pw, ph)| (pw > ph) != (w > h) && pw != ph && w != h);
    if turned { ((h, w), Some(Rotation::R90)) } else { (pixels, None) }
}

#[cfg(test)]
mod tests {
    use super::super::edid::{self, Timing};
    use super::*;

    fn panel(connector: &str, serial: Option<&str>, size_px: (u32, u32)) -> Panel {
        let edid = edid::Edid {
            make: "DEL".into(),
            model: "U4323QE".into(),
            serial: serial.map(Into::into),
            size_mm: Some((941, 529)),
            preferred: Some(Timing { size_px, refresh_mhz: 60_000 }),
        };
        Panel { connector: connector.into(), edid: Some(edid), sha256: Some("ab".into()) }
    }

    fn screen(name: &str, pixels: (u32, u32)) -> Screen {
        Screen { name: name.into(), position: (1920, 0), pixels }
    }

    #[test]
    fn the_panel_on_the_same_plug_is_the_monitor() {
        let panels = [panel("DP-1", Some("7X1"), (3840, 2160)), panel("DP-2", None, (1920, 1080))];
        let found = monitors(&[screen("DP-2", (1920, 1080)), screen("DP-1", (3840, 2160))], &[], &panels);
        let ids: Vec<_> = found.iter().filter_map(|m| m.edid.as_ref()).map(Edid::id).collect();
        assert_eq!(ids, ["DEL-U4323QE-", "DEL-U4323QE-7X1"]);
        assert_eq!(found[1].size_mm, Some((941.0, 529.0)));
    }

    #[test]
    fn a_screen_without_a_panel_keeps_what_the_window_system_told() {
        let found = monitors(&[screen("HEADLESS-1", (1920, 1080))], &[], &[]);
        let told = Monitor {
            name: "HEADLESS-1".into(),
            pixels: (1920, 1080),
            position: (1920, 0),
            ..Default::default()
        };
        assert_eq!(found, [told]);
    }

    #[test]
    fn one_plug_name_on_two_cards_is_not_guessed() {
        let other = panel("DP-1", Some("B"), (1920, 1080));
        let told_apart = [panel("DP-1", Some("A"), (3840, 2160)), other.clone()];
        let found = monitors(&[screen("DP-1", (1920, 1080))], &[], &told_apart);
        assert_eq!(found[0].edid.as_ref().map(|e| e.serial.as_str()), Some("B"));
        let alike = [panel("DP-1", Some("A"), (1920, 1080)), other];
        assert_eq!(monitors(&[screen("DP-1", (1920, 1080))], &[], &alike)[0].edid, None);
    }

    #[test]
    fn a_turned_screen_counts_pixels_as_its_panel_does() {
        let panels = [panel("DP-1", None, (3840, 2160))];
        assert_eq!(monitors(&[screen("DP-1", (1080, 1920))], &[], &panels)[0].pixels, (1920, 1080));
    }
}
