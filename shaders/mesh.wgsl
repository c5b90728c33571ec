// Tessellated outlines; the soft edge is in the corners' cover.

struct View {
    // From pixels to clip space: 2 / width, -2 / height.
    to_clip: vec2<f32>,
    pad: vec2<f32>,
}

struct Corner {
    // Pixels from the path's own origin.
    @location(0) at: vec2<f32>,
    @location(1) cover: f32,
}

struct Mark {
    // Where that origin stands, pixels.
    @location(2) at: vec2<f32>,
    @location(3) color: vec4<f32>,
}

struct Out {
    @builtin(position) position: vec4<f32>,
    // Premultiplied, and already faded.
    @location(0) color: vec4<f32>,
}

@group(0) @binding(0) var<uniform> view: View;

@vertex
fn vs_mesh(corner: Corner, mark: Mark) -> Out {
    let at = (corner.at + mark.at) * view.to_clip + vec2(-1.0, 1.0);
    let alpha = mark.color.a * corner.cover;
    return Out(vec4(at, 0.0, 1.0), vec4(mark.color.rgb * alpha, alpha));
}

@fragment
fn fs_mesh(in: Out) -> @location(0) vec4<f32> {
    return in.color;
}
