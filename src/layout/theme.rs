//! The colours of a layout.

use crate::color::{Palette, Rgba, Theme};
use crate::layout::schema::ThemeTable;
use crate::layout::value::{Base, Colour};

/// The theme's base with the colours that the layout replaces.
pub fn solve(table: &ThemeTable) -> Theme {
    let base = match table.base {
        Base::Dark => Theme::dark(),
        Base::Light => Theme::light(),
        Base::Event => Theme::event(),
    };
    let or = |colour: Option<Colour>, base: Rgba| colour.map_or(base, |c| c.0);
    let mut topics = base.topics;
    for (topic, colour) in topics.iter_mut().zip(&table.topics) {
        *topic = colour.0;
    }
    Theme {
        dark: base.dark,
        ground: or(table.ground, base.ground),
        ink: or(table.ink, base.ink),
        soft: or(table.soft, base.soft),
        quiet: or(table.quiet, base.quiet),
        hairline: or(table.hairline, base.hairline),
        land: or(table.land, base.land),
        coast: or(table.coast, base.coast),
        border: or(table.border, base.border),
        accent: or(table.accent, base.accent),
        topics,
        positive: or(table.positive, base.positive),
        negative: or(table.negative, base.negative),
        neutral: or(table.neutral, base.neutral),
        unknown: or(table.unknown, base.unknown),
        alarm: or(table.alarm, base.alarm),
        heat: table.heat.map_or(base.heat, |heat| heat.map(|c| c.0)),
        background: 0.0,
    }
}

/// The same above a background picture of these colours.
pub fn solve_on(table: &ThemeTable, picture: Option<&Palette>) -> Theme {
    let theme = solve(table);
    Theme { background: picture.map_or(0.0, |picture| theme.scrim(picture).share), ..theme }
}
