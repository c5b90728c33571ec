//! What happens to a wall in months, a little of everything.

use std::sync::Arc;
use std::time::Duration;

use fishbowl::clock::Time;
use fishbowl::control::{Banner, Choice, Override, State, Weight};
use fishbowl::mention::source::{FeedState, Health};

use super::desk::Desk;
use super::dice::Dice;
use super::stage::Stage;
use super::{START, STEPS_A_DAY as DAY, walls};

const MINUTE: Duration = Duration::from_secs(60);

/// What is wrong with the feed, and until when; and how often everything came.
#[derive(Debug, Default)]
pub struct Fate {
    outage: Option<(usize, Time, Time)>,
    /// The day whose turn it is.
    turned: Option<u64>,
    outages: [u32; 4],
    restarts: u32,
    leaps: [u32; 2],
    layouts: u32,
    broken: u32,
    asked: u32,
    lost: u32,
}

impl Fate {
    /// Decides what comes in this step.
    pub fn decide(&mut self, now: Time, dice: &mut Dice, desk: &mut Desk, stage: &mut Stage) {
        self.outage.take_if(|(.., until)| *until <= now);
        if self.outage.is_none() && dice.happens(2, DAY) {
            let kind = self.outages.iter().sum::<u32>() as usize % self.outages.len();
            self.outages[kind] += 1;
            self.outage = Some((kind, now, now + MINUTE * (5 + dice.below(175))));
        }
        self.turn(now, desk, stage);
        if dice.happens(1, DAY) {
            self.broken += 1;
            stage.notice(Some(
                walls::broken().lines().next().unwrap_or("The layout was not taken over").into(),
            ));
        } else if dice.happens(8, DAY) {
            stage.notice(None);
        }
        if dice.happens(4, DAY) {
            self.asked += 1;
            ask(&mut stage.state, now, dice);
        }
    }

    /// What comes rarely, each on its day of ten, so that a wall runs on for days between.
    fn turn(&mut self, now: Time, desk: &mut Desk, stage: &mut Stage) {
        let day = now.since(START).as_secs() / 86_400;
        if self.turned == Some(day) {
            return;
        }
        self.turned = Some(day);
        match day % 10 {
            0 if day > 0 => {
                self.restarts += 1;
                desk.restart();
            }
            // An hour ahead, and ten days later an hour behind; each for a day.
            2 => {
                let back = !(day / 10).is_multiple_of(2);
                self.leaps[usize::from(back)] += 1;
                desk.set_clock(now, if back { -3_600 } else { 3_600 });
            }
            3 => {
                self.leaps[usize::from((day / 10).is_multiple_of(2))] += 1;
                desk.set_clock(now, 0);
            }
            8 | 9 => {
                self.layouts += 1;
                desk.show(walls::good(self.layouts as usize));
                stage.show(desk.wall.clone());
            }
            1 => {
                self.lost += 1;
                stage.lose_device();
            }
            _ => {}
        }
    }

    /// How the feed stands; false while nothing comes.
    pub fn tells(&mut self, now: Time, state: &mut FeedState) -> bool {
        let why: Arc<str> = "the test says so".into();
        state.health = match self.outage {
            None => Health::Live,
            Some((0, since, _)) => Health::Down { since, why },
            Some((1, since, _)) => Health::Refused { since, why },
            Some((2, _, until)) => Health::Throttled { until, why },
            Some(_) => {
                state.garbage += 17;
                Health::Live
            }
        };
        let tells = self.outage.is_none();
        if tells {
            state.heard = Some(now);
        }
        tells
    }

    /// Number of the layout that is shown.
    pub fn layout(&self) -> usize {
        self.layouts as usize % 2
    }

    /// Whether everything came at least once.
    pub fn is_complete(&self) -> bool {
        let once = [self.restarts, self.layouts, self.broken, self.asked, self.lost];
        once.iter().chain(&self.outages).chain(&self.leaps).all(|times| *times > 0)
    }
}

/// People ask something of the wall for a while.
fn ask(state: &mut State, now: Time, dice: &mut Dice) {
    let until = now + MINUTE * (1 + dice.below(120));
    let by = String::from("test");
    match dice.below(4) {
        0 => {
            let what = Banner { text: format!("Tour at {}", now.as_secs()), severity: Weight::Info };
            state.banner = Some(Override { what, by, since: now, until });
        }
        1 => {
            let what = Choice { scene: "two".into(), held: false };
            state.scene = Some(Override { what, by, since: now, until });
        }
        2 => state.mode = Some(Override { what: "night".into(), by, since: now, until }),
        _ => state.black = Some(Override { what: (), by, since: now, until: now + MINUTE * 5 }),
    }
}
