//! Each module's latest `module_ui` frames, encoded once for all clients.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use bytes::Bytes;
use contara_protocol::stream::v1::ServerFrame;
use contara_supervisor::Pinned;

use crate::snapshot::Page;
use crate::{clock, snapshot};

/// A change's number and its frame.
type Frame = Option<(u64, Bytes)>;

/// By module: the frame for those who watch its detail page, and that for the others.
#[derive(Debug, Default)]
pub(crate) struct FrameCache(Mutex<HashMap<String, Frames>>);

#[derive(Debug, Default)]
struct Frames {
    with_page: Frame,
    without: Frame,
}

impl FrameCache {
    /// The frame of what hangs on the board. Encoding it again for the same change costs nothing.
    pub(crate) fn module_ui(&self, pinned: &Pinned, page: Page) -> Bytes {
        let mut cache = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let view = &pinned.view;
        let frames = cache.entry(view.name.clone()).or_default();
        let (change, known) = match page {
            Page::Shown => (pinned.page_change, &mut frames.with_page),
            Page::LeftOut => (pinned.change, &mut frames.without),
        };
        if let Some((_, frame)) = known.as_ref().filter(|(known, _)| *known == change) {
            return frame.clone();
        }
        let snapshot = snapshot::of(view, Instant::now(), page);
        let frame = Bytes::from(ServerFrame::module_ui(snapshot, clock::v1_now()).encode());
        *known = Some((change, frame.clone()));
        frame
    }
}
