//! One mention, large: who said it, and the words as large as the place allows.

use std::sync::Arc;

use super::look::mirrored;
use super::said;
use crate::color::{Rgba, Theme};
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step};
use crate::layout::wall::PeopleNamed;
use crate::pulse::snapshot::Shown;
use crate::scene::list::{Item, List};
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{Marks, Mood};
use crate::text::{Cut, Setting, Shaped};

/// Heights of capitals that are tried, parts of running text's.
const SIZES: [f32; 13] = [4.6, 4.0, 3.5, 3.0, 2.6, 2.3, 2.0, 1.75, 1.55, 1.36, 1.2, 1.1, 1.0];
/// A line has room for so many type sizes, if a smaller type gives it that.
const NARROWEST: f32 = 6.0;
/// Most lines of words.
const LINES: usize = 12;
/// A disc for who spoke stands where the place is so many labels high and wide.
const DISC_FROM: (f32, f32) = (5.5, 15.0);

/// A mention that was set into a place of this size.
#[derive(Clone, Debug)]
pub struct Voice {
    text: Arc<Shaped>,
    name: Option<Arc<Shaped>>,
    facts: Option<Arc<Shaped>>,
    /// Initial of who spoke, and the disc's radius.
    disc: Option<(Arc<Shaped>, f32)>,
    mood: Mood,
    wordless: bool,
    /// From the top of the place to the first baseline of who and of the words.
    baselines: (f32, f32),
    /// Left ends of who and of the words.
    indent: f32,
    left: f32,
    sign: f32,
    /// Not all of the words stand there.
    /// Width in which the words are set.
    wide: f32,
    cut: bool,
}

impl Voice {
    /// Sets the mention into `place`, the words at most `largest` times as large as running text. Rather
    /// than that they are cut, they stand without who said them.
    pub fn set(cx: &mut Cx<'_>, shown: &Shown, place: Rect, largest: f32) -> Self {
        let with = Self::set_with(cx, shown, place, largest, true);
        let low = place.h < cx.scale.line(Step::Body) * 4.0;
        if low && with.is_cut() { Self::set_with(cx, shown, place, largest, false) } else { with }
    }

    fn is_cut(&self) -> bool {
        self.cut
    }

    fn set_with(cx: &mut Cx<'_>, shown: &Shown, place: Rect, largest: f32, headed: bool) -> Self {
        let mention = &shown.mention;
        let (label, body) = (cx.scale.size(Step::Label), cx.scale.size(Step::Body));
        let sign = label * 1.05;
        let disc = initial(cx, shown)
            .filter(|_| headed && place.h >= label * DISC_FROM.0 && place.w >= label * DISC_FROM.1);
        let radius = (place.h * 0.12).clamp(cx.scale.mm(20.0), cx.scale.mm(60.0));
        let bar = label * 0.55;
        let indent = if disc.is_some() { radius * 2.0 + label * 0.6 } else { bar };
        let left = if disc.is_some() { 0.0 } else { bar };
        let width = (place.w - indent - sign).max(label);
        let wide = (place.w - left - sign * 0.5).max(label);
        let disc = disc.map(|c| (cx.setter.set(Setting::line(c, radius * 1.2).cut(Cut::Semibold)), radius));
        let tall = headed && place.h >= label * LINE_HEIGHT * 3.0;
        let who = if tall { said::who(cx, shown) } else { None };
        let named = disc.as_ref().map_or(cx.scale.size(Step::Label), |_| body);
        let name =
            who.map(|who| cx.setter.set(Setting::line(who, named).cut(Cut::Semibold).within(width, 1)));
        let facts = facts(cx, shown, width - name.as_ref().map_or(0.0, |n| n.size.w + label * 0.6));
        let facts = facts.filter(|_| tall);
        let head = match (&disc, name.is_some() || facts.is_some()) {
            (Some(_), _) => radius * 2.0,
            (None, true) => label * LINE_HEIGHT,
            _ => 0.0,
        };
        let gap = if head > 0.0 { label * 0.3 } else { 0.0 };
        let words = said::text(cx, mention);
        let wordless = words.is_none();
        let words = words.unwrap_or_else(|| said::wordless_kind(mention.kind));
        let (text, cut) = fitted(cx, &words, wide, place.h - head - gap, largest);
        let size = text.setting.size;
        let first = head + gap + size * (LINE_HEIGHT + CAP_HEIGHT) / 2.0;
        let who = head / 2.0 + named * CAP_HEIGHT / 2.0;
        Self {
            text,
            name,
            facts,
            disc,
            mood: Mood::of(mention.sentiment),
            wordless,
            baselines: (who, first),
            indent,
            left,
            wide,
            sign,
            cut,
        }
    }

    /// Height of all of it.
    pub fn height(&self) -> f32 {
        let size = self.text.setting.size;
        let first = self.baselines.1 - size * (LINE_HEIGHT + CAP_HEIGHT) / 2.0;
        first + size * LINE_HEIGHT * self.text.lines.max(1) as f32
    }

    /// Draws it at the top of `place`, moved down by `shift`, as strong as `alpha` says; clipped.
    pub fn draw(
        &self,
        list: &mut List,
        with: &Look<'_>,
        place: Rect,
        shift: f32,
        alpha: f32,
        clip: Option<Rect>,
    ) {
        let theme = with.theme;
        let top = place.y + shift;
        let mut put = |shaped: &Arc<Shaped>, at: Point, color: Rgba| {
            list.push(Item::Text { shaped: shaped.clone(), at, color: color.fade(alpha), clip });
        };
        let across = |x: f32, w: f32| mirrored(x, w, place, self.text.is_rtl());
        let left = place.x + self.indent;
        let (who, first) = (top + self.baselines.0, top + self.baselines.1);
        let ink = if self.wordless { theme.quiet } else { theme.ink };
        put(&self.text, Point::new(across(place.x + self.left, self.wide), first), ink);
        let mut x = left;
        if let Some(name) = &self.name {
            put(name, Point::new(across(x, name.size.w), who), theme.soft);
            x += name.size.w + self.sign * 0.5;
        }
        if let Some(facts) = &self.facts {
            put(facts, Point::new(across(x, facts.size.w), who), theme.quiet);
        }
        let inside = |rect: Rect| clip.map_or(Some(rect), |clip| clip.intersection(&rect));
        match &self.disc {
            Some((initial, radius)) => {
                let whole = Rect::new(across(place.x, radius * 2.0), top, radius * 2.0, radius * 2.0);
                let center = Point::new(whole.x + radius, top + radius);
                if inside(whole) == Some(whole) {
                    list.disc(center, *radius, with.topic.fade(alpha));
                    let caps = initial.setting.size * CAP_HEIGHT;
                    let at = Point::new(center.x - initial.size.w / 2.0, center.y + caps / 2.0);
                    let color = theme.ground.fade(alpha);
                    list.push(Item::Text { shaped: initial.clone(), at, color, clip });
                }
            }
            None => {
                let (x, width) = (across(place.x, self.indent * 0.26), self.indent * 0.26);
                let bar = Rect::new(x, top + self.height() * 0.06, width, self.height() * 0.9);
                if let Some(bar) = inside(bar) {
                    list.rect(bar, with.topic.fade(alpha));
                }
            }
        }
        let mark = self.sign * 0.6;
        let y = if self.name.is_some() || self.facts.is_some() { who } else { first };
        let center = Point::new(across(place.right() - mark, mark) + mark / 2.0, y - mark * 0.5);
        let whole = Rect::new(center.x - mark / 2.0, center.y - mark / 2.0, mark, mark);
        if inside(whole) == Some(whole) {
            with.marks.draw(list, self.mood, center, self.mood.color(theme).fade(alpha));
        }
    }
}

/// What a voice is drawn with.
pub struct Look<'a> {
    pub theme: &'a Theme,
    pub topic: Rgba,
    pub marks: &'a Marks,
}

/// The first letter of who spoke; none where nobody is named.
fn initial(cx: &Cx<'_>, shown: &Shown) -> Option<String> {
    if cx.wall.people == PeopleNamed::Masked {
        return None;
    }
    let author = shown.mention.author.as_ref()?;
    let name = author.name.as_deref().or(author.handle.as_deref())?;
    let letter = name.chars().find(|c| c.is_alphanumeric())?;
    Some(letter.to_uppercase().collect())
}

fn facts(cx: &mut Cx<'_>, shown: &Shown, width: f32) -> Option<Arc<Shaped>> {
    let size = cx.scale.size(Step::Label);
    let mut parts = said::facts(cx, shown);
    let full = cx.wall.people == PeopleNamed::Full;
    let names = shown.mention.author.as_ref().filter(|_| full).and_then(said::full_name);
    if let Some((name, _)) = names {
        parts.insert(0, name);
    }
    let widths: Vec<f32> =
        parts.iter().map(|part| cx.setter.width(Setting::line(format!("{part} · "), size))).collect();
    let mut room = width;
    let fit = widths.iter().take_while(|wide| {
        room -= **wide;
        room >= -size * 0.8
    });
    let fit = fit.count();
    (fit > 0).then(|| cx.setter.set(Setting::line(parts[..fit].join(" · "), size)))
}

/// The words in the largest size in which all of them fit, else in the smallest, and whether they are
/// cut.
fn fitted(cx: &mut Cx<'_>, words: &str, width: f32, height: f32, largest: f32) -> (Arc<Shaped>, bool) {
    let body = cx.scale.size(Step::Body);
    for size in SIZES.into_iter().filter(|size| *size <= largest).map(|size| size * body) {
        let lines = ((height / (size * LINE_HEIGHT) + 0.01) as usize).min(LINES);
        // Lines of fewer letters are rather set smaller.
        if lines == 0 || width < size * NARROWEST {
            continue;
        }
        let shaped = cx.setter.set(Setting::line(words, size).within(width, lines + 1));
        if shaped.lines <= lines && shaped.size.w <= width + 0.01 {
            return (shaped, false);
        }
    }
    let small = height < body * LINE_HEIGHT || width < body * NARROWEST;
    let size = if small { cx.scale.size(Step::Least) } else { body };
    let lines = ((height / (size * LINE_HEIGHT) + 0.01) as usize).max(1);
    let all = cx.setter.set(Setting::line(words, size).within(width, lines + 1));
    let cut = all.lines > lines;
    (cx.setter.set(Setting::line(words, size).within(width, lines)), cut)
}
