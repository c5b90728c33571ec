//! One stream of mentions, a topic or everything, folded into its part of the snapshot.

use std::sync::Arc;
use std::time::Duration;

use super::alert;
use super::authors::Authors;
use super::emotions::Emotions;
use super::enrich::Located;
use super::lists::{Lists, Wanted};
use super::mood::Mood;
use super::names::{Kinds, Named};
use super::places::Places;
use super::sample::Sample;
use super::similar::Similar;
use super::snapshot::{Series, Span, Spans, Stream, Tally};
use super::windows::Windows;
use crate::clock::Time;
use crate::layout::wall::Wall;
use crate::layout::widget::{WidgetSpec, Window};
use crate::mention::{Lang, Origin, Reach};

const PLACES_EVERY: Duration = Duration::from_millis(500);

/// What the tiles of a wall want to know about a stream beside its counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Needs {
    pub places: Option<Window>,
    pub lists: Wanted,
    pub sample: bool,
}

impl Needs {
    /// What the wall's tiles want of a topic, or of everything.
    pub fn of(wall: &Wall, topic: Option<&str>) -> Self {
        let mut needs = Self::default();
        let tiles = wall.scenes.iter().flat_map(|scene| &scene.tiles);
        for widget in tiles.map(|tile| &tile.widget).filter(|widget| widget.topic() == topic) {
            match widget {
                WidgetSpec::Heatmap(map) => needs.places = needs.places.max(Some(map.window)),
                WidgetSpec::Mentions(_) | WidgetSpec::Ticker(_) => needs.sample = true,
                _ => needs.lists.of(widget),
            }
        }
        needs.explain_bursts(wall, topic);
        needs
    }
}

impl Needs {
    /// What a burst is about is told by words, voices and places.
    fn explain_bursts(&mut self, wall: &Wall, topic: Option<&str>) {
        let place = topic.and_then(|name| wall.topics.iter().position(|topic| topic.name == *name));
        if place.is_none_or(|place| place < alert::LISTED) && wall.alerts.has_bursts_of(topic) {
            self.lists.explain();
            self.places = self.places.or(Some(Window::H1));
        }
    }
}

/// What a stream counts of a mention.
#[derive(Debug)]
pub struct Facts<'a> {
    pub at: Time,
    pub live: bool,
    pub mood: Option<f32>,
    /// Who says so.
    pub mood_origin: Option<Origin>,
    pub followers: Option<u64>,
    pub place: Option<&'a Located>,
    #[expect(dead_code, reason = "windows by language are next")]
    pub lang: Option<Lang>,
    #[expect(dead_code, reason = "windows by language are next")]
    pub lang_origin: Option<Origin>,
    /// Emotions that the source found, each with its confidence.
    pub emotions: &'a [(Arc<str>, f32)],
    /// Index of its feed; `None` for one that the wall does not have.
    #[expect(dead_code, reason = "windows by feed are next")]
    pub feed: Option<u16>,
    pub author: Option<(u64, &'a str)>,
    pub handle: Option<&'a str>,
    pub reach: Option<Reach>,
    pub terms: &'a [Named<'a>],
    /// Folded with its words.
    pub whole: bool,
    /// Says the same as one before.
    pub copy: bool,
}

/// A stream that is being folded.
#[derive(Debug)]
pub struct Fold {
    windows: Windows,
    authors: Authors,
    places: Option<Places>,
    pub lists: Lists,
    emotions: Emotions,
    pub sample: Option<Sample>,
    newest: Option<Time>,
    /// The past changed since the minutes were drawn.
    stirred: bool,
    drawn: Stream,
    second: Option<i64>,
    minute: Option<i64>,
    places_turn: Option<i64>,
    /// Names in a bucket of the day, and its place among the streams.
    kept: (usize, usize),
}

impl Fold {
    /// Empty. Remembers at most `authors` authors, and `names` in each quarter of an hour of a day;
    /// `order` is its place among the streams.
    pub fn new(needs: Needs, start: Time, authors: usize, names: usize, order: usize) -> Self {
        let now = start.as_secs();
        Self {
            windows: Windows::new(now),
            authors: Authors::new(authors),
            places: needs.places.map(|window| Places::new(window, now)),
            lists: Lists::new(needs.lists, now, names, order),
            emotions: Emotions::new(now),
            sample: needs.sample.then(|| Sample::new(start)),
            newest: None,
            stirred: false,
            drawn: Stream::default(),
            second: None,
            minute: None,
            places_turn: None,
            kept: (names, order),
        }
    }

    /// Its sums over a window.
    pub fn tally_over(&self, window: Window) -> Tally {
        *self.windows.counts().over(window)
    }

    /// What it counts by name.
    pub fn lists(&self) -> alert::Lists<'_> {
        alert::Lists { terms: self.lists.words(), voices: self.lists.people(), places: self.places.as_ref() }
    }

    /// The kinds of [`Facts::terms`] that are counted.
    pub fn kinds(&self) -> Kinds {
        self.lists.kinds()
    }

    /// Moves the end of every window to the second `now`.
    pub fn advance(&mut self, now: i64) {
        self.windows.advance(now);
        self.emotions.advance(now);
        if let Some(places) = &mut self.places {
            places.advance(now);
        }
        self.lists.advance(now);
    }

    /// Counts a mention; the windows end at the second `now`.
    pub fn count(&mut self, facts: &Facts<'_>, now: i64) {
        let at = facts.at.as_secs();
        self.newest = self.newest.max(Some(facts.at));
        self.stirred |= !facts.live;
        self.tally(facts, at);
        self.emotions.heard(facts.emotions, at);
        if let Some((author, _)) = facts.author {
            self.authors.heard(author, at, now, &mut self.windows);
        }
        self.lists.count(facts);
        if let (Some(places), Some(place)) = (&mut self.places, facts.place) {
            places.heard(place, at, facts.live);
        }
    }

    fn tally(&mut self, facts: &Facts<'_>, at: i64) {
        let mood = facts.mood.map(Mood::of);
        let followers = facts.followers.unwrap_or(0);
        let located = u64::from(facts.place.is_some());
        let points = u64::from(facts.place.is_some_and(|place| place.point.is_some()));
        self.windows.change(at, |t| {
            t.mentions += 1;
            t.positive += u64::from(mood == Some(Mood::Positive));
            t.neutral += u64::from(mood == Some(Mood::Neutral));
            t.negative += u64::from(mood == Some(Mood::Negative));
            t.unknown += u64::from(mood.is_none());
            t.judged += u64::from(facts.mood_origin == Some(Origin::Model));
            t.followers = t.followers.wrapping_add(followers);
            t.located += located;
            t.points += points;
        });
    }

    /// Its part of the snapshot at `now`, and whether that changed. What lies before `since` is
    /// unknown.
    pub fn draw(&mut self, now: Time, since: i64, similar: &Similar) -> (Stream, bool) {
        let mut new = self.drawn.clone();
        let counts = self.windows.counts();
        if *new.counts != counts {
            new.counts = Arc::new(counts);
        }
        new.newest = self.newest;
        new.emotions = self.emotions.draw();
        self.draw_series(now, since, &mut new);
        self.draw_places(now, &mut new);
        self.lists.draw(now, since, &mut new.ranked);
        if let Some(sample) = &mut self.sample {
            sample.recount(now, similar);
            (new.latest, new.withdrawn) = sample.draw(now);
        }
        let changed = !is_same(&new, &self.drawn);
        self.drawn = new.clone();
        (new, changed)
    }

    fn draw_series(&mut self, now: Time, since: i64, new: &mut Stream) {
        let second = now.as_secs();
        if self.second != Some(second) {
            self.second = Some(second);
            new.by_second = Arc::new(self.windows.by_second(since));
            new.spans = Arc::new(Spans(Window::ALL.map(|w| {
                let whole = w.secs().unwrap_or(0);
                Span { whole, known: whole.min(u32::try_from(second - since + 1).unwrap_or(0)) }
            })));
            let minute = second.div_euclid(60);
            if self.minute != Some(minute) || std::mem::take(&mut self.stirred) {
                self.minute = Some(minute);
                replace(&mut new.by_minute, self.windows.by_minute(since));
            }
        }
    }

    fn draw_places(&mut self, now: Time, new: &mut Stream) {
        let Some(places) = &mut self.places else { return };
        if is_turn(&mut self.places_turn, now, PLACES_EVERY, Duration::ZERO)
            && !(places.is_empty() && new.places.is_empty() && new.countries.is_empty())
        {
            new.places = places.draw(now);
            new.countries = places.countries(&new.countries);
        }
    }

    /// The clock was set back to `now`: forgets what lies after it.
    pub fn rewind(&mut self, now: Time, needs: Needs) {
        let second = now.as_secs();
        self.windows.advance(second);
        self.emotions = Emotions::new(second);
        self.authors.rewind(second);
        self.places = needs.places.map(|window| Places::new(window, second));
        self.lists = Lists::new(needs.lists, second, self.kept.0, self.kept.1);
        if let Some(sample) = &mut self.sample {
            sample.rewind(now);
        }
        self.newest = self.newest.map(|newest| newest.min(now));
    }
}

/// True once in every `period`.
pub fn is_turn(last: &mut Option<i64>, now: Time, period: Duration, offset: Duration) -> bool {
    let turn = (now + offset).0.div_euclid(period.as_nanos() as i64);
    last.replace(turn) != Some(turn)
}

fn replace(old: &mut Arc<Series>, new: Series) {
    if **old != new {
        *old = Arc::new(new);
    }
}

fn is_same(a: &Stream, b: &Stream) -> bool {
    Arc::ptr_eq(&a.counts, &b.counts)
        && a.newest == b.newest
        && Arc::ptr_eq(&a.by_second, &b.by_second)
        && Arc::ptr_eq(&a.by_minute, &b.by_minute)
        && Arc::ptr_eq(&a.places, &b.places)
        && Arc::ptr_eq(&a.countries, &b.countries)
        && Arc::ptr_eq(&a.emotions, &b.emotions)
        && a.ranked.is_same(&b.ranked)
        && Arc::ptr_eq(&a.latest, &b.latest)
        && Arc::ptr_eq(&a.withdrawn, &b.withdrawn)
}
