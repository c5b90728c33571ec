//! `fishbowl render`: the wall at one moment of a simulated clock, as PNG files.

use std::path::Path;
use std::sync::Arc;

use crate::clock::Time;
use crate::control::alarm;
use crate::feed::kinds::DemoTable;
use crate::layout;
use crate::layout::rundown::Rundown;
use crate::layout::wall::Wall;
use crate::pulse::snapshot::Snapshot;
use crate::scene::Control;

use super::args::RenderArgs;
use super::failure::Failure;
use super::wall_picture::{START, compose, draw, play, save};
use super::{output, run, schedule, sight};

/// Draws every display and the whole wall.
pub fn render(args: &RenderArgs) -> Result<(), Failure> {
    let file = run::layout(Some(&args.layout))?;
    let mut wall = layout::solve(&file, &[]);
    if let Some(seed) = args.seed {
        reseed(&mut wall, seed);
    }
    let on = args.on.as_deref().map(|on| schedule::at(on, &wall)).transpose()?;
    let (mode, scene) = chosen(args, &wall, on)?;
    let wall = wall.in_mode(mode).into_owned();
    std::fs::create_dir_all(&args.out).map_err(|e| format!("{}: {e}", args.out.display()))?;
    let at = on.unwrap_or(START + args.at);
    let (snapshot, at) = match &args.snapshot {
        Some(path) => load(path, &wall)?,
        None => (play(&wall, at - args.at, at)?, at),
    };
    let told = wall.scenes.get(scene).and_then(|scene| alarm::told(scene, &snapshot.alerts));
    let wall = wall.in_alert(told.and_then(|alert| alert.topic).map(usize::from)).into_owned();
    let control = Control { scene: Some((scene, at)), ..Control::default() };
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
    let scene = wall.scenes.get(scene).map(|scene| format!(", scene `{}`", scene.name)).unwrap_or_default();
    let mode = mode.map(|mode| format!(" in mode `{}`", wall.modes[mode].name)).unwrap_or_default();
    output::print(format_args!("{displays} and the wall written to {}{scene}{mode}\n", args.out.display()))
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

/// The mode and the scene that are asked for, as indices; what is not asked for is as the rundown has it at the
/// moment `on`, or the first.
fn chosen(args: &RenderArgs, wall: &Wall, on: Option<Time>) -> Result<(Option<usize>, usize), Failure> {
    let rundown = Rundown::of(wall);
    let mode = match &args.mode {
        Some(name) => Some(named("mode", name, wall.modes.iter().map(|mode| &*mode.name))?),
        None => None,
    };
    let turn = rundown.turn(mode, on.unwrap_or_default());
    let scene = match &args.scene {
        Some(name) => Some(named("scene", name, wall.scenes.iter().map(|scene| &*scene.name))?),
        None => on.map(|_| turn.scene),
    };
    // The first mode that has the scene; the first scene that the mode has.
    let has = |mode: &usize| scene.is_none_or(|scene| rundown.takes_turns(scene, Some(*mode)));
    let mode = mode.or_else(|| (0..wall.modes.len()).find(has)).or((!wall.modes.is_empty()).then_some(0));
    let first = || (0..wall.scenes.len()).find(|scene| rundown.takes_turns(*scene, mode)).unwrap_or(0);
    let scene = scene.unwrap_or_else(first);
    Ok((if on.is_some() { turn.mode } else { mode }, scene))
}

/// The index of a name.
fn named<'a>(what: &str, name: &str, names: impl Iterator<Item = &'a str> + Clone) -> Result<usize, Failure> {
    names.clone().position(|known| known == name).ok_or_else(|| match names.collect::<Vec<_>>() {
        names if names.is_empty() => format!("the layout has no {what}s").into(),
        names => format!("there is no {what} `{name}`; the {what}s are {}", names.join(", ")).into(),
    })
}
