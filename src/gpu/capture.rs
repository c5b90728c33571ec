//! Reading pictures back.

use wgpu::{BufferUsages, CommandEncoder, MapMode, TextureFormat};

use super::commands::{Canvas, begin_pass};
use super::context::Context;
use super::draw::prepare_shown;
use super::encode::{Moves, OutputEncoder};
use super::error::GpuError;
use super::output::Output;
use super::pictures::{self, Patch, PicturePipeline};
use super::renderer::Gpu;
use super::target::{Target, View, extent};
use crate::bitmap::Bitmap;
use crate::text::Typesetter;

impl Gpu {
    /// What an output showed last, as it hangs, made smaller to at most `max_edge` pixels on its
    /// longer side.
    /// Waits for the GPU. Call it between draws.
    pub fn capture(
        &mut self,
        output: &mut Output,
        setter: &mut Typesetter,
        max_edge: Option<u32>,
    ) -> Result<Bitmap, GpuError> {
        let mut encoder = self.context.encoder("fishbowl.gpu.capture");
        let straight = output.offscreen.is_some() && output.panel.is_none();
        let anew = (!straight).then(|| self.compose_anew(output, setter, &mut encoder));
        let Some(whole) = anew.as_ref().or(output.offscreen.as_ref()) else {
            return Err(GpuError::ReadBack("there is no frame to read".into()));
        };
        let small = max_edge.map(|edge| fit(whole.size, edge)).filter(|size| *size != whole.size);
        let Some(size) = small else { return read(&self.context, encoder, whole) };
        let pipeline = &self.primitives.pipelines.pictures;
        let small = shrunk(&self.context, pipeline, &mut encoder, whole, size);
        read(&self.context, encoder, &small)
    }

    /// What an output without a window showed last, as its panel would be fed: turned.
    pub fn capture_panel(&mut self, output: &Output) -> Result<Bitmap, GpuError> {
        let Some(panel) = &output.offscreen else {
            return Err(GpuError::ReadBack("the frame went to a window".into()));
        };
        read(&self.context, self.context.encoder("fishbowl.gpu.capture"), panel)
    }

    /// Draws once more what went to a window, or to a turned panel.
    fn compose_anew(
        &mut self,
        output: &mut Output,
        setter: &mut Typesetter,
        encoder: &mut CommandEncoder,
    ) -> Target {
        let target = self.context.target("fishbowl.gpu.capture", output.screen.pixels);
        self.primitives.begin();
        self.primitives.text.begin(&self.context, setter);
        let prepared = prepare_shown(&self.context, &mut self.primitives, output, setter);
        self.upload();
        let (primitives, output) = (&self.primitives, &*output);
        primitives.heat.splat(&primitives.pipelines.heat, &primitives.instances, encoder);
        let moves = Moves { batch: &output.plan.shown.motion, veils: &output.plan.shown.veils };
        let mut passes = OutputEncoder { primitives, encoder, output };
        passes.compose(Canvas::of(&target), &prepared, moves, &output.spare_text);
        target
    }
}

/// The largest size of the same proportion whose longer side is at most `edge`.
fn fit((width, height): (u32, u32), edge: u32) -> (u32, u32) {
    let longest = width.max(height);
    let scaled = |side: u32| ((u64::from(side) * u64::from(edge) / u64::from(longest)) as u32).max(1);
    if longest <= edge { (width, height) } else { (scaled(width), scaled(height)) }
}

/// A picture made smaller.
fn shrunk(
    cx: &Context,
    pipeline: &PicturePipeline,
    encoder: &mut CommandEncoder,
    from: &Target,
    size: (u32, u32),
) -> Target {
    let target = cx.target("fishbowl.gpu.capture", size);
    let source = cx.sampled(&from.view, &cx.samplers.linear);
    let view = cx.constant("fishbowl.gpu.capture", &View::of(size));
    let buffer = cx.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("fishbowl.gpu.capture"),
        size: size_of::<Patch>() as u64,
        usage: BufferUsages::VERTEX | BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    cx.queue.write_buffer(&buffer, 0, bytemuck::bytes_of(&Patch::whole(size)));
    let mut pass = begin_pass(encoder, "fishbowl.gpu.capture", &target.view, Some(wgpu::Color::BLACK));
    pictures::render(&pipeline.shrink, &mut pass, (&view, &source), buffer.slice(..), 1);
    drop(pass);
    target
}

/// Submits and waits for the pixels.
fn read(cx: &Context, mut encoder: CommandEncoder, target: &Target) -> Result<Bitmap, GpuError> {
    let (width, height) = target.size;
    let row = (width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
    let buffer = cx.device.create_buffer(&wgpu::BufferDescriptor {
        label: Some("fishbowl.gpu.capture"),
        size: u64::from(row) * u64::from(height),
        usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
        mapped_at_creation: false,
    });
    let layout = wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row), rows_per_image: None };
    encoder.copy_texture_to_buffer(
        target.texture.as_image_copy(),
        wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
        extent(target.size),
    );
    cx.queue.submit([encoder.finish()]);
    buffer.map_async(MapMode::Read, .., |_| ());
    let failed = |error: &dyn std::fmt::Display| GpuError::ReadBack(error.to_string());
    cx.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| failed(&error))?;
    let bytes = buffer.get_mapped_range(..).map_err(|error| failed(&error))?;
    let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
    for line in bytes.chunks(row as usize) {
        rgba.extend_from_slice(&line[..width as usize * 4]);
    }
    if cx.format == TextureFormat::Bgra8Unorm {
        rgba.chunks_exact_mut(4).for_each(|pixel| pixel.swap(0, 2));
    }
    Ok(Bitmap { width, height, rgba })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_pictures_keep_their_proportion() {
        assert_eq!(fit((1920, 1080), 1_280), (1280, 720));
        assert_eq!(fit((1080, 1920), 1_280), (720, 1280));
        assert_eq!(fit((100_000, 1), 1_280), (1280, 1));
        assert_eq!(fit((320, 180), 1_280), (320, 180));
    }
}
