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
        from: table.from,
        to: table.to,
        days: table.days,
        dates: table.dates,
        except: table.except,
        zone: zone(table.zone.as_deref().unwrap_or("Europe/Berlin")),
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
    let day = slots[0].on("2026-10-25".parse().expect("a date")).expect("holds");
    assert_eq!(day.end.since(day.start).as_secs(), 4 * 3_600, "an hour longer than on other days");
}

#[test]
fn a_whole_day_is_as_long_as_the_day() {
    let slots = [slot(1, "dates = ['2026-10-25']")];
    let whole = slots[0].on("2026-10-25".parse().expect("a date")).expect("holds");
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
