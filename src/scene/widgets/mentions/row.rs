//! One row of the list: the set text of one mention.

use std::hash::{Hash as _, Hasher as _};
use std::sync::Arc;

use rustc_hash::FxHasher;

use super::look::{Look, mirrored};
use super::said;
use crate::clock::Time;
use crate::color::{Rgba, Theme};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::CAP_HEIGHT;
use crate::pulse::snapshot::Shown;
use crate::scene::list::{Item, List};
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{Marks, Mood};
use crate::text::{Cut, Setting, Shaped};

/// Changes when what the row says of the mention does: its words, its numbers, its age in minutes.
pub fn stamp(shown: &Shown, now: Time) -> u64 {
    let mention = &shown.mention;
    let mut state = FxHasher::default();
    (shown.serial, said::age_secs(shown, now) / 60, &mention.text).hash(&mut state);
    mention.sentiment.map(|s| s.score.to_bits()).hash(&mut state);
    said::reactions(mention).hash(&mut state);
    shown.copies.hash(&mut state);
    state.finish()
}

/// The colour of the first topic; without a topic, the hairline.
pub fn topic_color(cx: &Cx<'_>, shown: &Shown) -> Rgba {
    if cx.topic.is_some() {
        return cx.color;
    }
    let topic = shown.topics.first().and_then(|&t| cx.wall.topics.get(usize::from(t)));
    topic.map_or(cx.theme.hairline, |t| cx.theme.topic(t.color))
}

/// The set text of one mention.
#[derive(Clone, Debug)]
pub struct Row {
    text: Arc<Shaped>,
    name: Option<Arc<Shaped>>,
    facts: Option<Arc<Shaped>>,
    mood: Mood,
    wordless: bool,
}

impl Row {
    /// On at most `lines` lines.
    pub fn set(cx: &mut Cx<'_>, look: &Look, shown: &Shown, lines: usize) -> Self {
        let mention = &shown.mention;
        let words = said::text(cx, mention);
        let wordless = words.is_none();
        let words = words.unwrap_or_else(|| said::wordless_kind(mention.kind));
        let width = look.text_width();
        let text = cx.setter.set(Setting::line(words, look.text.size).within(width, lines));
        let who = said::who(cx, shown);
        let meta = |text: String| Setting::line(text, look.meta.size);
        let name = who.map(|who| cx.setter.set(meta(who).cut(Cut::Semibold).within(width, 1)));
        let room = width - name.as_ref().map_or(0.0, |name| name.size.w + look.meta.size * 0.5);
        let parts = said::facts(cx, shown);
        let setter = std::cell::RefCell::new(&mut *cx.setter);
        let words = said::joined(&parts, |words| setter.borrow_mut().width(meta(words.into())) <= room);
        let facts = cx.setter.set(meta(words));
        let facts = Some(facts).filter(|facts| facts.size.w > 0.0 && facts.size.w <= room);
        Self { text, name, facts, mood: Mood::of(mention.sentiment), wordless }
    }

    pub fn height(&self, look: &Look) -> f32 {
        look.meta.line + look.text.line * self.text.lines.max(1) as f32
    }

    /// Draws it with its top at `top`.
    pub fn draw(
        &self,
        list: &mut List,
        look: &Look,
        with: &super::voice::Look<'_>,
        top: f32,
        clip: Option<Rect>,
    ) {
        let (area, theme): (Rect, &Theme) = (look.area, with.theme);
        let first = top + look.meta.line + (look.text.line + look.text.size * CAP_HEIGHT) / 2.0;
        let above = top + (look.meta.line + look.meta.size * CAP_HEIGHT) / 2.0;
        let mut put = |shaped: &Arc<Shaped>, at: Point, color: Rgba| {
            list.push(Item::Text { shaped: shaped.clone(), at, color, clip });
        };
        let left = area.x + look.indent;
        let place = |x: f32, w: f32| mirrored(x, w, area, self.text.is_rtl());
        let at = Point::new(place(left, look.text_width()), first);
        put(&self.text, at, if self.wordless { theme.quiet } else { theme.ink });
        let mut x = left;
        if let Some(name) = &self.name {
            put(name, Point::new(place(x, name.size.w), above), theme.soft);
            x += name.size.w + look.meta.size * 0.5;
        }
        if let Some(facts) = &self.facts {
            put(facts, Point::new(place(x, facts.size.w), above), theme.quiet);
        }
        let (height, width) = (self.height(look), look.meta.size * 0.16);
        let bar = Rect::new(place(area.x, width), top + height * 0.1, width, height * 0.82);
        if let Some(bar) = clip.map_or(Some(bar), |c| c.intersection(&bar)) {
            list.rect(bar, with.topic);
        }
        let mark = place(area.right() - look.mark, look.mark) + look.mark / 2.0;
        let center = Point::new(mark, above - look.meta.size * CAP_HEIGHT / 2.0);
        let half = look.mark / 2.0;
        let inside = |c: Rect| center.y - half >= c.y && center.y + half <= c.bottom();
        if clip.is_none_or(inside) {
            draw_mood(with.marks, list, self.mood, center, theme);
        }
    }
}

fn draw_mood(marks: &Marks, list: &mut List, mood: Mood, center: Point, theme: &Theme) {
    marks.draw(list, mood, center, mood.color(theme));
}
