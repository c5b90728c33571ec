// A picture laid onto a rectangle: turned, scaled, dimmed, or faded.

struct View {
    // From pixels to clip space: 2 / width, -2 / height.
    to_clip: vec2<f32>,
    pad: vec2<f32>,
}

struct Patch {
    // Left, top, right, bottom of where it goes, pixels.
    @location(0) edges: vec4<f32>,
    // Where its top left corner lies in the source, 0 to 1.
    @location(1) start: vec2<f32>,
    // Way in the source along its upper edge.
    @location(2) across: vec2<f32>,
    // Way in the source along its left edge.
    @location(3) down: vec2<f32>,
    @location(4) opacity: f32,
}

struct Out {
    @builtin(position) position: vec4<f32>,
    @location(0) source: vec2<f32>,
    @location(1) @interpolate(flat) opacity: f32,
}

@group(0) @binding(0) var<uniform> view: View;
@group(1) @binding(0) var picture: texture_2d<f32>;
@group(1) @binding(1) var picture_sampler: sampler;

@vertex
fn vs_picture(@builtin(vertex_index) index: u32, patch_in: Patch) -> Out {
    let corner = vec2(f32(index & 1u), f32(index >> 1u));
    let at = mix(patch_in.edges.xy, patch_in.edges.zw, corner) * view.to_clip + vec2(-1.0, 1.0);
    let source = patch_in.start + patch_in.across * corner.x + patch_in.down * corner.y;
    return Out(vec4(at, 0.0, 1.0), source, patch_in.opacity);
}

fn lit(in: Out) -> vec3<f32> {
    return textureSampleLevel(picture, picture_sampler, in.source, 0.0).rgb * in.opacity;
}

@fragment
fn fs_picture(in: Out) -> @location(0) vec4<f32> {
    return vec4(lit(in), in.opacity);
}

// For pictures that take the place of what is there: less opacity is less light.
@fragment
fn fs_replace(in: Out) -> @location(0) vec4<f32> {
    return vec4(lit(in), 1.0);
}

// For pictures made smaller, up to four times: the mean of four soft samples.
@fragment
fn fs_shrink(in: Out) -> @location(0) vec4<f32> {
    let step = vec2(dpdx(in.source.x), dpdy(in.source.y)) * 0.25;
    var color = textureSampleLevel(picture, picture_sampler, in.source - step, 0.0).rgb;
    color += textureSampleLevel(picture, picture_sampler, in.source + step, 0.0).rgb;
    color += textureSampleLevel(picture, picture_sampler, in.source + vec2(step.x, -step.y), 0.0).rgb;
    color += textureSampleLevel(picture, picture_sampler, in.source + vec2(-step.x, step.y), 0.0).rgb;
    return vec4(color * 0.25 * in.opacity, 1.0);
}
