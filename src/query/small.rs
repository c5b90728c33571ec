//! Operators in small letters: words to a query, operators to many who write them.

use std::ops::Range;

use super::scan::{Item, scan};

/// Every word of a query that reads as an operator where one may stand, with its bytes and how the
/// operator is written. Words in quotes are meant as words.
pub fn small_operators(text: &str) -> Vec<(Range<usize>, String)> {
    let items = scan(text).unwrap_or_default();
    let part = |i: Option<usize>| i.and_then(|i| items.get(i)).map(|(_, item)| *item);
    let found = items.iter().enumerate().filter_map(|(i, (at, item))| {
        let Item::Word(word) = item else { return None };
        let operator = operator(word)?;
        let left = part(i.checked_sub(1)).is_some_and(ends_a_part);
        let right = part(Some(i + 1)).is_some_and(begins_a_part);
        (right && (left || operator == "NOT")).then(|| (at.clone(), operator))
    });
    found.collect()
}

fn operator(word: &str) -> Option<String> {
    let large = word.to_ascii_uppercase();
    let is_near = large.strip_prefix("NEAR/").is_some_and(|n| n.parse::<u32>().is_ok());
    (is_near || ["AND", "OR", "NOT"].contains(&large.as_str())).then_some(large)
}

fn ends_a_part(item: Item<'_>) -> bool {
    matches!(item, Item::Word(_) | Item::Quote(_) | Item::Field(_) | Item::Close)
}

fn begins_a_part(item: Item<'_>) -> bool {
    matches!(item, Item::Word(_) | Item::Quote(_) | Item::Field(_) | Item::Open | Item::Not)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_reads_as_an_operator_is_found() {
        for (query, operators) in [
            ("aurora or borealis", &["OR"][..]),
            ("aurora Or (borealis and hot) not lang:de", &["OR", "AND", "NOT"]),
            ("not aurora b", &["NOT"]),
            ("aurora near/5 hot", &["NEAR/5"]),
            ("aurora or NOT hot", &["OR"]),
            ("\"fish and chips\" \"or\" aurora", &[]),
            ("aurora OR or", &[]),
            ("or aurora", &[]),
            ("near aurora order", &[]),
        ] {
            let found: Vec<String> =
                small_operators(query).into_iter().map(|(_, operator)| operator).collect();
            assert_eq!(found, operators, "{query}");
        }
        assert_eq!(small_operators("a or b")[0].0, 2..4);
    }
}
