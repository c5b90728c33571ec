//! Text: one atlas of glyphs for all displays.
//!
//! The atlas is made anew whenever much has gone through it. The allocator in it (etagere 0.3) counts what each of its
//! buckets ever held, and a bucket that held 4,095 glyphs takes no more, however empty it is: an atlas that only makes
//! room for the new by dropping the old wears out, grows to its largest, and is full for ever.

use std::sync::{Arc, Weak};

use glyphon::cosmic_text::CacheKey;
use glyphon::{
    Cache, Color, ColorMode, ContentType, RasterizeCustomGlyphRequest, RasterizedCustomGlyph, Resolution,
    SwashCache, TextArea, TextAtlas, TextBounds, TextRenderer, Viewport,
};
use rustc_hash::{FxHashMap, FxHashSet};
use wgpu::RenderPass;

use super::context::Context;
use crate::bitmap::Bitmap;
use crate::paint::TextRun;
use crate::text::{Inline, Typesetter};

/// Different glyphs that go through an atlas before it is made anew …
const GLYPHS: usize = 16_384;
/// … or so many texels: those of letters, a square of the type size each, and those of pictures. An atlas whose packing
/// wastes half of its room then has at most 8,192 × 4,096 texels.
const TEXELS: u64 = 16 << 20;
/// Frames at least from one atlas to the next, and from one attempt to show what was left out to the next.
const FRAMES: u32 = 60;

/// Glyphs that are ready, shared by everything that draws text.
pub struct TextPipeline {
    cache: Cache,
    atlas: TextAtlas,
    swash: SwashCache,
    /// Every picture that the atlas may hold, by its id: when it grows, it asks for all of them again.
    images: FxHashMap<u16, KnownImage>,
    seen: Seen,
    /// The fonts whose glyphs the atlas holds.
    fonts: u64,
    /// Frames since it was made.
    age: u32,
    /// Text was left out, or another picture was shown.
    missed: bool,
    /// Frames until what was left out is tried again.
    wait: u32,
    /// It was logged that the atlas is full.
    full: bool,
}

/// A picture that is or was shown.
struct KnownImage {
    number: Weak<u16>,
    bitmap: Weak<Bitmap>,
}

impl KnownImage {
    fn of(image: &Inline) -> Self {
        Self { number: Arc::downgrade(&image.number), bitmap: Arc::downgrade(&image.bitmap) }
    }
}

/// What went through an atlas.
#[derive(Default)]
struct Seen {
    glyphs: FxHashSet<CacheKey>,
    /// Pictures by id, width and height.
    images: FxHashSet<(u16, u16, u16)>,
    texels: u64,
}

impl Seen {
    /// Takes note of what a run needs. Of a text all glyphs count, also those that are cut off.
    fn note(&mut self, run: &TextRun) {
        let [left, top] = run.at;
        for glyph in run.shaped.buffer.layout_runs().flat_map(|line| line.glyphs) {
            let key = glyph.physical((left, top), run.scale).cache_key;
            if self.glyphs.insert(key) {
                let side = f32::from_bits(key.font_size_bits).max(1.0);
                self.texels += (side * side) as u64;
            }
        }
        if let Some(Inline { glyph: [image], .. }) = &run.shaped.image {
            let (width, height) = ((image.width * run.scale).round(), (image.height * run.scale).round());
            if self.images.insert((image.id, width as u16, height as u16)) {
                self.texels += width as u64 * height as u64;
            }
        }
    }

    fn is_much(&self) -> bool {
        self.glyphs.len() + self.images.len() > GLYPHS || self.texels > TEXELS
    }
}

/// The text of one pass. Prepare it once between two submissions.
pub struct TextPass(TextRenderer);

impl TextPipeline {
    pub fn new(cx: &Context) -> Self {
        let cache = Cache::new(&cx.device);
        Self {
            atlas: atlas(cx, &cache),
            cache,
            swash: SwashCache::new(),
            images: FxHashMap::default(),
            seen: Seen::default(),
            fonts: 0,
            age: 0,
            missed: false,
            wait: 0,
            full: false,
        }
    }

    /// Call it before text is prepared, and never between that and its submission.
    pub fn begin(&mut self, cx: &Context, setter: &Typesetter) {
        let other_fonts = std::mem::replace(&mut self.fonts, setter.version()) != setter.version();
        let is_worn = self.age >= FRAMES && self.seen.is_much();
        // Glyphs of fonts that are no more cannot be drawn again when the atlas grows.
        if other_fonts || is_worn || self.missed && self.wait == 0 {
            self.atlas = atlas(cx, &self.cache);
            self.images.clear();
            (self.seen, self.age) = (Seen::default(), 0);
        }
        self.age = self.age.saturating_add(1);
    }

    /// Whether all is to be painted again, because text was left out or another picture was shown. Call it once a
    /// frame, after [`TextPipeline::begin`].
    pub fn tries_again(&mut self) -> bool {
        let tries = self.missed && self.wait == 0;
        self.wait = if tries { FRAMES } else { self.wait.saturating_sub(1) };
        self.missed &= !tries;
        tries
    }

    /// A viewport of `size` pixels.
    pub fn viewport(&self, cx: &Context, (width, height): (u32, u32)) -> Viewport {
        let mut viewport = Viewport::new(&cx.device, &self.cache);
        viewport.update(&cx.queue, Resolution { width, height });
        viewport
    }

    /// For the text of one more pass.
    pub fn pass(&mut self, cx: &Context) -> TextPass {
        TextPass(TextRenderer::new(&mut self.atlas, &cx.device, Default::default(), None))
    }

    /// Gets glyphs ready. When the atlas is full the text is left out of this frame; the first time it is logged.
    pub fn prepare(
        &mut self,
        cx: &Context,
        text: &mut TextPass,
        viewport: &Viewport,
        setter: &mut Typesetter,
        runs: &[&TextRun],
    ) {
        for run in runs {
            self.seen.note(run);
        }
        for image in runs.iter().filter_map(|run| run.shaped.image.as_ref()) {
            let before = self.images.insert(*image.number, KnownImage::of(image));
            // The number was that of a picture that is no more, which the atlas may still hold.
            self.missed |= before.is_some_and(|old| !old.number.ptr_eq(&Arc::downgrade(&image.number)));
        }
        let areas = runs.iter().map(|run| area(run));
        let (fonts, atlas, swash) = (&mut setter.fonts, &mut self.atlas, &mut self.swash);
        let (device, queue) = (&cx.device, &cx.queue);
        let (known, mut lost) = (&self.images, false);
        let images = |asked| {
            let found = rasterized(known, asked);
            lost |= found.is_none();
            Some(found.unwrap_or_else(|| nothing(asked)))
        };
        let done = text.0.prepare_with_custom(device, queue, fonts, atlas, viewport, areas, swash, images);
        self.missed |= lost;
        if let Err(error) = done {
            // Without text it writes nothing, so this second preparation overwrites nothing.
            let _ = text.0.prepare(device, queue, fonts, atlas, viewport, [], swash);
            self.missed = true;
            if !std::mem::replace(&mut self.full, true) {
                tracing::error!(%error, "text not drawn");
            }
        }
    }

    pub fn render(&self, text: &TextPass, viewport: &Viewport, pass: &mut RenderPass<'_>) {
        // The only error is a viewport of another size than at preparation, which glyphon no longer
        // reports; text that cannot be drawn is left out.
        let _ = text.0.render(&self.atlas, viewport, pass);
    }

    /// Ends a frame: glyphs that it did not use may make room.
    pub fn trim(&mut self) {
        self.atlas.trim();
    }
}

fn atlas(cx: &Context, cache: &Cache) -> TextAtlas {
    TextAtlas::with_color_mode(&cx.device, &cx.queue, cache, cx.format, ColorMode::Web)
}

fn area(run: &TextRun) -> TextArea<'_> {
    let [r, g, b, a] = run.color.to_bytes();
    TextArea {
        buffer: &run.shaped.buffer,
        left: run.at[0],
        top: run.at[1],
        scale: run.scale,
        bounds: TextBounds {
            left: run.clip.x as i32,
            top: run.clip.y as i32,
            right: run.clip.right() as i32,
            bottom: run.clip.bottom() as i32,
        },
        default_color: Color::rgba(r, g, b, a),
        custom_glyphs: run.shaped.image.as_ref().map_or(&[], |image| &image.glyph[..]),
    }
}

/// The picture of this id in the size that is asked for; `None` for one that is no more.
fn rasterized(
    known: &FxHashMap<u16, KnownImage>,
    asked: RasterizeCustomGlyphRequest,
) -> Option<RasterizedCustomGlyph> {
    let bitmap = known.get(&asked.id)?.bitmap.upgrade()?;
    let data = bitmap.resized(asked.width.into(), asked.height.into());
    Some(RasterizedCustomGlyph { data, content_type: ContentType::Color })
}

/// A picture that is seen through: the atlas takes no other answer.
fn nothing(asked: RasterizeCustomGlyphRequest) -> RasterizedCustomGlyph {
    let data = vec![0; 4 * usize::from(asked.width) * usize::from(asked.height)];
    RasterizedCustomGlyph { data, content_type: ContentType::Color }
}
