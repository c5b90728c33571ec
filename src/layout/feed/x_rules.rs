//! Translates a topic's query into the operators of X's rules and searches.
//!
//! As documented by X under "Build a rule" (docs.x.com/x-api/posts/filtered-stream): words side by
//! side must all occur, `OR` binds looser, `-` negates one operator and never a group, words are
//! whole words, and nothing may only be negated. What is asked of X may bring more than the topic
//! wants (an accent that differs, a hashtag in a word); the wall's own query decides in the end.

/// Longest rule of the filtered stream, characters.
pub const MAX_RULE: usize = 1_024;
/// Longest query of recent search, characters.
pub const MAX_SEARCH: usize = 512;
/// Most rules of the filtered stream.
pub const MAX_RULES: usize = 1_000;
/// Deepest nesting; deeper queries are refused, as the wall itself does.
const MAX_DEPTH: usize = 32;

/// The rules that together ask for what `query` wants, each followed by `narrow` and at most
/// `longest` characters. Several only when one would be too long.
///
/// # Errors
/// What X cannot be asked for, in words.
pub fn translate(query: &str, narrow: &str, longest: usize) -> Result<Vec<String>, String> {
    let mut reader = Reader { items: scan(query), next: 0, depth: 0 };
    let wanted = reader.any()?;
    let alternatives = match wanted {
        Expr::Any(parts) => parts,
        only => vec![only],
    };
    let alternatives: Vec<String> =
        alternatives.iter().map(|part| written(part, false)).collect::<Result<_, _>>()?;
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
        Some(rule) => Err(format!("it would be {} characters long; X takes {longest}", rule.chars().count())),
        None => Ok(rules),
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

enum Expr {
    All(Vec<Expr>),
    Any(Vec<Expr>),
    Not(Box<Expr>),
    /// An operator of X.
    Leaf(String),
}

/// An expression in X's operators; one that is negated as a whole has its parts negated.
fn written(expr: &Expr, negated: bool) -> Result<String, String> {
    let each =
        |parts: &[Expr]| parts.iter().map(|part| written(part, negated)).collect::<Result<Vec<_>, _>>();
    match expr {
        Expr::Leaf(leaf) if negated => Ok(format!("-{leaf}")),
        Expr::Leaf(leaf) => Ok(leaf.clone()),
        Expr::Not(part) => written(part, !negated),
        Expr::Any(parts) if negated => Ok(each(parts)?.join(" ")),
        Expr::All(_) if negated => Err("X cannot leave out words only where they occur together".into()),
        Expr::All(parts) => Ok(each(parts)?.join(" ")),
        Expr::Any(parts) => {
            let parts = each(parts)?;
            Ok(format!("({})", joined_by_or(&parts.iter().map(String::as_str).collect::<Vec<_>>())))
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Item<'a> {
    Open,
    Close,
    And,
    Or,
    Not,
    Word(&'a str),
    Quote(&'a str),
}

/// Cuts a query into its parts, by the rules of the topics' own language.
fn scan(query: &str) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut rest = query.trim_start();
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '(' | ')' => {
                items.push(if c == '(' { Item::Open } else { Item::Close });
                after
            }
            c if is_quote(c) => {
                let end = after.find(is_quote).unwrap_or(after.len());
                items.push(Item::Quote(&after[..end]));
                after[end..].strip_prefix(is_quote).unwrap_or_default()
            }
            _ => {
                let ends = |c: char| c.is_whitespace() || c == '(' || c == ')' || is_quote(c);
                let (word, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
                items.push(match word {
                    "AND" => Item::And,
                    "OR" => Item::Or,
                    "NOT" => Item::Not,
                    word => Item::Word(word),
                });
                after
            }
        }
        .trim_start();
    }
    items
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„')
}

struct Reader<'a> {
    items: Vec<Item<'a>>,
    next: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<Item<'a>> {
        self.items.get(self.next).copied()
    }

    fn take(&mut self, item: Item<'_>) -> bool {
        let found = self.peek() == Some(item);
        self.next += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.all()?];
        while self.take(Item::Or) {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Expr::Any))
    }

    fn all(&mut self) -> Result<Expr, String> {
        let mut parts = vec![self.part()?];
        while self.take(Item::And) || !matches!(self.peek(), None | Some(Item::Or | Item::Close)) {
            parts.push(self.part()?);
        }
        Ok(one_or(parts, Expr::All))
    }

    fn part(&mut self) -> Result<Expr, String> {
        let item = self.peek();
        self.next += 1;
        match item {
            Some(Item::Word(word)) => leaf(word, true).map(Expr::Leaf),
            Some(Item::Quote(phrase)) => leaf(phrase, false).map(Expr::Leaf),
            Some(Item::Not) => self.deeper(|r| Ok(Expr::Not(Box::new(r.part()?)))),
            Some(Item::Open) => self.deeper(|r| {
                let inner = r.any()?;
                if r.take(Item::Close) { Ok(inner) } else { Err("a `(` is not closed".into()) }
            }),
            _ => Err("a word is missing in it".into()),
        }
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<Expr, String>) -> Result<Expr, String> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(format!("it is nested deeper than {MAX_DEPTH} levels"));
        }
        let expr = read(self);
        self.depth -= 1;
        expr
    }
}

fn one_or(mut parts: Vec<Expr>, join: fn(Vec<Expr>) -> Expr) -> Expr {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        Some(last) => {
            parts.push(last);
            join(parts)
        }
        None => join(parts),
    }
}

/// A word, tag, handle or phrase as X writes it.
fn leaf(text: &str, stars: bool) -> Result<String, String> {
    if stars && text.contains('*') {
        return Err(format!("X finds only whole words, not `{text}`"));
    }
    let name = text.strip_prefix(['#', '@']).unwrap_or(text);
    let is_name = name.len() < text.len() && is_word(name) && stars;
    // X reads these three as operators in any case.
    let is_plain = is_word(text)
        && text.is_ascii()
        && !["and", "or", "not"].contains(&text.to_ascii_lowercase().as_str());
    match text.trim() {
        "" => Err("a phrase in it is empty".into()),
        _ if is_name || is_plain => Ok(text.to_owned()),
        text => Ok(format!("\"{}\"", text.replace('\\', " "))),
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
            ("from:acme", "\"from:acme\""),
            ("„a\\b“", "\"a b\""),
        ] {
            assert_eq!(one(query), rule, "{query}");
        }
    }

    #[test]
    fn what_x_cannot_find_is_told() {
        assert_eq!(one("auror*"), "! X finds only whole words, not `auror*`");
        assert_eq!(one("a NOT (b c)"), "! X cannot leave out words only where they occur together");
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
