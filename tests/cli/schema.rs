//! Holds a document against a JSON Schema: the part of draft 2020-12 that Fishbowl's schema uses,
//! patterns left out. A keyword that is not known here fails the test rather than pass unseen.

use serde_json::{Map, Value};

/// Keywords that restrict nothing.
const WORDS: [&str; 8] =
    ["$schema", "title", "description", "default", "examples", "format", "pattern", "properties"];

/// Everywhere that `value` is not what `schema` says; empty when it is.
pub fn faults(schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    look(schema, value, "", &mut faults);
    faults
}

fn look(schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let rules = match schema {
        Value::Bool(true) => return,
        Value::Object(rules) => rules,
        _ => return faults.push(format!("{at}: not allowed")),
    };
    for (keyword, rule) in rules {
        if !holds(keyword, rule, value, at, faults) {
            faults.push(format!("{at}: {value} is not {keyword} {rule}"));
        }
    }
    if let Value::Object(table) = value {
        look_inside(rules, table, at, faults);
    }
}

/// Whether a keyword that looks at the value itself holds.
fn holds(keyword: &str, rule: &Value, value: &Value, at: &str, faults: &mut Vec<String>) -> bool {
    let count = value.as_array().map(|items| items.len() as f64);
    match keyword {
        "type" => types(rule).any(|name| is(value, name)),
        "const" => rule == value,
        "enum" => rule.as_array().is_some_and(|any| any.contains(value)),
        "minimum" => value.as_f64() >= rule.as_f64() || !value.is_number(),
        "maximum" => value.as_f64() <= rule.as_f64() || !value.is_number(),
        "maxLength" => {
            value.as_str().is_none_or(|t| t.chars().count() as f64 <= rule.as_f64().unwrap_or(0.0))
        }
        "minItems" => count.is_none() || count >= rule.as_f64(),
        "maxItems" => count.is_none() || count <= rule.as_f64(),
        "required" => types(rule).all(|key| !value.is_object() || value.get(key).is_some()),
        "oneOf" => {
            rule.as_array().into_iter().flatten().filter(|s| self::faults(s, value).is_empty()).count() == 1
        }
        "anyOf" => rule.as_array().into_iter().flatten().any(|s| self::faults(s, value).is_empty()),
        "items" => {
            let items = value.as_array().into_iter().flatten().enumerate();
            items.for_each(|(i, item)| look(rule, item, &format!("{at}/{i}"), faults));
            true
        }
        "additionalProperties" => true,
        other => WORDS.contains(&other) || panic!("{at}: the keyword {other} is not known to this test"),
    }
}

/// The keys of a table, by `properties` and for the rest by `additionalProperties`.
fn look_inside(rules: &Map<String, Value>, table: &Map<String, Value>, at: &str, faults: &mut Vec<String>) {
    let rest = rules.get("additionalProperties").unwrap_or(&Value::Bool(true));
    for (key, value) in table {
        let rule = rules.get("properties").and_then(|known| known.get(key)).unwrap_or(rest);
        look(rule, value, &format!("{at}/{key}"), faults);
    }
}

/// One word or a list of them.
fn types(rule: &Value) -> impl Iterator<Item = &str> {
    rule.as_str().into_iter().chain(rule.as_array().into_iter().flatten().filter_map(Value::as_str))
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type {other}"),
    }
}
