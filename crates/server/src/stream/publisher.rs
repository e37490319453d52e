//! What clients of v2 get of each module, made once for all of them: its whole state, and the step from one state to the next.
//!
//! Nobody pushes here. The first session that asks what is new on the board makes the step, and all others get its bytes.
//! A module's steps lie at least a sixtieth of a second apart: what happens in between is in the next one.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use bytes::Bytes;
use contara_i18n::Catalogue;
use contara_protocol::Tree;
use contara_protocol::stream::v2::{Info, ServerFrame};
use contara_supervisor::{ModuleView, Pinned};
use contara_ui_tree::patch::{Difference, diff};

use crate::snapshot::{self, Page};
use crate::stream::lock;

/// Between two steps of a module.
pub(super) const GAP: Duration = Duration::from_nanos(1_000_000_000 / 60);
/// So many steps are kept for those who are behind; who is further behind gets the module whole.
const KEPT: usize = 8;
/// So many steps are sent to a client that looks on all the time: more in a moment are actions of others, and would be more frames
/// than it is promised.
const MOST_AT_ONCE: usize = 2;

/// Who looks: that decides what they get of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Audience {
    pub(super) page: Page,
    /// English is the one without.
    pub(super) catalogue: Option<Catalogue>,
}

/// Why a client asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    /// It wants what is next, in few frames.
    Next,
    /// It waits for the result of an action, whose changes come before it: nothing is to be waited for.
    AfterAction,
    /// It has come back.
    Resumed,
}

/// What a client lacks of a module.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum News {
    Nothing,
    /// It has to wait for the module's next step.
    Later(Instant),
    /// These in this order; then it has that revision.
    Steps(Vec<Bytes>, u64),
    /// The module whole, at that revision.
    Whole(Bytes, u64),
}

/// By module. Each has a lock of its own: the diff of one that is large must not hold up the others.
#[derive(Debug, Default)]
pub(crate) struct Publisher(Mutex<HashMap<String, Arc<Mutex<Tracks>>>>);

/// For those who look at its detail page and for the others.
type Tracks = HashMap<Page, Track>;

impl Publisher {
    /// What a client of that audience lacks which has that revision of a module, or nothing of it.
    pub(super) fn news(
        &self,
        pinned: &Pinned,
        audience: Audience,
        has: Option<u64>,
        asking: Asking,
    ) -> News {
        if has == Some(revision(pinned, audience.page)) {
            return News::Nothing;
        }
        let tracks = {
            let mut all = lock(&self.0);
            Arc::clone(all.entry(pinned.view.name.clone()).or_default())
        };
        let mut tracks = lock(&tracks);
        let track = tracks
            .entry(audience.page)
            .or_insert_with(|| Track::begin(pinned, audience.page));
        track.news(pinned, audience, has, asking)
    }

    /// Forgets all modules but these.
    pub(super) fn keep_only(&self, there: &[Pinned]) {
        let there: HashSet<_> = there.iter().map(|pinned| &pinned.view.name).collect();
        lock(&self.0).retain(|name, _| there.contains(name));
    }
}

/// The number of a module's state for those who look at its detail page, or for the others.
pub(super) fn revision(pinned: &Pinned, page: Page) -> u64 {
    match page {
        Page::Shown => pinned.page_change,
        Page::LeftOut => pinned.change,
    }
}

/// A module's states as they were published, one after the other.
#[derive(Debug)]
struct Track {
    view: Arc<ModuleView>,
    revision: u64,
    stepped: Instant,
    /// The last ones; each begins where the one before ends.
    steps: VecDeque<Step>,
    /// The latest state, by language.
    whole: HashMap<Option<Catalogue>, Bytes>,
}

impl Track {
    fn begin(pinned: &Pinned, page: Page) -> Self {
        Self {
            view: Arc::clone(&pinned.view),
            revision: revision(pinned, page),
            stepped: Instant::now(),
            steps: VecDeque::new(),
            whole: HashMap::new(),
        }
    }

    fn news(
        &mut self,
        pinned: &Pinned,
        audience: Audience,
        has: Option<u64>,
        asking: Asking,
    ) -> News {
        // Another session may have been here with something newer.
        if revision(pinned, audience.page) > self.revision {
            let due = self.stepped + GAP;
            let may_wait = asking != Asking::AfterAction && due > Instant::now();
            if may_wait && has == Some(self.revision) {
                return News::Later(due);
            }
            // Who gets the module whole gets the latest: it may have more of it than it can name.
            let follows = self.steps.iter().any(|step| Some(step.from) == has);
            if !(may_wait && follows) {
                self.step(pinned, audience.page);
            }
        }
        match has {
            Some(has) if has == self.revision => News::Nothing,
            Some(has) => self
                .steps_from(has, audience, asking)
                .unwrap_or_else(|| self.whole(audience)),
            None => self.whole(audience),
        }
    }

    fn step(&mut self, pinned: &Pinned, page: Page) {
        let after = Arc::clone(&pinned.view);
        let change = Change {
            before: std::mem::replace(&mut self.view, Arc::clone(&after)),
            after,
            page,
            revision: revision(pinned, page),
        };
        let from = std::mem::replace(&mut self.revision, change.revision);
        self.steps.truncate(KEPT - 1);
        self.steps.push_front(Step {
            from,
            frames: Frames::of(change),
        });
        self.stepped = Instant::now();
        self.whole.clear();
    }

    /// The steps from a revision to the latest, unless they aren't kept or the module whole is smaller.
    fn steps_from(&mut self, has: u64, audience: Audience, asking: Asking) -> Option<News> {
        let newest_first = self.steps.iter().position(|step| step.from == has)?;
        if asking == Asking::Next && newest_first >= MOST_AT_ONCE {
            return None;
        }
        let steps = self.steps.range_mut(..=newest_first).rev();
        let frames: Vec<_> = steps
            .flat_map(|step| step.frames.in_language(audience.catalogue))
            .cloned()
            .collect();
        let size: usize = frames.iter().map(Bytes::len).sum();
        if newest_first > 0 && size >= self.encoded(audience).len() {
            return None;
        }
        Some(News::Steps(frames, self.revision))
    }

    fn whole(&mut self, audience: Audience) -> News {
        News::Whole(self.encoded(audience), self.revision)
    }

    fn encoded(&mut self, audience: Audience) -> Bytes {
        let catalogue = audience
            .catalogue
            .filter(|_| snapshot::has_words(&self.view));
        if is_of_its_moment(&self.view) {
            self.whole.clear();
        }
        let frame = self.whole.entry(catalogue).or_insert_with(|| {
            let (info, ui) = snapshot::parts(&self.view, Instant::now(), audience.page, catalogue);
            let module = self.view.name.clone();
            module_frame(module, self.revision, info, Some(ui))
        });
        frame.clone()
    }
}

/// Whether it says how long something still takes, which is another time for each that asks.
fn is_of_its_moment(view: &ModuleView) -> bool {
    let trouble = view.trouble.as_deref();
    trouble.is_some_and(|trouble| trouble.retry_at.is_some())
}

#[derive(Debug)]
struct Step {
    from: u64,
    frames: Frames,
}

/// What a step is told with.
#[derive(Debug)]
enum Frames {
    ForAll(Vec<Bytes>),
    /// There are words of Contara's own in it, so it is told in each language that is read.
    ByLanguage(Change, HashMap<Option<Catalogue>, Vec<Bytes>>),
}

impl Frames {
    fn of(change: Change) -> Self {
        if snapshot::has_words(&change.before) || snapshot::has_words(&change.after) {
            return Self::ByLanguage(change, HashMap::new());
        }
        Self::ForAll(change.frames(None))
    }

    fn in_language(&mut self, catalogue: Option<Catalogue>) -> &[Bytes] {
        match self {
            Self::ForAll(frames) => frames,
            Self::ByLanguage(change, frames) => {
                if is_of_its_moment(&change.after) {
                    frames.clear();
                }
                frames
                    .entry(catalogue)
                    .or_insert_with(|| change.frames(catalogue))
            }
        }
    }
}

/// How a module looked, and how it looks.
#[derive(Debug)]
struct Change {
    before: Arc<ModuleView>,
    after: Arc<ModuleView>,
    page: Page,
    revision: u64,
}

impl Change {
    /// At most two: the metadata first, then the patch.
    fn frames(&self, catalogue: Option<Catalogue>) -> Vec<Bytes> {
        let now = Instant::now();
        let parts = |view| snapshot::parts(view, now, self.page, catalogue);
        let ((info_before, ui_before), (info, ui)) = (parts(&self.before), parts(&self.after));
        let module = self.after.name.clone();
        let has_new_info = info != info_before;
        let patch = match diff(&ui_before, &ui) {
            Difference::Whole => {
                return vec![module_frame(module, self.revision, info, Some(ui))];
            }
            Difference::Nothing => None,
            Difference::Patch(patch) => Some(ServerFrame::Patch {
                module: module.clone(),
                revision: self.revision,
                at: patch.at().to_owned(),
                ops: patch.ops().clone(),
            }),
        };
        let info = has_new_info.then(|| module_frame(module, self.revision, info, None));
        let patch = patch.map(|patch| patch.encode());
        info.into_iter().chain(patch).collect()
    }
}

fn module_frame(module: String, revision: u64, info: Info, ui: Option<Tree>) -> Bytes {
    let frame = ServerFrame::Module {
        module,
        revision,
        info,
        ui,
    };
    frame.encode()
}

#[cfg(test)]
mod tests {
    use contara_i18n::Languages;
    use serde_json::{Value, json};

    use super::*;
    use crate::stream::samples::{drawn, faulty};

    const ENGLISH: Audience = Audience {
        page: Page::LeftOut,
        catalogue: None,
    };

    fn german() -> Audience {
        Audience {
            catalogue: contara_i18n::catalogue(&Languages::of(["de"])),
            ..ENGLISH
        }
    }

    /// A tile of some size whose last part is this number.
    fn tile(number: u64) -> Value {
        json!({"type": "tile", "title": "so that it is larger than a patch".repeat(20), "value": number})
    }

    fn value(frame: &Bytes) -> Value {
        rmp_serde::from_slice(frame).unwrap_or_default()
    }

    fn steps(news: News) -> (Vec<Bytes>, u64) {
        match news {
            News::Steps(frames, revision) => (frames, revision),
            other => panic!("{other:?}"),
        }
    }

    fn whole(news: News) -> (Bytes, u64) {
        match news {
            News::Whole(frame, revision) => (frame, revision),
            other => panic!("{other:?}"),
        }
    }

    /// A publisher that has told of these states, one after the other.
    fn told(states: &[Pinned]) -> Publisher {
        let publisher = Publisher::default();
        for pinned in states {
            publisher.news(pinned, ENGLISH, None, Asking::AfterAction);
        }
        publisher
    }

    #[test]
    fn a_step_and_a_whole_are_encoded_once_for_all() {
        let now = drawn(2, &tile(2));
        let publisher = told(&[drawn(1, &tile(1)), now.clone()]);
        let step = || steps(publisher.news(&now, ENGLISH, Some(1), Asking::Resumed)).0;
        let (one, other) = (step(), step());
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].as_ptr(), other[0].as_ptr());
        let german = steps(publisher.news(&now, german(), Some(1), Asking::Resumed)).0;
        assert_eq!(one[0].as_ptr(), german[0].as_ptr());
        let all = || whole(publisher.news(&now, ENGLISH, None, Asking::Resumed)).0;
        assert_eq!(all().as_ptr(), all().as_ptr());
    }

    #[test]
    fn who_is_behind_gets_all_steps_in_order_and_who_is_further_behind_the_whole() {
        let states: Vec<_> = (1..=12)
            .map(|number| drawn(number, &tile(number)))
            .collect();
        let (publisher, now) = (told(&states), &states[11]);
        let (frames, revision) = steps(publisher.news(now, ENGLISH, Some(8), Asking::Resumed));
        let revisions: Vec<_> = frames
            .iter()
            .map(|frame| value(frame)["revision"].clone())
            .collect();
        assert_eq!(
            (revisions, revision),
            (vec![9.into(), 10.into(), 11.into(), 12.into()], 12)
        );
        for has in [Some(1), Some(3), Some(99), None] {
            let (frame, revision) = whole(publisher.news(now, ENGLISH, has, Asking::Resumed));
            assert_eq!(
                (value(&frame)["ui"]["tile"]["value"].as_u64(), revision),
                (Some(12), 12)
            );
        }
        assert_eq!(
            publisher.news(now, ENGLISH, Some(12), Asking::Resumed),
            News::Nothing
        );
    }

    #[test]
    fn who_looks_on_gets_many_steps_of_a_moment_as_one_whole() {
        let states: Vec<_> = (1..=5).map(|number| drawn(number, &tile(number))).collect();
        let publisher = told(&states);
        let news = |has| publisher.news(&states[4], ENGLISH, Some(has), Asking::Next);
        assert_eq!(steps(news(3)).0.len(), 2);
        assert_eq!(whole(news(2)).1, 5);
    }

    #[test]
    fn who_gets_the_module_whole_gets_the_latest() {
        let publisher = told(&[drawn(1, &tile(1)), drawn(2, &tile(2))]);
        let news = publisher.news(&drawn(3, &tile(3)), ENGLISH, None, Asking::Next);
        assert_eq!(whole(news).1, 3);
    }

    #[test]
    fn how_long_a_retry_takes_is_told_anew_each_time() {
        let mut now = faulty(2, &tile(2));
        let view = Arc::make_mut(&mut now.view);
        let trouble = view.trouble.as_mut().map(Arc::make_mut);
        if let Some(trouble) = trouble {
            trouble.retry_at = Some(Instant::now() + Duration::from_secs(60));
        }
        let publisher = told(&[drawn(1, &tile(1)), now.clone()]);
        let left = |news: Bytes| value(&news)["info"]["problem"]["retry_in_ms"].as_u64();
        let both = || {
            let step = steps(publisher.news(&now, ENGLISH, Some(1), Asking::Resumed)).0;
            let all = whole(publisher.news(&now, ENGLISH, None, Asking::Resumed)).0;
            (left(step[0].clone()), left(all))
        };
        let (first, start) = (both(), Instant::now());
        let is_less = |then: (Option<u64>, Option<u64>)| then.0 < first.0 && then.1 < first.1;
        while !is_less(both()) {
            assert!(start.elapsed() < Duration::from_secs(5), "{first:?}");
        }
    }

    #[test]
    fn many_steps_that_are_larger_than_the_whole_are_not_sent() {
        let lists: Vec<_> = (0..4)
            .map(|number| json!({"type": "tile", "values": vec![number; 60]}))
            .collect();
        let states: Vec<_> = (1..)
            .zip(&lists)
            .map(|(change, tile)| drawn(change, tile))
            .collect();
        let publisher = told(&states);
        whole(publisher.news(&states[3], ENGLISH, Some(1), Asking::Resumed));
    }

    #[test]
    fn the_next_step_waits_unless_it_is_urgent() {
        let publisher = told(&[drawn(1, &tile(1)), drawn(2, &tile(2))]);
        let now = drawn(3, &tile(3));
        // Whoever is up to date with the last step waits for the next, which may be due by now on a slow machine.
        match publisher.news(&now, ENGLISH, Some(2), Asking::Resumed) {
            News::Later(at) => assert!(at <= Instant::now() + GAP),
            due => assert_eq!(steps(due).1, 3),
        }
        assert_eq!(
            steps(publisher.news(&now, ENGLISH, Some(2), Asking::AfterAction)).1,
            3
        );
    }

    #[test]
    fn metadata_comes_before_the_patch_and_in_each_language() {
        let now = faulty(2, &tile(2));
        let publisher = told(&[drawn(1, &tile(1)), now.clone()]);
        let titles = [ENGLISH, german()].map(|audience| {
            let frames = steps(publisher.news(&now, audience, Some(1), Asking::Resumed)).0;
            let [info, patch] = &frames[..] else {
                panic!("{frames:?}")
            };
            let (info, patch) = (value(info), value(patch));
            assert_eq!(
                (&info["type"], &patch["type"]),
                (&"module".into(), &"patch".into())
            );
            assert_eq!(
                (&info["revision"], info.get("ui")),
                (&patch["revision"], None)
            );
            info["info"]["problem"]["title"].clone()
        });
        assert_ne!(titles[0], titles[1]);
    }

    #[test]
    fn what_is_gone_is_forgotten() {
        let publisher = told(&[drawn(1, &tile(1))]);
        publisher.keep_only(&[]);
        assert!(lock(&publisher.0).is_empty());
    }
}
