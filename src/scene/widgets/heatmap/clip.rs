//! Outlines cut at a rectangle: areas after Sutherland and Hodgman (1974), lines piece by piece.

use crate::geometry::{Point, Rect};

/// One side of a rectangle.
#[derive(Clone, Copy)]
enum Side {
    Left(f32),
    Right(f32),
    Top(f32),
    Bottom(f32),
}

impl Side {
    fn of(rect: &Rect) -> [Self; 4] {
        [Self::Left(rect.x), Self::Right(rect.right()), Self::Top(rect.y), Self::Bottom(rect.bottom())]
    }

    /// How far a point lies inside; negative outside.
    fn depth(self, p: Point) -> f32 {
        match self {
            Self::Left(x) => p.x - x,
            Self::Right(x) => x - p.x,
            Self::Top(y) => p.y - y,
            Self::Bottom(y) => y - p.y,
        }
    }

    /// Where the line from `a` to `b` meets it.
    fn meet(self, a: Point, b: Point) -> Point {
        let t = self.depth(a) / (self.depth(a) - self.depth(b));
        Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t)
    }
}

/// The part of a closed outline inside `rect`; parts of it run along the edge. Empty outside.
pub fn area(ring: Vec<Point>, rect: &Rect) -> Vec<Point> {
    if ring.iter().all(|p| encloses(rect, *p)) {
        return ring;
    }
    Side::of(rect).into_iter().fold(ring, |ring, side| {
        let mut out = Vec::with_capacity(ring.len());
        for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
            let (from, to) = (side.depth(*a), side.depth(*b));
            if from >= 0.0 {
                out.push(*a);
            }
            if (from < 0.0) != (to < 0.0) {
                out.push(side.meet(*a, *b));
            }
        }
        out
    })
}

/// The pieces of a line inside `rect`.
pub fn line(points: &[Point], rect: &Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = vec![];
    let mut open = false;
    for pair in points.windows(2) {
        let Some((a, b)) = segment(pair[0], pair[1], rect) else {
            open = false;
            continue;
        };
        match pieces.last_mut().filter(|_| open && a == pair[0]) {
            Some(piece) => piece.push(b),
            None => pieces.push(vec![a, b]),
        }
        open = b == pair[1];
    }
    pieces
}

/// The part of a straight line inside `rect`.
fn segment(mut a: Point, mut b: Point, rect: &Rect) -> Option<(Point, Point)> {
    for side in Side::of(rect) {
        match (side.depth(a) < 0.0, side.depth(b) < 0.0) {
            (true, true) => return None,
            (true, false) => a = side.meet(a, b),
            (false, true) => b = side.meet(a, b),
            (false, false) => {}
        }
    }
    Some((a, b))
}

fn encloses(rect: &Rect, p: Point) -> bool {
    (rect.x..=rect.right()).contains(&p.x) && (rect.y..=rect.bottom()).contains(&p.y)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const RECT: Rect = Rect::new(0.0, 0.0, 10.0, 10.0);

    fn points(list: &[(f32, f32)]) -> Vec<Point> {
        list.iter().map(|&(x, y)| Point::new(x, y)).collect()
    }

    #[test]
    fn a_square_half_outside_is_halved() {
        let half = area(points(&[(-5.0, 2.0), (5.0, 2.0), (5.0, 8.0), (-5.0, 8.0)]), &RECT);
        let xs: Vec<f32> = half.iter().map(|p| p.x).collect();
        assert!(half.len() == 4 && xs.iter().all(|x| (0.0..=5.0).contains(x)), "{half:?}");
        assert!(area(points(&[(20.0, 2.0), (25.0, 2.0), (25.0, 8.0)]), &RECT).is_empty());
        let around = area(points(&[(-5.0, -5.0), (15.0, -5.0), (15.0, 15.0), (-5.0, 15.0)]), &RECT);
        assert_eq!(around.len(), 4, "what lies around it fills it");
    }

    #[test]
    fn a_line_that_leaves_and_comes_back_is_two() {
        let pieces = line(&points(&[(1.0, 1.0), (5.0, 1.0), (5.0, -3.0), (8.0, -3.0), (8.0, 4.0)]), &RECT);
        assert_eq!(
            pieces,
            [points(&[(1.0, 1.0), (5.0, 1.0), (5.0, 0.0)]), points(&[(8.0, 0.0), (8.0, 4.0)])]
        );
    }

    proptest! {
        #[test]
        fn nothing_is_left_outside(
            ring in proptest::collection::vec((-20f32..30.0, -20f32..30.0), 3..40),
        ) {
            let ring = points(&ring);
            let near = |p: &Point| (-1e-3..=10.001).contains(&p.x) && (-1e-3..=10.001).contains(&p.y);
            prop_assert!(line(&ring, &RECT).iter().flatten().all(near));
            prop_assert!(area(ring, &RECT).iter().all(near));
        }
    }
}
