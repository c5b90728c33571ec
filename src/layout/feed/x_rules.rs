//! Translates a topic's query into the operators of X's rules and searches.
//!
//! As documented by X under "Build a rule" (docs.x.com/x-api/posts/filtered-stream): words side by
//! side must all occur, `OR` binds looser, `-` negates one operator and never a group, words are
//! whole words, and nothing may only be negated or asked for by `lang:`, `is:` and `has:` alone. What
//! is asked of X may bring more than the topic wants (an accent that differs, a hashtag in a word, a
//! field that X does not know); the wall's own query decides in the end.

use crate::query::Query;
use crate::query::field::{Field, Has, Is, NETWORKS};
use crate::query::tree::{Node, What, Words};

/// Longest rule of the filtered stream, characters.
pub const MAX_RULE: usize = 1_024;
/// Longest query of recent search, characters.
pub const MAX_SEARCH: usize = 512;
/// Most rules of the filtered stream.
pub const MAX_RULES: usize = 1_000;
/// Languages that X tells apart, by its own codes.
const LANGS: &str = "am ar bg bn bo bs ca ckb cs cy da de dv el en es et eu fa fi fr gu hi hr ht hu hy in is \
    it iw ja ka km kn ko lo lt lv ml mr my ne nl no or pa pl ps pt ro ru sd si sk sl sr sv ta te th tl tr \
    ug uk ur vi zh";

/// The rules that together ask for what `query` wants, each followed by `narrow` and at most
/// `longest` characters. Several only when one would be too long; none when it wants nothing of X.
///
/// # Errors
/// What X cannot be asked for, in words.
pub fn translate(query: &str, narrow: &str, longest: usize) -> Result<Vec<String>, String> {
    let query = Query::parse(query).map_err(|(_, why)| why)?;
    let mut alternatives = Vec::new();
    for part in alternatives_of(query.tree()) {
        match written(part, false)? {
            Asked::Nothing => {}
            Asked::Rule(rule, true) => alternatives.push(rule),
            Asked::Rule(..) | Asked::Everything => return Err("X needs a word, hashtag or author".into()),
        }
    }
    let narrow = narrow.trim();
    let mut rules: Vec<Vec<String>> = Vec::new();
    for alternative in alternatives {
        let fits = |rule: &Vec<String>| whole(rule, Some(&alternative), narrow).chars().count() <= longest;
        match rules.last_mut().filter(|rule| fits(rule)) {
            Some(rule) => rule.push(alternative),
            None => rules.push(vec![alternative]),
        }
    }
    let rules: Vec<String> = rules.iter().map(|rule| whole(rule, None, narrow)).collect();
    match rules.iter().find(|rule| rule.chars().count() > longest) {
        Some(rule) => {
            Err(format!("it would be {} characters long; X allows {longest}", rule.chars().count()))
        }
        None => Ok(rules),
    }
}

fn alternatives_of(node: &Node) -> &[Node] {
    match &node.what {
        What::Any(parts) => parts,
        _ => std::slice::from_ref(node),
    }
}

/// Alternatives as one rule.
fn whole(alternatives: &[String], more: Option<&String>, narrow: &str) -> String {
    let all: Vec<&str> = alternatives.iter().chain(more).map(String::as_str).collect();
    match (all.as_slice(), narrow) {
        ([only], "") => (*only).to_owned(),
        ([only], narrow) => format!("{only} {narrow}"),
        (several, "") => joined_by_or(several),
        (several, narrow) => format!("({}) {narrow}", joined_by_or(several)),
    }
}

fn joined_by_or(alternatives: &[&str]) -> String {
    let grouped = alternatives.iter().map(|part| match has_gap(part) {
        true => format!("({part})"),
        false => (*part).to_owned(),
    });
    grouped.collect::<Vec<_>>().join(" OR ")
}

/// Whether several operators stand side by side.
fn has_gap(part: &str) -> bool {
    let mut quoted = false;
    part.chars().any(|c| {
        quoted ^= c == '"';
        c == ' ' && !quoted
    })
}

/// What X is asked for by a part of a query.
pub(super) enum Asked {
    /// It cannot narrow what X brings.
    Everything,
    /// X has nothing of the kind.
    Nothing,
    /// Operators, and whether they may stand alone.
    Rule(String, bool),
}

/// A part in X's operators; one that is negated as a whole has its parts negated.
fn written(node: &Node, negated: bool) -> Result<Asked, String> {
    match &node.what {
        What::Not(part) => written(part, !negated),
        What::Words(words) => leaf(words).map(|leaf| negate(Asked::Rule(leaf, true), negated)),
        What::Field(field) => Ok(negate(operator(field), negated)),
        What::Near(..) if negated => Ok(Asked::Everything),
        What::Near(_, both) => all(&both[..], false),
        What::All(_) if negated => Err("X cannot exclude words only where they occur together".into()),
        What::All(parts) => all(parts, false),
        What::Any(parts) if negated => all(parts, true),
        What::Any(parts) => any(parts),
    }
}

fn negate(asked: Asked, negated: bool) -> Asked {
    match asked {
        Asked::Rule(rule, _) if negated => Asked::Rule(format!("-{rule}"), false),
        Asked::Nothing if negated => Asked::Everything,
        asked => asked,
    }
}

/// All of the parts, side by side.
fn all(parts: &[Node], negated: bool) -> Result<Asked, String> {
    let (mut rules, mut alone) = (Vec::new(), false);
    let mut wrong = None;
    for part in parts {
        match written(part, negated) {
            Ok(Asked::Nothing) => return Ok(Asked::Nothing),
            Ok(Asked::Everything) => {}
            Ok(Asked::Rule(rule, may)) => {
                rules.push(rule);
                alone |= may;
            }
            Err(why) => wrong = wrong.or(Some(why)),
        }
    }
    if let Some(why) = wrong {
        return Err(why);
    }
    Ok(if rules.is_empty() { Asked::Everything } else { Asked::Rule(rules.join(" "), alone) })
}

/// One of the parts.
fn any(parts: &[Node]) -> Result<Asked, String> {
    let (mut rules, mut alone) = (Vec::new(), true);
    for part in parts {
        match written(part, false)? {
            Asked::Nothing => {}
            Asked::Everything => return Ok(Asked::Everything),
            Asked::Rule(rule, may) => {
                rules.push(rule);
                alone &= may;
            }
        }
    }
    Ok(match rules.as_slice() {
        [] => Asked::Nothing,
        [only] => Asked::Rule(only.clone(), alone),
        several => {
            let several: Vec<&str> = several.iter().map(String::as_str).collect();
            Asked::Rule(format!("({})", joined_by_or(&several)), alone)
        }
    })
}

/// A field as X knows it.
pub(super) fn operator(field: &Field) -> Asked {
    let rule = |text: &str| Asked::Rule(text.into(), false);
    match field {
        Field::Lang(lang) => {
            let code = match lang.as_str() {
                "id" => "in",
                "he" => "iw",
                code => code,
            };
            let known = LANGS.split_whitespace().any(|lang| lang == code);
            if known { rule(&format!("lang:{code}")) } else { Asked::Everything }
        }
        Field::From(name) if is_word(name) && name.is_ascii() => Asked::Rule(format!("from:{name}"), true),
        Field::From(_) => Asked::Nothing,
        Field::Source(name) => match NETWORKS.iter().any(|(network, _)| network == name) && name != "x" {
            true => Asked::Nothing,
            false => Asked::Everything,
        },
        Field::Is(Is::Reply) => rule("is:reply"),
        Field::Is(Is::Repost) => rule("is:retweet"),
        Field::Is(Is::Quote) => rule("is:quote"),
        Field::Has(Has::Link) => rule("has:links"),
        Field::Has(Has::Tag) => rule("has:hashtags"),
        Field::Has(Has::Handle) => rule("has:mentions"),
        _ => Asked::Everything,
    }
}

/// A word, tag, handle or phrase as X writes it.
fn leaf(words: &Words) -> Result<String, String> {
    let text = words.written.as_str();
    if !words.quoted && text.contains('*') {
        return Err(format!("X matches only whole words, not `{text}`"));
    }
    let name = text.strip_prefix(['#', '@']).unwrap_or(text);
    let is_name = name.len() < text.len() && is_word(name) && !words.quoted;
    // X reads these three as operators in any case.
    let is_plain = is_word(text)
        && text.is_ascii()
        && !["and", "or", "not"].contains(&text.to_ascii_lowercase().as_str());
    match is_name || is_plain {
        true => Ok(text.to_owned()),
        false => Ok(format!("\"{}\"", text.trim().replace('\\', " "))),
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(query: &str) -> String {
        translate(query, "", MAX_RULE).map_or_else(|why| format!("! {why}"), |rules| rules.join(" | "))
    }

    #[test]
    fn the_operators_of_topics_become_those_of_x() {
        for (query, rule) in [
            ("aurora phone", "aurora phone"),
            ("\"aurora phone\" OR #auroraphone NOT borealis", "\"aurora phone\" OR (#auroraphone -borealis)"),
            ("a AND (b OR c)", "a (b OR c)"),
            ("a NOT (b OR \"c d\")", "a -b -\"c d\""),
            ("a NOT NOT b", "a b"),
            ("@acme OR AT&T OR e-mail", "@acme OR \"AT&T\" OR \"e-mail\""),
            ("電池 OR café", "\"電池\" OR \"café\""),
            ("rock and roll", "rock \"and\" roll"),
            ("\"from:acme\"", "\"from:acme\""),
            ("aurora NEAR/5 (phone OR case)", "aurora (phone OR case)"),
            ("a NOT (b NEAR/5 c)", "a"),
            ("„a\\b“", "\"a b\""),
        ] {
            assert_eq!(one(query), rule, "{query}");
        }
    }

    #[test]
    fn fields_narrow_what_x_brings_as_far_as_x_knows_them() {
        for (query, rule) in [
            ("from:@acme OR aurora lang:he", "from:acme OR (aurora lang:iw)"),
            ("aurora is:reply -is:repost has:link", "aurora is:reply -is:retweet has:links"),
            ("aurora lang:eo followers>10k -country:US", "aurora"),
            ("aurora source:x", "aurora"),
            ("aurora OR (phone source:bluesky)", "aurora"),
            ("auror* source:bluesky", ""),
            ("aurora -source:bluesky", "aurora"),
            ("lang:ja", "! X needs a word, hashtag or author"),
            ("aurora OR has:geo", "! X needs a word, hashtag or author"),
        ] {
            assert_eq!(one(query), rule, "{query}");
        }
    }

    #[test]
    fn what_x_cannot_find_is_told() {
        assert_eq!(one("auror*"), "! X matches only whole words, not `auror*`");
        assert_eq!(one("a NOT (b c)"), "! X cannot exclude words only where they occur together");
        for wrong in ["", "(", ")", "a OR", "NOT", "\"\"", "(a", &"(".repeat(100_000)] {
            assert!(one(wrong).starts_with("! "), "{wrong:.9}");
        }
    }

    #[test]
    fn a_long_topic_becomes_several_rules_and_each_is_narrowed() {
        let rules = translate("alpha OR beta gamma OR delta", "lang:en", 36).expect("it can be parted");
        assert_eq!(rules, ["(alpha OR (beta gamma)) lang:en", "delta lang:en"]);
        assert!(rules.iter().all(|rule| rule.chars().count() <= 36));
        assert!(
            translate(&"word ".repeat(300), "", MAX_RULE).is_err_and(|why| why.contains("1499 characters"))
        );
    }
}
