//! Rules about feeds, and about what the public may see of them.

use std::net::SocketAddr;

use super::context::Cx;
use crate::layout::feed::path;
use crate::layout::feed::{Asked, Fault, FeedCheck, FeedSpec, Rest};
use crate::layout::gate::GateTable;
use crate::layout::kind::Quotes;
use crate::layout::problem::Problem;
use crate::layout::schema::FeedTable;
use crate::layout::solve;
use crate::layout::value::Audience;
use crate::layout::value::Lasting;
use crate::mention::source::Nature;

/// Headers that carry secrets.
const SECRET_HEADERS: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "x-auth-token"];
/// Parameters of an address that carry secrets.
const SECRET_PARAMETERS: [&str; 8] =
    ["token", "access_token", "api_key", "apikey", "key", "secret", "password", "auth"];

pub fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    if file.places.children(&["feed"]).is_empty() && !cx.found.means("feed") {
        let problem = Problem::warning("no-feed", 0..0, "this wall has no feeds");
        cx.say(
            problem
                .label("no `[feed.…]` in this file")
                .help("To start, add `[feed.demo]` with `kind = \"demo\"`."),
        );
    }
    for (name, table) in file.feed.iter() {
        feed(cx, name, table);
    }
    doors(cx);
    public(cx);
}

/// Feeds that are called on one path: nobody could tell whose a call is.
fn doors(cx: &mut Cx<'_>) {
    let file = cx.file;
    let mut taken: Vec<(&str, SocketAddr, &str)> = Vec::new();
    for (name, table) in file.feed.iter() {
        let Some((address, path)) = table.kind.door() else { continue };
        let path = path.trim_end_matches('/');
        let other = taken.iter().find(|(_, a, p)| (*a, *p) == (address, path));
        if let Some((other, ..)) = other {
            let message = format!("`{name}` and `{other}` use the same path");
            let problem = Problem::error("same-path", cx.value(&["feed", name, "path"]), message);
            let problem = problem.label("here again").and(cx.value(&["feed", other, "path"]), "first here");
            cx.say(problem.help("Give each feed its own `path`; they can share the address."));
        }
        taken.push((name, address, path));
    }
}

fn feed(cx: &mut Cx<'_>, name: &str, table: &FeedTable) {
    if table.stale_after.is_some_and(|after| after < Lasting::from_secs(1)) {
        let span = cx.value(&["feed", name, "stale_after"]);
        let problem = Problem::error("too-short", span, format!("`{name}` would be stale immediately"));
        cx.say(problem.label("at least \"1s\"").help("Use two or three times its usual silence."));
    }
    table.kind.check(&mut FeedCheck::new(&mut cx.found, &cx.file.dir, name));
    self::table(cx, name, &table.kind);
}

fn table(cx: &mut Cx<'_>, name: &str, spec: &FeedSpec) {
    if let Some(asked) = spec.asked() {
        self::asked(cx, name, &asked);
    }
    let help = "A JSONPath begins with `$`, like `$.user.name` or `$.entities[0].text`.";
    for (keys, path) in spec.paths() {
        let keys: Vec<&str> = ["feed", name].into_iter().chain(keys).collect();
        cx.found.ask("json-path", &|text| path::parse(text).map(drop), &keys, path, help);
    }
    untimed(cx, name, spec);
    let topics = solve::topics(cx.file);
    let spec = spec.changed(|table| table.take_up(&Rest { topics: &topics, care: None }));
    for Fault { key, what, help } in spec.faults() {
        let problem = Problem::error("feed", cx.value(&["feed", name, key]), what);
        cx.say(problem.label("here").help(help));
    }
}

/// A map that does not say when something was said.
fn untimed(cx: &mut Cx<'_>, name: &str, spec: &FeedSpec) {
    if spec.map().is_some_and(|map| map.ts.is_none()) {
        let message = format!("the records of `{name}` have no time");
        let problem = Problem::warning("no-time", cx.key(&["feed", name, "map"]), message);
        cx.say(problem.label("no `ts` in this map").help(
            "Without it, records count at the time they arrive, and those of the first poll are not counted.",
        ));
    }
}

fn asked(cx: &mut Cx<'_>, name: &str, asked: &Asked<'_>) {
    address(cx, name, asked);
    for header in asked.headers.keys() {
        if SECRET_HEADERS.iter().any(|secret| header.eq_ignore_ascii_case(secret)) {
            let span = cx.value(&["feed", name, "headers", header]);
            cx.say(secret(span, &format!("the header `{header}` contains a secret")));
        }
    }
    let both = |cx: &mut Cx<'_>, [one, other]: [&str; 2], message: &str| {
        let problem = Problem::error("two-tokens", cx.key(&["feed", name, other]), message);
        let problem = problem.label("and here again").and(cx.key(&["feed", name, one]), "here");
        cx.say(problem.help(format!("Keep `{one}` or `{other}`.")));
    };
    let way = asked.token_header.map(|_| "token_header").or(asked.token_parameter.map(|_| "token_parameter"));
    if let (Some(key), None, None) = (way, asked.token_env, asked.token_file) {
        let problem = Problem::error("no-token", cx.key(&["feed", name, key]), "there is no token to send");
        let help = "Name the environment variable that holds it in `token_env`, or its file in `token_file`.";
        cx.say(problem.label("how to send it").help(help));
    }
    if asked.token_env.is_some() && asked.token_file.is_some() {
        both(cx, ["token_env", "token_file"], "a feed has only one token");
    }
    if asked.token_header.is_some() && asked.token_parameter.is_some() {
        both(cx, ["token_header", "token_parameter"], "a token is sent in only one place");
    }
}

fn address(cx: &mut Cx<'_>, name: &str, asked: &Asked<'_>) {
    let (path, url) = (["feed", name, "url"], asked.url);
    let lower = url.to_ascii_lowercase();
    let rest = lower.split_once("://").filter(|(scheme, _)| asked.schemes.contains(scheme));
    let host = rest.map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let bare = host.is_none_or(|h| h.is_empty() || h.starts_with(':'));
    if bare || url.contains(char::is_whitespace) {
        let problem = Problem::error("url", cx.value(&path), format!("`{url}` is not a stream URL"));
        let help = format!("Write the full URL: `{}://example.org/stream`.", asked.schemes[0]);
        cx.say(problem.label("here").help(help));
    } else if host.is_some_and(|h| h.contains('@')) {
        cx.say(secret(cx.value(&path), "the URL contains a user name and password"));
    } else if let Some(parameter) = secret_parameter(url) {
        let at = url.find(parameter).unwrap_or(0);
        let span = cx.file.places.inside(&path, url, at..at + parameter.len());
        cx.say(secret(span, &format!("the parameter `{parameter}` contains a secret")));
    }
}

fn secret_parameter(url: &str) -> Option<&str> {
    let query = url.split_once('?')?.1;
    let names = query.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, _)| name);
    names.into_iter().find(|name| SECRET_PARAMETERS.iter().any(|s| name.eq_ignore_ascii_case(s)))
}

fn secret(span: std::ops::Range<usize>, message: &str) -> Problem {
    Problem::error("secret", span, message).label("layouts get shared and shown").help(
        "Put the token in an environment variable and name that in `token_env`, or in a file and name that \
        in `token_file`. It is sent as a bearer token unless `token_header` or `token_parameter` says otherwise.",
    )
}

/// Visitors see what was invented, or what has passed a gate.
fn public(cx: &mut Cx<'_>) {
    let file = cx.file;
    let real = file.feed.iter().find(|(_, feed)| feed.kind.nature() != Nature::Simulated);
    let (Audience::Public, Some((feed, _))) = (file.wall.audience, real) else { return };
    if file.gate.as_ref().is_some_and(GateTable::holds_back) {
        return;
    }
    for (scene, table) in file.scene.iter() {
        for (tile, _) in table.tile.iter().filter(|(_, tile)| tile.widget.quotes() == Quotes::Texts) {
            let message = format!("`{tile}` would show unapproved text to the public");
            let problem = Problem::error("unapproved", cx.key(&["scene", scene, "tile", tile]), message)
                .label("shows what people wrote")
                .and(cx.value(&["wall", "audience"]), "this wall is public")
                .and(cx.key(&["feed", feed]), "posts by real people");
            if file.gate.is_some() {
                let help = "This gate lets every text through that it does not block: set `approve = \"all\"`, or \
                            `approve = \"rules\"` with `wait` or `block` (docs/gate.md).";
                cx.say(problem.and(cx.key(&["gate"]), "holds nothing back").help(help));
                continue;
            }
            cx.say(problem.help(
                "Add `[gate]`, so that a moderator approves texts before they are shown (docs/gate.md), use a \
                 `kind = \"demo\"` feed, remove this tile, or set the wall's audience to \"staff\".",
            ));
        }
    }
}
