//! How large things must be to be read: arc minutes for the farthest viewer, in millimetres.
//!
//! Sizes are heights of capital letters, as NUREG-0700 and ISO 9241-303 state them:
//! `h = 2 · D · tan(a / 2)`.

use std::f32::consts::PI;

/// Below this, text cannot be read: an error.
pub const MIN_ARCMIN: f32 = 16.0;
/// Below this, reading is a strain: a warning.
pub const COMFORT_ARCMIN: f32 = 20.0;
/// Above this, a block of text can no longer be read at a glance.
pub const LARGEST_ARCMIN: f32 = 45.0;
/// Running text, unless a layout sets it.
pub const TEXT_ARCMIN: f32 = Step::Body.arcmin();

/// Height of Inter's capitals as a part of the type size (its `OS/2` table: 1490 of 2048).
pub const CAP_HEIGHT: f32 = 0.727;
/// From one baseline to the next, as a part of the type size.
pub const LINE_HEIGHT: f32 = 1.3;

/// The steps of the type scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// The smallest size allowed, for badges and what gives way first.
    Least,
    Label,
    Body,
    Title,
    Number,
    Hero,
}

impl Step {
    /// Height of a capital for the farthest viewer, arc minutes.
    pub const fn arcmin(self) -> f32 {
        match self {
            Self::Least => 16.0,
            Self::Label => 18.0,
            Self::Body => 22.0,
            Self::Title => 30.0,
            Self::Number => 60.0,
            Self::Hero => 120.0,
        }
    }
}

/// Sizes for a wall whose farthest viewer is `viewer_m` metres away.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub viewer_m: f32,
    /// Height of running text, arc minutes; all steps grow and shrink with it.
    pub text_arcmin: f32,
}

impl Scale {
    pub const fn new(viewer_m: f32) -> Self {
        Self { viewer_m, text_arcmin: TEXT_ARCMIN }
    }

    /// The same with running text of another size.
    pub const fn with_text(self, text_arcmin: f32) -> Self {
        Self { text_arcmin, ..self }
    }

    /// Height of a step's capitals, arc minutes; never below [`MIN_ARCMIN`].
    pub fn step(&self, step: Step) -> f32 {
        (step.arcmin() * self.text_arcmin / TEXT_ARCMIN).max(MIN_ARCMIN)
    }

    /// Height of a step's capitals, millimetres.
    pub fn cap(&self, step: Step) -> f32 {
        self.mm(self.step(step))
    }

    /// Millimetres on the wall that `arcmin` arc minutes span for the farthest viewer.
    pub fn mm(&self, arcmin: f32) -> f32 {
        2.0 * self.viewer_m * 1_000.0 * (arcmin / 60.0 * PI / 180.0 / 2.0).tan()
    }

    /// Arc minutes that `mm` millimetres on the wall span for the farthest viewer.
    pub fn arcmin(&self, mm: f32) -> f32 {
        2.0 * (mm / (2.0 * self.viewer_m * 1_000.0)).atan() * 180.0 / PI * 60.0
    }

    /// Type size (em, millimetres) whose capitals span `arcmin`.
    pub fn em(&self, arcmin: f32) -> f32 {
        self.mm(arcmin) / CAP_HEIGHT
    }

    /// Type size (em, millimetres) of a step.
    pub fn size(&self, step: Step) -> f32 {
        self.em(self.step(step))
    }

    /// Distance between the baselines of a step, millimetres.
    pub fn line(&self, step: Step) -> f32 {
        self.size(step) * LINE_HEIGHT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_minutes_at_five_metres_are_23_mm() {
        let scale = Scale::new(5.0);
        assert!((scale.mm(16.0) - 23.27).abs() < 0.02);
        assert!((scale.arcmin(scale.mm(22.0)) - 22.0).abs() < 1e-2);
    }

    #[test]
    fn larger_text_takes_all_steps_along_and_small_text_stays_legible() {
        let large = Scale::new(5.0).with_text(44.0);
        assert!((large.step(Step::Number) - 120.0).abs() < 1e-3);
        let small = Scale::new(5.0).with_text(16.5);
        assert_eq!((small.step(Step::Body), small.step(Step::Least)), (16.5, MIN_ARCMIN));
    }
}
