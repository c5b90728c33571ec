//! What people type, as values; an error says what is wrong and what is right.

use super::plan::Hung;

const MM_PER_INCH: f32 = 25.4;
const M_PER_FOOT: f32 = 0.3048;
/// Part by which millimetres and pixels may disagree about the proportions, as `check` has it.
const PROPORTION: f32 = 0.01;

/// `yes` or `no`.
pub fn yes(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "y" | "yes" => Ok(true),
        "n" | "no" => Ok(false),
        _ => Err(format!("`{text}` is not an answer here; type `yes` or `no`")),
    }
}

/// A whole number in a range.
pub fn count(text: &str, least: usize, most: usize) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| (least..=most).contains(number));
    number.ok_or_else(|| format!("`{text}` is not a whole number from {least} to {most}"))
}

/// All numbers in a text, whatever is between them.
pub fn numbers(text: &str) -> Vec<f32> {
    let parts = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    parts.filter_map(|part| part.parse().ok()).filter(|number: &f32| number.is_finite()).collect()
}

/// Pixels of `count` monitors: one pair for all, or one for each.
pub fn pixels(text: &str, count: usize) -> Result<Vec<(u32, u32)>, String> {
    let numbers = numbers(text);
    let pairs: Vec<(u32, u32)> =
        numbers.chunks_exact(2).map(|pair| (pair[0] as u32, pair[1] as u32)).collect();
    let is_whole = numbers.len().is_multiple_of(2) && [1, count].contains(&pairs.len());
    if !is_whole {
        return Err(
            "Type width and height, such as 1920x1080: once if all are alike, or one for each monitor".into(),
        );
    }
    if let Some((w, h)) = pairs.iter().find(|(w, h)| !(16..=8_192).contains(w) || !(16..=8_192).contains(h)) {
        return Err(format!("{w} × {h} is not possible: a display can have 16 to 8192 pixels per side"));
    }
    Ok(if pairs.len() == count { pairs } else { vec![pairs[0]; count] })
}

/// The lit area of a display with these pixels: `941x529`, `94.1 x 52.9 cm`, or a diagonal: `43in`.
pub fn size_mm(text: &str, pixels: (u32, u32)) -> Result<(f32, f32), String> {
    let lower = text.to_lowercase().replace(',', ".");
    let ratio = pixels.0 as f32 / pixels.1 as f32;
    let is_diagonal = ["in", "\"", "″", "''"].iter().any(|unit| lower.contains(unit));
    let unit = if lower.contains("cm") { 10.0 } else { 1.0 };
    let (w, h) = match numbers(&lower)[..] {
        [diagonal] if is_diagonal => {
            let down = diagonal * MM_PER_INCH / ratio.hypot(1.0);
            (down * ratio, down)
        }
        [w, h] if !is_diagonal => (w * unit, h * unit),
        _ => {
            return Err(
                "Type width and height in millimetres, such as 941x529, or the diagonal, such as 43in".into(),
            );
        }
    };
    if ![w, h].iter().all(|mm| (20.0..=100_000.0).contains(mm)) {
        return Err(format!("{w:.0} × {h:.0} mm is not possible: a side has 20 to 100,000 mm"));
    }
    if ((w / h) / ratio - 1.0).abs() > PROPORTION {
        return Err(format!(
            "{w:.0} × {h:.0} mm does not fit {} × {} pixels: {w:.0} mm wide would be {:.1} mm high. Measure the lit area \
             without its frame",
            pixels.0,
            pixels.1,
            w / ratio
        ));
    }
    Ok((tenth(w), tenth(h)))
}

fn tenth(mm: f32) -> f32 {
    (mm * 10.0).round() / 10.0
}

/// Numbers of monitors, from 1 to `count`, each once; `none` is the empty list.
pub fn monitors(text: &str, count: usize) -> Result<Vec<usize>, String> {
    let wrong = || format!("`{text}` is not a list of numbers from 1 to {count}, each once, or `none`");
    if text.eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    let parts = text.split([' ', ',']).filter(|part| !part.is_empty());
    let numbers: Vec<usize> =
        parts.map(|part| part.parse().map_err(|_| wrong())).collect::<Result<_, _>>()?;
    let is_twice = |(i, number): (usize, &usize)| numbers[..i].contains(number);
    if numbers.iter().any(|number| !(1..=count).contains(number)) || numbers.iter().enumerate().any(is_twice)
    {
        return Err(wrong());
    }
    Ok(numbers.iter().map(|number| number - 1).collect())
}

/// Displays in a row: `row`, `column`, or columns and rows such as `4x2`.
pub fn columns(text: &str, count: usize) -> Result<usize, String> {
    match (text.to_lowercase().as_str(), &numbers(text)[..]) {
        ("row", _) => Ok(count),
        ("column", _) => Ok(1),
        (_, [columns, rows]) if (columns * rows) as usize == count && columns.fract() == 0.0 => {
            Ok(*columns as usize)
        }
        (_, [columns, rows]) => Err(format!(
            "{columns} × {rows} displays are not {count}: type `row`, `column`, or columns x rows"
        )),
        _ => Err(format!(
            "`{text}` is not an arrangement: type `row`, `column`, or columns x rows, such as 4x2"
        )),
    }
}

/// Millimetres across and down.
pub fn gap_mm(text: &str) -> Result<(f32, f32), String> {
    let gap = match numbers(text)[..] {
        _ if text.contains('-') => None,
        [both] => Some((both, both)),
        [across, down] => Some((across, down)),
        _ => None,
    };
    gap.filter(|(across, down)| across.max(*down) <= 1_000.0).ok_or_else(|| {
        format!("`{text}` is not a gap: type millimetres from 0 to 1000, such as 10, or across and down")
    })
}

/// A distance in metres: `3.5`, `3.5 m`, `12 ft`.
pub fn metres(text: &str) -> Result<f32, String> {
    let lower = text.to_lowercase().replace(',', ".");
    let (unit, number) = match lower.trim_end_matches("ft").trim_end_matches("feet").trim_end_matches('\'') {
        feet if feet.len() < lower.len() => (M_PER_FOOT, feet),
        _ => (1.0, lower.trim_end_matches("metres").trim_end_matches('m')),
    };
    let metres = number.trim().parse().ok().map(|number: f32| tenth(number * unit));
    metres.filter(|metres| (0.2..=200.0).contains(metres)).ok_or_else(|| {
        format!(
            "`{text}` is not a distance: type metres from 0.2 to 200, such as 3.5, or feet, such as 12 ft"
        )
    })
}

/// A display that hangs on its side.
pub fn turned(display: Hung) -> Hung {
    let ((w, h), (across, down)) = (display.size_mm, display.pixels);
    Hung { size_mm: (h, w), pixels: (down, across), is_turned: true, ..display }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        let hd = (1_920, 1_080);
        for text in ["941x529", "941 529", "941 × 529 mm", "94.1 x 52.9 cm", "94,1x52,9cm"] {
            assert_eq!(size_mm(text, hd), Ok((941.0, 529.0)), "{text}");
        }
        for text in ["43in", "43\"", "43 inches", "43″"] {
            assert_eq!(size_mm(text, hd), Ok((951.9, 535.5)), "{text}");
        }
        let why = size_mm("1000x529", hd).expect_err("it does not fit");
        assert!(why.contains("1000 mm wide would be 562.5 mm high"), "{why}");
        for text in ["", "43", "941", "x", "1x1x1", "9 x 5", "43 in x 24 in", "NaN", "inf x inf"] {
            assert!(size_mm(text, hd).is_err(), "{text}");
        }
    }

    #[test]
    fn pixels_are_one_pair_for_all_or_one_for_each() {
        assert_eq!(pixels("1920x1080", 2), Ok(vec![(1_920, 1_080); 2]));
        assert_eq!(pixels("1920x1080, 3840x2160", 2), Ok(vec![(1_920, 1_080), (3_840, 2_160)]));
        for text in ["", "1920", "1920x", "1 x 1", "99999x1080", "1920x1080 1x1 1x1"] {
            assert!(pixels(text, 2).is_err(), "{text}");
        }
    }

    #[test]
    fn places_gaps_and_distances() {
        assert_eq!((columns("row", 3), columns("column", 3), columns("4x2", 8)), (Ok(3), Ok(1), Ok(4)));
        assert!(columns("3x2", 8).is_err() && columns("grid", 8).is_err());
        assert_eq!(monitors("3 1,2", 3), Ok(vec![2, 0, 1]));
        assert_eq!(monitors("none", 3), Ok(vec![]));
        assert!(monitors("1 1", 3).is_err() && monitors("4", 3).is_err() && monitors("all", 3).is_err());
        assert_eq!((gap_mm("10"), gap_mm("10 mm, 12.5")), (Ok((10.0, 10.0)), Ok((10.0, 12.5))));
        assert!(gap_mm("-3").is_err() && gap_mm("wide").is_err() && gap_mm("2000").is_err());
        for (text, is) in [("3.5", 3.5), ("3,5 m", 3.5), ("12 ft", 3.7), ("12'", 3.7), ("4 metres", 4.0)] {
            assert_eq!(metres(text), Ok(is), "{text}");
        }
        for text in ["far", "", "0", "1000", "-3", "NaN", "3 miles"] {
            assert!(metres(text).is_err(), "{text}");
        }
    }
}
