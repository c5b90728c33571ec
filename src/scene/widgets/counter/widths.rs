//! How wide the characters of a large number are.

use crate::scene::widget::Cx;
use crate::scene::widgets::figures::{Figure, THIN};
use crate::text::{Cut, Setting};

/// Type size of what follows the digits, as a part of theirs.
pub const TAIL: f32 = 0.45;
/// From the digits to what follows them, as a part of their type size.
pub const GAP: f32 = 0.12;
/// Between groups of three digits, as a part of the type size; with the space that digits bring along
/// 0.28 of it is seen.
const GROUP: f32 = 0.2;
/// Space that digits of Inter Display bring along at their left, as a part of the type size.
pub const BEARING: f32 = 0.05;

/// Widths of characters as parts of the type size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Widths {
    digit: f32,
    one: f32,
    point: f32,
    sign: f32,
    dash: f32,
}

impl Widths {
    pub fn measure(cx: &mut Cx<'_>) -> Self {
        let mut width =
            |text: &'static str| cx.setter.width(Setting::line(text, 100.0).cut(Cut::Display)) / 100.0;
        // All but the one are as wide as the widest, so that a digit that changes moves nothing.
        let digits = ["0", "2", "3", "4", "5", "6", "7", "8", "9"];
        let digit = digits.into_iter().map(&mut width).fold(0.0, f32::max);
        let sign = width("+").max(width("−"));
        Self { digit, one: width("1") + 0.06, point: width("."), sign, dash: width("–") }
    }

    pub fn of(&self, c: char) -> f32 {
        match c {
            ' ' => 0.0,
            '1' => self.one,
            '.' => self.point,
            '+' | '−' => self.sign,
            '–' => self.dash,
            THIN => GROUP,
            _ => self.digit,
        }
    }

    /// Room for a number with as many digits.
    fn columns(&self, figure: &Figure) -> f32 {
        figure.used().iter().map(|&c| self.of(c)).sum()
    }

    /// The same, and for `least`.
    pub fn reserved(&self, figure: &Figure, least: Option<Figure>) -> f32 {
        let least = least.filter(|_| figure.tail.is_empty());
        self.columns(figure).max(least.map_or(0.0, |least| self.columns(&least)))
    }

    /// Room for what follows the digits.
    pub fn tail(&self, cx: &mut Cx<'_>, tail: &'static str) -> f32 {
        match tail.trim_start_matches(THIN) {
            "" => 0.0,
            tail => GAP + TAIL * cx.setter.width(Setting::line(tail, 100.0).cut(Cut::Display)) / 100.0,
        }
    }
}
