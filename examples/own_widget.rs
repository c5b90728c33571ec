//! A kind of tile that Fishbowl does not ship, added from outside the crate: the city with the most
//! mentions. The program is `fishbowl` with one more kind, so every command works:
//!
//! ```sh
//! cargo run --release --example own_widget -- render examples/own_widget.toml --out out
//! cargo run --release --example own_widget -- run examples/own_widget.toml
//! ```
//!
//! `docs/extending.md` explains it step by step.

use std::hash::{Hash as _, Hasher as _};
use std::process::ExitCode;
use std::sync::Arc;

use fishbowl::geometry::Point;
use fishbowl::layout::kind::{Need, Registry, Room, TileKind};
use fishbowl::layout::legibility::Step;
use fishbowl::layout::wall::Wall;
use fishbowl::layout::window::Window;
use fishbowl::scene::list::List;
use fishbowl::scene::widget::{Cx, Widget, WidgetTable, entry};
use fishbowl::scene::widgets::figures::grouped;
use fishbowl::scene::widgets::marks::{self, Anchor, put};
use fishbowl::scene::widgets::span::{Silence, window_words};
use fishbowl::text::{Cut, Setting};
use schemars::JsonSchema;
use serde::Deserialize;

fn main() -> ExitCode {
    fishbowl::cli::main(registry())
}

/// The kinds that Fishbowl ships, and one more.
pub fn registry() -> Registry {
    fishbowl::registry().with_tile(entry::<TopCityTable>())
}

/// The city with the most mentions.
#[derive(Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TopCityTable {
    /// Name of a topic. Default: all mentions.
    pub topic: Option<String>,
    /// Time window, at most `1h`.
    #[schemars(extend("enum" = ["1m", "5m", "10m", "15m", "1h"]))]
    pub window: Window,
}

impl Default for TopCityTable {
    fn default() -> Self {
        Self { topic: None, window: Window::M10 }
    }
}

impl TileKind for TopCityTable {
    fn topic(&self) -> Option<&str> {
        self.topic.as_deref()
    }

    fn window(&self) -> Option<Window> {
        Some(self.window)
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Places(self.window)]
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (240.0, Room::FRAME + Room::line(Step::Title) + Room::line(Step::Label))
    }

    fn words_to_read(&self) -> usize {
        2
    }
}

impl WidgetTable for TopCityTable {
    const KIND: &'static str = "top_city";

    fn widget(&self, _wall: &Wall) -> Box<dyn Widget> {
        Box::new(TopCity { window: self.window })
    }
}

struct TopCity {
    window: Window,
}

impl TopCity {
    /// The city and its number of mentions; `None` while nothing is known.
    fn city(&self, cx: &Cx<'_>) -> Option<(Arc<str>, u32)> {
        if Silence::of(cx, self.window).is_some() {
            return None;
        }
        let places = cx.snapshot.stream(cx.topic).places.iter();
        let named = places.filter_map(|place| Some((place.name.clone()?, place.count)));
        named.max_by_key(|(_, count)| *count)
    }
}

impl Widget for TopCity {
    fn heading(&self, _wall: &Wall) -> String {
        "Top city".into()
    }

    fn caption(&mut self, cx: &mut Cx<'_>) -> Vec<String> {
        match Silence::of(cx, self.window) {
            Some(silence) => silence.words(cx),
            None => vec![window_words(cx, self.window)],
        }
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        self.city(cx).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let home = marks::airy_home(cx);
        let (name, count) = match self.city(cx) {
            Some((name, count)) => (name.to_string(), format!("{} mentions", grouped(count.into()))),
            None => ("–".into(), "no city is known".into()),
        };
        let name = Setting::line(name, cx.scale.size(Step::Title)).cut(Cut::Display).within(home.w, 1);
        let name = cx.setter.set(name);
        let first = home.y + cx.scale.cap(Step::Title);
        put(list, name, Anchor::Left, Point::new(home.x, first), cx.theme.ink);
        let count = marks::line(cx, &count, Step::Label, Cut::Regular);
        let second = first + cx.scale.line(Step::Label);
        put(list, count, Anchor::Left, Point::new(home.x, second), cx.theme.soft);
    }
}
