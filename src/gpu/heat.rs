//! Heat fields in graphics memory: the grid that bells are added into, and its numbers.

use std::sync::Arc;

use bytemuck::{Pod, Zeroable};
use wgpu::{BindGroup, CommandEncoder, Device, Queue, RenderPass};

use super::encode::pass;
use super::pipelines::{GRID, Pipelines};
use super::store::Instances;
use super::target::{Samplers, Target, sampled};
use crate::color::Rgba;
use crate::paint::Field;

/// Grids kept ready. More fields than that in one frame are left out.
pub const MAX_FIELDS: usize = 32;
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

/// A grid and what is bound with it.
#[derive(Debug)]
struct Slot {
    grid: Target,
    numbers: wgpu::Buffer,
    numbers_bound: BindGroup,
    grid_bound: BindGroup,
}

/// One field of this frame.
#[derive(Debug)]
struct Placed {
    field: Arc<Field>,
    slot: usize,
    splats: u64,
    cells: u64,
}

/// The fields of one frame. Grids are kept from frame to frame.
#[derive(Debug, Default)]
pub struct Fields {
    slots: Vec<Slot>,
    placed: Vec<Placed>,
}

impl Fields {
    pub fn begin(&mut self) {
        self.placed.clear();
    }

    /// Takes a field for a display of `size` pixels into this frame.
    pub fn ready(&mut self, cx: &Cx<'_>, field: &Arc<Field>, size: (u32, u32), instances: &mut Instances) {
        let slot = self.placed.len();
        if slot >= MAX_FIELDS {
            return;
        }
        let round = |side: u32| side.next_multiple_of(ROUND_TO);
        let grid = (round(field.size.0), round(field.size.1));
        match self.slots.get(slot) {
            Some(kept) if kept.grid.size == grid => {}
            Some(_) => self.slots[slot] = Slot::new(cx, grid),
            None => self.slots.push(Slot::new(cx, grid)),
        }
        let numbers = HeatNumbers::new(field, size, grid);
        cx.queue.write_buffer(&self.slots[slot].numbers, 0, bytemuck::bytes_of(&numbers));
        let (splats, cells) = (instances.push(&field.splats), instances.push(&field.cells));
        self.placed.push(Placed { field: field.clone(), slot, splats, cells });
    }

    /// Adds up the bells of all fields.
    pub fn splat(&self, pipelines: &Pipelines, instances: &Instances, encoder: &mut CommandEncoder) {
        for placed in &self.placed {
            let slot = &self.slots[placed.slot];
            let none = Some(wgpu::Color::TRANSPARENT);
            let mut pass = pass(encoder, "fishbowl.gpu.splat", &slot.grid.view, none);
            pass.set_pipeline(&pipelines.drawn.splat);
            pass.set_bind_group(0, &slot.numbers_bound, &[]);
            pass.set_vertex_buffer(0, instances.from(placed.splats));
            pass.draw(0..4, 0..placed.field.splats.len() as u32);
        }
    }

    /// Shows a field of this frame.
    pub fn resolve(
        &self,
        pipelines: &Pipelines,
        instances: &Instances,
        field: &Arc<Field>,
        pass: &mut RenderPass<'_>,
    ) {
        let Some(placed) = self.placed.iter().find(|p| Arc::ptr_eq(&p.field, field)) else { return };
        let slot = &self.slots[placed.slot];
        pass.set_pipeline(&pipelines.drawn.resolve);
        pass.set_bind_group(0, &slot.numbers_bound, &[]);
        pass.set_bind_group(1, &slot.grid_bound, &[]);
        pass.set_vertex_buffer(0, instances.from(placed.cells));
        pass.draw(0..4, 0..field.cells.len() as u32);
    }
}

/// What it takes to make things.
pub struct Cx<'a> {
    pub device: &'a Device,
    pub queue: &'a Queue,
    pub pipelines: &'a Pipelines,
    pub samplers: &'a Samplers,
    /// Of kept pictures.
    pub format: wgpu::TextureFormat,
}

impl Slot {
    fn new(cx: &Cx<'_>, size: (u32, u32)) -> Self {
        let grid = Target::new(cx.device, "fishbowl.gpu.grid", GRID, size);
        let numbers = cx.device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("fishbowl.gpu.heat"),
            size: size_of::<HeatNumbers>() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let numbers_bound = cx.device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("fishbowl.gpu.heat"),
            layout: &cx.pipelines.layouts.numbers,
            entries: &[wgpu::BindGroupEntry { binding: 0, resource: numbers.as_entire_binding() }],
        });
        let grid_bound = sampled(cx.device, &cx.pipelines.layouts, &grid.view, &cx.samplers.soft);
        Self { grid, numbers, numbers_bound, grid_bound }
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
