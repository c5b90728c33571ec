//! How bytes come in: requests, WebSockets and a door for those who call us; secrets, addresses and
//! what a refusal means.

pub(in crate::feed) mod client;
pub(in crate::feed) mod delivery;
pub(in crate::feed) mod endpoint;
pub(in crate::feed) mod http;
pub(in crate::feed) mod listen_address;
pub(in crate::feed) mod listener;
pub(in crate::feed) mod rate_limit;
pub(in crate::feed) mod reach;
pub(in crate::feed) mod refusal;
pub(in crate::feed) mod request;
pub(in crate::feed) mod secret;
pub(in crate::feed) mod signature;
pub(in crate::feed) mod template;
pub(in crate::feed) mod unpack;
pub(in crate::feed) mod url;
pub(in crate::feed) mod websocket;
