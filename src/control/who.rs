//! Who asks, and what they may ask for.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::verb::Verb;

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
                matches!(verb, Verb::Acknowledge { .. }) || verb.moderation().is_some()
            }
            (Role::Viewer, _) => false,
        }
    }
}
