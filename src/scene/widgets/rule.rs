//! The condition of an alert as people say it: `negative share above 40 % over 15 min`.

use super::figures::THIN;

/// The words of a rule as it stands in the layout.
pub fn words(rule: &str) -> String {
    let said: Vec<String> = rule.split_whitespace().map(word).collect();
    said.join(" ").replace(" per minute", " a minute")
}

fn word(word: &str) -> String {
    match word {
        ">" => "above".into(),
        ">=" => "at least".into(),
        "<" => "below".into(),
        "<=" => "at most".into(),
        _ if word.contains('_') => word.replace('_', " "),
        _ => {
            match word.split_at(word.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(word.len())) {
                ("", _) => word.into(),
                (number, "%") => format!("{number}{THIN}%"),
                (number, "m") => format!("{number}{THIN}min"),
                (number, unit @ ("s" | "h" | "d")) => format!("{number}{THIN}{unit}"),
                _ => word.into(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_told_in_words() {
        let rule = "negative_share > 40% over 15m and mentions >= 50";
        let said = words(rule).replace(THIN, " ");
        assert_eq!(said, "negative share above 40 % over 15 min and mentions at least 50");
        assert_eq!(words("mentions < 3 over today"), "mentions below 3 over today");
    }
}
