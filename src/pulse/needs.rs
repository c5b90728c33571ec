//! What a wall wants to know about each of its streams.

use super::alert;
use super::lists::Wanted;
use crate::layout::wall::Wall;
use crate::layout::widget::{Metric, WidgetSpec, Window};

/// What the tiles of a wall want to know about a stream beside its counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Needs {
    pub places: Option<Window>,
    pub lists: Wanted,
    pub sample: bool,
    /// A tile shows more than a day of it.
    pub quarters: bool,
    /// A tile shows how it divides; of everything that is always known.
    pub parts: bool,
    /// The longest window of a day or more over which a tile or a rule counts people; of everything
    /// they are always known.
    pub people: Option<Window>,
}

impl Needs {
    /// What the wall's tiles want of a topic, or of everything.
    pub fn of(wall: &Wall, topic: Option<&str>) -> Self {
        let people = topic.is_none().then_some(Window::D7);
        let mut needs = Self { parts: topic.is_none(), people, ..Self::default() };
        let tiles = wall.scenes.iter().flat_map(|scene| &scene.tiles);
        for widget in tiles.map(|tile| &tile.widget).filter(|widget| widget.topic() == topic) {
            needs.quarters |= widget.window().is_some_and(|w| w.secs().is_none_or(|secs| secs > 86_400));
            match widget {
                WidgetSpec::Counter(counter) if counter.metric == Metric::Authors => {
                    needs.count_people(counter.window);
                }
                WidgetSpec::Share(_) => needs.parts = true,
                WidgetSpec::Heatmap(map) => needs.places = needs.places.max(Some(map.window)),
                WidgetSpec::Mentions(_) | WidgetSpec::Ticker(_) => needs.sample = true,
                _ => needs.lists.of(widget),
            }
        }
        wall.alerts.people_of(topic).for_each(|window| needs.count_people(window));
        needs.explain_bursts(wall, topic);
        needs
    }
}

impl Needs {
    fn count_people(&mut self, window: Window) {
        let long = matches!(window, Window::H24 | Window::Today | Window::D7 | Window::Event);
        self.people = self.people.max(Some(window).filter(|_| long));
    }

    /// What a burst is about is told by words, voices and places.
    fn explain_bursts(&mut self, wall: &Wall, topic: Option<&str>) {
        let place = topic.and_then(|name| wall.topics.iter().position(|topic| topic.name == *name));
        if place.is_none_or(|place| place < alert::LISTED) && wall.alerts.has_bursts_of(topic) {
            self.lists.explain();
            self.places = self.places.or(Some(Window::H1));
        }
    }
}
