use super::*;

fn monitor(name: &str, x: i32, serial: &str) -> Monitor {
    let edid = Edid { make: "DEL".into(), model: "U4323QE".into(), serial: serial.into(), sha256: None };
    Monitor {
        name: name.into(),
        pixels: (1920, 1080),
        position: (x, 0),
        edid: Some(edid),
        ..Default::default()
    }
}

fn display(name: &str, matches: Vec<MonitorMatch>) -> Display {
    let rect = crate::geometry::Rect::new(0.0, 0.0, 1.0, 1.0);
    Display {
        name: name.into(),
        rect,
        pixels: (1, 1),
        rotate: Default::default(),
        matches,
        if_missing: Default::default(),
        adopted: None,
    }
}

fn connector(name: &str) -> MonitorMatch {
    MonitorMatch { connector: Some(name.into()), ..Default::default() }
}

fn order(order: usize) -> MonitorMatch {
    MonitorMatch { order: Some(order), ..Default::default() }
}

fn edid(id: &str) -> MonitorMatch {
    MonitorMatch { edid: Some(id.into()), ..Default::default() }
}

#[test]
fn a_whole_batch_with_one_serial_is_told_apart_by_its_plugs() {
    let monitors = [monitor("DP-1", 0, "U4P"), monitor("DP-2", 1920, "U4P")];
    let same = edid("DEL-U4323QE-U4P");
    let told = [
        display("left", vec![same.clone(), connector("DP-2")]),
        display("right", vec![same.clone(), connector("DP-1")]),
    ];
    assert_eq!(assign(&told, &monitors).unwrap().monitors, [Some(1), Some(0)]);
    let guess = assign(&[display("left", vec![same])], &monitors).unwrap_err();
    assert_eq!(guess[0].to_string(), "display `left` matches `DP-1` and `DP-2`");
}

#[test]
fn one_monitor_is_never_two_displays() {
    let monitors = [monitor("DP-1", 0, "1")];
    let displays = [display("a", vec![connector("DP-1")]), display("b", vec![edid("DEL-U4323QE-1")])];
    let errors = assign(&displays, &monitors).unwrap_err();
    assert_eq!(errors[0].to_string(), "monitor `DP-1` matches the displays `a` and `b`");
}

#[test]
fn what_is_left_over_is_listed() {
    let monitors = [monitor("DP-2", 1920, "2"), monitor("DP-1", 0, "1"), monitor("DP-3", 3840, "3")];
    let displays = [display("a", vec![]), display("b", vec![connector("DP-9")])];
    let assignment = assign(&displays, &monitors).unwrap();
    assert_eq!(assignment.monitors, [Some(1), None]);
    assert_eq!((assignment.missing, assignment.spare), (vec![1], vec![0, 2]));
}

#[test]
fn monitors_are_counted_in_reading_order() {
    let mut four = [monitor("d", 1920, ""), monitor("b", 1920, ""), monitor("a", 0, ""), monitor("c", 0, "")];
    four[0].position.1 = 1_080;
    four[3].position.1 = 1_120;
    four[2].position.1 = 40;
    assert_eq!(in_order(&four), [2, 1, 3, 0]);
}

/// Four monitors as `fishbowl displays` was seen to mistake them: three of scale 2, one of 1.
#[test]
fn monitors_of_mixed_scales_are_counted_where_they_are() {
    let mut four =
        [monitor("d", 5760, ""), monitor("b", 1920, ""), monitor("c", 3840, ""), monitor("a", 0, "")];
    for (i, monitor) in four.iter_mut().enumerate() {
        monitor.extent = (1920, 1080);
        monitor.pixels = if i == 0 { (1920, 1080) } else { (3840, 2160) };
    }
    assert_eq!(in_order(&four), [3, 1, 2, 0]);
    let displays = [display("one", vec![]), display("two", vec![]), display("four", vec![order(4)])];
    assert_eq!(assign(&displays, &four).unwrap().monitors, [Some(3), Some(1), Some(0)]);
    // Rows are as high as the desktop says, not as the panels count.
    four[1].position = (0, 1080);
    assert_eq!(in_order(&four), [3, 2, 0, 1]);
}

#[test]
fn monitors_at_one_place_are_not_counted() {
    let same = [monitor("DP-1", 0, "1"), monitor("DP-2", 0, "2"), monitor("DP-3", 1920, "3")];
    let told = |displays: &[Display]| assign(displays, &same).map_err(|e| e[0].to_string());
    let words = "display `a` is matched by the order of the monitors, but `DP-1` and `DP-2` are at the same \
                 place on the desktop";
    for first in [vec![order(1)], vec![order(2)], vec![]] {
        assert_eq!(told(&[display("a", first)]), Err(words.into()));
    }
    let third = [display("c", vec![order(3)])];
    assert_eq!(told(&third).unwrap().monitors, [Some(2)]);
    // What the plug decides needs no order, and leaves one monitor for the other display.
    let apart = [display("b", vec![order(1), connector("DP-2")]), display("a", vec![])];
    assert_eq!(told(&apart).unwrap().monitors, [Some(1), Some(0)]);
}

#[test]
fn what_is_certain_is_shown_whatever_is_not() {
    let monitors = [monitor("DP-1", 0, "U4P"), monitor("DP-2", 1920, "U4P"), monitor("DP-3", 3840, "3")];
    let doubtful = display("left", vec![edid("DEL-U4323QE-U4P")]);
    let plain = [
        doubtful.clone(),
        display("right", vec![connector("DP-3")]),
        display("gone", vec![connector("DP-9")]),
    ];
    let (assignment, doubts) = certain(&plain, &monitors);
    assert_eq!(
        assignment,
        Assignment { monitors: vec![None, Some(2), None], missing: vec![2], ..Assignment::default() }
    );
    assert_eq!(doubts.len(), 1);
    assert_eq!((doubts[0].monitors.as_slice(), doubts[0].why.is_about("left")), (&[0, 1][..], true));
    // A monitor that is somebody's for certain is in no doubt.
    let taken = [doubtful.clone(), display("right", vec![connector("DP-2")])];
    let (assignment, doubts) = certain(&taken, &monitors);
    assert_eq!((assignment.monitors, assignment.spare), (vec![None, Some(1)], vec![2]));
    assert_eq!(doubts[0].monitors, [0]);
    // Nobody knows what is left then.
    let open = [doubtful, display("rest", vec![])];
    let (assignment, doubts) = certain(&open, &monitors);
    assert_eq!(
        (assignment.monitors, assignment.missing, assignment.spare),
        (vec![None, None], vec![], vec![])
    );
    assert_eq!(doubts[1].monitors, [2]);
    assert_eq!(assign(&open, &monitors).unwrap_err().len(), 1, "the cause is told");
    let twice =
        [display("a", vec![connector("DP-1")]), display("b", vec![order(1)]), display("c", vec![order(3)])];
    let (assignment, doubts) = certain(&twice, &monitors);
    assert_eq!((assignment.monitors, assignment.spare), (vec![None, None, Some(2)], vec![1]));
    assert_eq!(doubts[0].monitors, [0]);
}

#[test]
fn an_empty_entry_fits_nothing() {
    let monitors = [monitor("DP-1", 0, "1")];
    let assignment = assign(&[display("a", vec![MonitorMatch::default()])], &monitors).unwrap();
    assert_eq!(assignment.missing, [0]);
}

#[test]
fn monitors_at_one_place_go_by_their_names_however_they_are_listed() {
    let (one, two) = (monitor("DP-1", 0, "1"), monitor("DP-2", 0, "2"));
    assert_eq!(in_order(&[one.clone(), two.clone()]), [0, 1]);
    assert_eq!(in_order(&[two, one]), [1, 0]);
}

#[test]
fn an_adopted_monitor_stands_in_and_gives_way() {
    let monitors = [monitor("DP-1", 0, "1"), monitor("DP-2", 1920, "2"), monitor("DP-3", 3840, "3")];
    let gone =
        Display { adopted: Some(edid("DEL-U4323QE-2")), ..display("gone", vec![edid("DEL-U4323QE-9")]) };
    let found = |displays: &[Display]| {
        let (assignment, doubts) = certain(displays, &monitors);
        (assignment.monitors, assignment.adopted, doubts.len())
    };
    // Also before displays that take what is left.
    let others = [display("a", vec![]), gone.clone(), display("b", vec![])];
    assert_eq!(found(&others), (vec![Some(0), Some(1), Some(2)], vec![1], 0));
    let back = Display { matches: vec![edid("DEL-U4323QE-3")], ..gone.clone() };
    assert_eq!(found(&[back]), (vec![Some(2)], vec![], 0), "its own is back");
    let taken = [gone.clone(), display("a", vec![connector("DP-2")])];
    assert_eq!(found(&taken), (vec![None, Some(1)], vec![], 0), "another display's own");
    let doubtful = [gone.clone(), display("a", vec![connector("DP-2")]), display("b", vec![order(2)])];
    assert_eq!(found(&doubtful), (vec![None, None, None], vec![], 1), "perhaps another display's own");
    // It is not guessed here, either.
    let twice = [gone.clone(), Display { name: "other".into(), ..gone.clone() }];
    assert_eq!(found(&twice), (vec![None, None], vec![], 1));
    let vague = MonitorMatch { model: Some("U4323QE".into()), ..MonitorMatch::default() };
    assert_eq!(found(&[Display { adopted: Some(vague), ..gone }]), (vec![None], vec![], 1));
}
