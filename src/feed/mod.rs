//! Feeds: adapters that speak a source's wire and hand over mentions.
