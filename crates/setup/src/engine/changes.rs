//! What a transaction's scripts did to files, as people see it: what several runs did to one file is one change.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

use contara_store::{SetupChangeRow, Store};
use contara_system::file_record::{Change, Content, Digest, Facts, FileRecordError, Kind};
use jiff::Timestamp;

use super::recording::{Hidden, blocking};
use super::records::{read, row_id};
use super::{Engine, SetupError};
use crate::file_diff::{self, Unified};
use crate::transaction::TransactionId;
use crate::transaction::machine::Machine;
use contara_i18n::Message;
use contara_i18n::message;

/// All that a transaction's scripts did to files.
#[derive(Debug, Clone, PartialEq)]
pub struct FileChanges {
    /// By path: a folder comes before what is in it.
    pub files: Vec<FileChange>,
    /// The modules of which it isn't known what their scripts did.
    pub unknown: Vec<String>,
    /// Why it can't be undone now, if so.
    pub refusal: Option<Message>,
    /// When somebody last began to undo it.
    pub undo_began: Option<Timestamp>,
    /// When it was undone, and by whom.
    pub undone: Option<(Timestamp, String)>,
    /// Packages and services that an undo leaves as they are.
    pub leaves: (Vec<String>, Vec<String>),
}

/// What was done to one file, link or folder.
#[derive(Debug, Clone, PartialEq)]
pub struct FileChange {
    /// Names it within its transaction.
    pub number: u64,
    /// Where.
    pub path: PathBuf,
    /// The modules whose scripts did it.
    pub modules: Vec<String>,
    /// As it was; `None` if it wasn't there.
    pub before: Option<Facts>,
    /// As it became; `None` if it wasn't there any more.
    pub after: Option<Facts>,
    /// Why it can't be put back, if so.
    pub lost: Option<Message>,
    hidden: Option<String>,
    contents: [Option<String>; 2],
}

/// A difference as text, or why there is none to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileDiff {
    /// Unified, and whether its end is left away.
    Text(String, bool),
    /// In a sentence.
    NotShown(Message),
}

impl FileChange {
    /// For what is done to files.
    pub(super) fn change(&self) -> Change {
        Change {
            path: self.path.clone(),
            before: self.before.clone(),
            after: self.after.clone(),
        }
    }

    /// Whether there is a difference to be seen in what is in it.
    #[must_use]
    pub fn has_diff(&self) -> bool {
        self.not_shown().is_none()
    }

    fn not_shown(&self) -> Option<Message> {
        let facts = || [&self.before, &self.after].into_iter().flatten();
        if facts().all(|facts| facts.kind == Kind::Folder) {
            return Some(message!("It is a folder."));
        }
        if let (Some(before), Some(after)) = (&self.before, &self.after)
            && before.has_same_content(after)
        {
            return Some(message!("What is in it hasn't changed."));
        }
        let hidden = self.hidden.as_deref()?;
        Some(match read::<Hidden>(hidden) {
            Some(Hidden::Private) => {
                message!("Not shown: not everybody on the machine may read this file.")
            }
            Some(Hidden::Secret) => {
                message!("Not shown: a password that was answered is in it, or was.")
            }
            Some(Hidden::Unsearched) => message!(
                "Not shown: Contara ended during the run, so nobody looked for passwords in it."
            ),
            Some(Hidden::Unread) | None => {
                message!("Not shown: the file is too large, or couldn't be read.")
            }
        })
    }
}

impl Engine {
    /// All of it, and whether it can be undone.
    pub(super) async fn file_changes(&self, id: TransactionId) -> Result<FileChanges, SetupError> {
        let transaction = self.transaction(id).await?;
        let recorded = self.recorded(id).await?;
        let files = self.changed_files(id).await?;
        let undo = self.undo_row(id).await?;
        let unknown = recorded
            .iter()
            .filter(|run| !run.is_compared && has_script(&transaction, &run.slug));
        let is_over = !Machine::from_shown(transaction.clone()).is_unfinished();
        let unknown = unknown.filter(|_| is_over);
        let mut unknown: Vec<_> = unknown.map(|run| run.slug.clone()).collect();
        unknown.dedup();
        Ok(FileChanges {
            unknown,
            refusal: self.undo_refusal(&transaction, &files).await?,
            undo_began: undo.began.map(super::records::time),
            undone: undo
                .undone
                .map(|at| (super::records::time(at), undo.by.unwrap_or_default())),
            leaves: self.left_by_undo(&transaction).await,
            files,
        })
    }

    /// The difference of one file.
    pub(super) async fn file_diff(
        &self,
        id: TransactionId,
        number: u64,
    ) -> Result<FileDiff, SetupError> {
        self.transaction(id).await?;
        let files = self.changed_files(id).await?;
        let file = files.into_iter().find(|file| file.number == number);
        let file = file.ok_or(SetupError::NoChange(id, number))?;
        if let Some(reason) = file.not_shown() {
            return Ok(FileDiff::NotShown(reason));
        }
        let recorder = self.settings.files.clone();
        let diff = blocking(move || {
            let content = |digest: &Option<String>| match digest.as_deref().and_then(Digest::parse)
            {
                Some(digest) => recorder.content(&digest),
                None => Ok(Vec::new()),
            };
            let [before, after] = &file.contents;
            Ok::<_, FileRecordError>(file_diff::unified(&content(before)?, &content(after)?))
        });
        Ok(match diff.await? {
            Unified::Whole(text) => FileDiff::Text(text, false),
            Unified::Cut(text) => FileDiff::Text(text, true),
            Unified::Binary => FileDiff::NotShown(message!("Not shown: it is no text.")),
        })
    }

    /// By path, those that differ between the first run and the last one.
    pub(super) async fn changed_files(
        &self,
        id: TransactionId,
    ) -> Result<Vec<FileChange>, SetupError> {
        let read = move |store: &Store| store.setup_changes(row_id(id));
        let mut files: BTreeMap<PathBuf, FileChange> = BTreeMap::new();
        for row in self.store.run(read).await? {
            let next = file_change(row);
            match files.get_mut(&next.path) {
                Some(file) => follow(file, next),
                None => drop(files.insert(next.path.clone(), next)),
            }
        }
        let differs = |file: &FileChange| match (&file.before, &file.after) {
            (Some(before), Some(after)) => !before.is_same(after),
            (before, after) => before.is_some() || after.is_some(),
        };
        Ok(files.into_values().filter(differs).collect())
    }
}

fn has_script(transaction: &crate::transaction::Transaction, slug: &str) -> bool {
    let mut modules = transaction.modules.iter();
    modules.any(|module| {
        module.slug == slug && module.state != crate::transaction::StepState::Disabled
    })
}

fn file_change(row: SetupChangeRow) -> FileChange {
    let facts = |bytes: Option<Vec<u8>>| bytes.as_deref().and_then(Facts::from_bytes);
    let before = facts(row.before);
    let after = facts(row.after);
    FileChange {
        number: row.id.cast_unsigned(),
        path: OsString::from_vec(row.path).into(),
        modules: vec![row.slug],
        lost: lost(before.as_ref(), after.as_ref()),
        before,
        after,
        hidden: row.hidden,
        contents: [row.before_content, row.after_content],
    }
}

/// What another run did to it later.
fn follow(file: &mut FileChange, next: FileChange) {
    file.number = next.number;
    file.after = next.after;
    file.lost = lost(file.before.as_ref(), file.after.as_ref());
    file.hidden = file.hidden.take().or(next.hidden);
    file.contents[1] = next.contents[1].clone();
    if !file.modules.contains(&next.modules[0]) {
        file.modules.extend(next.modules);
    }
}

fn lost(before: Option<&Facts>, after: Option<&Facts>) -> Option<Message> {
    let before = before?;
    if after.is_some_and(|after| before.has_same_content(after)) {
        return None;
    }
    match before.content {
        Content::TooLarge => Some(message!(
            "It was too large to be kept, so it can't be put back."
        )),
        Content::Unreadable => Some(message!(
            "It couldn't be read before the run, so it can't be put back."
        )),
        Content::Folder | Content::Known(_) => None,
    }
}
