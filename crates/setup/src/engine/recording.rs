//! What a script did to files: they are recorded before it runs, and compared when it has ended, however it has.
//!
//! Secrets are in the memory only as long as their transaction isn't over, so it is said here, and kept, which differences may be
//! shown later: those of files that everybody may read, and in which no secret was found, neither now nor in an earlier run. A file
//! whose name has a secret in it isn't written down at all.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use contara_store::{SetupChangeRow, Store};
use contara_system::file_record::{
    Change, Digest, Facts, FileRecordError, FileRecorder, Kind, Record, compare,
};
use serde::{Deserialize, Serialize};

use super::program::Stage;
use super::records::{row_id, word};
use super::{Engine, SetupError};
use crate::file_diff::LONGEST;
use crate::output::Secrets;
use contara_i18n::{Explained, Message, message, with_causes};

/// Why the difference of a file isn't shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Hidden {
    /// Not everybody may read it.
    Private,
    /// It has one of the run's secrets in it.
    Secret,
    /// The daemon ended before it could be looked for secrets.
    Unsearched,
    /// It is too large, or was gone when it was looked at.
    Unread,
}

/// What was recorded for a run.
pub(super) struct Recording {
    run: i64,
    record: Record,
}

/// What may be looked for.
enum Known {
    /// And paths of files that had one in them, which is forgotten, or may have had.
    Secrets(Secrets, BTreeSet<Vec<u8>>),
    /// The daemon ended meanwhile.
    Nothing,
}

/// What is to be kept of a comparison.
struct Compared {
    rows: Vec<SetupChangeRow>,
    after: Record,
    /// Files whose name has a secret in it.
    unnamed: usize,
}

impl Engine {
    /// Before a script runs. What can't be recorded can't be undone, but runs.
    pub(super) async fn record_files(
        &self,
        stage: &Stage,
        slug: &str,
    ) -> Result<Option<Recording>, SetupError> {
        let (id, module) = (row_id(stage.id), slug.to_owned());
        let open = move |store: &Store| store.open_setup_run(id, &module);
        let Some(run) = self.store.run(open).await? else {
            return Ok(None);
        };
        let catalog = self.catalog();
        let globs = catalog
            .setup(slug)
            .map(|(_, manifest)| manifest.files.clone());
        let recorder = self.settings.files.clone();
        let record = blocking(move || recorder.record(run, &globs.unwrap_or_default())).await;
        match record {
            Ok(record) => Ok(Some(Recording { run, record })),
            Err(error) => {
                let text = message!(
                    "What the script changes in files can't be recorded, so it can't be undone: {reason}",
                    reason = error.explanation()
                );
                stage.log.note(Some(slug), text).await?;
                Ok(None)
            }
        }
    }

    /// When it has ended.
    pub(super) async fn compare_files(
        &self,
        stage: &Stage,
        slug: &str,
        recording: Option<Recording>,
    ) -> Result<(), SetupError> {
        let Some(recording) = recording else {
            return Ok(());
        };
        let hidden = [Hidden::Secret, Hidden::Unsearched].map(|hidden| word(&hidden));
        let paths =
            move |store: &Store| store.hidden_setup_paths(hidden.each_ref().map(String::as_str));
        let known = Known::Secrets(stage.secrets.clone(), self.store.run(paths).await?);
        match self.compared(recording, known).await? {
            Ok(0) => Ok(()),
            Ok(unnamed) => {
                let text = unlisted(unnamed);
                Ok(stage.log.note(Some(slug), text).await?)
            }
            Err(error) => {
                let text = message!(
                    "What the script changed in files can't be found out, so it can't be undone: {reason}",
                    reason = error.explanation()
                );
                Ok(stage.log.note(Some(slug), text).await?)
            }
        }
    }

    /// At the start of the daemon, for the run that was under way when it ended.
    pub(super) async fn settle_recordings(&self) -> Result<(), SetupError> {
        let recorder = self.settings.files.clone();
        for run in recorder.pending() {
            let read = move |store: &Store| store.setup_recorded_run(run);
            let row = self.store.run(read).await?;
            let recorder = recorder.clone();
            let settled = match row {
                Some(row) if !row.is_compared => match recorder.recorded(run) {
                    Ok(record) => {
                        let recording = Recording { run, record };
                        self.compared(recording, Known::Nothing).await?.map(drop)
                    }
                    Err(error) => Err(error),
                },
                _ => Ok(()),
            };
            if let Err(error) = settled.and_then(|()| recorder.settle(run, None, BTreeSet::new())) {
                tracing::warn!(
                    run,
                    "it can't be found out what a script changed: {}",
                    with_causes(&error)
                );
            }
        }
        Ok(())
    }

    /// Finds out what was changed, and keeps it; how many files aren't listed.
    async fn compared(
        &self,
        recording: Recording,
        known: Known,
    ) -> Result<Result<usize, FileRecordError>, SetupError> {
        let Recording { run, record } = recording;
        let recorder = self.settings.files.clone();
        let compared = blocking(move || look(&recorder, &record, &known)).await;
        let Compared {
            rows,
            after,
            unnamed,
        } = match compared {
            Ok(compared) => compared,
            Err(error) => return Ok(Err(error)),
        };
        let keep = move |store: &Store| store.keep_setup_changes(run, &rows);
        self.store.run(keep).await?;
        let used = self.store.run(Store::setup_contents).await?;
        let used = used
            .iter()
            .filter_map(|digest| Digest::parse(digest))
            .collect();
        let recorder = self.settings.files.clone();
        let settled = blocking(move || recorder.settle(run, Some(&after), used)).await;
        Ok(settled.map(|()| unnamed))
    }
}

/// Said of files whose names may not be told.
fn unlisted(count: usize) -> Message {
    match count {
        1 => message!(
            "1 of the files that the script changed has a secret in its name, so it isn't listed and can't be undone."
        ),
        count => message!(
            "{count} of the files that the script changed have a secret in their names, so they aren't listed and can't be undone.",
            count = count
        ),
    }
}

/// What takes long without waiting for anything else.
pub(super) async fn blocking<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(call).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        // The runtime ends, and whoever waits ends with it.
        Err(_) => std::future::pending().await,
    }
}

fn look(
    recorder: &FileRecorder,
    before: &Record,
    known: &Known,
) -> Result<Compared, FileRecordError> {
    let mut after = recorder.again(before)?;
    let mut changes = compare(before, &after);
    let count = changes.len();
    if let Known::Secrets(secrets, _) = known {
        changes.retain(|change| {
            let mut facts = [&change.before, &change.after].into_iter().flatten();
            !facts.any(|facts| is_told(secrets, &change.path, facts))
        });
        after.retain(|path, facts| !is_told(secrets, path, facts));
    }
    let unnamed = count - changes.len();
    let (mut rows, mut kept) = (Vec::new(), Vec::new());
    for change in changes {
        let shown = match has_content(&change) {
            true => shown(recorder, [before, &after], &change, known),
            false => Ok(None),
        };
        let hidden = shown.as_ref().err().map(word);
        let after_content = shown.unwrap_or_default();
        rows.push(row(change, after_content.as_deref(), hidden));
        kept.extend(after_content);
    }
    recorder.keep(&kept)?;
    Ok(Compared {
        rows,
        after,
        unnamed,
    })
}

/// Whether a secret is in what would be written down of a file.
fn is_told(secrets: &Secrets, path: &Path, facts: &Facts) -> bool {
    let mut values = facts.attribute_values();
    secrets.are_in(path.as_os_str().as_bytes()) || values.any(|value| secrets.are_in(value))
}

fn has_content(change: &Change) -> bool {
    let mut facts = [&change.before, &change.after].into_iter().flatten();
    facts.any(|facts| facts.kind != Kind::Folder)
}

/// What is to be kept of a change so that it can be shown: the content of a file that is there; or why it can't be.
fn shown(
    recorder: &FileRecorder,
    records: [&Record; 2],
    change: &Change,
    known: &Known,
) -> Result<Option<Vec<u8>>, Hidden> {
    let Known::Secrets(secrets, paths) = known else {
        return Err(Hidden::Unsearched);
    };
    if !records.iter().all(|record| is_public(record, &change.path)) {
        return Err(Hidden::Private);
    }
    let before = content(&change.before, |facts| {
        recorder.content(facts.digest()?).ok()
    })?;
    let after = content(&change.after, |facts| recorder.look(&change.path, facts))?;
    let has_secret =
        |bytes: &Option<Vec<u8>>| bytes.as_ref().is_some_and(|bytes| secrets.are_in(bytes));
    let had_secret = paths.contains(change.path.as_os_str().as_bytes());
    match had_secret || has_secret(&before) || has_secret(&after) {
        true => Err(Hidden::Secret),
        false => Ok(after),
    }
}

fn content(
    facts: &Option<Facts>,
    read: impl Fn(&Facts) -> Option<Vec<u8>>,
) -> Result<Option<Vec<u8>>, Hidden> {
    match facts {
        Some(facts) if facts.kind == Kind::Folder => Ok(None),
        Some(facts) if facts.size <= LONGEST => read(facts).map(Some).ok_or(Hidden::Unread),
        Some(_) => Err(Hidden::Unread),
        None => Ok(None),
    }
}

/// Whether everybody may read it, as far as it was recorded.
fn is_public(record: &Record, path: &Path) -> bool {
    let facts = |path| record.facts(path);
    let is_readable = facts(path).is_none_or(|facts| match facts.kind {
        Kind::File => facts.mode & 0o004 != 0,
        Kind::Link | Kind::Folder => true,
    });
    let mut way = path.ancestors().skip(1).filter_map(facts);
    is_readable && way.all(|facts| facts.mode & 0o001 != 0)
}

fn row(change: Change, after: Option<&[u8]>, hidden: Option<String>) -> SetupChangeRow {
    let digest = change.before.as_ref().and_then(|facts| facts.digest());
    SetupChangeRow {
        id: 0,
        slug: String::new(),
        path: change.path.as_os_str().as_bytes().to_vec(),
        before_content: digest.map(|digest| digest.as_str().to_owned()),
        after_content: after.map(|bytes| Digest::of(bytes).as_str().to_owned()),
        before: change.before.map(|facts| facts.to_bytes()),
        after: change.after.map(|facts| facts.to_bytes()),
        hidden,
    }
}
