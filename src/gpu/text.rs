//! Text: one atlas of glyphs for all displays.

use std::sync::Arc;

use glyphon::{
    Cache, Color, ColorMode, ContentType, RasterizeCustomGlyphRequest, RasterizedCustomGlyph, Resolution,
    SwashCache, TextArea, TextAtlas, TextBounds, TextRenderer, Viewport,
};
use rustc_hash::FxHashMap;
use wgpu::RenderPass;

use super::context::Context;
use crate::bitmap::Bitmap;
use crate::paint::TextRun;
use crate::text::Typesetter;

/// Pictures that are remembered at most: those of several layouts.
const IMAGES: usize = 256;

/// Glyphs that are ready, shared by everything that draws text.
pub struct TextPipeline {
    cache: Cache,
    atlas: TextAtlas,
    swash: SwashCache,
    /// Every picture that the atlas may hold, by its id: when it grows, it asks for all of them again.
    images: FxHashMap<u16, Arc<Bitmap>>,
    /// It was logged that the atlas is full.
    full: bool,
}

/// The text of one pass. Prepare it once between two submissions.
pub struct TextPass(TextRenderer);

impl TextPipeline {
    pub fn new(cx: &Context) -> Self {
        let cache = Cache::new(&cx.device);
        let atlas = TextAtlas::with_color_mode(&cx.device, &cx.queue, &cache, cx.format, ColorMode::Web);
        Self { cache, atlas, swash: SwashCache::new(), images: FxHashMap::default(), full: false }
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

    /// Gets glyphs ready. When the atlas is full the text is left out; the first time it is logged.
    pub fn prepare(
        &mut self,
        cx: &Context,
        text: &mut TextPass,
        viewport: &Viewport,
        setter: &mut Typesetter,
        runs: &[&TextRun],
    ) {
        for image in runs.iter().filter_map(|run| run.shaped.image.as_ref()) {
            if self.images.len() < IMAGES {
                self.images.entry(image.glyph[0].id).or_insert_with(|| image.bitmap.clone());
            }
        }
        let areas = runs.iter().map(|run| area(run));
        let (fonts, atlas, swash) = (&mut setter.fonts, &mut self.atlas, &mut self.swash);
        let (device, queue) = (&cx.device, &cx.queue);
        let known = &self.images;
        let images = |asked| Some(rasterized(known, runs, asked));
        let done = text.0.prepare_with_custom(device, queue, fonts, atlas, viewport, areas, swash, images);
        if let Err(error) = done {
            // Without text it writes nothing, so this second preparation overwrites nothing.
            let _ = text.0.prepare(device, queue, fonts, atlas, viewport, [], swash);
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

/// The picture of this id in the size that is asked for. One that neither stands in a run nor is known is drawn as
/// nothing: the atlas takes no other answer.
fn rasterized(
    known: &FxHashMap<u16, Arc<Bitmap>>,
    runs: &[&TextRun],
    asked: RasterizeCustomGlyphRequest,
) -> RasterizedCustomGlyph {
    let (width, height) = (u32::from(asked.width), u32::from(asked.height));
    let images = runs.iter().filter_map(|run| run.shaped.image.as_ref());
    let inline = || { images }.find(|image| image.glyph[0].id == asked.id).map(|image| &image.bitmap);
    let data = match known.get(&asked.id).or_else(inline) {
        Some(bitmap) => bitmap.resized(width, height),
        None => vec![0; width as usize * height as usize * 4],
    };
    RasterizedCustomGlyph { data, content_type: ContentType::Color }
}
