//! The worker link, version 1, as `docs/protocol/worker-link.md` describes it: one enum per direction.

mod from_worker;
mod loaded;
mod to_worker;

pub use from_worker::{
    BadMessage, ErrorKind, FaultOrigin, FromWorker, LogLevel, Progress, WorkerError,
};
pub use loaded::{ActionTimes, Loaded};
pub use to_worker::{Capabilities, ModuleSource, Private, SetupModule, ToWorker, TreeLimits};

/// The version of the link that the host speaks.
pub const LINK_PROTOCOL: u32 = 1;

/// The largest frame either side may send, in bytes, without the length in front of it.
pub const MAX_FRAME: usize = 16 * 1024 * 1024;

/// The largest state that is kept, in bytes of MessagePack: it comes back in a `load`, beside the module's settings.
pub const MAX_STATE: usize = MAX_FRAME / 2;
