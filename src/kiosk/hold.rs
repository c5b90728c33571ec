//! Keeps the picture on every output while the wall behind it is exchanged: what is on the screens is copied
//! (wlr-screencopy-unstable-v1, <https://wayland.app/protocols/wlr-screencopy-unstable-v1>) into surfaces that lie
//! below all windows and above the wallpaper (wlr-layer-shell-unstable-v1). A window that closes uncovers the copy, and
//! the next one covers it.

use super::KioskError;

/// Copies what is on all outputs, calls `held` with the number of copies and of outputs once they are there, and
/// keeps them for `length`. An error where the window system cannot do this.
#[cfg(not(target_os = "linux"))]
pub fn hold(_: std::time::Duration, _: impl FnOnce(usize, usize)) -> Result<(), KioskError> {
    Err(KioskError::Hold("that is for Wayland only".into()))
}

#[cfg(target_os = "linux")]
pub use wayland::hold;

#[cfg(target_os = "linux")]
mod wayland {
    use std::time::Duration;

    use smithay_client_toolkit::output::{OutputHandler, OutputState};
    use smithay_client_toolkit::reexports::client::globals::{GlobalList, registry_queue_init};
    use smithay_client_toolkit::reexports::client::protocol::wl_buffer::WlBuffer;
    use smithay_client_toolkit::reexports::client::protocol::wl_compositor::WlCompositor;
    use smithay_client_toolkit::reexports::client::protocol::wl_output::{Transform, WlOutput};
    use smithay_client_toolkit::reexports::client::protocol::wl_region::WlRegion;
    use smithay_client_toolkit::reexports::client::protocol::wl_shm::Format;
    use smithay_client_toolkit::reexports::client::protocol::wl_surface::WlSurface;
    use smithay_client_toolkit::reexports::client::{
        Connection, Dispatch, EventQueue, Proxy, QueueHandle, WEnum, delegate_noop,
    };
    use smithay_client_toolkit::reexports::protocols::wp::viewporter::client::wp_viewport::WpViewport;
    use smithay_client_toolkit::reexports::protocols::wp::viewporter::client::wp_viewporter::WpViewporter;
    use smithay_client_toolkit::reexports::protocols_wlr::layer_shell::v1::client::zwlr_layer_shell_v1::{
        Layer, ZwlrLayerShellV1,
    };
    use smithay_client_toolkit::reexports::protocols_wlr::layer_shell::v1::client::zwlr_layer_surface_v1::{
        self as layer_surface, Anchor, ZwlrLayerSurfaceV1,
    };
    use smithay_client_toolkit::reexports::protocols_wlr::screencopy::v1::client::zwlr_screencopy_frame_v1::{
        self as frame, ZwlrScreencopyFrameV1,
    };
    use smithay_client_toolkit::reexports::protocols_wlr::screencopy::v1::client::zwlr_screencopy_manager_v1::ZwlrScreencopyManagerV1;
    use smithay_client_toolkit::registry::{ProvidesRegistryState, RegistryState};
    use smithay_client_toolkit::shm::raw::RawPool;
    use smithay_client_toolkit::shm::{Shm, ShmHandler};
    use smithay_client_toolkit::{delegate_output, delegate_registry, delegate_shm, registry_handlers};

    use super::KioskError;

    /// Bytes of the largest copy that is made: one of 16,384 × 16,384 pixels.
    const MOST: u64 = 4 << 28;

    /// An output and its copy.
    struct Held {
        output: WlOutput,
        stage: Stage,
        /// Its rows come from the bottom.
        upside_down: bool,
        copy: Option<Copy>,
        /// Kept, as the compositor shows it.
        surface: Option<(WlSurface, ZwlrLayerSurfaceV1, WpViewport)>,
    }

    struct Copy {
        pool: RawPool,
        buffer: WlBuffer,
        height: usize,
        stride: usize,
    }

    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Stage {
        Copying,
        Copied,
        Shown,
        /// It cannot be copied, or has gone.
        Failed,
    }

    struct Holder {
        registry: RegistryState,
        outputs: OutputState,
        shm: Shm,
        held: Vec<Held>,
    }

    struct Globals {
        compositor: WlCompositor,
        shell: ZwlrLayerShellV1,
        copier: ZwlrScreencopyManagerV1,
        viewporter: WpViewporter,
    }

    /// Copies what is on all outputs, calls `held` with the number of copies and of outputs once they are there, and
    /// keeps them for `length`. An error where the window system cannot do this.
    pub fn hold(length: Duration, held: impl FnOnce(usize, usize)) -> Result<(), KioskError> {
        let connection = Connection::connect_to_env().map_err(|error| failed(&error))?;
        let (list, mut queue) = registry_queue_init::<Holder>(&connection).map_err(|error| failed(&error))?;
        let handle = queue.handle();
        let globals = Globals::bind(&list, &handle)?;
        let shm = Shm::bind(&list, &handle).map_err(|error| failed(&error))?;
        let outputs = OutputState::new(&list, &handle);
        let mut holder = Holder { registry: RegistryState::new(&list), outputs, shm, held: Vec::new() };
        round(&mut queue, &mut holder)?;
        for output in holder.outputs.outputs() {
            let index = holder.held.len();
            globals.copier.capture_output(0, &output, &handle, index);
            let copying = Stage::Copying;
            holder.held.push(Held { output, stage: copying, upside_down: false, copy: None, surface: None });
        }
        wait_while(&mut queue, &mut holder, Stage::Copying)?;
        for index in 0..holder.held.len() {
            if holder.held[index].stage == Stage::Copied {
                holder.spread(index, &globals, &handle);
            }
        }
        wait_while(&mut queue, &mut holder, Stage::Copied)?;
        round(&mut queue, &mut holder)?;
        let count = holder.held.iter().filter(|held| held.stage == Stage::Shown).count();
        if count == 0 {
            return Err(KioskError::Hold("the compositor shows no copy of any output".into()));
        }
        held(count, holder.held.len());
        // Nothing is heard meanwhile that would change what is shown.
        std::thread::sleep(length);
        Ok(())
    }

    fn wait_while(
        queue: &mut EventQueue<Holder>,
        holder: &mut Holder,
        stage: Stage,
    ) -> Result<(), KioskError> {
        while holder.held.iter().any(|held| held.stage == stage) {
            queue.blocking_dispatch(holder).map_err(|error| failed(&error))?;
        }
        Ok(())
    }

    fn round(queue: &mut EventQueue<Holder>, holder: &mut Holder) -> Result<(), KioskError> {
        queue.roundtrip(holder).map(drop).map_err(|error| failed(&error))
    }

    fn failed(error: &dyn std::error::Error) -> KioskError {
        KioskError::Hold(error.to_string())
    }

    impl Globals {
        fn bind(list: &GlobalList, handle: &QueueHandle<Holder>) -> Result<Self, KioskError> {
            Ok(Self {
                // Buffers can be turned from 2 on.
                compositor: one(list, handle, 2)?,
                shell: one(list, handle, 1)?,
                copier: one(list, handle, 1)?,
                viewporter: one(list, handle, 1)?,
            })
        }
    }

    fn one<I: Proxy + 'static>(
        list: &GlobalList,
        handle: &QueueHandle<Holder>,
        version: u32,
    ) -> Result<I, KioskError>
    where
        Holder: Dispatch<I, ()>,
    {
        list.bind(handle, version..=version, ()).map_err(|_| {
            let name = I::interface().name;
            KioskError::Hold(format!("the compositor does not offer {name}"))
        })
    }

    impl Holder {
        /// Makes room for a copy, and has the compositor fill it.
        fn receive(
            &mut self,
            index: usize,
            frame: &ZwlrScreencopyFrameV1,
            (format, width, height, stride): (WEnum<Format>, u32, u32, u32),
            handle: &QueueHandle<Self>,
        ) {
            let bytes = u64::from(stride) * u64::from(height);
            let made = match format {
                WEnum::Value(format) if bytes <= MOST => {
                    RawPool::new(bytes as usize, &self.shm).ok().map(|pool| (pool, format))
                }
                _ => None,
            };
            let held = &mut self.held[index];
            let Some((mut pool, format)) = made else {
                held.stage = Stage::Failed;
                return;
            };
            // All of them are below 2^30, as their product is.
            let [w, h, row] = [width, height, stride].map(|side| side as i32);
            let buffer = pool.create_buffer(0, w, h, row, format, (), handle);
            frame.copy(&buffer);
            held.copy = Some(Copy { pool, buffer, height: height as usize, stride: stride as usize });
        }

        /// Lays a surface below all windows of its output.
        fn spread(&mut self, index: usize, globals: &Globals, handle: &QueueHandle<Self>) {
            let output = &self.held[index].output;
            let surface = globals.compositor.create_surface(handle, ());
            // The pointer and its clicks go through.
            let nothing = globals.compositor.create_region(handle, ());
            surface.set_input_region(Some(&nothing));
            let viewport = globals.viewporter.get_viewport(&surface, handle, ());
            let (layer, name) = (Layer::Bottom, "fishbowl-hold".to_owned());
            let shell = globals.shell.get_layer_surface(&surface, Some(output), layer, name, handle, index);
            shell.set_anchor(Anchor::all());
            shell.set_exclusive_zone(-1);
            surface.commit();
            self.held[index].surface = Some((surface, shell, viewport));
        }

        /// Shows the copy `width` × `height` logical pixels large.
        fn show(&mut self, index: usize, (width, height): (u32, u32)) {
            let transform = self.outputs.info(&self.held[index].output).map(|info| info.transform);
            let held = &mut self.held[index];
            let (Some(copy), Some((surface, _, viewport))) = (&mut held.copy, &held.surface) else { return };
            if std::mem::take(&mut held.upside_down) {
                turn_over(copy.pool.mmap(), copy.stride, copy.height);
            }
            let [w, h] = [width, height].map(|side| i32::try_from(side).unwrap_or(i32::MAX).max(1));
            viewport.set_destination(w, h);
            surface.attach(Some(&copy.buffer), 0, 0);
            surface.set_buffer_transform(transform.unwrap_or(Transform::Normal));
            surface.damage(0, 0, i32::MAX, i32::MAX);
            surface.commit();
            // No frame is acknowledged while a window covers it.
            held.stage = Stage::Shown;
        }
    }

    /// Puts the last row first.
    fn turn_over(pixels: &mut [u8], stride: usize, height: usize) {
        for row in 0..height / 2 {
            let (above, below) = pixels.split_at_mut((height - 1 - row) * stride);
            above[row * stride..][..stride].swap_with_slice(&mut below[..stride]);
        }
    }

    impl Dispatch<ZwlrScreencopyFrameV1, usize> for Holder {
        fn event(
            holder: &mut Self,
            frame: &ZwlrScreencopyFrameV1,
            event: frame::Event,
            &index: &usize,
            _: &Connection,
            handle: &QueueHandle<Self>,
        ) {
            match event {
                frame::Event::Buffer { format, width, height, stride } => {
                    holder.receive(index, frame, (format, width, height, stride), handle);
                }
                frame::Event::Flags { flags: WEnum::Value(flags) } => {
                    holder.held[index].upside_down = flags.contains(frame::Flags::YInvert);
                }
                frame::Event::Ready { .. } => holder.held[index].stage = Stage::Copied,
                frame::Event::Failed => holder.held[index].stage = Stage::Failed,
                _ => {}
            }
        }
    }

    impl Dispatch<ZwlrLayerSurfaceV1, usize> for Holder {
        fn event(
            holder: &mut Self,
            shell: &ZwlrLayerSurfaceV1,
            event: layer_surface::Event,
            &index: &usize,
            _: &Connection,
            _: &QueueHandle<Self>,
        ) {
            match event {
                layer_surface::Event::Configure { serial, width, height } => {
                    shell.ack_configure(serial);
                    holder.show(index, (width, height));
                }
                layer_surface::Event::Closed => holder.held[index].stage = Stage::Failed,
                _ => {}
            }
        }
    }

    impl OutputHandler for Holder {
        fn output_state(&mut self) -> &mut OutputState {
            &mut self.outputs
        }
        fn new_output(&mut self, _: &Connection, _: &QueueHandle<Self>, _: WlOutput) {}
        fn update_output(&mut self, _: &Connection, _: &QueueHandle<Self>, _: WlOutput) {}
        fn output_destroyed(&mut self, _: &Connection, _: &QueueHandle<Self>, output: WlOutput) {
            let gone = self.held.iter_mut().filter(|held| held.output == output);
            gone.for_each(|held| held.stage = Stage::Failed);
        }
    }

    impl ShmHandler for Holder {
        fn shm_state(&mut self) -> &mut Shm {
            &mut self.shm
        }
    }

    impl ProvidesRegistryState for Holder {
        fn registry(&mut self) -> &mut RegistryState {
            &mut self.registry
        }
        registry_handlers![OutputState];
    }

    delegate_output!(Holder);
    delegate_registry!(Holder);
    delegate_shm!(Holder);
    delegate_noop!(Holder: ignore WlCompositor);
    delegate_noop!(Holder: ignore WlSurface);
    delegate_noop!(Holder: ignore WlRegion);
    delegate_noop!(Holder: ignore WlBuffer);
    delegate_noop!(Holder: ignore ZwlrLayerShellV1);
    delegate_noop!(Holder: ignore ZwlrScreencopyManagerV1);
    delegate_noop!(Holder: ignore WpViewporter);
    delegate_noop!(Holder: ignore WpViewport);

    #[cfg(test)]
    mod tests {
        #[test]
        fn a_picture_is_turned_over() {
            let mut pixels = *b"aabbcc";
            super::turn_over(&mut pixels, 2, 3);
            assert_eq!(&pixels, b"ccbbaa");
        }
    }
}
