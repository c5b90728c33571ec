//! Texts that show nothing: white space, and what has no shape of its own.

/// Whether nobody would see anything of a text.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| c.is_whitespace() || is_shapeless(c))
}

/// Letters and signs without a shape: fillers, joiners, selectors, marks of direction, the empty
/// pattern of Braille.
fn is_shapeless(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_is_blank() {
        let blank = [
            "",
            " \u{3000}\u{a0}",
            "\u{200b}",
            "\u{fe0f}",
            "\u{2800}\u{2800}",
            "\u{3164}",
            "\u{2060}\u{ad}",
            "\u{115f}\u{1160}",
            "\u{200d}\u{fe0e}",
            "\u{e0020}",
        ];
        assert!(blank.into_iter().all(is_blank));
        assert!(!["a", "\u{2801}", "❤\u{fe0f}", "한", "…", "\u{200b}."].into_iter().any(is_blank));
    }
}
