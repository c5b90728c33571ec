//! What the wall answers over HTTP, as an OpenAPI 3.1 description (<https://spec.openapis.org/oas/v3.1.0>). Its
//! schemas are those of the types that are read and written.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::control_report::ControlReport;
use crate::control::{Request, Verb};

/// One way in.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// As the router has it.
    pub path: &'static str,
    pub method: &'static str,
    pub summary: &'static str,
    /// Kind of the answer.
    kind: &'static str,
}

const fn get(path: &'static str, kind: &'static str, summary: &'static str) -> Route {
    Route { path, method: "get", summary, kind }
}

const fn post(path: &'static str, summary: &'static str) -> Route {
    Route { path, method: "post", summary, kind: JSON }
}

const HTML: &str = "text/html";
const JSON: &str = "application/json";
const TEXT: &str = "text/plain";

/// All of them; a test holds them against the router.
pub const ROUTES: [Route; 21] = [
    get("/", HTML, "The mirror: a page that shows every display"),
    get("/remote", HTML, "The remote: a page for a phone"),
    get("/moderate", HTML, "The gate: a page where moderators approve and hide texts"),
    get("/gate", JSON, "What waits at the gate, and what was decided; for moderators"),
    get("/remote.webmanifest", "application/manifest+json", "By which a phone installs the remote"),
    get("/icon.svg", "image/svg+xml", "The pages' icon"),
    get("/wall.json", JSON, "Displays, scene, feeds, figures and problems"),
    get("/changes", JSON, "Which displays have new pictures, as soon as there are some"),
    get(
        "/frame/{file}",
        "image/jpeg",
        "The newest picture of a display, NAME.jpg; 204 when none came in 5 s",
    ),
    get("/health", TEXT, "200 while every display is being drawn, else 503; open to all"),
    get("/metrics", TEXT, "Metrics for Prometheus"),
    get("/alerts.json", JSON, "All alerts"),
    post("/alerts/{id}/acknowledge", "Takes on an alert"),
    post("/control", "Does what the verb in the body says"),
    post("/control/{verb}", "Does what the verb in the path says, with the parameters of the query"),
    get("/control/state", JSON, "What is on the wall, who asked for it, and until when"),
    get("/control/events", "text/event-stream", "The same whenever it changes, and every second"),
    get("/control/openapi.json", JSON, "This description"),
    get("/sign-in", HTML, "A page to sign in with a code or a token; open to all"),
    post("/sign-in", "Turns a code or a token into a session cookie; open to all"),
    post("/sign-out", "Ends the session"),
];

/// The description.
pub fn description() -> Value {
    let mut schemas =
        SchemaSettings::draft2020_12().with(|s| s.definitions_path = "/components/schemas".into());
    schemas.meta_schema = None;
    let mut schemas = schemas.into_generator();
    let request = reference::<Request>(&mut schemas);
    let report = reference::<ControlReport>(&mut schemas);
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let operation = operation(route, &request, &report);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method] = operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Fishbowl",
            "description": "The mirror and the remote of a video wall. From other machines everything but \
                `/health` and the sign-in needs a token.",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer" },
                "query": { "type": "apiKey", "in": "query", "name": "token" },
                "session": { "type": "apiKey", "in": "cookie", "name": super::access::COOKIE },
            },
        },
        "security": [{}, { "bearer": [] }, { "query": [] }, { "session": [] }],
    })
}

fn reference<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().to_value()
}

fn operation(route: Route, request: &Value, report: &Value) -> Value {
    let answer = match route.path {
        path if path.starts_with("/control") && path != "/control/openapi.json" => {
            json!({ "schema": report })
        }
        _ => json!({}),
    };
    let mut operation = json!({
        "summary": route.summary,
        "responses": {
            "200": { "description": "Done", "content": { route.kind: answer } },
            "default": {
                "description": "Not done; `error` says why",
                "content": { JSON: { "schema": {
                    "type": "object", "properties": { "error": { "type": "string" } },
                } } },
            },
        },
    });
    let parameters = parameters(route.path);
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if route.path == "/control" {
        operation["requestBody"] = json!({ "required": true, "content": { JSON: { "schema": request } } });
    }
    operation
}

fn parameters(path: &str) -> Vec<Value> {
    let named = |(name, place, schema): (&str, &str, Value)| json!({ "name": name, "in": place, "required": place == "path", "schema": schema });
    let text = || json!({ "type": "string" });
    match path {
        "/control/{verb}" => [
            ("verb", "path", json!({ "type": "string", "enum": Verb::NAMES })),
            ("name", "query", text()),
            ("text", "query", text()),
            ("severity", "query", text()),
            ("what", "query", text()),
            ("display", "query", text()),
            ("monitor", "query", text()),
            ("alert", "query", text()),
            ("for", "query", text()),
        ]
        .map(named)
        .into(),
        "/frame/{file}" => {
            [("file", "path", text()), ("after", "query", json!({ "type": "integer" }))].map(named).into()
        }
        "/changes" => [("after", "query", json!({ "type": "integer" }))].map(named).into(),
        "/alerts/{id}/acknowledge" => [("id", "path", json!({ "type": "integer" }))].map(named).into(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything that a `$ref` names is there.
    fn resolve(value: &Value, whole: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(to)) = fields.get("$ref") {
                    let pointer = to.strip_prefix('#').expect("within the document");
                    assert!(whole.pointer(pointer).is_some(), "{to} leads nowhere");
                }
                fields.values().for_each(|value| resolve(value, whole));
            }
            Value::Array(all) => all.iter().for_each(|value| resolve(value, whole)),
            _ => {}
        }
    }

    #[test]
    fn the_description_is_whole() {
        let whole = description();
        resolve(&whole, &whole);
        for verb in Verb::NAMES {
            let schemas = whole["components"]["schemas"].to_string();
            assert!(schemas.contains(&format!("\"{verb}\"")), "{verb} is not described");
        }
        let body = &whole["paths"]["/control"]["post"]["requestBody"]["content"][JSON]["schema"];
        assert!(body["$ref"].is_string(), "{body}");
        for route in ROUTES {
            let operation = &whole["paths"][route.path][route.method];
            assert_eq!(operation["summary"], route.summary);
            // Every part of the path in braces is a parameter.
            let parts = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
            for part in parts {
                let parameters = operation["parameters"].as_array().expect("has parameters");
                assert!(parameters.iter().any(|p| p["name"] == part && p["in"] == "path"), "{}", route.path);
            }
        }
    }
}
