//! What one frame has to do for one display: which tiles to paint, what moves, what may be left.

use std::sync::Arc;

use super::base::{self, Bases, TileId};
use super::overlap::Grounds;
use crate::color::Rgba;
use crate::geometry::Rect;
use crate::paint::{Area, Batch, Layer, Painter, Screen};
use crate::scene::list::{Item, List};
use crate::scene::{Frame, TileFrame};

/// Pixels painted in one frame beyond the first tile, while the old picture still covers them.
const HIDDEN_PER_FRAME: u64 = 300_000;

/// Pixels of a tile with a heat field that are painted in one frame once the map below is kept:
/// a map of a whole 1920 × 1080 display takes five frames.
const BAND_PX: u32 = 480_000;

/// The work for one frame, and what earlier frames left behind.
#[derive(Debug, Default)]
pub struct Plan {
    /// What is painted into the kept picture first, and then copied out of it.
    pub under: Batch,
    pub bases: Bases,
    /// What is painted into the kept picture.
    pub still: Batch,
    /// What is drawn above it.
    pub motion: Batch,
    /// Where the picture from before still covers: the least opaque first.
    pub veils: Vec<Veil>,
    /// Where the kept picture is painted, and where anything is drawn above it.
    pub laid: Vec<Area>,
    pub moved: Vec<Area>,
    /// All of the kept picture is cleared first.
    pub clear: bool,
    /// A new scene begins to cross over: the old picture is to be kept.
    pub crosses: bool,
    /// The crossing is over.
    pub crossed: bool,
    pub still_px: u64,
    pub motion_px: u64,
    /// The picture is another one than was presented last.
    pub changed: bool,
    /// It is presented even so.
    exposed: bool,
    /// What was presented last; held so that addresses in its fingerprint stay its own.
    pub shown: Presented,
    /// Tiles that are painted band by band.
    banded: Vec<BandedTile>,
    grounds: Grounds,
    fingerprint: u64,
    painted: Vec<PaintedTile>,
    tiles: Vec<PaintedTile>,
    scene: Option<usize>,
}

/// An area that the picture from before still covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Veil {
    pub area: Area,
    /// 1 hides all of what is below.
    pub opacity: f32,
}

/// What moved in the last frame that was presented.
#[derive(Debug, Default)]
pub struct Presented {
    pub motion: Batch,
    pub veils: Vec<Veil>,
    fingerprint: Option<u64>,
}

/// A tile in the kept picture; `key` is `None` while it is not painted.
#[derive(Clone, Copy, Debug, PartialEq)]
struct PaintedTile {
    id: TileId,
    rect: Rect,
    area: Area,
    key: Option<u64>,
}

/// A tile on its way from one picture to the next.
#[derive(Debug)]
struct BandedTile {
    id: TileId,
    key: u64,
    list: Arc<List>,
    /// The first row of the tile that is not painted yet, and what it will be after this frame.
    row: u32,
    next: u32,
}

impl Plan {
    /// Plans `frame` for `screen`; true when there is anything to present.
    pub fn make(&mut self, painter: &mut Painter, screen: &Screen, ground: Rgba, frame: &Frame) -> bool {
        self.under.clear();
        self.still.clear();
        self.motion.clear();
        self.veils.clear();
        self.laid.clear();
        self.moved.clear();
        (self.still_px, self.motion_px) = (0, 0);
        self.begin(screen, frame);
        if self.clear && painter.pictured {
            self.under.clip(screen.whole());
            painter.cover(&mut self.under, screen, screen.whole(), ground);
        }
        for (i, tile) in visible(screen, frame).enumerate() {
            self.stand(painter, screen, ground, tile, i);
            self.move_on(painter, screen, tile, self.tiles[i].area, frame.crossing);
        }
        self.veils.sort_by(|a, b| a.opacity.total_cmp(&b.opacity));
        self.fingerprint = fingerprint(&self.motion, &self.veils);
        self.changed = self.clear || self.still_px > 0 || self.shown.fingerprint != Some(self.fingerprint);
        self.changed || self.exposed
    }

    /// Compares the tiles with those of the kept picture: are they the same places?
    fn begin(&mut self, screen: &Screen, frame: &Frame) {
        let changes = self.scene.is_some_and(|scene| scene != frame.scene);
        self.crosses = changes && frame.crossing && !self.painted.is_empty();
        self.crossed = !frame.crossing;
        self.tiles.clear();
        for tile in visible(screen, frame) {
            let area = screen.area(tile.rect);
            self.tiles.push(PaintedTile { id: tile.id, rect: tile.rect, area, key: None });
        }
        let same = |(a, b): (&PaintedTile, &PaintedTile)| a.id == b.id && a.rect == b.rect;
        let kept = self.scene.is_some()
            && !changes
            && self.tiles.len() == self.painted.len()
            && self.tiles.iter().zip(&self.painted).all(same);
        self.clear = !kept;
        self.bases.begin();
        if kept {
            self.tiles.clone_from(&self.painted);
        } else {
            self.bases = Bases::default();
            self.banded.clear();
            self.grounds.clear();
        }
    }

    /// Paints a tile anew when it changed, or its next band.
    fn stand(&mut self, painter: &mut Painter, screen: &Screen, ground: Rgba, tile: &TileFrame, i: usize) {
        let (id, area) = (tile.id, self.tiles[i].area);
        let hidden = tile.hidden && self.still_px > 0;
        let later = hidden && self.still_px + area.count() > HIDDEN_PER_FRAME;
        let working = self.banded.iter().position(|work| work.id == id);
        if let Some(work) = working {
            return self.band(painter, screen, work, area);
        }
        if self.tiles[i].key == Some(tile.key) || later {
            return;
        }
        let under = &tile.still.items[..base::division(&tile.still)];
        if self.bases.find(id, area, under).is_some() && !under.is_empty() {
            let list = tile.still.clone();
            self.banded.push(BandedTile { id, key: tile.key, list, row: 0, next: 0 });
            return self.band(painter, screen, self.banded.len() - 1, area);
        }
        self.whole(painter, screen, ground, tile, area);
        self.tiles[i].key = Some(tile.key);
    }

    /// Paints all of a tile.
    fn whole(&mut self, painter: &mut Painter, screen: &Screen, ground: Rgba, tile: &TileFrame, area: Area) {
        let (under, over) = tile.still.items.split_at(base::division(&tile.still));
        let below = if under.is_empty() { &mut self.still } else { &mut self.under };
        below.clip(area);
        painter.cover(below, screen, area, ground);
        if !under.is_empty() {
            self.bases.keep(tile.id, area, under);
            let shapes = under.iter().filter(|item| !is_text(item));
            painter.paint(&mut self.under, screen, shapes, area, Layer::Still);
        }
        let boxes = self.still.boxes.len();
        self.upper(painter, screen, (under, over), area);
        let bare = (under.is_empty() && !painter.pictured).then(|| &self.still.boxes[boxes..]);
        self.grounds.set(tile.id, bare);
    }

    /// Paints the next band of a tile whose lower part is kept.
    fn band(&mut self, painter: &mut Painter, screen: &Screen, work: usize, area: Area) {
        let BandedTile { id, row, ref list, ref mut next, .. } = self.banded[work];
        let rows = (BAND_PX / area.w.max(1)).max(1).min(area.h - row.min(area.h));
        *next = row + rows;
        let part = Area { y: area.y + row, h: rows, ..area };
        let list = list.clone();
        let (under, over) = list.items.split_at(base::division(&list));
        self.bases.restored.extend(self.bases.find(id, area, under).map(|base| (base, part)));
        self.upper(painter, screen, (under, over), part);
    }

    /// Paints what stands above the kept part of a tile. Text stands above everything in its list,
    /// so that of the lower part comes with it.
    fn upper(&mut self, painter: &mut Painter, screen: &Screen, items: (&[Item], &[Item]), area: Area) {
        let items = items.0.iter().filter(|item| is_text(item)).chain(items.1);
        painter.paint(&mut self.still, screen, items, area, Layer::Still);
        self.laid.push(area);
        self.still_px += area.count();
    }

    /// Draws what moves in a tile.
    fn move_on(
        &mut self,
        painter: &mut Painter,
        screen: &Screen,
        tile: &TileFrame,
        area: Area,
        crossing: bool,
    ) {
        let veil = crossing && tile.before > 0.0;
        let mut moved = Area::default();
        if !(veil && tile.before >= 1.0) {
            let items = &tile.motion.items;
            let (texts, boxes) = (self.motion.texts.len(), self.motion.boxes.len());
            moved = painter.paint(&mut self.motion, screen, items, area, Layer::Motion);
            self.grounds.mark(tile.id, &mut self.motion, texts, boxes);
        }
        if veil {
            self.veils.push(Veil { area, opacity: tile.before.min(1.0) });
            moved = area;
        }
        if !moved.is_empty() {
            self.moved.push(moved);
            self.motion_px += moved.count();
        }
    }

    /// The frame was drawn and handed to the display.
    pub fn done(&mut self, frame: &Frame) {
        self.banded.iter_mut().for_each(|work| work.row = work.next);
        for tile in &mut self.tiles {
            let end = |work: &BandedTile| work.id == tile.id && work.row >= tile.area.h;
            if let Some(i) = self.banded.iter().position(end) {
                tile.key = Some(self.banded.swap_remove(i).key);
            }
        }
        std::mem::swap(&mut self.painted, &mut self.tiles);
        std::mem::swap(&mut self.shown.motion, &mut self.motion);
        std::mem::swap(&mut self.shown.veils, &mut self.veils);
        self.shown.fingerprint = Some(self.fingerprint);
        self.exposed = false;
        self.scene = Some(frame.scene);
        self.bases.done();
    }

    /// The next frame is presented whatever it shows.
    pub fn expose(&mut self) {
        self.exposed = true;
    }

    /// The kept picture is worth nothing any more.
    pub fn forget(&mut self) {
        self.painted.clear();
        self.scene = None;
        self.expose();
    }
}

fn is_text(item: &Item) -> bool {
    matches!(item, Item::Text { .. })
}

fn visible<'a>(screen: &'a Screen, frame: &'a Frame) -> impl Iterator<Item = &'a TileFrame> {
    frame.tiles.iter().filter(|tile| !screen.area(tile.rect).is_empty())
}

fn fingerprint(motion: &Batch, veils: &[Veil]) -> u64 {
    use std::hash::{Hash, Hasher};
    let mut state = rustc_hash::FxHasher::default();
    motion.fingerprint().hash(&mut state);
    for Veil { area, opacity } in veils {
        (area, opacity.to_bits()).hash(&mut state);
    }
    state.finish()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::scene::list::List;

    const SCREEN: Screen = Screen { rect: Rect::new(0.0, 0.0, 160.0, 90.0), pixels: (320, 180) };
    const INK: Rgba = Rgba::hex(0xffffff);

    fn tile(index: usize, x: f32, key: u64) -> TileFrame {
        let rect = Rect::new(x, 0.0, 80.0, 90.0);
        let mut still = List::default();
        still.rect(Rect::new(x + 10.0, 10.0, 20.0, 20.0), INK);
        let motion = List::default();
        TileFrame { id: (0, index), rect, key, still: Arc::new(still), motion, before: 0.0, hidden: false }
    }

    fn two() -> Frame {
        Frame { scene: 0, tiles: vec![tile(0, 0.0, 1), tile(1, 80.0, 1)], crossing: false }
    }

    fn drawn(plan: &mut Plan, frame: &Frame) -> Option<u64> {
        let draws = plan.make(&mut Painter::default(), &SCREEN, Rgba::hex(0), frame);
        draws.then(|| {
            plan.done(frame);
            plan.still_px
        })
    }

    #[test]
    fn quiet_tiles_cost_nothing() {
        let mut plan = Plan::default();
        assert_eq!(drawn(&mut plan, &two()), Some(320 * 180));
        assert_eq!(drawn(&mut plan, &two()), None);
        let mut frame = two();
        frame.tiles[1].key = 2;
        assert_eq!(drawn(&mut plan, &frame), Some(160 * 180));
        assert_eq!(drawn(&mut plan, &frame), None);
    }

    #[test]
    fn motion_alone_paints_nothing_and_its_end_is_shown_too() {
        let mut plan = Plan::default();
        drawn(&mut plan, &two());
        let mut frame = two();
        frame.tiles[0].motion.disc(crate::geometry::Point::new(20.0, 20.0), 5.0, INK);
        assert_eq!(drawn(&mut plan, &frame), Some(0));
        assert_eq!(drawn(&mut plan, &frame), None);
        assert_eq!(drawn(&mut plan, &two()), Some(0));
        assert_eq!(drawn(&mut plan, &two()), None);
    }

    #[test]
    fn a_frame_that_was_not_presented_is_planned_again() {
        let mut plan = Plan::default();
        let mut painter = Painter::default();
        assert!(plan.make(&mut painter, &SCREEN, Rgba::hex(0), &two()));
        assert!(plan.make(&mut painter, &SCREEN, Rgba::hex(0), &two()));
        assert_eq!(plan.still_px, 320 * 180);
    }

    #[test]
    fn tiles_in_other_places_clear_the_picture() {
        let mut plan = Plan::default();
        drawn(&mut plan, &two());
        let mut frame = two();
        frame.tiles.remove(0);
        assert_eq!(drawn(&mut plan, &frame), Some(160 * 180));
        assert!(plan.clear);
    }

    #[test]
    fn a_crossing_keeps_the_old_picture_and_spreads_the_painting() {
        let screen = Screen { rect: SCREEN.rect, pixels: (1920, 1080) };
        let mut plan = Plan::default();
        let mut painter = Painter::default();
        plan.make(&mut painter, &screen, Rgba::hex(0), &two());
        plan.done(&two());
        let mut frame = two();
        (frame.scene, frame.crossing) = (1, true);
        for tile in &mut frame.tiles {
            (tile.id.0, tile.before, tile.hidden) = (1, 1.0, true);
        }
        assert!(plan.make(&mut painter, &screen, Rgba::hex(0), &frame));
        assert!(plan.crosses && plan.clear && plan.veils.len() == 2);
        assert_eq!(plan.still_px, 960 * 1080);
        plan.done(&frame);
        assert!(plan.make(&mut painter, &screen, Rgba::hex(0), &frame));
        assert!(!plan.crosses && !plan.clear);
        assert_eq!(plan.still_px, 960 * 1080);
        plan.done(&frame);
        assert!(!plan.make(&mut painter, &screen, Rgba::hex(0), &frame));
    }
}
