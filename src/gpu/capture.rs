//! Reading pictures back.

use wgpu::{BufferUsages, CommandEncoder, MapMode, TextureFormat};

use super::Gpu;
use super::draw::Onto;
use super::encode::pass;
use super::error::GpuError;
use super::output::Output;
use super::target::{Patch, Target, View, extent, numbers, sampled};
use crate::text::Typesetter;

/// An opaque picture; 4 bytes a pixel, red first, rows from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub width: u32,
    pub height: u32,
    pub rgba: Vec<u8>,
}

impl Gpu {
    /// What an output showed last, as it hangs, made smaller to at most `max_width` pixels across.
    /// Waits for the GPU. Call it between draws.
    pub fn capture(
        &mut self,
        output: &mut Output,
        setter: &mut Typesetter,
        max_width: Option<u32>,
    ) -> Result<Picture, GpuError> {
        let mut encoder = self.encoder("fishbowl.gpu.capture");
        let straight = output.panel.is_some() && output.fed.is_none();
        let anew = (!straight).then(|| self.compose_anew(output, setter, &mut encoder));
        let Some(whole) = anew.as_ref().or(output.panel.as_ref()) else {
            return Err(GpuError::ReadBack("there is no frame to read".into()));
        };
        let (w, h) = whole.size;
        match max_width.filter(|&max| max < w) {
            None => self.read(encoder, whole),
            Some(max) => {
                let max = max.max(1);
                let height = (u64::from(h) * u64::from(max) / u64::from(w)).max(1) as u32;
                let small = self.shrunk(&mut encoder, whole, (max, height));
                self.read(encoder, &small)
            }
        }
    }

    /// What an output without a window showed last, as its panel would be fed: turned.
    pub fn capture_panel(&mut self, output: &Output) -> Result<Picture, GpuError> {
        let Some(panel) = &output.panel else {
            return Err(GpuError::ReadBack("the frame went to a window".into()));
        };
        let encoder = self.encoder("fishbowl.gpu.capture");
        self.read(encoder, panel)
    }

    /// Draws once more what went to a window, or to a turned panel.
    fn compose_anew(
        &mut self,
        output: &mut Output,
        setter: &mut Typesetter,
        encoder: &mut CommandEncoder,
    ) -> Target {
        let target = Target::new(&self.device, "fishbowl.gpu.capture", self.format, output.screen.pixels);
        self.begin_frame();
        let placed = self.ready_shown(output, setter);
        self.instances.upload(&self.device, &self.queue);
        let onto = Onto::of(&target);
        self.fields.splat(&self.pipelines, &self.instances, encoder);
        let shown = &output.plan.shown;
        self.compose(encoder, output, onto, &placed, (&shown.motion, &shown.veils), &output.spare_text);
        target
    }

    /// A picture made smaller.
    fn shrunk(&self, encoder: &mut CommandEncoder, from: &Target, size: (u32, u32)) -> Target {
        let (device, layouts) = (&self.device, &self.pipelines.layouts);
        let target = Target::new(device, "fishbowl.gpu.capture", self.format, size);
        let sampler = &self.samplers.soft;
        let source = sampled(device, layouts, &from.view, sampler);
        let view = numbers(device, layouts, "fishbowl.gpu.capture", &View::of(size));
        let buffer = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("fishbowl.gpu.capture"),
            size: size_of::<Patch>() as u64,
            usage: BufferUsages::VERTEX | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        self.queue.write_buffer(&buffer, 0, bytemuck::bytes_of(&Patch::whole(size)));
        let mut pass = pass(encoder, "fishbowl.gpu.capture", &target.view, Some(wgpu::Color::BLACK));
        pass.set_pipeline(&self.pipelines.drawn.shrink);
        pass.set_bind_group(0, &view, &[]);
        pass.set_bind_group(1, &source, &[]);
        pass.set_vertex_buffer(0, buffer.slice(..));
        pass.draw(0..4, 0..1);
        drop(pass);
        target
    }

    /// Submits and waits for the pixels.
    fn read(&self, mut encoder: CommandEncoder, target: &Target) -> Result<Picture, GpuError> {
        let (width, height) = target.size;
        let row = (width * 4).next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let buffer = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("fishbowl.gpu.capture"),
            size: u64::from(row) * u64::from(height),
            usage: BufferUsages::MAP_READ | BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let layout =
            wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(row), rows_per_image: None };
        encoder.copy_texture_to_buffer(
            target.texture.as_image_copy(),
            wgpu::TexelCopyBufferInfo { buffer: &buffer, layout },
            extent(target.size),
        );
        self.queue.submit([encoder.finish()]);
        buffer.map_async(MapMode::Read, .., |_| ());
        let failed = |error: &dyn std::fmt::Display| GpuError::ReadBack(error.to_string());
        self.device.poll(wgpu::PollType::wait_indefinitely()).map_err(|error| failed(&error))?;
        let bytes = buffer.get_mapped_range(..).map_err(|error| failed(&error))?;
        let mut rgba = Vec::with_capacity(width as usize * height as usize * 4);
        for line in bytes.chunks(row as usize) {
            rgba.extend_from_slice(&line[..width as usize * 4]);
        }
        if self.format == TextureFormat::Bgra8Unorm {
            rgba.chunks_exact_mut(4).for_each(|pixel| pixel.swap(0, 2));
        }
        Ok(Picture { width, height, rgba })
    }
}
