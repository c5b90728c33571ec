//! Rules about topics.

use super::context::Cx;
use crate::layout::kind::{Quotes, TileSpec};
use crate::layout::problem::{Problem, listed, nearest};
use crate::layout::schema::{LayoutFile, SceneTable, TopicTable};
use crate::query::field::{Field, NETWORKS};
use crate::query::find::folded;
use crate::query::tree::What;
use crate::query::{self, MAX_QUERY, Query};

const HELP: &str = "Use words, \"phrases in quotes\", #hashtags, @handles and fields such as lang:ja, \
    combined with AND, OR, NOT, NEAR/5 and parentheses; see docs/topics.md. To try it: `fishbowl topics \
    LAYOUT --try \"text\"`.";

/// Most places that are marked beside the first.
const MOST_MARKS: usize = 8;

pub fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for (name, table) in file.topic.iter() {
        query(cx, name, table);
    }
    unseen(cx);
    colours(cx);
}

/// Tells the topics that nothing uses, all at once.
fn unseen(cx: &mut Cx<'_>) {
    let file = cx.file;
    let unused = |name: &&str| is_unseen(file, name) && is_known(cx) && !is_meant(file, name);
    let unused: Vec<&str> = file.topic.names().filter(unused).collect();
    let Some((first, more)) = unused.split_first() else { return };
    let message = match more {
        [] => format!("no tile or alert uses the topic `{first}`"),
        _ => format!("no tile or alert uses {} of the topics", unused.len()),
    };
    let problem = Problem::warning("unseen-topic", cx.key(&["topic", first]), message).label("not used");
    let problem = problem.help(format!("Give a tile `topic = \"{first}\"`, or remove the topic."));
    let more = more.iter().take(MOST_MARKS);
    let problem = more.fold(problem, |problem, name| problem.and(cx.key(&["topic", name]), "nor this one"));
    cx.say(problem);
}

fn query(cx: &mut Cx<'_>, name: &str, table: &TopicTable) {
    readable(cx, &["topic", name, "query"], &format!("the query of `{name}`"), &table.query);
}

/// Checks a query; `what` is what a message calls it.
pub fn readable(cx: &mut Cx<'_>, path: &[&str], what: &str, query: &str) {
    if query.trim().is_empty() {
        let problem = Problem::error("query", cx.value(path), format!("{what} is empty"));
        let help = "Write the words that a mention must contain: `\"aurora phone\" OR #auroraphone`.";
        cx.say(problem.label("matches nothing").help(help));
    } else if query.len() > MAX_QUERY {
        let message = format!("{what} is longer than {MAX_QUERY} bytes");
        cx.say(Problem::error("query", cx.value(path), message).label("too long"));
    } else {
        match Query::parse(query) {
            Ok(parsed) => {
                small_operators(cx, path, query);
                sources(cx, path, &parsed, query);
            }
            Err(_) => cx.found.ask("query", &|query| Query::parse(query).map(|_| ()), path, query, HELP),
        }
    }
}

/// Tells operators in small letters, which are words that must occur.
fn small_operators(cx: &mut Cx<'_>, path: &[&str], text: &str) {
    let mut found = query::small_operators(text).into_iter();
    let Some((at, operator)) = found.next() else { return };
    let place = |at| cx.file.places.inside(path, text, at);
    let written = &text[at.clone()];
    let message = format!("`{written}` is a word here, not an operator");
    let problem = Problem::warning("lower-case-operator", place(at.clone()), message);
    let help =
        format!("Write `{operator}` in capitals. If you mean the word, put it in quotes: `\"{written}\"`.");
    let problem = problem.label("a mention must contain this word").help(help);
    let problem =
        found.take(MOST_MARKS).fold(problem, |problem, (at, _)| problem.and(place(at), "this one too"));
    cx.say(problem);
}

/// Tells sources that are neither a feed of this layout nor a network.
fn sources(cx: &mut Cx<'_>, path: &[&str], query: &Query, text: &str) {
    let file = cx.file;
    let feeds = file.places.children(&["feed"]);
    let known: Vec<&str> = NETWORKS.iter().map(|(name, _)| *name).chain(feeds).collect();
    query.tree().leaves(&mut |leaf| {
        let What::Field(Field::Source(name)) = &leaf.what else { return };
        if known.iter().any(|known| folded(known) == *name) {
            return;
        }
        let span = file.places.inside(path, text, leaf.at.clone());
        let help = match nearest(name, known.iter().copied()) {
            Some(near) => format!("Write `source:{near}`."),
            None => format!("It is one of {}.", listed(known.iter().copied())),
        };
        let message = format!("`{name}` is neither a feed of this wall nor a network");
        cx.say(Problem::warning("unknown-source", span, message).label("matches nothing").help(help));
    });
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
    let named = tiles.flat_map(|(_, tile)| match tile.widget.compared() {
        Some(topics) => topics.iter().map(String::as_str).collect(),
        None => Vec::from_iter(tile.widget.topic()),
    });
    named.into_iter().any(|t| file.topic.get(t).is_none() && nearest(t, file.topic.names()) == Some(topic))
}

/// True when no tile and no alert is about the topic, and none compares all topics.
fn is_unseen(file: &LayoutFile, topic: &str) -> bool {
    if file.alert.iter().any(|(_, alert)| alert.topic.as_deref() == Some(topic)) {
        return false;
    }
    let tiles = file.scene.iter().flat_map(|(_, scene)| scene.tile.iter());
    // Rows of mentions and alerts have the colours of their topics.
    let marks_topics = |widget: &TileSpec| {
        widget.topic().is_none() && (widget.quotes() == Quotes::Texts || widget.shows_alerts())
    };
    !tiles.map(|(_, tile)| &tile.widget).any(|widget| match widget.compared() {
        _ if marks_topics(widget) => true,
        Some(topics) => topics.is_empty() || topics.iter().any(|compared| compared == topic),
        None => widget.topic() == Some(topic),
    })
}

/// Colours that topics have for themselves.
const COLOURS: usize = 6;

/// Tells topics that chose a colour that another has. There are only six: all others share one.
fn colours(cx: &mut Cx<'_>) {
    let file = cx.file;
    let mut taken: Vec<(usize, &str)> = Vec::new();
    for (i, (name, table)) in file.topic.iter().enumerate() {
        let colour = table.color.map_or(i, |c| usize::from(c).saturating_sub(1));
        let is_shared = colour >= COLOURS;
        if let Some((_, other)) = taken.iter().find(|(c, _)| *c == colour).filter(|_| !is_shared) {
            let message = format!("`{name}` has the same colour as `{other}`");
            let problem = Problem::warning("same-color", cx.value(&["topic", name, "color"]), message)
                .label(format!("colour {} again", colour + 1))
                .and(cx.key(&["topic", other]), "first here");
            cx.say(
                problem
                    .help("There are six distinguishable colours: choose a free one with `color`, 1 to 6."),
            );
        } else {
            taken.push((colour, name));
        }
    }
}
