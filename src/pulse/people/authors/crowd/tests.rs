use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::query::tokens::hash;

fn of(people: impl Iterator<Item = u64>) -> Crowd {
    let mut crowd = Crowd::default();
    people.for_each(|person| crowd.insert(person_of(person)));
    crowd
}

fn person_of(person: u64) -> Person {
    Person::new(hash(&format!("person {person}")))
}

fn is_near(told: u64, due: usize) -> bool {
    told.abs_diff(due as u64) as f64 <= (due as f64 * 0.05).max(1.0)
}

#[test]
fn a_crowd_is_exact_while_it_is_small_and_within_five_per_cent_beyond() {
    let mut crowd = Crowd::default();
    let mut off = Vec::new();
    for n in 1..=300_000_usize {
        crowd.insert(person_of(n as u64));
        crowd.insert(person_of(1 + n as u64 / 2));
        if n <= FEW {
            assert_eq!(crowd.count(), (n as u64, Exactness::Exact));
        } else if n % 1_000 == 0 {
            let (told, is) = crowd.count();
            assert!(is_near(told, n) && is == Exactness::About, "{told} for {n}");
            off.push((told as f64 - n as f64) / n as f64);
        }
    }
    let mean_square = off.iter().map(|off| off * off).sum::<f64>() / off.len() as f64;
    assert!(mean_square.sqrt() < 0.03, "{}", mean_square.sqrt());
}

#[test]
fn what_is_cut_foreign_or_forged_is_no_crowd_or_a_harmless_one() {
    let (small, large) = (of(0..100), of(0..5_000));
    for crowd in [&small, &large] {
        let bytes = crowd.to_bytes();
        assert_eq!(Crowd::of_bytes(&bytes).expect("it was written so").count(), crowd.count());
        assert!(bytes.len() <= MAX_BYTES);
        assert!((0..bytes.len()).filter(|end| *end != 1).all(|end| match Crowd::of_bytes(&bytes[..end]) {
            None => true,
            Some(cut) => (end - 1) % 8 == 0 && cut.count().0 as usize == (end - 1) / 8,
        }));
    }
    assert!(Crowd::of_bytes(&[]).is_none() && Crowd::of_bytes(&[9; 40]).is_none());
    let sketch = HllSketch::new(14, HllType::Hll8).expect("it may be finer");
    assert!(Crowd::of_bytes(&[&[FORM_MANY][..], &sketch.serialize()].concat()).is_none());
    let mut absurd = large.to_bytes();
    absurd[100] = 64;
    assert!(Crowd::of_bytes(&absurd).is_none(), "no register holds so much");
    // What a sketch says of its registers is not believed.
    let mut forged = large.to_bytes();
    forged[9..41].fill(0);
    let mut forged = Crowd::of_bytes(&forged).expect("its registers are there");
    assert_eq!(forged.count(), large.count());
    (5_000..9_000).for_each(|n| forged.insert(person_of(n)));
    assert!(is_near(forged.count().0, 9_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn neither_order_nor_how_they_are_divided_changes_a_count(
        people in prop::collection::vec((any::<u16>(), 0..7_u8), 1..4_000),
        wide in any::<bool>(),
    ) {
        let range = if wide { u16::MAX } else { 500 };
        let people: Vec<(u64, u8)> = people.into_iter().map(|(p, part)| (u64::from(p % range), part)).collect();
        let whole = of(people.iter().map(|(person, _)| *person));
        let backwards = of(people.iter().rev().map(|(person, _)| *person));
        let parts: Vec<Crowd> = (0..7)
            .map(|part| of(people.iter().filter(|(_, own)| *own == part).map(|(person, _)| *person)))
            .collect();
        let read: Vec<Crowd> = parts.iter().filter_map(|part| Crowd::of_bytes(&part.to_bytes())).collect();
        prop_assert_eq!(whole.count(), backwards.count());
        prop_assert_eq!(whole.count(), Crowd::all(parts.iter()).count());
        prop_assert_eq!(whole.count(), Crowd::all(read.iter().rev()).count());
        let due = people.iter().map(|(person, _)| person).collect::<HashSet<_>>().len();
        match whole.count() {
            (told, Exactness::Exact) => prop_assert_eq!(told, due as u64),
            (told, _) => prop_assert!(due > FEW && is_near(told, due), "{} for {}", told, due),
        }
    }

    #[test]
    fn nothing_that_is_read_makes_a_panic(
        form in prop_oneof![Just(FORM_FEW), Just(FORM_MANY), any::<u8>()],
        at in any::<prop::sample::Index>(),
        junk in prop::collection::vec(any::<u8>(), 0..64),
        many in any::<bool>(),
    ) {
        let mut bytes = of(0..if many { 900 } else { 9 }).to_bytes();
        bytes[0] = form;
        let at = at.index(bytes.len()).min(bytes.len() - junk.len().min(bytes.len()));
        let end = (at + junk.len()).min(bytes.len());
        bytes[at..end].copy_from_slice(&junk[..end - at]);
        if let Some(mut crowd) = Crowd::of_bytes(&bytes) {
            (0..1_000).for_each(|person| crowd.insert(person_of(person)));
            let _ = (crowd.count(), Crowd::all([&crowd, &crowd.clone()].into_iter()).count());
        }
    }
}
