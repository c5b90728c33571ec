//! Numbers as the wall writes them: grouped by a thin space, rounded downwards, per cent that add
//! up, and round levels for an axis.

/// Stands between groups of three digits; never breaks.
pub const THIN: char = '\u{202f}';

/// Columns of a [`Figure`]: room for `999 999 999 999` and a sign.
pub const COLUMNS: usize = 16;

/// A number set in columns, the last column last; unused columns are spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Figure {
    pub columns: [char; COLUMNS],
    /// What follows the digits and does not roll: ` M`, ` %`.
    pub tail: &'static str,
}

impl Figure {
    /// An unknown number.
    pub fn unknown() -> Self {
        Writer::new().put('–').done("")
    }

    /// Every digit, in groups of three. From a million million on, as [`Figure::compact`].
    pub fn exact(n: u64) -> Self {
        if n >= 1_000_000_000_000 {
            return Self::compact(n);
        }
        Writer::new().digits(n).done("")
    }

    /// Three digits and a letter for the thousands: `1.24 M`. Rounded down, so that no number is shown
    /// before it is reached.
    pub fn compact(n: u64) -> Self {
        let (unit, tail) = match n {
            0..1_000 => return Self::exact(n),
            1_000..1_000_000 => (1_000, "\u{202f}k"),
            1_000_000..1_000_000_000 => (1_000_000, "\u{202f}M"),
            1_000_000_000..1_000_000_000_000 => (1_000_000_000, "\u{202f}bn"),
            _ => (1_000_000_000_000, "\u{202f}tn"),
        };
        match n / unit {
            0..10 => Writer::new().fraction(n / (unit / 100), 2).done(tail),
            10..100 => Writer::new().fraction(n / (unit / 10), 1).done(tail),
            whole => Writer::new().digits(whole).done(tail),
        }
    }

    /// A number given in tenths, with its tenth.
    pub fn tenths(n: u64) -> Self {
        Writer::new().fraction(n, 1).done("")
    }

    /// More than nothing and less than one.
    pub fn under_one() -> Self {
        Writer::new().digits(1).put('<').done("")
    }

    /// Whole per cent of something.
    pub fn per_cent(n: u64) -> Self {
        Writer::new().digits(n).done("\u{202f}%")
    }

    /// More than nothing and less than one per cent.
    pub fn under_a_per_cent() -> Self {
        Writer::new().digits(1).put('<').done("\u{202f}%")
    }

    /// Whole per cent with their sign; zero has none.
    pub fn signed_per_cent(n: i64) -> Self {
        let writer = Writer::new().digits(n.unsigned_abs());
        let signed = match n {
            0 => writer,
            1.. => writer.put('+'),
            _ => writer.put('−'),
        };
        signed.done("\u{202f}%")
    }

    /// The columns that are used, from first to last.
    pub fn used(&self) -> &[char] {
        let blank = self.columns.iter().take_while(|&&c| c == ' ').count();
        &self.columns[blank..]
    }
}

/// As people read it: without blank columns.
impl std::fmt::Display for Figure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.used().iter().try_for_each(|c| write!(f, "{c}"))?;
        f.write_str(self.tail)
    }
}

/// Fills columns from the right; what does not fit is left out.
struct Writer {
    columns: [char; COLUMNS],
    free: usize,
}

impl Writer {
    fn new() -> Self {
        Self { columns: [' '; COLUMNS], free: COLUMNS }
    }

    fn put(mut self, c: char) -> Self {
        if self.free > 0 {
            self.free -= 1;
            self.columns[self.free] = c;
        }
        self
    }

    fn digit(self, n: u64) -> Self {
        self.put((b'0' + (n % 10) as u8) as char)
    }

    fn digits(mut self, mut n: u64) -> Self {
        let mut written = 0;
        while n > 0 || written == 0 {
            if written > 0 && written % 3 == 0 {
                self = self.put(THIN);
            }
            self = self.digit(n);
            n /= 10;
            written += 1;
        }
        self
    }

    /// The last `places` digits of `n` behind a point.
    fn fraction(mut self, mut n: u64, places: usize) -> Self {
        for _ in 0..places {
            self = self.digit(n);
            n /= 10;
        }
        self.put('.').digits(n)
    }

    fn done(self, tail: &'static str) -> Figure {
        Figure { columns: self.columns, tail }
    }
}

/// `12 000`.
pub fn grouped(n: u64) -> String {
    Figure::exact(n).to_string()
}

/// A number that should not change with every mention: two digits, the rest zeros.
pub fn about(n: u64) -> String {
    let unit = 10u64.pow(n.checked_ilog10().unwrap_or(0).saturating_sub(1));
    let rough = n / unit * unit;
    if rough == n { grouped(n) } else { format!("about {}", grouped(rough)) }
}

/// Whole per cent of each part, which add up to exactly 100 (largest remainders first; with equal
/// remainders, the earlier part). All zero if the parts are.
pub fn hundred(parts: &[u64]) -> Vec<u32> {
    let total: u128 = parts.iter().map(|&p| u128::from(p)).sum();
    if total == 0 {
        return vec![0; parts.len()];
    }
    let scaled: Vec<u128> = parts.iter().map(|&p| u128::from(p) * 100).collect();
    let mut whole: Vec<u32> = scaled.iter().map(|s| (s / total) as u32).collect();
    let missing = 100 - whole.iter().sum::<u32>();
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|&i| std::cmp::Reverse(scaled[i] % total));
    for &i in order.iter().take(missing as usize) {
        whole[i] += 1;
    }
    whole
}

/// A share in whole per cent, as rounded by [`hundred`]: more than nothing never reads as nothing, and
/// less than everything never as everything.
pub fn share(per_cent: u32, part: u64, total: u64) -> String {
    match per_cent {
        0 if part > 0 => format!("<1{THIN}%"),
        100 if part < total => format!(">99{THIN}%"),
        whole => format!("{whole}{THIN}%"),
    }
}

/// The same for a share that is rounded down.
pub fn share_of(part: u64, total: u64) -> String {
    share((u128::from(part) * 100 / u128::from(total.max(1))) as u32, part, total)
}

/// A rate of mentions per minute, and its unit: per hour if there is less than one per minute, with one
/// decimal below ten, and never zero if there were any.
pub fn rate(value: f64) -> (String, &'static str) {
    let hourly = value * 60.0;
    match value {
        _ if hourly > 0.0 && hourly < 0.5 => (Figure::under_one().to_string(), "an hour"),
        _ if hourly > 0.0 && hourly < 59.5 => (grouped(hourly.round() as u64), "an hour"),
        0.05..9.95 => (format!("{value:.1}"), "a minute"),
        _ => (grouped(value.round() as u64), "a minute"),
    }
}

/// The smallest round step (1, 2 or 5 times a power of ten, at least 1) that fits into `max` at most
/// `most` times.
pub fn round_step(max: f32, most: usize) -> u64 {
    let least = f64::from(max.clamp(0.0, 1e15)) / (most + 1) as f64;
    let power = 10f64.powf(least.max(1.0).log10().floor());
    let leading = [1.0, 2.0, 5.0].into_iter().find(|m| m * power > least).unwrap_or(10.0);
    (leading * power) as u64
}

/// `12 min`, `3 h`; under a minute `now`.
pub fn age(secs: u64) -> String {
    match secs {
        0..60 => "now".into(),
        60..3_600 => format!("{}{THIN}min", secs / 60),
        _ => format!("{}{THIN}h", secs / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_grouped_by_threes() {
        let text = |n| grouped(n).replace(THIN, "_");
        assert_eq!(text(0), "0");
        assert_eq!(text(999), "999");
        assert_eq!(text(9_999), "9_999");
        assert_eq!(text(10_000), "10_000");
        assert_eq!(text(1_234_567), "1_234_567");
    }

    #[test]
    fn a_compact_number_never_runs_ahead() {
        let text = |n| Figure::compact(n).to_string().replace(THIN, " ");
        assert_eq!(text(999), "999");
        assert_eq!(text(1_239), "1.23 k");
        assert_eq!(text(999_999), "999 k");
        assert_eq!(text(1_249_999), "1.24 M");
        assert_eq!(text(12_490_000), "12.4 M");
        assert_eq!(text(3_050_000_000), "3.05 bn");
        assert_eq!(text(u64::MAX), "18 446 744 tn");
    }

    #[test]
    fn net_sentiment_carries_its_sign() {
        let text = |n| Figure::signed_per_cent(n).to_string().replace(THIN, " ");
        assert_eq!(text(32), "+32 %");
        assert_eq!(text(-5), "−5 %");
        assert_eq!(text(0), "0 %");
        assert_eq!(Figure::tenths(42).to_string(), "4.2");
        let shares = [Figure::per_cent(7), Figure::under_a_per_cent()];
        assert_eq!(shares.map(|share| share.to_string().replace(THIN, " ")), ["7 %", "<1 %"]);
    }

    #[test]
    fn what_is_little_is_not_nothing_and_what_is_much_is_not_all() {
        let text = |words: String| words.replace(THIN, " ");
        let shares = [(0, 0, 9), (0, 1, 900), (1, 1, 100), (99, 99, 100), (100, 899, 900), (100, 9, 9)];
        let shares: Vec<_> = shares.map(|(whole, part, total)| text(share(whole, part, total))).into();
        assert_eq!(shares, ["0 %", "<1 %", "1 %", "99 %", ">99 %", "100 %"]);
        assert_eq!(
            [(1, 900), (899, 900), (0, 0)].map(|(n, of)| text(share_of(n, of))),
            ["<1 %", "99 %", "0 %"]
        );
        assert_eq!(
            [0.0, 0.001, 0.1, 1.0, 9.96, 1234.4].map(|v| {
                let (number, per) = rate(v);
                text(format!("{number} {per}"))
            }),
            ["0 a minute", "<1 an hour", "6 an hour", "1.0 a minute", "10 a minute", "1 234 a minute"]
        );
    }

    #[test]
    fn steps_are_round() {
        assert_eq!(round_step(13_200.0, 3), 5_000);
        assert_eq!(round_step(240.0, 3), 100);
        assert_eq!(round_step(10_800.0, 1), 10_000);
        assert_eq!(round_step(0.4, 2), 1);
        assert!(round_step(f32::INFINITY, 1) <= 1_000_000_000_000_000);
        assert_eq!(about(745_123), "about 740\u{202f}000");
        assert_eq!(about(7), "7");
    }

    proptest! {
        #[test]
        fn per_cents_add_up(parts in proptest::collection::vec(0u64..1_000_000, 1..9)) {
            let sum: u32 = hundred(&parts).iter().sum();
            let expected = if parts.iter().all(|&p| p == 0) { 0 } else { 100 };
            prop_assert_eq!(sum, expected);
        }

        #[test]
        fn equal_columns_mean_equal_digits(n in 0u64..1_000_000_000_000) {
            let plain: String = Figure::exact(n).used().iter().filter(|c| c.is_ascii_digit()).collect();
            prop_assert_eq!(plain, n.to_string());
        }
    }
}
