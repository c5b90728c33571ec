//! The passes of a frame.

use wgpu::{CommandEncoder, RenderPass, Texture, TextureView};

use super::Gpu;
use super::draw::{Job, Moves, Onto, Placed};
use super::letters::Writing;
use super::output::Output;
use super::target::extent;
use crate::paint::{Area, Batch, Mark, Quad, Step};

impl Gpu {
    /// Paints a display's kept picture, composes it and feeds its panel.
    pub(super) fn encode(&self, encoder: &mut CommandEncoder, output: &Output, job: &Job) {
        if let (Some(old), Some(before)) = (&job.old, &output.before) {
            let onto = Onto::of(&before.target);
            self.compose(encoder, output, onto, old, (&output.plan.shown.motion, &[]), &output.spare_text);
        }
        self.paint(encoder, output, job);
        let window = job.surface.as_ref().map(|(t, view)| Onto { texture: &t.texture, view });
        let Some(onto) = window.or(output.panel.as_ref().map(Onto::of)) else { return };
        let moves = (&output.plan.motion, &output.plan.veils[..]);
        match output.fed {
            None => {
                copy(encoder, &output.still.texture, onto.texture, output.screen.pixels);
                self.move_on(encoder, output, onto, job, moves);
            }
            Some(_) => self.feed(encoder, output, onto, job, moves),
        }
    }

    /// Paints what changed into the kept picture: first what will be kept by itself, then the rest.
    fn paint(&self, encoder: &mut CommandEncoder, output: &Output, job: &Job) {
        let plan = &output.plan;
        let [r, g, b, _] = output.ground.to_array().map(f64::from);
        let mut clear = plan.clear.then_some(wgpu::Color { r, g, b, a: 1.0 });
        if !plan.under.is_empty() {
            let mut pass = pass(encoder, "fishbowl.gpu.under", &output.still.view, clear.take());
            self.draw_batch(&mut pass, output, &plan.under, &job.under);
        }
        self.exchange(encoder, output);
        if !plan.still.is_empty() || clear.is_some() {
            let mut pass = pass(encoder, "fishbowl.gpu.still", &output.still.view, clear);
            self.draw_batch(&mut pass, output, &plan.still, &job.still);
            self.letters.draw(&output.still_text, &output.viewport, &mut pass);
        }
    }

    /// Copies lower parts of tiles out of the kept picture, and others back into it.
    fn exchange(&self, encoder: &mut CommandEncoder, output: &Output) {
        let (still, bases) = (&output.still.texture, &output.plan.bases);
        for base in bases.kept.iter().filter(|base| base.fresh) {
            if let Some(kept) = output.bases.get(&base.id) {
                copy_area(encoder, (still, base.area.x, base.area.y), (&kept.texture, 0, 0), base.area);
            }
        }
        for &(i, part) in &bases.restored {
            let base = &bases.kept[i];
            if let Some(kept) = output.bases.get(&base.id) {
                let from = (&kept.texture, part.x - base.area.x, part.y - base.area.y);
                copy_area(encoder, from, (still, part.x, part.y), part);
            }
        }
    }

    /// The kept picture, what moves above it, and above that what was there before.
    pub(super) fn compose(
        &self,
        encoder: &mut CommandEncoder,
        output: &Output,
        onto: Onto<'_>,
        placed: &Placed,
        moves: Moves<'_>,
        text: &Writing,
    ) {
        copy(encoder, &output.still.texture, onto.texture, output.screen.pixels);
        if !moves.0.is_empty() || !moves.1.is_empty() {
            self.draw_motion(encoder, output, onto, placed, moves, text);
        }
    }

    /// What moves in a frame, above what is there: first what is copied, then what is drawn.
    pub(super) fn move_on(
        &self,
        encoder: &mut CommandEncoder,
        output: &Output,
        onto: Onto<'_>,
        job: &Job,
        moves: Moves<'_>,
    ) {
        self.stamps.copy(encoder, &job.stamps, onto.texture);
        let (sheer, dense) = moves.1.split_at(moves.1.partition_point(|veil| veil.1 < 1.0));
        for (before, &(area, _)) in output.before.iter().flat_map(|b| dense.iter().map(move |v| (b, v))) {
            let place = (area.x, area.y);
            let (from, to) = (&before.target.texture, onto.texture);
            copy_area(encoder, (from, place.0, place.1), (to, place.0, place.1), area);
        }
        if moves.0.has_shapes() || job.glyphs || !sheer.is_empty() {
            self.draw_motion(encoder, output, onto, &job.motion, (moves.0, sheer), &output.motion_text);
        }
    }

    /// Draws what moves above what is there.
    pub(super) fn draw_motion(
        &self,
        encoder: &mut CommandEncoder,
        output: &Output,
        onto: Onto<'_>,
        placed: &Placed,
        (motion, veils): Moves<'_>,
        text: &Writing,
    ) {
        let mut pass = pass(encoder, "fishbowl.gpu.motion", onto.view, None);
        self.draw_batch(&mut pass, output, motion, placed);
        self.letters.draw(text, &output.viewport, &mut pass);
        if let Some(before) = output.before.as_ref().filter(|_| !veils.is_empty()) {
            pass.set_pipeline(&self.pipelines.drawn.veil);
            pass.set_bind_group(0, &output.view, &[]);
            pass.set_bind_group(1, &before.bound, &[]);
            pass.set_vertex_buffer(0, self.instances.from(placed.veils));
            pass.draw(0..4, 0..veils.len() as u32);
        }
    }

    fn draw_batch(&self, pass: &mut RenderPass<'_>, output: &Output, batch: &Batch, placed: &Placed) {
        let drawn = &self.pipelines.drawn;
        for step in &batch.steps {
            match step {
                Step::Clip(area) => pass.set_scissor_rect(area.x, area.y, area.w, area.h),
                Step::Flat(range) | Step::Shapes(range) => {
                    let flat = matches!(step, Step::Flat(_));
                    pass.set_pipeline(if flat { &drawn.flat } else { &drawn.shape });
                    pass.set_bind_group(0, &output.view, &[]);
                    let first = u64::from(range.start) * size_of::<Quad>() as u64;
                    pass.set_vertex_buffer(0, self.instances.from(placed.quads + first));
                    pass.draw(0..4, 0..range.len() as u32);
                }
                Step::Mesh(mesh, mark) => {
                    let Some((corners, indices, count)) = self.meshes.get(mesh) else { continue };
                    pass.set_pipeline(&drawn.mesh);
                    pass.set_bind_group(0, &output.view, &[]);
                    let mark = u64::from(*mark) * size_of::<Mark>() as u64;
                    pass.set_vertex_buffer(0, corners);
                    pass.set_vertex_buffer(1, self.instances.from(placed.marks + mark));
                    pass.set_index_buffer(indices, wgpu::IndexFormat::Uint32);
                    pass.draw_indexed(0..count, 0, 0..1);
                }
                Step::Heat(field) => self.fields.resolve(&self.pipelines, &self.instances, field, pass),
            }
        }
        let (w, h) = output.screen.pixels;
        pass.set_scissor_rect(0, 0, w, h);
    }
}

/// Copies all of a picture onto another one.
pub fn copy(encoder: &mut CommandEncoder, from: &Texture, to: &Texture, size: (u32, u32)) {
    encoder.copy_texture_to_texture(from.as_image_copy(), to.as_image_copy(), extent(size));
}

/// Copies as much as `area` has from one corner to another.
pub fn copy_area(
    encoder: &mut CommandEncoder,
    from: (&Texture, u32, u32),
    to: (&Texture, u32, u32),
    area: Area,
) {
    let (mut source, mut target) = (from.0.as_image_copy(), to.0.as_image_copy());
    source.origin = wgpu::Origin3d { x: from.1, y: from.2, z: 0 };
    target.origin = wgpu::Origin3d { x: to.1, y: to.2, z: 0 };
    encoder.copy_texture_to_texture(source, target, extent((area.w, area.h)));
}

/// Begins to draw onto a picture: on what is there, or on a colour.
pub fn pass<'e>(
    encoder: &'e mut CommandEncoder,
    label: &str,
    view: &TextureView,
    clear: Option<wgpu::Color>,
) -> RenderPass<'e> {
    let load = clear.map_or(wgpu::LoadOp::Load, wgpu::LoadOp::Clear);
    let ops = wgpu::Operations { load, store: wgpu::StoreOp::Store };
    let onto = wgpu::RenderPassColorAttachment { view, depth_slice: None, resolve_target: None, ops };
    encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
        label: Some(label),
        color_attachments: &[Some(onto)],
        ..Default::default()
    })
}
