//! Panels that hang turned, or whose window has another size than the display: the kept picture is
//! kept a second time as the panel shows it, and only what changed is laid from one to the other.

use wgpu::{BindGroup, CommandEncoder};

use super::Gpu;
use super::draw::{Job, Moves, Onto};
use super::encode::{copy, copy_area, pass};
use super::output::Output;
use super::target::{Patch, Target, View, numbers, room, sampled};
use crate::geometry::Rotation;
use crate::paint::Area;

/// Around what moved this many pixels more are composed, because they are looked up between
/// pixels when the picture is scaled.
const MARGIN: u32 = 4;
/// A picture that is made smaller than this is averaged over more than four of its pixels.
const SHRUNK: f32 = 0.7;

/// What stands between the kept picture and a panel.
pub struct Fed {
    /// The kept picture, in the panel's own pixels.
    kept: Target,
    /// The parts in which something moves, as the display hangs.
    composed: Target,
    still_bound: BindGroup,
    composed_bound: BindGroup,
    kept_bound: BindGroup,
    view: BindGroup,
    shrinks: bool,
    /// Nothing was laid onto it yet.
    pub fresh: bool,
}

/// Where patches lie among the instances, and how many there are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Laid {
    still: (u64, u32),
    motion: (u64, u32),
    pub whole: u64,
}

impl Fed {
    /// `None` where the kept picture is the panel's own, pixel for pixel.
    pub fn new(gpu: &Gpu, output: &Output) -> Option<Self> {
        let (size, panel) = (output.screen.pixels, output.panel_size());
        if output.rotate == Rotation::R0 && panel == size && output.takes_copies() {
            return None;
        }
        let [_, _, w, h] = room(size, panel, output.rotate).map(|v| v as u32);
        let hung = if output.rotate.is_sideways() { (h, w) } else { (w, h) };
        let sampler = if hung == size { &gpu.samplers.exact } else { &gpu.samplers.soft };
        let (device, layouts) = (&gpu.device, &gpu.pipelines.layouts);
        let kept = Target::new(device, "fishbowl.gpu.kept", gpu.format, panel);
        let composed = Target::new(device, "fishbowl.gpu.composed", gpu.format, size);
        Some(Self {
            still_bound: sampled(device, layouts, &output.still.view, sampler),
            composed_bound: sampled(device, layouts, &composed.view, sampler),
            kept_bound: sampled(device, layouts, &kept.view, &gpu.samplers.exact),
            view: numbers(device, layouts, "fishbowl.gpu.panel", &View::of(panel)),
            shrinks: (hung.0 as f32) < SHRUNK * size.0 as f32 && output.rotate == Rotation::R0,
            kept,
            composed,
            fresh: true,
        })
    }
}

impl Gpu {
    /// Collects the patches of a frame.
    pub(super) fn ready_fed(&mut self, output: &Output) -> Laid {
        let Some(fed) = &output.fed else { return Laid::default() };
        let (size, panel) = (output.screen.pixels, output.panel_size());
        let whole = [output.screen.whole()];
        let all = fed.fresh || output.plan.clear;
        let mut push = |areas: &[Area]| {
            let turned = |area: &Area| Patch::turned(*area, size, panel, output.rotate);
            let patches: Vec<Patch> = areas.iter().map(turned).collect();
            (self.instances.push(&patches), areas.len() as u32)
        };
        let still = push(if all { &whole } else { &output.plan.laid });
        let motion = push(&output.plan.moved);
        Laid { still, motion, whole: self.instances.push(&[Patch::whole(panel)]) }
    }

    /// Brings the kept picture to the panel, and what moves above it.
    pub(super) fn feed(
        &self,
        encoder: &mut CommandEncoder,
        output: &Output,
        onto: Onto<'_>,
        job: &Job,
        moves: Moves<'_>,
    ) {
        let Some(fed) = &output.fed else { return };
        if job.laid.still.1 > 0 {
            self.lay(encoder, fed, Onto::of(&fed.kept), &fed.still_bound, job.laid.still);
        }
        self.feed_kept(encoder, output, onto, job.laid.whole);
        if moves.0.is_empty() && moves.1.is_empty() {
            return;
        }
        for area in &output.plan.moved {
            let area = grown(*area, output.screen.whole());
            let place = (area.x, area.y);
            let (from, to) = (&output.still.texture, &fed.composed.texture);
            copy_area(encoder, (from, place.0, place.1), (to, place.0, place.1), area);
        }
        let composed = Onto::of(&fed.composed);
        self.move_on(encoder, output, composed, job, moves);
        self.lay(encoder, fed, onto, &fed.composed_bound, job.laid.motion);
    }

    /// Brings the kept picture alone to the panel; `whole` is the place of its patch among the
    /// instances.
    pub(super) fn feed_kept(
        &self,
        encoder: &mut CommandEncoder,
        output: &Output,
        onto: Onto<'_>,
        whole: u64,
    ) {
        match &output.fed {
            None => copy(encoder, &output.still.texture, onto.texture, output.screen.pixels),
            Some(fed) if output.takes_copies() => {
                copy(encoder, &fed.kept.texture, onto.texture, fed.kept.size);
            }
            Some(fed) => {
                let mut pass = pass(encoder, "fishbowl.gpu.feed", onto.view, Some(wgpu::Color::BLACK));
                pass.set_pipeline(&self.pipelines.drawn.picture);
                pass.set_bind_group(0, &fed.view, &[]);
                pass.set_bind_group(1, &fed.kept_bound, &[]);
                pass.set_vertex_buffer(0, self.instances.from(whole));
                pass.draw(0..4, 0..1);
            }
        }
    }

    /// Lays patches of a picture onto a panel.
    fn lay(
        &self,
        encoder: &mut CommandEncoder,
        fed: &Fed,
        onto: Onto<'_>,
        source: &BindGroup,
        (at, count): (u64, u32),
    ) {
        let drawn = &self.pipelines.drawn;
        let mut pass = pass(encoder, "fishbowl.gpu.lay", onto.view, None);
        pass.set_pipeline(if fed.shrinks { &drawn.shrink } else { &drawn.picture });
        pass.set_bind_group(0, &fed.view, &[]);
        pass.set_bind_group(1, source, &[]);
        pass.set_vertex_buffer(0, self.instances.from(at));
        pass.draw(0..4, 0..count);
    }
}

/// An area with a margin, inside `whole`.
fn grown(area: Area, whole: Area) -> Area {
    let (x, y) = (area.x.saturating_sub(MARGIN), area.y.saturating_sub(MARGIN));
    let (w, h) = (area.right() + MARGIN - x, area.bottom() + MARGIN - y);
    Area { x, y, w, h }.intersection(&whole)
}
