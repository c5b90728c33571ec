//! One stream of mentions, a topic or everything, folded into its part of the snapshot.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Time;
use crate::layout::window::Window;
use crate::mention::Origin;
use crate::pulse::alerts::about;
use crate::pulse::enrich::mood::Mood;
use crate::pulse::facts::Facts;
use crate::pulse::fold::breakdown::{Feeds, Parts};
use crate::pulse::fold::emotions::Emotions;
use crate::pulse::fold::known::Known;
use crate::pulse::fold::places::Places;
use crate::pulse::fold::shared_series::SharedSeries;
use crate::pulse::fold::windows::Windows;
use crate::pulse::fold::windows::cell::Counted;
use crate::pulse::fold::windows::days::Marks;
use crate::pulse::hearing::Hearing;
use crate::pulse::hearing::gaps::Gaps;
use crate::pulse::highlights::Highlights;
use crate::pulse::lists::Lists;
use crate::pulse::lists::names::Kinds;
use crate::pulse::lists::similar::Similar;
use crate::pulse::needs::Needs;
use crate::pulse::people::People;
use crate::pulse::people::authors::Authors;
use crate::pulse::people::authors::hours::Hours;
use crate::pulse::snapshot::{Span, Stream, StreamCounts, Tally};
use crate::pulse::turn::is_turn;

const PLACES_EVERY: Duration = Duration::from_millis(500);

/// A stream that is being folded.
#[derive(Debug)]
pub struct Fold {
    pub windows: Windows,
    pub parts: Option<Parts>,
    /// When it is known from (seconds), and what the event counts, as notes told.
    pub known: Known,
    /// The same of who spoke.
    pub people_known: Known,
    pub authors: Authors,
    places: Option<Places>,
    pub lists: Lists,
    emotions: Emotions,
    pub sample: Option<Highlights>,
    newest: Option<Time>,
    /// Which feeds it hears, as a set of [`Hearing`].
    ears: usize,
    /// What it did not hear, as its series were drawn last.
    gaps: Gaps,
    /// What was heard and told since when, as of the last [`Fold::gather`].
    heard_told: (i64, i64),
    /// A count of people changed by itself.
    recount: bool,
    /// Series by the quarter are wanted.
    quarters: bool,
    /// Moods by the quarter are wanted.
    moods: bool,
    /// The past changed since the minutes were drawn.
    stirred: bool,
    drawn: Stream,
    second: Option<i64>,
    minute: Option<i64>,
    places_turn: Option<i64>,
    /// Names in a bucket of the day, and its place among the streams.
    kept: (usize, usize),
}

/// What a stream remembers at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub authors: usize,
    /// Names in each quarter of an hour of a day.
    pub names: usize,
}

impl Fold {
    /// Empty; `order` is its place among the streams.
    pub fn new(needs: Needs, start: Time, marks: Marks, feeds: &Feeds, limits: Limits, order: usize) -> Self {
        let now = start.as_secs();
        let is_long = |window| matches!(window, Window::D7 | Window::Event);
        let hours = needs.people.map(|window| Hours::new(now, marks, is_long(window)));
        Self {
            windows: Windows::new(now, marks),
            parts: needs.parts.then(|| Parts::new(now, marks, feeds.clone())),
            known: Known::default(),
            people_known: Known::default(),
            authors: Authors::new(limits.authors, hours),
            places: needs.places.map(|window| Places::new(window, now)),
            lists: Lists::new(needs.lists, now, limits.names, order),
            emotions: Emotions::new(now),
            sample: needs.sample.then(|| Highlights::new(start)),
            newest: None,
            ears: 0,
            gaps: Gaps::default(),
            heard_told: (now, i64::MAX),
            recount: false,
            quarters: needs.quarters,
            moods: needs.moods,
            stirred: false,
            drawn: Stream::default(),
            second: None,
            minute: None,
            places_turn: None,
            kept: (limits.names, order),
        }
    }

    /// Its sums over a window, as [`Fold::gather`] made them ready.
    pub fn tally_over(&self, window: Window) -> Tally {
        *self.counts().over(window)
    }

    /// Makes the counts of people ready; what was heard and told since when, seconds.
    pub fn gather(&mut self, known: (i64, i64)) {
        self.heard_told = known;
        self.recount |= self.authors.gather(&self.windows);
    }

    fn counts(&self) -> StreamCounts {
        let [all, people] = [&self.known, &self.people_known].map(|known| {
            let since = known.since(self.heard_told);
            (since, known.event(since))
        });
        let mut counts = self.windows.counts();
        self.authors.tell(&self.windows, [(all.0, people.0), (all.1, people.1)], &mut counts);
        counts
    }

    /// It hears these feeds, a set of [`Hearing`].
    pub fn hears(mut self, ears: usize) -> Self {
        self.ears = ears;
        self
    }

    /// Which feeds it hears.
    pub fn ears(&self) -> usize {
        self.ears
    }

    /// What it did not hear, after [`Fold::gather`].
    pub fn unheard(&self, hearing: &Hearing) -> Gaps {
        hearing.gaps(self.ears, self.known.since(self.heard_told))
    }

    /// How much of a window that ends with the second `now` was heard.
    pub fn heard(&self, window: Window, now: i64, unheard: &Gaps) -> Span {
        self.windows.spans(now, unheard, self.known.event(unheard.known_since())).over(window)
    }

    /// What it counts by name.
    pub fn lists<'a>(&'a self, people: Option<&'a People>) -> about::Lists<'a> {
        let (terms, voices) = (self.lists.words(), self.lists.people());
        about::Lists { terms, voices, places: self.places.as_ref(), people }
    }

    /// The kinds of [`Facts::terms`] that are counted.
    pub fn kinds(&self) -> Kinds {
        self.lists.kinds()
    }

    /// Moves the end of every window to the second `now`.
    pub fn advance(&mut self, now: i64, marks: Marks) {
        self.windows.advance(now, marks);
        if let Some(parts) = &mut self.parts {
            parts.advance(now, marks);
        }
        self.authors.advance(now, marks);
        self.emotions.advance(now);
        if let Some(places) = &mut self.places {
            places.advance(now);
        }
        self.lists.advance(now);
    }

    /// Counts a mention; the windows end at the second `now`.
    pub fn count(&mut self, facts: &Facts<'_>, now: i64) {
        let at = facts.at.as_secs();
        let stands = self.windows.count(at, &counted(facts));
        if let (Some(hours), Some((author, _))) = (&mut self.authors.hours, facts.author) {
            hours.heard(author, at);
        }
        if !stands {
            return;
        }
        if let Some(parts) = &mut self.parts {
            parts.count(at, facts.feed, facts.lang, facts.place.and_then(|place| place.country));
        }
        self.newest = self.newest.max(Some(facts.at));
        self.stirred |= !facts.live;
        self.emotions.heard(facts.emotions, at);
        if let Some((author, _)) = facts.author {
            self.authors.heard(author, at, now, &mut self.windows);
        }
        self.lists.count(facts);
        if let (Some(places), Some(place)) = (&mut self.places, facts.place) {
            places.heard(place, at, facts.live);
        }
    }

    /// Its part of the snapshot at `now`, after [`Fold::gather`], and whether that changed. What is known
    /// since when says [`Known::since`].
    pub fn draw(
        &mut self,
        now: Time,
        known: (i64, i64),
        hearing: &Hearing,
        similar: &Similar,
        people: Option<&People>,
        shared: &mut SharedSeries,
    ) -> (Stream, bool) {
        let mut new = self.drawn.clone();
        self.draw_counts(now, &mut new);
        new.newest = self.newest;
        new.emotions = self.emotions.draw();
        self.draw_series(now, hearing.gaps(self.ears, self.known.since(known)), shared, &mut new);
        self.draw_places(now, &mut new);
        self.lists.draw(now, &self.gaps, people, &mut new.ranked, &mut new.as_of);
        if let Some(parts) = &mut self.parts {
            new.breakdown = Some(parts.draw());
        }
        if let Some(sample) = &mut self.sample {
            sample.recount(now, similar);
            (new.latest, new.withdrawn) = sample.draw(now);
            new.as_of.latest = Some(now);
        }
        let changed = !is_same(&new, &self.drawn);
        self.drawn = new.clone();
        (new, changed)
    }

    fn draw_counts(&mut self, now: Time, new: &mut Stream) {
        let passed = self.second != Some(now.as_secs());
        if self.windows.take_changed() | std::mem::take(&mut self.recount) | passed {
            let counts = self.counts();
            if *new.counts != counts {
                new.counts = Arc::new(counts);
            }
        }
        new.as_of.counts = Some(now);
    }

    fn draw_series(&mut self, now: Time, gaps: Gaps, shared: &mut SharedSeries, new: &mut Stream) {
        let (second, moved) = (now.as_secs(), !gaps.is_same(&self.gaps));
        if self.second == Some(second) && !moved {
            return;
        }
        self.second = Some(second);
        let event = self.known.event(gaps.known_since());
        shared.draw(second, &gaps, event, &self.windows, new);
        new.as_of.series = Some(now);
        let minute = second.div_euclid(60);
        if self.minute != Some(minute) || std::mem::take(&mut self.stirred) || moved {
            self.minute = Some(minute);
            shared.draw_minutes(second, &gaps, self.quarters, &self.windows, new);
            if self.moods {
                let moods = self.windows.by_mood(&gaps);
                new.by_mood = if *new.by_mood == moods { new.by_mood.clone() } else { moods.into() };
            }
            new.as_of.minutes = Some(now);
        }
        self.gaps = gaps;
    }

    fn draw_places(&mut self, now: Time, new: &mut Stream) {
        let Some(places) = &mut self.places else { return };
        if !is_turn(&mut self.places_turn, now, PLACES_EVERY, Duration::ZERO) {
            return;
        }
        new.as_of.places = Some(now);
        new.places_are = places.exactness();
        new.extent = places.extent(now.as_secs());
        if !(places.is_empty() && new.places.is_empty() && new.countries.is_empty()) {
            new.places = places.draw(now);
            new.countries = places.countries(&new.countries);
        }
    }

    /// The clock was set back to `now`: forgets what lies after it.
    pub fn rewind(&mut self, now: Time, marks: Marks, needs: Needs) {
        let second = now.as_secs();
        self.windows.rewind(second, marks);
        if let Some(parts) = &mut self.parts {
            parts.rewind(second, marks);
        }
        self.emotions = Emotions::new(second);
        self.authors.rewind(second, marks);
        self.places = needs.places.map(|window| Places::new(window, second));
        self.lists = Lists::new(needs.lists, second, self.kept.0, self.kept.1);
        if let Some(sample) = &mut self.sample {
            sample.rewind(now);
        }
        self.newest = self.newest.map(|newest| newest.min(now));
    }
}

fn counted(facts: &Facts<'_>) -> Counted {
    let mood = facts.mood.map(Mood::of);
    let is = |one| u32::from(mood == Some(one));
    Counted {
        mentions: 1,
        positive: is(Mood::Positive),
        neutral: is(Mood::Neutral),
        negative: is(Mood::Negative),
        judged: u32::from(facts.mood_origin == Some(Origin::Model)),
        located: u32::from(facts.place.is_some()),
        points: u32::from(facts.place.is_some_and(|place| place.point.is_some())),
        authors: 0,
        followers: facts.followers.unwrap_or(0),
    }
}

/// Whether both tell the same; how old their parts are and how long the windows, which change with every second
/// anyway, make no difference.
fn is_same(a: &Stream, b: &Stream) -> bool {
    let Stream {
        counts,
        spans: _,
        before,
        by_second,
        by_minute,
        by_quarter,
        by_mood,
        breakdown,
        places,
        countries,
        places_are,
        extent,
        ranked,
        emotions,
        latest,
        withdrawn,
        newest,
        as_of: _,
    } = a;
    Arc::ptr_eq(counts, &b.counts)
        && Arc::ptr_eq(before, &b.before)
        && Arc::ptr_eq(by_second, &b.by_second)
        && Arc::ptr_eq(by_minute, &b.by_minute)
        && Arc::ptr_eq(by_quarter, &b.by_quarter)
        && Arc::ptr_eq(by_mood, &b.by_mood)
        && breakdown.as_ref().map(Arc::as_ptr) == b.breakdown.as_ref().map(Arc::as_ptr)
        && Arc::ptr_eq(places, &b.places)
        && Arc::ptr_eq(countries, &b.countries)
        && *places_are == b.places_are
        && Arc::ptr_eq(extent, &b.extent)
        && ranked.is_same(&b.ranked)
        && Arc::ptr_eq(emotions, &b.emotions)
        && Arc::ptr_eq(latest, &b.latest)
        && Arc::ptr_eq(withdrawn, &b.withdrawn)
        && *newest == b.newest
}
