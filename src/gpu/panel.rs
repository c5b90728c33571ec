//! Panels that hang turned, are dimmed, or whose window has another size than the display: the kept picture is
//! kept a second time as the panel shows it, and only what changed is laid from one to the other.

use wgpu::{BindGroup, CommandEncoder, RenderPipeline, Texture};

use super::commands::{Canvas, begin_pass, copy, copy_area};
use super::context::Context;
use super::instances::{InstanceRange, Instances};
use super::pictures::{self, Patch, PicturePipeline, room};
use super::target::{Target, View};
use crate::geometry::Rotation;
use crate::paint::Area;

/// Around what moved this many pixels more are composed, because they are looked up between
/// pixels when the picture is scaled.
const MARGIN: u32 = 4;
/// A picture that is made smaller than this is averaged over more than four of its pixels.
const SHRUNK: f32 = 0.7;

/// From light to the values of a panel, as sRGB has it to within a few per cent (IEC 61966-2-1).
const GAMMA: f32 = 2.2;

/// How a display's picture comes to its panel.
#[derive(Clone, Copy, Debug)]
pub struct PanelShape {
    /// Pixels of the display, as it hangs.
    pub display: (u32, u32),
    /// Pixels of the panel, its own, not turned.
    pub panel: (u32, u32),
    pub rotate: Rotation,
    /// False where the driver lets the panel only be drawn to.
    pub takes_copies: bool,
    /// Share of the light of the picture that the panel shows, 0 to 1.
    pub brightness: f32,
}

impl PanelShape {
    /// True where the display's picture is the panel's own, pixel for pixel.
    fn is_straight(&self) -> bool {
        let as_bright = self.brightness >= 1.0;
        self.rotate == Rotation::R0 && self.panel == self.display && self.takes_copies && as_bright
    }

    fn patch(&self, area: Area) -> Patch {
        let patch = Patch::turned(area, self.display, self.panel, self.rotate);
        // Colours are values as panels take them, not light.
        Patch { opacity: self.brightness.powf(1.0 / GAMMA), ..patch }
    }

    fn whole(&self) -> Area {
        Area::new(0, 0, self.display.0, self.display.1)
    }
}

/// What stands between the kept picture and a panel.
pub struct Panel {
    shape: PanelShape,
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
    fresh: bool,
}

/// Where the patches of a frame lie among the instances.
#[derive(Clone, Copy, Debug, Default)]
pub struct PanelPatches {
    pub still: InstanceRange,
    pub moved: InstanceRange,
    /// All of the panel.
    pub whole: InstanceRange,
}

impl Panel {
    /// `still` is the kept picture of the display. `None` where it goes to the panel as it is.
    pub fn new(cx: &Context, shape: PanelShape, still: &Target) -> Option<Self> {
        if shape.is_straight() {
            return None;
        }
        let (size, sideways) = (shape.display, shape.rotate.is_sideways());
        let [_, _, w, h] = room(size, shape.panel, shape.rotate).map(|v| v as u32);
        let hung = if sideways { (h, w) } else { (w, h) };
        let sampler = if hung == size { &cx.samplers.nearest } else { &cx.samplers.linear };
        let kept = cx.target("fishbowl.gpu.kept", shape.panel);
        let composed = cx.target("fishbowl.gpu.composed", size);
        Some(Self {
            shape,
            still_bound: cx.sampled(&still.view, sampler),
            composed_bound: cx.sampled(&composed.view, sampler),
            kept_bound: cx.sampled(&kept.view, &cx.samplers.nearest),
            view: cx.constant("fishbowl.gpu.panel", &View::of(shape.panel)),
            shrinks: (hung.0 as f32) < SHRUNK * size.0 as f32 && shape.rotate == Rotation::R0,
            kept,
            composed,
            fresh: true,
        })
    }

    /// Collects the patches of a frame: where the kept picture was `painted`, all of it after it was
    /// `cleared`, and where something `moved` above it.
    pub fn prepare(
        &self,
        instances: &mut Instances,
        cleared: bool,
        painted: &[Area],
        moved: &[Area],
    ) -> PanelPatches {
        let whole = [self.shape.whole()];
        let painted = if cleared || self.fresh { &whole } else { painted };
        let mut push = |areas: &[Area]| {
            let patches: Vec<Patch> = areas.iter().map(|area| self.shape.patch(*area)).collect();
            instances.push(&patches)
        };
        let (still, moved) = (push(painted), push(moved));
        PanelPatches { still, moved, whole: instances.push(&[Patch::whole(self.shape.panel)]) }
    }

    /// Lays what was painted of the kept picture onto the panel's own.
    pub fn lay_still(&self, gpu: PanelCommands<'_>, patches: &PanelPatches) {
        if patches.still.count > 0 {
            self.lay(gpu, Canvas::of(&self.kept), &self.still_bound, patches.still);
        }
    }

    /// Brings the panel's own picture to the panel.
    pub fn show_still(&self, gpu: PanelCommands<'_>, onto: Canvas<'_>, patches: &PanelPatches) {
        if self.shape.takes_copies {
            return copy(gpu.encoder, &self.kept.texture, onto.texture, self.kept.size);
        }
        let mut pass = begin_pass(gpu.encoder, "fishbowl.gpu.feed", onto.view, Some(wgpu::Color::BLACK));
        let slice = gpu.instances.slice(patches.whole);
        pictures::render(&gpu.pipeline.replace, &mut pass, (&self.view, &self.kept_bound), slice, 1);
    }

    /// Copies what stands still where something `moved`; gives what is to be drawn onto.
    pub fn compose(&self, encoder: &mut CommandEncoder, still: &Texture, moved: &[Area]) -> Canvas<'_> {
        for area in moved {
            copy_area(encoder, still, &self.composed.texture, grown(*area, self.shape.whole()));
        }
        Canvas::of(&self.composed)
    }

    /// Lays what was composed onto the panel.
    pub fn lay_moved(&self, gpu: PanelCommands<'_>, onto: Canvas<'_>, patches: &PanelPatches) {
        self.lay(gpu, onto, &self.composed_bound, patches.moved);
    }

    fn lay(&self, gpu: PanelCommands<'_>, onto: Canvas<'_>, source: &BindGroup, range: InstanceRange) {
        let pipeline: &RenderPipeline =
            if self.shrinks { &gpu.pipeline.shrink } else { &gpu.pipeline.replace };
        let mut pass = begin_pass(gpu.encoder, "fishbowl.gpu.lay", onto.view, None);
        let slice = gpu.instances.slice(range);
        pictures::render(pipeline, &mut pass, (&self.view, source), slice, range.count);
    }

    /// The frame was drawn: the panel's own picture is there.
    pub fn done(&mut self) {
        self.fresh = false;
    }
}

/// What it takes to draw to a panel.
pub struct PanelCommands<'a> {
    pub encoder: &'a mut CommandEncoder,
    pub pipeline: &'a PicturePipeline,
    pub instances: &'a Instances,
}

/// An area with a margin, inside `whole`.
fn grown(area: Area, whole: Area) -> Area {
    let (x, y) = (area.x.saturating_sub(MARGIN), area.y.saturating_sub(MARGIN));
    let (w, h) = (area.right() + MARGIN - x, area.bottom() + MARGIN - y);
    Area { x, y, w, h }.intersection(&whole)
}
