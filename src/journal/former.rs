//! Entries of news feeds under the uids that they had before: in older journals every id with a colon
//! was taken for worldwide, and sites move from `http` to `https`. One that was kept then is known by
//! its old uid, and counts once.

use crate::mention::{Mention, Op};

/// Digits that tell a publisher apart.
const SCOPE: usize = 8;

/// The uid that an entry had before its publisher's scope stood in it, or before its site moved to
/// `https`; `None` where it had none.
pub(super) fn uid(mention: &Mention) -> Option<String> {
    let within = mention.uid.strip_prefix(&*mention.source)?.strip_prefix(':')?;
    if let Some(address) = within.strip_prefix("https://") {
        return Some(format!("{}:http://{address}", mention.source));
    }
    let (scope, id) = within.split_at_checked(SCOPE)?;
    let id = id.strip_prefix('/')?;
    let is_scope = scope.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    (is_scope && id.contains(':')).then(|| format!("{}:{id}", mention.source))
}

/// Whether what stands under the old uid is this entry, and not another publisher's: its address
/// or its words are the same. Of what was taken back neither is left.
pub(super) fn is_same(mention: &Mention, kept: &Mention) -> bool {
    let is_gone = kept.op == Op::Delete || mention.op == Op::Delete;
    let page = |url: &str| url.split_once("://").map_or(url, |(_, page)| page).to_owned();
    let address = mention.url.as_deref().map(page);
    let same_address = address.is_some() && address == kept.url.as_deref().map(page);
    is_gone || same_address || (mention.text.is_some() && mention.text == kept.text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Time;

    #[test]
    fn only_an_id_with_a_colon_had_no_scope_and_only_a_secure_one_may_have_moved() {
        let now = Time::from_secs(1_800_000_000);
        let of = |uid: &str| self::uid(&Mention::of(uid.into(), &"press".into(), now, now));
        assert_eq!(of("press:0a1b2c3d/article:1001").as_deref(), Some("press:article:1001"));
        assert_eq!(of("press:0a1b2c3d/https://b.example/1").as_deref(), Some("press:https://b.example/1"));
        assert_eq!(of("press:https://a.example/1").as_deref(), Some("press:http://a.example/1"));
        for other in [
            "press:0a1b2c3d/1001",
            "press:http://a.example/1",
            "press:0A1B2C3D/a:1",
            "x:0a1b2c3d/a:1",
            "press:é",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
