//! The pages: mirror, remote and sign-in. Style and script stand in them, so that they need no address but
//! their own: they work below any path of a proxy.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

const MIRROR_STYLE: &str = include_str!("../../assets/mirror/mirror.css");
const MIRROR_SCRIPT: &str = include_str!("../../assets/mirror/mirror.js");
const REMOTE_STYLE: &str = include_str!("../../assets/remote/remote.css");
const REMOTE_SCRIPT: &str = include_str!("../../assets/remote/remote.js");
const GATE_SCRIPT: &str = include_str!("../../assets/remote/moderate.js");
const SIGN_IN_SCRIPT: &str = include_str!("../../assets/remote/sign-in.js");

/// The pages' icon.
pub const ICON: &str = include_str!("../../assets/mirror/icon.svg");

/// By which a phone installs the remote (<https://www.w3.org/TR/appmanifest/>).
pub const MANIFEST: &str = r##"{"name": "Fishbowl remote", "short_name": "Fishbowl", "start_url": "remote", "scope": "./",
"display": "standalone", "background_color": "#0b0e12", "theme_color": "#0b0e12",
"icons": [{"src": "icon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]}"##;

/// The mirror, whole.
pub static PAGE: LazyLock<String> =
    LazyLock::new(|| whole(include_str!("../../assets/mirror/mirror.html"), MIRROR_STYLE, MIRROR_SCRIPT));

/// The remote.
pub static REMOTE: LazyLock<String> =
    LazyLock::new(|| whole(include_str!("../../assets/remote/remote.html"), REMOTE_STYLE, REMOTE_SCRIPT));

/// Where moderators decide.
pub static MODERATE: LazyLock<String> =
    LazyLock::new(|| whole(include_str!("../../assets/remote/moderate.html"), REMOTE_STYLE, GATE_SCRIPT));

/// Where somebody signs in.
pub static SIGN_IN: LazyLock<String> =
    LazyLock::new(|| whole(include_str!("../../assets/remote/sign-in.html"), REMOTE_STYLE, SIGN_IN_SCRIPT));

/// What a browser may load and run: from the wall alone, and of styles and scripts these pages'.
pub static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let all = |texts: &[&str]| texts.iter().map(|text| hash(text)).collect::<Vec<_>>().join(" ");
    let styles = all(&[MIRROR_STYLE, REMOTE_STYLE]);
    let scripts = all(&[MIRROR_SCRIPT, REMOTE_SCRIPT, GATE_SCRIPT, SIGN_IN_SCRIPT]);
    let policy = format!(
        "default-src 'none'; img-src 'self' data: blob:; style-src {styles}; script-src {scripts}; \
         connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    );
    HeaderValue::from_str(&policy).expect("base64 is ASCII")
});

fn whole(page: &str, style: &str, script: &str) -> String {
    page.replace("/*style*/", style).replace("/*script*/", script)
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, text.as_bytes())))
}
