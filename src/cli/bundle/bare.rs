//! A layout without what its author and other people wrote: numbers, kinds, sizes and names of tables stay; addresses
//! keep their host; every other text is only counted. Comments are left out.

use serde_json::{Map, Value, json};

use crate::layout::veil;

/// Keys whose texts say how a wall is built. What is not listed here is left out.
const KEPT: [&str; 60] = [
    "kind",
    "edid",
    "make",
    "model",
    "serial",
    "connector",
    "window",
    "metric",
    "base",
    "audience",
    "people",
    "motion",
    "zone",
    "alert_strip",
    "region",
    "rank",
    "of",
    "by",
    "fit",
    "align",
    "valign",
    "size",
    "scale",
    "transport",
    "streams",
    "collections",
    "languages",
    "wire",
    "show_for",
    "stale_after",
    "every",
    "look_back",
    "keep",
    "hold",
    "history",
    "approve",
    "quiet",
    "severity",
    "on_alert",
    "topic",
    "topics",
    "mode",
    "scene",
    "scenes",
    "days",
    "from",
    "to",
    "dates",
    "except",
    "start",
    "listen",
    "token_env",
    "role",
    "displays",
    "picture",
    "promise",
    "method",
    "network",
    "kinds",
    "at",
];
/// Longest text that is not a picture, characters.
const LONGEST: usize = 80;
/// Shortest text that is looked for elsewhere; shorter ones are parts of usual words.
const TELLING: usize = 8;

/// A layout as a report has it, and what of it must not be anywhere else in the report.
#[derive(Default)]
pub struct Bare {
    /// `null` for what is not TOML.
    pub layout: Value,
    pub private: Vec<String>,
    /// Names of people in `[remote.person.NAME]`.
    pub people: Vec<String>,
}

impl Bare {
    pub fn of(text: &str) -> Self {
        let mut bare =
            Self { private: veil::known(text).into_iter().map(str::to_owned).collect(), ..Self::default() };
        let Ok(table) = text.parse::<toml::Table>() else { return bare };
        let Ok(value) = serde_json::to_value(table) else { return bare };
        bare.layout = bare.bared("", &value, &[]);
        bare
    }

    fn bared(&mut self, key: &str, value: &Value, path: &[&str]) -> Value {
        match value {
            Value::String(text) => self.text(key, text, path),
            Value::Array(items) => items.iter().map(|item| self.bared(key, item, path)).collect(),
            Value::Object(entries) => self.table(key, entries, path),
            other => other.clone(),
        }
    }

    fn table(&mut self, key: &str, entries: &Map<String, Value>, path: &[&str]) -> Value {
        let path: Vec<&str> = path.iter().copied().chain([key]).collect();
        let is_people = path.ends_with(&["remote", "person"]);
        let mut bared = Map::new();
        for (n, (name, value)) in entries.iter().enumerate() {
            let shown = if is_people { format!("person-{}", n + 1) } else { name.clone() };
            if is_people {
                self.people.push(name.clone());
            }
            let shown = if is_plain(&shown) {
                shown
            } else {
                format!("(a name of {} characters)", shown.chars().count())
            };
            let value = self.bared(name, value, &path);
            bared.insert(shown, value);
        }
        Value::Object(bared)
    }

    fn text(&mut self, key: &str, text: &str, path: &[&str]) -> Value {
        // Headers, and the fields of a `map`, are called as their author likes.
        let is_free = matches!(path, ["", "feed", _, "headers" | "map", ..]);
        let is_picture = key == "picture" || matches!(path, ["", "scene", _, "pictures"]);
        let is_secret = veil::veiled(&format!("{key} = \"{text}\"")).contains('*');
        let is_kept = is_picture || KEPT.contains(&key) && text.chars().count() <= LONGEST;
        let is_kept = is_kept && !is_free && !is_secret;
        if is_kept && text.split_whitespace().all(is_plain) {
            return text.into();
        }
        if text.chars().count() >= TELLING {
            self.private.push(text.to_owned());
        }
        match host(text).filter(|_| !is_free) {
            Some(host) => json!(format!("{host}/…")),
            None => json!(format!("({} characters)", text.chars().count())),
        }
    }
}

/// Names, numbers, times, zones and the marks of a picture.
fn is_plain(word: &str) -> bool {
    word.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:+/|".contains(c)) && !word.contains("://")
}

/// Scheme and host of an address.
pub fn host(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let authority = rest.split(['/', '?', '#', ' ', '"', '\'', '`', ')', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    let is_host = |c: char| c.is_ascii_alphanumeric() || "-.:[]".contains(c);
    (!scheme.is_empty()
        && scheme.chars().all(|c| c.is_ascii_alphanumeric())
        && !host.is_empty()
        && host.chars().all(is_host))
    .then(|| format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_keeps_its_build_and_no_words() {
        let text = r##"
            # Anna wrote this
            [wall]
            name = "Anna's wall"
            viewer_m = 3.5
            zone = "Europe/Berlin"
            [display.left]
            match = [{ edid = "DEL-U4323QE-7X1" }]
            size_mm = [941, 529]
            [feed.a]
            kind = "sse"
            url = "https://ana:s3cretX@feeds.example:8443/hook/s3cretX?token=s3cretX"
            token_env = "s3cretX"
            headers = { Accept = "s3cretX", X-Mine = "s3cretX" }
            map = { kind = "$.s3cretX" }
            [topic."Anna Schmidt"]
            query = '"Anna Schmidt"'
            [remote.person.anna]
            role = "presenter"
            token_env = "PRESENTER_TOKEN"
            [scene.now]
            title = "What does Anna say?"
            picture = "map | text"
            tile.text = { kind = "text", text = "Anna says hello" }
            tile.map = { kind = "heatmap", region = "DE" }
        "##;
        let bare = Bare::of(text);
        let told = bare.layout.to_string();
        assert!(!told.to_lowercase().contains("anna") && !told.contains("s3cretX"), "{told}");
        for part in [
            "DEL-U4323QE-7X1",
            "3.5",
            "https://feeds.example:8443/…",
            "map | text",
            "person-1",
            "\"DE\"",
            "Europe/Berlin",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
        assert!(bare.private.iter().any(|text| text == "Anna says hello"));
        assert_eq!(bare.people, ["anna"]);
        assert_eq!(Bare::of("[wall").layout, Value::Null);
    }

    #[test]
    fn an_address_keeps_its_host() {
        assert_eq!(host("wss://u:p@a.example/x?y").as_deref(), Some("wss://a.example"));
        assert_eq!(host("http://[::1]:80/").as_deref(), Some("http://[::1]:80"));
        for text in ["hello", "://a", "https://", "https://a b", "not it://x y"] {
            assert!(host(text).is_none_or(|host| host == "https://a"), "{text}");
        }
    }
}
