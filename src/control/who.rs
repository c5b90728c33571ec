//! Who asks, and what they may ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::verb::{Clearing, Verb};

pub use crate::layout::remote::Role;

/// Somebody who asks something of the wall.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Who {
    /// As the layout names them; `local` for who sits at the machine, `keys` for its keyboard.
    pub name: String,
    pub role: Role,
}

impl Who {
    pub fn new(name: &str, role: Role) -> Self {
        Self { name: name.into(), role }
    }

    /// Whether they may ask for `verb`.
    pub fn may(&self, verb: &Verb) -> bool {
        match (self.role, verb) {
            (Role::Admin | Role::Presenter, _) => true,
            (Role::Moderator, verb) => {
                let ends = matches!(verb, Verb::Clear { what: Clearing::Spotlight });
                matches!(verb, Verb::Acknowledge { .. } | Verb::Spotlight { .. })
                    || verb.moderation().is_some()
                    || ends
            }
            (Role::Viewer, _) => false,
        }
    }
}
