//! What clients of v2 get of each module, made once for all of them: its latest state whole, and what leads there from each of
//! the states before.
//!
//! Nobody pushes here. The first session that asks what is new on the board makes the step, and all others get its bytes.
//! A module's steps lie at least a sixtieth of a second apart: what happens in between is in the next one.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use contara_i18n::Catalogue;
use contara_protocol::Tree;
use contara_protocol::stream::v2::{Info, ServerFrame};
use contara_supervisor::{ModuleView, Pinned, Ui};
use contara_ui_tree::patch::{Difference, diff};

use crate::snapshot::{self, Page};
use crate::stream::by_module::ByModule;
use crate::stream::{lock, revision};

/// Between two steps of a module.
pub(super) const GAP: Duration = Duration::from_nanos(1_000_000_000 / 60);
/// So many states before the latest are kept for those who are behind ...
const KEPT: usize = 8;
/// ... as long as they take no more than this, in bytes of their trees. Who is further behind gets the module whole.
const KEPT_BYTES: u64 = 256 * 1024;

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
    /// It wants what is next.
    Next,
    /// It waits for the result of an action, whose changes come before it: nothing is to be waited for.
    AfterAction,
}

/// What a client lacks of a module.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum News {
    Nothing,
    /// It has to wait for the module's next step.
    Later(Instant),
    /// One step: these in this order; then it has that revision.
    Step(Vec<Bytes>, u64),
    /// The module whole, at that revision.
    Whole(Bytes, u64),
}

/// See the file's first lines.
#[derive(Debug, Default)]
pub(crate) struct Publisher(ByModule<Tracks>);

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
        let tracks = self.0.of(&pinned.view.name);
        let mut tracks = lock(&tracks);
        let track = tracks
            .entry(audience.page)
            .or_insert_with(|| Track::begin(pinned, audience.page));
        track.news(pinned, audience, has, asking)
    }

    /// Forgets all modules but these.
    pub(super) fn keep_only(&self, there: &[Pinned]) {
        self.0.keep_only(there);
    }
}

/// A module's latest state as it was published, and how to get there.
#[derive(Debug)]
struct Track {
    view: Arc<ModuleView>,
    revision: u64,
    stepped: Instant,
    /// It whole, by language.
    whole: HashMap<Option<Catalogue>, Bytes>,
    /// The states before it, the newest first.
    before: VecDeque<Earlier>,
}

/// A state that clients may still have.
#[derive(Debug)]
struct Earlier {
    view: Arc<ModuleView>,
    revision: u64,
    /// What leads from it to the latest, by language.
    frames: HashMap<Option<Catalogue>, Vec<Bytes>>,
}

impl Track {
    fn begin(pinned: &Pinned, page: Page) -> Self {
        Self {
            view: Arc::clone(&pinned.view),
            revision: revision(pinned, page),
            stepped: Instant::now(),
            whole: HashMap::new(),
            before: VecDeque::new(),
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
            let follows = self.before.iter().any(|state| Some(state.revision) == has);
            if !(may_wait && follows) {
                self.step(pinned, audience.page);
            }
        }
        match has {
            Some(has) if has == self.revision => News::Nothing,
            Some(has) => self
                .step_from(has, audience)
                .unwrap_or_else(|| self.whole(audience)),
            None => self.whole(audience),
        }
    }

    /// From now on the latest state is this one.
    fn step(&mut self, pinned: &Pinned, page: Page) {
        let before = Earlier {
            view: std::mem::replace(&mut self.view, Arc::clone(&pinned.view)),
            revision: std::mem::replace(&mut self.revision, revision(pinned, page)),
            frames: HashMap::new(),
        };
        self.before.push_front(before);
        self.before.truncate(KEPT);
        while self.before.len() > 1 && self.bytes_before() > KEPT_BYTES {
            self.before.pop_back();
        }
        for state in &mut self.before {
            state.frames.clear();
        }
        self.stepped = Instant::now();
        self.whole.clear();
    }

    fn bytes_before(&self) -> u64 {
        let drawn = self
            .before
            .iter()
            .filter_map(|state| state.view.ui.as_ref());
        drawn.map(Ui::size).sum()
    }

    /// What leads from a revision to the latest, if that is still known.
    fn step_from(&mut self, has: u64, audience: Audience) -> Option<News> {
        let state = self.before.iter_mut().find(|state| state.revision == has)?;
        let has_words = snapshot::has_words(&state.view) || snapshot::has_words(&self.view);
        let catalogue = audience.catalogue.filter(|_| has_words);
        if is_of_its_moment(&self.view) {
            state.frames.clear();
        }
        let frames = state.frames.entry(catalogue).or_insert_with(|| {
            let page = audience.page;
            frames_between(&state.view, &self.view, self.revision, page, catalogue)
        });
        Some(News::Step(frames.clone(), self.revision))
    }

    fn whole(&mut self, audience: Audience) -> News {
        let has_words = snapshot::has_words(&self.view);
        let catalogue = audience.catalogue.filter(|_| has_words);
        if is_of_its_moment(&self.view) {
            self.whole.clear();
        }
        let frame = self.whole.entry(catalogue).or_insert_with(|| {
            let (info, ui) = snapshot::parts(&self.view, Instant::now(), audience.page, catalogue);
            let module = self.view.name.clone();
            module_frame(module, self.revision, info, Some(ui))
        });
        News::Whole(frame.clone(), self.revision)
    }
}

/// Whether it says how long something still takes, which is another time for each that asks.
fn is_of_its_moment(view: &ModuleView) -> bool {
    let trouble = view.trouble.as_deref();
    trouble.is_some_and(|trouble| trouble.retry_at.is_some())
}

/// What leads from one state to another: at most two frames, the metadata first, then the patch.
fn frames_between(
    before: &ModuleView,
    after: &ModuleView,
    revision: u64,
    page: Page,
    catalogue: Option<Catalogue>,
) -> Vec<Bytes> {
    let now = Instant::now();
    let parts = |view| snapshot::parts(view, now, page, catalogue);
    let ((info_before, ui_before), (info, ui)) = (parts(before), parts(after));
    let module = after.name.clone();
    let has_new_info = info != info_before;
    let patch = match diff(&ui_before, &ui) {
        Difference::Whole => return vec![module_frame(module, revision, info, Some(ui))],
        Difference::Nothing => None,
        Difference::Patch(patch) => Some(ServerFrame::Patch {
            module: module.clone(),
            revision,
            at: patch.at().to_owned(),
            ops: patch.ops().clone(),
        }),
    };
    let info = has_new_info.then(|| module_frame(module, revision, info, None));
    let patch = patch.map(|patch| patch.encode());
    info.into_iter().chain(patch).collect()
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

    fn step(news: News) -> (Vec<Bytes>, u64) {
        match news {
            News::Step(frames, revision) => (frames, revision),
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
        let from_first = |audience| step(publisher.news(&now, audience, Some(1), Asking::Next)).0;
        let (one, other, german) = (
            from_first(ENGLISH),
            from_first(ENGLISH),
            from_first(german()),
        );
        assert_eq!(one.len(), 1);
        assert_eq!(one[0].as_ptr(), other[0].as_ptr());
        assert_eq!(one[0].as_ptr(), german[0].as_ptr());
        let all = || whole(publisher.news(&now, ENGLISH, None, Asking::Next)).0;
        assert_eq!(all().as_ptr(), all().as_ptr());
    }

    #[test]
    fn who_is_behind_gets_one_step_to_the_latest_and_who_is_further_behind_the_whole() {
        let states: Vec<_> = (1..=12)
            .map(|number| drawn(number, &tile(number)))
            .collect();
        let (publisher, now) = (told(&states), &states[11]);
        for has in [4, 8, 11] {
            let (frames, revision) = step(publisher.news(now, ENGLISH, Some(has), Asking::Next));
            let [patch] = &frames[..] else {
                panic!("{frames:?}")
            };
            let patch = value(patch);
            let told = (
                &patch["type"],
                &patch["revision"],
                &patch["ops"][0]["value"],
            );
            assert_eq!(told, (&"patch".into(), &12.into(), &12.into()), "{has}");
            assert_eq!(revision, 12);
        }
        for has in [Some(1), Some(3), Some(99), None] {
            let (frame, revision) = whole(publisher.news(now, ENGLISH, has, Asking::Next));
            assert_eq!(
                (value(&frame)["ui"]["tile"]["value"].as_u64(), revision),
                (Some(12), 12)
            );
        }
        let news = publisher.news(now, ENGLISH, Some(12), Asking::Next);
        assert_eq!(news, News::Nothing);
    }

    #[test]
    fn of_large_trees_fewer_states_are_kept_but_always_the_last_one() {
        let large =
            |number| json!({"type": "tile", "text": "x".repeat(256 * 1024), "value": number});
        let states = [1, 2, 3].map(|number| drawn(number, &large(number)));
        let publisher = told(&states);
        let news = |has| publisher.news(&states[2], ENGLISH, Some(has), Asking::Next);
        assert_eq!(step(news(2)).1, 3);
        assert_eq!(whole(news(1)).1, 3);
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
            let step = step(publisher.news(&now, ENGLISH, Some(1), Asking::Next)).0;
            let all = whole(publisher.news(&now, ENGLISH, None, Asking::Next)).0;
            (left(step[0].clone()), left(all))
        };
        let (first, start) = (both(), Instant::now());
        let is_less = |then: (Option<u64>, Option<u64>)| then.0 < first.0 && then.1 < first.1;
        while !is_less(both()) {
            assert!(start.elapsed() < Duration::from_secs(5), "{first:?}");
        }
    }

    #[test]
    fn the_next_step_waits_unless_it_is_urgent() {
        let publisher = told(&[drawn(1, &tile(1)), drawn(2, &tile(2))]);
        let now = drawn(3, &tile(3));
        // Whoever is up to date with the last step waits for the next, which may be due by now on a slow machine.
        match publisher.news(&now, ENGLISH, Some(2), Asking::Next) {
            News::Later(at) => assert!(at <= Instant::now() + GAP),
            due => assert_eq!(step(due).1, 3),
        }
        assert_eq!(
            step(publisher.news(&now, ENGLISH, Some(2), Asking::AfterAction)).1,
            3
        );
    }

    #[test]
    fn metadata_comes_before_the_patch_and_in_each_language() {
        let now = faulty(2, &tile(2));
        let publisher = told(&[drawn(1, &tile(1)), now.clone()]);
        let titles = [ENGLISH, german()].map(|audience| {
            let frames = step(publisher.news(&now, audience, Some(1), Asking::Next)).0;
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
        let states = [drawn(1, &tile(1)), drawn(2, &tile(2))];
        let publisher = told(&states);
        publisher.keep_only(&states);
        step(publisher.news(&states[1], ENGLISH, Some(1), Asking::Next));
        publisher.keep_only(&[]);
        whole(publisher.news(&states[1], ENGLISH, Some(1), Asking::Next));
    }
}
