//! JSONPath (RFC 9535), bounded.

use serde_json_path::JsonPath;

/// Most filters (`[?`) of one path: reading it takes twice as long for each that is nested.
const MAX_FILTERS: usize = 6;

/// Reads a JSONPath of at most six filters; the error has the character's byte where it is wrong,
/// and why.
pub fn parse(path: &str) -> Result<JsonPath, (usize, String)> {
    if let Some((at, _)) = path.match_indices('?').nth(MAX_FILTERS) {
        return Err((at, format!("no JSONPath: more than {MAX_FILTERS} filters; take some away")));
    }
    JsonPath::parse(path).map_err(|error| (error.position(), format!("no JSONPath: {}", error.message())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_of_endless_filters_is_refused_at_once() {
        assert!(parse("$.a[?@.b[?@.c]][?@.d]").is_ok());
        let nested = "$".to_owned() + &"[?@.a".repeat(60);
        let (at, why) = parse(&nested).expect_err("it is too deep");
        assert_eq!((at, why.contains("take some away")), (1 + 6 * 5 + 1, true));
    }
}
