//! `fishbowl bench`: what it prints, and the budget of an idle wall.

use serde_json::{Value, json};

use crate::{Desk, fishbowl};

#[test]
fn bench_prints_the_figures_of_one_run() {
    let desk = Desk::new();
    let args = ["--headless", "--seconds", "1", "--warmup", "1", "--json", "--idle-budget", "0"];
    let said = fishbowl(&[&["bench", &desk.path("wall.toml")], &args[..]].concat());
    assert!(said.status == 1 && said.err.contains("above the budget of 0 %"), "{}", said.err);
    let found: Value = serde_json::from_str(&said.out).expect("one JSON object and nothing else");
    for pointer in [
        "cpu_ms_per_frame",
        "repainted",
        "feed_to_pixel_ms/p50",
        "feed_to_pixel_ms/p99",
        "first_frame_ms",
        "memory_mb/peak",
        "memory_mb/slope_per_min",
        "mentions",
        "cpu_percent",
        "idle/fps",
        "idle/cpu_percent",
        "limit/fps",
        "limit/cpu_ms_per_frame",
        "ratio",
        "displays/0/frames",
        "displays/0/fps",
        "displays/1/interval_ms/p50",
        "displays/1/interval_ms/p99",
        "displays/1/interval_ms/max",
    ] {
        let value = found.pointer(&format!("/{pointer}"));
        assert!(value.is_some_and(Value::is_number), "{pointer} is {value:?} in {found:#}");
    }
    assert_eq!(
        (&found["displays"][0]["name"], &found["displays"][1]["name"]),
        (&json!("wide"), &json!("tall"))
    );
    let gpu = &found["gpu_ms"];
    assert!(gpu.is_null() || (gpu["p50"].is_number() && gpu["p99"].is_number()), "{gpu}");
    assert!(
        found["mentions"].as_u64() > Some(0) && found["displays"][0]["frames"].as_u64() > Some(0),
        "{found:#}"
    );
    assert!((0.0..=1.0).contains(&found["repainted"].as_f64().unwrap_or(-1.0)), "{found:#}");
    assert_eq!(found["idle"]["repainted"], 0.0, "a wall on which nothing changes paints nothing");
}
