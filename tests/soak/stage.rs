//! The wall itself, and another one that has just been started.

use std::sync::Arc;
use std::time::Duration;

use fishbowl::bitmap::Bitmap;
use fishbowl::clock::Clock;
use fishbowl::control::State;
use fishbowl::gpu::{Gpu, Output};
use fishbowl::kiosk::wall_renderer::WallRenderer;
use fishbowl::layout::wall::Wall;
use fishbowl::pulse::snapshot::Snapshot;
use fishbowl::text::Typesetter;

use super::desk::Desk;
use super::memory::in_use;
use crate::alike::assert_alike;

/// Longer than an item of a ticker needs to pass, than any crossing takes, and than words about yesterday stand.
const SETTLED: Duration = Duration::from_secs(111);
/// Just before a map is made anew, which it is every 3 s.
const LATE: Duration = Duration::from_millis(2_900);

pub struct Stage {
    pub state: State,
    renderer: WallRenderer,
}

impl Stage {
    pub fn new(wall: Arc<Wall>) -> Self {
        let setter = Typesetter::new(false);
        Self { state: State::default(), renderer: renderer(wall, setter) }
    }

    pub fn tick(&mut self, clock: &Clock, snapshot: &Snapshot) {
        self.renderer.tick(clock, snapshot, (&self.state, None), &mut |_| ());
        assert_eq!(self.renderer.gpu.errors(), 0);
    }

    /// Takes over another layout, as the kiosk does: outputs stay where their displays do.
    pub fn show(&mut self, wall: Arc<Wall>) {
        self.renderer.set_wall(wall);
    }

    pub fn notice(&mut self, notice: Option<Arc<str>>) {
        self.renderer.control.notice = notice;
    }

    /// The graphics card goes away; all is rebuilt from what the processor holds.
    pub fn lose_device(&mut self) {
        let renderer = &mut self.renderer;
        renderer.gpu.lose();
        renderer.gpu = Gpu::software().expect("the driver is still there");
        renderer.outputs = outputs(renderer);
    }

    /// Forgets all text that was set, of which there is more or less from day to day; `tests/glyphs.rs` shows that it
    /// stays within its limit.
    pub fn forget_text(&mut self) {
        *self.renderer.setter() = Typesetter::new(false);
    }

    /// Bytes of textures and buffers.
    pub fn textures(&self) -> u64 {
        self.renderer.gpu.allocated().unwrap_or_default()
    }

    /// Fails where any display shows another pixel than one of a wall that was started just now. Gives the bytes that
    /// the other wall left behind, which a driver may.
    pub fn assert_like_a_fresh_one(&mut self, clock: &Clock, desk: &mut Desk) -> i64 {
        self.tick(clock, &desk.snapshot);
        desk.pass(SETTLED + LATE);
        desk.publish();
        let shown = self.settled(clock, &desk.snapshot);
        let before = in_use();
        let renderer = renderer(desk.wall.clone(), Typesetter::new(false));
        let mut fresh = Self { state: self.state.clone(), renderer };
        fresh.notice(self.renderer.control.notice.clone());
        let expected = fresh.settled(clock, &desk.snapshot);
        drop(fresh);
        assert_alike("soak", &shown, &expected);
        drop(expected);
        in_use() as i64 - before as i64
    }

    /// What the displays show at the clock's present: a map is painted in several frames, and every tile is to prove
    /// its key.
    fn settled(&mut self, clock: &Clock, snapshot: &Snapshot) -> Vec<Bitmap> {
        (0..16).for_each(|_| self.tick(clock, snapshot));
        self.panels()
    }

    fn panels(&mut self) -> Vec<Bitmap> {
        let WallRenderer { gpu, outputs, .. } = &mut self.renderer;
        outputs.iter().map(|output| gpu.capture_panel(output).expect("pixels")).collect()
    }
}

fn renderer(wall: Arc<Wall>, setter: Typesetter) -> WallRenderer {
    let gpu = Gpu::software().expect("a Vulkan software driver (mesa-vulkan-drivers)");
    let mut renderer = WallRenderer::new(wall, gpu, setter, None);
    renderer.outputs = outputs(&mut renderer);
    renderer.slots = (0..renderer.outputs.len()).collect();
    renderer
}

fn outputs(renderer: &mut WallRenderer) -> Vec<Output> {
    let (wall, ground) = (renderer.wall.clone(), renderer.ground());
    let output = |display| Output::headless(&mut renderer.gpu, display, ground).expect("a small texture");
    wall.displays.iter().map(output).collect()
}
