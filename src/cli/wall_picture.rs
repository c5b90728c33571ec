//! A wall drawn once, at a moment of a simulated clock.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::bitmap::Bitmap;
use crate::clock::Time;
use crate::feed::{self, Recorded};
use crate::gpu::{Gpu, Output};
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Snapshot;
use crate::pulse::{PUBLISH_EVERY, Pulse};
use crate::scene::{Control, Director};
use crate::text::Typesetter;
use image::{ExtendedColorType, ImageEncoder as _, Rgba, RgbaImage};

use super::failure::Failure;

/// The simulated wall starts at this moment: 2026-06-16 14:05:00 UTC, a Tuesday afternoon.
pub const START: Time = Time::from_secs(1_781_618_700);

/// Before the moment that is drawn, snapshots are published as on a live wall for this long, so
/// that numbers roll as they would.
const LEAD_IN: Duration = Duration::from_secs(2);

/// Widest picture of the whole wall, pixels.
const MAX_WALL: f32 = 4_800.0;

/// What hangs between the lit areas.
const BEZEL: Rgba<u8> = Rgba([4, 4, 5, 255]);

/// Folds what the feeds tell from `start` to `at`.
pub fn play(wall: &Wall, start: Time, at: Time) -> Result<Arc<Snapshot>, Failure> {
    let mut feeds = feed::recorded(&wall.feeds, start)?;
    let mut pulse = Pulse::new(wall, start)?;
    let mut snapshot = Arc::new(Snapshot::default());
    fold(&mut feeds, &mut pulse, start, &mut snapshot);
    let mut now = start;
    while now < at {
        // A second at a time until shortly before the end, then as a live wall does.
        let fine = at.since(now) <= LEAD_IN;
        now = (now + if fine { PUBLISH_EVERY } else { Duration::from_secs(1) }).min(at);
        fold(&mut feeds, &mut pulse, now, &mut snapshot);
    }
    Ok(snapshot)
}

fn fold(feeds: &mut Recorded, pulse: &mut Pulse, now: Time, snapshot: &mut Arc<Snapshot>) {
    feeds.until(now).for_each(|batch| pulse.fold(batch));
    if let Some(new) = pulse.publish(now) {
        *snapshot = new;
    }
}

/// What each display shows at one moment.
pub fn draw(
    wall: Arc<Wall>,
    snapshot: &Snapshot,
    control: &Control,
    at: Time,
) -> Result<Vec<Bitmap>, Failure> {
    let mut setter = Typesetter::new(true);
    let mut gpu = Gpu::headless()?;
    gpu.set_background(wall.background.as_ref(), &wall.theme);
    let ground = wall.theme.ground;
    let mut outputs =
        wall.displays.iter().map(|d| Output::headless(&mut gpu, d, ground)).collect::<Result<Vec<_>, _>>()?;
    let mut director = Director::new(wall);
    let frame = director.frame(snapshot, control, at, &mut setter);
    let mut refs: Vec<&mut Output> = outputs.iter_mut().collect();
    gpu.draw(&mut refs, &frame, &mut setter, &mut |_| {});
    outputs.iter_mut().map(|o| gpu.capture(o, &mut setter, None).map_err(Into::into)).collect()
}

/// Every scene of a wall, `at` after its start.
pub fn scenes(wall: &Wall, at: Duration) -> Result<Vec<RgbaImage>, Failure> {
    let at = START + at;
    let snapshot = play(wall, START, at)?;
    let scene = |scene| {
        let control = Control { scene: Some((scene, at)), ..Control::default() };
        Ok(compose(wall, &draw(Arc::new(wall.clone()), &snapshot, &control, at)?))
    };
    (0..wall.scenes.len()).map(scene).collect()
}

/// Around the displays in a picture of the whole wall, millimetres.
pub fn margin(wall: &Wall) -> f32 {
    let bounds = wall.bounds();
    bounds.w.max(bounds.h) * 0.01
}

/// The wall as it hangs, at the density of its densest display or less.
pub fn compose(wall: &Wall, captures: &[Bitmap]) -> RgbaImage {
    let bounds = wall.bounds();
    let margin = margin(wall);
    let dense = wall.displays.iter().map(|d| d.density()).fold(0.0, f32::max);
    let scale = dense.min(MAX_WALL / (bounds.w + 2.0 * margin));
    let px = |mm: f32| (mm * scale).round() as u32;
    let (w, h) = (px(bounds.w + 2.0 * margin), px(bounds.h + 2.0 * margin));
    let mut whole = RgbaImage::from_pixel(w.max(1), h.max(1), BEZEL);
    for (display, capture) in wall.displays.iter().zip(captures) {
        let Some(image) = RgbaImage::from_raw(capture.width, capture.height, capture.rgba.clone()) else {
            continue;
        };
        let (w, h) = (px(display.rect.w).max(1), px(display.rect.h).max(1));
        let image = image::imageops::resize(&image, w, h, image::imageops::FilterType::Triangle);
        let x = px(display.rect.x - bounds.x + margin);
        let y = px(display.rect.y - bounds.y + margin);
        image::imageops::replace(&mut whole, &image, x.into(), y.into());
    }
    whole
}

/// Writes a picture (RGBA, 8 bits) as PNG.
pub fn save(path: &Path, width: u32, height: u32, rgba: &[u8]) -> Result<(), Failure> {
    let failed = |e: std::io::Error| format!("{}: {e}", path.display());
    let mut file = std::io::BufWriter::new(std::fs::File::create(path).map_err(failed)?);
    let png = image::codecs::png::PngEncoder::new(&mut file);
    png.write_image(rgba, width, height, ExtendedColorType::Rgba8)?;
    Ok(file.flush().map_err(failed)?)
}
