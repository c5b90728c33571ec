//! Dice that fall alike on every machine: seeded by what they are thrown for.

use rand::{Rng, RngExt as _};
use rand_pcg::Pcg64Mcg;

/// Streams of dice that must not disturb each other.
pub(super) const STREAM: u64 = 1;
pub(super) const BURST: u64 = 2;
pub(super) const MINUTE: u64 = 3;
pub(super) const PEOPLE: u64 = 4;
pub(super) const CARE: u64 = 5;
pub(super) const EXTRAS: u64 = 6;

/// Dice for what one mention of a second shares beside its words.
pub(super) fn extra_dice(seed: u64, second: i64, index: usize) -> Pcg64Mcg {
    dice(seed, EXTRAS, second.wrapping_mul(1 << 20).wrapping_add(index as i64))
}

/// Dice for one interval of one stream; equal arguments give equal dice.
pub(super) fn dice(seed: u64, stream: u64, interval: i64) -> Pcg64Mcg {
    let low = mix(seed ^ mix(stream));
    let high = mix(low ^ interval as u64);
    Pcg64Mcg::new((u128::from(high) << 64) | u128::from(mix(high) | 1))
}

/// The finalizer of SplitMix64: every input bit stirs every output bit.
pub(super) fn mix(value: u64) -> u64 {
    let a = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let b = (a ^ (a >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let c = (b ^ (b >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    c ^ (c >> 31)
}

/// An index below `len`; 0 when `len` is 0.
pub(super) fn pick(dice: &mut Pcg64Mcg, len: usize) -> usize {
    ((u64::from(dice.next_u32()) * len as u64) >> 32) as usize
}

/// An index by rising sums of weights, the last of which is the whole.
pub(super) fn pick_by(dice: &mut Pcg64Mcg, sums: &[f64]) -> usize {
    let whole = sums.last().copied().unwrap_or(0.0);
    let at = dice.random::<f64>() * whole;
    sums.partition_point(|sum| *sum <= at).min(sums.len().saturating_sub(1))
}

/// Turns weights into the sums that [`pick_by`] takes.
pub(super) fn sums(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    weights
        .scan(0.0, |sum, weight| {
            *sum += weight;
            Some(*sum)
        })
        .collect()
}
