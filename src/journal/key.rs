//! The key under which a uid is found: SipHash-1-3 (Aumasson and Bernstein, 131002.net/siphash)
//! under a secret of the journal's own, so that nobody outside can make two uids meet.
//!
//! Own code because keys are on disk, and the standard library's hash may change.

/// The secret of one journal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    pub secret: [u64; 2],
    /// Bits of a key that are used; all but in tests that want uids to meet.
    pub mask: u64,
}

impl Keys {
    pub fn new(secret: [u64; 2]) -> Self {
        Self { secret, mask: u64::MAX }
    }

    pub fn of(&self, uid: &str) -> u64 {
        let [k0, k1] = self.secret;
        let mut state = [
            k0 ^ 0x736f_6d65_7073_6575,
            k1 ^ 0x646f_7261_6e64_6f6d,
            k0 ^ 0x6c79_6765_6e65_7261,
            k1 ^ 0x7465_6462_7974_6573,
        ];
        let (blocks, rest) = uid.as_bytes().as_chunks::<8>();
        for block in blocks {
            take(&mut state, u64::from_le_bytes(*block));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        last[7] = uid.len() as u8;
        take(&mut state, u64::from_le_bytes(last));
        state[2] ^= 0xff;
        (0..3).for_each(|_| round(&mut state));
        state.iter().fold(0, |hash, part| hash ^ part) & self.mask
    }
}

fn take(state: &mut [u64; 4], block: u64) {
    state[3] ^= block;
    round(state);
    state[0] ^= block;
}

fn round([a, b, c, d]: &mut [u64; 4]) {
    *a = a.wrapping_add(*b);
    *c = c.wrapping_add(*d);
    *b = b.rotate_left(13) ^ *a;
    *d = d.rotate_left(16) ^ *c;
    *a = a.rotate_left(32);
    *c = c.wrapping_add(*b);
    *a = a.wrapping_add(*d);
    *b = b.rotate_left(17) ^ *c;
    *d = d.rotate_left(21) ^ *a;
    *c = c.rotate_left(32);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_those_of_siphash_1_3() {
        #[allow(deprecated)]
        fn known(text: &str) -> u64 {
            use std::hash::Hasher as _;
            // The standard library's hash of today: SipHash-1-3 under a key of zeros.
            let mut hasher = std::hash::DefaultHasher::new();
            hasher.write(text.as_bytes());
            hasher.finish()
        }
        for text in ["", "a", "1234567", "12345678", "mastodon:https://example.org/users/a/statuses/1"] {
            assert_eq!(Keys::new([0, 0]).of(text), known(text), "{text}");
        }
        assert_ne!(Keys::new([1, 0]).of("a"), Keys::new([0, 1]).of("a"));
    }
}
