//! Rules about modes and the schedule.

use super::context::Cx;
use crate::layout::hours::ScheduleTable;
use crate::layout::problem::{Problem, listed, nearest};

pub fn check(cx: &mut Cx<'_>) {
    let file = cx.file;
    for (name, mode) in file.mode.iter() {
        let Some(scenes) = &mode.scenes else { continue };
        let path = ["mode", name, "scenes"];
        if scenes.is_empty() {
            let problem =
                Problem::error("no-scene", cx.value(&path), format!("the mode `{name}` has no scenes"));
            cx.say(problem.label("empty").help("Name at least one scene, or remove `scenes` to show all."));
        }
        for scene in scenes {
            known(cx, "scene", scene, &path);
            let waits = file.scene.get(scene).is_some_and(|scene| scene.head.on_alert.is_some());
            if waits {
                let message = format!("`{scene}` is only shown for an alert");
                let problem = Problem::error("no-turns", cx.value(&path), message);
                cx.say(problem.label("takes no turn").help("Remove it here, or remove its `on_alert`."));
            }
        }
    }
    for (name, slot) in file.schedule.iter() {
        entry(cx, name, slot);
    }
}

fn entry(cx: &mut Cx<'_>, name: &str, slot: &ScheduleTable) {
    let at = |key| ["schedule", name, key];
    if slot.mode.is_none() && slot.scene.is_none() {
        let message = format!("`{name}` schedules nothing");
        let problem = Problem::error("nothing-scheduled", cx.key(&["schedule", name]), message);
        cx.say(problem.label("no `mode`, no `scene`").help("Say what is on in these hours: `mode = \"…\"`."));
    }
    slot.mode.iter().for_each(|mode| known(cx, "mode", mode, &at("mode")));
    slot.scene.iter().for_each(|scene| known(cx, "scene", scene, &at("scene")));
    slot.zone.iter().for_each(|zone| cx.found.known_zone(zone, &at("zone")));
    if !slot.dates.is_empty() && slot.dates.iter().all(|dates| slot.except.contains(dates)) {
        let problem = Problem::warning("never", cx.value(&at("except")), format!("`{name}` is never on"));
        cx.say(problem.label("excludes all of its `dates`").help("Set `enabled = false` to leave it out."));
    }
}

/// Reports a name that no table of this section has.
fn known(cx: &mut Cx<'_>, section: &str, name: &str, path: &[&str; 3]) {
    let names = cx.file.places.children(&[section]);
    if names.contains(&name) {
        return;
    }
    let problem = Problem::error("unknown-name", cx.value(path), format!("there is no {section} `{name}`"));
    cx.say(match nearest(name, names.iter().copied()) {
        Some(near) => problem.label(format!("did you mean \"{near}\"?")),
        None if names.is_empty() => problem.label("not known").help(format!("Add `[{section}.{name}]`.")),
        None => problem.label("not known").help(format!("The {section}s are {}.", listed(names))),
    });
}
