//! The gallery: every kind of tile at five sizes in five states, dark and light, one sheet a form.
//!
//! ```sh
//! cargo run --release --example gallery -- target/gallery docs/gallery [FORM]
//! ```
//!
//! The first folder gets the sheets, the second small copies and a page that shows them. The kinds come
//! from the registry, so a new kind has a sheet without a line here.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::color::Theme;
use fishbowl::feed;
use fishbowl::gpu::{Gpu, Output};
use fishbowl::layout;
use fishbowl::layout::wall::Wall;

use fishbowl::pulse::snapshot::{Health, Snapshot};
use fishbowl::pulse::{PUBLISH_EVERY, Pulse};
use fishbowl::registry;
use fishbowl::scene::{Control, Director};
use fishbowl::text::Typesetter;
use image::{Rgba, RgbaImage, imageops};

mod forms;
mod page;

use forms::{Form, State, layout_of};

/// The simulated wall starts at this moment: 2026-06-16 14:05:00 UTC, a Tuesday afternoon.
const START: Time = Time::from_secs(1_781_618_700);
/// Between the states of a sheet, pixels.
const GAP: u32 = 24;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let sheets = args.next().unwrap_or_else(|| "target/gallery".into());
    let small = args.next();
    let only = args.next();
    std::fs::create_dir_all(&sheets)?;
    let mut forms = forms::all(&registry());
    let mut shots = Vec::new();
    for state in State::ALL {
        shots.push(Shot::of(state, &forms)?);
    }
    let busy = &shots[State::ALL.iter().position(|s| *s == State::Much).unwrap_or(0)];
    shots.push(busy.interrupted());
    forms.retain(|form| only.as_ref().is_none_or(|name| *name == form.name));
    let mut gpu = Gpu::headless()?;
    for form in &forms {
        for (name, theme) in [("dark", Theme::dark()), ("light", Theme::light())] {
            let sheet = sheet(&mut gpu, &shots, form, &theme)?;
            sheet.save(Path::new(&sheets).join(format!("{}-{name}.png", form.name)))?;
            if let Some(small) = small.as_ref().filter(|_| theme.dark) {
                page::save_small(Path::new(small), &form.name, &sheet)?;
            }
        }
        println!("{}", form.name);
    }
    if let (Some(small), None) = (&small, &only) {
        page::write(Path::new(small), &forms)?;
    }
    Ok(())
}

/// A wall with a scene for every form, and what it has heard.
struct Shot {
    wall: Wall,
    snapshot: Snapshot,
    at: Time,
}

impl Shot {
    fn of(state: State, forms: &[Form]) -> Result<Self, Box<dyn Error>> {
        let text = layout_of(state, forms);
        let loaded = layout::load_text(&text, Path::new("examples/gallery/gallery.toml"), &[], &registry());
        // What is too small for its place is shown as it would be drawn.
        let wall = layout::solve(&loaded.file, &[]);
        let (snapshot, at) = play(&wall, START + state.lasts())?;
        Ok(Self { wall, snapshot, at })
    }

    /// Ten minutes after its feed was lost.
    fn interrupted(&self) -> Self {
        let (wall, mut snapshot) = (self.wall.clone(), self.snapshot.clone());
        let at = self.at + Duration::from_secs(600);
        for feed in &mut snapshot.feeds {
            feed.health = Health::Down { since: self.at, why: "connection refused".into() };
        }
        snapshot.at = at;
        Self { wall, snapshot, at }
    }
}

/// Folds what the feeds tell until `at`.
fn play(wall: &Wall, at: Time) -> Result<(Snapshot, Time), Box<dyn Error>> {
    let mut feeds = feed::recorded(&wall.feeds, START)?;
    let mut pulse = Pulse::new(wall, START)?;
    let mut snapshot = Arc::new(Snapshot::default());
    let mut now = START;
    loop {
        feeds.until(now).for_each(|batch| pulse.fold(batch));
        snapshot = pulse.publish(now).unwrap_or(snapshot);
        if now >= at {
            return Ok((Snapshot::clone(&snapshot), now));
        }
        // A second at a time until shortly before the end, then as a live wall does.
        let fine = at.since(now) <= Duration::from_secs(2);
        now = (now + if fine { PUBLISH_EVERY } else { Duration::from_secs(1) }).min(at);
    }
}

/// All states of a form, one below the other.
fn sheet(gpu: &mut Gpu, shots: &[Shot], form: &Form, theme: &Theme) -> Result<RgbaImage, Box<dyn Error>> {
    let rows =
        shots.iter().map(|shot| draw(gpu, shot, form, theme)).collect::<Result<Vec<RgbaImage>, _>>()?;
    let width = rows.iter().map(RgbaImage::width).max().unwrap_or(0);
    let height: u32 = rows.iter().map(|row| row.height() + GAP).sum();
    let mut sheet = RgbaImage::from_pixel(width + 2 * GAP, height + GAP, Rgba([88, 92, 98, 255]));
    let mut y = GAP;
    for row in &rows {
        imageops::replace(&mut sheet, row, GAP.into(), y.into());
        y += row.height() + GAP;
    }
    Ok(sheet)
}

/// One state of a form: the displays where they hang.
fn draw(gpu: &mut Gpu, shot: &Shot, form: &Form, theme: &Theme) -> Result<RgbaImage, Box<dyn Error>> {
    let wall = Arc::new(Wall { theme: theme.clone(), ..shot.wall.clone() });
    let mut setter = Typesetter::new(true);
    let mut outputs = wall
        .displays
        .iter()
        .map(|display| Output::headless(gpu, display, theme.ground))
        .collect::<Result<Vec<_>, _>>()?;
    let scene = wall.scenes.iter().position(|scene| scene.name == form.name);
    let control = Control { scene: scene.map(|scene| (scene, shot.at)), ..Control::default() };
    let frame = Director::new(wall.clone()).frame(&shot.snapshot, &control, shot.at, &mut setter);
    gpu.draw(&mut outputs.iter_mut().collect::<Vec<_>>(), &frame, &mut setter, &mut |_| {});
    let bounds = wall.bounds();
    let mut row = RgbaImage::from_pixel(bounds.w as u32, bounds.h as u32, Rgba([88, 92, 98, 255]));
    for (display, output) in wall.displays.iter().zip(&mut outputs) {
        let picture = gpu.capture(output, &mut setter, None)?;
        let picture = RgbaImage::from_raw(picture.width, picture.height, picture.rgba).unwrap_or_default();
        imageops::replace(&mut row, &picture, display.rect.x as i64, display.rect.y as i64);
    }
    Ok(row)
}
