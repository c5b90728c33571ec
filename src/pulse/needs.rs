//! What a wall wants to know about each of its streams.

use crate::layout::kind::{Need, TileSpec};
use crate::layout::wall::Wall;
use crate::layout::window::Window;
use crate::pulse::lists::Wanted;

/// Topics whose bursts come with the words, places and authors that make them up, though no tile
/// lists them.
pub const LISTED: usize = 24;

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
    /// A tile shows moods over the last day.
    pub moods: bool,
    /// A tile shows what was usual in the last day.
    pub usual: bool,
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
        let compares = |names: &[String]| topic.is_some_and(|name| names.iter().any(|one| one == name));
        let alerted = topic.is_none_or(|name| wall.alerts.watches(name));
        let wants = |widget: &&TileSpec| match wall.follows_alert(widget) {
            true => alerted,
            false => widget.topic() == topic || widget.compared().is_some_and(compares),
        };
        for widget in tiles.map(|tile| &tile.widget).filter(wants) {
            needs.quarters |= widget.window().is_some_and(|w| w.secs().is_none_or(|secs| secs > 86_400));
            widget.needs().into_iter().for_each(|need| needs.add(need));
        }
        wall.alerts.people_of(topic).for_each(|window| needs.count_people(window));
        needs.explain_bursts(wall, topic);
        needs
    }
}

impl Needs {
    fn add(&mut self, need: Need) {
        match need {
            Need::Places(window) => self.places = self.places.max(Some(window)),
            Need::Latest => self.sample = true,
            Need::Breakdown => self.parts = true,
            Need::Quarters => self.quarters = true,
            Need::Moods => self.moods = true,
            Need::Usual => self.usual = true,
            Need::People(window) => self.count_people(window),
            Need::Terms { of, rank, past } => self.lists.terms(of, rank, past),
            Need::Authors(past) => self.lists.authors(past),
        }
    }

    fn count_people(&mut self, window: Window) {
        let long = matches!(window, Window::H24 | Window::Today | Window::D7 | Window::Event);
        self.people = self.people.max(Some(window).filter(|_| long));
    }

    /// What a burst is about is told by words, voices and places.
    fn explain_bursts(&mut self, wall: &Wall, topic: Option<&str>) {
        let place = topic.and_then(|name| wall.topics.iter().position(|topic| topic.name == *name));
        if place.is_none_or(|place| place < LISTED) && wall.alerts.has_bursts_of(topic) {
            self.lists.explain();
            self.places = self.places.or(Some(Window::H1));
        }
    }
}
