//! Colours that mean something, and which of them some people cannot tell apart.

use super::{Rgba, Theme, Vision, difference};

/// Two states that can stand in one scene are at least so far apart, ΔE₀₀, in every sight.
pub const APART: f32 = 12.0;

/// A colour that means something.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// The key that sets it in a layout, with an index for a topic's colour.
    pub key: &'static str,
    pub topic: Option<usize>,
    pub color: Rgba,
}

impl State {
    /// `topic colour 2`, or the key.
    pub fn name(&self) -> String {
        self.topic.map_or(format!("`{}`", self.key), |i| format!("topic colour {}", i + 1))
    }
}

/// Two states that somebody confuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    pub one: State,
    pub other: State,
    /// The sight in which they are nearest.
    pub vision: Vision,
    /// ΔE₀₀ in that sight.
    pub difference: f32,
}

impl Theme {
    /// The colours that can stand in one scene and mean different things.
    pub fn states(&self) -> Vec<State> {
        let topics = self.topics.iter().enumerate();
        let topics = topics.map(|(i, color)| State { key: "topics", topic: Some(i), color: *color });
        let others = [
            ("soft", self.soft),
            ("accent", self.accent),
            ("positive", self.positive),
            ("negative", self.negative),
            ("neutral", self.neutral),
            ("unknown", self.unknown),
            ("alarm", self.alarm),
        ];
        topics.chain(others.map(|(key, color)| State { key, topic: None, color })).collect()
    }

    /// Pairs of states nearer than [`APART`] in normal sight or under a deficiency, each once with
    /// the sight in which they are nearest; the nearest pair first.
    pub fn clashes(&self) -> Vec<Clash> {
        let states = self.states();
        let mut clashes = Vec::new();
        for (i, one) in states.iter().enumerate() {
            clashes.extend(states[..i].iter().filter_map(|other| clash(other, one)));
        }
        clashes.sort_by(|a: &Clash, b| a.difference.total_cmp(&b.difference));
        clashes
    }
}

fn clash(one: &State, other: &State) -> Option<Clash> {
    let seen = |vision: Vision| (vision, difference(vision.see(one.color), vision.see(other.color)));
    let (vision, difference) = Vision::ALL.map(seen).into_iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let clash = || Clash { one: one.clone(), other: other.clone(), vision, difference };
    (difference < APART).then(clash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_confuses_two_states_of_the_house() {
        for (name, theme) in Theme::NAMED {
            let told =
                |c: &Clash| format!("{} {} {:?} {:.1}", c.one.name(), c.other.name(), c.vision, c.difference);
            let clashes: Vec<String> = theme.clashes().iter().map(told).collect();
            assert!(clashes.is_empty(), "{name}: {clashes:#?}");
        }
    }

    #[test]
    fn a_green_that_somebody_takes_for_the_alarm_is_told() {
        let mut theme = Theme::dark();
        theme.topics[3] = Rgba::hex(0x9c8a2c);
        let clash = &theme.clashes()[0];
        assert!(clash.difference < APART && clash.vision != Vision::Normal);
        assert!([clash.one.topic, clash.other.topic].contains(&Some(3)));
    }
}
