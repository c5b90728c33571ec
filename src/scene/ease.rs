//! How things move: each curve takes the part of the time that has passed and gives the part of
//! the way, both 0 to 1.

/// Starts and ends at rest.
pub fn in_out(t: f32) -> f32 {
    let t = t.clamp(0.0, 1.0);
    if t < 0.5 { 4.0 * t * t * t } else { 1.0 - (2.0 - 2.0 * t).powi(3) / 2.0 }
}

/// Starts at once and comes to rest.
pub fn out(t: f32) -> f32 {
    1.0 - (1.0 - t.clamp(0.0, 1.0)).powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn curves_run_from_0_to_1_and_never_back() {
        for curve in [in_out, out] {
            assert_eq!((curve(-1.0), curve(0.0), curve(1.0), curve(2.0)), (0.0, 0.0, 1.0, 1.0));
            let steps: Vec<f32> = (0..=100).map(|i| curve(i as f32 / 100.0)).collect();
            assert!(steps.windows(2).all(|w| w[0] <= w[1]));
        }
    }
}
