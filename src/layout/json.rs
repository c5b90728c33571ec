//! The JSON Schema of the layout file, put together from the structures that read it.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::layout::alert::{AlertTable, BurstsTable};
use crate::layout::care::CareTable;
use crate::layout::event::EventTable;
use crate::layout::kind::Registry;
use crate::layout::remote::RemoteTable;
use crate::layout::schema::*;

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
            "event": of::<EventTable>(&mut g),
            "feed": named(feeds(&mut g, registry)),
            "topic": named(of::<TopicTable>(&mut g)),
            "care": of::<CareTable>(&mut g),
            "bursts": of::<BurstsTable>(&mut g),
            "alert": named(of::<AlertTable>(&mut g)),
            "scene": named(scene(&mut g, registry)),
        },
    });
    without_null(&mut schema);
    schema
}

/// The schema of one table, all in one piece and without nulls.
pub(super) fn inline<T: JsonSchema>() -> Value {
    let mut schema = of::<T>(&mut generator());
    without_null(&mut schema);
    schema
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator()
}

pub(super) fn of<T: JsonSchema>(g: &mut SchemaGenerator) -> Value {
    let mut schema = T::json_schema(g).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.remove("title");
    }
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

/// TOML has no null: what may be left out is left out.
fn without_null(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(without_null),
        Value::Object(object) => {
            object.retain(|key, value| !(key == "default" && value.is_null()));
            if let Some(Value::Array(types)) = object.get_mut("type") {
                types.retain(|t| t != "null");
                if let [one] = &types[..] {
                    object["type"] = one.clone();
                }
            }
            if let Some(Value::String(words)) = object.get_mut("description") {
                *words = words.replace('\n', " ");
            }
            unwrap_optional(object);
            object.values_mut().for_each(without_null);
        }
        _ => {}
    }
}

/// `anyOf: [X, null]` is X.
fn unwrap_optional(object: &mut Map<String, Value>) {
    let Some(Value::Array(choices)) = object.get("anyOf") else { return };
    let real: Vec<Value> = choices.iter().filter(|c| c["type"] != "null").cloned().collect();
    if let [Value::Object(one)] = &real[..] {
        let one = one.clone();
        object.remove("anyOf");
        for (key, value) in one {
            object.entry(key).or_insert(value);
        }
    }
}
