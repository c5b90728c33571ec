//! The mirror's page. Style and script stand in it, so that it needs no address but its own: it
//! works below any path of a proxy, asked for with or without a slash at the end.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

const STYLE: &str = include_str!("../../assets/mirror/mirror.css");
const SCRIPT: &str = include_str!("../../assets/mirror/mirror.js");

/// The page's icon.
pub const ICON: &str = include_str!("../../assets/mirror/icon.svg");

/// The page, whole.
pub static PAGE: LazyLock<String> = LazyLock::new(|| {
    let page = include_str!("../../assets/mirror/mirror.html");
    page.replace("/*style*/", STYLE).replace("/*script*/", SCRIPT)
});

/// What a browser may load and run: from the mirror alone, and of style and script this page's.
pub static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let (style, script) = (hash(STYLE), hash(SCRIPT));
    let policy = format!(
        "default-src 'none'; img-src 'self' data:; style-src '{style}'; script-src '{script}'; \
         connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    );
    HeaderValue::from_str(&policy).expect("base64 is ASCII")
});

fn hash(text: &str) -> String {
    format!("sha256-{}", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}
