//! Words for readers whose locale has no Unicode.

/// The same words in ASCII as far as this house's own typography goes: arrows, dashes, quotes and
/// signs. Letters of other languages are left as they are.
pub fn ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match plain(c) {
            Some(words) => out.push_str(words),
            None => out.push(c),
        }
    }
    out
}

fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        '→' => "->",
        '←' => "<-",
        '×' => "x",
        '÷' => "/",
        '–' | '—' | '‐' | '‑' | '−' => "-",
        '…' => "...",
        '“' | '”' | '„' | '«' | '»' => "\"",
        '‘' | '’' | '‚' => "'",
        '·' | '•' => "*",
        '°' => " degrees",
        'µ' => "u",
        '≤' => "<=",
        '≥' => ">=",
        '±' => "+-",
        '≈' => "~",
        '⚠' => "!",
        '✓' => "+",
        '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' => " ",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typography_becomes_ascii_and_languages_stay() {
        assert_eq!(
            ascii("left → DP-1, 1920 × 1080 – “aurora”…"),
            "left -> DP-1, 1920 x 1080 - \"aurora\"..."
        );
        assert_eq!(ascii("オーロラ Größe"), "オーロラ Größe");
    }
}
