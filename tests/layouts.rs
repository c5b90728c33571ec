//! The layouts that ship, and the schema that editors are given.

use std::path::{Path, PathBuf};

use fishbowl::layout;
use fishbowl::layout::monitors::Monitor;
use fishbowl::layout::wall::Wall;
use fishbowl::registry;
use fishbowl::scene::widgets::TickerTable;
use serde_json::Value;

const SHIPPED: [&str; 4] = ["demo", "reference", "listening-center", "portrait"];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("layouts/{name}.toml"))
}

fn wall(name: &str, monitors: &[Monitor]) -> Wall {
    let loaded = layout::load(&path(name), monitors, &registry());
    assert!(loaded.report.problems.is_empty(), "{}", loaded.report.draw(100, false));
    loaded.wall(monitors).unwrap()
}

#[test]
fn every_shipped_layout_has_nothing_wrong() {
    for name in SHIPPED {
        let wall = wall(name, &[]);
        assert!(wall.scenes.iter().all(|scene| !scene.tiles.is_empty()));
        assert_eq!(wall.topics.len(), 5);
    }
}

#[test]
fn walls_of_all_shapes_have_nothing_wrong() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/walls");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    assert_eq!(files.len(), 7);
    for file in files {
        let loaded = layout::load(&file, &[], &registry());
        assert!(loaded.report.problems.is_empty(), "{}", loaded.report.draw(100, false));
        assert!(loaded.wall(&[]).is_some());
    }
}

#[test]
fn the_reference_ticker_has_120_pixels_and_runs_120_a_second() {
    let wall = wall("reference", &[]);
    let ticker = wall.scenes[0].tiles.iter().find(|t| t.widget.kind() == "ticker").unwrap();
    let density = wall.displays[0].density();
    assert_eq!(wall.displays.iter().map(|d| d.pixels).collect::<Vec<_>>(), [(1920, 1080); 3]);
    assert!((ticker.rect.y * density - 960.0).abs() < 0.01);
    assert!((ticker.rect.h * density - 120.0).abs() < 0.01);
    assert_eq!(ticker.displays, [0, 1, 2]);
    let spec = ticker.widget.table::<TickerTable>().expect("a ticker");
    assert!((spec.speed_mm.unwrap() * density - 120.0).abs() < 0.01);
}

#[test]
fn common_tiles_belong_to_the_scenes_that_name_them() {
    let text = r#"
        [wall]
        viewer_m = 1.0
        [display.a]
        size_mm = [900, 500]
        [feed.demo]
        kind = "demo"
        [scene.common.tile]
        news = { kind = "ticker" }
        idle = { kind = "clock" }
        [scene.one]
        picture = "4: map\n1: news"
        tile.map = { kind = "heatmap" }
        [scene.two]
        picture = "4: time\n1: news"
        tile.time = { kind = "clock" }
    "#;
    let loaded = layout::load_text(text, Path::new("wall.toml"), &[], &registry());
    let told: Vec<&str> = loaded.report.problems.iter().map(|p| p.message.as_str()).collect();
    assert_eq!(told, ["no scene shows the common tile `idle`"]);
    let wall = loaded.wall(&[]).unwrap();
    assert_eq!(wall.scenes.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert_eq!(wall.scenes[0].tiles[1], wall.scenes[1].tiles[1], "the same ticker in the same place");
}

fn monitor(name: &str, x: i32, pixels: (u32, u32)) -> Monitor {
    Monitor { name: name.into(), pixels, position: (x, 0), ..Default::default() }
}

#[test]
fn the_demo_fits_any_machine() {
    let one = wall("demo", &[monitor("eDP-1", 0, (1366, 768))]);
    assert_eq!((one.displays.len(), one.scenes.len()), (1, 3));
    let two = wall("demo", &[monitor("HDMI-1", 1920, (3840, 2160)), monitor("eDP-1", 0, (1920, 1080))]);
    assert_eq!(two.displays.iter().map(|d| d.name.as_str()).collect::<Vec<_>>(), ["eDP-1", "HDMI-1"]);
    assert_eq!(two.scenes.len(), 2);
    let many: Vec<Monitor> = (0..7).map(|i| monitor(&format!("DP-{i}"), i * 1920, (1920, 1080))).collect();
    let seven = wall("demo", &many);
    assert_eq!((seven.displays.len(), seven.scenes.len()), (7, 1));
    assert_eq!(wall("demo", &[]).displays.len(), 3);
}

#[test]
fn a_monitor_that_tells_its_size_is_read_from_its_own_distance() {
    let mut television = monitor("HDMI-1", 0, (1920, 1080));
    television.size_mm = Some((1209.6, 680.4));
    let (desk, lounge) = (wall("demo", &[monitor("HDMI-1", 0, (1920, 1080))]), wall("demo", &[television]));
    assert!((desk.viewer_m - 0.714).abs() < 0.01, "{}", desk.viewer_m);
    assert!((lounge.viewer_m - 1.701).abs() < 0.01, "{}", lounge.viewer_m);
}

/// As much of JSON Schema as the layout's schema uses.
fn fits(value: &Value, schema: &Value) -> bool {
    let one = |choices: &Vec<Value>| choices.iter().filter(|choice| fits(value, choice)).count() == 1;
    let constant = schema.get("const").is_none_or(|c| c == value);
    let chosen = schema["enum"].as_array().is_none_or(|e| e.contains(value));
    let above = schema["minimum"].as_f64().is_none_or(|m| value.as_f64().is_some_and(|v| v >= m));
    let below = schema["maximum"].as_f64().is_none_or(|m| value.as_f64().is_some_and(|v| v <= m));
    let in_bounds = constant && chosen && above && below;
    in_bounds && schema["oneOf"].as_array().map_or_else(|| fits_type(value, schema), one)
}

fn fits_type(value: &Value, schema: &Value) -> bool {
    match (schema["type"].as_str(), value) {
        (Some("object"), Value::Object(object)) => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let known = |(key, value): (&String, &Value)| match &schema["properties"][key] {
                Value::Null => match &schema["additionalProperties"] {
                    Value::Bool(any) => *any,
                    Value::Null => panic!("an open table: {schema}"),
                    each => fits(value, each),
                },
                own => fits(value, own),
            };
            required.into_iter().all(|key| object.contains_key(key)) && object.iter().all(known)
        }
        (Some("array"), Value::Array(array)) => {
            let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
            let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX) as usize;
            (least..=most).contains(&array.len()) && array.iter().all(|v| fits(v, &schema["items"]))
        }
        (Some("string"), Value::String(text)) => match schema["pattern"].as_str() {
            Some(_) => text.starts_with('#'),
            None => true,
        },
        (Some("number"), Value::Number(_)) | (Some("boolean"), Value::Bool(_)) => true,
        (Some("integer"), Value::Number(number)) => number.is_i64() || number.is_u64(),
        (None, _) => schema.get("const").is_some(),
        _ => false,
    }
}

#[test]
fn the_schema_takes_what_the_reader_takes() {
    let schema = layout::json_schema(&registry());
    let json = |text: &str| toml::from_str::<Value>(text).unwrap();
    for name in SHIPPED {
        assert!(fits(&json(&std::fs::read_to_string(path(name)).unwrap()), &schema), "{name}");
    }
    let cases = [
        "wall = { viewer_m = 3, text_arcmin = 20.5, motion = \"calm\" }",
        "wall = { viewer_m = 300 }",
        "wall = { motion = \"slow\" }",
        "walls = {}",
        "theme = { base = \"light\", ink = \"#123\", topics = [\"#123456\"] }",
        "theme = { topics = [\"black\"] }",
        "theme = { heat = [\"#123\"] }",
        "[display.a]\nsize_mm = [1200, 675]\nrotate = 180\nmatch = [{ order = 2, make = \"DEL\" }]",
        "[display.a]\nsize_mm = [1200, 675]\nrotate = 45",
        "[display.a]\nsize_mm = [1200]",
        "[display.a]\nat_mm = [0, 0]",
        "[display.a]\nsize_mm = [1200, 675]\nmatch = [{ order = 0 }]",
        "[display.a]\nsize_mm = [1200, 675]\nmatch = [{ plug = \"DP-1\" }]",
        "[feed.a]\nkind = \"sse\"\nurl = \"https://example.org\"\nmap = { id = \"$.id\" }\nstale_after = \"5m\"",
        "[feed.a]\nkind = \"sse\"",
        "[feed.a]\nkind = \"demo\"\nurl = \"https://example.org\"",
        "[feed.a]\nkind = \"demo\"\nrate_per_s = 0",
        "[feed.a]\nrate_per_s = 1",
        "[topic.a]\nquery = \"a\"\ncolor = 8",
        "[topic.a]\nquery = \"a\"\ncolor = 9",
        "[topic.a]\nlabel = \"a\"",
        "[scene.a]\ntile.x = { kind = \"heatmap\", window = \"10m\", title = \"\", text_arcmin = 30 }",
        "[scene.a]\ntile.x = { kind = \"heatmap\", window = \"24h\" }",
        "[scene.a]\ntile.x = { kind = \"trend\", window = \"5m\" }",
        "[scene.a]\ntile.x = { kind = \"words\", of = \"hashtags\", count = 80 }",
        "[scene.a]\ntile.x = { kind = \"words\", of = \"emoji\" }",
        "[scene.a]\ntile.x = { kind = \"counter\", metric = \"net_sentiment\" }",
        "[scene.a]\ntile.x = { kind = \"counter\", metric = \"netsentiment\" }",
        "[scene.a]\ntile.x = { kind = \"mentions\", count = 2.5 }",
        "[scene.a]\nspan.x = { displays = [\"a\"], rect_mm = [0, 0, 1, 1] }\npictures.a = \"x\"",
        "[scene.a]\nspan.x = { rect_mm = [0, 0, 1] }",
        "[scene.a]\npicture = 7",
    ];
    for text in cases {
        let (_, problems) = layout::read::read(&text.into(), Path::new("wall.toml"), &registry());
        let told: Vec<&str> = problems.iter().map(|p| p.message.as_str()).collect();
        assert_eq!(fits(&json(text), &schema), problems.is_empty(), "{text}\n{told:?}");
    }
}
