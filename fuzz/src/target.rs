//! What is executed on inputs.

/// A function of bytes that panics if a property does not hold.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, also of the folder of its corpus.
    pub name: &'static str,
    /// What it checks, for the table.
    pub about: &'static str,
    /// Executes it once.
    pub execute: fn(&[u8]),
    /// How much longer an execution takes than one of a parser. It is executed so much less often.
    pub cost: u64,
    /// The memory that one execution may hold at once.
    pub memory: Memory,
    /// Words that mutations insert.
    pub words: &'static [&'static str],
}

/// A bound on memory: so many bytes, and so many for each byte of the input.
#[derive(Clone, Copy)]
pub struct Memory {
    /// What does not depend on the input.
    pub base: usize,
    /// For each byte of the input.
    pub factor: usize,
}

impl Memory {
    /// The bound for an input of this length.
    #[must_use]
    pub fn bound(self, length: usize) -> usize {
        self.base.saturating_add(self.factor.saturating_mul(length))
    }
}
