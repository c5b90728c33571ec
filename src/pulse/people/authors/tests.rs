use std::collections::HashSet;

use super::*;

const HOUR: i64 = 3_600;

fn counts(authors: &mut Authors, windows: &Windows, known: (i64, i64)) -> StreamCounts {
    authors.gather(windows);
    let mut counts = windows.counts();
    authors.tell(windows, [known; 2], &mut counts);
    counts
}

fn told(counts: &StreamCounts, window: Window) -> (Option<u64>, Exactness) {
    let tally = counts.over(window);
    (tally.authors, tally.authors_are)
}

#[test]
fn beyond_the_limit_long_windows_tell_a_floor_and_short_ones_the_truth() {
    let mut windows = Windows::new(0, Marks::default());
    let mut authors = Authors::new(80, None);
    for minute in 0..400_i64 {
        let now = minute * 60;
        windows.advance(now, Marks::default());
        authors.heard(minute as u64, now, now, &mut windows);
        authors.heard(9_999, now, now, &mut windows);
        let counts = counts(&mut authors, &windows, (0, 0));
        let in_ten = (minute + 1).min(10) as u64;
        assert_eq!(told(&counts, Window::M10), (Some(in_ten + 1), Exactness::Exact));
        let (day, is) = told(&counts, Window::H24);
        assert!((in_ten..=minute as u64 + 2).contains(&day.unwrap_or(0)));
        assert_eq!(is == Exactness::Exact, day == Some(minute as u64 + 2), "{day:?} in minute {minute}");
        assert_eq!(told(&counts, Window::D7), (None, Exactness::Exact), "nobody asks");
        assert!(authors.last.len() <= 80);
    }
    assert!(windows.counts().over(Window::H24).authors >= Some(70));
}

#[test]
fn a_flood_within_one_minute_stays_within_the_limit() {
    let (mut windows, mut authors) = (Windows::new(5, Marks::default()), Authors::new(100, None));
    (0..10_000).for_each(|author| authors.heard(author, 5, 5, &mut windows));
    assert_eq!(authors.last.len(), 100);
    let counts = counts(&mut authors, &windows, (0, 0));
    assert_eq!(told(&counts, Window::M1), (Some(100), Exactness::AtLeast));
}

/// A stream of a wall whose event begins after two and a half hours, and all that was said.
struct Stage {
    windows: Windows,
    authors: Authors,
    said: Vec<(i64, u64)>,
    marks: Marks,
    now: i64,
}

impl Stage {
    fn new(limit: usize) -> Self {
        let marks = Marks { midnight: 0, yesterday: -1_440, event: Some(150) };
        let hours = Hours::new(0, marks, true);
        Self {
            windows: Windows::new(0, marks),
            authors: Authors::new(limit, Some(hours)),
            said: Vec::new(),
            marks,
            now: 0,
        }
    }

    fn say(&mut self, at: i64, person: u64) {
        self.said.push((at, person));
        self.authors.hours.as_mut().expect("it has some").heard(person, at);
        self.authors.heard(person, at, self.now, &mut self.windows);
    }

    fn pass(&mut self, to: i64) {
        self.now = to;
        self.marks.midnight = to.div_euclid(86_400) * 1_440;
        self.windows.advance(to, self.marks);
        self.authors.advance(to, self.marks);
    }

    /// What is told of a window, and how many spoke since `first`.
    fn check(&mut self, window: Window, first: i64) -> (u64, Exactness, u64) {
        let known = (0, 0);
        let counts = counts(&mut self.authors, &self.windows, known);
        let (count, is) = told(&counts, window);
        let due: HashSet<u64> =
            self.said.iter().filter(|(at, _)| *at >= first).map(|(_, who)| *who).collect();
        (count.expect("it is known"), is, due.len() as u64)
    }
}

#[test]
fn a_crowd_of_a_week_is_told_by_the_hour_and_says_what_it_is() {
    let mut stage = Stage::new(3_000);
    for hour in 0..200_i64 {
        stage.pass(hour * HOUR + 1_800);
        for i in 0..60_u64 {
            stage.say(stage.now - (i as i64 % 40) * 60, (hour as u64 * 41 + i * i) % 9_000);
        }
        let first = [
            (Window::D7, (hour - 167) * HOUR),
            (Window::Event, 150 * 60),
            (Window::H24, (stage.now.div_euclid(60) - 1_439) * 60),
        ];
        for (window, first) in first {
            let (count, is, due) = stage.check(window, first);
            let near = count.abs_diff(due) as f64 <= due as f64 * 0.06;
            assert!(
                if is == Exactness::Exact { count == due } else { near },
                "{window:?} {count} {is:?} {due}"
            );
            assert_eq!(is == Exactness::Exact, due <= crowd::FEW as u64 || window == Window::H24);
        }
    }
}

#[test]
fn beyond_those_remembered_a_day_is_an_estimate() {
    let mut stage = Stage::new(800);
    for hour in 0..30_i64 {
        stage.pass(hour * HOUR + 3_000);
        (0..500).for_each(|i| stage.say(stage.now, hour as u64 * 400 + i));
        let by_hours = (hour - 23) * HOUR;
        let (day, is, due) = stage.check(Window::H24, by_hours);
        assert!(day.abs_diff(due) as f64 <= due as f64 * 0.05, "{day} for {due}");
        assert_eq!(is == Exactness::About, hour > 0);
        let (today, _, due) = stage.check(Window::Today, stage.marks.midnight * 60);
        assert!(today.abs_diff(due) as f64 <= due as f64 * 0.05, "{today} for {due}");
        assert_eq!(stage.check(Window::M10, stage.now - 599), (500, Exactness::Exact, 500));
    }
}

#[test]
fn what_was_not_heard_as_long_as_the_rest_is_a_floor() {
    let mut stage = Stage::new(3_000);
    stage.pass(7_200);
    (0..50).for_each(|i| stage.say(7_000, i));
    let counts = |stage: &mut Stage, known| counts(&mut stage.authors, &stage.windows, known);
    let told = |counts: &StreamCounts| [Window::H24, Window::D7].map(|window| told(counts, window));
    let both = |is| [(Some(50), Exactness::Exact), (Some(50), is)];
    assert_eq!(told(&counts(&mut stage, (0, 0))), both(Exactness::Exact));
    assert_eq!(told(&counts(&mut stage, (0, 3_600))), both(Exactness::AtLeast));
    assert_eq!(told(&counts(&mut stage, (-86_400 * 9, -86_400 * 8))), both(Exactness::Exact));
}

#[test]
fn a_clock_that_is_set_back_forgets_the_hours_ahead() {
    let mut stage = Stage::new(3_000);
    for hour in 0..10_u64 {
        stage.pass(hour as i64 * HOUR + 1_800);
        (0..20).for_each(|i| stage.say(stage.now, hour * 20 + i));
    }
    stage.now = 5 * HOUR + 1_800;
    stage.windows.rewind(stage.now, stage.marks);
    stage.authors.rewind(stage.now, stage.marks);
    let counts = counts(&mut stage.authors, &stage.windows, (0, 0));
    assert_eq!(told(&counts, Window::D7), (Some(120), Exactness::About));
    assert_eq!(told(&counts, Window::H24), (Some(120), Exactness::About));
    stage.pass(5 * HOUR + 169 * HOUR);
    stage.say(stage.now, 7);
    assert_eq!(stage.check(Window::D7, stage.now), (1, Exactness::Exact, 1));
}
