//! Documents of many kinds.

mod corpus;
mod expect;
