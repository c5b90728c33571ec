//! Monitors that come, go and change at random: after every step each of them shows the picture of its
//! display, as `fishbowl render` draws it, and the wall says which displays it shows.
//!
//! The layout does not move, so a picture that is right is right at any time. The steps follow from a seed:
//! what failed once can be done again. `FISHBOWL_STEPS` is their number, `FISHBOWL_SEED` the seed.

use std::fs;
use std::time::{Duration, Instant};

use image::imageops::{crop_imm, thumbnail};

use crate::rig::headless::Mirror;
use crate::rig::photo::Photo;
use crate::rig::process::{Home, Running};
use crate::rig::sway::{self, Pluggable};
use crate::rig::{FISHBOWL, left_out, within};
use crate::{SOON, wait_for_wall};

const SIZE: (u32, u32) = (640, 360);
const DISPLAYS: [&str; 3] = ["a", "b", "c"];
const TURNS: [&str; 5] = ["normal", "90", "180", "270", "flipped"];
const SCALES: [&str; 4] = ["1", "1.25", "1.5", "2"];

/// Where each display has something bright: no two are alike, nor is any of them when it is turned.
const BRIGHT: [[&str; 3]; 3] = [["##.", ".#.", "..."], ["#.#", "..#", "..."], ["#..", "###", "#.."]];

/// How far a photograph may be from the picture, of 255: scaled edges are off by 2 or 3, another display,
/// an older picture or nothing by 25 and more.
const ALIKE: f64 = 12.0;

/// Random steps when nobody asks for more, and the seed of them.
const STEPS: u64 = 12;
const SEED: u64 = 11;

/// Three displays in the order of their monitors, full of blocks that stay where they are.
fn layout() -> String {
    let mut text = String::from("[wall]\nname = \"Steps\"\nviewer_m = 2.0\nmotion = \"still\"\n");
    for (order, name) in (1..).zip(DISPLAYS) {
        let (w, h) = SIZE;
        text += &format!(
            "[display.{name}]\nsize_mm = [{w}, {h}]\npixels = [{w}, {h}]\nmatch = [{{ order = {order} }}]\n"
        );
    }
    let tile = |display: &str, x: usize, y: usize| format!("{display}{x}{y}");
    let row = |display: usize, y: usize| {
        let cells = BRIGHT[display][y].chars().enumerate();
        let cells = cells.map(|(x, c)| if c == '#' { tile(DISPLAYS[display], x, y) } else { ".".into() });
        cells.collect::<Vec<_>>().join(" ")
    };
    let rows = [0, 1, 2].map(|y| [0, 1, 2].map(|display| row(display, y)).join(" | "));
    text += "[feed.demo]\nkind = \"demo\"\nrate_per_s = 1.0\nhistory = \"1m\"\n";
    text += &format!("[scene.main]\npicture = \"\"\"\n{}\n\"\"\"\n", rows.join("\n"));
    for name in rows.iter().flat_map(|row| row.split_whitespace()).filter(|word| !".|".contains(word)) {
        text += &format!("tile.{name} = {{ kind = \"text\", text = \"█\", fit = \"box\" }}\n");
    }
    text
}

/// The picture of every display, as it should be.
fn rendered(home: &Home, layout: &str) -> Vec<Photo> {
    let folder = home.path().join("rendered");
    let mut command = home.command(home.take(FISHBOWL.as_ref()));
    let mut render = home.start("render", command.args(["render", layout, "--out"]).arg(&folder));
    let status = within(SOON, "the pictures are rendered", || render.ended());
    assert!(status.success(), "{}", render.said());
    let read = |name: &str| fs::read(folder.join(format!("{name}.png"))).expect("it was rendered");
    DISPLAYS.iter().map(|name| Photo::decode(&read(name))).collect()
}

/// The same numbers from the same seed, well mixed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// A monitor that is plugged in.
#[derive(Clone)]
struct Monitor {
    name: String,
    /// Where its cable is, from 0; and where it stands on the desktop, the leftmost at 0.
    socket: usize,
    place: usize,
    turn: &'static str,
}

/// A wall whose monitors are changed, and what was done to them.
struct Changed {
    rig: Pluggable,
    fishbowl: Running,
    mirror: Mirror,
    pictures: Vec<Photo>,
    monitors: Vec<Monitor>,
    dice: Dice,
    done: Vec<String>,
}

impl Changed {
    fn start(seed: u64) -> Self {
        let rig = Pluggable::start(&[SIZE; 3]);
        let layout = rig.sway.home.write("wall.toml", &layout());
        let layout = layout.to_string_lossy();
        let pictures = rendered(&rig.sway.home, &layout);
        let args = ["run", &layout, "--journal", "off", "--mirror", "127.0.0.1:0"];
        let mut fishbowl = rig.sway.client("fishbowl", FISHBOWL.as_ref(), &args);
        let mirror = Mirror::of(&mut fishbowl);
        let monitor = |i| Monitor { name: rig.output(i + 1), socket: i, place: i, turn: "normal" };
        let monitors: Vec<Monitor> = (0..3).map(monitor).collect();
        let names: Vec<&str> = monitors.iter().map(|m| m.name.as_str()).collect();
        wait_for_wall(&rig.sway, &mut fishbowl, &names);
        Self { rig, fishbowl, mirror, pictures, monitors, dice: Dice(seed), done: Vec::new() }
    }

    fn order(&mut self, command: String) {
        self.rig.sway.order(&command);
        self.done.push(command);
    }

    fn unplug(&mut self) {
        let gone = self.monitors.remove(self.dice.below(self.monitors.len()));
        self.rig.unplug(&gone.name);
        self.done.push(format!("unplug {}", gone.name));
    }

    fn plug_in(&mut self) {
        let free = |taken: fn(&Monitor) -> usize| {
            (0..3).filter(|i| !self.monitors.iter().any(|m| taken(m) == *i)).collect::<Vec<_>>()
        };
        let (socket, places) = (free(|m| m.socket)[0], free(|m| m.place));
        let place = self.dice.one_of(&places);
        let name = self.rig.plug_in(socket);
        self.done.push(format!("plug in {name}"));
        self.monitors.push(Monitor { name, socket, place, turn: "normal" });
        self.stand(self.monitors.len() - 1);
    }

    /// Tells the compositor where a monitor stands.
    fn stand(&mut self, which: usize) {
        let Monitor { name, place, .. } = self.monitors[which].clone();
        self.order(format!("output {name} position {} 0", place as u32 * SIZE.0));
    }

    fn swap(&mut self) {
        let (a, b) = (0, self.monitors.len() - 1);
        let (first, last) = (self.monitors[a].place, self.monitors[b].place);
        (self.monitors[a].place, self.monitors[b].place) = (last, first);
        self.stand(a);
        self.stand(b);
    }

    fn turn(&mut self) {
        let (which, turn) = (self.dice.below(self.monitors.len()), self.dice.one_of(&TURNS));
        self.monitors[which].turn = turn;
        self.order(format!("output {} transform {turn}", self.monitors[which].name));
    }

    fn scale(&mut self) {
        let (which, scale) = (self.dice.below(self.monitors.len()), self.dice.one_of(&SCALES));
        self.order(format!("output {} scale {scale}", self.monitors[which].name));
    }

    /// Somebody looks at another workspace, where no window of the wall is.
    fn hide(&mut self) {
        let which = self.dice.below(self.monitors.len());
        self.order(format!("focus output {}", self.monitors[which].name));
        let workspace = 20 + self.done.len();
        self.order(format!("workspace {workspace}"));
    }

    /// Gone and there again before anybody looks.
    fn flick(&mut self) {
        // Only newer compositors switch off an output that has no screen; older ones change its cable.
        if self.rig.kind() != "HEADLESS" {
            self.unplug();
            return self.plug_in();
        }
        let name = self.monitors[self.dice.below(self.monitors.len())].name.clone();
        self.order(format!("output {name} disable"));
        self.order(format!("output {name} enable"));
    }

    /// One change, of those that are possible now.
    fn change(&mut self) {
        match (self.dice.below(9), self.monitors.len()) {
            (_, 0..=1) | (2, 2) => self.plug_in(),
            (0..=1, _) => self.unplug(),
            (3, _) => self.swap(),
            (4, _) => self.turn(),
            (5, _) => self.scale(),
            (6, _) => self.hide(),
            (7, _) => self.flick(),
            _ => {
                self.unplug();
                self.plug_in();
            }
        }
    }

    /// A change, or several at once.
    fn step(&mut self) {
        let at_once = self.dice.one_of(&[1, 1, 1, 2, 3]);
        (0..at_once).for_each(|_| self.change());
    }

    /// The monitors from the left: the first is that of the first display.
    fn in_order(&self) -> Vec<Monitor> {
        let mut monitors = self.monitors.clone();
        monitors.sort_by_key(|monitor| monitor.place);
        monitors
    }

    /// What is not as it should be now, in words.
    fn amiss(&self) -> Option<String> {
        let monitors = self.in_order();
        for (i, monitor) in monitors.iter().enumerate() {
            let photo = self.rig.sway.photograph(&monitor.name);
            let off = apart(&photo, &self.pictures[i], monitor.turn);
            if off > ALIKE {
                photo.keep(&format!("steps-{}", monitor.name));
                return Some(format!("{} shows `{}` {off:.0} of 255 off", monitor.name, DISPLAYS[i]));
            }
        }
        let wall = self.mirror.wall();
        let there = |i: usize| wall["displays"][i]["present"] == true;
        let lie = (0..3).find(|i| there(*i) != (*i < monitors.len()));
        lie.map(|i| format!("`{}` is said to be there: {}", DISPLAYS[i], there(i))).or_else(|| {
            let (status, _, words) = self.mirror.get("/health");
            (status != 200).then(|| format!("/health: {}", String::from_utf8_lossy(&words)))
        })
    }

    /// Waits until all is right for a while; gives how long it took to be so.
    fn settle(&mut self) -> Duration {
        let start = Instant::now();
        let mut right: Option<Duration> = None;
        loop {
            self.fishbowl.must_live();
            let asked = start.elapsed();
            match self.amiss() {
                // A window that is made anew a moment later would be black by now.
                None if right.is_some_and(|since| asked > since + Duration::from_millis(300)) => break,
                None => right = right.or(Some(asked)),
                Some(words) => {
                    assert!(asked < SOON, "{words}, {SOON:?} after the last of {:#?}", self.done);
                    right = None;
                }
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        right.unwrap_or_default()
    }

    /// Memory in KiB, open files and threads of the wall.
    fn usage(&self) -> [usize; 3] {
        let process = format!("/proc/{}", self.fishbowl.pid());
        let status = fs::read_to_string(format!("{process}/status")).unwrap_or_default();
        let number = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_default();
            line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
        };
        let files = fs::read_dir(format!("{process}/fd")).map_or(0, Iterator::count);
        [number("VmRSS:"), files, number("Threads:")]
    }
}

/// The part of a monitor of `w` by `h` pixels that a display's picture fills, its proportions kept.
fn filled((w, h): (u32, u32)) -> (u32, u32, u32, u32) {
    let (tall, wide) = (w * SIZE.1 / SIZE.0, h * SIZE.0 / SIZE.1);
    // Rounded sizes of scaled monitors are no other proportions.
    if tall.abs_diff(h) <= 3 {
        (0, 0, w, h)
    } else if tall < h {
        (0, (h - tall) / 2, w, tall)
    } else {
        ((w - wide) / 2, 0, wide, h)
    }
}

/// How far a photograph is from what it should show, 0 to 255: both made so small that neither scaled
/// edges nor rounded places count.
fn apart(photo: &Photo, picture: &Photo, turn: &str) -> f64 {
    let (w, h) = photo.size();
    let sideways = matches!(turn, "90" | "270");
    if sideways != (h > w) {
        // The compositor has not turned it yet.
        return 255.0;
    }
    let (x, y, width, height) = filled((w, h));
    let part = crop_imm(&photo.0, x, y, width, height).to_image();
    let (is, should) = (thumbnail(&part, 64, 36), thumbnail(&picture.0, 64, 36));
    let off: u64 = is.iter().zip(should.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    off as f64 / is.len() as f64
}

fn asked(variable: &str, otherwise: u64) -> u64 {
    let value = std::env::var(variable).ok();
    value.map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{variable} is a number")))
}

#[test]
fn every_display_is_right_again_after_every_step() {
    if left_out(sway::LEAVE_OUT) {
        return;
    }
    let (steps, seed) = (asked("FISHBOWL_STEPS", STEPS), asked("FISHBOWL_SEED", SEED));
    let mut wall = Changed::start(seed);
    wall.settle();
    let mut took = Vec::new();
    let mut first = None;
    for step in 1..=steps {
        wall.done.push(format!("step {step} of seed {seed}"));
        wall.step();
        took.push(wall.settle());
        // Windows and their surfaces have been made anew by then.
        if step == steps / 2 {
            first = Some(wall.usage());
        }
    }
    took.sort();
    let (usage, longest) = (wall.usage(), took.last().copied().unwrap_or_default());
    println!("{steps} steps, right after {:?}, at most {longest:?}", took.get(took.len() / 2));
    println!("KiB, files, threads: {first:?}, at the end {usage:?}");
    if let Some([memory, files, threads]) = first {
        // A display more or less has a few of each.
        assert!(usage[1] <= files + 16 && usage[2] <= threads + 4, "{:?} became {usage:?}", [files, threads]);
        assert!(usage[0] <= memory + 100 * 1024, "{memory} KiB became {} KiB", usage[0]);
    }
    assert!(wall.fishbowl.terminate().success());
}
