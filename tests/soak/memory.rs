//! What is in use.

use std::fmt;

/// Bytes that were allocated and not given back, by Rust and C alike, without what the allocator keeps for later.
pub fn in_use() -> u64 {
    // SAFETY: it only reads the allocator's own counts.
    let info = unsafe { libc::mallinfo2() };
    (info.uordblks + info.hblkhd) as u64
}

/// Of one moment.
pub struct Use {
    /// On the heap, without textures.
    pub bytes: u64,
    /// Number of the layout.
    pub layout: usize,
    /// Of textures and buffers.
    pub textures: u64,
    /// Of the journal.
    pub journal: u64,
}

impl fmt::Display for Use {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mib = |bytes: u64| bytes as f64 / f64::from(1 << 20);
        let (heap, textures, journal) = (mib(self.bytes), mib(self.textures), mib(self.journal));
        write!(
            f,
            "layout {}, heap {heap:.2} MiB, textures {textures:.2} MiB, journal {journal:.1} MiB",
            self.layout
        )
    }
}
