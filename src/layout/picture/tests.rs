//! Tests of reading pictures.

use super::*;

#[test]
fn rows_divide_their_own_display() {
    let (picture, faults) = parse("8: map map | a b c\n1: news | news\n");
    assert_eq!(faults, vec![]);
    let band = &picture.bands[0];
    assert_eq!(band.weights, [8.0, 1.0]);
    assert_eq!(band.panels.iter().map(|p| p.columns).collect::<Vec<_>>(), [2, 3]);
    assert_eq!(band.panels[1].cells[3].columns, 0..3);
    let words: Vec<&str> = picture.words().into_iter().map(|(w, _)| w).collect();
    assert_eq!(words, ["map", "a", "b", "c", "news"]);
}

#[test]
fn columns_have_the_widths_that_are_written() {
    let (picture, faults) = parse("cols: 3 1 | 1\n2: a b | c\n1: d d | c\n1: e | c\n");
    assert_eq!(faults, vec![]);
    let panels = &picture.bands[0].panels;
    assert_eq!((panels[0].share(1), panels[0].share(2), panels[1].share(1)), (0.75, 1.0, 1.0));
    assert_eq!(panels[0].cells[4].columns, 0..2, "one name takes all columns");
    let codes = |text| parse(text).1.iter().map(|f| f.code).collect::<Vec<_>>();
    assert_eq!(codes("cols: 3 1\na b | c\n"), ["uneven-bars"]);
    assert_eq!(codes("cols: 3 0 x\na b c\n"), ["column-width", "column-width"]);
    assert_eq!(codes("cols: 3 1 1\na b\n"), ["uneven-columns"]);
    assert_eq!(codes("4: map 2:total\n"), ["picture-word"]);
}

#[test]
fn dashes_stand_between_displays() {
    let (picture, faults) = parse("a | b\n--+--\nc | d\n");
    assert_eq!((picture.bands.len(), picture.panel_count(), faults), (2, 4, vec![]));
}

#[test]
fn every_fault_is_told() {
    let (_, faults) = parse("0: a | b\nc\n? | 4x\n");
    let codes: Vec<&str> = faults.iter().map(|f| f.code).collect();
    assert_eq!(
        codes,
        ["row-height", "picture-word", "picture-word", "uneven-bars", "empty-row", "empty-row"]
    );
}
