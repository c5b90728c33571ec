//! Whatever happens to a wall, what it shows in the end is what it shows on a fresh start: random
//! operations on the director, the plans and the outputs. The last frame is compared pixel by pixel
//! with the same frame on fresh outputs, and tile by tile with that of a fresh director. Needs a
//! Vulkan driver (Debian: mesa-vulkan-drivers).

#[path = "rig/alike.rs"]
mod alike;
#[path = "repaint/world.rs"]
mod world;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use alike::assert_alike;
use fishbowl::bitmap::Bitmap;
use fishbowl::clock::Time;
use fishbowl::geometry::Rect;
use fishbowl::gpu::{Gpu, Output};
use fishbowl::layout::wall::Wall;
use fishbowl::scene::{Control, Director, Frame};
use fishbowl::text::Typesetter;
use proptest::prelude::*;
use world::{PERIOD, World};

static WORLD: LazyLock<World> = LazyLock::new(World::new);

/// Something that happens to a wall.
#[derive(Clone, Copy, Debug)]
enum Op {
    /// Numbers of later.
    Publish(usize),
    /// Part of the time until new numbers come, per cent.
    Wait(u8),
    Scene(Option<usize>),
    Notice(bool),
    Layout(usize),
    /// A window takes no frame, or does again.
    Hold(usize),
    /// A monitor is unplugged, or plugged in again.
    Plug(usize),
    /// The system says that a window must be presented again.
    Expose(usize),
    /// Somebody looks at the mirror.
    Look(usize),
    LoseDevice,
    /// The picture moves, half millimetres.
    Shift(i8, i8),
    /// The panels show less light, per cent.
    Dim(u8),
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        6 => (1..4_usize).prop_map(Op::Publish),
        6 => (1..60_u8).prop_map(Op::Wait),
        4 => prop::option::of(0..3_usize).prop_map(Op::Scene),
        1 => any::<bool>().prop_map(Op::Notice),
        2 => (0..3_usize).prop_map(Op::Layout),
        2 => (0..3_usize).prop_map(Op::Hold),
        2 => (0..3_usize).prop_map(Op::Plug),
        1 => (0..3_usize).prop_map(Op::Expose),
        1 => (0..3_usize).prop_map(Op::Look),
        1 => Just(Op::LoseDevice),
        2 => (-4..5_i8, -4..5_i8).prop_map(|(x, y)| Op::Shift(x, y)),
        1 => prop::sample::select(vec![40, 100]).prop_map(Op::Dim),
    ]
}

/// A wall that is being shown.
struct Stage {
    wall: Arc<Wall>,
    gpu: Gpu,
    /// One for each display; none while it is unplugged.
    outputs: Vec<Option<Output>>,
    director: Director,
    setter: Typesetter,
    control: Control,
    /// Index of the numbers that are shown, and how long they have been.
    snapshot: usize,
    waited: Duration,
    /// How far the picture stands from its place, millimetres.
    shift: (f32, f32),
    /// Share of its light.
    brightness: f32,
}

impl Stage {
    fn new(wall: Arc<Wall>) -> Self {
        let mut stage = Self {
            gpu: Gpu::software().expect("a Vulkan software driver (mesa-vulkan-drivers)"),
            outputs: Vec::new(),
            director: Director::new(wall.clone()),
            setter: Typesetter::new(false),
            control: Control::default(),
            snapshot: 0,
            waited: Duration::ZERO,
            shift: (0.0, 0.0),
            brightness: 1.0,
            wall,
        };
        stage.gpu.set_background(stage.wall.background.as_ref(), &stage.wall.theme);
        stage.outputs = (0..stage.wall.displays.len()).map(|i| Some(stage.output(i))).collect();
        stage
    }

    fn output(&mut self, display: usize) -> Output {
        let ground = self.wall.theme.ground;
        Output::headless(&mut self.gpu, &self.wall.displays[display], ground).expect("a small texture")
    }

    fn now(&self) -> Time {
        WORLD.moment(self.snapshot) + self.waited
    }

    fn draw(&mut self) -> Frame {
        let (now, snapshot) = (self.now(), &WORLD.snapshots[self.snapshot]);
        let frame = self.director.frame(snapshot, &self.control, now, &mut self.setter);
        self.present(&frame);
        frame
    }

    fn present(&mut self, frame: &Frame) {
        let mut outputs: Vec<_> = self.outputs.iter_mut().flatten().collect();
        let displays = &self.wall.displays;
        for output in &mut outputs {
            let rect = displays.iter().find(|display| display.name == output.name()).expect("a display").rect;
            output.aim(Rect { x: rect.x - self.shift.0, y: rect.y - self.shift.1, ..rect });
            output.set_brightness(self.brightness);
        }
        self.gpu.draw(&mut outputs, frame, &mut self.setter, &mut |_| ());
        assert_eq!(self.gpu.errors(), 0);
    }

    fn act(&mut self, op: Op) {
        let index = |wanted: usize| wanted % self.outputs.len();
        match op {
            Op::Publish(later) => self.publish(self.snapshot + later),
            Op::Wait(percent) => {
                self.waited = (self.waited + PERIOD * percent.into() / 100).min(PERIOD * 95 / 100);
            }
            Op::Scene(scene) => self.control.scene = scene.map(|scene| (scene, self.now())),
            Op::Notice(on) => self.control.notice = on.then(|| "The layout was not taken over".into()),
            Op::Layout(layout) => self.set_wall(WORLD.walls[layout].clone()),
            Op::Hold(wanted) => {
                let output = index(wanted);
                self.outputs[output].iter_mut().for_each(|output| output.held ^= true);
            }
            Op::Plug(wanted) => {
                let output = index(wanted);
                self.outputs[output] = match self.outputs[output].take() {
                    Some(_) => None,
                    None => Some(self.output(output)),
                };
            }
            Op::Expose(wanted) => {
                let output = index(wanted);
                self.outputs[output].iter_mut().for_each(Output::expose);
            }
            Op::Look(wanted) => {
                let output = index(wanted);
                if let Some(output) = &mut self.outputs[output] {
                    self.gpu.capture(output, &mut self.setter, Some(100)).expect("a small picture");
                }
            }
            Op::LoseDevice => self.lose_device(),
            Op::Shift(x, y) => self.shift = (f32::from(x) / 2.0, f32::from(y) / 2.0),
            Op::Dim(percent) => self.brightness = f32::from(percent) / 100.0,
        }
        self.draw();
    }

    fn publish(&mut self, snapshot: usize) {
        self.snapshot = snapshot.min(WORLD.snapshots.len() - 2);
        self.waited = Duration::ZERO;
    }

    /// As the kiosk does: outputs stay where their displays do.
    fn set_wall(&mut self, wall: Arc<Wall>) {
        let old = std::mem::replace(&mut self.wall, wall);
        self.director = Director::new(self.wall.clone());
        self.gpu.set_background(self.wall.background.as_ref(), &self.wall.theme);
        let mut outputs = std::mem::take(&mut self.outputs);
        outputs.resize_with(self.wall.displays.len(), || None);
        for (i, output) in outputs.iter_mut().enumerate() {
            match output {
                Some(output) if old.displays.get(i) == self.wall.displays.get(i) => output.forget(),
                _ => *output = Some(self.output(i)),
            }
        }
        self.outputs = outputs;
    }

    fn open(&mut self) {
        self.gpu = Gpu::software().expect("the driver is still there");
        self.gpu.set_background(self.wall.background.as_ref(), &self.wall.theme);
    }

    fn lose_device(&mut self) {
        self.gpu.lose();
        self.draw();
        self.open();
        for i in 0..self.outputs.len() {
            self.outputs[i] = Some(self.output(i));
        }
    }

    /// The last frame, when nothing moves from scene to scene any more.
    fn settle(&mut self) -> Frame {
        self.control.scene = Some((self.draw().scene, self.now()));
        self.publish(self.snapshot);
        self.snapshot += 1;
        for i in 0..self.outputs.len() {
            match &mut self.outputs[i] {
                Some(output) => output.held = false,
                None => self.outputs[i] = Some(self.output(i)),
            }
        }
        self.draw();
        self.waited = PERIOD * 97 / 100;
        // Often enough for every tile to prove its key.
        (0..16).for_each(|_| assert!(!self.draw().crossing));
        self.draw()
    }

    /// What the panels show.
    fn panels(&mut self) -> Vec<Bitmap> {
        let outputs = self.outputs.iter().flatten();
        outputs.map(|output| self.gpu.capture_panel(output).expect("pixels")).collect()
    }

    /// What a frame shows on fresh outputs of a fresh device.
    fn afresh(&mut self, frame: &Frame) -> Vec<Bitmap> {
        self.open();
        self.outputs = (0..self.outputs.len()).map(|i| Some(self.output(i))).collect();
        self.present(frame);
        self.panels()
    }

    /// What a fresh director makes of the moment.
    fn directed_afresh(&mut self) -> Frame {
        self.director = Director::new(self.wall.clone());
        self.draw()
    }
}

/// Fails where a tile looks different; a ticker may, which remembers what walks.
fn assert_same_tiles(wall: &Wall, shown: &Frame, fresh: &Frame) {
    assert_eq!(shown.scene, fresh.scene);
    let tiles = wall.scenes[shown.scene].tiles.iter().zip(shown.tiles.iter().zip(&fresh.tiles));
    for (tile, (shown, fresh)) in tiles.filter(|(tile, _)| tile.widget.kind() != "ticker") {
        assert_eq!(shown.still.to_string(), fresh.still.to_string(), "what stands in {}", tile.name);
        assert_eq!(shown.motion.to_string(), fresh.motion.to_string(), "what moves in {}", tile.name);
    }
}

fn assert_ends_as_fresh(wall: usize, ops: &[Op]) {
    let mut stage = Stage::new(WORLD.walls[wall].clone());
    stage.draw();
    ops.iter().for_each(|op| stage.act(*op));
    let frame = stage.settle();
    let shown = stage.panels();
    assert_alike("repaint", &shown, &stage.afresh(&frame));
    let fresh = stage.directed_afresh();
    assert_same_tiles(&stage.wall, &frame, &fresh);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 60, failure_persistence: None, ..Default::default() })]

    #[test]
    fn any_operations_end_in_the_picture_of_a_fresh_start(
        wall in 0..3_usize,
        ops in prop::collection::vec(op(), 1..14),
    ) {
        assert_ends_as_fresh(wall, &ops);
    }
}

#[test]
fn every_operation_once_ends_in_the_picture_of_a_fresh_start() {
    use Op::*;
    let ops = [Publish(2), Scene(Some(1)), Wait(5), Hold(0), Wait(50), Layout(1), Plug(1), Notice(true)];
    let more =
        [Hold(0), Look(0), Expose(1), Plug(1), LoseDevice, Publish(1), Layout(2), Notice(false), Scene(None)];
    let last = [Shift(3, -2), Dim(40), Wait(5), Dim(100), Shift(-4, 4), Publish(1)];
    assert_ends_as_fresh(0, &[&ops[..], &more[..], &last[..]].concat());
}

#[test]
fn a_dimmed_panel_shows_so_much_of_the_light_and_a_moved_picture_is_the_same_elsewhere() {
    let mut stage = Stage::new(WORLD.walls[0].clone());
    let frame = stage.settle();
    let before = stage.panels();
    stage.brightness = 0.4;
    stage.present(&frame);
    let light = |picture: &Bitmap| -> f64 {
        let linear = |v: u8| (f64::from(v) / 255.0).powf(2.2);
        picture.rgba.chunks(4).map(|p| p[..3].iter().map(|v| linear(*v)).sum::<f64>()).sum()
    };
    for (bright, dim) in before.iter().zip(stage.panels()) {
        let share = light(&dim) / light(bright);
        assert!((0.36..0.44).contains(&share), "{share}");
        assert!(dim.rgba.chunks(4).all(|pixel| pixel[3] == 255), "a panel is never seen through");
    }
    stage.brightness = 1.0;
    let display = &stage.wall.displays[0];
    let (across, w) = (3, display.pixels.0 as usize);
    stage.shift = (across as f32 * display.rect.w / w as f32, 0.0);
    stage.present(&frame);
    let (moved, before) = (&stage.panels()[0], &before[0]);
    let rows =
        |picture: &Bitmap| -> Vec<Vec<u8>> { picture.rgba.chunks(4 * w).map(<[u8]>::to_vec).collect() };
    let pairs = rows(before).into_iter().zip(rows(moved));
    let same = |(old, new): (Vec<u8>, Vec<u8>)| {
        let pairs = old.chunks(4).zip(new.chunks(4).skip(across));
        pairs.filter(|(a, b)| a.iter().zip(*b).all(|(a, b)| a.abs_diff(*b) <= 16)).count()
    };
    let (alike, all) = (pairs.map(same).sum::<usize>(), (w - across) * before.height as usize);
    assert!(alike * 1000 > all * 995, "{alike} of {all} pixels are where they belong");
}
