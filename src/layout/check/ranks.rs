//! Rules about tiles that rank: options that do not go together.

use super::Cx;
use crate::layout::problem::Problem;
use crate::layout::wall::Audience;
use crate::layout::widget::{Rank, RanksOf, RanksSpec, WordsSpec};

/// Options of a list.
pub fn ranks(cx: &mut Cx<'_>, list: &RanksSpec, path: [&str; 4]) {
    let authors = list.of == RanksOf::Authors;
    if authors && list.rank == Rank::Rising {
        let problem = Problem::error("no-rise", cx.value(&under(path, "rank")), "authors do not rise");
        let help = "Leave `rank` out, or list `of = \"words\"`, `\"hashtags\"`, `\"emoji\"` or `\"links\"`.";
        cx.say(problem.label("for terms only").help(help));
    }
    if !authors && list.by.is_some() {
        let problem = Problem::error("no-authors", cx.key(&under(path, "by")), "only authors have a reach");
        cx.say(problem.label("for `of = \"authors\"`").help("Leave `by` out, or list `of = \"authors\"`."));
    }
    if authors && cx.file.wall.audience == Audience::Public {
        let problem = Problem::warning("no-names", cx.key(&path), "visitors are shown no names of authors");
        let help = "The list says how many mentions each of the first has, without names. `audience = \"staff\"` shows them.";
        cx.say(problem.label("without names").help(help));
    }
    own_time(cx, list.rank, list.window.is_some(), path);
}

/// Options of a cloud.
pub fn words(cx: &mut Cx<'_>, words: &WordsSpec, path: [&str; 4]) {
    own_time(cx, words.rank, words.window.is_some(), path);
}

fn own_time(cx: &mut Cx<'_>, rank: Rank, window: bool, path: [&str; 4]) {
    if rank == Rank::Rising && window {
        let problem =
            Problem::error("two-windows", cx.key(&under(path, "window")), "what rises has its own time");
        let help = "It compares the last quarter of an hour with the day before: leave `window` out.";
        cx.say(problem.label("has no meaning here").help(help));
    }
}

fn under<'a>(path: [&'a str; 4], key: &'a str) -> [&'a str; 5] {
    [path[0], path[1], path[2], path[3], key]
}
