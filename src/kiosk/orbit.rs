//! Care for panels on which a picture stands for months: the whole picture moves by a pixel each minute, so that no
//! edge stays on the same pixels.

use std::time::Duration;

use crate::clock::Time;
use crate::layout::wall::{Display, Wall};

/// How long the picture stays where it is.
const STEP: Duration = Duration::from_secs(60);

/// Where the picture stands at `now`, pixels of the finest display to the right and down. Over time it comes to each
/// place of a square of `range` pixels around the middle, row by row and back the same way.
fn place(range: u8, now: Time) -> (i32, i32) {
    let side = i64::from(range) + 1;
    let last = side * side - 1;
    let step = now.as_micros().div_euclid(STEP.as_micros() as i64).rem_euclid(2 * last);
    let n = if step > last { 2 * last - step } else { step };
    let (row, column) = (n / side, n % side);
    let across = if row % 2 == 0 { column } else { side - 1 - column };
    let middle = i64::from(range) / 2;
    ((across - middle) as i32, (row - middle) as i32)
}

/// How far the picture of the display `index` stands from its place at `now`, millimetres to the right and down: whole
/// pixels, and the same on all displays to within half a pixel, so that what runs on behind a bezel fits.
pub fn offset(wall: &Wall, index: usize, now: Time) -> (f32, f32) {
    if wall.pixel_shift == 0 {
        return (0.0, 0.0);
    }
    let (x, y) = place(wall.pixel_shift, now);
    let finest = wall.displays.iter().map(pitch).fold(f32::INFINITY, |least, (x, y)| least.min(x).min(y));
    let (across, down) = pitch(&wall.displays[index]);
    let near = |steps: i32, pitch: f32| (steps as f32 * finest / pitch).round() * pitch;
    (near(x, across), near(y, down))
}

/// Width and height of a pixel, millimetres.
fn pitch(display: &Display) -> (f32, f32) {
    let (w, h) = display.pixels;
    (display.rect.w / w.max(1) as f32, display.rect.h / h.max(1) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout;

    fn at(minute: u64) -> Time {
        Time::from_secs(60 * minute as i64)
    }

    #[test]
    fn it_comes_everywhere_one_pixel_at_a_time() {
        for range in [1, 2, 5, 8] {
            let side = u64::from(range) + 1;
            let way: Vec<_> = (0..2 * side * side).map(|minute| place(range, at(minute))).collect();
            let mut places = way.clone();
            places.sort_unstable();
            places.dedup();
            assert_eq!(places.len() as u64, side * side, "{range}");
            assert!(
                way.windows(2).all(|w| (w[1].0 - w[0].0).abs() + (w[1].1 - w[0].1).abs() == 1),
                "{way:?}"
            );
            let far = |(x, y): &(i32, i32)| x.abs().max(y.abs());
            assert!(way.iter().map(far).max() <= Some((i32::from(range) + 1) / 2), "{range}");
        }
        // Also before 1970, and however far away.
        assert_eq!(place(8, Time::from_secs(-1)), place(8, at(160 - 1)));
        place(8, Time::from_micros(i64::MAX));
    }

    #[test]
    fn all_displays_move_alike_and_by_whole_pixels() {
        let text = "[wall]\npixel_shift = 8\n\
            [display.fine]\nsize_mm = [600, 340]\npixels = [3840, 2176]\n\
            [display.coarse]\nsize_mm = [600, 340]\npixels = [1200, 680]\n\
            [scene.a]\npicture = \"x | y\"\ntile.x.kind = \"clock\"\ntile.y.kind = \"clock\"\n";
        let read = layout::load_text(text, std::path::Path::new("a.toml"), &[], &crate::registry());
        let wall = layout::solve(&read.file, &[]);
        for minute in 0..160 {
            let offsets = [0, 1].map(|index| offset(&wall, index, at(minute)));
            for ((x, y), display) in offsets.iter().zip(&wall.displays) {
                let (across, down) = pitch(display);
                let whole = |v: f32| (v - v.round()).abs() < 1e-3;
                assert!(whole(x / across) && whole(y / down), "{minute}: {x} {y}");
            }
            let apart = (offsets[0].0 - offsets[1].0).abs().max((offsets[0].1 - offsets[1].1).abs());
            assert!(apart <= 0.5 / 2.0 + 1e-3, "{minute}: {apart} mm, half a coarse pixel is 0.25 mm");
        }
    }
}
