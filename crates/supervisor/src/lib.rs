//! Module processes: one worker per module that runs, kept alive, kept apart, and ended in order.
//!
//! Owns the life of a module ([`machine`]: pure, tested by properties) and the tasks that carry it out. It does not know HTTP,
//! SQL or manifests' files; it is told which modules there are and publishes what each looks like on the [`Board`].
//!
//! Long-lived tasks: one `ModuleTask` per module; while a worker lives, one task that waits for its start and its end, one
//! that reads its link, one that writes what had to wait for it, and two that read its output. One thread for all workers
//! watches what they use (`resource_watch.rs`); a task that lives for a second says what was dropped of a module's log.

mod alarm;
mod board;
mod budget;
mod busyness;
mod calls;
mod errors;
mod failure;
mod keeper;
mod link_budget;
mod link_reader;
mod log_budget;
mod log_ring;
mod looks;
mod machine;
mod module_log;
mod module_task;
mod outbox;
mod output;
mod page_watchers;
mod resource_watch;
mod settings;
mod supervisor;
mod tile;
mod timing;
mod view;
mod waiting;
mod worker;

pub use board::{Board, Pinned, Subscription};
pub use calls::Followed;
pub use errors::{ActionError, DisableError, EnableError, Enabled, SettingsError, UnknownModule};
pub use failure::{Failure, Retry, Step, Unprepared};
pub use log_ring::{LogLine, LogPart, LogRing, LogSource};
pub use machine::Life;
pub use page_watchers::PageWatch;
pub use resource_watch::{Excess, Limited};
pub use supervisor::{Arguments, ModuleSpec, Supervisor, Wanted};
pub use tile::{StandIn, Tile};
pub use timing::Timing;
pub use view::{ModuleView, Preparing, Running, Trouble, TroubleKind, Ui};
