//! Turns display lists into the batch of one display, and leaves out what lies outside.

use std::sync::Arc;

use crate::color::Rgba;
use crate::geometry::{Point, Rect};
use crate::paint::batch::{Batch, Behind, Mark, Quad, Step, TextRun};
use crate::paint::field::Field;
use crate::paint::screen::{Area, Screen};
use crate::paint::tessellate::{Manner, MeshStore};
use crate::scene::list::{Item, Path};
use crate::text::Shaped;

/// Type larger than this is not drawn: its glyphs would not fit into an atlas. Pixels.
pub const MAX_TYPE: f32 = 2_000.0;

/// What becomes of edges that fall between pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// Straight edges go to the nearest pixel, so that lines are crisp.
    Still,
    /// Edges stay where they are, so that they glide; text goes to whole pixels across, so that
    /// its glyphs keep their shape.
    Motion,
}

/// Turns lists into batches and remembers tessellated paths.
#[derive(Debug, Default)]
pub struct Painter {
    pub meshes: MeshStore,
    /// The wall has a picture behind everything.
    pub pictured: bool,
}

/// One list on its way into a batch.
struct Pass<'a> {
    meshes: &'a mut MeshStore,
    pictured: bool,
    batch: &'a mut Batch,
    screen: &'a Screen,
    clip: Area,
    layer: Layer,
    /// Around everything that was added so far; `None` while there is nothing.
    ink: Option<[f32; 4]>,
}

impl Painter {
    /// Covers all of `area` with what stands behind everything: the wall's picture, or `ground`.
    pub fn cover(&self, batch: &mut Batch, screen: &Screen, area: Area, ground: Rgba) {
        if !self.pictured {
            return batch.cover(area, ground);
        }
        let edges = [area.x, area.y, area.right(), area.bottom()].map(|v| v as f32);
        batch.lay(Behind { edges, part: screen.part(edges), opacity: 1.0 });
    }

    /// Adds items of a list to `batch`, cut at `clip`. Tells in what part of it they draw.
    pub fn paint<'a>(
        &mut self,
        batch: &mut Batch,
        screen: &Screen,
        items: impl IntoIterator<Item = &'a Item>,
        clip: Area,
        layer: Layer,
    ) -> Area {
        let mut items = items.into_iter().peekable();
        if clip.is_empty() || items.peek().is_none() {
            return Area::default();
        }
        batch.clip(clip);
        let (meshes, pictured) = (&mut self.meshes, self.pictured);
        let mut pass = Pass { meshes, pictured, batch, screen, clip, layer, ink: None };
        for item in items {
            pass.item(item);
        }
        pass.ink.map_or(Area::default(), |[x0, y0, x1, y1]| {
            Area::around([x0 - 1.0, y0 - 1.0, x1 + 1.0, y1 + 1.0]).intersection(&clip)
        })
    }
}

impl Pass<'_> {
    fn item(&mut self, item: &Item) {
        match item {
            Item::Rect { rect, radius, color } => self.rect(*rect, *radius, *color),
            Item::Ring { center, radius, width, color } => self.ring(*center, *radius, *width, *color),
            Item::Fill { path, at, color } => self.mesh(path, Manner::Fill, *at, *color),
            Item::Stroke { path, at, width, color } => self.mesh(path, Manner::Stroke(*width), *at, *color),
            Item::Text { shaped, at, color, clip } => self.text(shaped, *at, *color, *clip),
            Item::Ground { rect, color } => self.ground(*rect, *color),
            Item::Heat(heat) => {
                if let Some(field) = Field::new(heat, self.screen, self.clip) {
                    self.note(self.screen.edges(heat.rect));
                    self.batch.steps.push(Step::Heat(Arc::new(field)));
                }
            }
        }
    }

    fn rect(&mut self, rect: Rect, radius: f32, color: Rgba) {
        let mut edges = self.screen.edges(rect);
        let radius = radius * self.screen.density();
        let round = 2.0 * radius >= (edges[2] - edges[0]).max(edges[3] - edges[1]) - 0.5;
        if self.layer == Layer::Still && !(radius > 0.0 && round) {
            edges = snapped(edges);
        }
        if !self.shows(edges) || color.a <= 0.0 {
            return;
        }
        self.note(edges);
        let least = (edges[2] - edges[0]).min(edges[3] - edges[1]);
        let radius = radius.clamp(0.0, least.max(0.0) / 2.0);
        let quad = Quad { edges, round: [radius, 0.0], color: color.to_bytes() };
        if color.a >= 1.0 && radius == 0.0 && edges.iter().all(|v| v.fract() == 0.0) {
            self.batch.flat(quad);
        } else {
            self.batch.shape(quad);
        }
    }

    fn ground(&mut self, rect: Rect, color: Rgba) {
        if !self.pictured {
            return self.rect(rect, 0.0, color);
        }
        let edges = snapped(self.screen.edges(rect));
        if self.shows(edges) && color.a > 0.0 {
            self.note(edges);
            self.batch.lay(Behind { edges, part: self.screen.part(edges), opacity: color.a });
        }
    }

    fn ring(&mut self, center: Point, radius: f32, width: f32, color: Rgba) {
        let [x, y] = self.screen.point(center);
        let width = (width * self.screen.density()).max(1.0);
        let outer = radius * self.screen.density() + width / 2.0;
        let edges = [x - outer, y - outer, x + outer, y + outer];
        if self.shows(edges) && color.a > 0.0 {
            self.note(edges);
            self.batch.shape(Quad { edges, round: [outer, width], color: color.to_bytes() });
        }
    }

    fn mesh(&mut self, path: &Arc<Path>, manner: Manner, at: Point, color: Rgba) {
        if color.a <= 0.0 {
            return;
        }
        let [x, y] = self.screen.point(at);
        let mesh = self.meshes.get(path, manner, self.screen.density());
        let b = mesh.bounds;
        let edges = [b[0] + x, b[1] + y, b[2] + x, b[3] + y];
        if self.shows(edges) && !mesh.indices.is_empty() {
            self.note(edges);
            self.batch.mesh(mesh, Mark { at: [x, y], color: color.to_bytes() });
        }
    }

    fn text(&mut self, shaped: &Arc<Shaped>, at: Point, color: Rgba, clip: Option<Rect>) {
        let scale = self.screen.density();
        let clip = clip.map_or(self.clip, |rect| self.screen.area(rect).intersection(&self.clip));
        let [x, baseline] = self.screen.point(at);
        // Whole pixels down, because glyphs are cut to whole pixels there.
        let top = baseline.round() - (shaped.baseline * scale).round();
        let x = if self.layer == Layer::Motion { x.round() } else { x };
        let em = shaped.setting.size * scale;
        let width = shaped.size.w.max(shaped.setting.width.unwrap_or(0.0)) * scale;
        // Accents and swashes reach beyond the advance, but never by more than an em.
        let edges = [x - em, top - em, x + width + em, top + shaped.size.h * scale + em];
        let shows = clip.meets(edges[0], edges[1], edges[2], edges[3]) && !clip.is_empty();
        if shows && color.a > 0.0 && em <= MAX_TYPE && self.shows(edges) {
            let ink = ink(shaped, [x, top], width, scale);
            let (shaped, at) = (shaped.clone(), [x, top]);
            let run = TextRun { shaped, at, scale, color, clip, ink, alone: false };
            let seen = run.seen();
            if seen[0] < seen[2] && seen[1] < seen[3] {
                self.note(seen);
                self.batch.texts.push(run);
            }
        }
    }

    /// Takes a box that is drawn in.
    fn note(&mut self, e: [f32; 4]) {
        self.batch.boxes.push(e);
        let all = self.ink.unwrap_or(e);
        self.ink = Some([all[0].min(e[0]), all[1].min(e[1]), all[2].max(e[2]), all[3].max(e[3])]);
    }

    /// True when any of a box lies inside the clip, soft edges included.
    fn shows(&self, e: [f32; 4]) -> bool {
        e[2] > e[0] && e[3] > e[1] && self.clip.meets(e[0] - 1.0, e[1] - 1.0, e[2] + 1.0, e[3] + 1.0)
    }
}

/// How far ink may reach beyond the advance of a line whose ink is not known, in ems.
const OVERHANG: f32 = 0.08;
/// Glyphs are drawn on whole pixels and have soft edges, pixels.
const SOFT: f32 = 1.0;

/// The box around the ink of set text that stands at `at`, `width` pixels wide.
fn ink(shaped: &Shaped, at: [f32; 2], width: f32, scale: f32) -> [f32; 4] {
    let [x, top] = at;
    if let Some(ink) = shaped.ink {
        let [left, above, right, below] = ink.map(|v| v * scale);
        return [x + left - SOFT, top + above - SOFT, x + right + SOFT, top + below + SOFT];
    }
    let over = OVERHANG * shaped.setting.size * scale;
    [x - over, top, x + width + over, top + shaped.size.h * scale]
}

/// Edges on whole pixels; what has an extent keeps at least one pixel of it.
fn snapped(edges: [f32; 4]) -> [f32; 4] {
    let [x0, y0, x1, y1] = edges.map(f32::round);
    let far = |near: f32, far: f32, extent: f32| if extent > 0.0 { far.max(near + 1.0) } else { far };
    [x0, y0, far(x0, x1, edges[2] - edges[0]), far(y0, y1, edges[3] - edges[1])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::list::{List, Outline};
    use crate::text::{Setting, Typesetter};

    const SCREEN: Screen = Screen { rect: Rect::new(100.0, 0.0, 160.0, 90.0), pixels: (320, 180) };
    const INK: Rgba = Rgba::hex(0xffffff);

    fn painted(list: &List, layer: Layer) -> Batch {
        let mut batch = Batch::default();
        Painter::default().paint(&mut batch, &SCREEN, &list.items, SCREEN.whole(), layer);
        batch
    }

    #[test]
    fn it_tells_where_it_drew() {
        let mut list = List::default();
        list.rect(Rect::new(110.0, 10.0, 20.0, 10.0), INK);
        list.disc(Point::new(200.0, 50.0), 5.0, INK);
        let (mut painter, mut batch) = (Painter::default(), Batch::default());
        let ink = painter.paint(&mut batch, &SCREEN, &list.items, SCREEN.whole(), Layer::Motion);
        assert_eq!(ink, Area::new(19, 19, 192, 92));
        let none = painter.paint(&mut batch, &SCREEN, &[], SCREEN.whole(), Layer::Motion);
        assert!(none.is_empty());
    }

    #[test]
    fn what_hangs_on_another_display_is_left_out() {
        let mut list = List::default();
        let mut setter = Typesetter::new(false);
        let word = setter.set(Setting::line("elsewhere", 10.0));
        let points = vec![Point::new(0.0, 0.0), Point::new(5.0, 0.0), Point::new(0.0, 5.0)];
        let path = Arc::new(Path { outlines: vec![Outline { points, closed: true }] });
        for x in [0.0, 400.0] {
            list.rect(Rect::new(x, 10.0, 20.0, 10.0), INK);
            list.disc(Point::new(x, 20.0), 5.0, INK);
            list.text(word.clone(), Point::new(x, 40.0), INK);
            list.push(Item::Fill { path: path.clone(), at: Point::new(x, 0.0), color: INK });
        }
        assert!(painted(&list, Layer::Still).is_empty());
        assert!(painted(&List::default(), Layer::Still).is_empty());
    }

    #[test]
    fn still_edges_are_crisp_and_moving_ones_glide() {
        let mut list = List::default();
        list.rect(Rect::new(110.2, 10.0, 20.0, 0.1), INK);
        let still = painted(&list, Layer::Still);
        assert_eq!(still.quads[0].edges, [20.0, 20.0, 60.0, 21.0]);
        assert!(matches!(still.steps[..], [Step::Clip(_), Step::Flat(_)]));
        let motion = painted(&list, Layer::Motion);
        assert!((motion.quads[0].edges[0] - 20.4).abs() < 1e-3);
        assert!(matches!(motion.steps[..], [Step::Clip(_), Step::Shapes(_)]));
    }

    #[test]
    fn text_stands_on_whole_pixels_and_is_cut_at_its_clip() {
        let mut setter = Typesetter::new(false);
        let shaped = setter.set(Setting::line("ticker", 10.0));
        let clip = Some(Rect::new(120.0, 0.0, 10.0, 90.0));
        let mut list = List::default();
        list.push(Item::Text { shaped, at: Point::new(110.13, 40.2), color: INK, clip });
        let run = &painted(&list, Layer::Motion).texts[0];
        assert_eq!(run.at.map(f32::fract), [0.0, 0.0]);
        assert_eq!(run.at[0], 20.0);
        assert_eq!(run.clip, Area::new(40, 0, 20, 180));
    }

    #[test]
    fn a_ring_is_drawn_along_the_middle_of_its_line() {
        let mut list = List::default();
        list.push(Item::Ring { center: Point::new(150.0, 50.0), radius: 10.0, width: 2.0, color: INK });
        let quad = painted(&list, Layer::Motion).quads[0];
        assert_eq!(quad.edges, [78.0, 78.0, 122.0, 122.0]);
        assert_eq!(quad.round, [22.0, 4.0]);
    }

    #[test]
    fn no_number_draws_nothing() {
        let mut list = List::default();
        list.rect(Rect::new(f32::NAN, 10.0, 20.0, 10.0), INK);
        list.rect(Rect::new(110.0, 10.0, f32::NAN, 10.0), INK);
        list.disc(Point::new(f32::INFINITY, 20.0), 5.0, INK);
        assert!(painted(&list, Layer::Motion).is_empty());
        assert!(painted(&list, Layer::Still).is_empty());
    }

    #[test]
    fn a_moving_item_that_stays_on_its_pixel_draws_the_same() {
        let mut setter = Typesetter::new(false);
        let shaped = setter.set(Setting::line("ticker", 10.0));
        let at = |x: f32| {
            let mut list = List::default();
            list.text(shaped.clone(), Point::new(x, 40.0), INK);
            painted(&list, Layer::Motion).fingerprint()
        };
        assert_eq!(at(110.0), at(110.1));
        assert_ne!(at(110.0), at(110.6));
    }
}
