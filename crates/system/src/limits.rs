//! How much of the machine one module may use. Who enforces each is said there; the values come from the configuration.

/// What one module may use. `u64::MAX` and `u32::MAX` stand for no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of address space of each of its processes (`RLIMIT_AS`).
    pub address_space: u64,
    /// Bytes that all its processes together hold in memory and share with nobody else.
    pub memory: u64,
    /// Files that each of its processes may have open (`RLIMIT_NOFILE`).
    pub open_files: u64,
    /// Processes, its worker included, threads not.
    pub processes: u32,
    /// Bytes of MessagePack of its tile, modals and page together.
    pub tree_size: u64,
    /// Trees a second that no action has caused.
    pub frames_per_second: u32,
}

const MIB: u64 = 1024 * 1024;

impl Default for Limits {
    fn default() -> Self {
        Self {
            address_space: 2048 * MIB,
            memory: 1024 * MIB,
            open_files: 1024,
            processes: 64,
            tree_size: 2 * MIB,
            frames_per_second: 30,
        }
    }
}
