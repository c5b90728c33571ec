//! Numbers that are the same in every run (xorshift).

pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, end: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 33) % u64::from(end)) as u32
    }

    /// True so many times in `of`.
    pub fn happens(&mut self, times: u32, of: u32) -> bool {
        self.below(of) < times
    }
}
