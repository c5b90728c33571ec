//! A year of plans in a moment: 366 days with both nights on which clocks change, people who ask for something now
//! and then, and panels that warm up, cool down, and do not always answer. What they should do is reckoned here from
//! the clock on the wall, not from the code under test.

use std::path::Path;
use std::time::Duration;

use fishbowl::clock::{Clock, Instant, Time};
use fishbowl::control::power::{PanelState, wanted};
use fishbowl::control::{Request, State, Verb};
use fishbowl::layout;
use fishbowl::layout::rundown::Rundown;
use fishbowl::power::{Actual, Keeper, Trouble};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

const PLAN: &str = r#"
[wall]
viewer_m = 3
zone = "Europe/Berlin"
[display.left]
size_mm = [1200, 675]
panel = { kind = "pjlink", address = "10.0.0.5" }
[display.right]
size_mm = [1200, 675]
panel = { kind = "mdc", address = "10.0.0.6" }
[scene.main]
picture = "a | a"
tile.a = { kind = "text", text = "a" }
[power.night]
displays = ["left"]
from = "22:00"
to = "06:30"
[power.small_hours]
displays = ["right"]
from = "02:15"
to = "03:10"
[power.weekend]
days = ["sat-sun"]
except = ["2026-11-28..2026-11-29"]
[power.holidays]
dates = ["12-24..01-06"]
from = "12:00"
to = "12:00"
"#;

const STEP: Duration = Duration::from_secs(20);
/// After a change of what is wanted, a panel has settled.
const SETTLED: i64 = 8;

fn at(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("a moment").as_second()
}

/// Whether a display rests by the plan, by the clock on the wall.
fn rests(display: &str, moment: &Zoned) -> bool {
    let minute = i32::from(moment.hour()) * 60 + i32::from(moment.minute());
    let is_weekend = matches!(moment.weekday(), Weekday::Saturday | Weekday::Sunday);
    let day = (moment.year(), moment.month(), moment.day());
    let is_open = matches!(day, (2026, 11, 28 | 29));
    // From noon of 24 December to noon of 7 January.
    let holidays = match (day.1, day.2) {
        (12, 24) => minute >= 720,
        (12, 25..) | (1, 1..=6) => true,
        (1, 7) => minute < 720,
        _ => false,
    };
    let second = moment.timestamp().as_second();
    let hours = match display {
        "left" => !(390..1_320).contains(&minute),
        // There is no 02:15 on this night: it comes as late as 03:15, when the rest is over.
        _ if day == (2026, 3, 29) => false,
        // It comes twice, and the first counts.
        _ if day == (2026, 10, 25) => {
            (at("2026-10-25T00:15:00Z")..at("2026-10-25T02:10:00Z")).contains(&second)
        }
        _ => (135..190).contains(&minute),
    };
    hours || (is_weekend && !is_open) || holidays
}

/// A panel in memory.
struct Memory {
    actual: Actual,
    until: Option<Instant>,
    dice: Pcg64Mcg,
    accepted: usize,
}

impl Memory {
    fn is(&mut self, now: Instant) -> Actual {
        if self.until.is_some_and(|until| until <= now) {
            self.actual = if self.actual == Actual::WarmingUp { Actual::On } else { Actual::Off };
            self.until = None;
        }
        self.actual
    }

    /// One look in a hundred is not answered.
    fn ask(&mut self, now: Instant) -> Result<Actual, Trouble> {
        match self.dice.random_range(0..100) {
            0 => Err(Trouble::Silent("a packet was lost".into())),
            _ => Ok(self.is(now)),
        }
    }

    fn switch(&mut self, on: bool, now: Instant) -> Result<(), Trouble> {
        if self.is(now).is_moving() {
            return Err(Trouble::Busy);
        }
        self.accepted += 1;
        let (actual, takes) = if on { (Actual::WarmingUp, 45) } else { (Actual::CoolingDown, 90) };
        (self.actual, self.until) = (actual, Some(now + Duration::from_secs(takes)));
        Ok(())
    }
}

/// A year of one display; gives how often it was switched.
fn year(display: &str, seed: u64) -> usize {
    let loaded = layout::load_text(PLAN, Path::new("wall.toml"), &[], &fishbowl::registry());
    let wall = loaded.wall(&[]).unwrap_or_else(|| panic!("{}", loaded.report.draw(100, false)));
    let (rundown, mut state) = (Rundown::of(&wall), State::default());
    let mut dice = Pcg64Mcg::seed_from_u64(seed);
    let berlin = TimeZone::get("Europe/Berlin").expect("zones are known");
    let (begin, end) = (at("2026-01-02T00:00:00+01:00"), at("2027-01-03T00:00:00+01:00"));
    let started = Clock::system().instant();
    let mut keeper = Keeper::new(started);
    let mut panel =
        Memory { actual: Actual::On, until: None, dice: Pcg64Mcg::seed_from_u64(!seed), accepted: 0 };
    // What someone asked for, and until when.
    let mut asked: Option<(bool, i64)> = None;
    let (mut before, mut constant, mut changes) = (None, 0, 0);
    for minute in 0..(end - begin) / 60 {
        let second = begin + minute * 60;
        let now = Time::from_secs(second);
        asked = asked.filter(|(_, until)| second < *until);
        if dice.random_range(0..9 * 1_440) == 0 {
            let (to_rest, minutes) = (dice.random_range(0..2) == 0, dice.random_range(30..1_440));
            let named = Some(display.to_owned());
            let verb = if to_rest { Verb::Rest { display: named } } else { Verb::Wake { display: named } };
            let lasts = Some(layout::value::Lasting::from_secs(minutes as u64 * 60));
            let done = state.apply(&Request { verb, lasts }, "jo", now, (&rundown, (0, None)));
            done.expect("it can be asked for");
            asked = Some((to_rest, second + minutes * 60));
        }
        let moment = Timestamp::from_second(second).expect("in range").to_zoned(berlin.clone());
        let expected = asked.map_or_else(|| rests(display, &moment), |(to_rest, _)| to_rest);
        let wish = wanted(&rundown.power, &state, display, now);
        assert_eq!(wish.rests, expected, "{display} at {moment}, asked: {asked:?}");
        let is_same = before.replace(expected) == Some(expected);
        (constant, changes) = if is_same { (constant + 1, changes) } else { (0, changes + 1) };
        let run = started + Duration::from_secs(minute.unsigned_abs() * 60);
        for step in 0..3 {
            let run = run + STEP * step;
            keeper.want(wish.rests, run);
            if keeper.is_due(run)
                && let Some(on) = keeper.heard(panel.ask(run), run)
            {
                keeper.ordered(panel.switch(on, run), run);
            }
        }
        let (actual, told) = (panel.is(run + STEP * 2), keeper.told(display, run + STEP * 2));
        assert!(actual == Actual::On || told.excused, "dark and not excused at {moment}: {told:?}");
        if constant > SETTLED {
            let right =
                if expected { (Actual::Off, PanelState::Resting) } else { (Actual::On, PanelState::On) };
            assert_eq!(actual, right.0, "{display} at {moment}");
            assert!([right.1, PanelState::Unknown].contains(&told.state), "{told:?} at {moment}");
            // That it says nothing three times in a row happens once or twice a year.
            assert!(told.problem.is_none() || told.state == PanelState::Unknown, "{told:?} at {moment}");
        }
    }
    assert!(
        panel.accepted <= changes,
        "{display} was switched {} times for {changes} changes",
        panel.accepted
    );
    panel.accepted
}

#[test]
fn a_year_of_plans_is_kept_minute_by_minute() {
    std::thread::scope(|scope| {
        let years =
            [("left", 15), ("right", 16)].map(|(display, seed)| scope.spawn(move || year(display, seed)));
        for year in years {
            let switched = year.join().expect("the year was right");
            assert!((200..1_000).contains(&switched), "{switched}");
        }
    });
}

/// A keeper at work on a panel that says what it is told to say, second by second.
struct Watch {
    keeper: Keeper,
    start: Instant,
    /// Seconds at which it was switched, and to what.
    orders: Vec<(u64, bool)>,
}

impl Watch {
    fn new() -> Self {
        let start = Clock::system().instant();
        Self { keeper: Keeper::new(start), start, orders: Vec::new() }
    }

    fn at(&self, second: u64) -> Instant {
        self.start + Duration::from_secs(second)
    }

    /// Looks at it while it says `said`, and accepts orders so.
    fn run(
        &mut self,
        seconds: std::ops::Range<u64>,
        rests: bool,
        said: &Result<Actual, Trouble>,
        accepts: &Result<(), Trouble>,
    ) {
        for second in seconds {
            let now = self.at(second);
            self.keeper.want(rests, now);
            if self.keeper.is_due(now)
                && let Some(on) = self.keeper.heard(said.clone(), now)
            {
                self.keeper.ordered(accepts.clone(), now);
                self.orders.push((second, on));
            }
        }
    }

    fn problem(&self, second: u64) -> String {
        self.keeper.told("left", self.at(second)).problem.unwrap_or_default()
    }
}

#[test]
fn a_panel_that_is_switched_off_by_hand_is_told_at_once_and_put_right_a_minute_later() {
    let mut watch = Watch::new();
    watch.run(0..20, false, &Ok(Actual::On), &Ok(()));
    assert_eq!((watch.problem(19), watch.orders.len()), (String::new(), 0));
    watch.run(20..26, false, &Ok(Actual::Off), &Ok(()));
    assert!(
        watch.problem(26).contains("display left is off although it should be on"),
        "{}",
        watch.problem(26)
    );
    assert!(!watch.keeper.told("left", watch.at(26)).excused, "its darkness is a fault");
    watch.run(26..90, false, &Ok(Actual::Off), &Ok(()));
    assert_eq!(watch.orders.len(), 1);
    assert!((80..90).contains(&watch.orders[0].0) && watch.orders[0].1, "{:?}", watch.orders);
    watch.run(90..120, false, &Ok(Actual::WarmingUp), &Ok(()));
    watch.run(120..130, false, &Ok(Actual::On), &Ok(()));
    assert_eq!((watch.problem(130), watch.orders.len()), (String::new(), 1));
    // A cool-down that no one asked for is the same.
    watch.run(130..136, false, &Ok(Actual::CoolingDown), &Ok(()));
    assert!(watch.problem(136).contains("it was not switched by the wall"));
    // And one that is switched on while it rests.
    let mut watch = Watch::new();
    watch.run(0..10, true, &Ok(Actual::Off), &Ok(()));
    watch.run(10..50, true, &Ok(Actual::On), &Ok(()));
    assert!(
        watch.problem(50).contains("display left is on although it should rest"),
        "{}",
        watch.problem(50)
    );
    watch.run(50..150, true, &Ok(Actual::On), &Ok(()));
    assert!(watch.orders.first().is_some_and(|(second, on)| *second >= 70 && !on), "{:?}", watch.orders);
}

#[test]
fn a_panel_that_does_not_obey_is_told_and_not_hammered() {
    let mut watch = Watch::new();
    watch.run(0..3_600, false, &Ok(Actual::Off), &Ok(()));
    let seconds: Vec<u64> = watch.orders.iter().map(|(second, _)| *second).collect();
    let gaps: Vec<u64> = seconds.windows(2).map(|two| two[1] - two[0]).collect();
    assert!(seconds.len() < 12 && gaps.windows(2).all(|two| two[1] + 4 >= two[0]), "{seconds:?}");
    assert!(gaps.last().is_some_and(|gap| *gap >= 600), "{gaps:?}");
    assert_eq!(watch.problem(3_600), "display left does not switch on");
    // A refusal is told at once, and ERR3 is waited out.
    let mut watch = Watch::new();
    watch.run(
        0..5,
        true,
        &Ok(Actual::On),
        &Err(Trouble::Refused("it reports a failure: lamp (error)".into())),
    );
    assert_eq!(watch.problem(5), "display left does not switch off: it reports a failure: lamp (error)");
    let mut watch = Watch::new();
    watch.run(0..60, true, &Ok(Actual::On), &Err(Trouble::Busy));
    assert_eq!((watch.problem(60), watch.orders.len()), (String::new(), 5), "{:?}", watch.orders);
}

#[test]
fn a_panel_that_says_nothing_is_unknown_and_never_switched() {
    let silent = Err(Trouble::Silent("no answer within 3 s".into()));
    let mut watch = Watch::new();
    watch.run(0..10, false, &Ok(Actual::On), &Ok(()));
    watch.run(10..16, false, &silent, &Ok(()));
    assert_eq!(watch.problem(16), "", "one that is missed is nothing");
    watch.run(16..60, false, &silent, &Ok(()));
    let told = watch.keeper.told("left", watch.at(60));
    assert_eq!(told.state, PanelState::Unknown);
    assert!(watch.problem(60).contains("may be on or off: its panel does not say (no answer within 3 s)"));
    assert!(watch.orders.is_empty());
    // Many leave the network when they rest; that is no fault.
    let mut watch = Watch::new();
    watch.run(0..40, true, &Ok(Actual::Off), &Ok(()));
    watch.run(40..400, true, &silent, &Ok(()));
    assert_eq!(watch.problem(400), "");
    // A wrong password is told at once.
    let mut watch = Watch::new();
    watch.run(0..1, false, &Err(Trouble::Password("the password is wrong".into())), &Ok(()));
    assert_eq!(watch.problem(1), "display left cannot be switched: the password is wrong");
}
