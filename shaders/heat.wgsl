// A heat field: bells are added into a coarse grid, then shown by a ramp and by contour lines.

struct Heat {
    // From the display's pixels to clip space: 2 / width, -2 / height.
    to_clip: vec2<f32>,
    // From the grid's texels to clip space.
    grid_to_clip: vec2<f32>,
    // From the display's pixels to the grid, 0 to 1: first the factor, then what is added.
    to_grid: vec4<f32>,
    // The coldest colour, then what each fifth of the way to the hottest adds.
    ramp: array<vec4<f32>, 6>,
    // Values with a line; those far below zero are none.
    contours: vec4<f32>,
    contour_color: vec4<f32>,
    // Below it nothing shows; what it takes from there to show fully, inverted.
    floor: vec2<f32>,
    pad: vec2<f32>,
}

struct Splat {
    // Texels.
    @location(0) at: vec2<f32>,
    // How far it reaches, and its sigma.
    @location(1) spread: vec2<f32>,
    @location(2) height: f32,
}

struct Cell {
    // Left, top, right, bottom, pixels of the display.
    @location(0) edges: vec4<f32>,
}

@group(0) @binding(0) var<uniform> heat: Heat;
@group(1) @binding(0) var grid: texture_2d<f32>;
@group(1) @binding(1) var grid_sampler: sampler;

fn corner(index: u32) -> vec2<f32> {
    return vec2(f32(index & 1u), f32(index >> 1u));
}

struct SplatOut {
    @builtin(position) position: vec4<f32>,
    // In sigmas, times the root of 1/2.
    @location(0) from_center: vec2<f32>,
    @location(1) @interpolate(flat) height: f32,
}

@vertex
fn vs_splat(@builtin(vertex_index) index: u32, splat: Splat) -> SplatOut {
    let way = (corner(index) * 2.0 - 1.0) * splat.spread.x;
    let at = (splat.at + way) * heat.grid_to_clip + vec2(-1.0, 1.0);
    return SplatOut(vec4(at, 0.0, 1.0), way * 0.70710678 / splat.spread.y, splat.height);
}

@fragment
fn fs_splat(in: SplatOut) -> @location(0) vec4<f32> {
    return vec4(in.height * exp(-dot(in.from_center, in.from_center)), 0.0, 0.0, 0.0);
}

struct CellOut {
    @builtin(position) position: vec4<f32>,
    @location(0) source: vec2<f32>,
}

@vertex
fn vs_resolve(@builtin(vertex_index) index: u32, cell: Cell) -> CellOut {
    let at = mix(cell.edges.xy, cell.edges.zw, corner(index));
    let clip = vec4(at * heat.to_clip + vec2(-1.0, 1.0), 0.0, 1.0);
    return CellOut(clip, at * heat.to_grid.xy + heat.to_grid.zw);
}

@fragment
fn fs_resolve(in: CellOut) -> @location(0) vec4<f32> {
    let value = textureSampleLevel(grid, grid_sampler, in.source, 0.0).r;
    // Steps of the ramp are even over the root, so that cold places show beside hot ones.
    let t = sqrt(max(value, 0.0)) * 5.0;
    var color = heat.ramp[0] + heat.ramp[1] * clamp(t, 0.0, 1.0);
    color += heat.ramp[2] * clamp(t - 1.0, 0.0, 1.0);
    color += heat.ramp[3] * clamp(t - 2.0, 0.0, 1.0);
    color += heat.ramp[4] * clamp(t - 3.0, 0.0, 1.0);
    color += heat.ramp[5] * clamp(t - 4.0, 0.0, 1.0);
    // Distance to the nearest line in pixels; a line is a little wider than one.
    let slope = max(fwidth(value), 1e-5);
    let away = abs(vec4(value) - heat.contours);
    let near = min(min(away.x, away.y), min(away.z, away.w)) / slope;
    let line = clamp(1.1 - near, 0.0, 1.0) * heat.contour_color.a;
    let shown = clamp((value - heat.floor.x) * heat.floor.y, 0.0, 1.0);
    color = vec4(mix(color.rgb, heat.contour_color.rgb, line), max(color.a, line) * shown);
    return vec4(color.rgb * color.a, color.a);
}
