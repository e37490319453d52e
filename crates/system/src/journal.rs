//! Whether an output leads into systemd's journal, where others may read it and where it stays.

use std::os::fd::BorrowedFd;

/// Whether `output` is the stream that systemd connected to its journal (`$JOURNAL_STREAM`, systemd.exec(5)).
#[must_use]
pub fn is_journal(output: BorrowedFd<'_>) -> bool {
    let stream = std::env::var("JOURNAL_STREAM").unwrap_or_default();
    rustix::fs::fstat(output).is_ok_and(|stat| stream == format!("{}:{}", stat.st_dev, stat.st_ino))
}
