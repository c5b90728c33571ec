//! How the rest of a list is had: the styles of paging, without a network.

use reqwest::Url;
use reqwest::header::{HeaderMap, LINK};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use serde_json_path::JsonPath;

use crate::feed::decode::{field, json_path};
use crate::feed::error::{FailureKind, FeedError};

/// How the rest is had of what does not fit into one answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "style", rename_all = "snake_case", deny_unknown_fields)]
pub enum Paging {
    /// The response contains the URL of the next page.
    NextLink {
        /// JSONPath of the URL in the document. Default: the `Link` header's `next`.
        #[serde(default)]
        path: Option<String>,
        /// The URL leads to newer records: the next poll starts there, even after a restart.
        /// Default: it leads to older records, and every poll starts at `url`.
        #[serde(default)]
        keep: bool,
    },
    /// The response contains a token for the next page.
    Token {
        /// JSONPath of the token in the document.
        path: String,
        /// URL parameter for it.
        parameter: String,
        /// As with `next_link`.
        #[serde(default)]
        keep: bool,
    },
    /// The service returns what came after a given record id. Survives restarts.
    SinceId {
        /// JSONPath of the id in a record; the highest one is used.
        path: String,
        /// URL parameter for it.
        parameter: String,
    },
    /// Pages are numbered, with older records on later pages.
    Page {
        /// URL parameter for the page number.
        parameter: String,
        /// Number of the first page.
        #[serde(default = "one")]
        first: u32,
    },
}

fn one() -> u32 {
    1
}

/// Longest address or token of a next page, bytes.
const MAX_NEXT: usize = 4_000;

/// What to ask for next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::feed) enum Step {
    /// The address of the layout as it is.
    Start,
    /// The same with a parameter.
    With(String, String),
    /// Another address of the same server.
    Link(Url),
}

/// What a page held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::feed) struct Page {
    pub records: usize,
    /// Records that were not known, or not so.
    pub fresh: usize,
    /// The greatest id of its records, where ids lead on.
    pub newest: Option<String>,
}

#[derive(Debug)]
enum Style {
    Single,
    NextLink { path: Option<JsonPath>, keep: bool },
    Token { path: JsonPath, parameter: String, keep: bool },
    SinceId { path: JsonPath, parameter: String },
    Number { parameter: String, first: u32 },
}

/// Leads from page to page of one feed.
#[derive(Debug)]
pub(in crate::feed) struct Pager {
    style: Style,
    url: Url,
}

impl Pager {
    pub fn new(paging: Option<&Paging>, url: &Url) -> Result<Self, FeedError> {
        let style = match paging.cloned() {
            None => Style::Single,
            Some(Paging::NextLink { path, keep }) => {
                Style::NextLink { path: path.as_deref().map(json_path::path).transpose()?, keep }
            }
            Some(Paging::Token { path, parameter, keep }) => {
                Style::Token { path: json_path::path(&path)?, parameter, keep }
            }
            Some(Paging::SinceId { path, parameter }) => {
                Style::SinceId { path: json_path::path(&path)?, parameter }
            }
            Some(Paging::Page { parameter, first }) => Style::Number { parameter, first },
        };
        Ok(Self { style, url: url.clone() })
    }

    /// What a round begins with, after what was kept.
    pub fn first(&self, kept: Option<&str>) -> Step {
        match (&self.style, kept) {
            (Style::NextLink { keep: true, .. }, Some(kept)) => {
                Url::parse(kept).ok().filter(|next| self.is_here(next)).map_or(Step::Start, Step::Link)
            }
            (Style::Token { parameter, keep: true, .. } | Style::SinceId { parameter, .. }, Some(kept)) => {
                Step::With(parameter.clone(), kept.into())
            }
            (Style::Number { parameter, first }, _) => Step::With(parameter.clone(), first.to_string()),
            _ => Step::Start,
        }
    }

    /// What comes after the page that `step` asked for; `None` at the end of the round. Fails
    /// when the next page is said to lie on another server.
    pub fn next(
        &self,
        step: &Step,
        headers: &HeaderMap,
        document: &Value,
        page: &Page,
    ) -> Result<Option<Step>, FeedError> {
        let next = match &self.style {
            Style::Single => None,
            Style::NextLink { path, keep } => {
                let link = match path {
                    Some(path) => field::text(path.query(document).first()).map(str::to_owned),
                    None => linked(headers, "next"),
                };
                let go_on = *keep || page.fresh > 0;
                link.filter(|link| go_on && link.len() <= MAX_NEXT)
                    .map(|link| self.link(&link))
                    .transpose()?
            }
            Style::Token { path, parameter, keep } => {
                let token = field::id(path.query(document).first());
                let go_on = *keep || page.fresh > 0;
                token.filter(|_| go_on).map(|token| Step::With(parameter.clone(), token))
            }
            Style::SinceId { parameter, .. } => {
                page.newest.clone().map(|newest| Step::With(parameter.clone(), newest))
            }
            Style::Number { parameter, first } => {
                let now = match step {
                    Step::With(_, number) => number.parse().unwrap_or(*first),
                    _ => *first,
                };
                (page.fresh > 0).then(|| Step::With(parameter.clone(), now.saturating_add(1).to_string()))
            }
        };
        // One that leads to itself would be asked for for ever.
        Ok(next.filter(|next| next != step))
    }

    /// What is kept once the page before `next` is safe; `None` where nothing is.
    pub fn kept(&self, next: Option<&Step>) -> Option<String> {
        match (&self.style, next?) {
            (Style::NextLink { keep: true, .. }, Step::Link(next)) => Some(next.as_str().into()),
            (Style::Token { keep: true, .. } | Style::SinceId { .. }, Step::With(_, value)) => {
                Some(value.clone())
            }
            _ => None,
        }
    }

    /// The id of a record, where ids lead on.
    pub fn id(&self, record: &Value) -> Option<String> {
        match &self.style {
            Style::SinceId { path, .. } => field::id(path.query(record).first()),
            _ => None,
        }
    }

    fn link(&self, link: &str) -> Result<Step, FeedError> {
        let next = self.url.join(link).ok();
        match next.filter(|next| self.is_here(next)) {
            Some(next) => Ok(Step::Link(next)),
            None => Err(FeedError::of(
                FailureKind::Refused,
                "the next page is on another server, or its URL is not valid",
            )),
        }
    }

    fn is_here(&self, next: &Url) -> bool {
        next.origin() == self.url.origin()
    }
}

/// The greater of two ids: whole numbers by their value, others by their length and then their
/// letters.
pub(in crate::feed) fn later(a: Option<String>, b: Option<String>) -> Option<String> {
    let rank = |id: &Option<String>| {
        let id = id.as_deref().unwrap_or_default();
        let digits = id.bytes().all(|b| b.is_ascii_digit());
        let bare = if digits { id.trim_start_matches('0') } else { id };
        (bare.len(), bare.to_owned())
    };
    if rank(&b) > rank(&a) { b } else { a }
}

/// The address of a relation in the `Link` header (RFC 8288).
pub(in crate::feed) fn linked(headers: &HeaderMap, relation: &str) -> Option<String> {
    let values = headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
    // A comma may stand within an address, but not before an angle bracket.
    let mut links = values.flat_map(|value| value.split('<').skip(1));
    links.find_map(|link| {
        let (address, parameters) = link.split_once('>')?;
        let mut parameters = parameters.split([';', ',']).filter_map(|p| p.trim().split_once('='));
        let is_it = parameters.any(|(name, value)| {
            let relations = value.trim().trim_matches('"');
            name.trim().eq_ignore_ascii_case("rel") && relations.split_whitespace().any(|r| r == relation)
        });
        is_it.then(|| address.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NO_HEADERS: fn() -> HeaderMap = HeaderMap::new;

    fn pager(paging: Option<Paging>) -> Pager {
        let url = Url::parse("https://a.example/list?q=x").expect("an address");
        Pager::new(paging.as_ref(), &url).expect("the paths are right")
    }

    fn page(fresh: usize) -> Page {
        Page { records: 3, fresh, newest: None }
    }

    fn with(name: &str, value: &str) -> Step {
        Step::With(name.into(), value.into())
    }

    #[test]
    fn a_link_is_followed_while_there_is_news_and_only_on_its_own_server() {
        let pager = pager(Some(Paging::NextLink { path: Some("$.next".into()), keep: false }));
        let next =
            |link: &str, fresh| pager.next(&Step::Start, &NO_HEADERS(), &json!({"next": link}), &page(fresh));
        assert_eq!(pager.first(Some("https://a.example/list?p=9")), Step::Start, "nothing is kept");
        let second = next("/list?p=2", 1).expect("the same server").expect("there is more");
        assert!(matches!(&second, Step::Link(url) if url.as_str() == "https://a.example/list?p=2"));
        assert_eq!(next("/list?p=2", 0).expect("the same server"), None, "nothing new stood there");
        assert!(next("https://b.example/steal", 1).is_err());
        assert_eq!(pager.next(&Step::Start, &NO_HEADERS(), &json!({}), &page(1)).expect("no link"), None);
        assert_eq!(pager.kept(Some(&second)), None);
    }

    #[test]
    fn a_link_that_leads_on_is_kept() {
        let pager = pager(Some(Paging::NextLink { path: None, keep: true }));
        let mut headers = HeaderMap::new();
        headers.insert(
            LINK,
            "<https://a.example/l?a=1,2>; rel=\"prev\", </l?after=7>; rel=next".parse().expect("a value"),
        );
        let next = pager.next(&Step::Start, &headers, &json!({}), &page(0)).expect("the same server");
        let kept = pager.kept(next.as_ref()).expect("it is kept");
        assert_eq!(kept, "https://a.example/l?after=7");
        let again = pager.first(Some(&kept));
        assert_eq!(Some(&again), next.as_ref());
        assert_eq!(
            pager.next(&again, &headers, &json!({}), &page(3)).expect("here"),
            None,
            "it leads to itself"
        );
        assert_eq!(pager.first(Some("https://b.example/")), Step::Start, "of another server");
    }

    #[test]
    fn tokens_lead_back_or_on() {
        let token = |keep| Paging::Token { path: "$.t".into(), parameter: "cursor".into(), keep };
        let back = pager(Some(token(false)));
        let next = back.next(&Step::Start, &NO_HEADERS(), &json!({"t": "abc"}), &page(2)).expect("no link");
        assert_eq!((next.clone(), back.kept(next.as_ref())), (Some(with("cursor", "abc")), None));
        let on = pager(Some(token(true)));
        let next = on.next(&Step::Start, &NO_HEADERS(), &json!({"t": 77}), &page(0)).expect("no link");
        assert_eq!(on.kept(next.as_ref()).as_deref(), Some("77"));
        assert_eq!(on.first(Some("77")), with("cursor", "77"));
        assert_eq!(
            on.next(&with("cursor", "77"), &NO_HEADERS(), &json!({"t": ""}), &page(1)).expect("none"),
            None
        );
    }

    #[test]
    fn ids_lead_on_and_the_greatest_counts() {
        let pager = pager(Some(Paging::SinceId { path: "$.id".into(), parameter: "since".into() }));
        assert_eq!(pager.id(&json!({"id": 12})).as_deref(), Some("12"));
        let newest = ["9", "101", "0100"].map(|id| Some(id.to_owned())).into_iter().fold(None, later);
        assert_eq!(newest.as_deref(), Some("101"));
        let page = Page { records: 3, fresh: 3, newest };
        let next = pager.next(&Step::Start, &NO_HEADERS(), &json!({}), &page).expect("no link");
        assert_eq!(
            (next.clone(), pager.kept(next.as_ref()).as_deref()),
            (Some(with("since", "101")), Some("101"))
        );
        let none = Page::default();
        assert_eq!(
            pager.next(&with("since", "101"), &NO_HEADERS(), &json!({}), &none).expect("no link"),
            None
        );
    }

    #[test]
    fn pages_are_counted_until_one_brings_nothing_new() {
        let pager = pager(Some(Paging::Page { parameter: "p".into(), first: 0 }));
        assert_eq!(pager.first(None), with("p", "0"));
        let next =
            |fresh| pager.next(&with("p", "4"), &NO_HEADERS(), &json!({}), &page(fresh)).expect("no link");
        assert_eq!((next(1), next(0)), (Some(with("p", "5")), None));
    }
}
