//! A frame: plan each display, acquire, paint what changed, compose, submit once, present.

use super::context::Context;
use super::encode::{Job, MotionText, OutputEncoder};
use super::faults::DeviceFault;
use super::output::Output;
use super::panel::{Panel, PanelPatches};
use super::plan::Plan;
use super::primitives::{PreparedBatch, Primitives};
use super::renderer::Gpu;
use super::window::Acquired;
use crate::paint::TextRun;
use crate::scene::Frame;
use crate::text::Typesetter;

/// What became of one display in one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// False when nothing changed, or when the window could not be drawn to.
    pub presented: bool,
    /// False, too, for a picture that is only presented again.
    pub changed: bool,
    /// Pixels painted anew into the kept picture.
    pub still_px: u64,
    /// Pixels of the boxes around what moves in each tile.
    pub motion_px: u64,
}

impl Gpu {
    /// Draws `frame` onto every output where something changed. `before_present` is called with
    /// the index of each output that is presented (for `Window::pre_present_notify`).
    pub fn draw(
        &mut self,
        outputs: &mut [&mut Output],
        frame: &Frame,
        setter: &mut Typesetter,
        before_present: &mut dyn FnMut(usize),
    ) -> Vec<Drawn> {
        let mut drawn = vec![Drawn::default(); outputs.len()];
        self.fail(DeviceFault::Between);
        if self.lost() {
            return drawn;
        }
        if self.primitives.reload(&self.context) {
            outputs.iter_mut().for_each(|output| output.forget());
        }
        self.begin(outputs, setter);
        let mut jobs = Vec::with_capacity(outputs.len());
        for (index, output) in outputs.iter_mut().enumerate() {
            let instead = output.instead.clone();
            jobs.extend(self.job(index, output, instead.as_deref().unwrap_or(frame), setter));
        }
        if jobs.is_empty() {
            return drawn;
        }
        self.fail(DeviceFault::Drawing);
        self.submit(outputs, &jobs);
        for job in jobs {
            let output = &mut outputs[job.index];
            output.panel.iter_mut().for_each(Panel::done);
            let Plan { changed, still_px, motion_px, .. } = output.plan;
            drawn[job.index] = Drawn { presented: true, changed, still_px, motion_px };
            output.plan.done(output.instead.as_deref().unwrap_or(frame));
            self.present(job.index, job.acquired, before_present);
        }
        self.primitives.text.trim();
        drawn
    }

    /// Copies the kept pictures and presents them with nothing painted: what any frame costs at
    /// least.
    pub fn draw_limit(
        &mut self,
        outputs: &mut [&mut Output],
        before_present: &mut dyn FnMut(usize),
    ) -> Vec<Drawn> {
        let mut drawn = vec![Drawn::default(); outputs.len()];
        if self.lost() {
            return drawn;
        }
        self.primitives.begin();
        let mut encoder = self.context.encoder("fishbowl.gpu.limit");
        let mut frames = Vec::new();
        for (index, output) in outputs.iter_mut().enumerate() {
            if !output.is_ready() {
                continue;
            }
            let acquired = output.acquire(&self.context);
            if matches!(acquired, Acquired::Skip) {
                continue;
            }
            output.fit(&self.context);
            let patches = panel_patches(&mut self.primitives, output);
            if let Some(onto) = output.canvas(&acquired) {
                let mut passes =
                    OutputEncoder { primitives: &self.primitives, encoder: &mut encoder, output };
                passes.show_still(onto, &patches, false);
            }
            frames.push((index, acquired));
        }
        self.upload();
        self.context.queue.submit([encoder.finish()]);
        for (index, acquired) in frames {
            outputs[index].expose();
            drawn[index].presented = true;
            self.present(index, acquired, before_present);
        }
        drawn
    }

    /// Begins a frame. Where text was left out before, all is painted again, with an empty atlas.
    fn begin(&mut self, outputs: &mut [&mut Output], setter: &Typesetter) {
        self.primitives.begin();
        self.primitives.text.begin(&self.context, setter);
        if self.primitives.text.tries_again() {
            self.primitives.text_cache.clear();
            outputs.iter_mut().for_each(|output| output.forget());
        }
    }

    /// Plans a display and prepares what it needs; `None` when nothing changed or there is nothing
    /// to draw to.
    fn job(
        &mut self,
        index: usize,
        output: &mut Output,
        frame: &Frame,
        setter: &mut Typesetter,
    ) -> Option<Job> {
        if !output.is_ready() || !output.make_plan(&mut self.painter, frame) {
            return None;
        }
        let (cx, primitives) = (&self.context, &mut self.primitives);
        let acquired = output.acquire(cx);
        if matches!(acquired, Acquired::Skip) {
            return None;
        }
        output.fit(cx);
        let before = output.plan.crosses.then(|| {
            output.keep_before(cx);
            prepare_shown(cx, primitives, output, setter)
        });
        output.keep_bases(cx);
        let (plan, size) = (&output.plan, output.screen.pixels);
        let under = primitives.prepare(cx, &plan.under, &[], size);
        let still = primitives.prepare(cx, &plan.still, &[], size);
        let motion = primitives.prepare(cx, &plan.motion, &plan.veils, size);
        let text = prepare_text(cx, primitives, output, setter);
        let patches = panel_patches(primitives, output);
        Some(Job { index, acquired, under, still, motion, text, before, patches })
    }

    /// Writes the instances that were collected.
    pub(super) fn upload(&mut self) {
        self.primitives.instances.upload(&self.context.device, &self.context.queue);
    }

    fn submit(&mut self, outputs: &[&mut Output], jobs: &[Job]) {
        self.upload();
        let mut encoder = self.context.encoder("fishbowl.gpu.frame");
        if let Some(timing) = &mut self.timing {
            timing.begin(&mut encoder);
        }
        let primitives = &self.primitives;
        primitives.heat.splat(&primitives.pipelines.heat, &primitives.instances, &mut encoder);
        primitives.text_cache.render(&mut encoder, &primitives.text);
        for job in jobs {
            let output = &*outputs[job.index];
            OutputEncoder { primitives, encoder: &mut encoder, output }.encode(job);
        }
        if let Some(timing) = &mut self.timing {
            timing.end(&mut encoder);
        }
        self.context.queue.submit([encoder.finish()]);
        if let Some(timing) = &mut self.timing {
            timing.submitted();
        }
    }

    fn present(&self, index: usize, acquired: Acquired, before_present: &mut dyn FnMut(usize)) {
        if let Acquired::Frame(frame) = acquired {
            before_present(index);
            self.context.queue.present(frame.texture);
        }
    }
}

/// Prepares once more what an output showed last.
pub(super) fn prepare_shown(
    cx: &Context,
    primitives: &mut Primitives,
    output: &mut Output,
    setter: &mut Typesetter,
) -> PreparedBatch {
    let shown = &output.plan.shown;
    let prepared = primitives.prepare(cx, &shown.motion, &shown.veils, output.screen.pixels);
    let texts: Vec<&TextRun> = shown.motion.texts.iter().collect();
    primitives.text.prepare(cx, &mut output.spare_text, &output.viewport, setter, &texts);
    prepared
}

/// Prepares the text of a frame: what stands still, what is copied, and what is drawn in motion.
fn prepare_text(
    cx: &Context,
    primitives: &mut Primitives,
    output: &mut Output,
    setter: &mut Typesetter,
) -> MotionText {
    let (plan, viewport) = (&output.plan, &output.viewport);
    let Primitives { text, text_cache, .. } = primitives;
    let still: Vec<&TextRun> = plan.still.texts.iter().collect();
    text.prepare(cx, &mut output.still_text, viewport, setter, &still);
    let (mut copied, mut drawn) = (Vec::new(), Vec::new());
    for run in &plan.motion.texts {
        match text_cache.prepare(cx, (text, setter), run, output.ground) {
            Some(copy) => copied.push(copy),
            None => drawn.push(run),
        }
    }
    text.prepare(cx, &mut output.motion_text, viewport, setter, &drawn);
    MotionText { copied, drawn: !drawn.is_empty() }
}

fn panel_patches(primitives: &mut Primitives, output: &Output) -> PanelPatches {
    let plan = &output.plan;
    let prepare =
        |panel: &Panel| panel.prepare(&mut primitives.instances, plan.clear, &plan.laid, &plan.moved);
    output.panel.as_ref().map(prepare).unwrap_or_default()
}
