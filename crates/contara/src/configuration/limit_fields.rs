//! Which limits can be set, between which bounds, and why there are bounds.

use contara_i18n::{Message, message};
use contara_protocol::link::MAX_FRAME;
use contara_system::limits::Limits;

use super::amount::Unit;

/// One limit.
#[derive(Debug)]
pub(crate) struct LimitField {
    pub(super) name: &'static str,
    pub(super) unit: Unit,
    pub(super) least: u64,
    pub(super) most: u64,
    /// What is wrong with less or more, for people.
    pub(super) why: fn() -> Message,
    pub(super) set: fn(&mut Limits, u64),
}

const MIB: u64 = 1024 * 1024;

/// As many descriptors as Linux gives to a process, unless an administrator has raised it.
const MOST_FILES: u64 = 1_048_576;

/// All of them, in the order of the documentation.
pub(super) static LIMITS: [LimitField; 6] = [
    LimitField {
        name: "address_space",
        unit: Unit::Bytes,
        least: 256 * MIB,
        most: u64::MAX,
        why: || {
            message!(
                "Python with the SDK can't start with less than 256MiB of address space; to hold a module to less memory, set `memory`."
            )
        },
        set: |limits, value| limits.address_space = value,
    },
    LimitField {
        name: "memory",
        unit: Unit::Bytes,
        least: 32 * MIB,
        most: u64::MAX,
        why: || message!("A worker takes about 20MiB before the module does anything."),
        set: |limits, value| limits.memory = value,
    },
    LimitField {
        name: "open_files",
        unit: Unit::Count,
        least: 32,
        most: MOST_FILES,
        why: || {
            message!(
                "Python opens more than 20 files while it imports a module, and Linux gives no process more than 1048576; write \"unlimited\" to leave it at the daemon's own limit."
            )
        },
        set: |limits, value| limits.open_files = value,
    },
    LimitField {
        name: "processes",
        unit: Unit::Count,
        least: 1,
        most: u32::MAX as u64,
        why: || message!("The worker itself is one process."),
        set: |limits, value| limits.processes = u32::try_from(value).unwrap_or(u32::MAX),
    },
    LimitField {
        name: "tree_size",
        unit: Unit::Bytes,
        least: 4 * 1024,
        most: MAX_FRAME as u64,
        why: || {
            message!(
                "A plain tile takes 1KiB, and no message of a worker may be larger than 16MiB."
            )
        },
        set: |limits, value| limits.tree_size = value,
    },
    LimitField {
        name: "frames_per_second",
        unit: Unit::Count,
        least: 1,
        most: u32::MAX as u64,
        why: || message!("With none a module could never show a change; to see none, disable it."),
        set: |limits, value| limits.frames_per_second = u32::try_from(value).unwrap_or(u32::MAX),
    },
];

/// The limit of this name.
pub(super) fn limit_field(name: &str) -> Option<&'static LimitField> {
    LIMITS.iter().find(|field| field.name == name)
}
