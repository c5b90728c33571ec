//! Where displays hang: in the places that the layout gives, or made from the monitors there are.

use crate::geometry::{Rect, Rotation};
use crate::layout::adoption::Adoption;
use crate::layout::display::{Display, IfMissing, MonitorMatch};
use crate::layout::monitors::{Monitor, certain, in_order};
use crate::layout::mount::hung_pixels;
use crate::layout::picture;
use crate::layout::schema::{DisplayTable, LayoutFile};

/// Pixels along the longer side of a display of which nobody says how many it has.
const USUAL_PIXELS: f32 = 1_920.0;
/// Pixels per inch of a monitor of which nobody says how large it is.
const USUAL_DPI: f32 = 96.0;
const MM_PER_INCH: f32 = 25.4;
/// Viewing distance where the layout gives none, in shorter sides of the smallest display.
pub const USUAL_DISTANCE: f32 = 2.5;

/// The displays of `file`; where it names none, one for each monitor, and without monitors one of
/// 1920 × 1080 at 96 dpi for each panel of its pictures. Those that it names may have adopted a monitor.
pub fn displays(file: &LayoutFile, monitors: &[Monitor], adopted: &[Adoption]) -> Vec<Display> {
    if !file.display.is_empty() {
        return named(file, monitors, adopted);
    }
    let gap = file.wall.bezel_mm;
    match monitors {
        [] => side_by_side((1..=panels(file)).map(|n| (format!("screen-{n}"), desk(), vec![])), gap),
        found => side_by_side(in_order(found).into_iter().map(|i| of_monitor(found, i)), gap),
    }
}

/// Most panels side by side in any picture.
fn panels(file: &LayoutFile) -> usize {
    let pictures = file.scene.iter().filter_map(|(_, s)| s.head.picture.as_deref());
    pictures.map(|text| picture::parse(text).0.panel_count()).max().unwrap_or(1).max(1)
}

/// What is taken for granted of a layout that names no displays, where no monitor tells: `2 displays
/// of 508 × 286 mm with 1920 × 1080 pixels, read from 0.7 m`. Nothing when it names its displays.
pub fn assumed(file: &LayoutFile) -> Option<String> {
    if !file.display.is_empty() || file.places.has(&["display"]) {
        return None;
    }
    let displays = displays(file, &[], &[]);
    let (count, first) = (displays.len(), displays.first()?);
    let viewer_m = file.wall.viewer_m.unwrap_or_else(|| usual_viewer_m(&displays));
    let noun = if count == 1 { "display" } else { "displays" };
    let (rect, (across, down)) = (first.rect, first.pixels);
    Some(format!(
        "{count} {noun} of {:.0} × {:.0} mm with {across} × {down} pixels, read from {viewer_m:.1} m",
        rect.w, rect.h
    ))
}

type Hung = (String, (Rect, (u32, u32)), Vec<MonitorMatch>);

fn side_by_side(displays: impl Iterator<Item = Hung>, gap: f32) -> Vec<Display> {
    let mut x = 0.0;
    let hang = |(name, (rect, pixels), matches): Hung| {
        let rect = Rect { x, ..rect };
        x = rect.right() + gap;
        plain(name, (rect, pixels), matches)
    };
    displays.map(hang).collect()
}

fn desk() -> (Rect, (u32, u32)) {
    let mm = MM_PER_INCH / USUAL_DPI;
    (Rect::new(0.0, 0.0, 1_920.0 * mm, 1_080.0 * mm), (1_920, 1_080))
}

fn of_monitor(monitors: &[Monitor], index: usize) -> Hung {
    let monitor = &monitors[index];
    let same = monitors.iter().filter(|m| m.name == monitor.name).count();
    let (name, matches) = match same {
        1 => {
            let plug = MonitorMatch { connector: Some(monitor.name.clone()), ..Default::default() };
            (monitor.name.clone(), vec![plug])
        }
        _ => (format!("{} {}", monitor.name, index + 1), vec![]),
    };
    let (w, h) = monitor.shown_pixels();
    let (w, h) = (w.max(1), h.max(1));
    let mm = mm_per_pixel(monitor, w);
    (name, (Rect::new(0.0, 0.0, w as f32 * mm, h as f32 * mm), (w, h)), matches)
}

/// A display that fills a monitor by itself.
pub fn filling(monitor: &Monitor) -> Display {
    let (name, (rect, pixels), matches) = of_monitor(std::slice::from_ref(monitor), 0);
    plain(name, (rect, pixels), matches)
}

fn plain(name: String, (rect, pixels): (Rect, (u32, u32)), matches: Vec<MonitorMatch>) -> Display {
    let (rotate, if_missing, adopted) = (Rotation::R0, IfMissing::Blank, None);
    Display { name, rect, pixels, rotate, matches, if_missing, adopted }
}

/// The lit area that a monitor reports, as its window system shows it, millimetres; nothing where that is not
/// plausible: many report their proportions in its place, or nothing.
pub fn told_mm(monitor: &Monitor) -> Option<(f32, f32)> {
    let (mm_w, mm_h) = monitor.size_mm?;
    let sideways = monitor.turned.is_some_and(Rotation::is_sideways);
    let (mm_w, mm_h) = if sideways { (mm_h, mm_w) } else { (mm_w, mm_h) };
    let (across, down) = monitor.shown_pixels();
    let skew = (mm_w / mm_h) / (across as f32 / down as f32);
    ((100.0..10_000.0).contains(&mm_w) && (0.9..1.1).contains(&skew)).then_some((mm_w, mm_h))
}

/// By the monitor's own width when it is plausible.
fn mm_per_pixel(monitor: &Monitor, w: u32) -> f32 {
    match told_mm(monitor) {
        Some((mm_w, _)) => mm_w / w as f32,
        None => MM_PER_INCH / USUAL_DPI,
    }
}

fn named(file: &LayoutFile, monitors: &[Monitor], adopted: &[Adoption]) -> Vec<Display> {
    let mut x = 0.0;
    let mut displays: Vec<Display> = Vec::new();
    for (name, table) in file.display.iter() {
        let [w, h] = table.size_mm;
        let at = table.at_mm.unwrap_or([x, displays.last().map_or(0.0, |d: &Display| d.rect.y)]);
        let rect = Rect::new(at[0], at[1], w.max(1.0), h.max(1.0));
        x = rect.right() + file.wall.bezel_mm;
        displays.push(Display {
            name: name.into(),
            rect,
            pixels: pixels(table),
            rotate: table.rotate,
            matches: table.matches.clone(),
            if_missing: table.if_missing,
            adopted: adopted.iter().find(|adoption| adoption.display == name).map(|a| a.monitor.clone()),
        });
    }
    take_modes(file, &mut displays, monitors);
    displays
}

fn pixels(table: &DisplayTable) -> (u32, u32) {
    match table.pixels {
        Some([w, h]) => (w.max(1), h.max(1)),
        None => {
            let [w, h] = table.size_mm.map(|mm| mm.max(1.0));
            let per_mm = USUAL_PIXELS / w.max(h);
            (((w * per_mm).round() as u32).max(1), ((h * per_mm).round() as u32).max(1))
        }
    }
}

/// Displays whose pixels nobody wrote down take those of their monitors.
fn take_modes(file: &LayoutFile, displays: &mut [Display], monitors: &[Monitor]) {
    let (assignment, _) = certain(displays, monitors);
    for (display, monitor) in displays.iter_mut().zip(assignment.monitors) {
        let open = file.display.get(&display.name).is_some_and(|t| t.pixels.is_none());
        if let Some(monitor) = monitor.filter(|_| open) {
            display.pixels = hung_pixels(display, &monitors[monitor]);
        }
    }
}

/// Distance for which type is sized when the layout gives none, metres.
pub fn usual_viewer_m(displays: &[Display]) -> f32 {
    let shorter = displays.iter().map(|d| d.rect.w.min(d.rect.h)).reduce(f32::min);
    shorter.map_or(1.0, |mm| mm * USUAL_DISTANCE / 1_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_television_that_tells_its_aspect_ratio_counts_as_a_desk_monitor() {
        let mut monitor = Monitor { pixels: (1920, 1080), size_mm: Some((16.0, 9.0)), ..Default::default() };
        assert!((mm_per_pixel(&monitor, 1920) - 0.2646).abs() < 1e-3);
        monitor.size_mm = Some((1210.0, 680.0));
        assert!((mm_per_pixel(&monitor, 1920) - 0.6302).abs() < 1e-3);
    }

    #[test]
    fn a_monitor_that_is_turned_already_hangs_upright() {
        let monitor = Monitor {
            name: "DP-1".into(),
            pixels: (1920, 1080),
            size_mm: Some((1210.0, 680.0)),
            turned: Some(Rotation::R90),
            ..Default::default()
        };
        let (_, (rect, pixels), _) = of_monitor(&[monitor], 0);
        assert_eq!(pixels, (1080, 1920));
        assert!((rect.w - 680.0).abs() < 1.0 && (rect.h - 1210.0).abs() < 2.0, "{rect:?}");
    }
}
