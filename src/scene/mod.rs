//! The scene: a snapshot, a solved wall and the time become one display list for each tile.
//! Pure: no file, clock, thread or GPU in here.

mod badge;
mod band;
mod banner;
pub mod chrome;
mod crossing;
mod director;
pub mod ease;
#[cfg(test)]
mod fixture;
pub mod list;
pub mod widget;
pub mod widgets;
mod zone;

use std::sync::Arc;

use crate::clock::Time;
use crate::geometry::Rect;
pub use banner::{Banner, Tone};
pub use director::Director;
use list::List;

/// What people have asked of the wall.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Control {
    /// The scene that is shown, and since when: it crosses over from then on. `None`, like an index without a
    /// scene, follows the wall's rundown.
    pub scene: Option<(usize, Time)>,
    /// Stands in the wall's strips, where it has some.
    pub banner: Option<Banner>,
    /// A message of the machine (a layout file that is wrong), shown on the first display.
    pub notice: Option<Arc<str>>,
}

/// One moment of the wall.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Index of the scene that stands (or is coming in).
    pub scene: usize,
    pub tiles: Vec<TileFrame>,
    /// While a new scene crosses over the old one.
    pub crossing: bool,
}

/// One tile at one moment.
#[derive(Clone, Debug)]
pub struct TileFrame {
    /// Scene and tile, so that the same place in another scene is not mistaken for it.
    pub id: (usize, usize),
    pub rect: Rect,
    /// Changes exactly when `still` must be drawn again.
    pub key: u64,
    /// What stands still; drawn once and kept.
    pub still: Arc<List>,
    /// What moves; drawn above it in every frame. Everything stays inside `rect`.
    pub motion: List,
    /// Opacity of what stood here before (the picture kept from the scene before): 0 when the
    /// crossing is over.
    pub before: f32,
    /// `still` is not seen yet: what stood before, or the ground, covers it.
    pub hidden: bool,
}
