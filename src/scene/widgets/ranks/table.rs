//! The keys of a ranked list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::layout::check::TileCheck;
use crate::layout::kind::{Need, Quotes, Room, TileKind, of_topic};
use crate::layout::legibility::Step;
use crate::layout::problem::Problem;
use crate::layout::ranks::{Past, Rank, Terms};
use crate::layout::wall::Audience;

/// A ranked list with numbers: what is mentioned most, what is rising, or who is speaking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RanksTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
    /// `all`, `words`, `hashtags`, `emoji`, `links` or `authors`.
    pub of: RanksOf,
    /// `most` used, or `rising`: used more than expected from its own past. Not for authors.
    pub rank: Rank,
    /// For authors: by `volume` (mentions) or by `reach`.
    pub by: Option<By>,
    /// `1h` or `24h`; `rising` has a time window of its own.
    pub window: Option<Past>,
    /// Maximum number of rows, 1 to 24.
    #[schemars(range(min = 1, max = 24))]
    pub count: u8,
}

impl Default for RanksTable {
    fn default() -> Self {
        Self { topic: None, of: RanksOf::All, rank: Rank::Most, by: None, window: None, count: 8 }
    }
}

/// What is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RanksOf {
    /// Words and hashtags together.
    #[default]
    All,
    Words,
    Hashtags,
    Emoji,
    /// Linked pages, by host and path.
    Links,
    Authors,
}

/// Which authors stand first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// Authors with the most mentions.
    #[default]
    Volume,
    /// Authors with the widest reach.
    Reach,
}

impl RanksOf {
    /// The terms that are listed; `None` lists authors.
    pub fn terms(self) -> Option<Terms> {
        match self {
            Self::All => Some(Terms::All),
            Self::Words => Some(Terms::Words),
            Self::Hashtags => Some(Terms::Hashtags),
            Self::Emoji => Some(Terms::Emoji),
            Self::Links => Some(Terms::Links),
            Self::Authors => None,
        }
    }
}

impl RanksTable {
    /// Whether it shows how terms moved against the day.
    pub fn is_moving(&self) -> bool {
        self.rank == Rank::Most
            && self.of != RanksOf::Authors
            && self.window.unwrap_or_default() == Past::Hour
    }
}

impl TileKind for RanksTable {
    of_topic!();

    fn quotes(&self) -> Quotes {
        Quotes::Terms
    }

    fn needs(&self) -> Vec<Need> {
        let Some(of) = self.of.terms() else { return vec![Need::Authors(self.window)] };
        let mut needs = vec![Need::Terms { of, rank: self.rank, past: self.window }];
        if self.is_moving() {
            needs.push(Need::Terms { of, rank: self.rank, past: Some(Past::Day) });
        }
        if self.rank == Rank::Rising {
            needs.push(Need::Latest);
        }
        needs
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (220.0, Room::FRAME + Room::line(Step::Body))
    }

    fn words_to_read(&self) -> usize {
        usize::from(self.count.min(5)) * 2
    }

    fn check(&self, tile: &mut TileCheck<'_, '_>) {
        let authors = self.of == RanksOf::Authors;
        if authors && self.rank == Rank::Rising {
            let problem =
                Problem::error("no-rise", tile.value(&["rank"]), "`rising` does not work for authors");
            let help = "Remove `rank`, or use `of = \"words\"`, `\"hashtags\"`, `\"emoji\"` or `\"links\"`.";
            tile.say(problem.label("for terms only").help(help));
        }
        if !authors && self.by.is_some() {
            let problem = Problem::error("no-authors", tile.key("by"), "`by` only works for authors");
            let help = "Remove `by`, or use `of = \"authors\"`.";
            tile.say(problem.label("for `of = \"authors\"`").help(help));
        }
        if authors && tile.audience() == Audience::Public {
            let message = "names of authors are hidden from visitors";
            let problem = Problem::warning("no-names", tile.header(), message).label("without names");
            tile.say(problem.help(
                "The list shows only the number of mentions of each author. `audience = \"staff\"` shows the names.",
            ));
        }
        own_time(self.rank, self.window, tile);
    }

    fn check_room(&self, room: &Room, tile: &mut TileCheck<'_, '_>) {
        tile.rows_fit(room, self.count, "row");
    }
}

/// Reports a window beside what rises, which has its own.
pub fn own_time(rank: Rank, window: Option<Past>, tile: &mut TileCheck<'_, '_>) {
    if rank == Rank::Rising && window.is_some() {
        let problem = Problem::error("two-windows", tile.key("window"), "`rising` has its own time window");
        let help = "It compares the last 15 minutes with the day before: remove `window`.";
        tile.say(problem.label("no effect here").help(help));
    }
}
