//! A title and a body as one text.

/// Title and body as one text, with a mark between them where the title has none; the title alone
/// where the body says no more.
pub(in crate::feed) fn headline(title: &str, body: &str) -> String {
    let ended = title.ends_with(['.', '!', '?', ':', '…', '。', '！', '？']);
    match (title.trim(), body.trim()) {
        (title, "") => title.to_owned(),
        ("", body) => body.to_owned(),
        (title, body) if body.starts_with(title) => body.to_owned(),
        (title, body) if ended => format!("{title} {body}"),
        (title, body) => format!("{title} – {body}"),
    }
}

#[cfg(test)]
mod tests {
    use super::headline;

    #[test]
    fn a_headline_stands_before_its_text() {
        assert_eq!(headline("Battery", "It lasts."), "Battery – It lasts.");
        assert_eq!(headline("Battery?", "It lasts."), "Battery? It lasts.");
        assert_eq!(headline("It lasts", "It lasts long."), "It lasts long.");
        assert_eq!((&*headline("", " a "), &*headline("b ", "")), ("a", "b"));
    }
}
