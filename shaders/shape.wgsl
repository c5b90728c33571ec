// Rectangles, rounded rectangles, discs and rings, one instance each.

struct View {
    // From pixels to clip space: 2 / width, -2 / height.
    to_clip: vec2<f32>,
    pad: vec2<f32>,
}

struct Quad {
    // Left, top, right, bottom, pixels.
    @location(0) edges: vec4<f32>,
    // Radius of the corners; breadth of the line, 0 for a filled shape.
    @location(1) round: vec2<f32>,
    @location(2) color: vec4<f32>,
}

@group(0) @binding(0) var<uniform> view: View;

fn clip(at: vec2<f32>) -> vec4<f32> {
    return vec4(at * view.to_clip + vec2(-1.0, 1.0), 0.0, 1.0);
}

fn corner(index: u32) -> vec2<f32> {
    return vec2(f32(index & 1u), f32(index >> 1u));
}

// Opaque rectangles on whole pixels.

struct FlatOut {
    @builtin(position) position: vec4<f32>,
    @location(0) @interpolate(flat) color: vec4<f32>,
}

@vertex
fn vs_flat(@builtin(vertex_index) index: u32, quad: Quad) -> FlatOut {
    let at = mix(quad.edges.xy, quad.edges.zw, corner(index));
    return FlatOut(clip(at), vec4(quad.color.rgb, 1.0));
}

@fragment
fn fs_flat(in: FlatOut) -> @location(0) vec4<f32> {
    return in.color;
}

// Everything else, by its distance to the outline.

struct ShapeOut {
    @builtin(position) position: vec4<f32>,
    @location(0) from_center: vec2<f32>,
    @location(1) @interpolate(flat) reach: vec2<f32>,
    @location(2) @interpolate(flat) round: vec2<f32>,
    @location(3) @interpolate(flat) color: vec4<f32>,
}

@vertex
fn vs_shape(@builtin(vertex_index) index: u32, quad: Quad) -> ShapeOut {
    let side = corner(index) * 2.0 - 1.0;
    let reach = (quad.edges.zw - quad.edges.xy) * 0.5;
    let center = (quad.edges.zw + quad.edges.xy) * 0.5;
    // One pixel more on every side, for the soft edge.
    let from_center = side * (reach + 1.0);
    let color = vec4(quad.color.rgb * quad.color.a, quad.color.a);
    return ShapeOut(clip(center + from_center), from_center, reach, quad.round, color);
}

@fragment
fn fs_shape(in: ShapeOut) -> @location(0) vec4<f32> {
    let q = abs(in.from_center) - in.reach + in.round.x;
    let d = length(max(q, vec2(0.0))) + min(max(q.x, q.y), 0.0) - in.round.x;
    let outside = clamp(0.5 - d, 0.0, 1.0);
    let inside = clamp(0.5 + d + in.round.y, 0.0, 1.0);
    return in.color * select(outside, min(outside, inside), in.round.y > 0.0);
}
