//! What the answers make: the displays in their places, and what the wall is for.

use crate::layout::USUAL_DISTANCE;

/// What the wall hears at first.
#[derive(Clone, Debug, PartialEq)]
pub enum FirstFeed {
    Demo,
    Rss { url: String },
    Mastodon { server: String, tags: Vec<String> },
    Bluesky,
}

/// One display.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hung {
    /// Entries of `match` as TOML, best first.
    pub matches: Vec<String>,
    /// What the monitor is, for people.
    pub told: String,
    /// The lit area as it hangs.
    pub size_mm: (f32, f32),
    /// As it hangs.
    pub pixels: (u32, u32),
    /// It hangs on its side, and the window system does not rotate it.
    pub is_turned: bool,
}

/// A wall.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    pub name: String,
    pub viewer_m: f32,
    pub is_public: bool,
    pub zone: Option<String>,
    /// Row by row from the top, each from the left.
    pub displays: Vec<Hung>,
    /// Displays in a row.
    pub columns: usize,
    /// Between lit areas, across and down, millimetres.
    pub gap_mm: (f32, f32),
    pub feed: FirstFeed,
    /// What it looks for; everything if there is none.
    pub query: Option<String>,
}

impl Plan {
    /// Of these displays, and what someone would answer who only presses Enter.
    pub fn new(displays: Vec<Hung>) -> Self {
        let columns = displays.len().max(1);
        Self {
            name: "Wall".into(),
            viewer_m: usual_viewer_m(&displays),
            is_public: false,
            zone: None,
            displays,
            columns,
            gap_mm: (10.0, 10.0),
            feed: FirstFeed::Demo,
            query: None,
        }
    }

    pub fn rows(&self) -> usize {
        self.displays.len().div_ceil(self.columns.max(1))
    }

    /// Top left corners of the displays: each column is as wide as its widest display.
    pub fn places_mm(&self) -> Vec<(f32, f32)> {
        let size = |i: usize| self.displays.get(i).map_or((0.0, 0.0), |display| display.size_mm);
        let width = |column: usize| {
            (0..self.rows()).map(|row| size(row * self.columns + column).0).fold(0.0, f32::max)
        };
        let height = |row: usize| {
            (0..self.columns).map(|column| size(row * self.columns + column).1).fold(0.0, f32::max)
        };
        let left = |column: usize| (0..column).map(|c| width(c) + self.gap_mm.0).sum();
        let top = |row: usize| (0..row).map(|r| height(r) + self.gap_mm.1).sum();
        (0..self.displays.len()).map(|i| (left(i % self.columns), top(i / self.columns))).collect()
    }

    /// Names of the displays, by where they hang.
    pub fn names(&self) -> Vec<String> {
        let (columns, rows) = (self.columns, self.rows());
        let name = |i: usize| {
            let across = part(i % columns, columns, ["left", "middle", "right"]);
            let down = part(i / columns, rows, ["top", "middle", "bottom"]);
            match (rows, columns) {
                (1, 1) => "main".into(),
                (1, 2 | 3) => across,
                (1, _) => format!("display-{across}"),
                (2 | 3, 1) => down,
                (_, 1) => format!("display-{down}"),
                (2 | 3, _) => format!("{down}-{across}"),
                _ => format!("row-{down}-{across}"),
            }
        };
        (0..self.displays.len()).map(name).collect()
    }
}

fn part(at: usize, of: usize, words: [&str; 3]) -> String {
    match (at, of) {
        (0, 2 | 3) => words[0].into(),
        (1, 2) | (2, 3) => words[2].into(),
        (1, 3) => words[1].into(),
        _ => format!("{}", at + 1),
    }
}

/// As a layout without `viewer_m` has it, to a tenth of a metre.
fn usual_viewer_m(displays: &[Hung]) -> f32 {
    let shorter = displays.iter().map(|display| display.size_mm.0.min(display.size_mm.1)).reduce(f32::min);
    (shorter.unwrap_or(400.0) * USUAL_DISTANCE / 100.0).round() / 10.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(count: usize, columns: usize) -> Plan {
        let display = Hung { size_mm: (1_000.0, 500.0), pixels: (2_000, 1_000), ..Hung::default() };
        Plan { columns, ..Plan::new(vec![display; count]) }
    }

    #[test]
    fn displays_are_called_by_where_they_hang() {
        assert_eq!(plan(1, 1).names(), ["main"]);
        assert_eq!(plan(3, 3).names(), ["left", "middle", "right"]);
        assert_eq!(plan(2, 1).names(), ["top", "bottom"]);
        assert_eq!(plan(4, 4).names(), ["display-1", "display-2", "display-3", "display-4"]);
        assert_eq!(plan(4, 2).names(), ["top-left", "top-right", "bottom-left", "bottom-right"]);
        assert_eq!(plan(8, 4).names()[5], "bottom-2");
    }

    #[test]
    fn displays_hang_in_a_grid() {
        let wall = Plan { gap_mm: (10.0, 20.0), ..plan(4, 2) };
        assert_eq!(wall.places_mm(), [(0.0, 0.0), (1_010.0, 0.0), (0.0, 520.0), (1_010.0, 520.0)]);
        assert_eq!(wall.viewer_m, 1.3);
    }
}
