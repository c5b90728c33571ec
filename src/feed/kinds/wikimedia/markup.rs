//! The little markup that summaries of edits have: links, the section, emphasis.
//!
//! <https://www.mediawiki.org/wiki/Help:Edit_summary>.

/// The summary as it would be read out: `[[a|b]]` is `b`, `/* a */ b` is `a: b`.
pub(super) fn plain(comment: &str) -> String {
    let mut out = String::with_capacity(comment.len());
    let mut rest = comment;
    while let Some(at) = rest.find(['[', '/', '\'']) {
        let (before, marked) = rest.split_at(at);
        out.push_str(before);
        rest = passage(marked, &mut out);
    }
    out.push_str(rest);
    out.trim().trim_end_matches(':').to_owned()
}

/// Writes what a mark means and comes back with what follows it.
fn passage<'t>(marked: &'t str, out: &mut String) -> &'t str {
    let between = |open: &str, close: &str| marked.strip_prefix(open)?.split_once(close);
    if let Some((link, rest)) = between("[[", "]]") {
        let (target, label) = link.split_once('|').unwrap_or((link, link));
        out.push_str(if label.is_empty() { target } else { label }.trim_start_matches(':'));
        return rest;
    }
    if let Some((section, rest)) = between("/*", "*/") {
        out.push_str(section.trim());
        out.push(':');
        return rest;
    }
    if let Some(rest) = marked.strip_prefix("'''").or_else(|| marked.strip_prefix("''")) {
        return rest;
    }
    let mut chars = marked.chars();
    out.extend(chars.next());
    chars.as_str()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn links_sections_and_emphasis_become_words() {
        for (comment, words) in [
            ("fixed a typo", "fixed a typo"),
            ("/* Early life */ added [[Vienna|the city]]", "Early life: added the city"),
            ("/* Early life */", "Early life"),
            ("[[:File:A b.jpg]] added to [[Category:C]]", "File:A b.jpg added to Category:C"),
            ("'''bold''' and ''light'', it's 1/2", "bold and light, it's 1/2"),
            ("[[open and /* open", "[[open and /* open"),
            ("[[a|]]", "a"),
            ("", ""),
        ] {
            assert_eq!(plain(comment), words, "{comment}");
        }
    }

    proptest! {
        #[test]
        fn nothing_makes_it_longer(comment in "[\\[\\]|/*' a-cé:]{0,60}") {
            prop_assert!(plain(&comment).len() <= comment.len());
        }
    }
}
