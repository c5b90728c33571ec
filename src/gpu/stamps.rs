//! Text that stands alone on the ground and comes again from frame to frame, above all a ticker's:
//! drawn once onto a picture of its own, then copied. Only for software drivers, on which a copied
//! pixel costs a tenth of a drawn one.

use std::sync::Arc;

use glyphon::Viewport;
use rustc_hash::FxHashMap;
use wgpu::{CommandEncoder, Texture};

use super::encode::{copy_area, pass};
use super::heat::Cx;
use super::letters::{Letters, Writing};
use super::target::Target;
use crate::color::Rgba;
use crate::paint::{Area, TextRun};
use crate::text::{Shaped, Typesetter};

/// Pixels of all pictures together: 8 MB.
const MAX_PIXELS: u64 = 2_000_000;
/// Pictures that are made in one frame; other text is drawn as any text is.
const MADE_PER_FRAME: usize = 4;
/// Frames after which a picture that was not copied is forgotten.
const FORGET_AFTER: u64 = 120;

/// Address of the text, bits of the scale, colours of text and ground.
type Key = (usize, u32, [u8; 4], [u8; 4]);

/// The pictures.
#[derive(Default)]
pub struct Stamps {
    kept: FxHashMap<Key, Kept>,
    fresh: Vec<Key>,
    frame: u64,
    pixels: u64,
    enabled: bool,
}

struct Kept {
    /// Held, so that its address stands for it.
    _shaped: Arc<Shaped>,
    ground: Rgba,
    first: u64,
    used: u64,
    picture: Option<Picture>,
}

struct Picture {
    target: Target,
    viewport: Viewport,
    writing: Writing,
}

/// A picture, or a part of it, and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    key: Key,
    from: (u32, u32),
    pub area: Area,
}

impl Stamps {
    /// Without `enabled` all text is drawn.
    pub fn new(enabled: bool) -> Self {
        Self { enabled, ..Self::default() }
    }

    pub fn begin(&mut self) {
        self.frame += 1;
        self.fresh.clear();
        let oldest = self.frame.saturating_sub(FORGET_AFTER);
        let pixels = &mut self.pixels;
        self.kept.retain(|_, kept| {
            let stays = kept.used >= oldest;
            if !stays {
                *pixels -= kept.picture.as_ref().map_or(0, |p| count(p.target.size));
            }
            stays
        });
    }

    /// The stamp for a text; `None` when it is to be drawn as any text is.
    pub fn stamp(
        &mut self,
        cx: &Cx<'_>,
        (letters, setter): (&mut Letters, &mut Typesetter),
        run: &TextRun,
        ground: Rgba,
    ) -> Option<Stamp> {
        if !self.enabled || !run.alone || run.at.iter().any(|v| v.fract() != 0.0) {
            return None;
        }
        let address = Arc::as_ptr(&run.shaped) as usize;
        let key = (address, run.scale.to_bits(), run.color.to_bytes(), ground.to_bytes());
        let (first, used) = (self.frame, self.frame);
        let new = || Kept { _shaped: run.shaped.clone(), ground, first, used, picture: None };
        let kept = self.kept.entry(key).or_insert_with(new);
        kept.used = self.frame;
        let (x, y) = (run.ink[0].floor(), run.ink[1].floor());
        let size = ((run.ink[2].ceil() - x) as u32, (run.ink[3].ceil() - y) as u32);
        if kept.picture.is_none() {
            let room = self.pixels + count(size) <= MAX_PIXELS && self.fresh.len() < MADE_PER_FRAME;
            let fits = size.0.max(size.1) <= cx.device.limits().max_texture_dimension_2d;
            if kept.first == self.frame || !room || !fits || size.0.min(size.1) == 0 {
                return None;
            }
            kept.picture = Some(picture(cx, (letters, setter), run, (x, y), size));
            self.pixels += count(size);
            self.fresh.push(key);
        }
        let box_ = [x.max(0.0), y.max(0.0), x + size.0 as f32, y + size.1 as f32];
        let area = Area::around(box_).intersection(&run.clip);
        let from = ((area.x as f32 - x) as u32, (area.y as f32 - y) as u32);
        Some(Stamp { key, from, area })
    }

    /// Draws the pictures that were asked for in this frame.
    pub fn draw(&self, encoder: &mut CommandEncoder, letters: &Letters) {
        for kept in self.fresh.iter().filter_map(|key| self.kept.get(key)) {
            let Some(picture) = &kept.picture else { continue };
            let [r, g, b, _] = kept.ground.to_array().map(f64::from);
            let ground = Some(wgpu::Color { r, g, b, a: 1.0 });
            let mut pass = pass(encoder, "fishbowl.gpu.stamp", &picture.target.view, ground);
            letters.draw(&picture.writing, &picture.viewport, &mut pass);
        }
    }

    /// Copies stamps to where they go.
    pub fn copy(&self, encoder: &mut CommandEncoder, stamps: &[Stamp], onto: &Texture) {
        for stamp in stamps.iter().filter(|stamp| !stamp.area.is_empty()) {
            let picture = self.kept.get(&stamp.key).and_then(|kept| kept.picture.as_ref());
            let Some(picture) = picture else { continue };
            let from = (&picture.target.texture, stamp.from.0, stamp.from.1);
            copy_area(encoder, from, (onto, stamp.area.x, stamp.area.y), stamp.area);
        }
    }
}

fn count(size: (u32, u32)) -> u64 {
    u64::from(size.0) * u64::from(size.1)
}

/// A picture of `size` pixels whose top left corner lies at `corner` of the display.
fn picture(
    cx: &Cx<'_>,
    (letters, setter): (&mut Letters, &mut Typesetter),
    run: &TextRun,
    corner: (f32, f32),
    size: (u32, u32),
) -> Picture {
    let target = Target::new(cx.device, "fishbowl.gpu.stamp", cx.format, size);
    let viewport = letters.viewport(cx.device, cx.queue, size);
    let mut writing = letters.writing(cx.device);
    let at = [run.at[0] - corner.0, run.at[1] - corner.1];
    let run = TextRun { at, clip: Area::new(0, 0, size.0, size.1), ..run.clone() };
    letters.prepare((cx.device, cx.queue), &mut writing, &viewport, setter, &[&run]);
    Picture { target, viewport, writing }
}
