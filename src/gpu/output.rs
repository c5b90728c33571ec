//! A display's pictures on the GPU.

use std::sync::Arc;

use glyphon::Viewport;
use rustc_hash::FxHashMap;
use wgpu::BindGroup;

use super::error::GpuError;
use super::fed::Fed;
use super::letters::Writing;
use super::plan::Plan;
use super::target::{Target, View, numbers, sampled};
use super::window::{Handles, Window};
use super::{Cx, Gpu};
use crate::color::Rgba;
use crate::geometry::Rotation;
use crate::layout::wall::Display;
use crate::paint::Screen;

/// A display: what is kept of it, and where it goes.
pub struct Output {
    pub(super) name: String,
    pub(super) screen: Screen,
    pub(super) rotate: Rotation,
    pub(super) ground: Rgba,
    pub(super) window: Option<Window>,
    /// Left out of what is drawn: its window takes no frame yet.
    pub held: bool,
    /// What stands still, as the display hangs.
    pub(super) still: Target,
    /// What it is drawn to when it has no window.
    pub(super) panel: Option<Target>,
    /// What stands between the kept picture and the panel, where they differ.
    pub(super) fed: Option<Fed>,
    /// False until `fed` was made for the panel's present size: windows come in one size and are
    /// given another before anything is drawn.
    fits: bool,
    /// Lower parts of tiles, by the tile.
    pub(super) bases: FxHashMap<(usize, usize), Target>,
    /// What stood here before, while scenes cross.
    pub(super) before: Option<Before>,
    pub(super) view: BindGroup,
    pub(super) viewport: Viewport,
    pub(super) still_text: Writing,
    pub(super) motion_text: Writing,
    pub(super) spare_text: Writing,
    pub(super) plan: Plan,
}

/// A picture that fades.
pub struct Before {
    pub target: Target,
    pub bound: BindGroup,
}

impl Output {
    /// A display in a window of `size` pixels (the panel's own, not turned). Another size than the
    /// display's is filled by scaling, in the display's own shape.
    pub fn window<W: Handles>(
        gpu: &mut Gpu,
        window: Arc<W>,
        display: &Display,
        ground: Rgba,
        size: (u32, u32),
    ) -> Result<Self, GpuError> {
        let size = (size.0.min(gpu.side()), size.1.min(gpu.side()));
        let window = Window::new((&gpu.instance, &gpu.adapter), window, gpu.format, size)?;
        let (name, surface) = (&display.name, window.words());
        tracing::info!(name, surface, "window");
        let mut output = Self::new(gpu, display, ground)?;
        output.window = Some(window);
        Ok(output)
    }

    /// A display that is only ever captured.
    pub fn headless(gpu: &mut Gpu, display: &Display, ground: Rgba) -> Result<Self, GpuError> {
        let mut output = Self::new(gpu, display, ground)?;
        output.panel = Some(Target::new(&gpu.device, "fishbowl.gpu.panel", gpu.format, output.panel_size()));
        Ok(output)
    }

    fn new(gpu: &mut Gpu, display: &Display, ground: Rgba) -> Result<Self, GpuError> {
        gpu.takes(display)?;
        let size = display.pixels;
        let device = &gpu.device;
        let view = numbers(device, &gpu.pipelines.layouts, "fishbowl.gpu.view", &View::of(size));
        Ok(Self {
            name: display.name.clone(),
            screen: Screen::of(display),
            rotate: display.rotate,
            ground,
            window: None,
            held: false,
            still: Target::new(device, "fishbowl.gpu.still", gpu.format, size),
            panel: None,
            fed: None,
            fits: false,
            bases: FxHashMap::default(),
            before: None,
            view,
            viewport: gpu.letters.viewport(device, &gpu.queue, size),
            still_text: gpu.letters.writing(device),
            motion_text: gpu.letters.writing(device),
            spare_text: gpu.letters.writing(device),
            plan: Plan::default(),
        })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// Pixels as it hangs.
    pub fn pixels(&self) -> (u32, u32) {
        self.screen.pixels
    }

    /// The window has `width` × `height` pixels now. The same size again costs nothing; without
    /// an extent nothing is drawn.
    pub fn resize(&mut self, gpu: &Gpu, width: u32, height: u32) {
        let Some(window) = &mut self.window else { return };
        if window.resize((width.min(gpu.side()), height.min(gpu.side()))) {
            self.fits = false;
            self.fed = None;
        }
        self.plan.expose();
    }

    /// True when presenting to its window may wait for the screen.
    pub fn may_block(&self) -> bool {
        self.window.as_ref().is_some_and(Window::may_block)
    }

    /// Everything is painted and presented again at the next draw.
    pub fn forget(&mut self) {
        self.plan.forget();
    }

    /// The next draw presents even when nothing changed.
    pub fn expose(&mut self) {
        self.plan.expose();
    }

    /// The panel's own pixels: the window's, or the display's turned back.
    pub(super) fn panel_size(&self) -> (u32, u32) {
        let (w, h) = self.screen.pixels;
        let hung = if self.rotate.is_sideways() { (h, w) } else { (w, h) };
        self.window.as_ref().map_or(hung, Window::size)
    }

    /// Makes what stands between the kept picture and the panel, once for each size.
    pub(super) fn fit(&mut self, gpu: &Gpu) {
        if !std::mem::replace(&mut self.fits, true) {
            self.fed = Fed::new(gpu, self);
        }
    }

    /// True when the panel takes copies; a driver without them is drawn to.
    pub(super) fn takes_copies(&self) -> bool {
        self.window.as_ref().is_none_or(Window::takes_copies)
    }

    /// Makes the picture that fades while scenes cross.
    pub(super) fn keep_before(&mut self, cx: &Cx<'_>) {
        let format = self.still.texture.format();
        let target = Target::new(cx.device, "fishbowl.gpu.before", format, self.screen.pixels);
        let bound = sampled(cx.device, &cx.pipelines.layouts, &target.view, &cx.samplers.exact);
        self.before = Some(Before { target, bound });
    }

    /// Makes the pictures that lower parts of tiles are copied to, and drops those of others.
    pub(super) fn keep_bases(&mut self, cx: &Cx<'_>) {
        let (format, kept) = (self.still.texture.format(), &self.plan.bases.kept);
        self.bases.retain(|id, _| kept.iter().any(|base| base.id == *id));
        for base in kept.iter().filter(|base| base.fresh) {
            let size = (base.area.w, base.area.h);
            let old = self.bases.get(&base.id).is_some_and(|target| target.size == size);
            if !old {
                let target = Target::new(cx.device, "fishbowl.gpu.base", format, size);
                self.bases.insert(base.id, target);
            }
        }
    }
}
