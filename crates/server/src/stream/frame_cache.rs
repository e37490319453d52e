//! Each module's latest `module_ui` frames, encoded once for all clients (of a language, if there are words of Contara's own in
//! them). A module that is gone takes its frames with it.

use std::collections::HashMap;
use std::time::Instant;

use bytes::Bytes;
use contara_i18n::Catalogue;
use contara_protocol::stream::v1::ServerFrame;
use contara_supervisor::Pinned;

use crate::snapshot::Page;
use crate::stream::by_module::ByModule;
use crate::stream::{lock, revision};
use crate::{clock, snapshot};

/// A change's number and its frame.
type Frame = (u64, Bytes);

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct FrameCache(ByModule<Frames>);

/// For those who watch its detail page and for the others, in the languages that are read; English is the one without a catalogue.
type Frames = HashMap<(Page, Option<Catalogue>), Frame>;

impl FrameCache {
    /// The frame of what hangs on the board. Encoding it again for the same change costs nothing.
    pub(crate) fn module_ui(
        &self,
        pinned: &Pinned,
        page: Page,
        catalogue: Option<Catalogue>,
    ) -> Bytes {
        let view = &pinned.view;
        let catalogue = catalogue.filter(|_| snapshot::has_words(view));
        let frames = self.0.of(&view.name);
        let mut frames = lock(&frames);
        let change = revision(pinned, page);
        let known = frames.get(&(page, catalogue));
        if let Some((_, frame)) = known.filter(|(known, _)| *known == change) {
            return frame.clone();
        }
        let snapshot = snapshot::of(view, Instant::now(), page, catalogue);
        let frame = Bytes::from(ServerFrame::module_ui(snapshot, clock::v1_now()).encode());
        frames.insert((page, catalogue), (change, frame.clone()));
        frame
    }

    /// Forgets the frames of all modules but these.
    pub(crate) fn keep_only(&self, there: &[Pinned]) {
        self.0.keep_only(there);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::samples::pinned;

    fn is_same(one: &Bytes, other: &Bytes) -> bool {
        one.as_ptr() == other.as_ptr()
    }

    #[test]
    fn a_frame_is_encoded_once_per_change() {
        let cache = FrameCache::default();
        let frame = |change| cache.module_ui(&pinned("a", change), Page::LeftOut, None);
        let first = frame(1);
        assert!(is_same(&first, &frame(1)));
        assert!(!is_same(&first, &frame(2)));
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        let cache = FrameCache::default();
        let a = pinned("a", 1);
        let kept = cache.module_ui(&a, Page::LeftOut, None);
        cache.keep_only(std::slice::from_ref(&a));
        assert!(is_same(&kept, &cache.module_ui(&a, Page::LeftOut, None)));
        cache.keep_only(&[]);
        assert!(!is_same(&kept, &cache.module_ui(&a, Page::LeftOut, None)));
    }
}
