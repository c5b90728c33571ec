//! What stands under a counter's number when there is room: its past, its part of the whole, or a
//! comparison in words.

use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step};
use crate::metric::{Exactness, Metric, Tally};
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::chart::{self, Bin, Plot};
use crate::scene::widgets::figures::{about, hundred, share_of};
use crate::scene::widgets::marks::{Anchor, Mood, put};
use crate::text::Setting;

/// The kind of addition that suits a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extra {
    Chart,
    /// How much of a goal is reached, and the past where there is room.
    Goal,
    Bar,
    Note,
}

impl Extra {
    pub const fn of(metric: Metric) -> Self {
        match metric {
            Metric::Mentions | Metric::Rate => Self::Chart,
            _ if metric.moods().is_some() => Self::Bar,
            _ => Self::Note,
        }
    }
}

/// Positive, neutral, negative in per cent of what is known.
pub fn moods(tally: &Tally) -> [u32; 3] {
    let parts = hundred(&[tally.positive, tally.neutral, tally.negative]);
    [parts[0], parts[1], parts[2]]
}

/// A comparison, coarse enough to stand for a while.
pub fn note(metric: Metric, tally: &Tally) -> Option<String> {
    match metric {
        Metric::Authors => {
            let each = tally.mentions as f64 / tally.authors.filter(|&n| n > 0)? as f64;
            Some(if each < 10.0 {
                format!("{each:.1} mentions each")
            } else {
                format!("{each:.0} mentions each")
            })
        }
        Metric::Reach if tally.followers > 0 => Some(match tally.followers / tally.mentions.max(1) {
            0 => "<1 for each mention".into(),
            each => format!("{} for each mention", about(each)),
        }),
        Metric::UnknownShare if tally.mentions > 0 => Some(format!("of {} mentions", about(tally.mentions))),
        Metric::Unknown if tally.mentions > 0 => {
            Some(format!("{} of all", share_of(tally.unknown, tally.mentions)))
        }
        _ => None,
    }
}

/// How sure a number of people is, and of how many mentions one about moods knows anything; `None`
/// for numbers that are plain.
pub fn coverage(metric: Metric, tally: &Tally) -> Option<String> {
    if metric == Metric::Authors {
        return sureness(tally.authors_are).map(Into::into);
    }
    let about_moods = Extra::of(metric) == Extra::Bar && tally.mentions > 0;
    let known = tally.mentions - tally.unknown.min(tally.mentions);
    about_moods.then(|| format!("known for {}", share_of(known, tally.mentions)))
}

/// Said of a number of people that is not exact, however little room there is.
pub fn sureness(is: Exactness) -> Option<&'static str> {
    match is {
        Exactness::Exact => None,
        Exactness::About => Some("estimated"),
        Exactness::AtLeast => Some("at least"),
    }
}

/// Words as large as they fit, at least as a label; below a small number at the bottom of `rect`.
pub fn draw_words(cx: &mut Cx<'_>, list: &mut List, rect: Rect, words: &str) {
    let (label, line) = (cx.scale.size(Step::Label), cx.scale.line(Step::Label));
    let wide = cx.setter.width(Setting::line(words, 100.0).tabular()) / 100.0;
    let size = (rect.w * 0.98 / wide.max(0.01)).min((rect.h - line * 0.4) / LINE_HEIGHT).max(label);
    let shaped = cx.setter.set(Setting::line(words, size).tabular());
    if shaped.size.w <= rect.w {
        let y = if size > label { rect.y + line * 0.3 + size * CAP_HEIGHT } else { rect.y + line };
        put(list, shaped, Anchor::Left, Point::new(rect.x, y), cx.theme.quiet);
    }
}

/// The past of the number as an area from zero; what is unknown is hatched.
pub fn draw_chart(cx: &Cx<'_>, list: &mut List, rect: Rect, bins: &[Option<Bin>]) {
    let plot = Plot { rect, bins, top: Plot::highest(bins) * 1.05, end: None };
    chart::hatch(list, rect, bins, cx.scale.mm(7.0), cx.theme.unknown.fade(0.6));
    plot.draw(list, cx.color, cx.scale.mm(1.6), 0.2);
}

/// How much of a goal is reached, thousandths; its whole is the track. Nothing is filled when nobody
/// knows. Gives the room below for the past, where that is enough.
pub fn draw_goal(cx: &Cx<'_>, list: &mut List, rect: Rect, part: Option<u32>, charted: bool) -> Option<Rect> {
    let (line, least) = (cx.scale.line(Step::Label), cx.scale.mm(9.0));
    let wanted = (rect.h * 0.3).min(cx.scale.cap(Step::Title)).max(least);
    let below = Rect { y: rect.y + wanted + line * 0.5, h: rect.h - wanted - line * 0.5, ..rect };
    let below = Some(below).filter(|below| charted && below.h >= line * 1.3);
    let h = if below.is_some() { wanted } else { rect.h };
    list.rect(Rect { h, ..rect }, cx.theme.hairline);
    if let Some(part) = part {
        list.rect(Rect { h, w: rect.w * part as f32 / 1_000.0, ..rect }, cx.color);
    }
    below
}

/// A goal as a mark across the part that a share counts; a net has no place on the bar.
pub fn draw_goal_of_bar(cx: &Cx<'_>, list: &mut List, rect: Rect, metric: Metric, goal: Option<f64>) {
    let part = match (metric, goal) {
        (Metric::PositiveShare, Some(goal)) => goal / 100.0,
        (Metric::NegativeShare, Some(goal)) => 1.0 - goal / 100.0,
        _ => return,
    };
    let (wide, over) = (cx.scale.mm(2.0), cx.scale.mm(3.0));
    let x = rect.x + rect.w * part.clamp(0.0, 1.0) as f32;
    let mark = Rect::new(x - wide, rect.y - over, wide * 2.0, rect.h + over);
    list.rect(mark.inset(-wide * 0.5), cx.theme.ground);
    list.rect(mark, cx.theme.ink);
}

/// Positive, neutral and negative side by side; what the number does not count is faint.
pub fn draw_bar(cx: &Cx<'_>, list: &mut List, rect: Rect, metric: Metric, moods: [u32; 3]) {
    let counted = metric.moods().unwrap_or([true; 3]);
    let mut x = rect.x;
    for (i, mood) in [Mood::Positive, Mood::Neutral, Mood::Negative].into_iter().enumerate() {
        let w = rect.w * moods[i] as f32 / 100.0;
        let color = if counted[i] { mood.color(cx.theme) } else { cx.theme.hairline };
        list.rect(Rect { x, w, ..rect }, color);
        x += w;
    }
}
