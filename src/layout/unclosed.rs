//! Finds where a text of several lines begins that lacks its opening or closing quotes. TOML's
//! reader tells only where it gave up, which is the end of the file or the next text.

use std::ops::Range;

use crate::layout::problem::Problem;
use crate::layout::schema::ROOT;

/// A text between `"""` or `'''`.
struct Long<'a> {
    /// The opening quotes.
    opens: Range<usize>,
    inside: &'a str,
    is_closed: bool,
}

/// The opening quotes that lack their closing ones: of a text that runs to the end of the file, or
/// that swallows what can only stand outside of it; or the key whose text lacks the opening ones. To
/// be asked only of a file that is not TOML.
pub fn unclosed(text: &str) -> Option<Problem> {
    for long in longs(text) {
        // With an even number of quotes each may be closed, and its text may hold what looks odd.
        let is_odd = text.matches(&text[long.opens.clone()]).count() % 2 == 1;
        let swallowed = swallowed(long.inside, is_odd);
        if long.is_closed && swallowed.is_none() {
            continue;
        }
        let quotes = &text[long.opens.clone()];
        if let Some(key) = unopened(text, long.opens.start) {
            return Some(
                Problem::error("syntax", key, format!("the text below is missing its opening `{quotes}`"))
                    .label("starts here")
                    .and(long.opens, "ends here")
                    .help(format!("Write `{quotes}` after the `=`.")),
            );
        }
        let start = long.opens.end;
        let problem = Problem::error(
            "syntax",
            long.opens,
            format!("the text that starts here with `{quotes}` is never closed"),
        )
        .label("starts here")
        .help(format!("Close it with a line of `{quotes}` after its last row."));
        return Some(match swallowed {
            Some(at) => problem.and(start + at.start..start + at.end, "this is probably meant to follow it"),
            None => problem,
        });
    }
    None
}

/// The key whose text ends with the quotes at this byte and lacks those at its beginning: they stand
/// alone in their line, as closing ones do, and the key above them has nothing yet, or only `""`.
fn unopened(text: &str, closing: usize) -> Option<Range<usize>> {
    let mut end = text[..closing].rfind('\n')? + 1;
    if !text[end..closing].trim().is_empty() {
        return None;
    }
    for line in text[..end].split_inclusive('\n').rev() {
        let (start, written) = (end - line.len(), line.trim());
        if let Some((key, value)) = written.split_once('=').filter(|(key, _)| key.split('.').all(is_key)) {
            let begins = start + line.len() - line.trim_start().len();
            let is_bare = ["", "\"", "\"\"", "'", "''"].contains(&value.trim());
            return is_bare.then(|| begins..begins + key.len() + 1);
        }
        if is_head(written) {
            return None;
        }
        end = start;
    }
    None
}

/// The first line inside of a text that is the head of one of a layout's tables, or with `pairs`
/// gives a key its value.
fn swallowed(inside: &str, pairs: bool) -> Option<Range<usize>> {
    let mut at = 0;
    for line in inside.split_inclusive('\n') {
        let written = line.trim();
        if at > 0 && (is_head(written) || pairs && is_pair(written)) {
            let start = at + line.len() - line.trim_start().len();
            return Some(start..start + written.len());
        }
        at += line.len();
    }
    None
}

/// `[scene.main]`, also with a comment behind it.
fn is_head(line: &str) -> bool {
    let name = line.strip_prefix('[').and_then(|rest| rest.split(']').next()).unwrap_or_default();
    let mut parts = name.trim_start_matches('[').split('.');
    let is_known = parts.next().is_some_and(|root| ROOT.contains(&root.trim()));
    line.contains(']') && is_known && parts.all(is_key)
}

/// `tile.map = …`, where the value begins as values do.
fn is_pair(line: &str) -> bool {
    let Some((key, value)) = line.split_once('=') else { return false };
    let begins = |c: char| matches!(c, '"' | '\'' | '[' | '{' | '+' | '-') || c.is_ascii_digit();
    let value = value.trim_start();
    let is_value = value.starts_with(begins) || value.starts_with("true") || value.starts_with("false");
    key.trim().split('.').all(is_key) && is_value
}

fn is_key(part: &str) -> bool {
    let part = part.trim().trim_matches(['"', '\'']);
    !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}

/// All long texts of a file, comments and short texts passed over.
fn longs(text: &str) -> Vec<Long<'_>> {
    let mut longs = Vec::new();
    let mut at = 0;
    while let Some(step) = text[at..].find(['#', '"', '\'']) {
        at += step;
        let rest = &text[at..];
        at += match ["\"\"\"", "'''"].into_iter().find(|quotes| rest.starts_with(quotes)) {
            Some(quotes) => {
                let (inside, closing) = body(&rest[3..], quotes);
                longs.push(Long { opens: at..at + 3, inside, is_closed: closing > 0 });
                3 + inside.len() + closing
            }
            None => short(rest),
        };
    }
    longs
}

/// What stands before the closing quotes, and how many bytes those are: none when there are none.
fn body<'a>(text: &'a str, quotes: &str) -> (&'a str, usize) {
    let mut from = 0;
    while let Some(step) = text[from..].find(quotes) {
        let end = from + step;
        let escapes = text[..end].bytes().rev().take_while(|b| *b == b'\\').count();
        if quotes == "'''" || escapes % 2 == 0 {
            return (&text[..end], quotes.len());
        }
        from = end + 1;
    }
    (text, 0)
}

/// Bytes of the comment or the text of one line at the start of `rest`.
fn short(rest: &str) -> usize {
    let line = rest.find('\n').unwrap_or(rest.len());
    let quote = match rest.as_bytes().first() {
        Some(b'#') | None => return line.max(1),
        Some(quote) => *quote,
    };
    let mut escaped = false;
    for (i, byte) in rest.bytes().enumerate().take(line).skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quote == b'"' => escaped = true,
            byte if byte == quote => return i + 1,
            _ => {}
        }
    }
    line.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line at which a text is told to begin.
    fn line(text: &str) -> Option<usize> {
        unclosed(text).map(|p| text[..p.span.start].lines().count().max(1))
    }

    const TWO: &str =
        "[scene.a]\npicture = \"\"\"\n1: x\n\"\"\"\n[scene.b]\npicture = \"\"\"\n1: y\n\"\"\"\n";

    #[test]
    fn the_one_that_lacks_its_end_is_told_wherever_it_stands() {
        assert_eq!(line(TWO), None);
        let closing: Vec<usize> = TWO.match_indices("\n\"\"\"\n").map(|(at, _)| at + 1).collect();
        for (closing, begins) in closing.iter().zip([2, 6]) {
            let text = format!("{}{}", &TWO[..*closing], &TWO[closing + 4..]);
            assert_eq!(line(&text), Some(begins), "{text}");
        }
        let at_the_end = "a = 1\nb = '''\nx\n";
        assert_eq!(line(at_the_end), Some(2));
        let keys = "picture = \"\"\"\n4: map | pace\ntile.map.kind = \"heatmap\"\nx = \"\"\"y\"\"\"";
        assert_eq!(line(keys), Some(1));
    }

    #[test]
    fn the_key_that_lacks_its_opening_quotes_is_told() {
        for (opening, begins) in TWO.match_indices("\"\"\"\n1").map(|(at, _)| at).zip([2, 6]) {
            for written in ["", "\"", "\"\"", "''"] {
                let text = format!("{}{written}{}", &TWO[..opening], &TWO[opening + 3..]);
                let told = unclosed(&text).expect("it is told");
                assert_eq!(text[..told.span.start].matches('\n').count() + 1, begins, "{text}");
                assert_eq!(&text[told.span], "picture =", "{text}");
            }
        }
        let list = "[a]\nb = [\n\"\"\"\nx\n";
        assert_eq!(unclosed(list).map(|p| p.span), Some(10..13), "in a list quotes may begin a line");
    }

    #[test]
    fn comments_short_texts_and_escapes_begin_nothing() {
        for sound in [
            "# it's \"\"\" here\na = 1\n",
            "a = \"'''\"\nb = '\"\"\"'\n",
            "a = \"\"\"\none \\\"\"\" two\n\"\"\"\n",
            "a = \"\"\"x\"\"\"\n[b]\n",
            "a = \"\"\"\nprice = 3\n[x]\n\"\"\"\n[scene.a",
            "a = \"don't\"\nb = 'say \"so\"'\n",
            "a = \"\"\"\nx = y [z]\n- [ ] do\n\"\"\"\n",
        ] {
            assert_eq!(line(sound), None, "{sound}");
        }
    }

    proptest::proptest! {
        #[test]
        fn anything_can_be_asked(text in "[\"'#\\\\\\n a=\\[\\]é]{0,40}") {
            let told = unclosed(&text);
            assert!(told.is_none_or(|p| text.get(p.span).is_some()));
        }
    }
}
