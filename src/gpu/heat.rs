//! Heat fields in graphics memory: the grid that bells are added into, and its numbers.

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use wgpu::{
    BindGroup, CommandEncoder, PrimitiveTopology, RenderPass, RenderPipeline, TextureFormat, VertexAttribute,
    vertex_attr_array,
};

use super::commands::begin_pass;
use super::context::Context;
use super::instances::{InstanceRange, Instances};
use super::pipeline::{ADD, OVER, PipelineSpec, build, per_instance};
use super::target::Target;
use crate::color::Rgba;
use crate::paint::Field;

/// Grids kept ready. More fields than that in one frame are left out.
pub const MAX_HEAT_FIELDS: usize = 32;
/// Format of a field's grid.
const GRID: TextureFormat = TextureFormat::R16Float;
/// Sides of grids are multiples of this, so that few sizes are in use. Texels.
const ROUND_TO: u32 = 64;
/// From nothing to full colour it takes this part of `full` above the floor, beside the floor itself.
const FADE: f32 = 0.02;
/// No value comes near it: stands for a contour that is not drawn.
const NO_LINE: f32 = -1_000.0;

/// `Heat` in `shaders/heat.wgsl`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct HeatNumbers {
    to_clip: [f32; 2],
    grid_to_clip: [f32; 2],
    to_grid: [f32; 4],
    ramp: [[f32; 4]; 6],
    contours: [f32; 4],
    contour_color: [f32; 4],
    floor: [f32; 2],
    pad: [f32; 2],
}

impl HeatNumbers {
    /// For a display of `size` pixels and a grid of `grid` texels.
    fn new(field: &Field, size: (u32, u32), grid: (u32, u32)) -> Self {
        let heat = &field.heat;
        let across = 1.0 / (field.texel * grid.0 as f32);
        let down = 1.0 / (field.texel * grid.1 as f32);
        let line = |c: f32| if c > 0.0 { c } else { NO_LINE };
        Self {
            to_clip: [2.0 / size.0 as f32, -2.0 / size.1 as f32],
            grid_to_clip: [2.0 / grid.0 as f32, -2.0 / grid.1 as f32],
            to_grid: [across, down, -field.origin[0] * across, -field.origin[1] * down],
            ramp: steps(heat.ramp),
            contours: heat.contours.map(line),
            contour_color: heat.contour_color.to_array(),
            floor: [heat.floor, 1.0 / (heat.floor.max(0.0) + FADE)],
            pad: [0.0; 2],
        }
    }
}

/// The first colour, then the differences from one to the next.
fn steps(ramp: [Rgba; 6]) -> [[f32; 4]; 6] {
    let color = |i: usize| ramp[i].to_array();
    std::array::from_fn(|i| match i {
        0 => color(0),
        _ => std::array::from_fn(|c| color(i)[c] - color(i - 1)[c]),
    })
}

/// [`crate::paint::Splat`] and [`crate::paint::Cell`].
const SPLAT: [VertexAttribute; 3] = vertex_attr_array![0 => Float32x2, 1 => Float32x2, 2 => Float32];
const CELL: [VertexAttribute; 1] = vertex_attr_array![0 => Float32x4];

#[derive(Debug)]
pub struct HeatPipeline {
    /// Adds bells into a grid.
    splat: RenderPipeline,
    /// Shows a grid by a ramp and by contour lines.
    resolve: RenderPipeline,
}

impl HeatPipeline {
    pub fn new(cx: &Context, source: &str) -> Self {
        let splat = PipelineSpec {
            label: "fishbowl.gpu.splat",
            source,
            vertex: "vs_splat",
            fragment: "fs_splat",
            buffers: &[Some(per_instance(&SPLAT))],
            topology: PrimitiveTopology::TriangleStrip,
            textured: false,
            blend: Some(ADD),
            format: GRID,
        };
        let resolve = PipelineSpec {
            label: "fishbowl.gpu.resolve",
            vertex: "vs_resolve",
            fragment: "fs_resolve",
            buffers: &[Some(per_instance(&CELL))],
            textured: true,
            blend: Some(OVER),
            format: cx.format,
            ..splat
        };
        Self { splat: build(cx, &splat), resolve: build(cx, &resolve) }
    }
}

/// A grid and what is bound with it.
#[derive(Debug)]
struct Grid {
    target: Target,
    numbers: wgpu::Buffer,
    numbers_bound: BindGroup,
    target_bound: BindGroup,
}

/// One field of this frame.
#[derive(Debug)]
struct PreparedField {
    field: Arc<Field>,
    grid: usize,
    splats: InstanceRange,
    cells: InstanceRange,
}

/// The fields of one frame. Grids are kept from frame to frame.
#[derive(Debug, Default)]
pub struct HeatFields {
    grids: Vec<Grid>,
    prepared: Vec<PreparedField>,
}

impl HeatFields {
    pub fn begin(&mut self) {
        self.prepared.clear();
    }

    /// Takes a field for a display of `size` pixels into this frame.
    pub fn prepare(&mut self, cx: &Context, field: &Arc<Field>, size: (u32, u32), instances: &mut Instances) {
        let grid = self.prepared.len();
        if grid >= MAX_HEAT_FIELDS {
            return;
        }
        let round = |side: u32| side.next_multiple_of(ROUND_TO);
        let texels = (round(field.size.0), round(field.size.1));
        match self.grids.get(grid) {
            Some(kept) if kept.target.size == texels => {}
            Some(_) => self.grids[grid] = Grid::new(cx, texels),
            None => self.grids.push(Grid::new(cx, texels)),
        }
        let numbers = HeatNumbers::new(field, size, texels);
        cx.queue.write_buffer(&self.grids[grid].numbers, 0, bytemuck::bytes_of(&numbers));
        let (splats, cells) = (instances.push(&field.splats), instances.push(&field.cells));
        self.prepared.push(PreparedField { field: field.clone(), grid, splats, cells });
    }

    /// Adds up the bells of all fields.
    pub fn splat(&self, pipeline: &HeatPipeline, instances: &Instances, encoder: &mut CommandEncoder) {
        for prepared in &self.prepared {
            let grid = &self.grids[prepared.grid];
            let none = Some(wgpu::Color::TRANSPARENT);
            let mut pass = begin_pass(encoder, "fishbowl.gpu.splat", &grid.target.view, none);
            pass.set_pipeline(&pipeline.splat);
            pass.set_bind_group(0, &grid.numbers_bound, &[]);
            pass.set_vertex_buffer(0, instances.slice(prepared.splats));
            pass.draw(0..4, 0..prepared.splats.count);
        }
    }

    /// Shows a field that was prepared.
    pub fn render(
        &self,
        pipeline: &HeatPipeline,
        pass: &mut RenderPass<'_>,
        instances: &Instances,
        field: &Arc<Field>,
    ) {
        let Some(prepared) = self.prepared.iter().find(|p| Arc::ptr_eq(&p.field, field)) else { return };
        let grid = &self.grids[prepared.grid];
        pass.set_pipeline(&pipeline.resolve);
        pass.set_bind_group(0, &grid.numbers_bound, &[]);
        pass.set_bind_group(1, &grid.target_bound, &[]);
        pass.set_vertex_buffer(0, instances.slice(prepared.cells));
        pass.draw(0..4, 0..prepared.cells.count);
    }
}

impl Grid {
    fn new(cx: &Context, size: (u32, u32)) -> Self {
        let target = Target::new(&cx.device, "fishbowl.gpu.grid", GRID, size);
        let numbers = cx.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("fishbowl.gpu.heat"),
            size: size_of::<HeatNumbers>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let numbers_bound = cx.layouts.buffer(&cx.device, "fishbowl.gpu.heat", &numbers);
        let target_bound = cx.sampled(&target.view, &cx.samplers.linear);
        Self { target, numbers, numbers_bound, target_bound }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_as_large_as_their_twin() {
        assert_eq!(size_of::<HeatNumbers>(), 176);
    }
}
