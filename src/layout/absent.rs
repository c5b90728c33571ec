//! Displays without a monitor: what becomes of what they would show.

use std::cmp::Reverse;

use crate::geometry::Rect;
use crate::layout::display::{Display, IfMissing};
use crate::layout::wall::Wall;

/// Displays beside each other overlap by at least this part of the shorter of the edges that face each other.
const FACING: f32 = 0.5;
/// Edges closer than this are the same, millimetres.
const SAME: f32 = 0.5;

/// Displays by their index; of more than 64 the first count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Displays(u64);

impl Displays {
    pub const NONE: Self = Self(0);

    pub fn has(self, index: usize) -> bool {
        u32::try_from(index).is_ok_and(|index| 1_u64.checked_shl(index).is_some_and(|bit| self.0 & bit != 0))
    }

    pub fn with(self, index: usize) -> Self {
        let bit = u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index));
        Self(self.0 | bit.unwrap_or(0))
    }
}

impl FromIterator<usize> for Displays {
    fn from_iter<I: IntoIterator<Item = usize>>(indices: I) -> Self {
        indices.into_iter().fold(Self::NONE, Self::with)
    }
}

/// The display that stands in for the display `index`, one of those that are not `gone`: the nearest that faces it;
/// of equals one at its side, then the first.
pub fn stand_in(displays: &[Display], index: usize, gone: Displays) -> Option<usize> {
    let rect = displays.get(index)?.rect;
    let others = (0..displays.len()).filter(|&other| other != index && !gone.has(other));
    let near = others.filter_map(|other| Some((facing(&rect, &displays[other].rect)?, other)));
    let rank =
        |((gap, beside), other): &((f32, bool), usize)| ((gap / SAME) as i64, Reverse(*beside), *other);
    near.min_by_key(rank).map(|(_, other)| other)
}

/// The gap between two displays that face each other, millimetres, and whether they stand side by side.
fn facing(a: &Rect, b: &Rect) -> Option<(f32, bool)> {
    let shared = |from: f32, to: f32, least: f32| (to - from) >= FACING * least;
    let beside = shared(a.y.max(b.y), a.bottom().min(b.bottom()), a.h.min(b.h));
    let above = shared(a.x.max(b.x), a.right().min(b.right()), a.w.min(b.w));
    let across = (b.x - a.right()).max(a.x - b.right()).max(0.0);
    let down = (b.y - a.bottom()).max(a.y - b.bottom()).max(0.0);
    match (beside, above) {
        (true, _) => Some((across, true)),
        (_, true) => Some((down, false)),
        _ => None,
    }
}

impl Wall {
    /// The displays whose part of the picture others show in turn while they are `gone`, each with the one that does.
    pub fn covered(&self, gone: Displays) -> Vec<(usize, usize)> {
        let lent = (0..self.displays.len())
            .filter(|&index| gone.has(index) && self.displays[index].if_missing == IfMissing::Neighbour);
        lent.filter_map(|index| Some((index, stand_in(&self.displays, index, gone)?))).collect()
    }

    /// The same wall while these displays are gone: tiles of those that say so stand on others.
    pub fn without(&self, gone: Displays) -> Self {
        let mut wall = self.clone();
        for index in (0..self.displays.len()).filter(|&index| self.moves(index, gone)) {
            if let Some(onto) = stand_in(&self.displays, index, gone) {
                wall.join(index, onto);
            }
        }
        wall
    }

    /// Whether the tiles of this display move to others while these are `gone`.
    pub fn moves(&self, index: usize, gone: Displays) -> bool {
        gone.has(index) && self.displays[index].if_missing == IfMissing::Reflow
    }

    /// Squeezes what stands on the display `gone` and on the one beside it into that one.
    fn join(&mut self, gone: usize, onto: usize) {
        let target = self.displays[onto].rect;
        let squeeze = Squeeze { from: self.displays[gone].rect.union(&target), target };
        self.band = self.band.map(|band| squeeze.rect(band));
        for tile in self.scenes.iter_mut().flat_map(|scene| &mut scene.tiles) {
            let is_here = tile.displays.contains(&gone) || tile.displays.contains(&onto);
            if is_here {
                tile.rect = squeeze.rect(tile.rect);
                tile.displays.retain(|display| *display != gone && *display != onto);
                tile.displays.push(onto);
                tile.displays.sort_unstable();
            }
        }
    }
}

/// Everything within `from` comes to lie within `target`, which is a part of it; all else stays.
struct Squeeze {
    from: Rect,
    target: Rect,
}

impl Squeeze {
    fn rect(&self, rect: Rect) -> Rect {
        let (x0, x1) = (self.across(rect.x), self.across(rect.right()));
        let (y0, y1) = (self.down(rect.y), self.down(rect.bottom()));
        Rect::new(x0, y0, x1 - x0, y1 - y0)
    }

    fn across(&self, x: f32) -> f32 {
        along(x, (self.from.x, self.from.w), (self.target.x, self.target.w))
    }

    fn down(&self, y: f32) -> f32 {
        along(y, (self.from.y, self.from.h), (self.target.y, self.target.h))
    }
}

fn along(at: f32, (from, length): (f32, f32), (target, shorter): (f32, f32)) -> f32 {
    let part = (at - from) / length.max(SAME);
    if (0.0..=1.0).contains(&part) { target + part * shorter } else { at }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::layout::{read, solve};

    const THREE: &str = r#"
        [wall]
        viewer_m = 3.0
        [display.left]
        size_mm = [900, 500]
        if_missing = "reflow"
        [display.middle]
        size_mm = [900, 500]
        at_mm = [910, 0]
        if_missing = "neighbour"
        [display.right]
        size_mm = [900, 500]
        at_mm = [1820, 0]
        [scene.s]
        title = "What now?"
        picture = """
        a a | c d | e e
        b b | c f | f f
        """
        tile.a = { kind = "text", text = "a" }
        tile.b = { kind = "text", text = "b" }
        tile.c = { kind = "text", text = "c" }
        tile.d = { kind = "text", text = "d" }
        tile.e = { kind = "text", text = "e" }
        tile.f = { kind = "text", text = "f" }
        "#;

    fn wall(text: &str) -> Wall {
        let (file, problems) = read::read(&text.into(), Path::new("wall.toml"), &crate::registry());
        assert!(problems.is_empty(), "{problems:?}");
        solve(&file, &[])
    }

    fn gone(indices: &[usize]) -> Displays {
        indices.iter().copied().collect()
    }

    #[test]
    fn the_nearest_that_faces_it_stands_in() {
        let displays = wall(THREE).displays;
        assert_eq!(stand_in(&displays, 0, gone(&[0])), Some(1));
        assert_eq!(stand_in(&displays, 1, gone(&[1])), Some(0), "of equals the first");
        assert_eq!(stand_in(&displays, 0, gone(&[0, 1])), Some(2), "however far");
        assert_eq!(stand_in(&displays, 0, gone(&[0, 1, 2])), None);
        let mut square = displays.clone();
        (square[2].rect.x, square[2].rect.y) = (0.0, 505.0);
        assert_eq!(stand_in(&square, 2, gone(&[2])), Some(0), "above it");
        assert_eq!(stand_in(&square, 1, gone(&[0, 1])), None, "across a corner there is none");
        assert_eq!(wall(THREE).covered(gone(&[0, 1])), [(1, 2)]);
        assert!(!gone(&[70]).has(70) && !gone(&[70]).has(6));
    }

    #[test]
    fn tiles_move_to_the_display_beside_and_none_lies_on_another() {
        let wall = wall(THREE);
        let gone = gone(&[0]);
        let after = wall.without(gone);
        let (middle, right) = (wall.displays[1].rect, wall.displays[2].rect);
        let tiles = &after.scenes[0].tiles;
        for tile in tiles {
            assert!(tile.rect.x >= middle.x - SAME && tile.rect.right() <= right.right() + SAME, "{tile:?}");
            assert!(!tile.displays.contains(&0) && !tile.displays.is_empty());
            for other in tiles.iter().filter(|other| other.name != tile.name) {
                let common = tile.rect.intersection(&other.rect);
                assert!(common.is_none_or(|c| c.w < SAME || c.h < SAME), "{} {}", tile.name, other.name);
            }
        }
        let (band, before) = (after.band.expect("it has a question"), wall.band.expect("it has one"));
        assert!((band.x - middle.x).abs() < SAME && (band.right() - before.right()).abs() < SAME);
        let rect = |wall: &Wall, name| wall.scenes[0].tiles.iter().find(|t| t.name == name).map(|t| t.rect);
        assert_eq!(rect(&after, "e"), rect(&wall, "e"), "far away nothing changes");
        let spans = rect(&after, "f").expect("it is there");
        assert!(spans.x < middle.right() && spans.right() > right.x, "it runs on over the bezel");
    }

    #[test]
    fn what_has_no_display_beside_it_stays_where_it_is() {
        let wall = wall(THREE);
        let all = gone(&[0, 1, 2]);
        assert_eq!(wall.without(all).scenes, wall.scenes);
        assert!(wall.covered(all).is_empty());
    }
}
