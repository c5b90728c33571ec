//! A display's pictures on the GPU.

use std::sync::Arc;

use glyphon::Viewport;
use rustc_hash::FxHashMap;
use wgpu::BindGroup;

use super::base::TileId;
use super::commands::Canvas;
use super::context::Context;
use super::error::GpuError;
use super::panel::{Panel, PanelShape};
use super::plan::Plan;
use super::renderer::Gpu;
use super::target::{Target, View};
use super::text::TextPass;
use super::window::{Acquired, Handles, Window};
use crate::color::Rgba;
use crate::geometry::{Rect, Rotation};
use crate::layout::wall::Display;
use crate::paint::{Painter, Screen};
use crate::scene::Frame;

/// A display: what is kept of it, and where it goes.
pub struct Output {
    pub(super) name: String,
    pub(super) screen: Screen,
    rotate: Rotation,
    brightness: f32,
    pub(super) ground: Rgba,
    window: Option<Window>,
    /// Left out of what is drawn: its window takes no frame yet.
    pub held: bool,
    /// Shown in place of the wall's frame.
    pub instead: Option<Arc<Frame>>,
    /// What stands still, as the display hangs.
    pub(super) still: Target,
    /// What it is drawn to when it has no window.
    pub(super) offscreen: Option<Target>,
    /// What stands between the kept picture and the panel, where they differ.
    pub(super) panel: Option<Panel>,
    /// False until `panel` was made for the panel's present size: windows come in one size and are
    /// given another before anything is drawn.
    fits: bool,
    /// Lower parts of tiles.
    pub(super) bases: FxHashMap<TileId, Target>,
    /// What stood here before, while scenes cross.
    pub(super) before: Option<Before>,
    pub(super) view: BindGroup,
    pub(super) viewport: Viewport,
    pub(super) still_text: TextPass,
    pub(super) motion_text: TextPass,
    pub(super) spare_text: TextPass,
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
        let side = gpu.context.max_side();
        let size = (size.0.min(side), size.1.min(side));
        let window = Window::new(&gpu.context, window, &display.name, size)?;
        let (name, surface) = (&display.name, window.words());
        tracing::info!(name, surface, "window");
        let mut output = Self::new(gpu, display, ground)?;
        output.window = Some(window);
        Ok(output)
    }

    /// A display that is only ever captured.
    pub fn headless(gpu: &mut Gpu, display: &Display, ground: Rgba) -> Result<Self, GpuError> {
        let mut output = Self::new(gpu, display, ground)?;
        output.offscreen = Some(gpu.context.target("fishbowl.gpu.panel", output.panel_size()));
        Ok(output)
    }

    fn new(gpu: &mut Gpu, display: &Display, ground: Rgba) -> Result<Self, GpuError> {
        gpu.takes(display)?;
        let size = display.pixels;
        let (cx, text) = (&gpu.context, &mut gpu.primitives.text);
        Ok(Self {
            name: display.name.clone(),
            screen: Screen::of(display),
            rotate: display.rotate,
            brightness: 1.0,
            ground,
            window: None,
            held: false,
            instead: None,
            still: cx.target("fishbowl.gpu.still", size),
            offscreen: None,
            panel: None,
            fits: false,
            bases: FxHashMap::default(),
            before: None,
            view: cx.constant("fishbowl.gpu.view", &View::of(size)),
            viewport: text.viewport(cx, size),
            still_text: text.pass(cx),
            motion_text: text.pass(cx),
            spare_text: text.pass(cx),
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
        let side = gpu.context.max_side();
        if window.resize((width.min(side), height.min(side))) {
            self.fits = false;
            self.panel = None;
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

    /// What stands where no tile is; everything is painted again.
    pub fn set_ground(&mut self, ground: Rgba) {
        self.ground = ground;
        self.forget();
    }

    /// Shows this part of the wall, millimetres, in place of that where it hangs. The same again costs nothing.
    pub fn aim(&mut self, rect: Rect) {
        if rect != self.screen.rect {
            self.screen.rect = rect;
            self.forget();
        }
    }

    /// Shows this share of the picture's light, 0 to 1. The same again costs nothing.
    pub fn set_brightness(&mut self, brightness: f32) {
        if brightness != self.brightness {
            (self.brightness, self.fits, self.panel) = (brightness, false, None);
            self.forget();
        }
    }

    /// The next draw presents even when nothing changed.
    pub fn expose(&mut self) {
        self.plan.expose();
    }

    /// The panel's own pixels: the window's, or the display's turned back.
    fn panel_size(&self) -> (u32, u32) {
        let (w, h) = self.screen.pixels;
        let hung = if self.rotate.is_sideways() { (h, w) } else { (w, h) };
        self.window.as_ref().map_or(hung, Window::size)
    }

    /// Plans a frame; false when nothing changed.
    pub(super) fn make_plan(&mut self, painter: &mut Painter, frame: &Frame) -> bool {
        let changed = self.plan.make(painter, &self.screen, self.ground, frame);
        if self.plan.crossed {
            self.before = None;
        }
        changed
    }

    /// False while it takes no frame; to be asked once for each frame.
    pub(super) fn is_ready(&mut self) -> bool {
        !self.held && self.window.as_mut().is_none_or(Window::is_ready)
    }

    /// What the next frame goes to.
    pub(super) fn acquire(&mut self, cx: &Context) -> Acquired {
        self.window.as_mut().map_or(Acquired::Offscreen, |window| window.acquire(cx))
    }

    /// Where a frame is drawn to that was acquired.
    pub(super) fn canvas<'a>(&'a self, acquired: &'a Acquired) -> Option<Canvas<'a>> {
        match acquired {
            Acquired::Offscreen => self.offscreen.as_ref().map(Canvas::of),
            Acquired::Frame(frame) => Some(Canvas { texture: &frame.texture.texture, view: &frame.view }),
            Acquired::Skip => None,
        }
    }

    /// Makes what stands between the kept picture and the panel, once for each size.
    pub(super) fn fit(&mut self, cx: &Context) {
        if !std::mem::replace(&mut self.fits, true) {
            let shape = PanelShape {
                display: self.screen.pixels,
                panel: self.panel_size(),
                rotate: self.rotate,
                takes_copies: self.window.as_ref().is_none_or(Window::takes_copies),
                brightness: self.brightness,
            };
            self.panel = Panel::new(cx, shape, &self.still);
        }
    }

    /// Makes the picture that fades while scenes cross.
    pub(super) fn keep_before(&mut self, cx: &Context) {
        let target = cx.target("fishbowl.gpu.before", self.screen.pixels);
        let bound = cx.sampled(&target.view, &cx.samplers.nearest);
        self.before = Some(Before { target, bound });
    }

    /// Makes the pictures that lower parts of tiles are copied to, and drops those of others.
    pub(super) fn keep_bases(&mut self, cx: &Context) {
        let kept = &self.plan.bases.kept;
        self.bases.retain(|id, _| kept.iter().any(|base| base.id == *id));
        for base in kept.iter().filter(|base| base.fresh) {
            let size = (base.area.w, base.area.h);
            let old = self.bases.get(&base.id).is_some_and(|target| target.size == size);
            if !old {
                self.bases.insert(base.id, cx.target("fishbowl.gpu.base", size));
            }
        }
    }
}
