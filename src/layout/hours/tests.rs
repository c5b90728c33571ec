//! Tests of slots: nights, weekends, both changes of the clocks, and which of several counts.

use super::*;

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).expect("zones are known")
}

/// A moment with an offset, RFC 3339.
fn at(text: &str) -> Time {
    Time::from_micros(text.parse::<Timestamp>().expect("is a moment").as_microsecond())
}

/// A slot in Berlin, as a layout writes it.
fn slot(mode: usize, table: &str) -> Slot {
    let table: ScheduleTable = toml::from_str(table).expect("is right");
    Slot {
        name: String::new(),
        mode: Some(mode),
        scene: None,
        hours: Hours {
            from: table.from,
            to: table.to,
            days: table.days,
            dates: table.dates,
            except: table.except,
            zone: zone(table.zone.as_deref().unwrap_or("Europe/Berlin")),
        },
        priority: table.priority,
    }
}

/// The modes at these moments.
fn modes<const N: usize>(slots: &[Slot], moments: [&str; N]) -> [Option<usize>; N] {
    moments.map(|moment| standing(slots, at(moment)).mode)
}

#[test]
fn a_night_belongs_to_the_day_on_which_it_begins() {
    let slots = [slot(7, "from = '22:00'\nto = '06:00'\ndays = ['fri']")];
    // 2026-06-19 is a Friday.
    let moments = [
        "2026-06-19T05:59:59+02:00",
        "2026-06-19T21:59:59+02:00",
        "2026-06-19T22:00:00+02:00",
        "2026-06-20T05:59:59+02:00",
        "2026-06-20T06:00:00+02:00",
        "2026-06-20T22:00:00+02:00",
    ];
    assert_eq!(modes(&slots, moments), [None, None, Some(7), Some(7), None, None]);
}

#[test]
fn hours_are_by_the_clocks_on_both_nights_on_which_these_change() {
    let slots =
        [slot(1, "from = '01:00'\nto = '04:00'"), slot(2, "from = '02:30'\nto = '03:30'\npriority = 1")];
    // Forward: there is no 02:30; it comes an hour later, when 03:30 ends it at once.
    let spring = [
        "2026-03-29T00:59:59+01:00",
        "2026-03-29T01:00:00+01:00",
        "2026-03-29T03:29:59+02:00",
        "2026-03-29T03:30:00+02:00",
        "2026-03-29T04:00:00+02:00",
    ];
    assert_eq!(modes(&slots, spring), [None, Some(1), Some(1), Some(1), None]);
    // Back: 02:30 comes twice, and the first counts.
    let autumn = [
        "2026-10-25T02:29:59+02:00",
        "2026-10-25T02:30:00+02:00",
        "2026-10-25T02:15:00+01:00",
        "2026-10-25T03:29:59+01:00",
        "2026-10-25T03:30:00+01:00",
        "2026-10-25T04:00:00+01:00",
    ];
    assert_eq!(modes(&slots, autumn), [Some(1), Some(2), Some(2), Some(2), Some(1), None]);
    let day = slots[0].hours.on("2026-10-25".parse().expect("a date")).expect("holds");
    assert_eq!(day.end.since(day.start).as_secs(), 4 * 3_600, "an hour longer than on other days");
}

#[test]
fn a_whole_day_is_as_long_as_the_day() {
    let slots = [slot(1, "dates = ['2026-10-25']")];
    let whole = slots[0].hours.on("2026-10-25".parse().expect("a date")).expect("holds");
    assert_eq!((whole.start, whole.end), (at("2026-10-25T00:00:00+02:00"), at("2026-10-26T00:00:00+01:00")));
    assert_eq!(modes(&[slot(1, "from = '09:00'\nto = '09:00'")], ["2026-06-16T08:00:00+02:00"]), [Some(1)]);
}

#[test]
fn the_highest_priority_counts_then_what_began_last() {
    let slots = [
        slot(0, ""),
        slot(1, "from = '08:00'\nto = '18:00'"),
        slot(2, "from = '12:00'\nto = '13:00'"),
        slot(3, "dates = ['12-24']\nexcept = ['2027-12-24']\npriority = 10"),
        slot(4, "from = '12:00'\nto = '12:30'"),
    ];
    let summer = ["07", "08", "12", "13", "18"].map(|hour| format!("2026-06-16T{hour}:00:00+02:00"));
    let summer = summer.each_ref().map(String::as_str);
    assert_eq!(modes(&slots, summer), [Some(0), Some(1), Some(4), Some(1), Some(0)]);
    assert_eq!(modes(&slots, ["2026-06-16T12:30:00+02:00"]), [Some(2)]);
    assert_eq!(modes(&slots, ["2026-12-24T12:00:00+01:00", "2027-12-24T07:00:00+01:00"]), [Some(3), Some(0)]);
}

#[test]
fn a_slot_with_only_a_scene_leaves_the_mode() {
    let menu = Slot { mode: None, scene: Some(5), ..slot(0, "from = '12:00'\nto = '13:00'") };
    let slots = [slot(1, "from = '08:00'\nto = '18:00'"), menu];
    let at_noon = standing(&slots, at("2026-06-16T12:00:00+02:00"));
    assert_eq!(at_noon, Standing { mode: Some(1), scene: Some(5), slot: Some(1) });
    let later = standing(&slots, at("2026-06-16T13:00:00+02:00"));
    assert_eq!(later, Standing { mode: Some(1), scene: None, slot: Some(0) });
}

#[test]
fn every_slot_has_its_own_zone() {
    let slots = [slot(1, "from = '09:00'\nto = '10:00'\nzone = 'Asia/Tokyo'")];
    let moments = ["2026-06-16T00:00:00Z", "2026-06-16T01:00:00Z", "2026-06-15T23:59:59Z"];
    assert_eq!(modes(&slots, moments), [Some(1), None, None]);
}

#[test]
fn the_next_change_is_one_that_changes_something() {
    let slots = [
        slot(1, "from = '08:00'\nto = '18:00'\npriority = 1"),
        slot(2, "from = '12:00'\nto = '13:00'"),
        slot(3, "dates = ['2027-03-01']\npriority = 2"),
    ];
    let next = |from: &str| next_change(&slots, at(from));
    assert_eq!(
        next("2026-06-16T09:00:00+02:00"),
        Some(at("2026-06-16T18:00:00+02:00")),
        "lunch lies under it"
    );
    assert_eq!(next("2026-06-16T18:00:00+02:00"), Some(at("2026-06-17T08:00:00+02:00")));
    let once = [slot(3, "dates = ['2027-03-01']")];
    assert_eq!(next_change(&once, at("2026-06-16T09:00:00+02:00")), Some(at("2027-03-01T00:00:00+01:00")));
    assert_eq!(next_change(&once, at("2027-03-02T00:00:00+01:00")), None);
    assert_eq!(last_edge(&slots, at("2026-06-16T12:30:00+02:00")), Some(at("2026-06-16T12:00:00+02:00")));
}

#[test]
fn no_moment_is_too_far_away() {
    let slots = [slot(1, "from = '08:00'\nto = '07:59'")];
    for moment in [Time(i64::MIN), Time(i64::MAX), Time(0)] {
        let _ = (standing(&slots, moment), next_change(&slots, moment), last_edge(&slots, moment));
    }
}

#[test]
fn any_moment_is_as_the_clock_on_the_wall_has_it() {
    use rand::{RngExt as _, SeedableRng as _};
    let mut dice = rand_pcg::Pcg64Mcg::seed_from_u64(22);
    let (berlin, days) = (zone("Europe/Berlin"), ["mon", "tue-thu", "fri-mon", "sun"]);
    for case in 0..600 {
        let minutes = [dice.random_range(0..1_440), dice.random_range(1..=1_440_u16)];
        let [from, to] = minutes.map(|all| format!("{:02}:{:02}", all / 60, all % 60));
        let day = days[dice.random_range(0..days.len())];
        let slot = slot(1, &format!("from = '{from}'\nto = '{to}'\ndays = ['{day}']"));
        let weekdays: Days = serde_json::from_value(day.into()).expect("is right");
        let now = Time::from_secs(at("2026-01-01T00:00:00Z").as_secs() + dice.random_range(0..365 * 86_400));
        let clock = Timestamp::from_second(now.as_secs()).expect("in range").to_zoned(berlin.clone());
        // On the days around a change of the clocks there are other tests.
        let change = |date: &str| {
            clock.date().until(date.parse::<Date>().expect("a date")).expect("near").get_days().abs()
        };
        if change("2026-03-29") <= 1 || change("2026-10-25") <= 1 {
            continue;
        }
        let minute = u16::from(clock.hour() as u8) * 60 + u16::from(clock.minute() as u8);
        let [from_minute, to_minute] = minutes;
        let today = weekdays.has(clock.weekday());
        let yesterday = weekdays.has(clock.date().yesterday().expect("in range").weekday());
        let holds = match to_minute > from_minute {
            true => today && (from_minute..to_minute).contains(&minute),
            false => (today && minute >= from_minute) || (yesterday && minute < to_minute),
        };
        let told = standing(std::slice::from_ref(&slot), now).mode.is_some();
        assert_eq!(told, holds, "case {case}: {day} {from} to {to} at {clock}");
    }
}
