//! Files that are something else altogether: one word about what they are says more than an error
//! for each of their lines.

use crate::layout::problem::Problem;

/// How files of other kinds begin, and what they are.
const HEADS: [(&[u8], &str); 14] = [
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a zstd archive"),
    (b"RIFF", "a picture or a recording"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"{\\rtf", "an RTF document"),
    (b"#!", "a script"),
    (b"<?xml", "XML"),
];
/// How a journal begins.
const SQLITE: &[u8] = b"SQLite format 3\0";
/// What to do about a file that is no layout.
pub const HELP: &str = "A layout is a TOML text file; layouts/demo.toml is a good start.";

/// What a file is when its bytes are no text at all.
pub fn bytes(bytes: &[u8]) -> Option<Problem> {
    if bytes.starts_with(SQLITE) {
        let help = "To play a journal, use `fishbowl replay`; the layout is a separate file.";
        return Some(whole("this is a database, perhaps a journal, not a layout", help));
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Some(whole("the layout is saved as UTF-16", "Save the file as UTF-8."));
    }
    if let Some((_, what)) = HEADS.iter().find(|(head, _)| bytes.starts_with(head)) {
        return Some(whole(&format!("this is {what}, not a layout"), HELP));
    }
    let controls = bytes.iter().filter(|b| **b < b' ' && !b.is_ascii_whitespace()).count();
    let is_binary = bytes.contains(&0) || controls * 20 > bytes.len();
    is_binary.then(|| whole("this is a binary file, not a layout", HELP))
}

/// What a text is that nobody meant as TOML. To be asked only of a file that is not TOML.
pub fn text(text: &str) -> Option<Problem> {
    let body = text.trim_start();
    let what = if body.starts_with('<') {
        "HTML or XML"
    } else if body.starts_with('{') || is_json(body) {
        "JSON"
    } else if is_toml(body) {
        return None;
    } else if is_yaml(body) {
        "YAML"
    } else {
        return Some(whole("this is not TOML", HELP));
    };
    Some(whole(&format!("this is {what}, not TOML"), HELP))
}

/// True for a file without any word.
pub fn is_empty(text: &str) -> bool {
    lines(text).next().is_none()
}

/// What is said of a file without any word.
pub fn empty() -> Problem {
    whole("the file is empty", HELP)
}

/// One word in place of an error for nearly every line, as of an INI file.
pub fn mostly(text: &str, errors: usize) -> bool {
    errors >= 5 && 2 * errors > lines(text).count()
}

fn whole(message: &str, help: &str) -> Problem {
    Problem::error("not-toml", 0..0, message).help(help)
}

fn is_json(text: &str) -> bool {
    text.starts_with('[') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// True when any line is a table's head or has a key before a `=`: then somebody meant TOML.
fn is_toml(text: &str) -> bool {
    lines(text).any(|line| {
        let is_key = |key: &str| {
            let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '"' | '\'' | ' ');
            !key.trim().is_empty() && key.trim().split(' ').count() == 1 && key.chars().all(is_part)
        };
        let head = line.strip_prefix('[').map(|rest| rest.trim_start_matches('['));
        let is_head = head.is_some_and(|rest| is_key(rest.split([']', '#']).next().unwrap_or_default()));
        is_head || line.split_once('=').is_some_and(|(key, _)| is_key(key))
    })
}

/// True when most lines are YAML's keys or items.
fn is_yaml(text: &str) -> bool {
    let is_item = |line: &&str| line.starts_with("- ") || line.ends_with(':') || line.contains(": ");
    text.starts_with("---") || 2 * lines(text).filter(is_item).count() > lines(text).count()
}

/// Lines that say something.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_toml_is_called_by_its_name() {
        for (file, what) in [
            ("{\"wall\": {\"name\": \"x\"}}", "JSON"),
            ("{\"wall\": ", "JSON"),
            ("[\n  {\"a\": 1},\n  2\n]", "JSON"),
            ("wall:\n  name: x\n  viewer_m: 3\n", "YAML"),
            ("---\n- a\n", "YAML"),
            ("<html><a href=\"x\">", "HTML"),
            ("Dear all,\nthe wall hangs at last.\n", "this is not TOML"),
            ("name,size,at\nleft,941,0\n", "this is not TOML"),
        ] {
            assert!(text(file).is_some_and(|p| p.message.contains(what)), "{file}");
        }
        for toml in ["[wall\nname = 3", "viewer_m = = 3", "a.b = [1,", "[[display]]\n} {"] {
            assert_eq!(text(toml), None, "{toml}");
        }
    }

    #[test]
    fn a_file_of_nothing_but_errors_is_told_from_one_with_some() {
        let ini = "[wall]\nname=A wall\nviewer=far\ncolour=blue\nsize=large\nplace=lobby\n";
        assert!(mostly(ini, 5) && !mostly(ini, 3) && !mostly(&ini.repeat(4), 5));
        assert!(is_empty(" \n# nothing\n") && !is_empty("x"));
    }

    #[test]
    fn bytes_that_are_no_text_are_told() {
        for (file, what) in [
            (&b"\x89PNG\r\n\x1a\n"[..], "PNG"),
            (b"SQLite format 3\0\x10", "journal"),
            (b"\xff\xfe[\0w\0", "UTF-16"),
            (b"a\0b", "binary"),
            (b"#!/bin/sh\nX=1\n", "script"),
        ] {
            assert!(bytes(file).is_some_and(|p| p.message.contains(what)), "{what}");
        }
        assert_eq!(bytes("[wall]\r\n\tname = \"Größe\"\n".as_bytes()), None);
    }
}
