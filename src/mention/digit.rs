//! The decimal digits of all scripts as those of ASCII.

/// The noughts of the scripts that have digits of their own and are written today; nine more follow each.
const NOUGHTS: [u32; 22] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x17e0, 0x1810, 0x1946, 0x1a80, 0xff10,
];

/// The digit of ASCII for a decimal digit of another script.
pub fn ascii_digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let nought = NOUGHTS.iter().rev().find(|nought| **nought <= code)?;
    char::from_digit(code - nought, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_all_scripts_are_read() {
        for text in
            ["٢٠٢٦", "۲۰۲۶", "२०२६", "২০২৬", "೨೦೨೬", "௨௦௨௬", "๒๐๒๖", "໒໐໒໖", "២០២៦", "၂၀၂၆", "２０２６"]
        {
            assert_eq!(text.chars().filter_map(ascii_digit).collect::<String>(), "2026", "{text}");
        }
        assert!("2aé電½².".chars().all(|c| ascii_digit(c).is_none()));
    }
}
