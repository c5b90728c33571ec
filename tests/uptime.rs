//! A wall that has run for months draws what it drew in its first minute: the same numbers, so much later and in
//! the same phase, give the same pictures, frame by frame. The runs end after 3 and 400 days, and go over the
//! moments at which milliseconds no longer fit into 31 and into 32 bits. Needs a Vulkan driver (Debian:
//! mesa-vulkan-drivers).

#[path = "rig/alike.rs"]
mod alike;
#[allow(dead_code, reason = "the tests of repainting use more of it")]
#[path = "repaint/world.rs"]
mod world;

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use alike::assert_alike;
use fishbowl::bitmap::Bitmap;
use fishbowl::clock::Time;
use fishbowl::gpu::{Gpu, Output};
use fishbowl::layout::wall::Wall;
use fishbowl::pulse::snapshot::Snapshot;
use fishbowl::scene::list::Item;
use fishbowl::scene::{Control, Director, Frame};
use fishbowl::text::Typesetter;
use world::moment;

/// All that moves: items that walk, digits that roll, places that pulse, texts that take turns, and scenes that
/// cross over, in a cycle of 3 s.
const WALL: &str = r#"
[display.a]
size_mm = [640, 360]
pixels = [320, 180]

[display.b]
size_mm = [360, 640]
pixels = [180, 320]
rotate = 90

[scene.one]
show_for = "1s"
picture = """
2: heatmap heatmap | counter
2: heatmap heatmap | quote
1: ticker  ticker  | ticker
"""

[scene.two]
show_for = "2s"
picture = """
1: trend mentions | heatmap
1: ranks sentiment | heatmap
"""
"#;

const DAY: Duration = Duration::from_secs(86_400);
const FRAME: Duration = Duration::from_nanos(16_666_667);
/// Of each of these snapshots so many frames are drawn; those of the first are only to begin with.
const SHOWN: [usize; 3] = [1, 2, 3];
const FRAMES: usize = 75;
/// Pixels of a display for each of its millimetres.
const DENSITY: f32 = 0.5;

static LAYOUT: LazyLock<Arc<Wall>> = LazyLock::new(|| Arc::new(world::wall(WALL)));
static FIRST: LazyLock<Vec<Arc<Snapshot>>> = LazyLock::new(|| world::snapshots(&LAYOUT, Duration::ZERO));

/// A wall that is being shown.
struct Stage {
    gpu: Gpu,
    outputs: Vec<Output>,
    director: Director,
    setter: Typesetter,
}

/// One moment of it: pictures of the displays, and what is in motion.
struct Moment {
    panels: Vec<Bitmap>,
    /// Left ends of texts, millimetres.
    texts: Vec<(String, f32)>,
}

impl Stage {
    fn new() -> Self {
        let mut gpu = Gpu::software().expect("a Vulkan software driver (mesa-vulkan-drivers)");
        let ground = LAYOUT.theme.ground;
        let outputs = LAYOUT.displays.iter();
        let outputs = outputs
            .map(|display| Output::headless(&mut gpu, display, ground).expect("a small texture"))
            .collect();
        Self { gpu, outputs, director: Director::new(LAYOUT.clone()), setter: Typesetter::new(false) }
    }

    fn draw(&mut self, snapshot: &Snapshot, now: Time) -> Moment {
        let frame = self.director.frame(snapshot, &Control::default(), now, &mut self.setter);
        let mut outputs: Vec<_> = self.outputs.iter_mut().collect();
        self.gpu.draw(&mut outputs, &frame, &mut self.setter, &mut |_| ());
        assert_eq!(self.gpu.errors(), 0);
        let outputs = self.outputs.iter();
        let panels = outputs.map(|output| self.gpu.capture_panel(output).expect("pixels")).collect();
        Moment { panels, texts: texts(&frame) }
    }

    /// The frames of some seconds, so much later than they first were. How it begins is left out: it depends on what
    /// was there before.
    fn film(&mut self, later: Duration, snapshots: &[Arc<Snapshot>]) -> Vec<Moment> {
        let moments = SHOWN.iter().flat_map(|&shown| (0..FRAMES).map(move |frame| (shown, frame)));
        let film: Vec<Moment> = moments
            .map(|(shown, frame)| self.draw(&snapshots[shown], moment(shown) + later + FRAME * frame as u32))
            .collect();
        film.into_iter().skip(FRAMES).collect()
    }
}

fn texts(frame: &Frame) -> Vec<(String, f32)> {
    let items = frame.tiles.iter().flat_map(|tile| &tile.motion.items);
    let place = |item: &Item| match item {
        Item::Text { shaped, at, .. } => Some((shaped.setting.text.to_string(), at.x)),
        _ => None,
    };
    let mut places: Vec<_> = items.filter_map(place).collect();
    // A text near an end of the strip is drawn in slices that fade.
    places.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    places.dedup();
    places
}

/// How far the texts that walk come from each frame to the next, millimetres.
fn steps(film: &[Moment]) -> Vec<f32> {
    let of = |pair: &[Moment]| {
        let once =
            |moment: &Moment, text: &str| moment.texts.iter().filter(|other| other.0 == text).count() == 1;
        let is_one = |text: &&(String, f32)| pair.iter().all(|moment| once(moment, &text.0));
        let walked = pair[1].texts.iter().filter(is_one).filter_map(|(text, x)| {
            let (_, before) = pair[0].texts.iter().find(|other| other.0 == *text)?;
            Some(before - x).filter(|step| *step != 0.0)
        });
        walked.collect::<Vec<_>>()
    };
    film.windows(2).flat_map(of).collect()
}

/// Fails unless a wall that was started `uptime` before the middle of the film's last part draws what a fresh one draws.
fn assert_like_the_first_minute(later: Duration, uptime: Duration) {
    let begin = moment(SHOWN[2]) + later + FRAME * (FRAMES / 2) as u32 - uptime;
    let mut stage = Stage::new();
    (0..3).for_each(|frame| drop(stage.draw(&FIRST[SHOWN[0]], begin + FRAME * frame)));
    let shown = stage.film(later, &world::snapshots(&LAYOUT, later));
    let first = Stage::new().film(Duration::ZERO, &FIRST);
    for (shown, first) in shown.iter().zip(&first) {
        assert_alike("uptime", &shown.panels, &first.panels);
    }
    let (steps, first) = (steps(&shown), steps(&first));
    let walks = first.iter().filter(|step| (0.5..5.0).contains(*step)).count();
    assert!(walks > 50, "{walks} texts walk");
    assert_eq!(steps.len(), first.len());
    for (step, first) in steps.iter().zip(&first) {
        assert!(
            (step - first).abs() * DENSITY < 0.001,
            "{step} mm from one frame to the next, first {first}"
        );
    }
}

#[test]
fn after_three_days() {
    assert_like_the_first_minute(3 * DAY, 3 * DAY);
}

#[test]
fn when_milliseconds_no_longer_fit_into_31_bits() {
    assert_like_the_first_minute(25 * DAY, Duration::from_millis(1 << 31));
}

#[test]
fn when_milliseconds_no_longer_fit_into_32_bits() {
    assert_like_the_first_minute(50 * DAY, Duration::from_millis(1 << 32));
}

#[test]
fn after_400_days() {
    assert_like_the_first_minute(400 * DAY, 400 * DAY);
}
