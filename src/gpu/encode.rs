//! The passes of one display in one frame.

use wgpu::CommandEncoder;

use super::commands::{Canvas, Corner, begin_pass, copy, copy_area, copy_part};
use super::output::Output;
use super::panel::{Panel, PanelCommands, PanelPatches};
use super::pictures;
use super::plan::Veil;
use super::primitives::{PreparedBatch, Primitives};
use super::text::TextPass;
use super::text_cache::TextCopy;
use super::window::Acquired;
use crate::paint::Batch;

/// A display that is drawn in this frame.
pub struct Job {
    pub index: usize,
    pub acquired: Acquired,
    pub under: PreparedBatch,
    pub still: PreparedBatch,
    pub motion: PreparedBatch,
    pub text: MotionText,
    /// Motion of the scene before, when it is to be kept.
    pub before: Option<PreparedBatch>,
    pub patches: PanelPatches,
}

/// The text that moves.
pub struct MotionText {
    pub copied: Vec<TextCopy>,
    /// True when any is drawn instead.
    pub drawn: bool,
}

/// What moves, and where the picture from before still covers it.
#[derive(Clone, Copy)]
pub struct Moves<'a> {
    pub batch: &'a Batch,
    pub veils: &'a [Veil],
}

impl Moves<'_> {
    fn is_empty(&self) -> bool {
        self.batch.is_empty() && self.veils.is_empty()
    }
}

/// Records the passes of a display.
pub struct OutputEncoder<'a> {
    pub primitives: &'a Primitives,
    pub encoder: &'a mut CommandEncoder,
    pub output: &'a Output,
}

impl OutputEncoder<'_> {
    /// Paints a display's kept picture, composes it and brings it to its panel.
    pub fn encode(&mut self, job: &Job) {
        let plan = &self.output.plan;
        if let (Some(old), Some(before)) = (&job.before, &self.output.before) {
            let moves = Moves { batch: &plan.shown.motion, veils: &[] };
            self.compose(Canvas::of(&before.target), old, moves, &self.output.spare_text);
        }
        self.paint(job);
        let Some(onto) = self.output.canvas(&job.acquired) else { return };
        let moves = Moves { batch: &plan.motion, veils: &plan.veils };
        self.show_still(onto, &job.patches, true);
        match &self.output.panel {
            None => self.move_on(onto, job, moves),
            Some(panel) if !moves.is_empty() => self.move_on_panel(panel, onto, job, moves),
            Some(_) => {}
        }
    }

    /// Paints what changed into the kept picture: first what will be kept by itself, then the rest.
    fn paint(&mut self, job: &Job) {
        let (output, primitives, plan) = (self.output, self.primitives, &self.output.plan);
        let (screen, still) = ((&output.view, output.screen.pixels), &output.still.view);
        let [r, g, b, _] = output.ground.to_array().map(f64::from);
        let mut clear = plan.clear.then_some(wgpu::Color { r, g, b, a: 1.0 });
        if !plan.under.is_empty() {
            let mut pass = begin_pass(self.encoder, "fishbowl.gpu.under", still, clear.take());
            primitives.render(&mut pass, screen, &plan.under, &job.under);
        }
        self.exchange_bases();
        if !plan.still.is_empty() || clear.is_some() {
            let mut pass = begin_pass(self.encoder, "fishbowl.gpu.still", still, clear);
            primitives.render(&mut pass, screen, &plan.still, &job.still);
            primitives.text.render(&output.still_text, &output.viewport, &mut pass);
        }
    }

    /// Copies lower parts of tiles out of the kept picture, and others back into it.
    fn exchange_bases(&mut self) {
        let (still, bases) = (&self.output.still.texture, &self.output.plan.bases);
        for base in bases.kept.iter().filter(|base| base.fresh) {
            if let Some(kept) = self.output.bases.get(&base.id) {
                let (area, to) = (base.area, Corner::new(&kept.texture, 0, 0));
                copy_part(self.encoder, Corner::new(still, area.x, area.y), to, (area.w, area.h));
            }
        }
        for &(i, part) in &bases.restored {
            let base = &bases.kept[i];
            if let Some(kept) = self.output.bases.get(&base.id) {
                let from = Corner::new(&kept.texture, part.x - base.area.x, part.y - base.area.y);
                copy_part(self.encoder, from, Corner::new(still, part.x, part.y), (part.w, part.h));
            }
        }
    }

    /// The kept picture, what moves above it, and above that what was there before.
    pub fn compose(&mut self, onto: Canvas<'_>, prepared: &PreparedBatch, moves: Moves<'_>, text: &TextPass) {
        copy(self.encoder, &self.output.still.texture, onto.texture, self.output.screen.pixels);
        if !moves.is_empty() {
            self.draw_motion(onto, prepared, moves, text);
        }
    }

    /// Brings the kept picture alone to the panel; where it `changed` first to the panel's own one.
    pub fn show_still(&mut self, onto: Canvas<'_>, patches: &PanelPatches, changed: bool) {
        let Some(panel) = &self.output.panel else {
            return copy(self.encoder, &self.output.still.texture, onto.texture, self.output.screen.pixels);
        };
        if changed {
            panel.lay_still(self.panel_commands(), patches);
        }
        panel.show_still(self.panel_commands(), onto, patches);
    }

    /// What moves in a frame, above what is there: first what is copied, then what is drawn.
    fn move_on(&mut self, onto: Canvas<'_>, job: &Job, moves: Moves<'_>) {
        self.primitives.text_cache.copy(self.encoder, &job.text.copied, onto.texture);
        let (sheer, dense) = moves.veils.split_at(moves.veils.partition_point(|veil| veil.opacity < 1.0));
        if let Some(before) = &self.output.before {
            dense.iter().for_each(|veil| {
                copy_area(self.encoder, &before.target.texture, onto.texture, veil.area);
            });
        }
        if moves.batch.has_shapes() || job.text.drawn || !sheer.is_empty() {
            let moves = Moves { veils: sheer, ..moves };
            self.draw_motion(onto, &job.motion, moves, &self.output.motion_text);
        }
    }

    /// The same beside the panel, and only then onto it: turned or scaled.
    fn move_on_panel(&mut self, panel: &Panel, onto: Canvas<'_>, job: &Job, moves: Moves<'_>) {
        let output = self.output;
        let composed = panel.compose(self.encoder, &output.still.texture, &output.plan.moved);
        self.move_on(composed, job, moves);
        panel.lay_moved(self.panel_commands(), onto, &job.patches);
    }

    /// Draws what moves above what is there.
    fn draw_motion(&mut self, onto: Canvas<'_>, prepared: &PreparedBatch, moves: Moves<'_>, text: &TextPass) {
        let (output, primitives) = (self.output, self.primitives);
        let mut pass = begin_pass(self.encoder, "fishbowl.gpu.motion", onto.view, None);
        primitives.render(&mut pass, (&output.view, output.screen.pixels), moves.batch, prepared);
        primitives.text.render(text, &output.viewport, &mut pass);
        if let Some(before) = output.before.as_ref().filter(|_| !moves.veils.is_empty()) {
            let (over, count) = (&primitives.pipelines.pictures.over, moves.veils.len() as u32);
            let veils = primitives.instances.slice(prepared.veils);
            pictures::render(over, &mut pass, (&output.view, &before.bound), veils, count);
        }
    }

    fn panel_commands(&mut self) -> PanelCommands<'_> {
        PanelCommands {
            encoder: self.encoder,
            pipeline: &self.primitives.pipelines.pictures,
            instances: &self.primitives.instances,
        }
    }
}
