//! The solved wall: what the rest of the house works with once a layout file has been read,
//! checked and turned into millimetres. No file positions and no optional geometry in here.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::bitmap::Bitmap;
use crate::color::Theme;
use crate::geometry::Rect;
use crate::layout::alert::{AlertsSpec, Severity};
use crate::layout::background::Background;
use crate::layout::care::CareSpec;
use crate::layout::event::{self, Event};
use crate::layout::gate::GateSpec;
use crate::layout::hours::{Mode, Slot};
use crate::layout::kind::{ALERTED, Need, Room, TileSpec};
use crate::layout::legibility::Scale;
use crate::layout::power::PowerSpec;
use crate::layout::remote::RemoteSpec;
use crate::layout::window::Window;
use crate::typeface::Typeface;

pub use crate::layout::display::{Display, MonitorMatch};
pub use crate::layout::feed::FieldMap;
pub use crate::layout::sources::{Feed, Sources};
pub use crate::layout::topic::Topic;
pub use crate::layout::value::{Audience, Motion, PeopleNamed};

/// A wall of displays and what they show.
#[derive(Clone, Debug)]
pub struct Wall {
    pub name: String,
    /// Distance of the farthest person who must be able to read it, metres.
    pub viewer_m: f32,
    /// Height of running text, arc minutes for the farthest viewer, where a tile says nothing else.
    pub text_arcmin: f32,
    pub theme: Theme,
    /// In place of the bundled one.
    pub typeface: Option<Arc<Typeface>>,
    /// At the left end of the band.
    pub logo: Option<Arc<Bitmap>>,
    /// Behind everything, as strongly as the theme says.
    pub background: Option<Background>,
    /// Who is welcomed in the band.
    pub visitor: Option<String>,
    pub motion: Motion,
    /// Pixels of the finest display within which the picture moves against burn-in; 0 where it does not.
    pub pixel_shift: u8,
    pub audience: Audience,
    /// Who is named beside what they said.
    pub people: PeopleNamed,
    /// IANA time zone for clocks and days; `None` is the machine's own.
    pub zone: Option<String>,
    /// What tiles count from that say `event`.
    pub event: Option<Event>,
    pub displays: Vec<Display>,
    /// The band along the top with the question, the state of the feeds and the time.
    pub band: Option<Rect>,
    /// Where a banner stands, one for each display that has room for it; empty while there is none.
    pub strips: Vec<Strip>,
    /// Pictures that tiles show, each once; what could not be read is left out.
    pub images: Vec<Image>,
    /// At least one; shown in turn when there are several.
    pub scenes: Vec<Scene>,
    /// Ways in which it is run; the first is the usual one.
    pub modes: Vec<Mode>,
    /// When a mode or a scene is on.
    pub schedule: Vec<Slot>,
    /// How its displays are switched, and when they rest.
    pub power: PowerSpec,
    pub topics: Vec<Topic>,
    /// Who answers for the brand, if anybody.
    pub care: Option<CareSpec>,
    /// What it watches for.
    pub alerts: AlertsSpec,
    pub journal: JournalSpec,
    /// Alerts as grave as this stand in a strip on every display.
    pub alert_strip: Option<Severity>,
    /// What must be true of texts before they are shown; `None` shows all.
    pub gate: Option<GateSpec>,
    /// Who may steer it.
    pub remote: RemoteSpec,
    pub feeds: Vec<Feed>,
}

impl Wall {
    /// The smallest rectangle around all displays, wall millimetres.
    pub fn bounds(&self) -> Rect {
        let mut rects = self.displays.iter().map(|d| d.rect);
        let first = rects.next().unwrap_or_default();
        rects.fold(first, |all, r| all.union(&r))
    }

    /// The same wall in one of its modes.
    pub fn in_mode(&self, mode: Option<usize>) -> Cow<'_, Self> {
        let Some(mode) = mode.and_then(|mode| self.modes.get(mode)) else { return Cow::Borrowed(self) };
        let theme = mode.theme.as_ref().filter(|theme| **theme != self.theme);
        let motion = mode.motion.filter(|motion| *motion != self.motion);
        let people = mode.people.filter(|people| *people != self.people);
        if theme.is_none() && motion.is_none() && people.is_none() {
            return Cow::Borrowed(self);
        }
        let mut wall = self.clone();
        wall.people = people.unwrap_or(wall.people);
        wall.theme = theme.cloned().unwrap_or(wall.theme);
        wall.motion = motion.unwrap_or(wall.motion);
        Cow::Owned(wall)
    }

    /// The same wall while an alert about this topic, by its index, or about everything holds it.
    pub fn in_alert(&self, topic: Option<usize>) -> Cow<'_, Self> {
        if !self.has_alerted() {
            return Cow::Borrowed(self);
        }
        let follows = |tile: &Tile| self.follows_alert(&tile.widget);
        let topic = topic.and_then(|topic| self.topics.get(topic)).map(|topic| topic.name.as_str());
        let mut wall = self.clone();
        for tile in wall.scenes.iter_mut().flat_map(|scene| &mut scene.tiles).filter(|tile| follows(tile)) {
            tile.widget = tile.widget.with_topic(topic).unwrap_or_else(|| tile.widget.clone());
        }
        Cow::Owned(wall)
    }

    /// Whether any tile shows the topic of the alert that brought its scene.
    pub fn has_alerted(&self) -> bool {
        self.scenes.iter().flat_map(|scene| &scene.tiles).any(|tile| self.follows_alert(&tile.widget))
    }

    /// Whether a tile shows the topic of the alert that brought its scene.
    pub fn follows_alert(&self, tile: &TileSpec) -> bool {
        tile.topic() == Some(ALERTED) && self.topics.iter().all(|topic| topic.name != ALERTED)
    }

    /// The same wall with one time window for all tiles that can show it from what is counted for their topics
    /// anyway.
    pub fn in_window(&self, window: Window) -> Self {
        let all = || self.scenes.iter().flat_map(|scene| &scene.tiles);
        let counted = |tile: &TileSpec, need: &Need| {
            let same = all().filter(|other| other.widget.topic() == tile.topic());
            same.flat_map(|other| other.widget.needs()).any(|known| known == *need)
        };
        let mut wall = self.clone();
        for tile in wall.scenes.iter_mut().flat_map(|scene| &mut scene.tiles) {
            let other =
                tile.widget.with_window(window).filter(|_| self.event.is_some() || window != Window::Event);
            let other = other.filter(|other| other.needs().iter().all(|need| counted(other, need)));
            tile.widget = other.unwrap_or_else(|| tile.widget.clone());
        }
        wall
    }

    /// Whether lists of words and authors must lead to nobody.
    pub fn hides_people(&self) -> bool {
        self.audience == Audience::Public || !self.people.leads_to_people()
    }

    /// Whether they must in any of its modes.
    pub fn ever_hides_people(&self) -> bool {
        let hides = |mode: &Mode| mode.people.is_some_and(|people| !people.leads_to_people());
        self.hides_people() || self.modes.iter().any(hides)
    }

    /// What it listens to.
    pub fn sources(&self) -> Sources<'_> {
        Sources { feeds: &self.feeds, topics: &self.topics, alerts: &self.alerts }
    }

    /// The zone in which its days begin: the one named, the machine's own when none is, and UTC
    /// for a name that this machine does not know.
    pub fn time_zone(&self) -> TimeZone {
        event::zone(self.zone.as_deref())
    }

    /// A window as people say it; that of an event with a name by it: `since Aurora Live began`.
    pub fn window_words(&self, window: Window) -> Cow<'static, str> {
        let name = self.event.as_ref().and_then(|event| event.name.as_deref());
        match name.filter(|_| window == Window::Event) {
            Some(name) => format!("since {name} began").into(),
            None => window.words().into(),
        }
    }
}

/// Room for a banner along an edge of a display.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Strip {
    /// Index of the display.
    pub display: usize,
    /// Wall millimetres.
    pub rect: Rect,
}

/// A picture that tiles show.
#[derive(Clone, Debug)]
pub struct Image {
    /// As the layout names it.
    pub file: PathBuf,
    pub bitmap: Arc<Bitmap>,
}

/// What stands on the wall at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub name: String,
    /// The question that this scene answers.
    pub title: Option<String>,
    /// How long it stays when there are several scenes.
    pub show_for: Duration,
    /// An alert as grave as this brings it onto the wall; it takes no turn with the others.
    pub on_alert: Option<Severity>,
    pub tiles: Vec<Tile>,
}

/// A rectangle of the wall with one widget in it. May span displays; the content runs on behind
/// the bezel.
#[derive(Clone, Debug, PartialEq)]
pub struct Tile {
    pub name: String,
    /// Small quiet heading; `None` takes the widget's own words, an empty string shows none.
    pub title: Option<String>,
    pub rect: Rect,
    /// Height of running text, arc minutes for the farthest viewer.
    pub text_arcmin: f32,
    /// Displays it touches, as indices into [`Wall::displays`].
    pub displays: Vec<usize>,
    pub widget: TileSpec,
}

impl Tile {
    /// The room that it has on a wall with so many topics.
    pub fn room(&self, topics: usize, scale: Scale) -> Room {
        Room::new(self.rect, self.text_arcmin, topics, scale)
    }
}

/// How and where the wall records what it hears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalSpec {
    pub record: bool,
    /// `None` is the usual place for the layout's name.
    pub file: Option<PathBuf>,
    /// How long mentions are kept.
    pub keep: Duration,
    /// How large the file may grow.
    pub max_bytes: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;

    #[test]
    fn an_event_is_called_by_its_name() {
        let named = |name: Option<&str>| {
            let mut wall = crate::layout::solve(&crate::layout::demo_file(&crate::registry()), &[]);
            wall.event = Some(Event { start: Time::default(), name: name.map(Into::into) });
            [Window::Event, Window::H1].map(|window| wall.window_words(window).into_owned())
        };
        assert_eq!(named(Some("Aurora Live")), ["since Aurora Live began", "last hour"]);
        assert_eq!(named(None), ["since the start", "last hour"]);
    }

    #[test]
    fn one_window_is_shown_by_all_tiles_that_can_show_it_from_what_is_counted() {
        let text = r#"
            [wall]
            viewer_m = 3.0
            [display.a]
            size_mm = [2400, 1350]
            [scene.s]
            picture = "map count\nfolk pace"
            tile.map = { kind = "heatmap" }
            tile.count = { kind = "counter", window = "5m" }
            tile.folk = { kind = "counter", metric = "authors", window = "1h" }
            tile.pace = { kind = "trend", window = "1h" }
            "#;
        let (file, problems) =
            crate::layout::read::read(&text.into(), std::path::Path::new("wall.toml"), &crate::registry());
        assert!(problems.is_empty(), "{problems:?}");
        let wall = crate::layout::solve(&file, &[]);
        let windows = |wall: &Wall| -> Vec<_> {
            let of = |name: &str| wall.scenes[0].tiles.iter().find(|tile| tile.name == name);
            ["map", "count", "folk", "pace"].map(|name| of(name).and_then(|tile| tile.widget.window())).into()
        };
        let in_window = |window| windows(&wall.in_window(window));
        let (m10, h1) = (Some(Window::M10), Some(Window::H1));
        assert_eq!(windows(&wall), [m10, Some(Window::M5), h1, h1]);
        // Nobody counted different authors over ten minutes for it, and a trend needs a quarter of an hour.
        assert_eq!(in_window(Window::M10), [m10, m10, h1, h1]);
        assert_eq!(in_window(Window::H1), [m10, h1, h1, h1]);
        assert_eq!(in_window(Window::Event), windows(&wall), "there is no event");
    }
    #[test]
    fn tiles_of_a_scene_for_alerts_show_the_topic_of_the_alert() {
        let text = r#"
            [wall]
            viewer_m = 3.0
            [display.a]
            size_mm = [2400, 1350]
            [topic.service]
            query = "help"
            [topic.store]
            query = "store"
            [alert.queue]
            topic = "service"
            when = "mentions > 10 over 5m"
            [scene.s]
            picture = "all"
            tile.all = { kind = "mentions" }
            [scene.fire]
            on_alert = "warning"
            topic = "alert"
            picture = "pace quote whole"
            tile.pace = { kind = "trend" }
            tile.quote = { kind = "quote" }
            tile.whole = { kind = "counter", topic = "store" }
            "#;
        let read = crate::layout::load_text(text, std::path::Path::new("wall.toml"), &[], &crate::registry());
        let wall = read.wall(&[]).unwrap_or_else(|| panic!("{}", read.report.draw(100, false)));
        let topics = |wall: &Wall| -> Vec<_> {
            let tiles = wall.scenes.iter().flat_map(|scene| &scene.tiles);
            let mut all: Vec<_> = tiles
                .map(|tile| (tile.name.clone(), tile.widget.topic().unwrap_or("all").to_owned()))
                .collect();
            all.sort();
            all.into_iter().map(|(_, topic)| topic).collect()
        };
        assert_eq!(topics(&wall), ["all", "alert", "alert", "store"]);
        assert_eq!(topics(&wall.in_alert(Some(0))), ["all", "service", "service", "store"]);
        assert_eq!(topics(&wall.in_alert(None)), ["all", "all", "all", "store"]);
        let wrong = text.replace("on_alert = \"warning\"", "");
        let read =
            crate::layout::load_text(&wrong, std::path::Path::new("wall.toml"), &[], &crate::registry());
        let said = read.report.draw(100, false);
        assert!(said.contains("there is no topic `alert`") && said.contains("on_alert"), "{said}");
    }
}
