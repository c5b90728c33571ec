//! Which parts of a text are plain ASCII.

/// Where the stretch that begins at `start` ends, and whether it is all ASCII. Stretches end behind
/// a space before an ASCII character, where no word goes on and nothing joins.
pub fn stretch(raw: &str, start: usize) -> (usize, bool) {
    let bytes = raw.as_bytes();
    if bytes[start..].is_ascii() {
        return (bytes.len(), true);
    }
    let (mut end, is_ascii) = piece(bytes, start);
    while end < bytes.len() {
        let (next, same) = piece(bytes, end);
        if same != is_ascii {
            break;
        }
        end = next;
    }
    (end, is_ascii)
}

/// The same up to the first such space.
fn piece(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut is_ascii = true;
    for (at, pair) in bytes[start..].windows(2).enumerate() {
        is_ascii &= pair[0].is_ascii();
        if pair[0] == b' ' && pair[1].is_ascii() {
            return (start + at + 1, is_ascii);
        }
    }
    (bytes.len(), is_ascii && bytes.last().is_none_or(u8::is_ascii))
}
