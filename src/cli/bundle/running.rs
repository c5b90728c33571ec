//! How the running wall is, by its own account: only the values that are listed here, never what people wrote.

use serde_json::{Map, Value, json};

use crate::cli::doctor::ask::Door;

/// Largest answer, bytes.
const MOST: u64 = 4 << 20;
/// What is kept of `/wall.json`.
const WALL: [&str; 12] = [
    "bounds_mm",
    "scene",
    "fps",
    "recording",
    "catching_up",
    "told_percent",
    "unread",
    "folded",
    "dropped",
    "thinned",
    "heard_s",
    "journal",
];
const DISPLAY: [&str; 7] = ["name", "rect_mm", "pixels", "present", "fps", "drawn_ms_ago", "still"];
const FEED: [&str; 10] = [
    "name",
    "nature",
    "health",
    "age_s",
    "received",
    "garbage",
    "undated",
    "restarts",
    "lag_s",
    "next_try_s",
];
/// Labels of metrics that name parts of the layout; a line with another label is left out.
const LABELS: [&str; 4] = ["display", "feed", "state", "window"];

/// What a wall behind this door answers, or why nothing is known of one.
pub fn look(door: &Door) -> Result<Value, String> {
    let addr = door.addr();
    let health = door.get("/health", MOST).map_err(|error| format!("no wall answers at {addr}: {error}"))?;
    if !health.is_of_a_wall() {
        return Err(format!("what answers at {addr} is not a wall"));
    }
    let told = door.get("/wall.json", MOST).ok().and_then(|answer| serde_json::from_str(&answer.body).ok());
    let metrics = door.get("/metrics", MOST).ok().map(|answer| measured(&answer.body));
    Ok(json!({
        "address": addr.to_string(),
        "health": health.status,
        "wall": told.as_ref().map(bared),
        "metrics": metrics,
    }))
}

/// `/wall.json` without words.
fn bared(told: &Value) -> Value {
    let mut kept = only(told, &WALL);
    for (key, keys) in [("displays", &DISPLAY[..]), ("feeds", &FEED[..])] {
        let items = told[key]
            .as_array()
            .map(|items| items.iter().map(|item| Value::Object(only(item, keys))).collect());
        kept.insert(key.into(), items.unwrap_or(Value::Null));
    }
    let problems = told["problems"].as_array().map(Vec::len);
    kept.insert("problems".into(), json!(problems));
    kept.insert("ok".into(), json!(told["health"]["ok"].as_bool()));
    kept.into()
}

fn only(from: &Value, keys: &[&str]) -> Map<String, Value> {
    let known = |key: &&str| Some(((*key).to_owned(), plain(from.get(*key)?)));
    keys.iter().filter_map(known).collect()
}

/// A value without sentences: texts are names of the layout, or one word.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains(char::is_whitespace) && text != "catching up" => Value::Null,
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(entries) => entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}

/// Lines of metrics whose labels are all known.
fn measured(page: &str) -> Vec<String> {
    let is_known = |line: &&str| {
        let Some((name, labels)) = line.split_once('{') else { return true };
        let Some((labels, _)) = labels.rsplit_once('}') else { return false };
        let named = labels.split("\",").filter_map(|label| label.split_once("=\""));
        name.starts_with("fishbowl_")
            && named.clone().count() > 0
            && named.into_iter().all(|(label, _)| LABELS.contains(&label))
    };
    page.lines().filter(|line| line.starts_with("fishbowl_")).filter(is_known).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_values_of_a_wall_are_kept() {
        let told = json!({
            "name": "Anna's wall", "title": "What does Anna say?", "scene": "now", "fps": 60,
            "displays": [{ "name": "left", "fps": 60, "present": true, "words": "Anna" }],
            "feeds": [{ "name": "news", "health": "catching up", "words": "down: Anna said no", "received": 7 }],
            "problems": ["feed `news`: Anna said no"], "topics": { "anna": 3 }, "health": { "ok": false, "words": "Anna" },
            "recording": "on", "journal": { "kept": 7, "why": "Anna said" },
        });
        let kept = bared(&told);
        assert!(!kept.to_string().contains("Anna") && !kept.to_string().contains("anna"), "{kept}");
        assert_eq!(
            (&kept["feeds"][0]["health"], &kept["feeds"][0]["received"]),
            (&json!("catching up"), &json!(7))
        );
        assert_eq!(
            (&kept["problems"], &kept["ok"], &kept["journal"]["kept"]),
            (&json!(1), &json!(false), &json!(7))
        );
    }

    #[test]
    fn metrics_of_topics_and_people_are_left_out() {
        let page = "# HELP fishbowl_healthy Anna\nfishbowl_healthy 1\nfishbowl_feed_up{feed=\"news\"} 1\n\
                    fishbowl_mentions{topic=\"anna\",window=\"1h\"} 3\nfishbowl_mentions{window=\"1h\"} 3\nanna 1\n";
        let kept =
            ["fishbowl_healthy 1", "fishbowl_feed_up{feed=\"news\"} 1", "fishbowl_mentions{window=\"1h\"} 3"];
        assert_eq!(measured(page), kept);
    }
}
