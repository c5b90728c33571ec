//! What is known of a document before it is read.

use std::sync::Arc;

use crate::clock::Time;
use crate::mention::Network;

/// What entries of one address have in common.
#[derive(Clone, Copy, Debug)]
pub struct DocumentContext<'a> {
    /// The feed's name in the layout.
    pub source: &'a Arc<str>,
    pub network: Network,
    /// Where the document came from; links are relative to it where nothing else is said.
    pub base: &'a str,
    /// The publisher's address in the layout: ids that are addresses of its site hold worldwide.
    pub site: &'a str,
    /// Stands before other ids, so that two publishers' `1` are two. Empty where nobody says whose
    /// document it is: then it says so itself.
    pub scope: &'a str,
    pub received: Time,
}
