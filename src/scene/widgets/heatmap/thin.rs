//! Fewer points where nobody sees the difference: outlines thinned by Douglas and Peucker (1973).

use crate::geometry::Point;

/// The closed outline without points that lie within `tolerance` of the line between those that
/// stay; `None` when what is left encloses less than the square of three tolerances.
pub fn thin(ring: &[Point], tolerance: f32) -> Option<Vec<Point>> {
    let far = farthest(ring, |p| distance(p, ring[0]))?.0;
    let mut keep = vec![false; ring.len() + 1];
    let closed: Vec<Point> = ring.iter().chain(ring.first()).copied().collect();
    (keep[0], keep[far]) = (true, true);
    mark(&closed, 0, far, tolerance, &mut keep);
    mark(&closed, far, ring.len(), tolerance, &mut keep);
    let left: Vec<Point> = ring.iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| *p).collect();
    (left.len() > 2 && area(&left) > 9.0 * tolerance * tolerance).then_some(left)
}

/// The same of an open line, however short; its ends stay.
pub fn thin_line(line: &[Point], tolerance: f32) -> Vec<Point> {
    let Some(last) = line.len().checked_sub(1) else { return Vec::new() };
    let mut keep = vec![false; line.len()];
    (keep[0], keep[last]) = (true, true);
    mark(line, 0, last, tolerance, &mut keep);
    line.iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| *p).collect()
}

/// Marks what must stay between two points that stay; with a stack of its own, because a coast
/// can be long.
fn mark(points: &[Point], from: usize, to: usize, tolerance: f32, keep: &mut [bool]) {
    let mut spans = vec![(from, to)];
    while let Some((from, to)) = spans.pop() {
        let inner = points.get(from + 1..to).unwrap_or_default();
        let off = |p: Point| off_line(p, points[from], points[to]);
        if let Some((i, most)) = farthest(inner, off)
            && most > tolerance
        {
            let middle = from + 1 + i;
            keep[middle] = true;
            spans.extend([(from, middle), (middle, to)]);
        }
    }
}

fn farthest(points: &[Point], measure: impl Fn(Point) -> f32) -> Option<(usize, f32)> {
    points.iter().map(|p| measure(*p)).enumerate().max_by(|a, b| a.1.total_cmp(&b.1))
}

fn distance(a: Point, b: Point) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

/// Distance of `p` from the straight piece between `a` and `b`.
fn off_line(p: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    if length == 0.0 {
        return distance(p, a);
    }
    let t = (((p.x - a.x) * dx + (p.y - a.y) * dy) / length).clamp(0.0, 1.0);
    distance(p, Point::new(a.x + t * dx, a.y + t * dy))
}

fn area(ring: &[Point]) -> f32 {
    let next = ring.iter().cycle().skip(1);
    ring.iter().zip(next).map(|(a, b)| a.x * b.y - b.x * a.y).sum::<f32>().abs() / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_circle_keeps_its_shape_with_fewer_points() {
        let turn = |i: usize| i as f32 / 720.0 * std::f32::consts::TAU;
        let ring: Vec<Point> =
            (0..720).map(|i| Point::new(100.0 * turn(i).cos(), 100.0 * turn(i).sin())).collect();
        let left = thin(&ring, 0.5).unwrap_or_default();
        assert!((20..60).contains(&left.len()), "{}", left.len());
        assert!((area(&left) / area(&ring) - 1.0).abs() < 0.02);
    }

    #[test]
    fn specks_vanish() {
        let speck = [Point::new(0.0, 0.0), Point::new(1.0, 0.0), Point::new(0.0, 1.0)];
        assert_eq!(thin(&speck, 0.5), None);
        assert!(thin(&speck, 0.1).is_some());
        assert_eq!(thin(&[], 1.0), None);
        assert!(thin_line(&[], 1.0).is_empty() && thin_line(&speck, 9.0).len() == 2);
        assert_eq!(thin(&speck[..1], 0.0), None);
    }

    proptest! {
        #[test]
        fn no_point_strays_farther_than_the_tolerance(
            points in proptest::collection::vec((0f32..50.0, 0f32..50.0), 3..60),
            tolerance in 0.1f32..3.0,
        ) {
            let ring: Vec<Point> = points.iter().map(|&(x, y)| Point::new(x, y)).collect();
            let Some(left) = thin(&ring, tolerance) else { return Ok(()) };
            for p in ring {
                let pieces = left.iter().zip(left.iter().cycle().skip(1));
                let near = pieces.map(|(a, b)| off_line(p, *a, *b)).fold(f32::MAX, f32::min);
                prop_assert!(near <= tolerance * 1.001, "{near}");
            }
        }
    }
}
