//! Names of types: within a room one stands for one thing.

use std::collections::{BTreeMap, BTreeSet};

use super::lexer::Token;

/// Rooms in which no two files declare a type of the same name.
pub const DISTINCT: &[&str] =
    &["cli", "gpu", "kiosk", "mention", "paint", "place", "query", "remote", "server", "text"];

/// Names that several files of one of these rooms declare, as `room: Name (files)`.
pub fn shared<'a>(sources: impl Iterator<Item = (&'a str, &'a [Token])>) -> Vec<String> {
    let mut files: BTreeMap<(&str, String), BTreeSet<&str>> = BTreeMap::new();
    for (name, tokens) in sources {
        let room = name.split('/').next().unwrap_or(name).trim_end_matches(".rs");
        for declared in declared(tokens) {
            files.entry((room, declared)).or_default().insert(name);
        }
    }
    let several = files.into_iter().filter(|((room, _), files)| DISTINCT.contains(room) && files.len() > 1);
    let listed = |files: BTreeSet<&str>| files.into_iter().collect::<Vec<_>>().join(", ");
    several.map(|((room, name), files)| format!("{room}: {name} ({})", listed(files))).collect()
}

/// The types that a file declares; `type` within braces belongs to a trait or its implementation.
fn declared(tokens: &[Token]) -> Vec<String> {
    let (mut depth, mut names) = (0usize, Vec::new());
    for pair in tokens.windows(2) {
        match pair[0].text.as_str() {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            "struct" | "enum" | "trait" => names.push(pair[1].text.clone()),
            "type" if depth == 0 => names.push(pair[1].text.clone()),
            _ => {}
        }
    }
    names
}
