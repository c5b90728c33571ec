//! What is wrong with a query.

/// Where a query goes wrong (a byte of it), and what to do.
pub type Fault = (usize, String);
