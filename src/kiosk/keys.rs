//! The keyboard at the wall: every clicker sends arrows, Page Up and Page Down, and `b` or `.` for black.

use std::time::Duration;

use winit::event::{ElementState, KeyEvent};
use winit::keyboard::{Key, ModifiersState, NamedKey};

use crate::clock::{Instant, Time};
use crate::control::{Clearing, Desk, Request, Role, State, Verb, Who, standing};
use crate::layout::remote::{KeyAct, key_name};

/// How long Ctrl and Q must be held down together to end a wall.
pub const HELD: Duration = Duration::from_secs(2);

/// What a key does to the wall.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Press {
    Next,
    Back,
    /// Turns on what is off, and off what is on.
    Black,
    Hold,
    Identify,
    /// The scene with this name or number, from 1.
    Scene(String),
    Mode(String),
}

/// The keys that are held, and what they mean here.
#[derive(Debug, Default)]
pub struct Keys {
    modifiers: ModifiersState,
    /// Since when the chord that ends the wall is held.
    chord: Option<Instant>,
    /// Escape and `q` end the wall at once.
    easy: bool,
}

impl Keys {
    /// `easy`: Escape and `q` end the wall, as in any window; else a chord must be held.
    pub fn new(easy: bool) -> Self {
        Self { easy, ..Self::default() }
    }

    /// Whether the wall ends as any window does.
    pub fn is_easy(&self) -> bool {
        self.easy
    }

    pub fn modifiers(&mut self, now: ModifiersState) {
        self.modifiers = now;
        if !now.control_key() {
            self.chord = None;
        }
    }

    /// Takes a key; true when it ends the wall.
    pub fn take(&mut self, event: &KeyEvent, desk: &Desk, now: (Instant, Time)) -> bool {
        let down = event.state == ElementState::Pressed;
        let is_q = matches!(&event.logical_key, Key::Character(text) if text.eq_ignore_ascii_case("q"));
        if self.modifiers.control_key() && is_q {
            let since = *self.chord.get_or_insert(now.0);
            if !down {
                self.chord = None;
            }
            return down && now.0.saturating_duration_since(since) >= HELD;
        }
        if !down || event.repeat || self.modifiers.control_key() || self.modifiers.alt_key() {
            return false;
        }
        if self.easy && (is_q || event.logical_key == Key::Named(NamedKey::Escape)) {
            return true;
        }
        if let Some(press) = desk.keys().and_then(|bound| pressed(&event.logical_key, &bound)) {
            let who = Who::new("keys", Role::Presenter);
            if let Err(refused) = desk.act(&who, &Request::plain(verb(press, &desk.state(), now.1))) {
                tracing::info!("the key does nothing: {refused}");
            }
        }
        false
    }

    /// Whether the chord has been held for long enough.
    pub fn is_over(&self, now: Instant) -> bool {
        self.chord.is_some_and(|since| now.saturating_duration_since(since) >= HELD)
    }
}

/// What a key does: as the layout says, else as usual.
fn pressed(key: &Key, bound: &[(String, KeyAct)]) -> Option<Press> {
    let name = name(key);
    let Some((_, act)) = bound.iter().find(|(known, _)| Some(known) == name.as_ref()) else {
        return press(key);
    };
    Some(match act {
        KeyAct::Next => Press::Next,
        KeyAct::Back => Press::Back,
        KeyAct::Hold => Press::Hold,
        KeyAct::Black => Press::Black,
        KeyAct::Identify => Press::Identify,
        KeyAct::Scene(name) => Press::Scene(name.clone()),
        KeyAct::Mode(name) => Press::Mode(name.clone()),
        KeyAct::Nothing => return None,
    })
}

/// The name of a key as layouts have it.
fn name(key: &Key) -> Option<String> {
    let named = match key {
        Key::Character(text) => return key_name(text),
        Key::Named(named) => named,
        _ => return None,
    };
    let name = match named {
        NamedKey::ArrowLeft => "left".to_owned(),
        NamedKey::ArrowRight => "right".to_owned(),
        NamedKey::ArrowUp => "up".to_owned(),
        NamedKey::ArrowDown => "down".to_owned(),
        // `PageUp`, `F1`, `Home` and the rest are called alike.
        other => format!("{other:?}"),
    };
    key_name(&name)
}

fn press(key: &Key) -> Option<Press> {
    Some(match key {
        Key::Named(NamedKey::ArrowRight | NamedKey::ArrowDown | NamedKey::PageDown) => Press::Next,
        Key::Named(NamedKey::ArrowLeft | NamedKey::ArrowUp | NamedKey::PageUp) => Press::Back,
        Key::Named(NamedKey::Space) => Press::Hold,
        Key::Character(text) => match text.as_str() {
            " " => Press::Hold,
            "b" | "B" | "." => Press::Black,
            "i" | "I" => Press::Identify,
            text => match text.as_bytes() {
                [digit @ b'1'..=b'9'] => Press::Scene((digit - b'0').to_string()),
                _ => return None,
            },
        },
        _ => return None,
    })
}

fn verb(press: Press, state: &State, now: Time) -> Verb {
    match press {
        Press::Next => Verb::Next,
        Press::Back => Verb::Back,
        Press::Scene(name) => Verb::Scene { name },
        Press::Mode(name) => Verb::Mode { name },
        Press::Black if standing(&state.black, now).is_some() => Verb::Clear { what: Clearing::Black },
        Press::Black => Verb::Black,
        Press::Identify if standing(&state.identify, now).is_some() => {
            Verb::Clear { what: Clearing::Identify }
        }
        Press::Identify => Verb::Identify,
        Press::Hold if standing(&state.scene, now).is_some() => Verb::Resume,
        Press::Hold => Verb::Hold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Override;

    #[test]
    fn clickers_and_keyboards_mean_the_same() {
        let named = |key| press(&Key::Named(key));
        assert_eq!(named(NamedKey::PageDown), Some(Press::Next));
        assert_eq!(named(NamedKey::ArrowLeft), Some(Press::Back));
        assert_eq!(named(NamedKey::F5), None);
        let text = |text: &str| press(&Key::Character(text.into()));
        assert_eq!(
            (text("b"), text("."), text("7")),
            (Some(Press::Black), Some(Press::Black), Some(Press::Scene("7".into())))
        );
        assert_eq!((text("0"), text("x"), text("é")), (None, None, None));
    }

    #[test]
    fn a_layout_says_what_keys_do() {
        let bound = [("F1", "scene now"), ("page-down", "mode tour"), ("b", "none"), ("É", "black")];
        let bound =
            bound.map(|(key, act)| (key_name(key).expect("a key"), KeyAct::read(act).expect("an act")));
        let named = |key| pressed(&Key::Named(key), &bound);
        assert_eq!(named(NamedKey::F1), Some(Press::Scene("now".into())));
        assert_eq!(named(NamedKey::PageDown), Some(Press::Mode("tour".into())));
        assert_eq!(named(NamedKey::PageUp), Some(Press::Back), "as usual");
        let text = |text: &str| pressed(&Key::Character(text.into()), &bound);
        assert_eq!((text("B"), text("."), text("é")), (None, Some(Press::Black), Some(Press::Black)));
        assert_eq!((key_name("F25"), key_name("shift"), KeyAct::read("scene")), (None, None, None));
    }

    #[test]
    fn a_key_that_turned_something_on_turns_it_off() {
        let (now, mut state) = (Time::from_secs(100), State::default());
        assert_eq!(verb(Press::Black, &state, now), Verb::Black);
        state.black = Some(Override { what: (), by: "jo".into(), since: now, until: Time::from_secs(200) });
        assert_eq!(verb(Press::Black, &state, now), Verb::Clear { what: Clearing::Black });
        assert_eq!(verb(Press::Black, &state, Time::from_secs(200)), Verb::Black, "it has ended by itself");
        assert_eq!(verb(Press::Hold, &state, now), Verb::Hold);
    }
}
