//! Webhooks: services that call us.

pub(super) mod door;
mod listener;
