//! What months of strangers' words do to the text of a wall: random strings in eight sizes, in all scripts
//! and with emoji. Nothing is lost, memory stays where it is, and afterwards a known picture is to the pixel
//! what a fresh process draws. Needs a Vulkan driver (Debian: mesa-vulkan-drivers).
//!
//! `FISHBOWL_GLYPHS=full` sends a million strings.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use fishbowl::bitmap::Bitmap;
use fishbowl::color::Rgba;
use fishbowl::geometry::{Point, Rect};
use fishbowl::gpu::{Gpu, Output};
use fishbowl::kiosk::usage::resident_mb;
use fishbowl::layout::wall::Display;
use fishbowl::scene::list::List;
use fishbowl::scene::{Frame, TileFrame};
use fishbowl::text::{Setting, Typesetter};
use fishbowl::typeface::Typeface;

/// Type sizes, millimetres, of which each is a pixel.
const SIZES: [f32; 8] = [9.0, 11.0, 13.0, 16.0, 21.0, 28.0, 40.0, 72.0];
const WHOLE: Rect = Rect::new(0.0, 0.0, 640.0, 360.0);
/// Strings in one picture.
const AT_ONCE: usize = 40;
/// Strings in all: as many as end within a minute, or all that were promised.
const STRINGS: (usize, usize) = (20_000, 1_000_000);
/// Times that memory is looked at.
const LOOKS: usize = 50;
/// Bytes that textures may take beyond what they took in the first tenth: a letter that comes late can make the atlas
/// grow once, to 1,024 texels a side for letters and for pictures.
const CEILING: u64 = 5 << 20;
const INK: Rgba = Rgba::hex(0x00ff_ffff);

const EMOJI: [&str; 24] = [
    "😀",
    "🔥",
    "❤️",
    "👍🏽",
    "🇩🇪",
    "🇯🇵",
    "👩🏽‍🚀",
    "🧑‍🤝‍🧑",
    "🏳️‍🌈",
    "☀️",
    "⭐",
    "✅",
    "🎉",
    "🐟",
    "🍣",
    "🚲",
    "⚡",
    "🌍",
    "📱",
    "🔋",
    "👀",
    "🙏🏿",
    "1️⃣",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
];
/// First and last letters of scripts, and how often each is chosen.
const SCRIPTS: [(u32, u32, u32); 10] = [
    ('!' as u32, '~' as u32, 30),
    ('À' as u32, 'ž' as u32, 6),
    ('А' as u32, 'я' as u32, 6),
    ('α' as u32, 'ω' as u32, 3),
    ('ا' as u32, 'ي' as u32, 5),
    ('अ' as u32, 'ह' as u32, 5),
    ('ก' as u32, 'ฮ' as u32, 5),
    ('ぁ' as u32, 'ヶ' as u32, 10),
    ('一' as u32, '鿋' as u32, 40),
    ('가' as u32, '힣' as u32, 20),
];

/// Numbers that are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) % u64::from(end)) as u32
    }

    fn letter(&mut self) -> char {
        let mut chosen = self.below(SCRIPTS.iter().map(|(.., often)| often).sum());
        let script = SCRIPTS.iter().find(|(.., often)| match chosen.checked_sub(*often) {
            Some(left) => {
                chosen = left;
                false
            }
            None => true,
        });
        let (first, last, _) = script.expect("the parts are of the whole");
        char::from_u32(first + self.below(last - first + 1)).unwrap_or('?')
    }

    fn string(&mut self) -> String {
        let length = 2 + self.below(7);
        let mut said = String::new();
        for _ in 0..length {
            match self.below(12) {
                0 => said += EMOJI[self.below(EMOJI.len() as u32) as usize],
                1 => said.push(' '),
                _ => said.push(self.letter()),
            }
        }
        said
    }
}

/// Words, their size, and the left end of their baseline.
type Line = (String, f32, Point);

/// A display that shows words.
struct Shown {
    gpu: Gpu,
    output: Output,
    setter: Typesetter,
    frames: u64,
}

impl Shown {
    fn new() -> Self {
        let mut gpu = Gpu::software().expect("a Vulkan software driver (mesa-vulkan-drivers)");
        let display = Display {
            name: "a".into(),
            rect: WHOLE,
            pixels: (WHOLE.w as u32, WHOLE.h as u32),
            rotate: Default::default(),
            matches: vec![],
            if_missing: Default::default(),
            adopted: None,
        };
        let output = Output::headless(&mut gpu, &display, Rgba::hex(0)).expect("a small texture");
        Self { gpu, output, setter: Typesetter::new(true), frames: 0 }
    }

    fn tile(&mut self, place: usize, rect: Rect, key: u64, lines: &[Line]) -> TileFrame {
        let mut list = List::default();
        for (words, size, at) in lines {
            list.text(self.setter.set(Setting::line(words.as_str(), *size)), *at, INK);
        }
        let (still, motion) = (Arc::new(list), List::default());
        TileFrame { id: (0, place), rect, key, still, motion, before: 0.0, hidden: false }
    }

    fn draw(&mut self, tiles: Vec<TileFrame>) {
        let frame = Frame { scene: 0, tiles, crossing: false };
        self.gpu.draw(&mut [&mut self.output], &frame, &mut self.setter, &mut |_| ());
        assert_eq!(self.gpu.errors(), 0);
    }

    /// Shows lines on the whole display.
    fn show(&mut self, lines: &[Line]) {
        self.frames += 1;
        let tile = self.tile(0, WHOLE, self.frames, lines);
        self.draw(vec![tile]);
    }

    fn panel(&mut self) -> Bitmap {
        self.gpu.capture_panel(&self.output).expect("pixels")
    }

    /// A picture with a line of every size and script.
    fn known(&mut self) -> Bitmap {
        self.show(&known());
        self.panel()
    }

    fn textures(&self) -> u64 {
        self.gpu.allocated().unwrap_or_default()
    }
}

fn known() -> Vec<Line> {
    let words = "Grüße 你好，世界 こんにちは 안녕 Привет नमस्ते สวัสดี مرحبا 🔥❤️👩🏽‍🚀";
    let below = SIZES.iter().scan(0.0, |y, size| {
        *y += size * 1.3;
        Some(*y)
    });
    below.zip(SIZES).map(|(y, size)| (words.to_owned(), size, Point::new(4.3, y))).collect()
}

/// Pixels that are not dark.
fn inked(picture: &Bitmap) -> usize {
    picture.rgba.chunks(4).filter(|pixel| pixel[..3].iter().any(|v| *v > 60)).count()
}

#[test]
fn random_strings_in_eight_sizes_lose_nothing_and_leave_nothing_behind() {
    let full = std::env::var_os("FISHBOWL_GLYPHS").is_some_and(|size| size == "full");
    let frames = if full { STRINGS.1 } else { STRINGS.0 } / AT_ONCE;
    let (mut shown, mut dice) = (Shown::new(), Dice(0x2545_f491_4f6c_dd1d));
    let (known, began) = (shown.known(), Instant::now());
    let (mut inks, mut textures) = (Vec::new(), Vec::new());
    for frame in 1..=frames {
        let line = |i: usize| {
            let size = SIZES[(frame + i) % SIZES.len()];
            let at = Point::new(dice.below(600) as f32, size + dice.below(330) as f32);
            (dice.string(), size, at)
        };
        let lines: Vec<Line> = (0..AT_ONCE).map(line).collect();
        shown.show(&lines);
        if frame % (frames / LOOKS) == 0 {
            inks.push(inked(&shown.panel()));
            textures.push(shown.textures());
            if full {
                let (secs, mb) = (began.elapsed().as_secs(), resident_mb().unwrap_or_default());
                println!(
                    "{:>9} strings, {secs} s: textures {} KiB, resident {mb:.1} MB",
                    frame * AT_ONCE,
                    textures[textures.len() - 1] >> 10
                );
            }
        }
    }
    // Words cover at least so much of every picture: in the last no less than in the first.
    let least = inks.iter().min().expect("there were pictures");
    assert!(*least > 15_000, "{inks:?}");
    let (early, late) = textures.split_at(LOOKS / 10);
    let most = early.iter().max().expect("there were pictures") + CEILING;
    assert!(late.iter().all(|bytes| *bytes <= most), "{textures:?}");
    assert!(shown.known() == known, "a known picture is another one than before");
    assert!(Shown::new().known() == known, "a known picture is another one than that of a fresh process");
}

#[test]
fn what_was_left_out_because_too_much_stood_in_one_frame_is_shown_when_there_is_room() {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜÅÉÑÇabcdefghkmnopqrstuvwxyzäöüåéñç0123456789@&%#§€";
    let mut shown = Shown::new();
    let (above, below) = (Rect { h: 180.0, ..WHOLE }, Rect { y: 180.0, h: 180.0, ..WHOLE });
    let words = [("stays 你好 🔥".to_owned(), 40.0, Point::new(10.0, 60.0))];
    let small = [("small".to_owned(), 40.0, Point::new(10.0, 300.0))];
    let giant = [(LETTERS.to_owned(), 1_990.0, Point::new(0.0, 350.0))];
    let frame = |shown: &mut Shown, key: u64, lines: &[Line]| {
        let tiles = [shown.tile(0, above, 1, &words), shown.tile(1, below, key, lines)];
        shown.draw(tiles.into());
        inked(&shown.panel())
    };
    let empty = frame(&mut shown, 1, &giant);
    assert_eq!(empty, 0, "so many letters of 1,990 pixels fit into no atlas");
    // What fails is not tried in every frame.
    let inks: Vec<usize> = (0..64).map(|_| frame(&mut shown, 2, &small)).collect();
    assert!(inks[63] > 2_000, "{inks:?}");
    let picture = shown.panel();
    let mut fresh = Shown::new();
    frame(&mut fresh, 2, &small);
    assert!(fresh.panel() == picture);
}

/// A font whose family has another name, of the same length.
fn with_name(font: &[u8]) -> Vec<u8> {
    let mut font = font.to_vec();
    let utf_16 = |name: &str| name.bytes().flat_map(|byte| [0, byte]).collect::<Vec<u8>>();
    let (old, new) = (utf_16("Inter"), utf_16("Intox"));
    for at in 0..font.len() - old.len() {
        if font[at..].starts_with(&old) {
            font[at..at + old.len()].copy_from_slice(&new);
        }
    }
    font
}

#[test]
fn typefaces_that_come_and_go_leave_nothing_behind() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fonts/Inter-SemiBold.otf");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let renamed = folder.path().join("house.otf");
    std::fs::write(&renamed, with_name(&std::fs::read(file).expect("it is there")))
        .expect("it can be written");
    let typeface = Typeface::read([renamed.as_path()]).expect("a font").expect("one");
    assert_eq!(typeface.family, "Intox");
    let mut shown = Shown::new();
    let known = shown.known();
    let mut worn = Vec::new();
    for turn in 0..6_u8 {
        // Each time read anew, as from a changed file.
        let files = typeface.files.iter().map(|file| Arc::new([&file[..], &[turn]].concat()));
        let typeface = Arc::new(Typeface { files: files.collect(), ..typeface.clone() });
        shown.setter.wear(Some(&typeface));
        worn.push((Arc::downgrade(&typeface.files[0]), shown.known()));
        // The atlas grows while it holds letters of what is worn no more.
        let large = [("aâáàäãåæbcdefgh".to_owned(), 300.0, Point::new(0.0, 300.0))];
        shown.show(&large);
        shown.setter.wear(None);
        assert!(shown.known() == known, "the bundled letters are others after {turn} turns");
        shown.show(&large);
    }
    drop(typeface);
    assert!(worn.iter().all(|(_, picture)| *picture == worn[0].1 && *picture != known));
    assert_eq!(worn.iter().filter(|(file, _)| file.strong_count() > 0).count(), 0, "files are still held");
}
