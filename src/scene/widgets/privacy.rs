//! What visitors must not see of the people who speak.

/// The text with every `@name` made anonymous.
pub fn without_handles(text: &str) -> String {
    let word = |w: &str| if w.starts_with('@') && w.len() > 1 { "@…".into() } else { w.to_owned() };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_is_hidden_but_an_address_is_not_mangled() {
        assert_eq!(without_handles("hi @joe, mail a@b.org @ once"), "hi @… mail a@b.org @ once");
    }
}
