//! The files that a layout names and whose content is part of what the wall shows: typeface, logo, background,
//! pictures, words that are never shown. One that changes is read again, as the layout itself is.

use std::path::PathBuf;

use crate::layout::LayoutFile;

use super::stamp::{Stamp, stamp};

/// A file that the layout names and that changes what is shown.
pub struct Beside {
    path: PathBuf,
    /// As it was when it was read, and at the last look.
    read: Option<Stamp>,
    before: Option<Stamp>,
}

impl Beside {
    fn new(path: PathBuf) -> Self {
        let now = stamp(&path);
        Self { path, read: now, before: now }
    }

    /// Whether it is another one than was read, and rests: a large picture is copied in many steps.
    pub fn has_moved(&mut self) -> bool {
        let now = stamp(&self.path);
        let rests = std::mem::replace(&mut self.before, now) == now;
        rests && std::mem::replace(&mut self.read, now) != now
    }
}

/// The files whose content is part of a layout.
pub fn beside(file: &LayoutFile) -> Vec<Beside> {
    let words = file.gate.as_ref().and_then(|gate| gate.block_file.as_deref());
    let theme = &file.theme;
    let brand = theme.fonts.iter().chain(&theme.logo).chain(&theme.background).map(PathBuf::as_path);
    let tiles = file.scene.iter().flat_map(|(_, scene)| scene.tile.iter());
    let images = tiles.filter_map(|(_, tile)| tile.widget.image());
    let mut paths: Vec<PathBuf> =
        words.into_iter().chain(brand).chain(images).map(|path| file.dir.join(path)).collect();
    paths.sort_unstable();
    paths.dedup();
    paths.into_iter().map(Beside::new).collect()
}
