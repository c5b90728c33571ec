//! Personal data in a text: e-mail addresses, telephone numbers, numbers of payment cards and of bank accounts, also
//! where they are written with other digits or with characters that nobody sees.

use unicode_normalization::UnicodeNormalization as _;

/// Digits of a telephone number (ITU-T E.164 has at most 15), and of a payment card (ISO/IEC 7812).
const PHONE: std::ops::RangeInclusive<usize> = 9..=15;
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// What personal data a text contains, in words; `None` for none.
pub fn personal_data(text: &str) -> Option<&'static str> {
    let text = &plain(text);
    if has_address(text) {
        return Some("an e-mail address");
    }
    if has_account(text) {
        return Some("the number of a bank account");
    }
    if is_linked(text) {
        return Some("a telephone number");
    }
    runs(text).find_map(|run| match run.digits.len() {
        n if CARD.contains(&n) && is_card(&run.digits) => Some("the number of a payment card"),
        n if PHONE.contains(&n) && run.is_dialled() => Some("a telephone number"),
        _ => None,
    })
}

/// The zeros of scripts that have decimal digits of their own and are written on the web (Unicode, `Nd`).
const ZEROS: [u32; 19] = [
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x17e0, 0x1810,
];

/// The text in its compatibility form (NFKC) with ASCII digits, without what nobody sees.
fn plain(text: &str) -> String {
    let digit = |c: char| {
        let value = ZEROS.iter().find_map(|zero| u32::from(c).checked_sub(*zero).filter(|value| *value < 10));
        value.and_then(|value| char::from_digit(value, 10)).unwrap_or(c)
    };
    let is_unseen = |c: &char| {
        matches!(c, '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
    };
    text.chars().filter(|c| !is_unseen(c)).nfkc().map(digit).collect()
}

/// Addresses that dial a number: `tel:`, WhatsApp's and Telegram's.
fn is_linked(text: &str) -> bool {
    let small = text.to_ascii_lowercase();
    ["tel:", "wa.me/", "t.me/+", "phone="].iter().any(|before| {
        small.match_indices(before).any(|(at, _)| {
            let number = small[at + before.len()..].trim_start_matches('+');
            let count = |c: &char| c.is_ascii_digit() || matches!(c, '-' | '.' | ' ' | '(' | ')');
            number.chars().take_while(count).filter(char::is_ascii_digit).count() >= 7
        })
    })
}

/// An IBAN: two letters of a country, two digits, and 11 to 30 letters and digits whose remainder is right (ISO 13616).
fn has_account(text: &str) -> bool {
    let chars: Vec<char> = text.chars().collect();
    let begins = |i: &usize| {
        let outside = *i == 0 || !chars[i - 1].is_alphanumeric();
        let head: Vec<char> = chars[*i..].iter().take(4).copied().collect();
        outside
            && matches!(head[..], [a, b, c, d] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic()
            && c.is_ascii_digit() && d.is_ascii_digit())
    };
    (0..chars.len()).filter(begins).any(|i| {
        let written = chars[i..].iter().take_while(|c| c.is_ascii_alphanumeric() || **c == ' ' || **c == '-');
        let all: Vec<u32> = written.filter_map(|c| c.to_digit(36)).take(34).collect();
        // Words may follow it.
        (15..=all.len()).any(|end| is_account(&all[..end]))
    })
}

/// The remainder of the number with its first four characters at the end, letters as 10 to 35, is 1 (ISO 7064, 97-10).
fn is_account(values: &[u32]) -> bool {
    let moved = values[4..].iter().chain(&values[..4]);
    let digits = values[4..].iter().filter(|value| **value < 10).count();
    let rest = moved.fold(0, |rest, value| match value {
        0..=9 => (rest * 10 + value) % 97,
        _ => (rest * 100 + value) % 97,
    });
    rest == 1 && digits * 2 >= values.len() - 4
}

/// Digits that stand together, as people write numbers.
#[derive(Debug, Default)]
struct Run {
    digits: Vec<u8>,
    has_plus: bool,
    /// How many digits each group has, and what stands before it.
    groups: Vec<(char, usize)>,
}

impl Run {
    /// Whether it is written as telephone numbers are, and not as a large number or a fraction.
    fn is_dialled(&self) -> bool {
        let dots = self.groups.iter().skip(1).all(|(before, _)| *before == '.');
        let thousands = self.groups.iter().skip(1).all(|(_, digits)| *digits == 3) && self.groups[0].1 <= 3;
        let is_number = self.digits[0] != 0 && thousands;
        let grouped = self.groups.len() >= if dots { 3 } else { 2 };
        self.has_plus || self.digits.starts_with(&[0, 0]) || (grouped && !is_number) || self.is_national()
    }

    /// Written in one: with the zero before an area, or as in North America, where neither an area nor an exchange
    /// begins with 0 or 1.
    fn is_national(&self) -> bool {
        match self.digits[..] {
            _ if self.groups.len() > 1 => false,
            [0, area, ..] => area != 0 && (10..=12).contains(&self.digits.len()),
            [area, _, _, exchange, ..] => area >= 2 && exchange >= 2 && self.digits.len() == 10,
            _ => false,
        }
    }
}

/// Numbers that may be somebody's. What stands beside a letter, as in an address or a code, is none; nor is a date
/// with a time.
fn runs(text: &str) -> impl Iterator<Item = Run> + '_ {
    let joins = |c: char| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '_' | '\u{2010}'..='\u{2015}');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| c.is_ascii_digit() || c == '+')?;
        let before = text[..start].chars().next_back();
        let mut run = Run::default();
        let (mut end, mut gap) = (start, Some(' '));
        for (offset, c) in text[start..].char_indices() {
            match c {
                '+' if offset == 0 => run.has_plus = true,
                '0'..='9' => {
                    run.digits.push(c as u8 - b'0');
                    match (gap.take(), run.groups.last_mut()) {
                        (None, Some((_, digits))) => *digits += 1,
                        (gap, _) => run.groups.push((gap.unwrap_or(' '), 1)),
                    }
                    end = start + offset + 1;
                }
                c if joins(c) && run.digits.len() <= *CARD.end() => gap = Some(c),
                _ => break,
            }
        }
        at = end.max(start + 1);
        let after = text[end..].chars().next();
        let is_code = |c: Option<char>| {
            c.is_some_and(|c| c.is_alphabetic() || matches!(c, '_' | '#' | '@' | '=' | ':' | '/'))
        };
        if is_code(before) || is_code(after) {
            run.digits.clear();
        }
        Some(run)
    })
}

/// Luhn's check (ISO/IEC 7812-1, annex B).
fn is_card(digits: &[u8]) -> bool {
    let doubled = |(i, digit): (usize, &u8)| match i % 2 {
        0 => u32::from(*digit),
        _ => u32::from(*digit * 2 / 10 + *digit * 2 % 10),
    };
    digits[0] != 0 && digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// `name@host.tld`, and no handle of another server.
fn has_address(text: &str) -> bool {
    text.match_indices('@').any(|(at, _)| {
        let is_local = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
        let local = text[..at].chars().rev().take_while(|c| is_local(*c)).count();
        let before = text[..at].chars().rev().nth(local);
        let host: String =
            text[at + 1..].chars().take_while(|c| c.is_alphanumeric() || matches!(c, '.' | '-')).collect();
        let top = host.trim_end_matches('.').rsplit_once('.').map_or("", |(_, top)| top);
        local > 0 && before != Some('@') && top.chars().count() >= 2 && top.chars().all(char::is_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_addresses_of_people_are_found() {
        for (text, what) in [
            ("write to jo.doe+x@mail.example.org now", "an e-mail address"),
            ("ring +49 30 123 456 78", "a telephone number"),
            ("ring 0049 (30) 1234567.", "a telephone number"),
            ("(212) 555-0142 any time", "a telephone number"),
            ("030/123 45 67", "a telephone number"),
            ("mine is 4111 1111 1111 1111", "the number of a payment card"),
            ("5500-0000-0000-0004", "the number of a payment card"),
            ("4111_1111_1111_1111", "the number of a payment card"),
            ("\u{ff14}\u{ff11}11 1111 1111 1111", "the number of a payment card"),
            ("2125550142", "a telephone number"),
            ("01711234567", "a telephone number"),
            ("tel:+49301234567", "a telephone number"),
            ("wa.me/4930123456789", "a telephone number"),
            ("030\u{2013}1234567", "a telephone number"),
            ("030 \u{200b}123\u{200b}4567", "a telephone number"),
            ("\u{ff10}\u{ff13}\u{ff10} 1234567", "a telephone number"),
            ("\u{660}\u{663}\u{660} \u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}", "a telephone number"),
            ("jo\u{ff20}mail.example", "an e-mail address"),
            ("pay to DE89 3704 0044 0532 0130 00 please", "the number of a bank account"),
            ("gb82west12345698765432", "the number of a bank account"),
        ] {
            assert_eq!(personal_data(text), Some(what), "{text}");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "",
            "1,234,567 views",
            "in 2026-11-29 at 12:30:45",
            "3.14159265358979",
            "order 123456789012",
            "4111 1111 1111 1112 is none",
            "#20261129123456",
            "hey @jo@mastodon.example",
            "@ home",
            "10 000 000 people",
            "1 234 567 890 people",
            "1.234.567.890 people",
            "2026-11-29 12:30:45",
            "v1.2.3-45",
            "https://x.example/status/1234567890123456789",
            "1764464000 seconds",
            "DE89 3704 0044 0532 0130 01 is none",
            "hotel: 1234",
            "AB12 is the gate, then CD34 and so on for the whole day",
        ] {
            let found = personal_data(text);
            assert_eq!(found, None, "{text}");
        }
    }
}
