//! Keeps the rules of X's filtered stream like the layout's topics:
//! docs.x.com/x-api/posts/filtered-stream. Rules whose tag does not begin with the feed's own
//! prefix belong to somebody else and stay as they are.

use serde_json::{Value, json};

use super::caller::Caller;
use crate::feed::decode::field;
use crate::feed::error::{FailureKind, FeedError};
use crate::mention::clean_text;

const RULES: &str = "tweets/search/stream/rules";
/// Most pages of rules that are read; a page has 1,000.
const MAX_PAGES: usize = 30;

/// A rule that X has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    id: String,
    value: String,
    tag: String,
}

/// What must change.
#[derive(Debug, Default, PartialEq, Eq)]
struct Change {
    /// Ids.
    delete: Vec<String>,
    /// Tag and value.
    add: Vec<(String, String)>,
}

/// What the tags of a feed's own rules begin with.
pub(super) fn prefix(feed: &str) -> String {
    format!("fishbowl:{feed}:")
}

/// Makes X's rules those of `wanted` (a topic and a rule each). True when all of them are the
/// feed's own; false when X has one of them already under another tag.
pub(super) async fn sync(x: &Caller, prefix: &str, wanted: &[(String, String)]) -> Result<bool, FeedError> {
    let have = existing(x).await?;
    let change = difference(&have, prefix, wanted);
    if !change.delete.is_empty() {
        x.post(RULES, &json!({ "delete": { "ids": change.delete } })).await?;
    }
    if change.add.is_empty() {
        return Ok(true);
    }
    let add: Vec<Value> =
        change.add.iter().map(|(tag, value)| json!({ "value": value, "tag": tag })).collect();
    let answer = x.post(RULES, &json!({ "add": add })).await?;
    let errors = answer.get("errors").and_then(Value::as_array).into_iter().flatten();
    let (doubles, refused): (Vec<_>, Vec<_>) = errors
        .partition(|error| field::text(error.get("title")).is_some_and(|title| title.contains("Duplicate")));
    match refused.first() {
        Some(error) => Err(unwanted(error, &change.add)),
        None => Ok(doubles.is_empty()),
    }
}

async fn existing(x: &Caller) -> Result<Vec<Rule>, FeedError> {
    let (mut rules, mut token) = (Vec::new(), None);
    for _ in 0..MAX_PAGES {
        let asked: Vec<(&str, &str)> =
            token.iter().map(|token: &String| ("pagination_token", token.as_str())).collect();
        let (page, _) = x.get(RULES, &asked).await?;
        rules.extend(page.get("data").and_then(Value::as_array).into_iter().flatten().filter_map(rule));
        token = field::id(page.pointer("/meta/next_token"));
        if token.is_none() {
            break;
        }
    }
    Ok(rules)
}

fn rule(value: &Value) -> Option<Rule> {
    Some(Rule {
        id: field::id(value.get("id"))?,
        value: field::text(value.get("value"))?.to_owned(),
        tag: field::text(value.get("tag")).unwrap_or_default().to_owned(),
    })
}

/// A topic is told by its tag, so a rule that only moved to another topic is made anew.
fn difference(have: &[Rule], prefix: &str, wanted: &[(String, String)]) -> Change {
    let wanted: Vec<(String, String)> =
        wanted.iter().map(|(topic, value)| (format!("{prefix}{topic}"), value.clone())).collect();
    let is = |rule: &Rule, (tag, value): &(String, String)| rule.tag == *tag && rule.value == *value;
    let own = have.iter().filter(|rule| rule.tag.starts_with(prefix));
    let delete = own.filter(|rule| !wanted.iter().any(|wanted| is(rule, wanted))).map(|rule| rule.id.clone());
    let delete = delete.collect();
    let add = wanted.iter().filter(|wanted| !have.iter().any(|rule| is(rule, wanted))).cloned().collect();
    Change { delete, add }
}

/// Why X does not take a rule: which one, and in X's own words.
fn unwanted(error: &Value, added: &[(String, String)]) -> FeedError {
    let value = field::text(error.get("value")).unwrap_or_default();
    let topic = added.iter().find(|(_, added)| added == value);
    let topic = topic.and_then(|(tag, _)| tag.rsplit(':').next()).unwrap_or("unknown");
    let details = error.pointer("/details/0").or_else(|| error.get("detail")).or_else(|| error.get("title"));
    let said = field::text(details).and_then(clean_text).unwrap_or_default();
    FeedError::of(FailureKind::Refused, format!("X rejects the rule of `{topic}`: {said:.200}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, tag: &str, value: &str) -> Rule {
        Rule { id: id.into(), tag: tag.into(), value: value.into() }
    }

    #[test]
    fn only_what_differs_changes_and_only_our_own_goes() {
        let have = [
            rule("1", "fishbowl:x:a", "aurora"),
            rule("2", "fishbowl:x:b", "borealis"),
            rule("3", "somebody", "else"),
            rule("4", "fishbowl:other:a", "aurora -is:retweet"),
            rule("5", "", "aurora"),
        ];
        let wanted = [("a".to_owned(), "aurora".to_owned()), ("b".into(), "borealis OR c".into())];
        let change = difference(&have, "fishbowl:x:", &wanted);
        assert_eq!(change.delete, ["2"]);
        assert_eq!(change.add, [("fishbowl:x:b".to_owned(), "borealis OR c".to_owned())]);
        assert_eq!(difference(&[], "fishbowl:x:", &[]), Change::default());
    }

    #[test]
    fn the_topic_of_a_rule_that_x_refuses_is_named() {
        let error = json!({"value": "((", "details": ["no viable alternative at input '(('"], "title": "UnprocessableEntity"});
        let FeedError::Failed { fault, why, .. } = unwanted(&error, &[("fishbowl:x:a".into(), "((".into())])
        else {
            panic!("it can be tried again")
        };
        assert_eq!(fault, FailureKind::Refused);
        assert_eq!(why, "X rejects the rule of `a`: no viable alternative at input '(('");
    }
}
