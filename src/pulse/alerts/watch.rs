//! The watch itself: what is judged and asked as time goes on.

use std::sync::Arc;
use std::time::Duration;

use super::about::Lists;
use super::bins::Bins;
use super::detector::{Burst, Detector};
use super::keep;
use super::report::{Alert, Cause, Watch};
use super::rules::Facts;
use super::{AWAY, AlertCommand, Alerts, News};
use crate::clock::Time;
use crate::layout::window::Window;
use crate::mention::source::{FeedState, Health, Note};
use crate::metric::Tally;
use crate::pulse::fold::stream::Fold;
use crate::pulse::gauges::Gauges;
use crate::pulse::hearing::Hearing;
use crate::pulse::hearing::gaps::Gaps;
use crate::pulse::people::People;
use crate::pulse::state::Pulse;

/// How long to wait for feeds at the start that say nothing, and for those that tell their past.
const PATIENCE: [Duration; 2] = [Duration::from_secs(30), Duration::from_secs(300)];
/// A number that is older than this is no present one, seconds.
const NUMBER_AGE: u64 = 300;

/// What is known at one moment.
#[derive(Clone, Copy, Debug)]
struct View<'a> {
    now: Time,
    /// Nothing is known of the time before.
    since: Time,
    /// All of the past is told that will be.
    whole: bool,
    /// Everything, then each topic.
    streams: &'a [Fold],
    hearing: &'a Hearing,
    feeds: &'a [FeedState],
    numbers: &'a Gauges,
    people: Option<&'a People>,
}

impl View<'_> {
    /// Says of a stream whether it is unknown what was said in a minute; `silent` is it of all.
    fn missed(&self, minute: i64, silent: bool) -> impl Fn(usize) -> bool {
        move |stream| {
            let ears = self.streams.get(stream).map_or(0, Fold::ears);
            silent || self.hearing.is_missed(ears, (minute * 60, minute * 60 + 60), AWAY)
        }
    }
}

/// What one rule sees of it.
struct Seen<'a> {
    view: &'a View<'a>,
    stream: Option<&'a Fold>,
    unheard: Gaps,
}

impl<'a> Seen<'a> {
    fn of(view: &'a View<'a>, stream: usize) -> Self {
        let stream = view.streams.get(stream);
        let unheard = stream.map(|stream| stream.unheard(view.hearing)).unwrap_or_default();
        Self { view, stream, unheard }
    }
}

impl Facts for Seen<'_> {
    fn heard(&self, window: Window) -> (u32, u32) {
        let now = self.view.now.as_secs();
        let span = self.stream.map(|stream| stream.heard(window, now, &self.unheard)).unwrap_or_default();
        (span.known, span.whole)
    }

    fn is_whole(&self, window: Window) -> bool {
        let end = self.view.now.as_secs() + 1;
        self.stream.is_some_and(|stream| self.unheard.is_whole(stream.windows.begins(window), end))
    }

    fn tally(&self, window: Window) -> Tally {
        self.stream.map(|stream| stream.tally_over(window)).unwrap_or_default()
    }

    fn series(&self, name: &str) -> Option<f64> {
        let (at, value) = self.view.numbers.last(name)?;
        (self.view.now.since(at).as_secs() <= NUMBER_AGE).then_some(value)
    }

    fn is_stale(&self, feed: &str) -> bool {
        let feed = self.view.feeds.iter().find(|state| *state.name == *feed);
        feed.is_some_and(|feed| {
            let heard = feed.heard.unwrap_or(self.view.since);
            self.view.now.since(heard) > feed.stale_after
        })
    }
}

impl Alerts {
    /// Judges every minute that is ripe, asks the rules, and says anew what alerts are about.
    fn look(&mut self, view: &View<'_>) {
        let now = view.now.as_secs();
        if self.streams.iter().all(Option::is_none) && self.rules.is_empty() {
            return;
        }
        if !view.whole {
            return;
        }
        self.judge(now, view);
        if self.asked != Some(now) {
            self.asked = Some(now);
            self.ask(view);
        }
        let minute = now.div_euclid(60);
        if !self.board.is_quiet() && (self.described != Some(minute) || self.board.has_changed()) {
            self.described = Some(minute);
            let about = |alert: &Alert| lists_of(view, alert).map(|l| l.about(alert.since.as_secs(), now));
            self.board.describe(about);
        }
    }

    /// Whether the past that feeds bring along at the start is there: all of it, or what came in the
    /// first half minute, or five if they are still at it.
    fn may_begin(&self, now: Time, feeds: &[FeedState]) -> bool {
        let ran = now.since(self.start);
        let has = |health: fn(&Health) -> bool| feeds.iter().any(|feed| health(&feed.health));
        let (new, at_it) = (has(|h| *h == Health::Connecting), has(|h| *h == Health::CatchingUp));
        self.next.is_some() || ran >= PATIENCE[if at_it { 1 } else { 0 }] || !(new || at_it)
    }

    fn judge(&mut self, now: i64, view: &View<'_>) {
        let (ripe, since) = (self.bins.ripe(now), view.since.as_secs().div_euclid(60));
        let first = self.next.unwrap_or_else(|| self.first(since, now.div_euclid(60)));
        if first > ripe {
            return;
        }
        if self.next.is_none() {
            for minute in self.judged_before(first, since) {
                let missed = view.missed(minute, self.is_silent(minute));
                self.note_usual(minute, missed);
            }
        }
        (first..=ripe).for_each(|minute| self.judge_minute(minute, view));
        self.next = Some(ripe + 1);
        self.watches = self.watches(ripe + 1);
    }

    /// The first minute that somebody does not know yet.
    fn first(&self, since: i64, now: i64) -> i64 {
        let oldest = since.max(Bins::oldest(now));
        let known = |stream: &super::Stream| stream.known.map_or(oldest, |known| known + 1);
        self.streams.iter().flatten().map(known).min().map_or(oldest, |first| first.max(oldest))
    }

    fn judge_minute(&mut self, minute: i64, view: &View<'_>) {
        let missed = view.missed(minute, self.is_silent(minute));
        self.note_usual(minute, &missed);
        let mut bursting = Vec::new();
        for (i, stream) in self.streams.iter_mut().enumerate() {
            let Some(stream) = stream else { continue };
            if stream.known.is_none_or(|known| known < minute) {
                stream.detector.minute(minute, (!missed(i)).then(|| self.bins.count(i, minute)));
            }
            bursting.extend(stream.detector.burst().map(|burst| told(&stream.news, burst)));
        }
        let now = Time::from_secs(self.bins.judged_at(minute));
        self.board.update(now, Cause::Burst, &bursting);
        let unknown = missed(0);
        let back = std::mem::replace(&mut self.blind, unknown) && !unknown;
        if minute.rem_euclid(60) == 59 || back {
            self.keep(minute);
        }
    }

    /// Keeps what the detectors know.
    fn keep(&mut self, minute: i64) {
        let known = |stream: &super::Stream| keep::detector(stream.listens, minute, &stream.detector);
        let ripe = |stream: &&super::Stream| stream.known.is_none_or(|known| known < minute);
        // Only the last of an hour is worth keeping: none is asked for twice.
        let known: Vec<Note> = self.streams.iter().flatten().filter(ripe).map(known).collect();
        self.notes.retain(|note| known.iter().all(|new| new.key != note.key));
        self.notes.extend(known);
    }

    fn ask(&mut self, view: &View<'_>) {
        let mut holding = Vec::new();
        for watched in &mut self.rules {
            let part = if self.board.stands(watched.news.what) { watched.part } else { 1.0 };
            let seen = Seen::of(view, watched.stream);
            if let Some(since) = watched.held.at(&watched.rule, &seen, part, view.now) {
                holding.push(News { since, ..watched.news.clone() });
            }
            if !watched.rule.lasting.is_zero() {
                let is_told = holding.last().is_some_and(|news| news.what == watched.news.what);
                let noted = watched.held.note(is_told, view.now);
                self.notes.extend(noted.map(|holding| keep::holding(watched.news.what, holding)));
            }
        }
        self.board.update(view.now, Cause::Rule, &holding);
    }

    fn watches(&self, minute: i64) -> Arc<[Watch]> {
        let of = |(stream, detector): (usize, &Detector)| Watch {
            learning: Some(u16::try_from(detector.learning()).unwrap_or(u16::MAX)),
            usual: (detector.usual(minute) * 10.0).round() as f32 / 10.0,
            late: self.bins.late(stream),
        };
        let none = Watch { learning: None, usual: 0.0, late: 0 };
        let all = self.streams.iter().enumerate();
        all.map(|(i, stream)| stream.as_ref().map_or(none, |s| of((i, &s.detector)))).collect()
    }
}

/// A burst as news; expected mentions to a thousandth, so that they are the same when they are
/// read back.
fn told(news: &News, burst: &Burst) -> News {
    let since = Time::from_secs(burst.begin * 60);
    let expected = (burst.expected * 1_000.0).round() / 1_000.0;
    News { since, observed: burst.observed, expected, ..news.clone() }
}

fn lists_of<'a>(view: &View<'a>, alert: &Alert) -> Option<Lists<'a>> {
    let stream = alert.topic.map_or(0, |topic| usize::from(topic) + 1);
    view.streams.get(stream).map(|stream| stream.lists(view.people))
}

impl Pulse {
    /// Judges and asks as far as time has gone.
    pub(in crate::pulse) fn look_out(&mut self) {
        let view = View {
            now: self.head,
            since: self.all_known_since(),
            whole: self.recalling.is_none() && self.alerts.may_begin(self.head, &self.feeds),
            streams: &self.streams,
            people: self.people.as_ref(),
            hearing: &self.hearing,
            feeds: &self.feeds,
            numbers: &self.numbers,
        };
        self.alerts.look(&view);
    }

    /// Does what somebody asked for at `now`.
    pub fn command(&mut self, command: &AlertCommand, now: Time) {
        if !self.alerts.command(command, now) {
            tracing::info!("an alert was acknowledged that is not active: {command:?}");
        }
    }
}
