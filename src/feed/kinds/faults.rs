//! What tables of feeds have wrong in the same way.

use std::path::PathBuf;
use std::time::Duration;

use crate::feed::transport::template::Resume;
use crate::layout::feed::{Fault, path};
use crate::layout::value::Lasting;
use crate::layout::wall::FieldMap;

/// The longest past that a wall shows.
pub const DAY: Duration = Duration::from_secs(86_400);

/// Something wrong at a key.
pub fn fault(key: &'static str, what: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault { key, what: what.into(), help: help.into() }
}

/// Whether it is an address with one of these beginnings, a host, and neither a name and password
/// nor anything that no address has.
pub fn is_address(url: &str, schemes: &[&str]) -> bool {
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    is_plain(url)
        && host.is_some_and(|host| !host.is_empty() && !host.starts_with(':') && !host.contains('@'))
}

/// Whether every character is a visible one of ASCII.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_graphic())
}

/// Whether it is an address of the web.
pub fn is_web(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or(url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty() && !rest.starts_with(['/', ':']) && !rest.contains(char::is_whitespace)
    })
}

/// What is wrong with an address.
pub fn web_address(key: &'static str, url: &str) -> Option<Fault> {
    let lower = url.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or(lower.strip_prefix("http://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
    let bare = host.is_empty() || host.starts_with(':') || url.contains(char::is_whitespace);
    let secret = host.contains('@');
    let what = format!("`{url}` is not a feed URL");
    (bare && !secret)
        .then(|| fault(key, what, "Write the full URL: `https://example.org/feed.xml`."))
        .or_else(|| {
            let help = "Secrets do not belong in a layout.";
            secret.then(|| fault(key, "the URL contains a user name and password", help))
        })
}

/// What is wrong with an address.
pub fn server_address(url: &str, schemes: &[&str]) -> Option<Fault> {
    let rest = schemes.iter().find_map(|scheme| url.strip_prefix(scheme));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let bare = host.is_none_or(|host| host.is_empty() || host.starts_with(':'));
    if bare || url.contains(char::is_whitespace) || url.contains(['?', '#']) {
        let help = "Write just the server: `https://mastodon.example`.";
        return Some(fault("url", format!("`{url}` is not a server URL"), help));
    }
    host.filter(|host| host.contains('@')).map(|_| {
        let what = "the URL contains a user name and password";
        fault("url", what, "Put the token in an environment variable and name that in `token_env`.")
    })
}

/// A token must be named once.
pub fn one_token(env: &Option<String>, file: &Option<PathBuf>, help: &str) -> Option<Fault> {
    match (env, file) {
        (None, None) => Some(fault("token_env", "this feed has no token", help)),
        (Some(_), Some(_)) => {
            Some(fault("token_file", "a feed has only one token", "Keep `token_env` or `token_file`."))
        }
        _ => None,
    }
}

/// A secret that has two places.
pub fn two(key: &'static str, other: &str, env: &Option<String>, file: &Option<PathBuf>) -> Option<Fault> {
    let both = env.is_some() && file.is_some();
    both.then(|| fault(key, "there are two secrets", format!("Keep `{other}` or `{key}`.")))
}

/// Less than the interval that a service asks for.
pub fn too_often(key: &'static str, every: Lasting, least_s: u64) -> Option<Fault> {
    (every < Lasting::from_secs(least_s)).then(|| {
        let what = "that is more often than the service allows";
        fault(key, what, format!("Use at least \"{least_s}s\"."))
    })
}

/// JSONPaths that are none.
pub fn paths(items: &Option<String>, map: &Option<FieldMap>) -> Vec<Fault> {
    let mut all: Vec<(&'static str, &'static str, &str)> = Vec::new();
    all.extend(items.as_deref().map(|path| ("items", "items", path)));
    if let Some(map) = map {
        let parts = [
            ("text", &map.text),
            ("ts", &map.ts),
            ("url", &map.url),
            ("author", &map.author),
            ("handle", &map.handle),
            ("followers", &map.followers),
            ("lang", &map.lang),
            ("links", &map.links),
            ("lat", &map.lat),
            ("lon", &map.lon),
            ("place", &map.place),
            ("country", &map.country),
            ("location", &map.location),
            ("sentiment", &map.sentiment),
        ];
        all.push(("map", "id", &map.id));
        all.extend(parts.into_iter().filter_map(|(part, path)| Some(("map", part, path.as_deref()?))));
    }
    let help = "A JSONPath begins with `$`, like `$.user.name` or `$.entities[0].text`.";
    let wrong = |(key, part, path): (&'static str, &str, &str)| {
        let (_, why) = path::parse(path).err()?;
        Some(fault(key, format!("`{part} = \"{path}\"`: {why}"), help))
    };
    all.into_iter().filter_map(wrong).collect()
}

/// The path of a resumption.
pub fn resumed(resume: &Option<Resume>) -> Vec<(Vec<&'static str>, &str)> {
    resume.iter().map(|resume| (vec!["resume", "field"], resume.field.as_str())).collect()
}

/// The paths of a map behind others.
pub fn mapped<'t>(
    map: &'t Option<FieldMap>,
    others: Vec<(Vec<&'static str>, &'t str)>,
) -> Vec<(Vec<&'static str>, &'t str)> {
    let parts = map.iter().flat_map(FieldMap::paths);
    others.into_iter().chain(parts.map(|(part, path)| (vec!["map", part], path))).collect()
}
