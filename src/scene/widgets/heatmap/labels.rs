//! Where names stand on the map: near their places, on cool ground, not over each other, and
//! never across a bezel.

use crate::geometry::{Point, Rect, Size};

/// Distances from the place that are tried, as parts of the reach.
const DISTANCES: [f32; 5] = [1.0, 1.7, 2.6, 3.8, 5.4];
/// Directions that are tried, right first; up and down cost more.
const DIRECTIONS: usize = 16;

/// A name that wants a place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    pub at: Point,
    pub size: Size,
}

/// Where labels may stand and what they avoid.
pub struct Ground<'a> {
    /// Each label lies within one of these.
    pub rooms: &'a [Rect],
    /// No label touches any of these.
    pub taken: &'a [Rect],
    /// Distance at which a label stands clear of its place, millimetres.
    pub reach: f32,
}

/// A place for each wish in its order, as far as there is room. `heat` tells how bright the
/// ground is, 0 to 1.
pub fn place(wishes: &[Wish], ground: &Ground<'_>, heat: impl Fn(Point) -> f32) -> Vec<Option<Rect>> {
    let spots: Vec<Point> = wishes.iter().map(|w| w.at).collect();
    let mut taken: Vec<Rect> = ground.taken.to_vec();
    let mut leaders: Vec<(Point, Point)> = vec![];
    let mut placed = vec![];
    for wish in wishes {
        let free = candidates(wish, ground.reach).filter(|(rect, _)| {
            let line = (wish.at, nearest(*rect, wish.at));
            ground.rooms.iter().any(|room| encloses(room, rect))
                && taken.iter().all(|t| t.intersection(rect).is_none() && !crosses(line, t))
                && leaders.iter().all(|l| !crosses(*l, rect))
                && spots.iter().all(|s| *s == wish.at || !grown(*rect, ground.reach * 0.4).contains(*s))
        });
        let cost = |(rect, far): &(Rect, f32)| far + 5.0 * brightness(rect, wish.at, &heat);
        let best = free.min_by(|a, b| cost(a).total_cmp(&cost(b))).map(|(rect, _)| rect);
        if let Some(rect) = best {
            taken.push(grown(rect, ground.reach * 0.2));
            leaders.push((wish.at, nearest(rect, wish.at)));
        }
        placed.push(best);
    }
    placed
}

/// The point of `rect` that lies nearest to `to`.
pub fn nearest(rect: Rect, to: Point) -> Point {
    Point::new(to.x.clamp(rect.x, rect.right()), to.y.clamp(rect.y, rect.bottom()))
}

/// Rectangles around the place, and what each costs by its distance and direction.
fn candidates(wish: &Wish, reach: f32) -> impl Iterator<Item = (Rect, f32)> {
    let Wish { at, size } = *wish;
    DISTANCES.into_iter().flat_map(move |distance| {
        (0..DIRECTIONS).map(move |i| {
            let turn = i as f32 / DIRECTIONS as f32 * std::f32::consts::TAU;
            let (dx, dy) = (turn.cos(), turn.sin());
            let x = at.x + dx * (distance * reach + size.w / 2.0) - size.w / 2.0;
            let y = at.y + dy * (distance * reach + size.h / 2.0) - size.h / 2.0;
            let lean = 0.25 * dy.abs() + 0.1 * (1.0 - dx);
            (Rect::new(x, y, size.w, size.h), 0.35 * distance + lean)
        })
    })
}

/// The hottest of eight points along the label's long edges and the one next to its place.
fn brightness(rect: &Rect, place: Point, heat: &impl Fn(Point) -> f32) -> f32 {
    let at = |i: i32| {
        let (x, y) = (rect.x + rect.w * (i % 4) as f32 / 3.0, rect.y + rect.h * (i / 4) as f32);
        heat(Point::new(x, y))
    };
    (0..8).map(at).fold(heat(nearest(*rect, place)), f32::max)
}

fn encloses(room: &Rect, rect: &Rect) -> bool {
    room.x <= rect.x && room.y <= rect.y && rect.right() <= room.right() && rect.bottom() <= room.bottom()
}

fn grown(rect: Rect, by: f32) -> Rect {
    Rect::new(rect.x - by, rect.y - by, rect.w + 2.0 * by, rect.h + 2.0 * by)
}

/// True when a line passes through a rectangle, seen at twelve points along it.
fn crosses((from, to): (Point, Point), rect: &Rect) -> bool {
    (0..=11)
        .map(|i| i as f32 / 11.0)
        .any(|t| rect.contains(Point::new(from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEFT: Rect = Rect::new(0.0, 0.0, 900.0, 500.0);
    const RIGHT: Rect = Rect::new(920.0, 0.0, 900.0, 500.0);
    const CAPTION: Rect = Rect::new(0.0, 450.0, 300.0, 50.0);

    proptest! {
        #[test]
        fn labels_keep_apart_and_off_the_bezel(
            spots in proptest::collection::vec((0f32..1820.0, 0f32..500.0, 60f32..240.0), 1..8),
        ) {
            let wish = |&(x, y, w): &(f32, f32, f32)| Wish { at: Point::new(x, y), size: Size::new(w, 26.0) };
            let wishes: Vec<Wish> = spots.iter().map(wish).collect();
            let ground = Ground { rooms: &[LEFT, RIGHT], taken: &[CAPTION], reach: 20.0 };
            let placed = place(&wishes, &ground, |_| 0.0);
            prop_assert_eq!(placed.len(), wishes.len());
            let rects: Vec<Rect> = placed.into_iter().flatten().collect();
            for (i, a) in rects.iter().enumerate() {
                prop_assert!(encloses(&LEFT, a) || encloses(&RIGHT, a));
                prop_assert!(a.intersection(&CAPTION).is_none());
                prop_assert!(rects[..i].iter().all(|b| a.intersection(b).is_none()));
            }
        }
    }

    #[test]
    fn a_lonely_place_is_named_on_its_right() {
        let wish = Wish { at: Point::new(100.0, 100.0), size: Size::new(80.0, 26.0) };
        let ground = Ground { rooms: &[LEFT], taken: &[], reach: 20.0 };
        assert_eq!(place(&[wish], &ground, |_| 0.0), [Some(Rect::new(120.0, 87.0, 80.0, 26.0))]);
        let hot_right = |p: Point| if p.x > 100.0 { 1.0 } else { 0.0 };
        let moved = place(&[wish], &ground, hot_right)[0].unwrap_or_default();
        assert!(moved.right() <= 100.0, "{moved:?}");
    }
}
