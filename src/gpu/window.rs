//! A window's surface: how it is configured, acquired and recovered.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use wgpu::rwh::{HasDisplayHandle, HasWindowHandle};
use wgpu::{
    CompositeAlphaMode, CurrentSurfaceTexture, Device, Instance, PresentMode, Surface, SurfaceCapabilities,
    SurfaceConfiguration, SurfaceTexture, TextureFormat, TextureUsages, TextureView,
};

use super::acquirer::{self, Acquirer, Answer, Asked};
use super::context::Context;
use super::error::GpuError;

/// Frames that are left out for a window that could not be acquired: making its surface anew in each of them would
/// wear the driver out.
const REST: u32 = 60;

/// How long all displays wait for the texture of one, so that they are drawn together: about a frame. Drivers that have
/// one give it in less than 0.1 ms, but on a busy machine a thread may have to wait for its turn.
const PATIENCE: Duration = Duration::from_millis(16);

/// Windows that are gone while the driver still keeps their threads; with more it is given up.
const MOST_LEFT_BEHIND: usize = 8;

/// What a window must be able to do.
pub trait Handles: HasWindowHandle + HasDisplayHandle + Send + Sync + 'static {}

impl<W: HasWindowHandle + HasDisplayHandle + Send + Sync + 'static> Handles for W {}

type Make = Box<dyn Fn(&Instance) -> Result<Surface<'static>, GpuError> + Send>;

/// What a frame of a display goes to.
pub enum Acquired {
    /// The display has no window; it is drawn to a texture of its own.
    Offscreen,
    Frame(WindowFrame),
    /// The window takes no frame this time.
    Skip,
}

/// A frame of a window, to be presented.
pub struct WindowFrame {
    pub texture: SurfaceTexture,
    pub view: TextureView,
}

/// A surface, and all it takes to make it again.
pub struct Window {
    name: String,
    acquirer: Acquirer,
    /// What came of the last acquisition, until it is used. Dropped before its surface.
    answer: Option<CurrentSurfaceTexture>,
    /// `None` after it was lost, and while the acquirer has it. Dropped before `make`, which holds the window.
    surface: Option<Surface<'static>>,
    make: Make,
    config: SurfaceConfiguration,
    /// Configured again before it is next acquired.
    stale: bool,
    /// False while the window has no extent.
    open: bool,
    /// Frames still to be left out.
    rest: u32,
    /// Acquisitions since it was configured.
    age: u32,
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window").field("config", &self.config).finish_non_exhaustive()
    }
}

/// Makes a surface for a window.
pub fn surface<W: Handles>(instance: &Instance, window: Arc<W>) -> Result<Surface<'static>, GpuError> {
    instance.create_surface(window).map_err(|error| GpuError::Surface(error.to_string()))
}

/// The format of pictures and surfaces: 8 bits, stored as sRGB is written, blue first where there
/// is a choice.
pub fn format(offered: &[TextureFormat]) -> TextureFormat {
    let wanted = [TextureFormat::Bgra8Unorm, TextureFormat::Rgba8Unorm];
    let same = |format: &TextureFormat| offered.iter().any(|o| o.remove_srgb_suffix() == *format);
    wanted.into_iter().find(same).unwrap_or(TextureFormat::Bgra8Unorm)
}

/// Mailbox where there is one: the frame clock is ours, and a screen that is off must not block
/// the others. Else Fifo, which every driver has.
fn present_mode(offered: &[PresentMode]) -> PresentMode {
    if offered.contains(&PresentMode::Mailbox) { PresentMode::Mailbox } else { PresentMode::Fifo }
}

fn configuration(
    offered: &SurfaceCapabilities,
    format: TextureFormat,
    size: (u32, u32),
) -> Result<SurfaceConfiguration, GpuError> {
    let stored = if offered.formats.contains(&format) { format } else { format.add_srgb_suffix() };
    if !offered.formats.contains(&stored) {
        return Err(GpuError::Surface(format!("it does not support a format like {format:?}")));
    }
    let opaque = offered.alpha_modes.contains(&CompositeAlphaMode::Opaque);
    Ok(SurfaceConfiguration {
        usage: TextureUsages::RENDER_ATTACHMENT | (offered.usages & TextureUsages::COPY_DST),
        format: stored,
        color_space: wgpu::SurfaceColorSpace::Auto,
        width: size.0.max(1),
        height: size.1.max(1),
        present_mode: present_mode(&offered.present_modes),
        desired_maximum_frame_latency: 2,
        alpha_mode: if opaque { CompositeAlphaMode::Opaque } else { CompositeAlphaMode::Auto },
        view_formats: if stored == format { vec![] } else { vec![format] },
    })
}

impl Window {
    /// `size` in pixels; without an extent nothing is drawn until [`Window::resize`].
    pub fn new<W: Handles>(
        cx: &Context,
        window: Arc<W>,
        name: &str,
        size: (u32, u32),
    ) -> Result<Self, GpuError> {
        if acquirer::left_behind() > MOST_LEFT_BEHIND {
            return Err(GpuError::Surface("the driver does not answer for other windows".into()));
        }
        let make: Make = Box::new(move |instance| surface(instance, window.clone()));
        let surface = make(&cx.instance)?;
        let config = configuration(&surface.get_capabilities(&cx.adapter), cx.format, size)?;
        Ok(Self {
            name: name.to_owned(),
            acquirer: Acquirer::new(name, cx.faults.clone()),
            answer: None,
            surface: Some(surface),
            make,
            config,
            stale: true,
            open: size.0 > 0 && size.1 > 0,
            rest: 0,
            age: 0,
        })
    }

    pub fn size(&self) -> (u32, u32) {
        (self.config.width, self.config.height)
    }

    /// Present mode, format and size, for the log.
    pub fn words(&self) -> String {
        let c = &self.config;
        format!("{:?}, {:?}, {} × {}", c.present_mode, c.format, c.width, c.height)
    }

    /// True when presenting may wait for the screen, without limit where that is off or the window is
    /// hidden. Mesa can be told to use another present mode than it reports.
    pub fn may_block(&self) -> bool {
        let free = matches!(self.config.present_mode, PresentMode::Mailbox | PresentMode::Immediate);
        !free || std::env::var_os("MESA_VK_WSI_PRESENT_MODE").is_some()
    }

    /// True when pictures can be copied to it.
    pub fn takes_copies(&self) -> bool {
        self.config.usage.contains(TextureUsages::COPY_DST)
    }

    /// True when the size is another one than before.
    pub fn resize(&mut self, size: (u32, u32)) -> bool {
        self.open = size.0 > 0 && size.1 > 0;
        if !self.open || size == self.size() {
            return false;
        }
        (self.config.width, self.config.height) = size;
        (self.stale, self.rest) = (true, 0);
        true
    }

    /// False while it takes no frame: it has no extent, rests, or its driver has not answered yet. To be asked once
    /// for each frame.
    pub fn is_ready(&mut self) -> bool {
        if self.acquirer.waits() && !self.hear(Duration::ZERO) {
            return false;
        }
        let rests = self.rest > 0;
        self.rest = self.rest.saturating_sub(1);
        self.open && !rests
    }

    /// What the next frame goes to, of a window that is ready.
    pub fn acquire(&mut self, cx: &Context) -> Acquired {
        self.texture(&cx.instance, &cx.device).map_or(Acquired::Skip, |texture| {
            let descriptor = wgpu::TextureViewDescriptor { format: Some(cx.format), ..Default::default() };
            let view = texture.texture.create_view(&descriptor);
            Acquired::Frame(WindowFrame { texture, view })
        })
    }

    fn texture(&mut self, instance: &Instance, device: &Device) -> Option<SurfaceTexture> {
        let mut why = "";
        for _ in 0..2 {
            if self.stale {
                self.answer = None;
            }
            if self.answer.is_none() {
                self.configure(instance, device)?;
                self.age = self.age.saturating_add(1);
                self.acquirer.ask(self.surface.take()?);
                if !self.hear(PATIENCE) {
                    return None;
                }
            }
            match self.answer.take()? {
                CurrentSurfaceTexture::Success(texture) => return Some(texture),
                CurrentSurfaceTexture::Suboptimal(texture) => {
                    // Some drivers say so for ever: configuring each time would leak.
                    self.stale = self.age > REST;
                    return Some(texture);
                }
                CurrentSurfaceTexture::Outdated => (self.stale, why) = (true, "outdated"),
                CurrentSurfaceTexture::Lost => (self.surface, why) = (None, "lost"),
                CurrentSurfaceTexture::Timeout => return self.rest_from("timeout"),
                CurrentSurfaceTexture::Occluded => return self.rest_from("occluded"),
                CurrentSurfaceTexture::Validation => return self.rest_from("validation error"),
            }
        }
        self.rest_from(why)
    }

    /// Leaves out frames because of what came of acquiring one.
    fn rest_from(&mut self, why: &str) -> Option<SurfaceTexture> {
        tracing::warn!(display = self.name, why, "no frame for the window; trying again");
        self.rest = REST;
        None
    }

    /// Takes the answer of the driver; false while there is none.
    fn hear(&mut self, patience: Duration) -> bool {
        match self.acquirer.answer(patience) {
            Asked::Answered(Answer { texture, surface }) => {
                (self.answer, self.surface) = (Some(texture), Some(surface));
            }
            // The surface is gone with the thread.
            Asked::Broken => self.answer = Some(CurrentSurfaceTexture::Lost),
            Asked::Waits => return false,
        }
        true
    }

    /// Makes the surface when it was lost and configures it when it must be.
    fn configure(&mut self, instance: &Instance, device: &Device) -> Option<()> {
        if self.surface.is_none() {
            match (self.make)(instance) {
                Ok(surface) => self.surface = Some(surface),
                Err(error) => {
                    tracing::warn!(%error, "cannot recreate the surface");
                    self.rest = REST;
                    return None;
                }
            }
            self.stale = true;
        }
        if std::mem::take(&mut self.stale) {
            self.surface.as_ref()?.configure(device, &self.config);
            self.age = 0;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_present_mode_never_tears_and_never_blocks_where_that_can_be_had() {
        use PresentMode::{Fifo, Immediate, Mailbox};
        assert_eq!(present_mode(&[Immediate, Mailbox, Fifo]), Mailbox);
        assert_eq!(present_mode(&[Immediate, Fifo]), Fifo);
    }

    #[test]
    fn colours_are_stored_as_they_are_written() {
        use TextureFormat::{Bgra8Unorm, Bgra8UnormSrgb, Rgba8Unorm, Rgba8UnormSrgb, Rgba16Float};
        assert_eq!(format(&[Bgra8UnormSrgb, Bgra8Unorm]), Bgra8Unorm);
        assert_eq!(format(&[Rgba16Float, Rgba8UnormSrgb]), Rgba8Unorm);
    }
}
