//! What people did, as the journal keeps it.

use serde::{Deserialize, Serialize};

use super::verb::{Request, Verb};
use super::who::Who;
use crate::clock::Time;
use crate::mention::source::{Note, NoteKind};

/// What somebody did, as the journal keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    pub at: Time,
    pub by: Who,
    pub verb: String,
    /// What the verb was about: a scene, a text, an alert.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Until when it holds, unless somebody ends it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Time>,
}

pub(super) fn note(kind: NoteKind, key: (i64, i64), what: &impl Serialize) -> Option<Note> {
    // Plain structures of texts and numbers always become JSON.
    serde_json::to_vec(what).ok().map(|body| Note { kind, key, body: body.into() })
}

pub(super) fn act(who: &Who, request: &Request, at: Time) -> Act {
    let until = (!request.length().is_zero()).then(|| at + request.length());
    let (verb, about) = (request.verb.name().into(), about(&request.verb, ""));
    Act { at, by: who.clone(), verb, about, until }
}

/// What a verb is about, after `before`; nothing where it says all.
pub(super) fn about(verb: &Verb, before: &str) -> String {
    match verb {
        Verb::Scene { name } | Verb::Mode { name } => format!("{before}{name}"),
        Verb::Window { window } => format!("{before}{}", window.name()),
        Verb::Banner { text, .. } => format!("{before}{text}"),
        Verb::Clear { what } => format!("{before}{what:?}").to_lowercase(),
        verb if verb.moderation().is_some() => {
            format!("{before}{}", verb.moderation().map_or("", |(_, mention)| mention))
        }
        Verb::Rewind { from, to, speed } => {
            format!("{before}{from} to {} at {speed} ×", to.as_deref().unwrap_or("now"))
        }
        Verb::Spotlight { mention } => format!("{before}{mention}"),
        Verb::Rest { display } | Verb::Wake { display } => {
            format!("{before}{}", display.as_deref().unwrap_or("all displays"))
        }
        Verb::Adopt { display, monitor } => format!("{before}{monitor} as {display}"),
        Verb::Release { display } => format!("{before}{display}"),
        Verb::Acknowledge { alert } => format!("{before}{alert}"),
        _ => String::new(),
    }
}
