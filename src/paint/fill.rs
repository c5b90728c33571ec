//! Filled outlines: triangles inside (lyon), and a strip along each edge that fades to nothing.

use lyon::math::point;
use lyon::tessellation::{BuffersBuilder, FillOptions, FillTessellator, FillVertex, VertexBuffers};

use crate::paint::mesh::{Mesh, MeshVertex};
use crate::paint::outline::{Line, Vec2, direction, miter, moved, normal};

/// The soft edge reaches this far to both sides of the true one, pixels.
const SOFT: f32 = 0.5;

/// Fills closed and open lines alike by the non-zero rule.
pub fn fill(lines: &[Line], mesh: &mut Mesh) {
    let shapes: Vec<&Line> = lines.iter().filter(|line| line.points.len() > 2).collect();
    let turns: Vec<f32> = shapes.iter().map(|line| area(&line.points)).collect();
    let mut inner = Vec::with_capacity(shapes.len());
    for (i, line) in shapes.iter().enumerate() {
        let outward = if is_hole(&shapes, &turns, i) { -turns[i].signum() } else { turns[i].signum() };
        let normals = normals(&line.points);
        inner.push(shifted(&line.points, &normals, -SOFT * outward));
        edge(&line.points, &normals, outward, mesh);
    }
    inside(&inner, mesh);
}

/// The strip from the full to the vanished colour.
fn edge(points: &[Vec2], normals: &[Vec2], outward: f32, mesh: &mut Mesh) {
    let mut row = |i: usize| {
        let inner = mesh.push(moved(points[i], normals[i], -SOFT * outward), 1.0);
        [inner, mesh.push(moved(points[i], normals[i], SOFT * outward), 0.0)]
    };
    let rows: Vec<[u32; 2]> = (0..points.len()).map(&mut row).collect();
    for i in 0..rows.len() {
        mesh.join(rows[i], rows[(i + 1) % rows.len()]);
    }
}

/// Triangles of the lines' inside. What lyon cannot tessellate stays empty.
fn inside(lines: &[Vec<Vec2>], mesh: &mut Mesh) {
    let mut buffers: VertexBuffers<MeshVertex, u32> = VertexBuffers::new();
    let corner = |v: FillVertex<'_>| MeshVertex { at: v.position().to_array(), cover: 1.0 };
    let mut output = BuffersBuilder::new(&mut buffers, corner);
    let mut tessellator = FillTessellator::new();
    let options = FillOptions::non_zero();
    let mut builder = tessellator.builder(&options, &mut output);
    for line in lines {
        builder.begin(point(line[0][0], line[0][1]));
        for p in &line[1..] {
            builder.line_to(point(p[0], p[1]));
        }
        builder.end(true);
    }
    if builder.build().is_ok() {
        let base = mesh.vertices.len() as u32;
        mesh.indices.extend(buffers.indices.iter().map(|i| base + i));
        mesh.vertices.append(&mut buffers.vertices);
    }
}

fn normals(points: &[Vec2]) -> Vec<Vec2> {
    let n = points.len();
    let across = |i: usize| normal(direction(points[i % n], points[(i + 1) % n]));
    (0..n).map(|i| miter(across(i + n - 1), across(i))).collect()
}

fn shifted(points: &[Vec2], normals: &[Vec2], by: f32) -> Vec<Vec2> {
    points.iter().zip(normals).map(|(&p, &n)| moved(p, n, by)).collect()
}

/// Twice the area; positive when it turns clockwise on the screen, where normals point outwards.
fn area(points: &[Vec2]) -> f32 {
    let n = points.len();
    let sum: f64 = (0..n)
        .map(|i| {
            let (a, b) = (points[i], points[(i + 1) % n]);
            f64::from(a[0]) * f64::from(b[1]) - f64::from(b[0]) * f64::from(a[1])
        })
        .sum();
    sum as f32
}

/// True when the line cuts a hole: what lies inside it is outside by the non-zero rule.
fn is_hole(lines: &[&Line], turns: &[f32], i: usize) -> bool {
    let at = lines[i].points[0];
    let others = (0..lines.len()).filter(|&j| j != i && turns[j].signum() != turns[i].signum());
    let around: i32 = others.map(|j| winding(&lines[j].points, at)).sum();
    around != 0 && around + turns[i].signum() as i32 == 0
}

/// How often a closed line runs clockwise around a point.
fn winding(points: &[Vec2], at: Vec2) -> i32 {
    let mut turns = 0;
    let mut a = points[points.len() - 1];
    for &b in points {
        if (a[1] <= at[1]) != (b[1] <= at[1]) {
            let x = a[0] + (at[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]);
            if x > at[0] {
                turns += if b[1] > a[1] { 1 } else { -1 };
            }
        }
        a = b;
    }
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f32, side: f32, clockwise: bool) -> Line {
        let mut points = vec![[x, x], [x + side, x], [x + side, x + side], [x, x + side]];
        if !clockwise {
            points.reverse();
        }
        Line { points, closed: true }
    }

    fn covered(lines: &[Line]) -> f32 {
        let mut mesh = Mesh::default();
        fill(lines, &mut mesh);
        let triangle = |t: &[u32]| {
            let [a, b, c] = [0, 1, 2].map(|i| mesh.vertices[t[i] as usize]);
            let twice = (b.at[0] - a.at[0]) * (c.at[1] - a.at[1]) - (b.at[1] - a.at[1]) * (c.at[0] - a.at[0]);
            twice.abs() / 2.0 * (a.cover + b.cover + c.cover) / 3.0
        };
        mesh.indices.chunks(3).map(triangle).sum()
    }

    #[test]
    fn a_hole_is_left_out_whichever_way_the_outer_line_turns() {
        for clockwise in [true, false] {
            let area = covered(&[square(0.0, 40.0, clockwise), square(10.0, 20.0, !clockwise)]);
            assert!((area - 1200.0).abs() < 2.0, "{area}");
        }
    }

    #[test]
    fn islands_are_filled_whichever_way_they_turn() {
        let area = covered(&[square(0.0, 40.0, true), square(100.0, 20.0, false)]);
        assert!((area - 2000.0).abs() < 3.0, "{area}");
    }
}
