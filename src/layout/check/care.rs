//! Rules about who answers.

use super::context::Cx;
use crate::layout::care::{MAX_HANDLES, PROMISE, bare};
use crate::layout::problem::{Problem, listed, nearest};

pub fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    let Some(care) = &file.care else { return };
    handles(cx, &care.handles);
    feeds(cx, &care.feeds);
    if !PROMISE.contains(&care.promise.0) {
        let span = cx.value(&["care", "promise"]);
        let problem = Problem::error("promise", span, "`promise` must be between one minute and seven days");
        cx.say(problem.label("out of range").help("Write it like `promise = \"1h\"`."));
    }
}

fn handles(cx: &mut Cx<'_>, handles: &[String]) {
    let span = cx.value(&["care", "handles"]);
    if handles.is_empty() {
        let problem = Problem::error("handles", span, "`[care]` has no handles");
        cx.say(
            problem.label("no handle to watch").help("List the brand's handles: `handles = [\"@aurora\"]`."),
        );
    } else if handles.len() > MAX_HANDLES {
        let problem =
            Problem::error("handles", span, format!("a brand can have at most {MAX_HANDLES} handles"));
        cx.say(problem.label(format!("{} handles", handles.len())));
    }
    for (i, handle) in handles.iter().enumerate().filter(|(_, handle)| bare(handle).is_none()) {
        let span = cx.value(&["care", "handles", &i.to_string()]);
        let problem = Problem::error("handles", span, format!("`{handle}` is not a handle"));
        cx.say(
            problem.label("not a handle").help("A handle is one word: `@aurora`, `@aurora@social.example`."),
        );
    }
}

fn feeds(cx: &mut Cx<'_>, feeds: &[String]) {
    let known = cx.file.places.children(&["feed"]);
    for (i, feed) in feeds.iter().enumerate().filter(|(_, feed)| !known.contains(&feed.as_str())) {
        let span = cx.value(&["care", "feeds", &i.to_string()]);
        let problem = Problem::error("unknown-feed", span, format!("there is no feed `{feed}`"));
        cx.say(match nearest(feed, known.iter().copied()) {
            Some(near) => problem.label(format!("did you mean \"{near}\"?")),
            None => problem.label("not known").help(match known.is_empty() {
                true => "Remove `feeds` to include all.".into(),
                false => {
                    format!("The feeds are {}. Remove `feeds` to include all.", listed(known.clone()))
                }
            }),
        });
    }
}
