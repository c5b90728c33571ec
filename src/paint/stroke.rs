//! Lines with a breadth: a strip of four lanes, of which the outer two fade to nothing; of three
//! where the line is no wider than a pixel.

use std::f32::consts::PI;

use crate::paint::mesh::Mesh;
use crate::paint::outline::{Line, Vec2, cross, direction, dot, miter, moved, normal};

/// The soft edge reaches this far to both sides of the true one, pixels.
const SOFT: f32 = 0.5;
/// Cosine of the turn up to which a corner is pointed; above, it is rounded.
const POINTED: f32 = 0.6;
/// Largest turn between two rows of a rounded corner, radians.
const STEP: f32 = 0.5;

/// Draws `line` `width` pixels wide. Lines thinner than a pixel are one pixel wide and paler.
pub fn stroke(line: &Line, width: f32, mesh: &mut Mesh) {
    if width.is_nan() || width <= 0.0 || line.points.len() < 2 {
        return;
    }
    let mut strip =
        Strip { mesh, half: width.max(1.0) / 2.0, cover: width.min(1.0), last: None, first: None };
    if line.closed && line.points.len() > 2 {
        strip.closed(&line.points);
    } else {
        strip.open(&line.points);
    }
}

struct Strip<'a> {
    mesh: &'a mut Mesh,
    /// Half the breadth, pixels.
    half: f32,
    cover: f32,
    first: Option<Row>,
    last: Option<Row>,
}

/// Corners across the line.
#[derive(Clone, Copy)]
enum Row {
    Thin([u32; 3]),
    Wide([u32; 4]),
}

impl Strip<'_> {
    fn open(&mut self, points: &[Vec2]) {
        let n = points.len();
        let start = direction(points[0], points[1]);
        self.end(points[0], start, -SOFT, SOFT);
        for i in 1..n - 1 {
            self.corner(points[i - 1], points[i], points[i + 1]);
        }
        let stop = direction(points[n - 2], points[n - 1]);
        self.end(points[n - 1], stop, -SOFT, SOFT);
    }

    fn closed(&mut self, points: &[Vec2]) {
        let n = points.len();
        for i in 0..n {
            self.corner(points[(i + n - 1) % n], points[i], points[(i + 1) % n]);
        }
        if let Some(first) = self.first {
            self.join(self.last, first);
        }
    }

    /// A soft end across the line; the first end fades in, the last one out.
    fn end(&mut self, at: Vec2, along: Vec2, from: f32, to: f32) {
        let (cover, begins) = (self.cover, self.last.is_none());
        let covers = if begins { [0.0, cover] } else { [cover, 0.0] };
        self.row(moved(at, along, from), normal(along), covers[0]);
        self.row(moved(at, along, to), normal(along), covers[1]);
    }

    fn corner(&mut self, before: Vec2, at: Vec2, after: Vec2) {
        let (d0, d1) = (direction(before, at), direction(at, after));
        let (n0, n1) = (normal(d0), normal(d1));
        if dot(d0, d1) >= POINTED {
            return self.row(at, miter(n0, n1), self.cover);
        }
        let turn = cross(d0, d1).atan2(dot(d0, d1));
        // Half a pixel beside a hairline nobody sees whether its corner is round.
        let step = if self.half <= SOFT { PI } else { STEP };
        let steps = (turn.abs() / step).ceil().max(1.0) as u32;
        for i in 0..=steps {
            let (sin, cos) = (turn * i as f32 / steps as f32).sin_cos();
            self.row(at, [n0[0] * cos - n0[1] * sin, n0[0] * sin + n0[1] * cos], self.cover);
        }
    }

    fn row(&mut self, at: Vec2, across: Vec2, cover: f32) {
        let far = self.half + SOFT;
        let mut lane = |by: f32, cover: f32| self.mesh.push(moved(at, across, by), cover);
        let row = if self.half <= SOFT {
            Row::Thin([lane(far, 0.0), lane(0.0, cover), lane(-far, 0.0)])
        } else {
            let near = self.half - SOFT;
            Row::Wide([lane(far, 0.0), lane(near, cover), lane(-near, cover), lane(-far, 0.0)])
        };
        self.join(self.last, row);
        self.first = self.first.or(Some(row));
        self.last = Some(row);
    }

    fn join(&mut self, from: Option<Row>, to: Row) {
        match (from, to) {
            (Some(Row::Thin(a)), Row::Thin(b)) => self.mesh.join(a, b),
            (Some(Row::Wide(a)), Row::Wide(b)) => self.mesh.join(a, b),
            _ => {}
        }
    }
}
