//! JSONPath (RFC 9535), bounded.

use serde_json_path::JsonPath;

/// Most filters (`[?`) of one path: reading it takes twice as long for each that is nested.
const MAX_FILTERS: usize = 6;
/// Most parentheses of one path: thousands, each in the last, would take more than the stack.
const MAX_GROUPS: usize = 32;

/// Reads a JSONPath of at most six filters and 32 parentheses; the error has the character's byte
/// where it is wrong, and why.
pub fn parse(path: &str) -> Result<JsonPath, (usize, String)> {
    for (sign, most, what) in [('?', MAX_FILTERS, "filters"), ('(', MAX_GROUPS, "parentheses")] {
        if let Some((at, _)) = path.match_indices(sign).nth(most) {
            return Err((at, format!("not a JSONPath: more than {most} {what}; remove some")));
        }
    }
    if let Some(at) = open_escape(path) {
        return Err((
            at,
            "not a JSONPath: `\\u` must be followed by four hex digits, and the quote must be closed".into(),
        ));
    }
    JsonPath::parse(path).map_err(|error| (error.position(), format!("not a JSONPath: {}", error.message())))
}

/// Where a `\u` stands so near to the end that no path can be closed behind it: serde_json_path 0.7
/// panics there.
fn open_escape(path: &str) -> Option<usize> {
    const CLOSED: usize = r"\u0000']".len();
    let at = path.rfind("\\u")?;
    let escaped = path[..at].bytes().rev().take_while(|byte| *byte == b'\\').count() % 2 == 1;
    (!escaped && path.len() - at < CLOSED).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_path_is_told_with_its_place() {
        assert!(parse("$.a[?@.b == 'c'].d").is_ok());
        let (at, why) = parse("$.a[").expect_err("a bracket is open");
        assert!((2..=4).contains(&at) && why.starts_with("not a JSONPath: "), "{at}: {why}");
    }

    #[test]
    fn a_path_of_endless_filters_is_refused_at_once() {
        assert!(parse("$.a[?@.b[?@.c]][?@.d]").is_ok());
        let nested = "$".to_owned() + &"[?@.a".repeat(60);
        let (at, why) = parse(&nested).expect_err("it is too deep");
        assert_eq!((at, why.contains("remove some")), (1 + 6 * 5 + 1, true));
        assert!(parse("$[?(((@.a)) && !(@.b))]").is_ok());
        assert!(parse(&("$[?".to_owned() + &"!(".repeat(50_000))).is_err());
    }

    #[test]
    fn an_escape_that_is_cut_off_is_refused() {
        for wrong in [r"$['\u", r"$['\u00e", r"$['\ud83d", r"$['\ud83d\", r"$['\ud83d\ude00", r"$['\u00e9'"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        for fine in [r"$['\u00e9']", r"$['\\u']", r"$['a\\\u00e9']", r"$['\uD83D\uDE00']"] {
            assert!(parse(fine).is_ok(), "{fine}");
        }
    }
}
