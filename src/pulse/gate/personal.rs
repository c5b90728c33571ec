//! Personal data in a text: e-mail addresses, telephone numbers, numbers of payment cards.

/// Digits of a telephone number (ITU-T E.164 has at most 15), and of a payment card (ISO/IEC 7812).
const PHONE: std::ops::RangeInclusive<usize> = 9..=15;
const CARD: std::ops::RangeInclusive<usize> = 13..=19;

/// What personal data a text contains, in words; `None` for none.
pub fn personal_data(text: &str) -> Option<&'static str> {
    if has_address(text) {
        return Some("an e-mail address");
    }
    runs(text).find_map(|run| match run.digits.len() {
        n if CARD.contains(&n) && is_card(&run.digits) => Some("the number of a payment card"),
        n if PHONE.contains(&n) && run.is_dialled() => Some("a telephone number"),
        _ => None,
    })
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
        self.has_plus || self.digits.starts_with(&[0, 0]) || (grouped && !is_number)
    }
}

/// Numbers that may be somebody's. What stands beside a letter, as in an address or a code, is none; nor is a date
/// with a time.
fn runs(text: &str) -> impl Iterator<Item = Run> + '_ {
    let joins = |c: char| matches!(c, ' ' | '-' | '.' | '/' | '(' | ')' | '\u{a0}' | '\u{2011}' | '\u{202f}');
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
        ] {
            let found = personal_data(text);
            assert_eq!(found, None, "{text}");
        }
    }
}
