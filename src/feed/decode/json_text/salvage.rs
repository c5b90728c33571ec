//! What can be read of a document in which some records are broken: each of them is mended alone or
//! left out, and the others stay.

use serde_json::Value;

use super::mend::mended;

/// Most records of one document that are mended or left out.
const MAX_BROKEN: usize = 64;
/// Ends of one record that are tried.
const MAX_ENDS: usize = 256;
/// Most bytes that are read again and again for it.
const MAX_READ: usize = 256 << 20;

/// The document without the records that are beyond mending, and their number. `None` where what is
/// broken lies outside of a list of objects, where it was cut off, or where too much is broken.
pub(super) fn salvage(text: &str) -> Option<(Value, usize)> {
    let mut text = text.trim_start_matches(['\u{feff}', '\0']).trim_end_matches('\0').to_owned();
    let mut left_out = 0;
    for _ in 0..MAX_BROKEN.min(MAX_READ / text.len().max(1)) {
        let error = match serde_json::from_str(&text) {
            Ok(value) => return Some((value, left_out)),
            Err(error) => error,
        };
        if error.is_eof() {
            return None;
        }
        let broken = Broken::at(&text, offset(&text, &error))?;
        let record = mended(&text.as_bytes()[broken.start..broken.end]);
        if serde_json::from_str::<Value>(&record).is_ok() {
            text.replace_range(broken.start..broken.end, &record);
        } else {
            left_out += 1;
            broken.cut(&mut text);
        }
    }
    None
}

/// The byte that an error names.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let before = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
    (before + error.column().saturating_sub(1)).min(text.len())
}

/// Where a broken record lies: an object of a list.
struct Broken {
    start: usize,
    /// Behind its closing brace.
    end: usize,
    /// Where the record after it begins.
    next: Option<usize>,
}

impl Broken {
    /// The innermost object of a list around a fault. It ends where another of its kind begins,
    /// known by the same first key, or the list ends; first of all where its brackets are balanced.
    fn at(text: &str, fault: usize) -> Option<Self> {
        let start = element(text.as_bytes(), fault)?;
        let braces = text[fault..].match_indices('}').map(|(at, _)| fault + at + 1);
        let mut ends = balanced(text, start).take(MAX_ENDS).chain(braces.take(MAX_ENDS));
        ends.find_map(|end| Self::ending(text, start, end))
    }

    /// The record if it may end there.
    fn ending(text: &str, start: usize, end: usize) -> Option<Self> {
        let behind = text[end..].trim_start();
        if let Some(next) = behind.strip_prefix(',').map(str::trim_start) {
            let begins = next.starts_with('{') && kind(next) == kind(&text[start..]);
            return begins.then(|| Self { start, end, next: Some(text.len() - next.len()) });
        }
        let closed = behind.strip_prefix(']').map(str::trim_start)?;
        let over = closed.is_empty() || closed.starts_with([',', '}', ']']);
        over.then_some(Self { start, end, next: None })
    }

    /// Takes the record out, with the comma that parts it from its neighbour.
    fn cut(&self, text: &mut String) {
        match self.next {
            Some(next) => text.replace_range(self.start..next, ""),
            None => {
                let before = text[..self.start].trim_end();
                let start = before.strip_suffix(',').unwrap_or(before).len();
                text.replace_range(start..self.end, "");
            }
        }
    }
}

/// Behind which braces as many brackets are closed as were opened from `start` on, those within
/// strings too.
fn balanced(text: &str, start: usize) -> impl Iterator<Item = usize> {
    let (mut braces, mut brackets) = (0_i64, 0_i64);
    let bytes = text.bytes().enumerate().skip(start);
    bytes.filter_map(move |(at, byte)| {
        match byte {
            b'{' => braces += 1,
            b'}' => braces -= 1,
            b'[' => brackets += 1,
            b']' => brackets -= 1,
            _ => {}
        }
        (byte == b'}' && braces == 0 && brackets == 0).then_some(at + 1)
    })
}

/// An object's first key, with its quotation marks.
fn kind(object: &str) -> &str {
    let inside = object.strip_prefix('{').unwrap_or(object).trim_start();
    inside.split_once(':').map_or("", |(key, _)| key.trim_end())
}

/// Where the innermost object begins that is an element of a list and open at `fault`; all before
/// `fault` is JSON.
fn element(text: &[u8], fault: usize) -> Option<usize> {
    // What is open: a list, or an object with where it begins.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut inside = false;
    let mut escaped = false;
    for (at, byte) in text.iter().enumerate().take(fault) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            _ if inside => {}
            b'{' => open.push(Some(at)),
            b'[' => open.push(None),
            b'}' | b']' => drop(open.pop()),
            _ => {}
        }
    }
    open.windows(2).rev().find_map(|pair| match pair {
        [None, object] => *object,
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::feed::decode::json_text::document;

    fn read(text: &str) -> Option<(Value, usize)> {
        document(text.as_bytes()).ok()
    }

    #[test]
    fn a_broken_record_costs_itself_and_no_other() {
        let good = |id: u32| json!({"id": id, "t": "fine", "m": [{"id": 9}]});
        let rest = |bad: &str| {
            let (one, two) = (good(1), good(2));
            let list = format!(r#"{{"items": [{one}, {bad} , {two}], "next": "x"}}"#);
            (read(&list), json!({"items": [one, two], "next": "x"}))
        };
        for bad in [
            r#"{"id": 3, "t": "he said "no" to it", "m": [{"id": 8}, {"id": 7}]}"#,
            r#"{"id": 3, "t": "a 5" screen"}"#,
            r#"{"id": 3, "t": "open}"#,
            r#"{"id": 3, "t" "no colon"}"#,
            r#"{"id": 3 "t": 4}"#,
        ] {
            let (read, expected) = rest(bad);
            assert_eq!(read, Some((expected, 1)), "{bad}");
        }
    }

    #[test]
    fn a_neighbour_that_can_be_mended_is() {
        let list =
            r#"[{"id":1,"t":"a 5" screen"},{"id":2,"t":"half \ud83d"},{"id":3,"t":"x"},{"id":4,"t":a b}]"#;
        let expected = json!([{"id": 2, "t": "half \u{fffd}"}, {"id": 3, "t": "x"}]);
        assert_eq!(read(list), Some((expected, 2)));
    }

    #[test]
    fn what_was_cut_off_or_is_broken_outside_of_records_is_not_json() {
        for broken in [
            r#"[{"id":1},{"id":2,"t":"cu"#,
            r#"{"a" 1, "items": []}"#,
            r#"[{"id":1}] [{"id":2}]"#,
            "{\"id\":1}\n{\"id\":2}",
            "<html>{}</html>",
            "",
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
