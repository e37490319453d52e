//! How many streams are open, by the version that they speak.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A version of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    V1,
    V2,
}

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Sockets {
    v1: Arc<AtomicUsize>,
    v2: Arc<AtomicUsize>,
}

/// One that is open, until this is dropped.
#[derive(Debug)]
pub(super) struct Counted(Arc<AtomicUsize>);

impl Sockets {
    /// One more is open.
    pub(super) fn count(&self, version: Version) -> Counted {
        let counter = self.counter(version);
        counter.fetch_add(1, Ordering::Relaxed);
        Counted(Arc::clone(counter))
    }

    /// How many are open now.
    pub(crate) fn open(&self, version: Version) -> usize {
        self.counter(version).load(Ordering::Relaxed)
    }

    fn counter(&self, version: Version) -> &Arc<AtomicUsize> {
        match version {
            Version::V1 => &self.v1,
            Version::V2 => &self.v2,
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
