//! The lower part of a tile that stays the same while the heat field above it changes: a map of
//! ten thousand corners is drawn once, and from then on copied.

use std::hash::{Hash, Hasher};

use crate::paint::Area;
use crate::scene::list::{Item, List};

/// Indices of a scene and of a tile in it.
pub type TileId = (usize, usize);

/// What is kept of one tile.
#[derive(Debug)]
pub struct Base {
    pub id: TileId,
    pub area: Area,
    /// Copied out of the kept picture in this frame; not there before.
    pub fresh: bool,
    print: u64,
    /// Held, so that addresses in `print` stay their own.
    _items: Vec<Item>,
}

/// The bases of one display: at most one for each of its tiles.
#[derive(Debug, Default)]
pub struct Bases {
    pub kept: Vec<Base>,
    /// Those that are copied back in this frame, by index, and what part of them (in pixels of
    /// the display).
    pub restored: Vec<(usize, Area)>,
}

/// Where a list divides: what lies below its first heat field. 0 when that is not worth keeping.
pub fn division(list: &List) -> usize {
    let heat = list.items.iter().position(|item| matches!(item, Item::Heat(_))).unwrap_or(0);
    let heavy = |item: &Item| matches!(item, Item::Fill { .. } | Item::Stroke { .. });
    if list.items[..heat].iter().any(heavy) { heat } else { 0 }
}

impl Bases {
    /// The base of a tile, when it is there.
    pub fn find(&self, id: TileId, area: Area, items: &[Item]) -> Option<usize> {
        let (i, base) = self.kept.iter().enumerate().find(|(_, base)| base.id == id)?;
        (!base.fresh && (base.area, base.print) == (area, print(items))).then_some(i)
    }

    /// A base that is painted in this frame will be copied out.
    pub fn keep(&mut self, id: TileId, area: Area, items: &[Item]) {
        self.kept.retain(|base| base.id != id);
        self.kept.push(Base { id, area, fresh: true, print: print(items), _items: items.to_vec() });
    }

    /// Begins a frame.
    pub fn begin(&mut self) {
        self.restored.clear();
    }

    /// The frame was drawn: what was copied out is there.
    pub fn done(&mut self) {
        self.kept.iter_mut().for_each(|base| base.fresh = false);
    }
}

fn print(items: &[Item]) -> u64 {
    let mut state = rustc_hash::FxHasher::default();
    items.hash(&mut state);
    state.finish()
}
