//! Outlines in pixels, without the points that nobody could tell apart.

use crate::scene::list::Path;

pub type Vec2 = [f32; 2];

/// Points nearer to each other than this are one, pixels.
const NEAR: f32 = 0.35;

/// Points in pixels, neighbours apart by at least [`NEAR`].
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub points: Vec<Vec2>,
    pub closed: bool,
}

/// The lines of a path at `scale` pixels per millimetre; those of fewer than two points are gone.
pub fn lines(path: &Path, scale: f32) -> Vec<Line> {
    let mut lines = Vec::with_capacity(path.outlines.len());
    for outline in &path.outlines {
        let mut points: Vec<Vec2> = Vec::new();
        for point in &outline.points {
            let at = [point.x * scale, point.y * scale];
            if at.iter().all(|v| v.is_finite()) && points.last().is_none_or(|&last| apart(last, at)) {
                points.push(at);
            }
        }
        while outline.closed && points.len() > 1 && !apart(points[0], points[points.len() - 1]) {
            points.pop();
        }
        if points.len() > 1 {
            lines.push(Line { points, closed: outline.closed });
        }
    }
    lines
}

fn apart(a: Vec2, b: Vec2) -> bool {
    let d = sub(a, b);
    d[0] * d[0] + d[1] * d[1] >= NEAR * NEAR
}

pub fn sub(a: Vec2, b: Vec2) -> Vec2 {
    [a[0] - b[0], a[1] - b[1]]
}

/// `at` moved by `by` times `along`.
pub fn moved(at: Vec2, along: Vec2, by: f32) -> Vec2 {
    [at[0] + along[0] * by, at[1] + along[1] * by]
}

pub fn dot(a: Vec2, b: Vec2) -> f32 {
    a[0] * b[0] + a[1] * b[1]
}

pub fn cross(a: Vec2, b: Vec2) -> f32 {
    a[0] * b[1] - a[1] * b[0]
}

/// The direction from `a` to `b`, of length 1; they lie apart.
pub fn direction(a: Vec2, b: Vec2) -> Vec2 {
    let d = sub(b, a);
    let length = dot(d, d).sqrt().max(f32::MIN_POSITIVE);
    [d[0] / length, d[1] / length]
}

/// Across a direction: to the left of who walks along it (y points down).
pub fn normal(d: Vec2) -> Vec2 {
    [d[1], -d[0]]
}

/// Across a corner, as long as it takes to move both edges by 1; at most 2.
pub fn miter(n0: Vec2, n1: Vec2) -> Vec2 {
    let sum = [n0[0] + n1[0], n0[1] + n1[1]];
    let square = dot(sum, sum);
    // At 1.0 the miter is twice as long as the edges move; sharper corners are cut there.
    if square < 1.0 {
        let length = square.sqrt().max(1e-3);
        return [sum[0] / length * 2.0, sum[1] / length * 2.0];
    }
    [sum[0] * 2.0 / square, sum[1] * 2.0 / square]
}
