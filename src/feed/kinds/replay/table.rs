//! The table of a replay feed.

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::clock::Time;
use crate::layout::check::FeedCheck;
use crate::layout::feed::FeedKind;
use crate::layout::problem::Problem;
use crate::mention::source::Nature;

/// A recording: a journal, or a file with one JSON object per line.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplayTable {
    /// The recording: a journal, or a file of mentions or Jetstream frames. Relative to the layout
    /// file.
    pub file: PathBuf,
    /// Playback speed; 1 is real time.
    #[serde(default = "one")]
    #[schemars(range(min = 0.01, max = 1000.0))]
    pub speed: f32,
    /// Whether to start over at the end.
    #[serde(default = "yes")]
    pub repeat: bool,
    /// Set by `fishbowl replay` alone: the moments with which it begins and ends.
    #[serde(skip)]
    pub from: Option<Time>,
    #[serde(skip)]
    pub to: Option<Time>,
}

fn one() -> f32 {
    1.0
}

fn yes() -> bool {
    true
}

impl FeedKind for ReplayTable {
    fn silence(&self) -> Duration {
        Duration::from_secs(90)
    }

    fn nature(&self) -> Nature {
        Nature::Replay(Time::default())
    }

    fn speed(&self) -> f32 {
        self.speed
    }

    fn files(&mut self) -> Vec<&mut PathBuf> {
        vec![&mut self.file]
    }

    fn check(&self, feed: &mut FeedCheck<'_, '_>) {
        let shown = self.file.display();
        let message = match std::fs::metadata(feed.dir().join(&self.file)) {
            Ok(found) if found.is_file() => return,
            Ok(_) => format!("`{shown}` is not a file"),
            Err(error) if error.kind() == ErrorKind::NotFound => format!("file `{shown}` not found"),
            Err(error) => format!("cannot read `{shown}`: {error}"),
        };
        let problem = Problem::error("file", feed.value("file"), message).label("not found");
        feed.say(problem.help("A path in a layout is relative to the folder of the layout file."));
    }
}
