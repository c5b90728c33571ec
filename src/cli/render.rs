//! `fishbowl render`: the wall at one moment of a simulated clock, as PNG files.

use std::path::Path;
use std::sync::Arc;

use crate::clock::Time;
use crate::feed::kinds::DemoTable;
use crate::layout;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Snapshot;
use crate::scene::Control;

use super::args::RenderArgs;
use super::failure::Failure;
use super::wall_picture::{START, compose, draw, play, save};
use super::{output, run, sight};

/// Draws every display and the whole wall.
pub fn render(args: &RenderArgs) -> Result<(), Failure> {
    let file = run::layout(Some(&args.layout))?;
    let mut wall = layout::solve(&file, &[]);
    if let Some(seed) = args.seed {
        reseed(&mut wall, seed);
    }
    let control = Control { scene: pinned(&wall, args.scene.as_deref())?, ..Control::default() };
    std::fs::create_dir_all(&args.out).map_err(|e| format!("{}: {e}", args.out.display()))?;
    let (snapshot, at) = match &args.snapshot {
        Some(path) => load(path, &wall)?,
        None => (play(&wall, START + args.at)?, START + args.at),
    };
    if let Some(path) = &args.save_snapshot {
        let json = snapshot.to_json(&wall)?;
        std::fs::write(path, json).map_err(|e| format!("{}: {e}", path.display()))?;
    }
    let mut captures = draw(Arc::new(wall.clone()), &snapshot, &control, at)?;
    if let Some(vision) = args.vision {
        captures.iter_mut().for_each(|capture| sight::simulate(&mut capture.rgba, vision.into()));
    }
    for (display, capture) in wall.displays.iter().zip(&captures) {
        let path = args.out.join(format!("{}.png", file_name(&display.name)));
        save(&path, capture.width, capture.height, &capture.rgba)?;
    }
    let whole = compose(&wall, &captures);
    save(&args.out.join("wall.png"), whole.width(), whole.height(), whole.as_raw())?;
    if let Some(assumed) = layout::assumed(&file) {
        output::eprint(format_args!(
            "fishbowl: the layout defines no displays, so it is drawn for {assumed}\n"
        ));
    }
    let displays = output::plural(captures.len() as u64, "display");
    output::print(format_args!("{displays} and the wall written to {}\n", args.out.display()))
}

/// The numbers that a file holds, and the moment of which they are.
fn load(path: &Path, wall: &Wall) -> Result<(Arc<Snapshot>, Time), Failure> {
    let json = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
    let snapshot = Snapshot::from_json(&json, wall).map_err(|e| format!("{}: {e}", path.display()))?;
    let at = snapshot.at;
    Ok((Arc::new(snapshot), at))
}

/// A display's name without what a file's name may not hold (Windows' `\\.\DISPLAY1`).
fn file_name(display: &str) -> String {
    display.chars().map(|c| if c.is_alphanumeric() || "-_. ".contains(c) { c } else { '_' }).collect()
}

fn reseed(wall: &mut Wall, seed: u64) {
    for feed in &mut wall.feeds {
        if let Some(demo) = feed.spec.table::<DemoTable>() {
            feed.spec = DemoTable { seed, ..demo.clone() }.into();
        }
    }
}

/// The index of the scene that is asked for; the first without a wish.
fn pinned(wall: &Wall, name: Option<&str>) -> Result<Option<usize>, Failure> {
    let Some(name) = name else { return Ok(Some(0)) };
    match wall.scenes.iter().position(|s| s.name == name) {
        Some(index) => Ok(Some(index)),
        None => {
            let names: Vec<_> = wall.scenes.iter().map(|s| s.name.as_str()).collect();
            Err(format!("there is no scene `{name}`; the scenes are {}", names.join(", ")).into())
        }
    }
}
