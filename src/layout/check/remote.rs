//! Rules about who may steer the wall.

use std::net::SocketAddr;

use super::context::Cx;
use crate::layout::problem::{Problem, listed, nearest};
use crate::layout::remote::{KeyAct, MAX_PEOPLE, NAMED_KEYS, PersonTable, key_name};

const EXAMPLE: &str =
    "Write for example:\n[remote.person.jo]\nrole = \"presenter\"\ntoken_env = \"JO_TOKEN\"";

pub fn check(cx: &mut Cx<'_>) {
    let remote = &cx.file.remote;
    listen(cx, remote.listen.as_deref());
    tls(cx);
    if remote.person.len() > MAX_PEOPLE {
        let problem = Problem::error("too-many", cx.key(&["remote", "person"]), "too many people");
        cx.say(problem.label(format!("{} people; at most {MAX_PEOPLE}", remote.person.len())));
    }
    remote.person.iter().for_each(|(name, person)| token(cx, name, person));
    remote.key.iter().for_each(|(name, act)| key(cx, name, act));
}

fn listen(cx: &mut Cx<'_>, listen: Option<&str>) {
    let Some(listen) = listen else { return };
    let span = cx.value(&["remote", "listen"]);
    let Ok(addr) = listen.parse::<SocketAddr>() else {
        let problem = Problem::error("listen", span, format!("`{listen}` is not an address"));
        return cx.say(problem.label("not an address").help(
            "Write an IP address and a port: \"0.0.0.0:8460\" for all networks, \"127.0.0.1:8460\" for this machine.",
        ));
    };
    let spec = cx.file.remote.spec(false, &cx.file.dir);
    if !addr.ip().to_canonical().is_loopback() && spec.people.is_empty() {
        let only = match spec.code {
            true => "only who has the code that is printed at the start can sign in",
            false => "no one can sign in",
        };
        let problem = Problem::warning("no-people", span, format!("`[remote]` names no people: {only}"));
        cx.say(problem.label("other machines reach this address").help(EXAMPLE));
    }
}

fn tls(cx: &mut Cx<'_>) {
    let remote = &cx.file.remote;
    let (given, missing) = match (&remote.cert_file, &remote.key_file) {
        (Some(_), None) => ("cert_file", "key_file"),
        (None, Some(_)) => ("key_file", "cert_file"),
        (Some(_), Some(_)) if !remote.tls => ("cert_file", "tls = true"),
        _ => return,
    };
    let problem = Problem::error("tls", cx.key(&["remote", given]), format!("`{missing}` is missing"));
    cx.say(problem.label(format!("needs `{missing}`")).help("Set `tls = true`, `cert_file` and `key_file`."));
}

fn token(cx: &mut Cx<'_>, name: &str, person: &PersonTable) {
    let (span, help) = (cx.key(&["remote", "person", name]), "Set `token_env` or `token_file`, not both.");
    let wrong = match (&person.token_env, &person.token_file) {
        (None, None) => "has no token",
        (Some(_), Some(_)) => "has two tokens",
        (Some(env), None) if env.is_empty() || env.contains(['=', '\0']) => "names no environment variable",
        (None, Some(file)) if file.as_os_str().is_empty() => "names no file",
        _ => return,
    };
    cx.say(Problem::error("token", span, format!("`{name}` {wrong}")).label(wrong).help(help));
}

fn key(cx: &mut Cx<'_>, name: &str, act: &str) {
    let path = ["remote", "key", name];
    if key_name(name).is_none() {
        let problem = Problem::error("key", cx.key(&path), format!("there is no key `{name}`"));
        let help = format!("Write a single sign, `F1` to `F24`, or one of {}.", listed(NAMED_KEYS));
        cx.say(problem.label("not known").help(help));
    }
    let file = cx.file;
    let missing = match KeyAct::read(act) {
        None => {
            let problem = Problem::error("key", cx.value(&path), format!("a key cannot do `{act}`"));
            let help =
                "Write `next`, `back`, `hold`, `black`, `identify`, `scene NAME`, `mode NAME`, or `none`.";
            return cx.say(problem.label("not known").help(help));
        }
        Some(KeyAct::Scene(scene)) if file.scene.get(&scene).is_none() => {
            Some(("scene", scene, file.scene.names().collect::<Vec<_>>()))
        }
        Some(KeyAct::Mode(mode)) if file.mode.get(&mode).is_none() => {
            Some(("mode", mode, file.mode.names().collect::<Vec<_>>()))
        }
        Some(_) => None,
    };
    if let Some((what, wanted, there)) = missing {
        let problem = Problem::error("key", cx.value(&path), format!("there is no {what} `{wanted}`"));
        cx.say(match nearest(&wanted, there.iter().copied()) {
            Some(near) => problem.label(format!("did you mean \"{near}\"?")),
            None => problem.label("not known").help(format!("The layout has {}.", listed(there))),
        });
    }
}
