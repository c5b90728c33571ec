//! The layout file: read, checked, and solved into a wall in millimetres.

pub mod legibility;
pub mod wall;
pub mod widget;
