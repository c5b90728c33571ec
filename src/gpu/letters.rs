//! Text: one atlas of glyphs for all displays.

use glyphon::{
    Cache, Color, ColorMode, Resolution, SwashCache, TextArea, TextAtlas, TextBounds, TextRenderer, Viewport,
};
use wgpu::{Device, Queue, RenderPass, TextureFormat};

use crate::paint::TextRun;
use crate::text::Typesetter;

/// Glyphs that are ready, shared by everything that draws text.
pub struct Letters {
    cache: Cache,
    atlas: TextAtlas,
    swash: SwashCache,
    told: bool,
}

/// The text of one pass. Prepare it once between two submissions.
pub struct Writing(TextRenderer);

impl Letters {
    pub fn new(device: &Device, queue: &Queue, format: TextureFormat) -> Self {
        let cache = Cache::new(device);
        let atlas = TextAtlas::with_color_mode(device, queue, &cache, format, ColorMode::Web);
        Self { cache, atlas, swash: SwashCache::new(), told: false }
    }

    /// A viewport of `size` pixels.
    pub fn viewport(&self, device: &Device, queue: &Queue, (width, height): (u32, u32)) -> Viewport {
        let mut viewport = Viewport::new(device, &self.cache);
        viewport.update(queue, Resolution { width, height });
        viewport
    }

    pub fn writing(&mut self, device: &Device) -> Writing {
        Writing(TextRenderer::new(&mut self.atlas, device, Default::default(), None))
    }

    /// Gets glyphs ready. When the atlas is full the text is left out; the first time it is logged.
    pub fn prepare(
        &mut self,
        (device, queue): (&Device, &Queue),
        writing: &mut Writing,
        viewport: &Viewport,
        setter: &mut Typesetter,
        runs: &[&TextRun],
    ) {
        let areas = runs.iter().map(|run| area(run));
        let (fonts, atlas, swash) = (&mut setter.fonts, &mut self.atlas, &mut self.swash);
        if let Err(error) = writing.0.prepare(device, queue, fonts, atlas, viewport, areas, swash) {
            // Without text it writes nothing, so this second preparation overwrites nothing.
            let _ = writing.0.prepare(device, queue, fonts, atlas, viewport, [], swash);
            if !std::mem::replace(&mut self.told, true) {
                tracing::error!(%error, "text not drawn");
            }
        }
    }

    pub fn draw(&self, writing: &Writing, viewport: &Viewport, pass: &mut RenderPass<'_>) {
        // The only error is a viewport of another size than at preparation, which glyphon no longer
        // reports; text that cannot be drawn is left out.
        let _ = writing.0.render(&self.atlas, viewport, pass);
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
        custom_glyphs: &[],
    }
}
