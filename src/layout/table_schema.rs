//! The JSON Schema of one table, from the structure that reads it.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value};

/// The schema of one table, all in one piece and without nulls.
pub fn inline<T: JsonSchema>() -> Value {
    let mut schema = of::<T>(&mut generator());
    without_null(&mut schema);
    schema
}

/// Writes schemas in one piece.
pub fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12().with(|s| s.inline_subschemas = true).into_generator()
}

/// The schema of one table, without the type's name.
pub fn of<T: JsonSchema>(g: &mut SchemaGenerator) -> Value {
    let mut schema = T::json_schema(g).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.remove("title");
    }
    schema
}

/// TOML has no null: what may be left out is left out.
pub fn without_null(schema: &mut Value) {
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
