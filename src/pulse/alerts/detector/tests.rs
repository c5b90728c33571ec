use rand::RngExt as _;
use rand::SeedableRng as _;
use rand_pcg::Pcg64Mcg;

use super::*;

/// Counts around `mean` with the day's swing; negative binomial of this size where given.
fn counts(mean: f64, size: Option<f64>, minutes: i64, seed: u64, times: impl Fn(i64) -> f64) -> Vec<u32> {
    let mut dice = Pcg64Mcg::seed_from_u64(seed);
    let swing = |minute: i64| 1.0 - 0.6 * (minute as f64 / 1_440.0 * std::f64::consts::TAU).cos();
    let one = |minute| {
        let varied = size.map_or(1.0, |size| gamma(size, &mut dice) / size);
        poisson(mean * swing(minute) * times(minute) * varied, &mut dice)
    };
    (0..minutes).map(one).collect()
}

/// A gamma variate of a whole shape: a sum of exponential ones.
fn gamma(shape: f64, dice: &mut Pcg64Mcg) -> f64 {
    (0..shape as u32).map(|_| -(1.0 - dice.random::<f64>()).ln()).sum()
}

fn poisson(mean: f64, dice: &mut Pcg64Mcg) -> u32 {
    let (mut left, mut count) = (mean, 0);
    loop {
        left += (1.0 - dice.random::<f64>()).ln();
        if left < 0.0 {
            return count;
        }
        count += 1;
    }
}

fn turns(counts: &[u32], detector: &mut Detector) -> Vec<(i64, Turn)> {
    let judged = (0..).zip(counts).map(|(minute, count)| (minute, detector.minute(minute, Some(*count))));
    judged.filter_map(|(minute, turn)| Some((minute, turn?))).collect()
}

fn kept(detector: &Detector) -> Vec<u8> {
    let mut record = RecordWriter::new();
    detector.keep(&mut record);
    record.done()
}

#[test]
fn a_burst_has_a_start_a_strength_and_an_end() {
    let burst = |minute| if (3_000..3_015).contains(&minute) { 4.0 } else { 1.0 };
    for (mean, size, delay) in [(2.0, None, 6), (50.0, None, 2), (50.0, Some(3.0), 8)] {
        let counts = counts(mean, size, 4_320, 7, burst);
        let turns = turns(&counts, &mut Detector::new(Sensitivity::Normal));
        let [(told, Turn::Begins(begins)), (over, Turn::Ends(ends))] = turns[..] else {
            panic!("one burst of {mean} {size:?}: {turns:?}")
        };
        assert!((3_000..=3_000 + delay).contains(&told), "{mean} {size:?}: told at {told}");
        assert!((2_998..=3_002).contains(&begins.begin) && (3_012..=3_025).contains(&over), "{turns:?}");
        assert!((2.0..6.0).contains(&ends.strength()), "{}", ends.strength());
    }
}

#[test]
fn a_day_and_its_swing_is_no_burst_and_neither_is_a_single_minute() {
    let counts = counts(20.0, Some(3.0), 14 * 1_440, 3, |minute| if minute % 777 == 776 { 8.0 } else { 1.0 });
    assert_eq!(turns(&counts, &mut Detector::new(Sensitivity::Normal)), []);
}

#[test]
fn it_says_that_it_learns_and_tells_nothing_then() {
    let mut detector = Detector::new(Sensitivity::Keen);
    let wild: Vec<u32> = (0..LEARNING).map(|i| if i % 20 > 15 { 500 } else { 1 }).collect();
    assert_eq!(detector.learning(), LEARNING);
    assert_eq!(turns(&wild, &mut detector), []);
    assert_eq!(detector.learning(), 0);
}

#[test]
fn a_burst_teaches_nothing_and_unknown_minutes_change_nothing() {
    let mut detector = Detector::new(Sensitivity::Normal);
    turns(&[10; 600], &mut detector);
    let before = detector.usual(600);
    (600..630).for_each(|minute| assert!(!matches!(detector.minute(minute, Some(80)), Some(Turn::Ends(_)))));
    assert!(detector.burst().is_some());
    assert!((detector.usual(630) - before).abs() < 0.2 * before, "{}", detector.usual(630));
    let held = detector.clone();
    (630..650).for_each(|minute| assert_eq!(detector.minute(minute, None), None));
    assert_eq!(kept(&detector), kept(&held));
}

#[test]
fn what_lasts_becomes_the_usual() {
    let mut detector = Detector::new(Sensitivity::Normal);
    let counts: Vec<u32> = (0..3_000).map(|minute| if minute < 600 { 10 } else { 60 }).collect();
    let turns = turns(&counts, &mut detector);
    assert_eq!(turns.len(), 2, "{turns:?}");
    assert!((40.0..80.0).contains(&detector.usual(3_000)));
}

#[test]
fn what_it_knows_goes_through_a_note() {
    let counts = counts(9.0, Some(3.0), 2_000, 5, |minute| if minute > 1_990 { 5.0 } else { 1.0 });
    let mut detector = Detector::new(Sensitivity::Normal);
    for (minute, count) in (0..).zip(&counts) {
        detector.minute(minute, Some(*count));
        let mut again = Detector::new(Sensitivity::Normal);
        assert!(again.recall(&Record::read(&kept(&detector)).expect("is one")));
        assert_eq!(kept(&again), kept(&detector));
    }
    let mut other = Detector::new(Sensitivity::Normal);
    for (key, value) in [(known::LEVEL, f64::NAN), (known::SUM, f64::INFINITY)] {
        let mut record = RecordWriter::new();
        detector.keep(record.double(key, value));
        assert!(!other.recall(&Record::read(&record.done()).expect("is one")));
    }
    assert!(!other.recall(&Record::read(&RecordWriter::new().done()).expect("is one")));
    assert_eq!(kept(&other), kept(&Detector::new(Sensitivity::Normal)));
}
