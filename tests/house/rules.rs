//! That the rules of the house find what they forbid, and nothing else.

use super::*;

/// The faults of `source` as a file `name`, whose job is stated.
fn found(name: &str, source: &str) -> Vec<String> {
    faults_of(name, &format!("//! Job.\n{source}"))
}

#[test]
fn a_forbidden_use_is_found_however_it_is_written() {
    for source in [
        "use crate::gpu::Device;",
        "use crate::gpu;",
        "use crate::{color::Rgba, gpu::{self, Device}};",
        "fn f() { crate::gpu::draw() }",
        "use super::super::gpu::Device;",
        "pub(in crate::gpu) struct S;",
    ] {
        let faults = found("scene/widget.rs", source);
        assert_eq!(faults, ["src/scene/widget.rs:2: scene may not know gpu"], "{source}");
    }
    assert_eq!(found("scene/mod.rs", "use super::gpu::Device;").len(), 1);
    assert_eq!(found("clock.rs", "use crate::color::Rgba;").len(), 1);
}

#[test]
fn what_is_allowed_is_not_found() {
    for source in [
        "use crate::{color::Rgba, pulse::snapshot::{gpu, Snapshot}};",
        "use super::gpu::Device;",
        "// use crate::gpu::Device;\n/* crate::gpu /* nested */ wgpu::X */",
        r###"const S: &str = r#"crate::gpu::X "quoted" wgpu::Y"#; const T: &str = "\"crate::gpu";"###,
        "#[cfg(test)]\nmod tests { use crate::gpu::Device; fn f() { x.unwrap() } }",
        "#[cfg(test)]\nuse crate::gpu::Device;",
        "fn f<'a>(c: char, s: &'a str) { if c == '\"' || c == '\\'' || s == \"{\" { x.unwrap_or(1) } }",
        "fn wgpu() { let toml = 1; self.wgpu.x }",
    ] {
        assert_eq!(found("scene/widget.rs", source), [""; 0], "{source}");
    }
    assert_eq!(found("main.rs", "use fishbowl::gpu; use toml::Value;"), [""; 0]);
}

#[test]
fn crates_stay_where_they_belong() {
    for (source, krate) in [
        ("use wgpu::Device;", "wgpu"),
        ("use ::winit::window;", "winit"),
        ("fn f(d: &reqwest::Client) {}", "reqwest"),
        ("use lyon;", "lyon"),
        ("use {axum::Router, std::io};", "axum"),
        ("extern crate toml;", "toml"),
        ("impl miette::Diagnostic for E {}", "miette"),
    ] {
        let faults = found("scene/widget.rs", source);
        assert!(faults.len() == 1 && faults[0].contains(krate), "{source}: {faults:?}");
    }
    assert_eq!(found("layout/problem.rs", "use miette::Diagnostic;"), [""; 0]);
    assert_eq!(found("cli/bench.rs", "use wgpu::Device;").len(), 1);
}

#[test]
fn unwraps_clocks_and_long_files_are_found() {
    assert_eq!(found("gpu/a.rs", "fn f() { x.unwrap() }"), ["src/gpu/a.rs:2: unwrap() outside tests"]);
    assert_eq!(found("gpu/a.rs", "\nfn f() { todo!() }"), ["src/gpu/a.rs:3: todo! is left in"]);
    assert_eq!(found("kiosk/a.rs", "let t = std::time::Instant::now();").len(), 1);
    assert_eq!(found("scene/a.rs", "fn f() { jiff::Zoned::now() }").len(), 1);
    assert_eq!(found("scene/a.rs", "fn f(t: Instant) { t.elapsed() }").len(), 1);
    assert_eq!(found("scene/a.rs", "use crate::clock::Instant; fn f(at: Instant, now: Instant) {}"), [""; 0]);
    assert_eq!(found("cli/a.rs", "fn modified() -> std::time::SystemTime { x }"), [""; 0]);
    assert_eq!(found("clock.rs", "let t = std::time::Instant::now();"), [""; 0]);
    assert_eq!(found("gpu/a.rs", &"\n".repeat(400)).len(), 1);
    assert_eq!(found("gpu/a.rs", &"\n".repeat(399)), [""; 0]);
    assert_eq!(faults_of("gpu/a.rs", "fn f() {}").len(), 1);
    assert_eq!(found("gpu/utils.rs", "").len(), 1);
}

/// The circles of `room` in a crate of these files.
fn circles(room: &str, files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let files = files.iter().map(|(name, source)| (name.to_string(), without_tests(&tokens(source))));
    Modules::new(files).circles(room)
}

#[test]
fn circles_are_found_around_corners_and_by_way_of_what_is_handed_on() {
    let around = [
        ("feed/mod.rs", "pub mod a; pub use b::{B as Other, self}; mod b; mod c;"),
        ("feed/a.rs", "use super::{Other, c};"),
        ("feed/b.rs", "fn f() { crate::feed::c::g::<crate::color::Rgba>() }"),
        ("feed/c.rs", "struct C(super::a::A); #[cfg(test)] mod tests { use super::super::d::D; }"),
        ("feed/d.rs", "use crate::{color::Rgba, feed::a};"),
        ("color.rs", "use crate::feed::a;"),
    ];
    assert_eq!(circles("feed", &around), [["feed::a", "feed::b", "feed::c"]]);
    assert_eq!(circles("color", &around), [[""; 0]; 0]);
    let child = [("a/mod.rs", "mod b; fn f() { b::g() }"), ("a/b.rs", "use super::f;")];
    assert_eq!(circles("a", &child), [["a", "a::b"]]);
    let handed_on = [("a/mod.rs", "mod b; pub use b::g; pub struct S;"), ("a/b.rs", "use super::S;")];
    assert_eq!(circles("a", &handed_on), [[""; 0]; 0]);
}
