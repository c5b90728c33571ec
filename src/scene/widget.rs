//! What every widget is given and what it gives back, and how its kind is registered.

use std::any::Any;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::clock::Time;
use crate::color::{Rgba, Theme};
use crate::geometry::Rect;
use crate::layout::kind::{TileEntry, TileKind, TileSpec};
use crate::layout::legibility::Scale;
use crate::layout::wall::{Motion, Tile, Wall};
use crate::layout::window::Window;
use crate::pulse::snapshot::Snapshot;
use crate::scene::list::List;
use crate::text::Typesetter;

/// Everything that a widget can use.
pub struct Cx<'a> {
    pub wall: &'a Wall,
    /// The wall's theme, already dimmed if the tile is stale.
    pub theme: &'a Theme,
    pub scale: Scale,
    pub motion: Motion,
    pub snapshot: &'a Snapshot,
    pub now: Time,
    pub showing: Showing,
    pub tile: &'a Tile,
    /// The area that the widget can fill: the tile without its gutter, heading and badge line.
    pub area: Rect,
    /// The lit areas of the displays that the tile touches; text must not straddle their edges.
    pub lit: &'a [Rect],
    /// Index of its topic in the snapshot; `None` is all mentions.
    pub topic: Option<usize>,
    /// The topic's colour, or the accent.
    pub color: Rgba,
    pub setter: &'a mut Typesetter,
}

/// Which scene is shown, and which one it replaces while scenes change.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Showing {
    /// Index of the scene that is shown, or is appearing.
    pub scene: usize,
    /// The scene that is disappearing, while scenes change.
    pub from: Option<usize>,
    /// Progress of the change, 0 to 1; 1 if there is none.
    pub progress: f32,
}

/// A widget: a pure function of what it is given. `&mut self` is for caching, never for state that the
/// picture depends on.
pub trait Widget: Send {
    /// The heading if the layout does not give one; empty for none.
    fn heading(&self, wall: &Wall) -> String;

    /// Shorter forms of its own heading, longest first, for a tile in which that has no room. Here: its time
    /// window in fewer letters.
    fn short_headings(&self, wall: &Wall) -> Vec<String> {
        let heading = self.heading(wall);
        let window = Window::ALL.into_iter().find(|window| heading.ends_with(window.words()));
        let short = window.map(|window| heading.replace(window.words(), window.short_words()));
        short.into_iter().collect()
    }

    /// A heading for now that says more than `heading` (the layout's, or the widget's own). Called
    /// before `cx.area` is known; it is the whole tile.
    fn named(&mut self, _cx: &mut Cx<'_>, _heading: &str) -> Option<String> {
        None
    }

    /// False for a widget that fills its tile without a heading and a badge line (a ticker).
    fn framed(&self) -> bool {
        true
    }

    /// False for a widget that shows nothing from a feed (a clock, text from the layout): it has no age
    /// and no badge.
    fn fed(&self) -> bool {
        true
    }

    /// Captions for the tile's last line, to the left of the badge, longest first: the first that fits
    /// is shown. Empty for none. Called before `cx.area` is known; it is the whole tile.
    fn caption(&mut self, _cx: &mut Cx<'_>) -> Vec<String> {
        Vec::new()
    }

    /// Changes exactly when [`Widget::still`] would draw something different.
    fn key(&mut self, cx: &mut Cx<'_>) -> u64;

    /// Draws what does not move until the key changes.
    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List);

    /// Draws what moves, in every frame, on top of what does not; inside the tile. Positions that depend
    /// on the time must be computed from `cx.now`.
    fn motion(&mut self, _cx: &mut Cx<'_>, _list: &mut List) {}
}

/// The table of a kind of widget: its keys in a layout, what it needs, and how it becomes a widget.
pub trait WidgetTable: TileKind + DeserializeOwned + JsonSchema + PartialEq {
    /// The word for `kind` in a layout.
    const KIND: &'static str;

    /// The widget of a tile with this table.
    fn widget(&self, wall: &Wall) -> Box<dyn Widget>;
}

/// Registers the kind whose table is `T`.
pub const fn entry<T: WidgetTable>() -> TileEntry {
    TileEntry::of::<T>(T::KIND, &const { Maker(make::<T>) })
}

/// The widget of a tile; `None` for a kind that was registered without one.
pub fn widget_of(spec: &TileSpec, wall: &Wall) -> Option<Box<dyn Widget>> {
    let drawing: &dyn Any = spec.drawing();
    drawing.downcast_ref::<Maker>().and_then(|maker| maker.0(spec, wall))
}

/// What [`entry`] keeps in a registry.
struct Maker(fn(&TileSpec, &Wall) -> Option<Box<dyn Widget>>);

fn make<T: WidgetTable>(spec: &TileSpec, wall: &Wall) -> Option<Box<dyn Widget>> {
    spec.table::<T>().map(|table| table.widget(wall))
}

impl<T: WidgetTable> From<T> for TileSpec {
    fn from(table: T) -> Self {
        Self::new(entry::<T>(), table)
    }
}
