//! Pictures by the software driver: the same pixels everywhere, and nothing else than what was
//! asked for. Needs a Vulkan driver (Debian: mesa-vulkan-drivers).
//!
//! After a wanted change, `FISHBOWL_BLESS=1 cargo test --test golden` writes `tests/golden` anew.

use std::path::Path as FilePath;
use std::sync::Arc;

use fishbowl::bitmap::Bitmap;
use fishbowl::color::{Rgba, Theme};
use fishbowl::geometry::{Point, Rect, Rotation, Size};
use fishbowl::gpu::{Gpu, Output};
use fishbowl::layout::wall::Display;
use fishbowl::scene::list::{Bell, Heat, Item, List, Outline, Path};
use fishbowl::scene::{Frame, TileFrame};
use fishbowl::text::{Cut, Setting, Typesetter, image};

const THEME: Theme = Theme::dark();
const LEFT: Rect = Rect::new(0.0, 0.0, 80.0, 90.0);
const RIGHT: Rect = Rect::new(80.0, 0.0, 80.0, 90.0);

struct Stage {
    gpu: Gpu,
    output: Output,
    setter: Typesetter,
}

impl Stage {
    fn new(rotate: Rotation) -> Self {
        let mut gpu = Gpu::software().expect("a Vulkan software driver (mesa-vulkan-drivers)");
        let display = Display {
            name: "test".into(),
            rect: Rect::new(0.0, 0.0, 160.0, 90.0),
            pixels: (320, 180),
            rotate,
            matches: vec![],
            if_missing: Default::default(),
            adopted: None,
        };
        let output = Output::headless(&mut gpu, &display, THEME.ground).expect("a texture of 320 × 180");
        Self { gpu, output, setter: Typesetter::new(false) }
    }

    /// Draws a frame; true when anything was presented.
    fn draw(&mut self, frame: &Frame) -> bool {
        let outputs = &mut [&mut self.output];
        let drawn = self.gpu.draw(outputs, frame, &mut self.setter, &mut |_| ())[0];
        assert_eq!(self.gpu.errors(), 0);
        drawn.presented
    }

    fn picture(&mut self) -> Bitmap {
        self.gpu.capture(&mut self.output, &mut self.setter, None).expect("pixels")
    }

    fn shot(&mut self, frame: &Frame) -> Bitmap {
        assert!(self.draw(frame));
        self.picture()
    }
}

fn wave() -> Arc<Path> {
    let points = (0..=60).map(|i| {
        let x = i as f32;
        Point::new(x, 10.0 + 6.0 * (x / 6.0).sin() + 2.0 * (x / 1.7).cos())
    });
    Arc::new(Path { outlines: vec![Outline { points: points.collect(), closed: false }] })
}

fn star_with_hole() -> Arc<Path> {
    let ring = |n: u32, turn: f32, radius: &dyn Fn(u32) -> f32| {
        let at = |i: u32| {
            let (sin, cos) = (turn * i as f32 / n as f32 * std::f32::consts::TAU).sin_cos();
            Point::new(radius(i) * sin, -radius(i) * cos)
        };
        Outline { points: (0..n).map(at).collect(), closed: true }
    };
    let star = ring(10, 1.0, &|i| if i.is_multiple_of(2) { 15.0 } else { 7.0 });
    let hole = ring(24, -1.0, &|_| 3.0);
    Arc::new(Path { outlines: vec![star, hole] })
}

fn heat(rect: Rect) -> Arc<Heat> {
    let bells = [(20.0, 25.0, 8.0, 9.0), (45.0, 30.0, 5.0, 6.0), (60.0, 50.0, 6.0, 3.0)];
    let bell = |&(x, y, sigma, height): &(f32, f32, f32, f32)| Bell {
        at: Point::new(rect.x + x, rect.y + y),
        sigma,
        height,
    };
    Arc::new(Heat {
        rect,
        bells: bells.iter().map(bell).collect(),
        full: 9.0,
        ramp: THEME.heat,
        floor: 0.05,
        contours: [0.25, 0.5, 0.75, 0.0],
        contour_color: THEME.ink.fade(0.7),
    })
}

/// Shapes, lines and text on the left, a heat field on the right.
fn frame(setter: &mut Typesetter) -> Frame {
    let mut left = List::default();
    left.rect(LEFT.inset(4.0), THEME.land);
    left.rect(Rect::new(8.0, 8.0, 30.0, 0.2), THEME.hairline);
    left.push(Item::Rect { rect: Rect::new(8.0, 12.0, 30.0, 8.0), radius: 4.0, color: THEME.topics[0] });
    left.push(Item::Rect { rect: Rect::new(42.0, 12.0, 12.0, 8.0), radius: 1.5, color: THEME.topics[1] });
    left.disc(Point::new(64.0, 16.0), 4.0, THEME.topics[2].fade(0.5));
    left.push(Item::Ring { center: Point::new(64.0, 16.0), radius: 7.0, width: 1.0, color: THEME.ink });
    left.push(Item::Fill { path: star_with_hole(), at: Point::new(24.0, 42.0), color: THEME.topics[3] });
    left.push(Item::Stroke { path: wave(), at: Point::new(10.0, 60.0), width: 1.0, color: THEME.positive });
    let number = setter.set(Setting::line("1,204", 16.0).cut(Cut::Display).tabular());
    left.text(number, Point::new(42.0, 46.0), THEME.ink);
    let words = setter.set(Setting::line("mentions in the last hour", 4.0).within(34.0, 2));
    left.text(words, Point::new(42.0, 53.0), THEME.soft);
    let mut right = List::default();
    right.push(Item::Heat(heat(RIGHT.inset(4.0))));
    let place = setter.set(Setting::line("Berlin 31", 5.0).cut(Cut::Semibold));
    right.text(place, Point::new(96.0, 20.0), THEME.ink);
    Frame { scene: 0, tiles: vec![tile(0, LEFT, left), tile(1, RIGHT, right)], crossing: false }
}

/// A frame, and the same with something moving in its left tile.
fn quiet_and_busy(setter: &mut Typesetter) -> (Frame, Frame) {
    let quiet = frame(setter);
    let mut busy = quiet.clone();
    let word = setter.set(Setting::line("moves", 12.0));
    busy.tiles[0].motion.disc(Point::new(40.3, 30.0), 20.0, THEME.alarm);
    busy.tiles[0].motion.text(word, Point::new(-10.0, 80.0), THEME.ink);
    (quiet, busy)
}

fn tile(index: usize, rect: Rect, still: List) -> TileFrame {
    let key = still.fingerprint();
    let still = Arc::new(still);
    TileFrame { id: (0, index), rect, key, still, motion: List::default(), before: 0.0, hidden: false }
}

/// Side of the square in which pixels that differ are counted: about the size of a small letter.
const SQUARE: usize = 8;
/// How many pixels of a square may differ between versions of the driver; a lost letter is more.
const STRAY: usize = 6;

/// How many pixels differ by more than 24 of 255 in the square where most do.
fn difference(a: &Bitmap, b: &Bitmap) -> usize {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let differs = |(p, q): (&[u8], &[u8])| p.iter().zip(q).any(|(x, y)| x.abs_diff(*y) > 24);
    let each: Vec<bool> = a.rgba.chunks(4).zip(b.rgba.chunks(4)).map(differs).collect();
    let (width, height) = (a.width as usize, a.height as usize);
    let square = |x: usize, y: usize| {
        let rows =
            (y..height.min(y + SQUARE)).map(|y| &each[y * width + x..y * width + width.min(x + SQUARE)]);
        rows.flatten().filter(|differs| **differs).count()
    };
    let corners =
        (0..height).step_by(SQUARE / 2).flat_map(|y| (0..width).step_by(SQUARE / 2).map(move |x| (x, y)));
    corners.map(|(x, y)| square(x, y)).max().unwrap_or(0)
}

fn compare(name: &str, picture: &Bitmap) {
    let file = FilePath::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.png"));
    let (w, h) = (picture.width, picture.height);
    if std::env::var_os("FISHBOWL_BLESS").is_some() {
        let kind = image::ExtendedColorType::Rgba8;
        image::save_buffer(&file, &picture.rgba, w, h, kind).expect("tests/golden is writable");
        return;
    }
    let golden = image::open(&file).expect("the golden picture is there").to_rgba8();
    let golden = Bitmap { width: golden.width(), height: golden.height(), rgba: golden.into_raw() };
    let differ = difference(picture, &golden);
    if differ > STRAY {
        let new = std::env::temp_dir().join(format!("fishbowl-{name}.png"));
        let saved = image::save_buffer(&new, &picture.rgba, w, h, image::ExtendedColorType::Rgba8);
        panic!("{differ} pixels of a small square differ; see {} ({saved:?})", new.display());
    }
}

#[test]
fn a_frame_looks_as_it_did() {
    let mut stage = Stage::new(Rotation::R0);
    let frame = frame(&mut stage.setter);
    let picture = stage.shot(&frame);
    compare("frame", &picture);
}

#[test]
fn a_lost_letter_is_noticed() {
    let mut stage = Stage::new(Rotation::R0);
    let frame = frame(&mut stage.setter);
    let whole = stage.shot(&frame);
    assert_eq!(difference(&whole, &whole), 0);
    for (tile, item) in [(0, 8), (0, 9), (1, 1)] {
        let mut still = List::clone(&frame.tiles[tile].still);
        let Item::Text { shaped, .. } = &mut still.items[item] else { panic!("it is text") };
        let mut setting = shaped.setting.clone();
        let last = setting.text.len() - 1;
        setting.text = setting.text[..last].into();
        *shaped = stage.setter.set(setting);
        let mut without = frame.clone();
        without.tiles[tile] = self::tile(tile, frame.tiles[tile].rect, still);
        let differ = difference(&stage.shot(&without), &whole);
        assert!(differ > STRAY, "only {differ} pixels differ without the last letter of a text");
    }
}

#[test]
fn the_atlas_grows_for_a_picture_while_another_is_not_drawn() {
    let mut stage = Stage::new(Rotation::R0);
    let one = |color: [u8; 4]| {
        let bitmap = Arc::new(Bitmap { width: 300, height: 160, rgba: color.repeat(300 * 160) });
        let mut list = List::default();
        list.text(image(&bitmap, Size { w: 150.0, h: 80.0 }), Point::new(5.0, 85.0), THEME.ink);
        let tiles = vec![self::tile(0, Rect::new(0.0, 0.0, 160.0, 90.0), list)];
        Frame { scene: 0, tiles, crossing: false }
    };
    let at = |picture: &Bitmap| picture.rgba[(90 * 320 + 160) * 4..][..4].to_vec();
    for round in 0..3 {
        for color in [[200, 0, 0, 255], [0, 200, 0, 255], [0, 0, 200, 255]] {
            assert_eq!(at(&stage.shot(&one(color))), color, "round {round}");
        }
    }
}

#[test]
fn two_renders_are_the_same_to_the_byte() {
    let shot = || {
        let mut stage = Stage::new(Rotation::R0);
        let frame = frame(&mut stage.setter);
        stage.shot(&frame)
    };
    assert_eq!(shot(), shot());
}

#[test]
fn a_repainted_tile_touches_no_pixel_outside_its_rectangle() {
    let mut stage = Stage::new(Rotation::R0);
    let mut frame = frame(&mut stage.setter);
    let before = stage.shot(&frame);
    let mut still = List::default();
    still.rect(Rect::new(40.0, 20.0, 200.0, 200.0), Rgba::hex(0xff0000));
    still.push(Item::Fill { path: star_with_hole(), at: Point::new(80.0, 45.0), color: THEME.ink });
    let wide = stage.setter.set(Setting::line("wider than its tile", 20.0));
    still.text(wide, Point::new(30.0, 80.0), THEME.ink);
    frame.tiles[0] = tile(0, LEFT, still);
    let after = stage.shot(&frame);
    for (i, (a, b)) in before.rgba.chunks(4).zip(after.rgba.chunks(4)).enumerate() {
        assert!(i % 320 < 160 || a == b, "pixel {},{}", i % 320, i / 320);
    }
    assert_eq!(after.rgba[4 * (50 * 320 + 150)..][..4], [255, 0, 0, 255]);
    assert_ne!(before.rgba[..4 * 320 * 100], after.rgba[..4 * 320 * 100]);
}

#[test]
fn what_moved_leaves_no_trace() {
    let mut stage = Stage::new(Rotation::R0);
    let (quiet, busy) = quiet_and_busy(&mut stage.setter);
    let before = stage.shot(&quiet);
    let during = stage.shot(&busy);
    assert_ne!(before, during);
    assert!(!stage.draw(&busy), "a frame that shows the same is not presented");
    assert_eq!(stage.shot(&quiet), before);
    assert!(!stage.draw(&quiet));
}

#[test]
fn a_crossing_shows_both_scenes_and_ends_in_the_new_one() {
    let mut stage = Stage::new(Rotation::R0);
    let old = frame(&mut stage.setter);
    let before = stage.shot(&old);
    let mut still = List::default();
    still.rect(LEFT, Rgba::hex(0x808080));
    let mut new = Frame { scene: 1, tiles: vec![tile(0, LEFT, still)], crossing: true };
    (new.tiles[0].id, new.tiles[0].before) = ((1, 0), 1.0);
    let first = stage.shot(&new);
    let left =
        |p: &Bitmap| p.rgba.chunks(4 * 320).flat_map(|row| row[..4 * 160].to_vec()).collect::<Vec<u8>>();
    assert!(left(&first) == left(&before), "at first the old scene still covers");
    new.tiles[0].before = 0.5;
    let half = stage.shot(&new);
    compare("crossing", &half);
    // Inside the pill: half its colour, half the new grey.
    let at = 4 * (32 * 320 + 40);
    let pill = THEME.topics[0].to_bytes();
    for (shown, pill) in half.rgba[at..].iter().zip(&pill[..3]) {
        let mean = (u16::from(*pill) + 0x80) / 2;
        assert!(shown.abs_diff(mean as u8) <= 2, "{:?}", &half.rgba[at..at + 4]);
    }
    new.crossing = false;
    new.tiles[0].before = 0.0;
    let end = stage.shot(&new);
    assert_eq!(end.rgba[at..at + 4], [0x80, 0x80, 0x80, 255]);
    assert_eq!(end.rgba[4 * 200..][..4], THEME.ground.to_bytes());
}

#[test]
fn a_turned_panel_is_fed_the_same_picture_turned() {
    let mut upright = Stage::new(Rotation::R0);
    let (quiet, busy) = quiet_and_busy(&mut upright.setter);
    let wanted = [upright.shot(&quiet), upright.shot(&busy), upright.shot(&quiet)];
    for rotate in [Rotation::R90, Rotation::R180, Rotation::R270] {
        let mut stage = Stage::new(rotate);
        let (quiet, busy) = quiet_and_busy(&mut stage.setter);
        for (frame, wanted) in [&quiet, &busy, &quiet].into_iter().zip(&wanted) {
            assert_eq!(stage.shot(frame), *wanted);
            let panel = stage.gpu.capture_panel(&stage.output).expect("pixels");
            assert_eq!(hung(&panel, rotate), *wanted, "{rotate:?}");
        }
    }
}

#[test]
fn text_that_walks_is_copied_to_the_pixel_as_it_would_be_drawn() {
    let mut stage = Stage::new(Rotation::R180);
    let mut frame = frame(&mut stage.setter);
    let mut still = List::default();
    still.rect(Rect::new(100.0, 30.0, 10.0, 10.0), THEME.land);
    frame.tiles[1] = tile(1, RIGHT, still);
    let word = stage.setter.set(Setting::line("walks gj", 12.0));
    let nine = stage.setter.set(Setting::line("9", 12.0).cut(Cut::Display).tabular());
    for step in 0..12 {
        let x = 140.0 - step as f32 * 5.0;
        let motion = &mut frame.tiles[1].motion;
        *motion = List::default();
        motion.text(word.clone(), Point::new(x, 20.0), THEME.ink);
        motion.text(word.clone(), Point::new(x, 38.0), THEME.quiet);
        motion.text(nine.clone(), Point::new(120.0, 70.0 - step as f32), THEME.ink);
        motion.text(nine.clone(), Point::new(130.0, 70.0), THEME.ink);
        motion.disc(Point::new(130.0, 78.0), 3.0, THEME.alarm);
        // A turned output is captured by drawing all text; its panel was fed by copying it.
        let drawn = stage.shot(&frame);
        let panel = stage.gpu.capture_panel(&stage.output).expect("pixels");
        assert!(hung(&panel, Rotation::R180) == drawn, "step {step}");
    }
}

/// What the room sees of a panel that is turned clockwise.
fn hung(panel: &Bitmap, rotate: Rotation) -> Bitmap {
    let (w, h) = (panel.width, panel.height);
    let (width, height) = if rotate.is_sideways() { (h, w) } else { (w, h) };
    let mut rgba = Vec::new();
    for v in 0..height {
        for u in 0..width {
            let (x, y) = match rotate {
                Rotation::R0 => (u, v),
                Rotation::R90 => (v, h - 1 - u),
                Rotation::R180 => (w - 1 - u, h - 1 - v),
                Rotation::R270 => (w - 1 - v, u),
            };
            rgba.extend_from_slice(&panel.rgba[4 * (y * w + x) as usize..][..4]);
        }
    }
    Bitmap { width, height, rgba }
}

#[test]
fn a_smaller_picture_keeps_its_proportions() {
    let mut stage = Stage::new(Rotation::R0);
    let frame = frame(&mut stage.setter);
    stage.draw(&frame);
    let small = stage.gpu.capture(&mut stage.output, &mut stage.setter, Some(160)).expect("pixels");
    assert_eq!((small.width, small.height, small.rgba.len()), (160, 90, 4 * 160 * 90));
    let same = stage.gpu.capture(&mut stage.output, &mut stage.setter, Some(4_000)).expect("pixels");
    assert_eq!(same.width, 320);
}

#[test]
fn a_lost_device_is_told_and_draws_nothing() {
    let mut stage = Stage::new(Rotation::R0);
    let frame = frame(&mut stage.setter);
    stage.draw(&frame);
    assert!(!stage.gpu.lost());
    stage.gpu.lose();
    assert!(stage.gpu.lost());
    let outputs = &mut [&mut stage.output];
    let drawn = stage.gpu.draw(outputs, &frame, &mut stage.setter, &mut |_| ());
    assert!(!drawn[0].presented);
    assert!(stage.gpu.capture(&mut stage.output, &mut stage.setter, None).is_err());
}
