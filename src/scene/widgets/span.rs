//! How long a window is now, how much of it was heard, why there is nothing to show of it, and which
//! series tells of it.

use std::sync::Arc;

use super::figures::THIN;
use crate::clock::Time;
use crate::layout::window::Window;
use crate::pulse::snapshot::{Health, Nature, Series, Span, Stream};
use crate::scene::badge::hour;
use crate::scene::widget::Cx;

const HOUR: u32 = 3_600;
const DAY: u32 = 86_400;
/// How far back quarters of an hour are remembered, seconds.
pub const LONGEST: u32 = 8 * DAY;

/// Length of the window now, seconds; at least 1.
pub fn secs(stream: &Stream, window: Window) -> u32 {
    window.secs().unwrap_or(stream.spans.over(window).whole).max(1)
}

/// How many seconds of the window have data.
pub fn known(stream: &Stream, window: Window) -> u32 {
    stream.spans.over(window).known
}

/// Whether the whole window has data, except for at most a hundredth.
pub fn is_whole(stream: &Stream, window: Window) -> bool {
    known(stream, window) + slack(secs(stream, window)) >= secs(stream, window)
}

/// What may be missing of so many seconds without a word.
fn slack(secs: u32) -> u32 {
    (secs / 100).max(1)
}

/// How much of the window has data, in words: `3 min so far` if the rest is before the wall was
/// listening at all, `23 h of 24 h heard` if there are gaps. `None` if it is complete.
pub fn part(stream: &Stream, window: Window) -> Option<String> {
    let Span { known, age, .. } = stream.spans.over(window);
    let secs = secs(stream, window);
    match known {
        _ if is_whole(stream, window) => None,
        _ if age > known + slack(secs) => Some(format!("{} of {} heard", length(known), length(secs))),
        0..60 if window == Window::M1 => None,
        0..60 => Some("since just now".into()),
        _ => Some(format!("{} so far", length(known))),
    }
}

/// The window in words, or how much of it has data.
pub fn window_words(cx: &Cx<'_>, window: Window) -> String {
    part(cx.snapshot.stream(cx.topic), window).unwrap_or_else(|| cx.wall.window_words(window).into_owned())
}

/// A length of time in its largest unit, rounded down.
pub fn length(secs: u32) -> String {
    match secs {
        0..60 => format!("{secs}{THIN}s"),
        60..3_600 => format!("{}{THIN}min", secs / 60),
        3_600..172_800 => format!("{}{THIN}h", secs / 3_600),
        _ => format!("{}{THIN}days", secs / 86_400),
    }
}

/// Steps in which it is told how much of the past has been read, per cent.
const STEP: u8 = 5;

/// Why a window has nothing to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Silence {
    /// The journal has not been read completely yet; how much of the past has, per cent.
    Untold(u8),
    /// A feed is handing over the past.
    CatchingUp,
    /// No feed was listening.
    Deaf,
    /// The same, at the start, while a feed is being connected and none has failed.
    Connecting,
    /// This machine's clock is not right yet.
    Timeless,
    /// The wall has been listening since this second, which is too short to say anything.
    Since(i64),
    /// Only that many of that many seconds have data, which is too little to say anything.
    Hardly(u32, u32),
}

impl Silence {
    /// For a window; `None` if there is something to show, even if only that there were no mentions.
    pub fn of(cx: &Cx<'_>, window: Window) -> Option<Self> {
        let stream = cx.snapshot.stream(cx.topic);
        let Span { whole, known, age, untold, .. } = stream.spans.over(window);
        let said = stream.counts.over(window).mentions > 0;
        match known {
            _ if cx.snapshot.waiting && known == 0 => Some(Self::Timeless),
            _ if untold > 0 => Some(Self::untold(cx)),
            _ if whole == 0 => None,
            0 => Some(Self::deaf(cx)),
            1..60 if said || known >= whole => None,
            1..60 if age > known + 1 => Some(Self::Hardly(known, whole)),
            1..60 => Some(Self::Since(cx.snapshot.at.as_secs() + 1 - i64::from(age))),
            _ => None,
        }
    }

    /// For now: what an empty list says.
    pub fn now(cx: &Cx<'_>) -> Option<Self> {
        if cx.snapshot.catching_up {
            return Some(Self::untold(cx));
        }
        Self::of(cx, Window::M1).filter(|silence| {
            matches!(silence, Self::CatchingUp | Self::Deaf | Self::Connecting | Self::Timeless)
        })
    }

    /// In steps: every other number is another text to set, on every tile.
    fn untold(cx: &Cx<'_>) -> Self {
        Self::Untold(cx.snapshot.told_percent / STEP * STEP)
    }

    fn deaf(cx: &Cx<'_>) -> Self {
        let tells = |nature, health| nature == Nature::Live && health == &Health::CatchingUp;
        let catching_up = cx.snapshot.feeds.iter().any(|feed| tells(feed.nature, &feed.health));
        match catching_up {
            true => Self::CatchingUp,
            false if away(cx).is_none() && is_connecting(cx) => Self::Connecting,
            false => Self::Deaf,
        }
    }

    /// In words, longest first.
    pub fn words(self, cx: &Cx<'_>) -> Vec<String> {
        match self {
            Self::Untold(percent) => vec![format!("catching up, {percent}{THIN}%"), "catching up".into()],
            Self::CatchingUp => vec!["catching up".into()],
            Self::Deaf => {
                let why = away(cx).map(|why| format!("not listening: {why}"));
                why.into_iter().chain(["not listening".into()]).collect()
            }
            Self::Connecting => vec!["connecting".into()],
            Self::Timeless => vec!["waiting for the time".into(), "waiting".into()],
            Self::Since(second) => {
                let at = hour(Time::from_secs(second), &cx.wall.time_zone());
                vec![format!("listening since {at}"), format!("since {at}")]
            }
            Self::Hardly(known, whole) => vec![format!("{} of {} heard", length(known), length(whole))],
        }
    }
}

/// Whether one of the tile's feeds is being connected for the first time.
fn is_connecting(cx: &Cx<'_>) -> bool {
    let own = cx.tile.widget.feeds(&cx.wall.sources());
    let feeds = cx.snapshot.feeds.iter().enumerate();
    feeds.filter(|(i, _)| own.get(*i).copied().unwrap_or(true)).any(|(_, f)| f.health == Health::Connecting)
}

/// What keeps the first of the tile's feeds away of which that is known.
fn away(cx: &Cx<'_>) -> Option<String> {
    let own = cx.tile.widget.feeds(&cx.wall.sources());
    let feeds = cx.snapshot.feeds.iter().enumerate();
    feeds.filter(|(i, _)| own.get(*i).copied().unwrap_or(true)).find_map(|(_, feed)| match &feed.health {
        Health::Down { since, .. } => {
            Some(format!("{} down since {}", feed.name, hour(*since, &cx.wall.time_zone())))
        }
        Health::Refused { .. } => Some(format!("{} refused", feed.name)),
        _ => None,
    })
}

/// The series for a window: by the second up to an hour, by the minute up to a day, by the quarter of an
/// hour above that.
pub fn series(stream: &Stream, window: Window) -> &Arc<Series> {
    series_of(stream, secs(stream, window))
}

/// The same for a time of that many seconds.
pub fn series_of(stream: &Stream, secs: u32) -> &Arc<Series> {
    match secs {
        secs if secs <= HOUR => &stream.by_second,
        secs if secs <= DAY => &stream.by_minute,
        _ => &stream.by_quarter,
    }
}

/// The length of a picture of the window, seconds: a window that grows with time does so in steps, and
/// ends where nothing is remembered.
pub fn drawn_secs(stream: &Stream, window: Window) -> u32 {
    let secs = secs(stream, window).min(LONGEST);
    match secs {
        _ if window.secs().is_some() => secs,
        _ if secs <= HOUR => secs.next_multiple_of(60),
        _ if secs <= DAY => secs.next_multiple_of(900),
        _ => secs.next_multiple_of(HOUR).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::pulse::snapshot::{FeedState, Spans};
    use crate::scene::widget::Widget;
    use crate::scene::widgets::fixture::{NOW, Stage};
    use crate::scene::widgets::{
        AlertsTable, CounterTable, MentionsTable, Metric, RanksTable, SentimentTable, alerts, counter,
        mentions, ranks, sentiment,
    };

    /// A wall on which every window is so, and that says `said` in it.
    fn stage(known: u32, age: u32, untold: u32, said: bool) -> Stage {
        let mut stage = Stage::new(420.0, 260.0);
        stage.wall.zone = Some("UTC".into());
        let span = |w: Window| {
            let whole = w.secs().unwrap_or(43_200);
            Span { whole, known: known.min(whole), age: age.min(whole), untold: untold.min(whole), unread: 0 }
        };
        stage.snapshot.all.spans = Arc::new(Spans(Window::ALL.map(span)));
        if !said {
            let all = &mut stage.snapshot.all;
            (all.counts, all.ranked, all.latest) = Default::default();
        }
        stage
    }

    fn feed(health: Health) -> FeedState {
        FeedState { health, ..FeedState::new("public", Nature::Live, Duration::from_secs(60)) }
    }

    /// The number's first character, and its caption, longest.
    fn counted(stage: &mut Stage) -> (String, String) {
        let spec = CounterTable { metric: Metric::Mentions, window: Window::H1, ..CounterTable::default() };
        let mut widget = counter::Counter::new(&spec, &stage.wall);
        let text = stage.both(&mut widget).to_string();
        let number = if text.contains("\"–\"") { "–" } else { "number" };
        let caption = stage.caption(&mut widget).first().cloned().unwrap_or_default();
        (number.into(), caption.replace(THIN, " "))
    }

    #[test]
    fn a_number_of_what_nobody_heard_is_a_dash_and_says_why() {
        let refused = Health::Refused { since: NOW, why: "no token".into() };
        let told = |mut stage: Stage, health: Health, percent: u8| {
            stage.snapshot.feeds = vec![feed(health)];
            stage.snapshot.told_percent = percent;
            let (number, caption) = counted(&mut stage);
            format!("{number} {caption}")
        };
        assert_eq!(told(stage(0, 0, 0, false), refused.clone(), 100), "– not listening: public refused");
        assert_eq!(told(stage(0, 0, 0, false), Health::CatchingUp, 100), "– catching up");
        assert_eq!(told(stage(600, 600, 3_000, true), Health::Live, 40), "– catching up, 40 %");
        assert_eq!(told(stage(30, 30, 0, false), Health::Live, 100), "– listening since 07:59");
        assert_eq!(told(stage(30, 900, 0, false), Health::Live, 100), "– 30 s of 1 h heard");
        assert_eq!(told(stage(90, 90, 0, false), Health::Live, 100), "number 1 min so far");
        assert_eq!(told(stage(3_000, 3_600, 0, true), refused.clone(), 100), "number 50 min of 1 h heard");
        assert_eq!(told(stage(3_570, 3_600, 0, true), refused, 100), "number last hour");
    }

    #[test]
    fn lists_and_parts_and_alerts_say_the_same() {
        let mut stage = stage(0, 0, 0, false);
        stage.snapshot.feeds = vec![feed(Health::Down { since: NOW, why: "no route".into() })];
        let list = MentionsTable { topic: None, count: 6 };
        let mut all: [Box<dyn Widget>; 3] = [
            Box::new(mentions::Mentions::new(&list, &stage.wall)),
            Box::new(ranks::Ranks::new(&RanksTable::default(), &stage.wall)),
            Box::new(alerts::Alerts::new(&AlertsTable::default(), &stage.wall)),
        ];
        for widget in &mut all {
            let text = stage.both(&mut **widget).to_string().to_lowercase();
            assert!(text.contains("not listening") && !text.contains("unusual"), "{text}");
        }
        let mut moods = sentiment::Sentiment::new(&SentimentTable::default(), &stage.wall);
        assert_eq!(stage.caption(&mut moods), ["not listening: public down since 08:00", "not listening"]);
        let keys: Vec<u64> = all.iter_mut().map(|widget| stage.key(&mut **widget)).collect();
        stage.snapshot.catching_up = true;
        assert!(all.iter_mut().zip(keys).all(|(widget, before)| stage.key(&mut **widget) != before));
    }
}
