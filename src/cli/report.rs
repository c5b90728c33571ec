//! `fishbowl check --report`: one page with the wall to scale, the figures of every tile, and the
//! wall as people see it who lack a kind of cone.

mod figures;
mod page;

use std::path::{Path, PathBuf};
use std::time::Duration;

use image::RgbaImage;
use page::Shown;

use super::failure::Failure;
use super::{output, sight, wall_picture};
use crate::color::Vision;
use crate::feed::kinds::DemoTable;
use crate::layout::wall::Wall;
use crate::layout::{self, Loaded};
use crate::mention::source::Nature;

/// The moment that is shown, counted from the start of the wall.
const AT: Duration = Duration::from_secs(30);
/// Width of a picture, pixels.
const WIDTH: u32 = 2_000;

/// Writes the page of a layout without errors into `folder`.
pub fn write(loaded: &Loaded, folder: &Path) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| Failure::from(format!("{path}: {error}"))
    };
    std::fs::create_dir_all(folder).map_err(failed(folder))?;
    let wall = simulated(layout::solve(&loaded.file, &[]));
    let name = name(&loaded.report.file);
    let shown = match wall_picture::scenes(&wall, AT) {
        Ok(pictures) => saved(&wall, &pictures, folder, &name)?,
        Err(error) => {
            output::eprint(format_args!("fishbowl: the report has no pictures: {error}\n"));
            (0..wall.scenes.len()).map(|scene| Shown { scene, pictures: vec![] }).collect()
        }
    };
    let path = folder.join(format!("{name}.html"));
    let page = page::page(&wall, &loaded.report, &shown, wall_picture::margin(&wall));
    std::fs::write(&path, page).map_err(failed(&path))?;
    output::eprint(format_args!("{}: report written to {}\n", loaded.report.file, path.display()));
    Ok(())
}

/// A wall that needs no network: live feeds of mentions become simulated ones.
fn simulated(mut wall: Wall) -> Wall {
    for feed in wall.feeds.iter_mut().filter(|feed| feed.spec.nature() == Nature::Live) {
        feed.spec = DemoTable::default().into();
    }
    wall
}

/// The layout's file without folders and ending, as a name of files.
fn name(file: &str) -> String {
    let stem = PathBuf::from(file).file_stem().map(|stem| stem.to_string_lossy().into_owned());
    stem.map_or_else(|| "layout".into(), |stem| safe(&stem))
}

fn safe(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || "-_".contains(c) { c } else { '_' }).collect()
}

/// Saves each scene in each sight.
fn saved(wall: &Wall, pictures: &[RgbaImage], folder: &Path, name: &str) -> Result<Vec<Shown>, Failure> {
    let mut shown = Vec::new();
    for (scene, picture) in pictures.iter().enumerate() {
        let high = (picture.height() * WIDTH / picture.width().max(1)).max(1);
        let small = image::imageops::resize(picture, WIDTH, high, image::imageops::FilterType::Triangle);
        let mut of_scene = Vec::new();
        for vision in Vision::ALL {
            let sight = vision.words().replace(' ', "-");
            let file = format!("{name}-{}-{sight}.png", safe(&wall.scenes[scene].name));
            let mut seen = small.clone();
            sight::simulate(&mut seen, vision);
            wall_picture::save(&folder.join(&file), seen.width(), seen.height(), seen.as_raw())?;
            of_scene.push((vision, file));
        }
        shown.push(Shown { scene, pictures: of_scene });
    }
    Ok(shown)
}
