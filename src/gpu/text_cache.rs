//! Text that stands alone on the ground and comes again from frame to frame, above all a ticker's:
//! drawn once onto a picture of its own, then copied. Only for software drivers, on which a copied
//! pixel costs a tenth of a drawn one.

use std::sync::Arc;

use glyphon::Viewport;
use rustc_hash::FxHashMap;
use wgpu::{CommandEncoder, Texture};

use super::commands::{Corner, begin_pass, copy_part};
use super::context::Context;
use super::target::Target;
use super::text::{TextPass, TextPipeline};
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
pub struct TextCache {
    kept: FxHashMap<Key, CachedText>,
    fresh: Vec<Key>,
    frame: u64,
    pixels: u64,
    enabled: bool,
}

struct CachedText {
    /// Held, so that its address stands for it.
    _shaped: Arc<Shaped>,
    ground: Rgba,
    first: u64,
    used: u64,
    picture: Option<TextPicture>,
}

struct TextPicture {
    target: Target,
    viewport: Viewport,
    text: TextPass,
}

/// A picture, or a part of it, and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct TextCopy {
    key: Key,
    from: (u32, u32),
    pub area: Area,
}

impl TextCache {
    /// Without `enabled` all text is drawn.
    pub fn new(enabled: bool) -> Self {
        Self { enabled, ..Self::default() }
    }

    /// Forgets all pictures.
    pub fn clear(&mut self) {
        self.kept.clear();
        self.fresh.clear();
        self.pixels = 0;
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

    /// The copy for a text; `None` when it is to be drawn as any text is.
    pub fn prepare(
        &mut self,
        cx: &Context,
        (pipeline, setter): (&mut TextPipeline, &mut Typesetter),
        run: &TextRun,
        ground: Rgba,
    ) -> Option<TextCopy> {
        if !self.enabled || !run.alone || run.at.iter().any(|v| v.fract() != 0.0) {
            return None;
        }
        let address = Arc::as_ptr(&run.shaped) as usize;
        let key = (address, run.scale.to_bits(), run.color.to_bytes(), ground.to_bytes());
        let (first, used) = (self.frame, self.frame);
        let new = || CachedText { _shaped: run.shaped.clone(), ground, first, used, picture: None };
        let kept = self.kept.entry(key).or_insert_with(new);
        kept.used = self.frame;
        let (x, y) = (run.ink[0].floor(), run.ink[1].floor());
        let size = ((run.ink[2].ceil() - x) as u32, (run.ink[3].ceil() - y) as u32);
        if kept.picture.is_none() {
            let room = self.pixels + count(size) <= MAX_PIXELS && self.fresh.len() < MADE_PER_FRAME;
            let fits = size.0.max(size.1) <= cx.max_side();
            if kept.first == self.frame || !room || !fits || size.0.min(size.1) == 0 {
                return None;
            }
            kept.picture = Some(picture(cx, (pipeline, setter), run, (x, y), size));
            self.pixels += count(size);
            self.fresh.push(key);
        }
        let box_ = [x.max(0.0), y.max(0.0), x + size.0 as f32, y + size.1 as f32];
        let area = Area::around(box_).intersection(&run.clip);
        let from = ((area.x as f32 - x) as u32, (area.y as f32 - y) as u32);
        Some(TextCopy { key, from, area })
    }

    /// Draws the pictures that were asked for in this frame.
    pub fn render(&self, encoder: &mut CommandEncoder, pipeline: &TextPipeline) {
        for kept in self.fresh.iter().filter_map(|key| self.kept.get(key)) {
            let Some(picture) = &kept.picture else { continue };
            let [r, g, b, _] = kept.ground.to_array().map(f64::from);
            let ground = Some(wgpu::Color { r, g, b, a: 1.0 });
            let mut pass = begin_pass(encoder, "fishbowl.gpu.text", &picture.target.view, ground);
            pipeline.render(&picture.text, &picture.viewport, &mut pass);
        }
    }

    /// Copies texts to where they go.
    pub fn copy(&self, encoder: &mut CommandEncoder, copies: &[TextCopy], onto: &Texture) {
        for TextCopy { key, from, area } in copies.iter().filter(|copy| !copy.area.is_empty()) {
            let picture = self.kept.get(key).and_then(|kept| kept.picture.as_ref());
            let Some(picture) = picture else { continue };
            let from = Corner::new(&picture.target.texture, from.0, from.1);
            copy_part(encoder, from, Corner::new(onto, area.x, area.y), (area.w, area.h));
        }
    }
}

fn count(size: (u32, u32)) -> u64 {
    u64::from(size.0) * u64::from(size.1)
}

/// A picture of `size` pixels whose top left corner lies at `corner` of the display.
fn picture(
    cx: &Context,
    (pipeline, setter): (&mut TextPipeline, &mut Typesetter),
    run: &TextRun,
    corner: (f32, f32),
    size: (u32, u32),
) -> TextPicture {
    let target = cx.target("fishbowl.gpu.text", size);
    let viewport = pipeline.viewport(cx, size);
    let mut text = pipeline.pass(cx);
    let at = [run.at[0] - corner.0, run.at[1] - corner.1];
    let run = TextRun { at, clip: Area::new(0, 0, size.0, size.1), ..run.clone() };
    pipeline.prepare(cx, &mut text, &viewport, setter, &[&run]);
    TextPicture { target, viewport, text }
}
