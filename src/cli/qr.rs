//! A QR code on a terminal: two rows of modules in a line.

use std::io::IsTerminal as _;

use qrcodegen::{QrCode, QrCodeEcc};

use super::terminal::Terminal;

/// Light modules around the code, as ISO/IEC 18004 asks for; half of it, so that it fits a small terminal.
const QUIET: i32 = 2;

/// The code of `text` in lines; nothing where standard error is no terminal, or one that cannot show it.
pub fn lines(text: &str) -> String {
    match std::io::stderr().is_terminal() && Terminal::err().unicode {
        true => drawn(text),
        false => String::new(),
    }
}

fn drawn(text: &str) -> String {
    // An address is far shorter than a code can hold.
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Low) else { return String::new() };
    let mut out = String::new();
    for y in (-QUIET..code.size() + QUIET).step_by(2) {
        for x in -QUIET..code.size() + QUIET {
            // Terminals are dark: what is light in the code is drawn.
            out.push(match (code.get_module(x, y), code.get_module(x, y + 1)) {
                (false, false) => '█',
                (false, true) => '▀',
                (true, false) => '▄',
                (true, true) => ' ',
            });
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_square_with_a_light_edge() {
        let drawn = drawn("https://192.0.2.7:8460/remote");
        let rows: Vec<&str> = drawn.lines().collect();
        let width = rows[0].chars().count();
        assert!(rows.iter().all(|row| row.chars().count() == width));
        assert_eq!(rows.len(), width.div_ceil(2));
        assert!(rows[0].chars().all(|c| c == '█'), "{drawn}");
        assert!(drawn.contains(' '), "it has dark modules");
    }
}
