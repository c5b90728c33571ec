//! The remote: the mirror of the wall in a browser.
