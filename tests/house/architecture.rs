//! docs/architecture.md tells the truth: its table is the one that is enforced, and what it names is
//! there.

use super::*;

fn page() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/architecture.md");
    fs::read_to_string(path).expect("there is a page")
}

/// What stands between backticks, blocks of text left out.
fn quoted(page: &str) -> Vec<&str> {
    let prose = page.split("```").step_by(2);
    prose.flat_map(|text| text.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn its_table_is_the_one_that_is_enforced() {
    let row = |(room, uses): &(&str, &[&str])| {
        let uses: Vec<_> = uses.iter().map(|used| format!("`{used}`")).collect();
        let uses = if uses.is_empty() { "none".into() } else { uses.join(", ") };
        format!("| `{room}` | {uses} |")
    };
    let page = page();
    let table = page.split("| room | uses |\n| --- | --- |\n").nth(1).expect("the table has this header");
    let shown: Vec<_> = table.lines().take_while(|line| !line.is_empty()).collect();
    assert_eq!(shown, MAY_USE.iter().map(row).collect::<Vec<_>>());
}

#[test]
fn its_crates_are_where_they_belong() {
    let page = page();
    let words = page.split_once("Some crates belong").and_then(|(_, rest)| rest.split_once(". Only `clock`"));
    let words = words.expect("it says which crates belong where").0.replace('\n', " ");
    for (krate, rooms) in BELONGS {
        let named = format!("`{}`", krate.replace('_', "-"));
        let part = words.split(';').find(|part| part.contains(&named));
        let part = part.unwrap_or_else(|| panic!("{named} is not named"));
        let place = part.rsplit_once(" to ").expect("to a room").1;
        assert!(rooms.iter().all(|room| place.contains(&format!("`{room}`"))), "{named}: {place}");
        assert_eq!(place.matches('`').count(), 2 * rooms.len(), "{named}: {place}");
    }
}

#[test]
fn what_it_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = page();
    let paths = quoted(&page).into_iter().filter(|quoted| quoted.contains('/'));
    let missing: Vec<_> = paths.filter(|path| !root.join(path).exists()).collect();
    assert!(missing.is_empty(), "not there: {missing:?}");
    let words: BTreeSet<String> =
        sources().into_iter().flat_map(|(_, tokens)| tokens).map(|token| token.text).collect();
    let is_name = |quoted: &&str| quoted.chars().all(|c| c.is_alphanumeric() || "_:".contains(c));
    let parts = quoted(&page).into_iter().filter(is_name).flat_map(|quoted| quoted.split("::"));
    let named = parts.filter(|part| part.starts_with(char::is_uppercase));
    let unknown: Vec<_> = named.filter(|name| !words.contains(*name)).collect();
    assert!(unknown.is_empty(), "named nowhere in the source: {unknown:?}");
}
