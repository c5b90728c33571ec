//! Small copies of the sheets, and the page that shows them.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use image::{Rgba, RgbaImage, imageops};

use crate::forms::{Form, State};

/// Width of a small copy, pixels.
const WIDTH: u32 = 520;
/// Colours of a small copy: the most frequent.
const COLOURS: usize = 64;

/// Writes a small copy of a sheet.
pub fn save_small(folder: &Path, name: &str, sheet: &RgbaImage) -> Result<(), Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let height = sheet.height() * WIDTH / sheet.width();
    let small = imageops::resize(sheet, WIDTH, height, imageops::FilterType::CatmullRom);
    let palette = palette(&small);
    let indices: Vec<u8> = small.pixels().map(|pixel| nearest(&palette, rgb(pixel))).collect();
    let file = BufWriter::new(File::create(folder.join(format!("{name}.png")))?);
    let mut encoder = png::Encoder::new(file, WIDTH, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_palette(palette.concat());
    encoder.set_compression(png::Compression::High);
    Ok(encoder.write_header()?.write_image_data(&indices)?)
}

fn rgb(pixel: &Rgba<u8>) -> [u8; 3] {
    [pixel.0[0], pixel.0[1], pixel.0[2]]
}

/// The most frequent colours, of those that look alike one.
fn palette(image: &RgbaImage) -> Vec<[u8; 3]> {
    let mut counts: BTreeMap<[u8; 3], (usize, [u8; 3])> = BTreeMap::new();
    for pixel in image.pixels() {
        counts.entry(rgb(pixel).map(|part| part / 12)).or_insert((0, rgb(pixel))).0 += 1;
    }
    let mut all: Vec<(usize, [u8; 3])> = counts.into_values().collect();
    all.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    all.into_iter().take(COLOURS).map(|(_, colour)| colour).collect()
}

fn nearest(palette: &[[u8; 3]], colour: [u8; 3]) -> u8 {
    let far =
        |other: &[u8; 3]| -> u32 { (0..3).map(|i| u32::from(other[i].abs_diff(colour[i])).pow(2)).sum() };
    (0..palette.len()).min_by_key(|i| far(&palette[*i])).unwrap_or(0) as u8
}

/// Writes the page.
pub fn write(folder: &Path, forms: &[Form]) -> Result<(), Box<dyn Error>> {
    let mut page = String::from(
        "# Gallery\n\nEvery kind of tile at five sizes, drawn by `make gallery` from simulated mentions. \
         The rows of a sheet, from the top:\n\n",
    );
    for state in State::ALL {
        let _ = writeln!(page, "- {}", state.words());
    }
    page.push_str("- ten minutes after the feed was lost\n\nThe full sheets, dark and light, are in `target/gallery`.\n");
    for form in forms {
        let name = &form.name;
        let _ = writeln!(page, "\n## {name}\n\n![{name}]({name}.png)");
    }
    Ok(std::fs::write(folder.join("README.md"), page)?)
}
