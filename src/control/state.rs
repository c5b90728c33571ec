//! What people have asked of the wall and still holds. Pure: the same requests at the same moments lead to the
//! same state, and each override has an end.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::verb::{Clearing, LONGEST, MAX_TEXT, Request, Verb, Weight};
use crate::clock::{Instant, Time};
use crate::layout::hours::Mode;
use crate::layout::power::PowerSpec;
use crate::layout::rundown::Rundown;
use crate::layout::wall::Scene;
use crate::layout::window::Window;
use crate::mention::is_blank;

/// A clock that is set back by less does not end what was asked just before.
const LENIENCE: Duration = Duration::from_secs(60);

/// The last moment of a past that was played stands so long.
const LAST_LOOK: Duration = Duration::from_secs(5);

/// Something that people asked for, until its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override<T> {
    pub what: T,
    /// Who asked for it.
    pub by: String,
    pub since: Time,
    pub until: Time,
}

/// The scene that people chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub scene: String,
    /// It was on the wall already, and stays.
    pub held: bool,
}

/// A past time that is played from the journal.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rewind {
    pub from: Time,
    pub to: Time,
    /// How many times as fast as it happened.
    pub speed: f32,
}

impl Eq for Rewind {}

/// A line of text on every display.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Banner {
    pub text: String,
    pub severity: Weight,
}

/// What people ask of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    Rest,
    Wake,
}

/// All that people have asked for; what has ended counts for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    pub scene: Option<Override<Choice>>,
    /// Name of the mode that people chose.
    pub mode: Option<Override<String>>,
    /// One time window for all tiles that can show it.
    pub window: Option<Override<Window>>,
    /// Uid of the one text that is shown.
    pub spotlight: Option<Override<String>>,
    /// A past time that is played.
    pub rewind: Option<Override<Rewind>>,
    pub banner: Option<Override<Banner>>,
    pub black: Option<Override<()>>,
    pub identify: Option<Override<()>>,
    /// What was asked of panels, by the names of their displays.
    pub power: BTreeMap<String, Override<Wish>>,
    /// When the last choice of a scene or a mode was taken back before its end.
    pub released: Option<Time>,
    /// When the last request came, by the monotonic clock; not kept.
    #[serde(skip)]
    pub asked: Option<Instant>,
}

/// Why a request was not taken, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal(pub String);

impl<T> Override<T> {
    /// Whether it holds at `now`. One that a clock set back would begin later has ended.
    pub fn stands(&self, now: Time) -> bool {
        self.since <= now + LENIENCE && now < self.until
    }
}

/// `slot`, if it holds at `now`.
pub fn standing<T>(slot: &Option<Override<T>>, now: Time) -> Option<&Override<T>> {
    slot.as_ref().filter(|kept| kept.stands(now))
}

impl State {
    /// Does what `request` asks, at `now`, on a wall with this rundown of which this scene in this mode is on the
    /// wall. What the pulse does changes nothing here.
    ///
    /// # Errors
    /// When it cannot be done; nothing has changed then.
    pub fn apply(
        &mut self,
        request: &Request,
        by: &str,
        now: Time,
        (rundown, shown): (&Rundown, (usize, Option<usize>)),
    ) -> Result<(), Refusal> {
        let scenes = &rundown.scenes;
        let length = request.length();
        let lasts = |verb: &Verb| match length.is_zero() && !verb.usual().is_zero() {
            true => Err(Refusal(format!("{}: `for` must be longer than nothing", verb.name()))),
            false if length > LONGEST => Err(Refusal(format!("{}: `for` can be at most 24 h", verb.name()))),
            false => Ok(now + length),
        };
        let until = lasts(&request.verb)?;
        match &request.verb {
            Verb::Next => self.choose(beside(shown, 1, rundown)?, false, (by, now, until)),
            Verb::Back => self.choose(beside(shown, -1, rundown)?, false, (by, now, until)),
            Verb::Scene { name } => self.choose(named(name, scenes)?, false, (by, now, until)),
            Verb::Hold => {
                let shown = scenes.get(shown.0).ok_or_else(no_scene)?;
                self.choose(shown, true, (by, now, until));
            }
            Verb::Resume => self.release(now),
            Verb::Mode { name } => {
                let mode = mode(name, &rundown.modes)?;
                // A scene that was chosen before would hide it.
                self.release(now);
                self.mode = Some(overriding(mode, by, now, until));
            }
            Verb::Window { window } => self.window = Some(overriding(*window, by, now, until)),
            Verb::Spotlight { mention } => {
                self.spotlight = Some(overriding(mention.clone(), by, now, until));
            }
            Verb::Live => self.rewind = None,
            Verb::Banner { text, severity } => {
                let banner = Banner { text: line(text)?, severity: *severity };
                self.banner = Some(overriding(banner, by, now, until));
            }
            Verb::Black => self.black = Some(overriding((), by, now, until)),
            Verb::Identify => self.identify = Some(overriding((), by, now, until)),
            Verb::Rest { display } => self.switch(display, Wish::Rest, rundown, (by, now, until))?,
            Verb::Wake { display } => self.switch(display, Wish::Wake, rundown, (by, now, until))?,
            Verb::Clear { what } => self.clear(*what, now),
            // These are the pulse's.
            _ => {}
        }
        Ok(())
    }

    /// Plays a past time from `now` on, once.
    pub(super) fn rewind(&mut self, what: Rewind, by: &str, now: Time) {
        let length = what.to.since(what.from).as_secs_f64() / f64::from(what.speed);
        let until = now + Duration::from_secs_f64(length) + LAST_LOOK;
        self.rewind = Some(overriding(what, by, now, until));
    }

    fn clear(&mut self, what: Clearing, now: Time) {
        let all = what == Clearing::All;
        self.banner.take_if(|_| all || what == Clearing::Banner);
        self.window.take_if(|_| all || what == Clearing::Window);
        self.rewind.take_if(|_| all);
        self.spotlight.take_if(|_| all || what == Clearing::Spotlight);
        self.black.take_if(|_| all || what == Clearing::Black);
        self.identify.take_if(|_| all || what == Clearing::Identify);
        self.power.retain(|_, _| !(all || what == Clearing::Power));
        if all || what == Clearing::Mode {
            self.released = standing(&self.mode, now).map(|_| now).or(self.released);
            self.mode = None;
        }
        if all {
            self.release(now);
        }
    }

    fn switch(
        &mut self,
        display: &Option<String>,
        wish: Wish,
        rundown: &Rundown,
        (by, now, until): (&str, Time, Time),
    ) -> Result<(), Refusal> {
        for name in with_panel(display.as_deref(), &rundown.power)? {
            self.power.insert(name, overriding(wish, by, now, until));
        }
        Ok(())
    }

    fn choose(&mut self, scene: &Scene, held: bool, (by, now, until): (&str, Time, Time)) {
        // Holding what stands is no change of scene: it stays since it came.
        let since = standing(&self.scene, now).filter(|kept| held && kept.what.scene == scene.name);
        let since = since.map_or(now, |kept| kept.since);
        let choice = Choice { scene: scene.name.clone(), held };
        self.scene = Some(Override { what: choice, by: by.into(), since, until });
    }

    fn release(&mut self, now: Time) {
        if standing(&self.scene, now).is_some() {
            self.released = Some(now);
        }
        self.scene = None;
    }

    /// The scene that people chose, as an index; `None` leaves it to the schedule.
    pub fn chosen(&self, scenes: &[Scene], now: Time) -> Option<usize> {
        let kept = standing(&self.scene, now)?;
        scenes.iter().position(|scene| scene.name == kept.what.scene)
    }

    /// The mode that people chose, as an index; `None` leaves it to the schedule.
    pub fn chosen_mode(&self, modes: &[Mode], now: Time) -> Option<usize> {
        let kept = standing(&self.mode, now)?;
        modes.iter().position(|mode| mode.name == kept.what)
    }

    /// When people last changed which scene is shown: a choice was made, ended, or was taken back.
    pub fn turned(&self, now: Time) -> Option<Time> {
        fn changed<T>(slot: &Option<Override<T>>, now: Time) -> Option<Time> {
            slot.as_ref().map(|kept| if kept.stands(now) { kept.since } else { kept.until })
        }
        let turns = [changed(&self.scene, now), changed(&self.mode, now), self.released];
        turns.into_iter().flatten().filter(|at| *at <= now).max()
    }

    /// When the next of what holds at `now` ends.
    pub fn next_end(&self, now: Time) -> Option<Time> {
        let ends = [
            standing(&self.scene, now).map(|kept| kept.until),
            standing(&self.mode, now).map(|kept| kept.until),
            standing(&self.window, now).map(|kept| kept.until),
            standing(&self.spotlight, now).map(|kept| kept.until),
            standing(&self.rewind, now).map(|kept| kept.until),
            standing(&self.banner, now).map(|kept| kept.until),
            standing(&self.black, now).map(|kept| kept.until),
            standing(&self.identify, now).map(|kept| kept.until),
        ];
        let power = self.power.values().filter(|kept| kept.stands(now)).map(|kept| kept.until);
        ends.into_iter().flatten().chain(power).min()
    }

    /// Forgets choices of a scene, a mode and a panel that the wall does not have.
    pub fn fit(&mut self, rundown: &Rundown) {
        self.scene.take_if(|kept| rundown.scenes.iter().all(|scene| scene.name != kept.what.scene));
        self.mode.take_if(|kept| rundown.modes.iter().all(|mode| mode.name != kept.what));
        self.power.retain(|display, _| rundown.power.panels.iter().any(|(name, _)| name == display));
    }
}

fn overriding<T>(what: T, by: &str, since: Time, until: Time) -> Override<T> {
    Override { what, by: by.into(), since, until }
}

/// The displays with a panel that are meant: this one, or all.
fn with_panel(display: Option<&str>, power: &PowerSpec) -> Result<Vec<String>, Refusal> {
    let names: Vec<String> = power.panels.iter().map(|(name, _)| name.clone()).collect();
    let Some(display) = display.filter(|_| !names.is_empty()) else {
        let none = "no display of this wall has a `panel`; see `[display.…]` in the layout";
        return if names.is_empty() { Err(Refusal(none.into())) } else { Ok(names) };
    };
    match names.iter().any(|name| name == display) {
        true => Ok(vec![display.into()]),
        false => Err(Refusal(format!(
            "there is no display `{display}` with a panel; the wall has {}",
            names.join(", ")
        ))),
    }
}

fn no_scene() -> Refusal {
    Refusal("this wall has no scene".into())
}

/// The next scene that takes turns in the mode, from the one that is shown in steps of 1 or −1; after the last
/// comes the first.
fn beside((shown, mode): (usize, Option<usize>), step: isize, rundown: &Rundown) -> Result<&Scene, Refusal> {
    let scenes = &rundown.scenes;
    if (0..scenes.len()).filter(|scene| rundown.takes_turns(*scene, mode)).count() < 2 {
        let of = mode.and_then(|mode| rundown.modes.get(mode));
        let what = of.map_or("this wall".into(), |mode| format!("the mode `{}`", mode.name));
        return Err(Refusal(format!("{what} has only one scene")));
    }
    let count = scenes.len() as isize;
    let at = |steps: isize| (shown as isize + steps * step).rem_euclid(count) as usize;
    let next = (1..=count).map(at).find(|scene| rundown.takes_turns(*scene, mode));
    next.map(|scene| &scenes[scene]).ok_or_else(no_scene)
}

/// The name of the mode with this name; also by its number from 1.
fn mode(name: &str, modes: &[Mode]) -> Result<String, Refusal> {
    let by_number = || name.parse::<usize>().ok().and_then(|n| modes.get(n.checked_sub(1)?));
    let found = modes.iter().find(|mode| mode.name == name).or_else(by_number);
    found.map(|mode| mode.name.clone()).ok_or_else(|| {
        let names: Vec<&str> = modes.iter().map(|mode| mode.name.as_str()).collect();
        Refusal(match names.is_empty() {
            true => "this wall has no modes; a layout defines them in `[mode.…]`".into(),
            false => format!("there is no mode `{name}`; the wall has {}", names.join(", ")),
        })
    })
}

/// The scene with this name; also by its number from 1, for buttons that know no names.
fn named<'s>(name: &str, scenes: &'s [Scene]) -> Result<&'s Scene, Refusal> {
    let by_number = || name.parse::<usize>().ok().and_then(|n| scenes.get(n.checked_sub(1)?));
    let found = scenes.iter().find(|scene| scene.name == name).or_else(by_number);
    found.ok_or_else(|| {
        let names: Vec<&str> = scenes.iter().map(|scene| scene.name.as_str()).collect();
        Refusal(format!("there is no scene `{name}`; the wall has {}", names.join(", ")))
    })
}

/// The text of a banner: one line, not too long, and something to read.
fn line(text: &str) -> Result<String, Refusal> {
    // What turns the direction of a line about would turn what stands beside it, too.
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control() || turns(c)).collect();
    let line = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.chars().count() {
        _ if is_blank(&line) => Err(Refusal("banner: `text` is empty".into())),
        ..=MAX_TEXT => Ok(line),
        n => Err(Refusal(format!("banner: `text` has {n} characters; at most {MAX_TEXT} are shown"))),
    }
}

#[cfg(test)]
mod tests;
