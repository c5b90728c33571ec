//! Everything that can be drawn, one file for each: prepared first, rendered after the upload.

use wgpu::{BindGroup, RenderPass};

use super::adapter::wait;
use super::backdrop::Backdrop;
use super::context::Context;
use super::heat::{HeatFields, HeatPipeline};
use super::instances::{InstanceRange, Instances};
use super::meshes::{MeshPipeline, Meshes};
use super::pictures::{self, Patch, PicturePipeline};
use super::plan::Veil;
use super::quads::QuadPipeline;
use super::shaders::{ShaderFiles, ShaderSources};
use super::text::TextPipeline;
use super::text_cache::TextCache;
use crate::paint::{Batch, Mark, Quad, Step};

/// Pipelines that are made again when a shader is saved.
#[derive(Debug)]
pub struct Pipelines {
    pub(super) quads: QuadPipeline,
    mesh: MeshPipeline,
    pub pictures: PicturePipeline,
    pub heat: HeatPipeline,
}

impl Pipelines {
    fn new(cx: &Context, sources: &ShaderSources) -> Self {
        Self {
            quads: QuadPipeline::new(cx, &sources.shape),
            mesh: MeshPipeline::new(cx, &sources.mesh),
            pictures: PicturePipeline::new(cx, &sources.picture),
            heat: HeatPipeline::new(cx, &sources.heat),
        }
    }
}

/// The pipelines, and what they draw in the present frame.
pub struct Primitives {
    pub pipelines: Pipelines,
    pub instances: Instances,
    meshes: Meshes,
    pub heat: HeatFields,
    /// What stands behind everything; `None` is the plain ground.
    pub backdrop: Option<Backdrop>,
    pub text: TextPipeline,
    pub text_cache: TextCache,
    shaders: ShaderFiles,
}

/// Where the instances of a batch lie.
#[derive(Clone, Copy, Debug, Default)]
pub struct PreparedBatch {
    quads: InstanceRange,
    marks: InstanceRange,
    behinds: InstanceRange,
    pub veils: InstanceRange,
}

impl Primitives {
    /// `caches_text` is for drivers on which a copied pixel is cheaper than a drawn one.
    pub fn new(cx: &Context, caches_text: bool) -> Self {
        let sources = ShaderSources::built_in();
        Self {
            pipelines: Pipelines::new(cx, &sources),
            instances: Instances::new(&cx.device),
            meshes: Meshes::default(),
            heat: HeatFields::default(),
            backdrop: None,
            text: TextPipeline::new(cx),
            text_cache: TextCache::new(caches_text),
            shaders: ShaderFiles::new(sources),
        }
    }

    /// Takes over shaders that were saved since; true when something changed. Call it once a frame.
    pub fn reload(&mut self, cx: &Context) -> bool {
        let saved = self.shaders.saved();
        saved.iter().for_each(|sources| self.replace(cx, sources));
        saved.is_some()
    }

    /// Builds pipelines from `sources`; keeps the old ones and logs why when they are wrong.
    pub(super) fn replace(&mut self, cx: &Context, sources: &ShaderSources) {
        let scope = cx.device.push_error_scope(wgpu::ErrorFilter::Validation);
        let pipelines = Pipelines::new(cx, sources);
        match wait(scope.pop()) {
            Some(error) => tracing::error!(%error, "shader not reloaded"),
            None => {
                tracing::info!("shaders reloaded");
                self.pipelines = pipelines;
            }
        }
    }

    /// Begins to collect what a submission needs.
    pub fn begin(&mut self) {
        self.instances.begin();
        self.heat.begin();
        self.meshes.begin();
        self.text_cache.begin();
    }

    /// Collects the instances, meshes and fields of a batch for a display of `size` pixels.
    pub fn prepare(
        &mut self,
        cx: &Context,
        batch: &Batch,
        veils: &[Veil],
        size: (u32, u32),
    ) -> PreparedBatch {
        for step in &batch.steps {
            match step {
                Step::Mesh(mesh, _) => self.meshes.prepare(&cx.device, mesh),
                Step::Heat(field) => self.heat.prepare(cx, field, size, &mut self.instances),
                Step::Clip(_) | Step::Flat(_) | Step::Shapes(_) | Step::Behind(_) => {}
            }
        }
        let behind = |backdrop: &Backdrop| batch.behinds.iter().map(|b| backdrop.patch(b)).collect();
        let behinds: Vec<Patch> = self.backdrop.as_ref().map(behind).unwrap_or_default();
        let patches: Vec<Patch> =
            veils.iter().map(|veil| Patch::place(veil.area, size, veil.opacity)).collect();
        PreparedBatch {
            quads: QuadPipeline::prepare(&mut self.instances, &batch.quads),
            marks: self.instances.push(&batch.marks),
            behinds: self.instances.push(&behinds),
            veils: self.instances.push(&patches),
        }
    }

    /// Lays a part of the wall's background.
    fn lay(
        &self,
        pass: &mut RenderPass<'_>,
        view: &BindGroup,
        (prepared, i): (&PreparedBatch, u32),
        opacity: f32,
    ) {
        let Some(backdrop) = &self.backdrop else { return };
        let PicturePipeline { replace, over, .. } = &self.pipelines.pictures;
        let pipeline = if opacity < 1.0 { over } else { replace };
        let patch = self.instances.slice(prepared.behinds.part::<Patch>(&(i..i + 1)));
        pictures::render(pipeline, pass, (view, &backdrop.bound), patch, 1);
    }

    /// Draws a batch, but for its text, onto a display of `size` pixels.
    pub fn render(
        &self,
        pass: &mut RenderPass<'_>,
        (view, size): (&BindGroup, (u32, u32)),
        batch: &Batch,
        prepared: &PreparedBatch,
    ) {
        let (pipelines, instances) = (&self.pipelines, &self.instances);
        for step in &batch.steps {
            match step {
                Step::Clip(area) => pass.set_scissor_rect(area.x, area.y, area.w, area.h),
                Step::Flat(range) => {
                    let quads = prepared.quads.part::<Quad>(range);
                    pipelines.quads.render_flat(pass, view, instances, quads);
                }
                Step::Shapes(range) => {
                    let quads = prepared.quads.part::<Quad>(range);
                    pipelines.quads.render_shapes(pass, view, instances, quads);
                }
                Step::Mesh(mesh, mark) => {
                    let mark = prepared.marks.part::<Mark>(&(*mark..*mark + 1));
                    self.meshes.render(&pipelines.mesh, pass, view, mesh, (instances, mark));
                }
                Step::Heat(field) => self.heat.render(&pipelines.heat, pass, instances, field),
                Step::Behind(i) => self.lay(pass, view, (prepared, *i), batch.behinds[*i as usize].opacity),
            }
        }
        pass.set_scissor_rect(0, 0, size.0, size.1);
    }
}
