//! The JSON Schema of the layout file, put together from the structures that read it.

use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

use crate::layout::alert::{AlertTable, BurstsTable};
use crate::layout::care::CareTable;
use crate::layout::event::EventTable;
use crate::layout::gate::GateTable;
use crate::layout::hours::{ModeTable, PowerTable, ScheduleTable};
use crate::layout::kind::Registry;
use crate::layout::remote::RemoteTable;
use crate::layout::schema::*;
use crate::layout::table_schema::{generator, of, without_null};

/// JSON Schema (2020-12) of a layout file that may name the kinds of `registry`, for editors.
pub fn json_schema(registry: &Registry) -> Value {
    let mut g = generator();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Fishbowl layout",
        "description": "A wall of displays: what it listens to, and what it shows.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "wall": of::<WallTable>(&mut g),
            "theme": of::<ThemeTable>(&mut g),
            "display": named(of::<DisplayTable>(&mut g)),
            "journal": of::<JournalTable>(&mut g),
            "remote": of::<RemoteTable>(&mut g),
            "gate": of::<GateTable>(&mut g),
            "event": of::<EventTable>(&mut g),
            "feed": named(feeds(&mut g, registry)),
            "topic": named(of::<TopicTable>(&mut g)),
            "care": of::<CareTable>(&mut g),
            "bursts": of::<BurstsTable>(&mut g),
            "alert": named(of::<AlertTable>(&mut g)),
            "scene": named(scene(&mut g, registry)),
            "mode": named(of::<ModeTable>(&mut g)),
            "schedule": named(of::<ScheduleTable>(&mut g)),
            "power": named(of::<PowerTable>(&mut g)),
        },
    });
    without_null(&mut schema);
    schema
}

/// A table of tables with names of the user's choice.
fn named(each: Value) -> Value {
    json!({ "type": "object", "additionalProperties": each })
}

fn scene(g: &mut SchemaGenerator, registry: &Registry) -> Value {
    let mut scene = of::<SceneHead>(g);
    scene["properties"]["tile"] = named(tiles(g, registry));
    scene
}

fn feeds(g: &mut SchemaGenerator, registry: &Registry) -> Value {
    let common = of::<FeedCommon>(g);
    let kinds: Vec<_> = registry.feeds().iter().map(|entry| (entry.name, (entry.schema)(g))).collect();
    tagged(&common, kinds.into_iter())
}

fn tiles(g: &mut SchemaGenerator, registry: &Registry) -> Value {
    let common = of::<TileCommon>(g);
    let kinds: Vec<_> = registry.tiles().iter().map(|entry| (entry.name, (entry.schema)(g))).collect();
    tagged(&common, kinds.into_iter())
}

/// One of several tables that `kind` tells apart and that share some keys.
fn tagged<'a>(common: &Value, kinds: impl Iterator<Item = (&'a str, Value)>) -> Value {
    let variant = |(kind, mut schema): (&str, Value)| {
        let mut properties = Map::new();
        properties.insert("kind".into(), json!({ "const": kind }));
        for from in [common, &schema] {
            let fields = from["properties"].as_object().cloned().unwrap_or_default();
            properties.extend(fields);
        }
        schema["properties"] = properties.into();
        let mut required = schema["required"].as_array().cloned().unwrap_or_default();
        required.insert(0, "kind".into());
        schema["required"] = required.into();
        schema
    };
    json!({ "oneOf": kinds.map(variant).collect::<Vec<_>>() })
}
