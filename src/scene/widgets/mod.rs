//! The widgets, one file each. A kind is added by its file and one line below.

mod chart;
mod dashes;
pub mod figures;
#[cfg(test)]
mod fill;
#[cfg(test)]
mod fixture;
pub mod marks;
mod names;
mod phrases;
mod privacy;
mod readings;
mod roll;
mod rule;
pub mod span;

use crate::layout::kind::{TileEntry, TileSpec};
use crate::layout::wall::Wall;
use crate::scene::widget::{Widget, WidgetTable as _, entry, widget_of};

/// Declares each module with its kind's table.
macro_rules! kinds {
    ($($module:ident $table:ident),* $(,)?) => {
        $(mod $module; pub use $module::$table;)*

        /// The kinds of tiles that Fishbowl draws.
        pub const KINDS: &[TileEntry] = &[$(entry::<$table>()),*];
    };
}

kinds! {
    headline HeadlineTable,
    heatmap HeatmapTable,
    ticker TickerTable,
    counter CounterTable,
    trend TrendTable,
    share ShareTable,
    mentions MentionsTable,
    quote QuoteTable,
    words WordsTable,
    ranks RanksTable,
    sentiment SentimentTable,
    care CareTileTable,
    alerts AlertsTable,
    clock ClockTable,
    text TextTable,
    image ImageTable,
    qr QrTable,
}

pub use crate::metric::Metric;
pub use ranks::{By, RanksOf};
pub use share::Parts;
pub use text::{Across, Down, TextFit, TextSize};

/// The widget that a tile asks for.
pub fn make(spec: &TileSpec, wall: &Wall) -> Box<dyn Widget> {
    widget_of(spec, wall).unwrap_or_else(|| {
        let text = format!("nothing draws `{}`", spec.kind());
        TextTable { text, ..TextTable::default() }.widget(wall)
    })
}
