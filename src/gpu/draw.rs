//! A frame: plan each display, acquire, paint what changed, compose, submit once, present.

use wgpu::{SurfaceTexture, Texture, TextureView};

use super::fed::Laid;
use super::output::Output;
use super::stamps::Stamp;
use super::target::{Patch, Target};
use super::{Cx, Gpu};
use crate::paint::{Area, Batch, Step, TextRun};
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

/// Where a picture goes.
#[derive(Clone, Copy)]
pub struct Onto<'a> {
    pub texture: &'a Texture,
    pub view: &'a TextureView,
}

impl<'a> Onto<'a> {
    pub fn of(target: &'a Target) -> Self {
        Self { texture: &target.texture, view: &target.view }
    }
}

/// Where the instances of a batch lie.
#[derive(Clone, Copy, Debug, Default)]
pub struct Placed {
    pub quads: u64,
    pub marks: u64,
    pub veils: u64,
}

/// What moves, and where the picture from before still covers it.
pub type Moves<'a> = (&'a Batch, &'a [(Area, f32)]);

/// A display that is drawn in this frame.
pub struct Job {
    pub index: usize,
    pub surface: Option<(SurfaceTexture, TextureView)>,
    pub under: Placed,
    pub still: Placed,
    pub motion: Placed,
    /// Text that is copied, and whether any is drawn.
    pub stamps: Vec<Stamp>,
    pub glyphs: bool,
    /// Motion of the scene before, when it is to be kept.
    pub old: Option<Placed>,
    pub laid: Laid,
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
        if self.lost() {
            return drawn;
        }
        self.reload(outputs);
        self.begin_frame();
        let mut jobs = Vec::with_capacity(outputs.len());
        for (index, output) in outputs.iter_mut().enumerate() {
            jobs.extend(self.job(index, output, frame, setter));
        }
        if jobs.is_empty() {
            return drawn;
        }
        self.instances.upload(&self.device, &self.queue);
        self.submit(outputs, &jobs);
        for job in jobs {
            let output = &mut outputs[job.index];
            output.fed.iter_mut().for_each(|fed| fed.fresh = false);
            let plan = &mut output.plan;
            let (still_px, motion_px) = (plan.still_px, plan.motion_px);
            drawn[job.index] = Drawn { presented: true, changed: plan.changed, still_px, motion_px };
            plan.done(frame);
            self.present(job.index, job.surface, before_present);
        }
        self.letters.trim();
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
        self.begin_frame();
        let mut encoder = self.encoder("fishbowl.gpu.limit");
        let mut surfaces = Vec::new();
        for (index, output) in outputs.iter_mut().enumerate().filter(|(_, output)| !output.held) {
            let Some(surface) = self.acquire(output) else { continue };
            output.fit(self);
            let whole = self.ready_fed(output).whole;
            let window = surface.as_ref().map(|(t, view)| Onto { texture: &t.texture, view });
            if let Some(onto) = window.or(output.panel.as_ref().map(Onto::of)) {
                self.feed_kept(&mut encoder, output, onto, whole);
            }
            surfaces.push((index, surface));
        }
        self.instances.upload(&self.device, &self.queue);
        self.queue.submit([encoder.finish()]);
        for (index, surface) in surfaces {
            outputs[index].expose();
            drawn[index].presented = true;
            self.present(index, surface, before_present);
        }
        drawn
    }

    /// Begins to collect what a submission needs.
    pub(super) fn begin_frame(&mut self) {
        self.instances.begin();
        self.fields.begin();
        self.meshes.begin();
        self.stamps.begin();
    }

    fn reload(&mut self, outputs: &mut [&mut Output]) {
        if self.pipelines.refresh(&self.device) {
            outputs.iter_mut().for_each(|output| output.forget());
        }
    }

    /// Plans a display and gets ready what it needs; `None` when nothing changed or there is
    /// nothing to draw to.
    fn job(
        &mut self,
        index: usize,
        output: &mut Output,
        frame: &Frame,
        setter: &mut Typesetter,
    ) -> Option<Job> {
        if output.held {
            return None;
        }
        let changed = output.plan.make(&mut self.painter, &output.screen, output.ground, frame);
        if output.plan.crossed {
            output.before = None;
        }
        if !changed {
            return None;
        }
        let surface = self.acquire(output)?;
        output.fit(self);
        let old = output.plan.crosses.then(|| {
            output.keep_before(&self.cx());
            self.ready_shown(output, setter)
        });
        let size = output.screen.pixels;
        output.keep_bases(&self.cx());
        let under = self.ready(&output.plan.under, &[], size);
        let still = self.ready(&output.plan.still, &[], size);
        let motion = self.ready(&output.plan.motion, &output.plan.veils, size);
        let (stamps, glyphs) = self.write(output, setter);
        let laid = self.ready_fed(output);
        Some(Job { index, surface, under, still, motion, stamps, glyphs, old, laid })
    }

    /// Gets the text of a frame ready: what is copied, and whether any is drawn in motion.
    fn write(&mut self, output: &mut Output, setter: &mut Typesetter) -> (Vec<Stamp>, bool) {
        let (plan, viewport) = (&output.plan, &output.viewport);
        let of = (&self.device, &self.queue);
        let cx = Cx {
            device: &self.device,
            queue: &self.queue,
            pipelines: &self.pipelines,
            samplers: &self.samplers,
            format: self.format,
        };
        let still: Vec<&TextRun> = plan.still.texts.iter().collect();
        self.letters.prepare(of, &mut output.still_text, viewport, setter, &still);
        let (mut stamps, mut drawn) = (Vec::new(), Vec::new());
        for run in &plan.motion.texts {
            match self.stamps.stamp(&cx, (&mut self.letters, setter), run, output.ground) {
                Some(stamp) => stamps.push(stamp),
                None => drawn.push(run),
            }
        }
        self.letters.prepare(of, &mut output.motion_text, viewport, setter, &drawn);
        (stamps, !drawn.is_empty())
    }

    /// Something to draw to: `Some(None)` for an output without a window.
    #[allow(clippy::option_option)]
    fn acquire(&self, output: &mut Output) -> Option<Option<(SurfaceTexture, TextureView)>> {
        let Some(window) = &mut output.window else { return Some(None) };
        let texture = window.acquire(&self.instance, &self.device)?;
        let format = Some(self.format);
        let view = texture.texture.create_view(&wgpu::TextureViewDescriptor { format, ..Default::default() });
        Some(Some((texture, view)))
    }

    fn present(
        &self,
        index: usize,
        surface: Option<(SurfaceTexture, TextureView)>,
        before_present: &mut dyn FnMut(usize),
    ) {
        if let Some((texture, _)) = surface {
            before_present(index);
            self.queue.present(texture);
        }
    }

    /// Gets ready once more what an output showed last.
    pub(super) fn ready_shown(&mut self, output: &mut Output, setter: &mut Typesetter) -> Placed {
        let shown = &output.plan.shown;
        let placed = self.ready(&shown.motion, &shown.veils, output.screen.pixels);
        let of = (&self.device, &self.queue);
        let texts: Vec<&TextRun> = shown.motion.texts.iter().collect();
        self.letters.prepare(of, &mut output.spare_text, &output.viewport, setter, &texts);
        placed
    }

    /// Collects the instances, meshes and fields of a batch.
    fn ready(&mut self, batch: &Batch, veils: &[(Area, f32)], size: (u32, u32)) -> Placed {
        for step in &batch.steps {
            match step {
                Step::Mesh(mesh, _) => self.meshes.ready(&self.device, mesh),
                Step::Heat(field) => {
                    let cx = Cx {
                        device: &self.device,
                        queue: &self.queue,
                        pipelines: &self.pipelines,
                        samplers: &self.samplers,
                        format: self.format,
                    };
                    self.fields.ready(&cx, field, size, &mut self.instances);
                }
                Step::Clip(_) | Step::Flat(_) | Step::Shapes(_) => {}
            }
        }
        let patches: Vec<Patch> =
            veils.iter().map(|&(area, opacity)| Patch::place(area, size, opacity)).collect();
        Placed {
            quads: self.instances.push(&batch.quads),
            marks: self.instances.push(&batch.marks),
            veils: self.instances.push(&patches),
        }
    }

    fn submit(&mut self, outputs: &[&mut Output], jobs: &[Job]) {
        let mut encoder = self.encoder("fishbowl.gpu.frame");
        if let Some(timing) = &mut self.timing {
            timing.begin(&mut encoder);
        }
        self.fields.splat(&self.pipelines, &self.instances, &mut encoder);
        self.stamps.draw(&mut encoder, &self.letters);
        for job in jobs {
            self.encode(&mut encoder, outputs[job.index], job);
        }
        if let Some(timing) = &mut self.timing {
            timing.end(&mut encoder);
        }
        self.queue.submit([encoder.finish()]);
        if let Some(timing) = &mut self.timing {
            timing.submitted();
        }
    }
}
