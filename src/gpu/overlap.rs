//! Which texts stand alone on the ground, so that they may be copied there from a picture.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::base::TileId;
use crate::paint::{Batch, TextRun};

/// More things than that in a tile are not looked through.
const MAX_BOXES: usize = 128;

type Box4 = [f32; 4];

/// The boxes around what stands still in each tile, where the ground lies below it.
#[derive(Debug, Default)]
pub struct Grounds(FxHashMap<TileId, Vec<Box4>>);

impl Grounds {
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// A tile was painted: `boxes` are around what is in it. `None` for a tile that has no ground.
    pub fn set(&mut self, id: TileId, boxes: Option<&[Box4]>) {
        match boxes.filter(|boxes| boxes.len() <= MAX_BOXES) {
            Some(boxes) => self.0.insert(id, boxes.to_vec()),
            None => self.0.remove(&id),
        };
    }

    /// Marks the texts of a tile that stand alone; they and their boxes are the batch's from
    /// `texts` and `boxes` on.
    pub fn mark(&self, id: TileId, batch: &mut Batch, texts: usize, boxes: usize) {
        let (runs, moving) = (&mut batch.texts[texts..], &batch.boxes[boxes..]);
        let Some(still) = self.0.get(&id).filter(|_| moving.len() <= MAX_BOXES) else { return };
        for i in 0..runs.len() {
            let run = &runs[i];
            // Its own box is among those that move, and so are those of the slices of the same text that
            // touch it, as at the faded ends of a ticker: they are drawn after what is copied.
            let own =
                || runs.iter().filter(|other| is_slice(run, other) && reaches(&other.seen(), run)).count();
            let alone = run.color.a >= 1.0 && !meets(still, run, 0) && !meets(moving, run, own());
            runs[i].alone = alone;
        }
    }
}

/// Whether two runs are parts of one text at one place.
fn is_slice(run: &TextRun, other: &TextRun) -> bool {
    Arc::ptr_eq(&run.shaped, &other.shaped) && run.at == other.at && run.scale == other.scale
}

/// True when more than `own` boxes reach into the ink of a text.
fn meets(boxes: &[Box4], run: &TextRun, own: usize) -> bool {
    boxes.iter().filter(|b| reaches(b, run)).count() > own
}

/// Whether a box reaches into the whole pixels of a text's ink: the copied picture has no others.
fn reaches(b: &Box4, run: &TextRun) -> bool {
    let seen = run.seen();
    let ink = [seen[0].floor(), seen[1].floor(), seen[2].ceil(), seen[3].ceil()];
    b[0] - 0.5 < ink[2] && b[1] - 0.5 < ink[3] && b[2] + 0.5 > ink[0] && b[3] + 0.5 > ink[1]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Rgba;
    use crate::geometry::{Point, Rect};
    use crate::paint::{Layer, Painter, Screen};
    use crate::scene::list::List;
    use crate::text::{Setting, Typesetter};

    const SCREEN: Screen = Screen { rect: Rect::new(0.0, 0.0, 160.0, 90.0), pixels: (320, 180) };
    const INK: Rgba = Rgba::hex(0xffffff);
    const ID: TileId = (0, 0);

    fn marked(still: Option<&[Box4]>, draw: impl Fn(&mut List, &mut Typesetter)) -> Vec<bool> {
        let (mut list, mut batch) = (List::default(), Batch::default());
        draw(&mut list, &mut Typesetter::new(false));
        Painter::default().paint(&mut batch, &SCREEN, &list.items, SCREEN.whole(), Layer::Motion);
        let mut grounds = Grounds::default();
        grounds.set(ID, still);
        grounds.mark(ID, &mut batch, 0, 0);
        batch.texts.iter().map(|run| run.alone).collect()
    }

    fn words(list: &mut List, setter: &mut Typesetter, x: f32, color: Rgba) {
        list.text(setter.set(Setting::line("words", 10.0)), Point::new(x, 40.0), color);
    }

    #[test]
    fn words_on_bare_ground_stand_alone() {
        let two = |list: &mut List, setter: &mut Typesetter| {
            words(list, setter, 10.0, INK);
            words(list, setter, 90.0, INK);
        };
        assert_eq!(marked(Some(&[]), two), [true, true]);
        assert_eq!(marked(None, two), [false, false]);
        assert_eq!(marked(Some(&[[200.0, 60.0, 210.0, 70.0]]), two), [true, false]);
    }

    #[test]
    fn words_that_touch_anything_or_shine_through_do_not() {
        let close = |list: &mut List, setter: &mut Typesetter| {
            words(list, setter, 10.0, INK);
            words(list, setter, 20.0, INK);
        };
        assert_eq!(marked(Some(&[]), close), [false, false]);
        let over = |list: &mut List, setter: &mut Typesetter| {
            list.disc(Point::new(20.0, 38.0), 3.0, INK);
            words(list, setter, 10.0, INK);
        };
        assert_eq!(marked(Some(&[]), over), [false]);
        assert_eq!(marked(Some(&[]), |list, setter| words(list, setter, 10.0, INK.fade(0.5))), [false]);
    }

    #[test]
    fn slices_of_one_text_may_touch() {
        let slices = |list: &mut List, setter: &mut Typesetter| {
            let shaped = setter.set(Setting::line("words", 10.0));
            let at = Point::new(10.0, 40.0);
            for (x, color) in [(0.0, INK.fade(0.5)), (20.0, INK)] {
                let clip = Some(Rect::new(x, 0.0, 20.0, 90.0));
                list.push(crate::scene::list::Item::Text { shaped: shaped.clone(), at, color, clip });
            }
        };
        assert_eq!(marked(Some(&[]), slices), [false, true]);
    }

    #[test]
    fn figures_side_by_side_stand_alone_each() {
        let figures = |list: &mut List, setter: &mut Typesetter| {
            let nine = setter.set(Setting::line("9", 20.0).tabular());
            for i in 0..3 {
                let x = (i as f32 * (nine.size.w * 2.0).ceil() + i as f32 * 2.0) / 2.0;
                list.text(nine.clone(), Point::new(x, 40.0), INK);
            }
        };
        assert_eq!(marked(Some(&[]), figures), [true; 3]);
    }
}
