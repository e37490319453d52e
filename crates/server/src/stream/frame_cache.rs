//! Each module's latest `module_ui` frame, encoded once for all clients.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use contara_protocol::stream::v1::ServerFrame;
use contara_supervisor::ModuleView;

use crate::{clock, snapshot};

/// By module: the number of the change, and its frame.
#[derive(Debug, Default)]
pub(crate) struct FrameCache(Mutex<HashMap<String, (u64, Bytes)>>);

impl FrameCache {
    /// The frame of a view. Encoding it again for the same change costs nothing.
    pub(crate) fn module_ui(&self, change: u64, view: &ModuleView) -> Bytes {
        let mut frames = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, frame)) = frames.get(&view.name).filter(|(known, _)| *known == change) {
            return frame.clone();
        }
        let snapshot = snapshot::of(view, Instant::now());
        let frame = Bytes::from(ServerFrame::module_ui(snapshot, clock::v1_now()).encode());
        frames.insert(view.name.clone(), (change, frame.clone()));
        frame
    }
}
