//! The plate at the left of a ticker: what walks here, whether it is live, and how much comes.

use std::sync::Arc;

use crate::geometry::{Point, Rect};
use crate::layout::legibility::Step;
use crate::layout::window::Window;
use crate::pulse::snapshot::{Health, Nature};
use crate::scene::chrome::{GUTTER, hairline};
use crate::scene::list::{Item, List};
use crate::scene::widget::Cx;
use crate::scene::widgets::figures::grouped;
use crate::scene::widgets::marks;
use crate::scene::widgets::span;
use crate::text::{Cut, Shaped};

/// A display narrower than this, arc minutes, has no plate.
const NARROW: f32 = 760.0;
/// The plate is at least so wide, and grows in steps of so much, arc minutes.
const LEAST: f32 = 120.0;
const STEP: f32 = 40.0;

/// The plate, and what it says.
pub struct Plate {
    pub rect: Rect,
    name: Arc<Shaped>,
    rate: Option<Arc<Shaped>>,
}

impl Plate {
    /// `None` where there is no room for it, or the layout wants none (`title = ""`).
    pub fn of(cx: &mut Cx<'_>) -> Option<Self> {
        let first = cx.lit.first()?.intersection(&cx.area)?;
        let low = cx.area.h < cx.scale.line(Step::Body) + cx.scale.line(Step::Label);
        if cx.scale.arcmin(first.w) < NARROW || low || cx.tile.title.as_deref() == Some("") {
            return None;
        }
        let topic = cx.topic.and_then(|topic| cx.wall.topics.get(topic)).map(|topic| topic.label.clone());
        let title = cx.tile.title.clone().or(topic).unwrap_or_else(|| "Now".into());
        let name = marks::line(cx, &title, Step::Body, Cut::Semibold);
        let rate = rate(cx).map(|words| marks::line(cx, &words, Step::Label, Cut::Regular));
        let text = name.size.w + dot(cx) * 3.0;
        let text = rate.as_ref().map_or(text, |rate| rate.size.w.max(text));
        let wide = cx.scale.arcmin(text) + 2.0 * GUTTER;
        let w = cx.scale.mm(LEAST + ((wide - LEAST).max(0.0) / STEP).ceil() * STEP);
        let is_small = w <= first.w / 2.0;
        is_small.then_some(Self { rect: Rect { x: first.x, w, ..cx.area }, name, rate })
    }

    /// True when what walks is said right now, and is no simulation.
    pub fn is_live(cx: &Cx<'_>) -> bool {
        let feeds = &cx.snapshot.feeds;
        let is_heard = feeds.iter().any(|feed| feed.heard.is_some() && feed.health == Health::Live);
        is_heard && feeds.iter().all(|feed| feed.nature == Nature::Live)
    }

    /// What stands: the dot, the name, and a rule at the right.
    pub fn draw(&self, cx: &Cx<'_>, list: &mut List) {
        let (dot, thin, gutter) = (dot(cx), hairline(cx.scale), cx.scale.mm(GUTTER));
        let (upper, _) = self.baselines(cx);
        let center = Point::new(self.rect.x + gutter + dot, upper - cx.scale.cap(Step::Body) / 2.0);
        match Self::is_live(cx) {
            true => list.disc(center, dot, cx.color),
            false => list.push(Item::Ring { center, radius: dot * 0.85, width: dot * 0.3, color: cx.color }),
        }
        let at = Point::new(self.rect.x + gutter + dot * 3.0, upper);
        list.text(self.name.clone(), at, cx.theme.ink);
        let margin = self.rect.h * 0.2;
        let rule =
            Rect::new(self.rect.right() - thin, self.rect.y + margin, thin, self.rect.h - 2.0 * margin);
        list.rect(rule, cx.theme.hairline);
    }

    /// What changes with every second.
    pub fn draw_rate(&self, cx: &Cx<'_>, list: &mut List) {
        let (_, lower) = self.baselines(cx);
        if let Some(rate) = &self.rate {
            let at = Point::new(self.rect.x + cx.scale.mm(GUTTER), lower);
            list.text(rate.clone(), at, cx.theme.quiet);
        }
    }

    /// Of the name and of the rate; the name stands in the middle when there is no rate.
    fn baselines(&self, cx: &Cx<'_>) -> (f32, f32) {
        let (upper, lower) = (cx.scale.cap(Step::Body), cx.scale.cap(Step::Label));
        let gap = cx.scale.mm(12.0);
        let high = if self.rate.is_some() { upper + gap + lower } else { upper };
        let top = self.rect.center().y - high / 2.0;
        (top + upper, top + high)
    }
}

/// Radius of the dot, millimetres.
fn dot(cx: &Cx<'_>) -> f32 {
    cx.scale.cap(Step::Body) * 0.3
}

/// `120 a minute`, rounded so that it can be read; `None` while less than a minute was heard.
fn rate(cx: &Cx<'_>) -> Option<String> {
    let stream = cx.snapshot.stream(cx.topic);
    let count = stream.counts.over(Window::M1).mentions;
    let replayed = cx.snapshot.feeds.iter().any(|feed| matches!(feed.nature, Nature::Replay(_)));
    let known = stream.spans.over(Window::M1).known > 0 && span::is_whole(stream, Window::M1);
    let unit = 10u64.pow(count.checked_ilog10().unwrap_or(0).saturating_sub(1));
    (known && !replayed).then(|| format!("{} a minute", grouped(count / unit * unit)))
}
