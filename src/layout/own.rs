//! Which feeds a tile speaks of: those that can bring what it shows.

use crate::layout::kind::{Quotes, TileKind};
use crate::layout::wall::Wall;
use crate::layout::window::Window;

/// The feeds that can bring what a tile shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    /// For each feed of the wall whether it is one.
    feeds: Vec<bool>,
    /// How many times as fast as it happened its fastest recording tells, per cent.
    pub speed_percent: u32,
    /// It shows something of mentions, not only plain numbers.
    pub mentions: bool,
    /// It shows what people write.
    pub texts: bool,
    /// The time that it tells of; a day where it is a list.
    pub window: Window,
}

impl Own {
    pub fn of(wall: &Wall, widget: &dyn TileKind) -> Self {
        let numbers = widget.series().map(|name| wall.sources().owners(name));
        let mentions = numbers.is_none();
        let feeds = numbers.unwrap_or_else(|| widget.feeds(&wall.sources()));
        let texts = widget.quotes() != Quotes::Nothing;
        let speed_percent = fastest(wall, &feeds);
        Self { feeds, speed_percent, mentions, texts, window: widget.window().unwrap_or(Window::H24) }
    }

    /// Those that the wall as a whole speaks of: the feeds of mentions, or all where there are none.
    /// What is left out of texts, and what lies behind, is for tiles to say.
    pub fn of_wall(wall: &Wall) -> Self {
        let feeds = wall.sources().of_topic(None);
        let mentions = feeds.contains(&true) || feeds.is_empty();
        let feeds = if mentions { feeds } else { vec![true; feeds.len()] };
        let speed_percent = fastest(wall, &feeds);
        Self { feeds, speed_percent, mentions, texts: false, window: Window::M1 }
    }

    /// Whether the feed with this index is one; a feed that the layout does not know always is.
    pub fn has(&self, feed: usize) -> bool {
        self.feeds.get(feed).copied().unwrap_or(true)
    }
}

/// The speed of the fastest of these feeds, per cent.
fn fastest(wall: &Wall, feeds: &[bool]) -> u32 {
    let own = wall.feeds.iter().zip(feeds).filter(|(_, own)| **own);
    let speed = own.map(|(feed, _)| feed.spec.speed()).filter(|speed| speed.is_finite()).reduce(f32::max);
    (speed.unwrap_or(1.0) * 100.0).round().clamp(1.0, 1e6) as u32
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::layout::{read, solve};
    use crate::registry;

    fn wall(tile: &str) -> Wall {
        let text = format!(
            r#"
            [feed.sky]
            kind = "bluesky"
            [feed.press]
            kind = "rss"
            url = "https://example.org/feed"
            [feed.load]
            kind = "prometheus"
            url = "http://localhost:9090"
            query = "up"
            [topic.all]
            query = "aurora"
            [topic.press]
            query = "aurora source:press"
            [topic.sky]
            query = "aurora source:bluesky"
            [alert.load]
            when = "series load/job=a > 0.9"
            [scene.s]
            picture = "t"
            tile.t = {{ {tile} }}
            "#
        );
        solve(&read::read(&text.into(), Path::new("wall.toml"), &registry()).0, &[])
    }

    /// Whether the tile speaks of `sky`, `press`, `load`.
    fn own(tile: &str) -> [bool; 3] {
        let wall = wall(tile);
        let own = Own::of(&wall, &*wall.scenes[0].tiles[0].widget);
        [0, 1, 2].map(|feed| own.has(feed))
    }

    #[test]
    fn a_tile_speaks_of_the_feeds_that_can_bring_what_it_shows() {
        assert_eq!(own(r#"kind = "counter""#), [true, true, false]);
        assert_eq!(own(r#"kind = "counter", topic = "all""#), [true, true, false]);
        assert_eq!(own(r#"kind = "mentions", topic = "press""#), [false, true, false]);
        assert_eq!(own(r#"kind = "heatmap", topic = "sky""#), [true, false, false]);
        assert_eq!(own(r#"kind = "counter", series = "load""#), [false, false, true]);
        assert_eq!(own(r#"kind = "trend", series = "load/job=a""#), [false, false, true]);
        assert_eq!(own(r#"kind = "share", topics = ["press", "sky"]"#), [true, true, false]);
        assert_eq!(own(r#"kind = "share", topics = ["press"]"#), [false, true, false]);
        assert_eq!(own(r#"kind = "share", by = "language", topic = "sky""#), [true, false, false]);
        assert_eq!(own(r#"kind = "alerts""#), [true, true, true]);
        assert_eq!(own(r#"kind = "alerts", topic = "press""#), [false, true, false]);
        assert_eq!(own(r#"kind = "care""#), [true, true, false]);
    }
}
