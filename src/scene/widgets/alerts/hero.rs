//! The alert that matters most, as large as its part of the tile allows: what, how much, since when, what
//! it is about, and on a plate who does what. In a wide place all of this stands beside its name.

use std::sync::Arc;

use super::row::{Row, Signs};
use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::layout::legibility::{CAP_HEIGHT, LINE_HEIGHT, Step};
use crate::pulse::snapshot::Severity;
use crate::scene::list::List;
use crate::scene::widget::Cx;
use crate::scene::widgets::marks::{self, Anchor, put};
use crate::text::{Cut, Setting, Shaped};

/// Height of a plate, parts of its capitals.
const PLATE: f32 = 2.4;
/// Largest capitals of the name, parts of running text's.
const LARGEST: f32 = 7.0;
/// Width of the sign's column, parts of the name's capitals.
const SIGN: f32 = 1.4;
/// Part of its line that a name may fill: what fills all of it is cut by a rounding.
const FILLED: f32 = 0.985;
/// Between two blocks, parts of the lower one's capitals: at least, and what it may grow to.
const GAP: (f32, f32) = (0.85, 2.2);
/// A place so many times as wide as high has room beside the name.
const WIDE: f32 = 2.4;
/// Part of a wide place that the name has at most.
const BESIDE: f32 = 0.46;

/// Which lines have room besides the name.
#[derive(Clone, Copy, Debug, Default)]
struct Shown {
    much: bool,
    about: usize,
    plate: bool,
}

impl Shown {
    fn count(self) -> usize {
        usize::from(self.much) + usize::from(self.about > 0) + usize::from(self.plate)
    }
}

/// A paragraph below the name.
struct Block {
    words: Arc<Shaped>,
    color: Rgba,
    /// Stands behind it at the right, if there is room.
    since: Option<Arc<Shaped>>,
    plate: bool,
}

/// The name, what stands with it, and whether beside it.
struct Plan {
    name: Arc<Shaped>,
    blocks: Vec<Block>,
    /// Left end of what stands beside the name.
    beside: Option<f32>,
}

/// Draws `row` into `place`.
pub fn draw(row: &Row, cx: &mut Cx<'_>, list: &mut List, signs: &mut Signs, place: Rect) {
    let plan = plan(row, cx, place);
    let (name, blocks) = (high(&plan.name), &plan.blocks);
    if let Some(left) = plan.beside {
        draw_name(row, cx, list, signs, &plan.name, Point::new(place.x, place.y + (place.h - name) * 0.45));
        let room = Rect { x: left, w: place.right() - left, ..place };
        let free = (room.h - stacked(blocks)).max(0.0);
        let more = spread(blocks, free);
        let top = room.y + (free - more * blocks.len() as f32) * 0.45 - gap(blocks);
        return draw_blocks(row, cx, list, blocks, Rect { y: top, ..room }, more);
    }
    let free = (place.h - name - stacked(blocks) - gap(blocks)).max(0.0);
    let more = spread(blocks, free);
    let top = place.y + (free - more * blocks.len() as f32).max(0.0) * 0.4;
    draw_name(row, cx, list, signs, &plan.name, Point::new(place.x, top));
    draw_blocks(row, cx, list, blocks, Rect { y: top + name, ..place }, more);
}

/// Sign and name with their top left corner at `at`.
fn draw_name(row: &Row, cx: &Cx<'_>, list: &mut List, signs: &mut Signs, name: &Arc<Shaped>, at: Point) {
    let color = if row.severity == Severity::Alarm { cx.theme.alarm } else { cx.theme.ink };
    let ink = if row.taken { cx.theme.soft } else { cx.theme.ink };
    let caps = name.setting.size * CAP_HEIGHT;
    signs.resize(caps);
    let center = Point::new(at.x + caps * 0.55, at.y + caps * 0.5);
    signs.draw(list, row.severity, row.taken, center, color, cx.theme.ground);
    put(list, name.clone(), Anchor::Left, Point::new(at.x + caps * SIGN, at.y + caps), ink);
}

/// One below the other from the top of `place`, each after its gap and `more`.
fn draw_blocks(row: &Row, cx: &Cx<'_>, list: &mut List, blocks: &[Block], place: Rect, more: f32) {
    let mut y = place.y;
    for block in blocks {
        let size = block.words.setting.size;
        let caps = size * CAP_HEIGHT;
        y += caps * GAP.0 + more;
        if block.plate {
            let plate = Rect { y, h: block.high(), ..place };
            draw_plate(row, cx, list, block, plate);
        } else {
            put(list, block.words.clone(), Anchor::Left, Point::new(place.x, y + caps), block.color);
            if let Some(since) = &block.since {
                let left = place.x + block.words.size.w + since.setting.size * 0.6;
                put(list, since.clone(), Anchor::Left, Point::new(left, y + caps), cx.theme.soft);
            }
        }
        y += block.high();
    }
}

/// Who does what, in letters of the ground; once somebody does it, only as an outline.
fn draw_plate(row: &Row, cx: &Cx<'_>, list: &mut List, block: &Block, place: Rect) {
    let caps = block.words.setting.size * CAP_HEIGHT;
    let plate = Rect { w: block.words.size.w + 2.0 * caps * PAD, ..place };
    let ground = if row.severity == Severity::Alarm { cx.theme.alarm } else { cx.theme.ink };
    list.rect(plate, if row.taken { cx.theme.soft } else { ground });
    if row.taken {
        list.rect(plate.inset(cx.scale.mm(1.5)), cx.theme.ground);
    }
    let at = Point::new(plate.x + caps * PAD, plate.y + caps * (PLATE + 1.0) / 2.0);
    let ink = if row.taken { cx.theme.soft } else { marks::readable(cx, ground) };
    put(list, block.words.clone(), Anchor::Left, at, ink);
}

/// At the sides of a plate's words, parts of their capitals.
const PAD: f32 = 0.7;

impl Block {
    /// From the top of its first line, or of its plate, to its last baseline, or to the end of the plate.
    fn high(&self) -> f32 {
        let plate = if self.plate { self.words.setting.size * CAP_HEIGHT * (PLATE - 1.0) } else { 0.0 };
        high(&self.words) + plate
    }
}

/// From the top of the first line's capitals to the last baseline.
fn high(words: &Shaped) -> f32 {
    let size = words.setting.size;
    size * CAP_HEIGHT + size * LINE_HEIGHT * (words.lines.max(1) - 1) as f32
}

/// Height of all blocks, without the gap before the first.
fn stacked(blocks: &[Block]) -> f32 {
    let all = |block: &Block| block.high() + block.words.setting.size * CAP_HEIGHT * GAP.0;
    blocks.iter().map(all).sum::<f32>() - gap(blocks)
}

/// Before the first block.
fn gap(blocks: &[Block]) -> f32 {
    blocks.first().map_or(0.0, |block| block.words.setting.size * CAP_HEIGHT * GAP.0)
}

/// What each gap gets of `free`.
fn spread(blocks: &[Block], free: f32) -> f32 {
    let most = blocks.iter().map(|block| block.words.setting.size * CAP_HEIGHT * (GAP.1 - GAP.0));
    (free / blocks.len().max(1) as f32).min(most.fold(f32::MAX, f32::min))
}

/// The largest sizes at which as many lines as possible have room: the name, how much, who acts, what
/// it is about, in this order.
fn plan(row: &Row, cx: &mut Cx<'_>, place: Rect) -> Plan {
    let (body, title) = (cx.scale.size(Step::Body), cx.scale.size(Step::Title));
    let wanted = Shown {
        much: !row.much.is_empty(),
        about: if row.about.is_empty() { 0 } else { 2 },
        plate: !row.duty.is_empty(),
    };
    let ways = [
        wanted,
        Shown { about: wanted.about.min(1), ..wanted },
        Shown { about: 0, ..wanted },
        Shown { about: 0, much: false, ..wanted },
        Shown { about: 0, plate: false, ..wanted },
        Shown::default(),
    ];
    let mut found = None;
    for shown in ways {
        let blocks = blocks(row, cx, shown, place.w, place.h);
        let rest = place.h - stacked(&blocks) - gap(&blocks);
        let most = rest / CAP_HEIGHT;
        let name =
            fitted(row, cx, place.w, most.clamp(body * 0.75, body * LARGEST), rest - body * CAP_HEIGHT);
        let enough = high(&name) <= rest + 0.1
            && (most >= title * 0.99 || (most >= body && !shown.much && shown.about == 0));
        found = Some((Plan { name, blocks, beside: None }, shown));
        if enough {
            break;
        }
    }
    let (plan, shown) = found.expect("there is at least one way");
    if shown.count() < wanted.count() && place.w >= place.h * WIDE {
        return beside(row, cx, place, &ways, shown).unwrap_or(plan);
    }
    plan
}

/// The name at the left and what has room beside it, if that is more than `stacked` has.
fn beside(row: &Row, cx: &mut Cx<'_>, place: Rect, ways: &[Shown], stacked_shows: Shown) -> Option<Plan> {
    let body = cx.scale.size(Step::Body);
    let most = (place.h * 0.8 / CAP_HEIGHT).clamp(body, body * LARGEST);
    let name = fitted(row, cx, place.w * BESIDE, most, place.h - body * CAP_HEIGHT);
    let left = place.x + name.setting.size * CAP_HEIGHT * SIGN + name.size.w + body * 1.2;
    let width = place.right() - left;
    let more = ways.iter().filter(|way| way.count() > stacked_shows.count());
    let found = more.map(|way| blocks(row, cx, *way, width, place.h)).find(|all| stacked(all) <= place.h);
    found.filter(|_| high(&name) <= place.h).map(|blocks| Plan { name, blocks, beside: Some(left) })
}

/// What stands below the name, or beside it, in so wide and high a place.
fn blocks(row: &Row, cx: &mut Cx<'_>, shown: Shown, width: f32, height: f32) -> Vec<Block> {
    let (body, title) = (cx.scale.size(Step::Body), cx.scale.size(Step::Title));
    let alarm = row.severity == Severity::Alarm && !row.taken;
    let ink = if row.taken { cx.theme.soft } else { cx.theme.ink };
    let mut all = Vec::new();
    if shown.much {
        let most = (height * 0.11 / CAP_HEIGHT).clamp(body, title * 2.4);
        let setting = Setting::line(row.much.as_str(), most).cut(Cut::Display);
        let words = whole(cx, setting, width, 3);
        let since = cx.setter.set(Setting::line(row.since.as_str(), (words.setting.size * 0.75).max(body)));
        let fits = words.lines == 1 && words.size.w + since.size.w + since.setting.size * 0.6 <= width;
        let color = if alarm { cx.theme.alarm } else { ink };
        all.push(Block { words, color, since: fits.then_some(since), plate: false });
    }
    if shown.about > 0 {
        let size = (height * 0.075 / CAP_HEIGHT).clamp(body, title * 1.4);
        let setting = Setting::line(row.about.as_str(), size).within(width.max(size), shown.about);
        all.push(Block { words: cx.setter.set(setting), color: cx.theme.soft, since: None, plate: false });
    }
    if shown.plate {
        let size = (height * 0.085 / CAP_HEIGHT).clamp(body, title * 1.6);
        let setting = Setting::line(row.duty.as_str(), size).cut(Cut::Semibold);
        let words = whole(cx, setting, width - 2.0 * size * CAP_HEIGHT * PAD, 2);
        all.push(Block { words, color: ink, since: None, plate: true });
    }
    all
}

/// Rather smaller than on more lines, down to running text; rather on more lines than in the size of a label;
/// and rather in that than cut.
fn whole(cx: &mut Cx<'_>, setting: Setting, width: f32, lines: usize) -> Arc<Shaped> {
    let (body, label) = (cx.scale.size(Step::Body), cx.scale.size(Step::Label));
    let wide = cx.setter.width(setting.clone()).max(0.01);
    let one = setting.size * (width * FILLED / wide).min(1.0);
    if one >= body.min(setting.size) {
        return cx.setter.set(Setting { size: one, ..setting });
    }
    let room = width.max(label);
    let broken = cx.setter.set(Setting { size: body, ..setting.clone() }.within(room, lines + 1));
    let size = if broken.lines > lines || broken.size.w > room { label } else { body };
    cx.setter.set(Setting { size, ..setting }.within(room, lines))
}

/// The name on one line, as large as it fits; in the size of running text on two where `spare` has room for one
/// more, before it is cut.
fn fitted(row: &Row, cx: &mut Cx<'_>, width: f32, most: f32, spare: f32) -> Arc<Shaped> {
    let (body, label) = (cx.scale.size(Step::Body), cx.scale.size(Step::Label));
    let set = |size: f32| Setting::line(row.label.as_str(), size).cut(Cut::Display);
    let wide = cx.setter.width(set(100.0)) / 100.0 + CAP_HEIGHT * SIGN;
    let size = (width * FILLED / wide.max(0.01)).min(most);
    if size >= body.min(most) {
        return cx.setter.set(set(size));
    }
    let size = body.min(most);
    let room = (width - size * CAP_HEIGHT * SIGN).max(size);
    if spare >= size * LINE_HEIGHT {
        return cx.setter.set(set(size).within(room, 2));
    }
    cx.setter.set(set(label.min(size)).within(room, 1))
}
