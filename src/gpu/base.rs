//! The lower part of a tile that stays the same while the heat field above it changes: a map of
//! ten thousand corners is drawn once, and from then on copied.

use std::hash::{Hash, Hasher};

use crate::paint::Area;
use crate::scene::list::{Item, List};

/// What is kept of one tile.
#[derive(Debug)]
pub struct Base {
    pub id: (usize, usize),
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
    /// Indices of those that are copied back in this frame.
    pub restored: Vec<usize>,
}

/// Where a list divides: what lies below its first heat field. 0 when that is not worth keeping.
pub fn division(list: &List) -> usize {
    let heat = list.items.iter().position(|item| matches!(item, Item::Heat(_))).unwrap_or(0);
    let heavy = |item: &Item| matches!(item, Item::Fill { .. } | Item::Stroke { .. });
    if list.items[..heat].iter().any(heavy) { heat } else { 0 }
}

impl Bases {
    /// True when the base of a tile is there; it will be copied back. False when it must be
    /// painted; it will be copied out then.
    pub fn restore(&mut self, id: (usize, usize), area: Area, items: &[Item]) -> bool {
        let print = print(items);
        let found = self.kept.iter().position(|base| base.id == id);
        if let Some(i) = found {
            let base = &self.kept[i];
            if !base.fresh && (base.area, base.print) == (area, print) {
                self.restored.push(i);
                return true;
            }
            self.kept.remove(i);
        }
        self.kept.push(Base { id, area, fresh: true, print, _items: items.to_vec() });
        false
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
