//! The scene: a snapshot, a solved wall and the time become one display list for each tile.
//! Pure: no file, clock, thread or GPU in here.

pub mod list;
pub mod widget;
pub mod widgets;

use std::sync::Arc;

use crate::geometry::Rect;
use list::List;

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
}
