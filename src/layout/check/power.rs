//! Rules about panels, and about the plan by which they rest.

use super::context::Cx;
use crate::layout::backlight::BacklightTable;
use crate::layout::hours::PowerTable;
use crate::layout::panel::{Mac, PanelKind, PanelTable};
use crate::layout::problem::{Problem, listed, nearest};

pub fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for (name, display) in file.display.iter() {
        if let Some(table) = &display.panel {
            panel(cx, name, table);
            alone(cx, name, table);
        }
        if let Some(table) = &display.backlight {
            backlight(cx, name, table);
        }
    }
    for (name, table) in file.power.iter() {
        rest(cx, name, table);
    }
}

fn panel(cx: &mut Cx<'_>, name: &str, table: &PanelTable) {
    let at = |key| ["display", name, "panel", key];
    let say = |cx: &mut Cx<'_>, key, message: String, help: &str| {
        let span = if cx.file.places.has(&at(key)) { cx.value(&at(key)) } else { cx.value(&at("kind")) };
        cx.say(Problem::error("panel", span, message).label(format!("of the panel of `{name}`")).help(help));
    };
    let is_of = |kind| table.kind == kind;
    let has_password = table.password_env.is_some() || table.password_file.is_some();
    match &table.address {
        None if !is_of(PanelKind::Output) => {
            say(
                cx,
                "kind",
                "`address` is missing".into(),
                "Write where it listens: `address = \"10.0.0.5\"`.",
            );
        }
        Some(_) if is_of(PanelKind::Output) => {
            let help = "An output is switched through its cable. Remove it, or use `kind = \"pjlink\"` or `\"mdc\"`.";
            say(cx, "address", "an output has no `address`".into(), help);
        }
        Some(address) if table.spec(&cx.file.dir).is_none() => {
            let help =
                "Write a host and perhaps a port: \"10.0.0.5\", \"left.local:4352\", \"[fd00::5]:1515\".";
            say(cx, "address", format!("`{address}` is not an address"), help);
        }
        _ => {}
    }
    if table.password_env.is_some() && table.password_file.is_some() {
        let help = "Set `password_env` or `password_file`, not both.";
        say(cx, "password_file", "there are two passwords".into(), help);
    }
    if table.pin_env.is_some() && table.pin_file.is_some() {
        say(cx, "pin_file", "there are two PINs".into(), "Set `pin_env` or `pin_file`, not both.");
    }
    if has_password && !is_of(PanelKind::Pjlink) {
        let key = if table.password_env.is_some() { "password_env" } else { "password_file" };
        let is_mdc = is_of(PanelKind::Mdc);
        let help = if is_mdc { "An `mdc` panel has a PIN: `pin_env` or `pin_file`." } else { "Remove it." };
        say(cx, key, "only a `pjlink` panel has a password".into(), help);
    }
    if (table.pin_env.is_some() || table.pin_file.is_some()) && !is_of(PanelKind::Mdc) {
        let key = if table.pin_env.is_some() { "pin_env" } else { "pin_file" };
        say(cx, key, "only an `mdc` panel has a PIN".into(), "Remove it.");
    }
    match &table.mac {
        Some(_) if is_of(PanelKind::Output) => {
            say(cx, "mac", "an output has no `mac`".into(), "Remove it.");
        }
        Some(mac) if Mac::parse(mac).is_none() => {
            let help = "Write six pairs of hexadecimal digits, as its menu or label shows them: \"00:16:6c:12:34:56\".";
            say(cx, "mac", format!("`{mac}` is not a hardware address"), help);
        }
        _ => {}
    }
    if table.id.is_some() && !is_of(PanelKind::Mdc) {
        say(cx, "id", "only an `mdc` panel has an `id`".into(), "Remove it.");
    }
}

/// Two displays with one panel would switch it against each other.
fn alone(cx: &mut Cx<'_>, name: &str, table: &PanelTable) {
    let file = cx.file;
    let is_same = |other: &PanelTable| {
        table.spec(&file.dir).zip(other.spec(&file.dir)).is_some_and(|(one, other)| one.is_same(&other))
    };
    let before = file.display.iter().take_while(|(other, _)| *other != name);
    let first =
        before.filter(|(_, other)| other.panel.as_ref().is_some_and(is_same)).map(|(name, _)| name).next();
    let Some(first) = first else { return };
    let span = cx.value(&["display", name, "panel"]);
    let problem = Problem::error("panel", span, format!("`{name}` has the panel of `{first}`"));
    cx.say(
        problem
            .label("the same again")
            .and(cx.value(&["display", first, "panel"]), "here first")
            .help("Each display has a panel of its own. If one panel shows several displays, only one of them switches it."),
    );
}

fn backlight(cx: &mut Cx<'_>, name: &str, table: &BacklightTable) {
    let path = ["display", name, "backlight", "bus"];
    let others = cx.file.display.iter().take_while(|(other, _)| *other != name);
    let is_same = |other: &BacklightTable| table.bus.is_some() && other.bus == table.bus;
    let first = others
        .filter(|(_, other)| other.backlight.as_ref().is_some_and(is_same))
        .map(|(name, _)| name)
        .next();
    if !table.has_sound_bus() {
        let problem = Problem::error("backlight", cx.value(&path), "this is not an I2C bus");
        let help = "Write its device: `bus = \"/dev/i2c-5\"`; `ddcutil detect` lists them.";
        cx.say(problem.label(format!("of the backlight of `{name}`")).help(help));
    } else if let Some(first) = first {
        let problem =
            Problem::error("backlight", cx.value(&path), format!("`{name}` has the bus of `{first}`"));
        let problem = problem
            .label("the same again")
            .and(cx.value(&["display", first, "backlight", "bus"]), "here first");
        cx.say(problem.help("Each monitor has a bus of its own."));
    }
    let dims = cx.file.mode.iter().any(|(_, mode)| mode.brightness.is_some());
    if !dims && cx.is_whole("mode") {
        let span = cx.key(&["display", name, "backlight"]);
        let problem = Problem::warning("never", span, format!("`{name}` is never dimmed"));
        let help =
            "Give a mode a `brightness`, for example `[mode.night] brightness = 40`, or remove `backlight`.";
        cx.say(problem.label("no mode has a `brightness`").help(help));
    }
}

fn rest(cx: &mut Cx<'_>, name: &str, table: &PowerTable) {
    let at = |key| ["power", name, key];
    table.zone.iter().for_each(|zone| cx.found.known_zone(zone, &at("zone")));
    let mut warn = |code, key, message: String, label: &str, help: &str| {
        let span = if cx.file.places.has(&at(key)) { cx.value(&at(key)) } else { cx.key(&["power", name]) };
        cx.say(Problem::warning(code, span, message).label(label).help(help));
    };
    if !table.dates.is_empty() && table.dates.iter().all(|dates| table.except.contains(dates)) {
        let help = "Set `enabled = false` to leave it out.";
        warn("never", "except", format!("`{name}` is never on"), "excludes all of its `dates`", help);
    }
    if table.enabled && table.is_always() {
        let help = "Write when they rest: `from = \"22:00\"`, `to = \"06:00\"`, and perhaps `days`.";
        warn("always", "from", format!("by `{name}` displays rest at all times"), "no hour is left", help);
    }
    match &table.displays {
        Some(names) if names.is_empty() => {
            let help = "Name the displays, or remove `displays` for all that have a `panel`.";
            warn("never", "displays", format!("by `{name}` no display rests"), "empty", help);
        }
        Some(names) => names.iter().for_each(|display| has_panel(cx, name, display)),
        None if cx.is_whole("display")
            && cx.file.display.iter().all(|(_, display)| display.panel.is_none()) =>
        {
            let problem = Problem::error("no-panel", cx.key(&["power", name]), "no display has a `panel`");
            cx.say(problem.label("nothing that it could switch").help(
                "Say how a display is switched: `panel = { kind = \"output\" }`, or `{ kind = \"pjlink\", address = \"10.0.0.5\" }`.",
            ));
        }
        None => {}
    }
}

fn has_panel(cx: &mut Cx<'_>, name: &str, display: &str) {
    let (span, names) = (cx.value(&["power", name, "displays"]), cx.file.places.children(&["display"]));
    let problem = |message: String| Problem::error("unknown-name", span.clone(), message);
    if !names.contains(&display) {
        let problem = problem(format!("there is no display `{display}`"));
        return cx.say(match nearest(display, names.iter().copied()) {
            Some(near) => problem.label(format!("did you mean \"{near}\"?")),
            None => problem.label("not known").help(format!("The displays are {}.", listed(names))),
        });
    }
    if cx.file.display.get(display).is_some_and(|table| table.panel.is_none()) {
        let problem = problem(format!("`{display}` has no `panel`")).label("cannot be switched");
        cx.say(problem.help(format!(
            "Add one to `[display.{display}]`, for example `panel = {{ kind = \"output\" }}`."
        )));
    }
}
