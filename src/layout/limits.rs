//! The limits that the schema states for numbers, lists and choices, asked of a table as written.

use std::ops::Range;

use serde_json::Value as Schema;
use toml::de::DeValue;

use crate::layout::problem::{Problem, listed, nearest};

/// Every value of `table` that lies outside the limits of its key in `schema`.
pub fn outside(table: &DeValue<'_>, schema: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (key, value) in table.as_table().into_iter().flatten() {
        let own = &schema["properties"][key.get_ref().as_ref()];
        judge(key.get_ref(), (value.get_ref(), value.span()), own, &mut problems);
    }
    problems.sort_by_key(|p| p.span.start);
    problems
}

fn judge(key: &str, (value, span): (&DeValue<'_>, Range<usize>), schema: &Schema, out: &mut Vec<Problem>) {
    match value {
        DeValue::Array(array) => {
            out.extend(too_many(key, array.len(), &span, schema));
            for element in array.iter() {
                judge(key, (element.get_ref(), element.span()), &schema["items"], out);
            }
        }
        DeValue::Table(table) => {
            for (inner, value) in table {
                let own = &schema["properties"][inner.get_ref().as_ref()];
                judge(inner.get_ref(), (value.get_ref(), value.span()), own, out);
            }
        }
        DeValue::String(text) => out.extend(no_choice(key, text, span, schema)),
        _ => out.extend(number(value).and_then(|n| out_of_range(key, n, span, schema))),
    }
}

fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(n) => i128::from_str_radix(n.as_str(), n.radix()).ok().map(|n| n as f64),
        DeValue::Float(n) => n.as_str().parse().ok(),
        _ => None,
    }
}

fn out_of_range(key: &str, number: f64, span: Range<usize>, schema: &Schema) -> Option<Problem> {
    if let Some(choices) = schema["enum"].as_array() {
        let known = choices.iter().any(|c| c.as_f64() == Some(number));
        return (!known).then(|| no_number(key, number, span, choices));
    }
    let (least, most) = (schema["minimum"].as_f64(), schema["maximum"].as_f64());
    let inside = least.is_none_or(|l| number >= l) && most.is_none_or(|m| number <= m) && number.is_finite();
    if inside {
        return None;
    }
    let label = match (least, most) {
        (Some(least), Some(most)) => format!("from {least} to {most}"),
        (Some(least), None) => format!("at least {least}"),
        (None, Some(most)) => format!("at most {most}"),
        (None, None) => "a finite number".into(),
    };
    let problem = Problem::error("out-of-range", span, format!("`{key}` cannot be {number}")).label(label);
    Some(with_help(problem, schema))
}

fn no_number(key: &str, number: f64, span: Range<usize>, choices: &[Schema]) -> Problem {
    let choices: Vec<String> = choices.iter().map(Schema::to_string).collect();
    Problem::error("out-of-range", span, format!("`{key}` cannot be {number}"))
        .label("not here")
        .help(format!("It is one of {}.", listed(choices.iter().map(String::as_str))))
}

fn too_many(key: &str, length: usize, span: &Range<usize>, schema: &Schema) -> Option<Problem> {
    let most = schema["maxItems"].as_u64().filter(|most| length as u64 > *most)?;
    let problem = Problem::error("out-of-range", span.clone(), format!("`{key}` has {length} values"));
    Some(with_help(problem.label(format!("at most {most}")), schema))
}

fn no_choice(key: &str, text: &str, span: Range<usize>, schema: &Schema) -> Option<Problem> {
    let choices: Vec<&str> = schema["enum"].as_array()?.iter().filter_map(Schema::as_str).collect();
    if choices.is_empty() || choices.contains(&text) {
        return None;
    }
    let problem = Problem::error("wrong-value", span, format!("`{key}` cannot be \"{text}\" here"));
    let problem = match nearest(text, choices.iter().copied()) {
        Some(near) => problem.label(format!("did you mean \"{near}\"?")),
        None => problem.label("not here"),
    };
    Some(problem.help(format!("It is one of {}.", listed(choices))))
}

fn with_help(problem: Problem, schema: &Schema) -> Problem {
    match schema["description"].as_str() {
        Some(words) => problem.help(words.split_whitespace().collect::<Vec<_>>().join(" ")),
        None => problem,
    }
}
