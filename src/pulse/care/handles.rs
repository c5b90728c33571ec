//! Whose handles the brand's are: who speaks for it, and who speaks to it.

use rustc_hash::FxHashSet;

use crate::layout::care::CareSpec;
use crate::mention::{Mention, Network};
use crate::query::tokens::{self, Kind, Tokens};

/// The brand's handles, folded.
#[derive(Debug)]
pub struct Handles {
    /// Hashes of the names, without a server.
    names: FxHashSet<u64>,
    /// Whole handles and account ids.
    accounts: FxHashSet<String>,
    feeds: Vec<String>,
    networks: Vec<Network>,
}

impl Handles {
    pub fn new(spec: &CareSpec) -> Self {
        let accounts: FxHashSet<String> = spec.handles.iter().map(|handle| folded(handle)).collect();
        let names = accounts.iter().map(|account| tokens::hash(name(account))).collect();
        Self { names, accounts, feeds: spec.feeds.clone(), networks: spec.networks.clone() }
    }

    /// Whether the queue listens to where it was said.
    pub fn hears(&self, mention: &Mention) -> bool {
        let feed = self.feeds.is_empty() || self.feeds.iter().any(|feed| **feed == *mention.source);
        feed && (self.networks.is_empty() || self.networks.contains(&mention.network))
    }

    /// Whether the brand said it.
    pub fn is_ours(&self, mention: &Mention) -> bool {
        let Some(author) = &mention.author else { return false };
        let is_ours = |id: &str| !id.is_empty() && self.has(&folded(id));
        is_ours(&author.id) || author.handle.as_deref().is_some_and(is_ours)
    }

    /// A handle with a server is another one than that with a different server; one without is
    /// that of the author's own server.
    fn has(&self, account: &str) -> bool {
        self.accounts.contains(account) || (!account.contains('@') && self.has_server(account))
    }

    fn has_server(&self, name: &str) -> bool {
        self.accounts.iter().any(|known| known.split_once('@').is_some_and(|(local, _)| local == name))
    }

    /// Whether a text, in its read form, names one of the handles; `tokens` are the text's.
    pub fn are_named(&self, text: &str, tokens: &Tokens) -> bool {
        let mut handles = tokens.list().iter().filter(|token| token.kind == Kind::Handle);
        handles.any(|token| {
            self.names.contains(&token.hash) && {
                let server = server(&text[token.raw.end..]);
                let name = tokens.text(token);
                server.is_none_or(|server| {
                    self.accounts.contains(&folded(&format!("{name}@{server}")))
                        || self.accounts.contains(name)
                })
            }
        })
    }
}

fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    tokens::fold(text.trim_start_matches('@'), &mut out);
    out
}

/// A handle without its server.
fn name(account: &str) -> &str {
    account.split_once('@').map_or(account, |(name, _)| name)
}

/// The server that follows a handle in a text.
fn server(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix('@')?;
    let end = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '-')).unwrap_or(rest.len());
    Some(rest[..end].trim_end_matches(['.', '-'])).filter(|server| !server.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;
    use crate::mention::Author;
    use std::sync::Arc;

    fn handles(of: &[&str]) -> Handles {
        let handles = of.iter().map(|handle| (*handle).to_owned()).collect();
        Handles::new(&CareSpec {
            handles,
            feeds: vec![],
            networks: vec![],
            promise: Default::default(),
            owner: None,
        })
    }

    fn named(handles: &Handles, text: &str) -> bool {
        let mut tokens = Tokens::default();
        tokens.read(text, false);
        handles.are_named(text, &tokens)
    }

    #[test]
    fn a_handle_is_named_as_a_whole_and_on_its_own_server() {
        let ours = handles(&["aurora", "care@social.example", "aurora.bsky.social"]);
        assert!(named(&ours, "hey @Aurora, are you there?") && named(&ours, ".@care please"));
        assert!(named(&ours, "@care@social.example help") && named(&ours, "hi @aurora.bsky.social!"));
        assert!(
            !named(&ours, "aurora is down") && !named(&ours, "@auroras") && !named(&ours, "mail a@aurora")
        );
        assert!(!named(&ours, "@care@other.example help"), "somebody else's handle");
    }

    #[test]
    fn the_brand_speaks_under_its_handles_and_account_ids() {
        let ours = handles(&["Aurora", "care@social.example", "did:plc:abc"]);
        let by = |id: &str, handle: Option<&str>| {
            let mut mention = Mention::new(&Arc::from("f"), "1", Time::default(), Time::default());
            mention.author =
                Some(Author { id: id.into(), handle: handle.map(Into::into), ..Author::default() });
            ours.is_ours(&mention)
        };
        assert!(by("7", Some("aurora")) && by("did:plc:abc", None));
        assert!(by("9", Some("care@social.example")) && by("9", Some("care")));
        assert!(!by("9", Some("care@other.example")) && !by("7", Some("aurora2")) && !by("", None));
    }
}
