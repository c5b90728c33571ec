//! One voice, large. Each stands long enough to be read; then comes the best of those that were said
//! meanwhile. Where moderators have pinned some, these take turns.

use crate::layout::kind::{Need, Quotes, Room, TileKind, of_topic};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::hash::{Hash, Hasher};
use std::time::Duration;

use super::marks::{self, Marks};
use super::mentions::voice::{self, Voice};
use super::mentions::{stamp, topic_color};
use super::span::Silence;
use crate::clock::Time;
use crate::geometry::Rect;
use crate::layout::legibility::Step;
use crate::layout::wall::{Motion, Wall};
use crate::pulse::snapshot::Shown;
use crate::scene::ease;
use crate::scene::list::List;
use crate::scene::widget::{Cx, Widget, WidgetTable};

/// How long one stands at least, seconds: 25 words a quarter faster than aloud, and a breath.
const STANDS: i64 = 12;
/// The old one goes, then the new one comes.
const GOES: Duration = Duration::from_millis(150);
const COMES: Duration = Duration::from_millis(400);
/// How far lines rise as they come, arc minutes.
const RISE: f32 = 12.0;
/// Letters that make a sentence worth reading and still large.
const LETTERS: std::ops::RangeInclusive<usize> = 20..=140;
/// Narrower places say nothing, type sizes.
const NARROWEST: f32 = 5.0;
/// Newest mentions that are looked at; all of them are still listed while one stands.
const LOOKED_AT: usize = 32;

/// One mention, large.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct QuoteTable {
    /// Name of a topic. Default: everything.
    pub topic: Option<String>,
}

impl TileKind for QuoteTable {
    of_topic!();

    fn quotes(&self) -> Quotes {
        Quotes::Texts
    }

    fn needs(&self) -> Vec<Need> {
        vec![Need::Latest]
    }

    fn least(&self, _room: &Room) -> (f32, f32) {
        (220.0, Room::FRAME + Room::line(Step::Body))
    }

    fn words_to_read(&self) -> usize {
        25
    }
}

impl WidgetTable for QuoteTable {
    const KIND: &'static str = "quote";

    fn widget(&self, wall: &Wall) -> Box<dyn Widget> {
        Box::new(Quote::new(self, wall))
    }
}

pub struct Quote {
    marks: Marks,
    set: Vec<(u64, Rect, Voice)>,
}

impl Quote {
    pub fn new(_spec: &QuoteTable, _wall: &Wall) -> Self {
        Self { marks: Marks::default(), set: Vec::new() }
    }

    /// The best of what had come by the second `by`, among those of the time in which the last came.
    fn best<'a>(cx: &Cx<'a>, by: i64) -> Option<&'a Shown> {
        let pinned: Vec<&Shown> = cx.snapshot.pinned(cx.topic).collect();
        if !pinned.is_empty() {
            let turn = by.div_euclid(STANDS).rem_euclid(pinned.len() as i64);
            return Some(pinned[turn as usize]);
        }
        let listed = cx.snapshot.stream(cx.topic).latest.iter().take(LOOKED_AT);
        let there: Vec<&Shown> = listed.filter(|shown| shown.at.as_secs() <= by).collect();
        let turn = |shown: &Shown| (by - shown.at.as_secs()).div_euclid(STANDS);
        let last = turn(there.first()?);
        let turns = there.iter().copied().take_while(|shown| turn(shown) == last);
        turns.max_by_key(|shown| (worth(shown), shown.serial))
    }

    /// When the one that stands came, and it.
    fn now<'a>(cx: &Cx<'a>) -> (Time, Option<&'a Shown>) {
        let begin = cx.now.as_secs().div_euclid(STANDS) * STANDS;
        (Time::from_secs(begin), Self::best(cx, begin))
    }

    /// The one before and how far the change has come, while it is under way.
    fn change<'a>(cx: &Cx<'a>) -> Option<(Option<&'a Shown>, Duration)> {
        let (begin, now) = Self::now(cx);
        let before = Self::best(cx, begin.as_secs() - STANDS);
        let since = cx.now.since(begin);
        let length = (GOES + COMES) * if cx.motion == Motion::Calm { 2 } else { 1 };
        let same = before.map(|shown| shown.serial) == now.map(|shown| shown.serial);
        (cx.motion != Motion::Still && !same && since < length).then_some((before, since))
    }

    fn voice(&mut self, cx: &mut Cx<'_>, place: Rect, shown: &Shown) -> Voice {
        let key = stamp(shown, cx.now);
        if let Some((_, _, voice)) = self.set.iter().find(|(held, at, _)| (*held, *at) == (key, place)) {
            return voice.clone();
        }
        let voice = Voice::set(cx, shown, place, 4.6);
        self.set.truncate(3);
        self.set.insert(0, (key, place, voice.clone()));
        voice
    }

    fn draw(&mut self, cx: &mut Cx<'_>, list: &mut List, shown: &Shown, shift: f32, alpha: f32) {
        let home = marks::airy_home(cx);
        if home.w < cx.scale.size(Step::Least) * NARROWEST || home.h < cx.scale.line(Step::Least) {
            return;
        }
        self.marks.resize(cx.scale.size(Step::Label) * 0.62);
        let (voice, topic, marks) = (self.voice(cx, home, shown), topic_color(cx, shown), self.marks.clone());
        // What does not fill its place stands on the optical middle.
        let middle = ((home.h - voice.height()) * 0.42).max(0.0);
        let with = voice::Look { theme: cx.theme, topic, marks: &marks };
        voice.draw(list, &with, home, middle + shift, alpha, (shift != 0.0).then_some(home));
    }
}

/// How much a mention is worth reading: words of a good length, then reach by powers of two.
fn worth(shown: &Shown) -> (bool, u32) {
    let mention = &shown.mention;
    let letters = mention.text.as_deref().map_or(0, |text| text.chars().take(200).count());
    let followers = mention.author.as_ref().and_then(|author| author.followers);
    let reach = followers.max(mention.reach.map(|reach| reach.value)).unwrap_or(0);
    (LETTERS.contains(&letters), reach.checked_ilog2().unwrap_or(0))
}

impl Widget for Quote {
    fn heading(&self, _wall: &Wall) -> String {
        String::new()
    }

    fn key(&mut self, cx: &mut Cx<'_>) -> u64 {
        let mut state = marks::seed(cx);
        let moves = Self::change(cx).is_some();
        let shown = Self::now(cx).1;
        (moves, shown.map(|shown| stamp(shown, cx.now))).hash(&mut state);
        shown.is_none().then(|| nothing(cx)).hash(&mut state);
        state.finish()
    }

    fn still(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        match Self::now(cx).1 {
            Some(shown) if Self::change(cx).is_none() => self.draw(cx, list, shown, 0.0, 1.0),
            Some(_) => {}
            None => {
                let home = marks::airy_home(cx);
                marks::nothing(cx, list, &nothing(cx), home);
            }
        }
    }

    fn motion(&mut self, cx: &mut Cx<'_>, list: &mut List) {
        let Some((before, since)) = Self::change(cx) else { return };
        let calm = if cx.motion == Motion::Calm { 2 } else { 1 };
        let part = |length: Duration, since: Duration| since.as_secs_f32() / (length * calm).as_secs_f32();
        if since < GOES * calm {
            if let Some(shown) = before {
                self.draw(cx, list, shown, 0.0, 1.0 - part(GOES, since));
            }
            return;
        }
        if let Some(shown) = Self::now(cx).1 {
            let t = ease::in_out(part(COMES, since - GOES * calm).min(1.0));
            self.draw(cx, list, shown, (1.0 - t) * cx.scale.mm(RISE), t);
        }
    }
}

/// Why there is no voice, longest first.
fn nothing(cx: &Cx<'_>) -> Vec<String> {
    let plain = || vec!["no mentions yet".into(), "none yet".into()];
    Silence::now(cx).map_or_else(plain, |silence| silence.words(cx))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::widgets::fixture::{self, NOW, Stage};

    fn quote(wall: &Wall) -> Box<dyn Widget> {
        Box::new(Quote::new(&QuoteTable::default(), wall))
    }

    #[test]
    fn one_stands_for_its_time_whatever_comes_in() {
        let mut stage = Stage::new(900.0, 400.0);
        let mut widget = quote(&stage.wall);
        stage.now = Time::from_secs(NOW.as_secs() + 2);
        let key = stage.key(&mut *widget);
        let mut latest = stage.snapshot.all.latest.to_vec();
        latest.insert(0, Shown { at: stage.now, ..fixture::shown(17) });
        stage.snapshot.all.latest = latest.into();
        stage.now = Time::from_secs(NOW.as_secs() + 11);
        assert_eq!(stage.key(&mut *widget), key);
        stage.now = Time::from_secs(NOW.as_secs() + 13);
        assert_ne!(stage.key(&mut *widget), key, "NOW is a multiple of twelve seconds");
    }

    #[test]
    fn old_words_are_gone_before_new_ones_come() {
        let mut stage = Stage::new(900.0, 400.0);
        let mut widget = quote(&stage.wall);
        let mut latest = stage.snapshot.all.latest.to_vec();
        latest.insert(0, Shown { at: NOW, ..fixture::shown(17) });
        stage.snapshot.all.latest = latest.into();
        stage.now = NOW + Duration::from_millis(100);
        let going = stage.motion(&mut *widget).to_string();
        stage.now = NOW + Duration::from_millis(300);
        let coming = stage.motion(&mut *widget).to_string();
        assert!(
            stage.still(&mut *widget).is_empty() && going != coming && !coming.is_empty(),
            "{going}{coming}"
        );
        stage.now = NOW + Duration::from_millis(600);
        assert!(stage.motion(&mut *widget).is_empty() && !stage.still(&mut *widget).is_empty());
    }

    #[test]
    fn it_is_legible_in_every_tile_and_says_why_it_is_empty() {
        fixture::assert_legible_at_every_size(quote, None);
        let mut stage = Stage::new(900.0, 400.0);
        stage.snapshot.all = Default::default();
        let drawn = stage.still(&mut *quote(&stage.wall)).to_string();
        assert!(drawn.contains("no mentions yet") || drawn.contains("not listening"), "{drawn}");
    }
}
