//! The picture behind everything that stands on the wall.

use std::sync::Arc;

use crate::bitmap::Bitmap;
use crate::color::Palette;
use crate::geometry::Rect;
use crate::layout::display::Display;
use crate::layout::schema::LayoutFile;

/// Most pixels of a background that are kept, and its longest side: 32 MB in memory, and the same on the graphics
/// device. Beneath a scrim nobody sees that it is no finer.
const MOST_PIXELS: f32 = 8_294_400.0;
const LONGEST_SIDE: f32 = 4_096.0;

/// A picture that covers all displays, bezels included.
#[derive(Clone, Debug)]
pub struct Background {
    pub bitmap: Arc<Bitmap>,
    /// What it covers, wall millimetres: all displays, and the way that they move against burn-in.
    pub rect: Rect,
}

impl Background {
    /// The picture that the layout names, cut to the shape of the wall; the error says in words what is
    /// wrong with it.
    pub fn read(file: &LayoutFile, displays: &[Display]) -> Option<Result<Self, String>> {
        let path = file.dir.join(file.theme.background.as_ref()?);
        let rect = covered(displays, f32::from(file.wall.pixel_shift));
        let (w, h) = pixels(rect, displays);
        let bitmap = Bitmap::read_covering(&path, (w, h));
        Some(bitmap.map(|bitmap| Self { bitmap: Arc::new(bitmap), rect }))
    }

    pub fn palette(&self) -> Palette {
        Palette::of(&self.bitmap.rgba)
    }
}

/// All displays with a margin of the pixels by which the picture moves.
fn covered(displays: &[Display], shift: f32) -> Rect {
    let mut rects = displays.iter().map(|display| display.rect);
    let first = rects.next().unwrap_or(Rect::new(0.0, 0.0, 1.0, 1.0));
    let pitch = displays.iter().map(|display| 1.0 / display.density()).fold(0.0, f32::max);
    rects.fold(first, |all, rect| all.union(&rect)).inset(-shift * pitch)
}

/// How many pixels are worth having: those of the wall at its finest density, up to the limits.
fn pixels(rect: Rect, displays: &[Display]) -> (u32, u32) {
    let density = displays.iter().map(|display| display.density()).fold(0.0, f32::max);
    let (w, h) = (rect.w * density, rect.h * density);
    let scale = (MOST_PIXELS / (w * h)).sqrt().min(LONGEST_SIDE / w.max(h)).min(1.0);
    let whole = |v: f32| (v * scale).round().clamp(1.0, LONGEST_SIDE) as u32;
    (whole(w), whole(h))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Rotation;
    use crate::layout::display::IfMissing;

    fn display(x: f32, w: f32, pixels: (u32, u32)) -> Display {
        Display {
            name: String::new(),
            rect: Rect::new(x, 0.0, w, 340.0),
            pixels,
            rotate: Rotation::R0,
            matches: Vec::new(),
            if_missing: IfMissing::Blank,
            adopted: None,
        }
    }

    #[test]
    fn it_covers_the_bezels_and_the_way_against_burn_in() {
        let two = [display(0.0, 600.0, (1_920, 1_088)), display(620.0, 600.0, (1_920, 1_088))];
        assert_eq!(covered(&two, 0.0), Rect::new(0.0, 0.0, 1_220.0, 340.0));
        let moved = covered(&two, 4.0);
        assert!((moved.x + 1.25).abs() < 1e-3 && (moved.h - 342.5).abs() < 1e-3, "{moved:?}");
        assert_eq!(pixels(covered(&two, 0.0), &two), (3_904, 1_088));
    }

    #[test]
    fn it_is_never_large_whatever_the_wall() {
        for (count, w) in [(1, 600.0), (12, 600.0), (40, 600.0), (1, 60_000.0)] {
            let row: Vec<Display> = (0..count).map(|i| display(i as f32 * w, w, (7_680, 4_320))).collect();
            let (across, down) = pixels(covered(&row, 8.0), &row);
            assert!(across.max(down) <= LONGEST_SIDE as u32, "{across} × {down}");
            assert!(across * down <= MOST_PIXELS as u32 + across + down, "{across} × {down}");
        }
    }
}
