//! Rules about topics.

use super::Cx;
use crate::layout::problem::{Problem, nearest};
use crate::layout::schema::{LayoutFile, SceneTable};
use crate::layout::widget::WidgetSpec;

/// Longest query, bytes.
pub const MAX_QUERY: usize = 4_096;

pub fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for (name, table) in file.topic.iter() {
        query(cx, name, &table.query);
        if is_unseen(file, name) && is_known(cx) && !is_meant(file, name) {
            let message = format!("nobody shows the topic `{name}`");
            cx.say(
                Problem::warning("unseen-topic", cx.key(&["topic", name]), message)
                    .label("no tile is about it")
                    .help(format!("Give a tile `topic = \"{name}\"`, or remove the topic.")),
            );
        }
    }
    colours(cx);
}

fn query(cx: &mut Cx<'_>, name: &str, query: &str) {
    let path = ["topic", name, "query"];
    if query.trim().is_empty() {
        let problem = Problem::error("query", cx.value(&path), format!("the query of `{name}` is empty"));
        let help = "Write the words that a mention must say: `\"aurora phone\" OR #auroraphone`.";
        cx.say(problem.label("finds nothing").help(help));
    } else if query.len() > MAX_QUERY {
        let message = format!("the query of `{name}` is longer than {MAX_QUERY} bytes");
        cx.say(Problem::error("query", cx.value(&path), message).label("too long"));
    } else {
        let help =
            "Words, \"phrases in quotes\" and #hashtags, joined by AND, OR and NOT, grouped by parentheses.";
        cx.ask("query", cx.hooks.query, &path, query, help);
    }
}

/// True when every tile could be read.
fn is_known(cx: &Cx<'_>) -> bool {
    let whole = |(name, scene): (&str, &SceneTable)| {
        cx.file.places.children(&["scene", name, "tile"]).len() == scene.tile.len()
    };
    cx.is_whole("scene") && cx.file.scene.iter().all(whole)
}

/// True when a tile names a topic that is not there and nearly this one.
fn is_meant(file: &LayoutFile, topic: &str) -> bool {
    let tiles = file.scene.iter().flat_map(|(_, scene)| scene.tile.iter());
    let named = tiles.flat_map(|(_, tile)| match &tile.widget {
        WidgetSpec::Share(share) => share.topics.iter().map(String::as_str).collect(),
        other => Vec::from_iter(other.topic()),
    });
    named.into_iter().any(|t| file.topic.get(t).is_none() && nearest(t, file.topic.names()) == Some(topic))
}

/// True when no tile and no alert is about the topic, and none compares all topics.
fn is_unseen(file: &LayoutFile, topic: &str) -> bool {
    if file.alert.iter().any(|(_, alert)| alert.topic.as_deref() == Some(topic)) {
        return false;
    }
    let tiles = file.scene.iter().flat_map(|(_, scene)| scene.tile.iter());
    !tiles.map(|(_, tile)| &tile.widget).any(|widget| match widget {
        WidgetSpec::Share(share) => share.topics.is_empty() || share.topics.iter().any(|t| t == topic),
        other => other.topic() == Some(topic),
    })
}

fn colours(cx: &mut Cx<'_>) {
    let file = cx.file;
    let mut taken: Vec<(usize, &str)> = Vec::new();
    for (i, (name, table)) in file.topic.iter().enumerate() {
        let colour = table.color.map_or(i % 8, |c| usize::from(c).saturating_sub(1) % 8);
        if let Some((_, other)) = taken.iter().find(|(c, _)| *c == colour) {
            let message = format!("`{name}` has the same colour as `{other}`");
            let problem = Problem::warning("same-color", cx.value(&["topic", name, "color"]), message)
                .label(format!("colour {} again", colour + 1))
                .and(cx.key(&["topic", other]), "first here");
            cx.say(problem.help(
                "There are eight that everybody can tell apart: give it a free one with `color`, 1 to 8.",
            ));
        } else {
            taken.push((colour, name));
        }
    }
}
